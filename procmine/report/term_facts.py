"""What the report tells of terms: the table of terms, what is at risk, and the KPIs about them, counted once."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from procmine.errors import DataQualityWarning
from procmine.kpi import kpis
from procmine.kpi.at_risk import at_risk
from procmine.log import EventLog
from procmine.plot.one_term import names_in_order, term_names

if TYPE_CHECKING:
    from procmine.calendars import Calendar
    from procmine.procedure import Procedure, Term

DECIDED = ("on_time", "late", "deemed_approved", "deemed_refused")
SILENT = ("deemed_approved", "deemed_refused")
WINDOW = "control_window"
OPEN = ("running", "paused", "overdue")
ALL, PAST_DUE = "all cases", "past the due date"
OWNERS = {"office": "office_days", "applicant": "applicant_days", "third party": "third_party_days"}


@dataclass(frozen=True, eq=False)
class TermFacts:
    """The terms of a procedure in a log: a row per case and term, the open ones at risk, and KPIs.

    ``kpis_by`` is by the attribute that the report compares, and None where it compares none.
    """

    procedure: Procedure
    calendar: Calendar
    table: pd.DataFrame
    at_risk: pd.DataFrame
    kpis: pd.DataFrame
    kpis_by: pd.DataFrame | None

    @property
    def names(self) -> list[str]:
        """The terms that have a case, "term / phase" where they have phases, in their order."""
        return names_in_order(self.table)

    def of(self, name: str) -> pd.DataFrame:
        """Return the rows of one term."""
        return self.table[term_names(self.table) == name]

    def called(self, name: str) -> str:
        """Return how people call a term: its name in English; its id where it has no name of its own."""
        use, _, phase = name.partition(" / ")
        title = self._titles.get(use, "")
        if not title:
            return name
        own = list(self._titles.values()).count(title) == 1
        return " / ".join(filter(None, [title if own else f"{title} ({use})", phase]))

    @cached_property
    def _titles(self) -> dict[str, str]:
        """The name of every term that has a case: that of the newest version of its rule that has one."""
        return {use: self.procedure.text(term.name) for use, term, _ in self.used()}

    @cached_property
    def named(self) -> pd.DataFrame:
        """The table of terms for people to read: terms have their names, which say the phases, too."""
        calls = {name: self.called(name) for name in self.names}
        return self.table.assign(term=term_names(self.table).map(calls), phase=None)

    def is_window(self, name: str) -> bool:
        """Tell whether a term is a control window: time to check, in which no decision is due."""
        return bool((self.of(name)["kind"] == WINDOW).all())

    def used(self) -> list[tuple[str, Term, int]]:
        """Return the versions of the rules by which cases were counted: the term, the version, its cases."""
        keys = ["term", "version"]
        cases = self.table.groupby(keys, observed=True)["case_id"].nunique().to_dict()
        every = [(use.id, version) for use in self.procedure.uses for version in use.versions]
        counted = [(use, term, int(cases.get((use, term.version), 0))) for use, term in every]
        return [row for row in counted if row[2]]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are written as files."""
        tables = {"terms": self.table, "at_risk": self.at_risk, "kpis_terms": self.kpis}
        return tables if self.kpis_by is None else {**tables, "kpis_terms_by": self.kpis_by}


def measured_terms(
    log: EventLog,
    procedure: Procedure,
    *,
    as_of: pd.Timestamp,
    calendar: Calendar | None,
    by: str | None,
    period: str,
) -> TermFacts:
    """Count the terms of a procedure; what is doubtful in them is warned of once."""
    from procmine.procedure.own_calendar import calendar_for
    from procmine.procedure.terms import terms

    days = calendar_for(procedure, log.tz) if calendar is None else calendar
    table = terms(log, procedure, as_of=as_of, calendar=days)
    how: dict[str, Any] = {"as_of": as_of, "calendar": days}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)  # told by the call above
        risk = at_risk(log, procedure, **how)
        every = _about_terms(kpis(log, procedure, period=period, **how))
        by_key = None
        if by is not None:
            by_key = _about_terms(kpis(log, procedure, by=[by], period=period, **how))
    return TermFacts(procedure, days, table, risk, every, by_key)


def _about_terms(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the KPI table that are about a term."""
    return table[table["term"].notna()].reset_index(drop=True)


def by_term(facts: TermFacts) -> pd.DataFrame:
    """Return a row per term: how many cases ended in time, late, by silence, and how many are open.

    ``late_by`` is the median of the days late of those that ended late, in days. A control window
    (``window``) has no share in time, and nothing in it is late, overdue or decided by silence:
    ``passed`` says for how many it passed.
    """
    rows = [
        _figures(name, facts.of(name), called=facts.called(name), window=facts.is_window(name))
        for name in facts.names
    ]
    return pd.DataFrame(rows)


def _figures(name: str, rows: pd.DataFrame, *, called: str, window: bool) -> dict[str, Any]:
    state = rows["state"].astype("str")
    decided, in_time = int(state.isin(DECIDED).sum()), int((state == "on_time").sum())
    late_by = rows.loc[state == "late", "days_late"].astype("float64")
    counts = {
        kind: int((state == kind).sum())
        for kind in ("late", "paused", "overdue", "withdrawn", "unknown")
    }
    silent = int(state.isin(SILENT).sum())
    figures: dict[str, Any] = {
        "term": name,
        "called": called,
        "window": window,
        "cases": len(rows),
        "decided": decided,
        "in_time": in_time,
        "share": in_time / decided if decided and not window else float("nan"),
        "late_by": late_by.median(),
        "silent": silent,
        "passed": float("nan"),
        "open": int(state.isin(OPEN).sum()),
        **counts,
    }
    judged = dict.fromkeys(("late", "silent", "overdue"), float("nan"))
    return {**figures, **judged, "passed": silent} if window else figures


def whose_days(facts: TermFacts) -> pd.DataFrame:
    """Return a row per term and group of cases: their days, and the share of each owner.

    The groups are all cases with known days, and those past their due date: ended late, decided by
    silence, or overdue; of a control window there are none of these.
    """
    found = []
    for name in facts.names:
        rows = facts.of(name)
        rows = rows[rows["gross_days"].notna()]
        late = rows[rows["state"].isin(["late", "overdue", *SILENT]) & (rows["kind"] != WINDOW)]
        found += [
            _owners(name, ALL, rows),
            _owners(name, PAST_DUE, late),
        ]
    table = pd.DataFrame(found)
    return table.assign(called=table["term"].map(facts.called))


def _owners(name: str, group: str, rows: pd.DataFrame) -> dict[str, Any]:
    days = int(rows["gross_days"].sum())
    parts = {
        owner: int(rows[column].sum()) / days if days else float("nan")
        for owner, column in OWNERS.items()
    }
    sums = {kind: int(rows[f"{kind}_days"].sum()) for kind in ("paused", "excess", "voided")}
    return {"term": name, "group": group, "cases": len(rows), "days": days, **parts, **sums}
