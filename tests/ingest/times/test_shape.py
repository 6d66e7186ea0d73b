"""Many texts of one shape are taken apart as the search in each of them takes them apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from procmine.errors import TimestampError
from procmine.ingest.times import from_text
from procmine.ingest.times.families import COMPACT, DAY_MONTH, ISO, PATTERNS
from procmine.ingest.times.shape import taken_apart

DIGITS = np.random.default_rng(3)


def of_shape(shape: str, count: int = 1_500) -> list[str]:
    """Texts with a random digit for each 9 of a shape."""
    numbers = DIGITS.integers(0, 10, (count, len(shape))).astype(str)
    rows = [zip(shape, row, strict=True) for row in numbers]
    return ["".join(n if mark == "9" else mark for mark, n in row) for row in rows]


def plain(parts: pa.StructArray) -> list[dict[str, str]]:
    """The parts, "" where a text does not fit."""
    names = [field.name for field in parts.type]
    rows = parts.to_pylist()
    return [{name: (row or {}).get(name) or "" for name in names} for row in rows]


@pytest.mark.parametrize(
    ("family", "shape"),
    [
        (DAY_MONTH["."], "99.99.9999 99:99:99"),
        (DAY_MONTH["."], "99.99.9999"),
        (DAY_MONTH["/"], "9/9/99 9.99"),
        (DAY_MONTH["/"], "99/99/9999, ora 99:99 p. m."),
        (DAY_MONTH["-"], "99-99-9999 99:99:99,999999"),
        (ISO, "9999-99-99T99:99:99.999-99:99"),
        (ISO, "9999-99-99 99:99 Z"),
        (ISO, "99.99.9999"),
        (COMPACT, "99999999999999"),
        (COMPACT, "99999999"),
        ("day, name of the month, year", "luni, 99 martie 9999 99:99"),
        ("day, name of the month, year", "99 Μαρτίου 9999"),
        ("name of the month, day, year", "May 99, 9999 9 PM"),
    ],
)
@pytest.mark.parametrize("others", [[], [""], ["", "", "x"], ["1.2.2025", "12/3/25"]], ids=len)
def test_the_parts_are_those_of_the_search_in_each_text(
    family: str, shape: str, others: list[str]
) -> None:
    texts = of_shape(shape)
    for mixed in ([*others, *texts], [*texts, *others]):
        column = pa.array(mixed)
        for part in (column, column[1:], column[:-1]):
            expected = plain(pc.extract_regex(part, PATTERNS[family]))
            assert plain(taken_apart(part, PATTERNS[family])) == expected


def test_a_column_of_empty_texts_has_no_parts() -> None:
    parts = plain(taken_apart(pa.array([""] * 2_000), PATTERNS[ISO]))
    assert not any(value for row in parts for value in row.values())


@pytest.mark.parametrize(
    "text", ["31.03.2025 14:30", "31/03/2025", "2025.03.31x", "20250331", "31 martie 2025", ""]
)
def test_a_long_column_of_one_shape_is_read_as_a_short_one(text: str) -> None:
    def outcome(count: int) -> tuple[str, set[int]]:
        dates = [
            text.replace("31", f"{n % 28 + 1:02}").replace("2025", str(2000 + n // 28))
            for n in range(count)
        ]
        texts = dates if count < 1_000 else [*dates[:500], *dates]
        try:
            found = from_text(
                pa.chunked_array([pa.array(texts, pa.string())]), name="data", source="x.csv"
            )
        except TimestampError as error:
            return str(error).split("\n")[-1], set()
        return found.family, set(found.micros[:500].tolist())

    assert outcome(500) == outcome(2_000)
