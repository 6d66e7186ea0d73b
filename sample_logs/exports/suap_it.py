"""suap_it.csv: practices in cp1252 with semicolons, dates by the day, sentinels and line breaks in cells."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from exports.draws import Draws
from exports.figures import counted, elapsed_days, spread, waits
from exports.practices import (
    ANNULLED,
    CLOSED,
    CUT_OFF,
    FILED,
    NOTICE_OF_CONFERENCE,
    OFFICES,
    OPEN,
    SILENT,
    TZ,
    WAITING,
    Practice,
    Shop,
)

NAME, SEED = "suap_it.csv", 160_2010
MILESTONES = (
    "Data presentazione", "Data avvio procedimento", "Data richiesta integrazioni",
    "Data integrazioni", "Data conferenza servizi", "Data provvedimento",
)  # fmt: skip
COLUMNS = (
    "Numero protocollo", "Tipo pratica", *MILESTONES, "Stato pratica", "Ufficio",
    "Responsabile del procedimento", "Codice fiscale", "Oggetto", "Importo",
)  # fmt: skip
NEVER, NOT_YET = "01/01/1900", "31/12/9999"


def made() -> tuple[bytes, dict[str, Any]]:
    """Return the CSV file and its truth."""
    practices = Shop(SEED).practices()
    chance = Draws(SEED + 1)
    rows = [_cells(practice, chance) for practice in practices]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([COLUMNS, *rows])
    return text.getvalue().encode("cp1252"), _truth(practices, rows)


def _cells(practice: Practice, chance: Draws) -> list[str]:
    return [
        *(practice.number, practice.kind, *_dates(practice, chance), practice.state),
        *(OFFICES[practice.kind], practice.official, practice.code, practice.subject),
        _euro(practice.cents),
    ]


def _dates(practice: Practice, chance: Draws) -> list[str]:
    """Write the dates; a missing one is empty, "-" or a date that stands for none."""
    cells = [_day(day) for day in practice.milestones]
    for place, empty in enumerate(cells):
        if not empty and not practice.annulled:
            cells[place] = chance.weighted({"": 0.72, "-": 0.2, NEVER: 0.08})
    if practice.decided is None and practice.state in (OPEN, WAITING):
        cells[-1] = chance.weighted({NOT_YET: 0.5, "": 0.5})
    elif practice.state == SILENT:
        cells[-1] = "-"
    return cells


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _euro(cents: int) -> str:
    """Write an amount as 1.234,56."""
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d}"


def _truth(practices: list[Practice], rows: list[list[str]]) -> dict[str, Any]:
    kept = [practice for practice in practices if not practice.annulled]
    decided = [p for p in kept if p.state in CLOSED and p.decided and not p.wrong_year]
    dates = [cell for row in rows for cell in row[2:8]]
    return {
        "tz": TZ,
        "precision": "day",
        "as_of": CUT_OFF.isoformat(),
        "shape": "wide: a row per case, a column per milestone",
        "encoding": "cp1252",
        "separator": ";",
        "line_end": "CRLF",
        "binding": {
            "case": "Numero protocollo",
            "milestones": list(MILESTONES),
            "resource": "Responsabile del procedimento",
            "unit": "Ufficio",
            "closed": {"column": "Stato pratica", "values": list(CLOSED)},
            "annulled": {"column": "Stato pratica", "values": [ANNULLED]},
        },
        "personal": {"Codice fiscale": "personal id", "Oggetto": "free text"},
        "columns": list(COLUMNS),
        "rows": len(rows),
        "annulled": sorted(p.number for p in practices if p.annulled),
        "cases": len(kept),
        "events": sum(day is not None for p in kept for day in p.milestones),
        "events_of": {
            name: sum(p.milestones[place] is not None for p in kept)
            for place, name in enumerate(MILESTONES)
        },
        "states": counted(p.state for p in practices),
        "kinds": counted(p.kind for p in kept),
        "units": counted(OFFICES[p.kind] for p in kept),
        "resources": len({p.official for p in kept}),
        "closed_cases": sum(p.state in CLOSED for p in kept),
        "open_cases": sum(p.state not in CLOSED for p in kept),
        "closed_without_date": sum(p.state in CLOSED and p.decided is None for p in kept),
        "silent_consent": sum(p.state == SILENT for p in kept),
        "wrong_year": [p.number for p in kept if p.wrong_year],
        "sentinels": {NEVER: dates.count(NEVER), NOT_YET: dates.count(NOT_YET)},
        "rows_with_sentinels": sum(NEVER in row or NOT_YET in row for row in rows),
        "cells_dash": dates.count("-"),
        "cells_empty": dates.count(""),
        "line_breaks_in_cells": sum("\n" in row[12] for row in rows),
        "lines_of_the_file": 1 + len(rows) + sum(row[12].count("\n") for row in rows),
        "amount_total": _euro(sum(p.cents for p in practices)),
        "amounts_with_thousands": sum(p.cents >= 100_000 for p in practices),
        "suspended": {
            "asked": sum(p.asked is not None for p in kept),
            "completed": sum(p.completed is not None for p in kept),
            "calendar_days": spread(d for p in kept if (d := p.suspended_days) is not None),
        },
        "waiting": _waiting(kept),
        "conferences_on_wednesday": sum(
            p.conference is not None and p.conference.weekday() == 2 for p in kept
        ),
        "days_calendar": spread((p.decided - p.presented).days for p in decided if p.decided),
        "days_elapsed": spread(
            elapsed_days(p.presented, p.decided, TZ) for p in decided if p.decided
        ),
        "days_elapsed_all_closed": spread(
            elapsed_days(min(days), max(days), TZ)
            for p in kept
            if p.state in CLOSED and (days := [day for day in p.milestones if day])
        ),
        "days_are_of": {
            "days_calendar": "cases closed with a date of decision that is not before their application",
            "days_elapsed": "the same",
            "days_elapsed_all_closed": "all closed cases, from their first date to their last",
        },
        "examples": _examples(practices, rows),
    }


def _waiting(kept: list[Practice]) -> dict[str, Any]:
    """Return how long practices waited for conferences, for the applicant and for the Friday.

    When a practice was ready to be decided stands in no column of the export.
    """
    asked = [p for p in kept if p.asked]
    conferences = [
        (max(d for d in (p.begun, p.completed) if d), p.conference) for p in kept if p.conference
    ]
    held = [p for p in kept if p.decided and p.ready and not p.wrong_year]
    return {
        "counted": "in elapsed days, where longer than 0",
        "conferences": {"cause": "batching", "activity": MILESTONES[4]}
        | {
            "from_the_complete_practice": waits(elapsed_days(a, b, TZ) for a, b in conferences),
            "from_the_end_of_the_notice": waits(
                elapsed_days(a + NOTICE_OF_CONFERENCE, b, TZ) for a, b in conferences
            ),
        },
        "applicant": {"cause": "external", "source": MILESTONES[2]}
        | {
            "completed": waits(
                elapsed_days(p.asked, p.completed, TZ) for p in asked if p.asked and p.completed
            ),
            "filed_without_answer": waits(
                elapsed_days(p.asked, p.decided, TZ)
                for p in asked
                if p.asked and p.decided and p.state == FILED
            ),
        },
        "decisions_held_until_friday": {"source_is": "the day on which it was ready"}
        | {"activity": MILESTONES[5]}
        | waits(elapsed_days(p.ready, p.decided, TZ) for p in held if p.ready and p.decided),
    }


def _examples(practices: list[Practice], rows: list[list[str]]) -> list[dict[str, Any]]:
    """Return one practice of each kind and state, as it must come out."""
    found = {}
    for place, practice in enumerate(practices):
        dates = [day.isoformat() if day else None for day in practice.milestones]
        found.setdefault(
            (practice.kind, practice.state),
            {"row": place + 2, "number": practice.number, "kind": practice.kind}
            | {"state": practice.state, "suspended_days": practice.suspended_days}
            | {"code": practice.code, "amount": rows[place][-1], "subject": practice.subject}
            | {"dates": dict(zip(MILESTONES, dates, strict=True))},
        )
    return [found[key] for key in sorted(found)]
