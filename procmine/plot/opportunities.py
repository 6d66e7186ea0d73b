"""What mending would buy: how much shorter the median case would be, remedy by remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.kernels import Bools, Floats
from procmine.plot.keys import axis_unit, filled, key_above, one_line, rows_that_fit
from procmine.plot.style import INK, MAIN, PALE, SOFT, axes_for, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.units import counted, human_seconds, seconds_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("remedy", "median_gain", "median_gain_low", "median_gain_high")
MOST = 12  # remedies
ROW = 1.9  # from one bar to the next: the remedy stands above it
THICK = 0.8


def plot_opportunities(opportunities: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw by how much each remedy would shorten the median cycle time at most.

    The line over a bar is the 95 % interval of the gain; a bar whose interval reaches 0 is hatched,
    as the remedy may change nothing. Gains of several remedies do not add up. Of many the twelve
    largest are drawn.

    >>> table = pd.DataFrame({"remedy": ["no batching at the committee"], "cases": [40]})
    >>> for name, days in (("", 3), ("_low", 2), ("_high", 4)):
    ...     table[f"median_gain{name}"] = pd.to_timedelta([days], unit="D")
    >>> plot_opportunities(table).get_title(loc="left")
    'the largest gain, at most 3 d of the median cycle time: no batching at the committee'
    """
    maker = "pm.opportunities(log)"
    table = expect(opportunities, COLUMNS, plot="plot_opportunities", maker=maker)
    known = table[table["median_gain"].notna()]
    with style():
        if known.empty:
            return nothing_to_draw(axes_for(ax, 8.0, 2.5), _why_nothing(table))
        ranked = known.sort_values("median_gain", ascending=False, kind="stable")
        shown = ranked.head(rows_that_fit(ax, MOST)).reset_index(drop=True)
        ax = axes_for(ax, 8.0, 1.7 + 0.42 * len(shown))
        low, gain, high = (_seconds(shown, end) for end in ("_low", "", "_high"))
        sure = ~(low <= 0)
        size, unit = axis_unit(float(np.nanmax([gain.max(), *high[~np.isnan(high)]])))
        _draw_bars(ax, shown, (low / size, gain / size, high / size), sure)
        key = _key(ax, sure, np.isnan(low))
        ax.set_title(filled(ax, _said(shown, gain), 10), fontsize=10, pad=key)
        notes = _notes(shown, unit, len(ranked), len(table) - len(known))
        ax.set_xlabel(filled(ax, notes, 9), fontsize=9)
    return ax


def _seconds(table: pd.DataFrame, end: str) -> Floats:
    return seconds_of(table[f"median_gain{end}"])


def _draw_bars(
    ax: Axes, table: pd.DataFrame, spans: tuple[Floats, Floats, Floats], sure: Bools
) -> None:
    """Draw a bar for each remedy with its interval, the remedy above it and the gain behind."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    low, gain, high = spans
    places = np.arange(len(table)) * ROW
    for kind, how in ((sure, SURE), (~sure, UNSURE)):
        ax.barh(places[kind], gain[kind], THICK, **how)
    ax.hlines(places, low, high, color=INK, linewidth=1.3, zorder=3)
    for end in (low, high):
        ax.vlines(end, places - 0.16, places + 0.16, color=INK, linewidth=1.3, zorder=3)
    ends = np.fmax(np.fmax(gain, high), 0.0)
    left = min(0.0, float(np.nanmin([0.0, *low, *gain])))
    span = max(float(ends.max()) - left, 1e-9)
    ax.set_xlim(left - (0.02 * span if left < 0 else 0.0), left + 1.32 * span)
    ax.set_ylim(places[-1] + 0.7, -1.5)
    ax.vlines(0.0 * places, places - 0.5, places + 0.5, color=SOFT, linewidth=0.9)
    for place, end, remedy, text in zip(places, ends, table["remedy"], _told(table), strict=True):
        ax.text(end, place, f"  {text}", va="center", fontsize=8, color=SOFT)
        where: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "va": "center"}
        ax.text(0.0, place - 0.86, one_line(ax, str(remedy), 8), fontsize=8, **where)
    ax.set_yticks([])
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,g}"))


SURE: dict[str, Any] = {"facecolor": PALE, "edgecolor": MAIN, "linewidth": 0.8}
UNSURE: dict[str, Any] = {
    **{"facecolor": "#ffffff", "edgecolor": MAIN, "linewidth": 0.8},
    **{"hatch": "////", "hatch_linewidth": 0.5},
}


def _told(table: pd.DataFrame) -> list[str]:
    """Write the gain of every remedy with its interval."""
    spans = zip(_seconds(table, ""), _seconds(table, "_low"), _seconds(table, "_high"), strict=True)
    return [
        human_seconds(gain)
        if np.isnan(low) or np.isnan(high)
        else f"{human_seconds(gain)} ({human_seconds(low)} to {human_seconds(high)})"
        for gain, low, high in spans
    ]


def _key(ax: Axes, sure: Bools, without: Bools) -> float:
    """Say what bars and lines are; return the height of the key."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    signs: list[Any] = []
    names = []
    for there, how, name in (
        (sure, SURE, "gain of the median, at most"),
        (~sure, UNSURE, "may be nothing: the interval reaches 0"),
    ):
        if there.any():
            signs.append(Patch(**how))
            names.append(name)
    if not without.all():
        signs.append(Line2D([], [], color=INK, linewidth=1.3))
        names.append("95 % interval")
    return key_above(ax, signs, names)


def _said(table: pd.DataFrame, gain: Floats) -> str:
    """Say which remedy gains most."""
    if gain[0] <= 0:
        return "no remedy shortens the median cycle time"
    return (
        f"the largest gain, at most {human_seconds(gain[0])} of the median cycle time: "
        f"{table['remedy'].iloc[0]}"
    )


def _notes(table: pd.DataFrame, unit: str, known: int, unknown: int) -> str:
    """Say what the axis measures, and what is not in the picture."""
    text = f"{unit} by which the median cycle time would be shorter; gains of several remedies do not add up"
    if known > len(table):
        text += f"; {counted(known - len(table), 'smaller gain')} not drawn"
    return text + (
        f"; {counted(unknown, 'remedy', 'remedies')} without a known gain" if unknown else ""
    )


def _why_nothing(table: pd.DataFrame) -> str:
    return "no remedy has a known gain" if len(table) else "no remedies"
