"""The pictures of the page, drawn of its tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procmine.kpi.periods import PERIODS
from procmine.observe import steps
from procmine.plot.units import counted
from procmine.report.facts import Facts, Say
from procmine.report.inline import inline_svg
from procmine.report.readable import count, share

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from procmine.discovery import ProcessMap

DOTS_PER_INCH = 170  # of what is drawn as an image inside a picture
MOST_ACTIVITIES, MOST_PATHS, MOST_VARIANTS = 14, 26, 12


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, what it means with its n, and what it does not show (empty where it shows all)."""

    name: str
    svg: str
    means: str
    hides: str = ""


def pictures(facts: Facts, say: Say) -> dict[str, Picture]:
    """Draw every picture of the page."""
    drawn = {}
    for draw in (_process_map, _variants, _cycle_times, _flow, _trend, _dotted_chart):
        say(f"drawing the {draw.__name__.strip('_').replace('_', ' ')}")
        picture = draw(facts)
        drawn[picture.name] = picture
    return drawn


def _process_map(facts: Facts) -> Picture:
    from procmine.plot import plot_process_map
    from procmine.plot.simplify import simplify

    whole = facts.process_map
    activities, paths = readable_shares(whole)
    part = simplify(whole, activities, paths)
    means = (
        "A box is an activity, with how many steps and cases have it; an arrow says that the next step of a "
        f"case is often that one, with how often and the median {whole.basis}. "
        f"n = {counted(facts.log.n_cases, 'case')}, {counted(facts.log.n_steps, 'step')}."
    )
    svg = _drawn(lambda: plot_process_map(whole, activities=activities, paths=paths))
    return _picture("process-map", svg, means, _not_shown(whole, part.nodes, part.edges))


def readable_shares(process_map: ProcessMap) -> tuple[float, float]:
    """Return the shares of activities and of paths that a reader can take in.

    >>> from procmine.discovery import process_map
    >>> readable_shares(process_map(log))
    (1.0, 1.0)
    """
    nodes, edges = process_map.nodes, process_map.edges
    ranked = nodes.sort_values(["cases", "steps", "activity"], ascending=[False, False, True])
    kept = list(ranked["activity"].head(MOST_ACTIVITIES))
    between = int((edges["source"].isin(kept) & edges["target"].isin(kept)).sum())
    return min(1.0, MOST_ACTIVITIES / max(len(nodes), 1)), min(1.0, MOST_PATHS / max(between, 1))


def _not_shown(whole: ProcessMap, nodes: pd.DataFrame, edges: pd.DataFrame) -> str:
    """Say which part of the process map is not in its picture."""
    rest = len(whole.nodes) - len(nodes), len(whole.edges) - len(edges)
    if not any(rest):
        return ""
    missing = [
        counted(rest[0], "activity", "activities") if rest[0] else "",
        counted(rest[1], "path") if rest[1] else "",
    ]
    total = max(int(whole.edges["count"].sum()), 1)
    return (
        f"To stay readable it leaves out {' and '.join(filter(None, missing))}, the rarest; the paths shown "
        f"are {share(int(edges['count'].sum()) / total)} of all {count(total)} times one step follows another. "
        "The tables below have the rest."
    )


def _variants(facts: Facts) -> Picture:
    from procmine.plot import plot_variants

    shown = facts.variants.head(MOST_VARIANTS)
    means = (
        "A row is a way through the process, with its activities from left to right, and its share of the "
        f"n = {counted(facts.log.n_cases, 'case')}."
    )
    hides = ""
    if len(shown) < len(facts.variants):
        part = share(float(shown["cumulative_share"].iloc[-1]))
        hides = f"It shows {len(shown)} of {len(facts.variants):,} variants, which are {part} of the cases."
    svg = _drawn(lambda: plot_variants(facts.variants, most=MOST_VARIANTS))
    return _picture("variants", svg, means, hides)


def _cycle_times(facts: Facts) -> Picture:
    from procmine.plot import plot_cycle_times

    n = counted(len(facts.cycle_times), "closed case" if facts.closing_known else "case")
    until = "closing" if facts.closing_known else "last step, as closing is unknown"
    means = f"How many cases took how long from their start to their {until}. n = {n}."
    return _picture("cycle-times", _drawn(lambda: plot_cycle_times(facts.cases)), means)


def _flow(facts: Facts) -> Picture:
    from procmine.plot import plot_flow

    means = (
        "Cases started and cases completed so far, added up over the periods; the distance between the "
        f"lines is the number of open cases. n = {counted(facts.log.n_cases, 'case')}."
        if facts.closing_known
        else f"Cases started so far. n = {counted(facts.log.n_cases, 'case')}; completed and open are unknown."
    )
    return _picture("flow", _drawn(lambda: plot_flow(facts.kpis)), means)


def _trend(facts: Facts) -> Picture:
    from procmine.report.trend import plot_trend

    n = counted(len(facts.cycle_times), "closed case" if facts.closing_known else "case")
    when = "close" if facts.closing_known else "have their last step"
    means = (
        f"What half of the cases that {when} in a {PERIODS[facts.period]} took at most, and what nine in ten did. "
        f"n = {n} in all; the table below has the n of each {PERIODS[facts.period]}."
    )
    return _picture("trend", _drawn(lambda: plot_trend(facts.kpis)), means)


def _dotted_chart(facts: Facts) -> Picture:
    from procmine.plot import plot_dotted_chart

    means = (
        "A dot is a step: when it was done, from left to right, and in which case, one line per case. "
        f"n = {counted(facts.log.n_steps, 'step')} of {counted(facts.log.n_cases, 'case')}."
    )
    return _picture("dotted-chart", _drawn(lambda: plot_dotted_chart(steps(facts.log))), means)


def _picture(name: str, svg: str, means: str, hides: str = "") -> Picture:
    return Picture(name, inline_svg(svg, name=name, label=means), means, hides)


def _drawn(draw: Callable[[], Axes]) -> str:
    """Draw off screen and return the SVG; the figure is closed whatever happens."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    from procmine.plot.svg import figure_svg

    before = set(plt.get_fignums())
    try:
        figure = draw().get_figure(root=True)
        assert figure is not None
        with mpl.rc_context({"savefig.dpi": DOTS_PER_INCH}):
            return figure_svg(figure)
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
