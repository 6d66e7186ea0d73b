"""What the report tells of waiting: its causes, bottlenecks, rework, handovers and blockages, measured once."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from procmine.errors import DataQualityWarning, ProcmineError
from procmine.kernels import NAT
from procmine.kpi.blockages.blockages import blockages
from procmine.kpi.handovers.handovers import handovers
from procmine.kpi.improvement.bottlenecks import bottlenecks
from procmine.kpi.rework.kinds import ONE_UNIT
from procmine.kpi.rework.rework import rework, rework_table
from procmine.kpi.waiting.causes import waiting_causes
from procmine.log import EventLog

if TYPE_CHECKING:
    from procmine.calendars import Calendar
    from procmine.procedure import Procedure


@dataclass(frozen=True, eq=False)
class WaitingFacts:
    """The tables about waiting; None where one cannot be computed, for a reason of ``lacks``.

    ``causes`` and ``rework_by`` are by activity, ``handovers`` by unit, ``blockages`` a row per open
    case. ``rework`` counts what the flow foresees, ``unforeseen`` and ``rework_by`` leave it out.
    ``suspended`` is the time in which steps stood still after they had begun. ``says_whose_turn``: a
    procedure says after which activities others have the file. ``one_unit``: the export has one unit
    for all steps of a case.
    """

    causes: pd.DataFrame | None
    bottlenecks: pd.DataFrame | None
    rework: pd.DataFrame | None
    unforeseen: pd.DataFrame | None
    rework_by: pd.DataFrame | None
    handovers: pd.DataFrame | None
    blockages: pd.DataFrame | None
    says_whose_turn: bool
    suspended: pd.Timedelta
    one_unit: bool
    steps: int
    cases: int
    lacks: tuple[str, ...]

    @property
    def is_sojourn(self) -> bool:
        """Whether steps have one time only, so that waiting and work are one."""
        return self.causes is not None and self.causes.attrs.get("basis") == "sojourn"

    @property
    def waited(self) -> pd.Timedelta:
        """The waits of all steps together; 0 where none is known."""
        if self.bottlenecks is None:
            return pd.Timedelta(0)
        return pd.Timedelta(self.bottlenecks["waiting_time"].sum())

    @property
    def foreseen(self) -> int:
        """How many steps of the kind rework the procedure foresees; the page does not count them."""
        if self.rework is None:
            return 0
        steps = self.rework.set_index("kind")["foreseen"]["rework"]
        return 0 if pd.isna(steps) else int(steps)

    @property
    def asks(self) -> bool:
        """Whether it is known which steps ask the applicant to complete the application."""
        if self.rework is None:
            return False
        return bool(self.rework.set_index("kind")["cases"].notna()["completion_request"])

    @property
    def blocked(self) -> pd.DataFrame:
        """The open cases that stand longer than is usual, the most unusual first."""
        if self.blockages is None:
            return pd.DataFrame(columns=["activity", "place"])
        return self.blockages[self.blockages["blocked"].fillna(False).astype(bool)]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are written as files, those that could be computed."""
        every = {
            "waiting_causes": self.causes,
            "bottlenecks": self.bottlenecks,
            "rework": self.rework,
            "rework_by_activity": self.rework_by,
            "handovers": self.handovers,
            "blockages": self.blockages,
        }
        return {name: table for name, table in every.items() if table is not None}


def measured_waiting(
    log: EventLog,
    *,
    as_of: pd.Timestamp,
    procedure: Procedure | None = None,
    calendar: Calendar | None = None,
) -> WaitingFacts:
    """Measure where time goes in a log as known at ``as_of``; what cannot be had is told, not raised.

    Office hours are those of the calendar given, or of the calendar that the procedure writes down;
    without either they are found in the log.
    """
    lacks: list[str] = []
    calendar = _office(log, procedure, lacks) if calendar is None else calendar
    how: dict[str, Any] = {"by": "activity", "procedure": procedure, "calendar": calendar}
    causes = _tried(lambda: waiting_causes(log, **how), lacks)
    if causes is None and calendar is not None:  # such as a calendar of another zone
        causes = _tried(lambda: waiting_causes(log, **how | {"calendar": None}), lacks)
        how["calendar"] = None
    if causes is not None:
        lacks += causes.attrs.get("notes", [])
    again = _tried(lambda: rework(log, procedure), lacks)
    passed_on = _tried(lambda: handovers(log), lacks)
    return WaitingFacts(
        causes=causes,
        bottlenecks=_tried(lambda: bottlenecks(log, **how), lacks),
        rework=again,
        unforeseen=_tried(lambda: rework_table(log, procedure, foreseen=False), lacks),
        rework_by=_tried(
            lambda: rework_table(log, procedure, by="activity", foreseen=False), lacks
        ),
        handovers=passed_on,
        blockages=_tried(lambda: blockages(log, as_of=as_of, procedure=procedure), lacks),
        says_whose_turn=procedure is not None and any(a.then for a in procedure.activities),
        suspended=_suspended(log),
        one_unit=bool(log.binding.milestones),
        steps=log.n_steps,
        cases=log.n_cases,
        lacks=tuple(dict.fromkeys([*lacks, *_not_counted(again), *_one_unit(log, passed_on)])),
    )


def _tried(make: Callable[[], pd.DataFrame], lacks: list[str]) -> pd.DataFrame | None:
    """Return a table, or None where it cannot be computed, and add why."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataQualityWarning)  # its words are among the notes
            return make()
    except ProcmineError as error:
        lacks.append(str(error))
        return None


def _office(log: EventLog, procedure: Procedure | None, lacks: list[str]) -> Calendar | None:
    """Return the calendar that the procedure writes down, where it has one with office hours."""
    if procedure is None or procedure.calendar is None:
        return None
    from procmine.procedure.own_calendar import calendar_for

    own = procedure.calendar
    if not isinstance(own, str) and "hours" not in own.model_dump(exclude_none=True):
        return None
    try:
        return calendar_for(procedure, log.tz)
    except ProcmineError as error:
        lacks.append(str(error))
        return None


def _not_counted(table: pd.DataFrame | None) -> list[str]:
    """Return why kinds of rework could not be counted."""
    if table is None:
        return []
    unknown = table["share"].isna() & table["cases"].isna()
    return table.loc[unknown, "basis"].astype("str").drop_duplicates().tolist()


def _one_unit(log: EventLog, handed: pd.DataFrame | None) -> list[str]:
    """Return why no hand-over can be seen, where the export has one unit for all steps of a case."""
    if handed is None or len(handed) or not log.binding.milestones:
        return []
    return [ONE_UNIT]


def _suspended(log: EventLog) -> pd.Timedelta:
    """Return for how long steps stood still after they had begun, those that have ended."""
    if log.start is None or log.suspended is None:
        return pd.Timedelta(0)
    known = (log.start != NAT) & (log.end != NAT)
    return pd.Timedelta(int(log.suspended[known].sum()), unit="us")
