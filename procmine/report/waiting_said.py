"""Where time goes: what the tables about waiting say in plain sentences, and what could not be computed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from procmine.plot.units import counted
from procmine.report.options import as_options
from procmine.report.readable import count, duration, share
from procmine.report.waiting_facts import WaitingFacts

PASSED = {
    "external": "while an applicant or a third party had the file",
    "batching": "until the batch was complete or the day came on which the step is done",
    "contention": "while who did the step was busy with steps that could have begun earlier",
    "prioritisation": "while who did the step was busy with steps that could have begun later",
    "unavailability": "outside office hours, on holidays and on leave",
    "unexplained": "without a known cause",
}
MOST_CAUSES = 3


def waiting_sentences(facts: WaitingFacts) -> list[str]:
    """Return what the tables about waiting say, a sentence for each."""
    said = [_waited, _causes, _bottleneck, _rework, _handovers, _blockages]
    return [sentence for say in said for sentence in say(facts)]


def _waited(facts: WaitingFacts) -> Iterator[str]:
    if facts.bottlenecks is None:
        return
    total = long(facts.waited)
    if facts.is_sojourn:
        yield (
            f"Each step has one time only, so waiting and work cannot be told apart: {total} passed in all from when "
            "the steps could have begun to their end."
        )
        return
    efficiency = facts.causes["efficiency"].max() if facts.causes is not None else float("nan")
    work = f"; of that time and the work together, {share(efficiency)} was work"
    still = f", and stood still for {long(facts.suspended)} after they had begun (suspended)"
    yield (
        f"Steps waited {total} in all, from when they could have begun until they began"
        f"{still if facts.suspended else ''}{'' if pd.isna(efficiency) else work}."
    )


def long(time: pd.Timedelta) -> str:
    """Write a time for a sentence, in whole days from 100 on.

    >>> long(pd.Timedelta("19568.4D")), long(pd.Timedelta("36h")), long(pd.Timedelta(0))
    ('19,568 days', '1.5 days', 'no time')
    """
    if not time:
        return "no time"
    days = time / pd.Timedelta(days=1)
    return f"{days:,.0f} days" if days >= 100 else duration(time, words=True)


def by_cause(facts: WaitingFacts) -> pd.Series:
    """Return the share of each cause in all waiting, those that are known, the largest first."""
    if facts.causes is None or not facts.waited:
        return pd.Series(dtype="float64")
    times = facts.causes.groupby("cause", observed=True)["time"].sum()
    known = times[times > pd.Timedelta(0)].dt.total_seconds()
    shares: pd.Series = known / facts.waited.total_seconds()
    return shares.sort_values(ascending=False, kind="stable")


def _causes(facts: WaitingFacts) -> Iterator[str]:
    every = by_cause(facts)
    named = every if len(every) <= MOST_CAUSES + 1 else every.head(MOST_CAUSES)
    parts = [
        f"{share(part)}{'' if number else ' passed'} {_how(str(cause), facts)}"
        for number, (cause, part) in enumerate(named.items())
    ]
    if len(named) < len(every):
        rest = every.iloc[MOST_CAUSES:]
        parts.append(f"the rest, {share(rest.sum())}, has other causes ({', '.join(rest.index)})")
    if parts:
        yield f"Of this {'time' if facts.is_sojourn else 'wait'} {_and(parts)}."
    if "unavailability" in every:
        yield (
            "Time outside office hours is mostly nights and weekends, which lie in every wait of more than a day and "
            "shrink with it: it is no advice to work longer."
        )


def _how(cause: str, facts: WaitingFacts) -> str:
    more = ", the work itself in it" if facts.is_sojourn and cause == "unexplained" else ""
    return f"{PASSED[cause]}{more} ({cause})"


def _bottleneck(facts: WaitingFacts) -> Iterator[str]:
    if facts.bottlenecks is None or not facts.waited:
        return
    top = facts.bottlenecks.sort_values("waiting_time", ascending=False, kind="stable").iloc[0]
    before, took = ("until the end of", "took") if facts.is_sojourn else ("before", "waited")
    half, most = (duration(top[name], words=True) for name in ("median_wait", "p90_wait"))
    yield (
        f"The largest part passed {before} “{top['activity']}” ({share(top['share'])}): half of its "
        f"{counted(int(top['steps']), 'step')} {took} {half} or less, nine in ten at most {most}{_grown(top)}."
    )


def _grown(row: pd.Series) -> str:
    """Say whether the mean wait rises or falls; nothing where chance alone may have made it differ."""
    by = (
        duration(abs(pd.Timedelta(days=row["trend"])), words=True)
        if row["trend"] == row["trend"]
        else ""
    )
    if row["trend_low"] > 0:
        return f"; the mean rises by {by} a month"
    return f"; the mean falls by {by} a month" if row["trend_high"] < 0 else ""


def _rework(facts: WaitingFacts) -> Iterator[str]:
    if facts.unforeseen is None:
        return
    rows = {str(row["kind"]): row for row in facts.unforeseen.to_dict("records")}
    yield from _again(facts, rows)
    yield from _asked(facts, rows["completion_request"])
    right = rows["first_time_right"]
    if not pd.isna(right["share"]):
        yield (
            f"{share(right['share'])} of {counted(int(right['n']), 'closed case')} were right the first time: nobody "
            "asked the applicant to complete them."
        )


def _again(facts: WaitingFacts, rows: Mapping[str, Mapping[Hashable, Any]]) -> Iterator[str]:
    """Say in how many cases steps were done again, where that is known, without those that were foreseen."""
    again = rows["rework"]
    if pd.isna(again["steps"]):
        return
    back = "" if pd.isna(rows["return"]["cases"]) else " or a step back"
    what = f"a step done again{back}"
    if not again["steps"]:
        yield f"None of {counted(facts.cases, 'case')} had {what}{_not_foreseen(facts)}."
        return
    days = again["extra_days"]
    added = "" if pd.isna(days) else f"; that added {long(pd.Timedelta(days=days))}"
    yield (
        f"{count(again['cases'])} of {counted(facts.cases, 'case')} ({share(again['share'])}) had {what}, "
        f"{counted(int(again['steps']), 'step')} in all{added}{_not_foreseen(facts)}."
    )


def _not_foreseen(facts: WaitingFacts) -> str:
    """Say how many steps are not counted, as the procedure foresees that they come again."""
    if not facts.foreseen:
        return ""
    return (
        f" (without {counted(facts.foreseen, 'step')} that the procedure foresees more than once)"
    )


def _asked(facts: WaitingFacts, row: Mapping[Hashable, Any]) -> Iterator[str]:
    """Say how many cases were incomplete, where that is known, and what the applicants took."""
    if pd.isna(row["cases"]):
        return
    if not row["cases"]:
        yield "No applicant was asked to complete the application."
        return
    said = (
        f"In {count(row['cases'])} of {counted(facts.cases, 'case')} ({share(row['share'])}) the applicant was asked "
        "to complete the application"
    )
    if row["steps"]:
        took = long(pd.Timedelta(days=row["extra_days"]))
        said += f", {counted(int(row['steps']), 'time')} in all; until the next step {took} passed"
    yield f"{said}."


def _handovers(facts: WaitingFacts) -> Iterator[str]:
    table = facts.handovers
    if table is None:
        return
    if table.empty:
        if not facts.one_unit:
            yield "No work passed from one unit to another."
        return
    times = counted(int(table["handovers"].sum()), "time")
    said = f"Work passed from one unit to another {times}"
    known = table[table["waiting_share"] > 0]
    if known.empty:
        yield f"{said}."
        return
    top = known.sort_values("waiting_share", ascending=False, kind="stable").iloc[0]
    yield (
        f"{said}; most time passed after “{top['source_unit']}” handed over to “{top['unit']}” "
        f"({share(top['waiting_share'])} of all {'this time' if facts.is_sojourn else 'waiting'}, half of the times "
        f"{duration(top['median_wait'], words=True)} or less)."
    )


def _blockages(facts: WaitingFacts) -> Iterator[str]:
    if facts.blockages is None:
        return
    n, blocked = len(facts.blockages), facts.blocked
    if not n:
        yield "No case is open."
        return
    never = int(facts.blockages["never"].fillna(False).astype(bool).sum())
    many = count(len(blocked)) if len(blocked) else "none"
    said = (
        f"Of {counted(n, 'open case')} {many} {'stands' if len(blocked) < 2 else 'stand'} longer than nine in ten did "
        "at the same point"
    )
    if never:
        said += f", and {count(never)} will probably never move again"
    yield f"{said}."
    if len(blocked) > 1:
        points = (
            where(blocked).value_counts().sort_index().sort_values(ascending=False, kind="stable")
        )
        yield f"They stand most often {points.index[0]} ({count(points.iloc[0])} of {count(len(blocked))})."


def where(cases: pd.DataFrame) -> pd.Series:
    """Return in words where open cases stand.

    >>> where(pd.DataFrame({"activity": ["Check"], "place": ["after"]})).tolist()
    ['after “Check”']
    """
    return cases["place"].astype("str") + " “" + cases["activity"].astype("str") + "”"


def waiting_lacks(facts: WaitingFacts) -> list[str]:
    """Return what could not be computed and why, and what the figures rest on."""
    told = [_sentence(text) for text in facts.lacks]
    if facts.suspended:
        told.append(
            "Why steps stood still after they had begun is not known: the causes are those of the waits before."
        )
    if facts.causes is not None and not facts.says_whose_turn:
        told.append(
            "Nothing says after which activities an applicant or a third party has the file, so their time is among "
            "the other causes: a procedure with then: says it."
        )
    return told


def _sentence(text: str) -> str:
    r"""Write a reason as sentences, with options in place of parameters.

    >>> _sentence("no unit in the log\nread it with unit=")
    'No unit in the log; read it with --unit.'
    """
    said = "; ".join(
        line.strip().rstrip(".;") for line in as_options(text).splitlines() if line.strip()
    )
    return f"{said[:1].upper()}{said[1:]}."


def _and(parts: list[str]) -> str:
    """Join clauses as in a sentence.

    >>> _and(["a", "b", "c"])
    'a; b; and c'
    """
    return "; ".join([*parts[:-1], f"and {parts[-1]}" if len(parts) > 1 else parts[-1]])
