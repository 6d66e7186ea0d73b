"""procmine: process mining and bottleneck analysis for public administrations."""

from typing import TYPE_CHECKING, Any

from procmine.discovery import ProcessMap, edge_summary, process_map, variant_summary, variants
from procmine.errors import DataQualityWarning, ProcmineError
from procmine.ingest import Binding, Closing, ImportReport, inspect, read
from procmine.kpi import kpis
from procmine.log import EventLog
from procmine.observe import cases, steps, transitions
from procmine.summary import Summary, summarize

if TYPE_CHECKING:
    from procmine.checks import quality
    from procmine.plot import (
        plot_cycle_times,
        plot_dotted_chart,
        plot_flow,
        plot_process_map,
        plot_variants,
    )
    from procmine.report import write_report

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
    "plot_cycle_times",
    "plot_dotted_chart",
    "plot_flow",
    "plot_process_map",
    "plot_variants",
    "process_map",
    "quality",
    "read",
    "steps",
    "summarize",
    "transitions",
    "variant_summary",
    "variants",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Load plots, the report and the checks when they are asked for: importing procmine loads no plotting library."""
    if name in __all__:
        from importlib import import_module

        part = {"write_report": "report", "quality": "checks"}.get(name, "plot")
        return getattr(import_module(f"procmine.{part}"), name)
    raise AttributeError(f"module 'procmine' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
