"""CSV and TSV files: text stays text, times are decoded while reading, and no row is lost in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
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
from procmine.ingest.csv.content import Content, content_of
from procmine.ingest.csv.head import Head, read_head
from procmine.ingest.csv.printed import ends_printed
from procmine.ingest.csv.rows import (
    hidden_rows_note,
    not_blank,
    shown_cells,
    without_empty_columns,
    wrong_length,
)
from procmine.ingest.encodings import mojibake_note
from procmine.ingest.raw import RawTable, rejections
from procmine.ingest.tidy import tidied
from procmine.kernels import Bools, Codes

_BLOCK = 1 << 22
_LOOKED_AT = 1 << 17


@dataclass(frozen=True)
class _OddRow:
    """A row with more or fewer cells than the header; its number is known to a single thread only."""

    number: int | None
    text: str
    cells: int


@dataclass(frozen=True, eq=False)
class CsvFile:
    """A text table whose encoding, header, separator and first rows are known."""

    content: Content
    head: Head

    @property
    def path(self) -> Path:
        """The file as it lies there."""
        return self.content.path

    @property
    def encoding(self) -> str:
        """The encoding that the file is written in, as ``encoding=`` takes it."""
        return self.content.encoding.name

    def read(
        self, typed: Mapping[str, pa.DataType], *, persons: Callable[[], Set[str]] = frozenset
    ) -> RawTable:
        """Read the whole file: the ``typed`` columns decoded as times where all fit, every other column as text.

        Rows that have more or fewer cells than the header are rejected; of their text only the
        cells before the first column of persons are kept: ``persons`` gives these columns, and is
        asked only where there is such a row. So are totals and repeated headers.
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
        persons: Callable[[], Set[str]],
        checksum: Future[str],
    ) -> RawTable:
        table, odd = self._table(typed)
        rows = self._row_numbers(table.num_rows, odd)
        if self.content.quoted:
            self._refuse_open_quote(table, rows, odd)
        table, dropped = without_empty_columns(table, self.head.columns)
        table, rows, kept, rejected, left_out = self._records(table, rows)
        notes = [*self.notes, *dropped, *left_out]
        if self.content.quoted:
            notes += hidden_rows_note(table, rows, self.head.separator)
        if not table.num_rows and not odd:
            raise SourceError(
                f"{self.path.name} has a header but no rows\nexport it again with its rows"
            )

        def as_written(name: str) -> pa.ChunkedArray:
            column = self._arrow({}, [], threads=True, only=[name]).column(0)
            for those in kept:
                column = column.filter(those)
            return column

        rejected = pd.concat([self._rejected(odd, persons), rejected], ignore_index=True)
        return RawTable(
            table,
            rows,
            self.path.name,
            checksum.result(),
            rejected.sort_values("row", kind="stable", ignore_index=True),
            notes=tuple(notes),
            rows_unread=len(rejected),
            as_written=as_written if typed else None,
        )

    @property
    def notes(self) -> list[str]:
        """Return the notes on the encoding and on the header."""
        named = self.content.encoding.note
        damaged = mojibake_note(self.content.head[:_LOOKED_AT])
        return [*([named] if named else []), *([damaged] if damaged else []), *self.head.notes]

    def _records(
        self, table: pa.Table, rows: Codes
    ) -> tuple[pa.Table, Codes, list[pa.ChunkedArray], pd.DataFrame, list[str]]:
        """Return the records alone, their rows, which of the rows read they are, and what was left out."""
        kept, notes, rejected = [], [], rejections([])
        filled = not_blank(table)
        if filled is not None:
            notes.append(f"empty rows left out: {len(filled) - pc.sum(filled).as_py():,}")
            kept.append(filled)
            table, rows = table.filter(filled), rows[_mask(filled)]
        if self.head.printed or ends_printed(table):
            places = [self.head.names.index(name) for name in table.column_names]
            header = [[row[place] for place in places] for row in self.head.header]
            tidy = tidied(table, rows, table.column_names, header=header)
            table, rows, rejected = tidy.table, tidy.rows, tidy.rejected
            notes += tidy.notes
            if tidy.kept is not None:
                kept.append(pa.chunked_array([pa.array(tidy.kept)]))
        return table, rows, kept, rejected, notes

    def _table(self, typed: Mapping[str, pa.DataType]) -> tuple[pa.Table, list[_OddRow]]:
        """Return the rows that fit the header, and the others with their numbers."""
        odd: list[_OddRow] = []
        table = self._arrow(typed, odd, threads=True)
        if odd:
            odd.clear()
            table = self._arrow(typed, odd, threads=False)
        if tuple(table.column_names) != self.head.names:
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
        odd_row = self._number(odd[-1]) if odd else 0
        if odd_row > last:
            last, cells = odd_row, [odd[-1].text]
        to_the_end = [c.rstrip() for c in cells if self.content.ends_with(c.rstrip()[-20:])]
        swallowed = max((cell.count("\n") for cell in to_the_end), default=0)
        if swallowed and self.content.count(b'"') % 2:
            raise SourceError(
                f"{self.path.name}: a quotation mark in row {last} is never closed; "
                f"{swallowed:,} more lines stand behind it\nclose it or take it out, and read the file again"
            )

    def _number(self, row: _OddRow) -> int:
        """Return the row of the file of what Arrow numbers by lines above the records, and by records below."""
        lines = self.head.lines + (1 if self.head.plain else 0)
        return self.head.first + (row.number or lines + 1) - lines - 1

    def _row_numbers(self, fitting: int, odd: list[_OddRow]) -> Codes:
        first = self.head.first
        rows = np.arange(first, first + fitting + len(odd), dtype=np.int32)
        return np.delete(rows, [self._number(row) - first for row in odd]) if odd else rows

    def _rejected(self, odd: list[_OddRow], persons: Callable[[], Set[str]]) -> pd.DataFrame:
        columns, separator = self.head.names, self.head.separator
        hidden = persons() if odd else frozenset()
        return rejections(
            [
                (
                    self._number(row),
                    "",
                    wrong_length(row.text, row.cells, len(columns)),
                    shown_cells(row.text, row.cells, columns, hidden, separator),
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

        types = {name: typed.get(name, pa.string()) for name in self.head.names}
        return pacsv.read_csv(
            str(self.path) if self.content.data is None else pa.BufferReader(self.content.data),
            read_options=pacsv.ReadOptions(
                use_threads=threads,
                block_size=_BLOCK,
                skip_rows=self.head.lines,
                column_names=None if self.head.plain else self.head.names,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self.head.separator,
                newlines_in_values=self.content.quoted,
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
        if "straddl" in said:
            return SourceError(
                f"{self.path.name} has a row of more than {_BLOCK >> 20} MB\n"
                "a quotation mark is probably not closed; mend it, or export the file again"
            )
        return SourceError(
            f"{self.path.name} cannot be read as a text table: {said}\nexport it again as CSV"
        )


def open_csv(
    path: Path,
    *,
    separator: str | None = None,
    encoding: str | None = None,
    header: tuple[int, ...] = (),
) -> CsvFile:
    """Look at the head of a text table, once its encoding is known.

    ``header`` names the row of the header, or the two rows of a header of two, counted from 1 as a
    spreadsheet does. Raises SourceError where the file is empty, packed wrongly, damaged or has a
    single column, and BindingError where no row reads as column names or two names are the same.
    """
    content = content_of(path, encoding)
    head = read_head(
        content.head, path.name, separator=separator, header=header, whole=content.whole
    )
    return CsvFile(content, head)


def _mask(column: pa.ChunkedArray) -> Bools:
    mask: Bools = column.to_numpy()
    return mask
