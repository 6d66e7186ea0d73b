"""The bad inputs that exports.md shows: small files, each with one fault, written into a folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from openpyxl import Workbook

SAMPLES = Path(__file__).resolve().parent.parent / "sample_logs"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an Office file begins that is no zip, as a workbook with a password is none."""


def text(path: Path, *lines: str, encoding: str = "utf-8") -> None:
    """Write lines."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding=encoding)


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """Write the rows of one sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)


def with_password(path: Path) -> None:
    """Write what the container of an encrypted workbook begins with."""
    path.write_bytes(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2_000))


def cut_off(path: Path) -> None:
    """Write the first half of a workbook, as a broken copy leaves it."""
    whole = (SAMPLES / "petitions_ro.xlsx").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def without_header(path: Path) -> None:
    """Write a sheet of numbers without the names of its columns."""
    workbook(path, [[1, 45_000, 3], [2, 45_001, 4], [3, 45_002, 5]])


def twice_one_name(path: Path) -> None:
    """Write two columns of one name."""
    text(
        path,
        "Nr. dosar;Stadiu;Data;Data",
        "17/2025;Depus;13.03.2025;14.03.2025",
        "18/2025;Depus;17.03.2025;21.03.2025",
    )


def two_ways(path: Path) -> None:
    """Write dates in two ways, as two clerks do."""
    text(
        path,
        "Nr. dosar,Stadiu,Data",
        *(f"{day}/2025,Depus,{day}.03.2025" for day in range(13, 29)),
        *(f"{day}/2025,Admis,2025/04/{day}" for day in range(13, 19)),
    )


def mixed_orders(path: Path) -> None:
    """Write dates with the day first, and some with the month first."""
    text(
        path,
        "Nr. dosar,Stadiu,Data",
        *(f"{day}/2025,Depus,{day}/03/2025" for day in range(13, 29)),
        *(f"{day + 30}/2025,Depus,03/{day}/2025" for day in range(13, 16)),
    )


def ambiguous_dates(path: Path) -> None:
    """Write dates of which no day is above 12."""
    text(
        path,
        "Nr. dosar,Stadiu,Data",
        "1/2025,Depus,03/04/2025",
        "1/2025,Soluționat,07/05/2025",
        "2/2025,Depus,05/06/2025",
    )


def database(path: Path) -> None:
    """Write a database of one table."""
    with closing(sqlite3.connect(path)) as registry, registry:
        registry.execute("CREATE TABLE pasi (dosar TEXT, stadiu TEXT, data TEXT)")
        rows = [("1/2025", "Depus", "2025-03-13 09:10"), ("1/2025", "Admis", "2025-03-14 10:00")]
        registry.executemany("INSERT INTO pasi VALUES (?, ?, ?)", rows)


BAD_INPUTS: dict[str, Callable[[Path], None]] = {
    "cu_parola.xlsx": with_password,
    "trunchiat.xlsx": cut_off,
    "fara_antet.xlsx": without_header,
    "doua_coloane.csv": twice_one_name,
    "doua_feluri.csv": two_ways,
    "date_amestecate.csv": mixed_orders,
    "date_ambigue.csv": ambiguous_dates,
    "registru.db": database,
}


def write_bad_inputs(folder: Path) -> None:
    """Write every bad input into a folder."""
    for name, write in BAD_INPUTS.items():
        write(folder / name)
