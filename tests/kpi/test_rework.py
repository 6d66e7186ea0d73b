"""Rework by kind, with its time and days, against docs/rework.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import conftest
import procmine as pm
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kpi.rework.not_asked import steps_not_asked_for
from procmine.kpi.rework.requests import ASKING
from procmine.kpi.rework.rework import rework
from procmine.procedure import Procedure
from tests import oracle
from tests.bound import FEWER, bound, micros, numbered, path, texts
from tests.kpi import oracle_rework
from tests.kpi.oracle_rework import Rules
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs

MONDAY = 20_458 * DAY  # 2026-01-05
STEP_KINDS = ("self_loop", "repetition", "return", "reopened", "ping_pong", "completion_request")


def daily(activities: str, case: str = "1", **fields: Any) -> list[Step]:
    """A step of one letter a day, each ends at midnight."""
    times = [MONDAY + n * DAY for n in range(len(activities))]
    return path(case, activities, times, **fields)


def in_units(steps: Sequence[Step], units: str) -> list[Step]:
    """Steps with a unit of one letter each; a blank is a step without."""
    return [
        Step(s.case, s.activity, s.start, s.end, s.resource, unit.strip() or None)
        for s, unit in zip(steps, units, strict=True)
    ]


def row(table: pd.DataFrame, kind: str, resource: str | None = None) -> pd.Series:
    found = table[(table["kind"] == kind)]
    found = found[found["resource"].isna() if resource is None else found["resource"] == resource]
    (only,) = (one for _, one in found.iterrows())
    return only


def figures(table: pd.DataFrame, kind: str, resource: str | None = None) -> tuple[int, int, float]:
    """Steps, cases and extra days of a row."""
    found = row(table, kind, resource)
    return found["steps"], found["cases"], found["extra_days"]


# --- worked examples ------------------------------------------------------------------------------


def test_a_worked_example_of_edear_self_loops_and_repetitions_by_same_and_other_resource():
    # Janssenswillen and others 2019 (edeaR): here every step beyond the first
    who = ["ana", "ana", "dan", "ana", "ana"]
    times = [(MONDAY + n * DAY, MONDAY + n * DAY + HOUR) for n in range(5)]
    steps = [
        Step("1", activity, *time, resource=name)
        for activity, time, name in zip("AAABA", times, who, strict=True)
    ]
    found = rework(bound(numbered(steps)))
    assert figures(found, "self_loop", "same") == (1, 1, 1.0)
    assert figures(found, "self_loop", "other") == (1, 1, 1.0)
    assert figures(found, "repetition", "same") == (0, 0, 0.0)
    assert figures(found, "repetition", "other") == (1, 1, 2.0)
    assert figures(found, "rework") == (3, 1, 4.0)
    assert row(found, "rework")["extra_time"] == pd.Timedelta("3h")


def test_a_loop_holds_what_was_done_in_it_and_days_of_crossing_loops_count_once():
    # the loop-erased path (Lawler 1980): A, B, A, B comes back to A, and then does B anew
    found = rework(bound(numbered(daily("ABABC"))), by="activity")
    days = found[found["kind"] == "rework"].set_index("activity")["extra_days"]
    assert days.to_dict() == {"A": 2.0, "B": 0.0, "C": 0.0}


def test_a_dossier_that_is_sent_back_twice_loses_the_days_between_the_first_check_and_the_last():
    flow = ["R", {"repeatable": ["C", {"optional": ["Q", "D"]}]}, "E"]
    procedure = Procedure(procedure="permit", flow=flow, events={"returned": "Q"})
    found = rework(bound(numbered(daily("RCQDCQDCE"))), procedure)
    assert row(found, "rework")["extra_days"] == 6.0
    assert figures(found, "repetition")[0] == 4  # C and Q, D, C again
    assert figures(found, "return") == (3, 1, 6.0)  # C, Q, C; the second D goes forward
    assert figures(found, "completion_request") == (2, 1, 2.0)
    assert row(found, "return")["foreseen"] == 3


def test_steps_back_are_those_before_what_the_case_has_reached_and_not_alternatives_or_parallel():
    flow = ["A", {"parallel": ["B", "C"]}, {"choice": [["D", "E"], ["F"]]}]
    procedure = Procedure(procedure="p", flow=flow)
    back = {"ABCDE": 0, "ACB": 0, "ABDC": 1, "FD": 0, "ED": 1, "ABCABC": 1, "BAX": 1, "DCBA": 3}
    for activities, expected in back.items():
        found = rework(bound(numbered(daily(activities))), procedure)
        assert figures(found, "return")[0] == expected, activities


def test_the_page_is_right_that_coming_again_through_the_flow_is_two_returns_and_a_repetition():
    procedure = Procedure(procedure="p", flow=["A", "B", "C"])
    found = rework(bound(numbered(daily("ABCABC"))), procedure)
    assert figures(found, "return")[0] == 2
    assert figures(found, "rework") == (3, 1, 3.0)


def test_an_activity_in_several_places_of_the_flow_is_never_a_return():
    procedure = Procedure(procedure="p", flow=["A", "B", "A"])
    assert figures(rework(bound(numbered(daily("BABA"))), procedure), "return")[0] == 0


def test_a_return_to_what_was_left_out_adds_the_days_since_the_step_before():
    procedure = Procedure(procedure="p", flow=["A", "B", "C"])
    steps = path("1", "ACB", [MONDAY, MONDAY + DAY, MONDAY + 4 * DAY])
    found = rework(bound(numbered(steps)), procedure)
    assert figures(found, "return") == (1, 1, 3.0)
    assert figures(found, "repetition") == (0, 0, 0.0)
    assert figures(found, "rework") == (1, 1, 3.0)


def test_a_return_to_what_was_left_out_within_a_loop_adds_nothing_to_the_loop():
    procedure = Procedure(procedure="p", flow=["A", "B", "C"])
    found = rework(bound(numbered(daily("ACBA"))), procedure)
    assert figures(found, "return") == (2, 1, 3.0)  # B and A; the loop of A holds all three days
    assert figures(found, "rework") == (2, 1, 3.0)


def test_work_that_comes_back_to_a_unit_is_a_ping_pong_each_time():
    steps = in_units(daily("RSTUVW"), "AABABC")
    found = rework(bound(numbered(steps)))
    # A → B → A on day 3, then B → A → B on day 4; the days since A gave it away on day 1
    assert figures(found, "ping_pong") == (2, 1, 3.0)


def test_work_does_not_come_back_over_a_step_whose_unit_is_not_known():
    steps = in_units(daily("RSTU"), "A AA")
    assert figures(rework(bound(numbered(steps))), "ping_pong")[0] == 0


def test_a_case_that_goes_on_after_its_closing_is_reopened_until_it_closes_again():
    steps = [*daily("AXBX", "1"), *daily("AX", "2"), *daily("AXX", "3"), *daily("AXB", "4")]
    found = rework(bound(numbered(steps), closed="X"))
    # case 3 closes twice and is not reopened; after the last closing of case 4 no day is added
    assert figures(found, "reopened") == (3, 2, 2.0)


def test_two_closing_activities_one_after_the_other_reopen_nothing():
    procedure = Procedure(procedure="petition", closing=["Decision", "Dispatch"])
    steps = path("1", ["Entry", "Decision", "Dispatch"], [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY])
    assert figures(rework(bound(numbered(steps)), procedure), "reopened")[0] == 0


def test_first_time_right_are_the_closed_cases_without_a_completion_request():
    # the catalogue of measures: cases with no completion request / closed
    procedure = Procedure(procedure="p", closing=["X"], events={"documents_requested": "Q"})
    steps = [*daily("AX", "1"), *daily("AQX", "2"), *daily("AAX", "3"), *daily("A", "4")]
    found = rework(bound(numbered(steps)), procedure)
    right, without = row(found, "first_time_right"), row(found, "without_rework")
    assert (right["cases"], right["n"], right["share"]) == (2, 3, 2 / 3)
    assert (without["cases"], without["n"]) == (2, 3)
    assert "Q (documents_requested)" in right["basis"]


def test_without_events_what_leaves_the_time_to_the_applicant_asks_to_complete_unless_it_closes():
    activities = [{"name": "Q", "then": "applicant"}, {"name": "X", "then": "applicant"}]
    procedure = Procedure(procedure="p", activities=["A", *activities], closing=["X"])
    found = rework(bound(numbered(daily("AQX"))), procedure)
    assert figures(found, "completion_request")[0] == 1


def test_an_event_that_is_a_date_of_the_case_counts_the_case_and_no_step():
    frame = pd.DataFrame(
        {"case": ["1", "1", "2", "2"], "activity": ["A", "X"] * 2}
        | {"time": pd.to_datetime(["2026-01-05", "2026-01-09"] * 2)}
        | {"asked": pd.to_datetime(["2026-01-06", "2026-01-06", None, None])}
    )
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Rome")
    procedure = Procedure(procedure="p", closing=["X"], events={"returned": {"attribute": "asked"}})
    found = rework(log, procedure)
    assert tuple(row(found, "completion_request")[["steps", "cases"]]) == (0, 1)
    assert row(found, "first_time_right")["cases"] == 1


# --- the oracle -----------------------------------------------------------------------------------


@st.composite
def flows(draw: st.DrawFn, names: Sequence[str]) -> tuple[str, list[Any]]:
    """A flow of some activities, in rows, side by side and as alternatives, now and then one twice."""
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=6))
    leaves = st.sampled_from(chosen)
    kinds = st.sampled_from(["sequence", "parallel", "choice"])
    part = st.recursive(
        leaves, lambda p: st.tuples(kinds, st.lists(p, min_size=1, max_size=3)), max_leaves=5
    )
    return "sequence", draw(st.lists(part, min_size=1, max_size=4))


def as_written(part: Any) -> Any:
    """A flow of the oracle as one writes it in a procedure."""
    if isinstance(part, str):
        return part
    parts = [as_written(below) for below in part[1]]
    return parts if part[0] == "sequence" else {part[0]: parts}


@st.composite
def ruled(draw: st.DrawFn) -> tuple[list[Step], Procedure, Rules]:
    """A log, and a procedure of its activities beside the same rules as plain values."""
    steps = draw(logs())
    names = sorted({step.activity for step in steps})
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    flow, closing, asking = draw(flows(names)), draw(some), draw(some)
    procedure = Procedure(
        procedure="p",
        flow=as_written(flow),
        closing=closing,
        events={"returned": asking},
    )
    return steps, procedure, Rules(oracle_rework.before_in_flow(flow), closing, asking)


def is_of(procedure: Procedure, steps: Sequence[Step]) -> bool:
    """Whether one of the steps is in the procedure: a log without any is refused."""
    named = [name for part in procedure.flow for name in part.activities()]
    named += [part.activity for part in procedure.closing]
    named += [name for source in procedure.events.values() for name in source.activities]
    return any(step.activity in named for step in steps)


def rows_of(table: pd.DataFrame, key: str | None) -> dict[Any, Any]:
    """The rows of the table that have steps, as the oracle gives them."""
    found = table[table["steps"].notna() & (table["steps"] > 0)]
    keys = [None] * len(found) if key is None else texts(found[key])
    return {
        (own, kind, by): (int(steps), int(cases), time, days)
        for own, kind, by, steps, cases, time, days in zip(
            keys,
            found["kind"],
            texts(found["resource"]),
            found["steps"],
            found["cases"],
            micros(found["extra_time"]),
            found["extra_days"],
            strict=True,
        )
    }


def expected_rows(steps: list[Step], rules: Rules, key: str | None) -> dict[Any, Any]:
    found = oracle_rework.rework(oracle.sort_steps(steps), rules, key)
    return {
        name: (one.steps, len(one.cases), one.time, pytest.approx(one.lost / DAY))
        for name, one in found.items()
        if rules.before is not None or name[1] not in ("return", "completion_request", "reopened")
    }


@given(ruled())
def test_rework_is_that_of_the_oracle(given_: tuple[list[Step], Procedure, Rules]):
    steps, procedure, rules = given_
    with_units = any(step.unit for step in steps)
    expected = expected_rows(steps, rules, None)
    if not with_units:
        expected = {name: one for name, one in expected.items() if name[1] != "ping_pong"}
    table = rework(bound(steps), procedure)
    assert rows_of(table, None) == expected
    cases = oracle.sort_steps(steps)
    for kind, without in (("rework", "without_rework"), ("completion_request", "first_time_right")):
        found = row(table, without)
        assert (found["cases"], found["n"]) == oracle_rework.closed_without(cases, rules, kind)


@given(ruled(), st.sampled_from(["activity", "unit"]))
def test_rework_by_what_the_step_is_of_is_that_of_the_oracle(
    given_: tuple[list[Step], Procedure, Rules], key: str
):
    steps, procedure, rules = given_
    if key == "unit" and not any(step.unit for step in steps):
        return
    expected = expected_rows(steps, rules, key)
    if not any(step.unit for step in steps):
        expected = {name: one for name, one in expected.items() if name[1] != "ping_pong"}
    table = rework(bound(steps), procedure, by=key)
    assert rows_of(table, key) == expected
    n = table.drop_duplicates(key).set_index(table.drop_duplicates(key)[key].astype(object))["n"]
    for label in {getattr(step, key) for step in steps}:
        having = {step.case for step in steps if getattr(step, key) == label}
        assert n[n.index.isna() if label is None else n.index == label].tolist() == [len(having)]


# --- laws -----------------------------------------------------------------------------------------


@given(logs())
def test_self_loops_and_repetitions_are_the_steps_beyond_the_first_of_their_activity(
    steps: list[Step],
):
    table = rework(bound(steps))
    repeated = table[table["kind"].isin(["self_loop", "repetition"])]
    pairs = {(step.case, step.activity) for step in steps}
    assert repeated["steps"].sum() == len(steps) - len(pairs)
    both = row(table, "rework")
    assert repeated["steps"].sum() == both["steps"]
    assert repeated["extra_days"].sum() == pytest.approx(both["extra_days"])


@FEWER
@given(ruled())
def test_the_extra_days_of_a_case_are_never_more_than_its_cycle_time(
    given_: tuple[list[Step], Procedure, Rules],
):
    steps, procedure, rules = given_
    for name, case in oracle.sort_steps(steps).items():
        if not is_of(procedure, case):
            continue
        table = rework(bound([step for step in steps if step.case == name]), procedure)
        closed = oracle_rework.closed_at(case, rules.closing)
        until = oracle.case_last(case) if closed is None else closed
        most = max(until - oracle.case_first(case), 0) / DAY
        assert (table["extra_days"].dropna() <= most + 1e-9).all()
        assert (table["extra_days"].dropna() >= 0).all()


@FEWER
@given(ruled(), st.integers(0, 2))
def test_the_rows_of_two_parts_of_a_log_add_up(
    given_: tuple[list[Step], Procedure, Rules], part: int
):
    steps, procedure, _ = given_
    names = sorted({step.case for step in steps})
    mine = set(names[part::2])
    halves = [[s for s in steps if (s.case in mine) is chosen] for chosen in (True, False)]
    assume(all(is_of(procedure, half) for half in halves if half))
    whole = rows_of(rework(bound(steps), procedure), None)
    sums: dict[Any, Any] = {}
    for half in filter(None, halves):
        for name, (count, cases, time, days) in rows_of(
            rework(bound(half), procedure), None
        ).items():
            if name[1] == "ping_pong" and not any(step.unit for step in half):
                continue
            old = sums.get(name, (0, 0, None, 0.0))
            both = [t for t in (old[2], time) if t is not None]
            sums[name] = (
                old[0] + count,
                old[1] + cases,
                sum(both) if both else None,
                old[3] + days,
            )
    assert set(whole) == set(sums)
    for name, (count, cases, time, days) in sums.items():
        assert whole[name] == (count, cases, time, pytest.approx(days))


@FEWER
@given(logs())
def test_other_names_and_a_shift_of_whole_weeks_change_nothing(steps: list[Step]):
    moved = [
        Step(s.case + "x", s.activity + "y", *(t and t + 7 * DAY for t in (s.start, s.end)),
             s.resource and s.resource + "z", s.unit and s.unit + "u", s.row)
        for s in steps
    ]  # fmt: skip
    before, after = rework(bound(steps)), rework(bound(moved))
    pd.testing.assert_frame_equal(before, after)


# --- keys -----------------------------------------------------------------------------------------


def test_keys_are_steps_and_cases_together_sorted_with_every_kind() -> None:
    table = rework(conftest.sample_log(), by=["Oficiu", "activity"])
    keys = table[["Oficiu", "activity"]].drop_duplicates()
    assert len(table) == len(keys) * 9
    assert keys.equals(keys.sort_values(["Oficiu", "activity"]))


@pytest.mark.parametrize(
    ("by", "there"),
    [((), True), ("Oficiu", True), ("activity", False), (["Oficiu", "unit"], False)],
)
def test_the_kinds_that_are_of_whole_cases_have_rows_only_by_what_cases_have(by: Any, there: bool):
    kinds = set(rework(conftest.sample_log(), by=by)["kind"])
    assert {"without_rework", "first_time_right"} & kinds == (
        {"without_rework", "first_time_right"} if there else set()
    )
    assert {"self_loop", "repetition", "rework"} < kinds


def test_a_unit_is_found_by_the_name_of_its_column_too():
    log = conftest.sample_log()
    one, other = rework(log, by="unit"), rework(log, by="Compartiment")
    assert one.drop(columns="unit").equals(other.drop(columns="Compartiment"))


@pytest.mark.parametrize("by", ["resource", "Funcționar"])
def test_figures_on_persons_are_refused(by: str):
    with pytest.raises(ProcmineError, match="no figures on persons"):
        rework(conftest.sample_log(), by=by)


def test_a_key_that_is_none_is_told_with_the_nearest():
    with pytest.raises(LabelNotFoundError, match="did you mean 'Oficiu'"):
        rework(conftest.sample_log(), by="Oficiul")


def test_anonymous_resources_are_compared_and_not_shown():
    log = conftest.sample_log()
    assert log.resources_hidden
    table = rework(log)
    assert set(table["resource"].dropna()) == {"same", "other"}
    clerks = set(log.resource.names())
    assert not clerks & set(table.astype(str).to_numpy().ravel())


# --- the sample log -------------------------------------------------------------------------------


def test_the_rework_planted_in_the_sample_log_is_found_again(root: Path):
    import json

    truth = json.loads((root / "sample_logs" / "truth.json").read_text("utf-8"))
    procedure = Procedure.read(root / "sample_logs" / "building_permits_ro.procedure.yaml")
    table = rework(conftest.sample_log(), procedure, by="activity")
    for activity, planted in truth["rework"].items():
        found = row(table[table["activity"] == activity], "rework")
        repeated = table[
            table["activity"].eq(activity) & table["kind"].isin(["self_loop", "repetition"])
        ]
        assert repeated["steps"].sum() == planted["steps_beyond_first"]
        assert found["steps"] >= planted["steps_beyond_first"]  # and steps back
    whole = rework(conftest.sample_log(), procedure)
    asked = row(whole, "completion_request")
    assert tuple(asked[["steps", "cases"]]) == (
        truth["returns"]["requests"],
        truth["returns"]["cases"],
    )
    assert row(whole, "first_time_right")["n"] == truth["closed_cases"]


# --- what is not known ----------------------------------------------------------------------------


def test_what_cannot_be_counted_is_missing_and_the_basis_says_why():
    table = rework(bound(numbered(daily("AAB"))))
    why = {
        "return": "give a procedure with a flow",
        "reopened": "give closed=",
        "ping_pong": "no units",
        "completion_request": "give a procedure",
        "without_rework": "give closed=",
        "first_time_right": "give closed=",
    }
    for kind, told in why.items():
        found = row(table, kind)
        assert found[["steps", "cases", "share", "extra_time", "extra_days"]].isna().all(), kind
        assert told in found["basis"], kind


def test_without_starts_the_days_are_known_and_the_processing_time_is_not():
    found = row(rework(bound(numbered(daily("AA")))), "self_loop")
    assert found["extra_days"] == 1.0
    assert pd.isna(found["extra_time"])
    assert found["basis"].endswith("processing time known of 0 of 1 steps")


def test_where_one_resource_of_two_is_not_known_the_row_has_none():
    steps = [
        Step("1", "A", None, MONDAY + n * DAY, who) for n, who in enumerate(["ana", None, None])
    ]
    table = rework(bound(numbered(steps)))
    assert figures(table, "self_loop")[0] == 2
    assert figures(table, "self_loop", "same")[0] == figures(table, "self_loop", "other")[0] == 0


def test_a_log_without_resources_counts_repeats_in_one_row():
    table = rework(bound(numbered(daily("AAB"))))
    assert len(table[table["kind"] == "self_loop"]) == 1


def test_a_procedure_that_explains_no_request_says_so():
    procedure = Procedure(procedure="p", flow=["A"], closing=["A"])
    found = row(rework(bound(numbered(daily("A"))), procedure), "first_time_right")
    assert pd.isna(found["cases"])
    assert found["n"] == 1
    assert all(event in found["basis"] for event in ASKING)


def test_a_case_of_one_step_has_no_rework():
    table = rework(bound(numbered(daily("A"))))
    counted = table[table["steps"].notna()]
    assert (counted[["steps", "extra_days"]] == 0).all(axis=None)


def test_steps_at_the_same_instant_add_no_days():
    table = rework(bound(numbered(path("1", "AAA", [MONDAY] * 3))))
    assert figures(table, "self_loop") == (2, 1, 0.0)


def test_overlapping_steps_never_add_negative_days():
    times = [(MONDAY, MONDAY + 5 * DAY), (MONDAY + DAY, MONDAY + 2 * DAY)]
    assert figures(rework(bound(numbered(path("1", "AA", times)))), "self_loop") == (1, 1, 0.0)


def test_a_log_without_cases_is_refused():
    log = bound(numbered(daily("AA")))
    with pytest.raises(ProcmineError, match="the log has no cases"):
        rework(log.filter(activity="A", exclude=True))


def test_a_case_that_closed_before_it_began_by_its_column_adds_no_days():
    frame = pd.DataFrame(
        {"case": ["1"] * 3, "activity": ["A", "A", "A"]}
        | {"time": pd.to_datetime(["2026-01-05", "2026-01-07", "2026-01-09"])}
        | {"closed": pd.to_datetime(["2026-01-01"] * 3)}
    )
    log = pm.read(
        frame,
        case="case",
        activity="activity",
        timestamp="time",
        closed=pm.Closing(column="closed"),
        tz="Europe/Rome",
    )
    table = rework(log)
    assert figures(table, "self_loop") == (2, 1, 0.0)
    assert figures(table, "reopened") == (3, 1, 0.0)


# --- steps that nobody asked for ------------------------------------------------------------------


def test_the_activities_that_the_procedure_names_nowhere_are_listed():
    procedure = Procedure(
        procedure="p",
        activities=[{"name": "Alpha", "aliases": ["a"]}],
        flow=["Alpha"],
        events={"registered": "Alpha"},
    )
    times = [(MONDAY, MONDAY + HOUR), MONDAY + DAY, (MONDAY + DAY, MONDAY + DAY + 3 * HOUR)]
    steps = path("1", ["alpha", "B", "B"], times) + path("2", ["C"], [MONDAY])
    found = steps_not_asked_for(bound(numbered(steps)), procedure)
    assert found["activity"].tolist() == ["B", "C"]
    assert found["steps"].tolist() == [2, 1]
    assert found["cases"].tolist() == [1, 1]
    assert micros(found["processing_time"]) == [3 * HOUR, None]
    assert "known of 1 of 2 steps" in found["basis"][0]


def test_the_sample_procedure_names_all_activities(root: Path):
    procedure = Procedure.read(root / "sample_logs" / "building_permits_ro.procedure.yaml")
    found = steps_not_asked_for(conftest.sample_log(), procedure)
    assert found.empty
    assert found.columns[0] == "activity"


def test_a_procedure_without_activities_is_refused():
    with pytest.raises(ProcmineError, match="write activities: or flow:"):
        steps_not_asked_for(conftest.sample_log(), Procedure(procedure="p"))


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "rework.md").read_text("utf-8")


def told(page: str, heading: str, head: str) -> list[str]:
    parts = re.split(r"^## (.*)$", page, flags=re.MULTILINE)
    section = parts[parts.index(heading) + 1]
    (table,) = [one for one in section.split("\n\n") if one.startswith(f"| {head} |")]
    return [
        name
        for line in table.splitlines()[2:]
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]


def test_every_column_and_every_kind_stand_on_the_page_in_their_order(page: str, root: Path):
    from procmine.kpi.costs.costs import Costs

    costs = Costs.read(root / "sample_logs" / "costs.yaml")
    table = rework(conftest.sample_log(), costs=costs)
    assert told(page, "The table of rework: `pm.rework`", "column") == list(table.columns)
    assert told(page, "Kinds of rework", "kind") == list(table["kind"].unique())
    procedure = Procedure(procedure="p", activities=["Înregistrare cerere"])
    found = steps_not_asked_for(conftest.sample_log(), procedure, costs=costs)
    heading = "Steps that nobody asked for: `pm.steps_not_asked_for`"
    assert told(page, heading, "column") == list(found.columns)


def test_the_page_names_every_event_that_asks_the_applicant(page: str):
    assert all(f"`{event}`" in page for event in ASKING)


def test_where_a_milestone_has_one_date_steps_done_again_are_missing_and_not_0():
    export = pd.DataFrame(
        {
            "file": ["1", "2"],
            "Filed": ["2026-01-05", "2026-01-06"],
            "Decided": ["2026-01-08", "2026-01-09"],
            "office": ["North", "South"],
        }
    )
    milestones = ["Filed", "Decided"]
    log = pm.read(
        export,
        case="file",
        milestones=milestones,
        unit="office",
        tz="Europe/Rome",
        closed=["Decided"],
    )
    found = rework(log)
    assert pd.isna(row(found, "ping_pong")["steps"])
    assert "one unit for all its steps" in row(found, "ping_pong")["basis"]
    for kind in ("self_loop", "repetition", "rework", "without_rework"):
        only = row(found, kind)
        assert pd.isna(only["steps"])
        assert pd.isna(only["cases"])
        assert pd.isna(only["share"])
        assert "one date for each milestone" in only["basis"]
    assert row(found, "reopened")["cases"] == 0  # that can be seen
    assert rework(log, by="activity").query("kind == 'rework'")["steps"].isna().all()
