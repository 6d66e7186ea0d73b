"""Countries: the zone, the years, the subdivisions and the public holidays that the library ``holidays`` knows."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import numpy as np

from procmine.errors import CalendarError, did_you_mean
from procmine.kernels import Ints

COUNTRIES = {
    "Europe/Amsterdam": "NL", "Europe/Athens": "GR", "Europe/Berlin": "DE", "Europe/Bratislava": "SK",
    "Europe/Brussels": "BE", "Europe/Bucharest": "RO", "Europe/Budapest": "HU", "Europe/Chisinau": "MD",
    "Europe/Copenhagen": "DK", "Europe/Dublin": "IE", "Europe/Helsinki": "FI", "Europe/Kyiv": "UA",
    "Europe/Lisbon": "PT", "Europe/Ljubljana": "SI", "Europe/London": "GB", "Europe/Luxembourg": "LU",
    "Europe/Madrid": "ES", "Europe/Malta": "MT", "Europe/Oslo": "NO", "Europe/Paris": "FR",
    "Europe/Prague": "CZ", "Europe/Riga": "LV", "Europe/Rome": "IT", "Europe/Sofia": "BG",
    "Europe/Stockholm": "SE", "Europe/Tallinn": "EE", "Europe/Vienna": "AT", "Europe/Vilnius": "LT",
    "Europe/Warsaw": "PL", "Europe/Zagreb": "HR", "Europe/Zurich": "CH", "Asia/Nicosia": "CY",
}  # fmt: skip
"""Zones that say in which country an office is; CET, EET and fixed offsets do not."""
ZONES = {country: tz for tz, country in COUNTRIES.items()}
"""The zone of a country's offices."""
TERM_CATEGORIES = {"NL": ("public", "optional")}
"""Categories that the law of terms counts, where they are more than the library's own choice: the Dutch
Algemene termijnenwet counts Good Friday and 5 May of every year."""
FIRST_YEAR, LAST_YEAR = 1950, 2100
_ALIASES = {"EL": "GR", "UK": "GB"}
_EPOCH = np.datetime64("1970-01-01", "D")


def country_of(tz: str) -> str | None:
    """Return the country of a zone, None where the zone is of several.

    >>> country_of("Europe/Rome"), country_of("CET")
    ('IT', None)
    """
    return COUNTRIES.get(tz)


def public_holidays(country: str, first_day: int, last_day: int) -> Ints:
    """Return the nationwide public holidays of a country between two days, as days since 1970-01-01.

    >>> public_holidays("RO", 20_454, 20_455)  # 1 and 2 January 2026
    array([20454, 20455])
    """
    first, last = max(_year(first_day), FIRST_YEAR), min(_year(last_day), LAST_YEAR)
    days = holidays_of(country, None, None, first, last)
    return days[(days >= first_day) & (days <= last_day)]


@lru_cache(maxsize=64)
def holidays_of(
    country: str,
    subdivision: str | None,
    categories: tuple[str, ...] | None,
    first: int,
    last: int,
) -> Ints:
    """Return the days off in the years ``first`` to ``last`` as days since 1970-01-01, in order."""
    import holidays

    years = range(first, last + 1)
    found = (
        holidays.country_holidays(country, subdiv=subdivision, years=years, categories=categories)
        if years
        else {}
    )
    days = np.array(sorted(found), dtype="datetime64[D]") - _EPOCH
    return days.astype(np.int64)


def names_of(
    country: str, subdivision: str | None, categories: tuple[str, ...] | None, year: int
) -> dict[Any, str]:
    """Return the dates and names of a year's holidays, in English where the library has them."""
    import holidays

    language = "en_US" if "en_US" in _entity(country).supported_languages else None
    found = holidays.country_holidays(
        country, subdiv=subdivision, years=year, categories=categories, language=language
    )
    return dict(found)


def library_version() -> str:
    """Return the version of the library that the holidays come from."""
    from importlib.metadata import version

    return version("holidays")


def supported_years(country: str) -> tuple[int, int]:
    """Return the first and the last year for which the holidays of a country are known.

    >>> supported_years("RO")
    (1997, 2100)
    """
    entity = _entity(country)
    return max(FIRST_YEAR, entity.start_year), min(LAST_YEAR, entity.end_year)


def checked_country(country: object) -> str:
    """Return the code of a country that ``holidays`` knows, or say which was probably meant."""
    known = _codes()
    if isinstance(country, str) and country in set(known.values()):
        return country
    near = get_close_matches(str(country).casefold(), list(known), n=1, cutoff=0.5)
    meant = f"\ndid you mean {known[near[0]]!r}?" if near else ""
    raise CalendarError(
        f"country: {country!r} is none of the {len(set(known.values()))} countries with known holidays\n"
        f"write its code of two capital letters, such as 'RO'{meant}",
        "country",
    )


def checked_subdivision(country: str | None, subdivision: str | None) -> str | None:
    """Return a subdivision that the country has."""
    if subdivision is None:
        return None
    if country is None:
        raise CalendarError(
            f"subdivision: {subdivision!r} needs a country\nsay country= too", "subdivision"
        )
    entity = _entity(country)
    aliases = entity.get_subdivision_aliases()
    names = {*map(str, entity.subdivisions), *(a for many in aliases.values() for a in many)}
    if isinstance(subdivision, str) and subdivision in names:
        return subdivision
    known = ", ".join(entity.subdivisions) or "it has none"
    raise CalendarError(
        f"subdivision: {subdivision!r} is none of those of {country}\n"
        f"there are: {known}"
        f"{did_you_mean(str(subdivision), names)}",
        "subdivision",
    )


def checked_categories(
    country: str | None, categories: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    """Return the categories that count as days off: those given, or those that the law of terms counts."""
    if country is None or categories is None:
        return TERM_CATEGORIES.get(country or "")
    if "half_day" in categories:
        raise CalendarError(
            "categories: 'half_day' is no day off\n"
            "give such a day its hours in days=: kind 'working' and hours '08:00-12:00'",
            "categories",
        )
    supported = _entity(country).supported_categories
    for category in categories:
        if category not in supported:
            raise CalendarError(
                f"categories: {category!r} is none of those of {country}\n"
                f"there are: {', '.join(sorted(supported))}"
                f"{did_you_mean(str(category), supported)}",
                "categories",
            )
    return categories


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Return codes by what people write: both codes and the English name, in small letters."""
    from holidays import registry

    codes = {alias.casefold(): code for alias, code in _ALIASES.items()}
    for name, entity in registry.COUNTRIES.items():
        written = (name.replace("_", " "), *entity[:3])
        codes |= {text.casefold(): entity[1] for text in written}
    return codes


def _entity(country: str) -> Any:
    import holidays

    return getattr(holidays, country)


def _year(day: int) -> int:
    return int((_EPOCH + np.timedelta64(day, "D")).astype("datetime64[Y]").astype(int)) + 1970
