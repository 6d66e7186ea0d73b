"""What can be seen of the columns of a source: names, distinct values, and which of them read as times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.columns import coded
from procmine.ingest.kinds import is_text
from procmine.ingest.lifecycle import TRANSITIONS
from procmine.ingest.names import Names, folded, usual
from procmine.ingest.spelling import one_spelling
from procmine.ingest.times import (
    DATE_SYSTEMS,
    ORDERS,
    are_digits,
    from_serials,
    looks_like_times,
    share_in_format,
)
from procmine.kernels import NAT

TIMES = ("start", "end", "timestamp")
_LOOKED_AT = 5_000
_DATED = (*TIMES, "date", "opened", "closed", "due")
_KNOWN = (None, *ORDERS)
"""Values of time_format= for which the ways of writing are those that are known without."""
_NUMBERED = ("case", "activity", "instance", "resource", "unit", "registry", "year")
_CLOCK = r"^\s*([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?\s*$"
_POINTED_CLOCK = (
    r"^\s*([01]\d|2[0-3])\.[0-5]\d(\.[0-5]\d)?\s*$"  # or an amount, but for the column's name
)
_CLOCK_AFTER_DATE = r"\d(?:T|,|[\s\x{A0}\x{202F}]).*?\d[:.]\d{2}|^\d+[.,]\d+$"
"""14:30 behind a date, or the part of a day behind the day number of a spreadsheet."""


@dataclass(frozen=True, eq=False)
class Looks:
    """What can be seen of each column of a sample: its folded name, its distinct values, whether it reads as times."""

    names: dict[str, str]
    columns: dict[str, pa.ChunkedArray]
    distinct: dict[str, int]
    times: dict[str, float]
    rows: int
    extra: Names | None = None
    """Usual names that the user adds."""
    unread: frozenset[str] = frozenset()
    """Columns that look like times, but not in the ``time_format`` in which they would be read."""

    @classmethod
    def at(
        cls, sample: pa.Table, extra: Names | None = None, time_format: str | None = None
    ) -> Looks:
        """Look at every column once."""
        columns = dict(zip(sample.column_names, sample.columns, strict=True))
        distinct = {
            name: _distinct(column)
            for name, column in columns.items()
            if not pa.types.is_nested(column.type)
        }
        names = {name: folded(name) for name in columns}
        looks = cls(names, columns, distinct, {}, sample.num_rows, extra)
        named = looks._named_as_times()
        looks = replace(looks, times={n: _time_share(c, n in named) for n, c in columns.items()})
        return looks if time_format in _KNOWN else looks._in_format(str(time_format), named)

    def usual(self, role: str) -> tuple[str, ...]:
        """Return the usual names for a role, those of the user first."""
        return usual(role, self.extra)

    def named(self, role: str) -> Iterator[str]:
        """Yield the columns whose name is usual for a role, the likeliest first.

        First those whose whole name is; then those under a group of a two-row header whose own name
        is (*Intrare Data* beside *Intrare Nr.*).
        """
        by_whole = {plain: name for name, plain in reversed(self.names.items())}
        by_end = {end: name for name, end in reversed(self._ends.items())}
        found = [
            names[word]
            for names in (by_whole, by_end)
            for word in self.usual(role)
            if word in names
        ]
        yield from dict.fromkeys(found)

    @cached_property
    def _ends(self) -> dict[str, str]:
        """The names of columns without the group that stands before them, where two columns share it."""
        groups: dict[str, int] = {}
        splits = {name: _splits(plain) for name, plain in self.names.items()}
        for pairs in splits.values():
            for group, _ in pairs:
                groups[group] = groups.get(group, 0) + 1
        ends = {}
        for name, pairs in splits.items():
            shared = [(group, end) for group, end in pairs if groups[group] > 1]
            if shared:
                ends[name] = shared[-1][1]
        return ends

    def is_time(self, name: str) -> bool:
        """Tell whether most filled cells of a column read as times."""
        return self.times[name] > 0.5 and name not in self.unread

    def _named_as_times(self) -> frozenset[str]:
        """Return the columns whose name is usual for a time, or begins with the word for a date."""
        words = self.usual("milestone")
        dated = {
            name
            for name, plain in self.names.items()
            if any(f"{plain} ".startswith(f"{word} ") for word in words)
        }
        return frozenset(dated.union(*(self.named(role) for role in _DATED)))

    def _in_format(self, time_format: str, named: frozenset[str]) -> Looks:
        """Return what can be seen where times are read in a given format: one column is a time if it fits any."""
        shares = {name: _format_share(column, time_format) for name, column in self.columns.items()}
        fits = {name for name, share in shares.items() if share > 0.5}
        numbers = {name for name in fits if _are_numbers(self.columns[name])}
        if fits & named - numbers or numbers & named:
            fits -= numbers - named
        else:
            fits -= {name for name in numbers if self._is_usual_for_others(name)}
        if not fits:
            return self
        times = self.times | {name: shares[name] for name in fits}
        looks_so = {
            n for n, share in self.times.items() if share > 0.5 and is_text(self.columns[n])
        }
        return replace(self, times=times, unread=frozenset(looks_so - fits))

    def _is_usual_for_others(self, name: str) -> bool:
        """Tell whether the name of a column is usual for a key or a label, which may be a number as well."""
        return any(name in self.named(role) for role in _NUMBERED)

    def is_date_only(self, name: str) -> bool:
        """Tell whether a column of times has no clock time in any cell."""
        column = self.columns[name]
        if pa.types.is_date(column.type):
            return True
        if pa.types.is_timestamp(column.type):
            micros = column.drop_null().cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
            return not bool((micros.to_numpy() % 86_400_000_000).any())
        return not pc.any(
            pc.match_substring_regex(column.cast(pa.string()), _CLOCK_AFTER_DATE)
        ).as_py()

    def is_clock(self, name: str) -> bool:
        """Tell whether a column holds clock times without a date."""
        column = self.columns[name]
        if pa.types.is_time(column.type):
            return True
        if not is_text(column):
            return False
        filled = column.cast(pa.string()).filter(
            pc.greater(pc.utf8_length(column.cast(pa.string())), 0)
        )
        pattern = rf"{_CLOCK}|{_POINTED_CLOCK}" if name in set(self.named("time")) else _CLOCK
        hits = pc.sum(pc.match_substring_regex(filled, pattern)).as_py() or 0
        return len(filled) > 0 and hits >= 0.9 * len(filled)

    def seen(self, role: str, name: str) -> str:
        """Say what was seen of a column that speaks for a role."""
        if role in TIMES:
            return f"; {self.times[name]:.0%} of its cells read as times"
        return (
            f"; {self.distinct[name]:,} different values in {self.rows:,} rows"
            if name in self.distinct
            else ""
        )

    def values(self, name: str) -> list[str]:
        """Return the different values of a column as texts, each in one spelling."""
        return one_spelling(coded(self.columns[name]))[0].names()

    def combinations(self, names: tuple[str, ...]) -> int:
        """Count the different combinations of values of several columns, rows with a missing one apart."""
        keys = np.zeros(self.rows, dtype=np.int64)
        known = np.ones(self.rows, dtype=np.bool_)
        for name in names:
            part = coded(self.columns[name])
            known &= part.codes >= 0
            keys = keys * (len(part.labels) + 1) + part.codes
            keys = np.unique(keys, return_inverse=True)[1].astype(np.int64)
        return len(np.unique(keys[known]))

    def filled(self, name: str) -> int:
        """Count the rows that have a value in a column."""
        return int((coded(self.columns[name]).codes >= 0).sum())


def is_lifecycle(column: pa.ChunkedArray) -> bool:
    """Tell whether a column holds the standard transitions, a start and a complete among them."""
    if not is_text(column):
        return False
    names = {
        str(name).strip().casefold() for name in pc.unique(column).to_pylist() if name is not None
    }
    return {"start", "complete"} <= names and names <= set(TRANSITIONS)


def _splits(plain: str) -> list[tuple[str, str]]:
    words = re.findall(r"\S+", plain)
    return [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]


def _distinct(column: pa.ChunkedArray) -> int:
    """Count the different values of a column of any flat type, missing ones not among them."""
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return len(pc.unique(column).drop_null())


def _time_share(column: pa.ChunkedArray, named: bool) -> float:
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return 1.0 if column.null_count < len(column) else 0.0
    if not is_text(column):
        return 0.0
    return float(looks_like_times(_first_filled(column), named=named))


def _first_filled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the first cells of text that hold anything: a late milestone may be empty for long."""
    head = column.slice(0, _LOOKED_AT)
    text = head.cast(pa.string())
    if pc.any(pc.greater(pc.utf8_length(text), 0)).as_py():
        return head
    text = column.cast(pa.string())
    return text.filter(pc.greater(pc.utf8_length(text), 0)).slice(0, _LOOKED_AT)


def _format_share(column: pa.ChunkedArray, time_format: str) -> float:
    head = column.slice(0, _LOOKED_AT)
    if is_text(column):
        return share_in_format(head, time_format)
    if time_format not in DATE_SYSTEMS or not _is_numeric(column):
        return 0.0
    found = from_serials(head, DATE_SYSTEMS[time_format])
    filled = len(head) - head.null_count
    return float((found.micros != NAT).sum() / filled) if filled else 0.0


def _is_numeric(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_integer(column.type) or pa.types.is_floating(column.type))


def _are_numbers(column: pa.ChunkedArray) -> bool:
    return _is_numeric(column) or are_digits(column.slice(0, _LOOKED_AT))
