"""The days of one case: what happened, whose time it was, and what the clock of every term did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.plot.event_labels import SIZE, EventLabel, event_labels, width_of
from procmine.plot.one_term import term_names
from procmine.plot.style import INK, LINE, MAIN, SOFT, axes_for, fitted, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.text import cut
from procmine.plot.units import counted

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

COLUMNS = ("term", "phase", "kind", "label", "from", "until")
WIDTH = 9.0  # inches
LEVEL, LANE, BAR, HEAD = 28.0, 44.0, 15.0, 16.0  # points
MOST_LEVELS = 16
CLOCK: dict[str, tuple[str, dict[str, Any]]] = {
    "running": ("running", {"facecolor": MAIN, "edgecolor": MAIN}),
    "paused": ("paused", {"facecolor": "#ffffff", "edgecolor": MAIN, "hatch": "////"}),
    "voided": ("voided by a new start", {"facecolor": "#e6edf2", "edgecolor": LINE}),
    "after_due": ("after the due date", {"facecolor": "#d6a15e", "edgecolor": INK, "hatch": "xxx"}),
}
OWNERS: dict[str, tuple[str, dict[str, Any]]] = {
    "office": ("office", {"facecolor": "#7d93a5", "edgecolor": INK}),
    "applicant": ("applicant", {"facecolor": "#f0e3b8", "edgecolor": INK}),
    "third_party": ("third party", {"facecolor": "#ffffff", "edgecolor": INK, "hatch": "...."}),
}


@dataclass(frozen=True, eq=False)
class Lane:
    """A line of stretches with its heading, and the due date where there is one."""

    head: str
    stretches: pd.DataFrame
    looks: dict[str, tuple[str, dict[str, Any]]]
    column: str
    due: pd.Timestamp | None = None


def plot_case_timeline(timeline: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the days of one case, from left to right, in lanes.

    On top stand the events. Below them whose time it was, and for each term when its clock ran,
    stood still lawfully, was voided by a new start, or ran on after the due date; the flag marks
    the end of the due date, the dotted line that of the day of the table. A stretch holds the days
    after its first up to and including its last. For a case that ended before the day of the table
    the picture ends with the case. Where there is no room for all names of events,
    the title says how many are left out.

    >>> import procmine as pm
    >>> table = pd.DataFrame({
    ...     "term": [None, "permit"], "phase": None, "kind": ["event", "running"],
    ...     "label": ["Application registered", None],
    ...     "from": pd.to_datetime(["2026-03-02"] * 2),
    ...     "until": pd.to_datetime(["2026-03-02", "2026-03-20"]),
    ... })
    >>> ax = plot_case_timeline(table)
    """
    table = expect(
        timeline, COLUMNS, plot="plot_case_timeline", maker="pm.case_timeline(log, procedure, case)"
    )
    with style():
        if table.empty:
            return nothing_to_draw(axes_for(ax, WIDTH, 2.0), "the timeline is empty")
        table = _until_the_end(table)
        lanes = _lanes(table)
        labels, last = _events(table, 0.86 * WIDTH * 72 if ax is None else _width(ax))
        levels = min(max((label.level for label in labels), default=0) + 1, _room(ax, lanes))
        shown = [label for label in labels if label.level < levels]
        ax = axes_for(ax, WIDTH, (levels * LEVEL + len(lanes) * LANE + 90) / 72)
        _draw_events(ax, labels, levels)
        for number, lane in enumerate(lanes):
            _draw_lane(ax, lane, -(number + 1) * LANE)
        _draw_today(ax, table)
        _label_axes(ax, table, last, levels, lanes)
        ax.set_title(
            fitted(ax, _said(table, len(labels) - len(shown)), 10), pad=_key(ax, table, lanes)
        )
    return ax


def _until_the_end(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table without the day of the table where the case had ended long before it."""
    stands = table["kind"] == "as_of"
    last = table.loc[~stands, "until"].max()
    later = stands & (table["until"] > last)
    return table[~later] if later.any() and not stands.all() else table


def _lanes(table: pd.DataFrame) -> list[Lane]:
    """Return the lane of the owners and one per clock, in the order of the table."""
    owners = _joined(table[table["kind"] == "owner"])
    lanes = [Lane(f"whose days: {_days_said(owners, 'label', OWNERS)}", owners, OWNERS, "label")]
    clocks = table[table["term"].notna()]
    names = term_names(clocks)
    for name in names.drop_duplicates():
        of_term = clocks[names == name]
        days = of_term[of_term["kind"].isin(list(CLOCK))]
        due = of_term.loc[of_term["kind"] == "due", "until"]
        flag = due.iloc[0] if len(due) else None
        until = f"; due {flag:%Y-%m-%d}" if flag is not None else "; no due date now"
        head = f"{cut(str(name), 60)}: {_days_said(days, 'kind', CLOCK)}{until}"
        lanes.append(Lane(head, days, CLOCK, "kind", flag))
    return lanes if len(owners) else lanes[1:]


def _joined(owners: pd.DataFrame) -> pd.DataFrame:
    """Return the stretches of owners, those of the same one after another as one."""
    label = owners["label"]
    run = (label != label.shift()).cumsum()
    return owners.groupby(run, sort=False).agg({"label": "first", "from": "min", "until": "max"})


def _days_said(
    stretches: pd.DataFrame, column: str, looks: dict[str, tuple[str, dict[str, Any]]]
) -> str:
    """Say how many days each kind of stretch holds."""
    days = (stretches["until"] - stretches["from"]).dt.days
    sums = days.groupby(stretches[column].astype("str")).sum()
    said = [f"{word} {sums[name]:,} d" for name, (word, _) in looks.items() if sums.get(name, 0)]
    return ", ".join(said) or "0 d"


def _width(ax: Axes) -> float:
    return float(ax.bbox.width * 72 / ax.figure.dpi)


def _room(ax: Axes | None, lanes: Sequence[Lane]) -> int:
    """Return how many levels of names fit above the lanes."""
    if ax is None:
        return MOST_LEVELS
    height = ax.bbox.height * 72 / ax.figure.dpi
    return max(int((height - len(lanes) * LANE - HEAD) / LEVEL), 1)


def _events(table: pd.DataFrame, width: float) -> tuple[list[EventLabel], float]:
    """Place the names of the events, and return where the axis must end for all to fit."""
    first, last = _number(table["from"].min()), _number(table["until"].max()) + 2
    rows = table[table["kind"] == "event"]
    events = [
        (_number(day) + 0.5, str(label))
        for day, label in zip(rows["from"], rows["label"], strict=True)
    ]
    single = event_labels(events, 1e9)
    last = max(
        [last, *(first + (a.day - first) / max(1 - width_of(a) / width, 0.2) for a in single)]
    )
    return event_labels(events, width / (last - first)), last


def _draw_events(ax: Axes, labels: Sequence[EventLabel], levels: int) -> None:
    """Draw a dot per day with events, and its names on a leader."""
    for label in labels:
        ax.plot([label.day], [0.0], "o", color=INK, markersize=4, zorder=4)
        if label.level < levels:
            top = 7.0 + label.level * LEVEL
            ax.plot([label.day] * 2, [0.0, top + 4], color=LINE, linewidth=0.8, zorder=1)
            how: dict[str, Any] = {"fontsize": SIZE, "va": "bottom", "linespacing": 1.0}
            ax.text(label.day, top, f" {label.text}".replace("\n", "\n "), **how)
    ax.axhline(0.0, color=LINE, linewidth=0.8, zorder=0.5)


def _draw_lane(ax: Axes, lane: Lane, foot: float) -> None:
    """Draw the stretches of a lane with its heading above, and the flag of the due date."""
    where: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "fontsize": 8, "va": "bottom"}
    ax.text(0.0, foot + BAR + 3, lane.head, **where)
    rows = lane.stretches
    kinds = rows[lane.column].astype("str")
    for kind, low, high in zip(kinds, rows["from"], rows["until"], strict=True):
        start, end = _number(low) + 1, _number(high) + 1
        how = {"linewidth": 0.6, "hatch_linewidth": 0.6, **lane.looks[kind][1]}
        ax.broken_barh([(start, end - start)], (foot, BAR), **how)
    if lane.due is not None:
        ax.plot([_number(lane.due) + 1] * 2, [foot - 5, foot + BAR + 2], color=INK, linewidth=2.2)


def _draw_today(ax: Axes, table: pd.DataFrame) -> None:
    for day in table.loc[table["kind"] == "as_of", "until"]:
        ax.axvline(_number(day) + 1, color=SOFT, linewidth=1.0, linestyle=(0, (1, 2)))


def _label_axes(
    ax: Axes, table: pd.DataFrame, last: float, levels: int, lanes: Sequence[Lane]
) -> None:
    """Write dates below, and nothing at the side."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    first = _number(table["from"].min())
    ax.set_xlim(first - 0.01 * (last - first), last)
    ax.set_ylim(-len(lanes) * LANE - 8, levels * LEVEL + HEAD)
    locator = AutoDateLocator(minticks=3, maxticks=10)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("local date")


def _key(ax: Axes, table: pd.DataFrame, lanes: Sequence[Lane]) -> float:
    """Name the fillings that occur; return the points that the key takes above the axes."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    found: list[Artist] = [
        Patch(label=word, linewidth=0.6, **how)
        for looks, column in ((OWNERS, "label"), (CLOCK, "kind"))
        for name, (word, how) in looks.items()
        if any(
            (lane.stretches[lane.column] == name).any() for lane in lanes if lane.column == column
        )
    ]
    if any(lane.due is not None for lane in lanes):
        found.append(Line2D([], [], color=INK, linewidth=2.2, label="end of the due date"))
    if (table["kind"] == "as_of").any():
        found.append(Line2D([], [], color=SOFT, linestyle=(0, (1, 2)), label="day of the table"))
    ax.legend(handles=found, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderpad=0.2, ncols=4)
    return 9.0 + 13.0 * -(-len(found) // 4)


def _said(table: pd.DataFrame, hidden: int) -> str:
    """Say how many events there are, from when to when."""
    events = table[table["kind"] == "event"]
    if events.empty:
        return "no event known"
    first, last = events["from"].min(), events["from"].max()
    text = f"{counted(len(events), 'event')} from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return f"{text}; {counted(hidden, 'day')} without room for the names" if hidden else text


def _number(day: Any) -> float:
    """Return a day as the axis counts it: days since 1970."""
    return float(np.datetime64(day, "D").astype(np.int64))
