"""Times that are less precise than they look: dates without a clock time, and steps that tie."""

from __future__ import annotations

import numpy as np

from procmine.checks.check import Check, Flaw, first_steps, graded, listed, percent
from procmine.checks.context import Context

_LEAST_STEPS = 20
"""Fewer steps of an activity at one second of the day may be chance."""
_SHARE = 0.05
"""By chance one step in 86,400 (in 1,440 where times are to the minute) falls on midnight: one in 20 does not."""
_NEARLY_ALL = 0.9
_PEAK = 0.1
"""A tenth of all steps in one second of the day is a default, not work."""
_HOUR = 3_600


def date_only(context: Context) -> list[Flaw]:
    """Count steps whose time is a date: written so, or at midnight sharp far more often than by chance.

    In a log with clock times an activity counts with its steps in the first second of a local day
    when these are at least 20 and 5 % of its steps. A tenth of all steps at one other full hour is
    told too: dates that were shifted by a time zone. *Form-based event capture* and *unanchored
    event* in Suriadi et al. (2017); *imprecise timestamps* in Bose et al. (2013).
    """
    if not context.clocked:
        return [_all_dates(context)]
    return [*_at_midnight(context), *_at_another_hour(context)]


def _all_dates(context: Context) -> Flaw:
    steps = context.log.n_steps
    return Flaw(
        "low",
        context.time_column,
        steps,
        1.0,
        f"All {steps:,} times are dates without a time of day: durations are whole days and the order "
        "within a day is not known.",
        "If the export can give clock times, ask for them; else declare the order within a day with order= in pm.read.",
    )


def _at_midnight(context: Context) -> list[Flaw]:
    if context.clock[0] < _LEAST_STEPS:
        return []
    size = len(context.log.activity.labels)
    hits = np.bincount(context.log.activity.codes[context.midnight], minlength=size)
    share = hits / np.maximum(context.per_activity, 1)
    chosen = (hits >= _LEAST_STEPS) & (share >= _SHARE)
    if not chosen.any():
        return []
    count, steps = int(hits[chosen].sum()), context.log.n_steps
    order = np.argsort(-hits, kind="stable")
    names = context.log.activity.names()
    most = [names[code] for code in order if chosen[code]]
    whole = int((chosen & (share >= _NEARLY_ALL)).sum())
    mask = context.midnight & chosen[context.log.activity.codes]
    return [
        Flaw(
            graded(count / steps, medium=0.1),
            context.time_column if len(most) > 1 else most[0],
            count,
            count / steps,
            f"{count:,} of {steps:,} steps ({percent(count / steps)}) are at midnight sharp: dates without a clock "
            f"time in {len(most):,} activities, first {listed(most)}; {whole:,} of them have hardly any clock times.",
            "Measure these activities in whole days; order= in pm.read says how steps of one day follow each other.",
            first_steps(mask),
        )
    ]


def _at_another_hour(context: Context) -> list[Flaw]:
    hours = context.clock[::_HOUR].copy()
    hours[0] = 0
    peak = int(hours.argmax())
    count, steps = int(hours[peak]), context.log.n_steps
    if count < max(_LEAST_STEPS, _PEAK * steps):
        return []
    mask = context.second_of_day == peak * _HOUR
    return [
        Flaw(
            "medium",
            context.time_column,
            count,
            count / steps,
            f"{count:,} of {steps:,} steps ({percent(count / steps)}) are at {peak:02d}:00:00 sharp: a default time, "
            "or dates that a time zone has shifted.",
            "Check the zone: name that of the office with tz= in pm.read.",
            first_steps(mask),
        )
    ]


def tied_steps(context: Context) -> list[Flaw]:
    """Count steps with the same times as the one before them in their case, from 1 % of the steps on.

    Their order is that of the source, or of order=, not of time.
    """
    count, steps = int(np.count_nonzero(context.tied)), context.log.n_steps
    if count < _LEAST_STEPS or count < 0.01 * steps:
        return []
    return [
        Flaw(
            graded(count / steps, medium=0.2),
            context.time_column,
            count,
            count / steps,
            f"{count:,} of {steps:,} steps ({percent(count / steps)}) have the same time as the one before them "
            "in their case: which came first is not known.",
            "They stand in the order of the milestones; name another with milestones=."
            if context.log.binding.milestones
            else "Declare the usual order of activities within one time with order= in pm.read.",
            first_steps(context.tied) + 1,
        )
    ]


DATE_ONLY = Check(
    "date_only",
    "Steps whose time is a date without a clock time: the whole log, or activities with at least 20 steps and 5 % of "
    "them at midnight sharp; or a tenth of all steps at one full hour.",
    "times between steps, processing_time: whole days, within a day 0; off-hours and batches: not computable for them",
    date_only,
)
TIES = Check(
    "tied_steps",
    "Steps with the same times as the one before them in their case, from 1 % of all steps on.",
    "process_map, variants: the order of these steps is that of the file; times between them are 0",
    tied_steps,
)
