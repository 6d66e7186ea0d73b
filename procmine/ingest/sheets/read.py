"""A workbook becomes one table: the sheets with equal columns, their records tidied and typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, compress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from procmine.errors import SourceError
from procmine.ingest.checksum import sha256_of
from procmine.ingest.findings import Finding
from procmine.ingest.header import ask_for_header, column_names
from procmine.ingest.names import folded
from procmine.ingest.raw import RawTable
from procmine.ingest.sheets.book import Sheet, chosen, opened, read_sheet, without_collector
from procmine.ingest.sheets.cells import TypedColumn, is_used, typed_column
from procmine.ingest.sheets.package import Package, check_package
from procmine.ingest.sheets.scan import Blanks
from procmine.ingest.tidy import Tidied, tidied

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


@dataclass(frozen=True, eq=False)
class _Records:
    """The records of a sheet by column, with the rows that are none."""

    sheet: Sheet
    names: tuple[str, ...]
    columns: list[Sequence[Any]]
    typed: list[TypedColumn] | None
    """The columns as they were typed for tidying, where no row was left out since."""
    tidied: Tidied
    positions: tuple[int, ...]


def read_workbook(
    path: Path,
    *,
    sheets: tuple[str, ...] = (),
    header: tuple[int, ...] = (),
    with_sheet: bool = False,
) -> RawTable:
    """Read the sheets of a workbook (xlsx, xlsm, xls, ods) that hold its table.

    ``sheets`` names the sheets to read; without it all visible ones with the same columns are, in
    any order, and where there are several such tables the one with the most rows; a note tells
    the others. ``header`` gives the numbers of the row or
    the two rows with the column names, where they are not found. Rows are numbered as the
    spreadsheet shows them. Where several sheets are read, or ``with_sheet`` asks for it, the column
    ``sheet`` tells which one a row comes from, and so does ``rejected``.

    Raises SourceError for a file that is no workbook, is damaged, protected or dangerous to
    unpack, has no such sheet, or no header; BindingError where two columns have one name.
    """
    package = check_package(path)
    with without_collector():
        with opened(path) as book:
            picked, left_out = _sheets(book, package, sheets, header)
        records = [_records(sheet, package) for sheet in picked]
        return _joined(package, records, left_out, with_sheet=with_sheet)


def _sheets(
    book: CalamineWorkbook, package: Package, sheets: tuple[str, ...], header: tuple[int, ...]
) -> tuple[list[Sheet], list[str]]:
    """Return the sheets to bind together, and the others with the reason."""
    path = package.path
    places, left_out = _places(book, path, sheets)
    read = [read_sheet(book, package, place, header) for place in places]
    first = _main_sheet(read, by_size=not sheets)
    if first is None:
        raise _nothing_found(path, read, header)
    picked = []
    for sheet in read:
        reason = _unlike(sheet, first)
        if not reason:
            picked.append(sheet)
        elif sheets:
            raise _cannot_join(path, sheet, first, reason)
        else:
            left_out.append(f"{sheet.name!r} ({reason}{_rows_told(sheet)})")
    return picked, left_out


def _main_sheet(read: list[Sheet], *, by_size: bool) -> Sheet | None:
    """Return the first sheet with a header; ``by_size``, of those whose columns have the most rows."""
    rows: dict[tuple[str, ...], int] = {}
    headed = [sheet for sheet in read if sheet.header is not None]
    for sheet in headed if by_size else ():
        rows[_keys(sheet)] = rows.get(_keys(sheet), 0) + len(sheet.cells)
    return max(headed, key=lambda sheet: rows.get(_keys(sheet), 0), default=None)


def _places(
    book: CalamineWorkbook, path: Path, sheets: tuple[str, ...]
) -> tuple[list[int], list[str]]:
    if sheets:
        return chosen(book, tuple(dict.fromkeys(sheets)), path.name), []
    places, left_out = [], []
    for place, meta in enumerate(book.sheets_metadata):
        if "WorkSheet" not in str(meta.typ):
            left_out.append(f"{meta.name!r} (no cells)")
        elif not str(meta.visible).endswith(".Visible"):
            left_out.append(f"{meta.name!r} (hidden)")
        else:
            places.append(place)
    if not places:
        raise SourceError(
            f"{path.name} has no visible sheet with cells: {', '.join(left_out) or 'it is empty'}\n"
            "show the sheet, or name it with sheets="
        )
    return places, left_out


def _unlike(sheet: Sheet, first: Sheet) -> str:
    """Return why a sheet is not bound together with the first, or nothing."""
    if not any(map(is_used, sheet.cells)):
        return "empty"
    if sheet.header is None:
        return "no header"
    return "" if _keys(sheet) == _keys(first) else "other columns"


def _rows_told(sheet: Sheet) -> str:
    count = len(sheet.cells)
    return f", {count:,} {'row' if count == 1 else 'rows'}" if count else ""


def _keys(sheet: Sheet) -> tuple[str, ...]:
    assert sheet.header is not None
    return tuple(sorted(folded(name) for name in sheet.header.names if name))


def _nothing_found(path: Path, read: list[Sheet], header: tuple[int, ...]) -> SourceError:
    filled = next((sheet for sheet in read if any(map(is_used, sheet.cells))), None)
    if filled is None:
        return SourceError(
            f"{path.name} is empty: no cell of its sheets holds anything\n"
            "export it again; formulas and pictures are not read"
        )
    where = f"sheet {filled.name!r} of {path.name}"
    if header:
        said = " and ".join(map(str, header))
        return SourceError(
            f"row {said} of {where} holds no column names; it has {len(filled.cells):,} rows\n"
            f"{ask_for_header(filled.head(), where)}"
        )
    return SourceError(ask_for_header(filled.head(), where))


def _cannot_join(path: Path, sheet: Sheet, first: Sheet, reason: str) -> SourceError:
    return SourceError(
        f"sheet {sheet.name!r} of {path.name} cannot be read together with {first.name!r}: {reason}\n"
        "read each with sheets= by itself"
    )


def _records(sheet: Sheet, package: Package) -> _Records:
    """Return the records of a sheet without the rows that are none."""
    assert sheet.header is not None
    begin = sheet.header.last + 1
    columns: list[Sequence[Any]] = list(zip(*sheet.cells[begin:], strict=True))
    columns = columns or [()] * len(sheet.header.names)
    used = list(map(is_used, columns))
    kept = column_names(sheet.header, used, package.path.name, place=f" in sheet {sheet.name!r}")
    columns = [columns[position] for position, _ in kept]
    names = tuple(name for _, name in kept)
    rows = np.arange(begin + 1, len(sheet.cells) + 1, dtype=np.int32)
    typed = [
        typed_column(column, name, rows, date_system=package.date_system)
        for name, column in zip(names, columns, strict=True)
    ]
    found = tidied(
        pa.table([column.array for column in typed], names=list(names)),
        rows,
        names,
        header=[[row[position] for position, _ in kept] for row in sheet.header.cells],
    )
    if found.kept is not None:
        columns = [list(compress(column, found.kept)) for column in columns]
    positions = tuple(position for position, _ in kept)
    return _Records(sheet, names, columns, typed if found.kept is None else None, found, positions)


def _joined(
    package: Package, records: list[_Records], left_out: list[str], *, with_sheet: bool
) -> RawTable:
    """Return the records of all sheets as one table."""
    path, names = package.path, _all_names(records)
    rows = np.concatenate([part.tidied.rows for part in records])
    if not len(rows):
        raise SourceError(f"{path.name} has a header but no rows\nexport it again with its rows")
    several = len(records) > 1
    typed = records[0].typed if not several else None
    if typed is None:
        cells = (_cells(records, name) for name in names)
        typed = [
            typed_column(column, name, rows, date_system=package.date_system)
            for name, column in zip(names, cells, strict=True)
        ]
    table = pa.table([column.array for column in typed], names=list(names))
    sheet = _free_name(names) if several or with_sheet else None
    if sheet is not None:
        table = table.append_column(sheet, _sheet_names(records))
    notes, findings = _told(records, typed, left_out)
    return RawTable(
        table,
        rows,
        path.name,
        sha256_of(path),
        rejected=_rejected(records, sheet is not None),
        notes=notes,
        rows_unread=sum(len(part.tidied.rejected) for part in records),
        findings=findings,
        date_system=package.date_system,
        sheet=sheet,
    )


def _cells(records: list[_Records], name: str) -> list[Any]:
    """Return the cells of a column from every sheet; its place may differ, and capitals and accents of its name."""
    parts = []
    for part in records:
        place = _place_of(name, part.names)
        parts.append([""] * len(part.tidied.rows) if place is None else part.columns[place])
    return list(chain.from_iterable(parts))


def _all_names(records: list[_Records]) -> tuple[str, ...]:
    """Return the columns of the first sheet, and those without a name that only others have."""
    names = list(records[0].names)
    for part in records[1:]:
        names += [name for name in part.names if _place_of(name, names) is None]
    return tuple(names)


def _place_of(name: str, names: Sequence[str]) -> int | None:
    if name in names:
        return names.index(name)
    keys = list(map(folded, names))
    return keys.index(folded(name)) if folded(name) in keys else None


def _free_name(names: Sequence[str]) -> str:
    taken, name, count = {folded(other) for other in names}, "sheet", 1
    while name in taken:
        count += 1
        name = f"sheet {count}"
    return name


def _sheet_names(records: list[_Records]) -> pa.Array:
    counts = [len(part.tidied.rows) for part in records]
    codes = np.repeat(np.arange(len(records)), counts)
    return pa.array([part.sheet.name for part in records]).take(pa.array(codes))


def _rejected(records: list[_Records], several: bool) -> pd.DataFrame:
    if not several:
        return records[0].tidied.rejected
    parts = [part.tidied.rejected.assign(sheet=part.sheet.name) for part in records]
    return pd.concat(parts, ignore_index=True)


def _told(
    records: list[_Records], typed: list[TypedColumn], left_out: list[str]
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Return the notes and findings of all sheets."""
    notes: list[str] = []
    findings = [finding for column in typed for finding in column.findings]
    if left_out:
        notes.append(f"sheets left out: {', '.join(left_out)}")
    for part in records:
        where = f"sheet {part.sheet.name!r}: " if len(records) > 1 else ""
        notes += [where + note for note in part.tidied.notes]
        notes += _errors_told(part, part.sheet.blanks, where)
        findings += _formulas_found(part, part.sheet.blanks, where)
    notes += [note for column in typed for note in column.notes]
    return (*notes, *(finding.text for finding in findings)), tuple(findings)


def _errors_told(part: _Records, blanks: Blanks, where: str) -> list[str]:
    return [
        f"{where}{name}: cells with an error such as #N/A, taken as missing: {len(found):,}, "
        f"first in row {found[0]}"
        for name, found in _by_name(part, blanks.errors)
    ]


def _formulas_found(part: _Records, blanks: Blanks, where: str) -> list[Finding]:
    return [
        Finding(
            "formula",
            name,
            len(found),
            tuple(found[:5]),
            f"{where}{name}: formulas without a stored value, taken as missing: {len(found):,}, first in row "
            f"{found[0]}; open the file in Excel or LibreOffice and save it",
        )
        for name, found in _by_name(part, blanks.formulas)
    ]


def _by_name(part: _Records, places: dict[int, list[int]]) -> list[tuple[str, list[int]]]:
    """Return the rows below the header at which a column has such cells."""
    assert part.sheet.header is not None
    last = part.sheet.header.last + 1
    found = [
        (name, [row for row in places.get(position, ()) if row > last])
        for position, name in zip(part.positions, part.names, strict=True)
    ]
    return [(name, rows) for name, rows in found if rows]
