"""What the rows of a table are about: their keys, the names they make, and how long a line may be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from procmine.plot.text import cut, extent
from procmine.plot.units import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BEGIN = "(begin)"
MISSING = "(missing)"
MARGINS = 30.0  # points at the sides of axes, for the ends of labels below them
SURE = 0.97  # of the room: a font is drawn a little wider or narrower than it is measured
UNITS = ((2 * DAY, DAY, "days"), (2 * HOUR, HOUR, "hours"), (2 * MINUTE, MINUTE, "minutes"))


def keys_of(table: pd.DataFrame, own: Collection[str]) -> list[str]:
    """Return the columns by which a table was made: those that are not its own.

    >>> keys_of(pd.DataFrame(columns=["unit", "cause", "time"]), ["cause", "time"])
    ['unit']
    """
    return [str(name) for name in table.columns if name not in own]


def row_names(table: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Return a name for every row, made of its keys; a pair of ends is joined by an arrow.

    >>> table = pd.DataFrame({"source": ["Check", None], "activity": "Sign", "unit": "Registry"})
    >>> row_names(table, ["source", "activity", "unit"]).tolist()
    ['Check → Sign · Registry', '(begin) → Sign · Registry']
    """
    names = pd.Series("", index=table.index, dtype="str")
    for key in keys:
        missing = BEGIN if key == "source" else MISSING
        label = table[key].astype("str").fillna(missing)
        joint = " → " if _paired(key, keys) else " · "
        names = label if key == keys[0] else names + joint + label
    return names


def constant_keys(table: pd.DataFrame, keys: Sequence[str]) -> tuple[list[str], str]:
    """Return the keys that differ from row to row, and the one label that each of the others has, as a text.

    >>> table = pd.DataFrame({"office": ["North", "South"], "activity": "Check"})
    >>> constant_keys(table, ["office", "activity"])
    (['office'], 'Check')
    """
    paired = {
        name for key in keys if _paired(key, keys) for name in (key, keys[keys.index(key) - 1])
    }
    alone = [key for key in keys if key not in paired and table[key].nunique(dropna=False) == 1]
    told = " · ".join(row_names(table[:1], [key]).iloc[0] for key in alone)
    return [key for key in keys if key not in alone], told


def _paired(key: str, keys: Sequence[str]) -> bool:
    """Tell whether a key is where the one before it leads to."""
    before = keys[keys.index(key) - 1] if keys.index(key) else ""
    return (before, key) in (("source", "activity"), ("source_unit", "unit"), ("source", "target"))


def axis_unit(seconds: float) -> tuple[float, str]:
    """Return the unit of an axis that ends at a time, in seconds and in words.

    >>> axis_unit(3 * 86400), axis_unit(90)
    ((86400.0, 'days'), (1.0, 'seconds'))
    """
    return next(((size, name) for least, size, name in UNITS if seconds >= least), (1.0, "seconds"))


def room(ax: Axes) -> float:
    """Return the width in points that the axes have or, in a constrained layout, will get.

    Before such a layout is made the axes have their first place, which is narrower; those without
    labels at the side get nearly all of their part of the figure.
    """
    figure = ax.get_figure(root=True)
    spec = ax.get_subplotspec()
    if figure is None or spec is None or figure.get_layout_engine() is None:
        return float(ax.bbox.width * 72 / ax.figure.dpi)
    part = len(spec.colspan) / spec.get_gridspec().ncols
    return float(figure.get_figwidth() * 72 * part - MARGINS)


def rows_that_fit(ax: Axes | None, most: int, points: float = 26.0) -> int:
    """Return how many rows axes have room for, and `most` where they will be made for the rows."""
    if ax is None:
        return most
    height = ax.bbox.height * 72 / ax.figure.dpi
    return max(min(most, int(height / points)), 1)


def one_line(ax: Axes, text: str, size: float, part: float = 1.0) -> str:
    """Cut a text so that one line of it is no wider than a part of the axes."""
    letters = len(text)
    while letters > 8 and extent(cut(text, letters), size)[0] > part * room(ax):
        letters -= 1
    return cut(text, letters)


def filled(ax: Axes, text: str, size: float) -> str:
    """Break a sentence into lines that are no wider than the axes will be."""
    joined = text.replace(" %", "\u00a0%")  # a number and its sign stay on one line
    lines = [""]
    for word in joined.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and extent(longer, size)[0] > SURE * room(ax):
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines).replace("\u00a0%", " %")


def key_above(ax: Axes, signs: Sequence[Any], names: Sequence[str]) -> float:
    """Name the signs above the axes, in as many columns as have room; return the height in points."""
    broad = max((extent(name, 8)[0] for name in names), default=0.0) + 36
    columns = max(min(int((room(ax) + 10) / broad), len(names)), 1)
    columns = -(-len(names) // -(-len(names) // columns))  # rows that are all nearly full
    how: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "borderpad": 0.2}
    ax.legend(signs, list(names), ncols=columns, columnspacing=1.2, **how)
    return 9.0 + 13.5 * -(-len(names) // columns)
