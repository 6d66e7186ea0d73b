"""The cases of one key on one side of a comparison, and how they are drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.kernels import NAT, Bools, Floats, Ints
from procmine.kpi.compare.ratio import Ratio
from procmine.kpi.compare.side import Side

SHOWN = 10
"""How many cases stand behind a difference at most."""


@dataclass(frozen=True, eq=False)
class Part:
    """The cases of one key on one side, with the measures of the whole side."""

    side: Side
    ratios: list[Ratio]
    cases: Ints
    """Their places among the cases of the log."""

    def times(self) -> tuple[Ints, Ints, Bools]:
        """Return the places of the cases whose time is known, these times, and which had ended then."""
        time, ended = self.side.followed[0][self.cases], self.side.followed[1][self.cases]
        known = np.flatnonzero(time != NAT)
        return known, time[known], ended[known]

    def most(self, lift: Floats) -> tuple[str, ...]:
        """Return the ids of the cases with the greatest lift above 0, in that order."""
        order = np.argsort(-lift, kind="stable")[:SHOWN]
        return self.labels(self.cases[order[lift[order] > 0]])

    def labels(self, cases: Ints) -> tuple[str, ...]:
        """Return the ids of some cases."""
        return tuple(str(self.side.log.case_labels[int(case)]) for case in cases)


@dataclass(frozen=True, eq=False)
class Draws:
    """How often cases are drawn again, and the generator of each side."""

    count: int
    generators: dict[int, np.random.Generator]

    @classmethod
    def of(cls, sides: tuple[Side, Side], count: int, seed: int) -> Draws:
        """Seed a generator from the content of each side, so that it draws alike on either side."""
        twin = sides[0].digest == sides[1].digest
        made = {
            id(side): np.random.default_rng([seed, side.digest, int(twin and place == 1)])
            for place, side in enumerate(sides)
        }
        return cls(count, made)

    def of_side(self, side: Side) -> np.random.Generator:
        """Return the generator of a side."""
        return self.generators[id(side)]
