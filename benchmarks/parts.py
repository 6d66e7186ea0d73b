"""What an import cannot do without, measured alone: decoding, coding, one sort and the gathers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

_TEXT = ("case_id", "activity", "resource", "unit")
_INSTANT = pa.timestamp("us", tz="UTC")


def csv_parts(path: Path) -> dict[str, np.ndarray]:
    """Decode a CSV file with typed columns, code its text, sort by case and start, and gather all columns."""
    types = dict.fromkeys(_TEXT, pa.string()) | dict.fromkeys(("start", "end"), _INSTANT)
    table = pacsv.read_csv(path, convert_options=pacsv.ConvertOptions(column_types=types))
    return _sorted_columns(table)


def _sorted_columns(table: pa.Table) -> dict[str, np.ndarray]:
    columns: dict[str, Any] = {}
    for name in _TEXT:
        coded = table[name].combine_chunks().dictionary_encode()
        columns[name] = coded.indices.to_numpy()
    for name in ("start", "end"):
        columns[name] = table[name].cast(pa.int64()).to_numpy()
    columns["row"] = np.arange(table.num_rows, dtype=np.int32)
    order = packed_order(columns["case_id"], columns["start"])
    return {name: values[order] for name, values in columns.items()}


def packed_order(case: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the order by (case, start in seconds) from one sort of packed integers.

    The row's position is packed with them where all three fit in 64 bits.
    """
    seconds = (start - start.min()) // 1_000_000
    time_bits, row_bits = int(seconds.max()).bit_length(), (len(case) - 1).bit_length()
    packed = (case.astype(np.uint64) << np.uint64(time_bits)) | seconds.astype(np.uint64)
    if int(case.max()).bit_length() + time_bits + row_bits > 64:
        return np.argsort(packed)
    packed = (packed << np.uint64(row_bits)) | np.arange(len(case), dtype=np.uint64)
    packed.sort()
    return (packed & np.uint64((1 << row_bits) - 1)).astype(np.int64)


def parquet_columns(path: Path) -> pa.Table:
    """Read all columns of a Parquet file, the text of few values as dictionaries.

    Case ids are read as plain text, which is much faster than as a dictionary of so many values.
    """
    names = [name for name in _TEXT[1:] if name in pq.read_schema(path).names]
    return pq.read_table(path, read_dictionary=names)


def parquet_dictionaries(path: Path) -> pa.Table:
    """Read all columns of a Parquet file, every text column as a dictionary."""
    names = [name for name in _TEXT if name in pq.read_schema(path).names]
    return pq.read_table(path, read_dictionary=names)
