"""Office time in the tables of steps and cases: only where a calendar is given, and of the log's zone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import procmine as pm
from procmine.calendars import Calendar
from procmine.errors import CalendarCoverageError, ProcmineError

ZONE = "Europe/Bucharest"
ROWS = pd.DataFrame(
    {
        "case": ["1", "1", "2", "2"],
        "activity": ["open", "close", "open", "look"],
        "start": ["2025-04-30 14:00", "2025-05-02 09:00", "2025-05-02 07:00", None],
        "end": ["2025-04-30 18:00", "2025-05-02 10:00", "2025-05-02 09:00", "2025-05-05 09:00"],
    }
)
CALENDAR = Calendar("RO")


def hours(column: pd.Series) -> list[float]:
    return (column / pd.Timedelta(hours=1)).tolist()


@pytest.fixture
def log() -> pm.EventLog:
    return pm.read(
        ROWS, case="case", activity="activity", start="start", end="end", tz=ZONE, closed=["close"]
    )


def test_steps_have_the_office_hours_between_start_and_end(log: pm.EventLog) -> None:
    table = pm.steps(log, calendar=CALENDAR)
    columns = list(table.columns)
    assert columns[columns.index("processing_time") + 1] == "office_time"
    assert table["office_time"].dtype == "timedelta64[us]"
    found = hours(table["office_time"])
    assert found[:3] == [2, 1, 1]
    assert np.isnan(found[3])  # its start is not known


def test_a_closed_case_is_measured_to_its_closing_and_an_open_one_to_as_of(
    log: pm.EventLog,
) -> None:
    table = pm.cases(log, calendar=CALENDAR, as_of="2025-05-06 12:00")
    columns = list(table.columns)
    assert columns[columns.index("age") + 1] == "office_time"
    assert table["state"].tolist() == ["closed", "open"]
    assert hours(table["office_time"]) == [4, 8 + 8 + 4]


def test_where_closing_is_unknown_the_last_step_ends_the_measure() -> None:
    log = pm.read(ROWS, case="case", activity="activity", start="start", end="end", tz=ZONE)
    table = pm.cases(log, calendar=CALENDAR)
    assert hours(table["office_time"]) == [4, 9]


def test_a_case_that_had_not_begun_has_no_office_time(log: pm.EventLog) -> None:
    table = pm.cases(log, calendar=CALENDAR, as_of="2025-05-01")
    assert table["state"].tolist() == ["open", "not_started"]
    assert table["office_time"].isna().tolist() == [False, True]


def test_without_a_calendar_the_tables_are_as_they_were(log: pm.EventLog) -> None:
    assert "office_time" not in pm.steps(log).columns
    assert "office_time" not in pm.cases(log).columns


def test_office_time_adds_nothing_to_the_other_columns(log: pm.EventLog) -> None:
    for table in (pm.steps, pm.cases):
        with_hours = table(log, calendar=CALENDAR).drop(columns="office_time")
        pd.testing.assert_frame_equal(with_hours, table(log))


def test_a_log_with_ends_only_has_no_office_time_of_steps() -> None:
    log = pm.read(ROWS, case="case", activity="activity", timestamp="end", tz=ZONE)
    assert pm.steps(log, calendar=CALENDAR)["office_time"].isna().all()


def test_a_calendar_of_another_zone_is_refused_in_words(log: pm.EventLog) -> None:
    for table in (pm.steps, pm.cases):
        with pytest.raises(ProcmineError, match="zone Europe/Rome, the log of Europe/Bucharest"):
            table(log, calendar=Calendar("IT"))


def test_a_log_outside_the_years_of_the_calendar_is_refused(log: pm.EventLog) -> None:
    with pytest.raises(CalendarCoverageError, match="is in 2025, the calendar covers 2020 to 2024"):
        pm.steps(log, calendar=Calendar("RO", years=(2020, 2024)))
