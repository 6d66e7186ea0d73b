"""What a report is made of: the log as known at one moment, and every table about it, measured once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.checks import quality
from procmine.discovery import ProcessMap, process_map, variants
from procmine.errors import ProcmineError
from procmine.kernels import NAT
from procmine.kpi import kpis
from procmine.kpi.closed import closed_cases, standing_cases
from procmine.log import EventLog
from procmine.observe import as_of_instant, as_of_text, cases, observed_cases
from procmine.report.term_facts import TermFacts, measured_terms
from procmine.report.waiting_facts import WaitingFacts, measured_waiting

if TYPE_CHECKING:
    from procmine.calendars import Calendar
    from procmine.procedure import Procedure

MOST_KEYS = 100
"""How many values an attribute may have for the report to compare them."""

Say = Callable[[str], None]
"""What is told of the progress: called with a few words when a stage begins."""


@dataclass(frozen=True, eq=False)
class Facts:
    """A log as known at ``as_of`` and its tables; ``left_out`` counts the steps that begin later.

    ``kpis_by`` and ``compared`` are by the attribute ``by``, and None where none was asked for;
    ``terms`` is None where no procedure is given; ``closed_by`` are the activities that close a case
    where the procedure names them, and ``closed_by_log`` says whether what the log says closes others.
    """

    log: EventLog
    as_of: int
    as_of_text: str
    left_out: int
    period: str
    cases: pd.DataFrame
    process_map: ProcessMap
    variants: pd.DataFrame
    kpis: pd.DataFrame
    quality: pd.DataFrame
    waiting: WaitingFacts
    by: str | None = None
    kpis_by: pd.DataFrame | None = None
    compared: pd.DataFrame | None = None
    terms: TermFacts | None = None
    closed_by: tuple[str, ...] = ()
    closed_by_log: bool = True

    @property
    def closing_known(self) -> bool:
        """Whether something says what closes a case."""
        return self.log.closed_at is not None

    @property
    def cycle_times(self) -> pd.Series:
        """The cycle times of the cases that have one."""
        return self.cases["cycle_time"].dropna()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are written as files, by file name without its ending."""
        tables = {
            "nodes": self.process_map.nodes,
            "edges": self.process_map.edges,
            "variants": self.variants,
            "cases": self.cases,
            "kpis": self.kpis,
            "quality": as_file(self.quality),
            "rejected_rows": self.log.import_report.rejected,
            **self.waiting.tables(),
        }
        if self.kpis_by is not None:
            tables["kpis_by"] = self.kpis_by
        return tables if self.terms is None else {**tables, **self.terms.tables()}


def measured(
    log: EventLog,
    *,
    as_of: Any,
    by: str | None,
    period: str,
    say: Say,
    procedure: Procedure | None = None,
    calendar: Calendar | None = None,
) -> Facts:
    """Measure everything that the report shows."""
    moment = as_of_instant(log, as_of)
    whole, _, closed = standing_cases(log, procedure, _instant(moment))
    known = known_at(whole, moment)
    say("finding out where time goes")
    waiting = measured_waiting(
        known, as_of=_instant(moment), procedure=procedure, calendar=calendar
    )
    say("measuring cases and KPIs")
    facts = Facts(
        log=known,
        as_of=moment,
        as_of_text=as_of_text(known, moment),
        left_out=log.n_steps - known.n_steps,
        period=period,
        kpis=kpis(known, period=period, as_of=_instant(moment)),
        cases=cases(known, as_of=_instant(moment)),
        variants=variants(known),
        process_map=process_map(known),
        quality=quality(known, as_of=_instant(moment)),
        waiting=waiting,
        closed_by=_closing(procedure) if closed else (),
        closed_by_log=not closed or _closed_more(log, whole, procedure, moment),
    )
    facts = facts if by is None else _with_comparison(facts, by)
    if procedure is None:
        return facts
    say("counting the terms")
    counted = measured_terms(
        log, procedure, as_of=_instant(moment), calendar=calendar, by=facts.by, period=period
    )
    return replace(facts, terms=counted)


def _closed_more(log: EventLog, whole: EventLog, procedure: Procedure | None, moment: int) -> bool:
    """Tell whether the log closes cases that the procedure leaves open."""
    alone = closed_cases(log, procedure, _instant(moment))[1].closed_at
    assert whole.closed_at is not None
    return bool(((alone == NAT) & (whole.closed_at != NAT)).any())


def _closing(procedure: Procedure | None) -> tuple[str, ...]:
    parts = () if procedure is None else procedure.closing
    return tuple(dict.fromkeys(part.activity for part in parts))


def known_at(log: EventLog, moment: int) -> EventLog:
    """Return the log as it was known at a moment: later steps are gone, later ends and closings not known yet."""
    begun = log.first <= moment
    if not begun.any():
        raise ProcmineError(
            f"no step of {log.import_report.source} begins by {_when(log, moment)}\n"
            f"the first begins on {log.local(log.first.min(keepdims=True))[0]:%Y-%m-%d}; give a later as_of="
            if log.n_steps
            else f"{log.import_report.source} holds no step; there is nothing to report"
        )
    if not begun.all():
        log = log.keep_steps(begun, because=f"steps begun by {_when(log, moment)}")
    closed_at = None
    if log.closed_at is not None:  # before the ends go: a case that was reopened had closed earlier
        closed_at = observed_cases(log, _instant(moment)).closed_at
    end = np.where(log.end <= moment, log.end, NAT)
    return replace(log, end=end, closed_at=closed_at)


def as_file(quality: pd.DataFrame) -> pd.DataFrame:
    """Return findings as they are written to a file: example rows as text."""
    rows = [", ".join(map(str, rows)) for rows in quality["example_rows"]]
    return quality.assign(example_rows=pd.array(rows, dtype="str"))


def _with_comparison(facts: Facts, by: str) -> Facts:
    """Add the KPIs and the comparison of the cases by one attribute."""
    if by == facts.log.binding.unit and by not in facts.cases:
        by = "unit"  # the column that is bound to it
    is_unit = by == "unit" and facts.log.unit is not None  # before an attribute of that name
    if not is_unit:
        _refuse_many(facts.log, by)
    by_key = kpis(facts.log, by=[by], period=facts.period, as_of=_instant(facts.as_of))
    renamed = f"{by} (attribute)"
    column = renamed if renamed in facts.cases and not is_unit else by
    return replace(facts, by=by, kpis_by=by_key, compared=compared(facts.cases, column))


def compared(cases: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a row per value of a column of the cases: ``key, cases, closed, open, n, median, p90, mean``.

    ``n`` is the number of cycle times behind the last three. The value with most cases comes first.
    """
    key = cases[column].astype("str").fillna("(missing)")
    time = cases["cycle_time"].groupby(key)
    counts = pd.DataFrame(
        {
            "cases": key.value_counts(),
            "closed": (cases["state"] == "closed").groupby(key).sum(),
            "open": (cases["state"] == "open").groupby(key).sum(),
            "n": time.count(),
            "median": time.median(),
            "p90": time.quantile(0.9),
            "mean": time.mean(),
        }
    )
    table = counts.rename_axis("key").reset_index()
    return table.sort_values(["cases", "key"], ascending=[False, True], ignore_index=True)


def _refuse_many(log: EventLog, by: str) -> None:
    """Refuse to compare by an attribute that nearly every case has another value of."""
    if by not in log.case_attributes.column_names:
        return
    values = len(log.case_attributes[by].unique())
    if values > MOST_KEYS:
        raise ProcmineError(
            f"{by!r} has {values:,} different values, too many to compare (at most {MOST_KEYS})\n"
            "compare by an attribute that sorts the cases into a few groups"
        )


def _when(log: EventLog, moment: int) -> str:
    """Return the moment of a report alone, for sentences that say in other words what it is."""
    return as_of_text(log, moment).removeprefix("as of ")


def _instant(moment: int) -> pd.Timestamp:
    """Return a moment as a time with a zone, so that it is not taken for a whole day."""
    return pd.Timestamp(moment, unit="us", tz="UTC")
