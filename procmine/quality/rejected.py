"""Rows of the source that are in no step."""

from __future__ import annotations

from procmine.quality.check import Check, Flaw, graded, percent
from procmine.quality.context import Context

_MANY = 0.01
"""From one row in a hundred on, counts of cases and steps are visibly wrong."""


def rejected_rows(context: Context) -> list[Flaw]:
    """Count the rows that could not be used, as a share of the rows read.

    Rows without a case, an activity or a readable time; ``log.import_report.rejected`` lists them.
    """
    report = context.log.import_report
    if not report.rows_rejected:
        return []
    share = report.rows_rejected / max(report.rows_read, 1)
    why = report.by_reason().iloc[0]
    column = str(why["column"])
    where = f" in column '{column}'" if column else ""
    return [
        Flaw(
            graded(share, high=_MANY, medium=0.0),
            column,
            report.rows_rejected,
            share,
            f"{report.rows_rejected:,} of {report.rows_read:,} rows of the source ({percent(share)}) could not "
            f"be used, most of them because: {why['reason']}{where}.",
            "See log.import_report.rejected: mend these rows, or name another column or time_format= in pm.read.",
            rows=tuple(int(row) for row in sorted(report.rejected["row"])[:5]),
        )
    ]


REJECTED = Check(
    "rejected_rows",
    "Rows of the source that are in no step, because a case, an activity or a readable time is missing.",
    "all counts: too low; cycle_time: too short where a first or last step is among the rejected rows",
    rejected_rows,
)
