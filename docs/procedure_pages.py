"""What the page on procedures shows: a whole example, the keys of each part, and common mistakes with what is told."""

from __future__ import annotations

from procmine.errors import ProcedureError
from procmine.procedure import Procedure
from procmine.procedure.keys import KEYS

EXAMPLE = """\
# yaml-language-server: $schema=procedure.schema.json
procedure: building_permit
name: {ro: Autorizație de construire, en: Building permit}
legal_basis: Legea 50/1991
country: RO
calendar: {country: RO, hours: {mon-thu: "08:00-16:30", fri: "08:00-14:00"}}

activities:                       # as the log spells them
  - {name: Înregistrare cerere, unit: Registratură, then: office}
  - {name: Returnare dosar, then: applicant}
  - {name: Completare dosar, aliases: [Completări], then: office}
  - {name: Aviz ISU, then: third_party}
  - {name: Aviz DSP, then: third_party}
  - Eliberare autorizație
  - Respingere cerere

flow:
  - Înregistrare cerere
  - {optional: [Returnare dosar, Completare dosar], repeatable: true}
  - {parallel: [Aviz ISU, Aviz DSP]}
  - {choice: [Eliberare autorizație, Respingere cerere]}

closing:
  - {activity: Eliberare autorizație, outcome: approved}
  - {activity: Respingere cerere, outcome: refused}

events:                           # what the words of the law are in this log
  registered: Înregistrare cerere
  file_complete: Înregistrare cerere
  returned: Returnare dosar
  refiled: Completare dosar

terms:
  - term: ro.building_permit      # a shipped rule, as it is
    status: checked               # our lawyers read it: no more warnings
  - id: opinions                  # a term of our own
    kind: internal
    start: registered
    length: {n: 10, unit: working_day}
    counting: ro-working-days
"""
MISTAKES = (
    ("unit: working_day}", "unit: working_days}"),
    ("    length: {n: 10, unit: working_day}", "    lenght: {n: 10, unit: working_day}"),
    ("term: ro.building_permit ", "term: ro.bulding_permit "),
    ("  refiled: Completare dosar", "  refiled: Completare dosare"),
    ("outcome: refused", "outcome: rejected"),
    ("    start: registered\n", ""),
    ("  - Respingere cerere\n\nflow", "  - Aviz DSP\n\nflow"),
    ("procedure: building_permit", "procedure: 50"),
    ("length: {n: 10, unit", "length: {n: '10', unit"),
    (
        "    status: checked               # our lawyers read it: no more warnings",
        "    valid_to: 2026-06-31",
    ),
    ("legal_basis: Legea 50/1991", "legal_basis: Legea: 50/1991"),
    ("  refiled: Completare", "\trefiled: Completare"),
    ("country: RO\ncal", "country: RO\ncountry: IT\ncal"),
    ("    kind: internal\n", "    kind: internal\n    silence: no\n"),
)
"""One part of the example each, and what a slip makes of it."""
PARTS = {
    "Procedure": "The whole",
    "Activity": "An activity",
    "FlowPart": "A part of the flow",
    "Closing": "A closing",
    "OutcomeSource": "How cases went out",
    "EventSource": "An event",
    "Period": "The period of an event",
    "AttributeSource": "An attribute",
    "Term": "A term",
    "Length": "A length",
    "Start": "A start",
    "Pause": "A pause",
    "Extension": "An extension",
    "Replacement": "A replacement",
    "Phase": "A phase",
    "Variant": "A variant",
    "Except": "An exception to silence",
    "Compare": "A comparison",
    "Options": "Options",
    "Counting": "A way of counting",
    "Minimum": "A minimum of working days",
    "Limits": "Limits",
    "CalendarFields": "A calendar",
}
"""The parts of a file in the order of the page, and what the page calls them."""


def example() -> str:
    """Return the example as a block."""
    return f"```yaml\n{EXAMPLE}```\n"


def keys() -> str:
    """Return a table of keys for each part."""
    return "\n".join(_table(part, title) for part, title in PARTS.items())


def mistakes() -> str:
    """Return each mistake: the line as it was written, and what is told."""
    return "\n".join(_mistake(old, new) for old, new in MISTAKES)


def refused(text: str) -> str:
    """Return what a procedure is refused with."""
    try:
        Procedure.parse(text, source="permit.yaml")
    except ProcedureError as error:
        return str(error)
    raise ValueError("this is no mistake")


def _table(part: str, title: str) -> str:
    rows = [f"| `{key}` | {told} |" for key, told in KEYS[part].items()]
    return "\n".join([f"**{title}**", "", "| key | it means |", "|---|---|", *rows, ""])


def _mistake(old: str, new: str) -> str:
    """Show the lines that the slip changed (or took away), and the message."""
    if EXAMPLE.count(old) != 1:
        raise ValueError(f"not once in the example: {old!r}")
    text = EXAMPLE.replace(old, new)
    before, after = EXAMPLE.splitlines(), text.splitlines()
    changed = [line for line in after if line not in before]
    gone = [line for line in before if line not in after]
    shown = changed or [f"{line}    # taken out" for line in gone]
    lines = "\n".join(shown).replace("\t", "→")
    return f"```text\n{lines}\n```\n```text\n{refused(text)}\n```\n"
