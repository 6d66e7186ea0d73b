"""Missing values: persons, units and times of steps, and attributes where they are usually given."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from procmine.checks.check import Check, Flaw, first_steps, graded, percent
from procmine.checks.context import Context
from procmine.kernels import NAT, Bools

USUAL = 0.5
"""An attribute is expected of an activity (or of cases) when at least half of its steps (of the cases) have it."""
_MEDIUM = {"resource": 0.05, "unit": 0.05, "start": 0.01, "end": 0.05}
"""From these shares on, the measures named by the check are doubtful for more than a few cases."""
_SUFFERS = {
    "resource": "handovers, workload, rework by the same or another person: steps without a person are left out",
    "unit": "results by unit, handovers: steps without a unit are left out",
    "start": "processing_time, waiting_time: missing for these steps and for their cases",
    "end": "processing_time: missing for these steps; cycle_time: may end too early",
}


def missing_values(context: Context) -> list[Flaw]:
    """Count steps without resource, unit, start or end, and attributes missing where they are usual.

    A step attribute is expected of the activities that have it in at least half of their steps, a
    case attribute where at least half of the cases have it; only expected values are missing.
    *Missing values* in Bose, Mans and van der Aalst, "Wanna improve process mining results?" (2013).
    """
    return [*_of_steps(context), *_step_attributes(context), *_case_attributes(context)]


def _of_steps(context: Context) -> list[Flaw]:
    log = context.log
    columns: dict[str, tuple[npt.NDArray[np.integer], int]] = {}
    for role, coded in (("resource", log.resource), ("unit", log.unit)):
        if coded is not None:
            columns[role] = coded.codes, -1
    if log.start is not None:
        columns |= {"start": (log.start, NAT), "end": (log.end, NAT)}
    return [
        _role(context, role, values == missing)
        for role, (values, missing) in columns.items()
        if int(values.min()) == missing  # which is the least that there is
    ]


def _role(context: Context, role: str, mask: Bools) -> Flaw:
    count = int(np.count_nonzero(mask))
    share = count / len(mask)
    what = {"resource": "resource (person)", "unit": "unit"}.get(role, f"{role} time")
    return Flaw(
        graded(share, medium=_MEDIUM[role]),
        context.column(role),
        count,
        share,
        f"{count:,} of {len(mask):,} steps ({percent(share)}) have no {what}.",
        f"Ask whether the export can fill it, or name another column with {role}= in pm.read.",
        first_steps(mask),
        _SUFFERS[role],
    )


def _step_attributes(context: Context) -> list[Flaw]:
    log, flaws = context.log, []
    for name in log.step_attributes.column_names:
        column = log.step_attributes[name]
        if not 0 < column.null_count < len(column):
            continue
        null = _nulls(column)
        absent = np.bincount(log.activity.codes[null], minlength=len(log.activity.labels))
        expected = absent <= context.per_activity * (1 - USUAL)
        count = int(absent[expected].sum())
        if count:
            steps = first_steps(null & expected[log.activity.codes])
            among = int(context.per_activity[expected].sum())
            flaws.append(
                _attribute(name, count, among, "steps of the activities that have it", steps)
            )
    return flaws


def _case_attributes(context: Context) -> list[Flaw]:
    log, flaws = context.log, []
    for name in log.case_attributes.column_names:
        column = log.case_attributes[name]
        if 0 < column.null_count <= len(column) * (1 - USUAL):
            steps = log.offsets[:-1][first_steps(_nulls(column))]
            flaws.append(_attribute(name, column.null_count, len(column), "cases", steps))
    return flaws


def _attribute(name: str, count: int, among: int, of: str, steps: npt.NDArray[np.integer]) -> Flaw:
    share = count / among
    return Flaw(
        graded(share, medium=0.2),
        name,
        count,
        share,
        f"'{name}' is missing in {count:,} of {among:,} {of} ({percent(share)}).",
        f"Compare only what has it, or ask for the missing values of '{name}'.",
        steps,
        f"results by '{name}': what has no value is in no group",
    )


def _nulls(column: pa.ChunkedArray) -> Bools:
    return np.asarray(pc.is_null(column), dtype=np.bool_)


MISSING = Check(
    "missing_values",
    "Steps without resource, unit, start or end, and attributes missing where at least half of the steps of an "
    "activity (or of the cases) have them.",
    "the measures that need the column",
    missing_values,
)
