"""Columns that determine each other nearly always: the few exceptions are probably mistakes."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from procmine.checks.check import Check, Flaw, counted, listed, percent
from procmine.checks.columns import TextColumn
from procmine.checks.context import Context
from procmine.kernels import Ints, run_starts

NEARLY = 0.99
"""Exceptions are one in a hundred at most; more of them are a way of working."""
SUPPORT = 50
"""A value must occur so often to determine another one."""
GAIN = 0.9
"""Knowing the one takes away nine in ten of the errors in guessing the other (lambda, Goodman and Kruskal 1954)."""
MOST_COLUMNS, MOST_CELLS = 10, 1 << 20
"""Bounds of what is compared: pairs of columns with at most a million combinations."""
_LEAST_CASES = 50


def broken_dependencies(context: Context) -> list[Flaw]:
    """Count rows that break a rule which a column otherwise keeps: A determines B.

    Of activity, unit and text attributes of steps, and of text attributes of cases. A determines B
    nearly always where, for the values of A with at least 50 rows, the most frequent B of each
    makes up 99 % of the rows but not all, and this takes away 90 % of the errors in guessing B.
    Rows with another B are exceptions. Of two columns that determine each other the one with more
    values is A. Approximate functional dependencies: Kivinen and Mannila (1995); *incorrect values*
    in Bose et al. (2013).
    """
    log = context.log
    steps = [TextColumn(context.column("activity"), log.activity.names(), log.activity.codes)]
    if log.unit is not None:
        steps.append(TextColumn(context.column("unit"), log.unit.names(), log.unit.codes))
    steps += context.step_columns
    return [
        *_all_pairs(steps[:MOST_COLUMNS], None, "step"),
        *_all_pairs(context.case_columns[:MOST_COLUMNS], log.offsets[:-1], "case"),
    ]


def _all_pairs(columns: list[TextColumn], steps: Ints | None, of: str) -> list[Flaw]:
    """Compare the columns two by two; ``steps`` are those of their rows, None where a row is a step."""
    flaws: list[Flaw] = []
    for one, other in combinations(columns, 2):
        if (len(one.labels) + 1) * (len(other.labels) + 1) > MOST_CELLS:
            continue
        table = _crossed(one, other)
        ways = [(one, other, table), (other, one, table.T)]
        ways.sort(key=lambda way: -len(way[0].labels))
        flaw = next(filter(None, (_broken(*way, steps, of) for way in ways)), None)
        flaws += [flaw] if flaw and not _told(flaw, flaws) else []
    return flaws


def _told(flaw: Flaw, others: list[Flaw]) -> bool:
    """Tell whether the same rows are exceptions already, to a rule of other columns."""
    rows = (flaw.count, list(flaw.steps))
    return any(rows == (other.count, list(other.steps)) for other in others)


def _crossed(one: TextColumn, other: TextColumn) -> Ints:
    """Count the rows by the values of two columns, those that have both."""
    width = len(other.labels) + 1
    place = (one.codes + 1) * np.int32(width)
    place += other.codes
    place += 1
    cells = np.bincount(place, minlength=(len(one.labels) + 1) * width)
    return np.asarray(cells.reshape(-1, width)[1:, 1:], dtype=np.int64)


def _broken(
    one: TextColumn, other: TextColumn, table: Ints, steps: Ints | None, of: str
) -> Flaw | None:
    kept = table.sum(axis=1) >= SUPPORT
    among = table[kept]
    total = int(among.sum())
    if not total:
        return None
    right = int(among.max(axis=1).sum())
    guessed = int(among.sum(axis=0).max())
    if right == total or right < NEARLY * total or right - guessed < GAIN * (total - guessed):
        return None
    usual = np.where(kept, table.argmax(axis=1), -1)
    wrong = np.append(usual, -1)[one.codes] != other.codes
    wrong &= np.append(kept, False)[one.codes] & (other.codes >= 0)
    worst = np.argsort(-np.where(kept, table.sum(axis=1) - table.max(axis=1), 0), kind="stable")
    mixed = kept & (table.sum(axis=1) > table.max(axis=1, initial=0))
    told = [one.labels[code] for code in worst if mixed[code]]
    count, rows = total - right, np.flatnonzero(wrong)[:5]
    return Flaw(
        "low",
        other.name,
        count,
        count / total,
        f"'{one.name}' nearly always tells '{other.name}', but not in {counted(count, of)} of {total:,} "
        f"({percent(count / total)}); exceptions under {listed(told)}.",
        f"Look at the example rows: was '{one.name}' or '{other.name}' entered wrong, or is the exception real?",
        rows if steps is None else steps[rows],
        f"results by '{other.name}' or '{one.name}': some rows are in the wrong group",
    )


def changing_case_attributes(context: Context) -> list[Flaw]:
    """Count cases in which an attribute changes that hardly ever changes within a case.

    Text attributes of steps with at least 50 cases that have it twice or more, constant in 99 % of
    them but not in all: such an attribute belongs to the case.
    """
    flaws = []
    for column in context.step_columns:
        flaw = _changing(context, column)
        flaws += [flaw] if flaw else []
    return flaws


def _changing(context: Context, column: TextColumn) -> Flaw | None:
    case, value, rows = context.log.case_codes, column.codes, None
    if value.min() < 0:
        rows = np.flatnonzero(value >= 0)
        case, value = case[rows], value[rows]
    same_case = case[1:] == case[:-1]
    changed = np.flatnonzero(same_case & (value[1:] != value[:-1])) + 1
    count = len(run_starts(case[changed]))
    cases = len(run_starts(case[1:][same_case])) if count else 0
    if not count or cases < _LEAST_CASES or count > (1 - NEARLY) * cases:
        return None
    return Flaw(
        "low",
        column.name,
        count,
        count / cases,
        f"'{column.name}' changes within {counted(count, 'case')} of {cases:,} ({percent(count / cases)}), though it "
        "is the same all along in the others.",
        "Look at the example rows: correct the odd value, so that the attribute can be one of the case.",
        changed[:5] if rows is None else rows[changed[:5]],
        f"results by '{column.name}': these cases are in two groups, or in the wrong one",
    )


DEPENDENCIES = Check(
    "broken_dependencies",
    "Rows that break a rule which 99 % of the rows keep: the value of one column (with at least 50 rows) tells that of "
    "another one.",
    "results by these columns: some rows are in the wrong group",
    broken_dependencies,
)
CHANGING = Check(
    "changing_case_attributes",
    "Cases within which an attribute changes that is constant in 99 % of the cases that have it more than once.",
    "results by these attributes: some cases are in two groups",
    changing_case_attributes,
)
