"""The header of a grid of text: under title rows, over one or two rows, with the row that numbers its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from procmine.errors import BindingError
from procmine.ingest.width import check_width

_NUMBER = re.compile(r"[-+]?\d[\d .,']*%?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTER = re.compile(r"\(?(\d{1,3})[).]*")
DATE_LIKE = r"^\s*\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
_DATE = re.compile(DATE_LIKE)
_SHARES = (0.5, 0.75, 1.0)
"""Of the columns that hold anything, how many a header names at least, and how many a better one does."""
_LONGEST = 200
_LOOKED_AT, _LAST_FIRST = 200, 50
"""Rows that are looked at, and those in which a header may begin."""
_SHOWN_CELLS, _SHOWN_ROWS, _SHOWN_LETTERS = 6, 8, 24

Merged = tuple[int, int, int]
"""A merged range in one row: the row, its first and its last column, counted from 0."""


@dataclass(frozen=True)
class Header:
    """Where the header of a grid stands; the first record stands in row ``last + 1``."""

    first: int
    last: int
    names: tuple[str, ...]
    """A name for each column of the grid, ``""`` where the header has none."""
    cells: tuple[tuple[str, ...], ...] = ()
    """The header's rows as written, by which their repetition on each page is known."""


def find_header(
    rows: Sequence[Sequence[str]],
    *,
    given: tuple[int, ...] = (),
    merged: Sequence[Merged] = (),
) -> Header | None:
    """Return the header of a grid whose cells are text, or None where no row reads as names.

    ``given`` are the numbers, from 1, of the row or of the two rows with the names, as the user
    says them. A header names half of the columns that hold anything or more; none of its cells is
    a number or a date, but a year may be a name. A fuller row right below is preferred if it
    stands over numbers or dates. Of two rows the upper one is a group: ``merged`` says how far
    each group reaches, and without it a group reaches over the columns to its right that only the
    lower row names. A row that numbers the columns belongs to the header.

    >>> find_header([["REGISTRU 2025", ""], ["Nr.", "Data"], ["1", "03.01.2025"]])
    Header(first=1, last=1, names=('Nr.', 'Data'), cells=(('Nr.', 'Data'),))
    """
    if given:
        return _given(_squared(rows), given, merged)
    grid = _squared(rows[:_LOOKED_AT])
    chosen = None
    for share in _SHARES:
        found = _first(grid, share, merged)
        if chosen is None or (found is not None and _is_better(grid, found, chosen)):
            chosen = found
    return chosen


def column_names(
    header: Header, used: Sequence[bool], source: str, *, place: str = ""
) -> list[tuple[int, str]]:
    """Return position and name of each column that is kept: those with a name, or with any cell (``used``).

    A column with cells and no name is called after its number. Raises BindingError where two
    columns have one name, and SourceError where there are too many to be read.
    """
    kept = [
        (position, name or f"column {position + 1}")
        for position, name in enumerate(header.names)
        if name or (position < len(used) and used[position])
    ]
    kept += [(n, f"column {n + 1}") for n in range(len(header.names), len(used)) if used[n]]
    check_width(len(kept), source)
    counts = Counter(name for _, name in kept)
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        said = "; ".join(
            f"{name!r} in {_positions([n for n, other in kept if other == name])}" for name in twice
        )
        raise BindingError(
            f"{source} has two columns with one name{place}: {said}\n"
            "rename one of them in the file's header"
        )
    return kept


def first_rows(rows: Sequence[Sequence[str]]) -> str:
    """Return the first rows that are not blank as lines with their numbers, for a message that no header was found."""
    shown = [(n, row) for n, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    return "\n".join(f"  row {n}: {_shown(row)}" for n, row in shown[:_SHOWN_ROWS])


def ask_for_header(rows: Sequence[Sequence[str]], source: str) -> str:
    """Return the message for a table in which no header was found: its first rows, and what to pass.

    >>> print(ask_for_header([["1", "2"], ["3", "4"]], "registru.xlsx"))
    no row of registru.xlsx reads as column names; it begins with
      row 1: 1 | 2
      row 2: 3 | 4
    pass header=4, the number of the row with the column names, or header=(4, 5) where it takes two rows
    """
    return (
        f"no row of {source} reads as column names; it begins with\n{first_rows(rows)}\n"
        "pass header=4, the number of the row with the column names, or header=(4, 5) where it takes two rows"
    )


def column_letters(position: int) -> str:
    """Return the letters of a column as a spreadsheet shows them, its position counted from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _squared(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    return [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows]


def _given(
    grid: list[list[str]], given: tuple[int, ...], merged: Sequence[Merged]
) -> Header | None:
    first, last = given[0] - 1, given[-1] - 1
    if len(given) > 2 or first < 0 or last - first != len(given) - 1:
        raise BindingError(
            f"header={given if len(given) > 1 else given[0]} does not name rows\n"
            "write header=4, or header=(4, 5) where the header takes two rows, one under the other"
        )
    if last >= len(grid) or not any(grid[last]):
        return None
    names = _joined(grid, first, merged) if last > first else _names(grid[first])
    return _with_counters(grid, first, last, names)


def _first(grid: list[list[str]], share: float, merged: Sequence[Merged]) -> Header | None:
    found = (_at(grid, first, share, merged) for first in range(min(len(grid), _LAST_FIRST)))
    return next((header for header in found if header is not None), None)


def _is_better(grid: list[list[str]], fuller: Header, chosen: Header) -> bool:
    """Tell whether a fuller row below is the header: over numbers or dates, with no record in between."""
    between = grid[chosen.last + 1 : fuller.first]
    return _stands_over_values(grid, fuller) and not any(
        any(map(_is_value, row)) and sum(map(bool, row)) * 4 > 3 * sum(map(bool, fuller.names))
        for row in between
    )


def _stands_over_values(grid: list[list[str]], header: Header) -> bool:
    below = grid[header.last + 1 :]
    return any(name and _holds_values(below, n) for n, name in enumerate(header.names))


def _at(grid: list[list[str]], first: int, share: float, merged: Sequence[Merged]) -> Header | None:
    """Return the header that begins in a row, or None."""
    row = grid[first]
    if not _reads_as_names(row) or _is_label_and_value(grid, first):
        return None
    last = first + 1 if _is_group_row(grid, first, merged) else first
    names = _joined(grid, first, merged) if last > first else _names(row)
    used = sum(any(below[n] for below in grid[first:]) for n in range(len(row)))
    if used < 2 or sum(map(bool, names)) < share * used:
        return None
    if last == first and first and _has_twins(names):
        above = _joined(grid, first - 1, merged)
        if not _has_twins(above) and _all_names(grid[first - 1]):
            first, names = first - 1, above
    return _with_counters(grid, first, last, names)


def _reads_as_names(row: Sequence[str]) -> bool:
    return sum(map(bool, row)) > 1 and _all_names(row)


def _all_names(row: Sequence[str]) -> bool:
    return all(_is_name(cell) for cell in row if cell)


def _is_name(cell: str) -> bool:
    if _YEAR.fullmatch(cell):
        return True
    if len(cell) > _LONGEST or _DATE.match(cell) or _NUMBER.fullmatch(cell):
        return False
    return any(map(str.isalpha, cell)) or cell in ("#", "№", "%")


def _is_value(cell: str) -> bool:
    """Tell whether a cell holds a number or a date, which no name is."""
    return bool(_NUMBER.fullmatch(cell) or _DATE.match(cell))


def _is_label_and_value(grid: list[list[str]], place: int) -> bool:
    """Tell whether a row of two cells stands above the table: a label with its value, or a pair before a blank row."""
    filled = [cell for cell in grid[place] if cell]
    if len(filled) > 2:
        return False
    if filled[0].endswith(":"):
        return True
    below = grid[place + 1 : place + 8]
    if not below or any(below[0]):
        return False
    after = next((row for row in below if any(row)), [])
    return _reads_as_names(after) and sum(map(bool, after)) >= len(filled)


def _is_group_row(grid: list[list[str]], place: int, merged: Sequence[Merged]) -> bool:
    """Tell whether the names of a row are groups over the names of the row below.

    The lower row names a column that the upper one leaves open, and it differs from the records:
    it is merged above, or most groups reach over several columns and some column below holds
    numbers or dates.
    """
    if place + 1 >= len(grid) or not _reads_as_names(grid[place + 1]):
        return False
    upper, lower = grid[place], grid[place + 1]
    opened = [n for n, cell in enumerate(lower) if cell and not upper[n] and any(upper[:n])]
    if not opened:
        return False
    if any(row == place and first < n <= last for row, first, last in merged for n in opened):
        return True
    over = [n for n, cell in enumerate(lower) if cell and upper[n]]
    reaching = [n for n in over if n + 1 in opened]
    if len(reaching) * 2 <= len(over):
        return False
    return any(_holds_values(grid[place + 2 :], n) for n, cell in enumerate(lower) if cell)


def _holds_values(rows: list[list[str]], column: int) -> bool:
    cells = [row[column] for row in rows if row[column]]
    return sum(map(_is_value, cells)) * 2 > len(cells)


def _joined(grid: list[list[str]], place: int, merged: Sequence[Merged]) -> tuple[str, ...]:
    """Return the names of a two-row header: the group and the name below it."""
    upper, lower = grid[place], grid[place + 1]
    groups = _groups(upper, lower, [(a, b) for row, a, b in merged if row == place])
    pairs = zip(groups, upper, lower, strict=True)
    return tuple(_pair(group if name else own, name) for group, own, name in pairs)


def _groups(upper: list[str], lower: list[str], reaches: Sequence[tuple[int, int]]) -> list[str]:
    """Return the group over each column; a name that covers both rows is no group for its neighbours."""
    groups, group = list(upper), ""
    for n, cell in enumerate(upper):
        if cell:
            group = cell if lower[n] else ""
        elif not reaches and lower[n]:
            groups[n] = group
        elif not lower[n]:
            group = ""
    for first, last in reaches:
        groups[first : last + 1] = [upper[first]] * (last + 1 - first)
    return groups


def _pair(group: str, name: str) -> str:
    return _spaced(name if group == name else f"{group} {name}")


def _names(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(_spaced, row))


def _spaced(text: str) -> str:
    """Return a name in one line; headers are often broken over several."""
    return " ".join(text.split())


def _has_twins(names: Sequence[str]) -> bool:
    filled = [name for name in names if name]
    return len(set(filled)) < len(filled)


def _with_counters(grid: list[list[str]], first: int, last: int, names: tuple[str, ...]) -> Header:
    """Return the header, with the row under it where that only numbers the columns."""
    if last + 1 < len(grid) and _counts_columns(grid[last + 1], names, grid[last + 2 :]):
        last += 1
    return Header(first, last, names, tuple(tuple(row) for row in grid[first : last + 1]))


def _counts_columns(row: Sequence[str], names: Sequence[str], below: list[list[str]]) -> bool:
    """Tell whether a row reads 0 1 2 3 … or 1 2 3 …, as printed registers number their columns.

    Where every column holds numbers it may be a record, and stays one.
    """
    filled = [_COUNTER.fullmatch(cell) for cell in row if cell]
    if len(filled) < 3 or len(filled) * 2 < sum(map(bool, names)):
        return False
    numbers = [int(match[1]) for match in filled if match is not None]
    if len(numbers) < len(filled) or numbers[0] > 1:
        return False
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    cells = [cell for other in below for cell in other if cell]
    return not cells or any(not _NUMBER.fullmatch(cell) for cell in cells)


def _positions(places: Sequence[int]) -> str:
    return " and ".join(f"column {column_letters(n)} ({n + 1})" for n in places)


def _shown(row: Sequence[str]) -> str:
    cells = [_spaced(cell)[:_SHOWN_LETTERS] for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return " | ".join(cells[:_SHOWN_CELLS]) + (" | …" if len(cells) > _SHOWN_CELLS else "")
