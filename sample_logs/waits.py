"""How long the dossiers of the sample waited, and why: counted from the story, never by procmine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise

from dossiers import (
    COMPLETE,
    DECIDE,
    ISSUE,
    OFFICES,
    REQUEST,
    SIGN,
    SLOW_OFFICE,
    SLOW_STEP,
    Case,
    Step,
)
from planted import days_between, quantile

Move = tuple[Case, Step, Step]  # a step of the case and the one after it


def waiting(cases: list[Case]) -> dict[str, object]:
    """Return the waits of all passages, and those whose cause was planted.

    Each dossier is at one step at a time: it is ready when the step before ends, and waits until
    the next one starts. A passage without a pause is no wait.
    """
    moves = [(case, *pair) for case in cases for pair in pairwise(case.steps)]
    return {
        "counted": "from the end of the step before to the start of the step, where longer than 0",
        **waits(days_between(a.end, b.start) for _, a, b in moves),
        "passages": _passages(moves),
        "committee": _committee(moves),
        "applicant": _applicant(moves, REQUEST, COMPLETE),
        "collection": _applicant(moves, SIGN, ISSUE),
        "slow": _slow(moves),
    }


def waits(days: Iterable[float]) -> dict[str, object]:
    """Return how many waits there are, how long they are together, and their median."""
    longer = [wait for wait in days if wait > 0]
    return {
        "waits": len(longer),
        "days": round(sum(longer), 6),
        "median_days": quantile(longer, 0.5),
    }


def _passages(moves: list[Move]) -> list[dict[str, object]]:
    """Return the waits of every pair of a step and the one after it, the longest together first."""
    found: dict[tuple[str, str], list[float]] = {}
    for _, a, b in moves:
        found.setdefault((a.activity, b.activity), []).append(days_between(a.end, b.start))
    return [
        {"source": source, "activity": activity, **waits(days)}
        for (source, activity), days in sorted(found.items(), key=lambda e: (-sum(e[1]), e[0]))
    ]


def _committee(moves: list[Move]) -> dict[str, object]:
    """Return how long dossiers waited for the session, and for their own place on its agenda."""
    opened: dict[tuple[str, date], datetime] = {}
    decisions = [move for move in moves if move[2].activity == DECIDE]
    for case, _, decision in decisions:
        session = (case.office, decision.start.date())
        opened[session] = min(opened.get(session, decision.start), decision.start)
    first = [days_between(a.end, opened[case.office, b.start.date()]) for case, a, b in decisions]
    return {
        "cause": "batching",
        "activity": DECIDE,
        "sessions": len(opened),
        "to_the_first_decision_of_the_session": waits(first),
        "to_the_own_decision": waits(days_between(a.end, b.start) for _, a, b in decisions),
    }


def _applicant(moves: list[Move], source: str, activity: str) -> dict[str, object]:
    """Return how long the office waited for the applicant: to complete the dossier, to come for the permit."""
    days = [
        days_between(a.end, b.start)
        for _, a, b in moves
        if (a.activity, b.activity) == (source, activity)
    ]
    return {"cause": "external", "source": source, "activity": activity, **waits(days)}


def _slow(moves: list[Move]) -> dict[str, object]:
    """Return the waits before the step at which one office is slow, for each office."""
    return {
        "office": SLOW_OFFICE,
        "activity": SLOW_STEP,
        "offices": {
            office: waits(
                days_between(a.end, b.start)
                for case, a, b in moves
                if (case.office, b.activity) == (office, SLOW_STEP)
            )
            for office in OFFICES
        },
    }
