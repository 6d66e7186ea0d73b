"""Doubtful data, said beside the figures it affects: quality(log) and the checks that it runs."""

from procmine.quality.check import Check
from procmine.quality.registry import CHECKS, checks
from procmine.quality.table import quality

__all__ = ["CHECKS", "Check", "checks", "quality"]
