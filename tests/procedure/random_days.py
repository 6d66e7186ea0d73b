"""Random calendars of five countries (and Brussels, for the Union), for the oracle and for procmine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import holidays

from procmine.calendars import Calendar
from tests.procedure.oracle_case import Days

ZONES = {
    "EU": ("BE", "Europe/Brussels"),
    "RO": ("RO", "Europe/Bucharest"),
    "IT": ("IT", "Europe/Rome"),
    "GR": ("GR", "Europe/Athens"),
    "NL": ("NL", "Europe/Amsterdam"),
}
"""The country of the holidays and the zone of the offices."""
YEARS = (2012, 2029)
"""The years whose holidays the oracle knows."""
ATW = {"NL": ("public", "optional")}
"""Good Friday and every 5 May are holidays of the Algemene termijnenwet."""
EQUATED = {
    "NL": [
        *("2017-04-28", "2017-05-26", "2018-05-11", "2018-12-24", "2018-12-31", "2019-05-31"),
        *("2019-12-27", "2022-05-27"),
        *("2023-04-28", "2023-05-19", "2024-05-10", "2024-12-27", "2025-05-30"),
        *("2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26"),
    ]
}
"""By royal decree, as uitvaart.nl 50535, wvhl.nl and sterfgeval.nl 70745 list them."""
KINDS = (
    ("closed", "deadline"),
    ("closed", "both"),
    ("closed", "office"),
    ("bridge", "office"),
    ("patron", "office"),
    ("equated", "deadline"),
)


@dataclass(frozen=True)
class Kalendar:
    """One calendar, told twice."""

    days: Days
    calendar: Calendar


@cache
def public_holidays(place: str) -> frozenset[date]:
    """The days off of the country on which terms roll."""
    country, _ = ZONES[place]
    years = range(YEARS[0], YEARS[1] + 1)
    found = holidays.country_holidays(country, years=years, categories=ATW.get(country))
    return frozenset(found)


def usual(place: str) -> Kalendar:
    """The calendar of a country without own days."""
    return with_own_days(place, {})


def random_calendar(draw: Random, place: str, first: date) -> Kalendar:
    """The country's holidays, and some days of the office's own in the year and a half from a day on."""
    days = [first + timedelta(days=draw.randint(-60, 500)) for _ in range(draw.choice((0, 5, 40)))]
    return with_own_days(place, {day: draw.choice(KINDS) for day in sorted(days)})


def with_own_days(place: str, own: dict[date, tuple[str, str]]) -> Kalendar:
    """The calendar of a country with own days, of which each has a kind and a role."""
    country, tz = ZONES[place]
    off = public_holidays(place)
    own = {day: kind for day, kind in own.items() if kind[0] != "equated" or day not in off}
    equated = {date.fromisoformat(text) for text in EQUATED.get(place, ())}
    equated |= {day for day, (kind, _) in own.items() if kind == "equated"}
    roles = {day: role for day, (kind, role) in own.items() if kind != "equated"}
    days = Days(
        holidays=off | {day for day, role in roles.items() if role in ("deadline", "both")},
        equated=frozenset(equated),
        office_off=off | {day for day, role in roles.items() if role in ("office", "both")},
    )
    rows: list[dict[str, Any]] = [
        {"date": day.isoformat(), "kind": kind, "role": role, "source": "drawn"}
        for day, (kind, role) in own.items()
    ]
    return Kalendar(days, Calendar(country, tz=tz, days=rows or None))
