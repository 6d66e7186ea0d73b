"""The performance spectrum: every passage between two steps as a line over time, dark where it is slow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.errors import ProcmineError
from procmine.kernels import Bools, Floats, Ints
from procmine.plot.keys import MISSING, filled, key_above, one_line
from procmine.plot.style import LINE, SLOWNESS, SOFT, axes_for, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.units import counted, human_count, human_seconds, seconds_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("case_id", "source", "target", "from", "until", "duration", "duration_class")
QUARTERS = ("#cbd7e0", *SLOWNESS[1:])  # paler at first, so that four greys are told apart
MOST = 4000  # lines: of more, one in so many is drawn
MANY = 800  # lines: more are drawn as an image inside an SVG
BINS = 60  # bars below at most
FLOOR, ROOF = -0.12, -0.72  # the bars hang between these heights; the lines run from 1 to 0
DAY = 86_400.0
ROUND_DAYS = (1 / 24, 1 / 4, 1.0, 7.0, 14.0, 28.0, 91.0, 182.0, 364.0, 3640.0)


def plot_performance_spectrum(passages: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw every passage from one activity to the next as a line from when it began to when it ended.

    A steep line is a fast passage, a slanting one a slow one; the darker, the slower (quarters of
    the durations). Lines that cross are cases that overtake each other, lines that meet at the foot
    are a batch, a gap is a time in which nothing moved (Denisov, Fahland and van der Aalst 2018).
    The bars below count all passages by when they began; of more than 4,000 passages the lines are
    thinned evenly, in each quarter alike, and the words say so.

    A few months are right for a picture; of years only the bars can be read. Take them with
    ``passages[passages["from"].between("2025-03-01", "2025-06-01")]``.

    >>> import procmine as pm
    >>> from procmine.kpi.segment import segment
    >>> ax = plot_performance_spectrum(segment(log, "Calcul taxă", "Redactare autorizație"))
    """
    maker = "pm.segment(log, source, target)"
    table = expect(passages, COLUMNS, plot="plot_performance_spectrum", maker=maker)
    table = table[table["from"].notna() & table["duration"].notna()].reset_index(drop=True)
    with style():
        ax = axes_for(ax, 9.0, 4.6)
        if table.empty:
            return nothing_to_draw(ax, "no case goes directly from one to the other")
        source, target = _ends(table)
        begun, ended = _days(table)
        shown = _thinned(table["duration_class"])
        colour = _colours(table["duration_class"])
        _draw_lines(ax, begun[shown], ended[shown], colour[shown])
        bars = _draw_bars(ax, begun, table["duration_class"])
        _label_axes(ax, table, (source, target), (float(begun.min()), float(ended.max())))
        key = _key(ax, table)
        ax.set_title(filled(ax, _said(table, source, target), 10), fontsize=10, pad=key)
        ax.set_xlabel(filled(ax, _notes(table, int(shown.sum()), bars), 9), fontsize=9)
    return ax


def _ends(table: pd.DataFrame) -> tuple[str, str]:
    """Return the two activities, or refuse a table of several pairs."""
    pairs = table[["source", "target"]].astype("str").fillna(MISSING).drop_duplicates()
    if len(pairs) > 1:
        raise ProcmineError(
            f"plot_performance_spectrum draws one pair of activities and the table has {len(pairs)}\n"
            "give it the table of pm.segment(log, source, target)"
        )
    return str(pairs["source"].iloc[0]), str(pairs["target"].iloc[0])


def _days(table: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return when the passages began and ended, in days as the axis counts them."""
    from matplotlib.dates import date2num

    begun = table["from"]
    if begun.dt.tz is not None:
        begun = begun.dt.tz_convert("UTC").dt.tz_localize(None)
    x = np.asarray(date2num(begun.to_numpy()), dtype=np.float64)  # type: ignore[no-untyped-call]
    return x, x + seconds_of(table["duration"]) / DAY


def _classes(table: pd.DataFrame) -> list[str]:
    return [str(name) for name in table["duration_class"].cat.categories]


def _codes(classes: pd.Series) -> Ints:
    return np.asarray(classes.cat.codes, dtype=np.int64)


def _colours(classes: pd.Series) -> Any:
    return np.array([*QUARTERS, LINE])[_codes(classes)]


def _thinned(classes: pd.Series) -> Bools:
    """Choose the passages that are drawn: of too many, evenly spaced ones of each class."""
    every = -(-len(classes) // MOST)
    place = classes.groupby(_codes(classes)).cumcount().to_numpy()
    return np.asarray(place % every == 0)


def _draw_lines(ax: Axes, begun: Floats, ended: Floats, colour: Any) -> None:
    """Draw the lines, the slow ones over the fast."""
    from matplotlib.collections import LineCollection

    ends = np.stack([np.column_stack([begun, np.ones(len(begun))]),
                     np.column_stack([ended, np.zeros(len(begun))])], axis=1)  # fmt: skip
    order = np.argsort(ended - begun, kind="stable")
    width = float(np.clip(40.0 * len(begun) ** -0.55, 0.45, 1.4))
    lines = LineCollection(list(ends[order]), colors=list(colour[order]), linewidths=width)
    lines.set_rasterized(len(begun) > MANY)
    ax.add_collection(lines, autolim=False)
    for height in (0.0, 1.0):
        ax.axhline(height, color=SOFT, linewidth=1.0)


def _draw_bars(ax: Axes, begun: Floats, classes: pd.Series) -> tuple[str, int]:
    """Hang bars below the lines: how many passages began when; return their width and largest count."""
    low, high = float(begun.min()), float(begun.max())
    width = next((d for d in ROUND_DAYS if (high - low) / d < BINS), ROUND_DAYS[-1])
    edges = np.floor(low) + np.arange(int((high - np.floor(low)) / width) + 2) * width
    codes = _codes(classes)
    counts = [np.histogram(begun[codes == i], edges)[0] for i in range(len(QUARTERS))]
    most = int(np.sum(counts, axis=0).max())
    foot = np.full(len(edges) - 1, ROOF)
    for count, colour in zip(counts, QUARTERS, strict=True):
        height = (FLOOR - ROOF) * count / most
        ax.bar(edges[:-1], height, width, bottom=foot, align="edge", color=colour, linewidth=0)
        foot = foot + height
    ax.axhline(ROOF, color=LINE, linewidth=0.8)
    return human_seconds(width * DAY), most


def _label_axes(
    ax: Axes, table: pd.DataFrame, ends: tuple[str, str], span: tuple[float, float]
) -> None:
    """Name the two steps at their lines, and write dates below."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    margin = 0.01 * max(span[1] - span[0], 1 / 24)
    ax.set_xlim(span[0] - margin, span[1] + margin)
    ax.set_ylim(ROOF, 1.2)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", visible=False)
    tz = table["from"].dt.tz
    locator = AutoDateLocator(tz=tz)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=tz))  # type: ignore[no-untyped-call]
    ground = {"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none"}
    how: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "fontsize": 8, "zorder": 5}
    said = (f"{ends[0]} has ended", f"{ends[1]} begins")
    ax.text(0.0, 1.05, one_line(ax, said[0], 8), va="bottom", **how)
    ax.text(0.0, -0.03, one_line(ax, said[1], 8), va="top", bbox=ground, **how)


def _key(ax: Axes, table: pd.DataFrame) -> float:
    """Say which colour means how long; return the height of the key."""
    from matplotlib.lines import Line2D

    seconds = seconds_of(table["duration"])
    codes = _codes(table["duration_class"])
    signs, names = [], []
    for i, (name, colour) in enumerate(zip(_classes(table), QUARTERS, strict=True)):
        if (codes == i).any():
            signs.append(Line2D([], [], color=colour, linewidth=3))
            names.append(f"{name}: {_range(seconds[codes == i])}")
    return key_above(ax, signs, names)


def _range(seconds: Floats) -> str:
    """Write the shortest and the longest of some durations.

    >>> _range(np.array([3600.0, 86400.0])), _range(np.array([60.0, 60.0]))
    ('1 h to 1 d', '1 min')
    """
    low, high = human_seconds(float(seconds.min())), human_seconds(float(seconds.max()))
    return low if low == high else f"{low} to {high}"


def _said(table: pd.DataFrame, source: str, target: str) -> str:
    seconds = seconds_of(table["duration"])
    half, most = (human_seconds(float(q)) for q in np.quantile(seconds, [0.5, 0.9]))
    times = counted(len(table), "time")
    return f"{source} → {target}: {times}, half of them within {half}, nine in ten within {most}"


def _notes(table: pd.DataFrame, shown: int, bars: tuple[str, int]) -> str:
    """Say what the bars are, and how many lines stand for the passages."""
    tz = table["from"].dt.tz
    zone = f"local time, {tz}" if tz is not None else "local time"
    width, most = bars
    text = f"{zone}; bars: how many began in each {width}, at most {human_count(most)}"
    if shown == len(table):
        return text
    return f"{text}; lines: {human_count(shown)} of {human_count(len(table))}, evenly chosen"
