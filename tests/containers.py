"""Containers of drawn exports: texts, workbooks, databases, Parquet and frames, and what surrounds the records."""

from __future__ import annotations

import csv
import gzip
import io
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from tests.exports import Cell, Table, in_text, writings

UNICODE = ("utf-8", "utf-8-sig", "utf-16")
LEGACY = ("cp1250", "cp1252", "cp1253", "iso8859-2", "iso8859-7", "iso8859-16")


@dataclass(frozen=True)
class Written:
    """An export as it lies there, and how to read it."""

    source: Any
    options: dict[str, Any]
    rows: list[int]
    """The number of each row of the table where the file shows it."""
    planted: dict[int, str] = field(default_factory=dict)
    """Rows that are no records, by their number, with the reason."""
    numbered: bool = True
    """Whether the rows of the source have these numbers."""


@dataclass(frozen=True)
class Page:
    """A grid with everything that stands around the records."""

    grid: list[list[Cell]]
    rows: list[int]
    planted: dict[int, str]
    header: int


@st.composite
def pages(
    draw: st.DrawFn, table: Table, rows: Sequence[Sequence[Cell]], *, plain: bool = False
) -> Page:
    """The header and the rows, maybe under titles, with repeated headers, blank rows and a total."""
    width = len(table.columns)
    titles = (
        [] if plain else draw(st.sampled_from([[], [], ["Registru"], ["Registru", "2026", ""]]))
    )
    grid: list[list[Cell]] = [[title] + [""] * (width - 1) for title in titles]
    header = len(grid) + 1
    grid.append(list(table.columns))
    printed = not plain and draw(st.booleans())
    breaks = draw(st.sets(st.integers(1, 8), max_size=3)) if printed else set()
    numbers, planted = [], {}
    for place, row in enumerate(rows):
        if place in breaks:
            if draw(st.booleans()):
                grid.append([""] * width)
            else:
                grid.append(list(table.columns))
                planted[len(grid)] = "repeated header"
        grid.append(list(row))
        numbers.append(len(grid))
    if printed and draw(st.booleans()):
        grid.append([table.office.language.total, *[""] * (width - 2), str(len(rows))])
        planted[len(grid)] = "totals row"
    return Page(grid, numbers, planted, header)


@st.composite
def text_files(draw: st.DrawFn, table: Table, folder: Path, *, plain: bool = False) -> Written:
    """A CSV or TSV file, maybe packed, in an encoding that has its letters."""
    writing = draw(writings(table))
    separator = draw(st.sampled_from(",;\t|"))
    page = draw(pages(table, in_text(table, writing), plain=plain))
    out = io.StringIO()
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end).writerows(page.grid)
    text = out.getvalue()
    shift = 0
    if not plain and draw(st.sampled_from([False, False, True])):
        text, shift = f"sep={separator}{end}{text}", 1
    options: dict[str, Any] = {}
    if writing.time_format is not None:
        options["time_format"] = writing.time_format
    encoding = draw(st.sampled_from([name for name in (*UNICODE, *LEGACY) if _fits(text, name)]))
    if encoding in LEGACY or draw(st.booleans()):
        options["encoding"] = encoding
    if draw(st.booleans()):
        options["separator"] = separator
    data = text.encode(encoding)
    packed = draw(st.sampled_from([False, False, True]))
    path = folder / ("registru.csv.gz" if packed else "registru.csv")
    path.write_bytes(gzip.compress(data) if packed else data)
    return Written(
        path,
        options,
        [number + shift for number in page.rows],
        {row + shift: reason for row, reason in page.planted.items()},
    )


def _fits(text: str, encoding: str) -> bool:
    try:
        return text.encode(encoding).decode(encoding).removeprefix("\ufeff") == text
    except UnicodeEncodeError:
        return False


@st.composite
def excel_files(draw: st.DrawFn, table: Table, folder: Path) -> Written:
    """An xlsx workbook: true dates, dates as text or bare serials, one sheet or two, a header of one row or two."""
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    true_dates = draw(st.booleans())
    writing = draw(writings(table))
    rows: list[list[Cell]] = (
        [list(row) for row in table.rows] if true_dates else in_text(table, writing)
    )
    options: dict[str, Any] = {}
    if not true_dates and writing.time_format is not None:
        options["time_format"] = writing.time_format
    if true_dates and draw(st.booleans()):
        book.epoch = CALENDAR_MAC_1904
    page = draw(pages(table, rows))
    grid = page.grid
    sheet = book.active
    shift = 0
    if draw(st.sampled_from([False, False, True])):  # a row of groups above the names
        options["header"] = [page.header, page.header + 1]
        row: list[Cell] = [None] * len(table.columns)
        grid = [*grid[: page.header - 1], row, *grid[page.header - 1 :]]
        shift = 1
    elif draw(st.booleans()):
        options["header"] = page.header
    for row in grid:
        sheet.append([None if cell == "" else cell for cell in row])
    path = folder / "registru.xlsx"
    book.save(path)
    numbers = [n + shift for n in page.rows]
    return Written(path, options, numbers, {n + shift: why for n, why in page.planted.items()})


@st.composite
def sheet_pairs(draw: st.DrawFn, table: Table, folder: Path) -> Written:
    """An xlsx workbook with the rows in two sheets, the columns of the second in another order."""
    import openpyxl

    cut = draw(st.integers(1, len(table.rows)))
    book = openpyxl.Workbook()
    numbers = []
    parts = [("2025", table.rows[:cut]), ("2026", table.rows[cut:])]
    turned = draw(st.booleans())
    for place, (name, rows) in enumerate(part for part in parts if part[1]):
        sheet = book.active if place == 0 else book.create_sheet()
        sheet.title = name
        back = place and turned
        for number, row in enumerate([table.columns, *rows], 1):
            sheet.append(list(reversed(row)) if back else list(row))
            if number > 1:
                numbers.append(number)
    path = folder / "registru.xlsx"
    book.save(path)
    return Written(path, {}, numbers)


@st.composite
def old_excel_files(draw: st.DrawFn, table: Table, folder: Path) -> Written:
    """An xls workbook with true dates, counted from 1900 or 1904."""
    import xlwt

    book = xlwt.Workbook()
    book.dates_1904 = draw(st.booleans())
    sheet = book.add_sheet("Registru")
    style = xlwt.easyxf(num_format_str="DD.MM.YYYY HH:MM:SS")
    page = draw(pages(table, table.rows))
    for y, row in enumerate(page.grid):
        for x, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write(y, x, cell, style)
            elif cell not in (None, ""):
                sheet.write(y, x, cell)
    path = folder / "registru.xls"
    book.save(str(path))
    return Written(path, {}, page.rows, page.planted)


@st.composite
def ods_files(draw: st.DrawFn, table: Table, folder: Path) -> Written:
    """An ods workbook with true dates."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table as Sheet
    from odf.table import TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    sheet = Sheet(name="Registru")
    book.spreadsheet.addElement(sheet)
    page = draw(pages(table, table.rows))
    for row in page.grid:
        line = TableRow()
        sheet.addElement(line)
        for cell in row:
            if isinstance(cell, datetime):
                whole = TableCell(valuetype="date", datevalue=cell.isoformat())
                whole.addElement(P(text=cell.isoformat(" ")))
            elif cell in (None, ""):
                whole = TableCell()
            else:
                whole = TableCell(valuetype="string")
                for part in str(cell).split("\n"):
                    whole.addElement(P(text=part))
            line.addElement(whole)
    path = folder / "registru.ods"
    book.save(str(path))
    return Written(path, {}, page.rows, page.planted)


@st.composite
def databases(draw: st.DrawFn, table: Table, folder: Path) -> Written:
    """A SQLite file whose times are ISO texts."""
    path = folder / "registru.db"
    names = ", ".join(f'"{name}"' for name in table.columns)
    with sqlite3.connect(path) as connection:
        connection.execute(f"create table pasi ({names})")
        marks = ", ".join("?" * len(table.columns))
        values = [
            [cell.isoformat(" ") if isinstance(cell, datetime) else cell for cell in row]
            for row in table.rows
        ]
        connection.executemany(f"insert into pasi values ({marks})", values)
    connection.close()
    source = draw(st.sampled_from([path, f"sqlite:///{path}"]))
    rows = list(range(1, len(table.rows) + 1))
    return Written(source, {"query": "select * from pasi order by rowid"}, rows)


@st.composite
def parquet_files(draw: st.DrawFn, table: Table, folder: Path) -> Written:
    """A Parquet file with typed times, or with times as text."""
    typed = draw(st.booleans())
    writing = draw(writings(table))
    rows = table.rows if typed else in_text(table, writing)
    columns = {
        name: pa.array(
            [None if row[place] == "" else row[place] for row in rows],
            pa.timestamp(draw(st.sampled_from(["s", "ms", "us", "ns"])))
            if typed and name in table.times
            else draw(st.sampled_from([pa.string(), pa.large_string()])),
        )
        for place, name in enumerate(table.columns)
    }
    path = folder / "registru.parquet"
    pq.write_table(pa.table(columns), path)
    options = {"time_format": writing.time_format} if not typed and writing.time_format else {}
    return Written(path, options, list(range(1, len(rows) + 1)))


@st.composite
def frames(draw: st.DrawFn, table: Table, folder: Path) -> Written:
    """A DataFrame with true times or with text, and with any index."""
    typed = draw(st.booleans())
    writing = draw(writings(table))
    rows = table.rows if typed else in_text(table, writing)
    frame = pd.DataFrame([list(row) for row in rows], columns=table.columns)
    if draw(st.booleans()):
        frame.index = pd.Index([0] * len(frame))
    options = {"time_format": writing.time_format} if not typed and writing.time_format else {}
    return Written(frame, options, list(range(1, len(rows) + 1)))


CONTAINERS = {
    "text": text_files,
    "xlsx": excel_files,
    "two sheets": sheet_pairs,
    "xls": old_excel_files,
    "ods": ods_files,
    "sqlite": databases,
    "parquet": parquet_files,
    "frame": frames,
}
