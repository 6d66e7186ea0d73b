"""Summary against the oracle, the laws of its sums, and the sums that it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import SummaryError
from procmine.summary import milliseconds, rounded
from tests import oracle
from tests.bound import FEWER, micros, texts

BITS = st.sampled_from((None, 0, 3, 7, 12))
UNITS = ("Registry", "Urbanism", "Țară", "NA", None)
DURATIONS = st.one_of(
    st.none(),
    st.integers(-3_000, 3_000),
    st.integers(-4, 40).map(lambda hours: hours * oracle.HOUR),
    st.integers(-(10**16), 10**16),
)
"""Missing, near a half millisecond, tied, and any; within 300 years, in microseconds."""

Row = tuple[str | None, str, int | None]
ROWS = st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from("AB"), DURATIONS), max_size=30)
KEYS = ("unit", "kind")


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """The rows with the types of an observation table."""
    units, kinds, waits = ([row[i] for row in rows] for i in range(3))
    times = np.array([0 if wait is None else wait for wait in waits], dtype="timedelta64[us]")
    times[[wait is None for wait in waits]] = np.timedelta64("NaT")
    used = pd.Index(sorted(set(kinds)), dtype="str")
    kind = pd.Categorical(kinds, categories=used)
    return pd.DataFrame({"unit": pd.Series(units, dtype="str"), "kind": kind, "wait": times})


def counted(whole: pm.Summary) -> dict[tuple[Any, int], tuple[int, int]]:
    """The counts as the oracle writes them."""
    keys = list(zip(*(texts(whole.counts[name]) for name in whole.by), strict=True))
    columns = (whole.counts[name].tolist() for name in ("value", "n", "total"))
    rows = zip(keys or [()] * len(whole), *columns, strict=True)
    return {(key, value): (n, total) for key, value, n, total in rows}


def by_key(rows: Sequence[Row]) -> dict[tuple[str | None, str], list[int | None]]:
    groups: dict[tuple[str | None, str], list[int | None]] = {}
    for unit, kind, wait in rows:
        groups.setdefault((unit, kind), []).append(wait)
    return groups


def hours(*figures: float) -> pd.DataFrame:
    return pd.DataFrame({"wait": pd.to_timedelta(list(figures), unit="h")})


# --- worked examples ------------------------------------------------------------------------------


def test_values_are_counted_per_key_with_their_exact_total():
    rows = [("Registry", "A", 1500), ("Registry", "A", 2499), ("Registry", "A", -1500)]
    found = pm.summarize(table([*rows, (None, "B", 7_000)]), "wait", by=["unit"])
    assert found.counts.to_dict("list") == {
        "unit": ["Registry", "Registry", np.nan],
        "value": [-2, 2, 7],
        "n": [1, 2, 1],
        "total": [-2, 4, 7],
    }
    assert (found.measure, found.measured_in, found.by) == ("wait", "ms", ("unit",))


def test_with_seven_bits_a_value_stands_for_its_cell_and_the_total_stays_exact():
    # 1000 has 10 bits: its cell is 1000..1003, and its midpoint 1002; 255 and less are kept
    whole = pm.summarize(pd.DataFrame({"n": [1000, 1003, -1001, 255]}), "n", bits=7)
    assert whole.counts.to_dict("list") == {
        "value": [-1002, 255, 1002],
        "n": [1, 1, 2],
        "total": [-1001, 255, 2003],
    }


def test_totals_and_means_are_durations():
    found = pm.summarize(hours(1, 2, 6), "wait").totals()
    assert found["n"].tolist() == [3]
    assert found["total"].tolist() == [pd.Timedelta(hours=9)]
    assert found["mean"].tolist() == [pd.Timedelta(hours=3)]


def test_counts_of_things_stay_numbers():
    found = pm.summarize(pd.DataFrame({"steps": [2, 5]}), "steps")
    assert found.measured_in == "count"
    assert found.totals().to_dict("list") == {"n": [2], "total": [7], "mean": [3.5]}
    assert found.quantiles([0.5]).to_dict("list") == {"n": [2], "0.5": [3.5]}


def test_true_and_false_count_as_one_and_nothing():
    found = pm.summarize(pd.DataFrame({"late": [True, False, True]}), "late").totals()
    assert (found["n"].item(), found["total"].item()) == (3, 2)


# --- the oracle -----------------------------------------------------------------------------------


@given(ROWS, BITS)
def test_the_counts_are_those_of_the_oracle(rows, bits):
    found = pm.summarize(table(rows), "wait", by=KEYS, bits=bits)
    assert counted(found) == oracle.summary(by_key(rows), bits)


@given(ROWS, BITS)
def test_without_keys_the_whole_is_counted(rows, bits):
    found = pm.summarize(table(rows), "wait", bits=bits)
    assert counted(found) == oracle.summary({(): [wait for _, _, wait in rows]}, bits)


@given(st.lists(st.integers(-(2**62), 2**62) | st.integers(-300, 300)), BITS)
def test_values_are_rounded_as_the_oracle_rounds_them(values, bits):
    found = rounded(np.array(values, dtype=np.int64), bits)
    assert found.tolist() == [oracle.rounded(value, bits) for value in values]


@pytest.mark.parametrize("power", range(2, 63))
def test_values_beside_a_power_of_two_fall_into_their_own_cell(power):
    values = [2**power - 1, 2**power, 2**power + 1]
    assert rounded(np.array(values), 7).tolist() == [oracle.rounded(v, 7) for v in values]


@given(st.lists(st.integers(-(10**15), 10**15) | st.integers(-5, 5).map(lambda n: n * 500)))
def test_microseconds_are_rounded_half_away_from_zero(values):
    found = milliseconds(np.array(values, dtype=np.int64)).tolist()
    assert found == [oracle.whole_milliseconds(value) for value in values]


@pytest.mark.parametrize(
    ("microseconds", "expected"),
    [(499, 0), (500, 1), (501, 1), (1499, 1), (1500, 2), (-499, 0), (-500, -1), (-1500, -2)],
)
def test_half_a_millisecond_goes_away_from_zero(microseconds, expected):
    found = pm.summarize(table([("NA", "A", microseconds)]), "wait")
    assert found.counts["value"].tolist() == [expected]


@pytest.mark.parametrize("resolution", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("seconds", [7, -7])
def test_durations_of_any_resolution_are_counted_in_milliseconds(resolution, seconds):
    times = pd.Series([seconds], dtype="timedelta64[s]").dt.as_unit(resolution)
    assert (
        pm.summarize(pd.DataFrame({"wait": times}), "wait").counts["total"].item() == 1e3 * seconds
    )


def test_nanoseconds_are_rounded_the_same_on_both_sides_of_zero():
    times = pd.Series([1_499_600, -1_499_600, 1_500_000, -1_500_000], dtype="timedelta64[ns]")
    found = pm.summarize(pd.DataFrame({"wait": times}), "wait")
    assert found.counts["value"].tolist() == [-2, -1, 1, 2]


@given(ROWS, st.lists(st.floats(0, 1), min_size=1, max_size=4, unique=True))
def test_quantiles_are_the_default_ones_of_numpy(rows, probabilities):
    found = pm.summarize(table(rows), "wait", by=KEYS).quantiles(probabilities)
    groups = {
        key: [oracle.whole_milliseconds(wait) for wait in waits if wait is not None]
        for key, waits in by_key(rows).items()
    }
    expected = {key: values for key, values in groups.items() if values}
    keys = list(zip(texts(found["unit"]), texts(found["kind"]), strict=True))
    assert set(keys) == set(expected)
    assert len(keys) == len(expected)
    for place, key in enumerate(keys):
        assert found["n"][place] == len(expected[key])
        for p in probabilities:
            figure = micros(found[str(p)])[place]
            assert figure == pytest.approx(np.quantile(expected[key], p) * 1000, rel=1e-12, abs=1)


@FEWER
@given(ROWS)
def test_with_seven_bits_a_quantile_is_within_a_cell_of_the_exact_one(rows):
    exact = pm.summarize(table(rows), "wait", by=KEYS).quantiles([0.5, 0.9])
    coarse = pm.summarize(table(rows), "wait", by=KEYS, bits=7).quantiles([0.5, 0.9])
    assert coarse["n"].tolist() == exact["n"].tolist()
    largest = max((abs(wait) for _, _, wait in rows if wait is not None), default=0)
    for p in ("0.5", "0.9"):
        for near, true in zip(micros(coarse[p]), micros(exact[p]), strict=True):
            assert abs(near - true) <= largest / 128 + 1


@given(st.integers(-(2**62), 2**62), st.integers(0, 12))
def test_a_cell_is_symmetric_narrow_and_keeps_its_midpoint(value, bits):
    middle, opposite = rounded(np.array([value, -value]), bits).tolist()
    assert middle == -opposite
    assert abs(Fraction(middle - value)) <= Fraction(abs(value), 2 ** (bits + 1))
    assert rounded(np.array([middle]), bits).tolist() == [middle]


@given(st.integers(-(2**40), 2**40), st.integers(0, 2**20), st.integers(0, 12))
def test_rounding_keeps_the_order_of_values(value, more, bits):
    low, high = rounded(np.array([value, value + more]), bits).tolist()
    assert low <= high


@given(ROWS)
def test_totals_are_exact_per_key(rows):
    found = pm.summarize(table(rows), "wait", by=KEYS, bits=3).totals()
    cells = oracle.summary(by_key(rows))
    keys = list(zip(texts(found["unit"]), texts(found["kind"]), strict=True))
    for place, key in enumerate(keys):
        mine = [cells[cell] for cell in cells if cell[0] == key]
        assert found["n"][place] == sum(n for n, _ in mine)
        assert micros(found["total"])[place] == 1000 * sum(total for _, total in mine)
        mean = Fraction(1000 * sum(total for _, total in mine), sum(n for n, _ in mine))
        assert micros(found["mean"])[place] == pytest.approx(float(mean), rel=1e-12, abs=1)
    assert set(keys) == {key for key, _ in cells}


# --- laws -----------------------------------------------------------------------------------------


def summed(rows: Sequence[Row], bits: int | None) -> pm.Summary:
    return pm.summarize(table(rows), "wait", by=KEYS, bits=bits, basis="office hours")


@FEWER
@given(ROWS, st.data(), BITS)
def test_the_parts_of_a_table_add_up_to_the_whole(rows, data, bits):
    owners = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    pieces = [
        summed([row for row, owner in zip(rows, owners, strict=True) if owner == part], bits)
        for part in range(4)
    ]
    assert sum(pieces) == summed(rows, bits)
    assert reduce(add, pieces[::-1]) == summed(rows, bits)


@FEWER
@given(ROWS, ROWS, ROWS, BITS)
def test_sums_are_associative_and_commutative(one, two, three, bits):
    a, b, c = (summed(rows, bits) for rows in (one, two, three))
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)


@FEWER
@given(ROWS, BITS)
def test_nothing_added_changes_nothing(rows, bits):
    whole, empty = summed(rows, bits), summed([], bits)
    assert 0 + whole == whole == whole + 0
    assert empty + whole == whole == whole + empty
    assert sum([whole]) == whole


@FEWER
@given(ROWS, ROWS)
def test_the_operands_stay_as_they_were(one, two):
    a, b = summed(one, 7), summed(two, 7)
    before = a.counts.copy(deep=True), b.counts.copy(deep=True)
    a + b
    pd.testing.assert_frame_equal(a.counts, before[0])
    pd.testing.assert_frame_equal(b.counts, before[1])


@given(ROWS, BITS)
def test_rounding_after_the_sum_is_rounding_before_it(rows, bits):
    exact = summed(rows, None)
    cells: dict[tuple[Any, int], tuple[int, int]] = {}
    for (key, value), (n, total) in counted(exact).items():
        cell = (key, oracle.rounded(value, bits))
        so_far = cells.get(cell, (0, 0))
        cells[cell] = (so_far[0] + n, so_far[1] + total)
    assert counted(summed(rows, bits)) == cells


@FEWER
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, random):
    shuffled = rows[:]
    random.shuffle(shuffled)
    assert summed(shuffled, 7) == summed(rows, 7)


@FEWER
@given(ROWS, BITS)
def test_counts_are_sorted_and_each_key_and_value_is_there_once(rows, bits):
    counts = summed(rows, bits).counts
    keys = [*KEYS, "value"]
    assert list(counts.columns) == [*keys, "n", "total"]
    assert not counts.duplicated(keys).any()
    pd.testing.assert_frame_equal(counts, counts.sort_values(keys, ignore_index=True))
    assert (counts["n"] > 0).all()
    assert counts["n"].sum() == sum(wait is not None for _, _, wait in rows)


@FEWER
@given(ROWS)
def test_the_table_stays_as_it_was(rows):
    given_table = table(rows)
    before = given_table.copy(deep=True)
    pm.summarize(given_table, "wait", by=KEYS, bits=7)
    pd.testing.assert_frame_equal(given_table, before)


@FEWER
@given(ROWS)
def test_keys_are_labels_whatever_codes_a_part_gives_them(rows):
    turned = table(rows)
    turned["kind"] = turned["kind"].cat.set_categories(["C", "B", "A"])
    assert pm.summarize(turned, "wait", by=KEYS, basis="office hours") == summed(rows, None)


# --- what is refused ------------------------------------------------------------------------------

WAITS = table([("Registry", "A", 60_000), ("Urbanism", "B", 120_000)])


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (pm.summarize(WAITS.rename(columns={"wait": "age"}), "age", by=["unit"]), "measure"),
        (pm.summarize(WAITS.assign(wait=[1, 2]), "wait", by=["unit"]), "unit of measure"),
        (pm.summarize(WAITS, "wait", by=["kind"]), "keys"),
        (pm.summarize(WAITS, "wait"), "keys"),
        (pm.summarize(WAITS, "wait", by=["unit"], bits=7), r"resolution \(bits=\)"),
        (pm.summarize(WAITS, "wait", by=["unit"], basis="calendar of Cluj"), "basis"),
    ],
)
def test_sums_that_mean_nothing_are_refused_in_words(other, what):
    mine = pm.summarize(WAITS, "wait", by=["unit"])
    with pytest.raises(SummaryError, match=rf"do not add up: their {what} differs") as refused:
        mine + other
    assert "summarize both parts in the same way" in str(refused.value)
    with pytest.raises(SummaryError):
        other + mine


@pytest.mark.parametrize("other", [1, "0", None, WAITS])
def test_a_summary_adds_to_summaries_and_to_zero_only(other):
    with pytest.raises(TypeError):
        pm.summarize(WAITS, "wait") + other


def test_the_order_of_keys_is_part_of_what_they_mean():
    with pytest.raises(SummaryError, match="keys"):
        pm.summarize(WAITS, "wait", by=KEYS) + pm.summarize(WAITS, "wait", by=KEYS[::-1])


@pytest.mark.parametrize("missing", [{"measure": "wate"}, {"measure": "wait", "by": ["Unit"]}])
def test_a_column_that_is_not_there_is_named_beside_those_that_are(missing):
    with pytest.raises(SummaryError, match="columns are: unit, kind, wait"):
        pm.summarize(WAITS, **missing)


@pytest.mark.parametrize("values", [[0.5, 1.5], ["a", "b"], pd.to_datetime(["2026-01-01"] * 2)])
def test_what_cannot_be_counted_exactly_is_refused(values):
    with pytest.raises(SummaryError, match="counts durations, whole numbers or true/false"):
        pm.summarize(pd.DataFrame({"x": values}), "x")


def test_totals_that_do_not_fit_in_64_bits_are_refused():
    large = pd.DataFrame({"cents": [2**61]})
    part = pm.summarize(large, "cents")
    assert part.counts["total"].tolist() == [2**61]
    with pytest.raises(SummaryError, match="too large to stay exact"):
        pm.summarize(pd.concat([large, large]), "cents")
    with pytest.raises(SummaryError, match="too large to stay exact"):
        part + part


def test_totals_over_several_values_that_do_not_fit_are_refused():
    spread = pm.summarize(pd.DataFrame({"cents": [2**61, 2**61 + 1]}), "cents")
    assert len(spread) == 2
    with pytest.raises(SummaryError, match="too large to stay exact"):
        spread.totals()


def test_a_total_of_more_than_292_thousand_years_is_still_exact():
    years = 250 * 365
    one = pm.summarize(pd.DataFrame({"wait": pd.to_timedelta([years], unit="D")}), "wait")
    many = replace(one, counts=one.counts.assign(n=4_000, total=one.counts["total"] * 4_000))
    found = many.totals()
    assert found["total"].dt.total_seconds().item() == 4_000 * years * 86_400
    assert found["mean"].item() == pd.Timedelta(days=years)


@pytest.mark.parametrize("p", [-0.1, 1.1, 50, float("nan")])
def test_a_probability_outside_0_to_1_is_refused(p):
    with pytest.raises(SummaryError, match="probabilit"):
        pm.summarize(WAITS, "wait", by=["unit"]).quantiles([p])


# --- edges ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [(), ("unit",), KEYS])
@pytest.mark.parametrize("rows", [[], [("NA", "A", None)]])
def test_a_summary_of_nothing_has_no_rows_but_its_columns(by, rows):
    empty = pm.summarize(table(rows), "wait", by=by)
    assert len(empty) == 0
    assert list(empty.counts.columns) == [*by, "value", "n", "total"]
    assert list(empty.totals().columns) == [*by, "n", "total", "mean"]
    assert list(empty.quantiles([0.5]).columns) == [*by, "n", "0.5"]
    assert len(empty.totals()) == len(empty.quantiles()) == 0


def test_a_missing_label_is_a_key_of_its_own_and_the_text_na_another():
    found = pm.summarize(table([(None, "A", 1000), ("NA", "A", 2000)]), "wait", by=["unit"])
    assert texts(found.totals()["unit"]) == ["NA", None]
    assert (found + found).totals()["n"].tolist() == [2, 2]


def test_one_observation_is_every_quantile():
    found = pm.summarize(hours(5), "wait").quantiles([0, 0.5, 1])
    assert found.drop(columns="n").iloc[0].tolist() == [pd.Timedelta(hours=5)] * 3


def test_equality_needs_the_same_meaning_and_the_same_counts():
    mine = pm.summarize(WAITS, "wait", by=["unit"])
    assert mine == pm.summarize(WAITS, "wait", by=["unit"])
    assert mine != pm.summarize(WAITS, "wait", by=["unit"], basis="as of today")
    assert mine != pm.summarize(WAITS[:1], "wait", by=["unit"])
    assert mine != "wait"


def test_a_summary_cannot_be_changed_nor_hashed():
    mine = pm.summarize(WAITS, "wait")
    with pytest.raises(FrozenInstanceError):
        mine.bits = 7
    with pytest.raises(TypeError, match="unhashable"):
        hash(mine)


def test_a_summary_says_what_it_holds():
    assert (
        repr(pm.summarize(WAITS, "wait", by=["unit"]))
        == "<Summary of wait (ms) by unit: 2 observations>"
    )
    assert (
        repr(pm.summarize(WAITS, "wait")) == "<Summary of wait (ms) by the whole: 2 observations>"
    )


def test_keys_with_the_names_of_counts_are_refused_and_a_single_key_may_be_a_text() -> None:
    table = pd.DataFrame({"value": ["a", "b"], "unit": ["u", "u"], "w": [1, 2]})
    with pytest.raises(SummaryError, match="has its own column 'value'"):
        pm.summarize(table, "w", by=["value"])
    assert pm.summarize(table, "w", by="unit") == pm.summarize(table, "w", by=["unit"])
