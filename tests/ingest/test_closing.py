"""What closes a case: closing activities, a column with the end, or a status, and never a guess."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import LabelNotFoundError, TimestampError
from procmine.kernels import NAT
from tests.bound import bound, closings
from tests.oracle import Step, sort_steps
from tests.strategies import logs

ZONE = "Europe/Bucharest"
COLUMNS: dict[str, Any] = {"case": "dosar", "activity": "pas", "timestamp": "data", "tz": ZONE}


def log_of(*rows: tuple[Any, ...], closed: Any, **options: Any) -> pm.EventLog:
    """Rows of case, activity, time, and the column `gata`."""
    frame = pd.DataFrame(rows, columns=["dosar", "pas", "data", "gata"])
    return pm.read(frame, **{**COLUMNS, "closed": closed, **options})


def closed_at(log: pm.EventLog) -> dict[str, str | None]:
    assert log.closed_at is not None
    times = [None if t == NAT else f"{t:%Y-%m-%d %H:%M}" for t in _moments(log)]
    return dict(zip(log.case_labels.to_pylist(), times, strict=True))


def _moments(log: pm.EventLog) -> list[Any]:
    assert log.closed_at is not None
    return [
        NAT if raw == NAT else when
        for raw, when in zip(log.closed_at, log.local(log.closed_at), strict=True)
    ]


# --- nothing said ---------------------------------------------------------------------------------


def test_where_nothing_says_what_closes_a_case_closing_is_unknown() -> None:
    log = log_of(("1", "A", "2026-03-02", None), closed=None)
    assert log.closed_at is None
    assert set(pm.cases(log)["state"]) == {"unknown"}


# --- activities -----------------------------------------------------------------------------------


@given(steps=logs(), data=st.data())
def test_a_case_closes_at_the_latest_end_of_its_closing_steps(
    steps: list[Step], data: st.DataObject
) -> None:
    names = data.draw(closings(steps).filter(lambda names: names is not None))
    log = bound(steps, closed=names)
    assert log.closed_at is not None
    found = dict(zip(log.case_labels.to_pylist(), log.closed_at.tolist(), strict=True))
    for case, own in sort_steps(steps).items():
        ends = [s.end for s in own if s.activity in names and s.end is not None]
        assert found[case] == max(ends, default=NAT)


def test_the_last_of_several_closing_steps_counts() -> None:
    log = log_of(
        ("1", "Eliberare", "2026-03-02 10:00", None),
        ("1", "Reluare", "2026-03-03 10:00", None),
        ("1", "Respingere", "2026-03-04 10:00", None),
        ("1", "Arhivare", "2026-03-05 10:00", None),
        ("2", "Reluare", "2026-03-05 10:00", None),
        closed=["Eliberare", "Respingere"],
    )
    assert closed_at(log) == {"1": "2026-03-04 10:00", "2": None}
    assert pm.cases(log)["after_closing"].tolist() == [1, 0]


def test_closing_activities_that_do_not_occur_are_noted() -> None:
    log = log_of(("1", "Eliberare", "2026-03-02", None), closed=["Eliberare", "Respingere"])
    assert closed_at(log) == {"1": "2026-03-02 00:00"}
    assert log.import_report.notes == (
        "closed= names what does not occur as activity: 'Respingere'",
    )


def test_no_closing_activity_at_all_is_refused() -> None:
    with pytest.raises(
        LabelNotFoundError,
        match=r"no activity \(closed=\) 'eliberat'.*\n.*\ndid you mean 'Eliberare'",
    ):
        log_of(("1", "Eliberare", "2026-03-02", None), closed="eliberat")


def test_a_closing_activity_is_known_in_any_spelling() -> None:
    log = log_of(("1", "Soluționare  cerere", "2026-03-02", None), closed="SOLUŢIONARE CERERE")
    assert (log.closed_at == log.end).all()


def test_a_closing_step_that_still_runs_closes_nothing() -> None:
    steps = [Step("1", "A", start=0, end=10, row=0), Step("1", "Z", start=20, end=None, row=1)]
    log = bound(steps, closed="Z")
    assert log.closed_at is not None
    assert log.closed_at.tolist() == [NAT]


# --- an end column --------------------------------------------------------------------------------


def test_a_column_with_times_closes_at_its_last_value_in_the_case() -> None:
    log = log_of(
        ("1", "A", "2026-03-02 08:00", "2026-03-09 12:00"),
        ("1", "B", "2026-03-03 08:00", "2026-03-08 12:00"),
        ("2", "A", "2026-03-03 08:00", None),
        ("3", "A", "2026-03-03 08:00", ""),
        ("3", "B", "2026-03-04 08:00", "2026-03-04 09:30"),
        closed={"column": "gata"},
    )
    assert closed_at(log) == {"1": "2026-03-09 12:00", "2": None, "3": "2026-03-04 09:30"}


def test_a_bare_date_closes_at_the_last_step_of_that_local_day() -> None:
    log = log_of(
        ("1", "A", "2026-03-09 08:00", "2026-03-09"),
        ("1", "B", "2026-03-09 23:30", "2026-03-09"),  # still that day in Bucharest
        ("1", "C", "2026-03-10 00:10", "2026-03-09"),
        ("2", "A", "2026-03-08 08:00", "2026-03-09"),  # no step on the day: its beginning
        ("3", "A", "2026-03-08 08:00", None),
        closed={"column": "gata"},
    )
    assert closed_at(log) == {"1": "2026-03-09 23:30", "2": "2026-03-09 00:00", "3": None}


@pytest.mark.parametrize("kind", ["text", "typed"])
def test_dates_of_any_kind_are_bare_dates(kind: str) -> None:
    day = "09.03.2026" if kind == "text" else date(2026, 3, 9)
    log = log_of(("1", "A", "2026-03-09 08:00", day), closed={"column": "gata"})
    assert closed_at(log) == {"1": "2026-03-09 08:00"}


def test_dates_beside_times_are_times() -> None:
    log = log_of(
        ("1", "A", "2026-03-09 08:00", "2026-03-09"),
        ("2", "A", "2026-03-09 08:00", "2026-03-09 12:00"),
        closed={"column": "gata"},
    )
    # at midnight, before the first step: told, and without a cycle time
    assert closed_at(log) == {"1": "2026-03-09 00:00", "2": "2026-03-09 12:00"}
    assert any(
        note.startswith("1 cases close before their first step (gata)")
        for note in log.import_report.notes
    )
    assert pm.cases(log)["cycle_time"].isna().tolist() == [True, False]


def test_instants_close_local_steps_at_the_right_hour() -> None:
    log = log_of(
        ("1", "A", "2026-03-09 08:00", "2026-03-09 12:00+01:00"), closed={"column": "gata"}
    )
    assert closed_at(log) == {"1": "2026-03-09 13:00"}


def test_the_end_column_may_be_the_bound_end_but_that_is_doubtful() -> None:
    frame = pd.DataFrame(
        {
            "c": ["1", "1"],
            "a": ["A", "B"],
            "s": ["2026-03-01", "2026-03-02"],
            "e": ["2026-03-02", "2026-03-05"],
        }
    )
    with pytest.warns(pm.DataQualityWarning, match="every case with such a time is closed"):
        log = pm.read(
            frame, case="c", activity="a", start="s", end="e", tz=ZONE, closed={"column": "e"}
        )
    assert closed_at(log) == {"1": "2026-03-05 00:00"}


def test_a_closing_activity_that_looks_misspelt_is_a_warning_with_the_likely_name() -> None:
    rows = [("1", "Rilascio", "2026-03-02", None), ("2", "Diniego", "2026-03-02", None)]
    with pytest.warns(pm.DataQualityWarning, match="misspells .*'Dinego'; did you mean 'Diniego'"):
        log = log_of(*rows, closed=["Rilascio", "Dinego"])
    assert closed_at(log) == {"1": "2026-03-02 00:00", "2": None}


def test_closing_times_that_cannot_be_read_are_told_and_leave_the_case_open() -> None:
    log = log_of(
        ("1", "A", "2026-03-09 08:00", "2026-03-09 12:00"),
        ("2", "A", "2026-03-09 08:00", "31.02.2026"),
        ("3", "A", "2026-03-09 08:00", "2026-03-10 12:00"),
        closed={"column": "gata"},
        time_format="%Y-%m-%d %H:%M",
    )
    assert closed_at(log)["2"] is None
    (note,) = [note for note in log.import_report.notes if "gata" in note]
    assert note.endswith("cannot be read (gata), first in row 2: '31.02.2026'")


def test_a_time_format_of_the_steps_does_not_bind_the_end_column() -> None:
    log = log_of(
        ("1", "A", "2026 03 09 08:00", "09.03.2026"),
        ("2", "A", "2026 03 09 08:00", ""),
        closed={"column": "gata"},
        time_format="%Y %m %d %H:%M",
    )
    assert closed_at(log) == {"1": "2026-03-09 08:00", "2": None}


def test_an_end_column_that_is_written_in_no_known_way_is_read_in_the_time_format() -> None:
    log = log_of(
        ("1", "A", "2026 03 09 08:00", "2026 03 10 09:00"),
        closed={"column": "gata"},
        time_format="%Y %m %d %H:%M",
    )
    assert closed_at(log) == {"1": "2026-03-10 09:00"}


def test_a_time_format_settles_the_order_of_day_and_month_of_the_end_column() -> None:
    rows = ("1", "A", "03/09/2026", "03/10/2026")
    log = log_of(rows, closed={"column": "gata"}, time_format="%m/%d/%Y")
    assert closed_at(log) == {"1": "2026-03-10 00:00"}
    assert not [note for note in log.import_report.notes if "month first" in note]


def test_an_end_column_whose_dates_could_be_read_month_first_is_refused() -> None:
    with pytest.raises(TimestampError, match=r"column .gata. .* day or the month comes first"):
        log_of(("1", "A", "2026-03-09", "09/03/2026"), closed={"column": "gata"})


def test_an_end_column_without_times_is_refused() -> None:
    with pytest.raises(TimestampError, match="column 'gata' in DataFrame"):
        log_of(("1", "A", "2026-03-09", "da"), closed={"column": "gata"})


def test_an_end_column_that_is_empty_leaves_every_case_open() -> None:
    log = log_of(("1", "A", "2026-03-09", None), closed={"column": "gata"})
    assert closed_at(log) == {"1": None}


# --- a status -------------------------------------------------------------------------------------

STATUS = {"column": "gata", "values": ["soluționat", "respins"]}


def test_a_status_of_the_whole_case_closes_it_at_its_end_and_at_no_earlier_step() -> None:
    frame = pd.DataFrame(
        [
            ("1", "Filed", "2025-03-03", "closed"),
            ("1", "Checked", "2025-03-15", "closed"),
            ("1", "Decided", "2025-03-20", "closed"),
            ("2", "Filed", "2025-03-03", "open"),
        ],
        columns=["case", "activity", "time", "status"],
    )
    log = pm.read(
        frame,
        case="case",
        activity="activity",
        timestamp="time",
        tz="Europe/Rome",
        closed={"column": "status", "values": ["closed"]},
    )
    states = {
        day: pm.cases(log, as_of=day)["state"].tolist() for day in ("2025-03-04", "2025-03-19")
    }
    assert states == {"2025-03-04": ["open", "open"], "2025-03-19": ["open", "open"]}
    assert pm.cases(log, as_of="2025-03-20")["state"].tolist() == ["closed", "open"]


def test_a_case_closes_at_its_last_step_with_a_closing_status() -> None:
    log = log_of(
        ("1", "A", "2026-03-02 08:00", "nou"),
        ("1", "B", "2026-03-03 08:00", " soluționat "),
        ("1", "C", "2026-03-04 08:00", "redeschis"),
        ("2", "A", "2026-03-03 08:00", "respins"),
        ("2", "B", "2026-03-05 08:00", "soluționat"),
        ("3", "A", "2026-03-03 08:00", None),
        closed=STATUS,
    )
    assert closed_at(log) == {"1": "2026-03-03 08:00", "2": "2026-03-05 08:00", "3": None}


def test_closing_values_that_do_not_occur_are_noted() -> None:
    log = log_of(("1", "A", "2026-03-02", "respins"), closed=STATUS)
    (note,) = log.import_report.notes
    assert note == "closed= names what does not occur as value of gata: 'soluționat'"


def test_the_status_stays_an_attribute() -> None:
    log = log_of(
        ("1", "A", "2026-03-02", "nou"), ("1", "B", "2026-03-03", "respins"), closed=STATUS
    )
    assert log.step_attributes["gata"].to_pylist() == ["nou", "respins"]
