"""What the import found odd and can count: it is said in the notes, and asked again by the checks of quality."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something odd in a source that did no harm by itself, with its number and the first rows.

    ``kind`` is one of ``sentinel_time`` (a date that stands for no date, now missing),
    ``clock_change`` (a local time that occurs twice or never), ``serial_time`` (a number read as a
    spreadsheet's date), ``two_digit_year``, ``formula`` (a cell whose formula has no stored value),
    ``filled_down`` (a case taken from the row above), ``personal`` (a column left out).
    """

    kind: str
    column: str
    count: int
    rows: tuple[int, ...]
    text: str
