"""The separator of a text table: the one that cuts its header, and most of its first rows, into the most cells."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from procmine.ingest.header import find_header

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_LOOKED_AT = 50
_LIMIT = Lock()


def records(text: str, separator: str) -> Iterator[list[str]]:
    """Yield the records, blank ones as empty lists."""
    return (record for record, _ in numbered_records(text, separator))


def numbered_records(text: str, separator: str) -> Iterator[tuple[list[str], int]]:
    """Yield the records, each with the number of lines down to its end; a cell may be as long as the text."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while (record := _next(reader, len(text))) is not None:
        yield record, reader.line_num


def _next(reader: Reader, longest: int) -> list[str] | None:
    """Return the next record; the longest cell is set for all of Python, and is set back at once."""
    with _LIMIT:
        before = csv.field_size_limit()
        csv.field_size_limit(max(before, longest))
        try:
            return next(reader, None)
        finally:
            csv.field_size_limit(before)


def separator_of(text: str) -> str | None:
    """Return the separator of a text, or None where none cuts it.

    It cuts the header into the most cells, and most of the first rows into as many. Where the
    first row is a title, it is the one that cuts most rows into as many cells. Where none does
    that, rows are damaged: then the one that cuts the first row into the most cells.
    """
    sizes = {candidate: _sizes(text, candidate) for candidate in SEPARATORS}
    agreeing = [name for name, found in sizes.items() if found[0] > 1 and _share(found) > 0.5]
    by_header = max(agreeing, key=lambda name: sizes[name][0], default=None)
    if by_header is None or sizes[by_header][0] == 2:
        under_title = _under_title(text, sizes)
        if under_title is not None:
            return under_title
    if by_header is not None:
        return by_header
    best = max(SEPARATORS, key=lambda name: sizes[name][0])
    return best if sizes[best][0] > 1 else None


def _under_title(text: str, sizes: dict[str, list[int]]) -> str | None:
    """Return the separator that cuts most rows into three cells or more, though not the first row."""
    modes = {name: Counter(found).most_common(1)[0] for name, found in sizes.items()}
    many = [
        name
        for name, (cells, times) in modes.items()
        if cells > 2 and times * 2 > len(sizes[name]) and sizes[name][0] != cells
    ]
    best = max(many, key=lambda name: modes[name][0], default=None)
    if best is None or find_header(list(islice(records(text, best), _LOOKED_AT))) is None:
        return None
    return best


def _sizes(text: str, separator: str) -> list[int]:
    """Return the number of cells of the first records that are not blank; never an empty list."""
    filled = (record for record in records(text, separator) if record)
    return [len(record) for record in islice(filled, _LOOKED_AT)] or [1]


def _share(sizes: Sequence[int]) -> float:
    return sizes.count(sizes[0]) / len(sizes)
