"""Clock times in a column of their own."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.ingest.times import clock_micros
from procmine.kernels import NAT

SECOND = 1_000_000
HALF_PAST_TWO = (14 * 60 + 30) * 60 * SECOND


def read(values: Any, kind: pa.DataType | None = None) -> tuple[list[int], list[bool]]:
    micros, unreadable = clock_micros(pa.chunked_array([pa.array(values, kind)]))
    return micros.tolist(), unreadable.tolist()


@pytest.mark.parametrize(
    "text",
    [
        "14:30", "14.30", " 14:30:00 ", "14.30.00", "14:30:00,000", "2:30 PM", "2:30 μ.μ.", "02:30:00 μμ",
        "2:30pm", "h 14:30", "ora 14:30", "ore 14.30", "0,604166667", "0.604166667",
        "1899-12-30 14:30:00", "30.12.1899 14:30", "01/01/1900 14:30", "1970-01-01T14:30",
    ],
)  # fmt: skip
def test_each_way_of_writing_a_clock_time_is_read(text: str) -> None:
    assert read([text, "", None, "-"]) == ([HALF_PAST_TWO, NAT, NAT, NAT], [False] * 4)


@pytest.mark.parametrize(
    "text",
    [
        "24:00", "14:60", "14:30:60", "25.10", "13:00 PM", "0:30 AM", "14", "8", "dimineața", "1,5",
        "2025-03-31 14:30", "31.03.2025", "45000",
    ],
)  # fmt: skip
def test_what_is_no_clock_time_is_unreadable(text: str) -> None:
    assert read([text, "08:00"]) == ([NAT, 8 * 3600 * SECOND], [True, False])


@pytest.mark.parametrize(
    ("text", "hour"), [("12:15 AM", 0), ("12:15 PM", 12), ("12:15 π.μ.", 0), ("12:15 μ.μ.", 12)]
)
def test_noon_and_midnight_are_twelve(text: str, hour: int) -> None:
    assert read([text])[0] == [(hour * 60 + 15) * 60 * SECOND]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (time(14, 30), pa.time64("us")),
        (time(14, 30), pa.time64("ns")),
        (time(14, 30), pa.time32("s")),
        (datetime(1899, 12, 30, 14, 30), pa.timestamp("us")),
        (datetime(1900, 1, 1, 14, 30), pa.timestamp("ms")),
        (timedelta(hours=14, minutes=30), pa.duration("ms")),
        (14.5 / 24, pa.float64()),
    ],
)
def test_typed_clock_times_are_read(value: Any, kind: pa.DataType) -> None:
    assert read([value, None], kind) == ([HALF_PAST_TWO, NAT], [False, False])


def test_the_clock_time_of_a_true_date_is_not_taken_from_it() -> None:
    assert read([datetime(2025, 3, 31, 14, 30)], pa.timestamp("us")) == ([NAT], [True])


def test_numbers_that_are_no_part_of_a_day_are_unreadable() -> None:
    assert read([-0.25, 0.0, 1.0, 45000.5]) == ([NAT, 0, NAT, NAT], [True, False, True, True])
    assert read([timedelta(hours=30)], pa.duration("s")) == ([NAT], [True])


@given(st.lists(st.integers(0, 86_399), min_size=1, max_size=20))
def test_parts_of_a_day_with_nine_decimals_are_read_to_the_second(seconds: list[int]) -> None:
    expected = [second * SECOND for second in seconds]
    fractions = np.array(seconds) / 86_400
    assert read(fractions)[0] == expected
    assert read([f"{part:.9f}" for part in fractions])[0] == expected


@given(st.lists(st.times() | st.none(), min_size=1, max_size=20))
def test_clock_times_written_to_the_microsecond_read_back_equal(times: list[time | None]) -> None:
    expected = [
        NAT if t is None else ((t.hour * 60 + t.minute) * 60 + t.second) * SECOND + t.microsecond
        for t in times
    ]
    for pattern in ("%H:%M:%S.%f", "%H.%M.%S,%f", "%I:%M:%S.%f %p"):
        assert (
            read([None if t is None else t.strftime(pattern) for t in times], pa.string())[0]
            == expected
        )
