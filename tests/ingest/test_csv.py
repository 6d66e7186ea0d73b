"""CSV: nothing is guessed, nothing is lost, and every rejected row is told with its number and text."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from csv import field_size_limit
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import SourceError, TimestampError
from procmine.ingest.bind import bind
from procmine.ingest.columns import doubtful_numbers, typed
from procmine.ingest.csv import open_csv
from procmine.ingest.csv import read as csv
from tests.ingest.conftest import Export

HEADER = "dosar,pas,data,stadiu\n"
ROWS = "1,A,2026-03-02 08:00,x\n1,B,2026-03-03 10:00,y\n2,A,2026-03-02 09:00,z\n"
COLUMNS: dict[str, Any] = {
    "case": "dosar",
    "activity": "pas",
    "timestamp": "data",
    "tz": "Europe/Bucharest",
}


def read(path: Path, **options: Any) -> pm.EventLog:
    return pm.read(path, **{**COLUMNS, **options})


def shape(log: pm.EventLog) -> tuple[list[str], list[str], list[int]]:
    activities = log.activity.labels.take(pa.array(log.activity.codes)).to_pylist()
    return log.case_labels.to_pylist(), activities, log.end.tolist()


def rejected(log: pm.EventLog) -> list[tuple[int, str, str, str]]:
    frame = log.import_report.rejected
    return list(frame.itertuples(index=False, name=None))


# --- what a file may look like --------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(export: Export, separator: str) -> None:
    log = read(export((HEADER + ROWS).replace(",", separator)))
    assert (log.n_cases, log.n_steps) == (2, 3)


def test_a_separator_that_is_given_counts_even_where_another_cuts_more_cells(
    export: Export,
) -> None:
    text = "dosar;pas;data,ora,loc,fel\n1;A;2026-03-02,08:00,x,y\n"
    assert open_csv(export(text)).head.separator == ","
    assert open_csv(export(text), separator=";").head.columns == (
        "dosar",
        "pas",
        "data,ora,loc,fel",
    )


def test_the_separator_is_found_where_most_rows_are_damaged(export: Export) -> None:
    with pytest.warns(pm.DataQualityWarning, match="3 of 4 rows rejected"):
        log = read(export(HEADER + "1,A\n1,B\n1,A,2026-03-02 08:00,x\n1,C\n"))
    assert log.n_steps == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_of_any_system_are_read(export: Export, end: str, last: bool) -> None:
    text = (HEADER + ROWS).replace("\n", end)
    log = read(export(text if last else text.removesuffix(end)))
    assert log.import_report.rows_read == log.n_steps == 3


def test_a_byte_order_mark_is_no_part_of_the_first_name(export: Export) -> None:
    assert read(export(HEADER + ROWS, encoding="utf-8-sig")).n_steps == 3


def test_a_packed_file_gives_the_same_log(export: Export) -> None:
    plain, packed = read(export(HEADER + ROWS)), read(export(HEADER + ROWS, "registru.csv.gz"))
    assert shape(plain) == shape(packed)
    assert plain.sha256 != packed.sha256  # of the file as it lies there


def test_the_line_with_which_excel_names_the_separator_is_understood(export: Export) -> None:
    text = "sep=;\n" + (HEADER + ROWS + "3,,2026-03-02 08:00,x\n").replace(",", ";")
    with pytest.warns(pm.DataQualityWarning):
        log = read(export(text))
    assert log.n_steps == 3
    assert rejected(log) == [(6, "pas", "no activity", "")]  # the number in the spreadsheet


def test_blank_lines_above_the_header_and_between_rows_count_as_rows_only_for_numbers(
    export: Export,
) -> None:
    text = "\n\n" + HEADER + "1,A,2026-03-02 08:00,x\n\n,B,2026-03-03 10:00,y\n,,,\n\n"
    with pytest.warns(pm.DataQualityWarning):
        log = read(export(text))
    assert rejected(log) == [(6, "dosar", "no case", "")]
    assert log.row.tolist() == [4]
    assert log.import_report.rows_read == 2
    assert "empty rows left out: 3" in log.import_report.notes


def test_quoted_cells_keep_separators_quotes_and_line_ends(export: Export) -> None:
    text = HEADER + '"1","A, ""b""\nc",2026-03-02 08:00,"x;y"\n'
    log = read(export(text))
    assert log.activity.names() == ['A, "b"\nc']
    assert log.case_attributes["stadiu"].to_pylist() == ["x;y"]


def test_a_quoted_header_is_read(export: Export) -> None:
    text = '"dosar","pas, fel","data\nora"\n1,A,2026-03-02\n'
    log = read(export(text), activity="pas, fel", timestamp="data\nora")
    assert log.n_steps == 1


@pytest.mark.parametrize(
    "case", ["NA", "007", "null", "7", "7.0", "1e3", "NaN", "None", "-", "0x1F"]
)
def test_a_case_key_stays_the_text_that_it_is(export: Export, case: str) -> None:
    log = read(export(HEADER + f"{case},{case},2026-03-02 08:00,{case}\n"))
    assert log.case_labels.to_pylist() == [case]
    assert log.activity.names() == [case]


def test_keys_that_differ_only_as_numbers_do_not_are_other_cases(export: Export) -> None:
    rows = "".join(f"{case},A,2026-03-02 08:00,x\n" for case in ("7", "07", "007", "7.0"))
    assert read(export(HEADER + rows)).n_cases == 4


def test_spaces_around_cells_are_no_part_of_them(export: Export) -> None:
    log = read(export(HEADER + " 1 ,A ,2026-03-02 08:00 ,x\n1, A, 2026-03-02 09:00,x\n"))
    assert (log.case_labels.to_pylist(), log.activity.names()) == (["1"], ["A"])
    assert log.import_report.rows_rejected == 0


def test_spaces_inside_a_key_stay(export: Export) -> None:
    rows = "AC 1,A,2026-03-02,x\nAC  1,A,2026-03-02,x\n"
    assert read(export(HEADER + rows)).n_cases == 2


# --- rows that cannot be bound --------------------------------------------------------------------


def test_rows_of_another_length_are_told_beyond_quoted_line_ends(export: Export) -> None:
    text = (
        HEADER
        + '1,A,2026-03-02 08:00,"two\nlines"\n'  # row 2
        + "1,A\n"
        + "1,B,2026-03-02 09:00,x,y\n"
        + '1,"B\n\nC",2026-03-02 09:30,z\n'  # row 5
        + '9,"9\n9",9,9,9\n'
        + "1,B,2026-03-02 10:00,x\n"  # row 7
        + "5\n"
    )
    with pytest.warns(pm.DataQualityWarning, match=r"4 of 7 rows rejected.*first in row 3"):
        log = read(export(text))
    assert rejected(log) == [
        (3, "", "the row has 2 cells, the header 4", "1,A"),
        (4, "", "the row has 5 cells, the header 4", "1,B,2026-03-02 09:00,x,y"),
        (
            6,
            "",
            "the row has 5 cells, the header 4; a quotation mark may not be closed",
            '9,"9\n9",9,9,9',
        ),
        (8, "", "the row has 1 cell, the header 4", "5"),
    ]
    assert log.row.tolist() == [2, 5, 7]


def test_row_numbers_are_right_in_a_file_of_many_blocks(
    export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv, "_BLOCK", 1 << 12)  # as a large file would be cut, for threads
    lines = [f'{i},A,2026-03-02 08:00,"x\ny {i}"\n' for i in range(2_000)]
    lines[700] = "700,A\n"
    lines[701] = "\n"
    lines[1_500] = "1500,A,1500,x,y\n"
    lines[1_501] = "1501,A,soon,x\n"
    lines[1_999] = ",A,2026-03-02 08:00,x\n"
    with pytest.warns(pm.DataQualityWarning, match="4 of 1,999 rows"):
        log = read(export(HEADER + "".join(lines)))
    assert [(row, value) for row, _, _, value in rejected(log)] == [
        (702, "700,A"),
        (1_502, "1500,A,1500,x,y"),
        (1_503, "soon"),
        (2_001, ""),
    ]
    assert (log.row == [int(case) + 2 for case in log.case_labels.to_pylist()]).all()


@pytest.mark.parametrize("row", ['3,"A,2026-03-02 08:00,x\n', '3,A,2026-03-02 08:00,"x\n'])
def test_a_quote_that_is_never_closed_is_refused_with_its_row(export: Export, row: str) -> None:
    with pytest.raises(SourceError, match="mark in row 5 is never closed; 3 more lines stand"):
        read(export(HEADER + ROWS + row + ROWS))


def test_a_stray_quote_does_no_harm_where_the_last_row_has_line_ends_of_its_own(
    export: Export,
) -> None:
    log = read(export(HEADER + '3,5" pipe,2026-03-02 08:00,x\n' + '3,B,2026-03-03 08:00,"x\ny"\n'))
    assert log.n_steps == 2


def test_rows_that_hide_in_a_quoted_cell_are_noted(export: Export) -> None:
    # the quote opened in row 2 is closed by the one in row 4: three rows look like one
    text = HEADER + '1,"A,2026-03-02 08:00,x\n' + "1,B,2026-03-03 08:00,x\n" + '1,C",2026-03-04,x\n'
    log = read(export(text))
    assert log.n_steps == 1
    (note,) = log.import_report.notes
    assert note.startswith("cells that look as if they held whole rows: 1, first in row 2")


def test_a_quote_left_open_in_a_large_file_is_an_error_in_words(
    export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv, "_BLOCK", 1 << 12)
    with pytest.raises(SourceError, match="a quotation mark is probably not closed"):
        read(export(HEADER + ROWS + '3,"A,2026-03-02 08:00,x\n' + ROWS * 500))


def test_a_value_is_told_as_it_was_written_even_where_times_are_decoded(export: Export) -> None:
    text = (
        "dosar,pas,de la,la\n\n"
        "1,A,2026-03-02T08:00,2026-03-02T07:00\n"
        "1,A,2026-03-02T08:00,2026-03-02T09:00\n"
    )
    with pytest.warns(pm.DataQualityWarning, match="end before start"):
        log = read(export(text), timestamp=None, start="de la", end="la")
    assert rejected(log) == [(3, "la", "end before start (de la)", "2026-03-02T07:00")]


# --- the law: every row is bound or told ----------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of an export: its text, and why it should be rejected (None where it should not)."""

    text: str
    column: str | None = None
    value: str = ""
    blank: bool = False


CELL = st.sampled_from(["A", "ședință", "a;b", '"q,\nq"', '"""x"""', "NA", "0", "|", ""])
GOOD_TIME = st.sampled_from(
    ["2026-03-02", "2026-03-02 08:00", "2026-03-29T03:30:05.5", "2026-10-25 03:30"]
)
BAD_TIME = st.sampled_from(
    ["2026-02-31", "soon", "2026-13-01", "24:00", "2026", "45000", "2026-03-02 25:00"]
)
LABEL = st.sampled_from(["1", "01", "C 2/2026", '"a,b"', '"two\nlines"'])


@st.composite
def lines(draw: st.DrawFn) -> Line:
    case, activity, time, note = draw(LABEL), draw(LABEL), draw(GOOD_TIME), draw(CELL)
    kind = draw(
        st.sampled_from(["good"] * 4 + ["case", "activity", "time", "bad", "few", "many", "blank"])
    )
    if kind == "case":
        return Line(f",{activity},{time},{note}", "dosar")
    if kind == "activity":
        return Line(f"{case},  ,{time},{note}", "pas", "  ")
    if kind == "time":
        return Line(f"{case},{activity},,{note}", "data")
    if kind == "bad":
        wrong = draw(BAD_TIME)
        return Line(f"{case},{activity},{wrong},{note}", "data", wrong)
    if kind in ("few", "many"):
        text = f"{case},{time}" if kind == "few" else f"{case},{activity},{time},{note},{note}"
        return Line(text, "", text)
    if kind == "blank":
        return Line(draw(st.sampled_from(["", ",,,"])), blank=True)
    return Line(f"{case},{activity},{time},{note}")


@pytest.mark.filterwarnings("ignore::procmine.DataQualityWarning")
@given(content=st.lists(lines(), min_size=1, max_size=30), tz=st.sampled_from(["CET", None]))
def test_every_row_of_a_damaged_file_is_bound_or_told_with_its_number_and_text(
    content: Sequence[Line], tz: str | None
) -> None:
    numbered = list(enumerate(content, 2))
    bad = [(row, line.column, line.value) for row, line in numbered if line.column is not None]
    good = [row for row, line in numbered if line.column is None and not line.blank]
    assume(good)
    log = _read_damaged(HEADER + "".join(line.text + "\n" for line in content), tz)
    if log is None:
        event("refused: most times are unreadable")
        unreadable = [value for _, column, value in bad if column == "data" and value]
        assert len(unreadable) > len(good)
        return
    event("rows rejected" if bad else "all bound")
    report = log.import_report
    assert report.rows_read == report.rows_bound + report.rows_rejected == len(good) + len(bad)
    assert [(row, column, value) for row, column, _, value in rejected(log)] == bad
    assert sorted(log.row.tolist()) == good


def _read_damaged(text: str, tz: str | None) -> pm.EventLog | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.csv"
        path.write_bytes(text.encode())
        try:
            return read(path, tz=tz)
        except TimestampError:
            return None


WRITTEN = ("2026-03-02", "2026-03-02 08:00", "2026-03-02T08:00:05", "2026-03-02 08:00:05.25")


@given(times=st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=6))
def test_times_decoded_while_reading_are_those_read_from_text(times: list[str]) -> None:
    rows = [f"{i},A,{time},x\n" for i, time in enumerate(times)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "times.csv"
        path.write_text(HEADER + "".join(rows), encoding="utf-8")
        file = open_csv(path)
        decoded = bind(file.read({"data": pa.timestamp("us")}), pm.Binding(**COLUMNS))
        plain = bind(file.read({}), pm.Binding(**COLUMNS))
    assert shape(decoded) == shape(plain)


@pytest.mark.parametrize("odd", ["2026-02-31", "soon", "2026", "20260302", "1772434800"])
def test_a_bad_time_far_below_the_first_rows_is_still_told(export: Export, odd: str) -> None:
    rows = "".join(f"{i},A,2026-03-02 08:00,x\n" for i in range(6_000))
    with pytest.warns(pm.DataQualityWarning, match="time cannot be read in column 'data'"):
        log = read(export(HEADER + rows + f"x,A,{odd},x\n"))
    assert rejected(log) == [(6_002, "data", "time cannot be read", odd)]


def test_an_offset_far_below_local_times_is_refused(export: Export) -> None:
    rows = "".join(f"{i},A,2026-03-02 08:00,x\n" for i in range(6_000))
    with pytest.raises(TimestampError, match="1 times carry a UTC offset and 6,000 do not"):
        read(export(HEADER + rows + "x,A,2026-03-02 08:00+02:00,x\n"))


def test_a_local_time_far_below_offsets_is_refused(export: Export) -> None:
    rows = "".join(f"{i},A,2026-03-02 08:00Z,x\n" for i in range(6_000))
    with pytest.raises(TimestampError, match="6,000 times carry a UTC offset and 1 do not"):
        read(export(HEADER + rows + "x,A,2026-03-02 08:00,x\n"))


def test_a_long_file_is_read_whole_and_in_order(export: Export) -> None:
    count = 60_000
    rows = "".join(f"{i},A,2026-03-02 08:00,{'x' * 80}\n" for i in range(count))  # beyond a block
    log = read(export(HEADER + rows))
    assert log.row.tolist() == list(range(2, count + 2))
    assert log.case_labels.to_pylist() == [str(i) for i in range(count)]
    assert np.diff(log.offsets).max() == 1


# --- numbers as offices write them ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["12,5", "3", "-3,0"], [12.5, 3.0, -3.0]),
        (["1.234,56", "0,5"], [1234.56, 0.5]),
        (["1'234,5", "12"], [1234.5, 12.0]),
        (["1\u00a0234,5", "1 234 567,25"], [1234.5, 1234567.25]),
        (["12.345", "1.234,5"], [12345.0, 1234.5]),  # the second cell says what the point means
        (["1,234.56", "7"], [1234.56, 7.0]),
        (["1.234", "5678"], [1.234, 5678.0]),  # thousands would have their mark everywhere
        (["0.125", "0.250"], [0.125, 0.25]),
    ],
)
def test_decimal_commas_and_thousands_become_numbers(
    cells: list[str], numbers: list[float]
) -> None:
    column = typed(pa.chunked_array([pa.array([*cells, ""])]))
    assert column.type == pa.float64()
    assert column.to_pylist() == [*numbers, None]
    assert not doubtful_numbers(pa.array(cells))


@pytest.mark.parametrize(
    "cells", [["1.234", "12"], ["1,234"], ["-1.234", "999"], ["1,234", "1.234"]]
)
def test_what_may_be_a_thousand_or_a_part_stays_text_and_is_doubtful(cells: list[str]) -> None:
    assert typed(pa.chunked_array([pa.array(cells)])).to_pylist() == cells
    assert doubtful_numbers(pa.array(cells))


@pytest.mark.parametrize(
    "cells",
    [
        ["007,5"],
        ["1,5", "a"],
        ["1.5", "1,5"],
        ["1.234.567"],
        ["1.23,4"],
        ["1'23"],
        ["1,5,0"],
        [","],
    ],
)
def test_what_is_no_number_stays_text(cells: list[str]) -> None:
    assert typed(pa.chunked_array([pa.array(cells)])).to_pylist() == cells
    assert not doubtful_numbers(pa.array(cells))


@given(
    st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=8),
    st.sampled_from([(".", ","), ("'", ","), (" ", ","), (",", ".")]),
)
def test_numbers_written_in_one_way_are_read_back(cents: list[int], marks: tuple[str, str]) -> None:
    swap = str.maketrans(",.", "".join(marks))
    cells = [f"{cent / 100:,.2f}".translate(swap) for cent in cents]
    column = typed(pa.chunked_array([pa.array(cells)]))
    assert column.to_pylist() == [cent / 100 for cent in cents]


@pytest.mark.parametrize("before", [0, 3])
def test_a_cell_of_many_letters_does_not_end_the_head(export: Export, before: int) -> None:
    row = "2,B,2026-03-03\n"
    long = "1," + "a" * 200_000 + ",2026-03-02\n"
    limit = field_size_limit()
    file = open_csv(export("dosar,pas,data\n" + row * before + long + row * 2))
    assert file.head.sample.num_rows == before + 3
    assert file.head.whole
    assert field_size_limit() == limit, "other readers keep their limit"


def test_a_row_with_a_cell_of_many_letters_is_rejected_as_any_other(export: Export) -> None:
    path = export("dosar,pas,data\n1,A,2026-03-02\n1,B,2026-03-02," + "a" * 200_000 + "\n")
    table = open_csv(path).read({}, persons=lambda: frozenset({"data"}))
    assert table.rejected["row"].tolist() == [3]
    assert table.rejected["value"].tolist() == ["1,B,…"]


def test_a_quotation_mark_that_is_never_closed_over_many_letters_is_told(export: Export) -> None:
    row = "2,B,2026-03-03\n"
    path = export("dosar,pas,data\n" + row + '3,"B,2026-03-03\n' + row * 20_000)
    with pytest.raises(SourceError, match="a quotation mark in row 3 is never closed"):
        open_csv(path).read({})
