"""A check of a log's quality, and a flaw that it found: values only, and the words they are told in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from procmine.checks.context import Context

SEVERITIES = ("high", "medium", "low")
"""Worst first: figures are wrong; some figures are doubtful; good to know."""
NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Flaw:
    """One thing found: how bad, where, how many and what share, in a sentence, with steps as examples.

    ``steps`` are positions in the log, of which the first few become source rows; ``affects``
    stands in for that of the check where the flaw has its own.
    """

    severity: str
    column: str
    count: int
    share: float
    finding: str
    advice: str
    steps: npt.NDArray[np.integer] | Sequence[int] = ()
    affects: str = ""
    rows: tuple[int, ...] | None = None
    """Source rows, for what is in no step."""
    weight: float | None = None
    """What it is ranked by among findings of its severity, where that is not its share."""


@dataclass(frozen=True)
class Check:
    """One question asked of every log: its id, what counts in one sentence, which measures suffer, and the answer."""

    name: str
    definition: str
    affects: str
    find: Callable[[Context], list[Flaw]]


def graded(share: float, *, high: float = 2.0, medium: float = 2.0) -> str:
    """Return the severity of a share, given from where on it is high or medium.

    >>> graded(0.3, medium=0.2)
    'medium'
    """
    if share >= high:
        return "high"
    return "medium" if share >= medium else "low"


def percent(share: float) -> str:
    """Write a share for a sentence; a small one is never written as none, nor nearly all as all.

    >>> percent(0.25), percent(0.00001), percent(0.9999), percent(1)
    ('25 %', 'under 0.1 %', 'over 99.9 %', '100 %')
    """
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    digits = 1 if share < 0.1 or 0.995 <= share < 1 else 0
    return f"{share * 100:.{digits}f} %".replace(".0 %", " %")


def counted(count: int, noun: str) -> str:
    """Write a number with its noun, which takes an s for any number but one.

    >>> counted(1, "step"), counted(2000, "step")
    ('1 step', '2,000 steps')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Write the first names of a list in quotes, and how many more there are.

    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    shown = ", ".join(f"'{name}'" for name in names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def first_steps(mask: npt.NDArray[np.bool_], most: int = 5) -> npt.NDArray[np.integer]:
    """Return the first positions at which a mask holds, without reading on.

    >>> first_steps(np.array([False, True, True]), most=1)
    array([1])
    """
    found = [NONE]
    for begin in range(0, len(mask), 65_536):
        found.append(np.flatnonzero(mask[begin : begin + 65_536])[:most] + begin)
        if sum(map(len, found)) >= most:
            break
    return np.concatenate(found)[:most]
