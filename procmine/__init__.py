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
    from procmine.calendars import Calendar
    from procmine.checks import quality
    from procmine.kpi.at_risk import at_risk
    from procmine.kpi.blockages.blockages import blockages
    from procmine.kpi.compare.compare import compare
    from procmine.kpi.costs.costs import Costs
    from procmine.kpi.handovers.handovers import handovers
    from procmine.kpi.handovers.matrix import handover_matrix
    from procmine.kpi.improvement.bottlenecks import bottlenecks
    from procmine.kpi.improvement.opportunities import opportunities
    from procmine.kpi.improvement.remedies import Remedy
    from procmine.kpi.queues.queues import queues
    from procmine.kpi.rework.not_asked import steps_not_asked_for
    from procmine.kpi.rework.rework import rework
    from procmine.kpi.segment import segment
    from procmine.kpi.waiting.causes import waiting_causes
    from procmine.kpi.waiting.hours.found_table import found_calendars
    from procmine.kpi.workload.workload import workload
    from procmine.plot import (
        plot_ageing,
        plot_blockages,
        plot_case_timeline,
        plot_cycle_times,
        plot_days_against_term,
        plot_dotted_chart,
        plot_flow,
        plot_handovers,
        plot_on_time,
        plot_opportunities,
        plot_performance_spectrum,
        plot_process_map,
        plot_queues,
        plot_rework_matrix,
        plot_variants,
        plot_waiting_causes,
    )
    from procmine.procedure import Procedure
    from procmine.procedure.terms import terms
    from procmine.procedure.timeline import case_timeline
    from procmine.report import write_report

__all__ = [
    "Binding",
    "Calendar",
    "Closing",
    "Costs",
    "DataQualityWarning",
    "EventLog",
    "ImportReport",
    "Procedure",
    "ProcessMap",
    "ProcmineError",
    "Remedy",
    "Summary",
    "at_risk",
    "blockages",
    "bottlenecks",
    "case_timeline",
    "cases",
    "compare",
    "edge_summary",
    "found_calendars",
    "handover_matrix",
    "handovers",
    "inspect",
    "kpis",
    "opportunities",
    "plot_ageing",
    "plot_blockages",
    "plot_case_timeline",
    "plot_cycle_times",
    "plot_days_against_term",
    "plot_dotted_chart",
    "plot_flow",
    "plot_handovers",
    "plot_on_time",
    "plot_opportunities",
    "plot_performance_spectrum",
    "plot_process_map",
    "plot_queues",
    "plot_rework_matrix",
    "plot_variants",
    "plot_waiting_causes",
    "process_map",
    "quality",
    "queues",
    "read",
    "rework",
    "segment",
    "steps",
    "steps_not_asked_for",
    "summarize",
    "terms",
    "transitions",
    "variant_summary",
    "variants",
    "waiting_causes",
    "workload",
    "write_report",
]


_PARTS = {
    "Calendar": "calendars",
    "Costs": "kpi.costs.costs",
    "Procedure": "procedure",
    "Remedy": "kpi.improvement.remedies",
    "at_risk": "kpi.at_risk",
    "blockages": "kpi.blockages.blockages",
    "bottlenecks": "kpi.improvement.bottlenecks",
    "case_timeline": "procedure.timeline",
    "compare": "kpi.compare.compare",
    "found_calendars": "kpi.waiting.hours.found_table",
    "handover_matrix": "kpi.handovers.matrix",
    "handovers": "kpi.handovers.handovers",
    "opportunities": "kpi.improvement.opportunities",
    "quality": "checks",
    "queues": "kpi.queues.queues",
    "rework": "kpi.rework.rework",
    "segment": "kpi.segment",
    "steps_not_asked_for": "kpi.rework.not_asked",
    "terms": "procedure.terms",
    "waiting_causes": "kpi.waiting.causes",
    "workload": "kpi.workload.workload",
    "write_report": "report",
}
"""Where the names live that are loaded when they are asked for; the others of __all__ are plots."""


def __getattr__(name: str) -> Any:
    """Load plots, procedures and the like when they are asked for: importing procmine stays cheap."""
    if name in __all__:
        from importlib import import_module

        part = _PARTS.get(name, "plot")
        return getattr(import_module(f"procmine.{part}"), name)
    raise AttributeError(f"module 'procmine' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
