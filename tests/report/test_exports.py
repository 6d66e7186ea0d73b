"""The tables as files: CSV that a spreadsheet reads as meant, Parquet that is exact."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from procmine.report.exports import write_csv, write_parquet, write_tables


def written(table: pd.DataFrame, folder: Path) -> list[list[str]]:
    write_csv(table, folder / "table.csv")
    with (folder / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("kind", ["str", "category", "object"])
@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x";"y")']
)
def test_a_text_that_begins_as_a_formula_gets_an_apostrophe(
    tmp_path: Path, text: str, kind: str
) -> None:
    table = pd.DataFrame({"activity": pd.Series([text, "fine = so"]).astype(kind)})
    assert written(table, tmp_path) == [["activity"], ["'" + text], ["fine = so"]]


def test_the_name_of_a_column_that_begins_as_a_formula_gets_one_too(tmp_path: Path) -> None:
    table = pd.DataFrame({"=cmd": ["a"], "-time": pd.to_timedelta(["1 day"])})
    assert written(table, tmp_path)[0] == ["'=cmd", "'-time_days"]


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    table = pd.DataFrame({"n": [-1, 2], "value": [-1.5, 0.25]})
    assert written(table, tmp_path)[1:] == [["-1", "-1.5"], ["2", "0.25"]]


def test_durations_are_days_and_missing_ones_are_empty(tmp_path: Path) -> None:
    times = pd.to_timedelta(["36h", None, "1s"]).as_unit("us")
    rows = written(pd.DataFrame({"case": [1, 2, 3], "cycle_time": times}), tmp_path)
    assert rows == [["case", "cycle_time_days"], ["1", "1.5"], ["2", ""], ["3", "0.000012"]]


def test_times_are_local_and_as_fine_as_they_need_to_be(tmp_path: Path) -> None:
    instants = pd.to_datetime(["2026-03-29 00:30", None], utc=True).tz_convert("Europe/Bucharest")
    fine = pd.to_datetime(["2026-01-01 08:00:00.25", None])
    days = pd.to_datetime(["2026-01-05", None])
    rows = written(pd.DataFrame({"at": instants, "fine": fine, "day": days}), tmp_path)
    assert rows[1] == ["2026-03-29 02:30:00", "2026-01-01 08:00:00.250000", "2026-01-05"]
    assert rows[2] == ["", "", ""]


def test_cells_with_commas_quotes_and_line_breaks_come_back_whole(tmp_path: Path) -> None:
    texts = ['a, "b"', "two\nlines", "", "ăîșț → €"]
    assert [row[0] for row in written(pd.DataFrame({"x": texts}), tmp_path)[1:]] == texts


def test_missing_and_nested_values_true_and_false_are_written(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"list": [["=a"], None], "flag": [True, False], "label": pd.Categorical(["x", None])}
    )
    assert written(table, tmp_path)[1:] == [["['=a']", "true", "x"], ["", "false", ""]]


def test_parquet_keeps_types_and_values(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "activity": ["=1"],
            "cycle_time": pd.to_timedelta(["36h"]).as_unit("us"),
            "at": pd.to_datetime(["2026-03-29 00:30"]).as_unit("us").tz_localize("CET"),
        }
    )
    write_parquet(table, tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(pq.read_table(tmp_path / "t.parquet").to_pandas(), table)


def test_every_table_is_written_twice(tmp_path: Path) -> None:
    write_tables({"a": pd.DataFrame({"x": [1]}), "b": pd.DataFrame({"y": []})}, tmp_path)
    names = {"a.csv", "a.parquet", "b.csv", "b.parquet"}
    assert {path.name for path in tmp_path.iterdir()} == names
