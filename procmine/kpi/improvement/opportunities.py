"""Opportunities: how much shorter cases would be at most, were a cause of waiting mended."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.errors import DataQualityWarning, ProcmineError
from procmine.kernels import DAY, NAT, Floats, Ints
from procmine.kpi.closed import closed_cases
from procmine.kpi.improvement.gains import gains
from procmine.kpi.improvement.in_time import Judged, judged
from procmine.kpi.improvement.proposed import proposed
from procmine.kpi.improvement.remedies import Given, Remedy, checked
from procmine.kpi.improvement.shortened import Shortened, shortened
from procmine.kpi.improvement.shorter_waits import gain
from procmine.kpi.improvement.without_rework import Avoidable
from procmine.kpi.waiting.causes import basis_text
from procmine.kpi.waiting.split import Calendars, Split, split, warned
from procmine.log import EventLog
from procmine.observe import as_of_text, durations

if TYPE_CHECKING:
    from procmine.procedure import Procedure

BOUND = "at most: only {}, queues and capacity elsewhere are not simulated"
WAITS, REWORK = "the waits are shorter", "the rework is not there"


def opportunities(
    log: EventLog,
    remedies: Iterable[Given] | None = None,
    *,
    by: str | None = None,
    procedure: Procedure | None = None,
    term: str | None = None,
    calendar: Calendars = None,
    as_of: Any = None,
    order: str = "concurrency",
    starts: str | None = None,
    arrival: str | None = None,
    enabled: str | None = None,
    batch_size: int = 2,
    batch_gap: Any = "0s",
    seed: int = 0,
    resamples: int = 1000,
) -> pd.DataFrame:
    """Return what each remedy would save at most: one row per remedy, the greatest saving first.

    The actual complete cases are counted again with shorter waits: a step begins as much earlier as
    its own wait is shorter and as the latest end of all steps that it depends on is earlier; the work
    takes as long as it did. A case ends as much earlier as its closing step does. Nothing is simulated: whoever gets
    work sooner may have no time for it, so the figures are bounds.

    A remedy is a :class:`procmine.Remedy` or a dict with its fields:

    ``{"kind": "target", "activity": …, "days": 5}``  no wait is longer than that
    ``{"kind": "best_quartile", "activity": …, "by": "Office"}``
        of the g values of a case attribute (3 to 50, or ``"unit"``) with 10 waits or more, the
        ⌈g / 4⌉-th least median wait is the model; where the median m is greater, every wait becomes
        wait × model / m
    ``{"kind": "without_cause", "activity": …, "cause": "batching"}``
        each wait less its part of that cause (see :func:`procmine.waiting_causes`)
    ``{"kind": "without_rework", "rework": "completion_request"}``
        each case less the days that its rework of this kind added (see :func:`procmine.rework`)
    ``{"together": [{"kind": "target", …}, {"kind": "without_cause", …}]}``
        a package of remedies, counted together; a list or tuple among the remedies is one, too;
        its ``name`` is what it is called

    Without ``activity`` a remedy is about all. Without ``remedies`` these are proposed: without each
    cause (but not unavailability: nights and weekends stay; and in logs with one timestamp not what is
    unexplained: the work is in it), without completion requests and rework,
    and for the five activities with most waiting without their main cause and, where ``by`` names an
    attribute, with the best quartile. They overlap: their savings do not add up.

    Columns: ``remedy, kind, activity, cause, cases`` (complete ones that would be shorter),
    ``saved_days`` (of 24 hours, all together), ``median_before, median_after, median_gain,
    median_gain_low, median_gain_high`` (95 % percentile interval over ``resamples`` bootstrap samples
    of the cases), the same of ``p90``, ``timeliness_before, timeliness_after`` (with a ``procedure``:
    the share of the concluded cases that kept ``term``, by default the first that has some; due dates stay as they
    were, and without rework it is not known), ``basis``. In logs with one timestamp the work is in the waits.

    >>> found = opportunities(log, {"kind": "target", "activity": "Decizie comisie", "days": 3})
    >>> found[["cases", "saved_days", "median_gain"]].round({"saved_days": 1})
       cases  saved_days     median_gain
    0    897      3065.9 1 days 02:13:00
    """
    if resamples < 100:
        raise ProcmineError(
            f"resamples={resamples!r} is too few for an interval of 95 %\ngive 100 or more; 1000 is usual"
        )
    log, seen, closed_by = closed_cases(log, procedure, as_of)
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
    rework = Avoidable(found.log, procedure)
    given = proposed(found, by, rework) if remedies is None else remedies
    asked = checked(given, found, rework)
    cases = shortened(found, log, order, seen)
    terms = None
    if procedure is not None:
        days = calendar if isinstance(calendar, Calendar) else None
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", DataQualityWarning)
            terms = judged(found.log, procedure, seen, cases, term=term, calendar=days)
        for each in told:  # of the caller's line, not of this one
            warnings.warn(str(each.message), each.category, stacklevel=2)
    after = [_after(remedy, found, cases, rework, terms) for remedy in asked]
    table = _table(asked, after, cases, terms, count=resamples, seed=seed)
    said = [basis_text(found), *([closed_by] if closed_by else []), as_of_text(log, seen.as_of)]
    named = [[f"{each.name}: {each.text}"] if each.name else [] for each in asked]
    bounds = [_bound(each, terms) for each in asked]
    table["basis"] = _texts(
        ["; ".join([*b, *said, *n]) for b, n in zip(bounds, named, strict=True)]
    )
    order_ = np.argsort(-table["saved_days"].to_numpy(), kind="stable")
    return table.iloc[order_].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class _After:
    """What a remedy would change: how much earlier the complete cases end, and the share in time then."""

    sooner: Ints
    in_time: float


def _after(
    remedy: Remedy, found: Split, cases: Shortened, rework: Avoidable, terms: Judged | None
) -> _After:
    shorter = gain(remedy, found)
    again = [(part.rework, part.activity) for part in remedy.parts if part.rework is not None]
    if again:
        return _After(cases.sooner(shorter, rework.without(again)), np.nan)
    in_time = terms.after(cases.saved(shorter)) if terms is not None else np.nan
    return _After(cases.sooner(shorter), in_time)


def _table(
    asked: list[Remedy],
    found: list[_After],
    cases: Shortened,
    terms: Judged | None,
    *,
    count: int,
    seed: int,
) -> pd.DataFrame:
    sooner = [each.sooner for each in found]
    after = [cases.cycle_time - each for each in sooner]
    gained = gains(cases.cycle_time, after, count=count, seed=seed)
    columns: dict[str, Any] = {
        "remedy": _texts([remedy.name or remedy.text for remedy in asked]),
        "kind": _texts([remedy.kind for remedy in asked]),
        "activity": _texts([remedy.activity for remedy in asked]),
        "cause": _texts([remedy.cause for remedy in asked]),
        "cases": [int((each > 0).sum()) for each in sooner],
        "saved_days": np.array([float(each.sum()) / DAY for each in sooner]),
    }
    for place, name in enumerate(("median", "p90")):
        before, then = gained.before[:, place], gained.after[:, place]
        columns |= {
            f"{name}_before": _durations(before),
            f"{name}_after": _durations(then),
            f"{name}_gain": _durations(before - then),
            f"{name}_gain_low": _durations(gained.low[:, place]),
            f"{name}_gain_high": _durations(gained.high[:, place]),
        }
    columns["timeliness_before"] = terms.before if terms is not None else np.nan
    columns["timeliness_after"] = np.array([each.in_time for each in found], dtype=np.float64)
    return pd.DataFrame(columns)


def _texts(values: list[Any]) -> pd.Series:
    return pd.Series(values, dtype="str")


def _durations(values: Floats) -> Any:
    known = np.isfinite(values)
    whole = np.where(known, np.rint(np.where(known, values, 0)), NAT).astype(np.int64)
    return durations(whole)


def _bound(remedy: Remedy, terms: Judged | None) -> list[str]:
    """Say what the figures of a remedy are a bound of, and what holds of the due dates."""
    again = any(part.rework is not None for part in remedy.parts)
    waits = any(part.rework is None for part in remedy.parts)
    what = " and ".join([WAITS] * waits + [REWORK] * again)
    if terms is None:
        return [BOUND.format(what)]
    dates = "due dates as they were, also where they would be sooner"
    if again:
        dates = "after it not known: without the rework due dates would be others"
    counted = f"timeliness of {terms.term}, {len(terms.due):,} concluded cases"
    return [BOUND.format(what), f"{counted}, {dates}"]
