"""The country of an office by its zone, and the public holidays of a country as local days."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

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
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
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
    days = _of_years(country, _year(first_day), _year(last_day))
    return days[(days >= first_day) & (days <= last_day)]


@lru_cache(maxsize=32)
def _of_years(country: str, first: int, last: int) -> Ints:
    import holidays

    years = range(max(first, _FIRST_YEAR), min(last, _LAST_YEAR) + 1)
    found = holidays.country_holidays(country, years=years) if years else {}
    days = np.array(sorted(found), dtype="datetime64[D]") - _EPOCH
    return days.astype(np.int64)


def _year(day: int) -> int:
    return int((_EPOCH + np.timedelta64(day, "D")).astype("datetime64[Y]").astype(int)) + 1970
