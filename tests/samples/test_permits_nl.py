"""What is in permits_nl.xes.gz is what its truth says, read with an XML parser alone."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

NS = "{http://www.xes-standard.org/}"
ENDS = ("complete", "withdraw", "ate_abort")
Truth = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One event of the log, with its time as written."""

    case: str
    activity: str
    instance: str
    transition: str
    stamp: str
    resource: str
    unit: str

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.stamp)


@pytest.fixture(scope="module")
def truth(truth_of: Callable[[str], Truth]) -> Truth:
    return truth_of("permits_nl")


@pytest.fixture(scope="module")
def content(folder: Path, truth: Truth) -> bytes:
    return (folder / truth["file"]).read_bytes()


@pytest.fixture(scope="module")
def traces(content: bytes) -> list[ElementTree.Element]:
    return ElementTree.fromstring(gzip.decompress(content)).findall(f"{NS}trace")


def values(element: ElementTree.Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element if child.get("key")}


@pytest.fixture(scope="module")
def events(traces: list[ElementTree.Element]) -> list[Event]:
    return [
        Event(
            values(trace)["concept:name"], e["concept:name"], e["concept:instance"],
            e["lifecycle:transition"], e["time:timestamp"], e["org:resource"], e["org:group"],
        )
        for trace in traces
        for e in map(values, trace.findall(f"{NS}event"))
    ]  # fmt: skip


@pytest.fixture(scope="module")
def steps(events: list[Event]) -> dict[str, list[Event]]:
    """The events of each activity instance, in the order of the file."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.instance, []).append(event)
    return found


def ended(step: list[Event]) -> datetime | None:
    return step[-1].at if step[-1].transition in ENDS else None


def after_the_paper(at: datetime) -> bool:
    """Tell whether a local time is one in which the paper of Friday, 14:00, is worked at."""
    friday = at.weekday() == 4 and at.hour >= 14
    return friday or (at.weekday() == 0 and at.hour < 12)


def suspended(step: list[Event]) -> int:
    """Seconds from every suspend to the event after it."""
    pairs = [(a, b) for a, b in pairwise(step) if a.transition == "suspend"]
    return round(sum((b.at - a.at).total_seconds() for a, b in pairs))


def test_the_gzip_header_holds_no_name_and_no_time(content: bytes) -> None:
    assert content[:2] == b"\x1f\x8b"
    assert content[3:8] == b"\x00" * 5


def test_the_cases_and_events_are_those_of_the_truth(
    traces: list[ElementTree.Element], events: list[Event], truth: Truth
) -> None:
    assert len(traces) == truth["cases"] == len({event.case for event in events})
    assert len(events) == truth["events"]
    assert Counter(event.transition for event in events) == truth["transitions"]
    assert Counter(values(trace)["zaaktype"] for trace in traces) == truth["kinds"]
    assert len({event.resource for event in events}) == truth["resources"]
    closing = set(truth["binding"]["closed"])
    closed = {e.case for e in events if e.activity in closing and e.transition == "complete"}
    assert len(closed) == truth["closed_cases"]
    assert len(traces) - len(closed) == truth["open_cases"]


def test_the_steps_are_those_of_the_truth(steps: dict[str, list[Event]], truth: Truth) -> None:
    assert len(steps) == truth["steps"]
    assert all(step[0].transition == "start" for step in steps.values())
    assert all(len({(e.case, e.activity, e.unit) for e in step}) == 1 for step in steps.values())
    assert Counter(step[0].activity for step in steps.values()) == truth["activities"]
    assert Counter(step[0].unit for step in steps.values()) == truth["units"]
    assert sum(ended(step) is None for step in steps.values()) == truth["open_steps"]
    standing = sum(step[-1].transition == "suspend" for step in steps.values())
    assert standing == truth["steps_suspended_at_the_end"] > 0


def test_the_offsets_are_those_of_the_zone(events: list[Event], truth: Truth) -> None:
    zone = ZoneInfo(truth["tz"])
    assert all(event.at.utcoffset() == event.at.astimezone(zone).utcoffset() for event in events)
    assert Counter(event.stamp[-6:] for event in events) == truth["offsets"]
    assert set(truth["offsets"]) == {"+01:00", "+02:00"}


def test_events_stand_in_order_within_a_case(events: list[Event], truth: Truth) -> None:
    pairs = [(a, b) for a, b in pairwise(events) if a.case == b.case]
    assert all(a.at <= b.at for a, b in pairs)
    as_of = datetime.fromisoformat(truth["as_of"]).replace(tzinfo=ZoneInfo(truth["tz"]))
    assert max(event.at for event in events) <= as_of


def test_the_suspended_time_of_every_step_is_that_of_the_truth(
    steps: dict[str, list[Event]], truth: Truth
) -> None:
    found = {key: seconds for key, step in steps.items() if (seconds := suspended(step))}
    planted = truth["suspended"]
    assert found == planted["seconds_per_step"]
    assert (len(found), sum(found.values())) == (planted["steps"], planted["seconds"])
    per_activity: Counter[str] = Counter()
    for key, seconds in found.items():
        per_activity[steps[key][0].activity] += seconds
    assert per_activity == planted["seconds_of"]
    twice = [k for k in found if sum(e.transition == "suspend" for e in steps[k]) > 1]
    assert len(twice) == planted["steps_halted_twice"] > 0


def test_some_suspensions_last_over_a_clock_change(
    steps: dict[str, list[Event]], truth: Truth
) -> None:
    changed = [
        step
        for step in steps.values()
        if any(
            a.stamp[-6:] != b.stamp[-6:]
            for a, b in pairwise(step)
            if (a.transition, b.transition) == ("suspend", "resume")
        )
    ]
    assert len(changed) == truth["suspended"]["over_clock_change"] > 0


def test_two_cases_are_broken_off_one_of_them_while_it_stands_still(
    steps: dict[str, list[Event]], truth: Truth
) -> None:
    found = {
        step[-1].transition: {"case": step[-1].case, "instance": key}
        for key, step in steps.items()
        if step[-1].transition in ("withdraw", "ate_abort")
    }
    assert found == truth["broken_off"]
    withdrawn = steps[truth["broken_off"]["withdraw"]["instance"]]
    assert [event.transition for event in withdrawn] == ["start", "suspend", "withdraw"]


def test_advice_runs_twice_at_once_and_only_the_instance_tells_which_is_which(
    steps: dict[str, list[Event]], truth: Truth
) -> None:
    advice: dict[str, list[list[Event]]] = {}
    for step in steps.values():
        if step[0].activity == "Advies inwinnen":
            advice.setdefault(step[0].case, []).append(step)
    late = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
    at_once = [
        (one, other)
        for one, other in (pair for pair in advice.values() if len(pair) == 2)
        if (ended(one) or late) > other[0].at
    ]
    crossed = [p for p in at_once if (ended(p[1]) or late) < (ended(p[0]) or late)]
    assert len(at_once) == truth["two_advices_at_once"]
    assert len(crossed) == truth["second_advice_ends_first"] > 0


def test_the_waits_for_the_paper_of_friday_are_those_of_the_truth(
    steps: dict[str, list[Event]], truth: Truth, waits: Callable[[Iterable[float]], Any]
) -> None:
    planted = truth["waiting"]
    paper = planted["paper_of_friday_at_14"]
    signed = {s[0].case: ended(s) for s in steps.values() if s[0].activity == paper["source"]}
    begun = {s[0].case: s[0].at for s in steps.values() if s[0].activity == paper["activity"]}
    days = {case: (at - signed[case]).total_seconds() / 86_400 for case, at in begun.items()}
    assert planted["publication_of_all"] == waits(days.values())
    # who was held has waited for the Friday, 14:00, and began in the hours of work after it
    zone = ZoneInfo(truth["tz"])
    late = [case for case, at in begun.items() if after_the_paper(at.astimezone(zone))]
    waited = [days[case] for case in late if days[case] > 0.2]
    assert len(waited) == pytest.approx(paper["to_the_publication"]["waits"], rel=0.1)
    assert sum(waited) == pytest.approx(paper["to_the_publication"]["days"], rel=0.05)
    assert paper["to_the_publication"]["days"] - paper["to_the_paper"]["days"] > 0


def test_processing_and_cycle_times_are_those_of_the_truth(
    events: list[Event],
    steps: dict[str, list[Event]],
    truth: Truth,
    spread: Callable[[Iterable[float]], Any],
) -> None:
    worked: dict[str, list[float]] = {}
    closing = set(truth["binding"]["closed"])
    closed: dict[str, datetime] = {}
    for step in steps.values():
        end = ended(step)
        if end is not None:
            days = ((end - step[0].at).total_seconds() - suspended(step)) / 86_400
            worked.setdefault(step[0].activity, []).append(days)
            if step[0].activity in closing:
                closed[step[0].case] = end
    found = {activity: spread(days) for activity, days in worked.items()}
    assert truth["processing_days_without_suspended"] == found
    first: dict[str, datetime] = {}
    for event in events:
        first.setdefault(event.case, event.at)
    assert truth["days_elapsed"] == spread(
        (end - first[case]).total_seconds() / 86_400 for case, end in closed.items()
    )


def test_the_examples_are_in_the_log(steps: dict[str, list[Event]], truth: Truth) -> None:
    for example in truth["examples"]:
        own = {key: step for key, step in steps.items() if step[0].case == example["case"]}
        found = [
            {
                "activity": step[0].activity,
                "instance": key,
                "start": step[0].stamp,
                "end": step[-1].stamp if ended(step) else None,
                "suspended_seconds": suspended(step),
            }
            for key, step in own.items()
        ]
        assert sorted(found, key=lambda s: s["start"]) == example["steps"]
