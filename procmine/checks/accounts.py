"""Accounts that look shared by several persons, or are a program: counted, never named."""

from __future__ import annotations

import numpy as np

from procmine.checks.check import Check, Flaw, counted, graded, listed, percent
from procmine.checks.context import Context
from procmine.kernels import Bools, Ints
from procmine.log import Coded

LEAST_STEPS = 100
"""Below, an account has too few steps to show its hours."""
HOURS, WEEKDAYS = 20, 7
"""No person works in 20 hours of the day and on all days of the week."""
_HOUR_SHARE = 0.004
"""An hour (a weekday) counts with a tenth of an even share of 1/24: a late evening is no night shift."""
ROUND_THE_CLOCK = 0.25
"""Where more than a quarter of the accounts work round the clock the office does."""
TIMES_MEDIAN, LEAST_UNITS, LEAST_ACCOUNTS = 20, 3, 5
"""Twenty times the steps of the usual account, in three units, is more than one person; five tell what is usual."""
PARALLEL = 0.1
"""A tenth of the steps begin while the one before still runs in another unit."""


def shared_accounts(context: Context) -> list[Flaw]:
    """Count resources that work as no single person does, of those with at least 100 steps.

    Round the clock: steps in at least 20 of the 24 local hours and on all 7 days of the week, where
    an hour counts with 0.4 % of the steps and at most a quarter of the accounts are so (times
    without a clock do not count). In parallel: steps in at least 3 units, and a tenth of them begin
    while the one begun before still runs in another unit. Far beyond others: 20 times the median
    number of steps, in at least 3 units.
    """
    resource = context.log.resource
    if resource is None or not len(resource.labels):
        return []
    week = _weeks(context, resource)
    steps = week.sum(axis=(1, 2))
    reasons = {
        "round the clock": _round_the_clock(context, resource, week),
        "in several units at the same time": _parallel(context, steps),
        "far more steps than others, in several units": _far_beyond(context, resource, steps),
    }
    shared = np.logical_or.reduce(list(reasons.values()))
    if not shared.any():
        return []
    told = "; ".join(f"{why}: {int(mask.sum()):,}" for why, mask in reasons.items() if mask.any())
    among, count = int((steps > 0).sum()), int(shared.sum())
    share = float(steps[shared].sum() / steps.sum())
    rows = np.flatnonzero(np.append(shared, False)[resource.codes])
    return [
        Flaw(
            graded(share, medium=0.1),
            context.column("resource"),
            count,
            share,
            f"Of {counted(among, 'account')}, {count:,} {'looks' if count == 1 else 'look'} shared or like a program, "
            f"with {percent(share)} of the steps ({told}){_units(context, rows)}.",
            "Ask who works with these accounts; leave them out of measures by person.",
            rows[:5],
        )
    ]


def _weeks(context: Context, resource: Coded, chosen: Bools | None = None) -> Ints:
    """Count the steps of every account by weekday and hour."""
    place = context.hour_of_week + (resource.codes + 1) * np.int32(168)
    place = place if chosen is None else place[chosen]
    table = np.bincount(place, minlength=168 * (len(resource.labels) + 1))
    return np.asarray(table.reshape(-1, 7, 24)[1:], dtype=np.int64)


def _round_the_clock(context: Context, resource: Coded, week: Ints) -> Bools:
    none = np.zeros(len(week), dtype=np.bool_)
    if not context.clocked:
        return none
    if context.clock[0]:
        week = week - _weeks(context, resource, context.midnight)
    total = week.sum(axis=(1, 2))
    least = np.maximum(_HOUR_SHARE * total, 1)[:, None]
    found = (total >= LEAST_STEPS) & ((week.sum(axis=1) >= least).sum(axis=1) >= HOURS)
    found &= (week.sum(axis=2) >= least).sum(axis=1) >= WEEKDAYS
    return found if found.sum() <= ROUND_THE_CLOCK * (total > 0).sum() else none


def _units_of(context: Context, resource: Coded, accounts: int) -> Ints:
    """Return in how many units each account has steps: those with a twentieth of its steps, or ten."""
    unit = context.log.unit
    if unit is None:
        return np.zeros(accounts, dtype=np.int64)
    width = len(unit.labels) + 1
    place = (resource.codes + 1) * np.int64(width) + unit.codes + 1
    table = np.bincount(place, minlength=(accounts + 1) * width).reshape(accounts + 1, width)[
        1:, 1:
    ]
    least = np.minimum(np.maximum(table.sum(axis=1, keepdims=True) / 20, 1), 10)
    return np.asarray((table >= least).sum(axis=1), dtype=np.int64)


def _far_beyond(context: Context, resource: Coded, steps: Ints) -> Bools:
    active = steps[steps > 0]
    if len(active) < LEAST_ACCOUNTS or context.log.unit is None:
        return np.zeros(len(steps), dtype=np.bool_)
    beyond = (steps >= LEAST_STEPS) & (steps >= TIMES_MEDIAN * np.median(active))
    if not beyond.any():
        return np.zeros(len(steps), dtype=np.bool_)
    return np.asarray(beyond & (_units_of(context, resource, len(steps)) >= LEAST_UNITS))


def _parallel(context: Context, steps: Ints) -> Bools:
    shifts, unit, resource = context.shifts, context.log.unit, context.log.resource
    if shifts is None or unit is None or resource is None or not shifts.busy.any():
        return np.zeros(len(steps), dtype=np.bool_)
    later = np.flatnonzero(shifts.followed)
    before, after = shifts.steps[later], shifts.steps[later + 1]
    units = unit.codes[before], unit.codes[after]
    other = (units[0] != units[1]) & (units[0] >= 0) & (units[1] >= 0)
    hits = np.bincount(resource.codes[after[other]], minlength=len(steps))
    busy = (steps >= LEAST_STEPS) & (hits >= PARALLEL * steps)
    if not busy.any():
        return np.zeros(len(steps), dtype=np.bool_)
    return np.asarray(busy & (_units_of(context, resource, len(steps)) >= LEAST_UNITS))


def _units(context: Context, rows: Ints) -> str:
    unit = context.log.unit
    if unit is None:
        return ""
    hits = np.bincount(unit.codes[rows] + 1, minlength=len(unit.labels) + 1)[1:]
    names = unit.names()
    return f"; units: {listed([names[code] for code in np.argsort(-hits, kind='stable') if hits[code]])}"


ACCOUNTS = Check(
    "shared_accounts",
    "Resources with at least 100 steps that work round the clock, in several units at the same time, or 20 times as "
    "much as the median in at least 3 units.",
    "handovers, workload, contention, rework by the same or another person: one account is taken for one person",
    shared_accounts,
)
