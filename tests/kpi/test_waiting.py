"""Waiting and its causes: the naive oracle on drawn logs, laws, and the hand-made logs with known answers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import procmine as pm
from procmine.enabled import enabled_steps
from procmine.errors import DataQualityWarning
from procmine.kernels import NAT
from procmine.kpi.waiting.batches import KINDS
from procmine.kpi.waiting.split import Split, split
from tests.bound import FEWER, micros, texts
from tests.kpi import oracle_waiting as naive
from tests.kpi.oracle_waiting import CAUSES, Waited
from tests.kpi.waiting_examples import (
    MARCUS,
    USUAL,
    Handoff,
    at,
    both_orders,
    committee,
    committee_besides,
    expected_handoffs,
    handoff_steps,
    looping,
    one_other_way,
    weekly,
)
from tests.kpi.waiting_logs import (
    World,
    bound_world,
    calendars_of,
    differ_within_a_case,
    meetings,
    naive_log,
    naive_split,
    procedure_of,
    queues,
    stamps,
    worlds,
)
from tests.oracle import DAY, HOUR, Step

INTERVALS = worlds(starts=("always",), ends=("always",))
ANY = st.one_of(worlds(), INTERVALS, queues(), stamps())


def asked(world: World) -> dict[str, Any]:
    """The options of a world, as waiting_causes takes them."""
    gap = pd.Timedelta(world.options.get("batch_gap", 0), unit="us")
    known = {"calendar": calendars_of(world), "procedure": procedure_of(world)}
    return {**world.options, **world.enabling, **known, "batch_gap": gap}


def quietly(function: Callable[..., Any], *given: Any, **options: Any) -> Any:
    """Without the warnings about what is not computable, which have their own tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        return function(*given, **options)


def split_of(world: World) -> Split:
    return quietly(split, bound_world(world), **asked(world))


def rows_of(found: Split) -> list[int]:
    """The place in the source of every step; the rows of an export count from 1."""
    return [int(row) - 1 for row in found.log.row]


def by_row(table: pd.DataFrame, column: str) -> dict[int, int | None]:
    return dict(zip(table["row"] - 1, micros(table[column]), strict=True))


def whole(values: Any) -> list[int | None]:
    return [None if value == NAT else int(value) for value in values]


def parts_of(found: Split) -> dict[int, dict[str, int | None]]:
    """Wait and causes of every step, by place in the source."""
    columns = {"wait": found.wait, **found.parts}
    values = zip(*[whole(column) for column in columns.values()], strict=True)
    return {
        row: dict(zip(columns, each, strict=True))
        for row, each in zip(rows_of(found), values, strict=True)
    }


def batches_of(found: Split) -> set[tuple[str, frozenset[int]]]:
    """Kind and members of every batch."""
    members: dict[tuple[str, int], set[int]] = {}
    numbered = zip(rows_of(found), found.batches.kind, found.batches.number, strict=True)
    for row, kind, number in numbered:
        assert (kind < 0) == (number < 0)
        if number >= 0:
            members.setdefault((KINDS[kind], int(number)), set()).add(row)
    return {(kind, frozenset(rows)) for (kind, _), rows in members.items()}


# --- against the oracle ---------------------------------------------------------------------------


@given(ANY | meetings())
def test_enabled_times_and_estimated_starts_are_those_of_the_oracle(world: World):
    log = bound_world(world)
    found = pm.steps(log, **world.enabling)
    known = naive_log(world, log.precision)
    enabled = naive.enabled_steps(
        known, order=world.options["order"], arrival=world.arrival, recorded=world.recorded
    )
    assert by_row(found, "enabled") == {row: one.at for row, one in enabled.items()}
    if world.options["starts"]:
        known = naive.with_estimated_starts(known, enabled)
    assert by_row(found, "start") == {step.row: step.start for step in known.steps}
    basis = {step.row: known.basis(step) for step in known.steps}
    assert dict(zip(found["row"] - 1, found["basis"], strict=True)) == basis


@given(ANY | meetings())
def test_the_enablers_are_those_of_the_oracle(world: World):
    log = bound_world(world)
    given = {name: option for name, option in world.enabling.items() if name != "starts"}
    found = enabled_steps(log, **given)
    expected = naive.enabled_steps(
        naive_log(world, log.precision),
        order=world.options["order"],
        arrival=world.arrival,
        recorded=world.recorded,
    )
    assert whole(found.at) == [expected[row - 1].at for row in log.row]
    enablers = [None if by < 0 else int(log.row[by]) - 1 for by in found.by]
    assert enablers == [expected[row - 1].by for row in log.row]


def compare(world: World) -> None:
    """Split the waits of a world, and compare causes and batches with the oracle."""
    log = bound_world(world)
    found = quietly(split, log, **asked(world))
    expected = naive_split(world, log.precision)
    assert parts_of(found) == {row: {"wait": w.wait, **w.parts} for row, w in expected.items()}
    batches = [waited.batch for waited in expected.values() if waited.batch is not None]
    assert batches_of(found) == {(batch.kind, frozenset(batch.rows)) for batch in batches}


@given(worlds())
def test_the_causes_of_any_waits_are_those_of_the_oracle(world: World):
    compare(world)


@given(INTERVALS)
def test_the_causes_of_intervals_are_those_of_the_oracle(world: World):
    compare(world)


@given(queues())
def test_the_causes_in_queues_are_those_of_the_oracle(world: World):
    compare(world)


@given(stamps())
def test_the_causes_of_stamped_work_are_those_of_the_oracle(world: World):
    compare(world)


@given(meetings())
def test_the_causes_of_scheduled_work_are_those_of_the_oracle(world: World):
    compare(world)


EXAMPLES = {
    "both orders": both_orders(),
    "27 to 1 in order": one_other_way(27),
    "28 to 1 in order": one_other_way(28),
    "7 loops": looping(4),
    "9 loops": looping(5),
    "a committee": committee("10:00", resource="board"),
    "a committee at midnight": committee("00:00", resource="board"),
    "half of the weekday at ten": committee_besides(20),
    "less than half of the weekday at ten": committee_besides(21),
    "a tenth at ten": committee_besides(180, day=1),
    "less than a tenth at ten": committee_besides(181, day=1),
    "twice the usual share": weekly(10),
    "less than twice the usual share": weekly(11),
}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("order", ["concurrency", "sequence"])
def test_the_causes_at_the_bounds_of_the_rules_are_those_of_the_oracle(name: str, order: str):
    compare(World(EXAMPLES[name], hours={"*": USUAL}, options={"order": order}))


def test_what_remains_of_equal_shares_is_contention():
    second = at("10:00")
    steps = [
        Step("1", "W", at("12:00"), at("13:00"), "ana", None, 0),
        Step("2", "X", second, second + 1, "ana", None, 1),
        Step("3", "Y", second, second + 1, "ana", None, 2),
        Step("3", "Z", at("14:00"), at("14:30"), "dan", None, 3),
    ]
    ready = {0: at("09:00"), 1: at("08:00"), 2: at("09:30")}
    world = World(steps, hours={"*": USUAL}, recorded=ready)
    compare(world)
    found = parts_of(split_of(world))[0]
    assert (found["contention"], found["prioritisation"]) == (1, 0)


@given(ANY)
def test_the_table_has_a_row_for_every_step_that_waited(world: World):
    log = bound_world(world)
    table = quietly(pm.waiting_causes, log, **asked(world))
    expected = naive_split(world, log.precision)
    waited = {row: each for row, each in expected.items() if each.wait}
    assert by_row(table, "waiting_time") == {row: each.wait for row, each in waited.items()}
    for cause in CAUSES:
        assert by_row(table, cause) == {row: each.parts[cause] for row, each in waited.items()}
    assert by_row(table, "enabled") == {row: each.enabled.at for row, each in waited.items()}
    until = {row: each.enabled.at + each.wait for row, each in waited.items()}
    assert by_row(table, "until") == until
    named = texts(table["source"])
    assert dict(zip(table["row"] - 1, named, strict=True)) == {
        row: source(each, expected) for row, each in waited.items()
    }
    largest = {row: main_cause(each) for row, each in waited.items()}
    assert dict(zip(table["row"] - 1, texts(table["main_cause"]), strict=True)) == largest


def source(waited: Waited, all_steps: dict[int, Waited]) -> str | None:
    """The activity of the enabler."""
    return None if waited.enabled.by is None else all_steps[waited.enabled.by].step.activity


def main_cause(waited: Waited) -> str:
    """The cause with the largest part, of equal ones the first in their order."""
    return max(CAUSES, key=lambda cause: waited.parts[cause] or 0)


@FEWER
@given(ANY, st.sampled_from(["activity", None]))
def test_what_each_cause_costs_is_the_sum_of_the_oracle(world: World, by: str | None):
    log = bound_world(world)
    table = quietly(pm.waiting_causes, log, by=[by] if by else [], **asked(world))
    waits = list(naive_split(world, log.precision).values())
    expected = naive.costs(waits, lambda waited: waited.step.activity if by else None)
    keys = texts(table[by]) if by else [None] * len(table)
    found = {}
    for key, row, time, wait in zip(
        keys, table.itertuples(), micros(table["time"]), micros(table["waiting_time"]), strict=True
    ):
        cost = expected[key, row.cause]
        found[key, row.cause] = naive.Cost(time, cost.known, wait, int(row.steps), int(row.cases))
        assert same(row.share, cost.time / cost.known if time is not None and cost.known else None)
        assert same(row.known_share, cost.known / wait if wait else None)
    assert found == expected


@FEWER
@given(INTERVALS | queues())
def test_the_efficiency_is_processing_over_processing_and_waiting(world: World):
    log = bound_world(world)
    table = quietly(pm.waiting_causes, log, by="activity", **asked(world))
    waits = list(naive_split(world, log.precision).values())
    stood_still = dict.fromkeys(world.suspended, 1)
    whole_log = naive.efficiency(waits, stood_still)
    for _, row in table.iterrows():
        assert same(row["efficiency"], whole_log)
        if pd.notna(row["time"]):
            without = naive.efficiency(waits, stood_still, saving(row["activity"], row["cause"]))
            assert same(row["efficiency_without"], without)


def saving(activity: str, cause: str) -> Any:
    """What each wait of an activity would save without a cause."""
    return lambda waited: waited.parts[cause] if waited.step.activity == activity else 0


def same(found: float, expected: Any) -> bool:
    """Equal, or missing where it cannot be computed."""
    return pd.isna(found) if expected is None else found == pytest.approx(float(expected))


# --- known answers --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("order", ["sequence", "concurrency"])
def test_the_hand_made_logs_of_hand_offs_are_split_to_the_second_as_told(
    logs: Path, number: int, order: str
):
    folder = logs / "waiting"
    world = World(
        handoff_steps(folder / f"handoff_manual_log_{number}.csv"),
        hours={"Marcus": MARCUS, "*": USUAL},
    )
    table = pm.waiting_causes(bound_world(world), calendar=calendars_of(world), order=order)
    found = handoffs(table)
    expected = expected_handoffs(folder / f"handoff_manual_log_{number}_expected.csv")
    assert found == {key: parts for key, parts in expected.items() if parts["wait"] > 0}
    assert table["external"].isna().all()  # no procedure says whose time runs


def handoffs(table: pd.DataFrame) -> dict[Handoff, dict[str, int]]:
    """The sums of the waits and causes of equal hand-offs."""
    causes = [cause for cause in CAUSES if cause != "external"]
    keys = zip(
        *[texts(table[c]) for c in ("source", "source_resource", "activity", "resource")],
        strict=True,
    )
    values = zip(*[micros(table[c]) for c in ("waiting_time", *causes)], strict=True)
    found: dict[Handoff, dict[str, int]] = {}
    for key, parts in zip(keys, values, strict=True):
        sums = found.setdefault(key, dict.fromkeys(["wait", *causes], 0))
        for name, part in zip(sums, parts, strict=True):
            sums[name] += part
    return found


# --- laws -----------------------------------------------------------------------------------------


@given(ANY | meetings())
def test_the_parts_that_are_known_sum_to_the_wait_and_none_is_negative(world: World):
    for parts in parts_of(split_of(world)).values():
        known = [parts[cause] for cause in CAUSES if parts[cause] is not None]
        assert all(part >= 0 for part in known)
        assert sum(known) == (parts["wait"] or 0)
        assert (parts["wait"] is None) == (parts["unexplained"] is None)


@FEWER
@given(ANY | meetings(), st.sampled_from(["source", "activity", "unit", "source_unit"]))
def test_the_costs_of_the_keys_sum_to_those_of_the_log(world: World, by: str):
    assume("unit" not in by or any(step.unit is not None for step in world.steps))
    log = bound_world(world)
    keyed = quietly(pm.waiting_causes, log, by=by, **asked(world))
    total = quietly(pm.waiting_causes, log, by=[], **asked(world))
    for cause in CAUSES:
        parts = micros(keyed.loc[keyed["cause"] == cause, "time"])
        (whole_log,) = micros(total.loc[total["cause"] == cause, "time"]) or [None]
        assert sum(part or 0 for part in parts) == (whole_log or 0)


def renamed(world: World) -> World:
    """The same world in other words."""

    def new(name: str | None) -> str | None:
        return None if name is None else f"x {name}" if name != "*" else name

    steps = [
        replace(
            step,
            case=f"x {step.case}",
            activity=f"x {step.activity}",
            resource=new(step.resource),
            unit=new(step.unit),
        )
        for step in world.steps
    ]
    return replace(
        world,
        steps=steps,
        hours=None if world.hours is None else {new(n): hours for n, hours in world.hours.items()},
        then={f"x {activity}": owner for activity, owner in world.then.items()},
        arrival=world.arrival and {f"x {case}": time for case, time in world.arrival.items()},
        activity_order=tuple(f"x {activity}" for activity in world.activity_order),
    )


@FEWER
@given(ANY | meetings())
def test_other_names_change_nothing(world: World):
    found, other = split_of(world), split_of(renamed(world))
    assert parts_of(other) == parts_of(found)
    assert batches_of(other) == batches_of(found)


@FEWER
@given(ANY | meetings(), st.integers(-60, 60))
def test_whole_weeks_later_the_causes_are_the_same(world: World, weeks: int):
    by = weeks * 7 * DAY

    def moved(times: Any) -> Any:
        return times and {key: None if t is None else t + by for key, t in times.items()}

    world = replace(
        world,
        tz="UTC",
        hours={name: replace(hours, tz="UTC") for name, hours in world.hours.items()},
    )
    steps = [
        replace(
            step,
            start=None if step.start is None else step.start + by,
            end=None if step.end is None else step.end + by,
        )
        for step in world.steps
    ]
    later = replace(
        world, steps=steps, arrival=moved(world.arrival), recorded=moved(world.recorded)
    )
    found, other = split_of(world), split_of(later)
    assert parts_of(other) == parts_of(found)
    assert batches_of(other) == batches_of(found)


def without_ties(world: World) -> World:
    """The world with a declared order, and no two steps that only the order of rows could tell apart."""
    seen: set[Any] = set()
    steps = []
    for step in world.steps:
        keys = {
            ("case", step.case, step.activity, step.first, step.last),
            ("work", step.resource, step.activity, step.start, step.end),
            ("end", step.resource, step.end),
        }
        if not keys & seen:
            steps.append(step)
            seen |= keys
    activities = tuple(sorted({step.activity for step in steps}))
    found = reordered(replace(world, activity_order=activities), steps)
    names = {"*"} | {name for step in steps for name in (step.resource, step.unit)}
    known = found.recorded is not None and differ_within_a_case(found.steps, found.recorded)
    return replace(
        found,
        hours={name: hours for name, hours in found.hours.items() if name in names},
        recorded=found.recorded if known else None,
    )


def reordered(world: World, steps: list[Step]) -> World:
    """Some of the steps in another order of rows."""
    row = {step.row: place for place, step in enumerate(steps)}
    recorded = world.recorded
    if recorded is not None:
        recorded = {row[old]: time for old, time in recorded.items() if old in row}
    return replace(
        world,
        steps=[replace(step, row=place) for place, step in enumerate(steps)],
        recorded=recorded,
        suspended=frozenset(row[old] for old in world.suspended if old in row),
    )


@FEWER
@given(st.data())
def test_the_order_of_rows_changes_nothing_where_a_declared_order_breaks_ties(data: st.DataObject):
    world = without_ties(data.draw(ANY | meetings()))
    assume(world.hours)
    steps = data.draw(st.permutations(world.steps))
    other = reordered(world, steps)
    place = {step.row: new for new, step in enumerate(steps)}
    found, again = split_of(world), split_of(other)
    assert parts_of(again) == {place[row]: parts for row, parts in parts_of(found).items()}
    moved = {(kind, frozenset(place[r] for r in rows)) for kind, rows in batches_of(found)}
    assert batches_of(again) == moved


@FEWER
@given(ANY)
def test_persons_that_are_not_shown_change_nothing(world: World):
    names = {step.resource for step in world.steps}
    hours = {name: each for name, each in world.hours.items() if name not in names}
    world = replace(world, hours=hours or None)
    assume(world.hours is not None)
    hidden = quietly(split, bound_world(world, resources="anonymous"), **asked(world))
    assert parts_of(hidden) == parts_of(split_of(world))


@FEWER
@given(INTERVALS | queues())
def test_who_has_no_resource_waits_for_nobody(world: World):
    steps = [replace(step, resource=None) for step in world.steps]
    hours = {"*": next(iter(world.hours.values()))}
    nobody = replace(world, steps=steps, hours=hours)
    for parts in parts_of(split_of(nobody)).values():
        assert parts["contention"] is None
        assert parts["prioritisation"] is None
        assert parts["unexplained"] is not None


# --- edges ----------------------------------------------------------------------------------------


def test_a_wait_that_the_calendar_does_not_cover_has_no_unavailability():
    begin = 20_452 * DAY  # 2025-12-30
    times = [(begin, begin + HOUR), (begin + 2 * HOUR, begin + 3 * HOUR)]
    times += [(begin + 4 * DAY, begin + 5 * DAY)]
    steps = [
        Step("1", name, *pair, "ana", None, row)
        for row, (name, pair) in enumerate(zip("ABC", times, strict=True))
    ]
    calendar = pm.Calendar(tz="UTC", hours={"mon-sun": "00:00-01:00"}, years=(2025, 2025))
    found = quietly(split, bound_world(World(steps)), calendar=calendar)
    assert whole(found.parts["unavailability"]) == [0, HOUR, None]
    assert whole(found.parts["unexplained"]) == [0, 0, 4 * DAY - 3 * HOUR]
