"""Pictures of the tables: each function draws what its table says and returns the axes."""

from procmine.plot.ageing import plot_ageing
from procmine.plot.case_timeline import plot_case_timeline
from procmine.plot.cycle_times import plot_cycle_times
from procmine.plot.days_against_term import plot_days_against_term
from procmine.plot.dotted_chart import plot_dotted_chart
from procmine.plot.flow import plot_flow
from procmine.plot.on_time import plot_on_time
from procmine.plot.process_map import plot_process_map
from procmine.plot.simplify import SimpleMap, simplify
from procmine.plot.svg import figure_svg
from procmine.plot.units import human_time
from procmine.plot.variants import plot_variants

__all__ = [
    "SimpleMap",
    "figure_svg",
    "human_time",
    "plot_ageing",
    "plot_case_timeline",
    "plot_cycle_times",
    "plot_days_against_term",
    "plot_dotted_chart",
    "plot_flow",
    "plot_on_time",
    "plot_process_map",
    "plot_variants",
    "simplify",
]
