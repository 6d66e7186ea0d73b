"""procmine: process mining and bottleneck analysis for public administrations."""

from procmine.discovery import ProcessMap, edge_summary, process_map, variant_summary, variants
from procmine.errors import DataQualityWarning, ProcmineError
from procmine.ingest import Binding, Closing, ImportReport, inspect, read
from procmine.kpi import kpis
from procmine.log import EventLog
from procmine.observe import cases, steps, transitions
from procmine.summary import Summary, summarize

__all__ = [
    "Binding",
    "Closing",
    "DataQualityWarning",
    "EventLog",
    "ImportReport",
    "ProcessMap",
    "ProcmineError",
    "Summary",
    "cases",
    "edge_summary",
    "inspect",
    "kpis",
    "process_map",
    "read",
    "steps",
    "summarize",
    "transitions",
    "variant_summary",
    "variants",
]
