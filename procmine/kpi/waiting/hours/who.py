"""Whose hours count for a step: its resource, else its unit, else everybody; one code for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.kernels import Codes, Ints
from procmine.log import Coded, EventLog


@dataclass(frozen=True)
class Whos:
    """How many codes of 'who' there are: the resources first, then the units, then everybody."""

    resources: int
    units: int

    @classmethod
    def of(cls, log: EventLog) -> Whos:
        """Count the resources and the units of a log."""
        return cls(
            *(0 if coded is None else len(coded.labels) for coded in (log.resource, log.unit))
        )

    @property
    def everybody(self) -> int:
        """The code of everybody, the last."""
        return self.resources + self.units

    def __len__(self) -> int:
        return self.everybody + 1


def who_of_steps(log: EventLog) -> Ints:
    """Return whose hours count for each step: its resource, else its unit, else everybody."""
    whos = Whos.of(log)
    who = np.full(log.n_steps, whos.everybody)
    for coded, first in ((log.unit, whos.resources), (log.resource, 0)):
        if coded is not None:
            who = np.where(coded.codes >= 0, coded.codes + np.int64(first), who)
    return who


def unit_of_resources(log: EventLog) -> Codes:
    """Return the unit in which each resource has most steps, at equality the first by name; -1 where it has none."""
    if log.resource is None:
        return np.zeros(0, dtype=np.int32)
    units = np.full(len(log.resource.labels), -1, dtype=np.int32)
    if log.unit is None:
        return units
    known = (log.resource.codes >= 0) & (log.unit.codes >= 0)
    by_name, rank = _ranks(log.unit)
    pairs = log.resource.codes[known] * np.int64(len(by_name)) + rank[log.unit.codes[known]]
    found, steps = np.unique(pairs, return_counts=True)
    resource, unit = np.divmod(found, max(len(by_name), 1))
    order = np.lexsort((unit, -steps, resource))
    first = order[np.unique(resource[order], return_index=True)[1]]
    units[resource[first]] = by_name[unit[first]]
    return units


def _ranks(coded: Coded) -> tuple[Codes, Codes]:
    """Return the codes in the order of their labels, and the place of each code in it."""
    names = coded.names()
    by_name = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int32)
    rank = np.empty_like(by_name)
    rank[by_name] = np.arange(len(by_name), dtype=np.int32)
    return by_name, rank
