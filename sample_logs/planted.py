"""What was planted in the sample: every figure is counted from the dossiers, never by procmine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from dossiers import (
    CHECK,
    CLOSING,
    COMPLETE,
    DECIDE,
    EXAMINE,
    OFFICES,
    REQUEST,
    SLOW_FACTOR,
    SLOW_OFFICE,
    SLOW_STEP,
    TASKS,
    VISIT,
    VISIT_ABOVE,
    Case,
)
from office_clock import HOLIDAYS, THURSDAY

TZ = "Europe/Bucharest"
AS_OF = datetime(2025, 12, 31, 23, 59)


def days_between(earlier: datetime, later: datetime) -> float:
    """Return the elapsed days between two local times, with clock changes taken into account."""
    zone, utc = ZoneInfo(TZ), ZoneInfo("UTC")
    first, second = (t.replace(tzinfo=zone).astimezone(utc) for t in (earlier, later))
    return (second - first).total_seconds() / 86_400


def quantile(values: Iterable[float], share: float) -> float:
    """Return the quantile, linear between the two nearest values."""
    return round(float(np.quantile(list(values), share)), 6)


def planted(cases: list[Case]) -> dict[str, object]:
    """Return everything that was planted, as counts and times of the dossiers."""
    return {
        "tz": TZ,
        "as_of": AS_OF.isoformat(sep=" ", timespec="minutes"),
        "closed": CLOSING,
        "cases": len(cases),
        "rows": sum(len(case.steps) for case in cases),
        "rejected_rows": 0,
        "open_cases": sum(not case.closed for case in cases),
        "closed_cases": sum(case.closed for case in cases),
        "closing": {name: sum(case.done(name) for case in cases) for name in CLOSING},
        "resources": len({step.resource for case in cases for step in case.steps}),
        "units": _per_unit(cases),
        "activities": _activities(cases),
        "edges": _edges(cases),
        "overlaps": 0,
        "variants": _variants(cases),
        "cycle_time_days": _cycle_times(cases),
        "offices": _offices(cases),
        "open_age_days": _open_ages(cases),
        "months": _months(cases),
        "returns": _returns(cases),
        "committee": _committee(cases),
        "slow": _slow(cases),
        "rework": _rework(cases),
        "site_visits": _site_visits(cases),
        "holidays": {day.isoformat(): name for day, name in HOLIDAYS.items()},
    }


def _per_unit(cases: list[Case]) -> dict[str, int]:
    return dict(Counter(TASKS[step.activity].unit for case in cases for step in case.steps))


def _activities(cases: list[Case]) -> dict[str, dict[str, int]]:
    return {
        name: {
            "steps": sum(case.done(name) for case in cases),
            "cases": sum(case.done(name) > 0 for case in cases),
            "starts": sum(case.steps[0].activity == name for case in cases),
            "ends": sum(case.steps[-1].activity == name for case in cases),
        }
        for name in TASKS
    }


def _moves(case: Case) -> list[tuple[str, str, float]]:
    pairs = zip(case.steps, case.steps[1:], strict=False)
    return [(a.activity, b.activity, days_between(a.end, b.start)) for a, b in pairs]


def _edges(cases: list[Case]) -> list[dict[str, object]]:
    times: dict[tuple[str, str], list[float]] = {}
    touched: Counter[tuple[str, str]] = Counter()
    for case in cases:
        moves = _moves(case)
        touched.update({(source, target) for source, target, _ in moves})
        for source, target, days in moves:
            times.setdefault((source, target), []).append(days)
    return [
        {
            "source": source,
            "target": target,
            "count": len(days),
            "cases": touched[source, target],
            "median_days": quantile(days, 0.5),
            "p90_days": quantile(days, 0.9),
        }
        for (source, target), days in sorted(times.items(), key=lambda e: (-len(e[1]), e[0]))
    ]


def _variants(cases: list[Case]) -> dict[str, object]:
    paths = Counter(tuple(step.activity for step in case.steps) for case in cases)
    path, number = min(paths.items(), key=lambda item: (-item[1], item[0]))
    most_frequent = {"activities": list(path), "cases": number, "share": number / len(cases)}
    return {
        "count": len(paths),
        "seen_once": sum(number == 1 for number in paths.values()),
        "most_frequent": most_frequent,
    }


def _cycle_days(cases: Iterable[Case]) -> list[float]:
    return [days_between(c.steps[0].start, c.steps[-1].end) for c in cases if c.closed]


def _cycle_times(cases: list[Case]) -> dict[str, float]:
    days = _cycle_days(cases)
    shares = {"median": 0.5, "p80": 0.8, "p90": 0.9}
    found = {name: quantile(days, share) for name, share in shares.items()}
    return {**found, "mean": round(sum(days) / len(days), 6)}


def _offices(cases: list[Case]) -> dict[str, dict[str, object]]:
    return {
        office: {
            "cases": len(own := [case for case in cases if case.office == office]),
            "open": sum(not case.closed for case in own),
            "closed": sum(case.closed for case in own),
            "cycle_time_days": _cycle_times(own),
            "years": {str(year): _year(own, year) for year in (2024, 2025)},
        }
        for office in OFFICES
    }


def _year(cases: list[Case], year: int) -> dict[str, object]:
    completed = [case for case in cases if case.closed and case.steps[-1].end.year == year]
    return {
        "started": sum(case.steps[0].start.year == year for case in cases),
        "completed": len(completed),
        "cycle_time_days": _cycle_times(completed),
    }


def _open_ages(cases: list[Case]) -> dict[str, float]:
    ages = [days_between(case.steps[0].start, AS_OF) for case in cases if not case.closed]
    return {"median": quantile(ages, 0.5), "longest": round(max(ages), 6)}


def _months(cases: list[Case]) -> dict[str, dict[str, int]]:
    started = Counter(f"{case.steps[0].start:%Y-%m}" for case in cases)
    completed = Counter(f"{case.steps[-1].end:%Y-%m}" for case in cases if case.closed)
    found, standing = {}, 0
    for month in [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]:
        standing += started[month] - completed[month]
        found[month] = {
            "started": started[month],
            "completed": completed[month],
            "open": standing,
        }
    return found


def _returns(cases: list[Case]) -> dict[str, object]:
    returned = [case for case in cases if case.done(REQUEST)]
    days = [d for case in cases for source, _, d in _moves(case) if source == REQUEST]
    return {
        "request": REQUEST,
        "completion": COMPLETE,
        "cases": len(returned),
        "share": len(returned) / len(cases),
        "cases_returned_twice_or_more": sum(case.done(REQUEST) > 1 for case in returned),
        "requests": sum(case.done(REQUEST) for case in cases),
        "completions": sum(case.done(COMPLETE) for case in cases),
        "median_days_to_complete": quantile(days, 0.5),
        "open_and_unanswered": sum(case.steps[-1].activity == REQUEST for case in cases),
    }


def _committee(cases: list[Case]) -> dict[str, object]:
    starts = [s.start for case in cases for s in case.steps if s.activity == DECIDE]
    days = [d for case in cases for _, target, d in _moves(case) if target == DECIDE]
    return {
        "activity": DECIDE,
        "weekday": "Thursday",
        "decisions": len(starts),
        "decisions_on_weekday": sum(start.weekday() == THURSDAY for start in starts),
        "session_days": len({start.date() for start in starts}),
        "thursdays_without_session": [
            day.isoformat() for day in HOLIDAYS if day.weekday() == THURSDAY
        ],
        "median_waiting_days": quantile(days, 0.5),
        "cases_put_off": sum(case.done(DECIDE) > 1 for case in cases),
    }


def _slow(cases: list[Case]) -> dict[str, object]:
    def per_office(values: dict[str, list[float]]) -> dict[str, float]:
        return {office: quantile(days, 0.5) for office, days in values.items()}

    waiting: dict[str, list[float]] = {office: [] for office in OFFICES}
    processing: dict[str, list[float]] = {office: [] for office in OFFICES}
    for case in cases:
        waiting[case.office] += [d for _, target, d in _moves(case) if target == SLOW_STEP]
        own = [step for step in case.steps if step.activity == SLOW_STEP]
        processing[case.office] += [days_between(step.start, step.end) for step in own]
    return {
        "office": SLOW_OFFICE,
        "activity": SLOW_STEP,
        "slow_in": "waiting",
        "factor": SLOW_FACTOR,
        "median_waiting_days": per_office(waiting),
        "median_processing_days": per_office(processing),
    }


def _rework(cases: list[Case]) -> dict[str, dict[str, int]]:
    return {
        name: {
            "cases": sum(case.done(name) > 1 for case in cases),
            "steps_beyond_first": sum(max(0, case.done(name) - 1) for case in cases),
        }
        for name in (CHECK, REQUEST, EXAMINE, DECIDE)
    }


def _site_visits(cases: list[Case]) -> dict[str, object]:
    visited = [case.area for case in cases if case.done(VISIT)]
    return {
        "activity": VISIT,
        "only_above_area": VISIT_ABOVE,
        "cases": len(visited),
        "smallest_area": min(visited),
    }
