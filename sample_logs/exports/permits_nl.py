"""permits_nl.xes.gz: events with lifecycle transitions, instances and local offsets, as XES."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

from exports.figures import counted, instant, spread, waits
from exports.files import gzip_bytes
from exports.permits import (
    ADVICE,
    CLOSING,
    CUT_OFF,
    DECIDE,
    PUBLISH,
    TZ,
    UNITS,
    Case,
    Event,
    Municipality,
    Step,
)

NAME, SEED = "permits_nl.xes.gz", 4_15_1992
EXTENSIONS = (
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
)


def made() -> tuple[bytes, dict[str, Any]]:
    """Return the log and its truth."""
    cases = Municipality(SEED).cases()
    return gzip_bytes(_xes(cases).encode("utf-8")), _truth(cases)


def _xes(cases: list[Case]) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<log xes.version="1.0" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">',
        *(f'\t<extension name="{n}" prefix="{p}" uri="{uri}"/>' for n, p, uri in EXTENSIONS),
        '\t<global scope="trace">\n\t\t<string key="concept:name" value="?"/>\n\t</global>',
        '\t<global scope="event">',
        '\t\t<string key="concept:name" value="?"/>',
        '\t\t<string key="lifecycle:transition" value="complete"/>',
        '\t\t<date key="time:timestamp" value="1970-01-01T00:00:00.000+01:00"/>\n\t</global>',
        '\t<classifier name="Activiteit" keys="concept:name"/>',
        '\t<string key="concept:name" value="Omgevingsvergunningen Gemeente Weideland"/>',
        '\t<string key="lifecycle:model" value="standard"/>',
    ]
    for case in cases:
        lines.append(f"\t<trace>\n\t\t{_string('concept:name', case.key)}")
        lines.append(f"\t\t{_string('zaaktype', case.kind)}")
        lines += [_event(step, event) for step, event in _in_order(case)]
        lines.append("\t</trace>")
    return "\n".join([*lines, "</log>", ""])


def _in_order(case: Case) -> list[tuple[Step, Event]]:
    pairs = [(step, event) for step in case.steps for event in step.events]
    return sorted(pairs, key=lambda pair: instant(pair[1].at, TZ))


def _event(step: Step, event: Event) -> str:
    attributes = [
        _string("concept:name", step.activity),
        _string("concept:instance", step.instance),
        _string("lifecycle:transition", event.transition),
        f'<date key="time:timestamp" value="{_stamp(event.at)}"/>',
        _string("org:resource", step.staff),
        _string("org:group", UNITS[step.activity]),
    ]
    inner = "".join(f"\t\t\t{attribute}\n" for attribute in attributes)
    return f"\t\t<event>\n{inner}\t\t</event>"


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"


def _stamp(at: datetime) -> str:
    return at.replace(tzinfo=ZoneInfo(TZ)).isoformat(timespec="milliseconds")


def _seconds(step: Step) -> int | None:
    """Return the elapsed seconds from start to end, those suspended among them."""
    if step.ended is None:
        return None
    return round((instant(step.ended, TZ) - instant(step.started, TZ)).total_seconds())


def _truth(cases: list[Case]) -> dict[str, Any]:
    steps = [step for case in cases for step in case.steps]
    events = [event for step in steps for event in step.events]
    halted = [step for step in steps if step.suspended_seconds]
    return {
        "tz": TZ,
        "offsets": counted(_stamp(event.at)[-6:] for event in events),
        "precision": "second",
        "as_of": CUT_OFF.isoformat(sep=" ", timespec="minutes"),
        "shape": "lifecycle events, paired by concept:instance",
        "binding": {
            "case": "case:concept:name",
            "activity": "concept:name",
            "timestamp": "time:timestamp",
            "lifecycle": "lifecycle:transition",
            "instance": "concept:instance",
            "resource": "org:resource",
            "unit": "org:group",
            "closed": list(CLOSING),
        },
        "case_attributes": ["zaaktype"],
        "cases": len(cases),
        "events": len(events),
        "steps": len(steps),
        "open_steps": sum(step.ended is None for step in steps),
        "steps_suspended_at_the_end": sum(s.events[-1].transition == "suspend" for s in steps),
        "transitions": counted(event.transition for event in events),
        "activities": counted(step.activity for step in steps),
        "units": counted(UNITS[step.activity] for step in steps),
        "resources": len({step.staff for step in steps}),
        "kinds": counted(case.kind for case in cases),
        "closed_cases": sum(case.closed for case in cases),
        "open_cases": sum(not case.closed for case in cases),
        "broken_off": {
            step.events[-1].transition: {"case": case.key, "instance": step.instance}
            for case in cases
            for step in case.steps
            if step.events[-1].transition in ("withdraw", "ate_abort")
        },
        "suspended": {
            "steps": len(halted),
            "steps_halted_twice": sum(_halts(step) > 1 for step in halted),
            "seconds": sum(step.suspended_seconds for step in halted),
            "seconds_of": {
                name: sum(step.suspended_seconds for step in halted if step.activity == name)
                for name in sorted({step.activity for step in halted})
            },
            "seconds_per_step": {step.instance: step.suspended_seconds for step in halted},
            "over_clock_change": sum(_over_clock_change(step) for step in halted),
        },
        "waiting": _waiting(cases),
        "two_advices_at_once": sum(_twins(case) is not None for case in cases),
        "second_advice_ends_first": sum(_crossed(case) for case in cases),
        "processing_days_without_suspended": {
            name: spread(
                (seconds - step.suspended_seconds) / 86_400
                for step in steps
                if step.activity == name and (seconds := _seconds(step)) is not None
            )
            for name in sorted({step.activity for step in steps})
        },
        "days_elapsed": spread(_days(case) for case in cases if case.closed),
        "days_are_of": "closed cases, from their first event to the end of their closing step",
        "examples": _examples(cases),
    }


def _waiting(cases: list[Case]) -> dict[str, Any]:
    """Return how long decisions waited for the paper of Friday, and for their publication."""
    published = [case for case in cases if any(s.activity == PUBLISH for s in case.steps)]
    held = [case for case in published if case.held]
    return {
        "counted": "from the end of the signature, where longer than 0",
        "paper_of_friday_at_14": {"cause": "batching", "source": DECIDE, "activity": PUBLISH}
        | {
            "to_the_paper": waits(_days_between(*case.held) for case in held if case.held),
            "to_the_publication": waits(map(_publication_days, held)),
        },
        "publication_of_all": waits(map(_publication_days, published)),
    }


def _publication_days(case: Case) -> float:
    """Return how long the case waited from the signature to its publication."""
    signed = next(step.ended for step in case.steps if step.activity == DECIDE)
    begun = next(step.started for step in case.steps if step.activity == PUBLISH)
    assert signed is not None
    return _days_between(signed, begun)


def _days_between(earlier: datetime, later: datetime) -> float:
    return (instant(later, TZ) - instant(earlier, TZ)).total_seconds() / 86_400


def _halts(step: Step) -> int:
    return sum(event.transition == "suspend" for event in step.events)


def _over_clock_change(step: Step) -> bool:
    """Tell whether the offset is another one at the resume than at the suspend before it."""
    stamps = [
        _stamp(event.at)[-6:] for event in step.events if event.transition in ("suspend", "resume")
    ]
    return any(a != b for a, b in zip(stamps[::2], stamps[1::2], strict=False))


def _twins(case: Case) -> tuple[Step, Step] | None:
    """Return the two requests for advice that run side by side, the earlier first."""
    found = [step for step in case.steps if step.activity == ADVICE]
    if len(found) < 2 or (found[0].ended and found[0].ended <= found[1].started):
        return None
    return found[0], found[1]


def _crossed(case: Case) -> bool:
    twins = _twins(case)
    if twins is None or twins[1].ended is None:
        return False
    return twins[0].ended is None or twins[1].ended < twins[0].ended


def _days(case: Case) -> float:
    ends = [step.ended for step in case.steps if step.activity in CLOSING and step.ended]
    first = min(instant(step.started, TZ) for step in case.steps)
    return (instant(max(ends), TZ) - first).total_seconds() / 86_400


def _examples(cases: list[Case]) -> list[dict[str, Any]]:
    """Return the first case, one with crossed advice, one halted twice, and those broken off."""
    chosen = [
        cases[0],
        next(case for case in cases if _crossed(case)),
        next(case for case in cases if any(_halts(step) > 1 for step in case.steps)),
        *(c for c in cases if any(s.events[-1].transition in ("withdraw", "ate_abort") for s in c.steps)),
    ]  # fmt: skip
    return [
        {
            "case": case.key,
            "closed": case.closed,
            "steps": [
                {"activity": step.activity, "instance": step.instance}
                | {"start": _stamp(step.started), "end": _stamp(step.ended) if step.ended else None}
                | {"suspended_seconds": step.suspended_seconds}
                for step in sorted(case.steps, key=lambda step: instant(step.started, TZ))
            ],
        }
        for case in chosen
    ]
