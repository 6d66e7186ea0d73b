"""log.filter and log.where against plain loops, in every mode, and the words of their history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import LabelNotFoundError, ProcmineError
from tests import oracle
from tests.bound import FEWER, ZONE, bound, closings, instant, moments, numbered, path
from tests.oracle import DAY, HOUR, Case, Step
from tests.strategies import logs

NINE = 1_767_250_800_000_000  # 2026-01-01 09:00 in Bucharest
BEGIN = 1_700_000_000_000_000
MODES = ("intersecting", "contained", "started", "completed")


def names(log: pm.EventLog) -> set[str]:
    return set(pm.cases(log)["case_id"])


def rows(log: pm.EventLog) -> list[int]:
    """The rows of the source that are left, in the order of the log."""
    return [row - 1 for row in pm.steps(log)["row"].tolist()]


def chosen(steps: Sequence[Step], holds: Callable[[Case], bool]) -> set[str]:
    return {name for name, case in oracle.sort_steps(steps).items() if holds(case)}


def some(data: st.DataObject, values: Sequence[Any]) -> list[Any]:
    return data.draw(st.lists(st.sampled_from(sorted(set(values))), min_size=1, unique=True))


def small() -> list[Step]:
    """Three cases: closed after two days, still open, and one step only."""
    return numbered(
        path("1", "ABX", [NINE, NINE + DAY, NINE + 2 * DAY], unit="Registry"),
        path("2", "BA", [NINE + DAY, NINE + 3 * DAY], unit="Roads"),
        path("3", "A", [NINE + 5 * DAY]),
    )


# --- activity, variant, endpoints -----------------------------------------------------------------


def test_cases_with_an_activity_stay_whole():
    found = bound(small()).filter(activity="X")
    assert names(found) == {"1"}
    assert found.n_steps == 3


@FEWER
@given(logs(), st.data())
def test_the_cases_that_have_one_of_the_activities_are_kept(steps, data):
    wanted = some(data, [step.activity for step in steps])
    found = bound(steps).filter(activity=wanted)
    assert names(found) == chosen(steps, lambda case: any(s.activity in wanted for s in case))


@FEWER
@given(logs(), st.data())
def test_the_cases_of_the_variants_are_kept(steps, data):
    log = bound(steps)
    table = pm.variants(log)
    wanted = some(data, table["variant"])
    found = log.filter(variant=wanted)
    assert set(pm.variants(found)["variant"]) == set(wanted)
    assert found.n_cases == table.loc[table["variant"].isin(wanted), "cases"].sum()


@FEWER
@given(logs(), st.data())
def test_the_cases_that_begin_and_end_so_are_kept(steps, data):
    cases = oracle.sort_steps(steps).values()
    begins = data.draw(st.none()) or some(data, [case[0].activity for case in cases])
    ends = some(data, [case[-1].activity for case in cases])
    both = chosen(steps, lambda c: c[0].activity in begins and c[-1].activity in ends)
    assert names(bound(steps).filter(endpoints=(begins, ends))) == both
    first = chosen(steps, lambda case: case[0].activity in begins)
    assert names(bound(steps).filter(endpoints=(begins, None))) == first
    last = chosen(steps, lambda case: case[-1].activity in ends)
    assert names(bound(steps).filter(endpoints=(None, ends))) == last


# --- period ---------------------------------------------------------------------------------------


@given(logs(), st.sampled_from(MODES), st.data())
def test_the_cases_of_a_period_are_those_of_the_oracle_in_every_mode(steps, mode, data):
    low, high = sorted((data.draw(moments(steps)), data.draw(moments(steps))))
    found = bound(steps).filter(period=(instant(low), instant(high)), period_mode=mode)
    assert names(found) == set(oracle.filter_period(oracle.sort_steps(steps), low, high, mode))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("intersecting", {"1", "2"}),
        ("contained", set()),
        ("started", {"2"}),
        ("completed", {"1"}),
    ],
)
def test_a_worked_example_of_the_four_modes_over_the_second_and_third_of_january(mode, expected):
    found = bound(small()).filter(period=("2026-01-02", "2026-01-04"), period_mode=mode)
    assert names(found) == expected


def test_completed_is_the_closing_where_the_log_knows_it():
    log = bound(
        numbered(
            path("1", "AXA", [NINE, NINE + DAY, NINE + 9 * DAY]), path("2", "A", [NINE + DAY])
        ),
        closed="X",
    )
    period = ("2026-01-02", "2026-01-03")
    assert names(log.filter(period=period, period_mode="completed")) == {"1"}


def test_the_end_of_a_period_is_not_in_it_and_either_bound_may_be_missing():
    log = bound(numbered(path("1", "A", [NINE]), path("2", "A", [NINE + DAY])))
    edge = instant(NINE + DAY)
    assert names(log.filter(period=(None, edge))) == {"1"}
    assert names(log.filter(period=(edge, None))) == {"2"}
    assert names(log.filter(period=(None, None))) == {"1", "2"}


@pytest.mark.parametrize(
    ("bound_as", "utc"),
    [
        ("2026-03-29", "2026-03-28 22:00"),
        (date(2026, 3, 30), "2026-03-29 21:00"),  # after the day of 23 hours
        ("2026-03-29 05:00", "2026-03-29 02:00"),
        (pd.Timestamp("2026-03-29 05:00", tz="UTC"), "2026-03-29 05:00"),
    ],
)
def test_bounds_are_local_times_of_the_office(bound_as, utc):
    at = int(pd.Timestamp(utc, tz="UTC").timestamp()) * oracle.SECOND
    log = bound(numbered(path("before", "A", [at - 1]), path("at", "A", [at])))
    assert names(log.filter(period=(bound_as, None))) == {"at"}


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"period": ("soon", None)}, "write it as 2026-03-31"),
        ({"period": ("2026-01-01", None), "period_mode": "within"}, "'intersecting', 'contained'"),
        ({"cycle_time": ("long", None)}, "write it as '30 days'"),
        ({"follower": ("A", "B"), "within": "soon"}, "write it as '30 days'"),
        ({"activity": "A", "within": "1 day"}, "within= needs follower="),
        ({"activity": "A", "period_mode": "started"}, "period_mode= needs period="),
        ({}, "no condition"),
    ],
)
def test_conditions_that_cannot_be_read_are_refused_with_what_to_write(conditions, message):
    with pytest.raises(ProcmineError, match=message):
        bound(small()).filter(**conditions)


# --- cycle time -----------------------------------------------------------------------------------


@given(logs(), st.data())
def test_the_cases_whose_cycle_time_lies_between_both_bounds_are_kept(steps, data):
    by = BEGIN - min(step.first for step in steps)
    steps = [
        Step(
            s.case,
            s.activity,
            None if s.start is None else s.start + by,
            None if s.end is None else s.end + by,
            row=s.row,
        )
        for s in steps
    ]
    closing = data.draw(closings(steps))
    as_of = max(step.last for step in steps)
    times = {
        name: oracle.case_times(case, closing, as_of).cycle_time
        for name, case in oracle.sort_steps(steps).items()
    }
    known = [time for time in times.values() if time is not None] or [0]
    least, most = (data.draw(st.none() | st.sampled_from(known)) for _ in range(2))
    asked = tuple(None if t is None else timedelta(microseconds=t) for t in (least, most))
    found = bound(steps, closed=closing).filter(cycle_time=asked)
    assert names(found) == {
        name
        for name, time in times.items()
        if time is not None and (least is None or time >= least) and (most is None or time <= most)
    }


def test_an_open_case_has_no_cycle_time_and_does_not_meet_it():
    log = bound(small(), closed="X")
    assert names(log.filter(cycle_time=(None, None))) == {"1"}
    assert names(log.filter(cycle_time=("2 days", "48 hours"))) == {"1"}
    assert names(log.filter(cycle_time=("49 hours", None))) == set()


# --- follower -------------------------------------------------------------------------------------


@given(logs(), st.data())
def test_the_cases_in_which_one_follows_the_other_are_those_of_the_oracle(steps, data):
    activities = st.sampled_from(sorted({step.activity for step in steps}))
    a, b = data.draw(activities), data.draw(activities)
    gaps = {x.first - y.last for x in steps for y in steps}
    within = data.draw(st.none() | st.sampled_from(sorted(gaps)))
    found = bound(steps).filter(
        follower=(a, b), within=None if within is None else timedelta(microseconds=within)
    )
    assert names(found) == set(oracle.filter_follower(oracle.sort_steps(steps), a, b, within))


def test_of_several_steps_before_it_the_one_that_ends_last_decides():
    # the second A ends before the first one does: from day 8 to day 9 it is a day
    steps = path("1", "AAB", [(NINE, NINE + 8 * DAY), (NINE + DAY, NINE + 2 * DAY), NINE + 9 * DAY])
    log = bound(steps)
    assert names(log.filter(follower=("A", "B"), within="1 day")) == {"1"}
    assert names(log.filter(follower=("A", "B"), within="23 hours")) == set()
    assert names(log.filter(follower=("B", "A"))) == set()


def test_a_step_does_not_follow_itself():
    log = bound(numbered(path("1", "A", [NINE]), path("2", "AA", [NINE, NINE])))
    assert names(log.filter(follower=("A", "A"), within="0 days")) == {"2"}


# --- attributes -----------------------------------------------------------------------------------


def attributed() -> pm.EventLog:
    frame = pd.DataFrame(
        {
            "case": ["1", "1", "2", "3"],
            "activity": ["A", "B", "A", "A"],
            "time": [instant(NINE + day * DAY) for day in (0, 1, 0, 0)],
            "office": ["Cluj", "Cluj", "Iași", None],
            "floors": [2, 2, 3, 2],
            "channel": ["web", "desk", "desk", None],
            "dept": ["Registry", "Roads", "Registry", None],
        }
    )
    columns = {"case": "case", "activity": "activity", "timestamp": "time"}
    return pm.read(frame, **columns, unit="dept", tz=ZONE)


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ({"office": "Cluj"}, {"1"}),
        ({"office": ["Cluj", "Iași"]}, {"1", "2"}),
        ({"floors": 2}, {"1", "3"}),
        ({"channel": "web"}, {"1"}),
        ({"channel": {"web", "desk"}}, {"1", "2"}),
        ({"unit": "Registry"}, {"1", "2"}),
        ({"unit": "Roads"}, {"1"}),
        ({"channel": "desk", "floors": 3}, {"2"}),
        ({"office": "Cluj", "floors": 3}, set()),
    ],
)
def test_cases_are_kept_by_attributes_of_the_case_of_a_step_and_by_unit(attribute, expected):
    found = attributed().filter(attribute=attribute)
    assert names(found) == expected
    assert found.n_steps == 2 * ("1" in expected) + len(expected - {"1"})


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"activity": "a"}, "no activity 'a' in the log\nthere are: A, B\ndid you mean 'A'"),
        ({"variant": "A → C"}, "no variant 'A → C' in the log\nthere are: "),
        ({"follower": ("A", "C")}, "no activity 'C' in the log"),
        ({"endpoints": ("A", "C")}, "no activity 'C' in the log"),
        ({"attribute": {"ofice": "Cluj"}}, "no attribute 'ofice' in the log\nthere are: office, "),
        (
            {"attribute": {"office": "cluj"}},
            "no value of office 'cluj' in the log\nthere are: Cluj",
        ),
        ({"attribute": {"unit": "Taxes"}}, "no value of unit 'Taxes' in the log"),
    ],
)
def test_what_the_log_does_not_hold_is_named_beside_what_it_holds(conditions, message):
    with pytest.raises(LabelNotFoundError) as refused:
        attributed().filter(**conditions)
    assert message in str(refused.value)


# --- trim, exclude, several -----------------------------------------------------------------------


@FEWER
@given(logs(), st.data())
def test_trimmed_to_activities_only_their_steps_are_left(steps, data):
    wanted = some(data, [step.activity for step in steps])
    found = bound(steps).filter(activity=wanted, trim=True)
    assert sorted(rows(found)) == [step.row for step in steps if step.activity in wanted]
    cut = bound(steps).filter(activity=wanted, trim=True, exclude=True)
    assert sorted(rows(cut)) == [step.row for step in steps if step.activity not in wanted]


@FEWER
@given(logs(), st.sampled_from(MODES), st.data())
def test_trimmed_to_a_period_the_steps_that_meet_it_are_left_of_the_chosen_cases(steps, mode, data):
    low, high = sorted((data.draw(moments(steps)), data.draw(moments(steps))))
    found = bound(steps).filter(period=(instant(low), instant(high)), period_mode=mode, trim=True)
    kept = oracle.filter_period(oracle.sort_steps(steps), low, high, mode)
    assert sorted(rows(found)) == sorted(
        step.row
        for case in kept.values()
        for step in case
        if step.first < high and step.last >= low
    )


def test_trimmed_to_a_step_attribute_the_other_steps_go():
    found = attributed().filter(attribute={"channel": "desk"}, trim=True)
    assert pm.steps(found)[["case_id", "activity"]].to_numpy().tolist() == [["1", "B"], ["2", "A"]]


def test_a_trimmed_case_is_still_closed():
    log = bound(small(), closed="X")
    row = pm.cases(log.filter(activity="A", trim=True), as_of="2026-02-01").iloc[0]
    assert row["state"] == "closed"
    assert row["steps"] == 1
    assert row["cycle_time"] == pd.Timedelta(days=2)


@pytest.mark.parametrize(
    "conditions", [{"variant": "A"}, {"follower": ("A", "B")}, {"endpoints": ("A", None)}]
)
def test_a_condition_about_whole_cases_has_nothing_to_trim(conditions):
    with pytest.raises(ProcmineError, match="trim=True has no steps to cut"):
        bound(small()).filter(**conditions, trim=True)


@FEWER
@given(logs(), st.data())
def test_what_is_kept_and_what_is_excluded_are_the_whole(steps, data):
    log = bound(steps)
    low, high = sorted((data.draw(moments(steps)), data.draw(moments(steps))))
    conditions = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "activity": st.sampled_from(sorted({step.activity for step in steps})),
                "period": st.just((instant(low), instant(high))),
                "variant": st.sampled_from(pm.variants(log)["variant"].tolist()),
            },
        ).filter(bool)
    )
    kept, rest = log.filter(**conditions), log.filter(**conditions, exclude=True)
    assert names(kept).isdisjoint(names(rest))
    assert names(kept) | names(rest) == names(log)
    assert kept.n_steps + rest.n_steps == log.n_steps
    one_by_one = [names(log.filter(**{name: value})) for name, value in conditions.items()]
    assert names(kept) == set.intersection(*one_by_one)


@FEWER
@given(logs(), st.data())
def test_a_log_of_kept_cases_measures_as_if_only_they_had_been_read(steps, data):
    wanted = some(data, [step.case for step in steps])
    log = bound(steps)
    kept = log.where(lambda cases: cases["case_id"].isin(wanted))
    alone = bound([step for step in steps if step.case in wanted])
    one, other = pm.process_map(kept), pm.process_map(alone)
    pd.testing.assert_frame_equal(one.edges, other.edges)
    pd.testing.assert_frame_equal(one.nodes, other.nodes)
    as_of = instant(max(step.last for step in steps))
    pd.testing.assert_frame_equal(
        pm.cases(kept, as_of=as_of), pm.cases(alone, as_of=as_of), check_categorical=False
    )


# --- where ----------------------------------------------------------------------------------------

MASKS: list[Callable[[list[bool]], Any]] = [
    list,
    tuple,
    np.array,
    pd.Series,
    lambda mask: pd.array(mask, dtype="boolean"),
    lambda mask: np.array(mask, dtype=object),
]


@pytest.mark.parametrize("kind", MASKS)
def test_a_mask_has_one_value_per_case_whatever_holds_it(kind):
    assert names(bound(small()).where(kind([True, False, True]))) == {"1", "3"}


@pytest.mark.parametrize("kind", MASKS)
def test_with_trim_a_mask_has_one_value_per_step(kind):
    found = bound(small()).where(kind([True, False, False, False, True, True]), trim=True)
    assert rows(found) == [0, 4, 5]
    assert pm.cases(found)["steps"].tolist() == [1, 1, 1]


def test_a_callable_gets_the_table_of_cases_or_of_steps():
    log = bound(small(), closed="X")
    assert names(log.where(lambda cases: cases["state"] == "open")) == {"2", "3"}
    assert names(log.where(lambda cases: cases["cycle_time"] > pd.Timedelta(days=1))) == {"1"}
    assert rows(log.where(lambda steps: steps["unit"] == "Roads", trim=True)) == [3, 4]


def test_a_missing_value_of_a_mask_is_no():
    mask = pd.array([True, None, True], dtype="boolean")
    assert names(bound(small()).where(mask)) == {"1", "3"}


def test_a_mask_that_was_sorted_otherwise_is_put_back_in_order_by_its_index():
    log = bound(small())
    turned = pm.cases(log).sort_values("steps")  # 3, 2, 1
    assert names(log.where(turned["steps"] == 1)) == {"3"}
    assert names(log.where(lambda cases: cases.sort_values("steps")["steps"] == 1)) == {"3"}


def test_a_mask_with_an_index_of_its_own_is_refused():
    log = bound(small())
    by_case = pm.cases(log).set_index("case_id")["steps"] == 1
    with pytest.raises(ProcmineError, match="index"):
        log.where(by_case)


@pytest.mark.parametrize(
    ("mask", "trim", "message"),
    [
        ([True], False, "the mask has 1 values and the log 3 cases"),
        ([True] * 6, False, "3 cases .a mask over steps cuts cases apart: say so with trim=True"),
        ([True] * 3, True, "the mask has 3 values and the log 6 steps"),
        (lambda table: table["steps"][:2] > 1, False, "the mask has 2 values and the log 3 cases"),
        ([1, 0, 1], False, "must give True or False for each row"),
        (["a", "b", "c"], False, "must give True or False for each row"),
        (lambda table: table["steps"], False, "must give True or False for each row"),
    ],
)
def test_masks_of_another_length_or_kind_are_refused(mask, trim, message):
    with pytest.raises(ProcmineError, match=message):
        bound(small()).where(mask, trim=trim)


def test_every_value_of_a_long_mask_is_looked_at():
    log = bound(numbered(*(path(str(i), "A", [NINE]) for i in range(1_200))))
    with pytest.raises(ProcmineError, match="must give True or False for each row"):
        log.where([True] * 1_199 + [7])


# --- history and what stays -----------------------------------------------------------------------


def test_the_history_lists_the_chain_of_filters():
    def long_ones(cases: pd.DataFrame) -> pd.Series:
        return cases["steps"] > 1

    log = bound(small(), closed="X")
    found = (
        log.filter(activity=["A", "B"])
        .filter(period=("2026-01-01", None), period_mode="started")
        .where(long_ones)
        .filter(follower=("A", "B"), within="2 days", exclude=True)
        .filter(attribute={"unit": "Roads"}, cycle_time=None, endpoints=("B", None))
        .filter(activity="A", trim=True)
    )
    assert found.history == (
        "activity is 'A' or 'B'",
        "started 2026-01-01 to the end",
        "where long_ones holds over cases",
        "not ('A' is followed by 'B' within 2 days)",
        "unit is 'Roads' and begins with 'B'",
        "steps kept only: activity is 'A'",
    )
    assert log.history == ()


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"variant": "A"}, "variant is 'A'"),
        ({"cycle_time": ("1 day", None)}, "cycle time from 1 day to any"),
        ({"cycle_time": (None, "3 days")}, "cycle time from 0 to 3 days"),
        ({"period": (None, "2026-02-01")}, "intersecting the beginning to 2026-02-01"),
        ({"endpoints": (None, ["A", "X"])}, "ends with 'A' or 'X'"),
        ({"endpoints": ("A", "X")}, "begins with 'A' and ends with 'X'"),
        ({"activity": "A", "trim": True, "exclude": True}, "steps cut: activity is 'A'"),
    ],
)
def test_each_condition_is_kept_in_words(conditions, words):
    assert bound(small()).filter(**conditions).history == (words,)


def test_masks_and_callables_are_kept_in_words():
    log = bound(small())
    assert log.where([True] * 3).history == ("where a mask over cases holds",)
    assert log.where(lambda t: t["row"] > 0, trim=True).history == (
        "where <lambda> holds over steps, trimmed",
    )


def test_the_log_and_the_mask_stay_as_they_were():
    log, mask = bound(small(), closed="X"), np.array([True, False, True])
    before = pm.steps(log), pm.cases(log, as_of="2026-02-01")
    log.where(mask)
    log.filter(activity="B", period=("2026-01-01", None), trim=True)
    log.filter(cycle_time=("1 day", None), follower=("A", "B"), within="9 days", exclude=True)
    pd.testing.assert_frame_equal(pm.steps(log), before[0])
    pd.testing.assert_frame_equal(pm.cases(log, as_of="2026-02-01"), before[1])
    assert mask.tolist() == [True, False, True]


def test_labels_that_no_step_has_any_more_are_gone():
    found = bound(small()).filter(activity="X", exclude=True)
    assert pm.steps(found)["activity"].cat.categories.tolist() == ["A", "B"]
    assert pm.steps(found)["unit"].cat.categories.tolist() == ["Roads"]


def test_a_filter_that_leaves_nothing_gives_an_empty_log_that_still_works():
    log = bound(small(), closed="X")
    empty = log.filter(period=("2030-01-01", None))
    assert (empty.n_cases, empty.n_steps, len(empty)) == (0, 0, 0)
    assert empty.history == ("intersecting 2030-01-01 to the end",)
    again = empty.filter(period=("2026-01-01", None)).filter(cycle_time=("1 day", None))
    again = again.where([]).where(lambda steps: steps["row"] > 1, trim=True)
    assert again.n_cases == 0
    assert len(again.history) == 5
    assert again.filter(attribute={"unit": "Roads"}).filter(endpoints=(None, None)).n_cases == 0


def test_a_step_at_both_ends_of_an_hour_is_told_apart_to_the_microsecond():
    log = bound(numbered(path("1", "A", [NINE + HOUR - 1]), path("2", "A", [NINE + HOUR])))
    assert names(log.filter(period=("2026-01-01 10:00", "2026-01-01 11:00"))) == {"2"}


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"period": ("05/06/2025", None)}, "is not a date\nwrite it as 2026-03-31"),
        ({"period": ("05.06.2025", None)}, "is not a date\nwrite it as 2026-03-31"),
        ({"period": "2025"}, "is not a pair"),
        ({"cycle_time": (30, None)}, "a number without a unit\nwrite it as '30 days'"),
        ({"cycle_time": "30 days"}, "is not a pair"),
        ({"attribute": {"unit": []}}, "names no value"),
        ({"activity": 5}, "is not a text or a list of texts"),
    ],
)
def test_values_that_could_mean_two_things_are_refused(conditions, message) -> None:
    log = bound(numbered(path("1", "AB", [0, DAY], unit="u")))
    with pytest.raises(ProcmineError, match=message):
        log.filter(**conditions)


def test_a_text_is_no_condition_of_where() -> None:
    with pytest.raises(ProcmineError, match="not the text"):
        bound(numbered(path("1", "AB", [0, DAY]))).where("cycle_time > '40 days'")


def test_numbers_given_as_text_and_columns_by_their_own_name_are_understood() -> None:
    rows = [("1", "A", 2024, "Urbanism"), ("2", "A", 2025, "Taxe")]
    frame = pd.DataFrame(rows, columns=["case", "activity", "year", "Ufficio"])
    frame["end"] = pd.to_datetime(["2026-03-02", "2026-03-03"])
    roles = {"case": "case", "activity": "activity", "timestamp": "end", "unit": "Ufficio"}
    log = pm.read(frame, **roles, tz="CET")
    assert log.filter(attribute={"year": "2024"}).case_labels.to_pylist() == ["1"]
    assert log.filter(attribute={"Ufficio": "Taxe"}).case_labels.to_pylist() == ["2"]
    assert set(pm.kpis(log, by="Ufficio")["Ufficio"]) == {"Urbanism", "Taxe"}


@pytest.mark.parametrize(("short", "day"), [("2026", "2026-01-01"), (" 2026-03 ", "2026-03-01")])
def test_a_year_or_a_month_as_the_bound_of_a_period_is_its_first_day(short: str, day: str) -> None:
    from procmine.observe import period_bound

    log = bound(path("1", "AB", [HOUR, 2 * HOUR]))
    assert period_bound(log, short) == period_bound(log, day) is not None
