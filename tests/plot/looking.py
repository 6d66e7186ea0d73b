"""Looking at a picture as a reader would: which words there are, overlap, or are cut off."""

from __future__ import annotations

from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.text import Text


def words(ax: Axes) -> list[str]:
    """The words written on the axes."""
    return [text.get_text() for text in ax.texts]


def said(ax: Axes) -> str:
    """The title, the names of the axes, and all other words."""
    return "\n".join(
        [ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel(), *words(ax), *key(ax)]
    )


def key(ax: Axes) -> list[str]:
    """The names in the legend."""
    legend = ax.get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend else []


def seen(ax: Axes) -> list[Text]:
    """All words in the picture, the numbers at the axes and the key among them."""
    legend = ax.get_legend()
    texts = [*ax.texts, ax.xaxis.label, ax.yaxis.label, ax._left_title]
    if ax.axison:
        texts += [*numbers(ax.xaxis), *numbers(ax.yaxis)]
    if legend:
        texts += legend.get_texts()
    return [text for text in texts if text.get_text().strip() and text.get_visible()]


def numbers(axis: Axis) -> list[Text]:
    """The labels of the ticks that are drawn: a locator also places some beyond the axis."""
    low, high = sorted(axis.get_view_interval())
    return [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]


def overlapping(ax: Axes) -> list[tuple[str, str]]:
    """Pairs of words that cover each other by more than a hair."""
    boxes = [(text.get_text(), text.get_window_extent().padded(-1)) for text in seen(ax)]
    return [(a, b) for (a, x), (b, y) in combinations(boxes, 2) if x.overlaps(y)]


def cut_off(ax: Axes) -> list[str]:
    """Words that reach beyond the figure."""
    frame = ax.figure.bbox.padded(1)
    boxes = [(text.get_text(), text.get_window_extent()) for text in seen(ax)]
    return [
        t
        for t, b in boxes
        if b.x0 < frame.x0 or b.y0 < frame.y0 or b.x1 > frame.x1 or b.y1 > frame.y1
    ]
