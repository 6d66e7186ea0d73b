"""What the laws of four countries say of days off, from decrees, official lists and published term calculations."""

from __future__ import annotations

import numpy as np
import pytest

from procmine.calendars import Calendar
from procmine.calendars.dates import date_text, day_number
from procmine.errors import DataQualityWarning

ATW_EQUATED = [
    *("2017-04-28", "2017-05-26", "2018-05-11", "2018-12-24", "2018-12-31", "2019-05-31"),
    *("2019-12-27", "2022-05-27", "2023-04-28", "2023-05-19", "2024-05-10", "2024-12-27"),
    *("2025-05-30", "2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26"),
]
CIVIL = ("sat", "sun", "holiday")


@pytest.fixture(scope="module")
def ro() -> Calendar:
    return Calendar("RO")


@pytest.fixture(scope="module")
def gr() -> Calendar:
    return Calendar("GR")


@pytest.fixture(scope="module")
def nl() -> Calendar:
    return Calendar("NL")


def number(day: str) -> int:
    return day_number(day, "day", "test")


def is_holiday(calendar: Calendar, day: str) -> bool:
    return bool(calendar.day_table(number(day), number(day)).holiday[0])


def is_office_off(calendar: Calendar, day: str) -> bool:
    return bool(calendar.day_table(number(day), number(day)).office_off[0])


def after_days(calendar: Calendar, day: str, n: int, on: tuple[str, ...] = CIVIL) -> str:
    return str(calendar.roll(calendar.add_days(day, n, unit="day"), on=on))


@pytest.mark.parametrize(
    ("day", "off"),
    [
        ("2016-04-29", False),  # Good Friday, a holiday from 2018 on
        ("2017-04-14", False),
        ("2018-04-06", True),
        ("2016-01-24", False),  # Unification, from 2017 on
        ("2017-01-24", True),
        ("2016-06-01", False),  # Children's Day, from 2017 on
        ("2017-06-01", True),
        ("2011-11-30", False),  # Saint Andrew, from 2012 on
        ("2012-11-30", True),
        ("2023-01-06", False),  # Epiphany and Saint John, from 2024 on
        ("2024-01-06", True),
        ("2024-01-07", True),
    ],
)
def test_romania_has_its_holidays_from_the_year_of_their_law_on(
    ro: Calendar, day: str, off: bool
) -> None:
    assert is_holiday(ro, day) is off
    assert is_office_off(ro, day) is off


def test_romania_has_sixteen_holidays_on_the_press_list_of_2026(ro: Calendar) -> None:
    table = ro.day_table(number("2026-01-01"), number("2026-12-31"))
    assert [date_text(table.first + int(day)) for day in np.flatnonzero(table.holiday)] == [
        *("2026-01-01", "2026-01-02", "2026-01-06", "2026-01-07", "2026-01-24", "2026-04-10"),
        *("2026-04-12", "2026-04-13", "2026-05-01", "2026-05-31", "2026-06-01", "2026-08-15"),
        *("2026-11-30", "2026-12-01", "2026-12-25", "2026-12-26"),
    ]


@pytest.mark.parametrize("day", ["2019-08-16", "2025-05-02", "2026-01-05"])
def test_a_romanian_bridge_day_is_no_holiday_by_itself(ro: Calendar, day: str) -> None:
    assert not is_holiday(ro, day)
    assert ro.is_working_day(day, role="office")


def test_a_bridge_day_closes_the_office_and_leaves_terms_alone() -> None:
    ro = Calendar(
        "RO",
        days=[{"date": "2025-05-02", "role": "office", "kind": "bridge", "source": "HG 2/2025"}],
    )
    assert not ro.is_working_day("2025-05-02", role="office")
    assert ro.is_working_day("2025-05-02", role="deadline")
    assert ro.add_days("2025-04-14", 15) == np.datetime64("2025-05-08")


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [("2025-04-14", 15, "2025-05-08"), ("2024-12-30", 7, "2025-01-14")],
)
def test_romanian_terms_in_working_days_end_as_law_50_of_1991_is_counted(
    ro: Calendar, start: str, n: int, due: str
) -> None:
    assert str(ro.add_days(start, n)) == due


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2025-09-10", 15, "2025-09-26"),
        ("2025-03-18", 30, "2025-04-22"),
        ("2024-12-23", 10, "2025-01-03"),
    ],
)
def test_romanian_free_days_roll_over_easter_and_the_new_year(
    ro: Calendar, start: str, n: int, due: str
) -> None:
    assert after_days(ro, start, n + 1) == due


@pytest.mark.parametrize(
    ("province", "patron"),
    [
        ("LC", "2026-12-06"),
        ("RM", "2026-06-29"),
        ("Roma", "2026-06-29"),
        ("MI", "2026-12-07"),
        ("NA", "2026-09-19"),
        ("TO", "2026-06-24"),
        ("FI", "2026-06-24"),
        ("PA", "2026-07-15"),
        ("BZ", "2026-05-25"),
    ],
)
def test_the_patron_of_an_italian_capital_closes_the_office_and_leaves_terms_alone(
    province: str, patron: str
) -> None:
    calendar = Calendar("IT", subdivision=province)
    assert is_office_off(calendar, patron)
    assert not is_holiday(calendar, patron)
    assert not is_office_off(Calendar("IT"), patron)


def test_the_holidays_of_a_german_land_are_of_both_roles() -> None:
    bavaria = Calendar("DE", subdivision="BY")
    for calendar, off in ((bavaria, True), (Calendar("DE"), False)):
        assert is_holiday(calendar, "2026-01-06") is off
        assert is_office_off(calendar, "2026-01-06") is off


def test_a_file_may_let_terms_roll_on_the_patron_too() -> None:
    patron = [{"date": "2026-12-07", "role": "deadline", "kind": "patron"}]
    calendar = Calendar("IT", subdivision="MI", days=patron)
    assert is_holiday(calendar, "2026-12-07")
    assert is_office_off(calendar, "2026-12-07")


@pytest.mark.parametrize(
    ("day", "off"),
    [
        ("2025-10-04", False),  # San Francesco, from 2026 on
        ("2026-10-04", True),
        ("2011-03-17", True),  # 150 years of unity, that year only
        ("2012-03-17", False),
    ],
)
def test_italy_has_san_francesco_from_2026_on_and_unity_in_2011(day: str, off: bool) -> None:
    assert is_holiday(Calendar("IT"), day) is off


def test_an_italian_term_that_ends_on_a_saturday_rolls_only_where_saturdays_count() -> None:
    calendar = Calendar("IT")
    assert after_days(calendar, "2025-07-16", 30) == "2025-08-18"  # over Ferragosto, a Friday
    assert after_days(calendar, "2025-07-16", 30, ("sun", "holiday")) == "2025-08-16"
    assert after_days(calendar, "2026-09-04", 30) == "2026-10-05"  # San Francesco is a Sunday


@pytest.mark.parametrize(
    ("year", "day"), [(2021, "05-04"), (2022, "05-02"), (2024, "05-07"), (2027, "05-04")]
)
def test_the_greek_labour_day_moves_away_from_easter_and_sundays(
    gr: Calendar, year: int, day: str
) -> None:
    assert is_holiday(gr, f"{year}-{day}")


def test_greek_half_days_are_no_days_off(gr: Calendar) -> None:
    for day in ("2025-12-24", "2025-12-31"):
        assert gr.is_working_day(day)
        assert gr.is_working_day(day, role="office")


def test_greek_terms_roll_over_the_orthodox_easter(gr: Calendar) -> None:
    assert after_days(gr, "2026-02-20", 50) == "2026-04-14"
    assert after_days(gr, "2026-03-02", 50) == "2026-04-21"


def test_an_ad_hoc_closure_that_a_court_held_to_be_a_holiday_may_have_both_roles() -> None:
    storm = [{"date": "2021-10-15", "role": "both", "source": "StE"}]
    gr = Calendar("GR", days=storm)
    assert is_holiday(gr, "2021-10-15")
    assert is_office_off(gr, "2021-10-15")


@pytest.mark.parametrize(
    "day",
    ["2013-03-29", "2013-04-30", "2026-04-03", *(f"{year}-05-05" for year in range(2010, 2031))],
)
def test_the_atw_counts_queens_day_good_friday_and_liberation_day_of_every_year(
    nl: Calendar, day: str
) -> None:
    assert is_holiday(nl, day)


def test_public_holidays_alone_would_miss_liberation_day_in_most_years() -> None:
    alone = Calendar("NL", categories=["public"])
    assert not is_holiday(alone, "2026-05-05")
    assert is_holiday(alone, "2025-05-05")


@pytest.mark.parametrize("day", ATW_EQUATED)
def test_an_equated_day_is_a_working_day_on_which_terms_roll(nl: Calendar, day: str) -> None:
    table = nl.day_table(number(day), number(day))
    assert table.equated[0]
    assert table.equated_known[0]
    assert not table.holiday[0]
    assert table.office_open[0]
    assert nl.is_working_day(day)
    assert nl.roll(day) > np.datetime64(day)


def test_no_other_days_are_equated(nl: Calendar) -> None:
    table = nl.day_table(nl.first_day, nl.last_day)
    assert [
        date_text(nl.first_day + int(at)) for at in np.flatnonzero(table.equated)
    ] == ATW_EQUATED


@pytest.mark.parametrize(
    ("year", "known"),
    [(2010, False), (2016, False), (2017, True), (2019, True), (2020, False), (2021, False),
     (2022, True), (2028, True), (2029, False)],
)  # fmt: skip
def test_a_year_without_a_list_of_equated_days_is_not_taken_for_one_without_such_days(
    nl: Calendar, year: int, known: bool
) -> None:
    table = nl.day_table(number(f"{year}-01-01"), number(f"{year}-12-31"))
    assert (table.equated_known == known).all()


def test_other_countries_have_no_equated_days_and_know_it(ro: Calendar) -> None:
    table = ro.day_table(ro.first_day, ro.last_day)
    assert table.equated_known.all()
    assert not table.equated.any()


def test_dutch_terms_of_eight_weeks_roll_as_the_atw_says(nl: Calendar) -> None:
    assert after_days(nl, "2026-03-10", 56, ("sat", "sun", "holiday", "equated")) == "2026-05-06"
    assert after_days(nl, "2026-03-20", 56, ("sat", "sun", "holiday", "equated")) == "2026-05-18"
    assert after_days(nl, "2013-03-05", 56) == "2013-05-01"


def test_rolling_in_a_year_without_a_list_warns_with_the_year(nl: Calendar) -> None:
    with pytest.warns(DataQualityWarning, match=r"2 of 3 days .* not known \(2013, 2015\)"):
        nl.roll(["2013-04-30", "2015-05-05", "2026-05-05"])


def test_equated_days_of_a_file_make_their_year_known() -> None:
    nl = Calendar("NL", days=[{"date": "2015-05-15", "role": "deadline", "kind": "equated"}])
    assert (
        str(nl.roll("2015-05-14")) == "2015-05-18"
    )  # Ascension, then the equated day, then a weekend
    assert nl.is_working_day("2015-05-15")
    assert nl.is_working_day("2015-05-15", role="office")
