"""Propose the shape of a source: a row per case, a status history, a key or a time in several columns."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from procmine.ingest.binding import Binding
from procmine.ingest.columns import coded
from procmine.ingest.marks import Annulled, Closing
from procmine.ingest.names import folded
from procmine.ingest.proposal.looks import TIMES, Looks
from procmine.ingest.spelling import one_spelling

Proposed = tuple[dict[str, Any], dict[str, str]]
"""What a shape binds (None takes a role back), and the reasons."""

_UNIQUE = 0.95
"""A row per case: this share of the rows has a key of its own; the rest may be entries made twice."""
_RESTARTS = 0.2
"""Numbers restart with each year or sheet where this share of them comes back in another one."""
_FEW_STATUSES = 60
_MOST_ANNULLED = 0.2
_GENITIVE = re.compile(r"^\w+([ie]i|ului|[ei]lor)\b|[α-ω]")
"""Romanian genitives, and Greek, where the word after *date* is always one."""
_STEPS = (*TIMES, "activity", "lifecycle", "instance")


def status_history(
    looks: Looks, bound: dict[str, Any], given: Binding, sheet: str | None
) -> Proposed:
    """A status before and a status after, with one time: each change is an event, named by the status after."""
    if given.activity is not None or given.milestones or "timestamp" not in bound:
        return {}, {}
    before = next(looks.named("status_from"), None)
    after = next((name for name in looks.named("status_to") if name != before), None)
    if before is None or after is None or not _share_values(looks, before, after):
        return {}, {}
    bound_now: dict[str, Any] = {"activity": after, "previous": before}
    reasons = {
        "activity": f"a status history: the status after each change{looks.seen('activity', after)}",
        "previous": "a status history: the status before each change",
    }
    closing = _closing_labels(looks, looks.values(after))
    if closing and given.closed is None:
        bound_now["closed"] = Closing(activities=closing)
        reasons["closed"] = "the names of these statuses say that the case is closed"
    return bound_now, reasons


def milestones(looks: Looks, bound: dict[str, Any], given: Binding, sheet: str | None) -> Proposed:
    """A row per case and several dates: each date is a milestone, in the order of the columns."""
    if (
        given.activity is not None
        or given.milestones
        or given.time_columns()
        or "previous" in bound
    ):
        return {}, {}
    if any(bound.get("activity") == name for name in looks.named("activity")):
        return {}, {}
    case = given.case or bound.get("case") or next(looks.named("case"), None)
    dates = [name for name in looks.columns if looks.is_time(name) and not _no_event(looks, name)]
    parts = _parts(case) or ()
    if sheet is not None and parts and sheet not in parts:
        parts = (sheet, *parts)
    if len(dates) < 2 or not parts or set(parts) & set(dates):
        return {}, {}
    rows = min(looks.filled(part) for part in parts)
    key = (*(_year_and_registry(looks, parts)), *parts) if len(parts) == 1 else parts
    if looks.combinations(tuple(key)) < _UNIQUE * rows or rows < 2:
        return {}, {}
    named = _labels(looks, dates)
    reasons = {"milestones": "each row is a case with several dates: a milestone per column"}
    bound_now: dict[str, Any] = {**dict.fromkeys(_STEPS), "milestones": named}
    if given.case is None and isinstance(case, str):
        bound_now["case"] = case
        reasons["case"] = f"each row is a case{looks.seen('case', case)}"
    if given.closed is None:
        bound_now["closed"], reasons["closed"] = _closing(looks, named)
    return bound_now, reasons


def joined_case(looks: Looks, bound: dict[str, Any], given: Binding, sheet: str | None) -> Proposed:
    """A number that restarts in each registry, year or sheet is a key only together with it."""
    number = bound.get("case")
    if given.case is not None or not isinstance(number, str) or number not in looks.columns:
        return {}, {}
    before = [
        name for name in _year_and_registry(looks, (number,)) if name not in _columns_of(bound)
    ]
    if sheet is not None and not before:
        before = [sheet]
    key = [number]
    for name in reversed(before):
        alone, together = looks.combinations(tuple(key)), looks.combinations((name, *key))
        if together > alone * (1 + _RESTARTS):
            key.insert(0, name)
    if len(key) == 1:
        return {}, {}
    why = f"{number!r} comes back in another {' and '.join(map(repr, key[:-1]))}"
    return {"case": key}, {"case": f"{why}; {looks.combinations(tuple(key)):,} different keys"}


def split_time(looks: Looks, bound: dict[str, Any], given: Binding, sheet: str | None) -> Proposed:
    """A date without a clock time, and beside it a column of clock times: together they are the time."""
    columns = list(looks.columns)
    clocks = [name for name in columns if name not in _columns_of(bound) and looks.is_clock(name)]
    found: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    for role in TIMES:
        date = bound.get(role)
        if not isinstance(date, str) or not clocks or not looks.is_date_only(date):
            continue
        after = [name for name in clocks if columns.index(name) > columns.index(date)]
        clock = min(
            after or clocks, key=lambda name: abs(columns.index(name) - columns.index(date))
        )
        clocks.remove(clock)
        found[role] = [date, clock]
        reasons[role] = f"a date, and its clock time in {clock!r}"
    return found, reasons


def annulled_entries(
    looks: Looks, bound: dict[str, Any], given: Binding, sheet: str | None
) -> Proposed:
    """A status that marks entries as annulled, or as replaced by a corrected one.

    In a status history it is the status after a change that says so.
    """
    if given.annulled is not None:
        return {}, {}
    words = (*looks.usual("annulled"), *looks.usual("corrected"))
    named = (*looks.named("annulled_column"), *looks.named("status"))
    columns = (
        [bound["activity"]]
        if "previous" in bound
        else [n for n in named if n != bound.get("activity")]
    )
    for name in columns:
        if looks.distinct.get(name, 0) > _FEW_STATUSES:
            continue
        values = tuple(value for value in looks.values(name) if folded(value) in words)
        if values and _share_of(looks, name, values) <= _MOST_ANNULLED:
            reason = "entries with these values do not count"
            return {"annulled": Annulled(name, values)}, {"annulled": reason}
    return {}, {}


def _closing(looks: Looks, named: dict[str, str]) -> tuple[Closing | None, str]:
    """Return what closes a row per case: a status all of whose values are known, or else a milestone."""
    for name in looks.named("status"):
        values = looks.values(name) if looks.distinct.get(name, 0) <= _FEW_STATUSES else []
        closing = tuple(value for value in values if _begins(looks, value, "closing"))
        known = ("closing", "pending", "annulled", "corrected")
        if closing and all(any(_begins(looks, v, role) for role in known) for v in values):
            return Closing(
                column=name, values=closing
            ), "the names of these values say that the case is closed"
    milestone = next((name for name in looks.named("closed") if name in named), None)
    if milestone is None:
        return None, ""
    reason = "the name of this milestone says that the case is closed"
    return Closing(activities=(named[milestone],)), reason


def _begins(looks: Looks, value: str, role: str) -> bool:
    """Tell whether a value is a usual word of a role, or begins with one."""
    plain = f"{folded(value)} "
    return any(plain.startswith(f"{word} ") for word in looks.usual(role))


def _year_and_registry(looks: Looks, parts: tuple[str, ...]) -> list[str]:
    """Return the columns of registry and year, where there are any, as they stand in a case key."""
    found = [next(looks.named(role), None) for role in ("registry", "year")]
    return [
        name for name in found if name is not None and name not in parts and not looks.is_time(name)
    ]


def _labels(looks: Looks, dates: list[str]) -> dict[str, str]:
    """Return each milestone's name: the column's, without the word for date that stands before it."""
    short = {name: _without_date(looks, name) for name in dates}
    twice = len(set(short.values())) < len(short)
    return {name: name for name in dates} if twice else short


def _without_date(looks: Looks, name: str) -> str:
    """Return a column's name without the word for date before it, unless a genitive would be left.

    >>> from procmine.ingest.proposal.looks import Looks
    >>> nothing = Looks({}, {}, {}, {}, 0)
    >>> _without_date(nothing, "Data presentazione"), _without_date(nothing, "Data emiterii avizului")
    ('Presentazione', 'Data emiterii avizului')
    """
    words = name.split()
    for size in range(len(words) - 1, 0, -1):
        rest = " ".join(words[size:]).strip(" -:.")
        if folded(" ".join(words[:size])) not in looks.usual("milestone") or len(folded(rest)) < 4:
            continue
        if not _GENITIVE.search(folded(rest)):
            return rest[:1].upper() + rest[1:]
    return name


def _no_event(looks: Looks, name: str) -> bool:
    """Tell whether a date is no event by its name: a term that runs, or a date of birth."""
    plain = f"{looks.names[name]} "
    words = (*looks.usual("due"), *looks.usual("birth"))
    return any(plain == f"{word} " or plain.startswith(f"{word} ") for word in words)


def _share_values(looks: Looks, before: str, after: str) -> bool:
    return bool(
        {folded(v) for v in looks.values(before)} & {folded(v) for v in looks.values(after)}
    )


def _closing_labels(looks: Looks, labels: list[str]) -> tuple[str, ...]:
    words = set(looks.usual("closing"))
    return tuple(label for label in labels if folded(label) in words)


def _share_of(looks: Looks, name: str, values: tuple[str, ...]) -> float:
    """Return the share of the rows that have one of the values."""
    column = one_spelling(coded(looks.columns[name]))[0]
    marked = np.array([label in values for label in column.names()] + [False])
    return float(marked[column.codes].sum() / max(looks.rows, 1))


def _parts(case: Any) -> tuple[str, ...] | None:
    return (case,) if isinstance(case, str) else case


def _columns_of(bound: dict[str, Any]) -> set[str]:
    names: set[str] = set()
    for role, value in bound.items():
        if role in ("closed", "annulled") or value is None:
            continue
        names.update((value,) if isinstance(value, str) else value)
    return names
