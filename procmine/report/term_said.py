"""Late by whose clock: what the terms say in plain sentences, and what was assumed to say it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from procmine.plot.one_term import term_names
from procmine.plot.units import counted
from procmine.procedure.term import Counting, Pause, Term
from procmine.report.readable import count, share
from procmine.report.term_facts import PAST_DUE, TermFacts, by_term, whose_days

FEW = 3
"""So many cases are named in a sentence."""
_DOUBTS = ("unclear", "unverified")
_OWNERS = {
    "office": "were the office's",
    "applicant": "the applicants'",
    "third party": "those of third parties",
}


def term_sentences(facts: TermFacts) -> list[str]:
    """Return what the terms say, those that matter most first."""
    if facts.table.empty:
        return ["No case of this log has one of the terms of the procedure."]
    past_due = whose_days(facts)
    past_due = past_due[past_due["group"] == PAST_DUE].set_index("term")
    sentences = [
        " ".join([_kept(row), *_open(facts, row), *_with_whom(past_due.loc[row["term"]])])
        for row in by_term(facts).to_dict("records")
    ]
    return [*sentences, *_excess(facts)]


def _kept(row: Mapping[Hashable, Any]) -> str:
    title = row["called"]
    if not row["decided"]:
        return f"{title}: no case has ended yet."
    if row["window"]:
        return (
            f"{title}: time to check, in which no decision is due. {counted(row['in_time'], 'case')} ended within it; "
            f"for {count(row['decided'] - row['in_time'])} it passed."
        )
    were = "was" if row["in_time"] == 1 else "were"
    silent = ", or that silence decided," if row["silent"] else ""
    said = (
        f"{title}: {count(row['in_time'])} of {counted(row['decided'], 'case')} that ended{silent} {were} in time "
        f"({share(row['share'])})"
    )
    if row["late"]:
        days = counted(round(row["late_by"]), "day")
        by = f"half of them by {days} or more" if row["late"] > 1 else f"by {days}"
        said += f"; {count(row['late'])} ended late, {by}"
    if row["silent"]:
        said += f"; {count(row['silent'])} were decided by silence, as the due date had passed"
    return f"{said}."


def _open(facts: TermFacts, row: Mapping[Hashable, Any]) -> Iterator[str]:
    if not row["open"]:
        return
    if row["window"]:
        yield f"For {counted(row['open'], 'open case')} it has not passed."
        return
    rows = facts.of(str(row["term"]))
    overdue = rows[rows["state"] == "overdue"]
    how_many = count(row["overdue"]) if row["overdue"] else "none"
    said = f"Of {counted(row['open'], 'open case')} {how_many} {_are(row['overdue'] or 1)} overdue"
    if len(overdue):
        said += f", the longest by {counted(int(overdue['days_late'].max()), 'day')}"
    if row["paused"]:
        said += f"; for {count(row['paused'])} the clock stands still lawfully"
    yield f"{said}."


def _with_whom(row: pd.Series) -> Iterator[str]:
    """Say whose the days were of the cases that are past their due date."""
    parts = [
        f"{share(row[owner])} {whose}"
        for owner, whose in _OWNERS.items()
        if row["days"] and row[owner]
    ]
    if parts:
        yield (
            f"Of the {count(row['days'])} days of the {counted(row['cases'], 'case')} that ran past the due date "
            f"{_and(parts)}."
        )


def _excess(facts: TermFacts) -> Iterator[str]:
    for name in facts.names:
        rows = facts.of(name)
        rows = rows[rows["excess_days"].fillna(0) > 0]
        if len(rows):
            yield (
                f"{facts.called(name)}: in {counted(len(rows), 'case')} the office let the clock stand longer than is "
                f"lawful, {counted(int(rows['excess_days'].sum()), 'day')} in all, which count as run "
                f"({_where(rows)})."
            )


def _where(rows: pd.DataFrame) -> str:
    """Name a few cases, or say where they stand."""
    cases = sorted(rows["case_id"].astype("str").unique())
    named = f"{'case' if len(cases) == 1 else 'cases'} {_and(cases)}"
    return named if len(cases) <= FEW else "excess_days in tables/terms.csv"


def assumptions(facts: TermFacts) -> list[str]:
    """Return what was assumed, or could not be known, when the terms were counted."""
    return [
        *_fallbacks(facts.named),
        *_unknown(facts.named),
        *_remarks(facts.named),
        *_unmapped(facts),
        *_doubtful(facts),
    ]


def _fallbacks(table: pd.DataFrame) -> Iterator[str]:
    for (name, event), n in _groups(table[table["start_fallback"]], "start_event"):
        yield (
            f"{name}: {counted(n, 'case')} {_are(n)} counted from “{event}”, because this log does not tell the event "
            "that starts the term."
        )


def _unknown(table: pd.DataFrame) -> Iterator[str]:
    for (name, reason), n in _groups(table[table["state"] == "unknown"], "reason"):
        yield f"{name}: {counted(n, 'case')} without a known due date, {reason}."


def _remarks(table: pd.DataFrame) -> Iterator[str]:
    each = table.assign(remarks=table["remarks"].astype("str").str.split("; ")).explode("remarks")
    for (name, remark), n in _groups(each[each["remarks"].notna()], "remarks"):
        yield f"{name}: {counted(n, 'case')} with the remark “{remark}”."


def _groups(rows: pd.DataFrame, column: str) -> Iterator[tuple[tuple[str, str], int]]:
    """Return how many rows each term and text have."""
    keys = pd.DataFrame({"term": term_names(rows), "said": rows[column].astype("str")})
    counts = keys.groupby(["term", "said"], sort=True).size().reset_index(name="n")
    for name, said, n in counts.itertuples(index=False):
        yield (name, said), n


def _unmapped(facts: TermFacts) -> Iterator[str]:
    """Say which events the procedure does not explain, those of the same terms together."""
    events: dict[tuple[str, ...], list[str]] = {}
    for event, names in sorted(facts.procedure.unmapped().items()):
        events.setdefault(tuple(names), []).append(f"“{event}”")
    for of_terms, named in events.items():
        they = "it plays" if len(named) == 1 else "they play"
        yield (
            f"The procedure does not say what {_and(named)} {_are(len(named))} in this log, so {they} no part in "
            f"{_and([facts.called(name) for name in of_terms])}."
        )


def _doubtful(facts: TermFacts) -> Iterator[str]:
    """Say what is unclear in the rules that were used, and how it was settled."""
    yield from dict.fromkeys(said for _, term, _ in facts.used() for said in _doubts(term))


def _doubts(term: Term) -> Iterator[str]:
    parts: tuple[Term | Counting | Pause, ...] = (term, term.counting, *term.pauses)
    settled = term.options.model_dump(exclude_none=True)
    named = [f"{name} is {str(value).lower()}" for name, value in settled.items()]
    how = f" Set in the procedure: {_and(named)}." if named else ""
    for part in parts:
        if any(word in part.status for word in _DOUBTS):
            yield f"{term.id}: {part.id if part is not term else 'the rule'} is {part.status}.{how}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _and(parts: list[str]) -> str:
    """Join words as in a sentence.

    >>> _and(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
