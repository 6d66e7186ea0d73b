"""Queues: by hand, against plain loops, by Little's law and the balance of what comes and goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import conftest
import procmine as pm
from procmine.enabled import ORDERS, counted_log
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kpi.queues.queues import queues
from procmine.procedure import Procedure
from tests.bound import (
    FEWER,
    ZONE,
    bound,
    closings,
    instant,
    last_known,
    numbered,
    path,
    seen_moments,
)
from tests.kpi import oracle_stocks, oracle_waiting
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs

pytestmark = pytest.mark.filterwarnings("ignore:(?s)as_of=.*after the last time of the log")
"""What stands long is looked at long after the last step of the small logs here."""

MONDAY = 20_458 * DAY - 2 * HOUR  # 2026-01-05, at midnight in Bucharest
PERIODS = st.sampled_from("DWMQY")


def days(*numbers: float) -> list[int]:
    return [MONDAY + round(number * DAY) for number in numbers]


def checked(case: str, enabled: float, start: float, end: float) -> list[Step]:
    """A case that is registered, waits and is checked, on so many days after the Monday."""
    at, begin, finish = days(enabled, start, end)
    return path(case, ["Registered", "Checked"], [(at, at), (begin, finish)])


def row(table: pd.DataFrame, period: str, **key: Any) -> dict[str, Any]:
    for name, value in {"period": period, **key}.items():
        table = table[table[name] == value]
    (found,) = table.to_dict("records")
    return found


def week(steps: Sequence[Step], **options: Any) -> dict[str, Any]:
    """The first week of the checks."""
    return row(queues(bound(steps), **options), "2026-W02", activity="Checked")


# --- worked examples ------------------------------------------------------------------------------


def test_a_worked_example_of_little_1961():
    # L = λ W: two arrive in the seven days, waiting 2 and 5 days: 2/7 a day × 3.5 days = 1
    steps = numbered(checked("1", 0, 2, 3), checked("2", 1, 6, 6.5), checked("3", 7, 7, 8))
    found = week(steps)
    assert (found["arrivals"], found["departures"], found["waiting"]) == (2, 2, 0)
    assert found["mean_waiting"] == pytest.approx(2 / 7 * 3.5)
    assert found["mean_in_progress"] == pytest.approx((1 + 0.5) / 7)


def test_what_still_waits_when_the_period_ends_stands_in_the_next_one():
    steps = numbered(checked("1", 5, 9, 12))
    found = queues(bound(steps))
    first, second = (row(found, name, activity="Checked") for name in ("2026-W02", "2026-W03"))
    assert (first["waiting"], first["mean_waiting"]) == (1, pytest.approx(2 / 7))
    assert (second["arrivals"], second["departures"], second["waiting"]) == (0, 1, 0)
    assert second["mean_waiting"] == pytest.approx(2 / 5)  # as of Saturday, when it ended
    assert second["mean_in_progress"] == pytest.approx(3 / 5)


def test_a_step_without_end_is_in_progress_until_as_of():
    begun = [
        *path("1", ["Registered"], [(MONDAY, MONDAY)]),
        Step("1", "Checked", start=days(2)[0]),
    ]
    found = week(numbered(begun), as_of=instant(days(5)[0]))
    assert (found["in_progress"], found["mean_in_progress"]) == (1, pytest.approx(3 / 5))


def test_with_one_timestamp_a_step_waits_until_its_end_and_nothing_is_in_progress():
    steps = path("1", ["Registered", "Checked"], days(0, 3))
    found = queues(bound(steps, start=None))
    first = row(found, "2026-W02", activity="Checked")
    assert (first["arrivals"], first["departures"]) == (1, 1)
    assert first["mean_waiting"] == pytest.approx(1)  # three of three days
    assert pd.isna(first["in_progress"])
    assert np.isnan(first["mean_in_progress"])
    assert "sojourn (1 steps)" in first["basis"]
    assert "1 steps whose wait is not known are left out" in first["basis"]


def test_with_estimated_starts_the_wait_ends_when_the_clerk_was_free():
    steps = [
        *path("1", ["Registered", "Checked"], days(0, 4), resource="ana"),
        *path("2", ["Registered", "Checked"], days(1, 3), resource="ana"),
    ]
    log = bound(numbered(steps), start=None)
    found = row(queues(log, starts="estimate"), "2026-W02", activity="Checked")
    assert found["mean_waiting"] == pytest.approx(3 / 4)  # the first waits until the second is done
    assert found["mean_in_progress"] == pytest.approx((1 + 2) / 4)
    assert "estimated" in found["basis"]


def test_an_open_case_waits_since_its_last_end_for_nobody_knows_what():
    steps = numbered(checked("1", 0, 1, 2), path("2", ["Registered"], [(days(3)[0], days(3)[0])]))
    found = queues(bound(steps, closed="Checked"), by="activity", as_of=instant(days(6)[0]))
    unknown = found[found["activity"].isna()].iloc[0]
    assert (unknown["arrivals"], unknown["waiting"]) == (1, 1)
    assert unknown["mean_waiting"] == pytest.approx(3 / 6)
    assert "1 open cases wait for a step that is not known yet" in unknown["basis"]
    source = queues(bound(steps, closed="Checked"), by="source", as_of=instant(days(6)[0]))
    assert row(source, "2026-W02", source="Registered")["waiting"] == 1


def test_an_open_case_in_which_a_step_is_in_progress_waits_for_nothing():
    steps = numbered(checked("1", 0, 1, 2), checked("2", 3, 4, 9))
    found = queues(bound(steps, closed="Checked"), as_of=instant(days(5)[0]))
    assert found["activity"].notna().all()


def test_a_procedure_says_which_cases_are_open():
    steps = numbered(checked("1", 0, 1, 2), path("2", ["Registered"], [(days(3)[0], days(3)[0])]))
    procedure = Procedure.parse("procedure: small\nclosing: [{activity: Checked}]")
    found = queues(bound(steps), procedure=procedure)
    assert found.loc[found["activity"].isna(), "waiting"].tolist() == [1]
    silent = queues(bound(steps))
    assert silent["activity"].notna().all()
    assert "nothing says which cases are open" in silent["basis"].iloc[0]


def test_what_had_not_begun_is_not_known_then():
    steps = numbered(checked("1", 0, 1, 2), checked("2", 0, 5, 6))
    found = week(steps, as_of=instant(days(4)[0]))
    assert (found["arrivals"], found["departures"], found["waiting"]) == (1, 1, 0)


def test_every_period_has_its_rows_and_the_last_ends_at_as_of():
    steps = numbered(checked("1", 0, 1, 2), checked("2", 40, 41, 42))
    found = queues(bound(steps), by="activity")
    assert found["period"].unique().tolist() == [f"2026-W0{n}" for n in range(2, 9)]
    assert len(found) == 7 * 2
    empty = row(found, "2026-W04", activity="Checked")
    assert (empty["arrivals"], empty["mean_waiting"], empty["mean_in_progress"]) == (0, 0, 0)


def test_a_day_on_which_clocks_change_has_25_hours():
    # 2026-10-25 in Bucharest: waiting from its midnight for 5 of its 25 hours
    midnight = int(pd.Timestamp("2026-10-25", tz=ZONE).timestamp()) * 1_000_000
    times = [(midnight, midnight), (midnight + 5 * HOUR, midnight + 30 * HOUR)]
    found = queues(bound(path("1", ["Registered", "Checked"], times)), period="D")
    day = row(found, "2026-10-25", activity="Checked")
    assert day["mean_waiting"] == pytest.approx(5 / 25)


# --- keys -----------------------------------------------------------------------------------------


def test_the_keys_may_be_source_units_and_attributes():
    frame = pd.DataFrame(
        {
            "case": ["1", "1", "2", "2"],
            "activity": ["Registered", "Checked"] * 2,
            "start": pd.to_datetime(["2026-01-05", "2026-01-07"] * 2),
            "end": pd.to_datetime(["2026-01-06", "2026-01-08"] * 2),
            "desk": ["Registry", "Urbanism", "Registry", None],
            "office": ["A", "A", "B", "B"],
            "priority": [2, 1, 2, 3],
        }
    )
    log = pm.read(
        frame, case="case", activity="activity", start="start", end="end", unit="desk", tz=ZONE
    )
    found = queues(log, by=["source", "unit"])
    keys = found[["source", "unit"]].astype(object).where(found[["source", "unit"]].notna(), None)
    assert keys.to_numpy().tolist() == [
        ["Registered", "Urbanism"],
        ["Registered", None],
        [None, "Registry"],
    ]
    assert found["arrivals"].tolist() == [1, 1, 2]
    assert queues(log, by="office")["arrivals"].tolist() == [2, 2]
    assert queues(log, by="priority")["priority"].tolist() == [1, 2, 3]
    by_source_unit = queues(log, by="source_unit")
    assert by_source_unit["arrivals"].tolist() == [2, 2]
    assert queues(log, by=[])["arrivals"].tolist() == [4]


def test_persons_are_no_key_and_unknown_keys_name_the_nearest():
    log = bound(path("1", ["A"], days(0), resource="ana"))
    with pytest.raises(ProcmineError, match="would rank persons"):
        queues(log, by="resource")
    with pytest.raises(LabelNotFoundError, match="did you mean 'source_unit'"):
        queues(log, by="sourceunit")
    with pytest.raises(ProcmineError, match="own column 'waiting'"):
        queues(log, by="waiting")


def test_a_grid_that_one_wrong_date_makes_too_large_is_refused():
    old = path("1", ["A", "B"], [(-300 * 365 * DAY, -300 * 365 * DAY), (MONDAY, MONDAY)])
    many = [path(f"{n}", [f"A{n}"], [(MONDAY, MONDAY)])[0] for n in range(40)]
    with pytest.raises(ProcmineError, match="is the first date right"):
        queues(bound(numbered(old, many)), period="D")


def test_a_log_in_which_no_wait_is_known_has_an_empty_table():
    found = queues(bound(path("1", ["A"], days(0)), start=None))
    assert len(found) == 0
    assert list(found) == list(queues(bound(numbered(checked("1", 0, 1, 2)))))


# --- against the oracle, and laws -----------------------------------------------------------------


@given(logs(), PERIODS, st.sampled_from(ORDERS), st.data())
def test_the_queues_are_those_of_the_oracle(steps, period, order, data):
    closing, as_of = data.draw(closings(steps)), data.draw(seen_moments(steps))
    found = queues(bound(steps, closed=closing), period=period, order=order, as_of=instant(as_of))
    log = oracle_waiting.log_of(steps)
    enabled = oracle_waiting.enabled_steps(log, order=order)
    waits = oracle_stocks.waits(log, enabled, closing, as_of)
    if not waits:
        assert len(found) == 0
        return
    first = min(begin for _, (begin, _) in waits)
    bounds = oracle_stocks.edges(first, as_of, period, ZONE)
    busy = [] if log.one_timestamp else oracle_stocks.in_progress(log, enabled, as_of)
    names = sorted({name for name, _ in waits if name is not None})
    keys = [*names, *([None] if any(name is None for name, _ in waits) else [])]
    assert len(found) == len(keys) * (len(bounds) - 1)
    for key in keys:
        of = found[found["activity"].isna() if key is None else found["activity"] == key]
        told = oracle_stocks.stocks([span for name, span in waits if name == key], bounds)
        assert of["arrivals"].tolist() == [period.came for period in told]
        assert of["departures"].tolist() == [period.went for period in told]
        assert of["waiting"].tolist() == [period.there for period in told]
        means = [p.time / p.length if p.length else np.nan for p in told]
        assert of["mean_waiting"].tolist() == pytest.approx(means, nan_ok=True)
        if log.one_timestamp:
            assert of["in_progress"].isna().all()
            continue
        told = oracle_stocks.stocks([span for name, span in busy if name == key], bounds)
        assert of["in_progress"].tolist() == [period.there for period in told]
        means = [p.time / p.length if p.length else np.nan for p in told]
        assert of["mean_in_progress"].tolist() == pytest.approx(means, nan_ok=True)


@FEWER
@given(logs(), PERIODS, st.data())
def test_littles_law_the_time_integral_of_the_queue_is_the_sum_of_the_waits(steps, period, data):
    log = bound(steps)
    by, until = data.draw(st.sampled_from(["activity", "unit"])), last_known(steps)
    found = queues(log, period=period, by=by, as_of=instant(until))
    counted = counted_log(log)
    taken_up = counted.log.end if counted.log.start is None else counted.log.start
    known = (taken_up > 0) & (counted.enabled.at > 0)
    waited = (taken_up - counted.enabled.at)[known].sum()
    starts = pd.DatetimeIndex(found["period_start"]).tz_localize(ZONE)
    following = starts.tz_localize(None).to_period(period).end_time + pd.Timedelta(1, "ns")
    ends = following.tz_localize(ZONE)
    length = np.minimum(ends.as_unit("us").asi8, until) - starts.as_unit("us").asi8
    integral = (found["mean_waiting"].fillna(0) * length).sum()
    assert integral == pytest.approx(waited)


@FEWER
@given(logs(), PERIODS, st.data())
def test_what_waits_is_what_waited_and_came_less_what_went(steps, period, data):
    as_of = instant(data.draw(seen_moments(steps)))
    found = queues(bound(steps, closed=data.draw(closings(steps))), period=period, as_of=as_of)
    for _, of in found.groupby("activity", dropna=False):
        balance = (of["arrivals"] - of["departures"]).cumsum()
        assert of["waiting"].tolist() == balance.tolist()
        assert (of["waiting"] >= 0).all()


@FEWER
@given(logs(), PERIODS, st.data())
def test_the_keys_add_up_to_the_whole(steps, period, data):
    log = bound(steps, closed=data.draw(closings(steps)))
    as_of = instant(last_known(steps))
    whole = queues(log, period=period, by=[], as_of=as_of)
    for by in ("activity", "source", "unit", "source_unit"):
        parts = queues(log, period=period, by=by, as_of=as_of).groupby("period", sort=False)
        for name in ("arrivals", "departures", "waiting"):
            assert parts[name].sum().tolist() == whole[name].tolist()
        assert parts["mean_waiting"].sum(min_count=1).tolist() == pytest.approx(
            whole["mean_waiting"].tolist(), nan_ok=True
        )


def test_at_the_end_of_the_sample_the_open_cases_wait():
    log = conftest.sample_log()
    found = queues(log, by="source")
    last = found[found["period"] == found["period"].iloc[-1]].set_index("source")["waiting"]
    assert last.sum() == 116
    assert last["Solicitare completări"] == 45
