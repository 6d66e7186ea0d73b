"""The generated log as an XLSX file: shared texts, dates as numbers with a date format, as Excel writes them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from benchmarks.generate import ACTIVITIES, UNITS, Steps, case_ids

MOST_ROWS = 1_048_575
"""What a sheet holds below its header."""
_EXCEL_EPOCH = 25_569  # days from 1899-12-30 to 1970-01-01
_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""  # noqa: E501
_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""  # noqa: E501
_BOOK = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Log" sheetId="1" r:id="rId1"/></sheets></workbook>"""  # noqa: E501
_BOOK_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""  # noqa: E501
_STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>"""  # noqa: E501
_SHEET = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def write_workbook(steps: Steps, path: Path) -> None:
    """Write the first rows that fit on a sheet: case, activity, start, end, unit and a number."""
    rows = min(len(steps), MOST_ROWS)
    ids = case_ids(int(steps.case.max()) + 1)
    texts = ["case_id", "activity", "start", "end", "unit", "pages", *ACTIVITIES, *UNITS, *ids]
    first_unit, first_id = 6 + len(ACTIVITIES), 6 + len(ACTIVITIES) + len(UNITS)
    columns = (
        (steps.case[:rows] + first_id).tolist(),
        (steps.activity[:rows] + 6).tolist(),
        _days(steps.start[:rows]),
        _days(steps.end[:rows]),
        (steps.unit[:rows] + first_unit).tolist(),
        (steps.case[:rows] % 97).tolist(),
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELS),
            ("xl/workbook.xml", _BOOK),
            ("xl/_rels/workbook.xml.rels", _BOOK_RELS),
            ("xl/styles.xml", _STYLES),
            ("xl/sharedStrings.xml", _shared(texts)),
        ):
            book.writestr(name, content)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((_SHEET + _header()).encode())
            for begin in range(0, rows, 50_000):
                part = zip(*(column[begin : begin + 50_000] for column in columns), strict=True)
                sheet.write(
                    "".join(_row(begin + n, *cells) for n, cells in enumerate(part)).encode()
                )
            sheet.write(b"</sheetData></worksheet>")


def _row(
    number: int, case: int, activity: int, start: float, end: float, unit: int, pages: int
) -> str:
    r = number + 2
    return (
        f'<row r="{r}"><c r="A{r}" t="s"><v>{case}</v></c><c r="B{r}" t="s"><v>{activity}</v></c>'
        f'<c r="C{r}" s="1"><v>{start!r}</v></c><c r="D{r}" s="1"><v>{end!r}</v></c>'
        f'<c r="E{r}" t="s"><v>{unit}</v></c><c r="F{r}"><v>{pages}</v></c></row>'
    )


def _header() -> str:
    cells = "".join(f'<c r="{"ABCDEF"[n]}1" t="s"><v>{n}</v></c>' for n in range(6))
    return f'<row r="1">{cells}</row>'


def _days(seconds: np.ndarray) -> list[float]:
    return (seconds / 86_400 + _EXCEL_EPOCH).tolist()


def _shared(texts: list[str]) -> str:
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main" count="{len(texts)}" uniqueCount="{len(texts)}">{items}</sst>'
    )
