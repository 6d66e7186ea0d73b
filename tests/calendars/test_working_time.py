"""Office time between instants: beside an oracle, by its laws, and at its edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.calendars import Calendar, clock
from procmine.errors import CalendarCoverageError, CalendarError
from procmine.kernels import NAT
from tests.calendars.oracle_calendar import MINUTE, Office

USUAL = {day: [(480, 960)] for day in range(5)}
NIGHTS = {day: [(0, 360), (1320, 1440)] for day in range(7)}
ODD = {0: [(0, 205), (207, 1440)], 2: [(481, 963)], 6: [(100, 200), (200, 230)]}
CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
MOMENTS = (*CHANGES, datetime(2024, 2, 28, 12, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC))
OWN_DAYS = [
    {"date": "2026-03-30", "role": "office", "kind": "bridge"},
    {
        "date": "2026-10-24",
        "role": "office",
        "kind": "working",
        "hours": "02:00-05:00, 20:00-24:00",
    },
    {"date": "2026-10-26", "role": "deadline"},
]
OWN = {date(2026, 10, 24): [(120, 300), (1200, 1440)]}
OFF = frozenset({date(2026, 3, 30)})
CASES = (
    (Calendar(tz="Europe/Bucharest", years=(2024, 2027)), Office("Europe/Bucharest", USUAL)),
    (
        Calendar(
            tz="Europe/Rome",
            years=(2024, 2027),
            hours={"mon-sun": "00:00-06:00, 22:00-24:00"},
            days=OWN_DAYS,
        ),
        Office("Europe/Rome", NIGHTS, OFF, OWN),
    ),
    (
        Calendar(
            tz="Atlantic/Azores",  # its clocks change at midnight
            years=(2024, 2027),
            hours={
                "mon": "00:00-03:25, 03:27-24:00",
                "wed": "08:01-16:03",
                "sun": "01:40-03:20, 03:20-03:50",
            },
        ),
        Office("Atlantic/Azores", ODD),
    ),
)
pairs = pytest.mark.parametrize(
    ("calendar", "office"), CASES, ids=["usual", "nights", "odd, clocks change at midnight"]
)
instants = st.builds(
    lambda moment, minutes: moment + minutes * MINUTE,
    st.sampled_from(MOMENTS),
    st.integers(-2_000, 2_000),
)


def office_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    return timedelta(microseconds=int(calendar.working_time(start, end).view(np.int64)))


@pairs
@given(moment=instants, minutes=st.integers(0, 3_000))
def test_office_time_is_that_of_the_oracle(
    calendar: Calendar, office: Office, moment: datetime, minutes: int
) -> None:
    end = moment + minutes * MINUTE
    assert office_time(calendar, moment, end) == office.working_time(moment, end)


@pairs
@given(
    times=st.lists(instants, min_size=3, max_size=3).map(sorted), shift=st.integers(0, 59_999_999)
)
def test_office_time_adds_up(
    calendar: Calendar, office: Office, times: list[datetime], shift: int
) -> None:
    a, b, c = times[0], times[1] + timedelta(microseconds=shift), times[2] + MINUTE
    parts = office_time(calendar, a, b) + office_time(calendar, b, c)
    assert office_time(calendar, a, c) == parts


@pairs
@given(moment=instants, microseconds=st.integers(0, 10**10))
def test_office_time_is_never_longer_than_time(
    calendar: Calendar, office: Office, moment: datetime, microseconds: int
) -> None:
    length = timedelta(microseconds=microseconds)
    assert timedelta() <= office_time(calendar, moment, moment + length) <= length


@given(moment=instants, minutes=st.integers(0, 30_000), weeks=st.integers(-20, 20))
def test_office_time_is_the_same_some_weeks_later_where_there_are_neither_holidays_nor_clock_changes(
    moment: datetime, minutes: int, weeks: int
) -> None:
    calendar = Calendar(tz="UTC+02:00", years=(2023, 2027), hours={"mon-sat": "07:20-15:00"})
    end, shift = moment + minutes * MINUTE, timedelta(weeks=weeks)
    shifted = office_time(calendar, moment + shift, end + shift)
    assert shifted == office_time(calendar, moment, end)


@given(moment=instants, minutes=st.integers(0, 3_000))
def test_a_search_and_the_table_agree(moment: datetime, minutes: int) -> None:
    calendar = CASES[1][0]
    table = clock.clock_of(calendar, 2024, 2027)
    searching = clock.Clock(
        table.begin, table.cell, table.packed[:0], table.opens, table.closes, table.passed
    )
    start = np.array([int(moment.timestamp()) * 1_000_000])
    end = start + minutes * 60_000_000
    assert table.between(start, end) == searching.between(start, end)


def test_a_grid_too_fine_for_a_table_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = Calendar(tz="Europe/Rome", years=(2026, 2027), hours={"mon": "08:01-16:02"})
    monkeypatch.setattr(clock, "_MOST_CELLS", 100)
    clock.clock_of.cache_clear()
    assert not len(clock.clock_of(calendar, 2026, 2026).packed)
    time = calendar.working_time("2026-01-05 00:00", "2026-01-12 08:02")
    clock.clock_of.cache_clear()
    assert time == np.timedelta64(8 * 60 + 2, "m")


def test_a_week_with_a_holiday_has_four_days_of_office_hours() -> None:
    calendar = Calendar("RO", hours={"mon-thu": "08:00-16:30", "fri": "08:00-14:00"})
    week = calendar.working_time("2025-04-28", "2025-05-05")  # Thursday 1 May is a holiday
    assert week == np.timedelta64(3 * 510 + 360, "m")


def test_night_hours_are_an_hour_shorter_and_longer_on_the_nights_of_the_changes() -> None:
    night = Calendar(tz="Europe/Bucharest", hours={"mon-sun": "00:00-06:00, 22:00-24:00"})
    hours = [
        night.working_time(f"{evening} 22:00", f"{morning} 06:00") / np.timedelta64(1, "h")
        for evening, morning in (
            ("2026-03-27", "2026-03-28"),
            ("2026-03-28", "2026-03-29"),
            ("2026-10-24", "2026-10-25"),
        )
    ]
    assert hours == [8, 7, 9]


def test_hours_may_end_at_midnight_and_whole_weeks_be_open() -> None:
    always = Calendar(tz="UTC", hours={"mon-sun": "00:00-24:00"})
    assert always.working_time("2024-02-28 23:59", "2024-03-01 00:01") == np.timedelta64(1442, "m")


def test_an_office_that_never_opens_has_no_office_time() -> None:
    never = Calendar(tz="UTC", hours={"mon-sun": "closed"})
    assert never.working_time("2024-01-01", "2025-01-01") == np.timedelta64(0, "us")


def test_a_recovery_saturday_has_the_hours_of_monday_or_its_own() -> None:
    days = [
        {"date": "2025-05-10", "role": "office", "kind": "working"},
        {"date": "2025-05-17", "role": "office", "kind": "working", "hours": "09:00-12:00"},
    ]
    calendar = Calendar("RO", days=days, hours={"mon": "08:00-14:00", "tue-fri": "08:00-16:00"})
    found = calendar.working_time(["2025-05-10", "2025-05-17"], ["2025-05-11", "2025-05-18"])
    assert list(found / np.timedelta64(1, "h")) == [6, 3]
    assert calendar.is_working_day("2025-05-10", role="office")
    assert not calendar.is_working_day("2025-05-10", role="deadline")


def test_an_extra_working_day_opens_the_office_on_a_holiday_and_terms_still_roll() -> None:
    days = [{"date": "2025-06-24", "role": "office", "kind": "working", "hours": "08:00-12:00"}]
    calendar = Calendar("IT", subdivision="TO", days=days)
    assert calendar.working_time("2025-06-24", "2025-06-25") == np.timedelta64(4, "h")
    first_of_may = [{"date": "2025-05-01", "role": "office", "kind": "working"}]
    calendar = Calendar("IT", days=first_of_may)
    assert calendar.is_working_day("2025-05-01", role="office")
    assert not calendar.is_working_day("2025-05-01", role="deadline")


def test_of_hours_with_dates_the_last_that_cover_a_day_hold() -> None:
    calendar = Calendar(
        tz="UTC",
        hours=[
            {"mon-fri": "08:00-16:00"},
            {"from": "2026-07-01", "until": "2026-08-31", "mon-fri": "08:00-14:00"},
            {"from": "2026-08-31", "mon-fri": "09:00-12:00"},
        ],
    )
    days = ["2026-06-30", "2026-07-01", "2026-08-28", "2026-08-31", "2026-09-01"]
    found = calendar.working_time(days, [f"{day} 23:00" for day in days])
    assert list(found / np.timedelta64(1, "h")) == [8, 6, 6, 3, 3]


def test_days_that_no_hours_cover_raise_and_others_do_not() -> None:
    weeks = [
        {"until": "2026-06-30", "mon-fri": "08:00-16:00"},
        {"from": "2026-07-11", "mon-fri": "08:00-14:00"},
    ]
    calendar = Calendar(tz="UTC", hours=weeks, years=(2026, 2026))
    assert calendar.working_time("2026-06-01", "2026-07-01") == np.timedelta64(22 * 8, "h")
    with pytest.raises(CalendarCoverageError, match=r"2026-07-01, and 1 of 2 questions") as found:
        calendar.working_time(["2026-06-01", "2026-06-30"], ["2026-06-30", "2026-07-01 00:01"])
    assert "until 2026-06-30; from 2026-07-11: add a week" in str(found.value)
    with pytest.raises(CalendarCoverageError, match="2026-07-01"):
        calendar.add_days("2026-06-30", 1, role="office")
    with pytest.raises(CalendarCoverageError, match="2026-07-10"):
        calendar.is_working_day("2026-07-10", role="office")
    assert calendar.is_working_day("2026-07-10")


@pytest.mark.parametrize("size", [0, 1, 5, 40_000])
def test_arrays_of_every_size_come_back_as_they_were_given(size: int) -> None:
    calendar = CASES[0][0]
    start = np.datetime64("2025-01-06T10:00", "us") + np.arange(size) * np.timedelta64(1, "m")
    found = calendar.working_time(start, start + np.timedelta64(1, "D"))
    assert found.dtype == np.dtype("timedelta64[us]")
    assert len(found) == size


def test_a_series_comes_back_with_its_index_and_missing_times_stay_missing() -> None:
    calendar = Calendar("RO")
    start = pd.Series(
        pd.to_datetime(["2025-01-08 10:00", None, "2025-01-08 10:00"]), index=[7, 8, 9]
    )
    end = pd.Series(pd.to_datetime(["2025-01-08 12:00", "2025-01-09 00:00", None]), index=[7, 8, 9])
    found = calendar.working_time(start, end)
    assert list(found.index) == [7, 8, 9]
    assert found.dtype == "timedelta64[us]"
    assert found[7] == pd.Timedelta(hours=2)
    assert found[8:].isna().all()
    assert np.isnat(calendar.working_time(None, "2025-01-09"))
    assert (calendar.working_microseconds(np.array([NAT]), np.array([0])) == NAT).all()


def test_times_with_a_zone_are_instants_and_times_without_are_local() -> None:
    calendar = Calendar("RO")
    local = pd.Series(pd.to_datetime(["2025-07-01 08:00"]))
    zoned = local.dt.tz_localize("Europe/Bucharest")
    hour = np.timedelta64(1, "h")
    for start in (local, zoned, zoned.dt.tz_convert("UTC"), pd.DatetimeIndex(zoned), local.array):
        assert calendar.working_time(start, "2025-07-01 09:00")[0] == hour
    assert calendar.working_time("2025-07-01T05:00+00:00", "2025-07-01 09:00") == hour


def test_one_time_goes_with_many() -> None:
    found = Calendar("RO").working_time(["2025-01-08", "2025-01-09"], "2025-01-10")
    assert list(found / np.timedelta64(1, "h")) == [16, 8]


def test_nothing_passed_in_is_changed() -> None:
    start = np.array(["2025-01-08", "2025-01-09"], dtype="datetime64[us]")
    kept = start.copy()
    start.setflags(write=False)
    Calendar("RO").working_time(start, start)
    assert (start == kept).all()


def test_intervals_that_end_before_they_start_are_counted() -> None:
    with pytest.raises(
        CalendarError, match="1 of 2 intervals end before they start, first at position 1"
    ):
        Calendar("RO").working_time(["2025-01-08", "2025-01-09"], "2025-01-08 12:00")


def test_years_outside_the_coverage_raise_with_the_year_and_what_to_do() -> None:
    with pytest.raises(
        CalendarCoverageError, match="2101-01-01 is in 2101, the calendar covers 1997 to 2100"
    ):
        Calendar("RO").working_time("2100-12-31", "2101-01-02")
    with pytest.raises(CalendarCoverageError, match=r"give years= up to \(1997, 2100\)"):
        Calendar("RO", years=(2020, 2025)).working_time("2019-12-31", "2020-01-02")


def test_the_last_moment_of_the_last_year_is_covered() -> None:
    calendar = Calendar(tz="Europe/Rome", years=(2025, 2025), hours={"mon-sun": "00:00-24:00"})
    assert calendar.working_time("2025-01-01", "2026-01-01") == np.timedelta64(365, "D")
    with pytest.raises(CalendarCoverageError):
        calendar.working_time("2025-01-01", "2026-01-01 00:01")


def test_times_that_cannot_be_read_are_told() -> None:
    calendar = Calendar("RO")
    with pytest.raises(
        CalendarError, match=r"start= holds what is no date or time: '08\.01\.2025'"
    ):
        calendar.working_time("08.01.2025", "2025-01-09")
    with pytest.raises(CalendarError, match="end= holds what is no date or time: 5"):
        calendar.working_time("2025-01-08", [5])
    with pytest.raises(CalendarError, match=r"time: Time data 2025-02-30 .*\nwrite dates as 2026"):
        calendar.working_time("2025-02-30", "2025-03-01")
    with pytest.raises(CalendarError, match="have 2 and 3 values"):
        calendar.working_time(["2025-01-08"] * 2, ["2025-01-08"] * 3)
    one, other = (
        pd.Series(pd.to_datetime(["2025-01-08"])),
        pd.Series(pd.to_datetime(["2025-01-09"])),
    )
    with pytest.raises(CalendarError, match="different indexes"):
        calendar.working_time(one, other.set_axis([5]))
