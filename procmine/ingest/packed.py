"""Files packed with gzip are unpacked in steps, and refused where they grow beyond what an export can."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from procmine.errors import SourceError

SUSPECT, RATIO = 200 << 20, 100
"""Exports shrink to a 5th or a 30th when they are packed, very regular ones to a 60th; zlib can reach a 1,000th."""


def is_packed(path: Path) -> bool:
    """Tell whether a file is packed with gzip, whatever its name."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def unpacked_blocks(path: Path, size: int) -> Iterator[bytes]:
    """Yield what a gzip file holds in blocks; its checksum is compared at the end.

    Raises SourceError once it holds more than 200 MB and more than 100 times its own size, and
    EOFError, gzip.BadGzipFile or zlib.error where it is cut off or damaged.
    """
    packed = path.stat().st_size
    most, read = max(SUSPECT, RATIO * packed), 0
    with gzip.open(path, "rb") as stream:
        while block := stream.read(size):
            read += len(block)
            if read > most:
                raise SourceError(
                    f"{path.name} unpacks to more than {most >> 20:,} MB from {packed / 2**20:,.1f} MB; "
                    "it is refused for safety\n"
                    "if it is a true export, unpack it yourself (gunzip) and read what comes out"
                )
            yield block
