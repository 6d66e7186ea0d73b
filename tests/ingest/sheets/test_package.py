"""Files that are no workbook, damaged, protected or dangerous: each is refused in words, before it does harm."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt

from procmine.errors import SourceError
from procmine.ingest.sheets import book, package, read_workbook
from procmine.ingest.sheets.package import check_package

Workbook = Callable[..., Path]
ROWS = [["Dosar", "Etapă"], ["a", "Primire"], ["b", "Aviz"]]


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as said:
        read_workbook(path)
    assert path.name in str(said.value)
    assert "\n" in str(said.value), "says what to do next"
    return str(said.value)


def excel_97(path: Path) -> Path:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Registru")
    for n, row in enumerate(ROWS):
        for m, cell in enumerate(row):
            sheet.write(n, m, cell)
    workbook.save(str(path))
    return path


def test_text_under_a_name_of_excel_is_told(tmp_path: Path) -> None:
    path = tmp_path / "registru.xls"
    path.write_text("dosar\tpas\n1\tA\n")
    assert "it may be text under a name of Excel" in refused(path)


@pytest.mark.parametrize(
    "text",
    [
        "<html><table><tr><td>1</td></tr></table></html>",
        "\ufeff\r\n <!DOCTYPE html>\n<html>",
        "<meta http-equiv='Content-Type' content='text/html'><TABLE border=1>",
        "<table><tr><td>1</td></tr></table>",
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>',
        "MIME-Version: 1.0\nContent-Type: multipart/related",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_web_page_under_a_name_of_excel_is_told(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "registru.xls"
    path.write_bytes(text.encode(encoding))
    said, advice = refused(path).split("\n")
    assert "a web page under a name of Excel" in said
    assert advice.startswith("open it in Excel or LibreOffice and save it as .xlsx")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_that_is_cut_off_is_told(workbook: Workbook, share: float) -> None:
    path = workbook(ROWS)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "damaged or cut-off" in refused(path)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.9])
def test_a_workbook_of_excel_97_that_is_cut_off_is_told(tmp_path: Path, share: float) -> None:
    path = excel_97(tmp_path / "registru.xls")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "cut" in refused(path)


def test_damage_in_the_sheet_is_told(workbook: Workbook, rewritten: Callable[..., Path]) -> None:
    path = rewritten(workbook(ROWS), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    assert "damaged or cut-off" in refused(path)


def test_damaged_bits_are_told(workbook: Workbook) -> None:
    path = workbook([ROWS[0], *[[f"dosar {n}", "Primire"] for n in range(500)]])
    content = bytearray(path.read_bytes())
    begin = content.index(b"xl/worksheets/sheet1.xml") + 200
    content[begin : begin + 50] = bytes(50)
    path.write_bytes(content)
    assert "damaged or cut-off" in refused(path)


def test_other_archives_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "registru.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("export.csv", "a,b\n1,2\n")
    assert "a zip archive, no workbook; it holds export.csv" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "a Word document" in refused(path)


def test_a_password_is_told(tmp_path: Path) -> None:
    """Excel keeps an encrypted xlsx in the container of the old format, as the stream EncryptedPackage."""
    path = excel_97(tmp_path / "registru.xlsx")
    content = path.read_bytes()
    names = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    assert content.count(names[0]) == 1
    place = content.index(names[0])
    path.write_bytes(content[:place] + names[1] + content[place + len(names[1]) :])
    assert "protected by a password" in refused(path)


def test_a_password_of_excel_97_is_told(tmp_path: Path) -> None:
    path = excel_97(tmp_path / "registru.xls")
    content = bytearray(path.read_bytes())
    begin = content.index(package._BOF)
    after = begin + 4 + struct.unpack_from("<H", content, begin + 2)[0]
    content[after : after + 2] = struct.pack("<H", 0x2F)
    path.write_bytes(content)
    assert "protected by a password" in refused(path)


def test_a_password_of_opendocument_is_told(tmp_path: Path) -> None:
    path = tmp_path / "registru.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest><manifest:file-entry manifest:full-path="content.xml">'
            "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
        )
        archive.writestr("content.xml", b"\x00\x01")
    assert "protected by a password" in refused(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(ROWS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", bytes(300 << 20))

    def nothing_is_read(*_: object, **__: object) -> bytes:
        raise AssertionError("a part was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "read", nothing_is_read)
    with pytest.raises(SourceError, match="refused for safety"):
        check_package(path)


def test_a_part_that_holds_more_than_it_declares_is_refused(workbook: Workbook) -> None:
    path = workbook([ROWS[0], *[[f"dosar {n}", "Primire"] for n in range(500)]])
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    content = path.read_bytes()
    assert struct.pack("<I", size) in content
    path.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", 100)))
    assert "damaged or cut-off" in refused(path)


@pytest.mark.parametrize("address", ["XFD1048576", "A400000000"])
def test_a_stray_cell_at_the_far_end_is_refused(
    workbook: Workbook, rewritten: Callable[..., Path], address: str
) -> None:
    row = address.lstrip("ABCDEFX")
    stray = f'<row r="{row}"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
    path = rewritten(
        workbook(ROWS),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", stray),
    )
    assert "delete the stray cells" in refused(path)


def test_a_wide_sheet_is_no_stray_cell(workbook: Workbook) -> None:
    names = [f"coloana {chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(60)]
    path = workbook([names, [f"x{n}" for n in range(60)]])
    assert read_workbook(path).table.num_columns == 60


def test_a_panic_of_the_reader_is_told_and_an_interrupt_is_not_swallowed(
    workbook: Workbook,
) -> None:
    class PanicException(BaseException):
        pass

    path = workbook(ROWS)
    with pytest.raises(SourceError, match="damaged"), book.opened(path):
        raise PanicException("index out of bounds")
    with pytest.raises(KeyboardInterrupt), book.opened(path):
        raise KeyboardInterrupt


def test_a_binary_workbook_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "registru.xlsb"
    main = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main}"/></Types>')
        archive.writestr(
            "_rels/.rels", f'<Relationship Id="a" Type="{link}" Target="xl/workbook.bin"/>'
        )
        archive.writestr("xl/workbook.bin", bytes([0x83, 0x01, 0]))
    assert "save it as .xlsx" in refused(path).partition("which is not read")[2]
