"""Doubtful data on the page: a table of all findings, and the worst of them beside the figures they affect."""

from __future__ import annotations

import re

import pandas as pd

from procmine.report.facts import Facts
from procmine.report.options import as_options
from procmine.report.tables import Column, HtmlTable, html_table

MOST_BESIDE = 2
"""Findings that stand beside a figure; the table of the section on data quality has them all."""
_SEVERITIES = {"high": "figures are wrong", "medium": "doubtful", "low": "good to know"}
_SECTIONS = {
    "map": r"process_map|times between steps|rework|handovers|all counts|steps:",
    "variants": r"variants|all counts",
    "times": r"cycle_time|processing_time|age\b|means",
    "flow": r"started|completed|open\b|trends|all counts",
    "waiting": r"waiting_time|times between steps|rework|handovers|contention|batches|all counts",
    "compared": r"results by",
    "terms": r"\bterms?\b|cycle_time|completed|open\b|all counts",
}
"""The sections of the page, by the measures that they show."""


def doubts(facts: Facts) -> HtmlTable:
    """Return the table of what is doubtful in the data, worst first."""
    columns = (
        Column("finding", "What was found", "name"),
        Column("severity", "How bad"),
        Column("share", "Share", "share"),
        Column("affects", "What it affects"),
        Column("advice", "What to do"),
        Column("rows", "Such as rows"),
    )
    table = in_words(facts.quality)
    caption = f"What is doubtful in the data (n = {len(table):,} findings)"
    return html_table(table, columns, name="quality", caption=caption)


def beside(facts: Facts) -> dict[str, list[str]]:
    """Return the findings that stand beside the figures of each section: those that are more than good to know."""
    serious = facts.quality[facts.quality["severity"] != "low"]
    return {
        section: _told(serious[serious["affects"].str.contains(measures, regex=True)])
        for section, measures in _SECTIONS.items()
    }


def in_words(quality: pd.DataFrame) -> pd.DataFrame:
    """Return the findings as a reader of the page is told them: no names of Python, rows as text."""
    return quality.assign(
        severity=quality["severity"].map(_SEVERITIES),
        affects=quality["affects"].map(_plain),
        advice=quality["advice"].map(as_options),
        rows=[", ".join(map(str, rows)) or "–" for rows in quality["example_rows"]],
    )


def _told(findings: pd.DataFrame) -> list[str]:
    told = findings["finding"].head(MOST_BESIDE).tolist()
    more = len(findings) - len(told)
    if more:
        told.append(
            f"{more} more {'finding concerns' if more == 1 else 'findings concern'} these figures."
        )
    return told


def _plain(affects: str) -> str:
    """Write the names of measures as words.

    >>> _plain("process_map, variants: the order may be wrong")
    'process map, variants: the order may be wrong'
    """
    return re.sub(r"(?<=\w)_(?=\w)", " ", affects)
