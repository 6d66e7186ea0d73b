"""By which rules the terms were counted: the table of them, and how a rule is put into words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from procmine.plot.units import counted
from procmine.procedure.term import Counting, Length, Term
from procmine.report.readable import NOT_KNOWN
from procmine.report.tables import Column, HtmlTable, html_table
from procmine.report.term_facts import TermFacts

_NEVER = {"sat": "Saturdays", "sun": "Sundays", "holiday": "holidays", "equated": "equated days"}


def rules_table(facts: TermFacts) -> HtmlTable:
    """Return by which rule, in which version, the terms were counted, and how far that rule is settled."""
    rows = [_rule(facts, use, term, cases) for use, term, cases in facts.used()]
    columns = (
        Column("called", "Term", "name"),
        Column("rule", "Rule"),
        Column("law", "Law"),
        Column("length", "Length"),
        Column("counted", "Counted"),
        Column("status", "Status"),
        Column("source", "Source"),
        Column("cases", "Cases", "count"),
    )
    return html_table(pd.DataFrame(rows), columns, name="rules", caption="By which rules")


def _rule(facts: TermFacts, use: str, term: Term, cases: int) -> dict[str, Any]:
    rule = term.version or term.id
    return {
        "called": facts.called(use),
        "rule": rule if use == term.id else f"{use}: {rule}",
        "law": facts.procedure.text(term.base) or NOT_KNOWN,
        "length": "; ".join(_lengths(term)),
        "counted": _counted(term.counting),
        "status": term.status or NOT_KNOWN,
        "source": term.source or "the procedure",
        "cases": cases,
    }


def way_of(term: Term) -> str:
    """Say how long a term is and how it is counted."""
    return f"{'; '.join(_lengths(term))}, {_counted(term.counting)}"


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
