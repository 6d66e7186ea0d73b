"""Workbooks as offices mail them: every record is read, or told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from procmine.errors import BindingError, SourceError
from procmine.ingest.sheets import read_workbook

Workbook = Callable[..., Path]
NAMES = ["Nr.", "Data", "Etapă", "Compartiment"]
DAY = date(2025, 1, 3)
ROWS: list[list[Any]] = [
    [1, DAY, "Primire", "Registratură"],
    [2, datetime(2025, 1, 3, 9, 15), "Primire", "Urbanism"],
    ["2/A", date(2025, 1, 6), "Aviz", "Juridic"],
]


def test_a_plain_sheet_is_read_with_the_row_numbers_that_excel_shows(workbook: Workbook) -> None:
    path = workbook([NAMES, *ROWS])
    raw = read_workbook(path)
    assert raw.table.column_names == NAMES
    assert raw.table["Nr."].to_pylist() == ["1", "2", "2/A"]
    assert raw.table["Data"].to_pylist() == [
        datetime(2025, 1, 3), datetime(2025, 1, 3, 9, 15), datetime(2025, 1, 6),
    ]  # fmt: skip
    assert raw.rows.tolist() == [2, 3, 4]
    assert (raw.name, raw.sheet, raw.date_system, raw.rows_unread) == (
        "registru.xlsx", None, 1900, 0,
    )  # fmt: skip
    assert len(raw.sha256) == 64
    assert raw.notes == ()


def test_a_printed_register_is_tidied(workbook: Workbook) -> None:
    rows = [
        ["REGISTRU INTRARE-IEȘIRE 2025"],
        ["Primăria Comunei Exemplu"],
        [],
        ["Înregistrare", None, "Soluționare", None, "Compartiment"],
        ["Nr.", "Data", "Nr.", "Data", None],
        [0, 1, 2, 3, 4],
        [1, DAY, 11, DAY, "Urbanism"],
        [2, DAY, None, None, "Juridic"],
        [],
        ["Înregistrare", None, "Soluționare", None, "Compartiment"],
        ["Nr.", "Data", "Nr.", "Data", None],
        [0, 1, 2, 3, 4],
        [3, DAY, 12, DAY, "Urbanism"],
        ["TOTAL", None, 2],
        [],
        ["Întocmit,", None, None, "Aprobat,"],
        ["Popescu Ion", None, None, "Ionescu Ana"],
    ]
    raw = read_workbook(workbook(rows, merge=("A1:E1", "A4:B4", "C4:D4", "E4:E5")))
    assert raw.table.column_names == [
        "Înregistrare Nr.", "Înregistrare Data", "Soluționare Nr.", "Soluționare Data",
        "Compartiment",
    ]  # fmt: skip
    assert raw.rows.tolist() == [7, 8, 13]
    assert raw.table["Înregistrare Nr."].to_pylist() == [1, 2, 3]
    assert str(raw.table.schema.field("Înregistrare Data").type) == "timestamp[us]"
    assert raw.table["Soluționare Nr."].to_pylist() == [11, None, 12]
    assert list(zip(raw.rejected["row"], raw.rejected["reason"], strict=True)) == [
        (10, "repeated header"), (11, "repeated header"), (12, "repeated header"),
        (14, "totals row"), (16, "footer"), (17, "footer"),
    ]  # fmt: skip
    assert raw.rows_unread == 6
    assert "empty rows left out: 2" in raw.notes
    assert not raw.rejected["value"].str.contains("Popescu").any()


def test_empty_columns_are_dropped_and_unnamed_ones_are_numbered(workbook: Workbook) -> None:
    rows = [[None, "Nr.", None, "Etapă", None], [None, "a", None, "Primire", "x"]]
    raw = read_workbook(workbook(rows))
    assert raw.table.column_names == ["Nr.", "Etapă", "column 5"]


def test_two_columns_with_one_name_are_refused_with_their_letters(workbook: Workbook) -> None:
    with pytest.raises(BindingError, match=r"'Data' in column B \(2\) and column D \(4\)"):
        read_workbook(workbook([["Nr.", "Data", "Etapă", "Data"], [1, DAY, "x", DAY]]))


def test_a_sheet_without_a_header_shows_its_first_rows_and_asks(workbook: Workbook) -> None:
    path = workbook([[1, DAY, "Primire"], [2, DAY, "Aviz"]])
    with pytest.raises(SourceError) as said:
        read_workbook(path)
    assert "row 1: 1 | 2025-01-03 | Primire" in str(said.value)
    assert "pass header=4" in str(said.value)
    assert read_workbook(path, header=(1,)).table.column_names == ["1", "2025-01-03", "Primire"]


def test_a_header_named_by_the_user_that_is_not_there_is_told(workbook: Workbook) -> None:
    with pytest.raises(SourceError, match=r"row 9 of sheet 'Registru'.*holds no column names"):
        read_workbook(workbook([NAMES, *ROWS]), header=(9,))


def test_a_sheet_with_one_cell_asks_for_a_header(workbook: Workbook) -> None:
    with pytest.raises(SourceError, match="row 1: Registru"):
        read_workbook(workbook([["Registru"]]))


def test_a_header_without_rows_is_told(workbook: Workbook) -> None:
    with pytest.raises(SourceError, match="has a header but no rows"):
        read_workbook(workbook([NAMES]))


def test_an_empty_workbook_is_told(workbook: Workbook) -> None:
    with pytest.raises(SourceError, match="is empty"):
        read_workbook(workbook([]))


def test_sheets_with_the_same_columns_are_bound_together(workbook: Workbook) -> None:
    other = [
        [row[n] for n in (1, 0, 3, 2)] for row in (["NR.", "Data", "ETAPA", "Compartiment"], *ROWS)
    ]
    path = workbook(
        {
            "Legendă": [["Cod", "Sens"], ["a", "b"]],
            "2024": [NAMES, ROWS[0], ["TOTAL"]],
            "2025": [["Registru"], other[0], *other[1:]],
            "Ciorne": [NAMES, *ROWS],
            "Goală": [],
            "Note": [["numai text"]],
        },
        hidden=("Ciorne",),
    )
    raw = read_workbook(path, sheets=("2024", "2025"))
    assert raw.sheet == "sheet"
    assert raw.table["sheet"].to_pylist() == ["2024", "2025", "2025", "2025"]
    assert raw.table["Nr."].to_pylist() == ["1", "1", "2", "2/A"]
    assert raw.table["Etapă"].to_pylist() == ["Primire", "Primire", "Primire", "Aviz"]
    assert raw.rows.tolist() == [2, 3, 4, 5]
    assert raw.rejected[["row", "sheet", "reason"]].to_numpy().tolist() == [
        [3, "2024", "totals row"]
    ]
    assert "sheet '2024': totals rows left out: 1" in raw.notes


def test_sheets_that_are_left_out_are_named_with_the_reason(workbook: Workbook) -> None:
    path = workbook(
        {
            "2024": [NAMES, *ROWS],
            "2025": [NAMES, *ROWS],
            "Legendă": [["Cod", "Sens"], ["a", "b"]],
            "Ciorne": [NAMES, *ROWS],
            "Goală": [],
            "Note": [["numai text"]],
        },
        hidden=("Ciorne",),
    )
    raw = read_workbook(path)
    assert raw.table.num_rows == 6
    assert raw.notes == (
        "sheets left out: 'Ciorne' (hidden), 'Legendă' (other columns, 2 rows), 'Goală' (empty), "
        "'Note' (no header, 1 row)",
    )


def test_a_legend_in_front_does_not_hide_the_table(workbook: Workbook) -> None:
    path = workbook({"Legendă": [["Cod", "Sens"], ["a", "b"]], "2024": [NAMES, *ROWS]})
    raw = read_workbook(path)
    assert raw.table.column_names == NAMES
    assert raw.notes == ("sheets left out: 'Legendă' (other columns, 2 rows)",)


def test_a_column_without_a_name_in_one_sheet_only_is_kept(workbook: Workbook) -> None:
    path = workbook({"A": [NAMES, *ROWS], "B": [NAMES, [*ROWS[0], "urgent"]]})
    raw = read_workbook(path)
    assert raw.table.column_names == [*NAMES, "column 5", "sheet"]
    assert raw.table["column 5"].to_pylist() == ["", "", "", "urgent"]


def test_one_sheet_that_is_picked_has_no_column_of_sheets(workbook: Workbook) -> None:
    path = workbook({"2024": [NAMES, *ROWS], "2025": [NAMES, ROWS[0]]}, hidden=("2025",))
    raw = read_workbook(path, sheets=("2025",))
    assert raw.sheet is None
    assert raw.table.column_names == NAMES
    assert raw.table.num_rows == 1
    assert "sheet" not in raw.rejected


def test_the_column_of_sheets_takes_a_free_name(workbook: Workbook) -> None:
    rows = [["Nr.", "Sheet"], ["a", "x"]]
    assert read_workbook(workbook({"A": rows, "B": rows})).sheet == "sheet 2"


def test_an_unknown_sheet_is_told_with_the_nearest_name(workbook: Workbook) -> None:
    with pytest.raises(SourceError, match=r"sheets are: 'Registru'\ndid you mean 'Registru'\?"):
        read_workbook(workbook([NAMES, *ROWS]), sheets=("Registrul",))


def test_picked_sheets_with_other_columns_are_refused(workbook: Workbook) -> None:
    path = workbook({"A": [NAMES, *ROWS], "B": [["x", "y"], ["1", "a"]]})
    with pytest.raises(SourceError, match=r"'B'.*cannot be read together with 'A': other columns"):
        read_workbook(path, sheets=("A", "B"))


def test_a_workbook_with_hidden_sheets_only_is_told(workbook: Workbook) -> None:
    path = workbook({"A": [NAMES, *ROWS], "B": []}, hidden=("A",))
    with pytest.raises(SourceError, match="is empty"):
        read_workbook(path)


def test_errors_are_missing_and_counted(workbook: Workbook) -> None:
    rows = [NAMES, [1, DAY, "#N/A", "Urbanism"], [2, DAY, "Aviz", "#REF!"], [3, DAY, "#N/A", "x"]]
    raw = read_workbook(workbook(rows))
    assert raw.table["Etapă"].to_pylist() == ["", "Aviz", ""]
    assert raw.notes == (
        "Etapă: cells with an error such as #N/A, taken as missing: 2, first in row 2",
        "Compartiment: cells with an error such as #N/A, taken as missing: 1, first in row 3",
    )


def test_formulas_without_a_stored_value_are_found(workbook: Workbook) -> None:
    rows = [NAMES, [1, DAY, "=A2&1", "x"], [2, DAY, '=IF(A3>1,"Aviz","")', "y"], [3, DAY, "z", "z"]]
    raw = read_workbook(workbook(rows))
    (finding,) = raw.findings
    assert (finding.kind, finding.column, finding.count, finding.rows) == (
        "formula", "Etapă", 2, (2, 3),
    )  # fmt: skip
    assert finding.text in raw.notes
    assert finding.text.endswith("open the file in Excel or LibreOffice and save it")


def test_formulas_with_a_stored_value_are_read(
    workbook: Workbook, rewritten: Callable[..., Path]
) -> None:
    def stored(xml: bytes) -> bytes:
        assert b"<f>A2&amp;1</f><v" in xml
        begin = xml.index(b"<f>A2&amp;1</f>")
        cell = xml.rindex(b"<c ", 0, begin)
        end = xml.index(b"</c>", begin)
        return xml[:cell] + b'<c r="C2" t="str"><f>A2&amp;1</f><v>11</v>' + xml[end:]

    path = workbook([NAMES, [1, DAY, "=A2&1", "x"], [2, DAY, "Aviz", "y"]])
    raw = read_workbook(rewritten(path, "xl/worksheets/sheet1.xml", stored))
    assert raw.table["Etapă"].to_pylist() == ["11", "Aviz"]
    assert raw.findings == ()


@pytest.mark.parametrize(
    ("epoch", "expected"), [(None, (2023, 3, 15)), (CALENDAR_MAC_1904, (2027, 3, 16))]
)
def test_days_count_from_the_workbooks_calendar(
    workbook: Workbook, epoch: Any, expected: tuple[int, int, int]
) -> None:
    path = workbook(
        [["Dosar", "Data", "Zi"], ["a", 45000, 45000], ["b", 45000, 45000]],
        epoch=epoch,
        formats={"B2": "dd.mm.yyyy"},
    )
    raw = read_workbook(path)
    assert raw.table["Data"].to_pylist() == [datetime(*expected)] * 2
    assert raw.table["Zi"].to_pylist() == [45000, 45000]
    assert raw.date_system == (1904 if epoch else 1900)
    assert [finding.kind for finding in raw.findings] == ["serial_time"]


@pytest.mark.parametrize("mac", [False, True])
def test_workbooks_of_excel_97_are_read(tmp_path: Path, mac: bool) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = mac
    sheet = book.add_sheet("Registru")
    day = xlwt.easyxf(num_format_str="dd.mm.yyyy")
    clock = xlwt.easyxf(num_format_str="hh:mm")
    sheet.write_merge(0, 0, 0, 3, "REGISTRU")
    for n, name in enumerate(["Nr.", "Data", "Ora", "Zi"]):
        sheet.write(1, n, name)
    for row in (2, 3):
        sheet.write(row, 0, f"{row}/A")
        sheet.write(row, 1, 45000, day)
        sheet.write(row, 2, time(8, 30), clock)
        sheet.write(row, 3, 45000)
    book.save(str(tmp_path / "registru.xls"))
    raw = read_workbook(tmp_path / "registru.xls")
    assert raw.table["Data"][0].as_py() == (datetime(2027, 3, 16) if mac else datetime(2023, 3, 15))
    assert raw.table["Ora"].to_pylist() == [time(8, 30)] * 2
    assert (raw.date_system, raw.rows.tolist()) == (1904 if mac else 1900, [3, 4])


def test_opendocument_workbooks_are_read(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Registru")
    cells: list[list[dict[str, Any]]] = [
        [{"valuetype": "string", "text": name} for name in ("Nr.", "Data", "Ora")],
        [
            {"valuetype": "float", "value": "12", "text": "12"},
            {"valuetype": "date", "datevalue": "2025-01-03T10:20:30", "text": "x"},
            {"valuetype": "time", "timevalue": "PT08H30M00S", "text": "08:30"},
        ],
    ]
    for row in cells:
        line = TableRow()
        for cell in row:
            text = cell.pop("text")
            element = TableCell(**cell)
            element.addElement(P(text=text))
            line.addElement(element)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "registru.ods"))
    raw = read_workbook(tmp_path / "registru.ods")
    assert raw.table.to_pylist() == [
        {"Nr.": 12, "Data": datetime(2025, 1, 3, 10, 20, 30), "Ora": time(8, 30)}
    ]
