"""Rows of the source that are in no step."""

from __future__ import annotations

from procmine.quality.check import Check, Flaw, counted, graded, percent
from procmine.quality.context import Context

_MANY = 0.01
"""From one row in a hundred on, counts of cases and steps are visibly wrong."""
_HARMLESS = "neither begins nor ends a step"
"""Rows of a lifecycle that say that a step was planned or assigned are no lost steps."""


def rejected_rows(context: Context) -> list[Flaw]:
    """Count the rows that could not be used, as a share of the rows read.

    Rows without a case, an activity or a readable time; ``log.import_report.rejected`` lists them.
    """
    report = context.log.import_report
    if not report.rows_rejected:
        return []
    share = report.rows_rejected / max(report.rows_read, 1)
    kinds = report.by_reason()
    harmless = kinds["reason"].str.contains(_HARMLESS, regex=False)
    lost = int(kinds.loc[~harmless, "rows"].sum())
    column, why = str(kinds["column"].iloc[0]), str(kinds["reason"].iloc[0])
    where = f" (column '{column}')" if column else ""
    return [
        Flaw(
            graded(lost / max(report.rows_read, 1), high=_MANY, medium=0.0) if lost else "low",
            column,
            report.rows_rejected,
            share,
            f"{counted(report.rows_rejected, 'row')} of {report.rows_read:,} of the source ({percent(share)}) not "
            f"used, most of them because: {why}{where}.",
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
