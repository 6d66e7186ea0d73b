"""The tables of a report as files: CSV for spreadsheets, Parquet for programs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from procmine.kernels import DAY

_FORMULA = r"^[=+\-@\t\r]"  # what a spreadsheet takes for the beginning of a formula


def write_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write each table into the folder, as ``name.csv`` and as ``name.parquet``."""
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
        write_parquet(table, folder / f"{name}.parquet")


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet: exact, with the types it has in Python."""
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), path, compression="zstd")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in UTF-8 that a spreadsheet opens as meant.

    Durations are days (``cycle_time`` becomes ``cycle_time_days``), times are local without an
    offset, and a text (also a column's name) that a spreadsheet would take for a formula gets a
    leading apostrophe. The byte order mark tells Excel that it is UTF-8.
    """
    from pyarrow import csv

    columns = {name: _cells(table[name]) for name in table.columns}
    names = [
        _plain(pa.array([_csv_name(str(name), table[name])]))[0].as_py() for name in table.columns
    ]
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        csv.write_csv(pa.Table.from_arrays(list(columns.values()), names=names), file)


def _csv_name(name: str, column: pd.Series) -> str:
    return f"{name}_days" if pd.api.types.is_timedelta64_dtype(column) else name


def _cells(column: pd.Series) -> pa.Array:
    """Return a column as it stands in the CSV: text, whole and decimal numbers, true and false."""
    if pd.api.types.is_timedelta64_dtype(column):
        days = column.astype("timedelta64[us]").to_numpy() / np.timedelta64(1, "D")
        return pa.array(np.round(days, 6), from_pandas=True)
    if pd.api.types.is_datetime64_any_dtype(column):
        return _local_times(column)
    cells = pa.array(column, from_pandas=True)
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    if pa.types.is_dictionary(cells.type):
        return _plain(cells.dictionary.cast(pa.string())).take(cells.indices)
    if pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type):
        return cells
    if pa.types.is_boolean(cells.type):
        return cells
    if pa.types.is_nested(cells.type):
        return _plain(pa.array([None if x is None else str(x) for x in cells.to_pylist()]))
    return _plain(cells.cast(pa.string()))


def _local_times(column: pd.Series) -> pa.Array:
    """Return times as local text: dates where all are midnight, else to the second or finer."""
    naive = column.dt.tz_localize(None) if column.dt.tz is not None else column
    micros = naive.astype("datetime64[us]").dropna().astype("int64")
    if not (micros % DAY).any():
        kind = pa.date32()
    elif not (micros % 1_000_000).any():
        kind = pa.timestamp("s")
    else:
        kind = pa.timestamp("us")
    return pa.array(naive.astype("datetime64[us]"), from_pandas=True).cast(kind).cast(pa.string())


def _plain(text: pa.Array) -> pa.Array:
    """Return texts, those that begin as a formula with an apostrophe before them."""
    formula = pc.match_substring_regex(text, _FORMULA)
    return pc.if_else(formula, pc.binary_join_element_wise("'", text, ""), text)
