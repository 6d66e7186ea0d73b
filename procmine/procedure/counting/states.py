"""The state of a term: kept or not, running or standing still, or settled by silence."""

from __future__ import annotations

import numpy as np

from procmine.kernels import Bools, Ints
from procmine.procedure.counting.conditions import met
from procmine.procedure.counting.counted import Counted, Span
from procmine.procedure.counting.rows import (
    APPROVED,
    LATE,
    ON_TIME,
    OVERDUE,
    PAUSED,
    REFUSED,
    RUNNING,
    WITHDRAWN,
)
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.term import Term


def states(
    version: Term, span: Span, counted: Counted, silent: Bools, withdrawn: Bools
) -> tuple[Ints, Bools]:
    """Return the state of every case, and whether it was decided after silence had settled it."""
    passed = ~counted.standing & (span.horizon > counted.due)
    state = np.where(
        span.ended, np.where(passed, LATE, ON_TIME), np.where(passed, OVERDUE, RUNNING)
    )
    state = np.where(counted.standing, PAUSED, state)
    deemed = passed & silent
    state = np.where(deemed, APPROVED if version.silence == "approval" else REFUSED, state)
    withdrawn = withdrawn & span.ended
    decides = version.kind != "control_window"
    return np.where(withdrawn, WITHDRAWN, state), deemed & span.ended & ~withdrawn & decides


def silent_cases(seen: SeenLog, version: Term) -> Bools:
    """Return the cases of the log in which silence means something; where that is in doubt it does not."""
    silent = np.full(seen.log.n_cases, version.silence != "none")
    for exception in version.silence_except if version.silence != "none" else ():
        excepted = met(seen, exception.if_, doubtful=True)
        if exception.unless:
            excepted &= ~met(seen, exception.unless)
        silent &= ~excepted
    return silent
