"""The timeline of one case: its events, and for every term when the clock ran, stood still, or was past due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.errors import LabelNotFoundError
from procmine.kernels import NAT
from procmine.log import EventLog
from procmine.procedure.counting.counted import Counted, Span
from procmine.procedure.counting.counter import Counter
from procmine.procedure.counting.owners import OFFICE, OWNERS, claims
from procmine.procedure.procedure import Procedure
from procmine.procedure.term import Phase
from procmine.procedure.terms import counter_of

KINDS = ("event", "owner", "running", "paused", "voided", "after_due", "due", "as_of")
Stretch = tuple[str, str | None, str, str | None, int, int]


def case_timeline(
    log: EventLog,
    procedure: Procedure,
    case: str,
    *,
    as_of: Any = None,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """Return the days of one case: what happened, whose time it was, and what the clock of every term did.

    Columns: ``term, phase`` (missing for what is of no term), ``kind, label, from, until``. Kinds:
    ``event`` (label: the activity, on one day), ``owner`` (label: office, applicant, third_party),
    ``running, paused, voided, after_due`` (the clock of a term: days after ``from`` up to and
    including ``until``), ``due`` and ``as_of`` (one day each). The days of running, paused, voided
    and after_due of a term sum to its ``gross_days`` in :func:`procmine.terms`.
    """
    counter, _ = counter_of(log, procedure, as_of, calendar)
    names = log.case_labels
    place = names.index(str(case)).as_py()
    if place < 0:
        raise LabelNotFoundError.among(str(case), names.to_pylist()[:1000], what="case")
    only = np.zeros(log.n_cases, dtype=np.bool_)
    only[place] = counter.here[place]
    counter = replace(counter, here=only, runs=[])
    stretches: list[Stretch] = [*_events(counter, place), *_owners(counter, place)]
    for use in procedure.uses:
        assert counter.runs is not None
        counter.runs.clear()
        counter.rows(use)
        for phase, span, counted in counter.runs:
            stretches += _clock(use.id, phase, span, counted)
    stretches.append(("", None, "as_of", None, counter.seen.today, counter.seen.today))
    return _table(stretches)


def _events(counter: Counter, place: int) -> Iterator[Stretch]:
    seen, log = counter.seen, counter.seen.log
    rows = np.arange(log.offsets[place], log.offsets[place + 1])
    rows = rows if seen.known is None else rows[seen.known[rows]]
    labels = log.activity.take(rows).to_categorical()
    for label, day in zip(labels, seen.days_of(rows).tolist(), strict=True):
        yield "", None, "event", str(label), day, day


def _owners(counter: Counter, place: int) -> Iterator[Stretch]:
    """Return whose time it was, from the first step to the closing or the day of the view."""
    seen, log = counter.seen, counter.seen.log
    said = claims(seen)
    mine = said.case == place
    first = int(seen.days_of(np.array([log.offsets[place]]))[0])
    closed = int(counter.closings.day[place])
    horizon = seen.today if closed == NAT else closed
    days, owners = said.day[mine].tolist(), said.owner[mine].tolist()
    begins, owner = first, OFFICE
    for day, following in zip([*days, horizon], [*owners, OFFICE], strict=True):
        if min(day, horizon) > begins:
            yield "", None, "owner", OWNERS[owner], begins, min(day, horizon)
            begins = min(day, horizon)
        owner = following


def _clock(term: str, phase: Phase | None, span: Span, counted: Counted) -> Iterator[Stretch]:
    """Return the stretches of one clock; there is one case in the span, or none."""
    name = None if phase is None else phase.id
    for at in range(len(span.case)):
        start, horizon, begun = (
            int(span.start[at]),
            int(counted.horizon[at]),
            int(counted.begun[at]),
        )
        due = int(counted.due[at])
        paused = sorted(
            (int(low), int(high))
            for cases, lows, highs in counted.stretches
            for case, low, high in zip(cases, lows, highs, strict=True)
            if case == at and high > low
        )
        standing = bool(counted.standing[at])
        marks = sorted({start, horizon, *(day for pair in paused for day in pair), begun, due})
        marks = [day for day in marks if start <= day <= horizon]
        for low, high in pairwise(marks):
            kind = "after_due" if low >= due and not standing else "running"
            kind = "voided" if high <= begun and begun > start else kind
            kind = "paused" if any(a <= low and high <= b for a, b in paused) else kind
            yield term, name, kind, None, low, high
        if not standing and counted.known[at]:
            yield term, name, "due", None, due, due


def _table(stretches: list[Stretch]) -> pd.DataFrame:
    columns = list(zip(*stretches, strict=True))
    term, phase, kind, label, begins, ends = columns
    return pd.DataFrame(
        {
            "term": pd.array([name or None for name in term], dtype="str"),
            "phase": pd.array(list(phase), dtype="str"),
            "kind": pd.Categorical(kind, categories=pd.Index(KINDS, dtype="str")),
            "label": pd.array(list(label), dtype="str"),
            "from": np.array(begins, dtype="datetime64[D]").astype("datetime64[s]"),
            "until": np.array(ends, dtype="datetime64[D]").astype("datetime64[s]"),
        }
    )
