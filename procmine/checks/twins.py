"""Steps that stand in a case twice, exactly or within two seconds: only rows that nearly tie are sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from procmine import kernels
from procmine.kernels import Bools, Codes, Ints
from procmine.log import EventLog

NEAR = 2_000_000
"""Two seconds: a double click or a second save, faster than anybody does the same work again."""
_LOOK = 2_000
"""A column that numbers the rows shows it in the first ones: no value returns."""


@dataclass(frozen=True, eq=False)
class Twins:
    """Positions of the steps that repeat an earlier one, exactly or nearly, in the order of the log.

    ``by_other`` counts the near ones whose person is another one.
    """

    exact: Ints
    near: Ints
    by_other: int

    @classmethod
    def of(cls, log: EventLog, timed: Bools | None) -> Twins:
        """Find them; near ones among the steps that ``timed`` marks, none where it is None."""
        rows = _close_rows(log)
        exact = _exact(log, rows)
        if timed is None or not len(rows):
            return cls(exact, rows[:0], 0)
        left = rows[timed[rows]]
        return cls(exact, *_near(log, left[~np.isin(left, exact)]))


def _close_rows(log: EventLog) -> Ints:
    """Return the rows that begin at most two seconds after or before their neighbour in the case."""
    close = np.subtract(log.first[1:], log.first[:-1]) <= NEAR
    close[log.offsets[1:-1] - 1] = False
    if not close.any():
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.append(close, False) | np.concatenate([[False], close]))


def _exact(log: EventLog, rows: Ints) -> Ints:
    """Return the later ones of equal rows: equal codes and times first, attributes only where these are."""
    if not len(rows):
        return rows
    keys: list[npt.NDArray[np.integer]] = [log.case_codes, log.activity.codes, log.first, log.end]
    keys += [] if log.start is None else [log.start]
    keys += [coded.codes for coded in (log.resource, log.unit) if coded is not None]
    of_rows = [key[rows] for key in keys]
    likely = _likely(of_rows)
    rows, again = _equal([key[likely] for key in of_rows], rows[likely])
    if not again.any() or not log.step_attributes.num_columns:
        return np.sort(rows[again])
    group = np.cumsum(~again, dtype=np.int64)
    twice = again.copy()
    twice[:-1] |= again[1:]
    rows, group = rows[twice], group[twice]
    rows, again = _equal([group, *_attribute_codes(log, rows)], rows)
    return np.sort(rows[again])


def _likely(keys: Sequence[npt.NDArray[np.integer]]) -> Ints:
    """Return the places whose keys share a hash with those of another place: few, so that sorting them is cheap."""
    mixed = np.zeros(len(keys[0]), dtype=np.uint64)
    for key in keys:
        mixed ^= key.astype(np.uint64)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(32)
    bits = np.uint64(len(mixed).bit_length())
    mixed >>= bits
    mixed <<= bits
    mixed |= np.arange(len(mixed), dtype=np.uint64)
    mixed.sort()
    place = (mixed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    mixed >>= bits
    same = mixed[1:] == mixed[:-1]
    return np.sort(place[np.append(same, False) | np.concatenate([[False], same])])


def _equal(keys: Sequence[npt.NDArray[np.integer]], rows: Ints) -> tuple[Ints, Bools]:
    """Return the rows in the order of the keys, and which of them have the keys of the one before."""
    order = kernels.lexicographic_order(keys)
    if order is not None:
        rows, keys = rows[order], [key[order] for key in keys]
    again = np.ones(len(rows), dtype=np.bool_)
    again[:1] = False
    for key in keys:
        again[1:] &= key[1:] == key[:-1]
    return rows, again


def _attribute_codes(log: EventLog, rows: Ints) -> list[Codes]:
    """Return the attributes of some rows as codes; those that number the rows are left out."""
    codes = []
    for name in log.step_attributes.column_names:
        column = log.step_attributes[name]
        if pa.types.is_nested(column.type) or _numbers_rows(column):
            continue
        taken = column.take(pa.array(rows))
        if not pa.types.is_dictionary(taken.type):
            taken = taken.dictionary_encode()
        indices = taken.combine_chunks()
        indices = indices.chunk(0) if isinstance(indices, pa.ChunkedArray) else indices
        codes.append(indices.indices.fill_null(-1).to_numpy(zero_copy_only=False))
    return codes


def _numbers_rows(column: pa.ChunkedArray) -> bool:
    """Tell whether a column has another value in every row, as an event's own id has."""
    if column.null_count:
        return False
    first = column.slice(0, _LOOK)
    if len(first.unique()) < len(first):
        return False
    return len(column.unique()) == len(column)


def _near(log: EventLog, rows: Ints) -> tuple[Ints, int]:
    """Return the rows that nearly repeat the one before in the order of case, activity and time."""
    keys = (log.case_codes[rows], log.activity.codes[rows], log.first[rows], log.last[rows])
    order = kernels.lexicographic_order(keys)
    if order is not None:
        rows = rows[order]
    before, after = rows[:-1], rows[1:]
    same = log.case_codes[before] == log.case_codes[after]
    same &= log.activity.codes[before] == log.activity.codes[after]
    apart = [np.abs(time[after] - time[before]) for time in (log.first, log.last)]
    other = np.zeros(len(after), dtype=np.bool_)
    if log.resource is not None:
        who, whom = log.resource.codes[before], log.resource.codes[after]
        other = (who != whom) & (who >= 0) & (whom >= 0)
    again = same & np.where(other, apart[0] + apart[1] == 0, np.maximum(*apart) <= NEAR)
    return np.sort(after[again]), int((again & other).sum())
