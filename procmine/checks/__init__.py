"""Doubtful data, said beside the figures it affects: quality(log) and the checks that it runs."""

from procmine.checks.check import Check
from procmine.checks.registry import CHECKS, checks
from procmine.checks.table import quality

__all__ = ["CHECKS", "Check", "checks", "quality"]
