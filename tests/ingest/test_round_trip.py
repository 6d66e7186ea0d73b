"""Tables drawn at random, written in every shape, encoding and format, are read back as they were."""

from __future__ import annotations

import tempfile
import unicodedata
import warnings
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import procmine as pm
from tests.bound import micros, texts
from tests.containers import CONTAINERS, Written
from tests.exports import (
    SHAPES,
    Record,
    Table,
    history,
    offices,
    one_time,
    start_and_end,
    time_columns,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MANY = settings().max_examples
Step = tuple[Any, ...]


def read(written: Written, **options: Any) -> pm.EventLog:
    """The log of an export; that rows are rejected is no fault here, it is asked of the report."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.DataQualityWarning)
        return pm.read(written.source, **{**options, **written.options})


# --- what the log says, as plain values -----------------------------------------------------------


def steps_of(log: pm.EventLog, note: str, previous: str | None) -> dict[str, list[Step]]:
    """The steps of each case in the log's order."""
    names = texts(log.case_labels.to_pylist())
    start = [None] * log.n_steps if log.start is None else micros(log.start.view("M8[us]"))
    columns = [
        log.activity.names(),
        start,
        micros(log.end.view("M8[us]")),
        _unit(log),
        _attribute(log, note),
        _attribute(log, previous),
    ]
    columns[0] = [columns[0][code] for code in log.activity.codes]
    steps: dict[str, list[Step]] = {}
    for case, *values in zip(log.case_codes, *columns, strict=True):
        steps.setdefault(names[case], []).append(tuple(values))
    return steps


def _unit(log: pm.EventLog) -> list[str | None]:
    if log.unit is None:
        return [None] * log.n_steps
    names = log.unit.names()
    return [None if code < 0 else names[code] for code in log.unit.codes]


def _attribute(log: pm.EventLog, name: str | None) -> list[str | None]:
    if name in log.step_attributes.column_names:
        return [_spelt(value) for value in log.step_attributes[name].to_pylist()]
    if name in log.case_attributes.column_names:
        values = log.case_attributes[name].to_pylist()
        return [_spelt(values[code]) for code in log.case_codes]
    return [None] * log.n_steps


def _spelt(text: str | None) -> str | None:
    return None if text is None else unicodedata.normalize("NFC", text)


# --- what it should say, by plain loops -----------------------------------------------------------


def expected(table: Table) -> dict[str, list[Step]]:
    """The steps of each case by (start or end, end or start, declared order, row)."""
    cases: dict[str, list[tuple[Any, Step]]] = {}
    for place, records in enumerate(table.records):
        for record in records:
            start, end = _micros(record.start), _micros(record.end)
            first = end if start is None else start
            last = start if end is None else end
            rank = table.rank.index(record.activity) if table.rank else 0
            values = (record.activity, start, end, record.unit, record.note, record.previous)
            cases.setdefault(record.case, []).append(((first, last, rank, place), values))
    return {case: [step for _, step in sorted(steps, key=_key)] for case, steps in cases.items()}


def _key(step: tuple[Any, Step]) -> Any:
    return step[0]


def _micros(time: datetime | None) -> int | None:
    return None if time is None else round((time - EPOCH).total_seconds()) * 1_000_000


def records_of(table: Table) -> Iterable[Record]:
    return (record for records in table.records for record in records)


def check(log: pm.EventLog, table: Table, written: Written) -> None:
    """The log holds the steps of the table, and its report accounts for every row."""
    names = table.office.language.columns
    assert steps_of(log, names["note"], names["previous"]) == expected(table)
    report = log.import_report
    found = list(
        report.rejected[["row", "reason"]].sort_values("row").itertuples(index=False, name=None)
    )
    assert found == sorted(written.planted.items())
    assert report.rows_bound == sum(1 for _ in records_of(table)) == log.n_steps
    assert report.rows_read == report.rows_bound + len(written.planted)
    places = {
        number for number, records in zip(written.rows, table.records, strict=True) if records
    }
    assert set(log.row.tolist()) == places
    if table.closed is not None:
        closed = dict(
            zip(log.case_labels.to_pylist(), micros(log.closed_at.view("M8[us]")), strict=True)
        )
        assert closed == {case: _micros(time) for case, time in table.closed.items()}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("container", CONTAINERS)
@settings(max_examples=max(MANY // 12, 1))
@given(data=st.data())
def test_every_shape_is_read_back_from_every_container(
    shape: Any, container: str, data: st.DataObject
) -> None:
    table = shape(data.draw(offices()))
    with tempfile.TemporaryDirectory() as folder:
        written = data.draw(CONTAINERS[container](table, Path(folder)))
        check(read(written, **table.options), table, written)


# --- rows that are no records, and rows that cannot be bound ------------------------------------------


def with_status(table: Table, marks: list[bool]) -> Table:
    """The table with a status column; a marked row is annulled and means no step."""
    names = table.office.language
    rows = [
        [*row, names.annulled if m else names.words[0]]
        for row, m in zip(table.rows, marks, strict=True)
    ]
    return replace(
        table,
        columns=[*table.columns, "Stare finală"],
        rows=rows,
        options={
            **table.options,
            "annulled": {"column": "Stare finală", "values": [names.annulled.upper()]},
        },
        records=[[] if m else r for r, m in zip(table.records, marks, strict=True)],
        bad={place: "annulled entry" for place, m in enumerate(marks) if m},
    )


def with_faults(table: Table, faults: list[str]) -> Table:
    """The table with a key, an activity or a time taken out of some rows."""
    keys = (
        [table.options["case"]] if isinstance(table.options["case"], str) else table.options["case"]
    )
    columns = {
        "no case": keys[-1],
        "no activity": table.options["activity"],
        "no time": table.times[0],
        "time cannot be read": table.times[0],
    }
    rows, records = [list(row) for row in table.rows], list(table.records)
    bad = dict(table.bad)
    for place, fault in enumerate(faults):
        if fault and place not in bad:
            cell = "candva" if fault == "time cannot be read" else None
            rows[place][table.columns.index(columns[fault])] = cell
            records[place], bad[place] = [], fault
    return replace(table, rows=rows, records=records, bad=bad)


FAULTS = ("", "", "", "", "no case", "no activity", "no time")


@pytest.mark.parametrize("container", ["text", "xlsx", "frame", "parquet", "sqlite"])
@settings(max_examples=max(MANY // 6, 1))
@given(data=st.data())
def test_every_row_that_means_nothing_is_listed_with_its_row_and_reason(
    container: str, data: st.DataObject
) -> None:
    table = data.draw(st.sampled_from([one_time, history]))(data.draw(offices(least=3)))
    count = len(table.rows) - 1
    table = with_status(
        table,
        [
            False,
            *data.draw(
                st.lists(st.sampled_from([True, False, False]), min_size=count, max_size=count)
            ),
        ],
    )
    faults = FAULTS if container != "text" else (*FAULTS, "time cannot be read")
    chosen = data.draw(st.lists(st.sampled_from(faults), min_size=count, max_size=count))
    if chosen.count("time cannot be read") * 4 > len(table.rows):
        chosen = ["" for _ in chosen]
    if table.options.get("previous"):
        table = replace(table, options={k: v for k, v in table.options.items() if k != "previous"})
    table = with_faults(table, ["", *chosen])
    with tempfile.TemporaryDirectory() as folder:
        written = data.draw(CONTAINERS[container](table, Path(folder)))
        bad = {written.rows[place]: reason for place, reason in table.bad.items()}
        check(
            read(written, **table.options), table, replace(written, planted=written.planted | bad)
        )


# --- nothing is bound by hand -------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [one_time, start_and_end], ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("container", ["text", "xlsx", "frame"])
@settings(max_examples=max(MANY // 8, 1))
@given(data=st.data())
def test_usual_names_are_bound_without_a_word(
    shape: Any, container: str, data: st.DataObject
) -> None:
    office = data.draw(offices(parts=(1,), least=6))
    table = shape(office)
    with tempfile.TemporaryDirectory() as folder:
        written = data.draw(CONTAINERS[container](table, Path(folder)))
        assume("time_format" not in written.options)  # then the contents show what is a time
        assume(all(any(t.day > 12 for t in column) for column in time_columns(table)))
        kept = {name: table.options[name] for name in ("keep", "tz")}
        log = read(written, **kept)
        names = office.language.columns
        bound = {
            role: value
            for role, value in table.options.items()
            if role in ("case", "activity", "timestamp", "start", "end")
        }
        assert {role: getattr(log.binding, role) for role in bound} == bound
        if log.binding.unit == names["unit"] and log.binding.lifecycle is None:
            check(log, table, written)


# --- the encoding is found by the letters -------------------------------------------------------------


PROSE = {
    "ro": "Cererea a fost înregistrată și verificată; petiționarul să aducă încă o dată dovada plății până mâine",
    "it": "La pratica è già stata verificata perché la società non poté pagare né più né meno; città e attività",
    "el": "Η αίτηση καταχωρίστηκε στο πρωτόκολλο και διαβιβάστηκε στην αρμόδια υπηρεσία για έλεγχο των δικαιολογητικών",
    "nl": "De aanvraag is geïnformeerd naar één reünie van coördinatoren over financiële en geërfde ruïnes",
}


def _comma(text: str) -> str:
    """The text with the comma below of Romanian, which old encodings do not have."""
    return text.translate(str.maketrans("şţŞŢ", "șțȘȚ"))


CODES = {
    "ro": ("cp1250", "iso8859-2", "iso8859-16"),
    "it": ("cp1252",),
    "el": ("cp1253", "iso8859-7"),
    "nl": ("cp1252",),
}


@pytest.mark.parametrize(("name", "code"), [(n, c) for n, codes in CODES.items() for c in codes])
@settings(max_examples=max(MANY // 6, 1))
@given(data=st.data())
def test_an_encoding_is_found_by_the_letters_of_its_words(
    name: str, code: str, data: st.DataObject
) -> None:
    words = PROSE[name]
    if code in ("cp1250", "iso8859-2"):
        words = words.translate(str.maketrans("șțȘȚ", "şţŞŢ"))
    count = data.draw(st.integers(4, 12))
    picks = [data.draw(st.permutations(words.split())) for _ in range(count)]
    rows = [f"{n}|A|2026-03-0{1 + n % 9}|{' '.join(pick)}" for n, pick in enumerate(picks)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registru.csv"
        path.write_bytes("\n".join(["dosar|pas|data|obiect", *rows, ""]).encode(code))
        log = pm.read(
            path, case="dosar", activity="pas", timestamp="data", tz="CET", keep=["obiect"]
        )
    found = {log.row[place]: text for place, text in enumerate(_attribute(log, "obiect"))}
    assert [_comma(found[place]) for place in sorted(found)] == [_comma(" ".join(p)) for p in picks]
