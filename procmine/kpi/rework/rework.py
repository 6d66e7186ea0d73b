"""Rework: steps that are done again, go back or come back, what they add, and cases right the first time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.kernels import NAT, Bools
from procmine.kpi.costs.given import check_costs
from procmine.kpi.rework.closing import UNKNOWN, closed_by
from procmine.kpi.rework.keys import StepKeys, own_labels, step_keys
from procmine.kpi.rework.kinds import FIRST_TIME_RIGHT, WITHOUT_REWORK, Kind, Rework
from procmine.kpi.rework.requests import completion_requests
from procmine.kpi.rework.table import COLUMNS, Cells, RowOfKind, laid_out
from procmine.log import EventLog
from procmine.observe import observed_cases

if TYPE_CHECKING:
    from procmine.kpi.costs.costs import Costs
    from procmine.procedure import Procedure


def rework(
    log: EventLog,
    procedure: Procedure | None = None,
    *,
    by: str | Sequence[str] = (),
    costs: Costs | None = None,
) -> pd.DataFrame:
    """Count the steps that are rework, and the time, the days and the money that they add.

    ``self_loop, repetition``  a step of the activity directly before, or of an earlier one, by the
                               ``same`` or an ``other`` resource than that time
    ``return``                 a step back in the flow of the procedure
    ``reopened``               the steps after a case was closed and went on
    ``ping_pong``              a step with which work comes back to a unit from the next one
    ``completion_request``     a step that asks the applicant to complete the application
    ``rework``                 a self-loop, a repetition or a return, each step once
    ``without_rework``         closed cases without such a step
    ``first_time_right``       closed cases without a completion request

    Columns: ``key…, kind, resource, steps, cases, share`` (of the ``n`` cases of the key, for the
    last two kinds of its closed ones), ``n, foreseen`` (steps that the flow marks as repeatable),
    ``extra_time`` (their processing time), ``extra_days`` (elapsed days that they added, of a case
    never more than its cycle time), with ``costs`` also ``cost`` and ``delay_cost``, then ``basis``.
    Definitions are in docs/rework.md. What cannot be counted is missing, and the basis says why.

    ``by`` takes ``activity`` and ``unit`` (of the step; the last two kinds, which are of whole cases,
    have no rows then) and attributes of the case; persons are compared, also where they are
    anonymous, and never shown.

    >>> rework(log).query("kind == 'rework'")[["steps", "cases", "n"]]
       steps  cases     n
    8   1313    755  2068
    """
    return rework_table(log, procedure, by=by, costs=costs)


def rework_table(
    log: EventLog,
    procedure: Procedure | None = None,
    *,
    by: str | Sequence[str] = (),
    costs: Costs | None = None,
    foreseen: bool = True,
) -> pd.DataFrame:
    """Return the table of :func:`rework`; without ``foreseen``, what the flow marks as repeatable is no rework."""
    closed = closed_by(log, procedure)
    found = Rework(log, procedure, closed, completion_requests(log, procedure))
    keys = step_keys(
        log,
        by,
        observed_cases(log),
        own=own_labels(log, {"activity": log.activity, "unit": log.unit}),
        taken=COLUMNS,
        table="table of rework",
    )
    check_costs(costs, log)
    cells = Cells(log, keys, procedure, costs)
    kinds = found.kinds()
    if not foreseen:
        kinds = [cells.unforeseen(kind) for kind in kinds]
    rows = [cells.of_steps(kind, found.requests) for kind in kinds]
    if keys.whole_cases:
        rows += _of_cases(found, keys, kinds)
    return laid_out(keys, rows, costs=costs is not None)


def _of_cases(found: Rework, keys: StepKeys, kinds: Sequence[Kind]) -> Iterator[RowOfKind]:
    """Return the kinds that count closed cases."""
    (again,) = (kind for kind in kinds if kind.name == "rework")
    touched = None
    if again.steps is not None:
        touched = np.zeros(found.log.n_cases, dtype=np.bool_)
        touched[found.log.case_codes[again.steps.rows]] = True
    yield _closed_without(found, keys, WITHOUT_REWORK, touched, again.basis)
    asked = found.requests
    if isinstance(asked, str):
        yield _closed_without(found, keys, FIRST_TIME_RIGHT, None, asked)
    else:
        yield _closed_without(found, keys, FIRST_TIME_RIGHT, asked.cases, asked.basis)


def _closed_without(
    found: Rework, keys: StepKeys, name: str, touched: Bools | None, basis: str
) -> RowOfKind:
    """Return the closed cases that something did not touch; missing where one of the two is not known."""
    if found.closed.at is None:
        return RowOfKind(name, None, None, UNKNOWN)
    closed = found.closed.at != NAT
    n = keys.cases_of(found.log, closed)
    if touched is None:
        return RowOfKind(name, None, n, basis)
    cases = keys.cases_of(found.log, closed & ~touched)
    return RowOfKind(name, None, n, f"closed cases without {basis}", cases=cases)
