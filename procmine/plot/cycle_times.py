"""How long cases take: the distribution of cycle times, with its median and 90th percentile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.kernels import Floats
from procmine.plot.style import INK, MAIN, PALE, axes_for, fitted, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.units import (
    DAY,
    HOUR,
    MINUTE,
    counted,
    human_count,
    human_seconds,
    human_share,
    round_times,
    seconds_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SKEWED = 30.0  # times the median: from such a p90 on, a linear axis would show one bar
TAIL = 1.5  # times the p99: from such a longest case on, the axis is cut at the p99
BARS = 40


@dataclass(frozen=True)
class Spread:
    """The cycle times in seconds, their median and p90, the bins, and the kind of axis."""

    seconds: Floats
    median: float
    p90: float
    bins: Floats
    logarithmic: bool

    @property
    def beyond(self) -> int:
        """How many cases are longer than the axis."""
        return int((self.seconds > self.bins[-1]).sum())


def plot_cycle_times(cases: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many cases took how long, and say what half of them and nine in ten took at most.

    Counted are the cases that have a cycle time; open cases have none yet and are only mentioned.
    Quantiles interpolate linearly. Where a few cases take far longer than all others the axis ends
    at the 99th percentile and the share beyond is said; where most take minutes and some take weeks
    the axis is logarithmic, and says so.

    >>> import procmine as pm
    >>> ax = plot_cycle_times(pm.cases(log))
    """
    table = expect(cases, ("cycle_time",), plot="plot_cycle_times", maker="pm.cases(log)")
    seconds = seconds_of(table["cycle_time"])
    known = seconds[~np.isnan(seconds)]
    with style():
        ax = axes_for(ax, 7.5, 4.0)
        if not len(known):
            return nothing_to_draw(ax, f"none of {counted(len(table), 'case')} has a cycle time")
        spread = _spread(known)
        _draw_bars(ax, spread)
        _draw_mark(ax, spread.median, "median", 0.97, spread)
        _draw_mark(ax, spread.p90, "p90", 0.88, spread)
        ax.set_title(fitted(ax, _said(spread), 10))
        axis, notes = _axis_words(spread, table)
        ax.set_xlabel(f"{axis}\n{fitted(ax, notes, 9)}")
        ax.set_ylabel("cases")
    return ax


def _spread(seconds: Floats) -> Spread:
    """Choose the axis: linear, linear up to the p99, or logarithmic."""
    median, p90, p99 = (float(q) for q in np.quantile(seconds, [0.5, 0.9, 0.99]))
    longest = float(seconds.max())
    logarithmic = longest > 0 and p90 > SKEWED * median
    if logarithmic:
        low = max(float(seconds[seconds > 0].min()), 1.0)
        bins = np.geomspace(low, max(longest, 2 * low), BARS + 1)
    else:
        bins = _round_bins(p99 if longest > TAIL * p99 else longest)
    return Spread(seconds, median, p90, bins, logarithmic)


def _round_bins(last: float) -> Floats:
    """Return at most 40 bins of a round width in a round unit that reach to the last value."""
    last = max(last, 1.0)
    unit = _unit(last)[0]
    rough = last / unit / BARS
    power = 10.0 ** np.floor(np.log10(rough))
    width = (
        unit
        * power
        * next(step for step in (1, 2, 5, 10) if round(step * power, 12) >= round(rough, 12))
    )
    bins: Floats = np.arange(np.ceil(round(last / width, 9)) + 1) * width
    return bins


def _unit(last: float) -> tuple[float, str]:
    """Return the unit of an axis that ends at a time, in seconds and in words."""
    units = ((2 * DAY, DAY, "days"), (2 * HOUR, HOUR, "hours"), (2 * MINUTE, MINUTE, "minutes"))
    return next(((size, name) for least, size, name in units if last >= least), (1.0, "seconds"))


def _draw_bars(ax: Axes, spread: Spread) -> None:
    """Draw the bars on an axis in a round unit, or on a logarithmic one."""
    size, _ = _scale(spread)
    inside = np.maximum(
        spread.seconds, spread.bins[0]
    )  # cases of no time stand in the first bar of a log axis
    heights, _ = np.histogram(inside, spread.bins)
    ax.stairs(heights, spread.bins / size, fill=True, facecolor=PALE, edgecolor=MAIN, linewidth=0.8)
    ax.set_ylim(0, 1.3 * max(heights.max(), 1))
    ax.set_xlim(spread.bins[0] / size, spread.bins[-1] / size)
    _draw_ticks(ax, spread)


def _draw_ticks(ax: Axes, spread: Spread) -> None:
    """Write round times on a logarithmic axis, and whole counts."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda n, _: human_count(n)))
    if spread.logarithmic:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(
            FixedLocator(round_times(spread.bins[0], spread.bins[-1], most=8))
        )
        ax.xaxis.set_minor_locator(NullLocator())
        ax.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: human_seconds(seconds)))
    else:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,g}"))


def _scale(spread: Spread) -> tuple[float, str]:
    """Return what one unit of the axis is in seconds, and its name."""
    return (1.0, "") if spread.logarithmic else _unit(spread.bins[-1])


def _draw_mark(ax: Axes, seconds: float, name: str, height: float, spread: Spread) -> None:
    """Draw a line at a quantile with its value beside it, on the side that has room."""
    x = min(max(seconds, spread.bins[0]), spread.bins[-1]) / _scale(spread)[0]
    ax.axvline(x, color=INK, linewidth=1.2, linestyle="solid" if name == "median" else (0, (4, 2)))
    left = ax.transAxes.inverted().transform(ax.transData.transform((x, 0)))[0] < 0.7
    text = f" {name} {human_seconds(seconds)} "
    where = ax.get_xaxis_transform()
    ax.text(x, height, text, transform=where, ha="left" if left else "right", va="top", fontsize=8)


def _said(spread: Spread) -> str:
    """Say the two quantiles in words."""
    half, most = human_seconds(spread.median), human_seconds(spread.p90)
    n = counted(len(spread.seconds), "case")
    return f"half of {n} took {half} or less, nine in ten {most} or less"


def _axis_words(spread: Spread, table: pd.DataFrame) -> tuple[str, str]:
    """Say what the axis measures, and what is not in the picture."""
    unit = _scale(spread)[1]
    axis = f"cycle time in {unit}" if unit else "cycle time, logarithmic scale"
    none, beyond, at_once = (
        len(table) - len(spread.seconds),
        spread.beyond,
        int((spread.seconds <= 0).sum()),
    )
    notes = [f"n = {counted(len(spread.seconds), 'case')}"]
    if none:
        notes.append(f"{human_count(none)} without a cycle time{_why(table)}")
    if beyond:
        longest = human_seconds(float(spread.seconds.max()))
        notes.append(
            f"{human_share(beyond / len(spread.seconds))} beyond the axis, up to {longest}"
        )
    if spread.logarithmic and at_once:
        notes.append(f"{human_count(at_once)} that took no time in the first bar")
    return axis, "; ".join(notes)


def _why(table: pd.DataFrame) -> str:
    """Say in brackets how many of the cases without a cycle time are open."""
    if "state" not in table:
        return ""
    still = int(((table["state"] == "open") & table["cycle_time"].isna()).sum())
    return f" ({human_count(still)} still open)" if still else ""
