"""docs/calendars.md keeps its word: its file can be read, and it lists the kinds and the years that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from procmine.calendars import Calendar, equated
from procmine.calendars.own_days import KINDS


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "calendars.md").read_text("utf-8")


def block(page: str, language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert found, f"the page shows no {language}"
    return found[1]


def test_the_files_of_the_page_make_a_calendar(page: str, tmp_path: Path) -> None:
    (tmp_path / "calendar.yaml").write_text(block(page, "yaml"), encoding="utf-8")
    (tmp_path / "days.csv").write_text(block(page, "csv"), encoding="utf-8")
    calendar = Calendar.read(tmp_path / "calendar.yaml")
    assert calendar.country == "RO"
    assert [day.kind for day in calendar.days] == ["bridge", "working", "closed"]
    assert len(calendar.hours) == 2


def test_the_page_lists_every_kind_of_day(page: str) -> None:
    assert set(re.findall(r"^\| `(\w+)`(?: \(default\))? \|", page, re.MULTILINE)) >= set(KINDS)


def test_the_page_lists_the_years_with_known_equated_days(page: str) -> None:
    listed = re.search(r"are known for\s+([\d, and]+)", page)
    assert listed
    years = tuple(int(year) for year in re.findall(r"\d{4}", listed[1]))
    assert years == equated.years_of("NL")
