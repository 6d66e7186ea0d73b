"""The checks, in the order in which they run."""

from __future__ import annotations

from procmine.checks.accounts import ACCOUNTS
from procmine.checks.backdated import BACKDATED
from procmine.checks.batches import BATCHES
from procmine.checks.chain import CHAINS
from procmine.checks.check import Check
from procmine.checks.dates import FUTURE, OUTLIERS, SENTINELS
from procmine.checks.dependencies import CHANGING, DEPENDENCIES
from procmine.checks.endpoints import ENDS, STARTS
from procmine.checks.hours import HOLIDAYS, OFF_HOURS, WEEKENDS
from procmine.checks.imported import IMPORTED
from procmine.checks.inactive import INACTIVE
from procmine.checks.labels import LABELS
from procmine.checks.lifespans import LIFESPANS
from procmine.checks.milestones import BEFORE_FIRST
from procmine.checks.missing import MISSING
from procmine.checks.numbers import GAPS, TWICE
from procmine.checks.one_time import ONE_TIME
from procmine.checks.order import ORDER
from procmine.checks.overlaps import OVERLAPS
from procmine.checks.precision import DATE_ONLY, TIES
from procmine.checks.rejected import REJECTED
from procmine.checks.repeats import EXACT, NEAR

SECOND_CORE: tuple[Check, ...] = (OVERLAPS, ACCOUNTS)
"""The checks that take longest, which share a sort by person: they run beside the others."""
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
    CHAINS,
    IMPORTED,
    BACKDATED,
    BEFORE_FIRST,
    GAPS,
    TWICE,
    STARTS,
    ENDS,
    DEPENDENCIES,
    *SECOND_CORE,
)
"""Every check that quality() runs."""


def checks() -> dict[str, str]:
    """Return the id of every check with its definition in one sentence.

    >>> checks()["row_order"][:30]
    'Consecutive steps of a case wh'
    """
    return {check.name: check.definition for check in CHECKS}
