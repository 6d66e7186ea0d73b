"""The pictures of the page, drawn of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procmine.kpi.periods import PERIODS
from procmine.observe import steps
from procmine.plot.units import counted
from procmine.report.facts import Facts, Say
from procmine.report.picture import Picture, picture
from procmine.report.readable import count, share
from procmine.report.term_pictures import term_pictures
from procmine.report.waiting_pictures import waiting_pictures

if TYPE_CHECKING:
    import pandas as pd

    from procmine.discovery import ProcessMap

MOST_ACTIVITIES, MOST_PATHS, MOST_VARIANTS = 14, 26, 12


def pictures(facts: Facts, say: Say) -> dict[str, Picture]:
    """Draw every picture of the page."""
    drawn = {}
    for draw in (_process_map, _variants, _cycle_times, _flow, _trend, _dotted_chart):
        say(f"drawing the {draw.__name__.strip('_').replace('_', ' ')}")
        one = draw(facts)
        drawn[one.name] = one
    say("drawing where time goes")
    drawn |= {one.name: one for one in waiting_pictures(facts.waiting)}
    return drawn | {one.name: one for one in term_pictures(facts, say)}


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
    return picture(
        "process-map",
        lambda: plot_process_map(whole, activities=activities, paths=paths),
        means,
        _not_shown(whole, part.nodes, part.edges),
    )


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
    return picture(
        "variants", lambda: plot_variants(facts.variants, most=MOST_VARIANTS), means, hides
    )


def _cycle_times(facts: Facts) -> Picture:
    from procmine.plot import plot_cycle_times

    n = counted(len(facts.cycle_times), "closed case" if facts.closing_known else "case")
    until = "closing" if facts.closing_known else "last step, as closing is unknown"
    means = f"How many cases took how long from their start to their {until}. n = {n}."
    return picture("cycle-times", lambda: plot_cycle_times(facts.cases), means)


def _flow(facts: Facts) -> Picture:
    from procmine.plot import plot_flow

    means = (
        "Cases started and cases completed so far, added up over the periods; the distance between the "
        f"lines is the number of open cases. n = {counted(facts.log.n_cases, 'case')}."
        if facts.closing_known
        else f"Cases started so far. n = {counted(facts.log.n_cases, 'case')}; completed and open are unknown."
    )
    return picture("flow", lambda: plot_flow(facts.kpis), means)


def _trend(facts: Facts) -> Picture:
    from procmine.report.trend import plot_trend

    n = counted(len(facts.cycle_times), "closed case" if facts.closing_known else "case")
    when = "close" if facts.closing_known else "have their last step"
    means = (
        f"What half of the cases that {when} in a {PERIODS[facts.period]} took at most, and what nine in ten did. "
        f"n = {n} in all; the table below has the n of each {PERIODS[facts.period]}."
    )
    return picture("trend", lambda: plot_trend(facts.kpis), means)


def _dotted_chart(facts: Facts) -> Picture:
    from procmine.plot import plot_dotted_chart

    means = (
        "A dot is a step: when it was done, from left to right, and in which case, one line per case. "
        f"n = {counted(facts.log.n_steps, 'step')} of {counted(facts.log.n_cases, 'case')}."
    )
    return picture("dotted-chart", lambda: plot_dotted_chart(steps(facts.log)), means)
