"""Day numbers of spreadsheets, in both systems of counting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.errors import TimestampError
from procmine.ingest.times import from_serials, from_text
from procmine.kernels import NAT

EPOCH = datetime(1970, 1, 1)
DAY_0 = {1900: datetime(1899, 12, 30), 1904: datetime(1904, 1, 1)}


def micros(*moments: datetime | None) -> list[int]:
    return [NAT if m is None else (m - EPOCH) // timedelta(microseconds=1) for m in moments]


def serials(values: list[Any], date_system: int = 1900) -> Any:
    return from_serials(pa.chunked_array([pa.array(values)]), date_system)


def texts(*values: str, time_format: str | None) -> Any:
    column = pa.chunked_array([pa.array(values)])
    return from_text(column, name="data", source="x.csv", time_format=time_format)


@pytest.mark.parametrize(
    ("date_system", "moment"), [(1900, datetime(2023, 3, 15)), (1904, datetime(2027, 3, 16))]
)
def test_45000_is_a_day_of_each_system(date_system: int, moment: datetime) -> None:
    found = serials([45000, None], date_system)
    assert found.micros.tolist() == micros(moment, None)
    assert not found.unreadable.any()
    assert not found.instants


def test_parts_of_a_day_are_clock_times_to_the_second() -> None:
    values = [45000.5, 45000.604166667, 45000 + 1 / 86_400, 45000.9999999]
    assert serials(values).micros.tolist() == micros(
        datetime(2023, 3, 15, 12), datetime(2023, 3, 15, 14, 30), datetime(2023, 3, 15, 0, 0, 1),
        datetime(2023, 3, 16),
    )  # fmt: skip


def test_the_day_that_never_was_is_unreadable() -> None:
    found = serials([60, 60.5, 45000])  # 29 February 1900
    assert found.unreadable.tolist() == [True, True, False]


def test_numbers_that_are_no_date_of_a_case_are_unreadable() -> None:
    found = serials([-1.0, 2025.0, 18263.0, 18264.0, 73049.5, 73052.0, 1e9, 45000.0])
    # 18264 is 1950-01-01, 73049 is 2099-12-30
    assert found.unreadable.tolist() == [True, True, True, False, False, True, True, False]


def test_numbers_that_stand_for_no_date_are_missing() -> None:
    found = serials([0, 1, 2958465, 45000])  # 1899-12-30 or -31, 1900-01-01, 9999-12-31
    assert found.sentinels.tolist() == [True, True, True, False]
    assert not found.unreadable.any()
    assert serials([0, 45000], 1904).sentinels.tolist() == [True, False]


@given(
    st.lists(st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 30)), min_size=1, max_size=10),
    st.sampled_from([1900, 1904]),
)
def test_a_number_of_days_since_the_day_0_reads_back_equal(
    moments: list[datetime], date_system: int
) -> None:
    moments = [m.replace(microsecond=0) for m in moments if m.date() != EPOCH.date()]
    values = [(moment - DAY_0[date_system]) / timedelta(days=1) for moment in moments]
    found = from_serials(pa.chunked_array([pa.array(values, pa.float64())]), date_system)
    assert found.micros.tolist() == micros(*moments)
    assert not found.unreadable.any()


# --- numbers as text ------------------------------------------------------------------------------


def test_numbers_as_text_are_read_only_where_it_is_said() -> None:
    with pytest.raises(
        TimestampError,
        match="they look like the day numbers of a spreadsheet: pass time_format='ex",
    ):
        texts("45000", "45000,5", time_format=None)
    found = texts("45000", "45000,5", "45001.25", "-", "x", "0", time_format="excel")
    assert found.micros.tolist() == micros(
        datetime(2023, 3, 15), datetime(2023, 3, 15, 12), datetime(2023, 3, 16, 6), None, None, None
    )
    assert found.unreadable.tolist() == [False, False, False, False, True, False]
    assert found.sentinels.tolist() == [False] * 5 + [True]
    assert texts("45000", time_format="excel1904").micros.tolist() == micros(datetime(2027, 3, 16))


def test_text_that_is_no_number_is_refused_in_the_format_of_a_spreadsheet() -> None:
    with pytest.raises(TimestampError, match="2 of 2 filled cells do not fit time_format='excel'"):
        texts("31.03.2025", "01.04.2025", time_format="excel")
