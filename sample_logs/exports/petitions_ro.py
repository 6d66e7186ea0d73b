"""petitions_ro.xlsx: a register of petitions with a sheet per year, as an office lays it out."""

from __future__ import annotations

from datetime import date
from typing import Any

from exports.figures import counted, elapsed_days, spread, waits
from exports.files import workbook_bytes
from exports.petitions import CLOSED, CUT_OFF, SOLVED, TZ, YEARS, Petition, Registry

NAME, SEED = "petitions_ro.xlsx", 27_2002
COLUMNS = (
    "Nr. înregistrare", "Data înregistrării", "Petent", "Conținut pe scurt", "Compartiment",
    "Termen", "Stadiu", "Data repartizării", "Data soluționării", "Data expedierii",
    "Mod rezolvare", "Nr. conexat", "Zile",
)  # fmt: skip
MILESTONES = ("Data înregistrării", "Data repartizării", "Data soluționării", "Data expedierii")
CEDILLA_YEAR, PAGED_YEAR = 2023, 2024
PAGE_ROWS, HEADER_ROW = 120, 5
CEDILLAS = str.maketrans("șțȘȚ", "şţŞŢ")
LEGEND = (
    ("LEGENDĂ", None), (None, None), ("Stadiu", "Semnificație"),
    ("în lucru", "petiția nu are încă răspuns"), ("prelungit", "termen prelungit cu 15 zile (art. 9)"),
    ("redirecționat", "trimisă în 5 zile autorității competente (art. 6^1)"),
    ("conexat", "același petent, aceeași problemă (art. 10)"),
    ("clasat", "anonimă sau repetată (art. 7, art. 10)"), ("anulat", "număr dat din eroare"),
)  # fmt: skip


def made() -> tuple[bytes, dict[str, Any]]:
    """Return the workbook and its truth."""
    registry = Registry(SEED)
    sheets = {year: registry.year(year) for year in YEARS}
    typed = _typed_as_text(registry, sheets[CEDILLA_YEAR])
    rows = {year: _rows(year, entries, typed) for year, entries in sheets.items()}
    return workbook_bytes(_book(rows)), _truth(sheets, rows, typed)


def _typed_as_text(registry: Registry, entries: list[Petition]) -> list[int]:
    """Return the numbers whose day of dispatch was typed as text, not as a date."""
    return [entry.number for entry in registry.draws.some([e for e in entries if e.sent], 3)]


def _rows(year: int, entries: list[Petition], typed: list[int]) -> list[list[Any]]:
    """Return the rows of a sheet, from the first row of Excel on."""
    numbered = [[*range(len(COLUMNS))]] if year == PAGED_YEAR else []
    rows: list[list[Any]] = [
        ["PRIMĂRIA ORAȘULUI VALEA ULMULUI"],
        ["REGISTRUL DE INTRARE-IEȘIRE A PETIȚIILOR"],
        [f"Anul {year}"],
        [],
        [*COLUMNS],
        *numbered,
    ]
    for place, entry in enumerate(entries):
        if year == PAGED_YEAR and place and place % PAGE_ROWS == 0:
            rows += [[], [*COLUMNS], *numbered]
        cells = _cells(entry, len(rows) + 1, as_text=year == CEDILLA_YEAR and entry.number in typed)
        rows.append(cells)
    rows.append([f"TOTAL petiții: {len(entries)}"])
    return [[_old_letters(cell) for cell in row] for row in rows] if year == CEDILLA_YEAR else rows


def _cells(entry: Petition, row: int, *, as_text: bool) -> list[Any]:
    sent: Any = entry.sent
    if as_text and entry.sent:
        sent = f"{entry.sent:%d.%m.%Y}"
    elif entry.state in CLOSED and entry.sent is None and entry.state != SOLVED:
        sent = "-"
    busy = entry.assigned is not None and entry.solved is None and entry.number % 3 == 0
    solved: Any = "în lucru" if busy else entry.solved
    days = f"=I{row}-B{row}" if entry.solved else None
    return [
        *(entry.number, entry.registered, entry.petitioner, entry.subject, entry.unit),
        *(entry.term, entry.state, entry.assigned, solved, sent),
        *(entry.answer or None, entry.joined_to, days),
    ]


def _old_letters(cell: Any) -> Any:
    return cell.translate(CEDILLAS) if isinstance(cell, str) else cell


def _book(sheets: dict[int, list[list[Any]]]) -> Any:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for year, rows in sheets.items():
        sheet = book.create_sheet(str(year))
        for row in rows:
            sheet.append(row)
        for line in (1, 2, 3):
            sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=len(COLUMNS))
        for cell in (cell for row in sheet.iter_rows(min_row=HEADER_ROW) for cell in row):
            if isinstance(cell.value, date):
                cell.number_format = "dd.mm.yyyy"
    legend = book.create_sheet("Legendă")
    for line in LEGEND:
        legend.append(line)
    return book


def _truth(
    sheets: dict[int, list[Petition]], rows: dict[int, list[list[Any]]], typed: list[int]
) -> dict[str, Any]:
    every = [entry for entries in sheets.values() for entry in entries]
    kept = [entry for entry in every if not entry.annulled]
    closed = [entry for entry in kept if entry.state in CLOSED]
    return {
        "tz": TZ,
        "precision": "day",
        "as_of": CUT_OFF.isoformat(),
        "shape": "wide: a row per case, a column per milestone; one sheet per year",
        "binding": {
            "case": ["sheet", "Nr. înregistrare"],
            "milestones": list(MILESTONES),
            "unit": "Compartiment",
            "closed": {"column": "Stadiu", "values": list(CLOSED)},
            "annulled": {"column": "Stadiu", "values": ["anulat"]},
            "sheets": [str(year) for year in YEARS],
        },
        "not_milestones": ["Termen"],
        "personal": {"Petent": "applicant", "Conținut pe scurt": "free text"},
        "columns": list(COLUMNS),
        "columns_with_cedilla": [_old_letters(name) for name in COLUMNS],
        "header_row": HEADER_ROW,
        "sheet_of_other_contents": "Legendă",
        "entries": len(every),
        "annulled": len(every) - len(kept),
        "cases": len(kept),
        "events": sum(day is not None for entry in kept for day in entry.milestones),
        "events_of": {
            name: sum(entry.milestones[place] is not None for entry in kept)
            for place, name in enumerate(MILESTONES)
        },
        "closed_cases": len(closed),
        "open_cases": len(kept) - len(closed),
        "states": counted(entry.state for entry in every),
        "units": counted(entry.unit for entry in kept),
        "joined": sum(entry.joined_to is not None for entry in kept),
        "anonymous": sum(entry.petitioner == "anonim" for entry in every),
        "formulas_without_value": sum(entry.solved is not None for entry in every),
        "cells_dash": sum(row[9] == "-" for row in _of_entries(rows)),
        "cells_at_work": sum(row[8] == "în lucru" for row in _of_entries(rows)),
        "dates_typed_as_text": {"sheet": str(CEDILLA_YEAR), "numbers": sorted(typed)},
        "assigned_on_the_day": sum(entry.assigned == entry.registered for entry in kept),
        "answers_on_friday": sum(e.sent is not None and e.sent.weekday() == 4 for e in kept),
        "waiting": _waiting(kept),
        "answered_after_the_term": sum(
            (e.sent or e.solved or e.registered) > e.term for e in closed if e.term
        ),
        "days_calendar": spread(_calendar_days(entry) for entry in closed),
        "days_elapsed": spread(
            elapsed_days(entry.registered, _last(entry), TZ) for entry in closed
        ),
        "sheets": {str(year): _sheet(year, sheets[year], rows[year]) for year in YEARS},
        "examples": _examples(sheets, rows),
    }


def _waiting(kept: list[Petition]) -> dict[str, Any]:
    """Return how long answers waited for the Friday; where that was a holiday they left before."""
    later = [(e, elapsed_days(e.solved, e.sent, TZ)) for e in kept if e.solved and e.sent]
    friday = [days for entry, days in later if entry.sent and entry.sent.weekday() == 4]
    return {
        "counted": "from the decision to the dispatch, where longer than 0, in elapsed days",
        "answers_on_friday": {"cause": "batching", "source": MILESTONES[2]}
        | {"activity": MILESTONES[3]}
        | waits(friday),
        "answers_on_all_days": waits(days for _, days in later),
    }


def _of_entries(rows: dict[int, list[list[Any]]]) -> list[list[Any]]:
    return [row for sheet in rows.values() for row in sheet if _is_entry(row)]


def _is_entry(row: list[Any]) -> bool:
    return len(row) == len(COLUMNS) and isinstance(row[1], date)


def _last(entry: Petition) -> date:
    return max(day for day in entry.milestones if day is not None)


def _calendar_days(entry: Petition) -> int:
    return (_last(entry) - entry.registered).days


def _sheet(year: int, entries: list[Petition], rows: list[list[Any]]) -> dict[str, Any]:
    used = {entry.number for entry in entries}
    headers = [n for n, row in enumerate(rows, 1) if row[:1] and "nregistrare" in str(row[0])]
    return {
        "rows": len(rows),
        "entries": len(entries),
        "first_row": rows.index(next(filter(_is_entry, rows))) + 1,
        "total": {"row": len(rows), "text": rows[-1][0]},
        "letters": "cedilla" if year == CEDILLA_YEAR else "comma below",
        "header_rows": headers,
        "numbering_rows": [n for n, row in enumerate(rows, 1) if row == [*range(len(COLUMNS))]],
        "blank_rows_after_header": [n for n, row in enumerate(rows, 1) if not row and n > 5],
        "last_number": entries[-1].number,
        "missing_numbers": [n for n in range(1, entries[-1].number) if n not in used],
        "backdated_numbers": [entry.number for entry in entries if entry.backdated],
        "annulled_numbers": [entry.number for entry in entries if entry.annulled],
        "open": sum(e.state not in CLOSED and not e.annulled for e in entries),
    }


def _examples(
    sheets: dict[int, list[Petition]], rows: dict[int, list[list[Any]]]
) -> list[dict[str, Any]]:
    """Return one entry of each state per year, as it must come out."""
    found = []
    for year, entries in sheets.items():
        for state in sorted({entry.state for entry in entries}):
            entry = next(entry for entry in entries if entry.state == state)
            row = next(
                n for n, r in enumerate(rows[year], 1) if _is_entry(r) and r[0] == entry.number
            )
            dates = [day.isoformat() if day else None for day in entry.milestones]
            found.append(
                {"sheet": str(year), "row": row, "number": entry.number, "state": state}
                | {"unit": entry.unit, "dates": dict(zip(MILESTONES, dates, strict=True))}
            )
    return found
