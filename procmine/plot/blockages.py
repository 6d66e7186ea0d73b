"""Where open cases stand and for how long, beside how long cases usually stand there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.errors import ProcmineError
from procmine.kernels import Bools, Floats, Ints
from procmine.plot.keys import MISSING, filled, key_above, one_line, rows_that_fit
from procmine.plot.style import INK, MAIN, SOFT, axes_for, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.units import (
    counted,
    human_count,
    human_seconds,
    round_times,
    seconds_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("case_id", "activity", "standing", "usual_median", "usual_p90", "blocked", "never")
OFFICE = {
    "office_standing": "standing",
    "usual_office_median": "usual_median",
    "usual_office_p90": "usual_p90",
}
"""What times that are office hours stand for."""
HOUR = 3600.0
MOST = 10  # points
MANY = 1500  # cases: more are drawn as an image inside an SVG
PLACES = {"in": "during: ", "after": "after: "}
ROW = 1.75  # from one point to the next: its name stands above it
HALF = 0.34  # half the height of the band in which the cases of a point are spread
USUAL, RARE = "#dbe6ee", "#eef3f6"
GOLDEN = 0.618033988749895


@dataclass(frozen=True)
class Look:
    """How cases of one kind are drawn."""

    name: str
    marker: str
    fill: str
    edge: str


LOOKS = (
    Look("stands as long as is usual", "o", "#ffffff", MAIN),
    Look("longer than nine in ten did there", "^", "#bd4f30", "#5e2113"),
    Look("will probably never move again", "X", "#2b0a18", "#ffffff"),
    Look("not known what is usual there", "D", "#d0d0d0", SOFT),
)


def plot_blockages(blockages: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the open cases by the point at which they stand and how long they have stood there.

    A mark is a case (which one is not said). The band behind says what is usual at the point: half
    of the cases that came there moved on within the darker part, nine in ten within both. Marks
    beyond are blockages; those that will probably never move again have a sign of their own. The
    scale is logarithmic, in office hours where a calendar was given.
    Of many points the ten with most blocked cases are drawn.

    >>> table = pd.DataFrame({
    ...     "case_id": ["1", "2"], "activity": "Check", "blocked": [False, True], "never": False,
    ...     "standing": pd.to_timedelta([3, 90], unit="D"),
    ...     "usual_median": pd.Timedelta("5D"), "usual_p90": pd.Timedelta("20D"),
    ... })
    >>> plot_blockages(table).get_title(loc="left")
    '2 open cases: 1 of them stands longer than nine in ten did at that point'
    """
    if isinstance(blockages, pd.DataFrame) and "open_cases" in blockages.columns:
        raise ProcmineError(
            "plot_blockages draws single cases and was given a row per point\n"
            "give it the table of pm.blockages(log), without by="
        )
    office = isinstance(blockages, pd.DataFrame) and "office_standing" in blockages.columns
    if office:
        blockages = blockages.rename(columns=OFFICE)
    table = expect(blockages, COLUMNS, plot="plot_blockages", maker="pm.blockages(log)")
    table = table[table["standing"].notna()].reset_index(drop=True)
    with style():
        if table.empty:
            return nothing_to_draw(axes_for(ax, 8.0, 2.5), "no case is open")
        points, others = _points(table, rows_that_fit(ax, MOST))
        ax = axes_for(ax, 8.0, 1.7 + 0.46 * len(points))
        low, high = _span(table)
        for number, (name, rows) in enumerate(points):
            _draw_point(ax, name, rows, number * ROW, (low, high))
        _label_axes(ax, len(points), (low, high), office=office)
        key = _key(ax, table)
        ax.set_title(filled(ax, _said(table, others), 10), fontsize=10, pad=key)
        ax.set_xlabel(filled(ax, _notes(table, low, office=office), 9), fontsize=9)
    return ax


def _points(table: pd.DataFrame, most: int) -> tuple[list[tuple[str, pd.DataFrame]], int]:
    """Return the points with their cases, those with most blocked ones first, and how many are left out."""
    names = table["activity"].astype("str").fillna(MISSING)
    if "place" in table.columns:
        names = table["place"].map(PLACES).astype("str") + names
    groups = [(str(name), rows) for name, rows in table.groupby(names, sort=True)]
    groups.sort(key=lambda group: (-int(_flag(group[1], "blocked").sum()), -len(group[1])))
    return groups[:most], max(len(groups) - most, 0)


def _flag(table: pd.DataFrame, name: str) -> Bools:
    return table[name].fillna(False).to_numpy(np.bool_)


def _span(table: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the axis in seconds: cases that have stood for less stand at its beginning."""
    seconds = seconds_of(table["standing"])
    usual = seconds_of(table["usual_median"])
    shortest = float(np.nanmin([np.inf, *usual]))
    least = min(float(np.quantile(seconds, 0.02)), shortest)
    low = max(least / 2, 60.0, shortest / 50 if np.isfinite(shortest) else 0.0)
    most = max(float(seconds.max()), float(np.nanmax([0.0, *seconds_of(table["usual_p90"])])))
    return low, max(1.25 * most, 4 * low)


def _draw_point(
    ax: Axes, name: str, rows: pd.DataFrame, place: float, span: tuple[float, float]
) -> None:
    """Draw the usual time at a point and the cases that stand there."""
    median, p90 = (float(np.nanmedian(s)) if not np.isnan(s).all() else float("nan")
                   for s in (seconds_of(rows["usual_median"]), seconds_of(rows["usual_p90"])))  # fmt: skip
    height = 2 * HALF + 0.22
    for end, colour in ((p90, RARE), (median, USUAL)):
        if not np.isnan(end):
            ax.barh(
                place, max(end, span[0]) - span[0], height, left=span[0], color=colour, zorder=1
            )
            ax.plot([max(end, span[0])] * 2, [place - height / 2, place + height / 2],
                    color=SOFT if colour == USUAL else INK, linewidth=1.1, zorder=1.5)  # fmt: skip
    blocked = _flag(rows, "blocked")
    seconds = np.maximum(seconds_of(rows["standing"]), 1.1 * span[0])
    _draw_cases(ax, seconds, place, _kinds(rows))
    where: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "fontsize": 8, "va": "center"}
    said = f": {human_count(len(rows))} open"
    said += f", {human_count(int(blocked.sum()))} longer than usual" if blocked.any() else ""
    said += "" if not np.isnan(median) else "; what is usual is not known"
    ax.text(0.0, place - 0.83, one_line(ax, name, 8, part=0.62) + said, **where)


def _kinds(rows: pd.DataFrame) -> Ints:
    """Return the look of every case, a place in LOOKS."""
    kind = np.where(_flag(rows, "blocked"), 1, 0)
    kind = np.where(rows["blocked"].isna(), 3, kind)
    return np.where(_flag(rows, "never"), 2, kind).astype(np.int64)


def _draw_cases(ax: Axes, seconds: Floats, place: float, kind: Ints) -> None:
    """Draw a mark per case, spread over the height of the band so that few cover each other."""
    y = place + HALF * (2 * ((0.5 + np.arange(len(seconds)) * GOLDEN) % 1.0) - 1)
    order = np.argsort(seconds, kind="stable")
    spread = np.empty(len(seconds))
    spread[order] = y
    size = float(np.clip(90.0 * len(seconds) ** -0.35, 8.0, 34.0))
    for number, look in enumerate(LOOKS):
        here = kind == number
        how: dict[str, Any] = {"linewidths": 0.7, "zorder": 3 + number}
        ax.scatter(seconds[here], spread[here], s=size * (1.3 if number == 2 else 1.0),
                   marker=look.marker, c=look.fill, edgecolors=look.edge,
                   rasterized=len(seconds) > MANY, **how)  # fmt: skip


def _label_axes(ax: Axes, points: int, span: tuple[float, float], *, office: bool) -> None:
    """Write round times on the logarithmic axis."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    ax.set_xscale("log")
    ax.set_xlim(*span)
    ax.set_ylim((points - 1) * ROW + 0.65, -1.3)
    times = round_hours(*span) if office else round_times(*span, most=7)
    said = _hours if office else human_seconds
    ax.xaxis.set_major_locator(FixedLocator(times))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: said(seconds)))
    ax.set_yticks([])
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)


def _key(ax: Axes, table: pd.DataFrame) -> float:
    """Name the marks and the band; return the height of the key."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    there = np.bincount(_kinds(table), minlength=len(LOOKS)) > 0
    signs: list[Any] = []
    names = []
    for look, drawn in zip(LOOKS, there, strict=True):
        if drawn:
            edge = {"markerfacecolor": look.fill, "markeredgecolor": look.edge, "markersize": 6}
            signs.append(Line2D([], [], linestyle="none", marker=look.marker, **edge))  # type: ignore[arg-type]
            names.append(look.name)
    if table["usual_median"].notna().any():
        signs += [Patch(facecolor=USUAL, edgecolor=SOFT), Patch(facecolor=RARE, edgecolor=INK)]
        names += ["usual: half moved on within", "nine in ten moved on within"]
    return key_above(ax, signs, names)


def _said(table: pd.DataFrame, others: int) -> str:
    """Say how many open cases are blocked, and how many of these for good."""
    blocked, never = int(_flag(table, "blocked").sum()), int(_flag(table, "never").sum())
    stand = "stands" if blocked == 1 else "stand"
    text = (
        f"{counted(len(table), 'open case')}: {human_count(blocked)} of them {stand} longer than "
        "nine in ten did at that point"
    )
    if never:
        text += f", {human_count(never)} will probably never move again"
    return f"{text}; {counted(others, 'point')} with fewer not drawn" if others else text


def round_hours(low: float, high: float) -> list[float]:
    """Return at most eight round numbers of hours between two times, all in seconds: 1, 2, 5, 10, 20 h."""
    first, last = (int(np.floor(np.log10(time / HOUR))) for time in (low, high))
    times = [HOUR * step * 10.0**power for power in range(first, last + 1) for step in (1, 2, 5)]
    inside = [time for time in times if low <= time <= high]
    return inside if len(inside) <= 8 else inside[:: -(-len(inside) // 8)]


def _hours(seconds: float) -> str:
    return f"{seconds / HOUR:,.4g} h"


def _notes(table: pd.DataFrame, low: float, *, office: bool) -> str:
    what = "office hours" if office else "time"
    text = f"{what} since the case last moved, logarithmic scale"
    less = int((seconds_of(table["standing"]) < low).sum())
    if less:
        text += f"; {counted(less, 'case')} with less at its beginning"
    unknown = int(table["usual_p90"].isna().sum())
    if unknown:
        text += f"; for {counted(unknown, 'case')} it is not known what nine in ten did"
    return text
