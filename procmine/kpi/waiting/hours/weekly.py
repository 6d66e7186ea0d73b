"""Weekly calendars from marks: what everybody does, changed for a unit or a resource where its own marks say so."""

from __future__ import annotations

import numpy as np

from procmine.kernels import Bools, Codes, Floats, Ints, run_starts
from procmine.kpi.waiting.hours.marks import QUARTERS, Marks
from procmine.kpi.waiting.hours.near import lower_mean

SUPPORT = 10
"""A quarter is worked in if it is marked on a tenth of the days."""
CONFIDENCE = 7
"""So many tenths of the marks of a weekday must lie in the quarters worked in."""
OWN_MARKS = 3
"""Fewer marks than this do not add hours to those of the unit or of everybody."""
UNLIKELY = 7.0
"""Hours without marks are taken away if chance would leave them so empty once in e⁷ (about 1,000) times."""
HOUR = 4
"""The quarters before and after a break with which it is compared."""
_BLOCK = 512


def weekly_hours(marks: Marks, unit_of_resource: Codes) -> Bools:
    """Return in which quarters everybody works: an array of (who, weekday, quarter)."""
    whos = marks.whos
    hours = np.zeros((len(whos), 7, QUARTERS), dtype=np.bool_)
    parent = np.full(len(whos), whos.everybody)
    own_unit = unit_of_resource >= 0
    parent[: whos.resources][own_unit] = whos.resources + unit_of_resource[own_unit]
    hours[whos.everybody] = _everybody(marks)
    for low, high in ((whos.resources, whos.everybody), (0, whos.resources)):
        for first in range(low, high, _BLOCK):
            block = slice(first, min(first + _BLOCK, high))
            hours[block] = _changed(marks, block, hours[parent[block]])
    return hours


def _everybody(marks: Marks) -> Bools:
    """Return the hours of everybody: from the first to the last quarter worked in, less breaks."""
    everybody = slice(marks.whos.everybody, len(marks.whos))
    works = _supported_days(marks, everybody, 1)
    nothing = np.zeros((1, 7, QUARTERS), dtype=np.bool_)
    return np.asarray(_hours(marks, everybody, works, nothing, 1)[0])


def _changed(marks: Marks, block: slice, usual: Bools) -> Bools:
    """Return the usual hours of some whos, with what their own marks add and take away."""
    works = _supported_days(marks, block, OWN_MARKS)
    days, all_days = marks.days[block], _days_between(marks, block)
    rate = _mean(days / np.maximum(all_days, 1), works)
    expected = rate[:, None] * all_days
    kept = usual.any(axis=2) & (_unlikeliness(expected, days) < UNLIKELY)
    return _hours(marks, block, works | kept, usual, OWN_MARKS)


def _supported_days(marks: Marks, block: slice, least: int) -> Bools:
    """Tell on which weekdays there are marks on a tenth as many of the days as on the busiest weekday."""
    days, all_days = marks.days[block], _days_between(marks, block)
    busiest = (days / np.maximum(all_days, 1)).argmax(axis=1)[:, None]
    most, of = (np.take_along_axis(part, busiest, axis=1) for part in (days, all_days))
    return np.asarray((days >= least) & (SUPPORT * days * of >= most * all_days))


def _days_between(marks: Marks, block: slice) -> Ints:
    """Return how many days of each weekday lie between the first and the last mark: (who, weekday)."""
    first, last = (side[block, None] for side in marks.span)
    upto = (np.arange(7) - 3) % 7
    return (last - upto) // 7 - (first - 1 - upto) // 7


def _hours(marks: Marks, block: slice, works: Bools, usual: Bools, least: int) -> Bools:
    """Return the quarters worked in on the weekdays worked on, given the usual ones: (who, weekday, quarter)."""
    counts = marks.quarters(block.start, block.stop)
    supported = _supported(counts, marks.days[block])
    base = np.where(usual.any(axis=2, keepdims=True), usual, _hull(supported))
    base[~base.any(axis=2)] = True  # a log to the day tells no hours: whole days
    some = np.maximum(marks.stretches[block], 1)
    length = np.maximum(counts.sum(axis=(1, 2)) / some, 1)
    own = supported & (counts >= least)
    hours = (base & ~_too_empty(counts, base, own, length)) | own
    return np.asarray(hours & works[:, :, None])


def _supported(counts: Codes, days: Ints) -> Bools:
    """Tell which quarters are marked on a tenth of the days, halved until they hold most marks."""
    part = np.full(days.shape, SUPPORT)
    total = counts.sum(axis=2)
    while True:
        supported = (counts > 0) & (counts * part[:, :, None] >= days[:, :, None])
        few = (counts * supported).sum(axis=2) * 10 < total * CONFIDENCE
        if not few.any():
            return np.asarray(supported)
        part[few] *= 2


def _hull(chosen: Bools) -> Bools:
    """Return all quarters from the first to the last one chosen."""
    begun = np.logical_or.accumulate(chosen, axis=2)
    going = np.logical_or.accumulate(chosen[:, :, ::-1], axis=2)[:, :, ::-1]
    return np.asarray(begun & going)


def _too_empty(counts: Codes, base: Bools, own: Bools, length: Floats) -> Bools:
    """Tell which quarters of the base, in a row and not supported, have too few marks for chance alone.

    Expected are as many a quarter as in all hours, in the hour before or in the hour after, whichever
    is least. The marks of one stretch are not independent: the unlikeliness is divided by its length.
    """
    worked = base | own
    offsets = np.concatenate([[0], np.cumsum(worked.sum(axis=2).ravel())])
    day = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    marked, empty = counts[worked], ~own[worked]
    starts = run_starts(day * 2 + empty)
    lasting, day = np.diff(starts, append=len(day)), day[starts]
    near = lower_mean(marked, starts, starts + lasting, HOUR, offsets[day], offsets[day + 1])
    usual = np.fmin(near, _mean(counts, worked).ravel()[day])
    seen = np.add.reduceat(marked, starts) if len(starts) else starts
    unlikeliness = _unlikeliness(usual * lasting, seen) / np.repeat(length, 7)[day]
    result = np.zeros_like(worked)
    result[worked] = empty & np.repeat(unlikeliness >= UNLIKELY, lasting)
    return result


def _unlikeliness(expected: Floats, seen: Floats | Ints) -> Floats:
    """Return how unlikely it is to see so few where more are expected: e⁻ᵘ bounds the chance (Chernoff, Poisson).

    u = expected - seen + seen · ln(seen / expected), 0 where no fewer are seen than expected.
    """
    few = seen < expected
    share = np.where(few & (seen > 0), seen / np.where(expected > 0, expected, 1), 1)
    return np.where(few, expected - seen + seen * np.log(share), 0.0)


def _mean(values: Floats | Codes, chosen: Bools) -> Floats:
    """Return the mean of the chosen values along the last axis, 0 where none is chosen."""
    count = chosen.sum(axis=-1)
    return np.asarray((values * chosen).sum(axis=-1) / np.maximum(count, 1), dtype=np.float64)
