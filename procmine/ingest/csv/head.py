"""The head of a text table: what stands above the header, the separator, the columns and the first rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa

from procmine.errors import BindingError, SourceError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
HEAD_BYTES = 1 << 20
ENCODING_HINT = "save the file as 'CSV UTF-8' and read it again"
_SAMPLE_ROWS = 5000
_SHOWN = 80
_NEWLINE = r"(?:\r\n|\r|\n)"
_ABOVE = re.compile(
    rf'(?:[ \t]*{_NEWLINE})*(?:"?sep=(?P<named>.)"?[ \t]*{_NEWLINE}(?:[ \t]*{_NEWLINE})*)?', re.I
)


@dataclass(frozen=True, eq=False)
class Head:
    """What the first bytes of a text table say."""

    separator: str
    columns: tuple[str, ...]
    sample: pa.Table
    above: int
    """Lines above the header: blank ones, and the ``sep=;`` that Excel writes."""
    whole: bool
    """The sample holds every row of the file."""


def read_head(content: bytes, path: Path, separator: str | None) -> Head:
    """Return the head of a text table; raises SourceError where it has no rows, a single column or
    another encoding than UTF-8.
    """
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise SourceError(
            f"separator={separator!r} is not one character\nwrite it as separator=';'"
        )
    text, whole = _decoded(content, path), len(content) < HEAD_BYTES
    match = _ABOVE.match(text)
    assert match is not None
    above, text = match.group(), text[match.end() :]
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    chosen = separator or match["named"] or _separator_of(text, path)
    columns = _header(text, chosen, path)
    if whole and not next(_rows(text, chosen), None):
        raise SourceError(f"{path.name} has a header but no rows\nexport it again with its rows")
    rows = list(islice(_rows(text, chosen), _SAMPLE_ROWS))
    whole = whole and len(rows) < _SAMPLE_ROWS
    return Head(chosen, columns, _sample(rows, columns), len(above.splitlines()), whole)


def _decoded(content: bytes, path: Path) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4096]:
        raise SourceError(
            f"{path.name} is not in UTF-8 (it looks like UTF-16 or a binary file)\n{ENCODING_HINT}"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(content) == HEAD_BYTES and error.start > len(content) - 4:
            return content[: error.start].decode("utf-8-sig")
        raise SourceError(
            f"{path.name} is not in UTF-8 (byte {error.start + 1:,})\n{ENCODING_HINT}"
        ) from error


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """Yield the records that are not blank; end at one too long to be a row (a quote never closed)."""
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if record:
                yield record
    except csv.Error:
        return


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    records = _records(text, separator)
    next(records, None)
    return records


def _separator_of(text: str, path: Path) -> str:
    """Return the separator that cuts the header into the most cells, and most of the first rows into as many.

    Where none does that, rows are damaged: then the one that cuts the header into the most cells.
    """
    sizes = {candidate: _sizes(text, candidate) for candidate in SEPARATORS}
    agreeing = [name for name, found in sizes.items() if _share(found) > 0.5]
    for among in (agreeing, list(SEPARATORS)):
        best = max(among, key=lambda name: sizes[name][0], default=None)
        if best is not None and sizes[best][0] > 1:
            return best
    tried = ", ".join(SEPARATORS.values())
    raise SourceError(
        f"{path.name} has a single column: {_first_line(text)!r}\n"
        f"separators tried: {tried}; name another one with separator=, "
        "and delete title lines that stand above the header"
    )


def _sizes(text: str, separator: str) -> list[int]:
    """Return the number of cells of the first records, the header before them; never an empty list."""
    records = (record for record, _ in zip(_records(text, separator), range(50), strict=False))
    return [len(record) for record in records] or [1]


def _share(sizes: Sequence[int]) -> float:
    return sizes.count(sizes[0]) / len(sizes)


def _header(text: str, separator: str, path: Path) -> tuple[str, ...]:
    names = next(_records(text, separator), [])
    if len(names) <= 1:
        raise SourceError(
            f"{path.name} has a single column with separator={separator!r}: {_first_line(text)!r}\n"
            "leave separator= out, or name the one that the file uses"
        )
    if names.count("") > 1:
        raise BindingError(
            f"{path.name} has {names.count('')} columns without a name in its header\n"
            "name them, or delete them if they are empty; delete title lines above the header"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BindingError(
            f"{path.name} has two columns with one name: {', '.join(map(repr, twice))}\n"
            "rename one of them in the file's header"
        )
    return tuple(names)


def _first_line(text: str) -> str:
    return text.splitlines()[0][:_SHOWN] if text else ""


def _sample(first: Sequence[Sequence[str]], columns: Sequence[str]) -> pa.Table:
    """Return the first rows as text, for proposing a binding; rows of another length are left out."""
    rows = [row for row in first if len(row) == len(columns)]
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [pa.array(list(column), pa.string()) for column in cells]
    return pa.table(dict(zip(columns, arrays, strict=True)))
