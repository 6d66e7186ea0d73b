"""The kernels against plain Python and numpy."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from procmine import kernels
from procmine.kernels import NAT

LARGEST = np.iinfo(np.int64).max
DAY = 86_400_000_000

WHOLE = st.integers(NAT, LARGEST)
VALUES = st.sampled_from(
    (
        WHOLE,
        st.sampled_from((NAT, -1, 0, 1, LARGEST)),
        st.integers(-3, 3),
        st.integers(-4, 20_000).map(lambda n: n * DAY),
        st.integers(-4, 4).map(lambda n: n * 60_000_000),
        st.integers(0, 5).map(lambda n: n * 1_000 + 1),
        st.sampled_from((NAT, 1_700_000_000_000_000, 1_700_000_000_000_001)),
    )
).flatmap(lambda values: values)
"""Full-width numbers, missing times, ties, and multiples of what times are multiples of."""


@st.composite
def key_columns(draw: st.DrawFn) -> list[np.ndarray]:
    rows = draw(st.integers(0, 40))
    kinds = draw(st.lists(st.sampled_from(("wide", "code")), min_size=1, max_size=4))
    columns = []
    for kind in kinds:
        if kind == "code":
            columns.append(draw(arrays.arrays(np.int32, rows, elements=st.integers(-1, 3))))
        else:
            pool = draw(st.lists(VALUES, min_size=1, max_size=8))
            columns.append(draw(arrays.arrays(np.int64, rows, elements=st.sampled_from(pool))))
    return columns


@st.composite
def offsets(draw: st.DrawFn, *, least: int = 1) -> np.ndarray:
    sizes = draw(st.lists(st.integers(least, 5), max_size=8))
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


# --- order ----------------------------------------------------------------------------------------


@given(key_columns())
def test_the_order_is_that_of_a_stable_lexsort(columns):
    order = kernels.lexicographic_order(columns)
    expected = np.lexsort(columns[::-1])
    assert (np.arange(len(expected)) if order is None else order).tolist() == expected.tolist()


@given(key_columns())
def test_no_order_is_made_for_rows_that_stand_in_order(columns):
    in_order = np.lexsort(columns[::-1])
    assert kernels.is_ordered([column[in_order] for column in columns])
    assert kernels.lexicographic_order([column[in_order] for column in columns]) is None


@given(key_columns())
def test_rows_are_in_order_where_no_row_is_greater_than_the_next(columns):
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    assert kernels.is_ordered(columns) == all(a <= b for a, b in pairwise(rows))


def test_wide_keys_of_many_rows_are_cut_into_several_digits():
    rng = np.random.default_rng(1)
    rows = 30_000
    columns = [
        rng.integers(0, 50, rows, dtype=np.int32),
        rng.choice(np.array([NAT, -1, 5, LARGEST]), rows),
        rng.integers(NAT, LARGEST, 200, dtype=np.int64)[rng.integers(0, 200, rows)],
        rng.integers(-9, 9, rows) * DAY,
    ]
    order = kernels.lexicographic_order(columns)
    assert order is not None
    assert np.array_equal(order, np.lexsort(columns[::-1]))


def test_equal_rows_keep_their_places():
    ties = np.tile(np.array([2, 1]), 500)
    order = kernels.lexicographic_order([ties])
    assert order is not None
    assert order.tolist() == [*range(1, 1000, 2), *range(0, 1000, 2)]


@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_and_one_row_need_no_order(rows):
    assert kernels.lexicographic_order([np.zeros(rows, dtype=np.int64)]) is None


def test_the_keys_stay_as_they_were():
    keys = [np.array([3, 1, 2]), np.array([NAT, 0, LARGEST])]
    before = [key.copy() for key in keys]
    kernels.lexicographic_order(keys)
    assert all(np.array_equal(a, b) for a, b in zip(keys, before, strict=True))


# --- cases ----------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 6)), st.integers(7, 9))
def test_offsets_tell_where_each_group_of_sorted_codes_lies(codes, groups):
    ordered = np.array(sorted(codes), dtype=np.int32)
    found = kernels.offsets_of(ordered, groups)
    assert len(found) == groups + 1
    for group in range(groups):
        assert ordered[found[group] : found[group + 1]].tolist() == [group] * codes.count(group)


@given(offsets(least=0))
def test_every_row_has_the_number_of_its_case(bounds):
    expected = [
        case for case in range(len(bounds) - 1) for _ in range(bounds[case], bounds[case + 1])
    ]
    assert kernels.case_codes(bounds).tolist() == expected


@given(offsets())
def test_every_row_but_the_last_of_its_case_has_a_next_one(bounds):
    expected = [row for i in range(len(bounds) - 1) for row in range(bounds[i], bounds[i + 1] - 1)]
    assert kernels.directly_follows(bounds).tolist() == expected


@given(st.lists(st.integers(-2, 2)))
def test_runs_begin_where_the_value_changes(values):
    key = np.array(values, dtype=np.int64)
    expected = [i for i in range(len(values)) if i == 0 or values[i] != values[i - 1]]
    assert kernels.run_starts(key).tolist() == expected


def test_a_gap_is_never_negative_and_an_overlap_is_told():
    first, last = np.array([0, 5, 9, 9]), np.array([7, 9, 12, 30])
    between, overlap = kernels.gaps(first, last, np.array([0, 1, 2]))
    assert between.tolist() == [0, 0, 0]
    assert overlap.tolist() == [True, False, True]
    assert first.tolist() == [0, 5, 9, 9]


# --- variants -------------------------------------------------------------------------------------


def grouped_by_sequence(activity: np.ndarray, bounds: np.ndarray) -> list[int]:
    numbers: dict[tuple[int, ...], int] = {}
    paths = [tuple(activity[a:b].tolist()) for a, b in pairwise(bounds)]
    return [numbers.setdefault(path, len(numbers)) for path in paths]


@given(offsets(), st.data())
def test_cases_share_a_variant_exactly_where_they_share_their_sequence(bounds, data):
    codes = arrays.arrays(np.int32, int(bounds[-1]), elements=st.integers(0, 2))
    activity = data.draw(codes)
    found, examples = kernels.variant_codes(activity, bounds)
    assert found.tolist() == grouped_by_sequence(activity, bounds)
    assert examples.tolist() == [found.tolist().index(code) for code in range(len(examples))]


def test_many_cases_are_numbered_in_the_order_in_which_their_variants_appear():
    rng = np.random.default_rng(2)
    bounds = np.concatenate([[0], np.cumsum(rng.integers(1, 9, 40_000))])
    activity = rng.integers(0, 4, bounds[-1]).astype(np.int32)
    found, examples = kernels.variant_codes(activity, bounds)
    expected = grouped_by_sequence(activity, bounds)
    assert len(examples) == max(expected) + 1 > 10_000
    assert found.tolist() == expected


def test_one_step_more_or_another_order_is_another_variant():
    activity = np.array([0, 1, 1, 0, 0, 1, 0, 0, 0], dtype=np.int32)
    found, _ = kernels.variant_codes(activity, np.array([0, 2, 4, 7, 8, 9]))
    assert found.tolist() == [0, 1, 2, 3, 3]


def test_sequences_that_share_a_signature_are_refused_and_not_merged(monkeypatch):
    monkeypatch.setattr(
        kernels,
        "_sequence_signature",
        lambda activity, offsets, lengths: np.zeros(len(lengths), np.uint64),
    )
    with pytest.raises(ArithmeticError, match="share a 64-bit signature"):
        kernels.variant_codes(np.array([0, 1], dtype=np.int32), np.array([0, 1, 2]))


def test_no_case_has_no_variant():
    found, examples = kernels.variant_codes(np.zeros(0, np.int32), np.zeros(1, np.int64))
    assert (len(found), len(examples)) == (0, 0)


# --- groups ---------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 3) | st.sampled_from((2**31, 2**62)), VALUES)))
def test_values_are_sorted_within_their_groups(pairs):
    groups, values = (np.array([pair[i] for pair in pairs], dtype=np.int64) for i in (0, 1))
    found = kernels.sorted_in_groups(groups, values, int(groups.max(initial=0)) + 1)
    assert found.tolist() == [value for _, value in sorted(pairs)]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3 * DAY))), st.floats(0, 1))
def test_quantiles_of_groups_are_those_of_numpy_and_missing_where_a_group_is_empty(pairs, p):
    ordered = sorted(pairs)
    bounds = kernels.offsets_of(np.array([group for group, _ in ordered], dtype=np.int64), 6)
    values = np.array([value for _, value in ordered], dtype=np.int64)
    found = kernels.grouped_quantiles(values, bounds, [p, 0.5])
    for group in range(6):
        members = [value for owner, value in ordered if owner == group]
        expected = np.quantile(members, [p, 0.5]) if members else [np.nan, np.nan]
        assert found[group] == pytest.approx(expected, rel=1e-12, abs=1e-6, nan_ok=True)


def test_a_quartile_as_definition_7_of_hyndman_and_fan_1996_gives_it():
    # position 1 + (n - 1) p = 1.75 of 1, 2, 3, 4
    found = kernels.grouped_quantiles(np.array([1, 2, 3, 4]), np.array([0, 4]), [0.25, 0.0, 1.0])
    assert found.tolist() == [[1.75, 1.0, 4.0]]


@given(st.lists(st.lists(st.integers(-(2**50), 2**50), min_size=1), max_size=5))
def test_sums_of_runs_are_exact(runs):
    values = np.array([value for run in runs for value in run], dtype=np.int64)
    starts = np.cumsum([0, *map(len, runs)])[: len(runs)]
    assert kernels.checked_sum(values, starts).tolist() == [sum(run) for run in runs]


def test_a_sum_that_may_not_fit_is_refused():
    half = 2**61
    with pytest.raises(OverflowError, match="does not fit in 64 bits"):
        kernels.checked_sum(np.array([half, half]), np.array([0]))
    with pytest.raises(OverflowError, match="does not fit in 64 bits"):
        kernels.checked_sum(np.array([5, -half, -half]), np.array([0, 1]))


def test_large_values_in_runs_of_their_own_are_summed():
    half = 2**61
    found = kernels.checked_sum(np.array([half, half, -half, 1]), np.array([0, 1, 2]))
    assert found.tolist() == [half, half, 1 - half]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 1)), min_size=1))
def test_combined_codes_have_the_order_of_the_columns(rows):
    columns = [np.array(column, dtype=np.int32) for column in zip(*rows, strict=True)]
    codes = kernels.group_codes(columns, [3, 5, 2]).tolist()
    for a, code_a in zip(rows, codes, strict=True):
        for b, code_b in zip(rows, codes, strict=True):
            assert (a < b) == (code_a < code_b)


# --- pairs of consecutive rows --------------------------------------------------------------------


@st.composite
def timed_rows(draw: st.DrawFn, *, kinds: Sequence[int]) -> tuple[np.ndarray, ...]:
    """Offsets, activities drawn from some codes, and times that overlap and tie."""
    bounds = draw(offsets())
    rows = int(bounds[-1])
    activity = draw(arrays.arrays(np.int32, rows, elements=st.sampled_from(kinds)))
    first = draw(arrays.arrays(np.int64, rows, elements=st.integers(0, 9)))
    spent = draw(arrays.arrays(np.int64, rows, elements=st.integers(0, 9)))
    return bounds, activity, first, first + spent


@pytest.mark.parametrize(
    ("activities", "kinds"),
    [
        (3, (0, 1, 2)),
        (2_500, (0, 7, 2_499)),  # a table of all pairs would be too large
        (60_000, (0, 7, 59_999)),  # and a pair does not fit in 32 bits
    ],
)
@given(st.data())
def test_pairs_are_grouped_as_plain_loops_group_them(activities, kinds, data):
    bounds, activity, first, last = data.draw(timed_rows(kinds=kinds))
    expected: dict[int, list[tuple[int, bool, int]]] = {}
    for case, (begin, end) in enumerate(pairwise(bounds.tolist())):
        for row in range(begin, end - 1):
            gap = int(first[row + 1] - last[row])
            kind = int(activity[row]) * activities + int(activity[row + 1])
            expected.setdefault(kind, []).append((max(gap, 0), gap < 0, case))
    with ThreadPoolExecutor(1) as core:
        case = core.submit(kernels.case_codes, bounds)
        found = kernels.follows(activity, activities, bounds, case, first, last, core)
    assert found.kinds.tolist() == sorted(expected)
    for place, kind in enumerate(sorted(expected)):
        times, overlaps, cases = zip(*expected[kind], strict=True)
        values = found.values[found.offsets[place] : found.offsets[place + 1]]
        assert values.tolist() == sorted(times)
        assert found.overlaps[place] == sum(overlaps)
        assert found.cases[place] == len(set(cases))
    assert len(found.values) == found.offsets[-1]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3))), st.booleans())
def test_the_rows_of_each_kind_are_counted_and_its_cases_once(pairs, many_cases):
    far = 2**31 - 6 if many_cases else 0  # then case and kind do not fit in 31 bits together
    case = np.array([case + far for case, _ in pairs], dtype=np.int32)
    kind = np.array([kind for _, kind in pairs], dtype=np.int32)
    rows, cases = kernels.rows_and_cases(case, kind, 4)
    assert rows.tolist() == [sum(k == kind for _, k in pairs) for kind in range(4)]
    assert cases.tolist() == [len({c for c, k in pairs if k == kind}) for kind in range(4)]


@given(offsets(), st.data())
def test_variants_are_told_apart_among_very_many_activities(bounds, data):
    codes = st.sampled_from((0, 1, 2**21))
    activity = data.draw(arrays.arrays(np.int32, int(bounds[-1]), elements=codes))
    found, _ = kernels.variant_codes(activity, bounds)
    assert found.tolist() == grouped_by_sequence(activity, bounds)
