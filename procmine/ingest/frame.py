"""Tables that are typed already: DataFrames, and Parquet files that procmine did not write."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from procmine.errors import BindingError, SourceError, TimestampError
from procmine.ingest.checksum import sha256_of, sha256_of_frame
from procmine.ingest.plain import plain_table
from procmine.ingest.raw import RawTable
from procmine.ingest.width import check_width


def read_frame(frame: pd.DataFrame) -> RawTable:
    """Return the records of a DataFrame, numbered from 1; the frame stays as it is."""
    if not len(frame):
        raise SourceError("the DataFrame has no rows\nread a frame that holds events")
    check_width(frame.shape[1], "the DataFrame")
    if not frame.columns.is_unique:
        twice = sorted(set(map(str, frame.columns[frame.columns.duplicated()])))
        raise BindingError(
            f"the DataFrame has two columns with one name: {', '.join(map(repr, twice))}\n"
            "rename one of them"
        )
    if frame.columns.nlevels > 1:
        raise BindingError(
            f"the DataFrame has column names of {frame.columns.nlevels} levels\n"
            "give it one level, such as frame.columns = ['_'.join(name) for name in frame.columns]"
        )
    # Arrow shares memory with a frame, and a log must not change when its frame does
    plain = _dense(frame.copy(deep=True).set_axis(frame.columns.astype(str), axis=1))
    try:
        table, sha256 = pa.Table.from_pandas(plain, preserve_index=False), sha256_of_frame(plain)
    except UnicodeEncodeError as error:
        raise _no_letter(plain, error) from error
    except (pa.ArrowInvalid, pa.ArrowTypeError, NotImplementedError) as error:
        raise SourceError(
            f"the DataFrame has a column that cannot be read: {error.args[-1]} ({error.args[0]})\n"
            "turn it into text with astype(str), or drop it"
        ) from error
    _check_one_kind_of_time(plain, table)
    shown, notes = plain_table(table)
    return RawTable(shown, _numbered(table), "DataFrame", sha256, notes=notes)


def _check_one_kind_of_time(frame: pd.DataFrame, table: pa.Table) -> None:
    """Arrow takes a local time among instants for one of UTC, which nobody has said."""
    for field in table.schema:
        if not pa.types.is_timestamp(field.type) or frame[field.name].dtype != object:
            continue
        filled = frame[field.name].dropna()
        aware = np.array([getattr(time, "tzinfo", None) is not None for time in filled], np.bool_)
        if aware.any() and not aware.all():
            raise TimestampError(
                f"column {field.name!r} in the DataFrame: {int(aware.sum()):,} times have a zone and "
                f"{int((~aware).sum()):,} have none, first in row {_first_row(frame, filled, ~aware)}\n"
                "give all of them a zone (tz_localize), or none and the zone of the office as tz="
            )


def _first_row(frame: pd.DataFrame, filled: pd.Series, chosen: np.ndarray) -> int:
    """Return the number of the first chosen record, among all those of the frame."""
    places = np.flatnonzero(frame[filled.name].notna().to_numpy())
    return int(places[chosen][0]) + 1


def read_parquet_table(path: Path) -> RawTable:
    """Return the records of a Parquet file, numbered from 1."""
    try:
        names = pq.read_schema(path).names
        check_width(len(names), path.name)
        twice = sorted(name for name, count in Counter(names).items() if count > 1)
        if twice:
            raise BindingError(
                f"{path.name} has two columns with one name: {', '.join(map(repr, twice))}\nrename one of them"
            )
        table = pq.read_table(path)
        table.validate(full=True)  # letters that a damaged file has no longer
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        raise SourceError(
            f"{path.name} cannot be read as Parquet: {error}\ncopy or export it again"
        ) from error
    if not table.num_rows:
        raise SourceError(f"{path.name} has no rows\nexport it again with its rows")
    shown, notes = plain_table(table)
    return RawTable(shown, _numbered(table), path.name, sha256_of(path), notes=notes)


def _numbered(table: pa.Table) -> np.ndarray:
    return np.arange(1, table.num_rows + 1, dtype=np.int32)


def _dense(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose sparse columns hold every value, as Arrow needs them."""
    kinds = frame.dtypes.items()
    full = {str(n): kind.subtype for n, kind in kinds if isinstance(kind, pd.SparseDtype)}
    return frame.astype(full) if full else frame


def _no_letter(frame: pd.DataFrame, error: UnicodeEncodeError) -> SourceError:
    """Return the error for half a letter (a lone surrogate), with its column and row."""
    for name in frame.columns:
        for row, cell in enumerate(frame[name].tolist(), 1):
            if isinstance(cell, str) and any("\ud800" <= letter <= "\udfff" for letter in cell):
                return SourceError(
                    f"the DataFrame has text that is no Unicode in column {name!r}, row {row:,}: {cell!r}\n"
                    "read its source again with the right encoding, or replace it with "
                    "str.encode('utf-8', 'replace').str.decode('utf-8')"
                )
    return SourceError(
        f"the DataFrame has text that is no Unicode: {error}\nread its source again with the right encoding"
    )
