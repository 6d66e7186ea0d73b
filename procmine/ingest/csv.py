"""CSV and TSV files: text stays text, times are decoded while reading, and no row is lost in silence."""

from __future__ import annotations

import csv
import gzip
import io
import mmap
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from procmine.errors import BindingError, SourceError
from procmine.ingest.checksum import sha256_of
from procmine.ingest.raw import RawTable, rejections

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_HEAD_BYTES = 1 << 20
_SAMPLE_ROWS = 5000
_ENCODING_HINT = "save the file as 'CSV UTF-8' and read it again"


@dataclass(frozen=True, eq=False)
class CsvFile:
    """A text table whose header, separator and first rows are known."""

    path: Path
    separator: str
    columns: tuple[str, ...]
    sample: pa.Table
    data: bytes | None
    """The unpacked content of a gzip file, else None."""
    quoted: bool

    def read(self, typed: Mapping[str, pa.DataType]) -> RawTable:
        """Read the whole file: the ``typed`` columns decoded as times where all fit, every other column as text."""
        with ThreadPoolExecutor(1) as worker:
            checksum = worker.submit(sha256_of, self.path)
            try:
                return self._read(typed, checksum)
            except pa.ArrowInvalid as error:
                if not typed or "conversion error" not in str(error):
                    raise self._clear(error) from error
            try:
                return self._read({}, checksum)
            except pa.ArrowInvalid as error:
                raise self._clear(error) from error

    def _read(self, typed: Mapping[str, pa.DataType], checksum: Future[str]) -> RawTable:
        odd: list[tuple[int | None, str, int]] = []
        table = self._arrow(typed, odd, threads=True)
        numbers: list[int] = []
        if odd:
            odd.clear()
            table = self._arrow(typed, odd, threads=False)
            numbers = [int(number or 0) for number, _, _ in odd]
        rows = np.arange(2, 2 + table.num_rows + len(numbers), dtype=np.int32)
        if numbers:
            rows = np.delete(rows, np.array(numbers) - 2)
        wrong = rejections(
            [
                (number, "", f"the row has {cells} cells, the header {len(self.columns)}", text)
                for number, (_, text, cells) in zip(numbers, odd, strict=True)
            ]
        )
        if not table.num_rows and not len(wrong):
            raise SourceError(
                f"{self.path.name} has a header but no rows\nexport it again with its rows"
            )
        return RawTable(
            table, rows, self.path.name, checksum.result(), wrong, rows_unread=len(wrong)
        )

    def _arrow(
        self,
        typed: Mapping[str, pa.DataType],
        odd: list[tuple[int | None, str, int]],
        *,
        threads: bool,
    ) -> pa.Table:
        def note(row: Any) -> str:
            odd.append((row.number, str(row.text), int(row.actual_columns)))
            return "skip"

        types = {name: typed.get(name, pa.string()) for name in self.columns}
        return pacsv.read_csv(
            str(self.path) if self.data is None else pa.BufferReader(self.data),
            read_options=pacsv.ReadOptions(use_threads=threads, block_size=1 << 22),
            parse_options=pacsv.ParseOptions(
                delimiter=self.separator, newlines_in_values=self.quoted, invalid_row_handler=note
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=types, null_values=[""], strings_can_be_null=False
            ),
        )

    def _clear(self, error: pa.ArrowInvalid) -> SourceError:
        if "UTF8" in str(error).upper().replace("-", ""):
            return SourceError(f"{self.path.name} is not in UTF-8\n{_ENCODING_HINT}")
        return SourceError(
            f"{self.path.name} cannot be read as a text table: {error}\nexport it again as CSV"
        )


def open_csv(path: Path, *, separator: str | None = None) -> CsvFile:
    """Look at the head of a text table; raises SourceError where it is empty, packed wrongly or has a single column."""
    data = _unpacked(path)
    head = data[:_HEAD_BYTES] if data is not None else _head(path)
    if not head.strip():
        raise SourceError(f"{path.name} is empty\nexport it again; nothing was read")
    text = _decoded(head, path)
    chosen = separator or _separator_of(text, path)
    columns = _header(text, chosen, path)
    quoted = b'"' in data if data is not None else _has_quote(path)
    return CsvFile(path, chosen, columns, _sample(text, chosen, columns), data, quoted)


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


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _has_quote(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b'"') >= 0


def _decoded(head: bytes, path: Path) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:4096]:
        raise SourceError(
            f"{path.name} is not in UTF-8 (it looks like UTF-16 or a binary file)\n{_ENCODING_HINT}"
        )
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(head) == _HEAD_BYTES and error.start > len(head) - 4:
            return head[: error.start].decode("utf-8-sig")
        raise SourceError(
            f"{path.name} is not in UTF-8 (byte {error.start:,})\n{_ENCODING_HINT}"
        ) from error


def _separator_of(text: str, path: Path) -> str:
    """Return the separator that cuts the first lines into the most cells, the same number in each."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    lines = lines[:-1] if len(lines) > 2 and not text.endswith("\n") else lines
    best, most = "", 1
    for candidate in SEPARATORS:
        sizes = [len(cells) for cells in csv.reader(lines, delimiter=candidate) if cells]
        agreeing = sum(size == sizes[0] for size in sizes) / len(sizes)
        if sizes[0] > most and agreeing > 0.5:
            best, most = candidate, sizes[0]
    if not best:
        tried = ", ".join(SEPARATORS.values())
        raise SourceError(
            f"{path.name} has a single column: {lines[0][:80]!r}\n"
            f"separators tried: {tried}; name another one with separator="
        )
    return best


def _header(text: str, separator: str, path: Path) -> tuple[str, ...]:
    names = next(csv.reader(io.StringIO(text), delimiter=separator), [])
    if len(names) == 1:
        raise SourceError(
            f"{path.name} has a single column with separator={separator!r}: {names[0][:80]!r}\n"
            "leave separator= out, or name the one that the file uses"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BindingError(
            f"{path.name} has two columns with one name: {twice}\nrename one of them in the file's header"
        )
    return tuple(names)


def _sample(text: str, separator: str, columns: Sequence[str]) -> pa.Table:
    """Return the first rows as text, for proposing a binding; rows of another length are left out."""
    cut = text.rfind("\n") + 1 if "\n" in text else len(text)
    records = csv.reader(
        io.StringIO(text[:cut] if len(text) >= _HEAD_BYTES // 4 else text), delimiter=separator
    )
    next(records, None)
    rows = [
        row
        for row, _ in zip(records, range(_SAMPLE_ROWS), strict=False)
        if len(row) == len(columns)
    ]
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.table(
        {
            name: pa.array(list(column), pa.string())
            for name, column in zip(columns, cells, strict=True)
        }
    )
