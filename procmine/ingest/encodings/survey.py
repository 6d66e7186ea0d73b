"""The bytes beyond ASCII of a whole content, and words that hold each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_BLOCK = 1 << 22
_PER_BLOCK, _IN_ALL = 15, 60
_REACH = 48
_LETTERS = bytes(range(128, 256)) + (
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)


@dataclass(frozen=True, eq=False)
class Survey:
    """What the decision on an encoding looks at."""

    tally: npt.NDArray[np.int64]
    """How often each of the 256 bytes beyond ASCII occurs; those of ASCII count 0."""
    words: tuple[bytes, ...]
    """Distinct words, some for every byte that occurs, wherever in the content."""

    @property
    def present(self) -> bytes:
        """The bytes beyond ASCII that occur."""
        return bytes(np.flatnonzero(self.tally).tolist())


def survey(content: bytes) -> Survey:
    """Look through the whole content, however late its first byte beyond ASCII stands."""
    tally = np.zeros(256, dtype=np.int64)
    words: dict[bytes, None] = {}
    wanted = np.full(256, _IN_ALL)
    everything = np.frombuffer(content, dtype=np.uint8)
    for start in range(0, len(everything), _BLOCK):
        block = everything[start : start + _BLOCK]
        places = np.flatnonzero(block & 0x80)
        if not len(places):
            continue
        values = block[places]
        here = np.bincount(values, minlength=256)
        tally += here
        for value in np.flatnonzero((here > 0) & (wanted > 0)):
            found = _some(places[values == value])
            wanted[value] -= len(found)
            words.update(dict.fromkeys(_word(content, start + place) for place in found))
    return Survey(tally, tuple(words))


def _some(places: npt.NDArray[np.int64]) -> list[int]:
    step = max(len(places) // _PER_BLOCK, 1)
    chosen: list[int] = places[::step][:_PER_BLOCK].tolist()
    return chosen


def _word(content: bytes, place: int) -> bytes:
    left = content[max(0, place - _REACH) : place]
    right = content[place : place + _REACH]
    return left[len(left.rstrip(_LETTERS)) :] + right[: len(right) - len(right.lstrip(_LETTERS))]
