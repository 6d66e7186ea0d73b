"""What closes a case where the log does not say: the closing activities of the procedure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from procmine.kernels import NAT
from procmine.log import EventLog

if TYPE_CHECKING:
    from procmine.procedure import Procedure

BY_PROCEDURE = "closed by the closing activities of the procedure"


def with_closing(log: EventLog, procedure: Procedure | None) -> tuple[EventLog, str]:
    """Return the log with the closing of the procedure where it has none, and words that say so."""
    if log.closed_at is not None or procedure is None or not procedure.closing:
        return log, ""
    codes = procedure.codes(log, [part.activity for part in procedure.closing])
    closing = np.isin(log.activity.codes, codes)
    ends = np.where(closing, log.end, NAT)
    closed_at = np.maximum.reduceat(ends, log.offsets[:-1]) if log.n_cases else ends
    return replace(log, closed_at=closed_at, closing=closing), BY_PROCEDURE
