"""A workbook as calamine opens it: its sheets with their cells, and every failure said in words."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procmine.errors import SourceError, did_you_mean
from procmine.ingest.header import Header, Merged, find_header
from procmine.ingest.sheets.cells import as_text
from procmine.ingest.sheets.package import Package, damaged, protected
from procmine.ingest.sheets.scan import Blanks, blanks_of, refuse_stray_cells

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_HEAD_ROWS = 50


@dataclass(frozen=True, eq=False)
class Sheet:
    """The cells of a sheet from its first row and column on."""

    name: str
    cells: list[list[Any]]
    header: Header | None
    blanks: Blanks

    def head(self) -> list[list[str]]:
        """Return the first rows as text."""
        return head_of(self.cells)


@contextmanager
def opened(path: Path) -> Iterator[CalamineWorkbook]:
    """Open a workbook; whatever calamine cannot read is a SourceError."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(path) as book:
            yield book
    except PasswordError as error:
        raise protected(path) from error
    except (CalamineError, OSError) as error:
        raise damaged(path, error) from error
    except BaseException as error:
        # a panic of the reader is no Exception; everything else passes
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(path, error) from error


def read_sheet(
    book: CalamineWorkbook, package: Package, place: int, given: tuple[int, ...]
) -> Sheet:
    """Return a sheet of an open workbook, its header found or as ``given``."""
    refuse_stray_cells(package, place)
    with ThreadPoolExecutor(1) as worker:  # calamine leaves the other core free meanwhile
        blanks = worker.submit(blanks_of, package, place)
        sheet = book.get_sheet_by_index(place)
    cells = sheet.to_python(skip_empty_area=False)
    merged = _merged(sheet.merged_cell_ranges)
    header = find_header(head_of(cells, given), given=given, merged=merged) if cells else None
    return Sheet(sheet.name, cells, header, blanks.result())


def chosen(book: CalamineWorkbook, sheets: tuple[str, ...], name: str) -> list[int]:
    """Return the places of the sheets that the user names; raises SourceError where one is not there."""
    names = list(book.sheet_names)
    for sheet in sheets:
        if sheet not in names:
            raise SourceError(
                f"no sheet {sheet!r} in {name}\nsheets are: {', '.join(map(repr, names))}"
                f"{did_you_mean(sheet, names)}"
            )
    return [names.index(sheet) for sheet in sheets]


def head_of(cells: list[list[Any]], given: tuple[int, ...] = ()) -> list[list[str]]:
    """Return the first rows as text, at least as far as the header that the user names."""
    count = max(_HEAD_ROWS, *(number + 2 for number in given)) if given else _HEAD_ROWS
    return [list(map(as_text, row)) for row in cells[:count]]


def _merged(ranges: list[tuple[tuple[int, int], tuple[int, int]]] | None) -> list[Merged]:
    """Return merged ranges over several columns, by their first row."""
    return [(top, left, right) for (top, left), (_, right) in ranges or () if right > left]


@contextmanager
def without_collector() -> Iterator[None]:
    """Make many cells without the collector of cycles looking through them over and over."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
