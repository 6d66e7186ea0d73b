"""The file of a workbook before anything of it is unpacked: what it is, whether it may be opened, and its calendar."""

from __future__ import annotations

import mmap
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from procmine.errors import SourceError
from procmine.ingest.sheets.ole import Dangerous, check_counts
from procmine.ingest.sheets.repeats import why_too_large

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST = 4 << 30
_SUSPECT, _RATIO = 200 << 20, 100
_SMALL_PART = 64 << 20
_BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00"
"""The record that begins the globals of an Excel 97 workbook."""
_FILEPASS, _DATEMODE, _EOF = 0x2F, 0x22, 0x0A
_EXCEL = "open it in Excel or LibreOffice and save it as .xlsx"
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|table|meta|style|\?xml)|MIME-Version:", re.I)
"""How web pages, and workbooks written as one or as XML, begin."""
DAMAGE = (
    zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, NotImplementedError,
)  # fmt: skip
"""What reading a part of a damaged zip raises."""


@dataclass(frozen=True)
class Package:
    """A workbook that may be opened."""

    path: Path
    date_system: int
    """1900 or 1904: from which year numbers count days."""
    parts: tuple[str, ...] = ()
    """The XML of each worksheet, by its place in the workbook; none for other formats."""


def check_package(path: Path) -> Package:
    """Return what is known of a workbook; raises SourceError where it must not or cannot be opened.

    Of a zip the sizes declared are checked, before anything is unpacked: the reader ends at a
    part that holds more than it declares.
    """
    with path.open("rb") as file:
        beginning = file.read(2048)
    head = beginning[:8]
    if head == _OLE:
        return _ole(path)
    if head[:2] == _ZIP:
        return _zip(path)
    if _MARKUP.search(beginning.replace(b"\x00", b"")):
        raise SourceError(
            f"{path.name} is no workbook but a web page under a name of Excel, as many systems export their tables\n"
            f"{_EXCEL}, and read that"
        )
    raise SourceError(
        f"{path.name} is no workbook: it begins with {head!r}\n"
        f"it may be text under a name of Excel; {_EXCEL}, or read it as CSV"
    )


def _zip(path: Path) -> Package:
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(path, archive)
            return _of_zip(path, archive)
    except DAMAGE as error:
        raise damaged(path, error) from error


def _refuse_bomb(path: Path, archive: zipfile.ZipFile) -> None:
    size = sum(part.file_size for part in archive.infolist())
    packed = max(path.stat().st_size, 1)
    if size > _LARGEST or (size > _SUSPECT and size > _RATIO * packed):
        raise SourceError(
            f"{path.name} unpacks to {size >> 20:,} MB from {packed / 2**20:,.1f} MB; it is refused for safety\n"
            "if it is a true export, save it as CSV and read that"
        )
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise protected(path)


def _of_zip(path: Path, archive: zipfile.ZipFile) -> Package:
    names = set(archive.namelist())
    types = _text(archive, "[Content_Types].xml")
    if "spreadsheetml" in types or "ms-excel" in types:
        main = _main_part(archive)
        if main.endswith(".bin"):
            raise SourceError(
                f"{path.name} is a binary workbook (.xlsb), which is not read\n{_EXCEL}"
            )
        book = _text(archive, main)
        system = 1904 if re.search(r"""date1904=["'](?:1|true)""", book) else 1900
        return Package(path, system, _worksheets(archive, main, book))
    if "opendocument.spreadsheet" in _text(archive, "mimetype") + _text(
        archive, "META-INF/manifest.xml"
    ):
        if "encryption-data" in _text(archive, "META-INF/manifest.xml"):
            raise protected(path)
        if "content.xml" in names and (reason := why_too_large(archive)) is not None:
            raise _too_large(path, reason)
        return Package(path, 1900)
    raise SourceError(f"{path.name} is {_other_zip(names)}")


def _too_large(path: Path, reason: str) -> SourceError:
    return SourceError(
        f"{path.name} has {reason}; it is refused for safety\n"
        "delete what stands at the far end of the sheet, or save it as CSV and read that"
    )


def _other_zip(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "a Word document, no workbook\ncopy its table into a spreadsheet and read that"
    shown = ", ".join(sorted(names)[:5]) + ("…" if len(names) > 5 else "")
    return f"a zip archive, no workbook; it holds {shown or 'nothing'}\nunpack it and read the file in it"


def _text(archive: zipfile.ZipFile, name: str) -> str:
    """Return a part as text, ``""`` where it is not there or too large to be what its name says."""
    try:
        part = archive.getinfo(name)
    except KeyError:
        return ""
    if part.file_size > _SMALL_PART:
        return ""
    return archive.read(part).decode("utf-8", "replace")


def _main_part(archive: zipfile.ZipFile) -> str:
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", _text(archive, "_rels/.rels")):
        if re.search(r"/officeDocument[\"']", tag):
            return _attribute(tag, "Target").lstrip("/")
    return "xl/workbook.xml"


def _worksheets(archive: zipfile.ZipFile, main: str, book: str) -> tuple[str, ...]:
    """Return the part of each sheet in the order of the workbook."""
    folder, _, file = main.rpartition("/")
    links = _text(archive, f"{folder}/_rels/{file}.rels")
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target")
        for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links)
    }
    sheets = re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book)
    found = (targets.get(_attribute(tag, r"\w+:id"), "") for tag in sheets)
    return tuple(t.lstrip("/") if t.startswith("/") else f"{folder}/{t}" for t in found)


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return (match[1] or match[2] or "") if match else ""


def _ole(path: Path) -> Package:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise protected(path)
        if all(content.find(name.encode("utf-16-le")) < 0 for name in ("Workbook", "Book")):
            raise SourceError(
                f"{path.name} holds no workbook: it is another Office file, or cut off\n"
                f"copy or export it again, or {_EXCEL}"
            )
        try:
            check_counts(content)
        except (Dangerous, struct.error) as error:
            raise damaged(path, error) from error
        begin = content.find(_BOF)
        globals_ = content[begin : begin + 65_536] if begin >= 0 else b""
    system, place = 1900, 0
    while place + 4 <= len(globals_):
        kind, size = struct.unpack_from("<HH", globals_, place)
        if kind == _FILEPASS:
            raise protected(path)
        if kind == _DATEMODE:
            system = 1904 if globals_[place + 4 : place + 5] == b"\x01" else 1900
        if kind == _EOF:
            break
        place += 4 + size
    return Package(path, system)


def protected(path: Path) -> SourceError:
    """Return the error for a workbook that is encrypted."""
    return SourceError(
        f"{path.name} is protected by a password\n"
        "open it with its password, save it without one, and read that copy"
    )


def damaged(path: Path, error: BaseException) -> SourceError:
    """Return the error for a workbook that cannot be read."""
    return SourceError(
        f"{path.name} is a damaged or cut-off workbook: {error}\n"
        "copy or export it again; if it opens in Excel or LibreOffice, save it there as .xlsx"
    )
