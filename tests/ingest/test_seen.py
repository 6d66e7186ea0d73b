"""What inspect says of the dates of a source: how they are written, or what stands in the way and what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import procmine as pm
from procmine.errors import TimestampError
from procmine.ingest import Binding
from procmine.ingest.opened import Opened
from procmine.ingest.proposal.seen import seen
from procmine.ingest.raw import RawTable
from tests.ingest.conftest import Export

HEADER = "Nr. dosar;Activitate;Data"


def written(folder: Path, lines: list[str]) -> Path:
    path = folder / "export.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def records(dates: list[str]) -> list[str]:
    return [f"{n // 2};Pas {n % 2};{date}" for n, date in enumerate(dates)]


def notes_on_dates(path: Path) -> list[str]:
    return [note for note in pm.inspect(path).notes if note.startswith("'Data'")]


EITHER = records(["03/04/2025", "05/06/2025", "07/08/2025", "09/09/2025"])


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ([HEADER, *EITHER], "2, 3, 4"),
        (["Registru 2025", "", HEADER, *EITHER], "4, 5, 6"),
        ([HEADER, "", EITHER[0], "", *EITHER[1:]], "3, 5, 6"),
        ([HEADER, EITHER[0], "Total;;", *EITHER[1:]], "2, 4, 5"),
    ],
    ids=["plain", "title", "blank rows", "totals"],
)
def test_dates_of_either_order_are_told_with_their_rows_and_the_advice(
    tmp_path: Path, lines: list[str], rows: str
) -> None:
    path = written(tmp_path, lines)
    assert notes_on_dates(path) == [
        "'Data' cannot be read yet: no date tells whether the day or the month comes first: "
        "'03/04/2025' is 3 April 2025 day first, or 4 March 2025 month first "
        f"(rows {rows}); pass time_format='%d/%m/%Y' if the day comes first, or '%m/%d/%Y' if the month does"
    ]
    with pytest.raises(TimestampError, match=rf"\(rows {rows}\)"):
        pm.read(path)


def test_the_rows_of_a_long_file_are_counted_from_its_first_record(tmp_path: Path) -> None:
    path = written(tmp_path, ["Registru", "", HEADER, *records(["03/04/2025"] * 6_000)])
    (note,) = notes_on_dates(path)
    assert "(rows 4, 5, 6, …)" in note


def test_dates_in_two_ways_are_told_in_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, [HEADER, *records(["01.02.2025", "2025-04-03", "05.06.2025"])])
    assert notes_on_dates(path) == [
        "'Data' cannot be read yet: it writes its times in 2 ways: "
        "2 as day.month.year, such as '01.02.2025' (rows 2, 4); "
        "1 as year-month-day (ISO 8601), such as '2025-04-03' (row 3); "
        "write the column in one way, or name the one to read with time_format=, "
        "such as '%d.%m.%Y %H:%M'; the rows of the other are then listed as rejected"
    ]


def test_the_way_of_writing_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, [HEADER, *records(["13/04/2025", "05/06/2025"])])
    assert notes_on_dates(path) == ["'Data' is read as day/month/year"]


def test_of_a_workbook_only_the_columns_of_text_are_told() -> None:
    table = pa.table(
        {
            "Nr.": ["1", "1"],
            "Pas": ["A", "B"],
            "Start": pd.to_datetime(["2025-04-03", "2025-04-04"]).astype("datetime64[us]"),
            "Stop": ["13.04.2025", "14.04.2025"],
            "Închis": ["2025-04-13", "în lucru"],
        }
    )
    raw = RawTable(table, np.array([2, 3], np.int32), "export.xlsx", "", date_system=1900)
    opened = Opened(raw.name, tuple(table.column_names), table, raw=raw)
    binding = Binding(case="Nr.", activity="Pas", start="Start", end="Stop", keep=("Închis",))
    told = ("'Stop' is read as day.month.year", "kept as attributes: 'Închis'")
    assert seen(opened, raw, binding) == told
    pending = replace(binding, end="Închis", keep=())
    assert seen(opened, raw, pending) == ("kept as attributes: 'Stop'",)


def test_the_names_of_the_user_tell_which_columns_stay_out(export: Export, tmp_path: Path) -> None:
    names = tmp_path / "names.yaml"
    names.write_text("person_words: [beneficiarul]\n", encoding="utf-8")
    rows = "".join(f"{i // 3};A{i % 3};2026-03-{i % 28 + 1:02};P{i % 4}\n" for i in range(30))
    path = export("Nr. dosar;Activitate;Data;Beneficiarul meu\n" + rows)
    assert any(
        "left out as naming persons: 'Beneficiarul meu'" in n
        for n in pm.inspect(path, names=names).notes
    )
    assert not any("left out" in note for note in pm.inspect(path).notes)
