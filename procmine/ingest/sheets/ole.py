"""The container of an Excel 97 workbook: its records, and the counts in it that a reader would trust blindly."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from procmine.kernels import Ints

_STREAM, _ROOT = 2, 5
_ENTRY = struct.Struct("<64sHB49xI")
_NO_SECTOR = 0xFFFFFFFA
"""Numbers from here on end a chain."""
_IN_HEADER = 109
_SMALL = 4096
_DIMENSIONS, _STRINGS, _SHEET, _END = 0x0200, 0x00FC, 0x0085, 0x000A
_CELLS = frozenset({0x06, 0xD6, 0xFD, 0xBD, 0x0203, 0x0204, 0x0205, 0x027E})
_ROWS, _COLUMNS = 65_536, 256


class Dangerous(ValueError):  # noqa: N818 (a reason, which the caller puts into words)
    """Why a workbook must not be opened."""


@dataclass(frozen=True)
class _Stream:
    name: str
    kind: int
    start: int
    size: int


class _Container:
    """The sectors of a file, in chains that are known to end."""

    def __init__(self, content: mmap.mmap) -> None:
        self.content = content
        shift = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12) or len(content) < 512:
            raise Dangerous("its sectors are of no size that there is")
        self.sector = 1 << shift
        self.sectors = -(-len(content) // self.sector) - 1
        folders, tables, self.first = struct.unpack_from("<3I", content, 40)
        small, smalls, more, mores = struct.unpack_from("<4I", content, 60)
        if max(folders, tables, smalls, mores) > self.sectors:
            raise Dangerous("it counts more sectors than it has")
        self.next = self._table(self._tables(tables, more))
        self.small_next = self._table(self._chain(small))

    def streams(self) -> list[_Stream]:
        """Return the streams; raises Dangerous where one is larger than the file, or runs in a circle."""
        folder, found = self._joined(self._chain(self.first)), []
        wide = self.sector > 512
        for place in range(0, len(folder) - 127, 128):
            name, length, kind, start = _ENTRY.unpack_from(folder, place)
            size = struct.unpack_from("<Q" if wide else "<I", folder, place + 120)[0]
            if kind in (_STREAM, _ROOT):
                text = name[: max(length - 2, 0)].decode("utf-16-le", "replace")
                found.append(_Stream(text, kind, start, size))
        self._check(found)
        return found

    def read(self, stream: _Stream, root: _Stream) -> bytes:
        """Return what a stream holds."""
        if stream.size >= _SMALL:
            return self._joined(self._chain(stream.start))[: stream.size]
        holder, parts = self._joined(self._chain(root.start)), []
        for sector in _followed(stream.start, self.small_next, len(self.small_next)):
            parts.append(holder[sector * 64 : sector * 64 + 64])
        return b"".join(parts)[: stream.size]

    def _check(self, streams: list[_Stream]) -> None:
        known: dict[bool, set[int]] = {True: set(), False: set()}
        for stream in streams:
            if stream.size > len(self.content):
                raise Dangerous("a stream in it is larger than the file")
            small = stream.kind == _STREAM and stream.size < _SMALL
            table, safe = self.small_next if small else self.next, known[small]
            for sector in _followed(stream.start, table, len(table), safe) if stream.size else ():
                safe.add(sector)

    def _tables(self, count: int, more: int) -> list[int]:
        """Return the sectors of the table of chains: those in the header, and those in a chain of their own."""
        found = list(struct.unpack_from(f"<{_IN_HEADER}I", self.content, 76))
        seen = 0
        while more < _NO_SECTOR:
            seen += 1
            if seen > self.sectors:
                raise Dangerous("a chain of its sectors runs in a circle")
            part = np.frombuffer(self._sector(more), "<u4").tolist()
            found += part[:-1]
            more = part[-1] if part else _NO_SECTOR
        return [sector for sector in found if sector < _NO_SECTOR][:count]

    def _table(self, sectors: list[int]) -> Ints:
        joined = self._joined(sectors)
        return np.frombuffer(joined[: len(joined) // 4 * 4], "<u4").astype(np.int64)

    def _chain(self, start: int) -> list[int]:
        return list(_followed(start, self.next, self.sectors))

    def _joined(self, sectors: list[int]) -> bytes:
        return b"".join(map(self._sector, sectors))

    def _sector(self, number: int) -> bytes:
        return self.content[(number + 1) * self.sector : (number + 2) * self.sector]


def check_counts(content: mmap.mmap) -> None:
    """Raise Dangerous where a count in a workbook would make its reader ask for more memory than there is.

    The size of a sheet, the number of its strings and the length of a stream are taken at their
    word when a workbook is opened: one wrong byte in them would end the process.
    """
    container = _Container(content)
    streams = container.streams()
    root = next((stream for stream in streams if stream.kind == _ROOT), None)
    for stream in streams:
        if root is not None and stream.name.lower() in ("workbook", "book"):
            _check_records(container.read(stream, root))


def _check_records(data: bytes) -> None:
    """Check the globals, and every sheet where they say that it begins, as a reader goes through them."""
    sheets = {
        struct.unpack_from("<I", data, place)[0]
        for kind, size, place in _records(data, 0)
        if kind == _SHEET and size >= 4 and place + 4 <= len(data)
    }
    for begin in sorted({0, *sheets}):
        _check_part(data, begin)


def _check_part(data: bytes, begin: int) -> None:
    for kind, size, place in _records(data, begin):
        if kind == _DIMENSIONS:
            _check_dimensions(data[place : place + size])
        elif kind in _CELLS and place + 4 <= len(data):
            column = data[place + 2] + 256 * data[place + 3]
            if column >= _COLUMNS:
                raise Dangerous(f"a cell stands in column {column + 1:,} of {_COLUMNS}")
        elif kind == _STRINGS and size >= 8:
            count = struct.unpack_from("<I", data, place + 4)[0]
            if count > len(data):
                raise Dangerous(f"it counts {count:,} texts in {len(data):,} bytes")


def _check_dimensions(record: bytes) -> None:
    if len(record) not in (10, 14):
        return
    top, bottom, left, right = struct.unpack_from("<4H" if len(record) == 10 else "<2I2H", record)
    if bottom > _ROWS or right > _COLUMNS or top > _ROWS or left > _COLUMNS:
        raise Dangerous(
            f"a sheet says that it reaches from row {top + 1:,} to {bottom:,} and from column {left + 1:,} to "
            f"{right:,}, where there are {_ROWS:,} rows and {_COLUMNS} columns"
        )
    if bottom and right and (bottom < top or right < left):
        raise Dangerous("a sheet says that it ends before it begins")


def _records(data: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Yield the kind, the size and the place of each record, from one down to the end of its part."""
    header = struct.Struct("<HH")
    while place + 4 <= len(data):
        kind, size = header.unpack_from(data, place)
        if kind == _END:
            return
        place += 4
        yield kind, size, place
        place += size


def _followed(
    start: int, table: Ints, most: int, known: set[int] | frozenset[int] = frozenset()
) -> Iterator[int]:
    """Yield the sectors of a chain, until one that is known to lead to its end."""
    seen = 0
    while 0 <= start < len(table) and start not in known:
        seen += 1
        if seen > most:
            raise Dangerous("a chain of its sectors runs in a circle")
        yield start
        start = int(table[start])
