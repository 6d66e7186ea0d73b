"""Where the names of events stand above a line of days, so that none covers another or its leader."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from procmine.plot.text import extent, wrapped

SIZE = 7.5  # of the letters, in points
BROAD, MOST_LINES = 26, 3  # letters, and lines of a label
GAP = 5.0  # points to the right of a name


@dataclass(frozen=True)
class EventLabel:
    """A name at its day, and how many levels above the line it stands."""

    day: float
    text: str
    level: int


def event_labels(events: Sequence[tuple[float, str]], points_a_day: float) -> list[EventLabel]:
    """Give each name a level; events of one day share a label.

    A name begins at its day and reaches to the right, so it stands above all later names whose
    leaders it would cross.

    >>> [(label.text, label.level) for label in event_labels([(0, "a"), (1, "b"), (99, "c")], 5.0)]
    [('a', 1), ('b', 0), ('c', 0)]
    """
    placed: list[EventLabel] = []
    for day, text in reversed(_by_day(events)):
        end = day + (extent(text, SIZE)[0] + GAP) / points_a_day
        level = max((label.level + 1 for label in placed if label.day <= end), default=0)
        placed.append(EventLabel(day, text, level))
    return placed[::-1]


def _by_day(events: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return a text per day."""
    days: dict[float, list[str]] = {}
    for day, name in sorted(events, key=lambda event: event[0]):
        days.setdefault(day, []).append(name)
    return [(day, _lines(names)) for day, names in days.items()]


def _lines(names: Sequence[str]) -> str:
    """Write several events as one label, and of many those that fit and how many more there are.

    >>> print(_lines(["Application registered", "Dossier checked"]))
    Application registered;
    Dossier checked
    >>> print(_lines([f"step number {i}" for i in range(9)]))
    step number 0; step number
    1; step number 2; step
    number 3 and 5 more
    """
    if len(names) == 1:
        return wrapped(names[0], BROAD, 2)
    for shown in range(len(names), 0, -1):
        more = f" and {len(names) - shown} more" if shown < len(names) else ""
        text = "; ".join(names[:shown]) + more
        if len(textwrap.wrap(text, BROAD)) <= MOST_LINES:
            return wrapped(text, BROAD, MOST_LINES)
    return f"{wrapped(names[0], BROAD, MOST_LINES - 1)}\nand {len(names) - 1} more"


def width_of(label: EventLabel) -> float:
    """Return the width of a label in points."""
    return extent(label.text, SIZE)[0] + GAP
