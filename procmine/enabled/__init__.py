"""When each step could have begun: what it depends on, since when it was enabled, and when it probably started."""

from procmine.enabled.concurrency import Concurrency, common_concurrency, concurrency
from procmine.enabled.counted import BASES, CountedLog, counted_log
from procmine.enabled.enabling import ORDERS, Enabled, enabled_steps

__all__ = [
    "BASES",
    "ORDERS",
    "Concurrency",
    "CountedLog",
    "Enabled",
    "common_concurrency",
    "concurrency",
    "counted_log",
    "enabled_steps",
]
