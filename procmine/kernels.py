"""Numpy functions over codes and case offsets: no pandas, no text, no files.

A *code* is a non-negative int32 that stands for a label, -1 for a missing one. *Offsets* are the
positions where each case begins, closed by the number of rows, so that case ``i`` has the rows
``offsets[i]:offsets[i + 1]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NAT = np.iinfo(np.int64).min
"""The missing time: the value that numpy and pandas use for it, so that arrays become datetimes without a copy."""

DAY = 86_400_000_000
"""A day of 24 hours in microseconds."""

_KEY_BITS = 63
_BLOCK = 1 << 15


def blocks(rows: int) -> Iterator[slice]:
    """Cut rows into blocks so small that what is computed on the way to a column stays in the cache.

    >>> [block.start for block in blocks(70_000)]
    [0, 32768, 65536]
    """
    return (slice(begin, begin + _BLOCK) for begin in range(0, rows, _BLOCK))


def offsets_of(codes: npt.NDArray[np.integer], groups: int) -> Ints:
    """Return the offsets that ``groups`` groups of equal codes have once the codes are sorted.

    >>> offsets_of(np.array([0, 0, 2]), 3)
    array([0, 2, 2, 3])
    """
    counts = np.bincount(codes, minlength=groups) if len(codes) else np.zeros(groups)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def case_codes(offsets: Ints) -> Codes:
    """Return the case of every row.

    >>> case_codes(np.array([0, 2, 3]))
    array([0, 0, 1], dtype=int32)
    """
    return np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))


def lexicographic_order(keys: Sequence[npt.NDArray[np.integer]]) -> Ints | None:
    """Return the stable order of rows by ``keys``, most significant first, or None where they are
    in order already.

    Most-significant-digit sort: as many leading bits of the keys as fit beside the row's position in
    63 bits are one sort of packed integers, which numpy does with vector instructions; only rows
    that tie in them are sorted by what is left. Equal rows keep their order because the position is
    part of the packed value.

    >>> lexicographic_order([np.array([1, 0, 0]), np.array([5, 9, 7])])
    array([2, 1, 0])
    """
    rows = len(keys[0]) if keys else 0
    if rows < 2 or is_ordered(keys):
        return None
    position_bits = int(rows - 1).bit_length()
    digit, rest = _leading_digit(keys, _KEY_BITS - position_bits)
    digit <<= position_bits
    digit |= np.arange(rows, dtype=np.int64)
    digit.sort()
    order = digit & ((1 << position_bits) - 1)
    if rest:
        digit >>= position_bits
        _sort_ties(digit, order, rest)
    return order


def _sort_ties(digit: Ints, order: Ints, rest: Sequence[npt.NDArray[np.integer]]) -> None:
    """Bring the rows of ``order`` that tie in the sorted ``digit`` into the order of the other keys."""
    tied = digit[1:] == digit[:-1]
    if not tied.any():
        return
    places = np.flatnonzero(np.append(tied, False) | np.concatenate([[False], tied]))
    rows = order[places]
    run = np.cumsum(np.concatenate([[False], digit[places][1:] != digit[places][:-1]]))
    finer = lexicographic_order([run, *(key[rows] for key in rest)])
    if finer is not None:
        order[places] = rows[finer]


def is_ordered(keys: Sequence[npt.NDArray[np.integer]]) -> bool:
    """Tell whether rows stand in lexicographic order of ``keys`` already.

    >>> is_ordered([np.array([0, 0, 1]), np.array([3, 4, 1])])
    True
    """
    tied = np.ones(max(len(keys[0]) - 1, 0), dtype=np.bool_)
    for key in keys:
        before, after = key[:-1], key[1:]
        if bool((tied & (before > after)).any()):
            return False
        tied &= before == after
    return True


def _leading_digit(
    keys: Sequence[npt.NDArray[np.integer]], width: int
) -> tuple[Ints, list[npt.NDArray[np.integer]]]:
    """Return the first ``width`` bits of the keys laid side by side, and the keys that are left."""
    digit = np.zeros(len(keys[0]), dtype=np.int64)
    room = width
    for place, key in enumerate(keys):
        values, bits = _shrunk(key)
        if bits > room:
            left = bits - room
            digit <<= room
            digit |= values >> left
            return digit, [values & ((1 << left) - 1), *keys[place + 1 :]]
        digit <<= bits
        digit |= values
        room -= bits
    return digit, []


def _shrunk(key: npt.NDArray[np.integer]) -> tuple[Ints, int]:
    """Return the key as small non-negative numbers in the same order, and the bits that they need.

    Times are often whole seconds or minutes: what every value is a multiple of is divided away.
    """
    low = int(key.min())
    if int(key.max()) - low >= 1 << 62:
        key, low = np.unique(key, return_inverse=True)[1], 0
    shifted = key.astype(np.int64) - low
    for unit in (DAY, 60_000_000, 1_000_000, 1_000):
        if not bool((shifted[:: max(len(shifted) // 64, 1)] % unit).any()):
            units = shifted // unit
            if bool((units * unit == shifted).all()):
                shifted = units
                break
    return shifted, int(shifted.max()).bit_length()


def run_starts(key: npt.NDArray[np.integer]) -> Ints:
    """Return the positions at which a new value begins in an array of equal values side by side.

    >>> run_starts(np.array([4, 4, 7, 7, 7, 9]))
    array([0, 2, 5])
    """
    if not len(key):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])).astype(np.int64)


def directly_follows(offsets: Ints) -> Ints:
    """Return the rows that have a next row in their case; the next row is one further.

    >>> directly_follows(np.array([0, 3, 4, 6]))
    array([0, 1, 4])
    """
    rows = int(offsets[-1])
    has_next = np.ones(rows, dtype=np.bool_)
    ends = offsets[1:][np.diff(offsets) > 0] - 1
    has_next[ends] = False
    return np.flatnonzero(has_next)


def gaps(first: Ints, last: Ints, sources: Ints) -> tuple[Ints, Bools]:
    """Return the time from the end of each source row to the start of the next row, and where the
    two overlap.

    An overlap has a gap of 0, never a negative one.
    """
    between = first[sources + 1] - last[sources]
    overlap = between < 0
    np.maximum(between, 0, out=between)
    return between, overlap


def variant_codes(activity: Codes, offsets: Ints) -> tuple[Codes, Ints]:
    """Number the sequences of activities: the variant of every case, and one example case of each
    variant.

    Sequences are told apart by a 64-bit sum of hashed (position, activity) pairs and then compared
    step by step with their example, so that a collision raises an error in place of merging two
    variants.

    >>> variant_codes(np.array([0, 1, 0, 1, 1], dtype=np.int32), np.array([0, 2, 4, 5]))
    (array([0, 0, 1], dtype=int32), array([0, 2]))
    """
    lengths = np.diff(offsets)
    half = len(lengths) // 2
    halves = (slice(0, half), slice(0, half + 1)), (slice(half, None), slice(half, None))
    with ThreadPoolExecutor(1) as second_core:

        def on_both_cores(work: Callable[[slice, slice], Any]) -> tuple[Any, Any]:
            later = second_core.submit(work, *halves[1])
            return work(*halves[0]), later.result()

        signatures = on_both_cores(
            lambda cases, bounds: _sequence_signature(activity, offsets[bounds], lengths[cases])
        )
        variants: Codes = (
            pa.array(np.concatenate(signatures)).dictionary_encode().indices.to_numpy()
        )
        reached = np.maximum.accumulate(variants) if len(variants) else variants
        examples = np.flatnonzero(np.diff(reached, prepend=np.int32(-1)))
        example = examples[variants]
        same = (lengths == lengths[example]).all() and all(
            on_both_cores(
                lambda cases, bounds: _same_sequences(
                    activity, offsets[bounds], lengths[cases], offsets[example[cases]]
                )
            )
        )
    if not same:
        raise ArithmeticError(
            "two sequences of activities share a 64-bit signature; please report this log's size"
        )
    return variants, examples


def _sequence_signature(activity: Codes, offsets: Ints, lengths: Ints) -> npt.NDArray[np.uint64]:
    """Sum, for each of some consecutive cases, a random-looking number for each (position, activity)."""
    if not len(lengths):
        return np.zeros(0, dtype=np.uint64)
    kinds = int(activity.max(initial=0)) + 1
    place = np.arange(offsets[0], offsets[-1], dtype=np.int64)
    place -= np.repeat(offsets[:-1], lengths)
    place *= kinds
    place += activity[offsets[0] : offsets[-1]]
    cells = int(lengths.max()) * kinds
    if cells <= max(1 << 20, len(activity)):
        hashed = _mixed(np.arange(cells, dtype=np.uint64))[place]
    else:
        hashed = _mixed(place.view(np.uint64))
    sums = np.zeros(len(hashed) + 1, dtype=np.uint64)
    np.cumsum(hashed, out=sums[1:])
    return _mixed(np.diff(sums[offsets - offsets[0]])) ^ lengths.astype(np.uint64)


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble 64-bit values one to one (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _same_sequences(activity: Codes, offsets: Ints, lengths: Ints, begins: Ints) -> bool:
    """Tell whether each of some consecutive cases has the steps that stand from ``begins`` on."""
    rows = np.repeat(begins - offsets[:-1], lengths)
    rows += np.arange(offsets[0], offsets[-1], dtype=np.int64)
    return bool((activity[offsets[0] : offsets[-1]] == activity[rows]).all())


def rows_and_cases(case: Codes, kind: npt.NDArray[np.integer], kinds: int) -> tuple[Ints, Ints]:
    """Count the rows and the distinct cases of every kind, given the case and the kind of every row.

    >>> rows_and_cases(np.array([0, 0, 1], dtype=np.int32), np.array([1, 1, 1]), 2)
    (array([0, 3]), array([0, 2]))
    """
    if not len(case):
        return np.zeros(kinds, dtype=np.int64), np.zeros(kinds, dtype=np.int64)
    bits = int(case.max()).bit_length()
    narrow = bits + max(kinds - 1, 1).bit_length() <= 31
    width: type[np.integer] = np.int32 if narrow else np.int64
    pair: npt.NDArray[Any] = kind.astype(width)
    pair <<= bits
    pair |= case
    pair.sort()
    new = np.ones(len(pair), dtype=np.bool_)
    np.not_equal(pair[1:], pair[:-1], out=new[1:])
    distinct = np.flatnonzero(new)
    starts = np.searchsorted(pair, np.arange(kinds, dtype=width) << width(bits))
    first = np.searchsorted(distinct, starts)
    return np.diff(starts, append=len(pair)), np.diff(first, append=len(distinct))


@dataclass(frozen=True, eq=False)
class Follows:
    """Directly-follows pairs by kind (source code × activities + target code), the kinds that occur in order.

    ``values`` are the gaps, sorted within each kind; ``offsets`` where each kind begins; ``overlaps`` and
    ``cases`` count per kind the pairs that overlap and the distinct cases.
    """

    kinds: Ints
    values: Ints
    offsets: Ints
    overlaps: Ints
    cases: Ints


def follows(
    activity: Codes,
    activities: int,
    offsets: Ints,
    case: Future[Codes],
    first: Ints,
    last: Ints,
    second_core: Executor,
) -> Follows:
    """Group the pairs of consecutive rows of a case by source and target, with the time between them.

    The time runs from ``last`` of the source to ``first`` of the target; an overlap has 0, never a negative time.
    Pairs of rows of two cases are given one kind above all others, which sorts last and is cut off. The second core
    counts, and waits for the cases of the rows where they are not there yet.
    """
    size = activities * activities
    width: type[np.integer] = np.int32 if size < 1 << 31 else np.int64
    pair: npt.NDArray[Any] = activity[:-1] * width(activities)
    pair += activity[1:]
    ends = offsets[1:-1] - 1
    pair[ends] = size
    kinds, kind = _dense(pair, size)
    groups = len(kinds) + 1
    counted = second_core.submit(lambda: rows_and_cases(case.result()[:-1], kind, groups))
    between = first[1:] - last[:-1]
    between[ends] = 0
    overlaps = np.zeros(groups, dtype=np.int64)
    if len(between) and int(between.min()) < 0:
        overlaps = np.bincount(kind[between < 0], minlength=groups)
        np.maximum(between, 0, out=between)
    values = sorted_in_groups(kind, between, groups)
    counts, cases = counted.result()
    found = np.flatnonzero(counts[:-1])
    starts = np.concatenate([[0], np.cumsum(counts[found])]).astype(np.int64)
    return Follows(kinds[found], values[: starts[-1]], starts, overlaps[found], cases[found])


def _dense(pair: npt.NDArray[np.integer], size: int) -> tuple[Ints, npt.NDArray[np.integer]]:
    """Return which kinds there are, sorted, and the position of its kind for every pair.

    Few possible kinds stay as they are, also those that do not occur. The kind above all others has the position
    after them, but is not returned as a kind.
    """
    if size <= 1 << 16:
        return np.arange(size), pair
    kinds, position = np.unique(pair, return_inverse=True)
    return kinds[: np.searchsorted(kinds, size)].astype(np.int64), position


def sorted_in_groups(groups: npt.NDArray[np.integer], values: Ints, count: int) -> Ints:
    """Return the values sorted by (group, value); groups are codes below ``count``.

    One packed sort where group and value fit in 63 bits together, else two.
    """
    if not len(values):
        return values
    low = int(values.min())
    bits = (int(values.max()) - low).bit_length()
    if max(count - 1, 0).bit_length() + bits > _KEY_BITS:
        order = lexicographic_order([groups, values])
        return values if order is None else values[order]
    packed = np.empty(len(values), dtype=np.int64)
    for block in blocks(len(values)):
        packed[block] = groups[block].astype(np.int64) << bits | values[block] - low
    packed.sort()
    packed &= (1 << bits) - 1
    if low:
        packed += low
    return packed


def grouped_quantiles(sorted_values: Ints, offsets: Ints, probabilities: Sequence[float]) -> Floats:
    """Return quantiles of values sorted within groups, one row a group and NaN where it is empty.

    Linear interpolation between closest ranks, numpy's default: definition 7 of Hyndman and Fan
    (1996).

    >>> grouped_quantiles(np.array([1, 3, 10]), np.array([0, 2, 3]), [0.5])
    array([[ 2.],
           [10.]])
    """
    sizes = np.diff(offsets)
    result = np.full((len(sizes), len(probabilities)), np.nan)
    filled = np.flatnonzero(sizes)
    for column, probability in enumerate(probabilities):
        rank = (sizes[filled] - 1) * probability
        below = np.floor(rank).astype(np.int64)
        above = np.minimum(below + 1, sizes[filled] - 1)
        low = sorted_values[offsets[:-1][filled] + below]
        high = sorted_values[offsets[:-1][filled] + above]
        result[filled, column] = low + (high - low) * (rank - below)
    return result


def checked_sum(values: Ints, starts: Ints) -> Ints:
    """Sum runs of values that begin at ``starts``; raises OverflowError where a sum may not fit in
    64 bits.

    >>> checked_sum(np.array([1, 2, 3]), np.array([0, 2]))
    array([3, 3])
    """
    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    most = np.maximum.reduceat(values, starts).astype(np.float64)
    least = np.minimum.reduceat(values, starts).astype(np.float64)
    bound = np.maximum(np.abs(most), np.abs(least)) * np.diff(starts, append=len(values))
    if float(bound.max()) >= 2.0**62:
        rough = np.add.reduceat(np.abs(values.astype(np.float64)), starts)
        if float(rough.max()) >= 2.0**62:
            raise OverflowError("a total of more than 2**62 does not fit in 64 bits")
    return np.add.reduceat(values, starts).astype(np.int64)


def group_codes(columns: Sequence[npt.NDArray[np.integer]], sizes: Sequence[int]) -> Ints:
    """Return one code for each combination of codes, in lexicographic order of the columns.

    >>> group_codes([np.array([0, 1]), np.array([2, 0])], [2, 3])
    array([2, 3])
    """
    code = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        code = code * size + column
    return code
