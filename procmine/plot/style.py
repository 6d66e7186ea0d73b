"""The look that all plots share: fonts, calm greys, colours that colour-blind people know."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#222222"
SOFT = "#666666"
LINE = "#b8b8b8"
GRID = "#e4e4e4"
MAIN = "#33658a"
PALE = "#c3d6e4"
REST = "#dddddd"

# Tol's "muted" colours, ordered so that neighbours differ in grey as well.
PALETTE = (
    *("#88ccee", "#882255", "#ddcc77", "#332288", "#cc6677"),
    *("#117733", "#44aa99", "#999933", "#aa4499"),
)
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "<", ">")
SLOWNESS = ("#aebdca", "#d6a15e", "#bd4f30", "#58102f")  # light to dark: slower is darker

_RC: Any = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # names hold $ signs
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titlepad": 8.0,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.frameon": False,
    "legend.fontsize": 8,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the common look; the settings of the user come back after.

    Only what the look sets comes back: the first figure of a notebook makes matplotlib interactive,
    and if that were undone the later figures would not be shown.
    """
    import matplotlib as mpl

    before = {name: mpl.rcParams[name] for name in _RC}
    mpl.rcParams.update(_RC)
    try:
        yield
    finally:
        mpl.rcParams.update(before)


def axes_for(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes given, or new ones on a figure of their own (in inches)."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def fitted(ax: Axes, text: str, size: float) -> str:
    """Break a sentence into lines that are no wider than the axes."""
    width = ax.bbox.width * 72 / ax.figure.dpi
    return textwrap.fill(text, max(int(width / (0.58 * size)), 20))


def colours(names: Iterable[str]) -> dict[str, str]:
    """Give each name a colour in the order they come; those beyond the palette share a pale grey.

    >>> colours(["a", "b", "a"])
    {'a': '#88ccee', 'b': '#882255'}
    """
    distinct = list(dict.fromkeys(names))
    return dict.fromkeys(distinct, REST) | dict(zip(distinct, PALETTE, strict=False))


def blend(stops: Sequence[str], part: float) -> str:
    """Return the colour at a part, 0 to 1, of the way along some colours.

    >>> blend(("#ffffff", "#000000"), 0.0), blend(("#ffffff", "#000000"), 0.5)
    ('#ffffff', '#808080')
    """
    where = np.linspace(0, 1, len(stops))
    bands = ([int(colour[i : i + 2], 16) for colour in stops] for i in (1, 3, 5))
    return "#" + "".join(f"{round(float(np.interp(part, where, b))):02x}" for b in bands)


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads on a colour.

    >>> ink_on("#882255"), ink_on("#dddddd")
    ('#ffffff', '#222222')
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"


def nothing_to_draw(ax: Axes, what: str) -> Axes:
    """Say on the axes that a table has nothing to show."""
    ax.text(0.5, 0.5, f"nothing to draw: {what}", transform=ax.transAxes, ha="center", va="center")
    ax.set_axis_off()
    return ax
