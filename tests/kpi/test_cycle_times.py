"""The KPI table against the oracle, its balance and its edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import LabelNotFoundError, ProcmineError
from tests import oracle
from tests.bound import FEWER, ZONE, bound, closings, instant, moments, numbered, path, texts
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs

PERIODS = st.sampled_from("DWMQY")
FLOW = ["started", "completed", "open"]
CLEARED = ["clearance_rate", "disposition_time"]
AGES = [f"backlog_{band}" for band in ("0_30", "31_60", "61_90", "91_180", "over_180")]
TIMES = ["cycle_time_median", "cycle_time_p80", "cycle_time_p90", "cycle_time_mean"]
COHORT = ["cycle_time_km_median", "cycle_time_km_p80", "cycle_time_km_p90"]
KPIS = [*FLOW, *CLEARED, *AGES, *TIMES, *COHORT]
LATER = pd.Timestamp("2027-03-01", tz=ZONE)  # after all times of the strategies


def at(text: str, zone: str = ZONE) -> int:
    """A local time as microseconds."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return int(local.timestamp()) * oracle.SECOND


def wide(table: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """A row per period (and key), a column per KPI; the periods and keys keep their order."""
    rows = table[["period", *keys]].drop_duplicates(ignore_index=True)
    for kpi in [*FLOW, *TIMES]:
        one = table[table["kpi"] == kpi]
        assert len(one) == len(rows)
        rows[kpi] = one["value"].to_numpy()
    return rows


def permits() -> list[Step]:
    """Three permits: two closed in February, after 10 and 20 days; one still open in April."""
    return numbered(
        path("1", "AX", [at("2026-01-30 09:00"), at("2026-02-09 09:00")], unit="Urbanism"),
        path("2", "AX", [at("2026-01-31 09:00"), at("2026-02-20 09:00")], unit="Roads"),
        path("3", "AB", [at("2026-02-28 23:59"), at("2026-04-01 00:00")], unit="Roads"),
    )


# --- worked examples ------------------------------------------------------------------------------


def test_a_worked_example_by_hand_per_month():
    found = pm.kpis(bound(permits(), closed="X"), period="M")
    assert list(found.columns) == [
        *("period", "period_start", "kpi", "value", "measured_in", "n", "low", "high", "basis"),
    ]
    assert found["kpi"].tolist() == KPIS * 4
    table = wide(found).set_index("period")
    assert table.index.tolist() == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert table["started"].tolist() == [2, 1, 0, 0]
    assert table["completed"].tolist() == [0, 2, 0, 0]
    assert table["open"].tolist() == [2, 1, 1, 1]
    # of 10 and 20 days: 15, 10 + 0.8 * 10, 10 + 0.9 * 10, 15
    assert table.loc["2026-02", TIMES].tolist() == [15, 18, 19, 15]
    assert table.drop("2026-02")[TIMES].isna().all(axis=None)


def test_the_table_says_what_its_figures_are_measured_in_and_rest_on():
    found = pm.kpis(bound(permits(), closed="X"), period="Y")
    units = ["cases"] * 3 + ["share", "days"] + ["cases"] * 5 + ["days"] * 7
    assert found["measured_in"].tolist() == units
    assert found["n"].tolist() == [3, 2, 1, 3, 2, *[1] * 5, *[2] * 4, *[3] * 3]
    assert found["period_start"].tolist() == [pd.Timestamp("2026-01-01")] * len(KPIS)
    moment = f"as of 2026-04-01 00:00 ({ZONE})"
    basis = dict(zip(found["kpi"], found["basis"], strict=True))
    assert [basis[kpi] for kpi in FLOW] == [moment] * 3
    times = f"closed_at − started of completed cases; {moment}"
    assert [basis[kpi] for kpi in TIMES] == [times] * 4
    assert found["basis"].str.endswith(moment).all()


def test_a_key_has_its_rows_in_every_period():
    found = pm.kpis(bound(permits(), closed="X"), by=["unit"], period="Q")
    table = wide(found, "unit")
    assert list(zip(table["period"], table["unit"], strict=True)) == [
        *(("2026-Q1", "Roads"), ("2026-Q1", "Urbanism")),
        *(("2026-Q2", "Roads"), ("2026-Q2", "Urbanism")),
    ]
    assert table["started"].tolist() == [2, 1, 0, 0]
    assert table["completed"].tolist() == [1, 1, 0, 0]
    assert table["open"].tolist() == [1, 0, 1, 0]
    assert table["cycle_time_median"].tolist() == pytest.approx(
        [20, 10, np.nan, np.nan], nan_ok=True
    )


def test_a_day_of_25_hours_is_a_day_on_the_calendar_and_its_hours_in_a_cycle_time():
    steps = path("1", "AX", [at("2026-10-25 00:00"), at("2026-10-26 00:00")])
    table = wide(pm.kpis(bound(steps, closed="X"), period="D"))
    assert table["period"].tolist() == ["2026-10-25", "2026-10-26"]
    assert table["completed"].tolist() == [0, 1]
    assert table["cycle_time_mean"].iloc[1] == 25 / 24


def test_near_midnight_the_office_decides_about_the_period():
    steps = path("1", "AX", [at("2025-12-31 23:30"), at("2026-01-01 00:30")])
    assert wide(pm.kpis(bound(steps, closed="X"), period="Y"))["completed"].tolist() == [0, 1]
    in_utc = pm.kpis(bound(steps, closed="X", tz="UTC"), period="Y")
    assert wide(in_utc)["completed"].tolist() == [1]


# --- the oracle -----------------------------------------------------------------------------------


def expected(steps: Sequence[Step], closing: Any, as_of: int, period: str) -> list[dict[str, Any]]:
    cases = oracle.sort_steps(steps).values()
    times = [oracle.case_times(case, closing, as_of) for case in cases]
    return [vars(row) for row in oracle.kpis(times, period, ZONE, as_of)]


def missing(value: float | None) -> float:
    return np.nan if value is None else value


@given(logs(), PERIODS, st.data())
def test_the_figures_are_those_of_the_oracle(steps, period, data):
    closing, as_of = data.draw(closings(steps)), data.draw(moments(steps))
    found = pm.kpis(bound(steps, closed=closing), period=period, as_of=instant(as_of))
    rows = expected(steps, closing, as_of, period)
    table = wide(found)
    assert table["period"].tolist() == [row["period"] for row in rows]
    assert found["period_start"].dt.date.tolist() == [
        row["period_start"] for row in rows for _ in KPIS
    ]
    for kpi in [*FLOW, *TIMES]:
        figures = [missing(row[kpi]) for row in rows]
        assert table[kpi].tolist() == pytest.approx(figures, nan_ok=True), kpi
    for kpi in TIMES:
        assert found.loc[found["kpi"] == kpi, "n"].tolist() == [row["n"] for row in rows]


@given(logs(), PERIODS, st.data())
def test_the_figures_of_each_unit_are_those_of_its_cases_alone(steps, period, data):
    closing, as_of = data.draw(closings(steps)), data.draw(moments(steps))
    found = pm.kpis(bound(steps, closed=closing), by=["unit"], period=period, as_of=instant(as_of))
    table = wide(found, "unit")
    owners = {
        name: next((s.unit for s in case if s.unit is not None and s.first <= as_of), None)
        for name, case in oracle.sort_steps(steps).items()
    }
    begun = {owners[step.case] for step in steps if step.first <= as_of}
    assert set(texts(table["unit"])) == begun
    for unit in begun:
        mine = [step for step in steps if owners[step.case] == unit]
        rows = {row["period"]: row for row in expected(mine, closing, as_of, period)}
        of_unit = table[[name == unit for name in texts(table["unit"])]]
        for row in of_unit.to_dict("records"):
            nothing = dict.fromkeys(TIMES) | (
                dict.fromkeys(FLOW, 0)
                if closing
                else {"started": 0, "completed": None, "open": None}
            )
            wanted = rows.get(row["period"], nothing)
            figures = {kpi: missing(wanted[kpi]) for kpi in [*FLOW, *TIMES]}
            assert {kpi: row[kpi] for kpi in figures} == pytest.approx(figures, nan_ok=True)
        assert set(rows) <= set(of_unit["period"])


# --- laws -----------------------------------------------------------------------------------------


@FEWER
@given(logs(), PERIODS, st.data())
def test_the_flow_balances_in_every_period_and_every_key(steps, period, data):
    # open(b) = open(a) + started - completed: "Flow balance", an integrity check that must hold
    log = bound(steps, closed=data.draw(closings(steps).filter(bool)))
    as_of = instant(data.draw(moments(steps)))
    table = wide(pm.kpis(log, by=["unit"], period=period, as_of=as_of), "unit")
    for _, rows in table.groupby("unit", dropna=False):
        before = rows["open"].shift(fill_value=0)
        assert (rows["open"] == before + rows["started"] - rows["completed"]).all()
        assert (rows["open"] >= 0).all()


@FEWER
@given(logs(), PERIODS, st.data())
def test_the_flow_of_the_units_adds_up_to_that_of_all(steps, period, data):
    log = bound(steps, closed=data.draw(closings(steps).filter(bool)))
    as_of = instant(data.draw(moments(steps)))
    whole = wide(pm.kpis(log, period=period, as_of=as_of)).set_index("period")[FLOW]
    table = wide(pm.kpis(log, by=["unit"], period=period, as_of=as_of), "unit")
    pd.testing.assert_frame_equal(table.groupby("period")[FLOW].sum(), whole.sort_index())


@FEWER
@given(logs(), PERIODS, st.data())
def test_the_last_balance_is_the_open_cases_of_the_case_table(steps, period, data):
    log = bound(steps, closed=data.draw(closings(steps).filter(bool)))
    as_of = instant(data.draw(moments(steps).filter(lambda t: t >= min(s.first for s in steps))))
    table = wide(pm.kpis(log, period=period, as_of=as_of))
    states = pm.cases(log, as_of=as_of)["state"].value_counts()
    assert table["open"].iloc[-1] == states["open"]
    assert table["completed"].sum() == states["closed"]
    assert table["started"].sum() == states["open"] + states["closed"]


@FEWER
@given(logs(), st.data(), st.integers(1, 60))
def test_a_shift_by_whole_weeks_moves_the_weeks_and_nothing_else(steps, data, weeks):
    closing, as_of = data.draw(closings(steps)), data.draw(moments(steps))
    by = weeks * 7 * DAY
    moved = [
        replace(
            step,
            start=None if step.start is None else step.start + by,
            end=None if step.end is None else step.end + by,
        )
        for step in steps
    ]
    one = pm.kpis(bound(steps, closed=closing, tz="UTC"), as_of=instant(as_of))
    other = pm.kpis(bound(moved, closed=closing, tz="UTC"), as_of=instant(as_of + by))
    assert (other["period_start"] - one["period_start"] == pd.Timedelta(weeks=weeks)).all()
    same = ["kpi", "value", "measured_in", "n"]
    pd.testing.assert_frame_equal(one[same], other[same])


@FEWER
@given(logs(), st.randoms(use_true_random=False), st.data())
def test_neither_the_order_of_the_rows_nor_the_names_of_cases_matter(steps, random, data):
    closing, as_of = data.draw(closings(steps)), instant(data.draw(moments(steps)))
    shuffled = [replace(step, case=f"no. {step.case}") for step in steps]
    random.shuffle(shuffled)
    one = pm.kpis(bound(steps, closed=closing), period="M", as_of=as_of)
    other = pm.kpis(bound(numbered(shuffled), closed=closing), period="M", as_of=as_of)
    pd.testing.assert_frame_equal(one, other, rtol=1e-12)


# --- keys -----------------------------------------------------------------------------------------


def with_attributes() -> pm.EventLog:
    frame = pd.DataFrame(
        {
            "case": ["1", "2", "3"],
            "activity": ["A", "A", "A"],
            "time": [instant(at("2026-01-05 09:00"))] * 3,
            "kind": ["new", None, "new"],
            "floors": [2, 2, None],
            "size": pd.Categorical(["L", "S", "L"], categories=["S", "M", "L"]),
        }
    )
    return pm.read(frame, case="case", activity="activity", timestamp="time", tz=ZONE)


@pytest.mark.parametrize(
    ("by", "keys", "started"),
    [
        (["kind"], [("new",), (None,)], [2, 1]),
        (["floors"], [(2,), (None,)], [2, 1]),
        (["size"], [("L",), ("S",)], [2, 1]),
        (["size", "kind"], [("L", "new"), ("S", None)], [2, 1]),
        (["kind", "floors"], [("new", 2), ("new", None), (None, 2)], [1, 1, 1]),
    ],
)
def test_case_attributes_are_keys_and_a_missing_value_is_one_of_its_own(by, keys, started):
    found = pm.kpis(with_attributes(), by=by)
    table = wide(found, *by)
    assert [tuple(None if pd.isna(v) else v for v in row) for row in table[by].to_numpy()] == keys
    assert table["started"].tolist() == started
    assert list(found.columns)[2 : 2 + len(by)] == by


@pytest.mark.parametrize("by", [["unit"], ["Kind"], ["activity"]])
def test_a_key_that_is_no_attribute_of_the_case_is_refused_beside_those_that_are(by):
    with pytest.raises(LabelNotFoundError, match="there are: kind, floors, size"):
        pm.kpis(with_attributes(), by=by)


def test_an_unknown_period_is_refused():
    with pytest.raises(ProcmineError, match="'fortnight' is not a period"):
        pm.kpis(with_attributes(), period="fortnight")


# --- edges of the definition ----------------------------------------------------------------------


def test_where_closing_is_unknown_completed_and_open_are_missing_and_never_0():
    found = pm.kpis(bound(permits()), period="M")
    table = wide(found)
    assert table["completed"].isna().all()
    assert table["open"].isna().all()
    assert table["started"].tolist() == [2, 1, 0, 0]
    # last - first, in the month of the last step
    assert table["cycle_time_median"].iloc[1] == 15
    assert table["cycle_time_median"].iloc[3] == pytest.approx(31 - 1 / 24 + 1 / (24 * 60))
    assert found["basis"].str.contains("closing unknown").all()


def test_empty_periods_have_their_rows():
    steps = path("1", "AX", [at("2026-01-05 09:00"), at("2026-02-16 09:00")])
    table = wide(pm.kpis(bound(steps, closed="X")))
    assert table["period"].tolist() == [f"2026-W{week:02}" for week in range(2, 9)]
    assert table["open"].tolist() == [1] * 6 + [0]


def test_the_periods_go_on_until_as_of():
    log = bound(permits(), closed="X")
    table = wide(pm.kpis(log, period="M", as_of="2026-06-30"))
    assert table["period"].tolist()[-1] == "2026-06"
    assert table["open"].tolist() == [2, 1, 1, 1, 1, 1]


def test_in_the_middle_of_a_case_it_is_open():
    table = wide(pm.kpis(bound(permits(), closed="X"), period="M", as_of="2026-02-10"))
    assert table["period"].tolist() == ["2026-01", "2026-02"]
    assert table["completed"].tolist() == [0, 1]
    assert table["open"].tolist() == [2, 1]


@pytest.mark.parametrize("by", [[], ["unit"]])
@pytest.mark.parametrize("closed", [None, "X"])
def test_before_everything_and_of_nothing_the_table_is_empty_but_has_its_columns(by, closed):
    log = bound(permits(), closed=closed)
    whole = pm.kpis(log, by=by)
    for empty in (pm.kpis(log, by=by, as_of="2020-01-01"), pm.kpis(log.where([False] * 3), by=by)):
        assert len(empty) == 0
        assert list(empty.columns) == list(whole.columns)
        assert empty.dtypes.to_dict() == whole.dtypes.to_dict()


def test_a_reopened_case_counts_once_in_the_period_of_its_last_closing():
    steps = path("1", "AXBX", [at(f"2026-0{month}-05 09:00") for month in (1, 2, 3, 4)])
    table = wide(pm.kpis(bound(steps, closed="X"), period="M"))
    assert table["completed"].tolist() == [0, 0, 0, 1]
    assert table["open"].tolist() == [1, 1, 1, 0]
    early = wide(pm.kpis(bound(steps, closed="X"), period="M", as_of="2026-02-28"))
    assert early["completed"].tolist() == [0, 1]


def test_a_case_that_closed_before_it_began_is_completed_without_a_cycle_time():
    frame = pd.DataFrame(
        {
            "case": ["1", "2"],
            "activity": "A",
            "time": [instant(at("2026-02-05 09:00"))] * 2,
            "finished": [instant(at("2026-01-05 09:00")), instant(at("2026-02-07 09:00"))],
        }
    )
    log = pm.read(
        frame,
        case="case",
        activity="activity",
        timestamp="time",
        tz=ZONE,
        closed={"column": "finished"},
    )
    found = pm.kpis(log, period="M")
    table = wide(found)
    assert table["period"].tolist() == ["2026-01", "2026-02"]
    assert table["completed"].tolist() == [1, 1]
    assert found.loc[found["kpi"] == "cycle_time_mean", "n"].tolist() == [0, 1]


def test_steps_that_overlap_and_a_single_step_are_measured_as_any_other():
    log = bound(
        numbered(
            path(
                "1",
                "AX",
                [
                    (at("2026-01-05 09:00"), at("2026-01-09 09:00")),
                    (at("2026-01-06 09:00"), at("2026-01-08 09:00")),
                ],
            ),
            path("2", "X", [at("2026-01-05 09:00")]),
        ),
        closed="X",
    )
    table = wide(pm.kpis(log, period="Y"))
    assert table[["started", "completed", "open"]].to_numpy().tolist() == [[2, 2, 0]]
    assert table["cycle_time_mean"].tolist() == [1.5]  # 3 days (to the end of X) and none


def test_the_log_stays_as_it_was():
    log = bound(permits(), closed="X")
    before = pm.steps(log)
    pm.kpis(log, by=["unit"], period="D", as_of=instant(at("2026-02-01 00:00") + HOUR))
    pd.testing.assert_frame_equal(pm.steps(log), before)


def test_a_key_that_has_the_name_of_a_column_of_the_table_is_refused() -> None:
    with pytest.raises(ProcmineError, match="has its own column 'value'"):
        pm.kpis(bound(numbered(path("1", "AB", [0, DAY]))), by=["value"])


@pytest.mark.parametrize("as_of", ["03.02.2026", "02/03/2026", "2026", 20260302])
def test_a_date_that_is_not_written_year_first_is_refused_as_as_of(as_of: Any) -> None:
    with pytest.raises(ProcmineError, match="write it as 2026-03-31"):
        pm.kpis(bound(numbered(path("1", "AB", [0, DAY]))), as_of=as_of)
