"""Staff: how many posts a unit has from when until when, and how many hours a step takes where the log cannot tell."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from procmine.calendars.dates import date_text, day_number
from procmine.errors import ProcmineError, did_you_mean
from procmine.ingest.spelling import matching
from procmine.kernels import Floats, Ints

COLUMNS = ("unit", "from", "until", "posts", "activity", "hours")
ALWAYS = (-(1 << 40), 1 << 40)
"""From when until when posts hold of which no dates are given."""


@dataclass(frozen=True)
class Posts:
    """So many posts of a unit, from a day until another (days since 1970-01-01, both included)."""

    unit: str
    posts: float
    first: int = ALWAYS[0]
    last: int = ALWAYS[1]


@dataclass(frozen=True)
class Staff:
    """The posts of the units, and the hours that a step of an activity takes in a unit ("" for every unit)."""

    posts: tuple[Posts, ...]
    hours: Mapping[tuple[str, str], float]

    @property
    def units(self) -> list[str]:
        """The units that are named, each once."""
        named = [row.unit for row in self.posts] + [unit for unit, _ in self.hours]
        return [unit for unit in dict.fromkeys(named) if unit]

    def fitted(self, units: Sequence[str], activities: Sequence[str]) -> Staff:
        """Return the same with the labels of a log where capitals, spaces or missing accents differ."""
        unit = {name: matching(name, units) or name for name in self.units} | {"": ""}
        activity = {name: matching(name, activities) or name for _, name in self.hours}
        hours = {(unit[of], activity[name]): said for (of, name), said in self.hours.items()}
        return Staff(tuple(replace(row, unit=unit[row.unit]) for row in self.posts), hours)

    def per_day(self, units: Sequence[str], first_day: int, days: int) -> Floats:
        """Return the posts of each unit on each of some days; NaN on days that no row of the unit covers.

        Rows that overlap add up.
        """
        place = {unit: at for at, unit in enumerate(units)}
        rows = [row for row in self.posts if row.unit in place]
        change, cover = np.zeros((2, len(units), days + 1))
        of = np.array([place[row.unit] for row in rows], dtype=np.int64)
        begin = _clipped([row.first - first_day for row in rows], days)
        end = _clipped([row.last + 1 - first_day for row in rows], days)
        posts = np.array([row.posts for row in rows])
        for change_of, amount in ((change, posts), (cover, np.ones(len(rows)))):
            np.add.at(change_of, (of, begin), amount)
            np.add.at(change_of, (of, end), -amount)
        covered = cover.cumsum(axis=1)[:, :-1] > 0
        return np.where(covered, np.round(change.cumsum(axis=1)[:, :-1], 9), np.nan)


def staff_of(value: Any) -> Staff:
    """Return the staff of a mapping ``{unit: posts}``, a DataFrame, a list of dicts or the path of a CSV file.

    Columns: ``unit, posts``, with ``from`` and ``until`` (first and last day) where it changes. A
    row with ``activity`` and ``hours`` says how long a step takes; without a unit, in all of them.

    >>> staff_of({"Urbanism": 3}).posts[0].posts
    3.0
    """
    if isinstance(value, Staff):
        return value
    rows: list[tuple[str, Mapping[str, Any]]]
    if isinstance(value, Mapping):
        rows = [
            (f"staff, {unit!r}", {"unit": unit, "posts": posts}) for unit, posts in value.items()
        ]
    elif isinstance(value, str | Path):
        rows = _rows(Path(value))
    else:
        rows = [(f"staff, row {n}", _checked(row, n)) for n, row in enumerate(_records(value), 1)]
    if not rows:
        raise _wrong("staff has no rows", "give {unit: posts}, or a table with unit and posts")
    posts = [_posts(row, where) for where, row in rows if _cell(row, "activity") is None]
    hours = dict(_hours(row, where) for where, row in rows if _cell(row, "activity") is not None)
    return Staff(tuple(posts), hours)


def _records(value: Any) -> Iterable[Any]:
    if isinstance(value, pd.DataFrame):
        return value.to_dict("records")
    if not isinstance(value, Iterable):
        raise _wrong(
            f"staff={value!r} is no staff",
            "give {unit: posts}, a DataFrame with unit and posts, or the path of such a CSV file",
        )
    return value


def _checked(row: Any, number: int) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise _wrong(
            f"staff, row {number}: {row!r} is no row", "write {'unit': 'Urbanism', 'posts': 3}"
        )
    _check_columns(row, f"staff, row {number}")
    return row


def _rows(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    """Read a CSV file with commas or semicolons; rows are numbered as a spreadsheet does, the header is row 1."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise _wrong(
            f"cannot read {path}: {problem}", "give the path of a CSV file in UTF-8"
        ) from None
    header = lines[0] if lines else ""
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(lines, delimiter=separator)
    _check_columns(reader.fieldnames or (), path.name)
    return [
        (f"{path.name}, row {reader.line_num}", row)
        for row in reader
        if any(isinstance(cell, str) and cell.strip() for cell in row.values())
    ]


def _check_columns(names: Iterable[Any], where: str) -> None:
    for name in names:
        if name not in COLUMNS:
            raise _wrong(
                f"{where} has a column {name!r} that means nothing",
                f"the columns are {', '.join(COLUMNS)}{did_you_mean(str(name), COLUMNS)}",
            )


def _posts(row: Mapping[str, Any], where: str) -> Posts:
    unit = _cell(row, "unit")
    if unit is None:
        raise _wrong(f"{where} names no unit", "every row with posts has one")
    posts = _number(row, "posts", where)
    days = [
        ALWAYS[at]
        if _cell(row, name) is None
        else day_number(_cell(row, name), f"{where}, column {name}", "staff")
        for at, name in enumerate(("from", "until"))
    ]
    if days[1] < days[0]:
        raise _wrong(
            f"{where}: until {date_text(days[1])} is before from {date_text(days[0])}",
            "until is the last day on which the posts are filled",
        )
    return Posts(str(unit), posts, *days)


def _hours(row: Mapping[str, Any], where: str) -> tuple[tuple[str, str], float]:
    unit = str(_cell(row, "unit") or "")
    return (unit, str(_cell(row, "activity"))), _number(row, "hours", where)


def _number(row: Mapping[str, Any], name: str, where: str) -> float:
    written = _cell(row, name)
    try:
        number = float(str(written).replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        said = "has no" if written is None else f"says {written!r} for"
        raise _wrong(f"{where} {said} {name}", f"{name} is a number of 0 or more, such as 2.5")
    return number


def _cell(row: Mapping[str, Any], name: str) -> Any:
    """Return a cell without the spaces around it, None where it is empty or missing."""
    value = row.get(name)
    if isinstance(value, str):
        return value.strip() or None
    return None if value is None or pd.isna(value) else value


def _clipped(days: list[int], most: int) -> Ints:
    return np.clip(np.array(days, dtype=np.int64), 0, most)


def _wrong(what: str, next_step: str) -> ProcmineError:
    return ProcmineError(f"{what}\n{next_step}")
