"""The head of a text table: what stands above the header, the separator, the columns and the first rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from procmine.errors import BindingError, SourceError
from procmine.ingest.csv.printed import looks_printed, tidied_sample
from procmine.ingest.csv.separator import SEPARATORS, numbered_records, records, separator_of
from procmine.ingest.header import (
    DATE_LIKE,
    Header,
    ask_for_header,
    column_names,
    find_header,
    first_rows,
)

_SAMPLE_ROWS = 5000
_LOOKED_AT = 50
_SHOWN = 80
_NEWLINE = r"(?:\r\n|\r|\n)"
_ABOVE = re.compile(
    rf'(?:[ \t]*{_NEWLINE})*(?:"?sep=(?P<named>.)"?[ \t]*{_NEWLINE}(?:[ \t]*{_NEWLINE})*)?', re.I
)
_VALUE = re.compile(rf"\s*[-+]?\d[\d .,']*%?\s*$|{DATE_LIKE}")
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*$")


@dataclass(frozen=True, eq=False)
class Head:
    """What the first text of a text table says."""

    separator: str
    columns: tuple[str, ...]
    """The names of the columns that have a name, or a cell among the first rows."""
    sample: pa.Table
    names: tuple[str, ...]
    """A name for every cell of a row: those of ``columns``, and others for columns that seem to be empty."""
    lines: int
    """Lines above the first record, or above the header where that is ``plain``."""
    first: int
    """The number of the first record's row, as a spreadsheet would count it."""
    plain: bool
    """The header is the first row that is not blank, and a single one."""
    printed: bool
    """The table looks as if it was printed: totals and repeated headers are likely."""
    header: tuple[tuple[str, ...], ...]
    """The rows of the header as written."""
    notes: tuple[str, ...]
    whole: bool
    """The sample holds every row of the file."""


def read_head(
    text: str,
    name: str,
    *,
    separator: str | None = None,
    header: tuple[int, ...] = (),
    whole: bool = True,
) -> Head:
    """Return the head of a text table, of which ``text`` is the beginning or the ``whole``; raises SourceError where
    it has no rows, a single column or no header, and BindingError where two columns have one name.
    """
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise SourceError(
            f"separator={separator!r} is not one character\nwrite it as separator=';'"
        )
    match = _ABOVE.match(text)
    assert match is not None
    above, text = len(match.group().splitlines()), text[match.end() :]
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    chosen = separator or match["named"] or separator_of(text)
    if chosen is None:
        raise _single_column(text, name)
    grid = _grid(text, chosen, above, max(_LOOKED_AT, *header, 0) + _LOOKED_AT)
    if max(map(len, grid.rows), default=0) < 2:
        raise _single_column(text, name, separator or match["named"])
    found = _header(grid, header, name)
    below = islice(records(text, chosen), found.last + 1 - above, None)
    rows = list(islice(filter(None, below), _SAMPLE_ROWS))
    if whole and not rows:
        raise SourceError(f"{name} has a header but no rows\nexport it again with its rows")
    names, used = _columns(found, rows, name)
    plain = found.first == found.last == above and list(names) == grid.rows[above]
    header_cells = tuple(tuple(row[n] for n in used) for row in found.cells)
    sample = _sample(rows, names, used)
    printed = not plain or looks_printed(sample)
    return Head(
        separator=chosen,
        columns=tuple(names[n] for n in used),
        sample=tidied_sample(sample, header_cells) if printed else sample,
        names=names,
        lines=above if plain else grid.lines[found.last],
        first=found.last + 2,
        plain=plain,
        printed=printed,
        header=found.cells,
        notes=_notes(grid, found),
        whole=whole and len(rows) < _SAMPLE_ROWS,
    )


@dataclass(frozen=True, eq=False)
class _Grid:
    """The first rows of a file, as a spreadsheet would number them."""

    rows: list[list[str]]
    lines: list[int]
    """The number of lines down to the end of each row; a quoted cell may hold several."""
    above: int
    """Rows above the first one that may be a header."""


def _grid(text: str, separator: str, above: int, most: int) -> _Grid:
    seen = list(islice(numbered_records(text, separator), most))
    rows: list[list[str]] = [[] for _ in range(above)]
    rows += [row for row, _ in seen]
    return _Grid(rows, [*range(1, above + 1), *(above + line for _, line in seen)], above)


def _header(grid: _Grid, given: tuple[int, ...], name: str) -> Header:
    """Return the header as wide as its own rows; names in a single row stay as they are written."""
    found = find_header(grid.rows, given=given)
    if not given and _is_plain(grid, found):
        last = found.last if found is not None and found.first == grid.above else grid.above
        found = Header(grid.above, last, tuple(grid.rows[grid.above]))
    if found is None:
        raise BindingError(_no_header(grid, given, name))
    rows = grid.rows[found.first : found.last + 1]
    width = max(map(len, rows))
    if width < 2:
        raise BindingError(_no_header(grid, given, name))
    padded = [tuple(row + [""] * (width - len(row))) for row in rows]
    names = padded[0] if len(padded) == 1 else found.names[:width]
    return Header(found.first, found.last, names, tuple(padded))


def _is_plain(grid: _Grid, found: Header | None) -> bool:
    """Tell whether the first row is the header: it names all columns but one at most, and is no record."""
    row = grid.rows[grid.above]
    if len(row) < 2 or sum(not cell.strip() for cell in row) > min(1, len(row) - 2):
        return False
    values = [cell for cell in row if _VALUE.match(cell) and not _YEAR.match(cell)]
    if len(values) * 2 >= len(row) or any(re.match(DATE_LIKE, cell) for cell in values):
        return False
    if found is None or found.first == grid.above:
        return True
    usual = Counter(len(record) for record in grid.rows[grid.above :] if any(record)).most_common(
        1
    )[0][0]
    return len(row) >= min(
        len(grid.rows[found.first]), usual
    )  # one longer row below is a damaged one


def _no_header(grid: _Grid, given: tuple[int, ...], name: str) -> str:
    if not given:
        return ask_for_header(grid.rows, name)
    rows = " and ".join(map(str, given))
    return (
        f"row {rows} of {name}, named with header=, holds no column names; the file begins with\n"
        f"{first_rows(grid.rows)}\npass the number of the row with the column names"
    )


def _single_column(text: str, name: str, separator: str | None = None) -> SourceError:
    line = text.splitlines()[0][:_SHOWN] if text else ""
    if separator is not None:
        return SourceError(
            f"{name} has a single column with separator={separator!r}: {line!r}\n"
            "leave separator= out, or name the one that the file uses"
        )
    return SourceError(
        f"{name} has a single column: {line!r}\n"
        f"separators tried: {', '.join(SEPARATORS.values())}; name another one with separator=, "
        "and delete title lines that stand above the header"
    )


def _columns(
    header: Header, rows: Sequence[Sequence[str]], name: str
) -> tuple[tuple[str, ...], list[int]]:
    """Return a name for every column, and which of them have a name of their own or a cell."""
    width = len(header.names)
    fitting = [row for row in rows if len(row) == width]
    filled = [any(map(str.strip, column)) for column in zip(*fitting, strict=True)]
    kept = dict(column_names(header, filled, name))
    names = [kept.get(n, f"column {n + 1}") for n in range(width)]
    while len(set(names)) < width:  # a column without a name has the place of a name's number
        names = [f"{text} (empty)" if n not in kept else text for n, text in enumerate(names)]
    return tuple(names), list(kept)


def _sample(rows: Sequence[Sequence[str]], names: Sequence[str], used: Sequence[int]) -> pa.Table:
    """Return the first rows as text, for proposing a binding; rows of another length are left out."""
    fitting = [row for row in rows if len(row) == len(names)]
    cells = list(zip(*fitting, strict=True)) if fitting else [()] * len(names)
    return pa.table({names[n]: pa.array(list(cells[n]), pa.string()) for n in used})


def _notes(grid: _Grid, header: Header) -> tuple[str, ...]:
    titles = sum(any(map(str.strip, row)) for row in grid.rows[grid.above : header.first])
    if not titles and header.first == header.last:
        return ()
    rows = f"rows {header.first + 1} to {header.last + 1}"
    where = rows if header.last > header.first else f"row {header.last + 1}"
    return (f"the header is in {where}" + (f"; title rows above it: {titles:,}" if titles else ""),)
