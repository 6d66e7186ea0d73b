"""Random procedures with their cases: told to the oracle, and written as a YAML file and a log for procmine."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pandas as pd
import yaml

import procmine as pm
from procmine.errors import DataQualityWarning
from procmine.procedure import Procedure
from procmine.procedure.term import Term
from tests.procedure import random_rules as rules
from tests.procedure.oracle_case import Case, Office, Source, Step
from tests.procedure.oracle_terms import terms_of
from tests.procedure.random_days import ZONES, Kalendar, random_calendar
from tests.procedure.random_rules import maybe, some

ACTIVITIES = {event: f"{event} done" for event in rules.EVENTS}
CLOSING = {"Granted": "approved", "Rejected": "refused", "Dropped": "withdrawn", "Filed": "other"}
OUTCOMES = {"attribute": "Sort", "values": {"red": "withdrawn", "blue": "answered"}}
OTHERS = ("Note", "Look")
LABELS = (*ACTIVITIES.values(), *CLOSING, *OTHERS)
ALIASED = ("asked done", "Granted")
DATES = ("Asked on", "Received on", "Due")
CLOCK = (time(0), time(9), time(9), time(14, 30), time(23, 50))
FIRST = date(2024, 12, 1)
BEGINNINGS = (FIRST, FIRST, date(2015, 12, 1), date(2018, 10, 20), date(2020, 12, 1))
"""A leap day, holidays that are new or were moved, years whose equated days nobody knows; all long ago."""
BEFORE = timedelta(days=40)
"""So long before its cases a complete log has seen every event."""
ALL = "every activity"
"""A case that has each activity once."""


class Plain(yaml.SafeDumper):
    """Writes every part out, also those that are used twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@dataclass(frozen=True)
class Row:
    """A row of the export: a step of a case, with a start, an end, or both."""

    case: str
    activity: str
    start: datetime | None
    end: datetime | None
    days: int | None = None
    unit: str | None = None
    spelled: str | None = None
    written: datetime | None = None

    @property
    def order(self) -> tuple[datetime, datetime]:
        first, last = self.start or self.end, self.end or self.start
        assert first is not None
        assert last is not None
        return first, last


@dataclass(frozen=True, repr=False)
class World:
    """A procedure, a calendar, the rows of a log and the attributes of its cases."""

    place: str
    kalendar: Kalendar
    written: dict[str, Any]
    rows: tuple[Row, ...]
    attributes: dict[str, dict[str, Any]]
    as_of: str | None
    log_closing: tuple[str, ...] = ()
    uses: dict[str, tuple[Term, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"World({self.place}, as of {self.as_of}, {len(self.rows)} rows, {list(self.uses)})"

    @property
    def now(self) -> datetime:
        """The moment of ``as_of``; a bare date is its end, and none the last moment of the log."""
        if self.as_of is None:
            return max(row.order[1] for row in self.rows)
        if ":" in self.as_of:
            return datetime.fromisoformat(self.as_of)
        return datetime.combine(date.fromisoformat(self.as_of), time.max)

    def with_uses(self) -> World:
        """The same with the terms as procmine completes them, shipped ones among them."""
        return replace(self, uses={use.id: use.versions for use in self.procedure().uses})

    def procedure(self) -> Procedure:
        """The procedure, by way of YAML."""
        return Procedure.parse(yaml.dump(self.written, Dumper=Plain, sort_keys=False))

    def log(self) -> pm.EventLog:
        """The log that procmine makes of the rows."""
        frame = pd.DataFrame(
            {
                "case": [row.case for row in self.rows],
                "activity": [row.spelled or row.activity for row in self.rows],
                "unit": [row.unit for row in self.rows],
                "start": pd.to_datetime([row.start for row in self.rows]),
                "end": pd.to_datetime([row.end for row in self.rows]),
                "Written on": pd.to_datetime([row.written for row in self.rows]),
                "Days given": pd.array([row.days for row in self.rows], dtype="Int64"),
            }
        )
        for name in self.attributes[self.rows[0].case]:
            values = [self.attributes[row.case][name] for row in self.rows]
            frame[name] = pd.to_datetime(values) if name in DATES else values
        columns = {name: name for name in ("case", "activity", "start", "end", "unit")}
        off = dict.fromkeys(("resource", "lifecycle"))
        closing = [row for row in self.rows if row.activity in self.log_closing]
        closed = sorted({row.spelled or row.activity for row in closing}) or None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataQualityWarning)
            return pm.read(frame, **columns, **off, closed=closed, tz=ZONES[self.place][1])

    def _unit(self, case: str) -> str | None:
        """The unit of the first step that had begun and has one."""
        rows = sorted((row for row in self.rows if row.case == case), key=lambda row: row.order)
        return next((row.unit for row in rows if row.unit and row.order[0] <= self.now), None)

    def cases(self) -> list[Case]:
        """The cases as the oracle sees them."""
        steps: dict[str, list[Row]] = {}
        for row in self.rows:
            steps.setdefault(row.case, []).append(row)
        return [
            Case(
                name,
                tuple(map(self._step, sorted(rows, key=lambda row: row.order))),
                self.attributes[name],
            )
            for name, rows in sorted(steps.items())
        ]

    def _step(self, row: Row) -> Step:
        moment = row.end or row.start
        assert moment is not None
        dated = [one["activity"] for one in self.written["events"].values() if one.get("date")]
        written = row.written if any(row.activity in names for names in dated) else None
        return Step(
            moment,
            row.activity,
            {"Days given": row.days},
            running=row.end is None,
            begun=row.start,
            written=written.date() if written else None,
        )

    def office(self) -> Office:
        """What the procedure says beside its terms."""
        return Office(
            days=self.kalendar.days,
            events={name: _source(one) for name, one in self.written["events"].items()},
            attributes={
                name: (one.get("attribute"), one.get("value"))
                for name, one in self.written["attributes"].items()
            },
            closing={one["activity"]: one["outcome"] for one in self.written["closing"]},
            outcome=self.written.get("outcomes", {}).get("attribute"),
            outcomes=self.written.get("outcomes", {}).get("values", {}),
            log_closing=self.log_closing,
            then={one["name"]: one["then"] for one in self.written["activities"] if "then" in one},
        )

    def answers(self) -> list[dict[str, Any]]:
        """The rows of the oracle, in the order of cases and terms."""
        cases, office = self.cases(), self.office()
        return [
            {"term": use, "unit": self._unit(case.id), **row}
            for case in cases
            for use, versions in self.uses.items()
            for row in terms_of(case, versions, office, self.now, cases)
        ]


def _source(written: dict[str, Any]) -> Source:
    period = written.get("period", {})
    return Source(
        activities=tuple(written.get("activity", ())),
        attribute=written.get("attribute"),
        period_days=period.get("days"),
        period_attribute=period.get("attribute"),
        period_activities=tuple(period.get("activity", ())),
    )


def world(
    draw: Random, place: str, cases: int = 50, most_terms: int = 3, *, complete: bool = False
) -> World:
    """Draw a procedure and its cases; in a complete log every event has occurred before them."""
    terms = [rules.term(draw, place, f"term{n}") for n in range(draw.randint(1, most_terms))]
    closing = [] if maybe(draw, 0.2) else some(draw, list(CLOSING), 3)
    log_closing = tuple(some(draw, list(CLOSING))) if not closing or maybe(draw, 0.5) else ()
    spans = maybe(draw, 0.3)
    rows = [row for n in range(cases) for row in _rows(draw, f"C{n:03}", spans)]
    as_of = _as_of(draw)
    attributes = {f"C{n:03}": _attributes(draw, as_of) for n in range(cases + 1)}
    rows += _everything(draw, ALL, FIRST - BEFORE if complete else _late(draw))
    attributes[ALL] = attributes.pop(f"C{cases:03}")
    if complete:
        attributes[ALL] |= dict.fromkeys(DATES, datetime.combine(FIRST, time(0)))
    first = draw.choice(BEGINNINGS)
    one = World(
        place=place,
        kalendar=random_calendar(draw, place, first),
        written={
            "procedure": "drawn",
            "activities": [_activity(draw, name) for name in LABELS],
            "closing": [{"activity": name, "outcome": CLOSING[name]} for name in closing],
            "events": _events(draw),
            "attributes": _conditions(draw),
            **({"outcomes": OUTCOMES} if maybe(draw, 0.2) else {}),
            "terms": terms,
        },
        rows=tuple(rows),
        attributes=attributes,
        as_of=as_of,
        log_closing=log_closing,
    )
    return moved(one, first - FIRST)


def moved(one: World, by: timedelta) -> World:
    """The world so many days later; the calendar stays."""
    written = _later(one.written, by)
    rows = [
        replace(
            row,
            start=_later(row.start, by),
            end=_later(row.end, by),
            written=_later(row.written, by),
        )
        for row in one.rows
    ]
    return replace(
        one,
        written=written,
        rows=tuple(rows),
        attributes=_later(one.attributes, by),
        as_of=one.as_of and f"{datetime.fromisoformat(one.as_of) + by}"[: len(one.as_of)],
        uses={term["id"]: rules.versions(term) for term in written["terms"]},
    )


def _later(part: Any, by: timedelta) -> Any:
    if isinstance(part, dict):
        return {key: _later(value, by) for key, value in part.items()}
    if isinstance(part, list):
        return [_later(value, by) for value in part]
    return part + by if isinstance(part, date) else part


def _activity(draw: Random, name: str) -> dict[str, Any]:
    then: dict[str, Any] = (
        {"then": draw.choice(("office", "applicant", "third_party"))} if maybe(draw, 0.5) else {}
    )
    aliases = {"aliases": [_alias(name)]} if name in ALIASED else {}
    return {"name": name, **aliases, **then}


def _alias(name: str) -> str:
    return f"{name}, in other words"


def _events(draw: Random) -> dict[str, Any]:
    """Words of the law: most are one activity, some are two, a date of the case, or not mapped."""
    found: dict[str, Any] = {}
    for event, activity in ACTIVITIES.items():
        if maybe(draw, 0.12):
            continue
        more = [_another(draw, event)] if maybe(draw, 0.1) else []
        found[event] = {"activity": list(dict.fromkeys([activity, *more]))}
        if event in rules.BEGIN_PAUSE and maybe(draw, 0.6):
            step = {"attribute": "Days given"}
            other = {**step, "activity": ["Note", "Look"][: draw.randint(1, 2)]}
            given = draw.choice(({"days": draw.randint(1, 30)}, step, step, other))
            found[event]["period"] = given
        if maybe(draw, 0.1):
            found[event]["date"] = "Written on"
    for event, attribute in (("asked", "Asked on"), ("received", "Received on")):
        if maybe(draw, 0.12):
            found[event] = {"attribute": attribute}
    return found


def _another(draw: Random, event: str) -> str:
    """A second activity; none may both begin and end a pause."""
    if event in (*rules.BEGIN_PAUSE, *rules.END_PAUSE):
        return OTHERS[event in rules.END_PAUSE]
    return draw.choice(LABELS)


def _conditions(draw: Random) -> dict[str, Any]:
    values = {"population": 3, "complex": True, "sort": "red"}
    return {
        name: {"value": value} if maybe(draw, 0.15) else {"attribute": name.capitalize()}
        for name, value in values.items()
    }


def _attributes(draw: Random, as_of: str | None) -> dict[str, Any]:
    return {
        "Population": draw.choice((None, 1.0, 2.0, 3.0, 4.0)),
        "Complex": maybe(draw, 0.5),
        "Sort": draw.choice((None, "red", "blue", "green")),
        **{name: _some_date(draw, as_of) for name in DATES},
    }


def _some_date(draw: Random, as_of: str | None) -> datetime | None:
    if maybe(draw, 0.15):
        return None
    if as_of and maybe(draw, 0.1):
        return datetime.fromisoformat(as_of[:10])
    return datetime.combine(FIRST + timedelta(days=draw.randint(0, 160)), time(0))


def _as_of(draw: Random) -> str | None:
    day = FIRST + timedelta(days=draw.randint(10, 260))
    if maybe(draw, 0.1):
        return None
    return f"{day}" if maybe(draw, 0.7) else f"{day} {draw.choice(('09:00', '12:00'))}"


def _rows(draw: Random, case: str, spans: bool) -> list[Row]:
    """Up to twelve steps, often several on a day, in no order but that most begin at the beginning."""
    day = FIRST + timedelta(days=draw.randint(0, 100))
    likely = draw.sample(LABELS, 6)
    labels = [draw.choice(draw.choice((LABELS, likely))) for _ in range(draw.randint(0, 9))]
    if not labels or maybe(draw, 0.9):
        starts = [ACTIVITIES[name] for name in rules.STARTS]
        labels = draw.sample(starts, draw.choice((1, 2, 3, 3, 3, 3))) + labels
    found = []
    for label in labels:
        found.append(_one(draw, case, label, day, spans))
        day += timedelta(days=draw.choice((0, 0, 0, 1, 2, 3, 5, 8, 13, 30)))
    return found


def _one(draw: Random, case: str, activity: str, day: date, spans: bool) -> Row:
    at = datetime.combine(day, draw.choice(CLOCK))
    row = Row(
        case,
        activity,
        None,
        at,
        days=draw.choice((None, None, 5, 14, 30)),
        unit=draw.choice((None, None, "Registry", "Urbanism")),
        written=draw.choice((None, _before(draw, day))),
        spelled=_alias(activity) if activity in ALIASED and maybe(draw, 0.3) else None,
    )
    if not spans:
        return row
    until = at + timedelta(days=draw.choice((0, 0, 1, 4)), hours=draw.choice((0, 9)))
    until = until if until.hour not in (2, 3, 4) else at  # no hour that a clock change skips
    both = replace(row, start=at, end=until)
    return draw.choice((replace(row, start=at, end=None), both, both, both))


def _before(draw: Random, day: date) -> datetime:
    """The day that is written in a step: its own, or one before it, seldom one after it."""
    return datetime.combine(day - timedelta(days=draw.choice((0, 0, 1, 2, 5, 12, -3))), time(0))


def _late(draw: Random) -> date:
    return FIRST + timedelta(days=draw.choice((60, 300)))


def _everything(draw: Random, case: str, day: date) -> Sequence[Row]:
    """A case with every activity, one a day, so that the log has all of them, if often too late to be seen."""
    labels = draw.sample(LABELS, len(LABELS))
    rows = [
        _one(draw, case, label, day + timedelta(days=n), False) for n, label in enumerate(labels)
    ]
    dated = datetime.combine(day, time(0))
    return [
        replace(rows[0], days=7, written=None),
        replace(rows[1], days=9, written=dated),
        *rows[2:],
    ]
