"""Italian tax codes of invented people: the check letter is right, the place of birth is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NO_PLACE = "Z998"  # a code that no town or country has, so that no code is anybody's
MONTHS = "ABCDEHLMPRST"
# Decree of 23 December 1976 (codice fiscale): values of the characters in odd places
ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


@dataclass(frozen=True)
class Person:
    """Who the code is for."""

    surname: str
    name: str
    born: date
    female: bool


def tax_code(person: Person) -> str:
    """Return the sixteen characters."""
    day = person.born.day + (40 if person.female else 0)
    plain = (
        _letters(person.surname) + _name_letters(person.name)
        + f"{person.born:%y}{MONTHS[person.born.month - 1]}{day:02d}{NO_PLACE}"
    )  # fmt: skip
    return plain + check_letter(plain)


def check_letter(plain: str) -> str:
    """Return the last letter, from the fifteen characters before it."""
    total = 0
    for place, character in enumerate(plain):
        value = int(character) if character.isdigit() else ord(character) - ord("A")
        total += ODD[value] if place % 2 == 0 else value
    return chr(ord("A") + total % 26)


def _letters(text: str) -> str:
    consonants, vowels = _split(text)
    return (consonants + vowels + "XXX")[:3]


def _name_letters(text: str) -> str:
    """Of four consonants or more the second is left out."""
    consonants, _ = _split(text)
    return consonants[0] + consonants[2:4] if len(consonants) > 3 else _letters(text)


def _split(text: str) -> tuple[str, str]:
    letters = [letter for letter in text.upper() if letter.isascii() and letter.isalpha()]
    vowels = "".join(letter for letter in letters if letter in "AEIOU")
    return "".join(letter for letter in letters if letter not in "AEIOU"), vowels
