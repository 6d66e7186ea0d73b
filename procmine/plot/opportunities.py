"""What mending would buy: how much time each remedy would save at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.errors import ProcmineError
from procmine.kernels import Bools, Floats
from procmine.plot.keys import axis_unit, filled, key_above, one_line, rows_that_fit
from procmine.plot.style import INK, MAIN, PALE, SOFT, axes_for, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.units import DAY, counted, human_seconds, seconds_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEASURES = {
    "saved_days": "of all cases together",
    "median": "of the median cycle time",
    "p90": "of the time that 90 % of the cases keep to",
}
AXES = {
    "saved_days": "saved, all cases together",
    "median": "by which the median cycle time would be shorter",
    "p90": "by which the time would be shorter that 90 % of the cases keep to",
}
MOST = 12  # remedies
ROW = 1.9  # from one bar to the next: the remedy stands above it
THICK = 0.8


def plot_opportunities(
    opportunities: pd.DataFrame, *, measure: str = "saved_days", ax: Axes | None = None
) -> Axes:
    """Draw what each remedy would save at most, the largest gain first.

    ``measure`` is ``"saved_days"`` (all cases together, as the table is sorted), or by how much the
    ``"median"`` of the cycle times or their ``"p90"`` would be shorter: a remedy for few, long cases
    changes the median little. The line over a bar is the 95 % interval of such a gain; a bar whose
    interval reaches 0 is hatched, as the remedy may change nothing. Gains of several remedies do not
    add up. Of many the twelve largest are drawn.

    >>> table = pd.DataFrame({"remedy": ["no batches at the committee"], "cases": [40], "saved_days": [90.0]})
    >>> plot_opportunities(table).get_title(loc="left")
    'the largest gain, at most 90 d of all cases together: no batches at the committee'
    """
    if measure not in MEASURES:
        raise ProcmineError(f"measure={measure!r}: plot_opportunities draws {', '.join(MEASURES)}")
    maker = "pm.opportunities(log)"
    columns = ("remedy", *_columns(measure))
    table = expect(opportunities, columns, plot="plot_opportunities", maker=maker)
    table = _in_seconds(table, measure)
    known = table[table["gain"].notna()]
    with style():
        if known.empty:
            return nothing_to_draw(axes_for(ax, 8.0, 2.5), _why_nothing(table))
        ranked = known.sort_values("gain", ascending=False, kind="stable")
        shown = ranked.head(rows_that_fit(ax, MOST)).reset_index(drop=True)
        ax = axes_for(ax, 8.0, 1.7 + 0.42 * len(shown))
        low, gain, high = (shown[end].to_numpy(np.float64) for end in ("low", "gain", "high"))
        sure = ~(low <= 0)
        size, unit = axis_unit(float(np.nanmax([gain.max(), *high[~np.isnan(high)]])))
        _draw_bars(ax, shown, (low / size, gain / size, high / size), sure)
        key = _key(ax, sure, np.isnan(low))
        ax.set_title(filled(ax, _said(shown, measure), 10), fontsize=10, pad=key)
        left = _notes(shown, len(ranked), len(table) - len(known))
        notes = f"{unit} {AXES[measure]}; gains of several remedies do not add up{left}"
        ax.set_xlabel(filled(ax, notes, 9), fontsize=9)
    return ax


def _columns(measure: str) -> tuple[str, ...]:
    if measure == "saved_days":
        return ("saved_days",)
    return tuple(f"{measure}_gain{end}" for end in ("", "_low", "_high"))


def _in_seconds(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the gain of each remedy, and its interval where it has one, in seconds."""
    columns = _columns(measure)
    if measure == "saved_days":
        figures = {"gain": table["saved_days"].to_numpy(np.float64) * DAY}
    else:
        names = ("gain", "low", "high")
        figures = {n: seconds_of(table[c]) for n, c in zip(names, columns, strict=True)}
    return pd.DataFrame(
        {"remedy": table["remedy"], "low": np.nan, "high": np.nan, **figures}, index=table.index
    )


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
    spans = zip(table["gain"], table["low"], table["high"], strict=True)
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
        (sure, SURE, "gain, at most"),
        (~sure, UNSURE, "may be nothing: the interval reaches 0"),
    ):
        if there.any():
            signs.append(Patch(**how))
            names.append(name)
    if not without.all():
        signs.append(Line2D([], [], color=INK, linewidth=1.3))
        names.append("95 % interval")
    return key_above(ax, signs, names)


def _said(table: pd.DataFrame, measure: str) -> str:
    """Say which remedy gains most."""
    gain = float(table["gain"].iloc[0])
    if gain <= 0:
        what = MEASURES[measure].removeprefix("of ")
        return f"no remedy shortens {'any case' if measure == 'saved_days' else what}"
    what = f"at most {human_seconds(gain)} {MEASURES[measure]}"
    return f"the largest gain, {what}: {table['remedy'].iloc[0]}"


def _notes(table: pd.DataFrame, known: int, unknown: int) -> str:
    """Say what is not in the picture."""
    text = ""
    if known > len(table):
        text += f"; {counted(known - len(table), 'smaller gain')} not drawn"
    return text + (
        f"; {counted(unknown, 'remedy', 'remedies')} without a known gain" if unknown else ""
    )


def _why_nothing(table: pd.DataFrame) -> str:
    return "no remedy has a known gain" if len(table) else "no remedies"
