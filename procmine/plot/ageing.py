"""How old the open cases are, and how many of each age are running, paused or overdue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.kernels import Ints
from procmine.plot.looks import DEEMED, OVERDUE, PAUSED, RUNNING, stacked
from procmine.plot.one_term import term_names
from procmine.plot.style import SOFT, axes_for, fitted, nothing_to_draw, style
from procmine.plot.tables import choice, expect
from procmine.plot.text import cut
from procmine.plot.units import counted, human_count, human_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("case_id", "term", "phase", "kind", "state", "closed", "gross_days")
WINDOW = "control_window"
LOOKS = (RUNNING, PAUSED, OVERDUE)
BANDS = ((0, 30), (31, 60), (61, 90), (91, 180), (181, None))
MOST = 8  # groups
BLOCK = len(BANDS) + 1.9  # rows from one group to the next


def plot_ageing(terms: pd.DataFrame, *, by: str = "term", ax: Axes | None = None) -> Axes:
    """Draw how many open cases are how old, by term or by unit, and what their clocks do.

    The age is in calendar days from the start of the term to the day of the table (`gross_days`,
    pauses included). A bar is made of cases whose clock runs, of those it stands still for, and of
    those past their due date; open cases that silence has decided, and those whose control window
    (`kind`) has passed, are only counted. By unit a case counts once
    for each of its terms. Of many groups the eight with most open cases are drawn.

    >>> import procmine as pm
    >>> table = pd.DataFrame({
    ...     "case_id": ["1", "2"], "term": "permit", "phase": None,
    ...     "state": ["running", "overdue"], "gross_days": [12, 70], "kind": "statutory",
    ...     "closed": pd.NaT,
    ... })
    >>> plot_ageing(table).get_title(loc="left")
    '2 open cases, 1 of them overdue (50 %)'
    """
    choice(by, ("term", "unit"), parameter="by")
    columns = COLUMNS if by == "term" else (*COLUMNS, "unit")
    table = expect(terms, columns, plot="plot_ageing", maker="pm.terms(log, procedure)")
    rows = drawn(table)
    with style():
        if rows.empty:
            return nothing_to_draw(axes_for(ax, 7.5, 2.5), "no case is open with a known due date")
        names = term_names(rows) if by == "term" else rows["unit"].astype("str").fillna("(missing)")
        sizes = names.value_counts().sort_index().sort_values(ascending=False, kind="stable")
        groups = list(sizes.index[:MOST])
        ax = axes_for(ax, 7.5, 1.3 + 1.25 * len(groups))
        counts = np.stack([_counts(rows[names == name]) for name in groups])
        _draw_bars(ax, groups, counts)
        ax.set_title(fitted(ax, _said(rows, len(sizes) - len(groups)), 10), pad=22.0)
        ax.set_xlabel(
            fitted(ax, f"open cases, by days since the start of the term{_left(table)}", 9)
        )
    return ax


def drawn(terms: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of open cases, as far as their age is known."""
    states = [state for look in LOOKS for state in look.states]
    return terms[terms["state"].isin(states) & terms["gross_days"].notna()]


def _left(terms: pd.DataFrame) -> str:
    """Say how many cases without an end are left out, as silence has decided them or the time to check has passed."""
    silent = terms["state"].isin(DEEMED.states) & terms["closed"].isna()
    window = terms["kind"].astype("str") == WINDOW
    found = {
        "that silence has decided, without a decision": int((silent & ~window).sum()),
        "whose time to check has passed": int((silent & window).sum()),
    }
    return "".join(f"; {human_count(n)} {why}, not drawn" for why, n in found.items() if n)


def _counts(rows: pd.DataFrame) -> Ints:
    """Return how many cases of each look (down) are in each band of age (across)."""
    edges = np.array([low for low, _ in BANDS])
    band = np.searchsorted(edges, rows["gross_days"].to_numpy(np.int64), side="right") - 1
    of_look = [rows["state"].isin(look.states).to_numpy() for look in LOOKS]
    return np.stack([np.bincount(band[here], minlength=len(BANDS)) for here in of_look])


def band_name(band: tuple[int, int | None]) -> str:
    """Write a band of ages.

    >>> [band_name(band) for band in BANDS][-2:]
    ['91–180 d', 'over 180 d']
    """
    low, high = band
    return f"over {low - 1} d" if high is None else f"{low}–{high} d"


def _draw_bars(ax: Axes, groups: Sequence[str], counts: Ints) -> None:
    """Draw five bars for each group, its name above them and the count behind each."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    places = np.concatenate([g * BLOCK + np.arange(len(BANDS)) for g in range(len(groups))])
    lengths = [counts[:, i, :].ravel().astype(float) for i in range(len(LOOKS))]
    bars = stacked(ax, LOOKS, places, lengths, upright=False, thick=0.8)
    total = np.sum(lengths, axis=0)
    for place, n in zip(places, total, strict=True):
        ax.text(n, place, f" {human_count(n)}", va="center", fontsize=8, color=SOFT)
    for g, name in enumerate(groups):
        where: dict[str, Any] = {
            "transform": ax.get_yaxis_transform(),
            "fontsize": 8,
            "va": "center",
        }
        ax.text(0.0, g * BLOCK - 0.95, cut(name, 80), **where)
    ax.set_yticks(places, [band_name(band) for band in BANDS] * len(groups))
    ax.set_ylim(places[-1] + 0.7, -1.6)
    ax.set_xlim(0, 1.12 * total.max())
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda n, _: human_count(n)))
    names = [look.name for look in LOOKS]
    ax.legend(bars, names, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderpad=0.2, ncols=3)


def _said(rows: pd.DataFrame, others: int) -> str:
    """Say in words how many are open, and how many of these overdue."""
    cases = rows["case_id"].nunique()
    overdue = rows.loc[rows["state"].isin(OVERDUE.states), "case_id"].nunique()
    text = f"{counted(cases, 'open case')}, {human_count(overdue)} of them overdue ({human_share(overdue / cases)})"
    return f"{text}; {counted(others, 'smaller group')} not drawn" if others else text
