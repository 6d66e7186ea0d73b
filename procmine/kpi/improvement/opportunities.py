"""Opportunities: how much shorter cases would be at most, were a cause of waiting mended."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.errors import DataQualityWarning, ProcmineError
from procmine.kernels import DAY, NAT, Floats, Ints
from procmine.kpi.closed import closed_cases
from procmine.kpi.improvement.gains import gains
from procmine.kpi.improvement.in_time import Judged, judged
from procmine.kpi.improvement.remedies import Remedy, checked, gain, proposed
from procmine.kpi.improvement.shortened import Chains, chains
from procmine.kpi.waiting.causes import basis_text
from procmine.kpi.waiting.split import Calendars, split
from procmine.log import EventLog
from procmine.observe import as_of_text, durations

if TYPE_CHECKING:
    from procmine.procedure import Procedure

BOUND = "at most: the waits alone are shorter, queues and capacity elsewhere are not simulated"


def opportunities(
    log: EventLog,
    remedies: Iterable[Remedy | Mapping[str, Any]] | None = None,
    *,
    of: str | None = None,
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
    its own wait is shorter and the step that enabled it ends earlier; the work takes as long as it
    did. A case ends as much earlier as its closing step does. Nothing is simulated: whoever gets
    work sooner may have no time for it, so the figures are bounds.

    A remedy is a :class:`procmine.Remedy` or a dict with its fields:

    ``{"kind": "target", "activity": …, "days": 5}``  no wait is longer than that
    ``{"kind": "best_quartile", "activity": …, "of": "Office"}``
        of the g values of a case attribute (3 to 50, or ``"unit"``) with 10 waits or more, the
        ⌈g / 4⌉-th least median wait is the model; where the median m is greater, every wait becomes
        wait × model / m
    ``{"kind": "without_cause", "activity": …, "cause": "batching"}``
        each wait less its part of that cause (see :func:`procmine.waiting_causes`)

    Without ``activity`` it is about all. Without ``remedies`` these are proposed: without each cause
    (but not unavailability: nights and weekends stay),
    and for the five activities with most waiting without their main cause and, where ``of`` names an
    attribute, with the best quartile. They overlap: their savings do not add up.

    Columns: ``remedy, kind, activity, cause, cases`` (complete ones that would be shorter),
    ``saved_days`` (of 24 hours, all together), ``median_before, median_after, median_gain,
    median_gain_low, median_gain_high`` (95 % percentile interval over ``resamples`` bootstrap samples
    of the cases), the same of ``p90``, ``timeliness_before, timeliness_after`` (with a ``procedure``:
    the share of the concluded cases that kept ``term``, by default its first; due dates stay as they
    were), ``basis``. In logs with one timestamp the work is in the waits.

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
    found = split(
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
    if found.notes:
        warnings.warn("\n".join(found.notes), DataQualityWarning, stacklevel=2)
    asked = proposed(found, of) if remedies is None else checked(remedies, found)
    cases = chains(found, seen)
    terms = None
    if procedure is not None:
        days = calendar if isinstance(calendar, Calendar) else None
        terms = judged(found.log, procedure, seen, cases, term=term, calendar=days)
    saved = [cases.saved(gain(remedy, found)) for remedy in asked]
    table = _table(asked, saved, cases, terms, count=resamples, seed=seed)
    said = [BOUND, basis_text(found), *_terms_text(terms), *([closed_by] if closed_by else [])]
    basis = "; ".join([*said, as_of_text(log, seen.as_of)])
    table["basis"] = pd.Series([basis] * len(table), dtype="str")
    order_ = np.argsort(-table["saved_days"].to_numpy(), kind="stable")
    return table.iloc[order_].reset_index(drop=True)


def _table(
    asked: list[Remedy],
    saved: list[Ints],
    cases: Chains,
    terms: Judged | None,
    *,
    count: int,
    seed: int,
) -> pd.DataFrame:
    sooner = [cases.ended - cases.ended_after(each) for each in saved]
    after = [cases.cycle_time - each for each in sooner]
    found = gains(cases.cycle_time, after, count=count, seed=seed)
    columns: dict[str, Any] = {
        "remedy": _texts([remedy.text for remedy in asked]),
        "kind": _texts([remedy.kind for remedy in asked]),
        "activity": _texts([remedy.activity for remedy in asked]),
        "cause": _texts([remedy.cause for remedy in asked]),
        "cases": [int((each > 0).sum()) for each in sooner],
        "saved_days": np.array([float(each.sum()) / DAY for each in sooner]),
    }
    for place, name in enumerate(("median", "p90")):
        before, then = found.before[:, place], found.after[:, place]
        columns |= {
            f"{name}_before": _durations(before),
            f"{name}_after": _durations(then),
            f"{name}_gain": _durations(before - then),
            f"{name}_gain_low": _durations(found.low[:, place]),
            f"{name}_gain_high": _durations(found.high[:, place]),
        }
    shares = [terms.after(each) if terms is not None else np.nan for each in saved]
    columns["timeliness_before"] = terms.before if terms is not None else np.nan
    columns["timeliness_after"] = np.array(shares, dtype=np.float64)
    return pd.DataFrame(columns)


def _texts(values: list[Any]) -> pd.Series:
    return pd.Series(values, dtype="str")


def _durations(values: Floats) -> Any:
    known = np.isfinite(values)
    whole = np.where(known, np.rint(np.where(known, values, 0)), NAT).astype(np.int64)
    return durations(whole)


def _terms_text(terms: Judged | None) -> list[str]:
    if terms is None:
        return []
    return [
        f"timeliness of {terms.term}, {len(terms.due):,} concluded cases, due dates as they were"
    ]
