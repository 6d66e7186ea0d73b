"""How many days of a term the cases used, against the day on which it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.kernels import Floats, Ints
from procmine.plot.looks import (
    DEEMED,
    IN_TIME,
    LATE,
    OVERDUE,
    PASSED,
    PAUSED,
    RUNNING,
    WITHIN,
    StateLook,
    stacked,
)
from procmine.plot.one_term import one_term
from procmine.plot.style import INK, axes_for, fitted, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.units import counted, human_count, human_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = (
    *("term", "phase", "kind", "state", "due", "closed"),
    *("used", "used_in", "days_left", "days_late"),
)
LOOKS = (IN_TIME, RUNNING, PAUSED, LATE, OVERDUE, DEEMED)
OF_WINDOW = (WITHIN, RUNNING, PAUSED, PASSED)
WINDOW = "control_window"
BARS = 40
TAIL = 1.5  # times the p99: from such a longest case on, the axis is cut at the p99
FAR = 5.0  # times the limit: from such an end on, the axis is cut there or at the p95
USUAL = 0.5  # of the cases: a day that fewer are due on is no usual one
UNITS = {"day": "days", "working_day": "working days"}


@dataclass(frozen=True, eq=False)
class Used:
    """The rows of one term that are drawn, the days they used, and the bars that count them."""

    rows: pd.DataFrame
    days: Floats
    limit: int | None
    edges: Floats

    @property
    def states(self) -> pd.Series:
        """The state of every row, as text."""
        return self.rows["state"].astype("str")

    @property
    def window(self) -> bool:
        """Whether all rows are of a control window: time to check, in which no decision is due."""
        return bool((self.rows["kind"].astype("str") == WINDOW).all())

    @property
    def looks(self) -> list[StateLook]:
        """The looks of the states that occur."""
        looks = OF_WINDOW if self.window else LOOKS
        return [look for look in looks if self.size(look)]

    def size(self, *looks: StateLook) -> int:
        """Return how many rows are in the states of some looks."""
        return int(self.states.isin([state for look in looks for state in look.states]).sum())

    def counts(self, look: StateLook) -> Ints:
        """Return how many rows of some states each bar holds."""
        here = self.states.isin(look.states).to_numpy()
        counts: Ints = np.histogram(self.days[here], self.edges)[0]
        return counts

    @property
    def beyond(self) -> int:
        """How many rows used more days than the axis shows."""
        return int((self.days > self.edges[-1]).sum())


def plot_days_against_term(
    terms: pd.DataFrame, *, term: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how many days of a term the cases used: those that ended, and those still open so far.

    Days are those on which the clock ran (`used`, days or working days as the term is counted), so
    lawful pauses are left out. Solid bars are in time; those hatched with lines are past the due
    date, be it that they ended late, are still open, or that silence decided; a dotted one is paused.
    The due date says so and not the number of days: a term that ends on a holiday rolls, and an
    extension moves it. In a control window (`kind`) nothing is due: bars say what ended within it,
    and for what it passed. The line stands after the number of days on which the due date usually
    fell; without a usual one (each case has a date of its own) there is none. Withdrawn and unknown
    cases are only counted. Of several terms the first is drawn, or `term` ("term / phase" where it
    has phases).

    >>> import procmine as pm
    >>> table = pd.DataFrame({
    ...     "term": "permit", "phase": None, "kind": "statutory", "state": ["on_time", "late"],
    ...     "used": [20, 40], "used_in": "day", "days_left": None, "days_late": [0, 9],
    ...     "due": pd.to_datetime(["2026-03-02", "2026-03-03"]),
    ...     "closed": pd.to_datetime(["2026-02-19", "2026-03-12"]),
    ... })
    >>> plot_days_against_term(table).get_xlabel().splitlines()[0]
    'days used, pauses left out'
    """
    table = expect(terms, COLUMNS, plot="plot_days_against_term", maker="pm.terms(log, procedure)")
    with style():
        ax = axes_for(ax, 7.5, 4.2)
        if table.empty:
            return nothing_to_draw(ax, "the table of terms is empty")
        name, rows = one_term(table, term)
        used = _used(rows)
        if used is None:
            return nothing_to_draw(ax, f"no case of {name} with days that are known")
        _draw_bars(ax, used)
        _draw_limit(ax, used)
        ax.set_title(fitted(ax, f"{name}: {_said(used)}", 10), pad=_key_height(used))
        unit = UNITS[str(used.rows["used_in"].iloc[0])]
        notes = fitted(ax, _notes(rows, used), 9)
        ax.set_xlabel(f"{unit} used, pauses left out\n{notes}")
        ax.set_ylabel("cases")
    return ax


def _used(rows: pd.DataFrame) -> Used | None:
    """Choose the rows that are drawn, the usual limit, and the bars."""
    rows = drawn(rows)
    if rows.empty:
        return None
    days = rows["used"].to_numpy(dtype=np.float64)
    limit = usual_limit(rows)
    return Used(rows, days, limit, _edges(limit, _last(days, limit or 0)))


def drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a term that are drawn: withdrawn and unknown cases, and cases without known days, are not."""
    states = [state for look in LOOKS for state in look.states]
    return rows[rows["state"].isin(states) & rows["used"].notna()]


def _last(days: Floats, limit: int) -> float:
    """Return where the axis ends: at the longest case, or before it where few lie far beyond."""
    longest, p95, p99 = (float(np.quantile(days, part)) for part in (1.0, 0.95, 0.99))
    last = p99 if longest > TAIL * p99 else longest
    if limit and last > FAR * limit:
        last = max(p95, FAR * limit)
    return max(last, 1.2 * limit, 1.0)


def usual_limit(rows: pd.DataFrame) -> int | None:
    """Return after how many used days the due date fell in most cases, or None where it varies.

    It is the days used, and those from then to the due date; holidays and extensions move some.
    """
    ends = rows["closed"].fillna(rows["due"] - pd.to_timedelta(rows["days_left"], unit="D"))
    here = ends.notna() & rows["due"].notna()
    if not here.any():
        return None
    in_working_days = rows["used_in"].iloc[0] == "working_day"
    left = days_between(ends[here], rows.loc[here, "due"], working_days=in_working_days)
    limits, counts = np.unique(rows.loc[here, "used"].to_numpy(np.int64) + left, return_counts=True)
    usual = int(limits[counts.argmax()])
    return usual if counts.max() >= USUAL * counts.sum() and usual > 0 else None


def days_between(start: pd.Series, end: pd.Series, *, working_days: bool) -> Ints:
    """Return the days after the start up to the end, negative where it lies before.

    Working days are Monday to Friday: what holidays there are is not in the table.
    """
    one = np.timedelta64(1, "D")
    low, high = (dates.to_numpy().astype("datetime64[D]") for dates in (start, end))
    if working_days:
        days: Ints = np.busday_count(low + one, high + one)
    else:
        days = (high - low).astype(np.int64)
    return days


def _edges(limit: int | None, last: float) -> Floats:
    """Return at most 40 bars of whole days, one of which ends with the limit."""
    width = max(int(np.ceil(last / BARS)), 1)
    below = 0 if limit is None else limit
    first = below + 0.5 - width * np.ceil((below + 1) / width)
    edges: Floats = first + width * np.arange(np.ceil((last + 0.5 - first) / width) + 1)
    return edges


def _draw_bars(ax: Axes, used: Used) -> None:
    """Draw the bars, those in time below the late ones, and name the states that occur."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    looks = used.looks
    width = float(np.diff(used.edges)[-1])
    counts = [used.counts(look) for look in looks]
    bars = stacked(ax, looks, used.edges[1:] - width / 2, counts, upright=True, thick=width)
    names = [f"{look.name}: {human_count(used.size(look))}" for look in looks]
    ax.legend(bars, names, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderpad=0.2, ncols=2)
    ax.set_ylim(0, 1.15 * max(int(np.sum(counts, axis=0).max()), 1))
    ax.set_xlim(used.edges[0], used.edges[-1])
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda n, _: human_count(n)))
    ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))


def _key_height(used: Used) -> float:
    """Return the points that the key takes between the axes and the title."""
    return 8.0 + 13.0 * -(-len(used.looks) // 2)


def _draw_limit(ax: Axes, used: Used) -> None:
    """Draw the line after which a case is usually late."""
    if used.limit is None:
        return
    ax.axvline(used.limit + 0.5, color=INK, linewidth=1.4)
    text = f" usually {'over' if used.window else 'due'} after {human_count(used.limit)} "
    left = used.limit < 0.25 * used.edges[-1]
    where = ax.get_xaxis_transform()
    ax.text(used.limit + 0.5, 0.97, text, transform=where, ha="left" if left else "right", va="top")


def _said(used: Used) -> str:
    """Say in words how many were in time, and how many of the open ones are overdue."""
    in_time, ended = used.size(IN_TIME), used.size(IN_TIME, LATE, DEEMED)
    still = len(used.days) - ended
    if used.window:
        return _said_of_window(in_time, used.size(PASSED), still)
    share = f" ({human_share(in_time / ended)})" if ended else ""
    silent = ", or that silence decided," if used.size(DEEMED) else ""
    were = "was" if in_time == 1 else "were"
    said = f"{human_count(in_time)} of {counted(ended, 'case')} that ended{silent} {were} in time{share}"
    if still:
        said += f"; {human_count(used.size(OVERDUE))} of {human_count(still)} open ones overdue"
    return said


def _said_of_window(within: int, passed: int, still: int) -> str:
    """Say in words how many ended within the time to check, and for how many it passed.

    >>> _said_of_window(482, 97, 34)
    '482 cases ended within the time to check; for 97 it passed; for 34 it runs'
    """
    said = f"{counted(within, 'case')} ended within the time to check; for {human_count(passed)} it passed"
    return f"{said}; for {human_count(still)} it runs" if still else said


def _notes(rows: pd.DataFrame, used: Used) -> str:
    """Say how many cases are drawn, and which are not."""
    notes = [f"n = {counted(len(used.days), 'case')}"]
    for state, why in (("withdrawn", "withdrawn"), ("unknown", "without a known due date")):
        count = int((rows["state"] == state).sum())
        notes += [f"{human_count(count)} {why} not drawn"] if count else []
    if used.beyond:
        part = human_share(used.beyond / len(used.days))
        notes.append(f"{part} beyond the axis, up to {human_count(used.days.max())}")
    if used.limit is None:
        notes.append("no line, as the due date falls after another number of days in each case")
    return "; ".join(notes)
