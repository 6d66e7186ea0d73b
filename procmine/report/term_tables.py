"""The tables of the section on terms: what was kept, whose days it took, what is at risk, and by which rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from procmine.plot.one_term import term_names
from procmine.plot.units import counted
from procmine.procedure.term import Counting, Length, Term
from procmine.report.readable import NOT_KNOWN
from procmine.report.tables import Column, HtmlTable, html_table
from procmine.report.term_facts import ALL, OWNERS, TermFacts, by_term, whose_days

MOST_AT_RISK = 10
_NEVER = {"sat": "Saturdays", "sun": "Sundays", "holiday": "holidays", "equated": "equated days"}


def term_tables(facts: TermFacts | None) -> list[HtmlTable]:
    """Return the tables of the terms, none where no procedure is given."""
    if facts is None or facts.table.empty:
        return []
    return [_kept(facts), _days(facts), _at_risk(facts), _rules(facts)]


def _kept(facts: TermFacts) -> HtmlTable:
    columns = (
        Column("term", "Term", "name"),
        Column("decided", "Ended", "count", "cases that ended, or were decided by silence"),
        Column("in_time", "In time", "count", "of those, by the due date"),
        Column("share", "Share in time", "share"),
        Column("late", "Late", "count", "ended after the due date"),
        Column("late_by", "Late by, median", "days", "of those that ended late"),
        Column("silent", "By silence", "count", "decided by silence, as the due date had passed"),
        Column("open", "Open", "count"),
        Column("overdue", "Overdue", "count", "open after the due date"),
        Column("paused", "Paused", "count", "open, and the clock stands still lawfully"),
        Column("withdrawn", "Withdrawn", "count"),
        Column("unknown", "Not known", "count", "cases without a known due date"),
    )
    n = counted(facts.table["case_id"].nunique(), "case")
    return html_table(
        by_term(facts), columns, name="terms", caption=f"How the terms were kept (n = {n})"
    )


def _days(facts: TermFacts) -> HtmlTable:
    columns = (
        Column("term", "Term", "name"),
        Column("group", "Of"),
        Column("cases", "Cases", "count"),
        Column(
            "days", "Days", "count", "calendar days from the start to the end, or to the report"
        ),
        *(
            Column(owner, f"{owner.capitalize()}", "share", "whose days these were")
            for owner in OWNERS
        ),
        Column("paused", "Paused days", "count", "on which the clock stood still lawfully"),
        Column(
            "excess",
            "Asked for beyond that",
            "count",
            "days of pauses that are not lawful, or too long",
        ),
        Column("voided", "Voided", "count", "days before the term began anew"),
    )
    table = whose_days(facts)
    n = counted(int(table.loc[table["group"] == ALL, "days"].sum()), "day")
    return html_table(table, columns, name="whose-days", caption=f"Whose days those were (n = {n})")


def _at_risk(facts: TermFacts) -> HtmlTable:
    """Return the open cases that are most overdue, and after them those that will most likely end late."""
    table = facts.at_risk
    late = table["days_late"].fillna(0)
    ranked = table.assign(term=term_names(table), late=late, chance_=table["chance"].fillna(-1.0))
    ranked = ranked.sort_values(["late", "chance_", "case_id"], ascending=[False, False, True])
    ranked["due"] = ranked["due"].dt.strftime("%Y-%m-%d")
    ranked["owner"] = ranked["owner"].astype("str").str.replace("_", " ")
    columns = (
        Column("case_id", "Case", "name"),
        Column("term", "Term"),
        Column("state", "Clock"),
        Column("owner", "With whom"),
        Column("due", "Due"),
        Column("days_late", "Days late", "count"),
        Column("days_left", "Days left", "count", "of a paused case: once its clock runs again"),
        Column(
            "chance",
            "Chance to end late",
            "share",
            "from how long the other cases ran; 100 % once overdue",
        ),
        Column("n", "n", "count", "cases that ran longer than this one so far"),
    )
    return html_table(
        ranked,
        columns,
        name="at-risk",
        caption=f"Open cases that need somebody first (n = {len(table):,} open)",
        most=MOST_AT_RISK,
        file="tables/at_risk.csv",
        what="open cases",
    )


def _rules(facts: TermFacts) -> HtmlTable:
    """Return by which rule, in which version, the terms were counted, and how far that rule is settled."""
    rows = [_rule(facts, use, term, cases) for use, term, cases in facts.used()]
    columns = (
        Column("rule", "Term and rule", "name"),
        Column("law", "Law"),
        Column("length", "Length"),
        Column("counted", "Counted"),
        Column("status", "Status"),
        Column("source", "Source"),
        Column("cases", "Cases", "count"),
    )
    return html_table(pd.DataFrame(rows), columns, name="rules", caption="By which rules")


def _rule(facts: TermFacts, use: str, term: Term, cases: int) -> dict[str, Any]:
    return {
        "rule": (term.version or term.id)
        if use == term.id
        else f"{use}: {term.version or term.id}",
        "law": facts.procedure.text(term.base) or NOT_KNOWN,
        "length": "; ".join(_lengths(term)),
        "counted": _counted(term.counting),
        "status": term.status or NOT_KNOWN,
        "source": term.source or "the procedure",
        "cases": cases,
    }


def _lengths(term: Term) -> Iterator[str]:
    if term.length is not None:
        yield _length(term.length)
    if term.due_attribute is not None:
        yield f"until the date in “{term.due_attribute}”"
    for phase in term.phases:
        yield f"{phase.id} {_length(phase.length)}"
    if term.kind == "internal":
        yield "a rule of the office's own"
    if term.kind == "control_window":
        yield "time to check"


def _length(length: Length) -> str:
    return counted(length.n, length.unit.replace("_", " "))


def _counted(way: Counting) -> str:
    """Say how a term is counted.

    >>> _counted(Counting(last_day_counts=False, roll_on=("sun", "holiday")))
    'without the first day and the last; moves on from Sundays, holidays'
    """
    days = {"the first day": way.first_day_counts, "the last": way.last_day_counts}
    without = " and ".join(name for name, counts in days.items() if not counts)
    ends = ", ".join(_NEVER[kind] for kind in way.roll_on)
    said = f"without {without}" if without else "with the first day and the last"
    return said + (f"; moves on from {ends}" if ends else "")
