"""What both XES parsers hand over: attributes as text, with their owner and place, gathered into columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from procmine.ingest.width import check_width
from procmine.kernels import Codes, Ints

TYPES = ("string", "date", "int", "float", "boolean", "id")
NO_TRACE = -1


class Kind(NamedTuple):
    """What an attribute's tag says: does it stand on an event (or on a trace), under which key, as which type."""

    on_event: bool
    key: str
    type: str


@dataclass(frozen=True, eq=False)
class Part:
    """The attributes of a stretch of the file, in file order; events and traces are counted from 0 over the file."""

    kinds: Sequence[Kind]
    """The kinds that occur, in the order of first appearance."""
    kind: Codes
    """The kind of every attribute, a position in ``kinds``."""
    owner: Ints
    """The event or trace that every attribute stands on."""
    at: Ints
    """The offset in the file at which every attribute's tag begins."""
    values: pa.Array
    """The values as text, references resolved; null where the tag has none."""
    trace_of_event: Ints
    """The trace of every event that begins here, NO_TRACE where it stands outside any."""
    traces: int
    """The number of traces that begin here."""
    left_aside: Counter[str] = field(default_factory=Counter)
    """What stands in the file but makes no column, and how often."""


@dataclass(frozen=True, eq=False)
class TextColumn:
    """All values of one key on events or on traces, in file order, as text."""

    types: frozenset[str]
    owner: Ints
    at: Ints
    values: pa.ChunkedArray

    def without(self, places: Ints) -> TextColumn:
        """Return the column without the values at these places."""
        if not len(places):
            return self
        kept = np.ones(len(self.owner), bool)
        kept[places] = False
        values = self.values.filter(pa.array(kept))
        return TextColumn(self.types, self.owner[kept], self.at[kept], values)


@dataclass(frozen=True, eq=False)
class Gathered:
    """A whole file as text columns, keyed by (on events?, key) in the order of first appearance."""

    columns: dict[tuple[bool, str], TextColumn]
    trace_of_event: Ints
    traces: int
    left_aside: Counter[str]


@dataclass
class _Pieces:
    types: set[str] = field(default_factory=set)
    owner: list[Ints] = field(default_factory=list)
    at: list[Ints] = field(default_factory=list)
    values: list[pa.Array] = field(default_factory=list)

    def joined(self) -> TextColumn:
        values = pa.chunked_array(self.values, pa.string())
        return TextColumn(
            frozenset(self.types), np.concatenate(self.owner), np.concatenate(self.at), values
        )


def gather(parts: Iterable[Part], name: str = "the file") -> Gathered:
    """Join the parts of a file into one text column for every key; raises SourceError where they are too many."""
    pieces: dict[tuple[bool, str], _Pieces] = {}
    traces_of_events = [np.zeros(0, np.int64)]
    traces = 0
    left_aside: Counter[str] = Counter()
    for part in parts:
        _sort_in(part, pieces)
        check_width(len(pieces), name, what="different keys")
        traces_of_events.append(part.trace_of_event)
        traces += part.traces
        left_aside += part.left_aside
    columns = {name: column.joined() for name, column in pieces.items()}
    return Gathered(columns, np.concatenate(traces_of_events), traces, left_aside)


def _sort_in(part: Part, pieces: dict[tuple[bool, str], _Pieces]) -> None:
    """Add a part's attributes to the pieces of their columns."""
    places: dict[tuple[bool, str], int] = {}
    for kind in part.kinds:
        places.setdefault(kind[:2], len(places))
        pieces.setdefault(kind[:2], _Pieces()).types.add(kind.type)
    narrow = np.min_scalar_type(len(places))  # numpy sorts one or two bytes much faster
    column = np.array([places[kind[:2]] for kind in part.kinds], narrow)[part.kind]
    order = np.argsort(column, kind="stable")
    ends = np.cumsum(np.bincount(column, minlength=len(places)))
    for name, rows in zip(places, np.split(order, ends)[:-1], strict=True):
        pieces[name].owner.append(part.owner[rows])
        pieces[name].at.append(part.at[rows])
        pieces[name].values.append(part.values.take(pa.array(rows)))
