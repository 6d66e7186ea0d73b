"""Gaps in the yearly sequence of registry numbers, and numbers given twice."""

from __future__ import annotations

import numpy as np

from procmine.checks.check import Check, Flaw, counted, graded, percent
from procmine.checks.context import Context
from procmine.checks.sequences import Sequences
from procmine.kernels import Ints

_SHOWN = 3


def number_gaps(context: Context) -> list[Flaw]:
    """Count the numbers missing from yearly sequences, between the least and the largest of each.

    Case labels that hold a number and a year, in the format that most labels have; a sequence is
    all cases with the same text before and the same year, and counts with at least 20 numbers that
    fill at least half of their range. The share is that of all numbers in the ranges. Numbers of
    annulled entries (``annulled=``) are not missing.
    """
    found = context.numbers_given
    if found is None:
        return []
    kept = found.dense()[found.group] & found.new()
    group, number, case = found.group[kept], found.number[kept], found.case[kept]
    after = np.flatnonzero((group[1:] == group[:-1]) & (number[1:] - number[:-1] > 1)) + 1
    if not len(after):
        return []
    lengths = number[after] - number[after - 1] - 1
    count = int(lengths.sum())
    share = count / (len(number) + count)
    sequences = len(np.unique(group[after]))
    return [
        Flaw(
            graded(share, medium=0.02),
            context.column("case"),
            count,
            share,
            f"{counted(count, 'number')} ({percent(share)}) missing in {counted(sequences, 'yearly sequence')} of "
            f"registry numbers: {_first_gaps(found, group, number, after)}.",
            "Ask whether these were annulled (name such a status with annulled=), belong to another procedure, "
            "or were left out of the export.",
            context.log.offsets[:-1][case[after][case[after] < context.log.n_cases][:5]],
        )
    ]


def _first_gaps(found: Sequences, group: Ints, number: Ints, after: Ints) -> str:
    told = []
    for place in after[:_SHOWN]:
        low, high = int(number[place - 1]) + 1, int(number[place]) - 1
        told.append(f"{low if low == high else f'{low} to {high}'} in {found.names[group[place]]}")
    more = len(after) - len(told)
    return ", ".join(told) + (f" and {counted(more, 'gap')} more" if more else "")


def number_duplicates(context: Context) -> list[Flaw]:
    """Count cases whose registry number another case has too, written otherwise (007/2025 and 7/2025)."""
    found = context.numbers
    if found is None:
        return []
    again = np.flatnonzero(~found.new())
    if not len(again):
        return []
    labels = [
        str(context.log.case_labels[int(found.case[place])]) for place in (again[0] - 1, again[0])
    ]
    share = len(again) / len(found.case)
    return [
        Flaw(
            graded(share, high=0.05, medium=0.0),
            context.column("case"),
            len(again),
            share,
            f"{counted(len(again), 'case')} ({percent(share)}) with the registry number and year of another case, "
            f"such as '{labels[0]}' and '{labels[1]}'.",
            "If they are one case, write the number in one way in the source before reading it.",
            context.log.offsets[:-1][found.case[again[:5]]],
        )
    ]


GAPS = Check(
    "number_gaps",
    "Numbers missing from the yearly sequence of a registry, where case labels hold a number and a year and at least "
    "half of the range is there.",
    "started, open, terms: cases may be missing from the export",
    number_gaps,
)
TWICE = Check(
    "number_duplicates",
    "Cases whose registry number and year another case has too, written in another way.",
    "started, cycle_time: one case is counted as two, each with a part of the steps",
    number_duplicates,
)
