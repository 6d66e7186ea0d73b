"""Where findings are put down while a source is bound: notes, and rejected rows with their reasons."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from procmine.ingest.raw import RawTable, rejections
from procmine.kernels import Bools, Ints


@dataclass
class Desk:
    """Where findings are put down while a source is bound: notes, rejected rows, and which rows are out."""

    raw: RawTable
    notes: list[str]
    tables: list[pd.DataFrame]
    out: list[Bools] = field(default_factory=list)

    def reject(self, bad: Bools, column: str, reason: str) -> None:
        """Reject the rows of a mask, unless they were rejected before."""
        bad = bad & self.good(len(bad))
        if bad.any():
            self.out.append(bad)
            self.add(np.flatnonzero(bad), column, reason)

    def add(self, places: Ints, column: str, reason: str) -> None:
        """List rows by their place in the table as rejected, with the value as it was written."""
        values = self.raw.texts_at(column, places)
        rows = self.raw.rows[places].tolist()
        self.tables.append(
            rejections([(r, column, reason, v) for r, v in zip(rows, values, strict=True)])
        )

    def good(self, size: int) -> Bools:
        """Return the rows that are still in."""
        good = np.ones(size, dtype=np.bool_)
        for bad in self.out:
            good &= ~bad
        return good

    def rejected(self) -> pd.DataFrame:
        """Return all rejected rows, in the order of the source."""
        filled = [table for table in self.tables if len(table)]
        if not filled:
            return rejections([])
        return pd.concat(filled, ignore_index=True).sort_values(
            "row", kind="stable", ignore_index=True
        )
