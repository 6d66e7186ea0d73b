"""How terms are kept, in the KPI table: worked examples, plain loops over drawn procedures, laws and edges."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.calendars import Calendar
from procmine.errors import ProcmineError
from procmine.procedure import Procedure
from procmine.procedure.terms import terms
from tests.bound import FEWER, ZONE, texts
from tests.kpi import oracle_terms_kpis as naive
from tests.kpi.ten_days import SEEN, TEN_DAYS, log_of, procedure, quietly
from tests.procedure.comparing import plain
from tests.procedure.comparing import table as terms_of_world
from tests.procedure.random_days import ZONES
from tests.procedure.random_terms import World, world

DRAWN = pytest.mark.parametrize("seed", range(15))
"""Procedures with their cases, drawn once: three of each country."""
SHARES = ["timeliness", "on_time_share", "silent_approval_share", "silent_refusal_share"]


def drawn_world(seed: int) -> tuple[World, str]:
    """A drawn procedure with its cases, and a period."""
    return world(Random(seed), sorted(ZONES)[seed % len(ZONES)], cases=25), "WMQY"[seed % 4]


def of(table: pd.DataFrame, kpi: str, term: str = "reply") -> pd.DataFrame:
    return table[(table["kpi"] == kpi) & (table["term"] == term)].reset_index(drop=True)


def value(table: pd.DataFrame, kpi: str, period: str) -> float:
    found = of(table, kpi)
    return float(found.loc[found["period"] == period, "value"].iloc[0])


def five() -> pm.EventLog:
    """In time (8 days), late (20 days, 10 late), paused for 6 of 15 days, open and overdue, withdrawn."""
    return log_of(
        {
            **SEEN,
            "a1": [("Came", "2026-01-05"), ("Granted", "2026-01-13")],
            "a2": [("Came", "2026-01-05"), ("Granted", "2026-01-25")],
            "b1": [
                ("Came", "2026-01-05"),
                ("Asked", "2026-01-08"),
                ("Answered", "2026-01-14"),
                ("Granted", "2026-01-20"),
            ],
            "b2": [("Came", "2026-01-12")],
            "b3": [("Came", "2026-01-12"), ("Dropped", "2026-01-15")],
        }
    )


# --- worked examples ------------------------------------------------------------------------------


def test_a_worked_example_of_timeliness_lateness_and_the_overdue_backlog_of_measures_4_5():
    # concluded in January: a1 (8 <= 10), a2 (20 > 10), b1 (15 - 6 = 9 <= 10): 2 of 3 in time
    found = quietly(pm.kpis, five(), procedure(), period="M", as_of="2026-02-15")
    kpis = found.loc[found["term"] == "reply", "kpi"].unique()
    january = {kpi: value(found, kpi, "2026-01") for kpi in kpis}
    assert january["concluded"] == 3
    assert january["timeliness"] == 2 / 3
    assert january["on_time_share"] == 2 / 4  # b2, due on 22 January, is open
    assert january["overdue_backlog"] == 1
    assert january["overdue_backlog_0_30"] == 1  # 19 days old on 31 January
    assert january["withdrawn"] == 1
    assert january["due_unknown"] == 0
    assert january["lateness_mean"] == january["lateness_median"] == 10
    assert january["gross_time_mean"] == pytest.approx((8 + 20 + 15) / 3)
    assert january["gross_time_median"] == 15
    assert january["net_time_median"] == 9
    assert january["paused_time_mean"] == 2
    february = {kpi: value(found, kpi, "2026-02") for kpi in january}
    assert february["concluded"] == 0
    assert np.isnan(february["timeliness"])
    assert february["on_time_share"] == 0  # of the overdue one
    assert february["overdue_backlog_31_60"] == 1  # 34 days old on 15 February


def test_a_case_is_overdue_from_the_day_after_the_due_date_until_the_day_before_its_end():
    # a2 was due on 15 January 2026 and ended on the 25th
    log = log_of({**SEEN, "a2": [("Came", "2026-01-05"), ("Granted", "2026-01-25")]})
    found = quietly(pm.kpis, log, procedure(), period="D", as_of="2026-01-31")
    for kpi in ("overdue_backlog", "overdue_backlog_0_30"):
        rows = of(found, kpi)
        days = rows.loc[rows["value"] > 0, "period"].tolist()
        assert days == [f"2026-01-{day}" for day in range(16, 25)]


def test_the_interval_of_a_share_is_wilsons():
    # 2 of 3: 0.2077 to 0.9385 (Wilson 1927; as in every table of it)
    found = of(quietly(pm.kpis, five(), procedure(), period="M"), "timeliness")
    row = found[found["period"] == "2026-01"].iloc[0]
    assert (round(row["low"], 4), round(row["high"], 4)) == (0.2077, 0.9385)
    assert row["n"] == 3


def test_what_silence_decides_is_concluded_on_the_day_after_the_due_date_and_not_on_time():
    # a2 was due on 15 January and decided on the 25th: silence had approved it on the 16th
    log = log_of({**SEEN, "a2": [("Came", "2026-01-05"), ("Granted", "2026-01-25")]})
    found = quietly(pm.kpis, log, procedure("approval"), period="D", as_of="2026-01-31")
    assert value(found, "silent_approvals", "2026-01-16") == 1
    assert value(found, "silent_approval_share", "2026-01-16") == 1
    assert value(found, "timeliness", "2026-01-16") == 0
    assert value(found, "concluded", "2026-01-25") == 0
    assert value(found, "gross_time_median", "2026-01-25") == 20
    assert value(found, "lateness_median", "2026-01-25") == 10
    assert of(found, "overdue_backlog")["value"].eq(0).all()
    assert of(found, "silent_refusals")["value"].eq(0).all()


def test_a_refusal_by_silence_is_counted_as_one():
    log = log_of({**SEEN, "b2": [("Came", "2026-01-12")]})
    found = quietly(pm.kpis, log, procedure("refusal"), period="M", as_of="2026-01-31")
    assert value(found, "silent_refusals", "2026-01") == 1
    assert value(found, "silent_approvals", "2026-01") == 0


def test_pauses_beyond_the_law_are_counted_with_their_days():
    text = TEN_DAYS.replace("SILENCE", "none").replace(
        "until: answered", "until: answered, max_days: 4"
    )
    found = quietly(pm.kpis, five(), Procedure.parse(text), period="M", as_of="2026-01-31")
    assert value(found, "excess_pauses", "2026-01") == 1
    assert value(found, "excess_pause_days", "2026-01") == 2  # asked for 6, lawful 4
    assert value(found, "paused_time_mean", "2026-01") == pytest.approx(4 / 3)


def test_the_basis_names_the_rules_the_procedure_and_the_calendar():
    rules, calendar = procedure(), Calendar("RO")
    found = of(quietly(pm.kpis, five(), rules, period="M", calendar=calendar), "timeliness")
    for said in ("rules reply", f"ten_days {rules.version}", calendar.version, ZONE):
        assert found["basis"].str.contains(said, regex=False).all()


def test_with_a_procedure_the_rows_about_no_term_are_those_without_it():
    table = quietly(pm.kpis, five(), procedure(), period="M", by="office")
    assert list(table.columns)[:5] == ["period", "period_start", "office", "term", "kpi"]
    plainly = pm.kpis(five(), period="M", by="office")
    alike = table[table["term"].isna()].drop(columns="term").reset_index(drop=True)
    pd.testing.assert_frame_equal(alike.drop(columns="basis"), plainly.drop(columns="basis"))
    assert alike["basis"].str.contains("closed by the closing activities of the procedure").all()
    assert not plainly["basis"].str.contains("procedure").any()


def test_office_hours_of_completed_cases_by_a_calendar():
    # a1: Monday 5 to Tuesday 13 January 2026, 12:00 to 12:01; the 6th and 7th are holidays: 4 full days of 8 hours
    log = log_of({"a1": [("Came", "2026-01-05"), ("Granted", "2026-01-13")]})
    found = pm.kpis(log, calendar=Calendar("RO"), period="M")
    hours = found[found["kpi"].str.startswith("office_time")].set_index("kpi")
    assert list(hours.index) == ["office_time_median", "office_time_p80", "office_time_mean"]
    assert hours["value"].tolist() == pytest.approx([32 + 1 / 60] * 3)
    assert set(hours["measured_in"]) == {"hours"}


# --- the oracle -----------------------------------------------------------------------------------


def term_of(row: dict[str, Any]) -> str:
    return row["term"] if row["phase"] is None else f"{row['term']} / {row['phase']}"


def spans(table: pd.DataFrame, as_of: date) -> list[tuple[str, date, date]]:
    """The name, first and last day of every period of a table."""
    rows = table[["period", "period_start"]].drop_duplicates()
    starts = [time.date() for time in rows["period_start"]]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), as_of]
    return list(zip(rows["period"], starts, ends, strict=True))


def rows_of(drawn: World, log: pm.EventLog) -> list[dict[str, Any]]:
    """The rows of the terms; those that never had a known end take the day on which the log closed the case.

    Where the procedure names closing activities it is they that close it, and the table has that day.
    """
    days = {}
    if log.closed_at is not None and not drawn.procedure().closing:
        known = pm.cases(log, as_of=drawn.as_of)
        days = dict(zip(known["case_id"], known["closed_at"], strict=True))
    rows = plain(terms_of_world(drawn))
    for row in rows:
        closed = days.get(row["case_id"])
        if row["state"] == "unknown" and row["closed"] is None and not pd.isna(closed):
            row["closed"] = closed.date()
    return rows


def compare(found: pd.DataFrame, rows: list[dict[str, Any]], as_of: date) -> None:
    for term in {term_of(row) for row in rows}:
        mine = found[found["term"] == term]
        for period, first, last in spans(mine, as_of):
            wanted = naive.figures([r for r in rows if term_of(r) == term], first, last)
            got = mine[mine["period"] == period].set_index("kpi")
            assert set(got.index) == set(wanted)
            for kpi, (figure, n) in wanted.items():
                row = got.loc[kpi]
                figure = np.nan if figure is None else float(figure)
                assert row["value"] == pytest.approx(figure, nan_ok=True), (term, period, kpi)
                assert row["n"] == n, (term, period, kpi)
                if row["measured_in"] == "share":
                    bounds = naive.wilson(round((figure if n else 0) * n), n) or (np.nan, np.nan)
                    assert (row["low"], row["high"]) == pytest.approx(bounds, nan_ok=True, abs=1e-9)
                else:
                    assert np.isnan([row["low"], row["high"]]).all()


@DRAWN
def test_the_figures_are_those_of_the_oracle(seed):
    drawn, period = drawn_world(seed)
    log = drawn.log()
    found = quietly(
        pm.kpis,
        log,
        drawn.procedure(),
        period=period,
        as_of=drawn.as_of,
        calendar=drawn.kalendar.calendar,
    )
    compare(found, rows_of(drawn, log), drawn.now.date())


@DRAWN
def test_the_figures_of_a_key_are_those_of_its_cases(seed):
    drawn, period = drawn_world(seed)
    log = drawn.log()
    options = {"as_of": drawn.as_of, "calendar": drawn.kalendar.calendar}
    found = quietly(pm.kpis, log, drawn.procedure(), by="Sort", period=period, **options)
    known = pm.cases(log, as_of=drawn.as_of)
    sorts = dict(zip(known["case_id"], texts(known["Sort"]), strict=True))
    rows = rows_of(drawn, log)
    for sort in set(texts(found["Sort"])):
        part = found[[name == sort for name in texts(found["Sort"])]]
        compare(part, [r for r in rows if sorts[r["case_id"]] == sort], drawn.now.date())


# --- laws -----------------------------------------------------------------------------------------


@DRAWN
def test_what_has_a_term_is_concluded_withdrawn_unknown_or_open(seed):
    drawn, _ = drawn_world(seed)
    log, rules = drawn.log(), drawn.procedure()
    options = {"as_of": drawn.as_of, "calendar": drawn.kalendar.calendar}
    found = quietly(pm.kpis, log, rules, period="Y", **options)
    rows = plain(terms_of_world(drawn))
    for term in {term_of(row) for row in rows}:
        chosen = [row for row in rows if term_of(row) == term]
        states = [row["state"] for row in chosen]
        counted = sum(of(found, kpi, term)["value"].sum() for kpi in ("concluded", "withdrawn"))
        left = sum(state in ("running", "paused", "overdue", "unknown") for state in states)
        assert counted + left == len(states)
        if chosen[0]["kind"] != "control_window":
            overdue = of(found, "overdue_backlog", term)["value"].iloc[-1]
            assert overdue == states.count("overdue")


@DRAWN
def test_shares_lie_in_their_interval_and_on_time_is_no_better_with_the_overdue(seed):
    drawn, period = drawn_world(seed)
    options = {"as_of": drawn.as_of, "calendar": drawn.kalendar.calendar}
    found = quietly(pm.kpis, drawn.log(), drawn.procedure(), period=period, **options)
    shares = found[found["kpi"].isin(SHARES) & (found["n"] > 0)]
    assert shares["value"].between(0, 1).all()
    assert (shares["low"] <= shares["value"] + 1e-12).all()
    assert (shares["value"] <= shares["high"] + 1e-12).all()
    for term in found["term"].dropna().unique():
        strict, kind = of(found, "on_time_share", term), of(found, "timeliness", term)
        known = kind["n"] > 0
        assert (strict["value"][known] <= kind["value"][known]).all()


@DRAWN
def test_the_counts_of_the_parts_add_up_to_the_whole(seed):
    drawn, period = drawn_world(seed)
    log, rules = drawn.log(), drawn.procedure()
    options = {"as_of": drawn.as_of, "calendar": drawn.kalendar.calendar, "period": period}
    whole = quietly(pm.kpis, log, rules, **options)
    parts = quietly(pm.kpis, log, rules, by="Sort", **options)
    counts = [table[table["measured_in"] == "cases"] for table in (whole, parts)]
    sums = [
        rows.groupby(["period_start", "term", "kpi"], dropna=False)[["value", "n"]].sum()
        for rows in counts
    ]
    pd.testing.assert_frame_equal(*sums)


CASES = st.lists(
    st.tuples(
        st.integers(0, 25),
        st.lists(st.integers(0, 9), max_size=4),
        st.none() | st.tuples(st.integers(0, 12), st.booleans()),
    ),
    min_size=1,
    max_size=8,
)


def paths(drawn: list[Any], *, withdrawn: bool) -> dict[str, list[tuple[str, str]]]:
    """Cases that come, are asked and answer in turn, and may end once."""
    cases = {}
    for number, (start, gaps, end) in enumerate(drawn):
        day = date(2026, 1, 5) + timedelta(days=start)
        steps = [("Came", str(day))]
        for place, gap in enumerate(gaps):
            day += timedelta(days=gap)
            steps.append(("Answered" if place % 2 else "Asked", str(day)))
        if end is not None:
            day += timedelta(days=end[0])
            steps.append(("Dropped" if withdrawn and end[1] else "Granted", str(day)))
        cases[f"{'ab'[number % 2]}{number + 1}"] = steps
    return cases


@FEWER
@given(CASES, st.sampled_from([("none", True), ("approval", False), ("refusal", False)]))
def test_stocks_of_past_periods_from_the_last_table_are_what_was_known_at_their_ends(drawn, how):
    # Lemma: no later act revives an expired term, so that a case open on a day was overdue then if
    # and only if its due date, as known in the end, is before that day.
    silence, withdrawn = how
    log = log_of({**SEEN, **paths(drawn, withdrawn=withdrawn)})
    rules = procedure(silence)
    found = quietly(pm.kpis, log, rules, period="W", as_of="2026-03-31")
    for _, first, last in spans(found, date(2026, 3, 31)):
        then = terms(log, rules, as_of=str(last))["state"].value_counts()
        upto = found[found["period_start"] <= pd.Timestamp(first)]
        stock = of(upto, "overdue_backlog")["value"].iloc[-1]
        assert stock == then["overdue"]
        ended = of(upto, "concluded")["value"].sum()
        names = ["on_time", "late", "deemed_approved", "deemed_refused"]
        assert ended == then[names].sum()
        assert of(upto, "withdrawn")["value"].sum() == then["withdrawn"]


# --- edges ----------------------------------------------------------------------------------------


def test_before_everything_the_table_is_empty_but_has_its_columns():
    whole = quietly(pm.kpis, five(), procedure(), by="office")
    empty = quietly(pm.kpis, five(), procedure(), by="office", as_of="2020-01-01")
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == whole.dtypes.to_dict()


def test_one_case_that_is_over_on_its_first_day_is_in_time():
    found = quietly(pm.kpis, log_of(SEEN), procedure(), period="D")
    # a0 was dropped in the end
    assert of(found, "withdrawn")["value"].tolist() == [1]
    assert of(found, "concluded")["value"].tolist() == [0]
    assert of(found, "timeliness")["value"].isna().all()


def test_where_every_due_date_is_unknown_nothing_is_timely_or_late_and_the_cases_are_counted():
    text = TEN_DAYS.replace("SILENCE", "none").replace(
        "    start:", "    valid_from: 2030-01-01\n    start:"
    )
    found = quietly(pm.kpis, five(), Procedure.parse(text), period="M", as_of="2026-02-15")
    assert of(found, "due_unknown")["value"].tolist() == [1, 4, 0]
    assert of(found, "due_unknown")["n"].tolist() == [1, 4, 0]
    assert of(found, "timeliness")["value"].isna().all()
    assert of(found, "gross_time_mean")["n"].eq(0).all()
    assert of(found, "overdue_backlog")["value"].eq(0).all()


def test_an_attribute_that_is_called_term_is_no_key_beside_a_procedure():
    with pytest.raises(ProcmineError, match="has its own column 'term'"):
        pm.kpis(five(), procedure(), by="term")


def test_a_conclusion_before_the_first_step_has_its_period():
    # the application came in, by its date, long before it was registered; silence had refused it
    rows = [
        ("1", "Came", "2026-03-02 09:00", "2026-01-05"),
        ("1", "Granted", "2026-03-03 09:00", None),
    ]
    frame = pd.DataFrame(rows, columns=["case", "activity", "time", "received"])
    frame["received"] = "2026-01-05"
    frame["received"] = pd.to_datetime(frame["received"])
    frame["time"] = pd.to_datetime(frame["time"])
    columns = {"case": "case", "activity": "activity", "timestamp": "time"}
    log = pm.read(frame, **columns, tz=ZONE, closed="Granted")
    text = """
procedure: by_date
country: RO
closing: [{activity: Granted, outcome: approved}]
events: {registered: {attribute: received}}
terms:
  - {id: reply, start: registered, length: {n: 10, unit: day}, counting: {roll_on: []}, silence: refusal}
"""
    found = quietly(pm.kpis, log, Procedure.parse(text), period="M")
    assert found["period"].unique().tolist() == ["2026-01", "2026-02", "2026-03"]
    assert of(found, "silent_refusals")["value"].tolist() == [1, 0, 0]
    assert of(found, "gross_time_mean")["value"].iloc[2] == 57
