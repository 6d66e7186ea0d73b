"""Tables drawn at random, written in every shape, encoding and format, are read back as they were."""

from __future__ import annotations

import tempfile
import unicodedata
import warnings
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import procmine as pm
from tests.bound import micros, texts
from tests.containers import CONTAINERS, Written
from tests.exports import SHAPES, Record, Table, offices

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
@settings(max_examples=max(MANY // 8, 1))
@given(data=st.data())
def test_every_shape_is_read_back_from_every_container(
    shape: Any, container: str, data: st.DataObject
) -> None:
    table = shape(data.draw(offices()))
    with tempfile.TemporaryDirectory() as folder:
        written = data.draw(CONTAINERS[container](table, Path(folder)))
        check(read(written, **table.options), table, written)
