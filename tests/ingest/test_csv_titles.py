"""CSV files that were saved from a printed register: titles, headers in two rows, totals and empty columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import BindingError, SourceError
from procmine.ingest.csv import CsvFile, open_csv
from procmine.ingest.csv.head import read_head
from procmine.ingest.raw import RawTable
from tests.ingest.conftest import Export

HEADER = "Nr.;Data;Operațiune;Stadiu\n"
ROWS = "1;03.01.2025;Înregistrare;nou\n2;04.01.2025;Soluționare;gata, azi\n"
TITLES = "REGISTRU DE INTRARE-IEȘIRE;;;\nPrimăria Brăila, 2025;;;\n;;;\n"


@pytest.fixture
def table(export: Export) -> Any:
    """Write a text table and read it without binding it."""

    def read(text: str, encoding: str = "utf-8", **options: Any) -> tuple[CsvFile, RawTable]:
        file = open_csv(export(text, encoding=encoding), **options)
        return file, file.read({})

    return read


def rejected(raw: RawTable) -> list[list[Any]]:
    return raw.rejected[["row", "reason", "value"]].to_numpy().tolist()


# --- titles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "header_row"),
    [
        (TITLES, 4),
        ("\n" + TITLES, 5),
        ("sep=;\n" + TITLES, 5),
        ("Registrul general, anul 2025\n\n", 3),
        ("Registrul general\n", 2),
        ('"REGISTRU\nde intrare";;;\n', 2),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso8859-16"])
def test_the_header_is_found_under_titles(
    table: Any, above: str, header_row: int, end: str, encoding: str
) -> None:
    file, raw = table((above + HEADER + ROWS).replace("\n", end), encoding)
    assert file.head.columns == ("Nr.", "Data", "Operațiune", "Stadiu")
    assert raw.table.column_names == list(file.head.columns)
    assert raw.rows.tolist() == [header_row + 1, header_row + 2]
    assert raw.table["Stadiu"].to_pylist() == ["nou", "gata, azi"]
    assert any(f"the header is in row {header_row}; title rows above it" in n for n in raw.notes)
    assert raw.rejected.empty


def test_rows_below_titles_are_told_with_their_numbers(table: Any) -> None:
    text = TITLES + HEADER + '1;03.01.2025;"A\nb";x\n2;;\n\n3;04.01.2025;C;x;y\n4;04.01.2025;D;x\n'
    _, raw = table(text)
    assert raw.rows.tolist() == [5, 9]
    assert [row for row, _, _ in rejected(raw)] == [6, 8]
    assert "empty rows left out: 1" in raw.notes


def test_a_register_with_titles_is_bound(export: Export) -> None:
    log = pm.read(
        export(TITLES + HEADER + ROWS, encoding="utf-16"),
        case="Nr.", activity="Operațiune", timestamp="Data", tz="Europe/Bucharest",
    )  # fmt: skip
    assert log.n_steps == 2
    assert log.row.tolist() == [5, 6]


def test_a_first_row_of_names_stays_the_header_and_costs_no_note(table: Any) -> None:
    file, raw = table(HEADER + ROWS)
    assert file.head.plain
    assert raw.notes == ()
    assert raw.rows.tolist() == [2, 3]


CELL = st.sampled_from(["a", "ședință", "x y", "12", "03.01.2025", "-", "NA", "a, b", ""])


@given(
    names=st.lists(
        st.sampled_from(["nr", "data", "op", "stadiu", "2024", "obs. 1"]),
        min_size=2, max_size=6, unique=True,
    ),
    rows=st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=8),
)  # fmt: skip
def test_a_first_row_that_names_all_columns_is_the_header_whatever_stands_below(
    names: list[str], rows: Sequence[Sequence[str]]
) -> None:
    lines = [";".join(names), *(";".join(row[: len(names)]) for row in rows)]
    head = read_head("\n".join(lines) + "\n", "x.csv", separator=";")
    assert head.columns == tuple(names)
    assert head.lines == 0


# --- headers in two rows, numbered columns --------------------------------------------------------

TWO = "Nr.;Cerere;;Soluție;\n;Data;Fel;Data;Fel\n"
UNDER_TWO = "1;03.01.2025;A;05.01.2025;B\n2;04.01.2025;B;06.01.2025;C\n"


@pytest.mark.parametrize("above", ["", "REGISTRU;;;;\n"])
def test_a_header_of_two_rows_joins_their_names(table: Any, above: str) -> None:
    file, raw = table(above + TWO + UNDER_TWO)
    joined = ("Nr.", "Cerere Data", "Cerere Fel", "Soluție Data", "Soluție Fel")
    assert file.head.columns == joined
    first = above.count("\n") + 3
    assert raw.rows.tolist() == [first, first + 1]


def test_a_row_that_numbers_the_columns_is_no_record(table: Any) -> None:
    _, raw = table(HEADER + "0;1;2;3\n" + ROWS)
    assert raw.rows.tolist() == [3, 4]


# --- header= --------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [(4,), (3, 4)])
def test_the_header_that_is_named_counts(table: Any, header: tuple[int, ...]) -> None:
    file, raw = table(TITLES + HEADER + ROWS, header=header)
    assert file.head.columns == ("Nr.", "Data", "Operațiune", "Stadiu")
    assert raw.rows.tolist() == [5, 6]


def test_a_header_of_numbers_or_far_below_can_be_named(table: Any) -> None:
    file, raw = table("a;b;c\n" * 80 + "1;2;3\n" + "x;y;z\n", header=(81,))
    assert file.head.columns == ("1", "2", "3")
    assert raw.rows.tolist() == [82]


@pytest.mark.parametrize("header", [(3,), (40,)])
def test_a_named_row_without_names_is_refused_with_the_first_rows(
    table: Any, header: tuple[int, ...]
) -> None:
    with pytest.raises(BindingError, match=f"row {header[0]} of registru.csv, named with") as error:
        table(TITLES + HEADER + ROWS, header=header)
    assert "row 4: Nr. | Data | Operațiune | Stadiu" in str(error.value)


def test_a_file_without_a_header_is_refused_with_its_first_rows(table: Any) -> None:
    with pytest.raises(
        BindingError, match=r"no row of registru\.csv reads as column names"
    ) as error:
        table(ROWS)
    assert "row 1: 1 | 03.01.2025 | Înregistrare" in str(error.value)
    assert "header=" in str(error.value).splitlines()[-1]


def test_a_single_column_is_refused_as_ever(table: Any) -> None:
    with pytest.raises(SourceError, match="has a single column: 'dosar'"):
        table("dosar\n1\n2\n")


# --- columns --------------------------------------------------------------------------------------


def test_columns_without_a_name_and_a_cell_are_left_out(table: Any) -> None:
    text = "".join(f"{line};;;\n" for line in (HEADER + ROWS).splitlines())
    file, raw = table(text)
    assert file.head.columns == ("Nr.", "Data", "Operațiune", "Stadiu")
    assert raw.table.column_names == list(file.head.columns)
    assert raw.notes == ("columns without a name and without a cell left out: 3",)


def test_a_column_without_a_name_and_with_cells_is_called_by_its_number(table: Any) -> None:
    file, raw = table("Nr.;Data;Fel;;\n1;03.01.2025;A;;x\n2;04.01.2025;B;;y\n")
    assert file.head.columns == ("Nr.", "Data", "Fel", "column 5")
    assert raw.table["column 5"].to_pylist() == ["x", "y"]


def test_a_cell_far_below_keeps_its_column_without_a_name(table: Any) -> None:
    file, raw = table("Nr.;Fel;\n" + "1;A;\n" * 6_000 + "2;B;x\n")
    assert file.head.columns == ("Nr.", "Fel")
    assert raw.table["column 3"].to_pylist()[-2:] == ["", "x"]
    assert raw.notes == ("columns without a name that are called by their number: column 3",)


def test_two_columns_with_one_name_are_refused_with_their_places(table: Any) -> None:
    with pytest.raises(BindingError, match=r"'Data' in column B \(2\) and column D \(4\)"):
        table("Nr.;Data;Fel;Data\n1;a;b;c\n")


# --- rows that are no records ---------------------------------------------------------------------


def test_repeated_headers_and_totals_are_left_out_and_told(table: Any) -> None:
    _, raw = table(HEADER + ROWS + HEADER + "3;05.01.2025;A;x\nTOTAL;;;3\n")
    assert raw.rows.tolist() == [2, 3, 5]
    assert rejected(raw) == [[4, "repeated header", "Nr."], [6, "totals row", "TOTAL"]]
    assert raw.rows_unread == 2


def test_a_header_repeated_far_below_and_rows_of_another_length_are_told_in_order(
    table: Any,
) -> None:
    many = ROWS * 3_000
    _, raw = table(HEADER + many + "9;9\n" + HEADER + many + "8\n")
    assert [row for row, _, _ in rejected(raw)] == [6_002, 6_003, 12_004]
    assert len(raw.rows) == 12_000
    assert raw.rows.tolist() == [*range(2, 6_002), *range(6_004, 12_004)]


def test_totals_do_not_hide_how_the_first_rows_are_written(export: Export) -> None:
    file = open_csv(export("nr,data,fel,n\n1,2025-01-03,A,1\nTotal,,,1\n1,2025-01-04,B,1\n"))
    assert file.head.sample["data"].to_pylist() == ["2025-01-03", "2025-01-04"]


def test_times_are_told_as_written_where_rows_were_left_out(export: Export) -> None:
    text = (
        "dosar,pas,de la,la\n\n"
        "1,A,2026-03-02T08:00,2026-03-02T09:00\n"
        "dosar,pas,de la,la\n"
        "1,B,2026-03-02T08:00,2026-03-02T07:00\n"
    )
    with pytest.warns(pm.DataQualityWarning, match="end before start"):
        log = pm.read(export(text), case="dosar", activity="pas", start="de la", end="la", tz="CET")
    found = log.import_report.rejected
    assert found[["row", "value"]].to_numpy().tolist() == [
        [4, "dosar"],
        [5, "2026-03-02T07:00"],
    ]


def test_a_damaged_row_far_below_is_no_header(export: Export) -> None:
    rows = [f"RU-{i};Etapa {i % 3};2025-03-{i % 28 + 1:02}" for i in range(60)]
    rows[11] = "RU-4;Aviz; emis;fara data"
    head = open_csv(export("Dosar;Etapa;Data\n" + "\n".join(rows))).head
    assert head.columns == ("Dosar", "Etapa", "Data")
