"""Calendars in files: YAML with the same fields, days in a CSV beside it, errors with file, line and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procmine.calendars import Calendar
from procmine.errors import CalendarError

GOOD = """\
name: Primăria Test
country: RO
hours:
  mon-thu: 08:00-16:30
  fri: 08:00-14:00
days: days.csv
years: [2020, 2026]
"""
DAYS = "date,role,kind,source\n2025-05-02,office,bridge,HG 2/2025\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "days.csv").write_text(DAYS, encoding="utf-8")
    (tmp_path / "calendar.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path / "calendar.yaml"


def test_a_file_says_the_same_as_the_parameters(path: Path) -> None:
    calendar = Calendar.read(path)
    assert calendar == Calendar(
        "RO",
        hours={"mon-thu": "08:00-16:30", "fri": "08:00-14:00"},
        days=[{"date": "2025-05-02", "role": "office", "kind": "bridge"}],
        years=(2020, 2026),
    )
    assert calendar.name == "Primăria Test"
    assert Calendar.read(str(path)) == calendar


def test_days_and_hours_may_stand_in_the_file_and_dates_be_bare(path: Path) -> None:
    path.write_text(
        "tz: Europe/Rome\n"
        "hours:\n"
        "  - mon-fri: 08:00-16:00\n"
        "  - {from: 2026-07-01, until: 2026-08-31, mon-fri: [08:00-12:00, 13:00-14:00]}\n"
        "days:\n"
        "  - {date: 2026-08-14, role: office}\n",
        encoding="utf-8",
    )
    calendar = Calendar.read(path)
    assert calendar.years == (2026, 2026)
    assert calendar.hours[1].week[0] == ((480, 720), (780, 840))
    assert len(calendar.days) == 1


def test_norway_is_a_country_and_no_no(path: Path) -> None:
    path.write_text("country: NO\nsubdivision:\n", encoding="utf-8")
    assert Calendar.read(path).tz == "Europe/Oslo"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("country: RO\nhuors: {}\n", "calendar.yaml, line 2: a calendar has no field 'huors'"),
        ("country: RO\n\nhours: {mon: 8-16}\n", "calendar.yaml, line 3: hours: mon: '8-16'"),
        ("tz: Europe/Bucarest\n", "calendar.yaml, line 1: tz: 'Europe/Bucarest'"),
        ("country: RO\nyears: 2020\n", "calendar.yaml, line 2: years: [2020] is no first and last"),
        ("country: RO\nyears: [x, y]\n", "calendar.yaml, line 2: years: ['x', 'y'] is no first"),
        ("country: RO\ndays: none.csv\n", "calendar.yaml, line 2: days: cannot read"),
        ("name: x\n", "calendar.yaml: tz: the zone of the office is not known"),
        ("- country: RO\n", "calendar.yaml holds no fields"),
        ("", "calendar.yaml holds no fields"),
        ("country: [RO\n", "calendar.yaml is no YAML"),
        (
            "country: RO\n\ncountry: IT\n",
            "calendar.yaml, line 3: the field 'country' stands in line 1 already",
        ),
        ("country: RO\nname: [x]\n", "calendar.yaml, line 2: name: ['x'] is no text"),
        ("[" * 5000, "calendar.yaml has brackets in brackets"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_file_line_and_field(
    path: Path, text: str, told: str
) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CalendarError) as found:
        Calendar.read(path)
    assert told in str(found.value)


def test_a_wrong_row_of_the_days_is_told_with_both_files(path: Path) -> None:
    (path.parent / "days.csv").write_text("date,role\n2025-05-02,offise\n", encoding="utf-8")
    with pytest.raises(
        CalendarError, match=r"line 6: days: days\.csv, row 2, column role: 'offise'"
    ):
        Calendar.read(path)


@pytest.mark.parametrize("given", [None, 3, b"calendar.yaml", {"country": "RO"}])
def test_what_is_no_path_is_told(given: Any) -> None:
    with pytest.raises(CalendarError, match="is no path of a calendar file\ngive a path such as"):
        Calendar.read(given)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="cannot read"):
        Calendar.read(tmp_path / "none.yaml")
