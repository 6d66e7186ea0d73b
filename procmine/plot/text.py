"""Names as labels: wrapped, cut, coded and measured."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from functools import lru_cache

ELLIPSIS = "…"


def wrapped(name: str, width: int = 24, lines: int = 3) -> str:
    """Break a name into at most `lines` lines of `width` letters; what does not fit ends in "…".

    >>> print(wrapped("Verificarea documentației depuse de solicitant", width=20, lines=2))
    Verificarea
    documentației…
    """
    parts = textwrap.wrap(
        name, width, max_lines=lines, placeholder=ELLIPSIS, break_on_hyphens=False
    )
    return "\n".join(parts) or " "


def cut(name: str, width: int = 48) -> str:
    """Cut a name to one line.

    >>> cut("Determine necessity of stop advice", 20)
    'Determine necessity…'
    """
    name = " ".join(name.split())
    return name if len(name) <= width else name[: width - 1].rstrip() + ELLIPSIS


@lru_cache(maxsize=4096)
def extent(text: str, size: float) -> tuple[float, float]:
    """Return the width and height of text in points, in the font of the plots."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size)
    lines = text.split("\n")
    sizes = [text_to_path.get_text_width_height_descent(t or " ", font, False) for t in lines]
    return max(float(w) for w, _, _ in sizes), len(lines) * 1.25 * size


def short_codes(names: Iterable[str], most: int = 4) -> dict[str, str]:
    """Give each name a short code of its own: its number if it begins with one, or its initials.

    >>> short_codes(["T02 Check receipt", "Add penalty", "Appeal to Judge", "Add party"])
    {'T02 Check receipt': 'T02', 'Add penalty': 'AP', 'Appeal to Judge': 'AJ', 'Add party': 'AP2'}
    """
    codes: dict[str, str] = {}
    for name in dict.fromkeys(names):
        code, number = _code(name, most), 1
        while code in codes.values():
            number += 1
            code = f"{_code(name, most - len(str(number)))}{number}"
        codes[name] = code
    return codes


def _code(name: str, most: int) -> str:
    words: Sequence[str] = re.findall(r"[^\W_]+(?:-[^\W_]+)*", name)
    if not words:
        return "?"
    if any(letter.isdigit() for letter in words[0]) and len(words[0]) <= most + 1:
        return words[0]
    initials = [w[0] for w in words if w[0].isupper() or len(w) > 3 or len(words) == 1]
    return "".join(initials).upper()[:most] if len(initials) > 1 else words[0][:2].upper()
