"""Text columns with few different values, as labels and codes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from procmine.ingest.privacy import shows_persons
from procmine.kernels import Codes, Ints

MOST_LABELS = 1_500
"""Columns with more different texts are ids or free text; comparing each with each would also take long."""


@dataclass(frozen=True, eq=False)
class TextColumn:
    """A column of names: its labels, and their codes by step or by case, -1 for a missing one."""

    name: str
    labels: list[str]
    codes: Codes

    @cached_property
    def counts(self) -> Ints:
        """How often each label occurs."""
        return np.bincount(self.codes + 1, minlength=len(self.labels) + 1)[1:]


def text_columns(table: pa.Table) -> list[TextColumn]:
    """Return the text columns with few values, but for those whose name tells of persons or free text."""
    found = (_text_column(name, table[name]) for name in table.column_names)
    return [column for column in found if column is not None]


def _text_column(name: str, column: pa.ChunkedArray) -> TextColumn | None:
    kind = column.type
    if not pa.types.is_dictionary(kind) or shows_persons(name) is not None or not len(column):
        return None
    if not (pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)):
        return None
    column = column.unify_dictionaries()
    labels = column.chunk(0).dictionary
    if len(labels) > MOST_LABELS:
        return None
    codes = [np.asarray(chunk.indices.fill_null(-1)) for chunk in column.chunks]
    joined = codes[0] if len(codes) == 1 else np.concatenate(codes)
    return TextColumn(
        name, [str(label) for label in labels.to_pylist()], joined.astype(np.int32, copy=False)
    )
