"""waiting_causes: why each step waited, or what each cause costs by step, hand-off, unit or kind of case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.enabled.counted import BASES
from procmine.kernels import Ints
from procmine.kpi.step_keys import checked_step_keys
from procmine.kpi.waiting.batches import KINDS
from procmine.kpi.waiting.by_key import by_key
from procmine.kpi.waiting.split import CAUSES, Calendars, Split, split, warned
from procmine.log import Coded, EventLog
from procmine.observe import case_id_column, durations
from procmine.procedure import Procedure

COLUMNS = (
    "cause",
    "time",
    "share",
    "known_share",
    "waiting_time",
    "steps",
    "cases",
    "efficiency",
    "efficiency_without",
    "basis",
)


def waiting_causes(
    log: EventLog,
    procedure: Procedure | None = None,
    *,
    by: str | Sequence[str] | None = None,
    calendar: Calendars = None,
    order: str = "concurrency",
    starts: str | None = None,
    arrival: str | None = None,
    enabled: str | None = None,
    batch_size: int = 2,
    batch_gap: Any = "0s",
) -> pd.DataFrame:
    """Return one row per step that waited, its wait split into causes that sum to it.

    ``external``        the applicant or a third party had the file, as ``then:`` in the procedure says
                        (missing without one that says it)
    ``batching``        it waited for the others of its batch, or for the day or hour at which this is
                        done
    ``contention``      its resource was busy with steps that were enabled earlier
    ``prioritisation``  its resource was busy with steps that were enabled later
    ``unavailability``  its resource was not at work: hours, holidays, leave
    ``unexplained``     the rest

    in this order of precedence; of k steps at once each has 1/k of the time. The definition, and
    the sources, are in docs/waiting.md. A wait lasts from when the step was enabled to its start; in
    logs with one timestamp the sojourn (to its end) is split and ``basis`` says so. What cannot be
    computed is missing, never 0, and a warning says why.

    ``calendar``: a Calendar for everybody, or a mapping of names of units (or resources, where the
    log shows them) to calendars, ``"*"`` for everybody else; without it weekly calendars are found in
    the log. ``order``: ``"concurrency"``, or ``"sequence"`` where every step waits for all before it.
    ``starts="estimate"`` estimates the starts that the log lacks. ``arrival`` names a case attribute
    with the time at which the case came in, ``enabled`` a step attribute with the time at which the
    step could begin. A batch has ``batch_size`` steps or more with pauses of at most ``batch_gap``.

    Columns: ``case_id, source`` (the activity that it waited for), ``activity, source_unit, unit``
    (with ``source_resource, resource`` where they are shown), ``enabled, until, waiting_time``, the
    six causes, ``main_cause, batch, batch_kind, basis, row``.

    With ``by`` (``source, activity, source_unit, unit``, attributes; ``[]`` for the whole log) one
    row per key and cause: ``key…, cause, time, share`` (of the waits of which the cause is known),
    ``known_share`` (of the key's ``waiting_time``, those waits), ``waiting_time, steps, cases`` (that
    have some of it), ``efficiency`` (PT / (PT + WT) of the whole log, with PT the processing and WT
    the waiting time of all steps of which both are known, and what stood still),
    ``efficiency_without`` (PT / (PT + WT − its time in these steps)), ``basis``. Results are by unit, never by person.

    >>> waits = waiting_causes(log)
    >>> waits[["activity", "waiting_time", "main_cause"]].head(1)
                      activity    waiting_time      main_cause
    0  Verificare documentație 1 days 05:03:00  unavailability
    """
    names = None if by is None else checked_step_keys(log, by, COLUMNS, "table of waiting causes")
    found = warned(
        split(
            log,
            calendar=calendar,
            procedure=procedure,
            order=order,
            starts=starts,
            arrival=arrival,
            enabled=enabled,
            batch_size=batch_size,
            batch_gap=batch_gap,
        )
    )
    basis = basis_text(found)
    table = _rows(found) if names is None else by_key(found, names, basis)
    table.attrs = {"basis": basis, "notes": list(found.notes)}
    return table


def basis_text(found: Split) -> str:
    """Say on what the waits of a split rest."""
    if found.log.start is None:
        return "sojourn"
    if not found.counted.estimated:
        return "waiting"
    return f"waiting; the starts of {found.counted.estimated:,} of {found.log.n_steps:,} steps are estimated"


def _rows(found: Split) -> pd.DataFrame:
    log, by = found.log, found.enabled.by
    rows = np.flatnonzero(found.wait > 0)
    if found.counted.order is not None:
        rows = rows[np.argsort(found.counted.order[rows])]
    sources = by[rows]
    columns: dict[str, Any] = {
        "case_id": case_id_column(log, log.case_codes[rows]),
        "source": _labels(log.activity, sources),
        "activity": log.activity.take(rows).to_categorical(),
    }
    if log.unit is not None:
        columns["source_unit"] = _labels(log.unit, sources)
        columns["unit"] = log.unit.take(rows).to_categorical()
    if log.resource is not None and not log.resources_hidden:
        columns["source_resource"] = _labels(log.resource, sources)
        columns["resource"] = log.resource.take(rows).to_categorical()
    columns["enabled"] = log.local(found.enabled.at[rows])
    columns["until"] = log.local(found.until[rows])
    columns["waiting_time"] = durations(found.wait[rows])
    for cause in CAUSES:
        columns[cause] = durations(found.parts[cause][rows])
    columns["main_cause"] = _category(main_cause(found, rows), CAUSES)
    number = found.batches.number[rows]
    columns["batch"] = pd.arrays.IntegerArray(number, number < 0)
    columns["batch_kind"] = _category(found.batches.kind[rows], KINDS)
    columns["basis"] = _category(found.basis[rows], BASES)
    columns["row"] = log.row[rows]
    return pd.DataFrame(columns)


def _labels(coded: Coded, rows: Ints) -> pd.Categorical:
    """Return the labels of some rows, missing where the row is -1."""
    codes = np.where(rows < 0, np.int32(-1), coded.codes[rows]).astype(np.int32)
    return Coded(codes, coded.labels).to_categorical()


def _category(codes: npt.NDArray[np.integer], names: tuple[str, ...]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names), dtype="str"))


def main_cause(found: Split, rows: Ints) -> Ints:
    """Return the cause (a place in CAUSES) of the largest part of each wait, the first of equal ones."""
    parts = np.stack([found.parts[cause][rows] for cause in CAUSES])
    largest: Ints = np.argmax(parts, axis=0)
    return largest
