"""Measures of a procedure over time: so far cycle times and the flow of cases."""

from procmine.kpi.cycle_times import kpis

__all__ = ["kpis"]
