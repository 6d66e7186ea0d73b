"""Damaged files of every kind end in a log that adds up, or in a ProcmineError that says what to do."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import procmine as pm
from tests.conftest import ROOT
from tests.faults import Fault, Reader, faults, in_gzip, in_part, parts_of

SAMPLES = ROOT / "sample_logs"
MANY = settings().max_examples


@dataclass(frozen=True, repr=False)
class Sample:
    """A file as it should be, and how to read it."""

    name: str
    data: bytes
    options: dict[str, Any] = field(default_factory=dict)
    query: str | None = None

    def __repr__(self) -> str:
        return f"<{self.name}>"


PERMITS: dict[str, Any] = {
    "case": "Nr. dosar",
    "activity": "Activitate",
    "start": "Data început",
    "end": "Data sfârșit",
    "unit": "Compartiment",
    "resource": "Funcționar",
    "tz": "Europe/Bucharest",
}
PRACTICES: dict[str, Any] = {
    "case": "Numero protocollo",
    "milestones": ["Data presentazione", "Data avvio procedimento", "Data provvedimento"],
    "unit": "Ufficio",
    "tz": "Europe/Rome",
    "closed": {"column": "Data provvedimento"},
}
NAMES = {"case": "case", "activity": "activity", "timestamp": "time", "tz": "CET"}


def _lines(name: str, count: int) -> bytes:
    return b"".join((SAMPLES / name).read_bytes().splitlines(keepends=True)[:count])


def _permits(rows: int = 40) -> pd.DataFrame:
    frame = pd.read_csv(SAMPLES / "building_permits_ro.csv", dtype=str, nrows=rows)
    for name in ("Data început", "Data sfârșit"):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def _csv() -> Sample:
    return Sample("registru.csv", _lines("building_permits_ro.csv", 60), PERMITS)


def _italian_csv() -> Sample:
    return Sample("suap.csv", _lines("suap_it.csv", 60), PRACTICES)


def _packed_csv() -> Sample:
    return Sample("registru.csv.gz", gzip.compress(_csv().data), PERMITS)


def _wide_letters() -> Sample:
    return Sample("registru.txt", _csv().data.decode().encode("utf-16"), PERMITS)


def _xlsx() -> Sample:
    out = io.BytesIO()
    _permits().to_excel(out, index=False, engine="openpyxl")
    return Sample("registru.xlsx", out.getvalue(), PERMITS)


def _ods() -> Sample:
    out = io.BytesIO()
    _permits(12).to_excel(out, index=False, engine="odf")
    return Sample("registru.ods", out.getvalue(), PERMITS)


def _xls() -> Sample:
    import xlwt

    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Registru")
    style = xlwt.easyxf(num_format_str="DD.MM.YYYY HH:MM")
    frame = _permits()
    for x, name in enumerate(frame.columns):
        sheet.write(0, x, name)
        for y, cell in enumerate(frame[name], 1):
            if isinstance(cell, pd.Timestamp):
                sheet.write(y, x, cell.to_pydatetime(), style)
            else:
                sheet.write(y, x, cell)
    book.save(out)
    return Sample("registru.xls", out.getvalue(), PERMITS)


def _xes() -> Sample:
    text = gzip.decompress((SAMPLES / "permits_nl.xes.gz").read_bytes())
    traces = text.split(b"</trace>")
    few = b"</trace>".join(traces[:4]) + b"</trace>\n</log>\n"
    names = {"case": "case:concept:name", "activity": "concept:name", "timestamp": "time:timestamp"}
    return Sample("log.xes", few, {**names, "lifecycle": "lifecycle:transition"})


def _packed_xes() -> Sample:
    plain = _xes()
    return Sample("log.xes.gz", gzip.compress(plain.data), plain.options)


def _parquet() -> Sample:
    out = io.BytesIO()
    _permits().to_parquet(out)
    return Sample("registru.parquet", out.getvalue(), PERMITS)


def _own_parquet(folder: Path) -> Sample:
    log = pm.read(_permits(), **PERMITS)
    log.to_parquet(folder / "own.parquet")
    return Sample("own.parquet", (folder / "own.parquet").read_bytes())


def _sqlite(folder: Path) -> Sample:
    path = folder / "own.db"
    connection = sqlite3.connect(path)
    frame = _permits().astype(str)
    frame.columns = pd.Index([f"c{place}" for place in range(len(frame.columns))])
    frame.to_sql("pasi", connection, index=False)
    connection.close()
    query = "select c0 as 'case', c1 as activity, c2 as time, c5 as unit from pasi"
    return Sample("registru.db", path.read_bytes(), NAMES, query)


MAKERS: dict[str, Callable[..., Sample]] = {
    "csv": _csv,
    "wide csv in cp1252": _italian_csv,
    "csv.gz": _packed_csv,
    "utf-16": _wide_letters,
    "xlsx": _xlsx,
    "ods": _ods,
    "xls": _xls,
    "xes": _xes,
    "xes.gz": _packed_xes,
    "parquet": _parquet,
    "own parquet": _own_parquet,
    "sqlite": _sqlite,
}


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    folder = tmp_path_factory.mktemp("samples")
    with_folder = (_own_parquet, _sqlite)
    return {name: make(folder) if make in with_folder else make() for name, make in MAKERS.items()}


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


def ends_well(reader: Reader, desk: Path, sample: Sample, data: bytes) -> None:
    path = desk / sample.name
    path.write_bytes(data)
    outcome = reader.read(path, sample.options, query=sample.query)
    assert outcome.end in ("log", "refused"), f"{outcome.end}: {outcome.text}"


def damaged(sample: Sample, change: Callable[[bytes], bytes], part: int | None) -> bytes:
    """The file with a change of its own bytes, or of what is packed in it."""
    if part is not None and sample.data[:2] == b"PK":
        names = parts_of(sample.data)
        return in_part(sample.data, names[part % len(names)], change)
    if part is not None and sample.data[:2] == b"\x1f\x8b":
        return in_gzip(sample.data, change)
    return change(sample.data)


@pytest.mark.parametrize("kind", MAKERS)
def test_every_sample_is_read_as_long_as_it_is_whole(
    kind: str, samples: dict[str, Sample], reader: Reader, desk: Path
) -> None:
    sample = samples[kind]
    (desk / sample.name).write_bytes(sample.data)
    outcome = reader.read(desk / sample.name, sample.options, query=sample.query)
    assert (outcome.end, outcome.text) == ("log", "")


@pytest.mark.parametrize("kind", MAKERS)
@settings(
    max_examples=max(MANY // 5, 1),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    changes=st.lists(faults, min_size=1, max_size=3), part=st.one_of(st.none(), st.integers(0, 30))
)
def test_a_damaged_file_is_read_or_refused_in_words(
    kind: str,
    changes: list[Fault],
    part: int | None,
    samples: dict[str, Sample],
    reader: Reader,
    desk: Path,
) -> None:
    def change(data: bytes) -> bytes:
        for fault in changes:
            data = fault.on(data)
        return data

    ends_well(reader, desk, samples[kind], damaged(samples[kind], change, part))


# --- files that are small and would unpack to very much -----------------------------------------------


def refused_small(path: Path, options: dict[str, Any]) -> str:
    """Refuse a file in a process of its own, which must not have held much; return what is said."""
    reader = Reader()
    try:
        outcome = reader.read(path, options)
    finally:
        reader.close()
    assert outcome.end == "refused", f"{outcome.end}: {outcome.text}"
    assert outcome.peak < 600 << 20, f"{outcome.peak >> 20} MB"
    return outcome.text


def test_a_workbook_that_declares_gigabytes_is_refused_before_it_is_unpacked(
    desk: Path, samples: dict[str, Sample]
) -> None:
    sample = samples["xlsx"]
    whole = zipfile.ZipFile(io.BytesIO(sample.data)).read("xl/worksheets/sheet1.xml")
    path = desk / "bomb.xlsx"
    with (
        zipfile.ZipFile(io.BytesIO(sample.data)) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name == "xl/worksheets/sheet1.xml":
                with new.open(name, "w", force_zip64=True) as part:
                    part.write(whole[:-20])
                    for _ in range(300):
                        part.write(b" " * (1 << 20))
            else:
                new.writestr(name, old.read(name))
    assert path.stat().st_size < 2 << 20
    assert "refused for safety" in refused_small(path, sample.options)


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + place, b"&%c;" % (97 + place) * 10) for place in range(9)
)


def test_entities_that_multiply_are_refused(desk: Path, samples: dict[str, Sample]) -> None:
    path = desk / "laughs.xes"
    trace = b'<trace><event><string key="concept:name" value="&j;"/></event></trace>'
    path.write_bytes(LAUGHS + b"]><log>" + trace + b"</log>")
    assert "declares a document type" in refused_small(path, samples["xes"].options)


# --- files that are built to be slow ------------------------------------------------------------------

HEADER, ROW = b"dosar,pas,data\n", b"1,A,2026-03-02 08:00\n"
SLOW = {
    "only separators": b"," * 300_000,
    "only quotes": b'"' * 300_000,
    "only line ends": b"\n" * 300_000,
    "line ends above": b"\n" * 300_000 + HEADER + ROW,
    "line ends below": HEADER + ROW + b"\n" * 300_000,
    "old line ends": (HEADER + ROW * 10_000).replace(b"\n", b"\r"),
    "line ends in quotes": HEADER + b'1,"' + b"\n" * 60_000 + b'",2026-03-02\n',
    "an open quote": HEADER + ROW * 1_000 + b'1,"A,2026-03-02\n' + ROW * 10_000,
    "quotes inside cells": HEADER + b'1,A"b,2026-03-02 08:00\n' * 10_000,
    "short rows": HEADER + (ROW + b"1,2\n") * 5_000,
    "almost only short rows": HEADER + ROW + b"1,2\n" * 10_000,
    "headers alone": HEADER * 10_000,
    "titles alone": b"Registrul general\n" * 10_000 + HEADER + ROW,
    "no dates": HEADER + ROW + b"".join(b"1,A,x%dq\n" % n for n in range(10_000)),
    "half of a letter": (HEADER + ROW * 100).decode().encode("utf-16")[:-1],
    "marks on a letter": HEADER + ("1,a" + "\u0301" * 50_000 + ",2026-03-02\n").encode(),
    "many spaces": HEADER + (b"1" + b" " * 4_000 + b",A,2026-03-02\n") * 50,
    "one long line": b"A" * 1_000_000,
    "some hundred columns": HEADER.strip() + b"".join(b",c%d" % n for n in range(800)) + b"\n"
    + (ROW.strip() + b"," * 800 + b"\n") * 20,
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_a_file_built_to_be_slow_is_read_or_refused_in_words(
    name: str, reader: Reader, desk: Path
) -> None:
    names = {"case": "dosar", "activity": "pas", "timestamp": "data", "tz": "CET"}
    ends_well(reader, desk, Sample("slow.csv", b"", names), SLOW[name])


@pytest.mark.parametrize("tag", [b'<list key="a"><values>', b"<trace>", b"<event>", b"<container>"])
def test_xes_that_is_nested_without_end_is_refused(
    tag: bytes, reader: Reader, desk: Path, samples: dict[str, Sample]
) -> None:
    sample = samples["xes"]
    at = sample.data.index(b"</trace>")
    ends_well(reader, desk, sample, sample.data[:at] + tag * 20_000 + sample.data[at:])
