"""The colours of times on a process map: light is fast, dark is slow, on a logarithmic scale."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from procmine.plot.pen import LABELS, Pen
from procmine.plot.style import SLOWNESS, SOFT, blend
from procmine.plot.units import human_seconds, round_times

UNKNOWN = "#999999"
WIDTH, HEIGHT, SWATCHES = 170.0, 7.0, 34
FOOT = 36.0  # the height that the scale takes in the picture
APART = 30.0  # between the labels of two ticks


@dataclass(frozen=True)
class SlownessScale:
    """The fastest and the slowest time, in seconds."""

    low: float
    high: float

    @classmethod
    def over(cls, seconds: list[float]) -> SlownessScale | None:
        """Span the times that are known, a factor of 4 at least, so that small differences look small."""
        times = np.array(seconds, dtype=np.float64)
        times = times[~np.isnan(times)]
        if not len(times):
            return None
        longest = max(float(times.max()), 1.0)
        low = float(times[times >= 1].min(initial=longest))
        if longest >= 4 * low:
            return cls(low, longest)
        middle = sqrt(low * longest)
        return cls(middle / 2, middle * 2)

    def part(self, seconds: float) -> float:
        """Return how far up the scale a time is, 0 to 1."""
        inside = min(max(seconds, self.low), self.high)
        return log(inside / self.low) / log(self.high / self.low)

    def colour(self, seconds: float) -> str:
        """Return the colour of a time; grey for one that is not known."""
        return UNKNOWN if np.isnan(seconds) else blend(SLOWNESS, self.part(seconds))

    def ticks(self) -> list[float]:
        """Choose round times to write under the scale, far enough apart to be read."""
        chosen: list[float] = []
        for seconds in round_times(self.low, self.high, most=13):
            if not chosen or (self.part(seconds) - self.part(chosen[-1])) * WIDTH >= APART:
                chosen.append(seconds)
        return chosen


def draw_scale(pen: Pen, scale: SlownessScale, left: float, top: float) -> None:
    """Draw the scale as a row of swatches, with round times under it."""
    from matplotlib.patches import Rectangle

    step = WIDTH / SWATCHES
    for i in range(SWATCHES):
        colour = blend(SLOWNESS, (i + 0.5) / SWATCHES)
        swatch = Rectangle((left + i * step, top + 12), step, HEIGHT, color=colour, linewidth=0.3)
        pen.ax.add_patch(swatch)
    how = {"color": SOFT, "zorder": LABELS}
    pen.write((left - pen.dx, top + 4 - pen.dy), "median time on a path", 7.0, ha="left", **how)
    for seconds in scale.ticks():
        x = left + scale.part(seconds) * WIDTH
        pen.ax.plot([x, x], [top + 12 + HEIGHT, top + 14 + HEIGHT], color=SOFT, linewidth=0.6)
        pen.write((x - pen.dx, top + 19 + HEIGHT - pen.dy), human_seconds(seconds), 6.5, **how)
