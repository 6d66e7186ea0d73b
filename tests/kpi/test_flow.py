"""Clearance rate, disposition time and the ages of the backlog against their definitions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from tests import oracle
from tests.bound import FEWER, ZONE, bound, closings, instant, moments, numbered, path
from tests.kpi import oracle_flow
from tests.oracle import DAY, CaseTimes, Step
from tests.strategies import logs

PERIODS = st.sampled_from("DWMQY")
MONDAY = 20_458 * DAY  # 2026-01-05, at midnight in UTC: 02:00 in Bucharest
BANDS = list(oracle_flow.BANDS)


def of(table: pd.DataFrame, kpi: str) -> list[float]:
    return table.loc[table["kpi"] == kpi, "value"].tolist()


def case_times(steps: Sequence[Step], closing: list[str], as_of: int) -> list[CaseTimes]:
    cases = oracle.sort_steps(steps).values()
    return [oracle.case_times(case, closing, as_of) for case in cases]


def daily(cases: int, lasting: int) -> list[Step]:
    """So many cases, one begun every day from the Monday on, each closed after so many days."""
    days = [MONDAY + number * DAY for number in range(cases)]
    return numbered(*(path(f"{n}", "AX", [day, day + lasting * DAY]) for n, day in enumerate(days)))


def test_a_worked_example_of_the_clearance_rate_resolved_over_incoming():
    # Council of Europe and NCSC, see DESIGN.md: 7 incoming a week, none resolved in the first
    log = bound(daily(14, lasting=7), closed="X")
    found = pm.kpis(log, as_of="2026-02-01")
    assert of(found, "started") == [7, 7, 0, 0]
    assert of(found, "completed") == [0, 7, 7, 0]
    assert of(found, "clearance_rate") == pytest.approx([0, 1, np.nan, np.nan], nan_ok=True)


def test_a_worked_example_of_the_disposition_time_of_cepej():
    # pending at the end / resolved × days: 40 of 60 resolved in 2026, 20 pending: 20 / 40 × 365
    steps = [
        *daily(40, lasting=3),
        *(path(f"open {n}", "A", [MONDAY])[0] for n in range(20)),
    ]
    found = pm.kpis(bound(numbered(steps), closed="X"), period="Y", as_of="2026-12-31")
    assert of(found, "disposition_time") == [20 / 40 * 365]
    assert found.loc[found["kpi"] == "disposition_time", "n"].tolist() == [40]


def test_the_days_of_a_period_that_is_not_over_count_up_to_as_of():
    steps = [*daily(30, lasting=1), *path("open", "A", [MONDAY])]
    log = bound(numbered(steps), closed="X")
    assert of(pm.kpis(log, period="Y", as_of="2026-02-28"), "disposition_time") == [59 / 30]


def test_a_disposition_time_of_29_completed_cases_is_not_shown():
    log = bound(daily(29, lasting=1), closed="X")
    assert np.isnan(of(pm.kpis(log, period="Y"), "disposition_time")).all()


def test_a_worked_example_of_the_age_bands_of_ncsc():
    # open at the end of March (day 90 of 2026), begun 0, 30, 31, 60, 61, 90, 91, 180 and 181 days before
    end = MONDAY + 85 * DAY
    ages = [0, 30, 31, 60, 61, 90, 91, 180, 181]
    steps = [path(f"{age}", "A", [end - age * DAY])[0] for age in ages]
    steps += path("closed", "AX", [end - DAY, end])
    found = pm.kpis(bound(numbered(steps), closed="X"), period="M", as_of="2026-03-31")
    last = found[found["period"] == "2026-03"].set_index("kpi")
    assert last.loc[BANDS, "value"].tolist() == [2, 2, 2, 2, 1]
    assert last.loc[BANDS, "n"].tolist() == [9] * 5


@given(logs(), PERIODS, st.data())
def test_the_figures_are_those_of_the_oracle(steps, period, data):
    closing, as_of = data.draw(closings(steps).filter(bool)), data.draw(moments(steps))
    found = pm.kpis(bound(steps, closed=closing), period=period, as_of=instant(as_of))
    rows = oracle_flow.flow(case_times(steps, closing, as_of), period, ZONE, as_of)
    for kpi in ["clearance_rate", "disposition_time", *BANDS]:
        wanted = [np.nan if row[kpi] is None else row[kpi] for row in rows]
        assert of(found, kpi) == pytest.approx(wanted, nan_ok=True), kpi


@FEWER
@given(logs(), PERIODS, st.data())
def test_the_ages_add_up_to_the_open_cases_and_those_of_units_to_the_whole(steps, period, data):
    log = bound(steps, closed=data.draw(closings(steps).filter(bool)))
    as_of = instant(data.draw(moments(steps)))
    whole = pm.kpis(log, period=period, as_of=as_of)
    ages = whole[whole["kpi"].isin(BANDS)].groupby("period_start")["value"].sum()
    assert ages.tolist() == of(whole, "open")
    units = pm.kpis(log, by="unit", period=period, as_of=as_of)
    for kpi in BANDS:
        summed = units[units["kpi"] == kpi].groupby("period_start")["value"].sum()
        assert summed.tolist() == of(whole, kpi)


def test_where_closing_is_unknown_what_rests_on_it_is_missing_and_never_0():
    found = pm.kpis(bound(daily(3, lasting=40)), period="M").set_index("kpi")
    for kpi in ["clearance_rate", "disposition_time", *BANDS]:
        assert found.loc[kpi, "value"].isna().all()
        assert (found.loc[kpi, "n"] == 0).all()


def test_an_empty_period_has_no_clearance_rate():
    steps = path("1", "AX", [MONDAY, MONDAY + 15 * DAY])
    found = pm.kpis(bound(steps, closed="X"))
    assert of(found, "clearance_rate") == pytest.approx([0, np.nan, np.nan], nan_ok=True)
    assert found.loc[found["kpi"] == "clearance_rate", "n"].tolist() == [1, 0, 0]
