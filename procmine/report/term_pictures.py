"""The pictures of the section on terms, drawn of its tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from procmine.plot.units import counted
from procmine.report.picture import Picture, picture
from procmine.report.term_facts import OPEN, TermFacts

if TYPE_CHECKING:
    from procmine.report.facts import Facts, Say

MOST_TERMS = 3
"""Terms with pictures of their own: the first of the procedure."""


def term_pictures(facts: Facts, say: Say) -> Iterator[Picture]:
    """Draw the pictures of the terms, none where no procedure is given."""
    terms = facts.terms
    if terms is None or terms.table.empty:
        return
    say("drawing the terms")
    for number, name in enumerate(terms.names[:MOST_TERMS]):
        if not terms.is_window(name):
            yield _on_time(terms, name, number)
        yield _days(terms, name, number)
    judged = [name for name in terms.names if not terms.is_window(name)]
    if terms.kpis_by is not None and judged:
        yield _by_key(terms, judged[0], facts.by or "")
    yield _ageing(terms)


def _on_time(terms: TermFacts, name: str, number: int) -> Picture:
    from procmine.plot import plot_on_time

    rows = terms.kpis[terms.kpis["term"] == name]
    n = int(rows.loc[rows["kpi"] == "timeliness", "n"].sum())
    means = (
        f"{name}: what part of the cases ended in time, period by period. The line also counts the open cases that "
        f"were overdue, the dashed one only those that ended. n = {counted(n, 'case')} that ended."
    )
    return picture(f"on-time-{number}", lambda: plot_on_time(rows), means)


def _days(terms: TermFacts, name: str, number: int) -> Picture:
    from procmine.plot import plot_days_against_term

    rows = terms.of(name)
    means = (
        f"{name}: how many days of the term the cases used, lawful pauses left out. Hatched is late by the due date, "
        f"which holidays and extensions move. n = {counted(len(rows), 'case')}."
    )
    return picture(f"days-against-term-{number}", lambda: plot_days_against_term(rows), means)


def _by_key(terms: TermFacts, name: str, by: str) -> Picture:
    from procmine.plot import plot_on_time

    assert terms.kpis_by is not None
    table = terms.kpis_by
    rows = table[table["term"] == name]
    n = int(rows.loc[rows["kpi"] == "timeliness", "n"].sum())
    means = (
        f"{name}: what part of the cases ended in time, by {by}. Shares whose intervals overlap may differ by "
        f"chance alone. n = {counted(n, 'case')} that ended."
    )
    return picture("on-time-by", lambda: plot_on_time(rows), means)


def _ageing(terms: TermFacts) -> Picture:
    from procmine.plot import plot_ageing

    cases = terms.table.loc[terms.table["state"].isin(OPEN), "case_id"].nunique()
    means = (
        "How old the open cases are, in days since the start of each term, and whether the clock runs, stands still "
        f"lawfully, or has run out. n = {counted(cases, 'case')}."
    )
    return picture("ageing", lambda: plot_ageing(terms.table), means)
