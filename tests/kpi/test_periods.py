"""Days, ISO weeks, months, quarters and years of the office against plain dates."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.errors import ProcmineError
from procmine.kpi.periods import check_period, period_labels, period_numbers, period_starts
from tests import oracle
from tests.bound import ZONE

PERIODS = st.sampled_from("DWMQY")
DATES = st.dates(date(1890, 1, 1), date(2200, 12, 31)) | st.builds(
    date, st.integers(1995, 2035), st.sampled_from((1, 12)), st.integers(1, 31)
)
"""Any day, and days around the turn of a year, where ISO weeks are odd."""


def numbers(days: list[date], period: str) -> np.ndarray:
    return period_numbers(pd.DatetimeIndex(days), period)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        # the examples of the ISO week date in ISO 8601: years that lend a week to one another
        ("2005-01-01", "2004-W53"),
        ("2005-12-31", "2005-W52"),
        ("2007-01-01", "2007-W01"),
        ("2008-12-29", "2009-W01"),
        ("2010-01-03", "2009-W53"),
        ("2026-11-21", "2026-W47"),
        ("2027-01-01", "2026-W53"),
    ],
)
def test_weeks_are_those_of_iso_8601(day, week):
    assert period_labels(period_starts(numbers([day], "W"), "W"), "W") == [week]


@pytest.mark.parametrize(
    ("period", "start", "label"),
    [
        ("D", "2026-11-21", "2026-11-21"),
        ("W", "2026-11-16", "2026-W47"),
        ("M", "2026-11-01", "2026-11"),
        ("Q", "2026-10-01", "2026-Q4"),
        ("Y", "2026-01-01", "2026"),
    ],
)
def test_each_period_has_its_first_day_and_its_text(period, start, label):
    starts = period_starts(numbers(["2026-11-21"], period), period)
    assert starts.tolist() == [date.fromisoformat(start)]
    assert period_labels(starts, period) == [label]


@given(st.lists(DATES, min_size=1), PERIODS)
def test_starts_and_labels_are_those_of_the_oracle(days, period):
    starts = period_starts(numbers(days, period), period)
    expected = [oracle.period_start(day, period) for day in days]
    assert starts.tolist() == expected
    assert period_labels(starts, period) == [oracle.period_label(s, period) for s in expected]


@pytest.mark.parametrize("period", "DWMQY")
@pytest.mark.parametrize("day", [date(1, 1, 1), date(900, 7, 7), date(9999, 12, 31)])
def test_far_dates_that_exports_write_for_unknown_have_their_periods(day, period):
    starts = period_starts(numbers([day], period), period)
    expected = oracle.period_start(day, period)
    assert starts.tolist() == [expected]
    assert period_labels(starts, period) == [oracle.period_label(expected, period)]


@given(DATES, st.integers(0, 800), PERIODS)
def test_numbers_count_the_periods_without_a_gap(first, more, period):
    last = date.fromordinal(first.toordinal() + more)
    low, high = numbers([first, last], period).tolist()
    found = period_starts(np.arange(low, high + 1), period).tolist()
    assert found == oracle.periods_between(first, last, period)


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2026-03-28 21:59:59.999999", "2026-03-28"),
        ("2026-03-28 22:00", "2026-03-29"),
        ("2026-03-29 20:59:59", "2026-03-29"),  # a day of 23 hours
        ("2026-03-29 21:00", "2026-03-30"),
        ("2026-10-24 21:00", "2026-10-25"),  # a day of 25 hours
        ("2026-10-25 21:59:59", "2026-10-25"),
        ("2026-10-25 22:00", "2026-10-26"),
    ],
)
def test_a_day_is_that_of_the_office_also_when_clocks_change(utc, day):
    local = pd.DatetimeIndex([utc], tz="UTC").tz_convert(ZONE)
    assert period_labels(period_starts(period_numbers(local, "D"), "D"), "D") == [day]


@pytest.mark.parametrize("period", ["d", "week", "", "2W", None])
def test_what_is_no_period_is_refused_beside_those_that_are(period):
    with pytest.raises(ProcmineError, match=r"'W' \(ISO week\)"):
        check_period(period)
