"""Conditions on the attributes of cases: a value, one of several values, or a comparison; all must hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.ingest.spelling import matching
from procmine.kernels import Bools, Ints
from procmine.observe import attribute_series
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.problems import nearest
from procmine.procedure.term import Compare, Condition

YES: tuple[str, ...] = (
    "true",
    "yes",
    "y",
    "1",
    "x",
    "da",
    "d",
    "adevărat",
    "adevarat",
    "sì",
    "si",
    "si'",
    "s",
    "sí",
)
YES += ("vero", "ja", "j", "waar", "ναι", "ναί", "αληθές")
NO = (
    "",
    "-",
    "0",
    "false",
    "no",
    "n",
    "nu",
    "fals",
    "falso",
    "nee",
    "onwaar",
    "όχι",
    "οχι",
    "ψευδές",
)
"""Text that stands for yes and for no where a condition asks for true or false."""
_LIMITS = (
    ("above", np.greater),
    ("at_least", np.greater_equal),
    ("below", np.less),
    ("at_most", np.less_equal),
)


def met(seen: SeenLog, condition: Condition, *, doubtful: bool = False) -> Bools:
    """Return the cases that meet a condition; an attribute that nobody explains is met by none.

    Text that is neither yes nor no where one of both is asked for, or no number where one is, is
    counted in a warning; it meets nothing, or with ``doubtful`` everything.
    """
    key = ("condition", repr(condition), doubtful)
    return np.asarray(
        seen.kept(key, lambda: _met(seen, condition, doubtful)), dtype=np.bool_
    ).copy()


def _met(seen: SeenLog, condition: Condition, doubtful: bool) -> Bools:
    result = np.ones(seen.log.n_cases, dtype=np.bool_)
    for name, wanted in condition.items():
        values = _values(seen, name)
        if values is None:
            return np.zeros(seen.log.n_cases, dtype=np.bool_)
        fits, unclear = values.fits(wanted)
        if unclear.any():
            values.warn(unclear, seen)
        for text in values.misspelt(wanted):
            seen.tell(f"no case has a {text}")
        result &= (fits | unclear) if doubtful else (fits & ~unclear)
    return result


def _values(seen: SeenLog, name: str) -> Values | None:
    source = seen.procedure.attributes.get(name)
    if source is not None and source.attribute is None:
        codes = np.zeros(seen.log.n_cases, dtype=np.int64)
        return Values(name, codes, [source.value])
    wanted = name if source is None else str(source.attribute)
    if wanted not in seen.log.case_attributes.column_names:
        return None
    series = attribute_series(seen.log.case_attributes[wanted], seen.log.tz)
    codes, distinct = pd.factorize(series, use_na_sentinel=True)
    return Values(wanted, codes.astype(np.int64), list(distinct))


@dataclass(frozen=True, eq=False)
class Values:
    """An attribute of every case: its distinct values, and which of them each case has (-1: none)."""

    name: str
    codes: Ints
    distinct: Sequence[Any]

    def fits(self, wanted: Any) -> tuple[Bools, Bools]:
        """Return which cases fit, and of which that cannot be told."""
        fits, unclear = self._fit(wanted)
        return np.append(fits, False)[self.codes], np.append(unclear, False)[self.codes]

    def warn(self, unclear: Bools, seen: SeenLog) -> None:
        """Say which values say neither yes nor no, or are no numbers."""
        there = np.unique(self.codes[unclear])
        text = ", ".join(repr(self.distinct[int(code)]) for code in there[:5])
        seen.tell(
            f"{int(unclear.sum()):,} cases have a value of {self.name!r} that a condition cannot read: {text}\n"
            "it takes yes or no (da, sì, ναι, ja; nu, no, όχι, nee), a number, or the very text that it names"
        )

    def misspelt(self, wanted: Any) -> Iterator[str]:
        """Return the texts of a condition that no case has, while one has nearly the same."""
        if isinstance(wanted, Compare):
            yield from self.misspelt(wanted.not_)
        for choice in wanted if isinstance(wanted, tuple | list) else (wanted,):
            if isinstance(choice, str) and matching(choice, self._text) is None:
                near = nearest(choice, self._text)
                if near:
                    yield f"{self.name!r} of {choice!r}{near}"

    @cached_property
    def _text(self) -> list[str]:
        return [str(value).strip() for value in self.distinct]

    @cached_property
    def _numbers(self) -> npt.NDArray[np.float64]:
        numbers = pd.to_numeric(pd.Series(self.distinct, dtype="object"), errors="coerce")
        return numbers.to_numpy(dtype=np.float64, na_value=np.nan)

    def _fit(self, wanted: Any) -> tuple[Bools, Bools]:
        """Return which distinct values fit, and of which that cannot be told."""
        if isinstance(wanted, Compare):
            return self._compare(wanted)
        if isinstance(wanted, tuple | list):
            parts = [self._fit(choice) for choice in wanted]
            fits = np.any([part[0] for part in parts], axis=0)
            return fits, np.all([part[1] for part in parts], axis=0) & ~fits
        if isinstance(wanted, bool):
            yes, no = self._truth()
            return (yes if wanted else no), ~yes & ~no
        if isinstance(wanted, int | float):
            return self._numbers == wanted, np.isnan(self._numbers)
        label = matching(wanted, self._text)
        same = np.array([text == label for text in self._text], dtype=np.bool_)
        return same, np.zeros(len(same), dtype=np.bool_)

    def _truth(self) -> tuple[Bools, Bools]:
        folded = [text.casefold() for text in self._text]
        numbers = self._numbers
        yes = np.array([text in YES for text in folded], dtype=np.bool_) | (numbers > 0)
        no = np.array([text in NO for text in folded], dtype=np.bool_) | (numbers == 0)
        return yes, no

    def _compare(self, wanted: Compare) -> tuple[Bools, Bools]:
        limits = [(getattr(wanted, name), holds) for name, holds in _LIMITS]
        limits = [(limit, holds) for limit, holds in limits if limit is not None]
        fits = np.ones(len(self.distinct), dtype=np.bool_)
        unclear = np.isnan(self._numbers) if limits else ~fits
        for limit, holds in limits:
            fits &= holds(self._numbers, limit)
        if wanted.not_ is not None:
            excluded, untold = self._fit(wanted.not_)
            fits, unclear = fits & ~excluded, unclear | untold
        return fits, unclear
