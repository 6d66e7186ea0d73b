"""Whether a term is kept: concluded in time, by silence or not at all, and what is open past its due date."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.flow import standing_by_age
from procmine.kpi.grid import Grid
from procmine.kpi.shares import share
from procmine.kpi.table import Figure
from procmine.kpi.term_rows import APPROVED, ON_TIME, REFUSED, UNKNOWN, WITHDRAWN, TermRows

JUDGED = ("timeliness", "on_time_share", "overdue_backlog", "lateness")
"""How the names of the figures begin that say whether what was due was kept."""


def kept(grid: Grid, rows: TermRows) -> list[Figure]:
    """Return how many were concluded in every cell, how many of these in time, and how many are overdue."""
    concluded = _concluded(grid, rows, rows.concluded_on != NAT)
    due = _concluded(grid, rows, (rows.concluded_on != NAT) & ~rows.window)
    in_time = _concluded(grid, rows, rows.has(ON_TIME) & ~rows.window)
    overdue = grid.standing(rows.due + 1, rows.overdue_to, rows.key)
    lost = _ended(grid, rows, rows.has(UNKNOWN))
    withdrawn = _ended(grid, rows, rows.has(WITHDRAWN))
    figures = [
        Figure("concluded", "cases", concluded, concluded, "ended, or decided by silence"),
        share("timeliness", in_time, due, "on time / concluded with a known due date"),
        share(
            "on_time_share",
            in_time,
            due + overdue,
            "on time / (concluded + open past due at the end)",
        ),
        Figure("due_unknown", "cases", lost, concluded + lost, "ended without a known due date"),
        Figure("withdrawn", "cases", withdrawn, withdrawn, "withdrawn, not concluded"),
        *_silent(grid, rows, concluded),
        *_overdue(grid, rows, overdue),
    ]
    return of_term(rows, figures)


def of_term(rows: TermRows, figures: list[Figure]) -> list[Figure]:
    """Return figures that say which term they are about, and by which rules it was counted."""
    if len(rows.window) and rows.window.all():
        figures = [_without_due(f) if f.kpi.startswith(JUDGED) else f for f in figures]
    return [replace(f, term=rows.name, basis=f"{f.basis}; {rows.basis}") for f in figures]


def _without_due(figure: Figure) -> Figure:
    """Return a figure that is missing: nothing was due that could have been kept or missed."""
    none, zero = np.full(len(figure.n), np.nan), np.zeros(len(figure.n), dtype=np.int64)
    return Figure(
        figure.kpi, figure.measured_in, none, zero, "a control window: no decision is due"
    )


def _silent(grid: Grid, rows: TermRows, concluded: Ints) -> list[Figure]:
    figures = []
    for word, state in (("approval", APPROVED), ("refusal", REFUSED)):
        count = _concluded(grid, rows, rows.has(state))
        basis = f"{word} by silence on the day after the due date, of all concluded"
        figures += [
            Figure(f"silent_{word}s", "cases", count, concluded, basis),
            share(f"silent_{word}_share", count, concluded, basis),
        ]
    return figures


def _overdue(grid: Grid, rows: TermRows, overdue: Ints) -> list[Figure]:
    """Return what is open past its due date on the last day of every period, and its age since the start."""
    by_age = standing_by_age(grid, rows.started, rows.due + 1, rows.overdue_to, rows.key)
    basis = "open at the end of the period and due before its last day"
    ages = "of the overdue ones by days since the start of the term"
    return [
        Figure("overdue_backlog", "cases", overdue, overdue, basis),
        *(Figure(f"overdue_backlog_{b}", "cases", n, overdue, ages) for b, n in by_age),
    ]


def _concluded(grid: Grid, rows: TermRows, which: Bools) -> Ints:
    return grid.count(rows.concluded_on[which], rows.key[which])


def _ended(grid: Grid, rows: TermRows, which: Bools) -> Ints:
    known = which & (rows.closed != NAT)
    return grid.count(rows.closed[known], rows.key[known])


def counted_days(rows: TermRows) -> Ints:
    """Return every day on which one of the rows is counted."""
    closed = rows.closed[rows.has(ON_TIME, UNKNOWN, WITHDRAWN) | rows.decided]
    days: Ints = np.concatenate([rows.concluded_on, closed])
    return days[np.not_equal(days, NAT)]
