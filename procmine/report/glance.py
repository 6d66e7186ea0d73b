"""The report at a glance: a few figures, and what they say in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from procmine.log import EventLog
from procmine.plot.units import counted
from procmine.report.facts import Facts
from procmine.report.readable import count, cut, duration, share

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Figure:
    """One large figure with what it counts and what it was counted over."""

    value: str
    name: str
    over: str


def key_figures(facts: Facts) -> list[Figure]:
    """Return the figures that stand first."""
    times = facts.cycle_times
    over = _over(facts)
    figures = [Figure(count(facts.log.n_cases), "cases", counted(facts.log.n_steps, "step"))]
    if facts.closing_known:
        closed, still = _states(facts)
        figures.append(Figure(count(closed), "closed cases", f"of {count(facts.log.n_cases)}"))
        figures.append(Figure(count(still), "open cases", f"of {count(facts.log.n_cases)}"))
    middle = "median cycle time" if facts.closing_known else "median, first to last step"
    figures.append(Figure(duration(times.median()), middle, over))
    figures.append(Figure(duration(_quantile(times, 0.9)), "90 % take at most", over))
    figures.append(Figure(count(len(facts.variants)), "variants", "different ways through"))
    return figures


def sentences(facts: Facts) -> list[str]:
    """Return what the log says at a first look, a sentence each."""
    log = facts.log
    first, last = (_day(int(time), log) for time in (log.first.min(), log.last.max()))
    activities = counted(len(log.activity.labels), "activity", "activities")
    return [
        f"The log holds {counted(log.n_cases, 'case')} with {counted(log.n_steps, 'step')} "
        f"of {activities}, from {first} to {last}.",
        _open_and_closed(facts),
        _cycle_time(facts),
        _most_frequent(facts),
        *_slowest(facts),
    ]


def _open_and_closed(facts: Facts) -> str:
    if not facts.closing_known:
        return "Nothing says what closes a case, so open and completed cases cannot be told apart."
    closed, still = _states(facts)
    said = f"{counted(closed, 'case')} {_were(closed)} closed and {count(still)} open {facts.as_of_text}."
    rule = facts.log.binding.closed if facts.closed_by_log else None
    if facts.closed_by:
        names = ", ".join(f"“{name}”" for name in facts.closed_by)
        log_says = "" if rule is None else f"; as the log says: {rule.text()}"
        return f"{said} What closes a case, as the procedure says: {names}{log_says}."
    return said if rule is None else f"{said} What closes a case: {rule.text()}."


def _cycle_time(facts: Facts) -> str:
    times = facts.cycle_times
    if times.empty:
        return "No case has a cycle time yet, because none is closed."
    middle = duration(times.median(), words=True)
    most = duration(_quantile(times, 0.9), words=True)
    if not facts.closing_known:
        return (
            f"From its first to its last step half of the {counted(len(times), 'case')} took {middle} or less, "
            f"and nine in ten at most {most}; cases that are still going on count as short."
        )
    return (
        f"Half of the {counted(len(times), 'closed case')} took {middle} or less from start to closing, "
        f"and nine in ten at most {most}."
    )


def _most_frequent(facts: Facts) -> str:
    top = facts.variants.iloc[0]
    return (
        f"The most frequent of {counted(len(facts.variants), 'variant')} is followed by "
        f"{counted(int(top['cases']), 'case')} ({share(float(top['share']))}): {cut(str(top['variant']), 300)}."
    )


def _slowest(facts: Facts) -> list[str]:
    """Return the sentence on the path that takes most time in total, where any takes some."""
    path = slowest_path(facts.process_map.edges)
    if path is None:
        return []
    return [
        f"Most time in all passes between “{path['source']}” and “{path['target']}”: "
        f"{duration(path['total_time'], words=True)} over the {counted(int(path['count']), 'time')} "
        f"that path was taken, with a median of {duration(path['median_time'], words=True)}."
    ]


def slowest_path(edges: pd.DataFrame) -> pd.Series | None:
    """Return the path with the largest total time; of equals the first in the alphabet."""
    ordered = edges.sort_values(
        ["total_time", "source", "target"], ascending=[False, True, True], kind="stable"
    )
    if ordered.empty or not ordered["total_time"].iloc[0]:
        return None
    return ordered.iloc[0]


def _states(facts: Facts) -> tuple[int, int]:
    states = facts.cases["state"]
    return int((states == "closed").sum()), int((states == "open").sum())


def _over(facts: Facts) -> str:
    kind = "closed case" if facts.closing_known else "case"
    return f"n = {counted(len(facts.cycle_times), kind)}"


def _quantile(times: pd.Series, part: float) -> object:
    return times.quantile(part) if len(times) else pd.NaT


def _day(time: int, log: EventLog) -> str:
    """Write the local day of a time as in a sentence, in English whatever the computer speaks."""
    day = pd.Timestamp(time, unit="us", tz="UTC").tz_convert(log.tz)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
