"""Problems: what several parts of a procedure find wrong, each with the place in which it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from procmine.errors import did_you_mean

Place = tuple[str | int, ...]
"""The keys and the positions that lead to a value, as pydantic names them."""


class ProblemsError(ValueError):
    """ProblemsError that a validator found, with their places below the value that it was given.

    A problem is a sentence, or an error of pydantic that another model gave.
    """

    def __init__(self, found: Sequence[tuple[Place, str | Mapping[str, Any]]]) -> None:
        self.found = tuple(found)
        super().__init__("; ".join(str(what) for _, what in self.found))


def nearest(wanted: str, names: Sequence[str]) -> str:
    """Return the end of a sentence: the name that was probably meant, or nothing.

    >>> nearest("dya", ["day", "week"])
    "; did you mean 'day'?"
    """
    return did_you_mean(wanted, names).replace("\n", "; ")
