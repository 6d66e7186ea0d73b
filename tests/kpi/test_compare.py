"""Comparisons against the oracle, scipy, closed forms, their laws and their edges."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import procmine as pm
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kpi.bootstrap import holm, percentile_interval, probability_of_none, resampled
from procmine.kpi.compare import compare
from procmine.kpi.logrank import logrank
from tests.bound import FEWER, ZONE, bound, closings, instant, last_known, numbered, path, texts
from tests.kpi import oracle_improvement as oracle
from tests.kpi import oracle_waiting, ten_days
from tests.oracle import DAY, Step, case_times, sort_steps
from tests.strategies import logs

MONDAY = 20_458 * DAY  # 2026-01-05, at midnight in UTC
SAMPLES = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=25)
TIMES = ["cycle_time_median", "cycle_time_p80", "cycle_time_mean"]
RATIOS = ("steps", "rework_share", "handovers", "waiting_time", "processing_time", "closed_share")


def values(table: pd.DataFrame, *names: str) -> dict[tuple[str, str | None], tuple[Any, ...]]:
    """Some columns of a comparison by measure and activity, None where missing."""
    columns = [[None if pd.isna(v) else v for v in table[name]] for name in names]
    keys = zip(table["measure"], texts(table["activity"]), strict=True)
    return dict(zip(keys, zip(*columns, strict=True), strict=True))


def days(
    *lengths: float, mark: str = "", closing: str = "X", unit: str | None = None
) -> list[Step]:
    """A case for each length in days: A, then the end; negative lengths are cases still open at A."""
    cases = []
    for place, length in enumerate(lengths):
        times = [MONDAY, MONDAY + round(abs(length) * DAY)]
        ends = ["A", closing if length > 0 else "B"]
        cases.append(path(f"{mark}{place}", ends, [(t, t) for t in times], unit=unit))
    return numbered(*cases)


# --- worked examples ------------------------------------------------------------------------------

MAINTAINED = [9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161]
NOT_MAINTAINED = [5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45]


def test_the_maintenance_of_leukaemia_of_miller_1997_has_the_log_rank_test_that_r_prints_for_it():
    # survdiff(Surv(time, status) ~ x, data = aml): observed 7 and 11, expected 10.69 and 7.31, chisq 3.4, p 0.07
    # weeks in remission; the negative ones had none of its ends yet
    weeks = np.array(MAINTAINED), np.array(NOT_MAINTAINED)
    found = logrank((abs(weeks[0]), abs(weeks[1])), (weeks[0] > 0, weeks[1] > 0))
    assert found.ratios == pytest.approx((7 / 10.689, 11 / 7.311), rel=1e-3)
    assert found.chi_square == pytest.approx(3.396, abs=5e-4)
    assert found.p == pytest.approx(0.0653, abs=5e-5)


def test_a_worked_example_by_hand():
    a = bound(days(*[10.0] * 10, *[20.0] * 10, mark="a"), closed="X")
    b = bound(days(*[12.0] * 10, *[30.0] * 10, mark="b"), closed="X")
    found = values(compare(a, b), "a", "b", "difference", "n_a", "n_b", "different")
    assert found["cases", None] == (20, 20, 0, 20, 20, None)
    assert found["cycle_time_p80", None][:3] == (20, 30, 10)
    assert found["cycle_time_mean", None][:5] == (15, 21, 6, 20, 20)
    alone = compare(a, b, measures="waiting_time").iloc[0]  # one of several tests, or the only one
    assert alone["different"]
    assert found["closed_share", None][:3] == (1, 1, 0)
    assert found["steps", None] == (2, 2, 0, 20, 20, False)
    assert found["waiting_time", None] == (15, 21, 6, 20, 20, False)
    assert found["step_wait", "X"] == (15, 21, 6, 20, 20, False)
    assert found["step_wait", "A"] == (0, 0, 0, 20, 20, False)


def test_the_names_are_those_of_the_columns_and_the_cases_are_those_that_lift_the_higher_side():
    a = bound(days(*range(1, 13), mark="a"), closed="X")
    b = bound(days(*range(1, 12), 40, mark="b"), closed="X")
    table = compare(a, b, names=("before", "after"))
    assert {"before", "after", "n_before", "n_after"} <= set(table.columns)
    row = table[table["measure"] == "waiting_time"].iloc[0]
    assert row["difference"] == pytest.approx(28 / 12)
    # 6.5 days is the mean before: the cases above it, the longest first
    assert row["cases"] == ("b11", "b10", "b9", "b8", "b7", "b6")
    turned = compare(b, a, names=("after", "before"))
    assert turned.loc[turned["measure"] == "waiting_time", "cases"].iloc[0] == row["cases"]
    assert table.attrs["names"] == ("before", "after")


def test_open_cases_count_as_lasting_longer_than_their_age():
    a = bound(days(*[10] * 6, *[-30] * 6, mark="a"), closed="X")
    b = bound(days(*[10] * 6, *[20] * 6, mark="b"), closed="X")
    found = values(compare(a, b, as_of="2026-02-04T00:00Z"), "a", "b", "n_a", "method")
    assert found["cycle_time_median", None][:3] == (10, 10, 12)
    assert found["cycle_time_p80", None][:2] == (
        None,
        20,
    )  # half still lasts when all were followed
    # up to 30 days, as long as the open ones were followed: 10, and 20 more of half
    assert found["cycle_time_mean", None][:2] == (20, 15)
    assert "up to 30.0 days" in found["cycle_time_mean", None][3]


def test_the_mean_of_a_side_that_is_over_is_not_cut_where_the_other_side_was_quick():
    a = bound(days(*np.linspace(1, 5, 50), mark="a"), closed="X")
    late = path("late", "A", [(MONDAY + 100 * DAY,) * 2])
    b = bound(numbered(days(*np.linspace(80, 120, 50), mark="b"), late), closed="X")
    found = values(compare(a, b), "a", "b", "method")
    # one is open since 20 days, while all others took from 80 to 120: after those nobody is left
    assert found["cycle_time_mean", None][:2] == (pytest.approx(3), pytest.approx(100))
    assert "up to" not in found["cycle_time_mean", None][2]
    c = bound(days(*np.linspace(1, 5, 50), -9, mark="c"), closed="X")
    found = values(compare(c, b), "b", "method")
    assert found["cycle_time_mean", None][0] == 9
    assert "up to 9.0 days" in found["cycle_time_mean", None][1]


def test_both_sides_measure_waits_with_the_concurrency_that_they_have_together():
    # B comes before A on one side only; where A comes first, all times are alike
    def side(mark: str, turned: int) -> list[Step]:
        cases = []
        for n in range(40):
            now = MONDAY + n % 5 * DAY // 24
            times = [(now + x * DAY, now + x * DAY + DAY // 4) for x in (0, 1, 2)]
            names = ["S", "B", "A"] if n < turned else ["S", "A", "B"]
            cases.append(path(f"{mark}{n}", names, times))
        return numbered(*cases)

    alike = compare(bound(side("a", 0)), bound(side("b", 0)), measures="step_wait")
    assert alike.set_index("activity").loc["B", ["a", "b"]].tolist() == [0.75, 0.75]
    table = compare(bound(side("a", 10)), bound(side("b", 0)), measures="step_wait")
    # B waits for S alone: from 0.25 to 2, or to 1 in the ten
    assert table.set_index("activity").loc["B", ["a", "b"]].tolist() == [1.5, 1.75]
    kept = bound(side("a", 10)).where(lambda cases: cases["variant"] == "S → A → B")
    row = compare(kept, bound(numbered(side("b", 0), side("c", 10)))).set_index("activity")
    assert row.loc["B", "a"] == 1.75


def test_what_closed_cases_alone_tell_is_not_judged_where_the_closed_shares_differ():
    # the same work on both sides, of which the slow half is still open on the other one
    lengths = [4.0] * 30 + [40.0] * 30
    a = bound(days(*lengths, mark="a"), closed="X")
    b = bound(days(*lengths[:30], *[-20] * 30, mark="b"), closed="X")
    table = compare(a, b)
    rows = table.set_index("measure")
    assert rows.loc["closed_share", "different"]
    row = rows.loc["waiting_time"]
    assert row["p_holm"] < 0.001
    assert row["different"] is pd.NA
    told = "not judged: only closed cases count, and the closed shares differ (1.00 and 0.50)"
    for name in ("waiting_time", "processing_time", "steps", "rework_share"):
        assert rows.loc[name, "different"] is pd.NA
    assert told in row["method"]
    assert told not in rows.loc["cycle_time_median", "method"]
    # whichever measures are asked for
    alone = compare(a, b, measures="waiting_time")
    assert alone["measure"].tolist() == ["waiting_time"]
    assert alone["different"].isna().all()
    assert told in alone["method"].iloc[0]
    even = compare(a, bound(days(*[9.0] * 60, mark="b"), closed="X"), measures="waiting_time")
    assert even["different"].all()
    assert "not judged" not in even["method"].iloc[0]


def test_figures_on_estimated_starts_say_how_many_are():
    def side(mark: str) -> pm.EventLog:
        times = [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
        cases = (path(f"{mark}{n}", "ABC", times, resource="R") for n in range(12))
        return bound(numbered(*cases))

    a, b = side("a"), side("b")
    rows = compare(a, b, starts="estimate", names=("old", "new")).set_index("measure")
    told = "estimated starts: 24 of 36 (old) and 24 of 36 (new)"  # none of the first steps
    for name in ("processing_time", "waiting_time", "step_wait"):
        assert rows.loc[[name], "method"].str.contains(told, regex=False).all()
    assert told not in rows.loc["steps", "method"]
    assert told in compare(a, b, starts="estimate", names=("old", "new")).attrs["notes"]
    assert not compare(a, b)["method"].str.contains("estimated").any()


# --- against the oracle ---------------------------------------------------------------------------


@given(logs(), logs(), st.data())
def test_every_measure_is_that_of_the_oracle(first, second, data):
    together = [*first, *second]
    closing = data.draw(closings(together))
    pair = []
    for steps in (first, second):
        has = closing and sorted({s.activity for s in steps} & set(closing))
        pair.append((steps, has or None))
    as_of = max(last_known(first), last_known(second))
    found = compare(
        *(bound(steps, closed=has) for steps, has in pair), resamples=100, as_of=instant(as_of)
    )
    as_given = values(found, "a", "b", "n_a", "n_b")
    logged = [oracle_waiting.log_of(steps) for steps, _ in pair]
    starts = {not log.one_timestamp for log in logged}
    expected = [
        oracle.side(
            log.cases,
            has,
            as_of,
            oracle.step_waits(log, logged, starts=starts == {True}),
        )
        for log, (steps, has) in zip(logged, pair, strict=True)
    ]
    timed = {"waiting_time", "processing_time", "step_wait"}
    for (measure, activity), got in as_given.items():
        if measure not in (*RATIOS, "step_wait"):
            continue
        unlike = measure in timed and len(starts) == 2
        unlike |= measure == "processing_time" and starts == {False}
        units = [any(s.unit for s in steps) for steps, _ in pair]
        unlike |= measure == "handovers" and not all(units)
        if unlike:
            assert got == (None, None, 0, 0)
            continue
        for place, side in enumerate(expected):
            value, n = side.get((measure, activity), (None, 0))
            if measure in timed:
                value = oracle.in_days(value)
            assert got[place] == (None if value is None else pytest.approx(float(value)))
            assert got[place + 2] == n


@given(logs(), logs(), st.data())
def test_cycle_times_are_the_curve_of_kaplan_and_meier(first, second, data):
    pair, lasted = [], []
    as_of = max(last_known(first), last_known(second))
    for steps in (first, second):
        closing = data.draw(closings(steps))
        times = [case_times(case, closing, as_of) for case in sort_steps(steps).values()]
        pair.append(bound(steps, closed=closing))
        lasted.append([x for x in map(oracle.lasted, times) if x is not None])
    found = values(
        compare(
            *pair, measures=[*TIMES, "cycle_time_logrank"], resamples=100, as_of=instant(as_of)
        ),
        "a",
        "b",
    )
    if not all(lasted):
        assert set(found.values()) == {(None, None)}
        return
    longest = [max(time for time, _ in side) for side in lasted]
    last = [
        time for side, time in zip(lasted, longest, strict=True) if oracle.survivors(side)[-1][1]
    ]
    until = min(last) if last else max(longest)
    for place, side in enumerate(lasted):
        for name, p in ("cycle_time_median", Fraction(1, 2)), ("cycle_time_p80", Fraction(4, 5)):
            expected = oracle.in_days(oracle.survival_quantile(side, p))
            assert found[name, None][place] == pytest.approx(expected)
        mean = oracle.in_days(oracle.survival_mean(side, until))
        assert found["cycle_time_mean", None][place] == pytest.approx(mean)
        expected_ends = oracle.expected_to_end(side, [*lasted[0], *lasted[1]])
        ended = sum(end for _, end in side)
        ratio = float(ended / expected_ends) if expected_ends else None
        assert found["cycle_time_logrank", None][place] == pytest.approx(ratio)


@given(SAMPLES, SAMPLES)
def test_the_log_rank_test_is_that_of_scipy(a, b):
    arrays = [(np.array([t for t, _ in s]), np.array([e for _, e in s])) for s in (a, b)]
    found = logrank((arrays[0][0], arrays[1][0]), (arrays[0][1], arrays[1][1]))
    censored = [stats.CensoredData(uncensored=time[end], right=time[~end]) for time, end in arrays]
    if np.isnan(found.p):
        return
    expected = stats.logrank(*censored)
    assert found.chi_square == pytest.approx(expected.statistic**2, abs=1e-9)
    assert found.p == pytest.approx(expected.pvalue)


def test_the_log_rank_test_says_nothing_where_nothing_ended_or_nobody_else_was_at_risk():
    nothing = logrank((np.array([3]), np.array([4])), (np.array([False]), np.array([False])))
    alone = logrank((np.array([1]), np.array([9])), (np.array([False]), np.array([True])))
    assert np.isnan([nothing.p, *nothing.ratios, alone.p]).all()


# --- the bootstrap --------------------------------------------------------------------------------


def test_a_resample_draws_as_many_cases_as_there_are_and_chunks_change_nothing(monkeypatch):
    whole = np.vstack(list(resampled(7, 50, np.random.default_rng(3))))
    monkeypatch.setattr("procmine.kpi.bootstrap._CELLS", 21)
    parts = list(resampled(7, 50, np.random.default_rng(3)))
    assert len(parts) == 17
    assert (whole.sum(axis=1) == 7).all()
    np.testing.assert_array_equal(np.vstack(parts), whole)
    # each case is drawn once on average, with the variance 1 - 1/n of a multinomial
    many = np.vstack(list(resampled(7, 20_000, np.random.default_rng(4))))
    assert many.mean(axis=0) == pytest.approx(np.ones(7), abs=0.03)
    assert many.var(axis=0) == pytest.approx(np.full(7, 6 / 7), rel=0.05)


def test_the_interval_of_means_is_that_of_scipy_and_of_the_normal_curve():
    random = np.random.default_rng(11)
    lengths = [np.round(random.gamma(2, 5, size), 2) + 0.01 for size in (150, 200)]
    sides = [bound(days(*x, mark=m), closed="X") for x, m in zip(lengths, "ab", strict=True)]
    row = compare(*sides, resamples=4000).set_index("measure").loc["waiting_time"]
    error = np.sqrt(sum(x.var() / len(x) for x in lengths))
    width = 2 * 1.96 * error
    assert [row["low"], row["high"]] == pytest.approx(
        row["difference"] + np.array([-1, 1]) * 1.96 * error, abs=0.04 * width
    )
    other = stats.bootstrap(
        lengths[::-1],
        lambda b, a, axis: b.mean(axis) - a.mean(axis),
        n_resamples=4000,
        method="percentile",
        rng=np.random.default_rng(5),
    ).confidence_interval
    assert [row["low"], row["high"]] == pytest.approx([other.low, other.high], abs=0.06 * width)
    assert row["p"] == pytest.approx(2 * stats.norm.sf(abs(row["difference"]) / error), abs=0.03)


def test_intervals_are_over_cases_and_not_over_steps():
    # each case repeats its one wait 30 times: 30 times the steps tell no more than the cases
    def side(mark: str, waits: list[int]) -> pm.EventLog:
        cases = []
        for place, wait in enumerate(waits):
            times = [MONDAY + n * wait * DAY // 4 for n in range(31)]
            cases.append(path(f"{mark}{place}", ["A"] * 31, [(t, t) for t in times]))
        return bound(numbered(*cases))

    waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    a, b = side("a", waits), side("b", [w + 2 for w in waits])
    row = compare(a, b, measures="step_wait").iloc[0]
    error = np.sqrt(2 * np.var([w / 4 * 30 / 31 for w in waits]) / 12)
    assert row["difference"] == pytest.approx(2 / 4 * 30 / 31)
    assert row["high"] - row["low"] == pytest.approx(2 * 1.96 * error, rel=0.12)
    assert not row["different"]


def test_an_interval_is_cut_at_the_order_statistics_and_unknown_resamples_widen_it():
    found = np.arange(1000.0)
    assert percentile_interval(found) == (24, 975)
    found[:20] = np.nan
    assert percentile_interval(found) == (24, 995)
    found[:30] = np.nan
    assert percentile_interval(found) == (-np.inf, np.inf)
    assert np.isnan(probability_of_none(1.0, found))


def test_p_values_are_adjusted_as_holm_1979_does():
    # by hand: 4 x 0.005, 3 x 0.01, 2 x 0.03, and 0.04 no less than the one before
    adjusted = holm(np.array([0.01, np.nan, 0.04, 0.03, 0.005]))
    assert adjusted[[0, 2, 3, 4]] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert np.isnan(adjusted[1])


# --- laws -----------------------------------------------------------------------------------------


@FEWER
@given(logs(), st.data())
def test_a_log_does_not_differ_from_itself(steps, data):
    log = bound(steps, closed=data.draw(closings(steps)))
    table = compare(log, log, resamples=100)
    known = table["difference"].notna()
    assert (table.loc[known, "difference"] == 0).all()
    assert not table["different"].fillna(False).any()
    assert (table["cases"].map(len) == 0).all()
    assert table["method"].str.contains("case ids are on both sides").all()


@FEWER
@given(logs(), logs(), st.data())
def test_to_swap_the_sides_turns_the_signs(first, second, data):
    a = bound(first, closed=data.draw(closings(first)))
    b = bound(second, closed=data.draw(closings(second)))
    one = compare(a, b, resamples=100, names=("a", "b"))
    other = compare(b, a, resamples=100, names=("b", "a"))
    # the activities of the side named first go first
    keys = ["measure", "activity"]
    one, other = (table.sort_values(keys, ignore_index=True) for table in (one, other))
    for name in ("a", "b", "n_a", "n_b", "p", "p_holm", "different", "cases"):
        pd.testing.assert_series_equal(one[name], other[name], rtol=1e-9)
    for name, turned in (("difference", "difference"), ("low", "high"), ("high", "low")):
        np.testing.assert_allclose(one[name], -other[turned], atol=1e-12)


def test_the_seed_alone_decides_what_is_drawn():
    a = bound(days(*range(1, 21), mark="a"), closed="X")
    b = bound(days(*range(3, 23), mark="b"), closed="X")
    pd.testing.assert_frame_equal(compare(a, b, seed=7), compare(a, b, seed=7))
    assert not compare(a, b, seed=7)["low"].equals(compare(a, b, seed=8)["low"])


@FEWER
@given(logs(), st.integers(1, 60))
def test_a_shift_by_whole_weeks_changes_nothing(steps, weeks):
    by = -weeks * 7 * DAY  # what lies in the future is not seen
    moved = [replace(s, start=s.start and s.start + by, end=s.end and s.end + by) for s in steps]
    one, other = (
        compare(bound(steps), bound(x), resamples=100, as_of="2027-03-01") for x in (steps, moved)
    )
    same = ["measure", "a", "b", "difference", "n_a", "n_b"]
    pd.testing.assert_frame_equal(one[same], other[same])
    assert (other["difference"].dropna() == 0).all()


# --- keys, terms, edges ---------------------------------------------------------------------------


def test_each_key_is_compared_with_itself_and_one_that_is_on_one_side_only_has_no_other_value():
    urban, roads = days(*[10] * 10, unit="Urbanism"), days(*[20] * 10, mark="r", unit="Roads")
    a = bound(numbered(urban, roads), closed="X")
    b = bound(numbered(days(*[15] * 10, mark="b", unit="Roads")), closed="X")
    table = compare(a, b, by="unit", measures=["cases", "cycle_time_mean"])
    assert list(table["unit"]) == ["Roads"] * 2 + ["Urbanism"] * 2
    assert table["a"].tolist() == [10, 20, 10, pytest.approx(np.nan, nan_ok=True)]
    assert table["b"].tolist() == [10, 15, 0, pytest.approx(np.nan, nan_ok=True)]


def test_timeliness_and_first_time_right_come_with_a_procedure():
    text = ten_days.TEN_DAYS.replace("SILENCE", "none")
    procedure = pm.Procedure.parse(
        text.replace("asked: Asked", "information_requested: Asked").replace(
            "from: asked", "from: information_requested"
        )
    )
    a = {f"a{n}": [("Came", "2026-01-05"), ("Granted", "2026-01-12")] for n in range(12)}
    b = {f"b{n}": [("Came", "2026-01-05"), ("Granted", "2026-02-12")] for n in range(12)}
    late = {"b12": [("Came", "2026-01-05"), ("Asked", "2026-01-06"), ("Granted", "2026-01-07")]}
    logs_ = [ten_days.log_of(ten_days.SEEN | cases) for cases in (a, b | late)]
    logs_ = [
        log.where(lambda c: c["case_id"] != "a0" if len(c) == 14 else c["steps"] != 5)
        for log in logs_
    ]
    table = ten_days.quietly(compare, *logs_, procedure=procedure)
    rows = table.set_index("measure")
    assert rows.loc["timeliness", ["term", "a", "b"]].tolist() == [
        "reply",
        1,
        pytest.approx(1 / 13),
    ]
    assert rows.loc["first_time_right", ["a", "b"]].tolist() == [1, pytest.approx(12 / 13)]
    assert "term" not in compare(*logs_).columns


@FEWER
@given(logs(), logs(), st.data())
def test_what_is_different_stands_among_all_rows_and_its_interval_leaves_out_0(first, second, data):
    a = bound(first, closed=data.draw(closings(first)))
    b = bound(second, closed=data.draw(closings(second)))
    table = compare(a, b, resamples=100)
    found = table[table["different"].fillna(False)]
    assert not (found["p_holm"] >= 0.05).any()
    curves = found["measure"] == "cycle_time_logrank"
    assert ((found["low"] > 0) | (found["high"] < 0) | curves).all()


def test_one_of_many_measures_that_seems_to_differ_is_not_different_but_would_be_alone():
    # the waits of B differ with a p of about 0.02; six other activities are tested beside it
    names = ("A", "B", "C", "D", "E", "F", "G")

    def side(mark: str, wait: int) -> pm.EventLog:
        random = np.random.default_rng(0)
        cases = []
        for number in range(60):
            now, times = MONDAY, []
            for name in names:
                now += int(random.integers(1, 9)) * DAY + (wait * DAY if name == "B" else 0)
                times.append((now, now))
            cases.append(path(f"{mark}{number}", names, times))
        return bound(numbered(*cases), closed="G")

    a, b = side("a", 0), side("b", 1)
    table = compare(a, b, measures="step_wait")
    row = table.set_index("activity").loc["B"]
    assert row["low"] > 0
    assert 0.05 / 7 < row["p"] < 0.05 < row["p_holm"]
    assert not row["different"]
    assert "not different among the 7 rows tested together (Holm)" in row["method"]


def test_office_time_comes_with_a_calendar():
    a = bound(days(*[7] * 10, mark="a"), closed="X", tz=ZONE)
    b = bound(days(*[14] * 10, mark="b"), closed="X", tz=ZONE)
    calendar = pm.Calendar(tz=ZONE, years=(2025, 2027))  # five days of eight hours
    row = compare(a, b, calendar=calendar).set_index("measure").loc["office_time"]
    assert row[["a", "b", "measured_in"]].tolist() == [40, 80, "hours"]


def test_what_cannot_be_computed_is_missing_and_says_why():
    with_starts = bound(days(*[10] * 10, mark="a"))
    without = bound(numbered(*(path(f"b{n}", "AB", [MONDAY, MONDAY + DAY]) for n in range(10))))
    table = compare(with_starts, without).set_index("measure")
    for name in ("processing_time", "waiting_time", "step_wait", "handovers", "closed_share"):
        row = table.loc[name]
        assert row[["a", "b", "difference", "low", "high", "p"]].isna().all()
        assert row["method"].startswith("not computable: ")
        assert row["different"] is pd.NA
    both = compare(without, without).set_index("measure")
    assert both.loc["processing_time", "method"].startswith("not computable: one timestamp")
    assert "sojourn" in both.loc["waiting_time", "method"]
    assert both.loc["waiting_time", "a"] == 1


def test_few_cases_have_no_interval_and_a_rare_event_neither():
    a = bound(days(*[10] * 9, mark="a"), closed="X")
    b = bound(days(*[20] * 30, mark="b"), closed="X")
    table = compare(a, b)
    assert table[["low", "high", "p"]].isna().all(axis=None)
    assert table["different"].isna().all()
    again = [path(f"r{n}", "AA", [(MONDAY, MONDAY), (MONDAY + DAY,) * 2]) for n in range(9)]
    many = numbered(*again, days(*[10] * 50, mark="c", closing="A"))
    rare = compare(b, bound(many), measures="rework_share").iloc[0]
    assert rare["b"] == 1  # A follows A in all of them
    none = compare(b, b, measures="rework_share").iloc[0]
    assert "fewer than 10 cases that count" in none["method"]


def test_two_parts_of_one_log_are_followed_until_the_same_moment():
    log = bound(numbered(days(*[10] * 10, -5), days(60, mark="z")), closed="X")
    early = log.where(lambda cases: cases["case_id"].str[0] != "z")
    late = log.where(lambda cases: cases["case_id"].str[0] == "z")
    assert len(set(compare(early, late).attrs["as_of"])) == 1
    # seen 60 days after the start, the open case is older than all others
    p80 = values(compare(early, late), "a", "b")["cycle_time_mean", None]
    assert p80 == (pytest.approx((10 * 10 + 60) / 11), 60)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"names": ("a", "a")}, "two different names"),
        ({"names": ("low", "high")}, "no columns of the comparison"),
        ({"resamples": 10}, "too few for an interval"),
        ({"by": "p_holm"}, "has its own column 'p_holm'"),
        ({"order": "random"}, "neither 'concurrency'"),
    ],
)
def test_what_makes_no_comparison_is_refused(given, words):
    log = bound(days(1, 2))
    with pytest.raises(ProcmineError, match=words):
        compare(log, log, **given)


def test_an_unknown_measure_is_refused_with_those_that_there_are_and_an_empty_side_too():
    log = bound(days(1, 2))
    with pytest.raises(LabelNotFoundError, match="did you mean 'cycle_time_median'") as told:
        compare(log, log, measures=["cycle_time_medain"])
    assert "no measure of compare() 'cycle_time_medain'\n" in str(told.value)
    with pytest.raises(ProcmineError, match="'b' has no case to compare"):
        compare(log, log.where([False, False]))


def test_a_single_step_and_overlapping_steps_are_compared_as_any_other():
    one = numbered(*(path(f"a{n}", "A", [(MONDAY, MONDAY + DAY)]) for n in range(10)))
    two = numbered(
        *(
            path(f"b{n}", "AB", [(MONDAY, MONDAY + 3 * DAY), (MONDAY + DAY, MONDAY + 2 * DAY)])
            for n in range(10)
        )
    )
    found = values(compare(bound(one), bound(two)), "a", "b", "difference")
    assert found["processing_time", None] == (1, 4, 3)
    # B began while A still ran: it is enabled with the case, and waited a day
    assert found["waiting_time", None] == (0, 1, 1)
    assert found["cycle_time_mean", None] == (1, 3, 2)
