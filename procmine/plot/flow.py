"""The cumulative flow: how many cases were started, how many completed, and how many are open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.errors import ProcmineError
from procmine.plot.style import MAIN, REST, SOFT, axes_for, fitted, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.units import counted, human_count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("period", "period_start", "kpi", "value")
OPEN = "#8fb3cc"
KPIS = ("started", "completed", "open")
PERIODS = (
    (r"\d{4}-W\d{2}", "week", pd.DateOffset(days=7)),
    (r"\d{4}-Q\d", "quarter", pd.DateOffset(months=3)),
    (r"\d{4}-\d{2}-\d{2}", "day", pd.DateOffset(days=1)),
    (r"\d{4}-\d{2}", "month", pd.DateOffset(months=1)),
    (r"\d{4}", "year", pd.DateOffset(years=1)),
)


def plot_flow(kpis: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the cumulative flow: all cases started, all completed, and between them the open.

    Where the open band grows, work comes in faster than it is finished. Values of several keys
    (units, say) are added up; a count that is missing for one of them is missing for all. Where no
    closing is known, only the started cases are drawn, and the title says so. Each point stands at
    the end of its period, in the local time of the office.

    >>> import procmine as pm
    >>> ax = plot_flow(pm.kpis(log, period="M"))
    """
    table = expect(kpis, COLUMNS, plot="plot_flow", maker="pm.kpis(log)")
    flow = _flow(table)
    with style():
        ax = axes_for(ax, 8.0, 4.2)
        if not flow["started"].notna().any():
            return nothing_to_draw(ax, "no started cases")
        kind, length = _period(str(table["period"].iloc[0]))
        ends = flow.index.to_series() + length
        _draw_bands(ax, flow, pd.DatetimeIndex([flow.index[0], *ends]))
        _label_axes(ax, kind)
        last = str(table.sort_values("period_start")["period"].iloc[-1])
        ax.set_title(fitted(ax, _said(flow, last), 10))
    return ax


def _flow(table: pd.DataFrame) -> pd.DataFrame:
    """Return started, completed and open per period, summed over the keys."""
    flow = table[table["kpi"].isin(KPIS)]
    sums = flow.groupby(["period_start", "kpi"], observed=True)["value"].agg(
        lambda values: values.sum(skipna=False)
    )
    return sums.unstack("kpi").reindex(columns=list(KPIS)).sort_index()


def _period(text: str) -> tuple[str, pd.DateOffset]:
    """Read off the name of a period how long it is."""
    for pattern, word, length in PERIODS:
        if re.fullmatch(pattern, text):
            return word, length
    raise ProcmineError(
        f"plot_flow cannot read the period {text!r}\ngive it the table of pm.kpis(log)"
    )


def _draw_bands(ax: Axes, flow: pd.DataFrame, times: pd.DatetimeIndex) -> None:
    """Draw completed and open cases as bands on each other, and the started ones as a line."""
    started = flow["started"].to_numpy().cumsum()
    completed = flow["completed"].to_numpy().cumsum()
    still = flow["open"].to_numpy()
    before = _open_before(flow)
    x = times.to_numpy()
    if not np.isnan(completed).all():
        low, high = (
            np.concatenate(([0.0], completed)),
            np.concatenate(([before], completed + still)),
        )
        ax.fill_between(x, 0, low, color=REST, linewidth=0, label="completed")
        ax.fill_between(x, low, high, color=OPEN, linewidth=0, label="open")
        ax.plot(x, low, color=SOFT, linewidth=1.2)
    name = f"started, and {human_count(before)} open before" if before else "started"
    ax.plot(x, before + np.concatenate(([0.0], started)), color=MAIN, linewidth=1.8, label=name)
    handles, names = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], names[::-1], loc="upper left")
    ax.set_xlim(x[0], x[-1])
    ax.set_ylim(bottom=0)


def _open_before(flow: pd.DataFrame) -> float:
    """Return how many cases were open before the first period; 0 where it is not known."""
    first = flow.iloc[0]
    before = float(first["open"] - first["started"] + first["completed"])
    return 0.0 if np.isnan(before) else before


def _label_axes(ax: Axes, kind: str) -> None:
    """Say what the axes measure."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    locator = AutoDateLocator()  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda n, _: human_count(n)))
    ax.set_xlabel(f"end of the {kind} (local date)")
    ax.set_ylabel("cases, added up")


def _said(flow: pd.DataFrame, last: str) -> str:
    """Say the sums in words."""
    sums = flow[["started", "completed"]].sum(skipna=False)
    text = f"{counted(sums['started'], 'case')} started"
    if np.isnan(sums["completed"]):
        return f"{text}; how many were completed or are open is not known"
    completed, still = human_count(sums["completed"]), human_count(flow["open"].iloc[-1])
    return f"{text}, {completed} completed, {still} open after {last}"
