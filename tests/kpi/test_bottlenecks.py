"""Bottlenecks by hand, against the oracle, with their laws and their edges."""

from __future__ import annotations

import warnings
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import DataQualityWarning, LabelNotFoundError, ProcmineError
from procmine.kpi.improvement.bottlenecks import bottlenecks
from procmine.kpi.improvement.trend import monthly_trend
from procmine.kpi.waiting.causes import waiting_causes
from tests.bound import FEWER, bound, instant, micros, numbered, path
from tests.kpi import oracle_improvement as oracle
from tests.kpi import oracle_waiting
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs

MONDAY = 20_458 * DAY  # 2026-01-05, at midnight in UTC
WEEK = 7 * DAY
UTC = {"tz": "UTC"}
WORKED = pm.Calendar(
    tz="UTC", years=(2025, 2027), hours={"mon-thu": "08:00-16:00", "fri": "08:00-12:00"}
)

ALWAYS = pm.Calendar(tz="UTC", years=(2025, 2027), hours={"mon-sun": "00:00-24:00"})


def quietly(log: pm.EventLog, **options: Any) -> pd.DataFrame:
    """Bottlenecks without the warnings of the split, which has its own tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        return bottlenecks(log, **options)


def two_steps(case: str, begin: int, wait: int, **fields: Any) -> list[Step]:
    """A, an hour long, and B, an hour long and ``wait`` after A."""
    return path(
        case,
        "AB",
        [(begin, begin + HOUR), (begin + HOUR + wait, begin + 2 * HOUR + wait)],
        **fields,
    )


def busy_clerk() -> pm.EventLog:
    """One clerk: B of the second case waits for that of the first, which takes 10 hours, 12 hours in all."""
    at = MONDAY + 24 * HOUR
    steps = numbered(
        path("1", "AB", [(at, at + HOUR), (at + HOUR, at + 11 * HOUR)], resource="ana"),
        path("2", "AB", [(at, at + HOUR), (at + 13 * HOUR, at + 14 * HOUR)], resource="ana"),
    )
    return bound(steps, **UTC)


def in_the_past(steps: list[Step]) -> list[Step]:
    """The same steps a year before: nothing lies in the future, which is not seen."""
    by = 52 * WEEK
    return [replace(s, start=s.start and s.start - by, end=s.end and s.end - by) for s in steps]


# --- worked examples ------------------------------------------------------------------------------


def test_a_worked_example_by_hand():
    # B waits 1, 2 and 6 days; all is over on the 7th day, 2 hours after midnight
    steps = numbered(*(two_steps(str(n), MONDAY, n * DAY) for n in (1, 2, 6)))
    table = quietly(bound(steps, **UTC))
    assert list(table["activity"]) == ["B", "A"]
    row = table.iloc[0]
    assert row["lost_days"] == 9
    assert row["waiting_time"] == pd.Timedelta("9D")
    assert (row["median_wait"], row["p90_wait"]) == (pd.Timedelta("2D"), pd.Timedelta("5.2D"))
    assert row[["steps", "cases", "share"]].tolist() == [3, 3, 1]
    length = 6 * DAY + 2 * HOUR
    assert row["arrivals"] == row["departures"] == pytest.approx(3 * WEEK / length)
    assert row["queue"] == pytest.approx(9 * DAY / length)
    assert row["queue_now"] is pd.NA
    assert row[["lost_working_days", "trend", "trend_low", "trend_high"]].isna().all()
    assert table.iloc[1][["lost_days", "share"]].tolist() == [0, 0]
    assert pd.isna(table.iloc[1]["main_cause"])


def test_of_each_wait_the_part_within_the_period_is_counted():
    steps = numbered(*(two_steps(str(n), MONDAY, n * DAY) for n in (1, 2, 6)))
    period = ("2026-01-06T01:00Z", "2026-01-08T01:00Z")  # a day after B was enabled, for two days
    row = quietly(bound(steps, **UTC), period=period, by=["source", "activity"]).iloc[0]
    assert row[["source", "activity"]].tolist() == ["A", "B"]
    assert row["lost_days"] == 0 + 1 + 2
    # those that waited 1 and 2 days are taken up in it, the third goes on waiting
    assert row[["steps", "cases", "queue", "queue_now"]].tolist() == [2, 2, 1.5, 1]
    assert row[["arrivals", "departures"]].tolist() == [0, 7]
    assert (row["median_wait"], row["p90_wait"]) == (pd.Timedelta("1.5D"), pd.Timedelta("1.9D"))


def test_working_days_are_office_hours_over_those_of_a_mean_working_day():
    # from Thursday 12:00 to Tuesday 10:00: 4 + 4 + 8 + 2 hours
    begin = MONDAY + 3 * DAY + 11 * HOUR
    steps = numbered(
        two_steps("1", begin, 4 * DAY + 22 * HOUR), path("2", "A", [(MONDAY, MONDAY + HOUR)])
    )
    log = bound(steps, **UTC)
    row = quietly(log, calendar=WORKED).iloc[0]
    # the days that a wait touches: Thu, Fri, Mon, Tue have 8, 4, 8, 8 hours
    assert row["lost_working_days"] == pytest.approx(18 / 7)
    named = quietly(log, calendar={"*": WORKED}).iloc[0]
    assert named["lost_working_days"] == row["lost_working_days"]


def test_a_calendar_that_does_not_cover_a_wait_leaves_its_working_days_missing():
    short = pm.Calendar(tz="UTC", years=(2025, 2025))
    with pytest.warns(DataQualityWarning, match="covers 2025 to 2025"):
        table = bottlenecks(bound(numbered(two_steps("1", MONDAY, DAY)), **UTC), calendar=short)
    assert np.isnan(table.loc[0, "lost_working_days"])
    assert table.loc[0, "lost_days"] == 1


def test_the_main_cause_is_the_largest_and_has_its_share_of_the_waits():
    row = quietly(busy_clerk(), calendar=ALWAYS).iloc[0]
    assert row["activity"] == "B"
    assert row["main_cause"] == "contention"
    assert row["main_cause_share"] == pytest.approx(10 / 12)


def test_a_wait_that_grows_by_a_day_each_month_has_a_trend_of_one_day():
    begins = pd.date_range("2025-01-10", periods=6, freq="MS", tz="UTC")
    steps = [
        two_steps(str(n), int(b.timestamp()) * 1_000_000, (n + 1) * DAY)
        for n, b in enumerate(begins)
    ]
    row = quietly(bound(numbered(*steps), **UTC)).iloc[0]
    assert row[["trend", "trend_low", "trend_high"]].tolist() == pytest.approx([1, 1, 1])
    few = quietly(bound(numbered(*steps[:3]), **UTC)).iloc[0]
    assert few[["trend", "trend_low", "trend_high"]].isna().all()


# --- against the oracle ---------------------------------------------------------------------------


def waits_of(steps: list[Step]) -> list[oracle.Wait]:
    log = oracle_waiting.log_of(steps)
    enabled = oracle_waiting.enabled_steps(log)
    ends = {s.row: s.end if log.one_timestamp else s.start for s in log.steps}
    known = [(s, enabled[s.row].at, ends[s.row]) for s in log.steps]
    return [(s.activity, s.case, at, end) for s, at, end in known if None not in (at, end)]


@given(logs(), st.data())
def test_the_figures_are_those_of_the_oracle(drawn, data):
    steps = in_the_past(drawn)
    waits = waits_of(steps)
    times = sorted({t for s in steps for t in (s.start, s.end) if t is not None})
    first, as_of = min((at for _, _, at, _ in waits), default=times[-1]), times[-1]
    begin, until = sorted(data.draw(st.tuples(st.sampled_from(times), st.sampled_from(times))))
    given = data.draw(st.sampled_from([None, (begin, until), (begin, None), (None, until)]))
    begin = first if given is None or given[0] is None else max(begin, first)
    until = as_of if given is None or given[1] is None else until
    log = bound(steps)
    period = given and tuple(t if t is None else instant(t) for t in given)
    if begin > until:
        with pytest.raises(ProcmineError, match="has no time in it"):
            quietly(log, period=period)
        return
    table = quietly(log, period=period)
    expected = oracle.bottlenecks(waits, begin, until, until == as_of)
    assert sorted(table["activity"]) == sorted(expected)
    total = sum(row["lost"] for row in expected.values())
    for row in table.to_dict("records"):
        wanted = expected[row["activity"]]
        assert row["lost_days"] == pytest.approx(wanted["lost"] / DAY)
        assert micros([row["waiting_time"]]) == [wanted["lost"]]
        assert (row["steps"], row["cases"]) == (wanted["steps"], wanted["cases"])
        assert micros([row["median_wait"], row["p90_wait"]]) == [
            None if wanted[name] is None else pytest.approx(wanted[name], abs=0.51)
            for name in ("median", "p90")
        ]
        if total:
            assert row["share"] == pytest.approx(wanted["lost"] / total)
        if until > begin:
            weeks = (until - begin) / WEEK
            assert row["arrivals"] == pytest.approx(wanted["arrivals"] / weeks)
            assert row["departures"] == pytest.approx(wanted["steps"] / weeks)
            assert row["queue"] == pytest.approx(wanted["lost"] / (until - begin))
        now = None if pd.isna(row["queue_now"]) else row["queue_now"]
        assert now == (None if until == as_of else wanted["waiting"])
    lost = table["waiting_time"].tolist()
    assert lost == sorted(lost, reverse=True)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 50)), min_size=1, max_size=40))
def test_the_trend_is_the_median_of_all_slopes(sample):
    months, values = (np.array(column) for column in zip(*sample, strict=True))
    trend = monthly_trend(np.zeros(len(months), dtype=np.int64), months, values * 1.0, 1)
    points = [
        (int(m), Fraction(int(values[months == m].sum()), int((months == m).sum())))
        for m in np.unique(months)
    ]
    if len(points) < 4:
        assert np.isnan([trend.slope[0], trend.low[0], trend.high[0]]).all()
        return
    assert trend.slope[0] == pytest.approx(float(oracle.slope(points)), abs=1e-9)
    assert trend.low[0] <= trend.slope[0] + 1e-9
    assert trend.high[0] >= trend.slope[0] - 1e-9


# --- laws -----------------------------------------------------------------------------------------


@FEWER
@given(logs(starts=["always", "sometimes"]), st.data())
def test_what_two_parts_of_a_period_lose_is_what_the_whole_loses(drawn, data):
    steps = in_the_past(drawn)
    times = sorted({t for s in steps for t in (s.start, s.end) if t is not None})
    cut = data.draw(st.sampled_from(times))
    log = bound(steps)
    first = min((at for _, _, at, _ in waits_of(steps)), default=times[-1])
    if not first <= cut:
        return
    whole = quietly(log).set_index("activity")
    parts = [
        quietly(log, period=p).set_index("activity")
        for p in ((None, instant(cut)), (instant(cut), None))
    ]
    for column in ("lost_days", "steps"):
        both = parts[0][column].add(parts[1][column], fill_value=0)
        expected = whole[column].reindex(both.index)
        if column == "steps" and cut == times[-1]:
            continue  # the first part ends with what is known, which then counts in both
        np.testing.assert_allclose(both, expected, atol=1e-9)


@FEWER
@given(logs(starts=["always", "sometimes"]))
def test_keys_share_out_all_waiting_and_agree_with_the_causes(drawn):
    log = bound(in_the_past(drawn))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        causes = waiting_causes(log, by="activity")
    table = quietly(log)
    waited = causes.drop_duplicates("activity").set_index("activity")["waiting_time"]
    assert table.set_index("activity")["waiting_time"].to_dict() == waited.to_dict()
    if table["waiting_time"].sum() > pd.Timedelta(0):
        assert table["share"].sum() == pytest.approx(1)
    for row in table.dropna(subset="main_cause").to_dict("records"):
        some = causes[causes["activity"] == row["activity"]].set_index("cause")
        part = some["time"] / some["waiting_time"]
        assert part[row["main_cause"]] == pytest.approx(row["main_cause_share"])
        assert part.max() == pytest.approx(row["main_cause_share"])


# --- edges ----------------------------------------------------------------------------------------


def test_in_a_log_with_one_timestamp_the_sojourn_is_lost_and_the_basis_says_so():
    frame = pd.DataFrame(
        {
            "case": ["1", "1"],
            "activity": ["A", "B"],
            "time": pd.to_datetime(["2026-01-05", "2026-01-08"]).tz_localize("UTC"),
        }
    )
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="UTC")
    with pytest.warns(DataQualityWarning, match="one timestamp"):
        table = bottlenecks(log)
    assert table["activity"].tolist() == ["B"]
    assert table.loc[0, "lost_days"] == 3
    assert table.loc[0, "basis"].startswith("sojourn; from 2026-01-05")


def test_open_cases_whose_next_step_is_not_known_are_not_counted():
    steps = numbered(two_steps("1", MONDAY, 9 * DAY), path("2", "A", [(MONDAY, MONDAY + HOUR)]))
    table = quietly(bound(steps, closed="B", **UTC))
    assert table.loc[0, ["lost_days", "steps"]].tolist() == [9, 1]
    assert "open cases that wait for a step not known yet are not counted" in table.loc[0, "basis"]


def test_what_stands_now_is_known_by_what_it_stands_after():
    steps = numbered(
        two_steps("1", MONDAY, 9 * DAY),
        *(path(name, "A", [(MONDAY, MONDAY + HOUR)]) for name in "234"),
    )
    log = bound(steps, closed="B", **UTC)
    behind = quietly(log, by="source").set_index("source")["queue_now"]
    assert behind["A"] == 3
    assert quietly(log, by=[])["queue_now"].tolist() == [3]
    for by in ("activity", ["source", "activity"]):
        assert quietly(log, by=by)["queue_now"].isna().all()
    assert quietly(bound(steps, **UTC), by="source")["queue_now"].isna().all()


def test_units_and_attributes_are_keys_and_persons_are_not():
    steps = numbered(
        two_steps("1", MONDAY, DAY, unit="Roads", resource="ana"),
        two_steps("2", MONDAY, 5 * DAY, unit="Urbanism", resource="dan"),
    )
    log = bound(steps, **UTC)
    assert quietly(log, by="unit")["unit"].tolist() == ["Urbanism", "Roads"]
    assert quietly(log, by=[])["lost_days"].tolist() == [6]
    with pytest.raises(ProcmineError, match="would rank persons"):
        bottlenecks(log, by="resource")
    with pytest.raises(LabelNotFoundError):
        quietly(log, by="Unit")


def test_a_log_without_cases_is_refused():
    log = bound(numbered(two_steps("1", MONDAY, DAY)), **UTC)
    with pytest.raises(ProcmineError, match="the log has no cases"):
        quietly(log.where([False]))


@pytest.mark.parametrize("period", ["2026-01-01", ("2026-01-01",), ("2027-01-01", "2027-02-01")])
def test_a_period_that_is_none_is_refused(period):
    log = bound(numbered(two_steps("1", MONDAY, DAY)), **UTC)
    with pytest.raises(ProcmineError, match="period="):
        quietly(log, period=period)


def test_months_of_stragglers_make_no_trend():
    """Five months of twenty waits of a day, then three of a single wait of a hundred days."""
    month = np.repeat(np.arange(8), [20] * 5 + [1] * 3)
    days = np.where(month < 5, 1.0, 100.0)
    trend = monthly_trend(np.zeros(len(month), dtype=np.int64), month, days, 1)
    assert (trend.slope[0], trend.low[0], trend.high[0]) == (0, 0, 0)
