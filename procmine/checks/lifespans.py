"""Activities that come into use or go out of it while the log goes on; renamed ones are paired."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from procmine import kernels
from procmine.checks.check import Check, Flaw, percent
from procmine.checks.context import Context
from procmine.kernels import DAY, Floats, Ints
from procmine.zones import to_utc

EXPECTED = 14.0
"""A Poisson count with this mean is 0 with a chance below one in a million (e^-13.8)."""
LEAST_STEPS = 30
"""Rarer activities come and go."""
LEAST_DAYS = 30
"""A month of the log without the activity."""
PAIR_DAYS = 31
"""A new name comes into use within a month of the last day of the old one."""
PAIR_RATIO = 2.0
"""The new name is as usual as the old one, within a factor of two."""
TOGETHER = 0.05
"""Hardly any case has an activity under both names: those under way on the day of the change."""
SAME_NEIGHBOURS = 0.5
"""At least half of the steps before (or after) are the same for both names."""
REACHED = 0.95
"""Cases had time to reach an activity when 19 of 20 of those that have it took no longer."""


@dataclass(frozen=True)
class Life:
    """An activity that is used from one local day to another, in so many steps.

    ``usual`` is the share of the cases begun in its time that have it, ``place`` its mean position in them.
    """

    code: int
    first: int
    last: int
    steps: int
    ends: bool
    usual: float = 0.0
    place: float = 0.0


def lifespans(context: Context) -> list[Flaw]:
    """Tell of activities with at least 30 steps that are never seen before or after a date.

    At least 30 days of the log lie before (after) it; by its share of the steps in its own time at
    least 14 steps, and by its share of the cases begun in its own time at least 14 of the cases
    begun before (after), should have had it: chance leaves all out with less than 1 in a million.
    Only cases count that had time to reach it by then: as long as 95 % of the cases with it took.
    An activity that ends and one that begins within 31 days of that, about as usual (by a factor of
    2), in about the same place of the cases, hardly ever together in one (5 %) and with the same
    activities directly before or after (half of them), are one finding: renamed? *Synonymous labels* in
    Suriadi et al. (2017); concept drift in Bose et al. (2014).
    """
    lives = _lives(context)
    pairs = _pairs(context, lives)
    paired = {life for pair in pairs for life in pair}
    return [
        *(_renamed(context, old, new) for old, new in pairs),
        *(_alone(context, life) for life in lives if life not in paired),
    ]


def _lives(context: Context) -> list[Life]:
    table, days = context.by_day > 0, context.days
    first = days[table.argmax(axis=1)]
    last = days[len(days) - 1 - table[:, ::-1].argmax(axis=1)]
    cumulated = np.concatenate([[0], np.cumsum(context.per_day)])
    low, high = np.searchsorted(days, first), np.searchsorted(days, last) + 1
    during = cumulated[high] - cumulated[low]
    rate = context.per_activity / np.maximum(during, 1)
    enough = context.per_activity >= LEAST_STEPS
    before, after = rate * cumulated[low], rate * (cumulated[-1] - cumulated[high])
    begins = enough & (before >= EXPECTED) & (first - days[0] >= LEAST_DAYS)
    ends = enough & (after >= EXPECTED) & (days[-1] - last >= LEAST_DAYS)
    lives = []
    for mask, is_end in ((begins, False), (ends, True)):
        for code in np.flatnonzero(mask):
            life = Life(
                int(code),
                int(first[code]),
                int(last[code]),
                int(context.per_activity[code]),
                is_end,
            )
            life, expected = _by_cases(context, life)
            if expected >= EXPECTED:
                lives.append(life)
    return lives


def _by_cases(context: Context, life: Life) -> tuple[Life, float]:
    """Return the life with its share of cases and its place in them, and how many cases outside should have it."""
    log = context.log
    begun = log.first[log.offsets[:-1]]
    low, high = to_utc(np.array([life.first, life.last + 1]) * DAY, log.tz)[0]
    rows = np.flatnonzero(log.activity.codes == life.code)
    first_row = rows[kernels.run_starts(log.case_codes[rows])]
    case = log.case_codes[first_row]
    reach = int(np.quantile(log.first[first_row] - begun[case], REACHED, method="higher"))
    outside = _begun_outside(context, begun, life, int(low) - reach, int(high), reach)
    usual = float(((begun[case] >= low) & (begun[case] < high)).sum()) / max(
        int(((begun >= low) & (begun < high)).sum()), 1
    )
    place = float(np.mean(first_row - log.offsets[:-1][case]))
    return replace(life, usual=usual, place=place), usual * outside


def _begun_outside(
    context: Context, begun: Ints, life: Life, before: int, after: int, reach: int
) -> int:
    """Count the cases begun so early (late) that the activity should have come before (after) its time."""
    if life.ends:
        return int(((begun >= after) & (begun <= int(context.stamp.max()) - reach)).sum())
    return int((begun < before).sum())


def _pairs(context: Context, lives: list[Life]) -> list[tuple[Life, Life]]:
    """Pair each activity that ends with the one that begins nearest to it and is about as usual."""
    pairs = []
    free = [life for life in lives if not life.ends]
    for old in (life for life in lives if life.ends):
        fits = [new for new in free if _fits(old, new) and _replaces(context, old, new)]
        if fits:
            new = min(fits, key=lambda life: (abs(life.first - old.last), life.code))
            pairs.append((old, new))
            free.remove(new)
    return pairs


def _fits(old: Life, new: Life) -> bool:
    alike = old.usual <= PAIR_RATIO * new.usual and new.usual <= PAIR_RATIO * old.usual
    near = abs(old.place - new.place) <= max(2.0, 0.25 * old.place)
    return old.code != new.code and abs(new.first - old.last) <= PAIR_DAYS and alike and near


def _replaces(context: Context, old: Life, new: Life) -> bool:
    """Tell whether few cases have both, and the same activities come before them, or after them."""
    codes, case = context.log.activity.codes, context.log.case_codes
    rows = [np.flatnonzero(codes == life.code) for life in (old, new)]
    before, after = (np.unique(case[found]) for found in rows)
    if np.isin(before, after).sum() > TOGETHER * min(len(before), len(after)):
        return False
    return any(
        np.minimum(*(_neighbours(context, found, step) for found in rows)).sum() >= SAME_NEIGHBOURS
        for step in (-1, 1)
    )


def _neighbours(context: Context, rows: Ints, step: int) -> Floats:
    """Return the shares of the activities directly before (after) some steps, none among them."""
    codes, case = context.log.activity.codes, context.log.case_codes
    beside = np.clip(rows + step, 0, len(codes) - 1)
    there = (case[beside] == case[rows]) & (beside != rows)
    found = np.where(there, codes[beside], -1) + 1
    return np.bincount(found, minlength=len(context.per_activity) + 1) / len(rows)


def _renamed(context: Context, old: Life, new: Life) -> Flaw:
    names = context.log.activity.names()
    a, b = names[old.code], names[new.code]
    count = old.steps + new.steps
    return Flaw(
        "medium",
        a,
        count,
        count / context.log.n_steps,
        f"Renamed? '{a}' is seen until {_written(old.last)}, '{b}' from {_written(new.first)}, in about as many cases "
        f"({percent(old.usual)} and {percent(new.usual)}).",
        "If they are one activity, give both the same name in the source before reading it.",
        [_some_step(context, old, end=True), _some_step(context, new, end=False)],
    )


def _alone(context: Context, life: Life) -> Flaw:
    name = context.log.activity.names()[life.code]
    when = f"after {_written(life.last)}" if life.ends else f"before {_written(life.first)}"
    return Flaw(
        "low",
        name,
        life.steps,
        life.steps / context.log.n_steps,
        f"'{name}' is never seen {when}, though {percent(life.usual)} of the cases of its time have it "
        f"({life.steps:,} steps).",
        "Ask what changed then, and compare cases of one time only: log.filter(period=...).",
        [_some_step(context, life, end=life.ends)],
    )


def _some_step(context: Context, life: Life, *, end: bool) -> int:
    """Return the first step of the activity on the last (first) day on which it is seen."""
    rows: Ints = np.flatnonzero(context.log.activity.codes == life.code)
    return int(rows[context.day[rows] == (life.last if end else life.first) - context.first_day][0])


def _written(day: int) -> str:
    return str(np.datetime64(day, "D"))


LIFESPANS = Check(
    "activity_lifespans",
    "Activities with at least 30 steps that are never seen before or after a date at least 30 days inside the log, "
    "though at least 14 steps and cases should have had them; one that ends as another begins may be renamed.",
    "process_map, variants, trends: two processes in one picture; an activity under two names counts as two",
    lifespans,
)
