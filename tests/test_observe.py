"""steps(), cases() and transitions() against the oracle, their laws and their edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import ProcmineError
from procmine.observe import as_of_instant, as_of_text
from tests import oracle
from tests.bound import (
    FEWER,
    ZONE,
    bound,
    closings,
    first_known,
    instant,
    last_known,
    micros,
    moments,
    numbered,
    path,
    texts,
)
from tests.oracle import DAY, HOUR, MINUTE, Case, Step
from tests.strategies import logs

NINE = 1_767_250_800_000_000  # 2026-01-01 09:00 in Bucharest
LATER = pd.Timestamp("2030-01-01", tz=ZONE)  # after all times of the strategies
ZERO = pd.Timedelta(0)


def escaped(activity: str) -> str:
    return activity.replace("→", "\\→")


def text_of(case: Sequence[Step]) -> str:
    return " → ".join(escaped(step.activity) for step in case)


def row_of(table: pd.DataFrame, case: str) -> pd.Series:
    return table[table["case_id"] == case].iloc[0]


# --- steps ----------------------------------------------------------------------------------------


def test_a_worked_example_of_steps_by_hand():
    log = bound(
        numbered(
            path("C 1", "BA", [(NINE + HOUR, NINE + 2 * HOUR), (NINE, NINE + 30 * MINUTE)]),
            path("C 2", "A", [(NINE, None)], unit="Registry"),
        )
    )
    found = pm.steps(log)
    assert list(found.columns) == [
        *("case_id", "activity", "resource", "unit", "start", "end"),
        *("processing_time", "suspended_time", "row"),
    ]
    assert found["case_id"].tolist() == ["C 1", "C 1", "C 2"]
    assert found["activity"].tolist() == ["A", "B", "A"]
    assert texts(found["unit"]) == [None, None, "Registry"]
    assert found["start"].tolist()[0] == pd.Timestamp("2026-01-01 09:00", tz=ZONE)
    assert micros(found["processing_time"]) == [30 * MINUTE, HOUR, None]
    assert micros(found["suspended_time"]) == [0, 0, 0]
    assert found["row"].tolist() == [2, 1, 3]


@given(logs(), st.booleans())
def test_steps_are_those_of_the_oracle_in_its_order(steps, declare):
    order = sorted({step.activity for step in steps}, reverse=True) if declare else ()
    found = pm.steps(bound(steps, order=order))
    whole = oracle.sort_steps(steps, order)
    appearance = list(dict.fromkeys(step.case for step in steps))
    expected = [step for case in appearance for step in whole[case]]
    assert found["case_id"].tolist() == [step.case for step in expected]
    for column in ("activity", "unit", "resource"):
        assert texts(found[column]) == [getattr(step, column) for step in expected]
    assert micros(found["start"]) == [step.start for step in expected]
    assert micros(found["end"]) == [step.end for step in expected]
    assert micros(found["processing_time"]) == [processing(step) for step in expected]
    assert found["row"].tolist() == [step.row + 1 for step in expected]


def processing(step: Step, as_of: int | None = None) -> int | None:
    """End - start, where both are known (and not after as_of)."""
    if step.start is None or step.end is None or (as_of is not None and step.end > as_of):
        return None
    return step.end - step.start


def test_suspended_time_is_not_processing_time():
    frame = pd.DataFrame(
        {
            "case": "1",
            "activity": "A",
            "transition": ["start", "suspend", "resume", "complete"],
            "time": [instant(NINE + hours * HOUR) for hours in (0, 1, 4, 6)],
        }
    )
    log = pm.read(
        frame, case="case", activity="activity", timestamp="time", lifecycle="transition", tz=ZONE
    )
    found = pm.steps(log)
    assert micros(found["suspended_time"]) == [3 * HOUR]
    assert micros(found["processing_time"]) == [3 * HOUR]
    assert micros(pm.cases(log)["processing_time"]) == [3 * HOUR]


def test_with_one_timestamp_processing_time_is_missing_and_never_0():
    frame = pd.DataFrame({"case": ["1", "1"], "activity": ["A", "B"], "time": [instant(NINE)] * 2})
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz=ZONE)
    assert pm.steps(log)["start"].isna().all()
    assert pm.steps(log)["processing_time"].isna().all()
    assert pm.cases(log)["processing_time"].isna().all()


@pytest.mark.parametrize("mode", ["anonymous", "drop"])
def test_persons_are_not_shown_unless_it_is_asked_for(mode):
    log = bound(path("1", "A", [NINE], resource="ana"), resources=mode)
    assert "resource" not in pm.steps(log).columns
    assert "ana" not in pm.steps(log).to_csv() + pm.cases(log).to_csv()


# --- cases ----------------------------------------------------------------------------------------


def test_a_worked_example_of_cases_by_hand():
    log = bound(
        numbered(
            path(
                "closed", "ABX", [(NINE, NINE + HOUR), NINE + DAY, (NINE + 2 * DAY, NINE + 3 * DAY)]
            ),
            path("open", "AB", [NINE + DAY, NINE + 2 * DAY], unit="Registry"),
        ),
        closed="X",
    )
    found = pm.cases(log)
    first, second = row_of(found, "closed"), row_of(found, "open")
    assert (first["state"], second["state"]) == ("closed", "open")
    assert first["closed_at"] == first["ended"] == instant(NINE + 3 * DAY)
    assert first["cycle_time"] == pd.Timedelta(days=3)
    assert pd.isna(first["age"])
    assert pd.isna(second["closed_at"])
    assert pd.isna(second["cycle_time"])
    assert second["age"] == pd.Timedelta(days=2)  # as of the latest time in the log
    assert first["variant"] == "A → B → X"
    assert (first["first_activity"], first["last_activity"]) == ("A", "X")
    assert pd.isna(first["unit"])
    assert second["unit"] == "Registry"
    assert pd.isna(first["processing_time"])  # B has no start


def test_the_throughput_times_that_the_bupar_documentation_gives_for_its_patients_log(logs: Path):
    # bupaR, "Throughput time" and "Processing time" of the log `patients`, in days per case
    log = pm.read(
        logs / "interval" / "patients.csv",
        case="patient",
        activity="handling",
        timestamp="time",
        lifecycle="registration_type",
        instance="handling_id",
        tz="UTC",
        resources="drop",
    )
    table = pm.cases(log)
    day = pd.Timedelta(days=1)
    times = table["cycle_time"] / day
    figures = [times.mean(), *(times.quantile(p) for p in (0, 0.25, 0.5, 0.75, 1))]
    assert [round(figure, 4) for figure in figures] == [
        *(6.6763, 1.4961, 4.3139, 6.0855, 8.5867, 23.1068),
    ]
    assert round((table["processing_time"] / day).mean(), 4) == 1.1562
    assert len(table) == 500


@given(logs(), st.data())
def test_cases_are_those_of_the_oracle_at_any_moment(steps, data):
    closing = data.draw(closings(steps))
    as_of = data.draw(moments(steps))
    found = pm.cases(bound(steps, closed=closing), as_of=instant(as_of))
    whole = oracle.sort_steps(steps)
    assert sorted(found["case_id"]) == sorted(whole)
    for place, name in enumerate(found["case_id"]):
        case = whole[name]
        expected = oracle.case_times(case, closing, as_of)
        row = found.iloc[place]
        assert row["state"] == expected.state
        assert row["steps"] == expected.steps
        assert none(row["after_closing"]) == expected.after_closing
        for column in ("started", "ended", "closed_at", "cycle_time", "age"):
            assert micros([row[column]]) == [getattr(expected, column)], column
        check_what_was_seen(row, [step for step in case if step.first <= as_of], as_of)


def check_what_was_seen(row: pd.Series, begun: Case, as_of: int) -> None:
    """Compare the columns that speak of the steps begun by as_of with plain loops over them."""
    times = [processing(step, as_of) for step in begun]
    total = None if not begun or None in times else sum(times)
    units = [step.unit for step in begun if step.unit is not None]
    assert micros([row["processing_time"]]) == [total]
    assert none(row["variant"]) == (text_of(begun) if begun else None)
    assert none(row["first_activity"]) == (begun[0].activity if begun else None)
    assert none(row["last_activity"]) == (begun[-1].activity if begun else None)
    assert none(row["unit"]) == (units[0] if units else None)


def none(value: Any) -> Any:
    return None if pd.isna(value) else value


def seen_by(steps: Sequence[Step], as_of: int) -> list[Step]:
    """What an export of that moment would hold."""
    begun = [step for step in steps if step.first <= as_of]
    return [
        replace(step, end=None) if step.end is not None and step.end > as_of else step
        for step in begun
    ]


@FEWER
@given(logs(starts=("always",)), st.data())
def test_cases_as_of_a_moment_are_those_of_an_export_of_that_moment(steps, data):
    closing = data.draw(closings(steps))
    as_of = data.draw(moments(steps).filter(lambda t: t >= first_known(steps)))
    then = seen_by(steps, as_of)
    known = [name for name in closing or [] if name in {step.activity for step in then}]
    later = pm.cases(bound(steps, closed=closing), as_of=instant(as_of))
    if closing is not None and not known:
        assert set(later["state"]) <= {"open", "not_started"}
        return
    early = pm.cases(bound(then, closed=known or None), as_of=instant(as_of))
    later = later[later["state"] != "not_started"]
    # an end that is not known yet does not decide yet which of two steps is the first
    tied = ["variant", "first_activity", "last_activity", "unit"]
    early, later = (
        table.drop(columns=tied).sort_values("case_id", ignore_index=True)
        for table in (early, later)
    )
    pd.testing.assert_frame_equal(early, later)


@FEWER
@given(logs(), st.data(), st.integers(1, 200))
def test_a_shift_by_whole_weeks_moves_times_and_changes_no_duration(steps, data, weeks):
    closing = data.draw(closings(steps))
    as_of = data.draw(moments(steps))
    before = pm.cases(bound(steps, closed=closing), as_of=instant(as_of))
    after = pm.cases(
        bound(shifted(steps, weeks * 7 * DAY), closed=closing),
        as_of=instant(as_of + weeks * 7 * DAY),
    )
    moved = ["started", "ended", "closed_at"]
    for column in moved:
        expected = [t if t is None else t + weeks * 7 * DAY for t in micros(before[column])]
        assert micros(after[column]) == expected
    pd.testing.assert_frame_equal(after.drop(columns=moved), before.drop(columns=moved))


def shifted(steps: Sequence[Step], by: int) -> list[Step]:
    return [
        replace(
            step,
            start=None if step.start is None else step.start + by,
            end=None if step.end is None else step.end + by,
        )
        for step in steps
    ]


@FEWER
@given(logs(), st.data())
def test_other_names_change_nothing_but_the_names(steps, data):
    closing = data.draw(closings(steps))
    called = {name: f"{name}!" for name in {step.activity for step in steps}}
    renamed = [replace(s, case=f"no. {s.case}", activity=called[s.activity]) for s in steps]
    closed = closing and [called[name] for name in closing]
    before = pm.cases(bound(steps, closed=closing), as_of=LATER)
    after = pm.cases(bound(renamed, closed=closed), as_of=LATER)
    assert after["case_id"].tolist() == [f"no. {name}" for name in before["case_id"]]
    assert texts(after["last_activity"]) == [called[name] for name in before["last_activity"]]
    names = ["case_id", "variant", "first_activity", "last_activity"]
    pd.testing.assert_frame_equal(after.drop(columns=names), before.drop(columns=names))


@FEWER
@given(logs(), st.randoms(use_true_random=False), st.data())
def test_where_a_declared_order_breaks_ties_the_order_of_the_rows_does_not_matter(
    steps, random, data
):
    closing = data.draw(closings(steps))
    order = sorted({step.activity for step in steps})
    shuffled = steps[:]
    random.shuffle(shuffled)
    shuffled = numbered(shuffled)
    one, other = (
        pm.cases(bound(some, order=order, closed=closing), as_of=LATER).sort_values(
            "case_id", ignore_index=True
        )
        for some in (without_owners(steps), without_owners(shuffled))
    )
    pd.testing.assert_frame_equal(one, other, check_categorical=False)


def without_owners(steps: Sequence[Step]) -> list[Step]:
    """Steps at one time of one activity can then not be told apart."""
    return [replace(step, unit=None, resource=None) for step in steps]


# --- closing --------------------------------------------------------------------------------------

REOPENED = path("1", "AXBX", [(NINE + d * DAY, NINE + d * DAY + HOUR) for d in range(4)])


@pytest.mark.parametrize(
    ("day", "state", "after_closing"),
    [(0, "open", 0), (1, "closed", 0), (2, "closed", 1), (3, "closed", 0)],
)
def test_a_case_that_was_reopened_is_closed_from_its_first_closing_until_it_closes_again(
    day, state, after_closing
):
    log = bound(numbered(REOPENED), closed="X")
    row = row_of(pm.cases(log, as_of=instant(NINE + day * DAY + 2 * HOUR)), "1")
    assert (row["state"], row["after_closing"]) == (state, after_closing)
    assert micros([row["closed_at"]]) == [
        {0: None, 1: NINE + DAY + HOUR, 2: NINE + DAY + HOUR, 3: NINE + 3 * DAY + HOUR}[day]
    ]


def test_a_reopened_case_closes_at_its_last_closing_step():
    row = row_of(pm.cases(bound(numbered(REOPENED), closed="X")), "1")
    assert row["cycle_time"] == pd.Timedelta(days=3, hours=1)
    assert row["after_closing"] == 0


def test_a_closing_step_that_still_runs_closes_nothing():
    log = bound(
        numbered(path("1", "AX", [NINE, (NINE + HOUR, None)]), path("2", "X", [NINE])), closed="X"
    )
    row = row_of(pm.cases(log), "1")
    assert row["state"] == "open"
    assert row["age"] == pd.Timedelta(hours=1)
    assert pd.isna(row["cycle_time"])


def test_a_closing_step_in_the_middle_of_as_of_closes_nothing_yet():
    log = bound(path("1", "X", [(NINE, NINE + HOUR)]), closed="X")
    row = row_of(pm.cases(log, as_of=instant(NINE + MINUTE)), "1")
    assert row["state"] == "open"
    assert micros([row["ended"]]) == [NINE]
    assert pd.isna(row["processing_time"])
    assert row["age"] == pd.Timedelta(minutes=1)


def test_steps_after_closing_are_counted_and_do_not_lengthen_the_cycle_time():
    log = bound(path("1", "AXBB", [NINE + d * DAY for d in range(4)]), closed="X")
    row = row_of(pm.cases(log), "1")
    assert row["after_closing"] == 2
    assert row["cycle_time"] == pd.Timedelta(days=1)
    assert micros([row["ended"]]) == [NINE + 3 * DAY]
    assert row["steps"] == 4


def test_where_closing_is_unknown_nothing_is_said_of_it():
    found = pm.cases(bound(path("1", "AB", [NINE, NINE + DAY])))
    assert found["state"].tolist() == ["unknown"]
    assert found["cycle_time"].tolist() == [pd.Timedelta(days=1)]
    assert found[["closed_at", "age", "after_closing"]].isna().all(axis=None)


def test_before_everything_no_case_has_started_and_nothing_is_known():
    log = bound(path("1", "AX", [NINE, NINE + DAY], unit="Registry"), closed="X")
    found = pm.cases(log, as_of=instant(NINE - 1))
    assert found["state"].tolist() == ["not_started"]
    assert found["steps"].tolist() == [0]
    assert found.drop(columns=["case_id", "state", "steps"]).isna().all(axis=None)


def test_an_end_column_closes_a_case_and_a_status_does():
    frame = pd.DataFrame(
        {
            "case": ["1", "1", "2"],
            "activity": ["A", "B", "A"],
            "time": [instant(NINE), instant(NINE + DAY), instant(NINE)],
            "finished": [instant(NINE + 2 * DAY)] * 2 + [None],
            "status": ["new", "done", "new"],
        }
    )
    columns = {"case": "case", "activity": "activity", "timestamp": "time", "tz": ZONE}
    by_column = pm.cases(pm.read(frame, **columns, closed={"column": "finished"}))
    assert by_column["state"].tolist() == ["closed", "open"]
    assert micros(by_column["cycle_time"]) == [2 * DAY, None]
    assert micros(by_column["age"]) == [None, 2 * DAY]
    by_status = pm.cases(pm.read(frame, **columns, closed={"column": "status", "values": ["done"]}))
    assert micros(by_status["cycle_time"]) == [DAY, None]


def test_a_case_that_closed_before_it_began_has_no_cycle_time():
    frame = pd.DataFrame(
        {
            "case": ["1"],
            "activity": ["A"],
            "time": [instant(NINE)],
            "finished": [instant(NINE - HOUR)],
        }
    )
    log = pm.read(
        frame,
        case="case",
        activity="activity",
        timestamp="time",
        tz=ZONE,
        closed={"column": "finished"},
    )
    found = pm.cases(log)
    assert found["state"].tolist() == ["closed"]
    assert found["cycle_time"].isna().all()


# --- as_of ----------------------------------------------------------------------------------------


@FEWER
@given(logs(), st.data())
def test_by_default_as_of_is_the_latest_time_in_the_log(steps, data):
    # some times of the strategy may lie in the future: move all to 2023
    begin = 1_700_000_000_000_000 - first_known(steps)
    past = shifted(steps, begin)
    log = bound(past, closed=data.draw(closings(past)))
    assert as_of_instant(log) == last_known(past)
    pd.testing.assert_frame_equal(pm.cases(log), pm.cases(log, as_of=instant(last_known(past))))


def test_by_default_as_of_is_not_in_the_future():
    now = int(pd.Timestamp.now(tz="UTC").timestamp()) * oracle.SECOND
    log = bound(
        numbered(
            path("1", "AB", [now - 5 * DAY, (now - DAY, now + DAY)]),
            path("2", "A", [now + 9 * DAY]),
        ),
        closed="B",
    )
    assert as_of_instant(log) == now - DAY
    assert pm.cases(log)["state"].tolist() == ["open", "not_started"]


def test_a_log_that_lies_in_the_future_is_not_known_yet():
    now = int(pd.Timestamp.now(tz="UTC").timestamp()) * oracle.SECOND
    log = bound(path("1", "AB", [now + DAY, now + 2 * DAY]), closed="B")
    assert pm.cases(log)["state"].tolist() == ["not_started"]
    assert as_of_text(log, as_of_instant(log)) == f"as of no time ({ZONE})"


@pytest.mark.parametrize(
    ("as_of", "utc"),
    [
        ("2026-01-15", "2026-01-15 21:59:59.999999"),
        ("2026-03-29", "2026-03-29 20:59:59.999999"),  # the day has 23 hours
        ("2026-10-25", "2026-10-25 21:59:59.999999"),  # and this one 25
        (pd.Timestamp("2026-01-15").date(), "2026-01-15 21:59:59.999999"),
        ("2026-01-15 00:00", "2026-01-14 22:00"),
        ("2026-01-15 10:30", "2026-01-15 08:30"),
        ("2026-01-15 10:30+00:00", "2026-01-15 10:30"),
        (pd.Timestamp("2026-01-15", tz="UTC"), "2026-01-15 00:00"),
    ],
)
def test_a_date_means_the_end_of_that_day_at_the_office_and_a_time_that_instant(as_of, utc):
    log = bound(path("1", "A", [NINE]))
    assert instant(as_of_instant(log, as_of)) == pd.Timestamp(utc, tz="UTC")


def test_every_basis_names_the_moment_and_the_zone():
    log = bound(path("1", "A", [NINE]))
    assert as_of_text(log, as_of_instant(log)) == f"as of 2026-01-01 09:00 ({ZONE})"


@pytest.mark.parametrize("as_of", ["soon", "2026-13-01", pd.NaT, [1]])
def test_what_is_no_date_is_refused_with_an_example(as_of):
    with pytest.raises(ProcmineError, match="write it as 2026-03-31"):
        pm.cases(bound(path("1", "A", [NINE])), as_of=as_of)


# --- transitions ----------------------------------------------------------------------------------


def test_a_worked_example_of_transitions_by_hand():
    log = bound(
        path("1", "ABCD", [(NINE, NINE + HOUR), (NINE + MINUTE, None), NINE + HOUR, NINE + DAY])
    )
    found = pm.transitions(log)
    assert list(found.columns) == ["case_id", "source", "target", "time", "overlap"]
    assert found["source"].tolist() == ["A", "B", "C"]
    assert found["target"].tolist() == ["B", "C", "D"]
    assert micros(found["time"]) == [0, HOUR - MINUTE, DAY - HOUR]
    assert found["overlap"].tolist() == [True, False, False]


@given(logs())
def test_transitions_are_those_of_the_oracle(steps):
    found = pm.transitions(bound(steps))
    columns = (
        found["case_id"],
        found["source"],
        found["target"],
        micros(found["time"]),
        found["overlap"],
    )
    whole = oracle.sort_steps(steps)
    appearance = dict.fromkeys(step.case for step in steps)
    expected = [t for case in appearance for t in oracle.steps_to_transitions(whole[case])]
    assert [oracle.Transition(*row) for row in zip(*columns, strict=True)] == expected
    assert len(found) == len(steps) - len(whole)


@FEWER
@given(logs(starts=("always",), ends=("always",)))
def test_processing_and_gaps_fill_a_case_in_which_nothing_overlaps(steps):
    log = bound(steps)
    moves = pm.transitions(log)
    table = pm.cases(log, as_of=LATER).set_index("case_id")
    alone = table.drop(moves.loc[moves["overlap"], "case_id"].unique())
    between = moves.groupby("case_id")["time"].sum().reindex(alone.index, fill_value=ZERO)
    assert ((alone["processing_time"] + between) == alone["cycle_time"]).all()


def test_a_case_of_one_step_has_no_transition():
    assert len(pm.transitions(bound(path("1", "A", [NINE])))) == 0


# --- variants of cases ----------------------------------------------------------------------------


def test_two_variants_never_share_their_text():
    log = bound(numbered(path("1", ["A", "B"], [0, 1]), path("2", ["A → B"], [0])))
    assert pm.cases(log)["variant"].tolist() == ["A → B", "A \\→ B"]


ODD = {"a": "a\\b", "B": "a\\→ b", "NA": "\\"}


def test_a_worked_example_of_the_text_of_odd_activities():
    log = bound(numbered(path("1", [*ODD.values(), "A → B"], [0, 1, 2, 3])))
    assert pm.cases(log)["variant"].tolist() == ["a\\b → a\\\\→ b → \\ → A \\→ B"]


@FEWER
@given(logs(max_cases=3, max_steps=3))
def test_the_text_of_a_variant_does_not_depend_on_the_other_cases(steps):
    odd = [replace(step, activity=ODD.get(step.activity, step.activity)) for step in steps]
    whole = pm.cases(bound(odd), as_of=LATER).set_index("case_id")["variant"]
    for name in whole.index:
        alone = pm.cases(bound([step for step in odd if step.case == name]), as_of=LATER)
        assert alone["variant"].tolist() == [whole[name]]


# --- edges ----------------------------------------------------------------------------------------


def test_an_empty_log_has_empty_tables_with_the_same_columns():
    whole = bound(numbered(path("1", "AX", [NINE, NINE + DAY])), closed="X")
    empty = whole.where([False])
    for measure in (pm.steps, pm.cases, pm.transitions):
        table = measure(empty)
        assert len(table) == 0
        assert table.columns.tolist() == measure(whole).columns.tolist()
        for name, kind in measure(whole).dtypes.items():
            if not isinstance(kind, pd.CategoricalDtype):
                assert table[name].dtype == kind, name


def test_durations_and_times_have_the_types_that_are_promised():
    table = pm.cases(bound(path("1", "AB", [NINE, NINE + DAY]), closed="B"))
    for name in ("cycle_time", "age", "processing_time"):
        assert table[name].dtype == np.dtype("timedelta64[us]")
    for name in ("started", "ended", "closed_at"):
        assert table[name].dtype == pd.DatetimeTZDtype("us", ZONE)


def test_case_attributes_stand_once_per_case_and_step_attributes_once_per_step():
    frame = pd.DataFrame(
        {
            "case": ["1", "1", "2"],
            "activity": ["A", "B", "A"],
            "time": [instant(NINE)] * 3,
            "office": ["Cluj", "Cluj", "Iași"],
            "amount": [1, 2, 3],
            "steps": ["many", "many", "few"],
        }
    )
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz=ZONE)
    table = pm.cases(log)
    assert table["office"].tolist() == ["Cluj", "Iași"]
    assert table["steps"].tolist() == [2, 1]
    assert table["steps (attribute)"].tolist() == ["many", "few"]
    assert "amount" not in table.columns
    assert pm.steps(log)["amount"].tolist() == [1, 2, 3]
