"""Who hands work over to whom: units as boxes, handovers as arrows, dark where the work then waits long."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.errors import ProcmineError
from procmine.plot.keys import MISSING, keys_of
from procmine.plot.layout import layered
from procmine.plot.pen import BOXES, LABEL_GROUND, LABELS, Pen, canvas, draw_arrow, draw_box
from procmine.plot.shapes import Layout, Link, Node
from procmine.plot.slowness import FOOT, UNKNOWN, SlownessScale, draw_scale
from procmine.plot.style import MAIN, PALE, SOFT, axes_for, blend, nothing_to_draw, style
from procmine.plot.tables import expect
from procmine.plot.text import extent, wrapped
from procmine.plot.units import counted, human_count, human_share, human_time, seconds_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("handovers", "cases", "median_wait", "same")
OWN = frozenset(
    (*COLUMNS, "share", "n", "waiting_time", "waiting_share", "external_time", "p90_wait", "cost", "basis")
)  # fmt: skip
MOST_ARROWS, MOST_UNITS = 24, 16
MARGIN, LEAST_WIDTH = 12.0, 360.0
NAME_SIZE, SMALL, LINE_HEIGHT = 8.5, 7.0, 9.5
PER_ARROW = 8.0  # a box is at least this wide per arrow that meets one of its sides
THINNEST, THICKEST = 0.8, 6.5
DOTTED = (0, (1.2, 1.2))


@dataclass(frozen=True, eq=False)
class Network:
    """The handovers that are drawn (source, target, handovers, seconds, label), and of how many."""

    ways: pd.DataFrame
    given: pd.Series
    received: pd.Series
    total: int
    all_ways: int


def plot_handovers(handovers: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    r"""Draw who hands work over to whom: a box per unit, an arrow per pair of units.

    An arrow says how often work was handed over and how long it then waited (median); its width
    grows with the square root of the count, and it is darker the longer the wait (logarithmic;
    dotted grey where no wait is known). A box says how often work came and went. Of many pairs the 24 most
    frequent are drawn, and the words below say what part of all handovers that is.

    >>> table = pd.DataFrame({
    ...     "source_unit": ["Registry"], "unit": ["Urbanism"], "handovers": [412], "cases": [398],
    ...     "median_wait": pd.to_timedelta([2], unit="D"), "same": False,
    ... })
    >>> [text.get_text() for text in plot_handovers(table).texts][-5:-2]
    ['412\n2 d', 'Registry', 'gave 412']
    """
    maker = "pm.handovers(log)"
    table = expect(handovers, COLUMNS, plot="plot_handovers", maker=maker)
    source, target = _ends(table)
    network = _network(table, source, target)
    with style():
        if network.ways.empty:
            return nothing_to_draw(axes_for(ax, 5.0, 2.5), "no work was handed over")
        layout = _layout(network)
        times = SlownessScale.over(network.ways["seconds"].tolist())
        pen = _prepared(layout, times, _caption(network, table), ax)
        _draw_arrows(pen, layout, network, times)
        _draw_boxes(pen, layout, network)
    return pen.ax


def _ends(table: pd.DataFrame) -> tuple[str, str]:
    """Return the columns of who gave and who received."""
    keys = keys_of(table, OWN)
    pairs = [(f"source_{name}", name) for name in keys if f"source_{name}" in keys]
    if len(pairs) == 1 and len(keys) == 2:
        return pairs[0]
    raise ProcmineError(
        f"plot_handovers draws one column to another and the table has {', '.join(keys) or 'none'}\n"
        "give it the table of pm.handovers(log), without by="
    )


def _network(table: pd.DataFrame, source: str, target: str) -> Network:
    """Return the most frequent ways between different units."""
    rows = table[~table["same"].fillna(False).astype(bool) & (table["handovers"] > 0)]
    ways = pd.DataFrame(
        {
            "source": rows[source].astype("str").fillna(MISSING),
            "target": rows[target].astype("str").fillna(MISSING),
            "handovers": rows["handovers"].astype("int64"),
            "seconds": seconds_of(rows["median_wait"]),
            "label": [
                f"{human_count(n)}\n{human_time(wait)}"
                for n, wait in zip(rows["handovers"], rows["median_wait"], strict=True)
            ],
        }
    )
    ways = ways.sort_values(
        ["handovers", "source", "target"], ascending=[False, True, True], ignore_index=True
    )
    given = ways.groupby("source")["handovers"].sum()
    received = ways.groupby("target")["handovers"].sum()
    shown = _shown(ways, given.add(received, fill_value=0.0))
    return Network(shown, given, received, int(ways["handovers"].sum()), len(ways))


def _shown(ways: pd.DataFrame, busy: pd.Series) -> pd.DataFrame:
    """Return the most frequent ways between the busiest units."""
    units = busy.sort_values(ascending=False, kind="stable").index[:MOST_UNITS]
    inside = ways["source"].isin(units) & ways["target"].isin(units)
    return ways[inside].head(MOST_ARROWS).reset_index(drop=True)


def _units(network: Network) -> list[str]:
    ways = network.ways
    return list(dict.fromkeys(np.column_stack([ways["source"], ways["target"]]).ravel().tolist()))


def _amounts(network: Network, unit: str) -> str:
    """Say how often a unit received work and gave it on."""
    came, went = int(network.received.get(unit, 0)), int(network.given.get(unit, 0))
    said = [f"got {human_count(came)}"] if came else []
    return ", ".join([*said, *([f"gave {human_count(went)}"] if went else [])])


def _layout(network: Network) -> Layout:
    """Lay out the units as boxes, with a link for each way."""
    ways = network.ways
    links = []
    for source, target, weight, label in zip(
        *(ways[name] for name in ("source", "target", "handovers", "label")), strict=True
    ):
        width, height = extent(label, SMALL)
        links.append(Link(source, target, float(weight), width + 4, height + 2))
    return layered([_node(network, unit) for unit in _units(network)], links)


def _node(network: Network, unit: str) -> Node:
    """Measure the box of a unit: for its words, and for the arrows that meet it."""
    name = extent(wrapped(unit), NAME_SIZE)
    amounts = extent(_amounts(network, unit), SMALL)
    ways = network.ways
    arrows = max(int((ways["source"] == unit).sum()), int((ways["target"] == unit).sum()))
    width = max(name[0], amounts[0], PER_ARROW * arrows, 60.0) + 16
    return Node(unit, width, name[1] + amounts[1] + 9)


def _prepared(
    layout: Layout, times: SlownessScale | None, caption: Sequence[str], ax: Axes | None
) -> Pen:
    """Set up axes that hold the layout and a foot with the scale of times and the caption."""
    width = max(layout.width, LEAST_WIDTH) + 2 * MARGIN
    letters = int((width - 2 * MARGIN) / (0.56 * SMALL))
    lines = [line for text in caption for line in textwrap.wrap(text, letters)]
    foot = LINE_HEIGHT * len(lines) + (FOOT if times else 0.0)
    height = layout.height + foot + 3 * MARGIN
    pen = Pen(*canvas(width, height, ax), (width - layout.width) / 2, MARGIN)
    how = {"ha": "left", "va": "bottom", "color": SOFT, "gid": "caption"}
    pen.write((MARGIN - pen.dx, height - 2 * MARGIN), "\n".join(lines), SMALL, **how)
    if times:
        name = "median wait after a handover"
        draw_scale(pen, times, MARGIN, height - MARGIN - foot)
        pen.ax.texts[-len(times.ticks()) - 1].set_text(name)
    return pen


def _draw_arrows(pen: Pen, layout: Layout, network: Network, times: SlownessScale | None) -> None:
    """Draw the arrows, the frequent ones over the rare, and then their labels."""
    ways = network.ways
    most = float(ways["handovers"].max())
    for number in reversed(range(len(ways))):
        seconds = float(ways["seconds"].iloc[number])
        part = float(ways["handovers"].iloc[number]) / most
        width = THINNEST + (THICKEST - THINNEST) * part**0.5
        colour = times.colour(seconds) if times else UNKNOWN
        dashes = DOTTED if np.isnan(seconds) else "solid"
        draw_arrow(pen, layout.routes[number], width, colour, dashes=dashes)
    for route, label in zip(layout.routes, ways["label"], strict=True):
        pen.write(route.label, label, SMALL, bbox=LABEL_GROUND, zorder=LABELS)


def _draw_boxes(pen: Pen, layout: Layout, network: Network) -> None:
    """Draw the units, the bluer the more work goes through them."""
    busy = {
        u: int(network.received.get(u, 0)) + int(network.given.get(u, 0)) for u in _units(network)
    }
    most = max(busy.values())
    for box in layout.boxes:
        draw_box(pen, box, blend(("#ffffff", PALE), busy[box.name] / most), MAIN)
        x, y = box.center
        name = wrapped(box.name)
        pen.write((x, y - 0.6 * SMALL), name, NAME_SIZE, zorder=BOXES)
        below = y + 0.6 * (1 + name.count("\n")) * NAME_SIZE
        pen.write((x, below), _amounts(network, box.name), SMALL, color=SOFT, zorder=BOXES)


def _caption(network: Network, table: pd.DataFrame) -> list[str]:
    """Say how to read the picture, and what is not in it."""
    said = "on an arrow: how often work was handed over, and the median wait after it"
    if "basis" in table.columns and table["basis"].astype("str").str.contains("sojourn").any():
        said += " (until the end of the step, as steps have one time only)"
    drawn = int(network.ways["handovers"].sum())
    if drawn == network.total:
        return [f"{counted(network.total, 'handover')}; {said}"]
    part = f"{human_share(drawn / network.total)} of {counted(network.total, 'handover')}"
    most = f"the {len(network.ways)} most frequent of {network.all_ways} ways"
    return [f"shows {most}, {part}; {said}"]
