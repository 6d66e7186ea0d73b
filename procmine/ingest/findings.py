"""What the import found odd and can count: it is said in the notes, and asked again by the checks of quality."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something odd in a source that did no harm by itself, with its number and the first rows.

    ``kind`` is one of ``sentinel_time`` (a date that stands for no date, now missing),
    ``placeholder`` (a cell that stands for an empty one), ``clock_change`` (a local time that occurs
    twice or never), ``no_clock_time`` (a date whose clock time is empty), ``serial_time`` (a number
    read as a spreadsheet's date), ``two_digit_year``, ``two_kinds_of_dates`` (true
    dates beside text dates of another order in a workbook), ``formula`` (a cell whose formula has no stored
    value), ``annulled`` (entries that do not count), ``filled_down`` (a case taken from the row
    above), ``case_twice`` (a row per case whose case has another row), ``spelling`` (a label shown in
    another spelling), ``personal`` (a column left out, or a key that shows persons).
    """

    kind: str
    column: str
    count: int
    rows: tuple[int, ...]
    text: str
    keys: tuple[str, ...] = ()
    """Case keys concerned, where they are in no step (``annulled``): their numbers are not missing."""
