"""Dates that stand for no date, and cells that stand for an empty one."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pytest

from procmine.ingest.times import from_arrow, from_text
from procmine.kernels import NAT

SENTINELS = [
    datetime(1, 1, 1), datetime(1753, 1, 1), datetime(1899, 12, 30), datetime(1899, 12, 31),
    datetime(1900, 1, 1), datetime(1904, 1, 1), datetime(1970, 1, 1), datetime(2099, 12, 31),
    datetime(2100, 1, 1), datetime(2999, 12, 31), datetime(9999, 12, 31),
]  # fmt: skip


def read(*texts: str | None, **options: Any) -> Any:
    column = pa.chunked_array([pa.array(texts, pa.string())])
    return from_text(column, name="data", source="x.csv", **options)


def typed(values: list[Any], kind: pa.DataType) -> Any:
    return from_arrow(pa.chunked_array([pa.array(values, kind)]))


@pytest.mark.parametrize("day", SENTINELS, ids=str)
@pytest.mark.parametrize("mark", ["ISO", ".", "/", "digits"])
def test_a_date_that_stands_for_none_is_missing_and_counted(day: datetime, mark: str) -> None:
    wanted = f"{day.year:04d}-{day:%m-%d}"
    other = "2025-03-31"
    if mark == "digits":
        wanted, other = wanted.replace("-", ""), other.replace("-", "")
    elif mark != "ISO":
        wanted, other = (mark.join(reversed(text.split("-"))) for text in (wanted, other))
    found = read(other, wanted, "")
    assert found.sentinels.tolist() == [False, True, False]
    assert (found.micros == NAT).tolist() == [False, True, True]
    assert not found.unreadable.any()


@pytest.mark.parametrize(
    "text",
    ["00.00.0000", "00/00/0000", "00-00-0000", "0000-00-00", "0000-00-00 00:00:00", "00000000", "0.0.0000"],
)  # fmt: skip
def test_a_date_of_zeros_is_missing_and_counted(text: str) -> None:
    for other in ("31.03.2025", "2025-03-31"):
        found = read(other, text)
        assert found.sentinels.tolist() == [False, True]
        assert not found.unreadable.any()


@pytest.mark.parametrize(
    "text",
    ["9999-12-31 23:59:59", "9999-12-31T23:59:59.999999", "1900-01-01 00:00", "9999-12-31 00:00:00.000"],
)  # fmt: skip
def test_a_clock_time_does_not_make_a_date_of_it(text: str) -> None:
    assert read("2025-03-31 08:00", text).sentinels.tolist() == [False, True]


@pytest.mark.parametrize(
    "text",
    ["9999-12-31T00:00:00+02:00", "1900-01-01T00:00:00+01:34", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
)  # fmt: skip
def test_instants_are_looked_at_in_the_zone_they_were_written_in(text: str) -> None:
    found = read("2025-03-31T08:00:00+03:00", text)
    assert found.sentinels.tolist() == [False, True]


def test_1970_stands_for_no_date_only_at_midnight() -> None:
    found = read("1970-01-01 00:00:00", "1972-01-01 00:00:00", "2025-03-31")
    assert found.sentinels.tolist() == [True, False, False]
    assert not read("1970-01-01 00:00:01", "2025-03-31").sentinels.any()


@pytest.mark.parametrize("near", ["1969-06-30", "1970-01-02", "1970-01-01 00:00:01"])
def test_the_first_day_of_1970_is_a_date_among_dates_of_its_time(near: str) -> None:
    found = read("1970-01-01", near)
    assert not found.sentinels.any()
    assert found.micros[0] == 0


def test_the_days_beside_a_sentinel_are_dates() -> None:
    texts = ["1899-12-29", "1900-01-02", "1904-01-02", "2099-12-30", "2100-01-02", "9999-12-30"]
    assert not read(*texts).sentinels.any()
    assert (read(*texts).micros != NAT).all()


@pytest.mark.parametrize(
    "kind", [pa.date32(), pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us")]
)
def test_typed_dates_that_stand_for_none_are_missing_too(kind: pa.DataType) -> None:
    values: list[Any] = [*SENTINELS, datetime(2025, 3, 31), None]
    if pa.types.is_date(kind):
        values = [
            None if value is None else date(value.year, value.month, value.day) for value in values
        ]
    found = typed(values, kind)
    assert found.sentinels.tolist() == [True] * len(SENTINELS) + [False, False]
    assert (found.micros == NAT).tolist() == [True] * len(SENTINELS) + [False, True]
    assert not found.unreadable.any()


def test_typed_instants_that_stand_for_none_are_missing_too() -> None:
    zone = timezone(timedelta(hours=2))
    values = [datetime(1900, 1, 1, tzinfo=zone), datetime(2025, 3, 31, tzinfo=zone)]
    assert typed(values, pa.timestamp("us", "Europe/Bucharest")).sentinels.tolist() == [True, False]


def test_typed_times_that_are_passed_in_stay_as_they_were() -> None:
    column = pa.chunked_array([pa.array([datetime(1900, 1, 1)], pa.timestamp("us"))])
    from_arrow(column)
    assert column.to_pylist() == [datetime(1900, 1, 1)]


def test_a_format_that_is_given_reads_far_dates_and_knows_them() -> None:
    found = read("31 12 9999", "31 03 2025", "-", "00.00.0000", time_format="%d %m %Y")
    assert found.sentinels.tolist() == [True, False, False, True]
    assert found.placeholders.tolist() == [False, False, True, False]


# --- cells that stand for an empty one ------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["-", "--", "–", "—", "n/a", "N/A", "#N/A", "null", "NULL", "None", "nan", "…", "...", "?", " - "]
)  # fmt: skip
def test_a_placeholder_is_missing_and_counted(text: str) -> None:
    found = read("31.03.2025", text, "")
    assert found.placeholders.tolist() == [False, True, False]
    assert (found.micros == NAT).tolist() == [False, True, True]
    assert not found.unreadable.any()


@pytest.mark.parametrize("text", ["în lucru", "in lucru", "fără", "x", "0", "#VALUE!", "azi"])
def test_words_are_no_placeholders(text: str) -> None:
    found = read("31.03.2025", text)
    assert found.unreadable.tolist() == [False, True]
    assert not found.placeholders.any()


def test_a_column_of_placeholders_is_an_empty_one() -> None:
    found = read("-", "-", "n/a", "")
    assert found.placeholders.sum() == 3
    assert (found.micros == NAT).all()
