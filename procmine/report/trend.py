"""The trend of the cycle times: what was usual in each period, and what nine cases in ten did not exceed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.plot.style import MAIN, SOFT, axes_for, nothing_to_draw, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES = (
    ("cycle_time_p90", "90 % at most", SOFT, "--", "s"),
    ("cycle_time_median", "median", MAIN, "-", "o"),
)
FEW = 30  # periods: so many points are marked one by one
SCALES = ((2.0, 1.0, "days"), (2 / 24, 1 / 24, "hours"), (0.0, 1 / 1440, "minutes"))


def plot_trend(kpis: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the median and the p90 of the cycle times per period; a period without a case has no point.

    A line is broken where a period has none.
    """
    wide = kpis.pivot(index="period_start", columns="kpi", values="value").sort_index()
    with style():
        ax = axes_for(ax, 8.0, 3.6)
        figures = wide[[name for name, *_ in LINES]]
        if not figures.notna().any(axis=None):
            return nothing_to_draw(ax, "no case has a cycle time")
        size, unit = _scale(figures)
        for name, label, colour, dashes, marker in LINES:
            shown = marker if len(wide) <= FEW else _alone(figures[name])
            ax.plot(
                wide.index.to_numpy(),
                figures[name].to_numpy() / size,
                dashes,
                color=colour,
                label=label,
                marker=shown if isinstance(shown, str) else marker,
                markevery=None if isinstance(shown, str) else shown,
                markersize=4,
            )
        _label_axes(ax, unit)
    return ax


def _scale(figures: pd.DataFrame) -> tuple[float, str]:
    """Return the unit of the axis, in days and in words."""
    most = float(np.nanmax(figures.to_numpy()))
    return next((size, unit) for least, size, unit in SCALES if most >= least)


def _alone(values: pd.Series) -> list[int]:
    """Return the places of the points that no line reaches, as both neighbours are missing."""
    known = values.notna().to_numpy()
    beside = np.concatenate(([False], known[:-1])) | np.concatenate((known[1:], [False]))
    return [int(place) for place in np.flatnonzero(known & ~beside)]


def _label_axes(ax: Axes, unit: str) -> None:
    """Say what the axes measure."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator()  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    ax.set_ylim(bottom=0)
    ax.set_xlabel("start of the period (local date)")
    ax.set_ylabel(f"cycle time in {unit}")
    ax.legend(loc="best", ncols=2)
