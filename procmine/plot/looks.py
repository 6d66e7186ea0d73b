"""How the states of a term look: a colour and a hatching each, so that they are told apart in grey, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from procmine.plot.style import INK, MAIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.container import BarContainer


@dataclass(frozen=True)
class StateLook:
    """The states that are drawn alike, what they are called, and how they are filled."""

    name: str
    states: tuple[str, ...]
    fill: str
    hatch: str = ""
    edge: str = INK

    @property
    def how(self) -> dict[str, Any]:
        """Return how a bar of these states is drawn."""
        return {
            "facecolor": self.fill,
            "edgecolor": self.edge,
            "hatch": self.hatch,
            "linewidth": 0.6,
            "hatch_linewidth": 0.7,
        }


IN_TIME = StateLook("ended in time", ("on_time",), "#aebdca", edge=MAIN)
RUNNING = StateLook("running", ("running",), "#e6edf2", edge=MAIN)
PAUSED = StateLook("paused", ("paused",), "#ffffff", "....", MAIN)
LATE = StateLook("ended late", ("late",), "#d6a15e", "////")
OVERDUE = StateLook("open and overdue", ("overdue",), "#bd4f30", "xxxx")
DEEMED = StateLook(
    "decided by silence",
    ("deemed_approved", "deemed_refused"),
    "#58102f",
    "\\\\\\\\",
    "#ffffff",
)


WITHIN = StateLook("ended within the time to check", IN_TIME.states, IN_TIME.fill, edge=MAIN)
PASSED = StateLook("time to check passed", DEEMED.states, "#5b7285", edge=MAIN)


def stacked(
    ax: Axes,
    looks: Sequence[StateLook],
    places: Any,
    lengths: Sequence[Any],
    *,
    upright: bool,
    thick: float,
) -> list[BarContainer]:
    """Draw bars on each other, those of the first look innermost, and return them."""
    drawn, base = [], 0.0 * lengths[0]
    for look, length in zip(looks, lengths, strict=True):
        if upright:
            bars = ax.bar(places, length, thick, bottom=base, **look.how)
        else:
            bars = ax.barh(places, length, thick, left=base, **look.how)
        for bar, size in zip(bars, length, strict=True):
            bar.set_linewidth(0.6 if size else 0.0)  # what is not there has no outline
        drawn.append(bars)
        base = base + length
    return drawn
