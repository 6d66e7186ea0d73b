"""What is in petitions_ro.xlsx is what its truth says, read with openpyxl alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

openpyxl = pytest.importorskip("openpyxl", reason="reads the workbook")

COMMA_BELOW = str.maketrans("şţŞŢ", "șțȘȚ")
Truth = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One entry, with the row of Excel on which it stands."""

    sheet: str
    row: int
    cells: tuple[Any, ...]

    @property
    def number(self) -> int:
        return self.cells[0]

    @property
    def state(self) -> str:
        return folded(self.cells[6])

    @property
    def dates(self) -> list[date | None]:
        """The four milestones as they are meant: text typed for a date is one, a remark is none."""
        return [as_date(self.cells[place]) for place in (1, 7, 8, 9)]

    @property
    def days(self) -> list[date]:
        return [day for day in self.dates if day is not None]


def folded(text: str) -> str:
    return text.translate(COMMA_BELOW)


def as_date(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, str) and cell[:1].isdigit():
        return datetime.strptime(cell, "%d.%m.%Y").date()
    return None


@pytest.fixture(scope="module")
def truth(truth_of: Callable[[str], Truth]) -> Truth:
    return truth_of("petitions_ro")


@pytest.fixture(scope="module")
def book(folder: Path, truth: Truth) -> dict[str, list[tuple[Any, ...]]]:
    found = openpyxl.load_workbook(folder / truth["file"])
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in found}


@pytest.fixture(scope="module")
def entries(book: dict[str, list[tuple[Any, ...]]], truth: Truth) -> list[Entry]:
    return [
        Entry(name, row, cells)
        for name in truth["sheets"]
        for row, cells in enumerate(book[name], 1)
        if isinstance(cells[0], int) and isinstance(cells[1], datetime)
    ]


@pytest.fixture(scope="module")
def kept(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.state != "anulat"]


@pytest.fixture(scope="module")
def closed(kept: list[Entry], truth: Truth) -> list[Entry]:
    return [entry for entry in kept if entry.state in truth["binding"]["closed"]["values"]]


def test_there_is_a_sheet_per_year_and_one_of_other_contents(
    book: dict[str, list[tuple[Any, ...]]], truth: Truth
) -> None:
    assert list(book) == [*truth["binding"]["sheets"], truth["sheet_of_other_contents"]]
    assert max(len(row) for row in book[truth["sheet_of_other_contents"]]) == 2


def test_the_entries_and_their_states_are_those_of_the_truth(
    entries: list[Entry], kept: list[Entry], closed: list[Entry], truth: Truth
) -> None:
    assert len(entries) == truth["entries"]
    assert len(kept) == truth["cases"]
    assert len(entries) - len(kept) == truth["annulled"]
    assert len(closed) == truth["closed_cases"]
    assert len(kept) - len(closed) == truth["open_cases"]
    assert Counter(entry.state for entry in entries) == truth["states"]
    assert Counter(folded(entry.cells[4]) for entry in kept) == truth["units"]
    assert sum(entry.cells[2] == "anonim" for entry in entries) == truth["anonymous"]
    assert sum(entry.cells[11] is not None for entry in kept) == truth["joined"]


def test_the_dates_are_those_of_the_truth(kept: list[Entry], truth: Truth) -> None:
    counts = [
        sum(day is not None for day in column)
        for column in zip(*(e.dates for e in kept), strict=True)
    ]
    assert dict(zip(truth["binding"]["milestones"], counts, strict=True)) == truth["events_of"]
    assert sum(counts) == truth["events"]
    assert all(entry.days == sorted(entry.days) for entry in kept)
    assert max(day for entry in kept for day in entry.days) <= date.fromisoformat(truth["as_of"])
    on_friday = sum(e.dates[3] is not None and e.dates[3].weekday() == 4 for e in kept)
    assert on_friday == truth["answers_on_friday"] > 0.6 * truth["events_of"]["Data expedierii"]
    assert sum(e.dates[0] == e.dates[1] for e in kept) == truth["assigned_on_the_day"]


def test_the_days_to_an_answer_are_those_of_the_truth(
    closed: list[Entry], truth: Truth, spread: Callable[[Iterable[float]], Any]
) -> None:
    zone = ZoneInfo(truth["tz"])

    def elapsed(entry: Entry) -> float:
        first, last = (
            datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
            for day in (min(entry.days), max(entry.days))
        )
        return (last - first) / 86_400

    assert truth["days_calendar"] == spread(
        (max(entry.days) - min(entry.days)).days for entry in closed
    )
    assert truth["days_elapsed"] == spread(map(elapsed, closed))
    late = sum(max(entry.days) > entry.cells[5].date() for entry in closed)
    assert late == truth["answered_after_the_term"]


def test_the_waits_for_the_friday_are_those_of_the_truth(
    kept: list[Entry], truth: Truth, waits: Callable[[Iterable[float]], Any]
) -> None:
    zone, planted = ZoneInfo(truth["tz"]), truth["waiting"]

    def midnight(day: date) -> float:
        return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() / 86_400

    pairs = [(e.dates[2], e.dates[3]) for e in kept]
    both = [(solved, sent) for solved, sent in pairs if solved and sent]
    friday = [midnight(sent) - midnight(solved) for solved, sent in both if sent.weekday() == 4]
    found = planted["answers_on_friday"]
    assert {key: found[key] for key in ("waits", "days", "median_days")} == waits(friday)
    assert len(friday) == truth["answers_on_friday"]
    assert planted["answers_on_all_days"] == waits(midnight(b) - midnight(a) for a, b in both)


def test_what_is_written_for_a_date_is_planted_where_the_truth_says(
    entries: list[Entry], truth: Truth
) -> None:
    assert sum(entry.cells[9] == "-" for entry in entries) == truth["cells_dash"]
    assert sum(entry.cells[8] == "în lucru" for entry in entries) == truth["cells_at_work"]
    typed = [e for e in entries if isinstance(e.cells[9], str) and e.cells[9] != "-"]
    assert {entry.sheet for entry in typed} == {truth["dates_typed_as_text"]["sheet"]}
    assert [entry.number for entry in typed] == truth["dates_typed_as_text"]["numbers"]


def test_the_column_of_days_holds_formulas_without_values(
    folder: Path, entries: list[Entry], truth: Truth
) -> None:
    formulas = [entry for entry in entries if entry.cells[12] is not None]
    assert [e.cells[12] for e in formulas] == [f"=I{e.row}-B{e.row}" for e in formulas]
    assert len(formulas) == truth["formulas_without_value"]
    values = openpyxl.load_workbook(folder / truth["file"], data_only=True)
    assert all(values[e.sheet].cell(e.row, 13).value is None for e in formulas)


@pytest.mark.parametrize("year", ["2023", "2024", "2025"])
def test_a_sheet_is_laid_out_as_the_truth_says(
    book: dict[str, list[tuple[Any, ...]]], entries: list[Entry], truth: Truth, year: str
) -> None:
    rows, planted = book[year], truth["sheets"][year]
    own = [entry for entry in entries if entry.sheet == year]
    header = tuple(truth["columns"])
    places = [n for n, row in enumerate(rows, 1) if tuple(folded(str(c)) for c in row) == header]
    assert places == planted["header_rows"]
    old = tuple(truth["columns_with_cedilla"])
    assert rows[places[0] - 1] == (old if planted["letters"] == "cedilla" else header)
    assert places[0] == truth["header_row"]
    assert [n for n, row in enumerate(rows, 1) if row == (*range(13),)] == planted["numbering_rows"]
    blank = [n for n, row in enumerate(rows, 1) if set(row) == {None} and n > places[0]]
    assert blank == planted["blank_rows_after_header"]
    assert planted["total"] == {"row": len(rows), "text": rows[-1][0]}
    assert rows[-1][0].endswith(f": {len(own)}")
    assert own[0].row == planted["first_row"]
    assert (len(rows), len(own)) == (planted["rows"], planted["entries"])
    letters = "".join(str(cell) for row in rows for cell in row)
    cedillas, commas = set("şţŞŢ") & set(letters), set("șțȘȚ") & set(letters)
    assert (bool(cedillas), bool(commas)) == (
        planted["letters"] == "cedilla",
        planted["letters"] != "cedilla",
    )


@pytest.mark.parametrize("year", ["2023", "2024", "2025"])
def test_the_numbers_of_a_year_have_the_gaps_and_backdated_entries_of_the_truth(
    entries: list[Entry], truth: Truth, year: str
) -> None:
    own = [entry for entry in entries if entry.sheet == year]
    numbers = [entry.number for entry in own]
    planted = truth["sheets"][year]
    assert numbers == sorted(set(numbers))
    assert sorted(set(range(1, numbers[-1])) - set(numbers)) == planted["missing_numbers"]
    latest = accumulate((entry.dates[0] for entry in own), max)
    backdated = [e.number for e, day in zip(own, latest, strict=True) if e.dates[0] != day]
    assert backdated == planted["backdated_numbers"]
    assert [e.number for e in own if e.state == "anulat"] == planted["annulled_numbers"]
    assert {day.year for entry in own if (day := entry.dates[0])} == {int(year)}


def test_the_examples_stand_on_their_rows(entries: list[Entry], truth: Truth) -> None:
    at = {(entry.sheet, entry.row): entry for entry in entries}
    for example in truth["examples"]:
        entry = at[example["sheet"], example["row"]]
        dates = [day.isoformat() if day else None for day in entry.dates]
        assert (entry.number, entry.state) == (example["number"], example["state"])
        assert folded(entry.cells[4]) == example["unit"]
        assert dates == list(example["dates"].values())
