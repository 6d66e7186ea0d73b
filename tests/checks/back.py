"""A log's steps as plain records, so that a loop counts what the log holds, whatever the import made of the rows."""

from __future__ import annotations

from procmine.kernels import NAT
from procmine.log import Coded, EventLog
from tests.oracle import Step


def steps_of(log: EventLog) -> list[Step]:
    """Every step of the log, in its order."""
    cases = log.case_labels.to_pylist()
    starts = [NAT] * log.n_steps if log.start is None else log.start.tolist()
    columns = zip(
        log.case_codes.tolist(),
        _texts(log.activity, log.n_steps),
        starts,
        log.end.tolist(),
        _texts(log.resource, log.n_steps),
        _texts(log.unit, log.n_steps),
        log.row.tolist(),
        strict=True,
    )
    return [
        Step(cases[case], str(activity), _known(start), _known(end), resource, unit, row)
        for case, activity, start, end, resource, unit, row in columns
    ]


def _texts(coded: Coded | None, steps: int) -> list[str | None]:
    if coded is None:
        return [None] * steps
    names = [*coded.names(), None]  # the code of a missing one is -1
    return [names[code] for code in coded.codes.tolist()]


def _known(time: int) -> int | None:
    return None if time == NAT else time
