"""How well a word suits the languages of the offices: Romanian, Italian, Greek, Dutch and English."""

from __future__ import annotations

from functools import lru_cache

LANGUAGES = {
    "Romanian": "ăâîșțşţ",
    "Italian": "àèéìíîòóùú",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
    "Dutch": "áéíóúàèëïöüêçôû",
    "English": "éïè",
}
_USUAL = {name: frozenset(small + small.upper()) for name, small in LANGUAGES.items()}
_GREEK = _USUAL["Greek"]
_IN_NAMES = frozenset("äöüßőűçñšžćčřýøåœæ" + "äöüőűçñšžćčřýøåœæ".upper())
_ALONE = frozenset("èÈàÀéÉ")
_GREEK_ALONE = frozenset("οηήΟΗΉ")
_WITH_TONOS = frozenset("ΆΈΉΊΌΎΏ")
_OPENING, _CLOSING = frozenset("“„«‚‹"), frozenset("”»›")
_MARKS = frozenset("’‘–—…€§°·•£\xa0†±½¼¾™®©«»×‰΄―") | _OPENING | _CLOSING
_FEW, _BAD, _WORST = -1.5, -2.0, -6.0


def plausibility(word: str) -> float:
    """Return how plausible the letters beyond ASCII of a word are, summed: 1 for a letter in its
    place, down to -6 for one that no text holds.
    """
    return max(points_in(word, language) for language in LANGUAGES)


def points_in(word: str, language: str) -> float:
    """Return how plausible the letters beyond ASCII of a word are in one language."""
    padded = f"  {word}  "
    return sum(
        _points(padded[place - 2], padded[place - 1], letter, padded[place + 1], language)
        for place, letter in enumerate(padded)
        if letter > "\x7f"
    )


@lru_cache(maxsize=1 << 16)
def _points(second: str, before: str, letter: str, after: str, language: str) -> float:
    if not letter.isalpha() or letter in "ªºµƒˆ˜ˇ":
        return _of_mark(before, letter, after)
    if not (before.isalpha() or after.isalpha()):
        return _alone(letter)
    if letter in _GREEK:
        return _of_greek(before, letter, after) if language == "Greek" else _BAD
    return _of_latin(second, before, letter, language)


def _of_mark(before: str, mark: str, after: str) -> float:
    if mark == "\ufffd" or "\x80" <= mark < "\xa0":
        return _WORST
    if mark in "ªº":
        return 0.5 if (before.isdigit() or before in "nN") and not after.isalpha() else _BAD
    if mark in "²³":
        return 0.5 if before in "m0123456789" and not after.isalpha() else _FEW
    if mark in _MARKS:
        misplaced = (mark in _OPENING and before.isalpha()) or (
            mark in _CLOSING and after.isalpha()
        )
        if mark == "‘" and before.isalpha():
            misplaced = True
        return -1.0 if misplaced else 0.0 if mark == "’" and not before.isalpha() else 0.5
    return _BAD


def _alone(letter: str) -> float:
    if letter in _ALONE:
        return 1.0
    if letter in _GREEK:
        return 0.3 if letter in _GREEK_ALONE else -0.5 if letter.isupper() else -1.0
    return -1.0


def _of_greek(before: str, letter: str, after: str) -> float:
    if _latin(before) or _latin(after):
        return _BAD
    misplaced = (
        (letter.isupper() and before.islower())
        or (letter in _WITH_TONOS and before.isalpha())
        or (letter == "ς" and after.isalpha())
        or (letter in "ΐΰ" and not before.isalpha())
    )
    return _BAD if misplaced else 0.5 if letter == "σ" and not after.isalpha() else 1.0


def _of_latin(second: str, before: str, letter: str, language: str) -> float:
    usual = _USUAL[language]
    points = 1.0 if letter in usual else -0.5 if letter in _IN_NAMES else _BAD
    if before > "\x7f" and before.isalpha() and not {before, letter} <= _USUAL["Romanian"]:
        points -= 1.5
    if letter.isupper() and before.islower():
        points -= 2.0
    if letter.islower() and letter != "ß" and before.isupper() and second.isupper():
        points -= 0.3
    return points


def _latin(letter: str) -> bool:
    return letter.isalpha() and letter not in _GREEK
