"""The import report: every row of the source is accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from procmine.ingest.findings import Finding
from procmine.ingest.raw import rejections


def reason_text(reason: str, column: str) -> str:
    """Return why a row is rejected, with the column where one is to blame.

    >>> reason_text("no case", "Nr. dosar")
    "no case in column 'Nr. dosar'"
    """
    return f"{reason} in column {column!r}" if column else reason


@dataclass(frozen=True, eq=False)
class ImportReport:
    """What became of the rows of a source: ``rows_read = rows_bound + rows_rejected``.

    ``rejected`` has one row per rejected row: ``row`` of the source, ``column, reason``, the raw
    ``value``, and ``sheet`` where the source is a workbook of several. Where each row of the source
    was a case with a date per milestone, it is the dates that are counted (``counted="dates"``),
    and the rows without any. ``notes`` are odd but usable findings with their counts, ``findings``
    those that can be counted, with their first rows; ``reasons`` says why each column was proposed,
    where it was.
    """

    source: str
    sha256: str
    rows_read: int
    rows_bound: int
    rejected: pd.DataFrame = field(default_factory=lambda: rejections([]))
    notes: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    counted: str = "rows"

    @property
    def rows_rejected(self) -> int:
        """The number of rows of the source that are in no step."""
        return len(self.rejected)

    def by_reason(self) -> pd.DataFrame:
        """Return the rejected rows by column and reason: ``column, reason, rows, first_row, example``.

        Where in the file a value stands is part of the reason of its row, and left out here.
        """
        kind = self.rejected["reason"].str.replace(r" \(line \d[^()]*\)$", "", regex=True)
        groups = self.rejected.assign(reason=kind).groupby(["column", "reason"], sort=False)
        table = groups.agg(
            rows=("row", "size"), first_row=("row", "min"), example=("value", "first")
        )
        return table.reset_index().sort_values(
            ["rows", "column"], ascending=[False, True], ignore_index=True
        )

    def __repr__(self) -> str:
        lines = [
            f"{self.source}: {self.rows_read:,} {self.counted} read = "
            f"{self.rows_bound:,} bound + {self.rows_rejected:,} rejected"
        ]
        for item in self.by_reason().itertuples():
            lines.append(
                f"  {item.rows:,} rejected: {reason_text(str(item.reason), str(item.column))}, "
                f"first in row {item.first_row}"
            )
        lines += [f"  {note}" for note in self.notes]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from procmine import card

        return card.import_card(self)
