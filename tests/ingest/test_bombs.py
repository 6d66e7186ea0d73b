"""Small files that would fill the memory: each is refused in words, before it does harm."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt

import procmine as pm
from procmine.errors import ColumnNotFoundError, SourceError
from procmine.ingest import packed
from procmine.ingest.sheets import repeats
from procmine.ingest.sheets.package import check_package
from procmine.ingest.xes import checks

DIMENSIONS, STRINGS, STRING_CELL = b"\x00\x02\x0e\x00", b"\xfc\x00", b"\xfd\x00\x0a\x00"


def excel_97(rows: int = 20) -> bytearray:
    """Return a workbook in which the size of a sheet stands where ``DIMENSIONS`` is."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Registru")
    for column, name in enumerate(["dosar", "pas", "data"]):
        sheet.write(0, column, name)
        for row in range(1, rows):
            sheet.write(row, column, f"{name} {row}")
    file = io.BytesIO()
    workbook.save(file)
    return bytearray(file.getvalue())


def refused(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(SourceError) as said:
        check_package(path)
    assert path.name in str(said.value)
    assert "\n" in str(said.value), "says what to do next"
    return str(said.value)


def test_a_workbook_of_excel_97_as_it_is_passes(tmp_path: Path) -> None:
    for rows in (2, 20, 3000):
        path = tmp_path / "registru.xls"
        path.write_bytes(excel_97(rows))
        assert check_package(path).date_system == 1900


@pytest.mark.parametrize(
    ("top", "bottom", "left", "right"),
    [(0, 0xFFFFFFF0, 0, 3), (0, 20, 0, 60_000), (0xFFFFFFF0, 20, 0, 3), (30, 20, 0, 3), (0, 20, 9, 3)],
)  # fmt: skip
def test_the_size_that_a_sheet_of_excel_97_gives_itself_is_not_trusted(
    tmp_path: Path, top: int, bottom: int, left: int, right: int
) -> None:
    content = excel_97()
    struct.pack_into("<2I2H", content, content.index(DIMENSIONS) + 4, top, bottom, left, right)
    assert "a sheet says that it" in refused(tmp_path / "registru.xls", content)


def test_a_cell_beyond_the_last_column_of_excel_97_is_refused(tmp_path: Path) -> None:
    content = excel_97()
    struct.pack_into("<2H", content, content.index(STRING_CELL) + 4, 65_535, 65_535)
    assert "column 65,536 of 256" in refused(tmp_path / "registru.xls", content)


def test_the_number_of_texts_of_excel_97_is_not_trusted(tmp_path: Path) -> None:
    content = excel_97()
    texts = struct.pack("<II", 60, 60)
    assert content.count(texts) == 1
    struct.pack_into("<I", content, content.index(texts) + 4, 0x7FFFFFFF)
    assert "2,147,483,647 texts" in refused(tmp_path / "registru.xls", content)


def test_the_size_of_a_stream_is_not_trusted(tmp_path: Path) -> None:
    content = excel_97()
    entry = content.index("Workbook".encode("utf-16-le"))
    struct.pack_into("<I", content, entry + 120, 0xFFFFFFF0)
    assert "larger than the file" in refused(tmp_path / "registru.xls", content)


@pytest.mark.parametrize("place", [40, 44, 64, 72])
def test_the_numbers_of_sectors_are_not_trusted(tmp_path: Path, place: int) -> None:
    content = excel_97()
    struct.pack_into("<I", content, place, 0xFFFFFFF0)
    assert "more sectors than it has" in refused(tmp_path / "registru.xls", content)


def test_a_chain_of_sectors_that_runs_in_a_circle_is_refused(tmp_path: Path) -> None:
    content = excel_97()
    table = struct.unpack_from("<I", content, 76)[0]
    struct.pack_into("<I", content, (table + 1) * 512 + 8, 1)
    assert "runs in a circle" in refused(tmp_path / "registru.xls", content)


def test_a_refused_workbook_is_refused_by_read_too(tmp_path: Path) -> None:
    content = excel_97()
    place = content.index(DIMENSIONS)
    content[place + 8 : place + 12] = b"\xf0\xff\xff\xff"
    (tmp_path / "registru.xls").write_bytes(content)
    with pytest.raises(SourceError, match="a sheet says that it reaches"):
        pm.read(tmp_path / "registru.xls")


CSV = (b"dosar,pas,data\n", b"1,A,2026-03-02\n" * 5, b"")
XES = (
    b'<log><trace><string key="concept:name" value="1"/><event><string key="concept:name" value="A"/>'
    b'<date key="time:timestamp" value="2026-03-02T08:00:00Z"/></event></trace>',
    b"<!-- -->" * 10,
    b"</log>",
)


@pytest.mark.parametrize(("name", "parts"), [("a.csv.gz", CSV), ("a.xes.gz", XES)])
def test_a_gzip_file_that_grows_beyond_reason_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, parts: tuple[bytes, bytes, bytes]
) -> None:
    monkeypatch.setattr(packed, "SUSPECT", 1 << 20)
    head, middle, end = parts
    path = tmp_path / name
    path.write_bytes(gzip.compress(head + middle * ((16 << 20) // len(middle)) + end))
    with pytest.raises(SourceError, match="unpacks to more than"):
        pm.read(path, tz="UTC")


@pytest.mark.parametrize(("name", "parts"), [("a.csv.gz", CSV), ("a.xes.gz", XES)])
def test_a_gzip_file_of_one_row_over_and_over_is_read(
    tmp_path: Path, name: str, parts: tuple[bytes, bytes, bytes]
) -> None:
    head, middle, end = parts
    path = tmp_path / name
    path.write_bytes(gzip.compress(head + middle * 9_000 + end))
    assert pm.read(path, tz="UTC").n_cases == 1


OPENDOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def cell(text: str, repeated: int = 1) -> str:
    times = f' table:number-columns-repeated="{repeated}"'
    value = f'office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    return f"<table:table-cell{times if repeated > 1 else ''} {value}"


def row(*cells: str, repeated: int = 1) -> str:
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{''.join(cells)}</table:table-row>"


RECORD = (cell("1"), cell("A"), cell("2026-03-02"))
NAMES = row(cell("dosar"), cell("pas"), cell("data"))


def blank(repeated: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{repeated}"/>'


def opendocument(path: Path, *sheets: str) -> Path:
    tables = "".join(
        f'<table:table table:name="S{n}">{s}</table:table>' for n, s in enumerate(sheets)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", OPENDOCUMENT)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{OPENDOCUMENT}</manifest>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (row(*RECORD, repeated=1_048_576), "until there are 3,145,731 of them"),
        (row(*RECORD, repeated=10**15), "until there are"),
        (row(cell("1", 16_384)) * 200, "until there are"),
        (row(blank(16_000), cell("1")) * 2 + row(blank(9), repeated=900_000) + row(cell("1")),
         "reaches to row 900,004 and column 16,001"),
        (row(cell('<text:s text:c="100000000000"/>')), "several million blanks"),
    ],
)  # fmt: skip
def test_an_opendocument_sheet_that_unfolds_beyond_reason_is_refused(
    tmp_path: Path, rows: str, said: str
) -> None:
    path = opendocument(tmp_path / "registru.ods", NAMES + rows)
    with pytest.raises(SourceError, match=said):
        check_package(path)
    path = opendocument(tmp_path / "registru.ods", NAMES + row(*RECORD), NAMES + rows)
    with pytest.raises(SourceError, match=said):
        pm.read(path)


def test_blank_rows_and_cells_at_the_end_of_an_opendocument_sheet_are_read_as_ever(
    tmp_path: Path,
) -> None:
    end = row(blank(16_384), repeated=1_048_000)
    rows = NAMES + row(*RECORD, blank(16_381)) + row(*RECORD, repeated=9) + end
    log = pm.read(opendocument(tmp_path / "registru.ods", rows), tz="UTC")
    assert log.n_steps == 10


def test_the_rows_of_an_opendocument_sheet_are_seen_over_the_ends_of_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = NAMES + row(*RECORD) * 20 + row(*RECORD, repeated=7)
    path = opendocument(tmp_path / "registru.ods", rows)
    with zipfile.ZipFile(path) as archive:
        whole = list(repeats._rows(archive))
        for size in (7, 50, 300, 1000):
            monkeypatch.setattr(repeats, "_BLOCK", size)
            assert list(repeats._rows(archive)) == whole
    assert len(whole) == 23


def test_a_message_about_a_missing_column_does_not_list_thousands(tmp_path: Path) -> None:
    names = [f"coloana {n}" for n in range(3000)]
    path = tmp_path / "registru.csv"
    path.write_text(f"{','.join(names)}\n{','.join(['x'] * 3000)}\n")
    with pytest.raises(ColumnNotFoundError, match="coloana 39 and 2,960 more") as said:
        pm.read(path, case="coloana 5000x")
    assert len(str(said.value)) < 1000


def test_a_text_table_of_many_thousand_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "registru.csv"
    path.write_text(f"{','.join(f'c{n}' for n in range(20_000))}\n" + f"{'1,' * 19_999}1\n" * 3)
    with pytest.raises(SourceError, match=r"registru\.csv has 20,000 columns; at most 4,096"):
        pm.read(path)


def test_a_frame_of_many_thousand_columns_is_refused() -> None:
    frame = pd.DataFrame(np.zeros((1, 5_000)))
    with pytest.raises(SourceError, match=r"the DataFrame has 5,000 columns; at most 4,096"):
        pm.read(frame)


def test_a_parquet_file_of_many_thousand_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "registru.parquet"
    pq.write_table(pa.table({f"c{n}": [1] for n in range(5_000)}), path)
    with pytest.raises(SourceError, match=r"registru\.parquet has 5,000 columns; at most 4,096"):
        pm.read(path)


@pytest.mark.parametrize("each", [1, 5_000])
@pytest.mark.parametrize("quick", [True, False])
def test_a_log_of_many_thousand_keys_is_refused(tmp_path: Path, each: int, quick: bool) -> None:
    keys = [f'<string key="k{n}" value="1"/>' for n in range(5_000)]
    parts = ["".join(keys[n::each]) for n in range(each)]
    events = "".join(f"<event>{part}</event>" for part in parts)
    path = tmp_path / "registru.xes"
    path.write_text(f"<log><trace>{'' if quick else '<!-- -->'}{events}</trace></log>")
    with pytest.raises(SourceError, match=r"registru\.xes has 5,000 different keys; at most 4,096"):
        pm.read(path)


@pytest.mark.parametrize("inside", ["<!--", '<string key="'])
def test_a_comment_or_tag_without_end_is_refused_before_it_is_read_over_and_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    monkeypatch.setattr(checks, "_LONGEST_TAG", 3 << 20)
    monkeypatch.setattr(checks.XesFile.blocks, "__defaults__", (1 << 20,))
    path = tmp_path / "a.xes"
    path.write_text(f"<log><trace><event/>{inside}{' ' * (8 << 20)}--></trace></log>")
    with pytest.raises(
        SourceError, match="a tag or a comment of more than 3 MB at line 1, column 21"
    ):
        pm.read(path)
