"""Rows that are no records are left out with their reason; records that resemble them stay."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from procmine.ingest.tidy import Tidied, tidied

NAMES = ["Nr.", "Data", "Etapă", "Compartiment"]
ROW = ["12", "03.01.2025", "Primire", "Urbanism"]


def tidy(rows: list[list[str]], names: list[str] = NAMES, **how: object) -> Tidied:
    cells = list(zip(*[[*row, *[""] * (len(names) - len(row))] for row in rows], strict=True))
    table = pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, cells, strict=True)})
    numbers = np.arange(2, len(rows) + 2, dtype=np.int32)
    return tidied(table, numbers, names, **how)  # type: ignore[arg-type]


def left_out(found: Tidied) -> list[tuple[int, str, str]]:
    records = found.rejected.to_dict("records")
    return [(record["row"], record["reason"], record["value"]) for record in records]


def test_a_table_of_records_stays_as_it_is() -> None:
    found = tidy([ROW, ROW])
    assert (found.table.num_rows, found.kept, found.notes, len(found.rejected)) == (2, None, (), 0)


def test_blank_rows_are_counted() -> None:
    found = tidy([ROW, ["", "  ", "", ""], [], ROW])
    assert found.rows.tolist() == [2, 5]
    assert found.notes == ("empty rows left out: 2",)
    assert not len(found.rejected)


def test_a_header_repeated_on_each_page_is_left_out() -> None:
    found = tidy([ROW, NAMES, ROW, [" Nr. ", "Data", "Etapă", "Compartiment"], ROW])
    assert found.rows.tolist() == [2, 4, 6]
    assert left_out(found) == [(3, "repeated header", "Nr."), (5, "repeated header", "Nr.")]


def test_both_rows_of_a_header_and_its_numbers_are_known_again() -> None:
    names = ["Nr.", "Soluționare Act", "Soluționare Data", "Obs."]
    header = [["Nr.", "Soluționare", "", "Obs."], ["", "Act", "Data", ""], ["0", "1", "2", "3"]]
    row = ["7", "aviz", "03.01.2025", "x"]
    found = tidy([row, *header, row], names, header=header)
    assert found.rows.tolist() == [2, 6]
    assert found.rejected["reason"].tolist() == ["repeated header"] * 3
    assert found.notes == ("repeated headers left out: 3",)


@pytest.mark.parametrize(
    "word",
    [
        "TOTAL", "Total general", "Total:", "Subtotal", "Totale", "Totale generale", "Σύνολο",
        "ΓΕΝΙΚΟ ΣΥΝΟΛΟ", "Totaal", "Eindtotaal", "Grand total", " TOTAL 2025 ", "*** TOTAL ***",
    ],
)  # fmt: skip
def test_totals_rows_are_left_out_in_every_language(word: str) -> None:
    found = tidy([ROW, [word, "", "45"], ["", word, "45"], ROW])
    assert found.rows.tolist() == [2, 5]
    assert left_out(found) == [(n, "totals row", word.strip()) for n in (3, 4)]


@pytest.mark.parametrize(
    "row",
    [
        ["Total Energies", "03.01.2025", "Primire", "Urbanism"],
        ["Total Energies", "", "Primire", ""],
        ["TOTAL", "03.01.2025", "Primire", ""],
        ["Totalizare", "", "5", ""],
        ["Substanțe", "", "5", ""],
        ["Generală 12", "", "5", ""],
        ["12", "03.01.2025", "Total", "Urbanism"],
    ],
)
def test_a_record_that_resembles_a_totals_row_stays(row: list[str]) -> None:
    assert tidy([ROW, row, ROW]).rows.tolist() == [2, 3, 4]


def test_a_total_of_a_person_hides_the_name() -> None:
    assert left_out(tidy([ROW, ["Total Popescu Ion", "", "45"], ROW])) == [
        (3, "totals row", "Total …")
    ]


def test_signatures_at_the_end_are_a_footer_and_names_are_hidden() -> None:
    footer = [[], ["Întocmit,", "", "", "Aprobat,"], ["Popescu Ion", "", "", "Ionescu Ana"]]
    found = tidy([ROW, ROW, *footer])
    assert found.rows.tolist() == [2, 3]
    assert left_out(found) == [(5, "footer", "Întocmit,"), (6, "footer", "…")]
    assert not found.rejected["value"].str.contains("Popescu").any()


def test_a_signature_and_a_name_in_one_cell_keeps_the_name_hidden() -> None:
    assert left_out(tidy([ROW, ["Întocmit: Popescu Ion"]])) == [(3, "footer", "Întocmit: …")]


@pytest.mark.parametrize("day", ["03.01.2025", "45660"])
def test_an_approval_among_the_last_records_is_no_signature(day: str) -> None:
    rows = [ROW, ["Aprobat", day, "x", "y"], ["Verificat", day, "", ""]]
    assert tidy(rows).rows.tolist() == [2, 3, 4]


def test_page_numbers_are_left_out_wherever_they_stand() -> None:
    found = tidy([ROW, ["", "", "Pagina 1 din 3"], ROW, ["Pagina 2"]])
    assert found.rows.tolist() == [2, 4]
    assert left_out(found) == [(3, "footer", "Pagina 1 din 3"), (5, "footer", "Pagina 2")]


def test_single_cells_between_pages_and_at_the_end_are_left_out() -> None:
    found = tidy([ROW, [], ["Registrul 7"], NAMES, ROW, ["", "", "", "vezi verso"]])
    assert found.rows.tolist() == [2, 6]
    assert left_out(found) == [
        (4, "a single filled cell", "Registrul 7"),
        (5, "repeated header", "Nr."),
        (7, "a single filled cell", "…"),
    ]


def test_a_single_cell_that_holds_for_the_rows_below_stays() -> None:
    below = ["", "03.01.2025", "Primire", "Urbanism"]
    rows = [["Dosar 1"], below, below, [], ["Dosar 2"], below]
    assert tidy(rows).rows.tolist() == [2, 3, 4, 6, 7]


def test_a_single_cell_in_a_narrow_table_stays() -> None:
    assert tidy([["1", "a", "b"], ["2"]], ["x", "y", "z"]).rows.tolist() == [2, 3]


def test_typed_columns_are_looked_at_as_well() -> None:
    day = datetime(2025, 1, 3)
    table = pa.table(
        {
            "Nr.": pa.array(["12", "Total", "", "Total", "Nr."]),
            "Data": pa.array([day, None, None, day, None], pa.timestamp("us")),
            "n": pa.array([1, 2, None, 2, None], pa.int64()),
        }
    )
    found = tidied(table, np.arange(2, 7, dtype=np.int32), table.column_names)
    assert found.rows.tolist() == [2, 5, 6]
    assert left_out(found) == [(3, "totals row", "Total")]


def test_every_row_is_kept_rejected_or_counted_as_empty() -> None:
    rows = [ROW, [], NAMES, ["Total"], ["Pagina 1"], ROW, ["x"], ["Verificat"]]
    found = tidy(rows)
    assert found.table.num_rows + len(found.rejected) + 1 == len(rows)
    assert found.kept is not None
    assert found.kept.sum() == found.table.num_rows == len(found.rows)
