"""Texts that have their digits in the same places are taken apart by those places, without a search in each."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MANY = 1_000


def taken_apart(texts: pa.Array, pattern: str) -> pa.StructArray:
    """Return the named parts of texts that a pattern of whole runs of digits fits, as ``extract_regex`` does.

    Where all texts have one shape, a text without a value has parts that are ``""``, not missing.
    """
    example = one_shape(texts)
    if example is None:
        return pc.extract_regex(texts, pattern)
    parts = pc.extract_regex(pa.array([example]), pattern)[0].as_py()
    if parts is None:
        return pc.extract_regex(texts, pattern)
    found, place = {}, 0
    for name, part in parts.items():
        place = example.index(part, place)
        found[name] = _slice(texts, place, place + len(part))
        place += len(part)
    return pa.StructArray.from_arrays(list(found.values()), list(found))


def _slice(texts: pa.Array, start: int, stop: int) -> pa.Array:
    if start == stop:
        return pa.repeat("", len(texts))
    return pc.utf8_slice_codeunits(texts, start, stop)


def one_shape(texts: pa.Array) -> str | None:
    """Return the first of many texts where all but empty ones have digits in its places, and its marks elsewhere."""
    if len(texts) < _MANY or texts.null_count or texts.type != pa.string():
        return None
    _, places, content = texts.buffers()
    ends = np.frombuffer(places, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(ends)
    wide = int(lengths.max(initial=0))
    if not wide or ((lengths != wide) & (lengths != 0)).any():
        return None
    letters = np.frombuffer(content, np.uint8)[ends[0] : ends[-1]].reshape(-1, wide)
    for column in letters.T:
        digits = (column >= ord("0")) & (column <= ord("9"))
        if column[0] >= 128 or not (digits.all() or (column == column[0]).all()):
            return None
    return str(letters[0].tobytes(), "ascii")
