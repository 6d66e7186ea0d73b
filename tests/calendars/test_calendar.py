"""The fields of a calendar: what contradicts itself is refused in words, the rest is equal, hashed and shown."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from procmine.calendars import Calendar
from procmine.calendars.card import card, next_days_off
from procmine.calendars.countries import COUNTRIES, ZONES, supported_years
from procmine.calendars.dates import day_number
from procmine.errors import CalendarCoverageError, CalendarError, ProcmineError

BRIDGE = {"date": "2025-05-02", "role": "office", "kind": "bridge", "source": "HG 2/2025"}


def own(**cells: Any) -> dict[str, Any]:
    return {"country": "RO", "days": [{"date": "2025-05-02", "role": "office", **cells}]}


def week(**hours: Any) -> dict[str, Any]:
    return {
        "country": "RO",
        "hours": {name.replace("_", "-"): text for name, text in hours.items()},
    }


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"country": "ro"}, "country: 'ro' is none of the ... did you mean 'RO'?"),
        ({"country": "Romania"}, "country: 'Romania' ... did you mean 'RO'?"),
        ({"country": "EL"}, "country: 'EL' ... did you mean 'GR'?"),
        ({"country": 40}, "country: 40 is none of"),
        ({"country": "US"}, "tz: the zone of the office is not known, US has several"),
        ({}, "tz: the zone of the office is not known, no country ... say tz="),
        ({"tz": "Europe/Bucarest"}, "tz: 'Europe/Bucarest' ... did you mean 'Europe/Bucharest'?"),
        ({"country": "IT", "subdivision": "Leco"}, "subdivision: 'Leco' ... did you mean 'Lecco'?"),
        (
            {"country": "RO", "subdivision": "B"},
            "subdivision: 'B' is none of those of RO there are: it has none",
        ),
        ({"tz": "UTC", "subdivision": "MI"}, "subdivision: 'MI' needs a country"),
        ({"country": "NL", "categories": "optionl"}, "categories: 'optionl' ... 'optional'?"),
        ({"country": "GR", "categories": ["half_day"]}, "categories: 'half_day' is no day off"),
        ({"country": "GR", "categories": []}, "categories: [] is no list of names"),
        ({"country": "GR", "categories": 3}, "categories: 3 is no list of names"),
        ({"country": "RO", "tz": 3}, "tz: 3 is no time zone"),
        ({"country": "IT", "subdivision": ["MI"]}, "subdivision: ['MI'] is none of those of IT"),
        ({"country": "RO", "name": 3}, "name: 3 is no text"),
        ({"country": "RO", "years": (1980, 2020)}, "years: 1980 to 2020 ... of RO, 1997 to 2100"),
        ({"country": "RO", "years": (2020,)}, "years: (2020,) is no first and last year"),
        ({"country": "RO", "years": (2025, 2020)}, "years: (2025, 2020) is no first"),
        ({"country": "RO", "years": (2020.5, 2021)}, "years: (2020.5, 2021) is no first"),
        ({"tz": "UTC", "years": (1900, 2020)}, "years: 1900 to 2020 ... a calendar, 1950 to 2100"),
        ({"country": "RO", "hours": "08:00-16:00"}, "hours: '08:00-16:00' is no week"),
        ({"country": "RO", "hours": []}, "hours: [] is no week"),
        ({"country": "RO", "hours": ["x"]}, "hours: 'x' is no week"),
        (week(), "hours: no weekday has hours"),
        (week(mon_fri="08:00-16:00", fri="08:00-12:00"), "hours: fri has hours twice"),
        (week(mo="08:00-16:00"), "hours: 'mo' is no weekday ... write mon, tue, wed, thu"),
        (week(wendesday="8-16"), "hours: 'wendesday' is no weekday ... mean 'wednesday'?"),
        (week(weekdays="08:00-16:00"), "hours: 'weekdays' is no weekday"),
        (
            week(ma="08:00-16:00"),
            "hours: 'ma' may mean more than one weekday: 'ma' is tue in Romanian, "
            "tue in Italian, mon in Dutch ... write the whole name",
        ),
        (week(fri_mon="08:00-16:00"), "hours: 'fri-mon' is no range of weekdays"),
        (week(mon_tue_wed="08:00-16:00"), "hours: 'mon-tue-wed' is no range"),
        (week(mon="16:00-08:00"), "hours: mon: 16:00-08:00 ends before it begins ... of two days"),
        (week(mon="08:00-08:00"), "hours: mon: 08:00-08:00 ends before it begins"),
        (week(mon="08:00-12:00, 11:00-14:00"), "hours: mon: 11:00-14:00 begins before 12:00"),
        (week(mon="13:00-16:00, 08:00-12:00"), "hours: mon: 08:00-12:00 begins before 16:00"),
        (week(mon="08:00-24:01"), "hours: mon: '08:00-24:01' is no time of the day"),
        (week(mon="08:60-09:00"), "hours: mon: '08:60-09:00' is no time of the day"),
        (week(mon="8-16"), "hours: mon: '8-16' are no hours ... write them as 08:00-16:30"),
        (
            {"tz": "UTC", "hours": [{"mon": "08:00-16:00"}, {"tue": "8"}]},
            "hours: entry 2, tue: '8' are no hours",
        ),
        (
            week(**{"mon": "08:00-16:00", "from": "1.7.2026"}),
            "hours: from: '1.7.2026' is not a date",
        ),
        (
            week(**{"mon": "08:00-16:00", "from": "2026-07-02", "until": "2026-07-01"}),
            "hours: until 2026-07-01 is before from 2026-07-02",
        ),
        (own(date="02.05.2025"), "days: row 1, column date: '02.05.2025' is not a date"),
        (own(date="2025-02-30"), "days: row 1, column date: there is no day 2025-02-30"),
        (own(date=datetime(2025, 5, 2, 8)), "days: row 1, column date: '2025-05-02T08:00:00'"),
        (own(date=None), "days: row 1, column date: None is not a date"),
        (own(role="ofice"), "days: row 1, column role: 'ofice' ... did you mean 'office'?"),
        (own(role=""), "days: row 1, column role: None is none of office, deadline, both"),
        (own(kind="brige"), "days: row 1, column kind: 'brige' ... did you mean 'bridge'?"),
        (
            own(kind="equated"),
            "days: row 1, column role: kind 'equated' has the role 'deadline' only",
        ),
        (
            own(kind="working", role="both"),
            "column role: kind 'working' has the role 'office' only",
        ),
        (own(hours="08:00-12:00"), "column hours: '08:00-12:00' on a day of kind 'closed'"),
        (own(kind="working", hours="closed"), "column hours: 'closed' on a day of kind 'working'"),
        (own(kind="working", hours="8-12"), "days: row 1, column hours: '8-12' are no hours"),
        (own(kin="bridge"), "days: row 1 has a column 'kin' ... did you mean 'kind'?"),
        ({"country": "RO", "days": [{"date": "2025-05-02"}]}, "days: row 1 has no column 'role'"),
        ({"country": "RO", "days": ["2025-05-02"]}, "days: row 1: '2025-05-02' is no day"),
        ({"country": "RO", "days": BRIDGE}, "days: {'date': '2025-05-02' ... is no list of days"),
        ({"country": "RO", "days": 7}, "days: 7 is no list of days"),
        ({"country": "RO", "days": "no_such.csv"}, "days: cannot read no_such.csv"),
        (own(date="1990-05-02"), "days: 1990-05-02 is outside the years covered, 1997 to 2100"),
        (
            {"country": "RO", "days": [BRIDGE, {**BRIDGE, "kind": "closed"}]},
            "days: 2025-05-02 is both 'bridge' and 'closed' in the role 'office'",
        ),
        (
            {
                "country": "RO",
                "days": [
                    {**BRIDGE, "kind": "working", "hours": "08:00-12:00"},
                    {**BRIDGE, "kind": "working", "hours": "08:00-13:00"},
                ],
            },
            "days: 2025-05-02 has two different hours in the role 'office'",
        ),
        (
            {
                "tz": "UTC",
                "hours": {"tue": "08:00-12:00"},
                "days": [{**BRIDGE, "kind": "working"}],
            },
            "days: 2025-05-02 is an extra working day, but neither its weekday nor Monday",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_contradicts_itself_is_refused_with_the_field(
    fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(CalendarError) as found:
        Calendar(**fields)
    message = " ".join(str(found.value).split())
    for part in told.split(" ... "):
        assert part.removeprefix("... ") in message
    assert "\n" in str(found.value), "the message says no next step"
    assert str(found.value).startswith(f"{found.value.field}: ")


def test_a_row_that_says_the_same_again_is_taken_once() -> None:
    again = Calendar("RO", days=[BRIDGE, {**BRIDGE, "source": "press", "kind": "BRIDGE "}])
    assert len(again.days) == 1


def test_a_day_may_be_closed_for_the_office_and_equated_for_terms() -> None:
    days = [
        {"date": "2025-05-30", "role": "office"},
        {"date": "2025-05-30", "role": "deadline", "kind": "equated"},
    ]
    assert len(Calendar("NL", days=days).days) == 2


def test_own_days_may_come_as_a_table() -> None:
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2025-05-02", "2025-05-10"]),
            "role": ["office", "office"],
            "kind": ["bridge", "working"],
            "hours": [np.nan, "08:00-12:00"],
        }
    )
    calendar = Calendar("RO", days=frame)
    assert [(day.kind, day.hours) for day in calendar.days] == [
        ("bridge", None),
        ("working", ((480, 720),)),
    ]
    assert "note" not in frame.columns


def test_dates_may_be_dates_of_python_and_numpy() -> None:
    for day in (date(2025, 5, 2), datetime(2025, 5, 2), np.datetime64("2025-05-02"), "2025-05-02"):
        assert Calendar("RO", days=[{**BRIDGE, "date": day}]) == Calendar("RO", days=[BRIDGE])


def test_a_file_of_days_is_read_with_commas_or_semicolons_and_its_errors_name_file_and_row(
    tmp_path: Path,
) -> None:
    path = tmp_path / "days.csv"
    rows = "date,role,kind,source,hours,note\n2025-05-02,office,bridge,HG 2/2025,,\n\n"
    rows += '2025-05-10,office,working,HG 2/2025,"08:00-12:00, 13:00-14:00",recovery\n'
    path.write_text("\ufeff" + rows, encoding="utf-8")
    calendar = Calendar("RO", days=path)
    assert calendar.days[1].hours == ((480, 720), (780, 840))
    assert calendar.days[1].note == "recovery"
    path.write_text("date;role\r\n2025-05-02;office\r\n2025-05-09;office\r\n", encoding="utf-8")
    assert len(Calendar("RO", days=str(path)).days) == 2
    for text, told in (
        ("date,role\n2025-05-02,office\n9.5.2025,office\n", "days.csv, row 3, column date"),
        ("date,kind\n2025-05-02,bridge\n", "days.csv has no column 'role'"),
        ("date,role,knd\n2025-05-02,office,x\n", "days.csv has a column 'knd'"),
        ("date,role\n2025-05-02,office,bridge\n", "days.csv, row 2 has more cells"),
        ("", "days.csv has no column 'date'"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CalendarError, match=told):
            Calendar("RO", days=path)


def test_a_calendar_covers_the_years_of_its_holidays_or_of_its_own_dates() -> None:
    assert Calendar("RO").years == (1997, 2100)
    assert Calendar("IT").years == (1950, 2100)
    assert Calendar(tz="UTC").years == (1950, 2100)
    assert Calendar(tz="UTC", days=[BRIDGE]).years == (2025, 2025)
    hours = {"from": "2023-04-01", "mon-fri": "08:00-16:00"}
    assert Calendar(tz="UTC", days=[BRIDGE], hours=hours).years == (2023, 2025)
    assert Calendar("RO", days=[BRIDGE]).years == (1997, 2100)
    short = Calendar("RO", years=(2020, 2025))
    assert short.first_day == day_number("2020-01-01", "", "")
    assert short.last_day == day_number("2025-12-31", "", "")


@pytest.mark.parametrize("country", sorted(COUNTRIES.values()))
def test_every_country_of_a_zone_makes_a_calendar(country: str) -> None:
    calendar = Calendar(country)
    assert calendar.tz == ZONES[country]
    table = calendar.day_table(calendar.first_day, calendar.last_day)
    assert calendar.years == supported_years(country)
    assert (table.holiday & (table.weekday < 5)).any()


def test_calendars_are_equal_by_content_and_may_be_keys() -> None:
    one = Calendar("RO", days=[BRIDGE], hours={"mon-fri": "08:00-16:00"}, name="City hall")
    same = Calendar(
        "RO", days=[{**BRIDGE, "note": "press"}], hours={"mon,tue-thu,friday": "8:00-16:00"}
    )
    other = Calendar("RO", days=[BRIDGE], hours={"mon-fri": "08:00-16:01"})
    assert one == same
    assert hash(one) == hash(same)
    assert one.version == same.version
    assert one != other
    assert one.version != other.version
    assert len({one, same, other}) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"tz": "UTC"},
        {"years": (2020, 2025)},
        {"hours": {"mon-fri": "09:00-16:00"}},
        {"days": [BRIDGE]},
        {"days": [{**BRIDGE, "role": "both"}]},
        {"categories": ["public"]},
        {"hours": [{"mon-fri": "08:00-16:00"}, {"from": "2026-01-01", "mon-fri": "08:00-16:00"}]},
    ],
)
def test_whatever_changes_results_changes_the_version(fields: dict[str, Any]) -> None:
    assert Calendar("RO", **fields).version != Calendar("RO").version


def test_the_version_names_country_library_days_and_hours() -> None:
    from holidays import __version__

    calendar = Calendar("IT", subdivision="MI", days=[BRIDGE, {**BRIDGE, "date": "2025-08-14"}])
    said = f"IT-MI, holidays {__version__}, 2 own days, hours Mon-Fri 08:00-16:00, sha "
    assert calendar.version.startswith(said)


def test_a_calendar_survives_pickling_with_its_caches_left_behind() -> None:
    calendar = Calendar("RO", days=[BRIDGE], name="City hall")
    assert calendar.version
    calendar.working_time("2025-01-01", "2025-02-01")
    again = pickle.loads(pickle.dumps(calendar))
    assert again == calendar
    assert again.name == "City hall"
    assert again.version == calendar.version
    assert again.working_time("2025-05-01", "2025-05-06") == np.timedelta64(8, "h")


def test_a_calendar_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Calendar("RO").tz = "UTC"  # type: ignore[misc]


def test_a_calendar_is_shown_in_a_line_and_as_a_card() -> None:
    calendar = Calendar("RO", days=[BRIDGE], name="Primăria <Test>")
    assert repr(calendar) == (
        "Calendar(Primăria <Test>, RO, Europe/Bucharest, 1 own day, "
        "hours Mon-Fri 08:00-16:00, 1997-2100)"
    )
    html = card(calendar, date(2025, 4, 30))
    assert "Primăria &lt;Test&gt;" in html
    assert "2025-05-01 Labor Day, 2025-05-02 bridge, 2025-06-09 Pentecost" in html
    assert "1997 to 2100" in html
    assert calendar.version in html
    assert "Calendar" in calendar._repr_html_()


def test_the_card_tells_what_is_not_known() -> None:
    assert "equated days are known for 2017, 2018, 2019, 2022" in card(Calendar("NL"))
    assert "terms do not roll on it" in card(Calendar("IT", subdivision="MI"))
    assert "covers" in card(Calendar(tz="UTC", years=(1999, 1999)), date(2026, 1, 1))
    assert next_days_off(Calendar("RO"), day_number("2100-12-31", "", "")) == ""


def test_hours_with_dates_are_told_with_them() -> None:
    hours = [{"mon-fri": "08:00-16:00"}, {"from": "2026-07-01", "mon": "08:00-12:00, 13:00-14:00"}]
    calendar = Calendar("RO", hours=hours)
    assert "hours in 2 periods" in calendar.version
    assert "Mon 08:00-12:00 13:00-14:00 from 2026-07-01" in card(calendar)


def test_the_errors_are_those_of_procmine() -> None:
    assert issubclass(CalendarCoverageError, CalendarError)
    assert issubclass(CalendarError, ProcmineError)
