"""The tables of each section of the page, made of the tables of the log."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from procmine.ingest import Binding
from procmine.report.doubts import doubts
from procmine.report.facts import Facts
from procmine.report.tables import Column, HtmlTable, html_table
from procmine.report.term_tables import term_tables
from procmine.report.waiting_tables import waiting_tables

MOST_VARIANTS = 50
MOST_ROWS = 100
MOST_PERIODS = 60
MOST_REJECTED = 10
SETTINGS = {
    "tz": "time zone",
    "closed": "what closes a case",
    "order": "usual order of activities",
    "resources": "persons",
    "on_bad_rows": "rows that cannot be read",
    "time_format": "way of writing times",
}
QUANTILES = (
    (0.0, "shortest"),
    (0.25, "25 % at most"),
    (0.5, "median"),
    (0.8, "80 % at most"),
    (0.9, "90 % at most"),
    (0.95, "95 % at most"),
    (1.0, "longest"),
)


def html_tables(facts: Facts) -> dict[str, HtmlTable]:
    """Return every table of the page by name."""
    tables = [
        _nodes(facts),
        _edges(facts),
        _variants(facts),
        _times(facts),
        _trend(facts),
        doubts(facts),
        _reasons(facts),
        _rejected(facts),
        _binding(facts),
        *_compared(facts),
        *term_tables(facts.terms),
        *waiting_tables(facts.waiting),
    ]
    return {table.name: table for table in tables}


def _nodes(facts: Facts) -> HtmlTable:
    columns = (
        Column("activity", "Activity", "name"),
        Column("steps", "Steps", "count", "how often it was done"),
        Column("cases", "Cases", "count", "cases in which it was done at least once"),
        Column("case_share", "Share of cases", "share"),
        Column("starts", "First", "count", "cases that begin with it"),
        Column("ends", "Last", "count", "cases whose last step so far is this one"),
    )
    return html_table(
        facts.process_map.nodes,
        columns,
        name="nodes",
        caption=f"Activities (n = {facts.log.n_cases:,} cases, {facts.log.n_steps:,} steps)",
        most=MOST_ROWS,
        file="tables/nodes.csv",
        what="activities",
    )


def _edges(facts: Facts) -> HtmlTable:
    columns = (
        Column("source", "From", "name"),
        Column("target", "To", "name"),
        Column("count", "Times", "count", "how often the second directly follows the first"),
        Column("cases", "Cases", "count", "cases in which that happens at least once"),
        Column("median_time", "Median", "duration", "half of the times take this long or less"),
        Column("mean_time", "Mean", "duration"),
        Column("p90_time", "90 % at most", "duration"),
        Column("total_time", "Total", "duration", "all times together"),
        Column("overlaps", "Overlaps", "count", "the second begins before the first ends"),
    )
    edges = facts.process_map.edges
    return html_table(
        edges,
        columns,
        name="edges",
        caption=f"Paths (n = {int(edges['count'].sum()):,} times one step follows another)",
        most=MOST_ROWS,
        file="tables/edges.csv",
        what="paths",
    )


def _variants(facts: Facts) -> HtmlTable:
    columns = (
        Column("number", "No.", "count"),
        Column("variant", "Variant", "variant"),
        Column("cases", "Cases", "count"),
        Column("share", "Share", "share", "of all cases"),
        Column("cumulative_share", "Together", "share", "this variant and those before it"),
        Column("median_cycle_time", "Median cycle time", "duration"),
        Column("steps", "Steps", "count"),
    )
    numbered = facts.variants.assign(number=range(1, len(facts.variants) + 1))
    return html_table(
        numbered,
        columns,
        name="variants",
        caption=f"Variants (n = {facts.log.n_cases:,} cases)",
        most=MOST_VARIANTS,
        file="tables/variants.csv",
        what="variants",
    )


def _times(facts: Facts) -> HtmlTable:
    """Return the quantiles of the cycle times and of the ages of open cases, a row each."""
    kind = (
        "Cycle time of closed cases" if facts.closing_known else "First to last step of all cases"
    )
    rows = [(kind, facts.cycle_times)]
    if facts.closing_known:
        rows.append(("Age of open cases", facts.cases["age"].dropna()))
    frame = pd.DataFrame([_quantile_row(name, values) for name, values in rows])
    quantiles = [Column(title, title.capitalize(), "duration") for _, title in QUANTILES]
    columns = (
        Column("what", "What", "name"),
        Column("n", "n", "count"),
        *quantiles,
        Column("mean", "Mean", "duration"),
    )
    return html_table(frame, columns, name="times", caption=f"Times of cases, {facts.as_of_text}")


def _quantile_row(name: str, values: pd.Series) -> dict[str, object]:
    times = {title: values.quantile(p) if len(values) else pd.NaT for p, title in QUANTILES}
    return {"what": name, "n": len(values), **times, "mean": values.mean()}


def _trend(facts: Facts) -> HtmlTable:
    """Return a row per period: the flow of cases and their cycle times."""
    wide = facts.kpis.pivot(index="period_start", columns="kpi", values="value")
    n = facts.kpis[facts.kpis["kpi"] == "cycle_time_median"].set_index("period_start")
    frame = wide.assign(n=n["n"], period=n["period"]).sort_index().reset_index()
    columns = (
        Column("period", "Period", "name"),
        Column("started", "Started", "count", "cases whose first step begins in the period"),
        Column("completed", "Completed", "count", "cases that close in it"),
        Column("open", "Open at its end", "count", "open before + started − completed"),
        Column("n", "n", "count", "cases behind the cycle times"),
        Column("cycle_time_median", "Median", "days"),
        Column("cycle_time_p80", "80 % at most", "days"),
        Column("cycle_time_p90", "90 % at most", "days"),
        Column("cycle_time_mean", "Mean", "days"),
    )
    table = html_table(
        frame.tail(MOST_PERIODS), columns, name="trend", caption=_trend_caption(facts)
    )
    if len(frame) <= MOST_PERIODS:
        return table
    more = f"The last {MOST_PERIODS} of {len(frame):,} periods; all of them are in tables/kpis.csv."
    return HtmlTable(table.name, table.caption, table.columns, table.rows, more)


def _trend_caption(facts: Facts) -> str:
    of = "cases that close in the period" if facts.closing_known else "cases by their last step"
    return f"Flow of cases, and cycle times of {of}; the last period ends {facts.as_of_text}"


def _compared(facts: Facts) -> Sequence[HtmlTable]:
    if facts.compared is None:
        return ()
    columns = (
        Column("key", str(facts.by), "name"),
        Column("cases", "Cases", "count"),
        *((Column("closed", "Closed", "count"),) if facts.closing_known else ()),
        *((Column("open", "Open", "count"),) if facts.closing_known else ()),
        Column("n", "n", "count", "cases behind the cycle times"),
        Column("median", "Median", "duration"),
        Column("p90", "90 % at most", "duration"),
        Column("mean", "Mean", "duration"),
    )
    caption = f"Cases and cycle times by {facts.by} (n = {facts.log.n_cases:,} cases)"
    return (html_table(facts.compared, columns, name="compared", caption=caption),)


def _reasons(facts: Facts) -> HtmlTable:
    columns = (
        Column("reason", "Reason", "name"),
        Column("column", "Column"),
        Column("rows", "Rows", "count"),
        Column("first_row", "First in row", "count"),
        Column("example", "As written"),
    )
    report = facts.log.import_report
    caption = f"Rejected rows by reason (n = {report.rows_rejected:,} rows)"
    return html_table(_brief(report.by_reason()), columns, name="reasons", caption=caption)


def _rejected(facts: Facts) -> HtmlTable:
    sheet = [Column("sheet", "Sheet")] if "sheet" in facts.log.import_report.rejected else []
    columns = (
        *sheet,
        Column("row", "Row", "count"),
        Column("column", "Column"),
        Column("reason", "Reason"),
        Column("value", "As written"),
    )
    return html_table(
        _brief(facts.log.import_report.rejected),
        columns,
        name="rejected",
        caption="The first rejected rows",
        most=MOST_REJECTED,
        file="tables/rejected_rows.csv",
        what="rejected rows",
    )


def _brief(rejected: pd.DataFrame) -> pd.DataFrame:
    """Cut the values as written: a broken row may be a page long."""
    name = "example" if "example" in rejected else "value"
    return rejected.assign(**{name: rejected[name].astype("str").str.slice(0, 80)})


def _binding(facts: Facts) -> HtmlTable:
    """Return what each column was taken for, and why."""
    binding, reasons = facts.log.binding, facts.log.import_report.reasons
    shown = {role: text for role, text in binding.shown().items() if role != "tz"}
    rows = [(role, text, binding.reason(role)) for role, text in shown.items()]
    for name, value in (binding.to_plain() | {"tz": facts.log.tz}).items():
        if name not in {*shown, "milestones"}:
            usual = "as usual" if value == getattr(Binding, name, None) else "as given"
            rows.append((SETTINGS.get(name, name), _said(value), reasons.get(name, usual)))
    frame = pd.DataFrame(rows, columns=["role", "column", "why"], dtype="str")
    columns = (
        Column("role", "Meaning", "name"),
        Column("column", "Column or value"),
        Column("why", "Why"),
    )
    return html_table(frame, columns, name="binding", caption="What each column was taken for")


def _said(value: object) -> str:
    """Write a setting of the binding in words."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_said(v)}" for key, v in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
