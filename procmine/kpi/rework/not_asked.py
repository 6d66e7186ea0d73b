"""Steps that nobody asked for: the activities of a log that its procedure names nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.errors import ProcmineError
from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.costs.given import check_costs
from procmine.log import EventLog
from procmine.observe import durations, processing_time
from procmine.procedure.arguments import check_procedure

if TYPE_CHECKING:
    from procmine.kpi.costs.costs import Costs
    from procmine.procedure import Procedure


def steps_not_asked_for(
    log: EventLog, procedure: Procedure, *, costs: Costs | None = None
) -> pd.DataFrame:
    """List the activities that the procedure names nowhere, with the work that they take.

    Named are the activities with their aliases, and those of the flow, the closing and the events.
    Columns: ``activity, steps, cases, share`` (of all cases), ``processing_time`` (of the steps of
    which it is known), with ``costs`` also ``cost``, ``basis``; most steps first. An activity that
    is listed is not useless: nobody has yet said in the procedure what it is for.

    >>> from procmine.procedure import Procedure
    >>> procedure = Procedure(procedure="permit", flow=["Înregistrare cerere"])
    >>> steps_not_asked_for(log, procedure)[["activity", "steps", "cases"]].head(1)
                      activity  steps  cases
    0  Verificare documentație   2929   2064
    """
    check_procedure(procedure)
    other = ~_named(log, procedure)
    code = log.activity.codes
    rows = np.flatnonzero(other[code])
    size = len(other)
    steps, cases = kernels.rows_and_cases(log.case_codes[rows], code[rows], size)
    time = processing_time(log)[rows]
    known = time != NAT
    timed = np.bincount(code[rows[known]], minlength=size)
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, code[rows[known]], time[known])
    names = np.array(log.activity.names(), dtype=object)
    columns: dict[str, Any] = {
        "activity": pd.array(names, dtype="str"),
        "steps": steps,
        "cases": cases,
        "share": cases / max(log.n_cases, 1),
        "processing_time": durations(np.where(timed > 0, total, NAT)),
    }
    check_costs(costs, log)
    if costs is not None:
        columns["cost"] = _cost(log, rows, costs)
    columns["basis"] = pd.array(_basis(steps, timed, costs), dtype="str")
    found = pd.DataFrame(columns)[steps > 0]
    return found.sort_values(["steps", "activity"], ascending=[False, True], ignore_index=True)


def _named(log: EventLog, procedure: Procedure) -> Bools:
    """Tell of each activity of the log whether the procedure names it."""
    names = [one.name for one in procedure.activities]
    names += [name for part in procedure.flow for name in part.activities()]
    if not names:
        raise ProcmineError(
            f"the procedure {procedure.procedure!r} names no activities, so that none is beside it\n"
            "write activities: or flow: in its file"
        )
    names += [part.activity for part in procedure.closing]
    names += [name for source in procedure.events.values() for name in source.activities]
    named = np.zeros(len(log.activity.labels), dtype=np.bool_)
    named[procedure.codes(log, names)] = True
    return named


def _cost(log: EventLog, rows: Ints, costs: Costs) -> Any:
    found = costs.of_work(log, rows).cost
    known = ~np.isnan(found)
    code, size = log.activity.codes[rows[known]], len(log.activity.labels)
    some = np.bincount(code, minlength=size) > 0
    return np.where(some, np.bincount(code, found[known], size), np.nan)


def _basis(steps: Ints, timed: Ints, costs: Costs | None) -> list[str]:
    said = "not named in the procedure"
    money = "" if costs is None else f"; cost in {costs.currency}"
    return [
        said
        + money
        + ("" if known == n else f"; processing time known of {known:,} of {n:,} steps")
        for n, known in zip(steps.tolist(), timed.tolist(), strict=True)
    ]
