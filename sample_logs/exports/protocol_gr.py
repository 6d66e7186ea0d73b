"""protocol_gr.xlsx: a protocol book with a header of two rows, dates and times of day apart."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Any

from exports.figures import counted, elapsed_days, spread, waits
from exports.files import workbook_bytes
from exports.papers import (
    AMBIGUOUS,
    CLOSING,
    CUT_OFF,
    MISSING,
    NON_EXISTENT,
    SENT,
    SIGNED,
    SUPPLY,
    TZ,
    Movement,
    Municipality,
    Paper,
)

NAME, SEED = "protocol_gr.xlsx", 2690_1999
GROUPS = {
    "Εισερχόμενο": ("Αρ. Πρωτ.", "Ημερομηνία", "Ώρα", "Είδος"),
    "Διεκπεραίωση": ("Ενέργεια", "Τμήμα", "Χειριστής"),
}
ALONE = "Παρατηρήσεις"  # merged over both rows of the header
COLUMNS = [*(name for names in GROUPS.values() for name in names), ALONE]
HEADER_ROW, PAGE_ROWS, SHEET = 4, 600, "Πρωτόκολλο"
CAPITALS = ("Φώτης Πετροβούνης", "Στρατής Ανεμογιάννης")  # write in capitals, which have no tonos
NO_TONOS = ("Λάμπρος Ξυλοκάστρης",)  # leaves the tonos out


def made() -> tuple[bytes, dict[str, Any]]:
    """Return the workbook and its truth."""
    papers = Municipality(SEED).papers()
    rows = _rows(papers)
    return workbook_bytes(_book(rows)), _truth(papers, rows)


def spelt(movement: Movement) -> str:
    """Return the action as its clerk writes it."""
    plain = unicodedata.normalize("NFD", movement.action)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if movement.clerk in CAPITALS:
        return plain.upper()
    return plain if movement.clerk in NO_TONOS else movement.action


Row = Movement | list[Any]


def _rows(papers: list[Paper]) -> list[Row]:
    """Return the rows from the first row of Excel on: movements, and what stands between them."""
    movements = [movement for paper in papers for movement in paper.movements]
    movements.sort(key=lambda movement: (movement.at, movement.paper.number))
    rows: list[Row] = [["ΔΗΜΟΣ ΑΝΩ ΚΑΛΑΜΙΑΣ"], ["ΒΙΒΛΙΟ ΠΡΩΤΟΚΟΛΛΟΥ 2024-2025"], []]
    rows += _header()
    on_page = 0
    for place, movement in enumerate(movements):
        before = movements[place - 1] if place else movement
        if movement.at.year != before.at.year:
            rows.append(_total(movements, before.at.year))
        if movement.at.month != before.at.month:
            rows.append([])
        if on_page == PAGE_ROWS:
            rows += _header()
            on_page = 0
        rows.append(movement)
        on_page += 1
    return [*rows, _total(movements, movements[-1].at.year)]


def _header() -> list[Row]:
    groups = [[group, *[None] * (len(names) - 1)] for group, names in GROUPS.items()]
    return [[*(cell for group in groups for cell in group), ALONE], [*COLUMNS[:-1], None]]


def _total(movements: list[Movement], year: int) -> Row:
    return [f"Σύνολο {year}", None, None, None, sum(m.at.year == year for m in movements)]


def _cells(movement: Movement) -> list[Any]:
    return [
        *(movement.paper.number, movement.at.date()),
        *(movement.at.time() if movement.timed else None, movement.paper.kind),
        *(spelt(movement), movement.unit, movement.clerk, movement.remark or None),
    ]


def _book(rows: list[Row]) -> Any:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    for number, row in enumerate(rows, 1):
        sheet.append(_cells(row) if isinstance(row, Movement) else row)
        if isinstance(row, Movement):
            sheet.cell(number, 2).number_format = "dd/mm/yyyy"
            sheet.cell(number, 3).number_format = "hh:mm"
        elif row[:1] == ["Εισερχόμενο"]:
            for span in (
                f"A{number}:D{number}",
                f"E{number}:G{number}",
                f"H{number}:H{number + 1}",
            ):
                sheet.merge_cells(span)
    for line in ("A1:H1", "A2:H2"):
        sheet.merge_cells(line)
    return book


def _truth(papers: list[Paper], rows: list[Row]) -> dict[str, Any]:
    movements = [movement for paper in papers for movement in paper.movements]
    timed = [p for p in papers if p.closed and p.movements[-1].timed]
    return {
        "tz": TZ,
        "precision": "minute",
        "as_of": CUT_OFF.isoformat(sep=" ", timespec="minutes"),
        "shape": "event log: a row per movement; date and time of day in two columns",
        "binding": {
            "case": "Εισερχόμενο Αρ. Πρωτ.",
            "activity": "Διεκπεραίωση Ενέργεια",
            "timestamp": ["Εισερχόμενο Ημερομηνία", "Εισερχόμενο Ώρα"],
            "resource": "Διεκπεραίωση Χειριστής",
            "unit": "Διεκπεραίωση Τμήμα",
            "closed": list(CLOSING),
            "header": [HEADER_ROW, HEADER_ROW + 1],
        },
        "closing_as_written": sorted({spelt(m) for m in movements if m.action in CLOSING}),
        "groups": {group: list(names) for group, names in GROUPS.items()},
        "columns": COLUMNS,
        "sheet": SHEET,
        "rows_of_the_sheet": len(rows),
        "header_rows": [n for n, row in enumerate(rows, 1) if _begins(row, "Εισερχόμενο")],
        "blank_rows": [n for n, row in enumerate(rows, 1) if row == [] and n > HEADER_ROW],
        "totals": [
            {"row": n, "text": row[0], "count": row[4]}
            for n, row in enumerate(rows, 1)
            if not isinstance(row, Movement) and _begins(row, "Σύνολο")
        ],
        "cases": len(papers),
        "events": len(movements),
        "closed_cases": sum(paper.closed for paper in papers),
        "open_cases": sum(not paper.closed for paper in papers),
        "activities": counted(movement.action for movement in movements),
        "activities_as_written": counted(spelt(movement) for movement in movements),
        "units": counted(movement.unit for movement in movements),
        "resources": len({movement.clerk for movement in movements}),
        "kinds": counted(paper.kind for paper in papers),
        "events_without_time_of_day": sorted(
            n for n, row in enumerate(rows, 1) if isinstance(row, Movement) and not row.timed
        ),
        "ambiguous_times": [f"{moment:%Y-%m-%d %H:%M}" for moment in AMBIGUOUS],
        "non_existent_times": [f"{moment:%Y-%m-%d %H:%M}" for moment in NON_EXISTENT],
        "ties": sum(
            a.at == b.at
            for paper in papers
            for a, b in zip(paper.movements, paper.movements[1:], strict=False)
        ),
        "sent_in_batches_at_13": sum(bool(m.remark) and m.action in CLOSING for m in movements),
        "waiting": _waiting(papers),
        "cases_with_requests": sum(paper.done("Αίτημα συμπλήρωσης") > 0 for paper in papers),
        "days_elapsed": spread(
            elapsed_days(p.movements[0].at, p.movements[-1].at, TZ)
            for p in timed
            if p.registered not in (*AMBIGUOUS, *NON_EXISTENT)
        ),
        "days_are_of": "closed cases that begin at a time that occurs once, and whose last time of day is known",
        "examples": _examples(papers, rows),
    }


def _waiting(papers: list[Paper]) -> dict[str, Any]:
    """Return how long decisions waited for the batch of Friday, and the office for the applicant."""
    pairs = [pair for paper in papers for pair in pairwise(paper.movements)]
    batch = [(a, b) for a, b in pairs if b.action == SENT and b.remark]
    applicant = [(a, b) for a, b in pairs if (a.action, b.action) == (MISSING, SUPPLY)]
    return {
        "counted": "from the movement before to the movement, where longer than 0 and both have a time of day",
        "batch_of_friday_at_13": {"cause": "batching", "source": SIGNED, "activity": SENT}
        | _timed_waits(batch),
        "applicant": {"cause": "external", "source": MISSING, "activity": SUPPLY}
        | _timed_waits(applicant),
    }


def _timed_waits(pairs: list[tuple[Movement, Movement]]) -> dict[str, float]:
    timed = [(a, b) for a, b in pairs if a.timed and b.timed]
    found = waits(elapsed_days(a.at, b.at, TZ) for a, b in timed)
    return found | {"without_time_of_day": len(pairs) - len(timed)}


def _begins(row: Row, text: str) -> bool:
    return not isinstance(row, Movement) and str(row[:1]).startswith(f"['{text}")


def _examples(papers: list[Paper], rows: list[Row]) -> list[dict[str, Any]]:
    """Return the first case, the first that went round twice, and those of the clock changes."""
    chosen = [
        papers[0],
        next(paper for paper in papers if paper.done("Αίτημα συμπλήρωσης") == 2),
        *(paper for paper in papers if paper.registered in (*AMBIGUOUS, *NON_EXISTENT)),
    ]
    places = {id(row): n for n, row in enumerate(rows, 1) if isinstance(row, Movement)}
    return [
        {"case": paper.number, "closed": paper.closed}
        | {"rows": [places[id(m)] for m in paper.movements]}
        | {"actions": [spelt(m) for m in paper.movements]}
        | {"times": [f"{m.at:%Y-%m-%d %H:%M}" for m in paper.movements]}
        for paper in chosen
    ]
