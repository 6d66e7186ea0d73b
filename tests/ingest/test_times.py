"""Times: one way of writing for a column, one zone for the office, and nothing guessed in silence."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import BindingError, TimestampError
from procmine.ingest.times import (
    check_zone,
    from_arrow,
    from_text,
    looks_like_times,
    precision_of,
    propose_zone,
)
from procmine.ingest.times.order import could_be_month_first
from procmine.kernels import NAT
from procmine.zones import to_utc

EPOCH = datetime(1970, 1, 1)
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000


def micros(*moments: datetime | None) -> list[int]:
    """Wall-clock times in microseconds, as if the wall were in UTC."""
    return [NAT if m is None else (m - EPOCH) // timedelta(microseconds=1) for m in moments]


def read_texts(*texts: str | None, time_format: str | None = None) -> Any:
    column = pa.chunked_array([pa.array(texts, pa.string())])
    return from_text(column, name="data", source="x.csv", time_format=time_format)


def log_of(*times: str, **options: Any) -> pm.EventLog:
    frame = pd.DataFrame({"c": [str(i) for i in range(len(times))], "a": "A", "t": list(times)})
    return pm.read(frame, case="c", activity="a", timestamp="t", **options)


def local(log: pm.EventLog) -> list[str]:
    return [str(time) for time in log.local(log.end)]


# --- ways of writing ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("2026-03-02 08:05:07", "year-month-day (ISO 8601)"),
        ("2026-03-02T08:05:07", "year-month-day (ISO 8601)"),
        ("2026-03-02 8:05:07", "year-month-day (ISO 8601)"),
        ("2026/03/02 08:05:07", "year/month/day"),
        ("2026/3/2 8:05:07", "year/month/day"),
        ("02.03.2026 08:05:07", "day.month.year"),
        ("2.3.2026 8:05:07", "day.month.year"),
        ("02/02/2026 08:05:07", "day/month/year"),
        ("2/2/2026 8:05:07", "day/month/year"),
        ("02-02-2026 08:05:07", "day-month-year"),
        ("  02-2-2026 8:05:07 ", "day-month-year"),
    ],
)
def test_each_way_of_writing_is_read(text: str, family: str) -> None:
    found = read_texts(text)
    month = 2 if could_be_month_first(family) else 3
    assert found.micros.tolist() == micros(datetime(2026, month, 2, 8, 5, 7))
    assert (found.family, found.instants, found.unreadable.any()) == (family, False, False)


@pytest.mark.parametrize(
    ("clock", "microseconds"),
    [
        ("", 0),
        (" 08", 28_800_000_000),
        (" 8", 28_800_000_000),
        (" 08:05", 29_100_000_000),
        (" 08:05:07", 29_107_000_000),
        (" 08:05:07.5", 29_107_500_000),
        (" 08:05:07,25", 29_107_250_000),
        (" 08:05:07.123456", 29_107_123_456),
        (" 08:05:07.123456789", 29_107_123_456),
    ],
)
@pytest.mark.parametrize("day", ["2026-03-02", "02.03.2026", "2/3/2026", "2 mar. 2026"])
def test_clock_times_may_be_short_or_fine(day: str, clock: str, microseconds: int) -> None:
    order = "day first" if "/" in day else None
    assert read_texts(day + clock, time_format=order).micros.tolist() == [
        micros(datetime(2026, 3, 2))[0] + microseconds
    ]


def test_dates_and_times_may_stand_in_one_column() -> None:
    found = read_texts("02.03.2026", "2.3.2026 09:30", "02.03.2026 9:30:15,5", None, "")
    days = datetime(2026, 3, 2), datetime(2026, 3, 2, 9, 30)
    assert found.micros.tolist() == micros(
        *days, datetime(2026, 3, 2, 9, 30, 15, 500_000), None, None
    )
    assert not found.unreadable.any()


PATTERNS = [
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y/%m/%d %H:%M:%S.%f",
    "%d.%m.%Y %H:%M:%S.%f",
    "%d/%m/%Y %H:%M:%S,%f",
    "%d-%m-%Y %H.%M.%S.%f",
    "%d/%m/%Y, %H:%M:%S.%f",
    "%d.%m.%Y - %I:%M:%S.%f %p",
    "%d %B %Y %H:%M:%S.%f",
    "%d-%b-%Y %I.%M.%S.%f %p",
    "%A, %B %d, %Y %H:%M:%S.%f",
]
TRUE_TIMES = st.datetimes(datetime(1904, 1, 2), datetime(2099, 12, 30)).filter(
    lambda moment: moment != EPOCH
)


@given(moments=st.lists(TRUE_TIMES | st.none(), min_size=1, max_size=20))
@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_was_written_is_what_is_read(moments: list[datetime | None], pattern: str) -> None:
    texts = [None if m is None else m.strftime(pattern) for m in moments]
    order = "day first" if pattern[2] in "/-" and pattern[:2] == "%d" else None
    assert read_texts(*texts, time_format=order).micros.tolist() == micros(*moments)
    if "," not in pattern:
        assert read_texts(*texts, time_format=pattern).micros.tolist() == micros(*moments)


@pytest.mark.parametrize(
    "text",
    [
        "2026",
        "2026-03",
        "20260302",
        "02 03 2026",
        "2 Popescu 2026",
        "45000",
        "12:30",
    ],
)
def test_what_no_way_of_writing_fits_is_unreadable(text: str) -> None:
    found = read_texts("2026-03-02", text, "2026-03-04")
    assert found.unreadable.tolist() == [False, True, False]
    assert found.micros[1] == NAT
    assert looks_like_times(pa.array([text])) == 0.0


def test_names_of_months_need_a_format() -> None:
    found = read_texts("2 Mar 2026", "", time_format="%d %b %Y")
    assert found.micros.tolist() == micros(datetime(2026, 3, 2), None)


def test_half_the_cells_may_be_unreadable_but_not_more() -> None:
    assert read_texts("2026-03-02", "x").unreadable.tolist() == [False, True]
    with pytest.raises(TimestampError, match="2 of 3 filled cells are not times"):
        read_texts("2026-03-02", "x", "y", "")


def test_an_empty_column_has_no_times_and_no_fault() -> None:
    found = read_texts("", None, "  ")
    assert (found.micros == NAT).all()
    assert not found.unreadable.any()


def test_the_share_of_cells_that_read_as_times_leaves_empty_ones_out() -> None:
    assert looks_like_times(pa.array(["2026-03-02", "", None, "x"])) == 0.5
    assert looks_like_times(pa.array(["", None])) == 0.0


# --- offsets and instants -------------------------------------------------------------------------


@pytest.mark.parametrize("offset", ["+02:00", "+0200", " +02:00"])
def test_times_with_an_offset_are_instants(offset: str) -> None:
    found = read_texts(f"2026-03-02 08:00{offset}", "", None)
    assert found.instants
    assert found.micros.tolist() == micros(datetime(2026, 3, 2, 6), None, None)
    assert [minutes for _, minutes in found.offsets] == [120]


def test_z_is_the_offset_zero_and_negative_offsets_add() -> None:
    found = read_texts("2026-03-02T08:00:00Z", "2026-03-02T08:00:00-03:30")
    assert found.micros.tolist() == micros(datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 11, 30))
    assert sorted(minutes for _, minutes in found.offsets) == [-210, 0]


def test_a_format_with_an_offset_gives_instants() -> None:
    found = read_texts("02 03 2026 08:00 +0200", time_format="%d %m %Y %H:%M %z")
    assert found.instants
    assert found.micros.tolist() == micros(datetime(2026, 3, 2, 6))


@pytest.mark.parametrize(
    ("column", "instants"),
    [
        (pa.array([date(2026, 3, 2), None], pa.date32()), False),
        (pa.array([date(2026, 3, 2), None], pa.date64()), False),
        (pa.array([datetime(2026, 3, 2), None], pa.timestamp("s")), False),
        (pa.array([datetime(2026, 3, 2), None], pa.timestamp("ms")), False),
        (pa.array([datetime(2026, 3, 2), None], pa.timestamp("us")), False),
        (pa.array([datetime(2026, 3, 2), None], pa.timestamp("ns")), False),
        (pa.array([datetime(2026, 3, 2), None], pa.timestamp("ns", "Europe/Athens")), True),
    ],
)
def test_typed_times_keep_their_meaning(column: pa.Array, instants: bool) -> None:
    found = from_arrow(pa.chunked_array([column]))
    assert found.instants is instants
    assert found.micros.tolist() == micros(datetime(2026, 3, 2), None)
    assert not found.unreadable.any()


# --- the zone of the office -----------------------------------------------------------------------

WINTER, SUMMER = "2026-01-15", "2026-07-15"


@pytest.mark.parametrize(
    ("winter", "summer", "zone"),
    [("+01:00", "+02:00", "CET"), ("+02:00", "+03:00", "EET"), ("+00:00", "+01:00", "WET")],
)
def test_offsets_that_follow_the_clock_changes_of_the_eu_propose_a_zone(
    winter: str, summer: str, zone: str
) -> None:
    log = log_of(f"{WINTER} 08:00{winter}", f"{SUMMER} 08:00{summer}")
    assert (log.tz, log.tz_assumed) == (zone, False)
    assert local(log) == [f"{WINTER} 08:00:00{winter}", f"{SUMMER} 08:00:00{summer}"]
    assert "follow the clock changes of the EU" in log.import_report.reasons["tz"]


@pytest.mark.parametrize("offset", ["+10:00", "-05:30", "+02:00"])
def test_a_single_offset_proposes_that_fixed_zone(offset: str) -> None:
    log = log_of(f"{WINTER} 08:00{offset}", f"{SUMMER} 08:00{offset}")
    assert (log.tz, log.tz_assumed) == (f"UTC{offset}", False)
    assert local(log)[1] == f"{SUMMER} 08:00:00{offset}"
    assert f"with the offset {offset}" in log.import_report.reasons["tz"]


def test_offsets_that_follow_no_zone_are_marked_as_assumed() -> None:
    with pytest.warns(pm.DataQualityWarning, match=r"follow no zone of the EU") as warned:
        log = log_of(f"{WINTER} 08:00+01:00", f"{SUMMER} 08:00+01:00", f"{SUMMER} 09:00+02:00")
    assert len(warned) == 1
    assert (log.tz, log.tz_assumed) == ("UTC", True)
    assert local(log)[0] == f"{WINTER} 07:00:00+00:00"


def test_a_change_of_clocks_on_another_day_than_the_eus_is_no_zone_of_the_eu() -> None:
    # the United States put their clocks forward on 8 March 2026, the EU on the 29th
    name, reason = propose_zone(
        [(micros(datetime(2026, 1, 15))[0], 60), (micros(datetime(2026, 3, 20))[0], 120)]
    )
    assert name is None
    assert "+01:00, +02:00 follow no zone" in reason


def test_no_offset_proposes_nothing() -> None:
    assert propose_zone([]) == (None, "the times carry no UTC offset")


def test_local_times_without_a_zone_warn_once_and_mark_the_zone() -> None:
    with pytest.warns(pm.DataQualityWarning) as warned:
        log = log_of(f"{WINTER} 08:00", f"{SUMMER} 08:00")
    (warning,) = warned
    assert "carry no UTC offset and tz= was not given" in str(warning.message)
    assert "such as tz='Europe/Bucharest'" in str(warning.message)
    assert warning.filename == __file__  # it points at who called pm.read
    assert (log.tz, log.tz_assumed) == ("UTC", True)
    assert local(log) == [f"{WINTER} 08:00:00+00:00", f"{SUMMER} 08:00:00+00:00"]
    assert "assumed" in repr(log)


def test_a_zone_that_is_given_is_no_assumption() -> None:
    log = log_of(f"{WINTER} 08:00", f"{SUMMER} 08:00", tz="Europe/Bucharest")
    assert not log.tz_assumed
    assert local(log) == [f"{WINTER} 08:00:00+02:00", f"{SUMMER} 08:00:00+03:00"]
    assert log.import_report.reasons["tz"] == "Europe/Bucharest: as given with tz="


def test_a_zone_that_is_given_shows_instants_at_its_own_hours() -> None:
    log = log_of(f"{WINTER} 08:00+01:00", tz="Europe/Bucharest")
    assert local(log) == [f"{WINTER} 09:00:00+02:00"]


@pytest.mark.parametrize("tz", ["Europe/Bucharest", "CET", "UTC", "UTC+02:00", "UTC-05:30", "EET"])
def test_zones_have_names_or_a_fixed_offset(tz: str) -> None:
    assert check_zone(tz) == tz


@pytest.mark.parametrize(
    "tz", ["", "Bucharest", "Europe", "Europe/Nowhere", "25:00", "../etc/passwd"]
)
def test_what_is_no_zone_is_refused(tz: str) -> None:
    with pytest.raises(BindingError, match="is no time zone\nwrite it as 'Europe/Bucharest'"):
        check_zone(tz)


def test_a_misspelt_zone_is_answered_with_the_nearest() -> None:
    with pytest.raises(BindingError, match=r"\ndid you mean 'Europe/Bucharest'\?$"):
        check_zone("Europe/Bucuresti")


# --- day or month first ---------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["/", "-"])
def test_dates_that_fit_both_orders_are_refused_with_both_readings(mark: str) -> None:
    dates = [day.replace("/", mark) for day in ("02/02/2026", "03/04/2026", "12/04/2026")]
    with pytest.raises(TimestampError) as refused:
        read_texts(*dates)
    assert str(refused.value) == (
        "column 'data' in x.csv: no date tells whether the day or the month comes first: "
        f"'03{mark}04{mark}2026' is 3 April 2026 day first, or 4 March 2026 month first\n"
        f"pass time_format='%d{mark}%m{mark}%Y' if the day comes first, "
        f"or '%m{mark}%d{mark}%Y' if the month does"
    )


# --- hours that clocks repeat or leave out --------------------------------------------------------


def test_hours_that_occur_twice_or_never_are_counted() -> None:
    log = log_of(
        "2026-10-25 03:30", "2026-10-25 03:59", "2026-10-25 04:00",  # 03:00-03:59 comes twice
        "2026-03-29 03:30", "2026-03-29 04:00", "2026-03-29 02:59",  # 03:00-03:59 does not come
        tz="Europe/Bucharest",
    )  # fmt: skip
    assert local(log) == [
        "2026-10-25 03:30:00+03:00",  # the first of the two
        "2026-10-25 03:59:00+03:00",
        "2026-10-25 04:00:00+02:00",
        "2026-03-29 04:00:00+03:00",  # when clocks went forward
        "2026-03-29 04:00:00+03:00",
        "2026-03-29 02:59:00+02:00",
    ]
    notes = "\n".join(log.import_report.notes)
    assert "t: times that occurred twice when clocks were put back: 2; the first was taken" in notes
    assert "t: times that did not occur when clocks were put forward: 1" in notes


def test_instants_have_no_hour_that_occurs_twice() -> None:
    log = log_of("2026-10-25 03:30+03:00", "2026-10-25 03:30+02:00", tz="Europe/Bucharest")
    assert log.import_report.notes == ()
    assert np.diff(log.end).tolist() == [HOUR]


@given(
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1))
    | st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(
            [datetime(y, m, d) for y, m, d in ((2025, 3, 30), (2026, 10, 25), (2027, 3, 28))]
        ),
        st.integers(0, 360),
    ),
    tz=st.sampled_from(
        ["Europe/Bucharest", "CET", "EET", "Europe/Dublin", "UTC", "Australia/Lord_Howe"]
    ),
)
def test_a_local_time_is_the_instant_that_the_zone_says(moment: datetime, tz: str) -> None:
    first = moment.replace(tzinfo=ZoneInfo(tz), fold=0).astimezone(UTC)
    second = moment.replace(tzinfo=ZoneInfo(tz), fold=1).astimezone(UTC)
    exists = first.astimezone(ZoneInfo(tz)).replace(tzinfo=None) == moment
    instants, twice, never = to_utc(np.array(micros(moment)), tz)
    assert (twice, never) == (int(exists and first != second), int(not exists))
    if exists:
        assert instants.tolist() == micros(first.replace(tzinfo=None))
    else:  # between the two readings, at the moment of the change
        assert micros(second.replace(tzinfo=None))[0] <= instants[0]
        assert instants[0] <= micros(first.replace(tzinfo=None))[0]


# --- precision ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "precision"),
    [
        (["2026-03-02", "2026-10-28"], "day"),
        (["2026-03-02", "2026-03-02 00:01"], "minute"),
        (["2026-03-02 08:00", "2026-03-02 09:30"], "minute"),
        (["2026-03-02 08:00", "2026-03-02 09:30:01"], "second"),
        (["2026-03-02 08:00:00.5"], "millisecond"),
        (["2026-03-02 08:00:00.123456", "2026-03-02"], "microsecond"),
    ],
)
def test_the_precision_is_the_coarsest_unit_that_holds_every_time(
    times: list[str], precision: str
) -> None:
    assert log_of(*times, tz="Europe/Bucharest").precision == precision


def test_midnights_of_the_office_are_days_wherever_its_zone_lies() -> None:
    log = log_of("2026-01-15 00:00+02:00", "2026-07-15 00:00+03:00")
    assert (log.tz, log.precision) == ("EET", "day")
    assert (
        log_of("2026-01-15 00:00+02:00", "2026-07-15 00:00+03:00", tz="CET").precision == "minute"
    )


def test_the_precision_looks_at_every_time_not_only_the_first() -> None:
    days = np.arange(5_000, dtype=np.int64) * DAY
    assert precision_of([days], "UTC") == "day"
    days[4_321] += 60 * MINUTE
    assert precision_of([days], "UTC") == "minute"
    days[4_999] += 1
    assert precision_of([days], "UTC") == "microsecond"


def test_missing_times_have_no_precision() -> None:
    assert precision_of([np.array([NAT, 0]), np.array([DAY, NAT])], "UTC") == "day"


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=5))
def test_no_time_is_finer_than_the_precision_says(times: list[int]) -> None:
    assume(all(times))
    size = {"day": DAY, "minute": MINUTE, "second": 10**6, "millisecond": 1_000, "microsecond": 1}
    precision = precision_of([np.array(times)], "UTC")
    assert all(time % size[precision] == 0 for time in times)
    finer = [unit for unit in size if size[unit] > size[precision]]
    assert all(any(time % size[unit] for time in times) for unit in finer)


def test_the_pattern_of_offsets_is_told_at_most_six_at_a_time() -> None:
    start = micros(datetime(2026, 1, 1))[0]
    _, reason = propose_zone([(start + i, 15 * i) for i in range(20)])
    assert len(re.findall(r"[+-]\d\d:\d\d", reason)) == 6
