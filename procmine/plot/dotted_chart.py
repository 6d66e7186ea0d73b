"""The dotted chart: every step of every case as a dot in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.plot.style import MARKERS, PALETTE, axes_for, fitted, nothing_to_draw, style
from procmine.plot.tables import choice, expect
from procmine.plot.text import cut
from procmine.plot.units import counted, human_count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SORTS = {
    "started": "by their first step",
    "ended": "by their last step",
    "duration": "by the time from first to last step",
    "case_id": "by their id",
}
WIDTH, HEIGHT = 9.0, 6.0
MANY = 2000  # dots: more are drawn as an image inside an SVG
FEW = 25  # cases: so many are named at the axis
NOT_KNOWN = "not known"
OTHERS = "#a0a0a0"
CROWDED = 3000  # cases: from here on dots are too small to have shapes
SCALES = ((2 * 86400.0, 86400.0, "days"), (2 * 3600.0, 3600.0, "hours"), (0.0, 60.0, "minutes"))


@dataclass(frozen=True)
class Look:
    """The colour and shape of the dots of one kind."""

    name: str
    colour: str
    marker: str


def plot_dotted_chart(
    steps: pd.DataFrame,
    *,
    sort: str = "started",
    relative: bool = False,
    by: str = "activity",
    ax: Axes | None = None,
) -> Axes:
    """Draw a dot per step: time to the right, a row per case, colour and shape by `by`.

    A dot stands at the end of its step, or at its start where no end is known; steps without a time
    are not drawn, and the caption counts them. `sort` orders the cases from the top: `started`,
    `ended`, `duration` or `case_id`. With `relative` time runs from the first dot of each case. The
    nine most frequent values of `by` have a colour and a shape of their own, the others share one;
    with more than 3000 cases all dots are small squares, drawn in random order so that crowded
    spots show each kind as often as it is there.

    >>> import procmine as pm
    >>> ax = plot_dotted_chart(pm.steps(log), relative=True, sort="duration")
    """
    table = expect(
        steps, ("case_id", "start", "end", by), plot="plot_dotted_chart", maker="pm.steps(log)"
    )
    choice(sort, SORTS, parameter="sort")
    dots = _dots(table, by)
    with style():
        ax = axes_for(ax, WIDTH, HEIGHT)
        if not len(dots):
            return nothing_to_draw(ax, "0 steps with a time")
        dots["row"] = _rows(dots, sort)
        _draw_dots(ax, dots.assign(x=_x_axis(ax, dots, relative)), by)
        _y_axis(ax, dots, sort)
        ax.set_title(fitted(ax, _said(dots, len(table)), 10))
    return ax


def _dots(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return case, kind and time of every step that has a time."""
    time = table["end"].fillna(table["start"])
    kind = table[by].astype("object")
    dots = pd.DataFrame(
        {"case": table["case_id"].astype("str"), "kind": kind.where(kind.notna(), NOT_KNOWN)}
    )
    dots["time"] = time.to_numpy() if time.dt.tz is None else time
    return dots[dots["time"].notna()].astype({"kind": "str"}).reset_index(drop=True)


def _rows(dots: pd.DataFrame, sort: str) -> pd.Series:
    """Return the row of every dot: cases from the top, equals by their id."""
    times = dots.groupby("case", sort=True)["time"]
    cases = pd.DataFrame({"started": times.min(), "ended": times.max()})
    cases["duration"] = cases["ended"] - cases["started"]
    ordered = cases if sort == "case_id" else cases.sort_values(by=sort, kind="stable")
    return dots["case"].map(pd.Series(np.arange(len(ordered)), index=ordered.index))


def _x_axis(ax: Axes, dots: pd.DataFrame, relative: bool) -> pd.Series:
    """Return x of every dot, and say on the axis what it is."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
    from matplotlib.ticker import FuncFormatter

    if relative:
        seconds = (dots["time"] - dots.groupby("case")["time"].transform("min")).dt.total_seconds()
        size, unit = next((size, unit) for least, size, unit in SCALES if seconds.max() >= least)
        ax.set_xlabel(f"{unit} since the first dot of the case")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,g}"))
        return seconds / size
    tz = dots["time"].dt.tz
    locator = AutoDateLocator(tz=tz)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, tz=tz)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_formatter(formatter)
    ax.set_xlabel("end of the step" + (f" (local time, {tz})" if tz else ""))
    instants = (
        dots["time"] if tz is None else dots["time"].dt.tz_convert("UTC").dt.tz_localize(None)
    )
    days = date2num(instants.to_numpy())  # type: ignore[no-untyped-call]
    return pd.Series(days, index=dots.index)


def _y_axis(ax: Axes, dots: pd.DataFrame, sort: str) -> None:
    """Put the first case at the top; few cases have their ids, many their number."""
    from matplotlib.ticker import FuncFormatter

    n = int(dots["row"].max()) + 1
    ax.set_ylim(n - 0.5, -0.5)
    ax.set_ylabel(f"cases, sorted {SORTS[sort]}")
    ax.grid(axis="y", visible=n <= FEW)
    if n <= FEW:
        ids = dots.drop_duplicates("row").sort_values("row")["case"]
        ax.set_yticks(range(n), [cut(case, 24) for case in ids])
    else:
        ax.yaxis.set_major_formatter(FuncFormatter(lambda row, _: human_count(row)))


def _looks(kinds: pd.Series) -> tuple[list[Look], npt.NDArray[np.int64]]:
    """Return the looks, the most frequent kind first, and the number of that of every dot."""
    counts = kinds.value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable")
    own = [str(kind) for kind in counts.index[: len(PALETTE)]]
    looks = [
        Look(cut(kind, 34), *look)
        for kind, look in zip(own, zip(PALETTE, MARKERS, strict=True), strict=False)
    ]
    if len(counts) > len(own):
        looks.append(Look(f"{len(counts) - len(own)} others", OTHERS, "."))
    number = {kind: i for i, kind in enumerate(own)}
    return looks, np.array([number.get(kind, len(own)) for kind in kinds], dtype=np.int64)


def _draw_dots(ax: Axes, dots: pd.DataFrame, by: str) -> None:
    """Draw the dots, and the key beside the axes."""
    looks, look = _looks(dots["kind"])
    cases = int(dots["row"].max()) + 1
    x, y = dots["x"].to_numpy(), dots["row"].to_numpy()
    size = float(np.clip(28.0 * cases**-0.3, 1.5, 6.0)) ** 2
    how: dict[str, Any] = {"s": size, "linewidths": 0, "rasterized": len(dots) > MANY}
    if cases > CROWDED:
        looks = [replace(each, marker="s") for each in looks]
        # drawn in random order, so that a spot shows each kind as often as it has dots there
        mixed = np.random.default_rng(0).permutation(len(dots))
        colours = np.array([each.colour for each in looks])[look[mixed]]
        ax.scatter(x[mixed], y[mixed], c=colours, marker="s", **how)
    else:
        for i, each in enumerate(looks):
            here = look == i
            ax.scatter(x[here], y[here], c=each.colour, marker=each.marker, **how)
    _draw_key(ax, looks, by)


def _draw_key(ax: Axes, looks: Sequence[Look], by: str) -> None:
    """Name the colours and shapes."""
    from matplotlib.lines import Line2D

    keys = [
        Line2D([], [], linestyle="none", marker=a.marker, color=a.colour, markersize=6)
        for a in looks
    ]
    legend = ax.legend(
        keys, ["-"] * len(keys), title=by, loc="upper left", bbox_to_anchor=(1.0, 1.0)
    )
    # names are set afterwards because a legend leaves out those that begin with "_"
    for text, each in zip(legend.get_texts(), looks, strict=True):
        text.set_text(each.name)
    legend.set_alignment("left")


def _said(dots: pd.DataFrame, steps: int) -> str:
    """Say how much is drawn, and what is not."""
    text = f"{counted(dots['case'].nunique(), 'case')}, {counted(len(dots), 'step')}"
    lost = steps - len(dots)
    return text + (f"; {counted(lost, 'step')} without a time not drawn" if lost else "")
