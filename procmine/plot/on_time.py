"""How many cases ended in time, period by period, with how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.plot.style import (
    INK,
    LINE,
    MAIN,
    PALE,
    SOFT,
    axes_for,
    fitted,
    nothing_to_draw,
    style,
)
from procmine.plot.tables import expect
from procmine.plot.text import cut
from procmine.plot.units import counted, human_count, human_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("period", "period_start", "term", "kpi", "value", "n", "low", "high")
OWN = frozenset({*COLUMNS, "measured_in", "basis"})
SHARE, COMPLETED = "on_time_share", "timeliness"
FEW = 10  # cases: a share of fewer is drawn hollow
MANY = 40  # periods: so many have a band in place of a whisker each
NUMBERED = 16  # periods: so few have their n in figures
MOST = 8  # strips
TICKS = 9  # periods that are named
STEP = 1.7  # from one strip to the next; a strip is 1 high, below it stands its n
KEY_HEIGHT = 34.0  # points between the axes and the title, for the key
FOOT = 0.3  # the height of the n below a strip


@dataclass(frozen=True, eq=False)
class Strip:
    """The shares of one group, a value per period, and where on the axes they stand."""

    name: str
    shares: pd.DataFrame
    completed: pd.DataFrame
    foot: float

    @property
    def n(self) -> npt.NDArray[np.float64]:
        """How many cases are behind each share."""
        return np.asarray(self.shares["n"], dtype=np.float64)


def plot_on_time(kpis: pd.DataFrame, *, term: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the share of cases that ended in time, per period, a strip for each unit or other key.

    The line is `on_time_share`: of the cases that ended in the period (also by silence), and of those
    that were open and overdue at its end, the part that ended in time; so it does not rise by leaving
    late cases open. The dashed line is `timeliness`, of those that ended alone. Whiskers (a band where there
    are many periods) are the 95 % interval of Wilson; a share of fewer than 10 cases is hollow.
    Below stands n. Of several terms the first is drawn, or `term`; of many groups the eight largest
    are, and the title counts the others.

    >>> import procmine as pm
    >>> table = pd.DataFrame({
    ...     "period": "2026-01", "period_start": pd.Timestamp("2026-01-01"), "term": "permit",
    ...     "kpi": ["timeliness", "on_time_share"], "value": [0.9, 0.8], "n": [40, 45],
    ...     "low": [0.77, 0.66], "high": [0.96, 0.89],
    ... })
    >>> plot_on_time(table).get_ylabel()
    'share in time'
    """
    table = expect(kpis, COLUMNS, plot="plot_on_time", maker="pm.kpis(log, procedure)")
    rows = table[table["kpi"].isin([SHARE, COMPLETED]) & table["term"].notna()].reset_index(
        drop=True
    )
    with style():
        if not (rows["n"] > 0).any():
            return nothing_to_draw(axes_for(ax, 8.0, 3.6), "no case with a known due date")
        term = _chosen(rows, term)
        strips, others = _strips(rows[rows["term"] == term])
        ax = axes_for(ax, 8.0, 1.9 + 1.25 * len(strips) + (0.7 if len(strips) == 1 else 0))
        for strip in strips:
            _draw_strip(ax, strip)
        _label_axes(ax, strips)
        ax.set_title(fitted(ax, _said(term, strips, others), 10), pad=KEY_HEIGHT)
    return ax


def _chosen(rows: pd.DataFrame, term: str | None) -> str:
    """Return the term to be drawn: the one asked for, or the first that has a case."""
    known = rows.loc[rows["n"] > 0, "term"].astype("str").drop_duplicates().tolist()
    if term is not None and term not in known:
        raise LabelNotFoundError.among(term, known, what="term")
    return known[0] if term is None else term


def _strips(rows: pd.DataFrame) -> tuple[list[Strip], int]:
    """Return a strip per group, the largest on top, and how many groups are left out."""
    keys = [name for name in rows.columns if name not in OWN]
    if len(keys) > 1:
        raise ProcmineError(
            f"plot_on_time draws one key and the table has {', '.join(map(str, keys))}\n"
            "make it with pm.kpis(log, procedure, by=[...]) of one name"
        )
    names = (
        rows[keys[0]].astype("str").fillna("(missing)") if keys else rows["term"].map(lambda _: "")
    )
    sizes = rows[rows["kpi"] == SHARE].groupby(names)["n"].sum()
    ordered = sizes.sort_index().sort_values(ascending=False, kind="stable")
    kept = list(ordered[ordered > 0].index[:MOST])
    strips = [
        _strip(name, rows[names == name], -i * STEP if name else 0.0) for i, name in enumerate(kept)
    ]
    return strips, int((ordered > 0).sum()) - len(kept)


def _strip(name: str, rows: pd.DataFrame, foot: float) -> Strip:
    """Return the strip of one group: its two shares by period."""
    parts = [rows[rows["kpi"] == kpi].sort_values("period_start") for kpi in (SHARE, COMPLETED)]
    return Strip(name, parts[0], parts[1], foot)


def _draw_strip(ax: Axes, strip: Strip) -> None:
    """Draw the shares of one group, how sure they are, and below them their n."""
    x, y = _line(strip.shares, strip.foot)
    for height in (0.0, 0.5, 1.0):
        ax.axhline(strip.foot + height, color=LINE, linewidth=0.6, zorder=0.5)
    _draw_intervals(ax, strip, x)
    ax.plot(*_line(strip.completed, strip.foot), color=SOFT, linewidth=1.0, linestyle=(0, (4, 2)))
    ax.plot(x, y, color=MAIN, linewidth=1.5)
    few = strip.n < FEW
    if len(x) <= MANY:
        ax.plot(x[~few], y[~few], "o", color=MAIN, markersize=4.5)
    size = 4.5 if len(x) <= MANY else 2.5
    ax.plot(x[few], y[few], "o", markerfacecolor="#ffffff", markeredgecolor=MAIN, markersize=size)
    _draw_n(ax, strip, x)
    if strip.name:
        how: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "fontsize": 8, "va": "bottom"}
        ax.text(0.0, strip.foot + 1.04, cut(strip.name, 70), **how)


def _line(
    rows: pd.DataFrame, foot: float
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.float64]]:
    return rows["period_start"].to_numpy(), foot + rows["value"].to_numpy(np.float64)


def _draw_intervals(ax: Axes, strip: Strip, x: npt.NDArray[np.datetime64]) -> None:
    """Draw how sure the shares are: a whisker each, or one band where there are many."""
    low, high = (strip.foot + strip.shares[side].to_numpy(np.float64) for side in ("low", "high"))
    if len(x) > MANY:
        ax.fill_between(x, low, high, color=PALE, linewidth=0, zorder=1)
    else:
        ax.vlines(x, low, high, color=PALE, linewidth=4.0, zorder=1)


def _draw_n(ax: Axes, strip: Strip, x: npt.NDArray[np.datetime64]) -> None:
    """Write n below each share, or draw it as bars where there are too many to be written."""
    if len(x) <= NUMBERED:
        for place, n in zip(x, strip.n, strict=True):
            how: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 7, "color": SOFT}
            ax.text(place, strip.foot - 0.16, human_count(n), **how)
        return
    most = strip.n.max()
    base = strip.foot - 0.06 - FOOT
    ax.vlines(x, base, base + FOOT * strip.n / most, color=LINE, linewidth=min(5, 250 / len(x)))
    where: dict[str, Any] = {
        "transform": ax.get_yaxis_transform(),
        "fontsize": 7,
        "color": SOFT,
        "va": "center",
    }
    ax.text(1.005, base + FOOT / 2, f"n up to {human_count(most)}", **where)


def _label_axes(ax: Axes, strips: Sequence[Strip]) -> None:
    """Say what the axes measure, and what the lines are."""
    from matplotlib.lines import Line2D

    _write_periods(ax, strips[0].shares)
    ticks = [(strip.foot + share, f"{share:.0%}".replace("%", " %")) for strip in strips
             for share in (0.0, 0.5, 1.0)]  # fmt: skip
    ax.set_yticks([place for place, _ in ticks], [text for _, text in ticks])
    ax.set_ylim(strips[-1].foot - FOOT - 0.12, strips[0].foot + (1.3 if strips[0].name else 1.08))
    ax.grid(visible=False)
    ax.set_xlabel(_n_said(len(strips[0].n)))
    ax.set_ylabel("share in time")
    keys = [
        Line2D([], [], color=MAIN, marker="o", markersize=4.5),
        Line2D([], [], color=SOFT, linestyle=(0, (4, 2))),
        Line2D([], [], color=PALE, linewidth=4),
        Line2D([], [], color=INK, linestyle="none", marker="o", markerfacecolor="#ffffff"),
    ]
    names = ["of those that ended and those open and overdue", "of those that ended alone",
             "95 % interval", f"fewer than {FEW} cases"]  # fmt: skip
    ax.legend(keys, names, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderpad=0.2, ncols=2)


def _write_periods(ax: Axes, shares: pd.DataFrame) -> None:
    """Name the periods at their start, as many as can be read."""
    every = -(-len(shares) // TICKS)
    x = shares["period_start"].to_numpy()
    ax.set_xticks(x[::every], [str(period) for period in shares["period"].iloc[::every]])
    if len(x) == 1:
        around = np.timedelta64(20, "D")
        ax.set_xlim(x[0] - around, x[0] + around)


def _n_said(periods: int) -> str:
    """Say what stands below the shares."""
    how = "numbers" if periods <= NUMBERED else "bars"
    return f"period (local dates); {how}: n, cases that ended, or are open and overdue at its end"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _said(term: str, strips: Sequence[Strip], others: int) -> str:
    """Say in words how many of all cases that ended were in time, and how it stands at the end."""
    completed = pd.concat([strip.completed for strip in strips])
    n = int(completed["n"].sum())
    text = f"{term}: no case has ended yet"
    if n:
        in_time = float((completed["value"] * completed["n"]).sum()) / n
        text = (
            f"{term}: {human_share(in_time)} of {counted(n, 'case')} that ended {_were(n)} in time"
        )
    last = strips[0].shares.iloc[-1]
    if len(strips) == 1 and last["n"] > 0:
        of = counted(last["n"], "case")
        text += f"; {human_share(last['value'])} of {of} in {last['period']} with those overdue"
    return f"{text}; {counted(others, 'smaller group')} not drawn" if others else text
