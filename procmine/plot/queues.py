"""The queues over time: how many cases wait for each step, and how many are worked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.kernels import Floats
from procmine.plot.keys import (
    filled,
    key_above,
    keys_of,
    one_line,
    row_names,
    rows_that_fit,
)
from procmine.plot.style import INK, LINE, MAIN, PALE, axes_for, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.units import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("period", "period_start", "waiting", "mean_waiting")
OWN = frozenset(
    {*COLUMNS, "arrivals", "departures", "in_progress", "mean_in_progress", "basis", "measured_in"}
)
AHEAD = "(open cases, the next step is not known yet)"
ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
MOST = 8  # strips
NEAR = 0.25  # the end of a queue and the mean of its last period: further apart both are told
STEP = 1.42  # from one strip to the next; a strip is 1 high, above it stands its name


@dataclass(frozen=True, eq=False)
class Strip:
    """The queue of one key: its name, the ends of its periods and the mean lengths in them."""

    name: str
    edges: npt.NDArray[np.datetime64]
    waiting: Floats
    worked_at: Floats
    now: float

    @property
    def last(self) -> float:
        """The mean length in the last period: where its line ends."""
        return float(self.waiting[-1])

    @property
    def is_ahead(self) -> bool:
        """Whether these are the open cases of which the next step is not known yet."""
        return AHEAD in self.name

    @property
    def mean(self) -> float:
        """The mean length of the queue over the whole time, NaN where it is not known."""
        length = np.diff(self.edges).astype(np.float64)
        known = ~np.isnan(self.waiting)
        if not known.any():
            return float("nan")
        return float(np.average(self.waiting[known], weights=length[known]))


def plot_queues(queues: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how long the queues were, period by period, a strip for each step, unit or other key.

    The filled steps are the mean number of cases that waited in the period, the dashed line the mean
    number that was worked at (where starts are known). All strips have the same scale, the longest
    queue stands on top, and of many the eight longest are drawn. Open cases whose next step is not
    known yet have a strip of their own with a scale of its own; they are missing in the last
    periods of the other strips, and the words below say so.

    >>> table = pd.DataFrame({
    ...     "period": ["2026-01", "2026-02"], "activity": "Check", "waiting": [4, 6],
    ...     "period_start": pd.to_datetime(["2026-01-01", "2026-02-01"]), "mean_waiting": [3.0, 5.0],
    ... })
    >>> plot_queues(table).get_title(loc="left")
    'the longest queue is that for Check: 4 cases on average, 6 at the end'
    """
    table = expect(queues, COLUMNS, plot="plot_queues", maker="pm.queues(log)")
    strips = _strips(table)
    with style():
        if not strips:
            return nothing_to_draw(axes_for(ax, 8.0, 2.5), "no queue has a known length")
        shown, ahead = _shown(strips, rows_that_fit(ax, MOST, 46.0))
        ax = axes_for(ax, 8.5, 1.6 + 0.85 * len(shown) + (1.2 if len(shown) == 1 else 0))
        tops = [_top([s for s in shown if s.is_ahead == strip.is_ahead]) for strip in shown]
        for number, (strip, top) in enumerate(zip(shown, tops, strict=True)):
            _draw_strip(ax, strip, -number * STEP, top, now=strip.is_ahead or not ahead)
        _label_axes(ax, shown, tops)
        key = _key(ax, table, shown)
        ax.set_title(filled(ax, _said(strips, shown, ahead), 10), fontsize=10, pad=key)
        ax.set_xlabel(filled(ax, _notes(table, len(shown), ahead), 9), fontsize=9)
    return ax


def _strips(table: pd.DataFrame) -> list[Strip]:
    """Return a strip per key whose queue is known, the longest first."""
    keys = keys_of(table, OWN)
    table = _with_ahead(table, keys)
    names = row_names(table, keys) if keys else pd.Series("all steps", index=table.index)
    found = [_strip(str(name), rows) for name, rows in table.groupby(names, sort=True)]
    known = [strip for strip in found if not np.isnan(strip.mean)]
    return sorted(known, key=lambda strip: (strip.is_ahead, -strip.mean))


def _shown(strips: Sequence[Strip], most: int) -> tuple[list[Strip], int]:
    """Return the longest queues, and last the open cases whose next step is not known, if there are any."""
    ahead = [strip for strip in strips if strip.is_ahead]
    queues = [strip for strip in strips if not strip.is_ahead]
    ahead = ahead[: max(most // 2, 1)]
    return queues[: max(most - len(ahead), 1)] + ahead, len(ahead)


def _with_ahead(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Name the step, or else the unit, that open cases wait for and that is not known yet."""
    step = next((key for key in ("activity", "unit") if key in keys), None)
    if step is None:
        return table
    return table.assign(**{step: table[step].astype("str").fillna(AHEAD)})


def _strip(name: str, rows: pd.DataFrame) -> Strip:
    rows = rows.sort_values("period_start")
    starts = rows["period_start"].to_numpy("datetime64[us]")
    length = np.diff(starts)[-1] if len(starts) > 1 else np.timedelta64(7, "D")
    last = rows["waiting"].dropna()
    worked = rows.get("mean_in_progress", pd.Series(np.nan, index=rows.index))
    return Strip(
        name,
        np.append(starts, starts[-1] + length),
        _floats(rows["mean_waiting"]),
        _floats(worked),
        float(last.iloc[-1]) if len(last) else float("nan"),
    )


def _floats(values: pd.Series) -> Floats:
    return np.asarray(values.astype("float64"), dtype=np.float64)


def _top(strips: Sequence[Strip]) -> float:
    """Return the round number at the top of some strips."""
    values = np.concatenate([np.append(s.waiting, s.worked_at) for s in strips])
    most = max(float(np.nanmax(values)), 0.01)
    power = 10.0 ** np.floor(np.log10(most))
    return float(next(step * power for step in ROUND if step * power >= most))


def _draw_strip(ax: Axes, strip: Strip, foot: float, top: float, *, now: bool) -> None:
    """Draw one queue, with its name and what is usual above it."""
    height = foot + strip.waiting / top
    how: dict[str, Any] = {"baseline": foot, "fill": True, "facecolor": PALE, "edgecolor": MAIN}
    ax.stairs(np.nan_to_num(height, nan=foot), strip.edges, linewidth=0.9, **how)
    if not np.isnan(strip.worked_at).all() and not strip.is_ahead:
        worked = foot + np.append(strip.worked_at, strip.worked_at[-1]) / top
        dashes: dict[str, Any] = {"linestyle": (0, (3, 1.5)), "drawstyle": "steps-post"}
        ax.plot(strip.edges, worked, color=INK, linewidth=0.9, **dashes)
    for level in (0.0, 1.0):
        ax.axhline(foot + level, color=LINE, linewidth=0.6, zorder=0.5)
    said = f": {_figure(strip.mean)} on average" + (_ending(strip) if now else "")
    where: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "fontsize": 8, "va": "bottom"}
    name = one_line(ax, strip.name, 8, part=0.6)
    ax.text(0.0, foot + 1.03, name + said, **where)


def _ending(strip: Strip) -> str:
    """Say how long the queue was at the end, and in the last period, where that is what the line shows."""
    if np.isnan(strip.now):
        return ""
    end = f"{_figure(strip.now)} at the end"
    if np.isnan(strip.last) or abs(strip.now - strip.last) <= NEAR * max(strip.now, strip.last, 1):
        return f", {end}"
    return f", {_figure(strip.last)} in the last period and {end}"


def _figure(number: float) -> str:
    """Write a number of cases: one decimal below ten.

    >>> _figure(0.04), _figure(3.0), _figure(3.14), _figure(1204.4)
    ('0.0', '3', '3.1', '1,204')
    """
    if number == round(number):
        return f"{number:,.0f}"
    return f"{number:,.1f}" if number < 9.95 else f"{number:,.0f}"


def _label_axes(ax: Axes, strips: Sequence[Strip], tops: Sequence[float]) -> None:
    """Write the scale of every strip, and dates below."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    ticks = [
        (-number * STEP + level, _figure(level * top))
        for number, top in enumerate(tops)
        for level in (0, 1)
    ]
    ax.set_yticks([place for place, _ in ticks], [text for _, text in ticks])
    ax.set_ylim(-(len(strips) - 1) * STEP - 0.08, 1.14 if len(strips) == 1 else 1.38)
    first, last = min(s.edges[0] for s in strips), max(s.edges[-1] for s in strips)
    ax.set_xlim(first, last)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    locator = AutoDateLocator()  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    ax.set_ylabel("cases", fontsize=9)


def _key(ax: Axes, table: pd.DataFrame, strips: Sequence[Strip]) -> float:
    """Say what is filled and what is dashed; return the height of the key."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    what = "waiting or worked at" if _is_sojourn(table) else "waiting"
    signs: list[Any] = [Patch(facecolor=PALE, edgecolor=MAIN, linewidth=0.9)]
    names = [f"{what} (mean of the period)"]
    if any(not np.isnan(strip.worked_at).all() for strip in strips):
        signs.append(Line2D([], [], color=INK, linewidth=0.9, linestyle=(0, (3, 1.5))))
        names.append("worked at (mean of the period)")
    return key_above(ax, signs, names)


def _is_sojourn(table: pd.DataFrame) -> bool:
    """Tell whether the log has one timestamp, so that who waits and who is worked at is one number."""
    if "basis" not in table.columns:
        return False
    return bool(table["basis"].astype("str").str.startswith("sojourn").any())


def _said(strips: Sequence[Strip], shown: Sequence[Strip], ahead: int) -> str:
    """Say which queue is the longest."""
    longest = strips[0]
    if longest.is_ahead:
        return f"{_cases(longest.mean)} wait on average for a step that is not known yet"
    ends = "" if ahead else _ending(longest)
    text = f"the longest queue is that for {longest.name}: {_cases(longest.mean)} on average{ends}"
    more = len(strips) - len(shown)
    return f"{text}; {counted(more, 'shorter queue')} not drawn" if more > 0 else text


def _cases(number: float) -> str:
    return f"{_figure(number)} case{'' if number == 1 else 's'}"


def _notes(table: pd.DataFrame, strips: int, ahead: int) -> str:
    """Say what holds of all strips, and what is not known towards the end."""
    text = "local date"
    if strips - ahead > 1:
        last = "" if not ahead else " but the last" if ahead == 1 else f" but the last {ahead}"
        text += f"; all strips{last} have the same scale"
    if _is_sojourn(table):
        text += "; steps have one time only, so the work itself is in the queue"
    if ahead:
        text += (
            "; for what open cases wait will be seen when it begins: the other queues end too low"
        )
    return text
