"""The tables of the section on waiting: causes, bottlenecks, rework, handovers, and open cases that stand."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from procmine.kpi.waiting.split import CAUSES
from procmine.plot.units import counted
from procmine.report.readable import NOT_KNOWN, count, days
from procmine.report.tables import Column, HtmlTable, html_table
from procmine.report.waiting_facts import WaitingFacts
from procmine.report.waiting_said import PASSED, where

MOST_BOTTLENECKS, MOST_HANDOVERS, MOST_STANDING = 10, 12, 10
KINDS = {
    "self_loop": "done again directly",
    "repetition": "done again later",
    "return": "step back in the flow",
    "reopened": "after closing",
    "ping_pong": "back to a unit from the next one",
    "completion_request": "completion asked for",
    "rework": "rework: done again, or a step back",
    "without_rework": "closed cases without rework",
    "first_time_right": "closed cases right the first time",
}
BY = {"same": "the same", "other": "another"}


def waiting_tables(facts: WaitingFacts) -> list[HtmlTable]:
    """Return the tables about waiting, those that could be computed and hold something."""
    return [
        *_causes(facts),
        *_bottlenecks(facts),
        *_rework(facts),
        *_handovers(facts),
        *_standing(facts),
    ]


def _causes(facts: WaitingFacts) -> Iterator[HtmlTable]:
    if facts.causes is None or not facts.waited:
        return
    rows = facts.causes.assign(cause=facts.causes["cause"].astype("str"))
    wide = rows.pivot(index="activity", columns="cause", values="share").reindex(columns=CAUSES)
    waits = rows.groupby("activity", observed=True)["waiting_time"].first()
    table = wide.assign(waited=waits).reset_index()
    table = table[table["waited"] > pd.Timedelta(0)]
    table = table.sort_values(["waited", "activity"], ascending=[False, True], ignore_index=True)
    what = "from when it could have begun to its end" if facts.is_sojourn else "before it began"
    columns = (
        Column("activity", "Activity", "name"),
        Column("waited", "Waited", "duration", f"all cases together, {what}"),
        *(Column(cause, cause.capitalize(), "share", PASSED[cause]) for cause in _told(facts)),
    )
    yield html_table(
        table,
        columns,
        name="waiting-causes",
        caption=f"Why steps waited: shares of the wait (n = {counted(facts.steps, 'step')})",
    )


def _told(facts: WaitingFacts) -> tuple[str, ...]:
    """Return the causes that can occur: nothing is known of others where nothing says whose turn it is."""
    return CAUSES if facts.says_whose_turn else tuple(c for c in CAUSES if c != "external")


def _bottlenecks(facts: WaitingFacts) -> Iterator[HtmlTable]:
    if facts.bottlenecks is None or not facts.waited:
        return
    table = facts.bottlenecks[facts.bottlenecks["waiting_time"] > pd.Timedelta(0)]
    shown = table.assign(
        mainly=[_mainly(*row) for row in zip(table["main_cause"], table["main_cause_share"], strict=True)],
        rise=[_rise(*row) for row in zip(table["trend"], table["trend_low"], table["trend_high"], strict=True)],
        queue=[NOT_KNOWN if pd.isna(n) else f"{n:,.1f}" for n in table["queue"]],
    )  # fmt: skip
    columns: tuple[Column, ...] = (
        Column("activity", "Waited for", "name"),
        Column("lost_working_days", "Working days lost", "count", "office hours within the waits, in working days"),
        Column("waiting_time", "Waited", "duration", "all cases together"),
        Column("share", "Share", "share", "of all waiting"),
        Column("median_wait", "Median", "duration"),
        Column("p90_wait", "90 % at most", "duration"),
        Column("steps", "Steps", "count", "the waits behind these figures"),
        Column("mainly", "Mainly", "text", "the largest cause, and its share"),
        Column("rise", "Mean rises a month by", "text", "how the mean wait changes a month, with its 95 % interval"),
        Column("queue", "Queue", "short", "how many wait on average"),
    )  # fmt: skip
    if table["lost_working_days"].isna().all():
        columns = tuple(column for column in columns if column.source != "lost_working_days")
    yield html_table(
        shown,
        columns,
        name="bottlenecks",
        caption="Where most time is lost",
        most=MOST_BOTTLENECKS,
        file="tables/bottlenecks.csv",
        what="activities",
    )


def _mainly(cause: object, part: float) -> str:
    return NOT_KNOWN if pd.isna(part) else f"{cause} ({100 * part:.0f}\u00a0%)"


def _rise(trend: float, low: float, high: float) -> str:
    r"""Write a trend with its interval.

    >>> _rise(0.086, -0.012, 0.188).replace("\xa0", " ")
    '+2.1 h (-17 min to 4.5 h)'
    """
    if pd.isna(trend):
        return NOT_KNOWN
    said = f"{'+' if trend > 0 else ''}{days(trend)}"
    return said if pd.isna(low) or pd.isna(high) else f"{said} ({days(low)} to {days(high)})"


def _rework(facts: WaitingFacts) -> Iterator[HtmlTable]:
    if facts.unforeseen is None:
        return
    every = facts.unforeseen
    table = every[~(every["resource"].notna() & (every["steps"] == 0))]
    shown = table.assign(
        kind=table["kind"].astype("str").map(KINDS), by=table["resource"].astype("str").map(BY)
    )
    columns: tuple[Column, ...] = (
        Column("kind", "Steps", "name"),
        Column("by", "By", "short", "the same person as before or another one"),
        Column("steps", "How many", "count"),
        Column("cases", "Cases", "count", "cases with at least one"),
        Column("share", "Share", "share", "of all cases; in the last two rows of the closed ones"),
        Column("extra_time", "Work", "duration", "processing time of these steps"),
        Column("extra_days", "Days added", "days", "elapsed days that they added to their cases"),
    )
    if table["resource"].isna().all():
        columns = tuple(column for column in columns if column.source != "by")
    if table["extra_time"].isna().all() or facts.is_sojourn:
        columns = tuple(column for column in columns if column.source != "extra_time")
    caption = f"Rework, by kind; kinds overlap (n = {counted(facts.cases, 'case')})"
    if facts.foreseen:
        caption += f"; without {counted(facts.foreseen, 'step')} that the procedure foresees more than once"
    yield html_table(shown, columns, name="rework", caption=caption)


def _handovers(facts: WaitingFacts) -> Iterator[HtmlTable]:
    table = facts.handovers
    if table is None or table.empty:
        return
    table = table.sort_values(
        ["waiting_time", "handovers"], ascending=False, kind="stable", ignore_index=True
    )
    until = "to the end of the next step" if facts.is_sojourn else "until the next step began"
    columns = (
        Column("source_unit", "From", "name"),
        Column("unit", "To"),
        Column("handovers", "Times", "count"),
        Column("cases", "Cases", "count"),
        Column("share", "Share of cases", "share"),
        Column("waiting_time", "Waited", "duration", f"all together, {until}"),
        Column("waiting_share", "Share of all waiting", "share"),
        Column("median_wait", "Median", "duration"),
        Column("p90_wait", "90 % at most", "duration"),
    )
    yield html_table(
        table,
        columns,
        name="handovers",
        caption=f"Work that passed between units (n = {count(table['handovers'].sum())} times)",
        most=MOST_HANDOVERS,
        file="tables/handovers.csv",
        what="pairs of units",
    )


def _standing(facts: WaitingFacts) -> Iterator[HtmlTable]:
    """Return the open cases that may still move, and after them those that probably never will."""
    if facts.blockages is None:
        return
    n = counted(len(facts.blockages), "open case")
    never = facts.blockages["never"].fillna(False).astype(bool)
    still = facts.blocked[~never[facts.blocked.index]]
    if len(still):
        caption = (
            f"Open cases that stand longer than usual and may still move ({len(still):,} of {n})"
        )
        yield _cases(still, "blockages", caption, USUAL)
    if never.any():
        caption = f"Open cases that will probably never move again ({never.sum():,} of {n})"
        yield _cases(facts.blockages[never], "never", caption, ())


USUAL = (
    Column("usual_median", "Usual", "duration", "half of the cases at this point moved on within"),
    Column("usual_p90", "90 % at most", "duration", "nine in ten at this point moved on within"),
    Column("chance", "Stand longer", "share", "of the cases at this point, how many stand longer"),
    Column("n", "n", "count", "stays at this point, with which the case is compared"),
)


def _cases(cases: pd.DataFrame, name: str, caption: str, columns: tuple[Column, ...]) -> HtmlTable:
    shown = cases.assign(
        where=where(cases),
        since=cases["since"].dt.strftime("%Y-%m-%d"),
        whom=cases["owner"].astype("str").str.replace("_", " "),
    )
    about = [Column("case_id", "Case", "name"), Column("where", "Stands")]
    if "unit" in shown:
        about.append(Column("unit", "Unit", "text", "that of the last step"))
    if cases["owner"].notna().any():
        about.append(Column("whom", "With whom"))
    about += [Column("since", "Since", "short"), Column("standing", "Standing", "duration")]
    return html_table(
        shown,
        (*about, *columns),
        name=name,
        caption=caption,
        most=MOST_STANDING,
        file="tables/blockages.csv",
        what="cases",
    )
