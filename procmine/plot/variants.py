"""The variant explorer: the most frequent ways through the process, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from procmine.observe import VARIANT_ARROW
from procmine.plot.pen import Pen, canvas
from procmine.plot.style import LINE, SOFT, axes_for, colours, ink_on, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.text import cut, extent, short_codes
from procmine.plot.units import human_count, human_share, human_time

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("variant", "cases", "share", "cumulative_share", "median_cycle_time", "steps")
HEADS = ("cases", "share", "cumulative\nshare", "median\ncycle time")
MARGIN, ROW, HEAD, BLOCK, NOTCH = 12.0, 21.0, 30.0, 15.0, 5.0
SIZE, CODE_SIZE, KEY_ROW = 8.0, 7.0, 14.0
NUMBERS, BETWEEN = 20.0, 16.0  # the width of the row numbers, and between the columns of figures
LONGEST, LAST = 16, 3  # blocks in a row at most; of a longer variant the last steps are shown


@dataclass(frozen=True)
class Row:
    """One variant: its steps (a number stands for that many left out) and its figures as text."""

    steps: tuple[str | int, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The rows, the code of every activity shown, and the widths of blocks and columns."""

    rows: tuple[Row, ...]
    codes: Mapping[str, str]
    block: float
    columns: tuple[float, ...]
    key: float

    @property
    def blocks(self) -> float:
        """The width of the longest row of blocks."""
        return self.block * max(len(row.steps) for row in self.rows)

    @property
    def width(self) -> float:
        """The width of the whole."""
        return max(NUMBERS + self.blocks + sum(self.columns), self.key) + 2 * MARGIN

    @property
    def keys_across(self) -> int:
        """How many entries of the key stand side by side."""
        return max(int((self.width - 2 * MARGIN) // self.key), 1)


def plot_variants(variants: pd.DataFrame, *, most: int = 12, ax: Axes | None = None) -> Axes:
    """Draw the most frequent variants: a row each, a block per step, and their share of the cases.

    A block carries the short code of its activity, which the key below spells out; the most
    frequent activities shown have colours, the others are grey. The cumulative share adds up from
    the top. Of a variant with more than 16 steps the middle is left out ("+12"). Without `ax` the
    figure is as large as needed; on axes given, everything is scaled to fit them.

    >>> import procmine as pm
    >>> ax = plot_variants(pm.variants(log), most=5)
    """
    table = expect(variants, COLUMNS, plot="plot_variants", maker="pm.variants(log)")
    with style():
        if not len(table) or most < 1:
            return nothing_to_draw(axes_for(ax, 4, 2), f"{min(len(table), most)} variants")
        sheet = _sheet(table.head(most))
        return _drawn(sheet, _caption(table, most), ax)


def _sheet(table: pd.DataFrame) -> Sheet:
    """Turn the table into words and measure them."""
    numbers = zip(
        *(table[name] for name in ("cases", "share", "cumulative_share", "median_cycle_time")),
        strict=True,
    )
    figures = [
        (human_count(n), human_share(a), human_share(b), human_time(time))
        for n, a, b, time in numbers
    ]
    ways = [_activities(*way) for way in zip(table["variant"], table["steps"], strict=True)]
    rows = tuple(Row(_elided(way), said) for way, said in zip(ways, figures, strict=True))
    weight: Counter[str] = Counter()
    for row, cases in zip(rows, table["cases"], strict=True):
        weight.update({step: cases for step in row.steps if isinstance(step, str)})
    codes = short_codes(name for name, _ in weight.most_common())
    block = max(extent(text, CODE_SIZE)[0] for text in [*codes.values(), "+00"]) + NOTCH + 8
    columns = tuple(
        max(extent(t, SIZE)[0] for t in column) + BETWEEN
        for column in zip(HEADS, *figures, strict=True)
    )
    return Sheet(
        rows, codes, block, columns, block + max(extent(cut(name), SIZE)[0] for name in codes) + 20
    )


def _activities(variant: str, steps: int) -> list[str]:
    """Split a variant into its activities; one whose names hold the arrow stays in one piece."""
    names = variant.split(VARIANT_ARROW)
    return names if len(names) == steps else [variant]


def _elided(names: Sequence[str]) -> tuple[str | int, ...]:
    """Leave out the middle of a long variant."""
    if len(names) <= LONGEST:
        return tuple(names)
    first = LONGEST - LAST - 1
    return (*names[:first], len(names) - first - LAST, *names[-LAST:])


def _caption(table: pd.DataFrame, most: int) -> str:
    """Say what is shown of what there is."""
    shown = table.head(most)
    covered = human_share(float(shown["cumulative_share"].iloc[-1]))
    return f"{len(shown):,} of {len(table):,} variants; together {covered} of the cases"


def _drawn(sheet: Sheet, caption: str, ax: Axes | None) -> Axes:
    """Draw the rows, the figures at their right, the key, and the caption."""
    top = MARGIN + HEAD
    key_top = top + ROW * len(sheet.rows) + 12
    height = key_top + KEY_ROW * -(-len(sheet.codes) // sheet.keys_across) + 18 + MARGIN
    pen = Pen(*canvas(sheet.width, height, ax), 0.0, 0.0)
    fills = colours(sheet.codes)
    for i, row in enumerate(sheet.rows):
        y = top + (i + 0.5) * ROW
        pen.write((MARGIN + NUMBERS - 8, y), f"{i + 1}", SIZE, ha="right", color=SOFT)
        for j, step in enumerate(row.steps):
            _draw_step(pen, (MARGIN + NUMBERS + j * sheet.block, y), step, sheet, fills)
        _draw_figures(pen, y, row.figures, sheet)
    _draw_figures(pen, MARGIN + HEAD / 2, HEADS, sheet, color=SOFT)
    _draw_key(pen, key_top, sheet, fills)
    pen.write(
        (MARGIN, height - MARGIN), caption, 7.0, ha="left", va="bottom", color=SOFT, gid="caption"
    )
    return pen.ax


def _draw_step(
    pen: Pen, left: tuple[float, float], step: str | int, sheet: Sheet, fills: Mapping[str, str]
) -> None:
    """Draw one step as an arrow-shaped block, or a white one that says how many are left out."""
    from matplotlib.patches import Polygon

    (x, y), half, right = left, BLOCK / 2, left[0] + sheet.block
    shoulder = right - NOTCH
    corners = [
        (x, y - half),
        (shoulder, y - half),
        (right, y),
        (shoulder, y + half),
        (x, y + half),
        (x + NOTCH, y),
    ]
    fill = fills[step] if isinstance(step, str) else "#ffffff"
    edge = "#ffffff" if isinstance(step, str) else LINE
    pen.ax.add_patch(
        Polygon(corners, closed=True, facecolor=fill, edgecolor=edge, linewidth=0.9 * pen.scale)
    )
    text = sheet.codes[step] if isinstance(step, str) else f"+{step}"
    pen.write((x + sheet.block / 2 + NOTCH / 4, y), text, CODE_SIZE, color=ink_on(fill))


def _draw_figures(
    pen: Pen, y: float, texts: Sequence[str], sheet: Sheet, color: str | None = None
) -> None:
    """Write the figures of a row, each at the right of its column."""
    x = MARGIN + NUMBERS + sheet.blocks
    for text, width in zip(texts, sheet.columns, strict=True):
        x += width
        pen.write((x, y), text, SIZE, ha="right", **({"color": color} if color else {}))


def _draw_key(pen: Pen, top: float, sheet: Sheet, fills: Mapping[str, str]) -> None:
    """Spell out the codes, column by column."""
    down = -(-len(sheet.codes) // sheet.keys_across)
    for i, name in enumerate(sheet.codes):
        x, y = MARGIN + (i // down) * sheet.key, top + (i % down + 0.5) * KEY_ROW
        _draw_step(pen, (x, y), name, sheet, fills)
        pen.write((x + sheet.block + 6, y), cut(name), SIZE, ha="left")
