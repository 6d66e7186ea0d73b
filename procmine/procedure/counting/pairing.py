"""Pairing: which event ends a pause that another one began."""

from __future__ import annotations

import numpy as np

from procmine.errors import ProcmineError
from procmine.kernels import Bools, Ints
from procmine.procedure.counting.occurrences import Occurrences, in_order
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.term import Pause

OPEN = 10_000_000
"""The end of a pause that has none yet: a day beyond every calendar."""


def paired(seen: SeenLog, pause: Pause) -> tuple[Occurrences, Ints]:
    """Return where pauses begin, and the days on which their ``until`` event came, OPEN where it did not.

    While none is open a ``from`` event opens one; while one is open an ``until`` event closes it. One
    with a window is over when that has passed.
    """
    begins, ends = seen.any_of(pause.from_), seen.any_of(pause.until)
    both = [
        np.concatenate([getattr(begins, name), getattr(ends, name)])
        for name in ("case", "day", "order", "row")
    ]
    closes = np.repeat([False, True], [len(begins), len(ends)])
    by = _merged(both[0], both[1], both[2], closes)
    events, closes = Occurrences(*(column[by] for column in both)), closes[by]
    _refuse_both(pause, events, closes)
    if pause.window_days is not None:
        return _in_windows(events, closes, pause.window_days)
    return _in_turn(events, closes)


def _in_turn(events: Occurrences, closes: Bools) -> tuple[Occurrences, Ints]:
    """Pair events without a window: of a run of equal events the first counts, and no case begins with an end."""
    case = events.case
    first = np.ones(len(case), dtype=np.bool_)
    first[1:] = case[1:] != case[:-1]
    kept = first & ~closes
    kept[1:] |= ~first[1:] & (closes[1:] != closes[:-1])
    events, closes = events.where(kept), closes[kept]
    ended = np.zeros(len(events), dtype=np.bool_)
    ended[:-1] = closes[1:] & (events.case[1:] == events.case[:-1])
    following = np.append(events.day[1:], OPEN)[: len(events)]
    return events.where(~closes), np.where(ended, following, OPEN)[~closes]


def _in_windows(events: Occurrences, closes: Bools, window: int) -> tuple[Occurrences, Ints]:
    """Pair events with a window, in rounds: the first pause of every case, then the second, and so on."""
    n = len(events)
    place = np.arange(n)
    next_begin = _next(np.where(closes, n, place))
    next_end = _next(np.where(closes, place, n))
    case, day = np.append(events.case, -1), np.append(events.day, OPEN)
    key = events.case * (4 * OPEN) + events.day
    at = np.flatnonzero(np.concatenate([[True], events.case[1:] != events.case[:-1]])[:n])
    found, ends = [], []
    while len(at):
        begun = next_begin[at]
        begun = begun[(begun < n) & (case[begun] == case[at])]
        end = next_end[np.minimum(begun + 1, n)]
        answered = (case[end] == case[begun]) & (day[end] <= day[begun] + window)
        found.append(begun)
        ends.append(np.where(answered, day[end], OPEN))
        after = np.searchsorted(key, key[begun] + window, side="right")
        at = np.where(answered, end + 1, after)
        at = at[(at < n) & (case[np.minimum(at, n)] == case[begun])]
    rows = np.concatenate([*found, np.zeros(0, dtype=np.int64)])
    days = np.concatenate([*ends, np.zeros(0, dtype=np.int64)])
    by = np.argsort(rows)
    return events.where(rows[by]), days[by]


def _next(places: Ints) -> Ints:
    """Return the nearest place at or after each place, and one beyond the last."""
    beyond = np.append(places, len(places))
    return np.minimum.accumulate(beyond[::-1])[::-1]


def _merged(case: Ints, day: Ints, order: Ints, closes: Bools) -> Ints:
    """Return the order of two sorted lists as one: by steps where that is the order of days too, as it mostly is."""
    by = np.argsort(order * 2 + closes, kind="stable")
    return by if in_order(case[by], day[by], order[by]) else np.lexsort((closes, order, day, case))


def _refuse_both(pause: Pause, events: Occurrences, closes: Bools) -> None:
    same = (events.row[1:] == events.row[:-1]) & (events.row[1:] >= 0)
    both = same & (closes[1:] != closes[:-1])
    if both.any():
        raise ProcmineError(
            f"{int(both.sum()):,} steps both begin and end the pause {pause.id!r}\n"
            f"in events: of the procedure, give {', '.join(pause.from_)} and {', '.join(pause.until)} "
            "different activities"
        )
