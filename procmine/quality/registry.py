"""The checks, in the order in which they run."""

from __future__ import annotations

from procmine.quality.accounts import ACCOUNTS
from procmine.quality.batches import BATCHES
from procmine.quality.check import Check
from procmine.quality.dates import FUTURE, OUTLIERS, SENTINELS
from procmine.quality.dependencies import CHANGING, DEPENDENCIES
from procmine.quality.endpoints import ENDS, STARTS
from procmine.quality.hours import HOLIDAYS, OFF_HOURS, WEEKENDS
from procmine.quality.inactive import INACTIVE
from procmine.quality.labels import LABELS
from procmine.quality.lifespans import LIFESPANS
from procmine.quality.missing import MISSING
from procmine.quality.numbers import GAPS, TWICE
from procmine.quality.one_time import ONE_TIME
from procmine.quality.order import ORDER
from procmine.quality.overlaps import OVERLAPS
from procmine.quality.precision import DATE_ONLY, TIES
from procmine.quality.rejected import REJECTED
from procmine.quality.repeats import EXACT, NEAR

SECOND_CORE: tuple[Check, ...] = (OVERLAPS, DEPENDENCIES, ACCOUNTS)
"""The checks that take longest, two of which share a sort by person: they run beside the others."""
CHECKS: tuple[Check, ...] = (
    REJECTED,
    ONE_TIME,
    MISSING,
    EXACT,
    NEAR,
    ORDER,
    DATE_ONLY,
    TIES,
    BATCHES,
    OFF_HOURS,
    WEEKENDS,
    HOLIDAYS,
    FUTURE,
    SENTINELS,
    OUTLIERS,
    INACTIVE,
    LIFESPANS,
    LABELS,
    CHANGING,
    GAPS,
    TWICE,
    STARTS,
    ENDS,
    *SECOND_CORE,
)
"""Every check that quality() runs."""


def checks() -> dict[str, str]:
    """Return the id of every check with its definition in one sentence.

    >>> checks()["row_order"][:30]
    'Consecutive steps of a case wh'
    """
    return {check.name: check.definition for check in CHECKS}
