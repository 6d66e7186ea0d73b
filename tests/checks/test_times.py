"""Dates without clock times, ties, batches, nights, days off, impossible dates, standstills: planted and by loops."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.checks import quality
from procmine.checks.batches import Batches, _crowded, least_cases
from procmine.checks.clock import LocalClock
from procmine.checks.context import Context
from procmine.checks.countries import public_holidays
from procmine.ingest.findings import Finding
from tests.bound import bound
from tests.checks.office import HOLIDAYS, log_of, only, rows, table_of, where
from tests.oracle import Step
from tests.strategies import logs

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def test_an_activity_with_dates_only_is_found_in_a_log_with_clock_times() -> None:
    frame = rows()
    chosen = where(frame, "Check")[:100]
    frame.loc[chosen, "start"] = frame.loc[chosen, "start"].dt.normalize()
    frame.loc[chosen, "end"] = frame.loc[chosen, "end"].dt.normalize()
    found = only(frame, "date_only")
    assert (found.column, found.count, found.share) == ("Check documents", 100, 100 / 720)
    assert "0 of them have hardly any clock times" in found.finding


def test_a_few_steps_at_midnight_are_no_dates() -> None:
    frame = rows()
    chosen = where(frame, "Check")[:10]
    frame.loc[chosen, "end"] = frame.loc[chosen, "start"].dt.normalize() + pd.Timedelta(days=1)
    assert table_of(frame, "date_only").empty


def test_a_log_of_dates_is_told_once_and_its_nights_are_not_judged() -> None:
    frame = rows()
    frame["end"] = frame["end"].dt.normalize()
    frame["start"] = frame["start"].dt.normalize()
    table = quality(log_of(frame))
    assert table["check"].tolist() == ["date_only"]
    assert table["count"].tolist() == [720]


def test_dates_that_a_zone_has_shifted_stand_at_another_full_hour() -> None:
    frame = rows()
    chosen = where(frame, "Check")[:90]
    frame.loc[chosen, "end"] = frame.loc[chosen, "start"].dt.normalize() + pd.Timedelta(hours=34)
    found = only(frame, "date_only")
    assert (found.count, found.share) == (90, 90 / 720)
    assert "10:00:00" in found.finding


def test_steps_that_tie_with_the_one_before_are_counted() -> None:
    frame = rows()
    for place in where(frame, "Check")[:25]:
        frame.loc[place, ["start", "end"]] = frame.loc[place - 1, ["start", "end"]]
    found = only(frame, "tied_steps")
    assert (found.count, found.share) == (25, 25 / 720)


def test_cases_decided_in_one_second_are_a_batch() -> None:
    frame = rows()
    chosen = where(frame, "Issue")[40:52]
    frame.loc[chosen, "end"] = frame.loc[chosen, "end"].max()
    found = only(frame, "batch_stamps")
    assert (found.column, found.count, found.share) == ("Issue decision", 12, 12 / 720)
    assert "in 1 batch of" in found.finding


def test_nine_cases_in_one_second_are_no_batch() -> None:
    frame = rows()
    chosen = where(frame, "Issue")[40:49]
    frame.loc[chosen, "end"] = frame.loc[chosen, "end"].max()
    assert table_of(frame, "batch_stamps").empty


def test_a_day_of_dates_with_very_many_steps_is_a_batch() -> None:
    frame = rows()
    frame["end"] = frame["end"].dt.normalize()
    chosen = where(frame, "Issue")[:55]
    frame.loc[chosen, "end"] = frame.loc[chosen[-1], "end"]
    frame = frame.drop(columns="start")
    found = only(frame, "batch_stamps", start=None)
    assert (found.column, found.count) == ("Issue decision", 55)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 30)),
        min_size=1,
        max_size=300,
    )
)
def test_batches_as_counted_by_a_loop(drawn: list[tuple[int, int, int]]) -> None:
    frame = pd.DataFrame(
        {
            "case": [f"c{case}-{place % 14}" for place, (_, _, case) in enumerate(drawn)],
            "activity": [f"a{activity}" for _, activity, _ in drawn],
            "end": [
                pd.Timestamp("2024-03-05 10:00") + pd.Timedelta(seconds=s) for s, _, _ in drawn
            ],
        }
    )
    log = log_of(frame, start=None, resource=None, unit=None)
    context = Context(replace(log, precision="second"), 0)
    found = Batches.among(context, candidates) if len(candidates := _crowded(context)) else None
    groups: dict[Any, set[str]] = {}
    for row in frame.itertuples():
        groups.setdefault((row.activity, row.end), set()).add(row.case)
    full = {key for key, cases in groups.items() if len(cases) >= least_cases(context)}
    wanted = sum((row.activity, row.end) in full for row in frame.itertuples())
    assert (len(found.steps) if found else 0) == wanted
    assert (found.batches if found else 0) == len(full)


def test_work_at_night_is_counted_by_the_local_hour() -> None:
    frame = rows()
    frame.loc[where(frame, "Check")[:40], ["start", "end"]] += pd.Timedelta(hours=10)
    found = only(frame, "off_hours")
    assert (found.count, found.share) == (40, 40 / 720)


def test_where_the_zone_was_assumed_nights_cannot_be_judged() -> None:
    frame = rows()
    frame.loc[where(frame, "Check")[:40], ["start", "end"]] += pd.Timedelta(hours=10)
    with pytest.warns(UserWarning, match="UTC"):
        log = log_of(frame, tz=None)
    table = quality(log)
    assert table["check"].tolist() == ["off_hours"]
    assert "cannot be judged" in table["finding"].iloc[0]


def test_steps_on_weekends_are_counted() -> None:
    frame = rows()
    friday = frame["end"].dt.day_of_week == 4
    chosen = np.flatnonzero(friday)[:30]
    frame.loc[chosen, ["start", "end"]] += pd.Timedelta(days=1)
    found = only(frame, "weekends")
    assert (found.count, found.share) == (30, 30 / 720)


def test_steps_on_public_holidays_are_counted() -> None:
    frame = rows()
    chosen = where(frame, "Check")[50:65]
    clock = frame.loc[chosen, "end"] - frame.loc[chosen, "end"].dt.normalize()
    frame.loc[chosen, "end"] = pd.Timestamp("2024-08-15") + clock
    found = only(frame, "public_holidays")
    assert (found.count, found.share) == (15, 15 / 720)
    assert "RO" in found.finding


def test_a_zone_of_several_countries_has_no_holidays_and_weekends_say_so() -> None:
    frame = rows()
    chosen = np.flatnonzero(frame["end"].dt.day_of_week == 4)[:30]
    frame.loc[chosen, ["start", "end"]] += pd.Timedelta(days=1)
    frame.loc[where(frame, "Check")[50:65], "end"] = pd.Timestamp("2024-08-15 10:00")
    assert table_of(frame, "public_holidays", tz="EET").empty
    assert "not looked at" in only(frame, "weekends", tz="EET").affects


def test_the_holidays_of_the_office_are_those_of_romania() -> None:
    first, last = (
        (pd.Timestamp(day) - pd.Timestamp(0)).days for day in ("2024-01-01", "2024-12-31")
    )
    days = {str(np.datetime64(int(day), "D")) for day in public_holidays("RO", first, last)}
    assert set(HOLIDAYS) <= days


@pytest.mark.parametrize(
    "zone", ["Europe/Bucharest", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"]
)
@given(st.lists(st.integers(-(10**9), 3 * 10**9), min_size=1, max_size=40))
def test_local_clock_times_as_python_tells_them(zone: str, seconds: list[int]) -> None:
    found = LocalClock.of(np.array(seconds, dtype=np.int64) * 1_000_000 + 7, zone)
    for second, local in zip(seconds, found.second.tolist(), strict=True):
        there = (EPOCH + timedelta(seconds=second)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        wanted = there - datetime(1970, 1, 1)
        assert found.first_day * 86_400 + local == wanted // timedelta(seconds=1)
    assert int(found.second.min()) // 86_400 == 0


@given(logs())
def test_days_and_midnights_as_counted_by_a_loop(steps: list[Step]) -> None:
    context = Context(bound(steps), 0)
    local = [
        (EPOCH + timedelta(microseconds=s.last)).astimezone(ZoneInfo("Europe/Bucharest"))
        for s in steps
    ]
    days = Counter((moment.date() - EPOCH.date()).days for moment in local)
    assert dict(zip(context.days.tolist(), context.per_day.tolist(), strict=True)) == days
    midnights = sum((m.hour, m.minute, m.second) == (0, 0, 0) for m in local)
    assert int(context.clock[0]) == int(context.midnight.sum()) == midnights
    hours = Counter(moment.weekday() * 24 + moment.hour for moment in local)
    assert Counter(context.hour_of_week.tolist()) == hours


def test_steps_after_as_of_are_future_dates() -> None:
    frame = rows()
    frame.loc[where(frame, "Check")[:3], "end"] = pd.Timestamp("2031-05-05 10:00:01")
    table = quality(log_of(frame), as_of="2025-01-31")
    found = table[table["check"] == "future_dates"]
    assert found["count"].tolist() == [3]
    assert "2031-05-05" in found["finding"].iloc[0]
    assert quality(log_of(frame), as_of="2031-05-05").query("check == 'future_dates'").empty


def test_a_date_of_another_century_is_an_outlier() -> None:
    frame = rows()
    chosen = where(frame, "Register")[[2, 20]]
    frame.loc[chosen, ["start", "end"]] -= pd.Timestamp("2024-01-05") - pd.Timestamp("1924-01-05")
    found = only(frame, "outlier_dates")
    told = quality(log_of(frame))["check"].tolist()
    assert told == ["outlier_dates", "backdated_numbers"]  # their registry numbers are of today
    assert (found.count, found.share) == (2, 2 / 720)
    assert "1924-01-05" in found.finding


def test_a_log_of_an_old_archive_has_no_outliers() -> None:
    frame = rows()
    frame[["start", "end"]] -= pd.Timedelta(days=365 * 60)
    assert table_of(frame, "outlier_dates").empty


def test_sentinel_dates_of_the_import_are_told_again() -> None:
    log = log_of(rows())
    said = Finding("sentinel_time", "end", 12, (4, 9), "dates that stand for no date: 12")
    other = Finding("formula", "end", 1, (4,), "cells with a formula: 1")
    noted = Finding("placeholder", "end", 1, (4,), "1 cell that stands for an empty one")
    object.__setattr__(log.import_report, "findings", (said, other, noted))
    first, second = quality(log).itertuples()
    assert (first.check, first.column, first.count) == ("sentinel_dates", "end", 12)
    assert first.example_rows == (4, 9)
    assert (second.check, second.column, second.count) == ("import_findings", "end", 1)


def test_three_weeks_without_a_step_are_a_standstill() -> None:
    frame = rows()
    frame = frame[~frame["end"].between("2024-07-01", "2024-07-20")]
    whole = frame.groupby("case")["case"].transform("size") == 3
    found = only(frame[whole], "inactive_periods")
    idle = pd.bdate_range("2024-07-01", "2024-07-19")
    around = frame[whole]["end"].dt.normalize()
    missed = [
        day
        for day in pd.bdate_range("2024-06-24", "2024-07-31")
        if not (around == day).any() and day != pd.Timestamp("2024-06-24")
    ]
    assert set(idle) <= set(missed)
    assert found.count == len(missed)


def test_a_week_of_holidays_is_no_standstill() -> None:
    frame = rows()
    december = frame["end"].between("2024-12-20", "2024-12-31")
    cut = frame[~frame["case"].isin(frame.loc[december, "case"])]
    assert table_of(cut, "inactive_periods").empty


def test_a_rare_procedure_has_no_standstills() -> None:
    frame = rows()
    seldom = frame["case"].isin([f"RU/{number}/2024" for number in range(1, 241, 24)])
    assert table_of(frame[seldom], "inactive_periods").empty
