"""Office hours are written with the names of the days of five languages, and never read as another day."""

from __future__ import annotations

import pytest

from procmine.calendars.hours import hours_of
from procmine.calendars.weekdays import WEEKDAYS, guess, meanings
from procmine.errors import CalendarError

USUAL = "Mon-Thu 08:00-16:30, Fri 08:00-14:00"


def told(*keys: str) -> str:
    """Return the week of which the first key has long hours and the second one short ones."""
    (week,) = hours_of(dict(zip(keys, ("08:00-16:30", "08:00-14:00"), strict=True)))
    return str(week)


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("monday-thursday", "friday"),
        ("luni-joi", "vineri"),
        ("LUNI - JOI", "Vin."),
        ("lun-joi", "vin"),
        ("lu-jo", "vi"),
        ("lunedì-giovedì", "venerdì"),
        ("lunedi–giovedi", "venerdi"),
        ("lun,mar,mer,gio", "ven"),
        ("Δευτέρα-Πέμπτη", "Παρασκευή"),
        ("ΔΕΥΤΕΡΑ-ΠΕΜΠΤΗ", "παρασκευη"),
        ("Δευ-Πεμ", "Παρ"),
        ("maandag-donderdag", "vrijdag"),
        ("ma-do", "vr"),
        ("ma,di,wo,do", "vrijdag"),
    ],
)
def test_a_week_may_be_written_in_any_of_the_languages(long: str, short: str) -> None:
    assert told(long, short) == USUAL


@pytest.mark.parametrize("names", ["marți-sâmbătă", "marţi-sâmbătă", "marti-sambata", "mar-sâm"])
def test_romanian_names_are_known_with_every_spelling_of_their_letters(names: str) -> None:
    (week,) = hours_of({names: "09:00-13:00"})
    assert str(week) == "Tue-Sat 09:00-13:00"


def test_a_short_name_that_two_languages_share_is_read_with_the_names_beside_it() -> None:
    assert told("ma", "wo-vr") == "Mon 08:00-16:30, Wed-Fri 08:00-14:00"
    assert told("ma", "mi-vi") == "Tue 08:00-16:30, Wed-Fri 08:00-14:00"
    assert told("lu-ve", "sa-do") == "Mon-Fri 08:00-16:30, Sat-Sun 08:00-14:00"


def test_a_short_name_that_stays_open_is_refused() -> None:
    with pytest.raises(CalendarError, match="'do' is sun in Italian, thu in Dutch"):
        hours_of({"do": "08:00-12:00"})
    with pytest.raises(CalendarError, match="may mean more than one weekday"):
        hours_of({"ma": "08:00-12:00", "friday": "08:00-12:00"})


def test_no_long_name_and_no_english_one_means_two_days() -> None:
    from procmine.calendars import weekdays

    names = [*WEEKDAYS, *(name for row in weekdays._FULL.values() for name in row.split())]
    assert all(len(set(meanings(name).values())) == 1 for name in names)


@pytest.mark.parametrize("word", ["mo", "luna", "fre", "week", "weekend", "weekdays", "munday"])
def test_of_short_far_or_doubtful_words_no_day_is_guessed(word: str) -> None:
    assert guess(word) == ""
    with pytest.raises(CalendarError) as refused:
        hours_of({word: "08:00-12:00"})
    assert "did you mean" not in str(refused.value)
