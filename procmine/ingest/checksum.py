"""The SHA-256 of a source, so that every figure can name the file that it came from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd


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
