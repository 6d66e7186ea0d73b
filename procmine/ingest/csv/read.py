"""CSV and TSV files: text stays text, times are decoded while reading, and no row is lost in silence."""

from __future__ import annotations

import gzip
import mmap
import zlib
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from procmine.errors import SourceError
from procmine.ingest.checksum import sha256_of
from procmine.ingest.csv.head import ENCODING_HINT, HEAD_BYTES, Head, read_head
from procmine.ingest.csv.rows import hidden_rows_note, not_blank, shown_cells, wrong_length
from procmine.ingest.raw import RawTable, rejections
from procmine.kernels import Codes

_BLOCK = 1 << 22


@dataclass(frozen=True)
class _OddRow:
    """A row with more or fewer cells than the header; its number is known to a single thread only."""

    number: int | None
    text: str
    cells: int


@dataclass(frozen=True, eq=False)
class CsvFile:
    """A text table whose header, separator and first rows are known."""

    path: Path
    head: Head
    data: bytes | None
    """The unpacked content of a gzip file, else None."""
    quoted: bool

    def read(
        self, typed: Mapping[str, pa.DataType], *, persons: frozenset[str] = frozenset()
    ) -> RawTable:
        """Read the whole file: the ``typed`` columns decoded as times where all fit, every other column as text.

        Rows that have more or fewer cells than the header are rejected; of their text only the
        cells before the first column of ``persons`` are kept.
        """
        with ThreadPoolExecutor(1) as worker:
            checksum = worker.submit(sha256_of, self.path)
            try:
                return self._read(typed, persons, checksum)
            except pa.ArrowInvalid as error:
                if not typed or "conversion error" not in str(error):
                    raise self._clear(error) from error
            try:
                return self._read({}, persons, checksum)
            except pa.ArrowInvalid as error:
                raise self._clear(error) from error

    def _read(
        self,
        typed: Mapping[str, pa.DataType],
        persons: frozenset[str],
        checksum: Future[str],
    ) -> RawTable:
        table, odd = self._table(typed)
        rows = self._row_numbers(table.num_rows, odd)
        if self.quoted:
            self._refuse_open_quote(table, rows, odd)
        kept = not_blank(table)
        notes = []
        if kept is not None:
            notes.append(f"empty rows left out: {len(kept) - pc.sum(kept).as_py():,}")
            table, rows = table.filter(kept), rows[kept.to_numpy(zero_copy_only=False)]
        if self.quoted:
            notes += hidden_rows_note(table, rows, self.head.separator)
        if not table.num_rows and not odd:
            raise SourceError(
                f"{self.path.name} has a header but no rows\nexport it again with its rows"
            )

        def as_written(name: str) -> pa.ChunkedArray:
            column = self._arrow({}, [], threads=True, only=[name]).column(0)
            return column if kept is None else column.filter(kept)

        return RawTable(
            table,
            rows,
            self.path.name,
            checksum.result(),
            self._rejected(odd, persons),
            notes=tuple(notes),
            rows_unread=len(odd),
            as_written=as_written if typed else None,
        )

    def _table(self, typed: Mapping[str, pa.DataType]) -> tuple[pa.Table, list[_OddRow]]:
        """Return the rows that fit the header, and the others with their numbers."""
        odd: list[_OddRow] = []
        table = self._arrow(typed, odd, threads=True)
        if odd:
            odd.clear()
            table = self._arrow(typed, odd, threads=False)
        if tuple(table.column_names) != self.head.columns:
            raise SourceError(
                f"the header of {self.path.name} can be read in two ways\n"
                "write its names without quotation marks and line ends"
            )
        return table, odd

    def _refuse_open_quote(self, table: pa.Table, rows: Codes, odd: list[_OddRow]) -> None:
        """Refuse a file whose last row holds the rest of the file in one cell: its quotation mark is never closed."""
        last, cells = 0, [""]
        if table.num_rows:
            texts = [column for column in table.columns if pa.types.is_string(column.type)]
            last, cells = int(rows[-1]), [str(column[-1].as_py()) for column in texts]
        if odd and (odd[-1].number or 0) > last:
            last, cells = odd[-1].number or 0, [odd[-1].text]
        to_the_end = [cell.rstrip() for cell in cells if self._ends_with(cell.rstrip()[-20:])]
        swallowed = max((cell.count("\n") for cell in to_the_end), default=0)
        if swallowed and self._count_of_quotes() % 2:
            raise SourceError(
                f"{self.path.name}: a quotation mark in row {last} is never closed; "
                f"{swallowed:,} more lines stand behind it\nclose it or take it out, and read the file again"
            )

    def _ends_with(self, text: str) -> bool:
        if self.data is not None:
            return self.data.rstrip().endswith(text.encode())
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - 4096))
            return file.read().rstrip().endswith(text.encode())

    def _count_of_quotes(self) -> int:
        if self.data is not None:
            return self.data.count(b'"')
        with self.path.open("rb") as file:
            return sum(block.count(b'"') for block in iter(lambda: file.read(_BLOCK), b""))

    def _row_numbers(self, fitting: int, odd: list[_OddRow]) -> Codes:
        first = self.head.above + 2
        rows = np.arange(first, first + fitting + len(odd), dtype=np.int32)
        return np.delete(rows, [(row.number or first) - first for row in odd]) if odd else rows

    def _rejected(self, odd: list[_OddRow], persons: frozenset[str]) -> pd.DataFrame:
        columns, separator = self.head.columns, self.head.separator
        return rejections(
            [
                (
                    row.number or 0,
                    "",
                    wrong_length(row.text, row.cells, len(columns)),
                    shown_cells(row.text, row.cells, columns, persons, separator),
                )
                for row in odd
            ]
        )

    def _arrow(
        self,
        typed: Mapping[str, pa.DataType],
        odd: list[_OddRow],
        *,
        threads: bool,
        only: list[str] | None = None,
    ) -> pa.Table:
        def note(row: Any) -> str:
            odd.append(_OddRow(row.number, str(row.text), int(row.actual_columns)))
            return "skip"

        types = {name: typed.get(name, pa.string()) for name in self.head.columns}
        return pacsv.read_csv(
            str(self.path) if self.data is None else pa.BufferReader(self.data),
            read_options=pacsv.ReadOptions(
                use_threads=threads, block_size=_BLOCK, skip_rows=self.head.above
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self.head.separator,
                newlines_in_values=self.quoted,
                invalid_row_handler=note,
                ignore_empty_lines=False,  # else the numbers of the rows below are wrong
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=types,
                null_values=[""],
                strings_can_be_null=False,
                include_columns=only or [],
            ),
        )

    def _clear(self, error: pa.ArrowInvalid) -> SourceError:
        said = str(error)
        if "UTF8" in said.upper().replace("-", ""):
            return SourceError(f"{self.path.name} is not in UTF-8\n{ENCODING_HINT}")
        if "straddl" in said:
            return SourceError(
                f"{self.path.name} has a row of more than {_BLOCK >> 20} MB\n"
                "a quotation mark is probably not closed; mend it, or export the file again"
            )
        return SourceError(
            f"{self.path.name} cannot be read as a text table: {said}\nexport it again as CSV"
        )


def open_csv(path: Path, *, separator: str | None = None) -> CsvFile:
    """Look at the head of a text table; raises SourceError where it is empty, packed wrongly or has a single column."""
    data = _unpacked(path)
    content = data[:HEAD_BYTES] if data is not None else _first_bytes(path)
    if not content.strip():
        raise SourceError(f"{path.name} is empty\nexport it again; nothing was read")
    head = read_head(content, path, separator)
    quoted = b'"' in data if data is not None else _has_quote(path)
    return CsvFile(path, head, data, quoted)


def _unpacked(path: Path) -> bytes | None:
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return None
    try:
        return gzip.decompress(path.read_bytes())
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(
            f"{path.name} is a damaged or cut-off gzip file: {error}\ncopy or export it again"
        ) from error


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _has_quote(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b'"') >= 0
