"""Rows and cells of an OpenDocument sheet that are written once and count many times: how much they unfold to."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCK = 1 << 22
_MOST_CELLS, _MOST_REPEATED, _TIMES = 60_000_000, 2_000_000, 10
_ROW, _TABLE = b"<table:table-row", b"<table:table "
_CELL = re.compile(rb"<table:(?:covered-)?table-cell[ />]")
_REPEATED_CELL = re.compile(
    rb"""<table:(?:covered-)?table-cell\s[^>]*?number-columns-repeated\s*=\s*["']\s*(\d{1,18})"""
)
_REPEATED_ROW = re.compile(rb"""[^>]*?number-rows-repeated\s*=\s*["']\s*(\d{1,18})""")
_BLANKS = re.compile(rb"""text:c\s*=\s*["']\s*(\d{6,18})""")


@dataclass
class _Size:
    """How far the rows of a sheet reach; blank ones at its end do not count."""

    rows: int = 0
    reached: int = 0
    width: int = 0
    unfolded: int = 0
    written: int = 0

    def add(self, row: bytes) -> None:
        repeated = _REPEATED_ROW.match(row)
        times = int(repeated[1]) if repeated else 1
        self.rows += times
        filled = row[: _end_of_cells(row)]
        if not filled:
            return
        written = len(_CELL.findall(filled))
        width = written + sum(int(each) - 1 for each in _REPEATED_CELL.findall(filled))
        self.reached, self.width = self.rows, max(self.width, width)
        self.unfolded += width * times
        self.written += written

    def reason(self) -> str | None:
        """Return why the sheet is too large to be opened, or None."""
        if self.unfolded > max(_MOST_REPEATED, _TIMES * self.written):
            return f"{self.written:,} cells that are repeated until there are {self.unfolded:,} of them"
        if self.reached * self.width > max(_MOST_CELLS, _TIMES * self.written):
            return (
                f"{self.written:,} cells in a sheet that reaches to row {self.reached:,} and column "
                f"{self.width:,}"
            )
        return None


def why_too_large(archive: zipfile.ZipFile) -> str | None:
    """Return why the content of an OpenDocument workbook would fill the memory, or None where it fits."""
    size = _Size()
    for row in _rows(archive):
        if any(int(count) > _MOST_REPEATED for count in _BLANKS.findall(row)):
            return "a cell of several million blanks"
        size.add(row)
        if (reason := size.reason()) is not None:
            return reason
        if _TABLE in row:
            size = _Size()
    return None


def _end_of_cells(row: bytes) -> int:
    """Return where the last cell that holds anything ends; 0 where none does."""
    value = row.rfind(b"office:value")
    return max(row.rfind(b"</table:table-cell>"), row.find(b">", value) if value >= 0 else 0, 0)


def _rows(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """Yield the text of each row behind the beginning of its tag."""
    rest: list[bytes] = []
    with archive.open("content.xml") as part:
        while block := part.read(_BLOCK):
            # a tag may be cut by the end of a block: what is behind the last whole one waits
            cut = block.rfind(b">") + 1
            first, *others = (b"".join((*rest, block[:cut]))).split(_ROW)
            if others:
                if first:
                    yield first
                yield from others[:-1]
                rest = [_ROW, others[-1], block[cut:]]
            else:
                rest = [first, block[cut:]]
    yield from (b"".join(rest)).removeprefix(_ROW).split(_ROW)
