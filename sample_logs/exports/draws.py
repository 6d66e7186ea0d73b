"""Draws of one seed: chances, times around a median, and invented names."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Draws(random.Random):
    """A seeded source of chance; the same seed tells the same story with every version of Python."""

    def chance(self, share: float) -> bool:
        """Return True in that share of the draws."""
        return self.random() < share

    def one_of(self, items: Sequence[Item]) -> Item:
        """Return one of the items, all alike."""
        return items[int(self.random() * len(items))]

    def weighted(self, shares: Mapping[Item, float]) -> Item:
        """Return one of the keys, as often as its share says."""
        mark = self.random() * sum(shares.values())
        *items, last = shares
        for item in items:
            mark -= shares[item]
            if mark < 0:
                return item
        return last

    def around(self, median: float, spread: float = 0.5) -> float:
        """Return a positive time around a median, with a long tail (log-normal)."""
        return median * self.lognormvariate(0.0, spread)

    def whole(self, median: float, spread: float = 0.5, least: int = 0) -> int:
        """Return the same as a whole number."""
        return max(least, round(self.around(median, spread)))

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both among them."""
        return low + int(self.random() * (high - low + 1))

    def some(self, items: Sequence[Item], number: int) -> list[Item]:
        """Return that many different items, in their order."""
        marks = sorted(range(len(items)), key=lambda _: self.random())[:number]
        return [items[mark] for mark in sorted(marks)]
