"""Days that an authority adds itself: closures, bridge days, patrons, equated days and recovery Saturdays."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procmine.calendars.dates import date_text, day_number
from procmine.calendars.hours import Intervals, intervals_of
from procmine.errors import CalendarError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

DEADLINE, OFFICE, BOTH = "deadline", "office", "both"
ROLES = (OFFICE, DEADLINE, BOTH)
CLOSED, BRIDGE, PATRON, EQUATED, WORKING = "closed", "bridge", "patron", "equated", "working"
KINDS = (CLOSED, BRIDGE, PATRON, EQUATED, WORKING)
COLUMNS = ("date", "role", "kind", "source", "hours", "note")
_ONLY_ROLE = {EQUATED: DEADLINE, WORKING: OFFICE}
_WHY = {
    EQUATED: "an equated day is an ordinary working day on which terms roll",
    WORKING: "the office works on it; terms still roll as the law says",
}
_FIELD = "days"


@dataclass(frozen=True)
class OwnDay:
    """A day of the authority's own; the source and the note change nothing."""

    day: int
    role: str
    kind: str = CLOSED
    hours: Intervals | None = None
    source: str = field(default="", compare=False)
    note: str = field(default="", compare=False)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles in which the day counts: office, deadline, or both."""
        return (OFFICE, DEADLINE) if self.role == BOTH else (self.role,)

    @property
    def place(self) -> tuple[Any, ...]:
        """Where the day stands among others: days in both roles before those in one."""
        return self.day, ROLES[::-1].index(self.role), self.kind, self.hours or ()


def own_days(value: Any, folder: Path | None = None) -> tuple[OwnDay, ...]:
    """Return the days of a CSV file, a DataFrame or a list of dicts, in order and without repeats.

    >>> own_days([{"date": "2025-05-02", "role": "office", "kind": "bridge"}])[0].kind
    'bridge'
    """
    if value is None:
        return ()
    if isinstance(value, str | Path):
        path = (folder or Path()) / value
        days = [_of_row(row, f"{path.name}, row {n}") for n, row in _rows(path)]
    else:
        days = [
            entry if isinstance(entry, OwnDay) else _of_row(entry, f"row {n}")
            for n, entry in enumerate(_records(value), 1)
        ]
    return _without_contradiction(sorted(days, key=_place))


def _records(value: Any) -> Iterable[Any]:
    if hasattr(value, "to_dict"):
        frame: pd.DataFrame = value
        return frame.to_dict("records")
    if isinstance(value, Mapping) or not isinstance(value, Iterable):
        raise _wrong(
            f"{value!r} is no list of days",
            "give the path of a CSV file, a DataFrame, or [{'date': '2026-05-02', 'role': 'office'}]",
        )
    return value


def _rows(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    """Read a CSV file with commas or semicolons; rows are numbered as a spreadsheet does, the header is row 1."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise _wrong(
            f"cannot read {path}: {problem}", "give the path of a CSV file in UTF-8"
        ) from None
    lines = text.splitlines()
    header = lines[0] if lines else ""
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(lines, delimiter=separator, restkey="", restval="")
    rows: list[tuple[int, Mapping[str, Any]]] = [
        (reader.line_num, row) for row in reader if any(row.values())
    ]
    _check_columns(reader.fieldnames or (), path.name)
    for number, row in rows:
        if "" in row:
            raise _wrong(
                f"{path.name}, row {number} has more cells than the header",
                'put quotes around text that holds commas: "08:00-12:00, 13:00-14:00"',
            )
    return rows


def _check_columns(names: Iterable[Any], where: str) -> None:
    for name in names:
        if name not in COLUMNS:
            raise _wrong(
                f"{where} has a column {name!r} that means nothing",
                f"the columns are {', '.join(COLUMNS)}{did_you_mean(str(name), COLUMNS)}",
            )
    for name in COLUMNS[:2]:
        if name not in names:
            raise _wrong(
                f"{where} has no column {name!r}",
                f"the columns are {', '.join(COLUMNS)}; date and role are needed",
            )


def _of_row(row: Any, where: str) -> OwnDay:
    if not isinstance(row, Mapping):
        raise _wrong(f"{where}: {row!r} is no day", "write it as {'date': …, 'role': 'office'}")
    _check_columns(row, where)
    cells = {name: _cell(value) for name, value in row.items()}
    day = day_number(cells["date"], f"{where}, column date", _FIELD)
    role = _one_of(cells["role"], ROLES, f"{where}, column role")
    kind = _one_of(cells.get("kind") or CLOSED, KINDS, f"{where}, column kind")
    if _ONLY_ROLE.get(kind, role) != role:
        raise _wrong(
            f"{where}, column role: kind {kind!r} has the role {_ONLY_ROLE[kind]!r} only, not {role!r}",
            _WHY[kind],
        )
    return OwnDay(
        day,
        role,
        kind,
        _hours(cells.get("hours"), kind, f"{where}, column hours"),
        str(cells.get("source") or ""),
        str(cells.get("note") or ""),
    )


def _hours(value: Any, kind: str, where: str) -> Intervals | None:
    if not value:
        return None
    hours = intervals_of(value, where, _FIELD)
    if kind != WORKING or not hours:
        raise _wrong(
            f"{where}: {value!r} on a day of kind {kind!r}",
            "a day with hours of its own has the kind 'working'; a closed day has no hours",
        )
    return hours


def _cell(value: Any) -> Any:
    """Return a cell without the spaces around it, None where it is empty (NaN and NaT are unequal to themselves)."""
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    if isinstance(value, list | tuple):
        return value
    return value if value == value and str(value) not in ("<NA>", "NaT") else None


def _one_of(value: Any, choices: tuple[str, ...], where: str) -> str:
    written = str(value or "").casefold()
    if written in choices:
        return written
    raise _wrong(
        f"{where}: {value!r} is none of {', '.join(choices)}",
        f"write one of them{did_you_mean(written, choices)}",
    )


def _without_contradiction(days: list[OwnDay]) -> tuple[OwnDay, ...]:
    """Drop repeats; a day that is two things in the same role is refused."""
    kept: dict[tuple[int, str], OwnDay] = {}
    for day in days:
        for role in day.roles:
            other = kept.setdefault((day.day, role), day)
            if (other.kind, other.hours) != (day.kind, day.hours):
                raise _wrong(
                    f"{date_text(day.day)} is both {other.kind!r} and {day.kind!r} in the role {role!r}"
                    if other.kind != day.kind
                    else f"{date_text(day.day)} has two different hours in the role {role!r}",
                    "keep one of the rows",
                )
    return tuple(sorted(set(kept.values()), key=_place))


def _place(day: OwnDay) -> tuple[Any, ...]:
    return day.place


def _wrong(what: str, next_step: str) -> CalendarError:
    return CalendarError(f"{_FIELD}: {what}\n{next_step}", _FIELD)
