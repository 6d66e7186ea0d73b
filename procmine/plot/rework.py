"""Rework as a matrix: which steps are done again, in which way, and how often."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.kernels import Floats
from procmine.plot.keys import keys_of, row_names
from procmine.plot.pen import Pen, canvas
from procmine.plot.style import LINE, SOFT, axes_for, blend, ink_on, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.text import extent, wrapped
from procmine.plot.units import DAY, counted, human_count, human_seconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("kind", "steps", "cases", "share", "n", "extra_days")
OWN = frozenset({*COLUMNS, "resource", "foreseen", "extra_time", "cost", "delay_cost", "basis"})
KINDS = {
    "self_loop": "directly\nagain",
    "repetition": "again\nlater",
    "return": "step\nback",
    "ping_pong": "ping-pong\nof units",
    "reopened": "after\nclosing",
    "completion_request": "completion\nasked for",
}
TOTAL = "rework"
MOST = 14  # rows
SHADES = ("#ffffff", "#c3d6e4", "#33658a", "#1d3a50")
FULL = 40.0  # steps per 100 cases that have the darkest shade
MARGIN, CELL, ROW, HEAD, FOOT = 12.0, 62.0, 30.0, 36.0, 9.5
SIZE, SMALL, TITLE, NAME_WIDTH = 8.5, 7.0, 10.0, 34


@dataclass(frozen=True, eq=False)
class Matrix:
    """The figures of the rows (down) and kinds (across): steps, steps per 100 cases, and days added."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    steps: Floats
    rate: Floats
    days: tuple[str, ...]

    @property
    def left(self) -> float:
        """The width of the names."""
        texts = [wrapped(name, NAME_WIDTH, 2) for name in self.names]
        return max(extent(text, SIZE)[0] for text in texts) + 10

    @property
    def width(self) -> float:
        """The width of the whole."""
        return self.left + CELL * (len(self.kinds) + 1) + 2 * MARGIN


def plot_rework_matrix(rework: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how often each activity was done again, by kind: the darker a cell, the more often.

    A cell says how many steps were rework of the kind, and how many that is for 100 cases that have
    the activity; the kinds may overlap. At the right stand the days that the rework added, all cases
    together. Kinds that could not be counted are left out and named below. Of many rows the fourteen
    with most rework are drawn.

    >>> table = pd.DataFrame({
    ...     "activity": "Check", "kind": ["self_loop", "rework"], "steps": [4, 4], "cases": 3,
    ...     "share": 0.1, "n": 30, "extra_days": 9.0,
    ... })
    >>> [text.get_text() for text in plot_rework_matrix(table).texts][-4:-1]
    ['4', '13 per 100', '9 d']
    """
    maker = 'pm.rework(log, by="activity")'
    table = expect(rework, COLUMNS, plot="plot_rework_matrix", maker=maker)
    matrix, others = _matrix(table)
    with style():
        if not len(matrix.names):
            return nothing_to_draw(axes_for(ax, 7.5, 2.5), "no step is rework")
        caption = _lines(matrix, _caption(table, matrix, others), SMALL)
        title = _lines(matrix, [_said(matrix)], TITLE)
        above = 1.3 * TITLE * len(title) + 8
        height = 2 * MARGIN + above + HEAD + ROW * len(matrix.names) + 8 + FOOT * len(caption)
        pen = Pen(*canvas(matrix.width, height, ax), MARGIN, MARGIN + above)
        how = {"ha": "left", "va": "top", "gid": "title"}
        pen.write((0.0, -above), "\n".join(title), TITLE, **how)
        _draw_head(pen, matrix)
        for number in range(len(matrix.names)):
            _draw_row(pen, matrix, number)
        below = HEAD + ROW * len(matrix.names) + 8
        how |= {"color": SOFT, "gid": "caption"}
        pen.write((0.0, below), "\n".join(caption), SMALL, **how)
    return pen.ax


def _matrix(table: pd.DataFrame) -> tuple[Matrix, int]:
    """Return the figures of the rows with most rework, and how many other rows have some."""
    keys = keys_of(table, OWN)
    names = row_names(table, keys) if keys else pd.Series("all cases", index=table.index)
    kind = table["kind"].astype("str")
    steps = _wide(table["steps"].astype("float64"), names, kind)
    n = table["n"].astype("float64").groupby(names).max()
    days = table.loc[kind == TOTAL, "extra_days"].groupby(names[kind == TOTAL]).first() * DAY
    known = steps.notna().any()
    kinds = [k for k in KINDS if known.get(k, False)]
    weight = steps.reindex(columns=[TOTAL, *kinds]).fillna(0.0)
    worst = pd.DataFrame({"total": weight[TOTAL], "most": weight[kinds].max(axis=1)})
    worst = worst[worst.max(axis=1) > 0].sort_index()
    worst = worst.sort_values(["total", "most"], ascending=False, kind="stable")
    shown = worst.head(MOST).index
    figures = steps.reindex(index=shown, columns=kinds).to_numpy(np.float64)
    rate = figures / n.reindex(shown).to_numpy()[:, None] * 100
    told = tuple(human_seconds(float(days.get(name, np.nan))) for name in shown)
    matrix = Matrix(tuple(map(str, shown)), tuple(kinds), figures, rate, told)
    return matrix, len(worst) - len(shown)


def _wide(steps: pd.Series, names: pd.Series, kind: pd.Series) -> pd.DataFrame:
    """Return the steps of every name (down) and kind (across); the same and other person's are added."""
    return steps.groupby([names, kind]).sum(min_count=1).unstack()


def _draw_head(pen: Pen, matrix: Matrix) -> None:
    heads = [*(KINDS[kind] for kind in matrix.kinds), "days\nadded"]
    for column, text in enumerate(heads):
        pen.write(
            (matrix.left + (column + 0.5) * CELL, HEAD / 2 - 4), text, SMALL + 0.5, color=SOFT
        )


def _draw_row(pen: Pen, matrix: Matrix, number: int) -> None:
    """Draw the cells of one row, with its name before and its days behind them."""
    from matplotlib.patches import Rectangle

    top = HEAD + number * ROW
    middle = top + ROW / 2
    name = wrapped(matrix.names[number], NAME_WIDTH, 2)
    pen.write((matrix.left - 8, middle), name, SIZE, ha="right")
    for column, (steps, rate) in enumerate(
        zip(matrix.steps[number], matrix.rate[number], strict=True)
    ):
        x = matrix.left + column * CELL
        fill = blend(SHADES, min(rate / FULL, 1.0) ** 0.6) if steps > 0 else "#ffffff"
        cell = Rectangle(pen.at((x + 1, top + 1)), CELL - 2, ROW - 2, facecolor=fill)
        cell.set(edgecolor=LINE, linewidth=0.6 * pen.scale)
        pen.ax.add_patch(cell)
        _write_cell(pen, (x + CELL / 2, middle), steps, rate, ink_on(fill))
    days = (matrix.left + (len(matrix.kinds) + 0.5) * CELL, middle)
    pen.write(days, matrix.days[number], SIZE)


def _write_cell(pen: Pen, middle: tuple[float, float], steps: float, rate: float, ink: str) -> None:
    x, y = middle
    if not steps > 0:
        pen.write((x, y), "–" if np.isnan(steps) else "0", SIZE, color=SOFT)
        return
    pen.write((x, y - 5.5), human_count(steps), SIZE, color=ink)
    pen.write((x, y + 6), f"{_per(rate)} per 100", SMALL - 0.5, color=ink)


def _per(rate: float) -> str:
    return f"{rate:.1f}".removesuffix(".0") if rate < 9.95 else f"{rate:,.0f}"


def _caption(table: pd.DataFrame, matrix: Matrix, others: int) -> list[str]:
    """Say how to read the cells, and what is not in the picture."""
    texts = [
        "steps that are rework of each kind, and how many for 100 cases with the activity; a step may be of "
        "several kinds; days added: by steps done again and steps back, all cases together"
    ]
    lost = [KINDS[k].replace("\n", " ") for k in KINDS if k not in matrix.kinds]
    if lost:
        texts.append(f"not counted, as the log or the procedure does not tell: {', '.join(lost)}")
    if (matrix.steps != matrix.steps).any():
        texts.append("–: not known")
    if others:
        texts.append(f"{counted(others, 'row')} with less rework not drawn")
    return texts


def _said(matrix: Matrix) -> str:
    """Say where rework is most frequent: the cell with most steps."""
    row, column = np.unravel_index(np.nanargmax(matrix.steps), matrix.steps.shape)
    rate = matrix.rate[row, column]
    kind = KINDS[matrix.kinds[column]].replace("\n", " ")
    steps = counted(int(matrix.steps[row, column]), "step")
    return f"most rework: {matrix.names[row]}, {kind}: {steps}, {_per(rate)} per 100 cases with it"


def _lines(matrix: Matrix, texts: Sequence[str], size: float) -> list[str]:
    letters = max(int((matrix.width - 2 * MARGIN) / (0.56 * size)), 30)
    return [line for text in texts for line in textwrap.wrap(text, letters)]
