"""The keys of tables that count steps: activities and units of the steps themselves, and attributes of their cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.errors import ProcmineError
from procmine.kernels import Bools, Floats, Ints
from procmine.kpi.keys import checked_keys, keys_of_cases
from procmine.log import Coded, EventLog
from procmine.observe import ObservedCases

PERSONS = ("resource", "source_resource")


@dataclass(frozen=True, eq=False)
class StepKeys:
    """The keys that occur, sorted, and the key of every step, as a place among them."""

    table: pd.DataFrame
    of_step: Ints
    whole_cases: bool
    """Whether all steps of a case have one key."""

    def __len__(self) -> int:
        return len(self.table)

    def count(self, rows: Ints) -> Ints:
        """Count steps by key."""
        if len(self) == 1:
            return np.array([len(rows)])
        return np.bincount(self.of_step[rows], minlength=len(self))

    def total(self, rows: Ints, values: Ints) -> Ints:
        """Add up whole values of steps by key, exactly."""
        if float(self.sum(rows, np.abs(values)).max(initial=0)) >= 2.0**62:
            raise OverflowError("a total of more than 2**62 does not fit in 64 bits")
        if len(self) == 1:
            return np.array([values.sum()])
        found = np.zeros(len(self), dtype=np.int64)
        np.add.at(found, self.of_step[rows], values)
        return found

    def sum(self, rows: Ints, values: Floats | Ints) -> Floats:
        """Add up values of steps by key."""
        if len(self) == 1:
            return np.array([values.sum(dtype=np.float64)])
        return np.bincount(self.of_step[rows], values, len(self)).astype(np.float64)

    def cases(self, log: EventLog, rows: Ints) -> Ints:
        """Count the distinct cases of steps by key; the steps stand in the order of the log."""
        if len(self) == 1:
            return np.array([len(kernels.run_starts(log.case_codes[rows]))])
        _, cases = kernels.rows_and_cases(log.case_codes[rows], self.of_step[rows], len(self))
        return cases

    def cases_of(self, log: EventLog, chosen: Bools | None = None) -> Ints:
        """Count by key the cases, all or some of them, that have a step of it."""
        if self.whole_cases:
            firsts = log.offsets[:-1] if chosen is None else log.offsets[:-1][chosen]
            return self.count(firsts)
        if chosen is None:
            return self.cases(log, np.arange(log.n_steps))
        return self.cases(log, np.flatnonzero(chosen[log.case_codes]))


def step_keys(
    log: EventLog,
    by: str | Sequence[str],
    seen: ObservedCases,
    *,
    own: Mapping[str, Coded],
    taken: Collection[str],
    table: str,
) -> StepKeys:
    """Return the keys of all steps: ``own`` are labels of steps by name, other names are attributes of the case."""
    _refuse_persons(log, [by] if isinstance(by, str) else list(by))
    names = checked_keys(by, taken, table)
    of_case = [name for name in names if name not in own]
    columns, codes = keys_of_cases(log, of_case, seen, np.ones(log.n_cases, dtype=np.bool_))
    parts = {name: own[name] for name in names if name in own}
    if not parts:
        table_of_cases = columns if names else pd.DataFrame(index=range(1))
        return StepKeys(table_of_cases, np.repeat(codes, np.diff(log.offsets)), whole_cases=True)
    code, size = np.repeat(codes, np.diff(log.offsets)), max(len(columns), 1)
    for part in parts.values():
        code = code * (len(part.labels) + 1) + part.codes + 1
        size *= len(part.labels) + 1
    used, of_step = dense(code, size)
    found, left = {}, used
    for name, part in reversed(parts.items()):
        left, label = np.divmod(left, len(part.labels) + 1)
        found[name] = _texts(part, label - 1)
    for name in of_case:
        found[name] = columns[name].take(left).reset_index(drop=True)
    return _sorted(pd.DataFrame(found)[names], of_step)


def own_labels(log: EventLog, labels: Mapping[str, Coded | None]) -> dict[str, Coded]:
    """Return labels of steps by name, and by the name that their column has in the export."""
    own = {name: column for name, column in labels.items() if column is not None}
    bound = {getattr(log.binding, name): column for name, column in own.items()}
    return own | {str(name): column for name, column in bound.items() if name is not None}


def _refuse_persons(log: EventLog, names: list[str]) -> None:
    for name in names:
        if name in PERSONS or (log.resource is not None and name == log.binding.resource):
            raise ProcmineError(
                f"by={name!r}: there are no figures on persons\ngive by='unit', or an attribute of the case"
            )


def dense(code: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the codes that occur, all below ``size``, sorted, and the place of each code among them.

    >>> dense(np.array([5, 2, 5]), 8)
    (array([2, 5]), array([1, 0, 1]))
    """
    if size > 1 << 22:
        used, place = np.unique(code, return_inverse=True)
        return used, place.astype(np.int64)
    used = np.flatnonzero(np.bincount(code, minlength=size))
    place = np.zeros(size, dtype=np.int64)
    place[used] = np.arange(len(used))
    return used, place[code]


def _sorted(keys: pd.DataFrame, of_step: Ints) -> StepKeys:
    """Bring the keys into the order of their labels, missing ones last."""
    ordered = keys.sort_values(list(keys.columns), kind="stable")
    place = np.empty(len(keys), dtype=np.int64)
    place[ordered.index.to_numpy()] = np.arange(len(keys))
    return StepKeys(ordered.reset_index(drop=True), place[of_step], whole_cases=False)


def _texts(part: Coded, codes: Ints) -> pd.Series:
    labels = np.array([*part.names(), None], dtype=object)
    return pd.Series(labels[codes], dtype="str")
