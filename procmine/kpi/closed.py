"""What closes a case: the closing activities of the procedure where it has some, or they and the log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from procmine.kernels import NAT
from procmine.kpi.begun import moment_of
from procmine.log import EventLog
from procmine.observe import ObservedCases, as_of_instant, observed_cases

if TYPE_CHECKING:
    from procmine.procedure import Procedure

BY_PROCEDURE = "closed by the closing activities of the procedure"
BY_BOTH = f"{BY_PROCEDURE}, or else as the log says"


def closed_cases(
    log: EventLog, procedure: Procedure | None, as_of: Any
) -> tuple[EventLog, ObservedCases, str]:
    """Return the log, its cases at ``as_of``, and words that say what closed them where that is the procedure.

    A case closes at its last closing step that was seen by then (its end, or its start where the
    end is not known), as in the table of terms. ``closing`` of the log returned marks the steps
    that close a case.
    """
    if procedure is not None:
        from procmine.procedure.arguments import check_procedure

        check_procedure(procedure, log)
    if procedure is None or not procedure.closing or not log.n_cases:
        return log, observed_cases(log, as_of), ""
    moment = as_of_instant(log, as_of)
    codes = procedure.codes(log, [part.activity for part in procedure.closing])
    closing = np.isin(log.activity.codes, codes)
    seen = closing & (log.last <= moment)
    closed_at = np.maximum.reduceat(np.where(seen, log.last, NAT), log.offsets[:-1])
    log = replace(log, closed_at=closed_at, closing=closing)
    return log, observed_cases(log, moment_of(moment)), BY_PROCEDURE


def standing_cases(
    log: EventLog, procedure: Procedure | None, as_of: Any
) -> tuple[EventLog, ObservedCases, str]:
    """Return the same as :func:`closed_cases`, but open is only what the procedure and the log leave open.

    Where the log says that a case was closed by then, such as by a status, it stands nowhere, even
    without a closing activity of the procedure: nobody works on it.
    """
    closed, seen, said = closed_cases(log, procedure, as_of)
    if procedure is None or not said:
        return closed, seen, said
    from procmine.procedure.matched import check_closing

    check_closing(procedure, log)
    if log.closed_at is None:
        return closed, seen, said
    assert closed.closing is not None
    by_log = np.where(seen.closed_at == NAT, observed_cases(log, as_of).closed_at, NAT)
    closing = closed.closing
    if log.closing is not None:
        closing = np.where((by_log != NAT)[log.case_codes], log.closing, closing)
    closed_at = np.where(by_log != NAT, by_log, seen.closed_at)
    log = replace(log, closed_at=closed_at, closing=closing)
    return log, observed_cases(log, moment_of(seen.as_of)), BY_BOTH
