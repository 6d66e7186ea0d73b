"""Headers as registers print them: under titles, in two rows, with a row that numbers the columns."""

from __future__ import annotations

import pytest

from procmine.errors import BindingError
from procmine.ingest.header import Header, ask_for_header, column_names, find_header

DATA = [
    ["1", "03.01.2025", "Cerere", "Urbanism"],
    ["2", "03.01.2025", "Petiție", "Juridic"],
    ["3", "06.01.2025", "Cerere", "Urbanism"],
]
NAMES = ["Nr.", "Data", "Conținut", "Compartiment"]


def found(rows: list[list[str]], **how: object) -> Header:
    header = find_header(rows, **how)  # type: ignore[arg-type]
    assert header is not None
    return header


def test_a_header_in_the_first_row_is_found() -> None:
    header = found([NAMES, *DATA])
    assert (header.first, header.last, header.names) == (0, 0, tuple(NAMES))


def test_titles_blank_rows_and_a_label_with_its_value_stand_above_a_header() -> None:
    above = [
        ["Primăria Comunei Exemplu"],
        ["REGISTRU INTRARE-IEȘIRE 2025", "", "", ""],
        [],
        ["Perioada:", "ianuarie", "", ""],
        ["Data listării", "", "", "31.01.2025"],
        ["", "", "", ""],
    ]
    header = found([*above, NAMES, *DATA])
    assert (header.first, header.last, header.names) == (6, 6, tuple(NAMES))


@pytest.mark.parametrize("label", [["Anul:", "curent"], ["Registru", "general"]])
def test_a_pair_above_a_table_of_two_columns_is_not_its_header(label: list[str]) -> None:
    header = found([label, [], ["Dosar", "Etapă"], ["a", "Primire"]])
    assert header.names == ("Dosar", "Etapă")


GROUPS = ["Înregistrare", "", "Soluționare", ""]
UNDER = ["Nr.", "Data", "Nr.", "Data"]
PAIRS = [["1", "03.01.2025", "7", "05.02.2025"], ["2", "04.01.2025", "8", "06.02.2025"]]


def test_a_group_row_joins_the_names_below_it() -> None:
    header = found([["Registru"], GROUPS, UNDER, *PAIRS])
    assert (header.first, header.last) == (1, 2)
    assert header.names == (
        "Înregistrare Nr.", "Înregistrare Data", "Soluționare Nr.", "Soluționare Data",
    )  # fmt: skip


def test_names_that_cover_both_rows_are_no_group_for_their_neighbours() -> None:
    upper = ["Nr. crt.", "Petent", "", "Înregistrare", "", "Compartiment", "Soluționare", ""]
    lower = ["", "", "Adresa", "Nr.", "Data", "", "Nr.", "Data"]
    row = ["1", "x", "str. Lungă", "5", "03.01.2025", "Urbanism", "7", "05.02.2025"]
    assert found([upper, lower, row, row]).names == (
        "Nr. crt.", "Petent", "Adresa", "Înregistrare Nr.", "Înregistrare Data", "Compartiment",
        "Soluționare Nr.", "Soluționare Data",
    )  # fmt: skip


def test_merged_ranges_say_how_far_a_group_reaches() -> None:
    upper = ["Nr.", "Cerere", "", "", ""]
    lower = ["", "tip", "mod", "Etapă", "Compartiment"]
    row = ["1", "scrisă", "poștă", "Primire", "Registratură"]
    header = found([upper, lower, row, row], merged=[(0, 1, 2)])
    assert header.names == ("Nr.", "Cerere tip", "Cerere mod", "Etapă", "Compartiment")


def test_a_first_record_in_words_is_not_taken_for_a_second_header_row() -> None:
    rows = [["Dosar", "Etapă", ""], ["a", "Primire", "urgent"], ["b", "Aviz", "normal"]]
    header = found(rows)
    assert (header.last, header.names) == (0, ("Dosar", "Etapă", ""))


def test_the_group_above_tells_equal_names_apart() -> None:
    rows = [["", "", "Soluționare", ""], ["Nr.", "Data", "Act", "Data"], *PAIRS]
    header = found(rows)
    assert (header.first, header.last) == (0, 1)
    assert header.names == ("Nr.", "Data", "Soluționare Act", "Soluționare Data")


@pytest.mark.parametrize(
    "counters", [["0", "1", "2", "3"], ["1", "2", "3", "4"], ["(1)", "(2)", "(3)", "(4)"]]
)
def test_a_row_that_numbers_the_columns_belongs_to_the_header(counters: list[str]) -> None:
    header = found([NAMES, counters, *DATA])
    assert (header.first, header.last, header.names) == (0, 1, tuple(NAMES))
    assert header.cells == (tuple(NAMES), tuple(counters))


def test_a_row_of_numbers_in_a_table_of_numbers_is_a_record() -> None:
    header = found([["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]])
    assert header.last == 0


def test_a_record_whose_numbers_skip_is_not_taken_for_numbered_columns() -> None:
    assert found([NAMES, ["1", "2", "4", "5"], *DATA]).last == 0


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["Registru"], ["unu"], ["doi"]],
        [["1", "2"], ["3", "4"]],
        [["1", "2025-01-03", "Primire"], ["2", "2025-01-04", "Aviz"]],
    ],
    ids=["nothing", "one column", "numbers", "records without a header"],
)
def test_no_header_is_found(rows: list[list[str]]) -> None:
    assert find_header(rows) is None


def test_a_year_may_be_the_name_of_a_column() -> None:
    assert found([["Birou", "2024", "2025"], ["A", "3", "4"]]).names == ("Birou", "2024", "2025")


def test_a_header_broken_over_lines_becomes_one_line() -> None:
    assert found([["Nr.\nînreg.", "Data  "], ["1", "03.01.2025"]]).names == ("Nr. înreg.", "Data")


def test_rows_named_by_the_user_are_the_header_whatever_they_hold() -> None:
    rows = [["x", "y"], ["1", "2"], ["3", "4"]]
    assert found(rows, given=(2,)).names == ("1", "2")
    two = found([["t"], GROUPS, UNDER, *PAIRS], given=(2, 3))
    assert (two.first, two.last, two.names[3]) == (1, 2, "Soluționare Data")


def test_a_row_named_by_the_user_that_is_blank_or_beyond_the_end_is_none() -> None:
    assert find_header([["a", "b"], ["", ""]], given=(2,)) is None
    assert find_header([["a", "b"]], given=(3,)) is None


@pytest.mark.parametrize("given", [(0,), (2, 4), (3, 2), (1, 2, 3)])
def test_rows_that_are_no_rows_are_refused(given: tuple[int, ...]) -> None:
    with pytest.raises(BindingError, match=r"write header=4, or header=\(4, 5\)"):
        find_header([["a", "b"]] * 5, given=given)


def test_columns_without_cells_are_dropped_and_those_without_a_name_are_numbered() -> None:
    header = found([["", "Nr.", "", "Data", ""], ["", "1", "", "03.01.2025", "x"]])
    kept = column_names(header, [False, True, False, True, True], "registru.xlsx")
    assert kept == [(1, "Nr."), (3, "Data"), (4, "column 5")]


def test_two_columns_with_one_name_are_refused_with_their_letters() -> None:
    header = found([["Data", "Nr.", "Data"], ["03.01.2025", "1", "04.01.2025"]])
    with pytest.raises(BindingError) as said:
        column_names(header, [True] * 3, "registru.xlsx")
    assert "'Data' in column A (1) and column C (3)" in str(said.value)


def test_the_message_shows_the_first_rows_with_their_numbers() -> None:
    said = ask_for_header([["1", "2"], ["", ""], ["3", "4"] * 5], "registru.xlsx")
    assert "row 1: 1 | 2\n" in said
    assert "row 3: 3 | 4 | 3 | 4 | 3 | 4 | …" in said
    assert "pass header=4" in said


def test_a_pair_right_above_a_wider_header_over_dates_is_not_the_header() -> None:
    rows = [["Registru", "general", ""], ["Nr.", "Data", "Obiect"], ["1", "03.01.2025", "x"]]
    assert found(rows).first == 1


def test_names_far_below_the_first_rows_are_no_header() -> None:
    rows = [[str(n), "03.01.2025"] for n in range(60)]
    assert find_header([*rows, ["Nr.", "Data"]]) is None


def test_a_line_of_labels_in_three_columns_of_four_is_not_the_header() -> None:
    rows = [["Ufficio protocollo", "", "Anno", "2025"], ["Numero", "Data", "Oggetto", "Ufficio"]]
    assert found([*rows, ["0000123", "03/01/2025", "Istanza", "Anagrafe"]]).first == 1


def test_a_record_in_words_below_others_is_no_better_header() -> None:
    names = ["Nr.", "Data", "Etapă", ""]
    words = ["fără număr", "în lucru", "Aviz", "urgent"]
    assert found([names, *DATA, words, *DATA]).first == 0


def test_columns_without_a_name_and_a_cell_do_not_make_a_table_too_wide() -> None:
    wide = Header(0, 0, ("Dosar", "Data", *[""] * 16_382))
    assert column_names(wide, [True, True], "registru.xlsx") == [(0, "Dosar"), (1, "Data")]
