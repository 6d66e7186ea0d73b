"""The tables of the page: columns with a heading and a kind, cells with a text and what they sort by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from procmine.report import readable


@dataclass(frozen=True)
class Column:
    """A column of a table: where it comes from, its heading, and the kind of what it holds.

    Kinds: ``text``, ``short`` (text on one line), ``name`` (the text that heads its row), ``variant``,
    ``count``, ``share``, ``duration``, ``days`` (a float number of days). ``help`` says what the heading means.
    """

    source: str
    title: str
    kind: str = "text"
    help: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the cells stand to the right and sort by value."""
        return self.kind not in ("text", "short", "name", "variant")


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and the number by which the column sorts (empty for text, "" where missing)."""

    text: str
    key: str | None = None
    brief: str = ""
    """A shorter form of a long text, which is then shown on demand."""


@dataclass(frozen=True)
class HtmlTable:
    """A table as the page shows it; ``more`` says what is not shown of it, and where to find it."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    more: str = ""

    @property
    def is_long(self) -> bool:
        """Whether the table scrolls in a frame of its own on a screen, its headings staying in sight."""
        lines = (len(cell.brief or cell.text) // 60 for row in self.rows for cell in row)
        return len(self.rows) + sum(lines) > 26


def html_table(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    name: str,
    caption: str,
    most: int | None = None,
    file: str = "",
    what: str = "rows",
) -> HtmlTable:
    """Lay out the first rows of a frame, and say how many more the file holds."""
    shown = frame if most is None else frame.head(most)
    rows = zip(*(_cells(shown[column.source], column.kind) for column in columns), strict=True)
    more = ""
    if len(shown) < len(frame):
        more = f"The first {len(shown):,} of {len(frame):,} {what}; all of them are in {file}."
    return HtmlTable(name, caption, columns, list(rows), more)


def _cells(values: pd.Series, kind: str) -> list[Cell]:
    if kind in ("text", "short", "name"):
        return [Cell(readable.NOT_KNOWN if pd.isna(v) else str(v)) for v in values]
    if kind == "variant":
        return [_variant_cell(str(v)) for v in values]
    write, key = _NUMBERS[kind]
    return [Cell(write(v), "" if pd.isna(v) else key(v)) for v in values]


def _variant_cell(text: str) -> Cell:
    """Cut a long variant to its first and last activities."""
    activities = text.split(" → ")
    if len(activities) <= 14 and len(text) <= 400:
        return Cell(text)
    ends = [*activities[:5], f"… {len(activities) - 7:,} more …", *activities[-2:]]
    return Cell(text, brief=" → ".join(ends) if len(activities) > 8 else readable.cut(text, 200))


def _seconds(value: Any) -> str:
    return repr(pd.Timedelta(value).total_seconds())


def _number(value: Any) -> str:
    return repr(float(value))


_NUMBERS: dict[str, tuple[Callable[[Any], str], Callable[[Any], str]]] = {
    "count": (readable.count, _number),
    "share": (readable.share, _number),
    "duration": (readable.duration, _seconds),
    "days": (readable.days, _number),
}
