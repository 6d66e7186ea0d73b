"""The chance of open cases to end late: by hand, against plain loops, and by its laws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import exp, log, sqrt
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.errors import ProcmineError
from procmine.kpi import at_risk
from procmine.kpi.chances import FEWEST, REASONS
from procmine.procedure import Procedure
from tests.bound import FEWER
from tests.kpi.ten_days import SEEN, TEN_DAYS, log_of, procedure, quietly
from tests.procedure.comparing import plain
from tests.procedure.comparing import table as terms_of_world
from tests.procedure.random_days import ZONES
from tests.procedure.random_terms import world

TODAY = date(2026, 6, 30)
FEW, NOT_FOLLOWED, NONE_ENDED, ALL_ENDED = REASONS


def running(days: int) -> list[tuple[str, str]]:
    """A case that came so many days before today."""
    return [("Came", str(TODAY - timedelta(days=days)))]


def ended(days: int) -> list[tuple[str, str]]:
    """A case that took so many days, long ago."""
    return [("Came", "2026-02-02"), ("Granted", str(date(2026, 2, 2) + timedelta(days=days)))]


def office(*cases: list[tuple[str, str]], **options: Any) -> pd.DataFrame:
    """The table of a log of these cases, named a1, a2 and so on, as of today."""
    named = {f"a{number + 1}": steps for number, steps in enumerate(cases)}
    log = log_of({**SEEN, **named})
    return quietly(at_risk, log, procedure(), **{"as_of": str(TODAY), **options})


def usual() -> list[list[tuple[str, str]]]:
    """Twenty that ended: ten after 5 days, six after 12 and four after 20."""
    return [*[ended(5)] * 10, *[ended(12)] * 6, *[ended(20)] * 4]


# --- worked examples ------------------------------------------------------------------------------


def test_a_worked_example_by_hand():
    # T > 4: all twenty. T > 10: ten of them. S(10) / S(4) = 1/2; Greenwood: 10 / (20 * 10) = 0.05
    found = office(*usual(), running(4))
    (row,) = found.to_dict("records")
    assert (row["case_id"], row["state"]) == ("a21", "running")
    assert (row["net_days"], row["days_left"], row["n"]) == (4, 6, 20)
    assert row["chance"] == pytest.approx(1 / 2)
    width = 1.959963984540054 * sqrt(0.05) / log(2)
    assert row["low"] == pytest.approx(0.5 ** exp(width))
    assert row["high"] == pytest.approx(0.5 ** exp(-width))
    assert pd.isna(row["reason"])


def test_those_still_open_count_as_long_as_they_were_followed():
    # Kaplan and Meier: after 5 days 10 of 20 + 5 go on (five are 7 days old): 15/25, then nobody ends up to 10
    found = office(*usual(), *[running(7)] * 5, running(4))
    chance = found.set_index("case_id").loc["a26"]
    assert chance["n"] == 25
    assert chance["chance"] == pytest.approx(15 / 25)


def test_an_overdue_case_is_certain_and_the_latest_stands_first():
    found = office(*usual(), running(12), running(15), running(4))
    assert found["case_id"].tolist() == ["a22", "a21", "a23"]
    assert found["chance"].iloc[:2].tolist() == [1, 1]
    assert found["days_late"].iloc[:2].tolist() == [5, 2]
    assert found["reason"].iloc[:2].isna().all()


def test_a_paused_case_runs_on_with_the_days_that_it_has_left():
    day = TODAY - timedelta(days=30)
    paused = [("Came", str(day)), ("Asked", str(day + timedelta(days=4)))]
    (row,) = office(*usual(), paused).to_dict("records")
    assert (row["state"], row["net_days"], row["days_left"]) == ("paused", 4, 6)
    assert row["chance"] == pytest.approx(1 / 2)
    assert pd.isna(row["due"])


def test_what_silence_decided_is_not_listed_but_was_open_until_it_ended():
    log = log_of({**SEEN, **{f"a{n + 1}": case for n, case in enumerate([*usual(), running(12)])}})
    found = quietly(at_risk, log, procedure("approval"), as_of=str(TODAY))
    assert len(found) == 0


# --- why there is none ----------------------------------------------------------------------------


def test_fewer_than_ten_that_ran_longer_say_nothing():
    found = office(*[ended(8)] * 9, running(4))
    assert found["n"].tolist() == [9]
    assert found[["chance", "low", "high"]].isna().all(axis=None)
    assert found["reason"].tolist() == [FEW]
    assert office(*[ended(8)] * 10, running(4))["n"].tolist() == [10]


def test_beyond_the_longest_time_that_was_followed_nothing_is_known():
    found = office(*[ended(6)] * 5, *[running(8)] * 9, running(4)).set_index("case_id")
    assert found.loc["a15", "n"] == 14
    assert np.isnan(found.loc["a15", "chance"])
    assert found.loc["a15", "reason"] == NOT_FOLLOWED


def test_up_to_the_longest_time_that_was_followed_the_chance_is_known():
    found = office(*[ended(6)] * 5, *[running(10)] * 9, running(4)).set_index("case_id")
    assert found.loc["a15", "chance"] == pytest.approx(9 / 14)


def test_where_none_or_all_ended_there_is_a_chance_without_an_interval():
    none = office(*[ended(20)] * 12, running(4)).iloc[0]
    assert (none["chance"], none["reason"]) == (1, NONE_ENDED)
    everyone = office(*[ended(6)] * 12, running(4)).iloc[0]
    assert (everyone["chance"], everyone["reason"]) == (0, ALL_ENDED)
    assert np.isnan([none["low"], none["high"], everyone["low"], everyone["high"]]).all()


def test_those_without_a_chance_stand_last():
    found = office(*[ended(8)] * 9, running(4), running(14))
    assert found["case_id"].tolist() == ["a11", "a10"]


# --- by -------------------------------------------------------------------------------------------


def test_a_case_is_compared_with_those_of_its_key():
    slow = {f"b{n}": ended(20) for n in range(12)}
    quick = {f"a{n + 1}": ended(5) for n in range(12)}
    log = log_of({**SEEN, **slow, **quick, "a99": running(3), "b99": running(3)})
    found = quietly(at_risk, log, procedure(), as_of=str(TODAY), by="office").set_index("case_id")
    assert found["chance"].to_dict() == {"b99": 1, "a99": 0}
    assert found["office"].to_dict() == {"b99": "b", "a99": "a"}
    assert "with the same office" in found.attrs["basis"]
    together = quietly(at_risk, log, procedure(), as_of=str(TODAY))
    assert together["chance"].tolist() == pytest.approx([0.5, 0.5])


def test_a_key_that_has_the_name_of_a_column_is_refused():
    with pytest.raises(ProcmineError, match="has its own column 'due'"):
        at_risk(log_of(SEEN), procedure(), by="due")


# --- the oracle -----------------------------------------------------------------------------------


def naive(row: dict[str, Any], alike: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The chance of one row: of those that ran longer, day by day, who goes on."""
    times = [(other["net_days"], other["closed"] is not None) for other in alike]
    times = [(net, end) for net, end in times if net is not None]
    longer = [(net, end) for net, end in times if net > row["net_days"]]
    found = {"n": len(longer), "chance": None, "low": None, "high": None}
    if row["state"] == "overdue":
        return found | {"chance": 1, "low": 1, "high": 1}
    if len(longer) < FEWEST:
        return found
    until, share, variance, at_risk = row["net_days"] + row["days_left"], 1.0, 0.0, len(longer)
    for day in range(row["net_days"] + 1, until + 1):
        gone = sum(net == day and end for net, end in longer)
        share *= 1 - gone / at_risk
        variance += gone / (at_risk * (at_risk - gone)) if at_risk > gone else 0
        at_risk -= sum(net == day for net, _ in longer)
        if not at_risk:
            if share > 0 and day < until:
                return found
            break
    found["chance"] = share
    if 0 < share < 1:
        width = 1.959963984540054 * sqrt(variance) / -log(share)
        found |= {"low": share ** exp(width), "high": share ** exp(-width)}
    return found


@pytest.mark.parametrize("seed", range(15))
def test_the_chances_are_those_of_the_oracle(seed):
    drawn = world(Random(seed), sorted(ZONES)[seed % len(ZONES)], cases=80)
    found = plain(
        quietly(
            at_risk,
            drawn.log(),
            drawn.procedure(),
            as_of=drawn.as_of,
            calendar=drawn.kalendar.calendar,
        )
    )
    rows = [row for row in plain(terms_of_world(drawn)) if row["kind"] != "control_window"]
    wanted = [row for row in rows if row["state"] in ("running", "paused", "overdue")]
    names = ("case_id", "term", "phase")
    assert sorted(str([row[name] for name in names]) for row in found) == sorted(
        str([row[name] for name in names]) for row in wanted
    )
    for row in found:
        alike = [one for one in rows if all(one[name] == row[name] for name in names[1:])]
        for name, value in naive(row, alike).items():
            assert row[name] == pytest.approx(value) if value is not None else row[name] is None


# --- laws -----------------------------------------------------------------------------------------

PAST = st.lists(st.integers(0, 25), min_size=12, max_size=40)


def chances(found: pd.DataFrame) -> dict[str, float]:
    return dict(zip(found["case_id"], found["chance"], strict=True))


@FEWER
@given(PAST, st.integers(0, 9))
def test_the_fewer_days_are_left_the_likelier_it_ends_late(past, days):
    cases = {**SEEN, **{f"a{n + 1}": ended(took) for n, took in enumerate(past)}}
    log = log_of({**cases, "b1": running(days)})
    before = None
    for length in range(days, days + 12):
        text = TEN_DAYS.replace("n: 10", f"n: {max(length, 1)}").replace("SILENCE", "none")
        found = quietly(at_risk, log, Procedure.parse(text), as_of=str(TODAY))
        chance = chances(found)["b1"]
        assert before is None or not chance > before
        before = chance


@FEWER
@given(PAST, st.integers(1, 9), st.integers(1, 5))
def test_what_came_today_changes_nothing_for_the_others(past, days, fresh):
    cases = [*map(ended, past), running(days)]
    one = chances(office(*cases))
    other = chances(office(*cases, *[running(0)] * fresh))
    assert {name: other[name] for name in one} == pytest.approx(one, nan_ok=True)


@FEWER
@given(PAST, st.integers(0, 14))
def test_a_chance_is_a_share_and_lies_in_its_interval(past, days):
    found = office(*map(ended, past), running(days))
    known = found[found["low"].notna()]
    assert known["chance"].between(0, 1).all()
    assert (known["low"] <= known["chance"]).all()
    assert (known["chance"] <= known["high"]).all()
    assert (found["reason"].notna() | found["low"].notna()).all()


# --- edges ----------------------------------------------------------------------------------------


def test_where_nothing_is_open_or_begun_the_table_is_empty_but_has_its_columns():
    whole = office(*usual(), running(4))
    for empty in (office(*usual()), office(*usual(), running(4), as_of="2020-01-01")):
        assert len(empty) == 0
        assert list(empty.columns) == list(whole.columns)
        assert empty["chance"].dtype == whole["chance"].dtype


def test_a_single_case_has_no_chance():
    found = office(running(4))
    assert found["chance"].isna().all()
    assert found["n"].tolist() == [0]


def test_the_basis_says_how_and_as_of_when():
    found = office(*usual(), running(4))
    assert found.attrs["as_of"] == str(TODAY)
    assert found.attrs["basis"].startswith("Kaplan-Meier over the net days of all cases")
    assert "rules reply" in found.attrs["basis"]
