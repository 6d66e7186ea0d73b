"""What closes a case where the procedure says it: its closing activities, whatever the log says."""

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

        check_procedure(procedure)
    if procedure is None or not procedure.closing or not log.n_cases:
        return log, observed_cases(log, as_of), ""
    moment = as_of_instant(log, as_of)
    codes = procedure.codes(log, [part.activity for part in procedure.closing])
    closing = np.isin(log.activity.codes, codes)
    seen = closing & (log.last <= moment)
    closed_at = np.maximum.reduceat(np.where(seen, log.last, NAT), log.offsets[:-1])
    log = replace(log, closed_at=closed_at, closing=closing)
    return log, observed_cases(log, moment_of(moment)), BY_PROCEDURE
