"""How the fields of a binding are read from plain values, as YAML, JSON and the parameters of ``read`` hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from procmine.errors import BindingError
from procmine.ingest.marks import Annulled, Closing, texts_of

SEVERAL = ("case", "timestamp", "start", "end")
"""The roles that may name several columns: the parts of a case key, or a date and its clock time."""


def _one_or_several(name: str, value: Any, where: str) -> Any:
    if isinstance(value, str):
        return value
    if not isinstance(value, list | tuple):
        raise BindingError(f"{where}: {name} is {value!r}, not a text\nwrite it in quotes")
    several = texts_of(value)
    if not several:
        raise BindingError(f"{where}: {name} names no column\nwrite it in quotes")
    return several if len(several) > 1 else several[0]


def _milestones(name: str, value: Any, where: str) -> dict[str, str]:
    """Read milestones: columns with their activities, or columns alone, each an activity of its own name."""
    if isinstance(value, Mapping):
        return {str(column): activity for column, activity in value.items()}
    return {column: column for column in texts_of(value)}


def _rows(name: str, value: Any, where: str) -> tuple[int, ...]:
    rows = (
        (value,)
        if isinstance(value, int)
        else tuple(value)
        if isinstance(value, list | tuple)
        else ()
    )
    good = all(isinstance(row, int) and not isinstance(row, bool) and row >= 1 for row in rows)
    if not good or len(rows) not in (1, 2) or rows != tuple(sorted(set(rows))):
        raise BindingError(
            f"{where}: {name}={value!r} is not the number of a row, or of two rows\n"
            "rows count from 1, as the spreadsheet shows them: header=4, or header=[4, 5]"
        )
    return rows


def _yes_or_no(name: str, value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise BindingError(f"{where}: {name} is {value!r}, not true or false")
    return value


READ: dict[str, Callable[[str, Any, str], Any]] = {
    **dict.fromkeys(SEVERAL, _one_or_several),
    **dict.fromkeys(("order", "keep", "sheets"), lambda name, value, where: texts_of(value)),
    "milestones": _milestones,
    "closed": lambda name, value, where: Closing.of(value),
    "annulled": lambda name, value, where: Annulled.of(value),
    "header": _rows,
    "fill_down": _yes_or_no,
}
"""How the fields that are not plain texts are read from plain values."""
