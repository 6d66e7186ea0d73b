"""Blockages: which open cases stand longer than is usual where they stand, and where they pile up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.errors import ProcmineError
from procmine.kernels import Ints
from procmine.kpi.blockages.levels import levels
from procmine.kpi.blockages.stays import Stays, stays
from procmine.kpi.blockages.usual import REASONS, Lasted, Standing, compared, elapsed
from procmine.kpi.closed import standing_cases
from procmine.kpi.given_log import check_as_of, check_has_cases
from procmine.kpi.keys import checked_keys, keys_of_cases
from procmine.kpi.step_keys import checked_step_keys, keys_of_steps
from procmine.log import EventLog
from procmine.observe import (
    ObservedCases,
    as_of_text,
    case_id_column,
    check_clock,
    durations,
)

if TYPE_CHECKING:
    from procmine.procedure import Procedure

PLACES = ("in", "after")
OF_POINT = (
    *("open_cases", "blocked", "never", "median_standing", "usual_level", "high_level"),
    *("piling_up", "owner"),
)
IN_OFFICE = {
    "standing": "office_standing",
    "usual_median": "usual_office_median",
    "usual_p90": "usual_office_p90",
    "median_standing": "median_office_standing",
}
"""What times are called that are office hours."""


def blockages(
    log: EventLog,
    procedure: Procedure | None = None,
    *,
    as_of: Any = None,
    calendar: Calendar | None = None,
    by: str | Sequence[str] | None = None,
    alike: str | Sequence[str] = (),
) -> pd.DataFrame:
    """Return the open cases with how long they have stood and how unusual that is, or where they pile up.

    A case stands where its last start or end left it: ``in`` a step or ``after`` one. It is
    compared with all stays at that point, up to the next start or end of their case, those that
    still go on among them: S is Kaplan and Meier's estimate (1958). Cases that have closed stand
    nowhere. All is as it was known at ``as_of``.

    Columns: ``case_id, activity, place`` (in, after), ``unit, owner`` (who has the case: only with
    a procedure that says it with ``then:``), ``since, standing, usual_median, usual_p90, chance``
    (S(standing): the share that stands longer), ``low, high`` (95 %, Greenwood, log-log), ``n``
    (stays at this point), ``still`` (S(standing + 30 days) / S(standing)), ``blocked`` (longer than
    usual_p90, or never), ``never`` (will probably never move), ``reason`` (why one of them is
    missing). Those that will never move come first, then the most unusual. Under 10 stays nothing
    is said.

    Without a ``calendar`` times are elapsed: after a holiday much stands longer than is usual. With
    one they are its office hours, in ``office_standing, usual_office_median, usual_office_p90``
    (by key ``median_office_standing``) in place of the columns above, and all else rests on
    them; a day of these is 24 office hours: ``/ pd.Timedelta("1h")`` shows hours.

    ``never``: it has stood longer than any case at this point that moved on, and at least 20 did
    that could have been seen to stand so long: if it moved, it would be the last of 21 or more.

    ``alike`` (case attributes, or ``unit``: the case's first) compares a case only with those that
    agree with it in them. With ``by`` (``activity``, ``unit``, attributes) one row per key where a
    case stands: ``open_cases, blocked, never, median_standing, usual_level, high_level`` (median
    and 90 % quantile of the cases that stood there when the last 52 weeks ended), ``piling_up``
    (more stand there now than the high level), ``owner`` (where all have the same).

    >>> found = blockages(log)
    >>> found[["activity", "standing", "usual_p90", "n"]].head(2)
                    activity          standing        usual_p90    n
    0  Solicitare completări 713 days 23:46:00 48 days 19:09:00  707
    1  Solicitare completări 659 days 03:10:00 48 days 19:09:00  707
    """
    check_has_cases(log)
    check_as_of(log, as_of)
    log, seen, closed_by = standing_cases(log, procedure, as_of)
    if log.closed_at is None:
        raise ProcmineError(
            "nothing says what closes a case, so that none is known to be open\n"
            "read the log with closed=[...] (the activities that close a case), or give a procedure= with closing:"
        )
    found = stays(log, seen)
    keys = None if by is None else checked_step_keys(log, by, OF_POINT, "table of blockages")
    standing = compared(*_grouped(log, seen, found, alike), _clock(log, calendar))
    here = _Here(log, seen, found, standing, procedure)
    table = here.cases() if keys is None else here.points(keys)
    if calendar is not None:
        table = table.rename(columns=IN_OFFICE)
    table.attrs["basis"] = "; ".join(
        part
        for part in (
            "Kaplan-Meier over all stays at the same point" + _like(alike),
            "elapsed time" if calendar is None else f"office time by {calendar.version}",
            closed_by,
            as_of_text(log, seen.as_of),
        )
        if part
    )
    return table


def _clock(log: EventLog, calendar: Calendar | None) -> Lasted:
    """Return what tells how long a stay lasted: the clock, or the office hours of a calendar."""
    if calendar is None:
        return elapsed
    check_clock(log, calendar)
    return calendar.working_microseconds


def _like(alike: str | Sequence[str]) -> str:
    names = [alike] if isinstance(alike, str) else list(alike)
    return f" with the same {', '.join(names)}" if names else ""


def _grouped(
    log: EventLog, seen: ObservedCases, found: Stays, alike: str | Sequence[str]
) -> tuple[Stays, Ints, int]:
    """Return the stays at the points where a case stands now, the point of each, and how many points."""
    names = checked_keys(alike, (), "table of blockages")
    _, key = keys_of_cases(log, names, seen, seen.steps > 0)
    point = log.activity.codes[found.row] * np.int64(2) + found.ended
    point = key[log.case_codes[found.row]] * (2 * len(log.activity.labels)) + point
    points = np.unique(point[~found.moved])
    place = np.searchsorted(points, point)
    kept = np.append(points, -1)[place] == point
    return found.take(kept), place[kept], len(points)


@dataclass(frozen=True, eq=False)
class _Here:
    """The stays that go on, and what is known of each."""

    log: EventLog
    seen: ObservedCases
    all: Stays
    standing: Standing
    procedure: Procedure | None

    @property
    def now(self) -> Stays:
        return self.all.take(~self.all.moved)

    def cases(self) -> pd.DataFrame:
        """Return one row per open case, the most unusual first."""
        log, now, found = self.log, self.now, self.standing
        columns: dict[str, Any] = {
            "case_id": case_id_column(log, log.case_codes[now.row]),
            "activity": log.activity.take(now.row).to_categorical(),
            "place": pd.Categorical.from_codes(now.ended.astype(np.int8), pd.Index(PLACES)),
        }
        if log.unit is not None:
            columns["unit"] = log.unit.take(now.row).to_categorical()
        columns |= {
            "owner": self._owner(now),
            "since": log.local(now.begin),
            "standing": durations(found.time),
            "usual_median": durations(found.median),
            "usual_p90": durations(found.p90),
            **{name: getattr(found, name) for name in ("chance", "low", "high", "n", "still")},
            "blocked": pd.arrays.BooleanArray(found.blocked, ~found.enough),
            "never": pd.arrays.BooleanArray(found.never, ~found.enough),
            "reason": pd.Categorical.from_codes(found.reason, pd.Index(REASONS)),
        }
        order = ["never", "chance", "standing", "case_id"]
        return pd.DataFrame(columns).sort_values(
            order, ascending=[False, True, False, True], ignore_index=True
        )

    def points(self, by: list[str]) -> pd.DataFrame:
        """Return one row per key at which a case stands, those with the most cases first."""
        keys, key = keys_of_steps(self.log, by, self.all.row)
        of = key[~self.all.moved]
        level = levels(self.log, self.all, key, len(keys), self.seen.as_of)
        count = np.bincount(of, minlength=len(keys))
        cases = pd.DataFrame(
            {"time": durations(self.standing.time), "owner": self._owner(self.now)}
        )
        table = keys.assign(
            open_cases=count,
            blocked=np.bincount(of[self.standing.blocked], minlength=len(keys)),
            never=np.bincount(of[self.standing.never], minlength=len(keys)),
            median_standing=cases["time"].groupby(of).median().reindex(range(len(keys))),
            usual_level=level.usual,
            high_level=level.high,
            piling_up=pd.arrays.BooleanArray(count > level.high, np.isnan(level.high)),
            owner=_agreed(cases["owner"], of, len(keys)),
        )
        order = ["open_cases", *by]
        rising = [False, *[True] * len(by)]
        return table[count > 0].sort_values(order, ascending=rising, ignore_index=True)

    def _owner(self, now: Stays) -> pd.Series:
        """Return who has each case: the owner that the last step which names one says, else the office."""
        from procmine.procedure.counting.owners import OWNERS, claims
        from procmine.procedure.counting.seen import SeenLog

        codes = np.full(len(now.row), -1)
        says = self.procedure is not None and any(a.then for a in self.procedure.activities)
        if self.procedure is not None and says and len(now.row):
            seen = SeenLog(self.log, self.procedure, self.seen.as_of)
            case = self.log.case_codes[now.row].astype(np.int64)
            codes = claims(seen).now(np.full(len(case), seen.today), case, self.log.n_cases)
        return pd.Series(pd.Categorical.from_codes(codes, pd.Index(OWNERS)))


def _agreed(owner: pd.Series, of: Ints, keys: int) -> pd.Series:
    """Return the owner of the cases of each key, missing where they have several or none."""
    codes = owner.cat.codes.to_numpy()
    low, high = np.full(keys, len(codes) + 9), np.full(keys, -1)
    np.minimum.at(low, of, codes)
    np.maximum.at(high, of, codes)
    agreed = np.where(low == high, high, -1)
    return pd.Series(pd.Categorical.from_codes(agreed, owner.cat.categories))
