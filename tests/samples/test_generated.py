"""The exports come out of their generator byte for byte, are small, and keep the legal holidays."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FILES = {
    "petitions_ro": "petitions_ro.xlsx",
    "suap_it": "suap_it.csv",
    "protocol_gr": "protocol_gr.xlsx",
    "permits_nl": "permits_nl.xes.gz",
    "history": "history.parquet",
}
WORKBOOKS = ("petitions_ro.xlsx", "protocol_gr.xlsx")


@pytest.fixture(scope="module")
def offices(folder: Path) -> ModuleType:
    """The module of the generator that knows the holidays."""
    path = folder / "exports" / "offices.py"
    spec = importlib.util.spec_from_file_location("offices_of_the_exports", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generator_writes_every_file_again_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="the generator writes workbooks with openpyxl")
    subprocess.run([sys.executable, folder / "generate.py", tmp_path], check=True)
    written = {path.name for path in tmp_path.iterdir()}
    assert written >= {*FILES.values(), *(f"{stem}.truth.json" for stem in FILES)}
    for name in sorted(written):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


@pytest.mark.parametrize("stem", FILES)
def test_a_truth_names_its_file_and_the_bytes_of_it(
    folder: Path, truth_of: Callable[[str], dict[str, Any]], stem: str
) -> None:
    truth = truth_of(stem)
    content = (folder / FILES[stem]).read_bytes()
    assert truth["file"] == FILES[stem]
    assert truth["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("stem", FILES)
def test_an_export_is_small_and_has_200_to_1500_cases(
    folder: Path, truth_of: Callable[[str], dict[str, Any]], stem: str
) -> None:
    assert (folder / FILES[stem]).stat().st_size < 400_000
    assert 200 <= truth_of(stem)["cases"] <= 1500


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_does_not_tell_when_it_was_written(folder: Path, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO((folder / name).read_bytes())) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.read("docProps/core.xml").count(b"2026-01-05T09:00:00Z") == 2


def test_the_truths_are_plain_json_with_a_binding(
    truth_of: Callable[[str], dict[str, Any]],
) -> None:
    for stem in FILES:
        truth = truth_of(stem)
        assert truth["binding"]["case"]
        assert truth["examples"]
        assert "NaN" not in json.dumps(truth)


@pytest.mark.parametrize(
    ("country", "moved"),
    [
        ("RO", set()),
        ("IT", set()),
        ("GR", {date(2024, 5, 1), date(2024, 5, 7)}),  # 1 May fell into the Holy Week
        ("NL", {date(2025, 5, 5)}),  # every fifth year
    ],
)
def test_working_days_keep_the_holidays_of_the_package_but_for_those_that_moved(
    offices: ModuleType, country: str, moved: set[date]
) -> None:
    holidays = pytest.importorskip("holidays", reason="the second opinion on holidays")
    years = range(2023, 2026)
    theirs = set(holidays.country_holidays(country, years=list(years)))
    ours = set().union(*(offices.holidays_of(country, year) for year in years))
    working = [day for day in theirs ^ ours if day.weekday() < 5]
    assert set(working) == moved


def test_office_time_goes_on_after_nights_weekends_and_holidays(offices: ModuleType) -> None:
    from datetime import datetime, time

    office = offices.Office("IT", time(8), time(17), time(13))
    before_easter = datetime(2025, 4, 18, 12, 30)  # a Friday; Easter Monday follows
    assert office.after(before_easter, 60) == datetime(2025, 4, 22, 8, 30)
    assert office.after_days(before_easter.date(), 1) == date(2025, 4, 22)
    assert office.friday_from(date(2025, 4, 22)) == date(2025, 4, 24)  # 25 April is a holiday
    assert office.day_from(date(2025, 4, 19)) - date(2025, 4, 19) == timedelta(days=3)
