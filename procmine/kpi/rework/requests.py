"""Completion requests: the steps with which the applicant is asked to complete the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from procmine.kernels import NAT, Bools, Ints
from procmine.log import EventLog

if TYPE_CHECKING:
    from procmine.procedure import Procedure

ASKING = (
    "returned",
    "documents_requested",
    "information_requested",
    "changes_requested",
    "invited_to_complete",
    "irregularity_notified",
    "completion_requested",
)
"""The events of the law that say so."""
_NO_ROWS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Requests:
    """The steps that ask, the cases that were asked (also by a date and no step), and what says so."""

    rows: Ints
    cases: Bools
    basis: str


def completion_requests(log: EventLog, procedure: Procedure | None) -> Requests | str:
    """Return the completion requests of a log, or why they are not known."""
    if procedure is None:
        return "completion requests not known: give a procedure"
    events = [event for event in ASKING if event in procedure.events]
    if events:
        return _of_events(log, procedure, events)
    closing = {procedure.spellings(part.activity)[0] for part in procedure.closing}
    names = [one.name for one in procedure.activities if one.then == "applicant"]
    names = [name for name in names if procedure.spellings(name)[0] not in closing]
    if not names:
        return (
            "completion requests not known: the procedure explains none of the events "
            f"{', '.join(ASKING)} and has no activity with then: applicant"
        )
    rows = np.flatnonzero(np.isin(log.activity.codes, procedure.codes(log, names)))
    return _found(log, rows, _NO_ROWS, f"{', '.join(names)} (then: applicant)")


def _of_events(log: EventLog, procedure: Procedure, events: list[str]) -> Requests:
    from procmine.procedure.counting.seen import SeenLog

    moment = int(log.last.max()) if log.n_steps else NAT
    seen = SeenLog(log, procedure, moment)
    names: list[str] = []
    cases = [_NO_ROWS]
    for event in events:
        source = procedure.events[event]
        names += [*source.activities, *filter(None, [source.attribute])]
        if source.attribute is not None:
            cases.append(np.flatnonzero(seen.dates(source.attribute) != NAT))
    activities = [name for event in events for name in procedure.events[event].activities]
    said = f"{', '.join(dict.fromkeys(names))} ({', '.join(events)})"
    return _found(log, seen.steps_of(activities), np.concatenate(cases), said)


def _found(log: EventLog, rows: Ints, dated: Ints, said: str) -> Requests:
    cases = np.zeros(log.n_cases, dtype=np.bool_)
    cases[log.case_codes[rows]] = True
    cases[dated] = True
    return Requests(rows, cases, f"completion requests: {said}")
