"""Many cases written down at one instant: typed in a batch, or booked by a program."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procmine import kernels
from procmine.checks.check import Check, Flaw, graded, listed, percent
from procmine.checks.context import Context
from procmine.kernels import Bools, Ints

LEAST_CASES = 10
"""Nobody finishes the same work in ten dossiers within one second (or minute)."""
TIMES_USUAL = 10
"""Where the log is so full that ten cases a minute are usual, ten times the usual number counts."""
_OFFICE_SECONDS = 8 * 3_600
_MOST_BUCKETS = 1 << 22
_DAY_CASES, _DAY_TIMES = 50, 20
"""In a log of dates a day counts with 50 steps of one activity and 20 times its usual number a day."""


def batch_stamps(context: Context) -> list[Flaw]:
    """Count steps of instants at which many cases got the same activity.

    An instant is a second (a minute where times are to the minute) other than midnight sharp, and
    counts for an activity with at least 10 different cases, and 10 times the steps that the log has
    per such unit of an 8-hour day with steps. In a log of dates a day counts with at least 50 steps
    of the activity and 20 times the median of its days. *Form-based event capture* in Suriadi et
    al. (2017).
    """
    if not context.clocked:
        return _by_day(context)
    rows = _crowded(context)
    batches = Batches.among(context, rows) if len(rows) else None
    if batches is None or not len(batches.steps):
        return []
    count, steps = len(batches.steps), context.log.n_steps
    unit = "minute" if context.log.precision == "minute" else "second"
    return [
        _flaw(
            context,
            batches,
            f"at least {least_cases(context)} cases within one {unit}",
            count,
            steps,
        )
    ]


def least_cases(context: Context) -> int:
    """Return how many cases at one instant are a batch in this log."""
    width = 60 if context.log.precision == "minute" else 1
    usual = context.log.n_steps / (len(context.days) * _OFFICE_SECONDS / width)
    return max(LEAST_CASES, int(np.ceil(TIMES_USUAL * usual)))


@dataclass(frozen=True, eq=False)
class Batches:
    """The steps that stand in a batch, in the order of the log, how many batches, and their activities."""

    steps: Ints
    batches: int
    largest: int
    activities: list[str]

    @classmethod
    def among(cls, context: Context, rows: Ints) -> Batches:
        """Group the rows by activity and instant, and keep the groups with enough different cases."""
        width = 60 if context.log.precision == "minute" else 1
        codes, cases_of = context.log.activity.codes[rows], context.log.case_codes[rows]
        keys: list[npt.NDArray[np.integer]] = [codes, context.second[rows] // width, cases_of]
        order = kernels.lexicographic_order(keys)
        activity, instant, case = keys if order is None else (key[order] for key in keys)
        rows = rows if order is None else rows[order]
        new = np.ones(len(rows), dtype=np.bool_)
        new[1:] = (activity[1:] != activity[:-1]) | (instant[1:] != instant[:-1])
        starts = np.flatnonzero(new)
        different = new.copy()
        different[1:] |= case[1:] != case[:-1]
        cases = np.add.reduceat(different, starts, dtype=np.int64)
        full = cases >= least_cases(context)
        kept = np.repeat(full, np.diff(np.append(starts, len(rows))))
        hits = np.bincount(activity[kept], minlength=len(context.log.activity.labels))
        names = context.log.activity.names()
        most = [names[code] for code in np.argsort(-hits, kind="stable") if hits[code]]
        return cls(np.sort(rows[kept]), int(full.sum()), int(cases.max(initial=0)), most)


def _crowded(context: Context) -> Ints:
    """Return the steps of instants that may be crowded: few, found by counting in buckets without sorting."""
    width = 60 if context.log.precision == "minute" else 1
    instant = context.second if width == 1 else context.second // width
    buckets = min(1 << max(int(context.log.n_steps).bit_length(), 10), _MOST_BUCKETS)
    place = instant & (buckets - 1)
    count = np.bincount(place, minlength=buckets)
    crowded = count >= least_cases(context)
    if not crowded.any():
        return np.zeros(0, dtype=np.int64)
    hit: Bools = crowded[place] & ~context.midnight
    return np.flatnonzero(hit)


def _flaw(context: Context, batches: Batches, what: str, count: int, steps: int) -> Flaw:
    of = "cases" if context.clocked else "steps"
    names, word = batches.activities, "batch" if batches.batches == 1 else "batches"
    return Flaw(
        graded(count / steps, medium=0.05),
        names[0] if len(names) == 1 else context.column("activity"),
        count,
        count / steps,
        f"{count:,} steps ({percent(count / steps)}) were written down in {batches.batches:,} {word} of {what}, the "
        f"largest of {batches.largest:,} {of}; activities: {listed(names)}.",
        "Ask whether these were typed or booked together after the work: then their times are not those of the work.",
        batches.steps[:5],
    )


def _by_day(context: Context) -> list[Flaw]:
    table = context.by_day
    usual = np.array([np.median(row[row > 0]) if row.any() else 0 for row in table])
    full = (table >= _DAY_CASES) & (table >= _DAY_TIMES * usual[:, None])
    if not full.any():
        return []
    names = context.log.activity.names()
    activities = [names[code] for code in np.flatnonzero(full.any(axis=1))]
    code, place = np.nonzero(full)
    key = context.log.activity.codes * np.int64(len(context.days))
    key += np.searchsorted(context.days - context.first_day, context.day)
    hit = np.isin(key, code * len(context.days) + place)
    batches = Batches(np.flatnonzero(hit), len(code), int(table[full].max()), activities)
    what = f"at least {_DAY_CASES} steps of one activity on one day, {_DAY_TIMES} times as many as usual"
    return [_flaw(context, batches, what, int(table[full].sum()), context.log.n_steps)]


BATCHES = Check(
    "batch_stamps",
    "Steps of one activity written down for at least 10 cases (and 10 times the usual number) at the same second, or "
    "minute in logs of minutes.",
    "processing_time, waiting_time, cycle_time: end when the batch was typed, not when the work was done",
    batch_stamps,
)
