"""A small log with a procedure, for tests of what the report tells of terms; its figures are counted by hand."""

from __future__ import annotations

import pandas as pd

import procmine as pm
from procmine.report.term_facts import TermFacts, measured_terms

TEXT = """
procedure: permit
country: RO
activities:
  - {name: Register, then: office}
  - {name: Ask, then: applicant}
  - {name: Complete, then: office}
  - {name: Decide, then: office}
closing: [{activity: Decide, outcome: approved}]
events: {registered: Register, asked: Ask, completed: Complete}
terms:
  - id: decision
    name: {en: Decision <on> a permit}
    base: By-law 7
    start: registered
    length: {n: 10}
    counting: eu-1182-71
    extend: [{by: {n: 5}, event: extended}]
    pauses: [{from: asked, until: completed, max_days: 20, source: By-law 7}]
    status: "unclear: what a day is"
    option: bridge
    options: {bridge: false}
"""

# Due 10 days after the start: the 15th for the first, Monday the 26th for those of the 14th.
EXPORT = [
    ("1", "Register", "2026-01-05", "North"),
    ("1", "Decide", "2026-01-15", "North"),
    ("2", "Register", "2026-01-05", "South"),  # due 15, decided 5 days late; 15 days of the office
    ("2", "Decide", "2026-01-20", "South"),
    ("3", "Register", "2026-01-14", "North"),  # asked for 30 days, 20 are lawful
    ("3", "Ask", "2026-01-15", "North"),
    ("3", "Complete", "2026-02-14", "North"),
    ("3", "Decide", "2026-03-02", "North"),
    ("4", "Register", "2026-02-02", "South"),  # open, due 12 February
    ("5", "Register", "2026-02-27", "South"),  # open, asked on the day after
    ("5", "Ask", "2026-02-28", "South"),
    ("6", "Ask", "2026-02-20", "South"),  # never registered
]


def log_of(
    rows: list[tuple[str, str, str, str]] = EXPORT, *, closed: str | None = "Decide"
) -> pm.EventLog:
    frame = pd.DataFrame(rows, columns=["case", "activity", "timestamp", "unit"])
    roles = {name: name for name in frame.columns}
    return pm.read(frame, **roles, tz="Europe/Bucharest", closed=closed)


def procedure_of(text: str = TEXT) -> pm.Procedure:
    return pm.Procedure.parse(text)


def facts_of(log: pm.EventLog, procedure: pm.Procedure, *, by: str | None = None) -> TermFacts:
    as_of = pd.Timestamp("2026-03-02 23:00", tz="Europe/Bucharest")
    return measured_terms(log, procedure, as_of=as_of, calendar=None, by=by, period="M")
