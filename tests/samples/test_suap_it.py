"""What is in suap_it.csv is what its truth says, read with the csv module alone."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

NEVER, NOT_YET = "01/01/1900", "31/12/9999"
Truth = dict[str, Any]
Row = dict[str, str]


@pytest.fixture(scope="module")
def truth(truth_of: Callable[[str], Truth]) -> Truth:
    return truth_of("suap_it")


@pytest.fixture(scope="module")
def content(folder: Path, truth: Truth) -> bytes:
    return (folder / truth["file"]).read_bytes()


@pytest.fixture(scope="module")
def rows(content: bytes) -> list[Row]:
    text = io.StringIO(content.decode("cp1252"), newline="")
    return list(csv.DictReader(text, delimiter=";", strict=True))


@pytest.fixture(scope="module")
def kept(rows: list[Row], truth: Truth) -> list[Row]:
    return [row for row in rows if row["Numero protocollo"] not in truth["annulled"]]


def day(cell: str) -> date | None:
    """Read a cell; what stands for no date is none."""
    if cell in ("", "-", NEVER, NOT_YET):
        return None
    return datetime.strptime(cell, "%d/%m/%Y").date()


def cents(cell: str) -> Decimal:
    return Decimal(cell.replace(".", "").replace(",", "."))


def test_the_file_is_cp1252_with_semicolons_and_crlf(content: bytes, truth: Truth) -> None:
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    text = content.decode("cp1252")
    assert text.startswith(";".join(truth["columns"]) + "\r\n")
    assert text.count("\r\n") == 1 + truth["rows"]
    assert text.count("\n") == truth["lines_of_the_file"]
    assert set("àèéìòù–€") <= set(text)


def test_the_practices_are_those_of_the_truth(
    rows: list[Row], kept: list[Row], truth: Truth
) -> None:
    closed = [row for row in kept if row["Stato pratica"] in truth["binding"]["closed"]["values"]]
    annulled = [row for row in rows if row["Stato pratica"] == "Annullata"]
    assert (len(rows), len(kept)) == (truth["rows"], truth["cases"])
    assert [row["Numero protocollo"] for row in annulled] == truth["annulled"]
    assert (len(closed), len(kept) - len(closed)) == (truth["closed_cases"], truth["open_cases"])
    assert Counter(row["Stato pratica"] for row in rows) == truth["states"]
    assert Counter(row["Tipo pratica"] for row in kept) == truth["kinds"]
    assert Counter(row["Ufficio"] for row in kept) == truth["units"]
    assert len({row["Responsabile del procedimento"] for row in kept}) == truth["resources"]
    assert sum("\n" in row["Oggetto"] for row in rows) == truth["line_breaks_in_cells"]


def test_the_numbers_have_11_digits_and_begin_anew_every_year(rows: list[Row]) -> None:
    numbers = [row["Numero protocollo"] for row in rows]
    assert all(len(number) == 11 and number.isdigit() for number in numbers)
    assert all(earlier < later for earlier, later in pairwise(numbers))
    assert all(row["Data presentazione"].endswith(row["Numero protocollo"][:4]) for row in rows)
    assert {number[:4] for number in numbers} == {"2024", "2025"}


def test_the_tax_codes_are_valid_and_of_nobody(rows: list[Row]) -> None:
    codes = pytest.importorskip("stdnum.it.codicefiscale", reason="checks the last letter")
    assert all(codes.is_valid(row["Codice fiscale"]) for row in rows)
    assert {row["Codice fiscale"][11:15] for row in rows} == {"Z998"}


def test_the_dates_and_what_stands_for_none_are_those_of_the_truth(
    rows: list[Row], kept: list[Row], truth: Truth
) -> None:
    milestones = truth["binding"]["milestones"]
    cells = [row[name] for row in rows for name in milestones]
    found = {name: sum(day(row[name]) is not None for row in kept) for name in milestones}
    assert found == truth["events_of"]
    assert sum(found.values()) == truth["events"]
    assert {mark: cells.count(mark) for mark in (NEVER, NOT_YET)} == truth["sentinels"]
    marked = sum(any(row[name] in (NEVER, NOT_YET) for name in milestones) for row in rows)
    assert marked == truth["rows_with_sentinels"]
    assert (cells.count("-"), cells.count("")) == (truth["cells_dash"], truth["cells_empty"])
    assert max(d for cell in cells if (d := day(cell))) <= date.fromisoformat(truth["as_of"])


def test_dates_go_forward_in_every_practice_but_those_with_a_wrong_year(
    kept: list[Row], truth: Truth
) -> None:
    backward = []
    for row in kept:
        days = [d for name in truth["binding"]["milestones"] if (d := day(row[name]))]
        if days != sorted(days):
            backward.append(row["Numero protocollo"])
    assert backward == truth["wrong_year"]


def test_the_times_to_a_decision_are_those_of_the_truth(
    kept: list[Row], truth: Truth, spread: Callable[[Iterable[float]], Any]
) -> None:
    zone, values = ZoneInfo(truth["tz"]), truth["binding"]["closed"]["values"]
    closed = [row for row in kept if row["Stato pratica"] in values]
    pairs = [
        (first, last)
        for row in closed
        if row["Numero protocollo"] not in truth["wrong_year"]
        and (first := day(row["Data presentazione"]))
        and (last := day(row["Data provvedimento"]))
    ]

    def midnight(at: date) -> float:
        return datetime(at.year, at.month, at.day, tzinfo=zone).timestamp()

    assert truth["days_calendar"] == spread((last - first).days for first, last in pairs)
    elapsed = [(midnight(last) - midnight(first)) / 86_400 for first, last in pairs]
    assert truth["days_elapsed"] == spread(elapsed)
    whole = [
        [d for name in truth["binding"]["milestones"] if (d := day(row[name]))] for row in closed
    ]
    assert truth["days_elapsed_all_closed"] == spread(
        (midnight(max(days)) - midnight(min(days))) / 86_400 for days in whole
    )
    undated = [row for row in closed if day(row["Data provvedimento"]) is None]
    assert len(undated) == truth["closed_without_date"] == truth["silent_consent"]
    assert {row["Stato pratica"] for row in undated} == {"Silenzio assenso"}


def test_the_suspensions_are_those_of_the_truth(
    kept: list[Row], truth: Truth, spread: Callable[[Iterable[float]], Any]
) -> None:
    asked = [(row, at) for row in kept if (at := day(row["Data richiesta integrazioni"]))]
    waited = [(back - at).days for row, at in asked if (back := day(row["Data integrazioni"]))]
    assert len(asked) == truth["suspended"]["asked"]
    assert len(waited) == truth["suspended"]["completed"]
    assert truth["suspended"]["calendar_days"] == spread(waited)
    held = [at for row in kept if (at := day(row["Data conferenza servizi"]))]
    assert len(held) == truth["conferences_on_wednesday"]
    assert {at.weekday() for at in held} == {2}


def test_the_waits_for_conferences_and_for_the_applicant_are_those_of_the_truth(
    kept: list[Row], truth: Truth, waits: Callable[[Iterable[float]], Any]
) -> None:
    zone, planted = ZoneInfo(truth["tz"]), truth["waiting"]
    milestones = truth["binding"]["milestones"]

    def midnight(at: date) -> float:
        return datetime(at.year, at.month, at.day, tzinfo=zone).timestamp() / 86_400

    whole, beyond, completed, filed = [], [], [], []
    for row in kept:
        _, begun, asked, back, held, decided = (day(row[name]) for name in milestones)
        if held:
            ready = max(d for d in (begun, back) if d)
            whole.append(midnight(held) - midnight(ready))
            beyond.append(midnight(held) - midnight(ready + timedelta(days=14)))
        if asked and back:
            completed.append(midnight(back) - midnight(asked))
        elif asked and decided and row["Stato pratica"] == "Archiviata":
            filed.append(midnight(decided) - midnight(asked))
    assert planted["conferences"]["from_the_complete_practice"] == waits(whole)
    assert planted["conferences"]["from_the_end_of_the_notice"] == waits(beyond)
    assert len(whole) == truth["conferences_on_wednesday"]
    assert planted["applicant"]["completed"] == waits(completed)
    assert planted["applicant"]["filed_without_answer"] == waits(filed)
    assert len(completed) == truth["suspended"]["completed"]


def test_no_more_decisions_are_held_for_the_friday_than_fall_on_a_day_before_a_rest(
    kept: list[Row], truth: Truth
) -> None:
    decided = [d for row in kept if (d := day(row["Data provvedimento"]))]
    planted = truth["waiting"]["decisions_held_until_friday"]
    on_friday = sum(d.weekday() == 4 for d in decided)
    assert 0.3 * on_friday < planted["waits"] < on_friday
    assert planted["waits"] < planted["days"] < 4 * planted["waits"] + 0.5


def test_the_amounts_have_decimal_commas_and_add_up(rows: list[Row], truth: Truth) -> None:
    amounts = [row["Importo"] for row in rows]
    assert all(amount[-3] == "," for amount in amounts)
    assert sum(map(cents, amounts)) == cents(truth["amount_total"])
    assert sum("." in amount for amount in amounts) == truth["amounts_with_thousands"]


def test_the_examples_stand_on_their_rows(rows: list[Row], truth: Truth) -> None:
    for example in truth["examples"]:
        row = rows[example["row"] - 2]
        assert row["Numero protocollo"] == example["number"]
        assert row["Tipo pratica"] == example["kind"]
        assert row["Stato pratica"] == example["state"]
        assert row["Oggetto"] == example["subject"]
        assert (row["Codice fiscale"], row["Importo"]) == (example["code"], example["amount"])
        for name, written in example["dates"].items():
            assert day(row[name]) == (date.fromisoformat(written) if written else None)
