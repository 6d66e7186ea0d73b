"""Columns that grow: where the pieces end does not matter, and two databases give the same table."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procmine.ingest.checksum import sha256_of_table
from procmine.ingest.sql import query as query_module
from procmine.ingest.sql import read_query
from procmine.ingest.sql.pieces import Column
from tests.postgres import Postgres

HOURS = dt.timezone(dt.timedelta(hours=2))
PLAIN = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=8)
MOMENTS = st.datetimes(dt.datetime(1800, 1, 1), dt.datetime(2200, 1, 1))
LONG = st.integers(-(2**70), 2**70)
SOME = st.integers(-9, 9)
KINDS: list[st.SearchStrategy[Any]] = [
    st.none(),
    st.booleans(),
    SOME,
    LONG,
    st.floats(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-999, max_value=999),
    st.decimals(allow_nan=False, allow_infinity=False),
    PLAIN,
    st.dates(),
    MOMENTS,
    MOMENTS.map(lambda moment: moment.replace(tzinfo=HOURS)),
    st.uuids(),
    st.times(),
    st.binary(max_size=2),
    st.lists(SOME, max_size=2),
]
VALUES = st.lists(st.sampled_from(KINDS), min_size=1, max_size=3).flatmap(
    lambda kinds: st.lists(st.one_of(kinds), min_size=1, max_size=12)
)


def read(values: list[Any], size: int) -> tuple[Any, ...]:
    column = Column("x")
    for first in range(0, len(values), size):
        column.add(values[first : first + size])
    notes, table = column.notes(), column.finish()
    if table is None:
        return notes, None
    return notes, table.type, list(map(repr, table.to_pylist()))


@given(VALUES, st.integers(1, 12))
def test_where_the_pieces_end_does_not_matter(values: list[Any], size: int) -> None:
    assert read(values, size) == read(values, len(values))


@pytest.mark.parametrize(
    ("values", "kind", "read_as"),
    [
        ([1, 2.5], pa.float64(), [1.0, 2.5]),
        ([2**53 + 1, 0.5], pa.string(), ["9007199254740993", "0.5"]),
        ([Decimal("12.50"), Decimal("3.00")], pa.float64(), [12.5, 3.0]),
        ([Decimal("12.00"), Decimal("3")], pa.int64(), [12, 3]),
        ([2**63, 1], pa.string(), ["9223372036854775808", "1"]),
        ([-(2**63), 0.5], pa.string(), ["-9223372036854775808", "0.5"]),
        ([5, "5 bis", 5.0, Decimal("5.00"), -0.0], pa.string(), ["5", "5 bis", "5", "5", "0"]),
        ([True, "da"], pa.string(), ["true", "da"]),
        ([dt.date(2026, 3, 2), "azi"], pa.string(), ["2026-03-02", "azi"]),
        (
            [dt.datetime(2026, 3, 2, 8), dt.datetime(2026, 3, 2, 8, tzinfo=HOURS)],
            pa.string(),
            ["2026-03-02 08:00:00", "2026-03-02 06:00:00+00:00"],
        ),
    ],
)
def test_a_column_takes_the_narrowest_type_that_loses_nothing(
    values: list[Any], kind: pa.DataType, read_as: list[Any]
) -> None:
    for size in (1, len(values)):
        column = Column("x")
        for first in range(0, len(values), size):
            column.add(values[first : first + size])
        found = column.finish()
        assert found is not None
        assert found.type == kind
        assert found.to_pylist() == read_as


TABLE = pa.table({"a": ["x", None, "", "yz"], "n": [1, None, 0, 3], "b": [True, None, False, True]})


def test_a_checksum_does_not_depend_on_the_pieces_of_a_table() -> None:
    pieces = pa.concat_tables([TABLE.slice(i, 1) for i in range(4)])
    assert sha256_of_table(pieces) == sha256_of_table(TABLE)


@pytest.mark.parametrize(
    "other",
    [
        TABLE.rename_columns(["a", "n", "c"]),
        TABLE.slice(0, 3),
        TABLE.take([1, 0, 2, 3]),
        TABLE.set_column(0, "a", pa.array(["x", "", None, "yz"])),
        TABLE.set_column(0, "a", pa.array(["x", None, "y", "z"])),
        TABLE.set_column(1, "n", pa.array([1, 0, None, 3])),
        TABLE.set_column(1, "n", pa.array([1.0, None, 0.0, 3.0])),
        TABLE.set_column(2, "b", pa.array([True, None, True, True])),
    ],
)
def test_another_table_has_another_checksum(other: pa.Table) -> None:
    assert sha256_of_table(other) != sha256_of_table(TABLE)


ROW = st.tuples(
    st.none() | PLAIN,
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.0),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, min_size=1, max_size=8), st.integers(1, 8))
def test_sqlite_and_postgresql_give_the_same_table(
    postgres: Postgres, rows: list[tuple[Any, ...]], at_once: int
) -> None:
    numbered = [(number, *row) for number, row in enumerate(rows)]
    postgres.run(
        "DROP TABLE IF EXISTS twin",
        "CREATE TABLE twin (i bigint, a text, n bigint, f double precision)",
        "INSERT INTO twin VALUES (%s, %s, %s, %s)",
        rows=numbered,
    )
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(query_module, "ROWS_AT_ONCE", at_once)
        path = Path(folder) / "both.db"
        with sqlite3.connect(path) as file:
            file.execute("CREATE TABLE twin (i INTEGER, a TEXT, n INTEGER, f REAL)")
            file.executemany("INSERT INTO twin VALUES (?, ?, ?, ?)", numbered)
        file.close()
        query = "SELECT a, n, f FROM twin ORDER BY i"
        one, other = read_query(f"sqlite:///{path}", query), read_query(postgres.url(), query)
    assert one.table.to_pylist() == [dict(zip("anf", row, strict=True)) for row in rows]
    assert one.table.equals(other.table)
    assert one.sha256 == other.sha256
