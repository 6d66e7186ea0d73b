"""The SHA-256 of a source, so that every figure can name the file that it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_PIECE = 1 << 16


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_frame(frame: pd.DataFrame) -> str:
    """Return a SHA-256 of a frame's names and values: the same content gives the same text."""
    digest = hashlib.sha256("\x1f".join(map(str, frame.columns)).encode())
    try:
        hashes = pd.util.hash_pandas_object(frame, index=False)
    except TypeError:  # lists and the like: by how they are written
        hashes = pd.util.hash_pandas_object(frame.astype(str), index=False)
    digest.update(hashes.to_numpy().tobytes())
    return digest.hexdigest()


def sha256_of_table(table: pa.Table) -> str:
    """Return a SHA-256 of a table's names, types and values, whatever the pieces they are kept in."""
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        digest.update(f"\x1e{name}\x1f{column.type}\x1f{len(column)}".encode())
        for first in range(0, len(column), _PIECE):
            for part in _plain_bytes(column.slice(first, _PIECE).combine_chunks()):
                digest.update(part)
    return digest.hexdigest()


def _plain_bytes(part: pa.Array) -> Iterator[bytes]:
    """Yield which values are there, how long each text is, and the values one after the other."""
    yield np.packbits(part.is_valid().to_numpy(zero_copy_only=False)).tobytes()
    if pa.types.is_string(part.type):
        filled = pc.fill_null(part, "")
        yield pc.binary_length(filled).to_numpy().tobytes()
        whole = pa.ListArray.from_arrays([0, len(filled)], filled)
        yield pc.binary_join(whole, "")[0].as_buffer().to_pybytes()
    else:
        yield part.drop_null().to_numpy(zero_copy_only=False).tobytes()
