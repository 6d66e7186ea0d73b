"""What each cause of waiting costs, for every step, hand-off, unit or kind of case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine import kernels
from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.step_keys import keys_of_steps
from procmine.kpi.sums import sums
from procmine.kpi.waiting.split import CAUSES, Split
from procmine.observe import durations, processing_time


def by_key(found: Split, by: Sequence[str], basis: str) -> pd.DataFrame:
    """Return a row per key and cause: its time, share, steps and cases, and the efficiency that it would give back."""
    rows = np.flatnonzero(found.wait != NAT)
    keys, key = keys_of_steps(found.log, by, rows, found.enabled.by[rows])
    waits = _Waits(found, rows, key, len(keys))
    work = processing_time(found.log)[rows]
    both = (work != NAT) & (found.log.start is not None)
    processed, waited = int(work[both].sum()), int(waits.wait[both].sum())
    if found.log.suspended is not None:
        waited += int(found.log.suspended[rows][both].sum())  # what stands still is not worked at
    costs = [waits.cost(found.parts[cause][rows], both) for cause in CAUSES]
    time, known, counted, steps, cases = (
        np.stack(column, axis=1).ravel() for column in zip(*costs, strict=True)
    )
    whole = np.repeat(sums(key, waits.wait, len(keys)), len(CAUSES))
    table = keys.loc[keys.index.repeat(len(CAUSES))].reset_index(drop=True)
    names = pd.Index(list(CAUSES), dtype="str")
    table["cause"] = pd.Categorical.from_codes(
        np.tile(np.arange(len(CAUSES)), len(keys)), categories=names
    )
    table["time"] = durations(np.where(known >= 0, time, NAT))
    table["share"] = _ratio(time, known)
    table["known_share"] = _ratio(np.maximum(known, 0), whole)
    table["waiting_time"] = durations(whole)
    table["steps"], table["cases"] = steps, cases
    table["efficiency"] = processed / (processed + waited) if processed + waited else np.nan
    without = _ratio(np.full(len(counted), processed), processed + waited - counted)
    table["efficiency_without"] = np.where(known >= 0, without, np.nan)
    table["basis"] = pd.Series([basis] * len(table), dtype="str")
    return table


@dataclass(frozen=True, eq=False)
class _Waits:
    """The waits that are known, and the key of each."""

    found: Split
    rows: Ints
    key: Ints
    keys: int

    @property
    def wait(self) -> Ints:
        return self.found.wait[self.rows]

    def cost(self, part: Ints, both: Bools) -> tuple[Ints, Ints, Ints, Any, Any]:
        """Return, for every key, what one cause costs.

        That is its time, the waits of which it is known (-1 where it is of none), its time in steps of which the
        work is known too, and the steps and cases that have some of it.
        """
        known, some = part != NAT, part > 0
        time = np.where(known, part, 0)
        waits = sums(self.key, np.where(known, self.wait, 0), self.keys)
        any_known = np.bincount(self.key[known], minlength=self.keys) > 0
        counted = sums(self.key, np.where(both, time, 0), self.keys)
        case = self.found.log.case_codes[self.rows[some]]
        steps, cases = kernels.rows_and_cases(case, self.key[some], self.keys)
        total = sums(self.key, time, self.keys)
        return total, np.where(any_known, waits, -1), counted, steps, cases


def _ratio(part: Ints, whole: Ints) -> npt.NDArray[np.float64]:
    """Return part / whole, missing where the whole is not above 0."""
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1), np.nan)
