"""The shipped rules: read from their files, found by id, and doubted where the law leaves something open."""

from procmine.procedure.rules.doubts import warn_once
from procmine.procedure.rules.shipped import counting, ids, part, pause, resolved, rule, shipped

__all__ = ["counting", "ids", "part", "pause", "resolved", "rule", "shipped", "warn_once"]
