"""Weekly hours on the days of a log, as instants: local hours in UTC, with changes of the clock respected."""

from __future__ import annotations

import numpy as np

from procmine.kernels import DAY, Bools, Ints, lexicographic_order, offsets_of
from procmine.kpi.waiting.hours.marks import QUARTER, weekday
from procmine.kpi.waiting.hours.spans import Spans
from procmine.zones import clock_changes


def on_days(hours: Bools, days: Ints, off: Bools, tz: str) -> Spans:
    """Return the hours of schedules (schedule, weekday, quarter) on days, where they are not off (schedule, day)."""
    schedule, on_weekday, first, until = intervals(hours)
    by_weekday = np.argsort(weekday(days), kind="stable")
    offsets = offsets_of(weekday(days), 7)
    count = np.diff(offsets)[on_weekday]
    row = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    place = by_weekday[offsets[on_weekday][row] + place]
    row, place = (side[~off[schedule[row], place]] for side in (row, place))
    midnight = days[place] * DAY
    begins, ends = midnight + first[row] * QUARTER, midnight + until[row] * QUARTER
    return _sorted(schedule[row], *instants(begins, ends, tz), len(hours))


def intervals(hours: Bools) -> tuple[Ints, Ints, Ints, Ints]:
    """Return stretches of quarters: their schedule, weekday, first quarter and the one after the last."""
    edges = np.diff(hours.astype(np.int8), axis=2, prepend=np.int8(0), append=np.int8(0))
    schedule, on_weekday, quarter = np.nonzero(edges)
    return schedule[::2], on_weekday[::2], quarter[::2], quarter[1::2]


def instants(begins: Ints, ends: Ints, tz: str) -> tuple[Ints, Ints, Ints]:
    """Return local stretches as instants: the position of the stretch, begin and end, cut at changes of the clock.

    So hours that a change skips are not worked, and those that occur twice are worked twice.
    """
    if not len(begins):
        return begins, begins, ends
    span = int(begins.min()) - 2 * DAY, int(ends.max()) + 2 * DAY
    changes, offsets = clock_changes(tz, *span)
    low = np.concatenate([[span[0]], changes])
    high = np.append(changes, span[1])
    first = np.searchsorted(high + offsets, begins, side="right")
    last = np.searchsorted(low + offsets, ends, side="left")
    count = np.maximum(last - first, 0)
    row = np.repeat(np.arange(len(begins)), count)
    clock = np.arange(len(row)) + np.repeat(first - (np.cumsum(count) - count), count)
    opens = np.maximum(begins[row] - offsets[clock], low[clock])
    closes = np.minimum(ends[row] - offsets[clock], high[clock])
    return row, opens, closes


def _sorted(group: Ints, row: Ints, opens: Ints, closes: Ints, groups: int) -> Spans:
    group = group[row]
    order = lexicographic_order([group, opens])
    if order is not None:
        group, opens, closes = group[order], opens[order], closes[order]
    return Spans.of(group, opens, closes, groups)
