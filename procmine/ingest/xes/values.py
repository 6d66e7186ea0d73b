"""The text of XES attributes becomes numbers, truth values and times; what cannot be read becomes null."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

INSTANT = pa.timestamp("us", tz="UTC")
LOCAL = pa.timestamp("us")
_OFFSET = r"(Z|[+-]\d{2}(?::?\d{2})?)$"
_DATE = r"^\d{4}-\d{2}-\d{2}"
_MOST_SAMPLES = 4096

_WANTED = {
    "string": "text",
    "date": "a date and time",
    "int": "a whole number of 64 bits",
    "float": "a number",
    "boolean": "true or false",
}


def type_of(types: frozenset[str]) -> str:
    """Return the one type of a column whose values are written in these: text where they disagree."""
    types = types - {"id"} | ({"string"} if "id" in types else frozenset())
    if types == {"int", "float"}:
        return "float"
    return next(iter(types)) if len(types) == 1 else "string"


def typed(texts: pa.ChunkedArray, kind: str) -> pa.ChunkedArray:
    """Return the values as arrays of their type, null where a text cannot be read."""
    if kind == "string":
        return texts
    if kind == "date":
        return _times(texts)
    target = {"int": pa.int64(), "float": pa.float64(), "boolean": pa.bool_()}[kind]
    try:
        return texts.cast(target)
    except pa.ArrowInvalid:
        tidy = pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), r"^\+", "")
        return _piecewise(tidy, target)


def _times(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return instants where most texts have a zone offset, else local times; other texts are null."""
    try:
        return texts.cast(INSTANT)
    except pa.ArrowInvalid:
        pass
    trimmed = pc.utf8_trim_whitespace(texts)
    in_micros = pc.replace_substring_regex(trimmed, r"(\.\d{6})\d+", r"\1")
    for target in (INSTANT, LOCAL):
        try:
            return in_micros.cast(target)
        except pa.ArrowInvalid:
            continue
    instants = _count(in_micros, rf"{_DATE}[T ]\d{{2}}.*{_OFFSET}")
    return _piecewise(in_micros, INSTANT if 2 * instants >= _count(in_micros, _DATE) else LOCAL)


def _count(texts: pa.ChunkedArray, pattern: str) -> int:
    return int(pc.sum(pc.match_substring_regex(texts, pattern)).as_py() or 0)


def _piecewise(texts: pa.ChunkedArray, target: pa.DataType) -> pa.ChunkedArray:
    """Cast every distinct text that can be cast."""
    encoded = texts.combine_chunks().dictionary_encode()
    encoded = encoded if isinstance(encoded, pa.DictionaryArray) else encoded.chunk(0)
    distinct = pa.concat_arrays(_cast_halves(encoded.dictionary, target))
    return pa.chunked_array([distinct.take(encoded.indices)])


def _cast_halves(texts: pa.Array, target: pa.DataType) -> list[pa.Array]:
    """Cast what can be cast, halving the array around every text that cannot."""
    try:
        return [texts.cast(target)]
    except pa.ArrowInvalid:
        if len(texts) == 1:
            return [pa.nulls(1, target)]
        middle = len(texts) // 2
        return _cast_halves(texts[:middle], target) + _cast_halves(texts[middle:], target)


def why_unreadable(text: str | None, kind: str, target: pa.DataType) -> str:
    """Say why a text became null.

    >>> why_unreadable("12,5", "float", pa.float64())
    'is not a number'
    """
    if text is None:
        return "has no value"
    if kind == "date" and not _times(pa.chunked_array([[text]])).null_count:
        which = (
            ("no", "most others have one") if target == INSTANT else ("a", "most others have none")
        )
        return f"has {which[0]} zone offset, {which[1]}"
    return f"is not {_WANTED[kind]}"


def offset_samples(texts: pa.ChunkedArray) -> tuple[tuple[int, int], ...]:
    """Return distinct (UTC microseconds, offset in minutes) of times as written, evenly spread over the file."""
    spread = np.unique(np.linspace(0, len(texts) - 1, _MOST_SAMPLES).astype(np.int64))
    some = pc.drop_null(texts.take(pa.array(spread))) if len(texts) else texts
    times = _times(some)
    if times.type != INSTANT:
        return ()
    written = zip(times.cast(pa.int64()).to_pylist(), some.to_pylist(), strict=True)
    pairs = {(at, re.search(_OFFSET, text)) for at, text in written if at is not None}
    return tuple(sorted({(at, _minutes(match[0])) for at, match in pairs if match}))


def _minutes(offset: str) -> int:
    """Return a zone offset in minutes.

    >>> _minutes("-03:30"), _minutes("Z")
    (-210, 0)
    """
    if offset == "Z":
        return 0
    digits = offset[1:].replace(":", "").ljust(4, "0")
    size = 60 * int(digits[:2]) + int(digits[2:])
    return -size if offset[0] == "-" else size
