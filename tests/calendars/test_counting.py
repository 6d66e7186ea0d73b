"""Counting working days and rolling: beside an oracle, by their laws, and at their edges."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.calendars import Calendar
from procmine.errors import CalendarCoverageError, CalendarError
from tests.calendars.oracle_calendar import nth_working_day, rolled, working_days

HOLIDAYS = frozenset(
    date(2024, month, day) for month, day in ((1, 1), (2, 29), (3, 1), (5, 1), (5, 4), (12, 25))
)
BRIDGE = date(2024, 5, 2)
CALENDAR = Calendar(
    tz="UTC",
    years=(2023, 2025),
    days=[
        *({"date": str(day), "role": "both"} for day in HOLIDAYS),
        {"date": str(BRIDGE), "role": "office", "kind": "bridge"},
        {"date": "2024-05-03", "role": "deadline", "kind": "equated"},
    ],
)
days = st.dates(date(2023, 12, 20), date(2025, 1, 20))
counts = st.integers(-150, 150)


@given(day=days, n=counts)
def test_the_nth_working_day_is_that_of_the_oracle(day: date, n: int) -> None:
    assert CALENDAR.add_days(day, n).astype(object) == nth_working_day(day, n, HOLIDAYS)


@given(start=days, end=days)
def test_working_days_are_those_of_the_oracle(start: date, end: date) -> None:
    assert CALENDAR.working_days(start, end) == working_days(start, end, HOLIDAYS)
    office = HOLIDAYS | {BRIDGE}
    assert CALENDAR.working_days(start, end, role="office") == working_days(start, end, office)


@given(day=days, roll_saturday=st.booleans(), equated=st.booleans())
def test_a_day_rolls_as_the_oracle_does(day: date, roll_saturday: bool, equated: bool) -> None:
    on = ["sun", "holiday"] + ["sat"] * roll_saturday + ["equated"] * equated
    off = HOLIDAYS | ({date(2024, 5, 3)} if equated else set())
    expected = rolled(day, {6, 5} if roll_saturday else {6}, frozenset(off))
    assert CALENDAR.roll(day, on=on).astype(object) == expected


@given(day=days, n=st.integers(0, 150), role=st.sampled_from(["deadline", "office"]))
def test_counting_undoes_adding(day: date, n: int, role: str) -> None:
    assert CALENDAR.working_days(day, CALENDAR.add_days(day, n, role=role), role=role) == n


@given(day=days, n=st.integers(1, 100), m=st.integers(1, 100))
def test_adding_twice_is_adding_the_sum(day: date, n: int, m: int) -> None:
    for sign in (1, -1):
        twice = CALENDAR.add_days(CALENDAR.add_days(day, sign * n), sign * m)
        assert twice == CALENDAR.add_days(day, sign * (n + m))


@given(a=days, b=days, c=days)
def test_working_days_add_up(a: date, b: date, c: date) -> None:
    parts = CALENDAR.working_days(a, b) + CALENDAR.working_days(b, c)
    assert CALENDAR.working_days(a, c) == parts


@given(day=days)
def test_a_rolled_day_stays(day: date) -> None:
    once = CALENDAR.roll(day)
    assert CALENDAR.roll(once) == once


def test_plain_days_know_no_holidays_and_a_leap_day_is_a_day() -> None:
    assert str(CALENDAR.add_days("2024-02-28", 1, unit="day")) == "2024-02-29"
    assert str(CALENDAR.add_days("2024-02-28", 2, unit="day")) == "2024-03-01"
    assert str(CALENDAR.add_days("2024-02-28", 1)) == "2024-03-04"


def test_zero_days_are_the_day_itself_even_on_a_sunday() -> None:
    assert str(CALENDAR.add_days("2024-06-02", 0)) == "2024-06-02"


def test_the_number_of_days_may_be_one_a_day() -> None:
    found = CALENDAR.add_days("2024-06-03", [1, 5, -1])
    assert found.dtype == np.dtype("datetime64[D]")
    assert [str(day) for day in found] == ["2024-06-04", "2024-06-10", "2024-05-31"]


def test_a_series_of_instants_is_counted_by_local_days() -> None:
    calendar = Calendar("RO")
    late = pd.Series(
        pd.to_datetime(["2025-01-08 22:30", None]).tz_localize("UTC"), index=["a", "b"]
    )
    found = calendar.add_days(late, 1)
    assert list(found.index) == ["a", "b"]
    assert found.dtype == "datetime64[us]"
    assert found["a"] == pd.Timestamp("2025-01-10")  # 22:30 in UTC is the 9th in Bucharest
    assert pd.isna(found["b"])


def test_missing_days_stay_missing() -> None:
    days = np.array(["2024-06-03", "NaT"], dtype="datetime64[D]")
    assert np.isnat(CALENDAR.add_days(days, 3)).tolist() == [False, True]
    assert np.isnat(CALENDAR.roll(days)).tolist() == [False, True]
    assert np.isnan(CALENDAR.working_days(days, "2024-06-04")).tolist() == [False, True]
    found = CALENDAR.working_days(pd.Series(days.astype("datetime64[us]")), "2024-06-04")
    assert found.dtype == "Int64"
    assert found.isna().tolist() == [False, True]
    assert CALENDAR.is_working_day(days).tolist() == [True, False]
    assert CALENDAR.working_days(days[:1], "2024-06-04").dtype == np.int64


def test_an_answer_outside_the_years_covered_raises_in_both_directions() -> None:
    with pytest.raises(
        CalendarCoverageError, match="counted from 2025-12-30, lies outside the years 2023 to 2025"
    ):
        CALENDAR.add_days("2025-12-30", 2)
    with pytest.raises(CalendarCoverageError, match="counted from 2023-01-03"):
        CALENDAR.add_days("2023-01-03", -2)
    with pytest.raises(CalendarCoverageError, match="2026-01-01 is in 2026"):
        CALENDAR.add_days("2025-12-30", 2, unit="day")
    ends_closed = Calendar(tz="UTC", years=(2022, 2022))  # 31 December is a Saturday
    with pytest.raises(CalendarCoverageError, match="2022-12-31"):
        ends_closed.roll("2022-12-31")


def test_the_day_before_1970_is_an_answer_like_any_other() -> None:
    calendar = Calendar(tz="UTC", years=(1969, 1970))
    assert str(calendar.roll("1969-12-31")) == "1969-12-31"
    assert str(calendar.add_days("1969-12-30", 1)) == "1969-12-31"
    assert str(calendar.add_days("1970-01-02", -2)) == "1969-12-31"


def test_questions_that_mean_nothing_are_refused() -> None:
    with pytest.raises(CalendarError, match="role='offices' is neither"):
        CALENDAR.is_working_day("2024-06-03", role="offices")
    with pytest.raises(CalendarError, match="unit='week' is neither"):
        CALENDAR.add_days("2024-06-03", 1, unit="week")
    with pytest.raises(
        CalendarError, match=r"on= 'holidays' is none of(.|\n)*did you mean 'holiday'"
    ):
        CALENDAR.roll("2024-06-03", on=["holidays"])
    with pytest.raises(CalendarError, match="give whole numbers of days"):
        CALENDAR.add_days("2024-06-03", 1.5)


def test_the_day_table_holds_the_days_asked_for_and_cannot_be_written_to() -> None:
    first = (date(2024, 4, 29) - date(1970, 1, 1)).days
    table = CALENDAR.day_table(first, first + 6)
    assert len(table) == 7
    assert table.first == first
    assert table.weekday.tolist() == list(range(7))
    assert table.holiday.tolist() == [False, False, True, False, False, True, False]
    assert table.equated.tolist() == [False] * 4 + [True] + [False] * 2
    assert table.office_off.tolist() == [False, False, True, True, False, True, False]
    assert table.office_open.tolist() == [True, True, False, False, True, False, False]
    with pytest.raises(ValueError, match="read-only"):
        table.holiday[0] = True
    with pytest.raises(CalendarCoverageError, match="2022-12-31"):
        CALENDAR.day_table(CALENDAR.first_day - 1, first)


@given(first=days, length=st.integers(0, 200))
def test_the_day_table_agrees_with_its_questions(first: date, length: int) -> None:
    number = (first - date(1970, 1, 1)).days
    table = CALENDAR.day_table(number, number + length)
    asked = [first + timedelta(days=n) for n in range(length + 1)]
    assert (table.office_open == CALENDAR.is_working_day(asked, role="office")).all()
    lawful = (table.weekday < 5) & ~table.holiday
    assert (lawful == CALENDAR.is_working_day(asked)).all()
