"""The tables of the section on terms: what was kept, whose days it took, what is at risk, and by which rules."""

from __future__ import annotations

from dataclasses import replace

from procmine.plot.one_term import term_names
from procmine.plot.units import counted
from procmine.report.tables import Cell, Column, HtmlTable, html_table
from procmine.report.term_facts import ALL, OWNERS, TermFacts, by_term, whose_days
from procmine.report.term_rules import rules_table

MOST_AT_RISK = 10
_SELDOM = ("silent", "passed", "withdrawn")
"""Columns that are left out where no case of any term belongs in them."""


def term_tables(facts: TermFacts | None) -> list[HtmlTable]:
    """Return the tables of the terms, none where no procedure is given."""
    if facts is None or facts.table.empty:
        return []
    return [_kept(facts), _days(facts), _at_risk(facts), rules_table(facts)]


def _kept(facts: TermFacts) -> HtmlTable:
    columns: tuple[Column, ...] = (
        Column("called", "Term", "name"),
        Column("decided", "Ended", "count", "cases whose term ended, or that silence decided"),
        Column("in_time", "In time", "count", "of those, by the due date"),
        Column("share", "Share in time", "share"),
        Column("late", "Late", "count", "ended after the due date"),
        Column("late_by", "Late by, median", "days", "of those that ended late"),
        Column("silent", "By silence", "count", "decided by silence, as the due date had passed"),
        Column("passed", "Time passed", "count", "cases whose time to check passed"),
        Column("open", "Open", "count"),
        Column("overdue", "Overdue", "count", "open after the due date"),
        Column("paused", "Paused", "count", "open, and the clock stands still lawfully"),
        Column("withdrawn", "With-drawn", "count"),
        Column("unknown", "Not known", "count", "cases without a known due date"),
    )
    n = counted(facts.table["case_id"].nunique(), "case")
    table = by_term(facts)
    empty = {name for name in _SELDOM if not table[name].fillna(0).any()}
    columns = tuple(column for column in columns if column.source not in empty)
    return html_table(table, columns, name="terms", caption=f"How the terms were kept (n = {n})")


def _days(facts: TermFacts) -> HtmlTable:
    columns = (
        Column("called", "Term", "name"),
        Column("group", "Of", "short"),
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
    table = table[(table["group"] == ALL) | (table["cases"] > 0)]
    caption = "Whose days those were (calendar days; a case counts in each of its terms)"
    return html_table(table, columns, name="whose-days", caption=caption)


def _at_risk(facts: TermFacts) -> HtmlTable:
    """Return the open cases that are most overdue, and after them those that will most likely end late."""
    table = facts.at_risk
    late = table["days_late"].fillna(0)
    names = term_names(table).map(facts.called)
    ranked = table.assign(term=names, late=late, chance_=table["chance"].fillna(-1.0))
    ranked = ranked.sort_values(["late", "chance_", "case_id"], ascending=[False, False, True])
    ranked["due"] = ranked["due"].dt.strftime("%Y-%m-%d")
    ranked["owner"] = ranked["owner"].astype("str").str.replace("_", " ")
    ranked["n"] = ranked["n"].where(ranked["state"] != "overdue")
    columns = (
        Column("case_id", "Case", "name"),
        Column("term", "Term"),
        Column("state", "Clock"),
        Column("owner", "With whom"),
        Column("due", "Due", "short"),
        Column("days_late", "Days late", "count"),
        Column("days_left", "Days left", "count", "of a paused case: once its clock runs again"),
        Column(
            "chance",
            "Chance to end late",
            "share",
            "of the cases that ran as long as this one, how many ended late",
        ),
        Column(
            "n", "n", "count", "cases that ran longer than this one so far: the chance is of these"
        ),
    )
    cases = counted(table["case_id"].nunique(), "case")
    return _told_late(
        html_table(
            ranked,
            columns,
            name="at-risk",
            caption=f"Open terms that need somebody first ({counted(len(table), 'open term')} of {cases})",
            most=MOST_AT_RISK,
            file="tables/at_risk.csv",
            what="open terms",
        )
    )


def _told_late(table: HtmlTable) -> HtmlTable:
    """Say of what is overdue that it is late: a fact, and no chance."""
    sources = [column.source for column in table.columns]
    state, chance = sources.index("state"), sources.index("chance")
    rows = [
        [
            Cell("is late", cell.key) if place == chance and row[state].text == "overdue" else cell
            for place, cell in enumerate(row)
        ]
        for row in table.rows
    ]
    return replace(table, rows=rows)
