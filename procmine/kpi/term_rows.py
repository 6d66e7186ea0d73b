"""The rows of one term, from the table of terms, as the KPI table counts them: in local days, with their key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.grid import FAR

ON_TIME, LATE, OVERDUE, WITHDRAWN, UNKNOWN = "on_time", "late", "overdue", "withdrawn", "unknown"
APPROVED, REFUSED = "deemed_approved", "deemed_refused"
WINDOW = "control_window"
BETWEEN = " / "
"""Stands between a term and its phase."""


@dataclass(frozen=True, eq=False)
class TermRows:
    """One value for each case that has the term; days and numbers of days are int64, NAT where missing."""

    name: str
    basis: str
    key: Ints
    names: tuple[str, ...]
    """The names of the states, by their codes."""
    state: npt.NDArray[np.int8]
    window: Bools
    """Which stand under a control window: time to check, in which no decision is due."""
    started: Ints
    due: Ints
    closed: Ints
    """The day on which the term ended; where it is unknown, that on which the case closed."""
    days: dict[str, Ints]
    """The columns ``gross_days, net_days, paused_days, excess_days, days_late``."""

    def has(self, *states: str) -> Bools:
        """Tell which rows are in one of these states."""
        wanted: Bools = np.array([name in states for name in self.names], dtype=np.bool_)
        return wanted[self.state]

    @cached_property
    def concluded_on(self) -> Ints:
        """The day on which each was concluded, in time or not; NAT where it was not.

        Silence that stands for a decision concludes on the day after the due date: what is decided
        later comes too late to conclude it again.
        """
        days = np.where(self.has(ON_TIME, LATE), self.closed, NAT)
        return np.where(self.has(APPROVED, REFUSED), self.due + 1, days)

    @cached_property
    def decided(self) -> Bools:
        """Which ended by a decision, one that came after silence among them; not by withdrawal."""
        return self.has(ON_TIME, LATE, APPROVED, REFUSED) & np.not_equal(self.closed, NAT)

    @cached_property
    def overdue_to(self) -> Ints:
        """The last day on which each was open and past due; before the due date where it never was.

        What stands under a control window never was.
        """
        ended = np.where(self.closed == NAT, FAR, self.closed - 1)
        possible = self.has(LATE, OVERDUE, WITHDRAWN) & (self.due != NAT) & ~self.window
        return np.where(possible, ended, -FAR)


def term_rows(table: pd.DataFrame, key: Ints, closed: Ints) -> list[TermRows]:
    """Return the rows of every term and phase, in the order of the procedure.

    ``key`` and ``closed`` (the day on which the case closed) have one value for each row of the table;
    rows with the key -1 are left out.
    """
    table = table.reset_index(drop=True)
    phase = table["phase"].cat.codes.to_numpy()
    term = table["term"].cat.codes.to_numpy()
    kept = key >= 0
    found = []
    for number, name in enumerate(table["term"].cat.categories):
        for part in np.unique(phase[term == number]).tolist() or [-1]:
            rows = np.flatnonzero((term == number) & (phase == part) & kept)
            label = name if part < 0 else f"{name}{BETWEEN}{table['phase'].cat.categories[part]}"
            found.append(_rows(label, table, rows, key[rows], closed[rows]))
    return found


def _rows(name: str, table: pd.DataFrame, rows: Ints, key: Ints, case_closed: Ints) -> TermRows:
    part = table.iloc[rows]
    names = tuple(table["state"].cat.categories)
    state = part["state"].cat.codes.to_numpy().astype(np.int8)
    closed = local_day_numbers(part["closed"])
    fallback = (state == names.index(UNKNOWN)) & (closed == NAT)
    columns = ("gross_days", "net_days", "paused_days", "excess_days", "days_late")
    return TermRows(
        name=name,
        basis=str(table.attrs.get("basis", "")),
        key=key,
        names=names,
        state=state,
        window=(part["kind"] == WINDOW).to_numpy(dtype=np.bool_),
        started=local_day_numbers(part["started"]),
        due=local_day_numbers(part["due"]),
        closed=np.where(fallback, case_closed, closed),
        days={column: whole_numbers(part[column]) for column in columns},
    )


def local_day_numbers(dates: pd.Series) -> Ints:
    """Return dates as days since 1970-01-01, NAT where missing."""
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def whole_numbers(values: Any) -> Ints:
    """Return numbers that may be missing as int64, NAT where missing."""
    numbers: Ints = pd.array(values, dtype="Int64").to_numpy(dtype=np.int64, na_value=NAT)
    return numbers
