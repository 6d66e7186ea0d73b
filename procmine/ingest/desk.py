"""Where findings are put down while a source is bound: notes, and rejected rows with their reasons."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from procmine.ingest.findings import Finding
from procmine.ingest.raw import RawTable, rejections
from procmine.kernels import Bools, Ints

_FIRST = 5
"""So many rows are named as examples."""


@dataclass
class Desk:
    """Where findings are put down while a source is bound: notes, rejected rows, and which rows are out."""

    raw: RawTable
    notes: list[str]
    tables: list[pd.DataFrame]
    out: list[Bools] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, raw: RawTable) -> Desk:
        """Return a desk on which lies what the reader of the source has found."""
        return cls(raw, list(raw.notes), [raw.rejected], findings=list(raw.findings))

    def find(self, kind: str, column: str, where: Bools, text: str) -> None:
        """Put down what was found in the rows of a mask, if any; in ``text`` their number stands for ``{count}``."""
        if where.any():
            rows = self.raw.rows[np.flatnonzero(where)[:_FIRST]].tolist()
            count = int(where.sum())
            said = f"{column}: {text.replace('{count}', f'{count:,}')}"
            self.findings.append(Finding(kind, column, count, tuple(rows), said))
            self.notes.append(said)

    def reject(self, bad: Bools, column: str, reason: str) -> None:
        """Reject the rows of a mask, unless they were rejected before."""
        bad = bad & self.good(len(bad))
        if bad.any():
            self.out.append(bad)
            self.add(np.flatnonzero(bad), column, reason)

    def add(self, places: Ints, column: str, reason: str) -> None:
        """List rows by their place in the table as rejected, with the value as it was written."""
        values = self.raw.texts_at(column, places)
        self.tables.append(self.raw.rejected_at(places, column, reason, values))

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
        by = ["sheet", "row"] if self.raw.sheet is not None else ["row"]
        return pd.concat(filled, ignore_index=True).sort_values(
            by, kind="stable", ignore_index=True
        )
