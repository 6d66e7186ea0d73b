"""Rows of the source that are in no step."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from procmine.checks.check import Check, Flaw, counted, graded, percent
from procmine.checks.context import Context
from procmine.ingest.raw import EXPECTED

_MANY = 0.01
"""From one row in a hundred on, counts of cases and steps are visibly wrong."""
_HARMLESS = "neither begins nor ends a step"
"""Rows of a lifecycle that say that a step was planned or assigned are no lost steps, nor are totals rows."""


def rejected_rows(context: Context) -> list[Flaw]:
    """Count the rows that could not be used, as a share of the rows read.

    Rows without a case, an activity or a readable time; ``log.import_report.rejected`` lists them.
    """
    report = context.log.import_report
    reasons = report.rejected["reason"]
    expected = reasons.isin(EXPECTED) | reasons.str.contains(_HARMLESS, regex=False)
    lost = report.rejected[~expected]
    flaws = [] if lost.empty else [_lost(context, lost)]
    return flaws if not expected.any() else [*flaws, _aside(context, report.rejected[expected])]


def _lost(context: Context, lost: pd.DataFrame) -> Flaw:
    read = max(context.log.import_report.rows_read, 1)
    share = len(lost) / read
    return Flaw(
        graded(share, high=_MANY, medium=0.0),
        _most(lost)[0],
        len(lost),
        share,
        f"{_counted(context, lost)} ({percent(share)}) could not be used, "
        f"most of them because: {_why(lost)}.",
        "See log.import_report.rejected: mend these rows, or name another column or time_format= in pm.read.",
        rows=_first(lost),
    )


def _aside(context: Context, aside: pd.DataFrame) -> Flaw:
    read = max(context.log.import_report.rows_read, 1)
    share = len(aside) / read
    return Flaw(
        "low",
        _most(aside)[0],
        len(aside),
        share,
        f"{_counted(context, aside)} ({percent(share)}) set aside, as they are no steps, "
        f"most of them: {_why(aside)}.",
        "See log.import_report.rejected, and make sure that none of them should count.",
        affects="none, if they are set aside rightly",
        rows=_first(aside),
    )


def _counted(context: Context, rows: pd.DataFrame) -> str:
    """Write how many of what was read, which is dates where each row of the source is a case."""
    report = context.log.import_report
    if report.counted == "rows":
        return f"{counted(len(rows), 'row')} of {report.rows_read:,} of the source"
    return f"{len(rows):,} of the {report.rows_read:,} {report.counted} and rows of the source"


def _most(rows: pd.DataFrame) -> tuple[str, str]:
    kinds = rows["reason"].str.replace(r" \(line \d[^()]*\)$", "", regex=True)
    counts = Counter(zip(rows["column"], kinds, strict=True))
    return counts.most_common(1)[0][0]


def _why(rows: pd.DataFrame) -> str:
    column, reason = _most(rows)
    return reason + (f" (column '{column}')" if column else "")


def _first(rows: pd.DataFrame) -> tuple[int, ...]:
    return tuple(int(row) for row in sorted(rows["row"])[:5])


REJECTED = Check(
    "rejected_rows",
    "Rows of the source that are in no step, because a case, an activity or a readable time is missing.",
    "all counts: too low; cycle_time: too short where a first or last step is among the rejected rows",
    rejected_rows,
)
