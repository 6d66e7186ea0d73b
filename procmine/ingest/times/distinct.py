"""The different texts of a column, each looked at once: dates repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from procmine.kernels import Bools, Codes, Ints

_Value = TypeVar("_Value", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Distinct:
    """The trimmed texts of a column, ``""`` where it is missing, and the place of each row's text among them."""

    texts: pa.Array
    codes: Codes
    counts: Ints
    """Rows of each text."""

    @classmethod
    def of(cls, column: pa.Array | pa.ChunkedArray) -> Distinct:
        """Find the different texts of a column of text, or of a dictionary of it."""
        filled = pc.fill_null(column.cast(pa.string()), "")
        whole = filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled
        encoded = whole.dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        counts = np.bincount(codes, minlength=len(encoded.dictionary))
        return cls(pc.utf8_trim_whitespace(encoded.dictionary), codes, counts.astype(np.int64))

    def spread(self, values: npt.NDArray[_Value]) -> npt.NDArray[_Value]:
        """Return a value per row from a value per text."""
        return values[self.codes]

    def count(self, chosen: Bools) -> int:
        """Count the rows of chosen texts."""
        return int(self.counts[chosen].sum())

    def first(self, chosen: Bools) -> str:
        """Return the first of the chosen texts."""
        return str(self.texts[int(np.flatnonzero(chosen)[0])].as_py())

    def rows(self, chosen: Bools, rows: npt.NDArray[np.integer[Any]] | None) -> str:
        """Say in which rows of the source chosen texts stand first: `` (rows 2, 5, 9)``, or nothing."""
        if rows is None:
            return ""
        places = np.flatnonzero(chosen[self.codes])
        shown = ", ".join(str(int(row)) for row in rows[places[:3]])
        more = ", …" if len(places) > 3 else ""
        return f" (row{'s' if len(places) > 1 else ''} {shown}{more})"


def matching(texts: pa.Array, pattern: str) -> Bools:
    """Tell which texts a pattern fits."""
    found: Bools = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return found
