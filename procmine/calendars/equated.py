"""Equated days: working days that a decree makes equal to holidays for terms (NL, Algemene termijnenwet art. 3)."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

import numpy as np

from procmine.calendars.dates import day_number
from procmine.kernels import Ints

_FILES = {"NL": "equated_days_nl.csv"}
"""One file a country: ``year, date, source``; a year that is listed is known, one without a date has none."""


def days_of(country: str | None) -> Ints:
    """Return the equated days of a country as days since 1970-01-01.

    >>> days_of("NL")[-2:].astype("datetime64[D]")
    array(['2028-04-28', '2028-05-26'], dtype='datetime64[D]')
    """
    dates = [row["date"] for row in _rows(country) if row["date"]]
    return np.array([day_number(date, "date", "equated days") for date in dates], dtype=np.int64)


def years_of(country: str | None) -> tuple[int, ...] | None:
    """Return the years whose equated days are known, None for a country that has no such days.

    >>> years_of("NL")
    (2017, 2018, 2019, 2022, 2023, 2024, 2025, 2026, 2027, 2028)
    """
    if country not in _FILES:
        return None
    return tuple(sorted({int(row["year"]) for row in _rows(country)}))


@lru_cache(maxsize=4)
def _rows(country: str | None) -> tuple[dict[str, str], ...]:
    if country not in _FILES:
        return ()
    text = (files("procmine.calendars") / "data" / _FILES[country]).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
