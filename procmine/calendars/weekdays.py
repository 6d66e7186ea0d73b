"""The days of the week as offices write them, in English, Romanian, Italian, Greek and Dutch."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LANGUAGES = {"en": "English", "ro": "Romanian", "it": "Italian", "el": "Greek", "nl": "Dutch"}
_FULL = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "ro": "luni marți miercuri joi vineri sâmbătă duminică",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "el": "Δευτέρα Τρίτη Τετάρτη Πέμπτη Παρασκευή Σάββατο Κυριακή",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
}
_SHORT = {
    "en": (" ".join(WEEKDAYS),),
    "ro": ("lun mar mie joi vin sâm dum", "lu ma mi jo vi sâ du"),
    "it": ("lun mar mer gio ven sab dom", "lu ma me gi ve sa do"),
    "el": ("Δευ Τρι Τετ Πεμ Παρ Σαβ Κυρ", "Δε Τρ Τε Πε Πα Σα Κυ"),
    "nl": ("ma di wo do vr za zo", "maa din woe don vri zat zon"),
}
_LONG_ENOUGH = 5
"""Letters: of a shorter word no guess is made, it may be the name of another day in another language."""
_NEAR = 0.75


def folded(name: str) -> str:
    """Return a name as it is compared: without accents, capitals, blanks around it and the dot of a short form.

    >>> folded("Sâm."), folded("ΔΕΥΤΈΡΑ") == folded("Δευτέρα")
    ('sam', True)
    """
    plain = unicodedata.normalize("NFKD", name.strip().removesuffix(".").casefold())
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def _numbered(language: str) -> dict[str, int]:
    rows = (_FULL[language], *_SHORT[language])
    return {folded(name): day for row in rows for day, name in enumerate(row.split())}


_DAYS = {language: _numbered(language) for language in _LANGUAGES}
_GUESSES = {folded(name): name for names in _FULL.values() for name in names.split()}


def meanings(name: str, beside: Iterable[str] = ()) -> dict[str, int]:
    """Return the days (Monday is 0) that a name may mean, by language; none where it is no weekday.

    Where languages differ, those that know the names ``beside`` it, too, are asked alone.

    >>> meanings("ma"), meanings("ma", beside=["vr"]), meanings("someday")
    ({'Romanian': 1, 'Italian': 1, 'Dutch': 0}, {'Dutch': 0}, {})
    """
    wanted = folded(name)
    found = {language: days[wanted] for language, days in _DAYS.items() if wanted in days}
    if len(set(found.values())) > 1:
        others = {folded(other) for other in beside}
        alone = {language: day for language, day in found.items() if others <= set(_DAYS[language])}
        found = alone or found
    return {_LANGUAGES[language]: day for language, day in found.items()}


def guess(name: str) -> str:
    """Return the full name that was probably meant, or nothing.

    Of short words nothing is guessed, nor where names of two days are near.

    >>> guess("wendesday"), guess("vinerii"), guess("munday"), guess("mo")
    ('wednesday', 'vineri', '', '')
    """
    wanted = folded(name)
    near = get_close_matches(wanted, list(_GUESSES), n=len(_GUESSES), cutoff=_NEAR)
    days = {day for other in near for day in meanings(other).values()}
    return _GUESSES[near[0]] if len(days) == 1 and len(wanted) >= _LONG_ENOUGH else ""
