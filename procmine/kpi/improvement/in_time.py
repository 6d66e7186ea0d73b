"""How many cases would have kept a term, had they ended earlier: due dates stay as they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.errors import LabelNotFoundError
from procmine.kernels import DAY, NAT, Bools, Ints
from procmine.kpi.begun import moment_of
from procmine.kpi.improvement.shortened import Shortened
from procmine.kpi.term_rows import (
    APPROVED,
    LATE,
    ON_TIME,
    REFUSED,
    WINDOW,
    local_day_numbers,
)
from procmine.log import EventLog
from procmine.observe import ObservedCases
from procmine.zones import to_local

if TYPE_CHECKING:
    from procmine.procedure import Procedure

CONCLUDED = (ON_TIME, LATE, APPROVED, REFUSED)


@dataclass(frozen=True, eq=False)
class Judged:
    """The concluded rows of one term: whether each was in time, its due day, and the steps that may have ended it."""

    term: str
    in_time: Bools
    due: Ints
    step: Ints
    """The steps of these cases that ended on the day the term did; ``of`` which row each is."""
    of: Ints
    times: Ints
    """When those steps ended."""
    tz: str

    @property
    def before(self) -> float:
        """The share that was in time."""
        return float(self.in_time.mean()) if len(self.in_time) else float("nan")

    def after(self, saved: Ints) -> float:
        """Return the share that would be: of several steps of that day the one that ends last counts."""
        if not len(self.in_time):
            return float("nan")
        day = to_local(self.times - saved[self.step], self.tz) // DAY
        latest = np.full(len(self.due), NAT)
        np.maximum.at(latest, self.of, day)
        known = (latest != NAT) & (self.due != NAT)
        return float((self.in_time | (known & (latest <= self.due))).mean())


def judged(
    log: EventLog,
    procedure: Procedure,
    seen: ObservedCases,
    complete: Shortened,
    *,
    term: str | None,
    calendar: Calendar | None,
) -> Judged | None:
    """Return the concluded rows of a term of the complete cases.

    By default it is the first of the procedure that has such rows; a control window has none.
    """
    from procmine.procedure.terms import terms

    names = [use.id for use in procedure.uses]
    if term is not None and term not in names:
        raise LabelNotFoundError.among(term, names, what="term", where=" in the procedure")
    if not names:
        return None
    table = terms(log, procedure, as_of=moment_of(seen.as_of), calendar=calendar)
    table = table[(table["kind"] != WINDOW) & table["state"].isin(CONCLUDED)]
    labels = pd.Index(log.case_labels.to_pandas(), dtype="str")
    case = np.asarray(labels.get_indexer(pd.Index(table["case_id"])), dtype=np.int64)
    whole = np.isin(case, complete.case)
    with_rows = set(table.loc[whole, "term"])
    name = term or next((each for each in names if each in with_rows), names[0])
    whole &= (table["term"] == name).to_numpy()
    table, case = table[whole], case[whole]
    step, of = _ended_on(log, case, local_day_numbers(table["closed"]))
    return Judged(
        name,
        (table["state"] == ON_TIME).to_numpy(),
        local_day_numbers(table["due"]),
        step,
        of,
        log.last[step],
        log.tz,
    )


def _ended_on(log: EventLog, case: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Return the steps of some cases that ended on a day, and which of the rows each of them is of."""
    sizes = np.diff(log.offsets)[case]
    of = np.repeat(np.arange(len(case)), sizes)
    step = np.repeat(log.offsets[case] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
    step += np.arange(len(step))
    same = to_local(log.last[step], log.tz) // DAY == day[of]
    return step[same], of[same]
