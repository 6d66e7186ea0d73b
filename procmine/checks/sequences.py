"""Registry numbers with their year, read from the labels of cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine import kernels
from procmine.kernels import Bools, Ints

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NUMBER = r"(?P<number>\d{1,9})"
FORMATS = (
    rf"^(?P<prefix>(?:.*\D)?){_NUMBER}\s*(?:/|\s+din\s+|\s+del\s+|\s+of\s+)\s*\d{{1,2}}[./-]\d{{1,2}}[./-]{_YEAR}$",
    rf"^(?P<prefix>(?:.*\D)?){_NUMBER}\s*[/.-]\s*{_YEAR}$",
    rf"^(?P<prefix>(?:.*\D)?){_YEAR}\s*[/._-]\s*{_NUMBER}$",
)
"""Number and date (123/03.04.2025), number and year (RU/123/2025), year and number (2025-000123)."""
_LOOKED_AT = 1_000
"""Cases, evenly spread, that tell which format the log has; all cases are then read in it."""
_MOST = 0.5
"""Most labels must have the format."""
DENSE = 0.5
"""Numbers look like a sequence when at least half of their range is there: else it is an export of a part."""
LEAST = 20
"""Fewer numbers in a year are no sequence."""


@dataclass(frozen=True, eq=False)
class Sequences:
    """The registry numbers of the cases that have one, sorted by registry, year and number.

    ``group`` is the registry and year of each, ``case`` the case; ``names`` tell the groups.
    """

    group: Ints
    number: Ints
    case: Ints
    names: list[str]

    @classmethod
    def of(cls, labels: pa.StringArray) -> Sequences | None:
        """Read the labels in the format that most of some evenly spread ones have; None where there is none."""
        pattern = _format(labels)
        if pattern is None:
            return None
        found = pc.extract_regex(labels, pattern)
        case = np.flatnonzero(np.asarray(found.is_valid()))
        found = found.drop_null()
        prefix, year = (
            pc.dictionary_encode(pc.struct_field(found, name)) for name in ("prefix", "year")
        )
        number = np.asarray(pc.cast(pc.struct_field(found, "number"), pa.int64()))
        both = np.asarray(prefix.indices) * np.int64(len(year.dictionary)) + np.asarray(
            year.indices
        )
        kinds, group = np.unique(both, return_inverse=True)
        order = kernels.lexicographic_order([group, number])
        if order is not None:
            group, number, case = group[order], number[order], case[order]
        starts, years = prefix.dictionary.to_pylist(), year.dictionary.to_pylist()
        names = [f"{starts[kind // len(years)]}{years[kind % len(years)]}" for kind in kinds]
        return cls(group, number, case, names)

    def dense(self) -> Bools:
        """Tell which groups look like a sequence."""
        starts = kernels.run_starts(self.group)
        last = np.append(starts[1:], len(self.group)) - 1
        wide = self.number[last] - self.number[starts] + 1
        different = np.add.reduceat(self.new(), starts, dtype=np.int64)
        return np.asarray((different >= LEAST) & (different >= DENSE * wide))

    def new(self) -> Bools:
        """Tell which numbers are not those of the case before them, in their group."""
        first = np.ones(len(self.group), dtype=np.bool_)
        first[1:] = (self.group[1:] != self.group[:-1]) | (self.number[1:] != self.number[:-1])
        return first


def _format(labels: pa.StringArray) -> str | None:
    places = np.unique(np.linspace(0, max(len(labels) - 1, 0), _LOOKED_AT).astype(np.int64))
    some = labels.take(pa.array(places[: len(labels)]))
    hits = [
        int(pc.sum(pc.match_substring_regex(some, pattern)).as_py() or 0) for pattern in FORMATS
    ]
    best = int(np.argmax(hits))
    return FORMATS[best] if hits[best] >= max(_MOST * len(some), 1) else None
