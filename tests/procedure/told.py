"""Small worlds written by hand: a few cases of a few events, and terms of one's own or shipped ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.procedure.random_days import Kalendar, usual
from tests.procedure.random_terms import Row, World

Acts = Sequence[tuple[str, str]]
"""Events and their days, or moments."""


def told(
    place: str,
    terms: Sequence[Mapping[str, Any]],
    cases: Mapping[str, Acts],
    as_of: str,
    *,
    attributes: Mapping[str, Mapping[str, Any]] | None = None,
    kalendar: Kalendar | None = None,
    **more: Any,
) -> World:
    """A world in which each event is an activity of its own name, and "closed" closes a case.

    A last case has every activity after ``as_of``, so that the log knows them all. ``attributes`` are those of
    each case; every one of them is also what conditions call it.
    """
    acts = {case: [_moment(event, text) for event, text in one] for case, one in cases.items()}
    names = dict.fromkeys(event for one in acts.values() for event, _ in one)
    late = datetime.fromisoformat(as_of) + timedelta(days=2)
    acts["zz"] = [(event, late) for event in dict.fromkeys((*names, "closed"))]
    rows = [Row(case, event, None, moment) for case, one in acts.items() for event, moment in one]
    given = {case: dict((attributes or {}).get(case, {})) for case in acts}
    known = dict.fromkeys(name for one in given.values() for name in one)
    written = {
        "procedure": "told",
        "activities": [*names, "closed"] if "closed" not in names else [*names],
        "closing": [{"activity": "closed", "outcome": "other"}],
        "events": {name: {"activity": [name]} for name in names},
        "attributes": {name: {"attribute": name} for name in known},
        "terms": [dict(term) for term in terms],
        **more,
    }
    return World(
        place=place,
        kalendar=kalendar or usual(place),
        written=written,
        rows=tuple(rows),
        attributes={case: {name: one.get(name) for name in known} for case, one in given.items()},
        as_of=as_of,
    ).with_uses()


def _moment(event: str, text: str) -> tuple[str, datetime]:
    return event, datetime.fromisoformat(text)
