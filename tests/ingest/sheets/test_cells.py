"""A column of a spreadsheet has one type, and whatever stands out in it is kept visible."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from procmine.errors import TimestampError
from procmine.ingest import times
from procmine.ingest.sheets.cells import TypedColumn, typed_column

DAY, NEXT = date(2025, 10, 1), datetime(2025, 10, 2, 8, 30)


def typed(cells: list[Any], **how: Any) -> TypedColumn:
    rows = np.arange(2, len(cells) + 2, dtype=np.int32)
    return typed_column(cells, "Data", rows, **how)


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["a", "", "b"], pa.string(), ["a", "", "b"]),
        ([1.0, "", 3.0], pa.int64(), [1, None, 3]),
        ([1, 2], pa.int64(), [1, 2]),
        ([1.5, 2.0], pa.float64(), [1.5, 2.0]),
        ([1e300, 1.0], pa.float64(), [1e300, 1.0]),
        ([True, "", False], pa.bool_(), [True, None, False]),
        ([DAY, "", DAY], pa.timestamp("us"), [datetime(2025, 10, 1), None, datetime(2025, 10, 1)]),
        ([DAY, NEXT], pa.timestamp("us"), [datetime(2025, 10, 1), NEXT]),
        ([time(8, 30), " "], pa.time64("us"), [time(8, 30), None]),
        ([timedelta(hours=30)], pa.duration("us"), [timedelta(hours=30)]),
        (["", ""], pa.string(), ["", ""]),
    ],
)
def test_cells_of_one_type_keep_it(cells: list[Any], kind: pa.DataType, values: list[Any]) -> None:
    found = typed(cells)
    assert found.array.type == kind
    assert found.array.to_pylist() == values
    assert not found.notes
    assert not found.findings


def test_numbers_and_texts_are_text_without_a_decimal_zero() -> None:
    found = typed([123.0, "123/A", "", 0.5, 12345678901.0])
    assert found.array.to_pylist() == ["123", "123/A", "", "0.5", "12345678901"]


def test_texts_with_points_beside_dates_are_read_with_a_note() -> None:
    found = typed([DAY, "3.10.2025", "04.10.2025 9:05", "2025-10-05", NEXT])
    assert found.array.to_pylist() == [
        datetime(2025, 10, 1), datetime(2025, 10, 3), datetime(2025, 10, 4, 9, 5),
        datetime(2025, 10, 5), NEXT,
    ]  # fmt: skip
    assert found.notes == (
        "Data: 3 cells are text beside dates, read as day.month.year or year-month-day",
    )


def test_texts_that_are_no_dates_stay_visible_beside_dates() -> None:
    found = typed([DAY, "03.10.2025", "în lucru", "31.02.2025", NEXT])
    assert found.array.to_pylist() == [
        "2025-10-01", "2025-10-03", "în lucru", "2025-02-31", "2025-10-02 08:30:00",
    ]  # fmt: skip
    read = times.from_text(pa.chunked_array([found.array]), name="Data", source="registru.xlsx")
    assert read.unreadable.tolist() == [False, False, True, True, False]


def test_slashes_beside_dates_are_refused_as_two_ways_of_writing() -> None:
    """Opened under a locale that puts months first, 10/01/2025 became a date and 13/01/2025 stayed text."""
    found = typed([DAY, DAY, "13/10/2025", "14/10/2025"])
    assert found.array.to_pylist() == ["2025-10-01", "2025-10-01", "13/10/2025", "14/10/2025"]
    with pytest.raises(TimestampError, match="in 2 ways"):
        times.from_text(pa.chunked_array([found.array]), name="Data", source="registru.xlsx")


def test_true_dates_beside_slashes_are_told_for_what_they_are() -> None:
    """The true dates are no ISO text, and no time_format= would read them: the file is to be mended."""
    (finding,) = typed([DAY, DAY, "13/10/2025", DAY, NEXT, "14/10/2025"]).findings
    assert (finding.kind, finding.count, finding.rows) == ("two_kinds_of_dates", 2, (4, 7))
    what, advice = finding.text.split("; ")
    assert what.startswith(
        "Data: 4 cells are true dates (rows 2, 3, 5, …) and 2 are dates written as text (rows 4, 7)"
    )
    assert what.endswith("day and month of the true dates may have been swapped")
    assert advice.startswith("export it again")
    assert typed([DAY, "13.10.2025"]).findings == ()


def test_a_date_in_a_column_of_free_text_changes_no_text() -> None:
    cells = ["adresa din 03.10.2025", "03.10.2025", DAY, "x", "y"]
    assert typed(cells).array.to_pylist() == [
        "adresa din 03.10.2025", "03.10.2025", "2025-10-01", "x", "y",
    ]  # fmt: skip


@pytest.mark.parametrize(("system", "year"), [(1900, 2023), (1904, 2027)])
def test_numbers_beside_dates_are_days_of_the_workbooks_calendar(system: int, year: int) -> None:
    found = typed([DAY, 45000.0, 45000.5, ""], date_system=system)
    assert found.array.to_pylist()[1] == datetime(year, 3, 15 if year == 2023 else 16)
    assert found.array.to_pylist()[2].hour == 12
    (finding,) = found.findings
    assert (finding.kind, finding.count, finding.rows) == ("serial_time", 2, (3, 4))
    assert "2, first in row 3" in finding.text


def test_numbers_beside_dates_that_are_no_days_stay_visible() -> None:
    assert typed([DAY, 7.0, 45000.0]).array.to_pylist() == ["2025-10-01", "7", "45000"]


def test_a_column_of_numbers_alone_stays_numbers() -> None:
    assert typed([45000.0, 45001.0]).array.to_pylist() == [45000, 45001]
