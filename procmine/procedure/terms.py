"""The table of terms: for every case and term when it was due, whether it was kept, and whose days those were."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.calendars import Calendar
from procmine.errors import DataQualityWarning
from procmine.kernels import NAT, Bools, Ints
from procmine.log import EventLog
from procmine.observe import (
    ObservedCases,
    as_of_instant,
    as_of_text,
    case_id_column,
    case_unit,
    observed_cases,
)
from procmine.procedure import rules
from procmine.procedure.arguments import check_arguments
from procmine.procedure.counting.acts import REMARKS
from procmine.procedure.counting.counter import Counter
from procmine.procedure.counting.ends import closings
from procmine.procedure.counting.owners import OWNERS, claims
from procmine.procedure.counting.rows import PAUSED, REASONS, STATES, UNKNOWN, Rows
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.own_calendar import calendar_for
from procmine.procedure.procedure import Procedure

KINDS = ("statutory", "internal", "control_window")
"""The kinds of a term; within a control window something may be checked, and no decision is due."""


def terms(
    log: EventLog, procedure: Procedure, *, as_of: Any = None, calendar: Calendar | None = None
) -> pd.DataFrame:
    """Return one row per case and term (and phase), as it was known at ``as_of``.

    Every day is a local day of the office and every count is in calendar days, except ``used``,
    which is in the unit of the term. ``net_days + paused_days + voided_days = gross_days`` and
    ``office_days + applicant_days + third_party_days = gross_days``. How it is counted is defined,
    with the law behind it, in docs/terms.md.

    Columns: ``case_id, unit`` (if the log has units), ``term, phase, rule, version, kind``
    (statutory, internal, or control_window: time to check, in which no decision is due),
    ``start_event, start_fallback, started, due`` (missing while the clock stands), ``closed,
    outcome, state`` (one of on_time, late, running, paused, overdue, deemed_approved,
    deemed_refused, withdrawn, unknown), ``decided_late`` (after silence; never of a control
    window), ``gross_days, net_days, paused_days`` (lawfully), ``requested_days``
    (as the office had asked), ``excess_days`` (requested but not lawful), ``voided_days`` (before a
    full restart), ``used, used_in, days_left, days_late, extended, office_days, applicant_days,
    third_party_days, owner`` (of open cases), ``reason`` (why unknown), ``remarks``.

    ``calendar`` is by default the one of the procedure, else the public holidays of its country.
    Raises ProcmineError for a log whose zone was only assumed and for a procedure without terms,
    and LabelNotFoundError for events of the procedure that the log does not have.
    """
    counter, known = counter_of(log, procedure, as_of, calendar)
    parts = [counter.rows(use) for use in procedure.uses]
    which = np.repeat(np.arange(len(parts)), [len(part.case) for part in parts])
    rows = Rows.joined(parts)
    by = np.lexsort((rows.phase, which, rows.case))
    table = _table(counter, rows, which, by, known)
    _warn(table)
    table.attrs["as_of"] = str(np.datetime64(counter.seen.today, "D"))
    table.attrs["basis"] = _basis(counter, table)
    return table


def counter_of(
    log: EventLog, procedure: Procedure, as_of: Any, calendar: Calendar | None
) -> tuple[Counter, ObservedCases]:
    """Return what counts the terms of a procedure in a log, once both have been checked."""
    check_arguments(log, procedure, calendar)
    procedure.check(log)
    for use in procedure.uses:
        for version in use.versions:
            rules.warn_once(version)
    seen = SeenLog(log, procedure, as_of_instant(log, as_of), as_of)
    known = observed_cases(log, as_of)
    days = calendar_for(procedure, log.tz) if calendar is None else calendar
    return Counter(seen, closings(seen), known.started != NAT, days), known


def _table(
    counter: Counter, rows: Rows, which: Ints, by: Ints, known: ObservedCases
) -> pd.DataFrame:
    log = counter.seen.log
    case = rows.case[by]
    unknown = rows.state[by] == UNKNOWN
    ended = rows.closed[by] != NAT
    columns: dict[str, Any] = {"case_id": case_id_column(log, case)}
    if log.unit is not None:
        columns["unit"] = case_unit(log, known).take(case).to_categorical()
    columns |= _names(counter, rows, which, by)
    columns["started"], columns["due"] = _dates(rows.start[by]), _dates(rows.due[by])
    columns["closed"] = _dates(rows.closed[by])
    columns["outcome"] = _categories(rows.outcome[by], counter.closings.outcomes)
    columns["state"] = _categories(rows.state[by], STATES)
    columns["decided_late"] = rows.decided_late[by]
    columns |= _days(rows, by, unknown)
    owners = _owners(counter, rows, by, unknown, ended)
    columns |= owners
    columns["reason"] = _categories(rows.reason[by], REASONS)
    columns["remarks"] = _remarks(rows.remark[by])
    return pd.DataFrame(columns)


def _names(counter: Counter, rows: Rows, which: Ints, by: Ints) -> dict[str, Any]:
    """Return the columns that say which term, phase, rule and version it is, and what started it."""
    uses = counter.seen.procedure.uses
    versions = [version for use in uses for version in use.versions]
    first = np.cumsum([0, *(len(use.versions) for use in uses)])[:-1]
    version = first[which] + rows.version
    phases = list(dict.fromkeys(phase.id for term in versions for phase in term.phases))
    places = np.full(
        (len(versions), max([len(term.phases) for term in versions], default=0) + 1), -1
    )
    for number, term in enumerate(versions):
        for place, phase in enumerate(term.phases):
            places[number, place] = phases.index(phase.id)
    ids = list(dict.fromkeys(term.id for term in versions))
    of_id = np.array([ids.index(term.id) for term in versions])
    labels = list(dict.fromkeys(term.version or term.id for term in versions))
    of_label = np.array([labels.index(term.version or term.id) for term in versions])
    of_kind = np.array([KINDS.index(term.kind) for term in versions])
    return {
        "term": _categories(which[by], [use.id for use in uses]),
        "phase": _categories(places[version, rows.phase][by], phases),
        "rule": _categories(of_id[version][by], ids),
        "version": _categories(of_label[version][by], labels),
        "kind": _categories(of_kind[version][by], KINDS),
        "start_event": _categories(rows.event[by], counter.events),
        "start_fallback": rows.fallback[by],
    }


def _days(rows: Rows, by: Ints, unknown: Bools) -> dict[str, Any]:
    """Return the columns of days, missing where the state is unknown."""
    gross = rows.horizon - rows.start
    left = np.where(rows.state == PAUSED, np.maximum(rows.left, 0), rows.left)
    left = np.where(rows.closed == NAT, left, NAT)[by]
    late = np.where(rows.due == NAT, NAT, np.maximum(rows.horizon - rows.due, 0))[by]
    counted = {
        "gross_days": gross,
        "net_days": gross - rows.paused - rows.voided,
        "paused_days": rows.paused,
        "requested_days": rows.requested,
        "excess_days": rows.requested - rows.paused,
        "voided_days": rows.voided,
        "used": rows.used,
    }
    columns: dict[str, Any] = {
        name: pd.arrays.IntegerArray(days[by], unknown) for name, days in counted.items()
    }
    columns["used_in"] = _categories(
        np.where(unknown, -1, rows.in_working_days[by]), ("day", "working_day")
    )
    no_left = unknown | (left == NAT) | (left < 0)
    columns["days_left"] = pd.arrays.IntegerArray(left, no_left)
    columns["days_late"] = pd.arrays.IntegerArray(late, unknown | (late == NAT))
    columns["extended"] = rows.extended[by]
    return columns


def _owners(counter: Counter, rows: Rows, by: Ints, unknown: Bools, ended: Bools) -> dict[str, Any]:
    """Return the days of each owner, and the owner of what is open."""
    said = claims(counter.seen)
    n = counter.seen.log.n_cases
    days = {owner: np.zeros(len(by), dtype=np.int64) for owner in OWNERS}
    owner_now = np.full(len(by), -1, dtype=np.int64)
    sizes = np.append(np.flatnonzero(np.diff(rows.case) <= 0) + 1, len(by))
    low = 0
    for high in sizes:  # each part has every case once
        part = slice(low, high)
        good = np.flatnonzero(rows.state[part] != UNKNOWN) + low
        case, start, horizon = rows.case[good], rows.start[good], rows.horizon[good]
        for owner, counted in zip(OWNERS, said.days(start, horizon, case, n), strict=True):
            days[owner][good] = counted
        owner_now[good] = said.now(np.maximum(horizon, counter.seen.today), case, n)
        low = high
    columns: dict[str, Any] = {
        f"{owner}_days": pd.arrays.IntegerArray(days[owner][by], unknown)
        for owner in ("office", "applicant", "third_party")
    }
    now = np.where(ended | unknown, -1, owner_now[by])
    columns["owner"] = _categories(now, OWNERS)
    return columns


def _dates(days: Ints) -> npt.NDArray[np.datetime64]:
    return days.astype("datetime64[D]").astype("datetime64[s]")


def _categories(codes: Ints, names: Any) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names), dtype="str"))


def _remarks(bits: Ints) -> pd.Categorical:
    """Return the remarks of every row as one text, missing where there are none."""
    kinds, codes = np.unique(bits, return_inverse=True)
    texts = [
        "; ".join(text for place, text in enumerate(REMARKS) if kind >> place & 1) for kind in kinds
    ]
    named = [text for text in texts if text]
    places = np.array([named.index(text) if text else -1 for text in texts], dtype=np.int64)
    return _categories(places[codes] if len(codes) else codes, named)


def _warn(table: pd.DataFrame) -> None:
    """Warn once of rows whose state is not known and of starts that were taken from another event."""
    lines = [
        *_counted(table[table["state"] == "unknown"], "reason", "{} unknown, {}"),
        *_counted(
            table[table["start_fallback"]],
            "start_event",
            "{} counted from {!r}, in place of the event that starts it",
        ),
    ]
    if lines:
        lines.append(
            "see the columns reason and start_fallback; events: of the procedure says what they are in the log"
        )
        warnings.warn("\n".join(lines), DataQualityWarning, stacklevel=3)


def _counted(rows: pd.DataFrame, what: str, sentence: str) -> list[str]:
    counts = rows.groupby(["term", what], observed=True).size().reset_index(name="cases")
    return [
        f"{term}: " + sentence.format(f"{cases:,} {'case' if cases == 1 else 'cases'}", said)
        for term, said, cases in counts.itertuples(index=False)
    ]


def _basis(counter: Counter, table: pd.DataFrame) -> str:
    used = [str(name) for name in table["version"].cat.remove_unused_categories().cat.categories]
    seen, procedure = counter.seen, counter.seen.procedure
    return (
        f"{as_of_text(seen.log, seen.moment)}; rules {', '.join(used)}; "
        f"procedure {procedure.procedure} {procedure.version}; calendar {counter.calendar.version}"
    )
