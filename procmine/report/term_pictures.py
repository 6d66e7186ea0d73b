"""The pictures of the section on terms, drawn of its tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from procmine.plot.units import counted
from procmine.report.picture import Picture, picture
from procmine.report.term_facts import SILENT, TermFacts
from procmine.report.term_rules import way_of

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

    called = terms.called(name)
    rows = terms.kpis[terms.kpis["term"] == name].assign(term=called)
    means = (
        f"{called}: what part of the cases ended in time, period by period. The line also counts the open cases that "
        f"were overdue, the dashed one only those that ended. {_ended(terms, name, rows)}."
    )
    return picture(f"on-time-{number}", lambda: plot_on_time(rows), means)


def _ended(terms: TermFacts, name: str, kpis: pd.DataFrame) -> str:
    """Say how many cases the shares in time are of; what silence decided is among them."""
    n = int(kpis.loc[kpis["kpi"] == "timeliness", "n"].sum())
    silent = terms.of(name)["state"].isin(SILENT).any()
    return f"n = {counted(n, 'case')} that ended{', or that silence decided' if silent else ''}"


def _days(terms: TermFacts, name: str, number: int) -> Picture:
    from procmine.plot import plot_days_against_term
    from procmine.plot.days_against_term import drawn

    rows = terms.of(name).assign(term=terms.called(name), phase=None)
    told = [
        f"{terms.called(name)}: how many days of the term the cases used, lawful pauses left out.",
        *(_window() if terms.is_window(name) else _hatched(rows)),
        *_limit(terms, name, rows),
        f"n = {counted(len(drawn(rows)), 'case')} drawn.",
    ]
    return picture(
        f"days-against-term-{number}", lambda: plot_days_against_term(rows), " ".join(told)
    )


def _window() -> Iterator[str]:
    yield "It is time to check, in which no decision is due: nothing is late when it has passed."


def _hatched(rows: pd.DataFrame) -> Iterator[str]:
    """Say what the hatching means, of the states that occur."""
    kinds = {"late": "ended late", "overdue": "still open", "deemed_": "decided by silence"}
    state = rows["state"].astype("str")
    found = [said for start, said in kinds.items() if state.str.startswith(start).any()]
    if found:
        yield (
            f"Hatched with lines is what is past the due date: {', or '.join(found)}. Holidays and extensions move "
            "that date."
        )
    if (state == "paused").any():
        yield "Dotted is what is paused lawfully."


def _limit(terms: TermFacts, name: str, rows: pd.DataFrame) -> Iterator[str]:
    """Say how the line follows from the length of the term."""
    from procmine.plot.days_against_term import usual_limit

    limit = usual_limit(rows) if len(rows) else None
    use, _, phase = name.partition(" / ")
    ways = {way_of(term) for id_, term, _ in terms.used() if id_ == use}
    if limit is None or phase or len(ways) != 1:
        return
    yield f"In most cases the last day is day {limit} (the line): {ways.pop()}."


def _by_key(terms: TermFacts, name: str, by: str) -> Picture:
    from procmine.plot import plot_on_time

    assert terms.kpis_by is not None
    table = terms.kpis_by
    called = terms.called(name)
    rows = table[table["term"] == name].assign(term=called)
    means = (
        f"{called}: what part of the cases ended in time, by {by}. Shares whose intervals overlap may differ by "
        f"chance alone. {_ended(terms, name, rows)}, in all groups."
    )
    return picture("on-time-by", lambda: plot_on_time(rows), means)


def _ageing(terms: TermFacts) -> Picture:
    from procmine.plot import plot_ageing
    from procmine.plot.ageing import drawn

    cases = drawn(terms.table)["case_id"].nunique()
    means = (
        "How old the open cases are, in days since the start of each term, and whether the clock runs, stands still "
        f"lawfully, or has run out. n = {counted(cases, 'case')}."
    )
    return picture("ageing", lambda: plot_ageing(terms.named), means)
