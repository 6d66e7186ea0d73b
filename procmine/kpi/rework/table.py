"""The table of rework: for every kind its steps, cases, time, days and costs by key, laid out a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.kernels import DAY, NAT, Floats, Ints
from procmine.kpi.rework.days import Marked
from procmine.kpi.rework.keys import StepKeys
from procmine.kpi.rework.kinds import Kind
from procmine.kpi.rework.requests import Requests
from procmine.kpi.rework.returns import repeatable
from procmine.log import EventLog
from procmine.observe import processing_time

if TYPE_CHECKING:
    from procmine.kpi.costs.costs import Costs
    from procmine.procedure import Procedure

OF_COSTS = ("cost", "delay_cost")
COLUMNS = (
    *("kind", "resource", "steps", "cases", "share", "n", "foreseen"),
    *("extra_time", "extra_days", *OF_COSTS, "basis"),
)
AGAIN = ("self_loop", "repetition", "return", "rework")
"""The kinds of which a procedure may foresee steps."""
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class RowOfKind:
    """The figures of one kind, one value for each key; None where the kind has none of them."""

    kind: str
    by: str | None
    n: Ints | None
    basis: str | Texts
    steps: Ints | None = None
    cases: Ints | None = None
    foreseen: Ints | None = None
    extra_time: Ints | None = None
    extra_days: Floats | None = None
    cost: Floats | None = None
    delay_cost: Floats | None = None


@dataclass(frozen=True, eq=False)
class Cells:
    """A log with the keys by which its steps are counted, and what prices and marks them."""

    log: EventLog
    keys: StepKeys
    procedure: Procedure | None
    costs: Costs | None

    @cached_property
    def n(self) -> Ints:
        """The cases of every key."""
        return self.keys.cases_of(self.log)

    def of_steps(self, kind: Kind, requests: Requests | str) -> RowOfKind:
        """Return the figures of a kind that counts steps."""
        if kind.steps is None:
            return RowOfKind(kind.name, kind.by, self.n, kind.basis)
        rows, keys = kind.steps.rows, self.keys
        steps, lost = keys.count(rows), keys.total(rows, kind.steps.lost)
        cases = keys.cases(self.log, rows)
        if kind.name == "completion_request" and keys.whole_cases:
            assert not isinstance(requests, str)
            cases = keys.cases_of(self.log, requests.cases)
        time, timed = self._time(rows, steps)
        cost, priced, told = self._cost(rows, steps)
        return RowOfKind(
            kind.name,
            kind.by,
            self.n,
            _basis(kind.basis, steps, timed, priced, told),
            steps,
            cases,
            self._foreseen(rows) if kind.name in AGAIN else None,
            time,
            lost / DAY,
            cost,
            None if self.costs is None else self.costs.of_delay(lost),
        )

    def unforeseen(self, kind: Kind) -> Kind:
        """Return a kind without the steps that the procedure foresees."""
        if kind.steps is None or kind.name not in AGAIN:
            return kind
        if self.procedure is None or not self.procedure.flow:
            return kind
        left = ~self._repeatable[self.log.activity.codes[kind.steps.rows]]
        return replace(kind, steps=Marked(kind.steps.rows[left], kind.steps.lost[left]))

    def _time(self, rows: Ints, steps: Ints) -> tuple[Ints, Ints]:
        """Return the processing time by key, missing where that of no step is known, and of how many it is."""
        time = self._processing_time[rows]
        known = rows[time != NAT]
        timed = self.keys.count(known)
        total = self.keys.total(known, time[time != NAT])
        return np.where((timed > 0) | (steps == 0), total, NAT), timed

    @cached_property
    def _processing_time(self) -> Ints:
        return processing_time(self.log)

    def _cost(self, rows: Ints, steps: Ints) -> tuple[Floats | None, Ints | None, str]:
        """Return what the work cost by key, and of how many steps the hours are in it."""
        if self.costs is None:
            return None, None, ""
        found = self.costs.of_work(self.log, rows)
        known = ~np.isnan(found.cost)
        total = self.keys.sum(rows[known], found.cost[known])
        some = (self.keys.count(rows[known]) > 0) | (steps == 0)
        priced = self.keys.count(rows[~found.hours_unknown])
        return np.where(some, total, np.nan), priced, f"cost in {self.costs.currency}"

    def _foreseen(self, rows: Ints) -> Ints | None:
        if self.procedure is None or not self.procedure.flow:
            return None
        marked = self._repeatable[self.log.activity.codes[rows]]
        return self.keys.count(rows[marked])

    @cached_property
    def _repeatable(self) -> npt.NDArray[np.bool_]:
        assert self.procedure is not None
        return repeatable(self.log, self.procedure)


def _basis(basis: str, steps: Ints, timed: Ints, priced: Ints | None, told: str) -> Texts:
    """Say of every key of how many steps the processing time is known, and the hours are priced."""
    found = np.full(len(steps), "; ".join(filter(None, (basis, told))), dtype=object)
    for place in np.flatnonzero(timed < steps):
        found[place] += f"; processing time known of {timed[place]:,} of {steps[place]:,} steps"
    if priced is not None:
        for place in np.flatnonzero(priced < steps):
            found[place] += (
                f"; cost of the hours known of {priced[place]:,} of {steps[place]:,} steps"
            )
    return found


def laid_out(keys: StepKeys, rows: Sequence[RowOfKind], *, costs: bool) -> pd.DataFrame:
    """Lay the kinds out long: the keys in their order, and for each of them the kinds."""
    table = keys.table.loc[np.repeat(keys.table.index, len(rows))].reset_index(drop=True)
    texts = {name: [getattr(row, name) for row in rows] for name in ("kind", "by")}
    columns: dict[str, Any] = {
        "kind": pd.array(texts["kind"] * len(keys), dtype="str"),
        "resource": pd.array(texts["by"] * len(keys), dtype="str"),
    }
    for name in ("steps", "cases", "n", "foreseen"):
        columns[name] = _whole(_each(keys, [getattr(row, name) for row in rows], NAT))
    columns["share"] = columns["cases"].astype("Float64") / columns["n"].astype("Float64")
    columns["share"] = columns["share"].to_numpy(dtype=np.float64, na_value=np.nan)
    times = _each(keys, [row.extra_time for row in rows], NAT).astype(np.int64)
    columns["extra_time"] = times.view("timedelta64[us]")
    for name in ("extra_days", *OF_COSTS):
        columns[name] = _each(keys, [getattr(row, name) for row in rows], np.nan)
    columns["basis"] = pd.array(_each(keys, [row.basis for row in rows], None), dtype="str")
    wanted = [name for name in COLUMNS if costs or name not in OF_COSTS]
    return pd.concat([table, pd.DataFrame(columns)[wanted]], axis=1)


def _each(keys: StepKeys, values: Sequence[Any], missing: Any) -> Any:
    """Return the values of the kinds key by key."""
    filled = [np.full(len(keys), missing) if v is None else v for v in values]
    filled = [np.full(len(keys), v, dtype=object) if isinstance(v, str) else v for v in filled]
    return np.column_stack(filled).ravel()


def _whole(values: Ints) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(np.where(values == NAT, 0, values), values == NAT)
