"""Which steps had begun at ``as_of``, as it was known then."""

from __future__ import annotations

import numpy as np

from procmine.enabled import CountedLog
from procmine.enabled.counted import ESTIMATED
from procmine.kernels import Bools


def seen_by(counted: CountedLog, as_of: int) -> Bools:
    """Tell which steps had begun: one whose start is estimated from its end is not known before that."""
    log = counted.log
    known = (counted.basis != ESTIMATED) | (log.end <= as_of)
    return np.asarray((log.first <= as_of) & known)
