"""A picture of the page: drawn off screen, as SVG, with what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procmine.report.inline import inline_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOTS_PER_INCH = 170  # of what is drawn as an image inside a picture


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, what it means with its n, and what it does not show (empty where it shows all)."""

    name: str
    svg: str
    means: str
    hides: str = ""


def picture(name: str, draw: Callable[[], Axes], means: str, hides: str = "") -> Picture:
    """Draw a picture and put it into words."""
    return Picture(name, inline_svg(_drawn(draw), name=name, label=means), means, hides)


def _drawn(draw: Callable[[], Axes]) -> str:
    """Draw off screen and return the SVG; the figure is closed whatever happens."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    from procmine.plot.svg import figure_svg

    before = set(plt.get_fignums())
    try:
        figure = draw().get_figure(root=True)
        assert figure is not None
        with mpl.rc_context({"savefig.dpi": DOTS_PER_INCH}):
            return figure_svg(figure)
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
