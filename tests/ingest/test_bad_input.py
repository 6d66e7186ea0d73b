"""Bad input, each fault caused for real: a message says what, where, how many and what to do next."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import procmine as pm
from procmine.errors import (
    BindingError,
    ColumnNotFoundError,
    LabelNotFoundError,
    ProcmineError,
    SourceError,
    TimestampError,
)
from tests.ingest.conftest import Export

HEADER = "dosar,pas,data,stadiu\n"
ROWS = "1,A,2026-03-02 08:00,nou\n1,B,2026-03-03 10:00,închis\n2,A,2026-03-02 09:00,nou\n"
COLUMNS: dict[str, Any] = {
    "case": "dosar",
    "activity": "pas",
    "timestamp": "data",
    "tz": "Europe/Bucharest",
}


def refused(source: Any, kind: type[ProcmineError], **options: Any) -> tuple[str, str]:
    """Read what cannot be read; return what the first line says is wrong, and what to do next."""
    with pytest.raises(kind) as caught:
        pm.read(source, **{**COLUMNS, **options})
    assert type(caught.value) is kind
    wrong, _, advice = str(caught.value).partition("\n")
    assert wrong
    assert advice, f"no word on what to do next: {wrong}"
    return wrong, advice


def told(source: Any, **options: Any) -> list[tuple[int, str, str, str]]:
    """Read what is partly bad; return the rejected rows, of which a warning was given."""
    with pytest.warns(pm.DataQualityWarning, match=r"rows rejected.*import_report\.rejected"):
        log = pm.read(source, **{**COLUMNS, **options})
    report = log.import_report
    assert report.rows_read == report.rows_bound + report.rows_rejected
    return list(report.rejected.itertuples(index=False, name=None))


# --- no file, no table ----------------------------------------------------------------------------


def test_a_missing_file_is_named_with_the_nearest_name(export: Export) -> None:
    path = export(HEADER + ROWS, "registru_2025.csv")
    wrong, advice = refused(path.with_name("registru_2026.csv"), SourceError)
    assert wrong == f"there is no file {path.with_name('registru_2026.csv')}"
    assert advice == f"look in {path.parent}\ndid you mean 'registru_2025.csv'?"


def test_a_missing_file_in_a_missing_folder_says_so(tmp_path: Path) -> None:
    _, advice = refused(tmp_path / "exporturi" / "registru.csv", SourceError)
    assert advice.startswith(f"there is no folder {tmp_path / 'exporturi'} either")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    wrong, advice = refused(tmp_path, SourceError)
    assert (wrong, advice) == (f"{tmp_path} is a folder", "name one file in it")


@pytest.mark.parametrize("content", ["", "\n", " \n\r\n \n"])
@pytest.mark.parametrize("name", ["registru.csv", "registru.csv.gz"])
def test_an_empty_file(export: Export, content: str, name: str) -> None:
    wrong, advice = refused(export(content, name), SourceError)
    assert (wrong, advice) == (f"{name} is empty", "export it again; nothing was read")


@pytest.mark.parametrize("text", [HEADER, HEADER.strip(), HEADER + "\n\n", "sep=,\n" + HEADER])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_header_without_rows(export: Export, text: str, encoding: str) -> None:
    wrong, advice = refused(export(text, encoding=encoding), SourceError)
    assert wrong == "registru.csv has a header but no rows"
    assert advice == "export it again with its rows"


def test_a_header_and_rows_that_are_all_empty(export: Export) -> None:
    wrong, _ = refused(export(HEADER + ",,,\n,,,\n"), SourceError)
    assert wrong == "registru.csv has a header but no rows"


def test_the_wrong_separator(export: Export) -> None:
    wrong, advice = refused(export(HEADER + ROWS), SourceError, separator=";")
    assert "single column with separator=';': 'dosar,pas,data,stadiu'" in wrong
    assert "leave separator= out" in advice


@pytest.mark.parametrize("separator", ["", ";;", '"', "\n"])
def test_a_separator_that_is_none(export: Export, separator: str) -> None:
    wrong, advice = refused(export(HEADER + ROWS), SourceError, separator=separator)
    assert wrong == f"separator={separator!r} is not one character"
    assert advice == "write it as separator=';'"


@pytest.mark.parametrize("text", ["dosar\n1\n2\n", (HEADER + ROWS).replace(",", "~")])
def test_a_single_column(export: Export, text: str) -> None:
    wrong, advice = refused(export(text), SourceError)
    assert "has a single column" in wrong
    assert "separators tried: comma, semicolon, tab, vertical bar" in advice
    assert "separator=" in advice


def test_two_columns_with_one_name(export: Export) -> None:
    wrong, advice = refused(export("dosar,pas,data,data\n1,A,2026-03-02,x\n"), BindingError)
    assert wrong == (
        "registru.csv has two columns with one name: 'data' in column C (3) and column D (4)"
    )
    assert advice == "rename one of them in the file's header"


# --- another format or encoding -------------------------------------------------------------------


def test_a_character_cut_by_the_end_of_the_first_bytes_is_no_other_encoding(export: Export) -> None:
    for shift in range(4):
        rows = f"{'1' * (shift + 1)},A,2026-03-02 08:00,{'ț' * 60}\n" + ROWS * 40_000
        long = HEADER + rows.replace("nou", "țțț")
        assert pm.read(export(long), **COLUMNS).n_steps == 1 + 3 * 40_000


@pytest.mark.parametrize("seed", range(3))
def test_a_binary_file(export: Export, seed: int) -> None:
    data = np.random.default_rng(seed).integers(0, 256, 5_000, dtype=np.uint8).tobytes()
    wrong, advice = refused(export(data), SourceError)
    assert "not in UTF-8" in wrong
    assert advice


def test_a_spreadsheet(export: Export) -> None:
    wrong, advice = refused(export(b"PK\x03\x04" + bytes(100), "registru.xlsx"), SourceError)
    assert wrong.startswith("registru.xlsx is a damaged or cut-off workbook")
    assert "export it again" in advice


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_packed_file_that_is_cut_off(export: Export, kept: float) -> None:
    packed = gzip.compress((HEADER + ROWS * 1_000).encode())
    path = export("", "registru.csv")
    path = path.rename(path.with_suffix(".csv.gz"))
    path.write_bytes(packed[: int(len(packed) * kept)])
    wrong, advice = refused(path, SourceError)
    assert wrong.startswith("registru.csv.gz is a damaged or cut-off gzip file")
    assert advice == "copy or export it again"


def test_a_packed_file_with_a_flipped_bit(export: Export) -> None:
    packed = bytearray(gzip.compress((HEADER + ROWS * 1_000).encode()))
    packed[-6] ^= 1  # the checksum
    path = export("", "registru.csv")
    path.write_bytes(bytes(packed))
    wrong, _ = refused(path, SourceError)
    assert "damaged" in wrong


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + bytes(40), b"nothing of the kind"])
def test_a_damaged_parquet_file(export: Export, content: bytes) -> None:
    wrong, advice = refused(export(content, "registru.parquet"), SourceError)
    assert wrong.startswith("registru.parquet cannot be read as Parquet")
    assert advice == "copy or export it again"


@pytest.mark.parametrize("source", [None, 7, ["registru.csv"], {"case": [1]}])
def test_a_source_that_is_none(source: object) -> None:
    wrong, advice = refused(source, SourceError)
    assert wrong == f"a {type(source).__name__} is not a source"
    assert "path of a file, the URL of a database with query=, or a pandas DataFrame" in advice


# --- columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["case", "activity", "timestamp", "resource", "unit", "lifecycle"])
def test_an_unknown_column(export: Export, role: str) -> None:
    wrong, advice = refused(export(HEADER + ROWS), ColumnNotFoundError, **{role: "Stadiul"})
    assert wrong == f"no column 'Stadiul' for {role}= in registru.csv"
    assert advice == "columns are: dosar, pas, data, stadiu\ndid you mean 'stadiu'?"


def test_an_unknown_column_of_closing(export: Export) -> None:
    wrong, advice = refused(
        export(HEADER + ROWS), ColumnNotFoundError, closed={"column": "data închiderii"}
    )
    assert "'data închiderii' for closed= in registru.csv" in wrong
    assert "columns are: dosar" in advice


def test_a_column_bound_twice(export: Export) -> None:
    wrong, advice = refused(export(HEADER + ROWS), BindingError, activity="dosar")
    assert wrong == "column 'dosar' is bound to both case= and activity="
    assert advice == "name another column for one of them"


def test_start_and_end_in_one_column_are_one_timestamp(export: Export) -> None:
    _, advice = refused(
        export(HEADER + ROWS), BindingError, timestamp=None, start="data", end="data"
    )
    assert "a single time per row is timestamp=" in advice


def test_a_lifecycle_column_with_status_names(export: Export) -> None:
    wrong, advice = refused(export(HEADER + ROWS), BindingError, lifecycle="stadiu")
    assert "unknown are 'nou', 'închis'" in wrong
    assert "pass lifecycle=None to keep each row as a step" in advice


def test_a_lifecycle_column_without_a_complete(export: Export) -> None:
    wrong, _ = refused(
        export(HEADER + ROWS.replace("nou", "start").replace("închis", "start")),
        BindingError,
        lifecycle="stadiu",
    )
    assert "'complete' is not among them" in wrong


def test_an_unknown_activity_in_order_or_closed(export: Export) -> None:
    path = export(HEADER + ROWS)
    for option in ("order", "closed"):
        wrong, advice = refused(path, LabelNotFoundError, **{option: ["C"]})
        assert f"({option}=) 'C'" in wrong
        assert advice == "there are: A, B"


def test_an_unknown_value_of_the_closing_status(export: Export) -> None:
    closed = {"column": "stadiu", "values": ["inchs"]}
    wrong, advice = refused(export(HEADER + ROWS), LabelNotFoundError, closed=closed)
    assert "no value of stadiu (closed=) 'inchs'" in wrong
    assert "did you mean 'închis'?" in advice


def test_an_unknown_zone(export: Export) -> None:
    wrong, advice = refused(export(HEADER + ROWS), BindingError, tz="Europe/Bucuresti")
    assert wrong == "tz='Europe/Bucuresti' is no time zone"
    assert "Europe/Bucharest" in advice


# --- times ----------------------------------------------------------------------------------------


def dated(*times: str) -> str:
    return HEADER + "".join(f"{row},A,{time},x\n" for row, time in enumerate(times, 1))


def test_a_column_that_holds_no_times(export: Export) -> None:
    wrong, advice = refused(export(dated("azi", "mâine", "2026-03-02")), TimestampError)
    assert wrong == (
        "column 'data' in registru.csv: 2 of 3 filled cells are not times, such as 'azi', 'mâine'"
    )
    assert "time_format=" in advice


def test_some_unreadable_times_are_rejected_rows(export: Export) -> None:
    path = export(dated("2026-03-02", "în lucru", "2026-03-03", "-", "mâine", "2026-03-04"))
    assert told(path) == [
        (3, "data", "no time", "în lucru"),  # a word for what is not done yet
        (5, "data", "no time", "-"),
        (6, "data", "time cannot be read", "mâine"),
    ]


def test_times_written_in_two_ways(export: Export) -> None:
    path = export(dated("2026-03-02 08:00", "02.03.2026 09:00", "2026-03-04 10:00"))
    wrong, advice = refused(path, TimestampError)
    assert wrong == "column 'data' in registru.csv writes its times in 2 ways:"
    assert "2 as year-month-day (ISO 8601), such as '2026-03-02 08:00'" in advice
    assert "1 as day.month.year, such as '02.03.2026 09:00'" in advice
    assert "time_format=" in advice
    assert told(path, time_format="%Y-%m-%d %H:%M") == [
        (3, "data", "time cannot be read", "02.03.2026 09:00")
    ]


@pytest.mark.parametrize(
    ("times", "count", "format_"),
    [
        (("03/31/2026", "04/01/2026", "04/02/2026"), 1, "%m/%d/%Y"),
        (("03/31/2026 10:00", "04/21/2026 10:00", "04/02/2026 10:00"), 2, "%m/%d/%Y %H:%M"),
        (("3-31-2026 10:00:05", "4-21-2026 10:00:05", "4-22-2026 9:00:05"), 3, "%m-%d-%Y %H:%M:%S"),
    ],
)
def test_dates_written_month_first_are_never_guessed(
    export: Export, times: tuple[str, ...], count: int, format_: str
) -> None:
    path = export(dated(*times))
    wrong, advice = refused(path, TimestampError)
    assert f"{count} times can only be read month first, such as {times[0]!r}" in wrong
    assert f"time_format={format_!r}" in advice
    log = pm.read(path, **COLUMNS, time_format=format_)
    assert log.local(log.end).month.tolist() == [int(time[:2].strip("-/")) for time in times]


def test_dates_that_could_be_either_are_refused_until_the_order_is_said(export: Export) -> None:
    path = export(dated("03/04/2026", "05/06/2026"))
    wrong, advice = refused(path, TimestampError)
    assert wrong.startswith(
        "column 'data' in registru.csv: no date tells whether the day or the month comes first: "
        "'03/04/2026' is 3 April 2026 day first, or 4 March 2026 month first"
    )
    assert "time_format='%d/%m/%Y' if the day comes first, or '%m/%d/%Y'" in advice
    log = pm.read(path, **COLUMNS, time_format="%d/%m/%Y")
    assert [f"{time:%d %B}" for time in log.local(log.end)] == ["03 April", "05 June"]
    log = pm.read(path, **COLUMNS, time_format="month first")
    assert [f"{time:%d %B}" for time in log.local(log.end)] == ["04 March", "06 May"]


def test_some_times_with_an_offset_and_some_without(export: Export) -> None:
    path = export(dated("2026-03-02 08:00+02:00", "2026-03-02 09:00", "2026-03-02 10:00"))
    wrong, advice = refused(path, TimestampError)
    assert wrong.endswith("1 times carry a UTC offset and 2 do not")
    assert "all with an offset, or all as local times with tz=" in advice


@pytest.mark.parametrize(
    ("good", "never"),
    [
        ("28.02.2025", "31.02.2025"),
        ("30.04.2025", "31.04.2025"),
        ("28.02.2025", "29.02.2025"),
        ("28/02/2025", "31/02/2025"),
        ("28-02-2025 10:00", "30-02-2025 10:00"),
        ("2025-02-28", "2025-02-31"),
        ("2025-02-28 10:00", "2025-02-31 10:00"),
        ("2025-02-28T10:00:00Z", "2025-02-31T10:00:00Z"),
        ("2025/02/28", "2025/02/31"),
        ("2025-02-28", "0000-00-00"),
        ("2025-02-28 10:00", "2025-02-28 24:01"),
        ("2025-02-28 10:00", "2025-02-28 10:60"),
    ],
)
@pytest.mark.parametrize("formatted", [False, True])
def test_a_date_that_does_not_exist_never_becomes_another(
    export: Export, good: str, never: str, formatted: bool
) -> None:
    """C's strptime, and readers built on it, turn 31 February into 3 March."""
    options = {"time_format": _format_of(good)} if formatted else {}
    path = export(dated(good, never, good))
    reason = "no time" if never.startswith("0000") else "time cannot be read"
    assert told(path, **options) == [(3, "data", reason, never)]


def _format_of(text: str) -> str:
    mark = next(c for c in text if not c.isdigit())
    date = f"%Y{mark}%m{mark}%d" if text[4] == mark else f"%d{mark}%m{mark}%Y"
    return date + {10: "", 16: " %H:%M", 20: "T%H:%M:%S%z"}[len(text)]


@pytest.mark.parametrize("time_format", ["%Q", "%d.%m.%Y %", "%d%d"])
def test_a_time_format_that_is_none(export: Export, time_format: str) -> None:
    wrong, advice = refused(export(dated("2026-03-02")), TimestampError, time_format=time_format)
    assert wrong.startswith(f"time_format={time_format!r} is not understood")
    assert "'%d.%m.%Y %H:%M'" in advice


def test_a_time_format_that_does_not_fit(export: Export) -> None:
    path = export(dated("2026-03-02", "2026-03-03"))
    wrong, _ = refused(path, TimestampError, time_format="%d.%m.%Y")
    assert "2 of 2 filled cells do not fit time_format='%d.%m.%Y'" in wrong


@pytest.mark.parametrize("values", [[1, 2], [1.5, 2.5], [True, False]])
def test_a_typed_column_that_holds_no_times(values: list[Any]) -> None:
    frame = pd.DataFrame({"dosar": ["1", "1"], "pas": ["A", "B"], "data": values})
    wrong, advice = refused(frame, TimestampError)
    assert "values, not times" in wrong
    assert "bind another column" in advice


# --- rows -----------------------------------------------------------------------------------------


def test_rows_without_case_activity_or_time(export: Export) -> None:
    text = HEADER + ROWS + ",A,2026-03-02,x\n3, ,2026-03-02,x\n3,A,,x\n,,,x\n"
    assert told(export(text)) == [
        (5, "dosar", "no case", ""),
        (6, "pas", "no activity", " "),
        (7, "data", "no time", ""),
        (8, "dosar", "no case", ""),
    ]


def test_bad_rows_are_an_error_where_that_is_wanted(export: Export) -> None:
    text = HEADER + ROWS + ",A,2026-03-02,x\n3,A\n"
    wrong, advice = refused(export(text), BindingError, on_bad_rows="raise")
    assert wrong == (
        "2 of 5 rows of registru.csv cannot be bound, first row 5: no case in column 'dosar'"
    )
    assert 'on_bad_rows="drop"' in advice


def test_only_bad_rows(export: Export) -> None:
    text = HEADER + ",A,2026-03-02,x\n,B,2026-03-02,x\n3,A\n"
    wrong, advice = refused(export(text), BindingError)
    assert wrong == ("no row of registru.csv can be bound; 2 times: no case in column 'dosar'")
    assert "case=, activity= and the times name the right columns" in advice


INTERVALS = (
    "dosar,pas,de la,la\n"
    "1,A,2026-03-02 08:00,2026-03-02 09:00\n"
    "1,B,2026-03-02 10:00,2026-03-02 09:30\n"
    "2,A,2026-03-02 10:00,2026-03-02 10:00\n"
    "2025/1093,A,2026-03-02 10:00,2026-03-01 10:00\n"
)
FROM_TO: dict[str, Any] = {"timestamp": None, "start": "de la", "end": "la"}


def test_an_end_before_its_start_is_a_rejected_row(export: Export) -> None:
    assert told(export(INTERVALS), **FROM_TO) == [
        (3, "la", "end before start (de la)", "2026-03-02 09:30"),
        (5, "la", "end before start (de la)", "2026-03-01 10:00"),
    ]


def test_an_end_before_its_start_is_an_error_where_that_is_wanted(export: Export) -> None:
    wrong, advice = refused(export(INTERVALS), TimestampError, on_bad_rows="raise", **FROM_TO)
    assert wrong == "2 of 4 rows end before they start, first in case '1' (row 3)"
    assert 'on_bad_rows="drop"' in advice


def test_a_row_is_rejected_once_however_many_faults_it_has(export: Export) -> None:
    rows = told(export(HEADER + ROWS + ",,soon,x\n"))
    assert rows == [(5, "dosar", "no case", "")]


# --- frames ---------------------------------------------------------------------------------------


def frame(**columns: Any) -> pd.DataFrame:
    table = {
        "dosar": ["1", "1"],
        "pas": ["A", "B"],
        "data": pd.to_datetime(["2026-03-02 08:00", "2026-03-03 10:00"]),
    }
    return pd.DataFrame({**table, **columns})


def test_a_frame_without_rows() -> None:
    wrong, advice = refused(frame().iloc[:0], SourceError)
    assert wrong == "the DataFrame has no rows"
    assert advice


def test_a_frame_with_two_columns_of_one_name() -> None:
    wrong, advice = refused(frame(x=1).rename(columns={"x": "data"}), BindingError)
    assert wrong == "the DataFrame has two columns with one name: 'data'"
    assert advice == "rename one of them"


def test_a_frame_with_names_of_two_levels() -> None:
    table = frame()
    table.columns = pd.MultiIndex.from_product([["registru"], table.columns])
    wrong, advice = refused(table, BindingError)
    assert "names of 2 levels" in wrong
    assert "frame.columns" in advice


@pytest.mark.parametrize("values", [[1, "a"], [1j, 2j]])
def test_a_frame_with_a_column_that_has_no_type(values: list[Any]) -> None:
    table = frame(odd=pd.Series(values, dtype=object if isinstance(values[0], int) else complex))
    wrong, advice = refused(table, SourceError)
    assert "column odd" in wrong
    assert "astype(str)" in advice
