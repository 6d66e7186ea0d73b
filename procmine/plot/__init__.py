"""Pictures of the tables: each function draws what its table says and returns the axes."""

from procmine.plot.ageing import plot_ageing
from procmine.plot.blockages import plot_blockages
from procmine.plot.case_timeline import plot_case_timeline
from procmine.plot.cycle_times import plot_cycle_times
from procmine.plot.days_against_term import plot_days_against_term
from procmine.plot.dotted_chart import plot_dotted_chart
from procmine.plot.flow import plot_flow
from procmine.plot.handovers import plot_handovers
from procmine.plot.on_time import plot_on_time
from procmine.plot.opportunities import plot_opportunities
from procmine.plot.process_map import plot_process_map
from procmine.plot.queues import plot_queues
from procmine.plot.rework import plot_rework_matrix
from procmine.plot.simplify import SimpleMap, simplify
from procmine.plot.spectrum import plot_performance_spectrum
from procmine.plot.svg import figure_svg
from procmine.plot.units import human_time
from procmine.plot.variants import plot_variants
from procmine.plot.waiting_causes import plot_waiting_causes

__all__ = [
    "SimpleMap",
    "figure_svg",
    "human_time",
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
    "simplify",
]
