"""Lifecycle rows become steps as a plain loop over each key would make them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, event, given

import procmine as pm
from procmine.errors import BindingError
from procmine.ingest.lifecycle import TRANSITIONS, pair_rows, transition_kinds
from procmine.kernels import NAT
from tests.oracle import HOUR, LifecycleEvent, PairedStep, Pairing, pair_lifecycle
from tests.strategies import lifecycle_logs, lifecycle_to_frame

COLUMNS: dict[str, Any] = {
    "case": "case",
    "activity": "activity",
    "timestamp": "time",
    "lifecycle": "transition",
    "resource": "resource",
    "instance": "instance",
    "tz": "UTC",
    "resources": "name",
}
Found = tuple[str, str, int | None, int | None, int, str | None, int]


def read(events: list[LifecycleEvent], **options: Any) -> pm.EventLog:
    return pm.read(lifecycle_to_frame(events), **{**COLUMNS, **options})


def found(log: pm.EventLog) -> list[Found]:
    """The steps of a log: case, activity, start, end, suspended, resource and source row."""
    suspended = np.zeros(log.n_steps, np.int64) if log.suspended is None else log.suspended
    start = np.full(log.n_steps, NAT) if log.start is None else log.start
    resource = [None] * log.n_steps
    if log.resource is not None:
        names = [*log.resource.names(), None]
        resource = [names[code] for code in log.resource.codes]
    cases, activities = log.case_labels.to_pylist(), log.activity.names()
    return [
        (cases[c], activities[a], _time(s), _time(e), int(d), who, int(row))
        for c, a, s, e, d, who, row in zip(
            log.case_codes,
            log.activity.codes,
            start,
            log.end,
            suspended,
            resource,
            log.row,
            strict=True,
        )
    ]


def _time(value: int) -> int | None:
    return None if value == NAT else int(value)


def expected(step: PairedStep) -> Found:
    """The step of the oracle: who ended it did it; a frame's rows count from 1."""
    row, who = step.end_row, step.end_resource
    if row is None:
        row, who = step.start_row, step.start_resource
    return (step.case, step.activity, step.start, step.end, step.suspended, who, row + 1)


def newest_first(events: list[LifecycleEvent]) -> bool:
    """More rows go back in time than forward, each from the row of its case before it."""
    back = forward = 0
    last: dict[str, int] = {}
    for row in sorted(events, key=lambda e: e.row):
        if row.case in last:
            back += row.time < last[row.case]
            forward += row.time > last[row.case]
        last[row.case] = row.time
    return back > forward


def paired(events: list[LifecycleEvent]) -> Pairing:
    """What the oracle pairs; a log that runs backwards is numbered from its end for that."""
    if not newest_first(events):
        return pair_lifecycle(events)
    last = max(e.row for e in events)
    wanted = pair_lifecycle([replace(e, row=last - e.row) for e in events])

    def as_it_was(row: int | None) -> int | None:
        return None if row is None else last - row

    return Pairing(
        wanted.key,
        [
            replace(s, start_row=as_it_was(s.start_row), end_row=as_it_was(s.end_row))
            for s in wanted.steps
        ],
        [replace(e, row=last - e.row) for e in wanted.left_aside],
        [replace(e, row=last - e.row) for e in wanted.without_effect],
    )


@pytest.mark.filterwarnings("error::procmine.DataQualityWarning")
@given(lifecycle_logs())
def test_rows_are_paired_as_the_oracle_pairs_them(events: list[LifecycleEvent]) -> None:
    assume(any(e.transition.lower() == "complete" for e in events))
    wanted = paired(events)
    assume(wanted.steps)
    log = read(events)
    event(f"paired by {wanted.key}")
    event(f"newest first: {newest_first(events)}")
    assert sorted(found(log), key=repr) == sorted(map(expected, wanted.steps), key=repr)
    by = "case and activity" if wanted.key == "activity" else f"case, activity and {wanted.key}"
    if newest_first(events):
        by += ", the newest rows coming first: of rows at one time the last is taken first"
    assert log.import_report.notes[0].startswith(f"lifecycle rows paired by {by}:")


@given(lifecycle_logs())
def test_every_row_is_in_a_step_or_is_told(events: list[LifecycleEvent]) -> None:
    assume(any(e.transition.lower() == "complete" for e in events))
    wanted = paired(events)
    assume(wanted.steps)
    report = read(events).import_report
    outside = sorted(e.row + 1 for e in (*wanted.left_aside, *wanted.without_effect))
    assert report.rejected["row"].tolist() == outside
    assert report.rows_read == report.rows_bound + report.rows_rejected == len(events)
    told = dict(zip(report.rejected["row"], report.rejected["value"], strict=True))
    assert told == {e.row + 1: e.transition for e in events if e.row + 1 in outside}
    assert report.rejected["reason"].str.endswith("lifecycle=None keeps each row as a step").all()


@given(lifecycle_logs())
def test_without_a_lifecycle_each_row_is_a_step(events: list[LifecycleEvent]) -> None:
    log = read(events, lifecycle=None, instance=None)
    assert log.n_steps == len(events)
    assert log.start is None
    assert sorted(log.row.tolist()) == [e.row + 1 for e in sorted(events, key=lambda e: e.row)]
    ends = {e.row + 1: e.time for e in events}
    assert [ends[row] for row in log.row.tolist()] == log.end.tolist()


# --- worked by hand -------------------------------------------------------------------------------


def step_of(*rows: tuple[str, int], **fields: Any) -> list[LifecycleEvent]:
    """Rows of one case and activity: a transition and the hour."""
    return [
        LifecycleEvent("1", "A", name, hour * HOUR, row=row, **fields)
        for row, (name, hour) in enumerate(rows)
    ]


def hours(log: pm.EventLog) -> list[tuple[float | None, float | None, float]]:
    return [
        (None if s is None else s / HOUR, None if e is None else e / HOUR, d / HOUR)
        for _, _, s, e, d, _, _ in found(log)
    ]


NEWEST_FIRST = [
    ("complete", 12),
    ("start", 11),
    ("complete", 9),
    ("start", 9),
    ("complete", 8),
    ("start", 8),
]


def test_steps_without_duration_are_paired_where_the_newest_rows_come_first() -> None:
    log = read(step_of(*NEWEST_FIRST))
    assert hours(log) == [(8, 8, 0), (9, 9, 0), (11, 12, 0)]
    (note,) = [note for note in log.import_report.notes if note.startswith("lifecycle")]
    assert "the newest rows coming first: of rows at one time the last is taken first" in note
    assert "3 pairs, 0 ends alone (start unknown), 0 starts alone" in note


def test_the_same_export_the_other_way_round_gives_the_same_steps() -> None:
    log = read(step_of(*NEWEST_FIRST[::-1]))
    assert hours(log) == [(8, 8, 0), (9, 9, 0), (11, 12, 0)]
    assert "newest" not in log.import_report.notes[0]


def test_a_log_that_runs_neither_way_is_read_in_the_order_of_its_rows() -> None:
    log = read(step_of(("complete", 9), ("start", 9)))
    assert hours(log) == [(None, 9, 0), (9, None, 0)]


def test_cases_that_come_newest_first_do_not_turn_the_rows_within_them() -> None:
    rows = [
        ("2", "start", 20),
        ("2", "complete", 20),
        ("2", "complete", 21),
        ("1", "start", 9),
        ("1", "complete", 9),
    ]
    log = read(
        [LifecycleEvent(c, "A", name, h * HOUR, row=i) for i, (c, name, h) in enumerate(rows)]
    )
    assert hours(log) == [(20, 20, 0), (None, 21, 0), (9, 9, 0)]


def test_the_first_start_is_ended_first() -> None:
    rows = step_of(("start", 1), ("start", 2), ("complete", 5), ("complete", 9))
    assert hours(read(rows)) == [(1, 5, 0), (2, 9, 0)]


def test_a_complete_without_a_start_is_a_step_whose_start_is_unknown() -> None:
    rows = step_of(("complete", 1), ("start", 2), ("complete", 3), ("complete", 4))
    assert hours(read(rows)) == [(None, 1, 0), (2, 3, 0), (None, 4, 0)]


def test_a_start_that_is_never_ended_is_still_running() -> None:
    assert hours(read(step_of(("start", 1), ("complete", 2), ("start", 3)))) == [
        (1, 2, 0),
        (3, None, 0),
    ]


@pytest.mark.parametrize("ending", ["withdraw", "ate_abort", "pi_abort", "WITHDRAW"])
def test_a_step_may_end_without_being_completed(ending: str) -> None:
    rows = step_of(("start", 1), (ending, 2), ("start", 3), ("complete", 4))
    assert hours(read(rows)) == [(1, 2, 0), (3, 4, 0)]


def test_suspended_time_is_kept_apart_from_processing() -> None:
    rows = step_of(("start", 1), ("suspend", 2), ("resume", 4), ("suspend", 5), ("complete", 7))
    log = read(rows)
    assert hours(log) == [(1, 7, 4)]
    steps = pm.steps(log)
    assert steps["suspended_time"].tolist() == [pd.Timedelta(hours=4)]
    assert steps["processing_time"].tolist() == [pd.Timedelta(hours=2)]


def test_a_suspend_outside_an_open_step_is_told() -> None:
    log = read(step_of(("suspend", 1), ("start", 2), ("complete", 3), ("resume", 4)))
    assert hours(log) == [(2, 3, 0)]
    reasons = log.import_report.rejected["reason"].str.partition(";")[0].tolist()
    assert reasons == ["'suspend' outside an open step", "'resume' outside an open step"]


def test_a_log_without_suspends_has_no_suspended_time() -> None:
    assert read(step_of(("start", 1), ("complete", 2))).suspended is None


def test_a_missing_transition_counts_as_an_end() -> None:
    frame = lifecycle_to_frame(step_of(("start", 1), ("complete", 2), ("complete", 3)))
    frame.loc[2, "transition"] = None
    assert hours(pm.read(frame, **COLUMNS)) == [(1, 2, 0), (None, 3, 0)]


def test_bad_rows_are_out_before_rows_are_paired() -> None:
    frame = lifecycle_to_frame(step_of(("start", 1), ("start", 2), ("complete", 3)))
    frame.loc[0, "case"] = None
    with pytest.warns(pm.DataQualityWarning, match="1 of 3 rows rejected, most often: no case"):
        log = pm.read(frame, **COLUMNS)
    assert hours(log) == [(2, 3, 0)]


def test_a_warning_speaks_of_bad_rows_not_of_transitions_that_make_no_step() -> None:
    names = [("schedule", 1)] * 5 + [("start", 1), ("complete", 2), ("complete", 3)]
    frame = lifecycle_to_frame(step_of(*names))
    frame.loc[7, "activity"] = None
    with pytest.warns(pm.DataQualityWarning) as warned:
        log = pm.read(frame, **COLUMNS)
    (warning,) = warned
    assert "1 of 8 rows rejected, most often: no activity in column 'activity'" in str(
        warning.message
    )
    assert log.import_report.rows_rejected == 6


def test_wanting_bad_rows_as_errors_does_not_refuse_transitions_that_make_no_step() -> None:
    rows = step_of(("schedule", 1), ("start", 1), ("complete", 2))
    assert hours(read(rows, on_bad_rows="raise")) == [(1, 2, 0)]


def test_an_instance_that_some_rows_lack_does_not_pair() -> None:
    rows = step_of(("start", 1), ("complete", 2), instance="i")
    rows.append(LifecycleEvent("1", "B", "complete", 3 * HOUR, instance=None, row=2))
    log = read(rows)
    assert "paired by case and activity:" in log.import_report.notes[0]
    assert hours(log) == [(1, 2, 0), (None, 3, 0)]


def test_steps_of_two_resources_are_paired_apart() -> None:
    rows = [
        LifecycleEvent("1", "A", name, hour * HOUR, resource=who, row=row)
        for row, (name, hour, who) in enumerate(
            [("start", 1, "x"), ("start", 2, "y"), ("complete", 3, "y"), ("complete", 4, "x")]
        )
    ]
    assert hours(read(rows)) == [(1, 4, 0), (2, 3, 0)]
    # pairing needs persons only while reading: hidden ones pair the same
    assert hours(read(rows, resources="drop")) == [(1, 4, 0), (2, 3, 0)]


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_the_standard_transitions_are_known_in_any_capitals(name: str) -> None:
    kinds = transition_kinds(["complete", name.upper(), f" {name.title()} "], source="x")
    assert kinds.tolist()[1:] == [TRANSITIONS[name]] * 2


def test_other_names_are_refused() -> None:
    with pytest.raises(BindingError, match="unknown are 'In Progress'"):
        transition_kinds(["complete", "In Progress"], source="x")


def test_no_rows_make_no_steps() -> None:
    nothing = np.zeros(0, np.int64)
    pairs = pair_rows(np.zeros(0, np.int8), nothing, nothing)
    assert (len(pairs.opened), len(pairs.ended), len(pairs.aside)) == (0, 0, 0)
    assert pairs.counts == {"pairs": 0, "ends_alone": 0, "starts_alone": 0}
