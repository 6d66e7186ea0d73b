"""Kaplan and Meier's curve against a published table, scipy, exact fractions and the public logs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import procmine as pm
from procmine.kpi.survival import interval, kaplan_meier, survival
from tests import oracle
from tests.bound import FEWER, ZONE, bound, closings, instant, moments, path
from tests.kpi import oracle_flow
from tests.oracle import DAY
from tests.strategies import logs

PERIODS = st.sampled_from("DWMQY")
KM = {"median": Fraction(1, 2), "p80": Fraction(4, 5), "p90": Fraction(9, 10)}
SAMPLES = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=30)
MONDAY = 20_458 * DAY  # 2026-01-05, at midnight in UTC


def split(sample: list[tuple[int, bool]]) -> tuple[list[int], list[bool]]:
    return [time for time, _ in sample], [end for _, end in sample]


# --- the curve ------------------------------------------------------------------------------------

TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
STILL_WELL = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def test_the_remissions_of_leukaemia_of_freireich_1963_as_kaplan_meier_has_them():
    # weeks in remission under 6-MP: the worked example of most textbooks on survival
    found = kaplan_meier(TREATED + STILL_WELL, [True] * 9 + [False] * 12)
    ends = found[found["ended"] > 0].set_index("time")
    assert ends["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert ends["survival"].round(3).tolist() == published
    # the median is 23 weeks, its 95 % interval begins at 13 and has no end (log-log)
    curve = survival(
        np.zeros(21, dtype=np.int64),
        np.array(TREATED + STILL_WELL),
        np.array([True] * 9 + [False] * 12),
        1,
    )
    low, high = interval(curve.share, curve.variance)
    bounds = [curve.first_at_most(0.5, line)[0] for line in (low, curve.share, high)]
    assert bounds[:2] == [13, 23]
    assert np.isnan(bounds[2])


@given(SAMPLES.filter(bool))
def test_curve_and_interval_are_those_of_scipy(sample):
    times, ended = split(sample)
    found = kaplan_meier(times, ended)
    censored = stats.CensoredData(
        uncensored=[t for t, end in sample if end], right=[t for t, end in sample if not end]
    )
    with np.errstate(all="ignore"):
        theirs = stats.ecdf(censored).sf
        low, high = theirs._loglog_ci(0.95)
    assert found["time"].tolist() == theirs.quantiles.tolist()
    assert found["survival"].tolist() == pytest.approx(theirs.probabilities.tolist(), abs=1e-12)
    inside = (theirs.probabilities > 1e-12) & (theirs.probabilities < 1 - 1e-12)
    assert found["low"][inside].tolist() == pytest.approx(low[inside].tolist(), abs=1e-9)
    assert found["high"][inside].tolist() == pytest.approx(high[inside].tolist(), abs=1e-9)
    assert found.loc[~inside, ["low", "high"]].isna().all(axis=None)


@given(SAMPLES)
def test_the_curve_is_that_of_exact_fractions(sample):
    times, ended = split(sample)
    found = kaplan_meier(times, ended)
    exact = oracle_flow.lasting(times, ended)
    assert found["time"].tolist() == [time for time, _ in exact]
    assert found["survival"].tolist() == pytest.approx([float(s) for _, s in exact], abs=1e-12)


@given(st.lists(SAMPLES, min_size=1, max_size=5), st.sampled_from(sorted(KM)))
def test_each_of_many_groups_has_the_quantile_that_it_has_alone(samples, name):
    rows = [(group, *row) for group, sample in enumerate(samples) for row in sample]
    group, times, ended = (
        (np.array(column) for column in zip(*rows, strict=True))
        if rows
        else 3 * (np.zeros(0, dtype=np.int64),)
    )
    curve = survival(group, times, ended.astype(bool), len(samples))
    found = curve.first_at_most(float(1 - KM[name]), curve.share)
    wanted = [oracle_flow.km_quantile(*split(sample), KM[name]) for sample in samples]
    wanted = [np.nan if value is None else value for value in wanted]
    assert found.tolist() == pytest.approx(wanted, nan_ok=True)


@given(SAMPLES)
def test_without_open_cases_the_curve_is_the_share_of_longer_times(sample):
    times, _ = split(sample)
    found = kaplan_meier(times, [True] * len(times))
    longer = [np.mean(np.array(times) > time) for time in found["time"]]
    assert found["survival"].tolist() == pytest.approx(longer, abs=1e-12)


@given(SAMPLES, st.integers(1, 5))
def test_what_was_not_followed_at_all_changes_nothing(sample, more):
    times, ended = split(sample)
    with_more = kaplan_meier([0] * more + times, [False] * more + ended)
    known = ["time", "survival", "low", "high"]
    one = kaplan_meier(times, ended).query("time > 0 or ended > 0")[known]
    other = with_more.query("time > 0 or ended > 0")[known]
    if 0 not in [time for time, end in sample if end]:
        pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


# --- the KPI table --------------------------------------------------------------------------------


def km_rows(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table["kpi"] == f"cycle_time_km_{name}"].reset_index(drop=True)


def four_cases(still_open: int) -> pm.EventLog:
    """Four cases begun on one Monday: those that closed took 1, 2, 3 and 4 days, the last are open."""
    days = [[MONDAY, MONDAY + day * DAY] for day in (1, 2, 3, 4)]
    steps = [
        step
        for number, times in enumerate(days)
        for step in (
            path(f"{number}", "AX", times)
            if number < 4 - still_open
            else path(f"{number}", "A", times[:1])
        )
    ]
    return bound(steps, closed="X")


def test_a_worked_example_of_a_cohort_by_hand():
    # S: 3/4 after 1 day, 1/2 after 2; the two open ones are followed for 10 days
    found = pm.kpis(four_cases(still_open=2), as_of=instant(MONDAY + 10 * DAY))
    median = km_rows(found, "median")
    assert median["value"].iloc[0] == 2
    assert median["n"].tolist() == [4, 0]
    assert "Kaplan-Meier over the cases started" in median["basis"].iloc[0]
    assert np.isnan(median["high"].iloc[0])
    p80 = km_rows(found, "p80").iloc[0]
    assert np.isnan(p80["value"])
    assert p80["low"] == 10
    assert "not reached: longer than low" in p80["basis"]
    # closed cases only: 1.5 days
    assert found.loc[found["kpi"] == "cycle_time_median", "value"].iloc[0] == 1.5


@given(logs(), PERIODS, st.data())
def test_the_cohorts_are_those_of_the_oracle(steps, period, data):
    closing, as_of = data.draw(closings(steps).filter(bool)), data.draw(moments(steps))
    found = pm.kpis(bound(steps, closed=closing), period=period, as_of=instant(as_of))
    cases = oracle.sort_steps(steps).values()
    times = [oracle.case_times(case, closing, as_of) for case in cases]
    for name, p in KM.items():
        for row in km_rows(found, name).to_dict("records"):
            mine = oracle_flow.cohort(times, row["period_start"].date(), period, ZONE)
            wanted = oracle_flow.km_quantile(*mine, p)
            assert row["n"] == len(mine[0])
            if wanted is None:
                assert np.isnan(row["value"])
                longest = max(mine[0], default=np.nan)
                assert row["low"] == pytest.approx(longest / DAY, nan_ok=True)
            else:
                assert row["value"] == pytest.approx(wanted / DAY)
                assert not row["low"] > row["value"]
                assert not row["high"] < row["value"]


@FEWER
@given(logs(), PERIODS, st.data())
def test_the_cohorts_of_all_units_are_all_cases(steps, period, data):
    log = bound(steps, closed=data.draw(closings(steps).filter(bool)))
    as_of = instant(data.draw(moments(steps)))
    whole = km_rows(pm.kpis(log, period=period, as_of=as_of), "p90")
    units = km_rows(pm.kpis(log, by="unit", period=period, as_of=as_of), "p90")
    assert units.groupby("period_start")["n"].sum().tolist() == whole["n"].tolist()


def test_where_closing_is_unknown_nothing_can_be_estimated():
    log = bound(path("1", "AX", [MONDAY, MONDAY + DAY]))
    found = km_rows(pm.kpis(log), "median")
    assert found[["value", "low", "high"]].isna().all(axis=None)
    assert found["n"].tolist() == [0]
    assert found["basis"].str.startswith("closing unknown").all()


# --- the public logs ------------------------------------------------------------------------------

XES = {"case": "case:concept:name", "activity": "concept:name", "timestamp": "time:timestamp"}


@pytest.mark.parametrize(
    ("file", "started", "still_open", "true", "closed_only", "estimated"),
    [
        ("BPIC15_1.xes.gz", 200, 54, (66.4, 138.4), (54.0, 93.3), (59.4, 134.3)),
        ("BPIC15_2.xes.gz", 143, 42, (109.3, 274.8), (99.3, 164.7), (114.0, 244.7)),
    ],
)
def test_the_permits_of_2013_cut_at_the_end_of_that_year_are_as_published(
    logs: Path,
    file: str,
    started: int,
    still_open: int,
    true: tuple[float, float],
    closed_only: tuple[float, float],
    estimated: tuple[float, float],
) -> None:
    # of the README of the logs: cases whose last event is later than the cut count as open
    frame = pm.cases(pm.read(logs / file, tz="UTC", **XES))
    days = frame["started"].dt.year == 2013
    mine = frame[days]
    cut = pd.Timestamp("2014-01-01", tz="UTC")
    ended = (mine["ended"] < cut).to_numpy()
    lasted = (mine["ended"] - mine["started"]) / pd.Timedelta(days=1)
    assert (len(mine), int((~ended).sum())) == (started, still_open)
    assert np.quantile(lasted, [0.5, 0.8]) == pytest.approx(true, abs=0.1)
    assert np.quantile(lasted[ended], [0.5, 0.8]) == pytest.approx(closed_only, abs=0.1)
    until = mine["ended"].where(ended, cut)
    times = ((until - mine["started"]) / pd.Timedelta(microseconds=1)).astype("int64")
    curve = kaplan_meier(times, ended)
    found = [curve["time"][curve["survival"] <= 1 - p + 1e-9].iloc[0] / DAY for p in (0.5, 0.8)]
    assert found == pytest.approx(estimated, abs=0.1)
