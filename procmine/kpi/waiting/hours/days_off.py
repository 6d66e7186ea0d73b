"""Days without a mark that the hours of the week do not explain: holidays of everybody, leave of one."""

from __future__ import annotations

from math import log

import numpy as np

from procmine.kernels import Bools, Floats, Ints, offsets_of, run_starts
from procmine.kpi.waiting.hours.marks import Marks, weekday
from procmine.kpi.waiting.hours.near import lower_mean

UNBROKEN = 366
"""After so many days without a mark nothing is said of the days between: one of the dates may be a slip."""
NEAR = 4
"""A holiday is held against so many days of its weekday before and after."""
HOLIDAY = 7.0
"""Steps expected on a day that is called a holiday: none comes by chance once in e⁷ (about 1,000) times."""
AROUND = 20
"""How often somebody is seen is taken from so many days of work before and after."""
LEAVE = 0.001
"""The chance of as many days in a row without a mark from which they are called leave."""
LONGEST_LEAVE = 40
"""More days of work in a row without a mark are other work, not leave."""
OWN_DAYS = 10
"""Leave is looked for where there are marks on so many days."""
_CELLS = 1 << 22


def days_of_log(marks: Marks) -> Ints:
    """Return the days from the first to the last with a mark, but none of a long time without any."""
    marked = np.unique(marks.day)
    if not len(marked):
        return marked
    breaks = np.flatnonzero(np.diff(marked) > UNBROKEN)
    first = marked[np.concatenate([[0], breaks + 1])]
    last = marked[np.append(breaks, len(marked) - 1)]
    return np.concatenate([np.arange(a, b + 1) for a, b in zip(first, last, strict=True)])


def holidays(marks: Marks, hours: Bools, days: Ints) -> Bools:
    """Tell which days of the log are holidays, given the hours of everybody: (weekday, quarter)."""
    rows = marks.of_who(marks.whos.everybody)
    steps = np.zeros(len(days), dtype=np.int64)
    steps[np.searchsorted(days, marks.day[rows])] = marks.steps[rows]
    found = np.zeros(len(days), dtype=np.bool_)
    for number in np.flatnonzero(hours.any(axis=1)):
        alike = np.flatnonzero(weekday(days) == number)
        found[alike] = (steps[alike] == 0) & (_usual_steps(steps[alike]) >= HOLIDAY)
    return found


def _usual_steps(steps: Ints) -> Floats:
    """Return the mean of the values before and that of the values after each, whichever is less."""
    at = np.arange(len(steps))
    whole = np.zeros(len(steps), dtype=np.int64)
    return lower_mean(steps, at, at + 1, NEAR, whole, whole + len(steps))


def leave(marks: Marks, hours: Bools, days: Ints, off: Bools) -> Bools:
    """Tell on which days of the log each who was on leave: an array of (who, day); everybody never is."""
    absent = np.zeros((len(marks.whos), len(days)), dtype=np.bool_)
    often = np.flatnonzero(marks.days.sum(axis=1)[:-1] >= OWN_DAYS)
    size = max(_CELLS // max(len(days), 1), 1)
    for low in range(0, len(often), size):
        whos = often[low : low + size]
        absent[whos] = _leave(marks, whos, np.asarray(hours[whos].any(axis=2)), days, off)
    return absent


def _leave(marks: Marks, whos: Ints, works: Bools, days: Ints, off: Bools) -> Bools:
    marked = np.zeros((len(whos), len(days)), dtype=np.bool_)
    low, high = np.searchsorted(marks.who, [whos[0], whos[-1] + 1])
    place = np.searchsorted(whos, marks.who[low:high])
    mine = whos[place] == marks.who[low:high]
    marked[place[mine], np.searchsorted(days, marks.day[low:high][mine])] = True
    first, last = (side[whos, None] for side in marks.span)
    at_work = works[:, weekday(days)] & ~off & (days >= first) & (days <= last)
    who, day = np.nonzero(at_work)
    long = _unlikely_runs(who, marked[who, day], len(whos))
    absent = np.zeros_like(marked)
    absent[who[long], day[long]] = True
    return absent


def _unlikely_runs(who: Ints, seen: Bools, whos: int) -> Bools:
    """Tell which days stand in a row of days without a mark, too long for the days before and after it."""
    starts = run_starts(who * 2 + seen)
    ends = np.append(starts[1:], len(who))[: len(starts)]
    bounds = offsets_of(who, whos)
    owner = who[starts]
    low, high = bounds[owner], bounds[owner + 1]
    share = lower_mean(seen.astype(np.int64), starts, ends, AROUND, low, high)
    usual = np.bincount(who, weights=seen, minlength=whos) / np.maximum(np.diff(bounds), 1)
    share = np.fmin(share, usual[owner])
    days = ends - starts
    chance = days * np.log1p(-np.clip(share, 0, 1 - 1e-12))
    return np.repeat((chance < log(LEAVE)) & (days <= LONGEST_LEAVE) & ~seen[starts], days)
