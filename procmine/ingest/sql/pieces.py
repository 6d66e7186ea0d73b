"""Rows that arrive in pieces become Arrow columns, one piece at a time; each column gets one type in the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import NoneType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "whole numbers",
    float: "numbers",
    Decimal: "decimals",
    str: "text",
    dt.date: "dates",
    dt.datetime: "times",
    **dict.fromkeys((bytes, bytearray, memoryview), "bytes"),
    **dict.fromkeys((dict, list, tuple, set), "nested values (JSON, lists)"),
}
_LEFT_OUT = {"bytes", "nested values (JSON, lists)"}
_TYPES = {
    "true or false": pa.bool_(),
    "whole numbers": pa.int64(),
    "numbers": pa.float64(),
    "text": pa.string(),
    "dates": pa.date32(),
    "local times": pa.timestamp("us"),
    "instants": pa.timestamp("us", tz="UTC"),
}
_EXACT = 2**53  # whole numbers up to here are exact as float64
_PARTS_TOGETHER = 16


@dataclass(eq=False)
class Column:
    """A column that grows: the pieces so far, each in the type of its own values."""

    name: str
    parts: list[tuple[str | None, pa.Array]] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    zones: set[str] = field(default_factory=set)
    """The zones that the driver gave the instants in."""

    def add(self, values: Sequence[Any]) -> None:
        """Add the values of the next rows."""
        kinds = {_kind(each) for each in set(map(type, values)) - {NoneType}}
        if "times" in kinds:
            kinds = kinds - {"times"} | self._kinds_of_times(values)
        self.kinds |= kinds
        if self.kinds & _LEFT_OUT:
            self.parts.clear()
        else:
            self.parts.append(_part(values, kinds))

    def _kinds_of_times(self, values: Sequence[Any]) -> set[str]:
        zones = {value.tzinfo for value in values if type(value) is dt.datetime}
        self.zones |= {getattr(zone, "key", str(zone)) for zone in zones if zone is not None}
        return {"local times" if zone is None else "instants" for zone in zones}

    def finish(self) -> pa.ChunkedArray | None:
        """Return the column in the one type that fits all its pieces; None where it holds no plain values."""
        if self.kinds & _LEFT_OUT:
            return None
        kind = _joined(self.parts)
        chunks = list(_together([_as(part, own, kind) for own, part in self.parts]))
        self.parts.clear()
        return pa.chunked_array(chunks, _TYPES[kind])

    def notes(self) -> list[str]:
        """Say what was left out, and what is text because its values are of several types."""
        left = sorted(self.kinds & _LEFT_OUT)
        if left:
            return [f"column {self.name!r} was left out: it holds {left[0]}"]
        if "text" in self.kinds and len(self.kinds) > 1:
            return [
                f"column {self.name!r} was read as text: it holds {', '.join(sorted(self.kinds))}"
            ]
        zones = sorted(self.zones - {"UTC", "Etc/UTC", "Etc/GMT", "GMT"})
        if zones:
            return [
                f"column {self.name!r} holds instants, which the database shows in "
                f"{', '.join(zones)}; tz= names the zone of the office"
            ]
        return []


def _kind(of: type) -> str:
    return _KINDS.get(of, "other values")


def _part(values: Sequence[Any], kinds: set[str]) -> tuple[str | None, pa.Array]:
    """Return the values of one piece, in the narrowest type that holds them exactly."""
    if not kinds:
        return None, pa.nulls(len(values))
    if kinds == {"whole numbers"}:
        return _whole(values)
    if len(kinds) == 1 and kinds <= _TYPES.keys():
        (kind,) = kinds
        return kind, pa.array(values, _TYPES[kind])
    if kinds <= {"decimals", "whole numbers", "numbers"}:
        return _numbers(values)
    return "text", _texts(values)


def _whole(values: Sequence[Any]) -> tuple[str, pa.Array]:
    try:
        return "whole numbers", pa.array(values, pa.int64())
    except (OverflowError, pa.ArrowInvalid):  # longer than 64 bits: such a number is a key
        return "text", _texts(values)


def _numbers(values: Sequence[Any]) -> tuple[str, pa.Array]:
    """Return whole numbers, or else floats where each reads back as the same number, or else text."""
    present = [value for value in values if value is not None]
    if all(_is_whole(value) for value in present):
        return _whole([None if value is None else int(value) for value in values])
    if all(_reads_back(value) for value in present):
        floats = [None if value is None else float(value) for value in values]
        return "numbers", pa.array(floats, pa.float64())
    return "text", _texts(values)


def _is_whole(number: int | float | Decimal) -> bool:
    if isinstance(number, Decimal):
        return number.is_finite() and number == number.to_integral_value()
    return isinstance(number, int)


def _reads_back(number: Any) -> bool:
    """Tell whether the float of a number is written as the same number, as 12.10 is and 20 digits are not."""
    if isinstance(number, float):
        return True
    text = str(number)
    if (len(text) <= 15 and "E" not in text) or number != number:  # 15 digits are always exact
        return True
    return Decimal(repr(float(number))) == number and (
        not _is_whole(number) or abs(number) <= _EXACT
    )


def _joined(parts: Sequence[tuple[str | None, pa.Array]]) -> str:
    """Return the kind that holds every piece exactly."""
    kinds = {kind for kind, _ in parts if kind is not None}
    if len(kinds) == 1:
        return kinds.pop()
    if kinds == {"whole numbers", "numbers"} and all(
        _exact(part) for own, part in parts if own == "whole numbers"
    ):
        return "numbers"
    return "text"


def _exact(whole: pa.Array) -> bool:
    fits = pc.and_(pc.greater_equal(whole, -_EXACT), pc.less_equal(whole, _EXACT))
    return bool(pc.all(fits).as_py())


def _together(parts: Sequence[pa.Array]) -> Iterator[pa.Array]:
    """Put small pieces together, where many would slow down what comes later."""
    for first in range(0, len(parts), _PARTS_TOGETHER):
        yield pa.concat_arrays(parts[first : first + _PARTS_TOGETHER])


def _as(part: pa.Array, own: str | None, kind: str) -> pa.Array:
    if own in (kind, None) or kind != "text":
        return part.cast(_TYPES[kind])
    return _texts(part.to_pylist())


def _texts(values: Sequence[Any]) -> pa.Array:
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: Any) -> str:
    """Write a value so that its piece does not matter: 5, 5.0 and Decimal("5.00") are ``5``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        return _number_text(Decimal(repr(value)) if isinstance(value, float) else value)
    if isinstance(value, dt.datetime):
        plain = value if value.tzinfo is None else value.astimezone(dt.UTC)
        return plain.isoformat(sep=" ")
    return str(value)


def _number_text(number: Decimal) -> str:
    if not number.is_finite():
        return str(number)
    if not number:  # also the zero below zero
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
