"""The bytes beyond ASCII of a whole content, and words that hold each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.ingest.encodings.transcode import Bytes

_BLOCK = 1 << 18  # small enough to stay in the processor's cache
_PER_BLOCK, _IN_ALL = 15, 60
_REACH = 48
_ASCII = bytes(range(128))
_LETTERS = bytes(range(128, 256)) + (
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)


@dataclass(frozen=True)
class Survey:
    """What the decision on an encoding looks at."""

    present: bytes
    """The bytes beyond ASCII that occur, wherever in the content."""
    words: tuple[bytes, ...]
    """Distinct words, some for each of these bytes."""


def survey(content: Bytes) -> Survey:
    """Look through the whole content, however late its first byte beyond ASCII stands."""
    found = dict.fromkeys(range(128, 256), 0)
    words: dict[bytes, None] = {}
    known = _ASCII
    for start in range(0, len(content), _BLOCK):
        block = content[start : start + _BLOCK]
        fresh = block.translate(None, known)
        for value in sorted(set(fresh)):
            places = _some(block, value)
            found[value] += len(places)
            words.update(dict.fromkeys(_word(content, start + place) for place in places))
        if fresh:
            known = _ASCII + bytes(value for value, count in found.items() if count >= _IN_ALL)
    return Survey(bytes(value for value, count in found.items() if count), tuple(words))


def _some(block: bytes, value: int) -> list[int]:
    """Return some places of a byte in a block, spread over it."""
    places = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == value)
    chosen: list[int] = places[:: max(len(places) // _PER_BLOCK, 1)][:_PER_BLOCK].tolist()
    return chosen


def _word(content: Bytes, place: int) -> bytes:
    left = content[max(0, place - _REACH) : place]
    right = content[place : place + _REACH]
    return left[len(left.rstrip(_LETTERS)) :] + right[: len(right) - len(right.lstrip(_LETTERS))]
