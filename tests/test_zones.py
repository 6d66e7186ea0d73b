"""Local times and instants: the hours that clocks repeat or leave out, against the standard library's zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from procmine.kernels import NAT, Ints
from procmine.zones import resolved, to_local, to_utc

EPOCH = datetime(1970, 1, 1)
ZONES = [
    "Europe/Bucharest", "Europe/Athens", "Europe/Rome", "Europe/Amsterdam", "Europe/Dublin",
    "Europe/Lisbon", "Europe/London", "Europe/Helsinki", "Europe/Sofia", "Europe/Chisinau",
    "Europe/Istanbul", "Europe/Moscow", "CET", "EET", "WET", "Atlantic/Azores",
    "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "UTC",
]  # fmt: skip
YEARS = (1996, 2015, 2026, 2037)


def micros(*moments: datetime) -> Ints:
    return np.array([(m - EPOCH) // timedelta(microseconds=1) for m in moments])


def quarters(year: int) -> list[datetime]:
    """Every quarter of an hour of the days around which clocks change."""
    days = [datetime(year, month, day) for month in (3, 4, 9, 10, 11) for day in range(1, 31)]
    return [day + timedelta(minutes=15 * i) for day in days for i in range(24)]


@pytest.mark.parametrize("tz", ZONES)
def test_every_policy_agrees_with_the_standard_library(tz: str) -> None:
    zone = ZoneInfo(tz)
    moments = [moment for year in YEARS for moment in quarters(year)]
    first, last = (
        [m.replace(tzinfo=zone, fold=fold).astimezone(UTC) for m in moments] for fold in (0, 1)
    )
    real = np.array(
        [f.astimezone(zone).replace(tzinfo=None) == m for f, m in zip(first, moments, strict=True)]
    )
    two = np.array([f != s for f, s in zip(first, last, strict=True)])
    plain = micros(*moments)
    for clock_change, expected in (("first", first), ("last", last)):
        found = resolved(plain, tz, clock_change)
        np.testing.assert_array_equal(found.never, ~real)
        np.testing.assert_array_equal(found.twice, two & real)
        wanted = micros(*(moment.replace(tzinfo=None) for moment in expected))
        np.testing.assert_array_equal(found.instants[real], wanted[real])
    rejected = resolved(plain, tz, "reject")
    np.testing.assert_array_equal(rejected.instants == NAT, two)
    np.testing.assert_array_equal(rejected.twice | rejected.never, two)


@pytest.mark.parametrize(
    ("tz", "hour"),
    [
        ("Europe/Bucharest", 3), ("Europe/Athens", 3), ("Europe/Rome", 2), ("Europe/Amsterdam", 2),
    ],
)  # fmt: skip
def test_the_hour_that_comes_twice_is_the_one_of_the_country(tz: str, hour: int) -> None:
    minutes = [datetime(2026, 10, 25) + timedelta(minutes=i) for i in range(360)]
    found = resolved(micros(*minutes), tz)
    assert {minutes[i].hour for i in np.flatnonzero(found.twice)} == {hour}
    assert int(found.twice.sum()) == 60
    spring = [datetime(2026, 3, 29) + timedelta(minutes=i) for i in range(360)]
    found = resolved(micros(*spring), tz)
    assert {spring[i].hour for i in np.flatnonzero(found.never)} == {hour}


def test_a_time_that_never_was_becomes_the_moment_of_the_change() -> None:
    for clock_change in ("first", "last"):
        found = resolved(micros(datetime(2026, 3, 29, 3, 30)), "Europe/Bucharest", clock_change)
        assert to_local(found.instants, "Europe/Bucharest") == micros(datetime(2026, 3, 29, 4))


def test_missing_times_stay_missing_and_are_no_clock_change() -> None:
    local = np.array([NAT, micros(datetime(2026, 10, 25, 3, 30))[0]])
    for clock_change in ("first", "last", "reject"):
        found = resolved(local, "Europe/Bucharest", clock_change)
        assert found.instants[0] == NAT
        assert found.twice.tolist() == [False, True]


def test_the_counts_of_to_utc_are_those_of_the_first_policy() -> None:
    local = micros(datetime(2026, 10, 25, 3, 30), datetime(2026, 3, 29, 3, 30))
    instants, twice, never = to_utc(local, "Europe/Bucharest")
    assert (twice, never) == (1, 1)
    assert instants.tolist() == resolved(local, "Europe/Bucharest").instants.tolist()


def test_another_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="clock_change='second' is none of first, last, reject"):
        resolved(micros(EPOCH), "UTC", "second")


@pytest.mark.parametrize("tz", ZONES)
def test_the_moment_of_a_change_has_the_new_offset_even_where_it_is_the_latest(tz: str) -> None:
    change = datetime(2026, 3, 29, 1)
    for moment in (change, change - timedelta(microseconds=1)):
        wanted = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).replace(tzinfo=None)
        assert to_local(micros(moment), tz).tolist() == micros(wanted).tolist()
        assert to_local(micros(EPOCH, moment), tz)[1] == micros(wanted)[0]


@pytest.mark.parametrize("tz", ["Europe/Bucharest", "Europe/Rome", "Australia/Lord_Howe", "UTC"])
def test_the_yearly_rule_holds_after_the_year_2100(tz: str) -> None:
    zone = ZoneInfo(tz)
    moments = [
        datetime(year, month, day, hour, 45)
        for year in (2099, 2100, 2101, 2205, 2500, 2501, 2903, 9998)
        for month in range(1, 13)
        for day in (1, 25, 26, 27, 28)
        for hour in (2, 12)
    ]
    aware = [moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) for moment in moments]
    found = resolved(micros(*moments), tz)
    np.testing.assert_array_equal(found.instants[~found.never], micros(*aware)[~found.never])
    np.testing.assert_array_equal(
        to_local(found.instants, tz)[~found.never], micros(*moments)[~found.never]
    )
