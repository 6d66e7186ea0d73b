"""Where cases wait and why: a bar for each step, made of the causes of its waiting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.errors import ProcmineError
from procmine.kernels import Floats
from procmine.plot.keys import (
    axis_unit,
    constant_keys,
    filled,
    key_above,
    keys_of,
    one_line,
    row_names,
    rows_that_fit,
)
from procmine.plot.looks import StateLook, stacked
from procmine.plot.style import INK, MAIN, SOFT, axes_for, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.units import counted, human_seconds, human_share, seconds_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("cause", "time", "basis")
OWN = frozenset(
    {
        *(*COLUMNS, "share", "known_share", "waiting_time", "steps", "cases"),
        *("efficiency", "efficiency_without"),
    }
)
LOOKS = (
    StateLook("external (applicant, third party)", ("external",), "#ffffff", "....", MAIN),
    StateLook("batching (waits for its batch)", ("batching",), "#aebdca", "////", INK),
    StateLook("contention (busy with earlier ones)", ("contention",), "#bd4f30", "xxxx", INK),
    StateLook(
        "prioritisation (busy with later ones)", ("prioritisation",), "#e3bd8a", "\\\\\\\\", INK
    ),
    StateLook("unavailability (closed, on leave)", ("unavailability",), "#33658a", "", INK),
    StateLook("unexplained", ("unexplained",), "#e9e9e9", "", SOFT),
)
WAITING = "of waiting, from enabled to start"
SOJOURN = "from enabled to end, the work included, as steps have one time only"
MOST = 12  # bars
ROW = 1.9  # from one bar to the next: its name stands above it
THICK = 0.85
THIN = 0.001  # of the longest bar: a cause with no thicker part is not seen, nor in the key


def plot_waiting_causes(waiting: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how long cases waited for each step, and what they waited for, all cases together.

    A bar is made of the causes, in the order in which they take precedence; its length is the wait
    of all cases. A cause that could not be computed is not drawn as nothing: the words below say
    which, and its time is among the unexplained. A key that is the same in all rows stands in the
    title. Of many rows the twelve with most waiting are drawn.

    >>> table = pd.DataFrame({
    ...     "activity": "Check", "cause": ["batching", "contention"], "basis": "waiting",
    ...     "time": pd.to_timedelta([30, None], unit="D"),
    ... })
    >>> plot_waiting_causes(table).get_title(loc="left")
    '30 d of waiting: 100 % batching'
    """
    maker = 'pm.waiting_causes(log, by="activity")'
    table = expect(waiting, COLUMNS, plot="plot_waiting_causes", maker=maker)
    if "row" in table.columns:
        raise ProcmineError(
            "plot_waiting_causes draws causes by key and was given single steps\n"
            f"give it the table of {maker}"
        )
    keys, about = _keys(table)
    parts = _parts(table, keys)
    with style():
        if parts.empty:
            return nothing_to_draw(axes_for(ax, 7.5, 2.5), _why_nothing(table))
        shown = parts.head(rows_that_fit(ax, MOST))
        ax = axes_for(ax, 8.0, 1.9 + 0.42 * len(shown))
        key = _draw_bars(ax, shown)
        ax.set_title(filled(ax, about + _said(parts, len(shown), table), 10), fontsize=10, pad=key)
        _, unit = axis_unit(_longest(shown))
        ax.set_xlabel(filled(ax, f"{unit} {_measured(table)}{_unknown(parts)}", 9), fontsize=9)
    return ax


def _keys(table: pd.DataFrame) -> tuple[list[str], str]:
    """Return the keys that name the bars, and what the title says of the others: a label that all have."""
    keys = keys_of(table, OWN)
    told, about = constant_keys(table, keys)
    return (told, f"{about}: ") if told and about else (keys, "")


def _parts(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the seconds of every cause (across) of every row (down), the longest wait first."""
    rows = pd.DataFrame(
        {
            "name": row_names(table, keys).to_numpy() if keys else "all steps",
            "cause": table["cause"].astype("str").to_numpy(),
            "seconds": seconds_of(table["time"]),
        }
    )
    found = rows.groupby(["name", "cause"], sort=False)["seconds"].sum(min_count=1)
    wide = found.unstack("cause").reindex(columns=[look.states[0] for look in LOOKS])
    total = wide.sum(axis=1)
    order = total[total > 0].sort_index().sort_values(ascending=False, kind="stable").index
    return wide.reindex(order)


def _longest(parts: pd.DataFrame) -> float:
    return float(parts.sum(axis=1).max())


def _draw_bars(ax: Axes, parts: pd.DataFrame) -> float:
    """Draw a bar for each row, its name above and its length behind it; return the height of the key."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    size, _ = axis_unit(_longest(parts))
    places: Floats = ROW * np.arange(len(parts), dtype=np.float64)
    lengths: list[Floats] = [parts[name].fillna(0).to_numpy() / size for name in parts.columns]
    least = THIN * max(np.sum(lengths, axis=0))
    used = [i for i, length in enumerate(lengths) if length.any()]
    looks = [LOOKS[i] for i in used]
    bars = stacked(ax, looks, places, [lengths[i] for i in used], upright=False, thick=THICK)
    total: Floats = np.sum(lengths, axis=0)
    ax.set_xlim(0, 1.14 * total.max())
    _write_rows(ax, places, [str(name) for name in parts.index], total, size)
    ax.set_yticks([])
    ax.set_ylim(places[-1] + 0.7, -1.5)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,g}"))
    named = [n for n, i in enumerate(used) if lengths[i].max() >= least]
    return key_above(ax, [bars[n] for n in named], [looks[n].name for n in named])


def _write_rows(ax: Axes, places: Floats, names: Sequence[str], total: Floats, size: float) -> None:
    for place, name, length in zip(places, names, total, strict=True):
        said = f" {human_seconds(length * size)}"
        ax.text(length, place, said, va="center", fontsize=8, color=SOFT)
        where: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "va": "center"}
        ax.text(0.0, place - 0.88, one_line(ax, name, 8), fontsize=8, **where)


def _said(parts: pd.DataFrame, shown: int, table: pd.DataFrame) -> str:
    """Say how long the wait was, and the causes that made most of it."""
    sums = parts.sum()
    total = float(sums.sum())
    top = sums[sums > 0].sort_values(ascending=False, kind="stable").head(3)
    said = ", ".join(f"{human_share(time / total)} {cause}" for cause, time in top.items())
    what = "from enabled to end" if _is_sojourn(table) else "of waiting"
    more = len(parts) - shown
    left = f"; {counted(more, 'row')} with less waiting not drawn" if more > 0 else ""
    return f"{human_seconds(total)} {what}: {said}{left}"


def _is_sojourn(table: pd.DataFrame) -> bool:
    return bool(table["basis"].astype("str").str.startswith("sojourn").any())


def _measured(table: pd.DataFrame) -> str:
    """Say what the length of a bar is."""
    text = SOJOURN if _is_sojourn(table) else WAITING
    more = table["basis"].astype("str").str.partition("; ")[2]
    estimated = next((said for said in more if said), "")
    return f"{text}; all cases together" + (f"; {estimated}" if estimated else "")


def _unknown(parts: pd.DataFrame) -> str:
    """Say which causes could not be computed, for all rows or for some."""
    lost = parts.isna().sum()
    none = [str(cause) for cause in parts.columns if lost[cause] == len(parts)]
    some = [
        f"{cause} (in {lost[cause]} of {counted(len(parts), 'row')})"
        for cause in parts.columns
        if 0 < lost[cause] < len(parts)
    ]
    if not none + some:
        return ""
    return f". Not computable, so among the unexplained: {', '.join(none + some)}"


def _why_nothing(table: pd.DataFrame) -> str:
    return "no step waited" if table["time"].notna().any() else "no wait is known"
