"""Measures of a procedure over time: the flow of cases, their cycle times, and how terms are kept."""

from procmine.kpi.at_risk import at_risk
from procmine.kpi.kpis import kpis

__all__ = ["at_risk", "kpis"]
