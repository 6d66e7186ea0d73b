"""Names of months and days of the week in the languages of the exports: data, folded when they are looked up."""

from __future__ import annotations

import unicodedata

_MONTHS = {
    "ro": (
        "ianuarie ian", "februarie feb febr", "martie mar mart", "aprilie apr", "mai", "iunie iun",
        "iulie iul", "august aug", "septembrie sep sept", "octombrie oct", "noiembrie noi nov noiem",
        "decembrie dec",
    ),
    "it": (
        "gennaio gen genn", "febbraio feb febbr", "marzo mar", "aprile apr", "maggio mag magg",
        "giugno giu", "luglio lug", "agosto ago", "settembre set sett", "ottobre ott", "novembre nov",
        "dicembre dic",
    ),
    "el": (
        "ιανουαρίου ιανουάριος ιαν", "φεβρουαρίου φεβρουάριος φεβ φεβρ", "μαρτίου μάρτιος μαρ μαρτ",
        "απριλίου απρίλιος απρ", "μαΐου μάιος μαΐ", "ιουνίου ιούνιος ιουν", "ιουλίου ιούλιος ιουλ",
        "αυγούστου αύγουστος αυγ", "σεπτεμβρίου σεπτέμβριος σεπ σεπτ", "οκτωβρίου οκτώβριος οκτ",
        "νοεμβρίου νοέμβριος νοε νοεμ", "δεκεμβρίου δεκέμβριος δεκ",
    ),
    "nl": (
        "januari jan", "februari feb febr", "maart mrt maa", "april apr", "mei", "juni jun", "juli jul",
        "augustus aug", "september sep sept", "oktober okt", "november nov", "december dec",
    ),
    "en": (
        "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
        "august aug", "september sep sept", "october oct", "november nov", "december dec",
    ),
}  # fmt: skip

_WEEKDAYS = {
    "ro": "luni marți miercuri joi vineri sâmbătă duminică lun mar mie joi vin sâm dum",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica lun mar mer gio ven sab dom",
    "el": "Δευτέρα Τρίτη Τετάρτη Πέμπτη Παρασκευή Σάββατο Κυριακή Δευ Τρι Τετ Πεμ Παρ Σαβ Κυρ",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma di wo do vr za zo",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun",
}


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).replace("ς", "σ")


_NUMBER_OF = {
    _folded(name): number
    for months in _MONTHS.values()
    for number, names in enumerate(months, 1)
    for name in names.split()
}
_DAYS = {_folded(name) for names in _WEEKDAYS.values() for name in names.split()}


def month_number(name: str) -> int:
    """Return 1 to 12 for the name of a month, full or short, or 0.

    >>> month_number("Μαρτίου"), month_number("MRT"), month_number("Popescu")
    (3, 3, 0)
    """
    return _NUMBER_OF.get(_folded(name), 0)


def weekday_or_none(name: str) -> bool:
    """Tell whether a word is the name of a day of the week, full or short, or is not there at all.

    >>> weekday_or_none("lunedì"), weekday_or_none("azi"), weekday_or_none("")
    (True, False, True)
    """
    return not name or _folded(name) in _DAYS
