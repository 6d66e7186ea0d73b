"""Missing values, rejected rows, one time per step, duplicates, order of rows: planted, counted, and against loops."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from procmine.checks import quality
from procmine.checks.context import Context
from procmine.checks.twins import NEAR, Twins
from tests.bound import bound
from tests.checks.back import steps_of
from tests.checks.office import log_of, only, rows, table_of, where
from tests.oracle import Step, sort_steps
from tests.strategies import logs


@pytest.mark.parametrize(("column", "count"), [("resource", 7), ("unit", 3)])
def test_steps_without_a_person_or_unit_are_counted(column: str, count: int) -> None:
    frame = rows()
    frame.loc[where(frame, "Check")[:count], column] = None
    found = only(frame, "missing_values")
    assert (found.column, found.count, found.share) == (column, count, count / len(frame))


@pytest.mark.parametrize("column", ["start", "end"])
def test_steps_without_start_or_end_are_counted(column: str) -> None:
    frame = rows()
    frame.loc[where(frame, "Check")[:11], column] = pd.NaT
    found = only(frame, "missing_values")
    assert (found.column, found.count) == (column, 11)
    assert found.severity == ("medium" if column == "start" else "low")


def test_a_step_attribute_is_missing_only_where_its_activity_usually_has_it() -> None:
    frame = rows()
    frame["fee"] = [f"{place}" for place in range(len(frame))]
    frame.loc[where(frame, "Register"), "fee"] = None
    frame.loc[where(frame, "Check")[:13], "fee"] = None
    found = only(frame, "missing_values")
    assert (found.column, found.count, found.share) == ("fee", 13, 13 / 480)


def test_a_case_attribute_is_missing_where_most_cases_have_it() -> None:
    frame = rows()
    frame["district"] = frame["case"].str.len().map(lambda length: f"district {length}")
    late = frame["case"].isin([f"RU/{number}/2024" for number in range(100, 121)])
    frame.loc[late, "district"] = None
    found = only(frame, "missing_values")
    assert (found.column, found.count, found.share) == ("district", 21, 21 / 240)


def test_an_attribute_that_few_cases_have_is_not_missing() -> None:
    frame = rows()
    frame["appeal"] = None
    frame.loc[frame["case"] == "RU/7/2024", "appeal"] = "yes"
    assert table_of(frame, "missing_values").empty


@given(logs())
def test_missing_values_as_counted_by_a_loop(steps: list[Step]) -> None:
    log = bound(steps)
    table = quality(log)
    steps = steps_of(log)
    found = table[table["check"] == "missing_values"].set_index("column")["count"].to_dict()
    wanted = Counter()
    for step in steps:
        wanted["resource"] += step.resource is None
        wanted["unit"] += step.unit is None
        wanted["start"] += step.start is None
        wanted["end"] += step.end is None
    every = {name: count for name, count in wanted.items() if 0 < count < len(steps)}
    assert {name: found.get(name) for name in every} == every


def test_a_log_with_one_time_per_step_is_told_once() -> None:
    frame = rows().drop(columns="start").rename(columns={"end": "timestamp"})
    table = quality(log_of(frame, start=None, end=None, timestamp="timestamp"))
    assert table["check"].tolist() == ["one_time_per_step"]
    assert table["count"].tolist() == [720]


def test_rejected_rows_are_counted_with_their_reason() -> None:
    frame = rows()
    frame.loc[[5, 50, 500], "activity"] = None
    with pytest.warns(UserWarning, match="3 of 720"):
        found = only(frame, "rejected_rows")
    assert (found.count, found.share, found.column) == (3, 3 / 720, "activity")
    assert "no activity" in found.finding
    assert len(found.example_rows) == 3


def test_rows_exported_twice_are_exact_duplicates() -> None:
    frame = rows()
    frame["room"] = [f"room {place % 5}" for place in range(len(frame))]
    found = only(pd.concat([frame, frame.iloc[[3, 30, 300, 300]]]), "exact_duplicates")
    assert (found.count, found.share) == (4, 4 / 724)


def test_rows_that_differ_in_an_attribute_are_no_exact_duplicates() -> None:
    frame = rows()
    frame["room"] = [f"room {place % 5}" for place in range(len(frame))]
    again = frame.iloc[[3, 30, 300]].assign(room="cellar")
    assert table_of(pd.concat([frame, again]), "exact_duplicates").empty
    assert only(pd.concat([frame, again]), "near_duplicates").count == 3


def test_a_column_that_numbers_the_rows_does_not_tell_duplicates_apart() -> None:
    frame = pd.concat([rows(), rows().iloc[[3, 30, 300]]])
    frame["event"] = [f"e{place}" for place in range(len(frame))]
    assert only(frame, "exact_duplicates").count == 3


def test_a_second_save_within_two_seconds_is_a_near_duplicate() -> None:
    frame = rows()
    again = frame.iloc[[3, 30, 300]].copy()
    again[["start", "end"]] += pd.Timedelta(seconds=2)
    found = only(pd.concat([frame, again]), "near_duplicates")
    assert (found.count, found.share) == (3, 3 / 723)
    later = again.assign(start=again["start"] + pd.Timedelta(seconds=1))
    assert table_of(pd.concat([frame, later]), "near_duplicates").empty


def test_a_row_per_person_at_the_same_times_is_a_near_duplicate() -> None:
    frame = rows()
    again = frame.iloc[[3, 30]].assign(resource="Dan Rus")
    found = only(pd.concat([frame, again]), "near_duplicates")
    assert found.count == 2
    assert "in 2 of them the person is another one" in found.finding
    shifted = again.assign(end=again["end"] + pd.Timedelta(seconds=1))
    assert table_of(pd.concat([frame, shifted]), "near_duplicates").empty


@given(logs())
def test_exact_duplicates_as_counted_by_a_loop(steps: list[Step]) -> None:
    log = bound(steps)
    steps = steps_of(log)
    seen = Counter((s.case, s.activity, s.start, s.end, s.resource, s.unit) for s in steps)
    assert len(Twins.of(log, None).exact) == sum(count - 1 for count in seen.values())


@given(logs())
def test_near_duplicates_as_counted_by_a_loop(steps: list[Step]) -> None:
    log = bound(steps)
    twins = Twins.of(log, np.ones(log.n_steps, dtype=np.bool_))
    assert (len(twins.near), twins.by_other) == near_by_loop(steps_of(log))


def near_by_loop(steps: list[Step]) -> tuple[int, int]:
    near = others = 0
    for case in sort_steps(steps).values():
        seen: set[tuple[object, ...]] = set()
        kept: list[Step] = []
        for step in case:
            key = (step.activity, step.start, step.end, step.resource, step.unit)
            if key not in seen:
                kept.append(step)
            seen.add(key)
        for activity in {step.activity for step in kept}:
            same = [step for step in kept if step.activity == activity]
            same.sort(key=lambda step: (step.first, step.last))
            for before, after in pairwise(same):
                apart = abs(after.first - before.first), abs(after.last - before.last)
                people = {before.resource, after.resource} - {None}
                if len(people) == 2 and max(apart) == 0:
                    near, others = near + 1, others + 1
                elif len(people) < 2 and max(apart) <= NEAR:
                    near += 1
    return near, others


def moved(frame: pd.DataFrame, cases: range) -> pd.DataFrame:
    """The rows of some cases in another order: the second step stands last."""
    place = np.arange(len(frame), dtype=float)
    for case in cases:
        first = int(np.flatnonzero(frame["case"] == f"RU/{case}/2024")[0])
        place[first + 1] = first + 2.5
    return frame.iloc[np.argsort(place)]


def test_rows_that_go_back_in_time_are_counted_in_a_file_of_cases_in_order() -> None:
    found = only(moved(rows(), range(10, 15)), "row_order")
    assert (found.count, found.share) == (5, 5 / 480)
    assert "oldest first" in found.finding


def test_rows_that_go_forward_are_counted_in_a_file_with_the_newest_first() -> None:
    found = only(moved(rows(), range(10, 15)).iloc[::-1], "row_order")
    assert (found.count, found.share) == (5, 5 / 480)
    assert "newest first" in found.finding


@pytest.mark.parametrize("order", ["by time", "newest first", "shuffled", "by activity"])
def test_a_file_in_any_other_order_has_no_rows_out_of_order(order: str) -> None:
    frame = rows()
    ordered = {
        "by time": frame.sort_values("end"),
        "newest first": frame.sort_values("end", ascending=False),
        "shuffled": frame.sample(frac=1, random_state=3),
        "by activity": frame.sort_values(["activity", "end"]),
    }
    assert table_of(ordered[order], "row_order").empty


@given(logs())
def test_ties_as_counted_by_a_loop(steps: list[Step]) -> None:
    log = bound(steps)
    tied = 0
    for case in sort_steps(steps_of(log)).values():
        for before, after in pairwise(case):
            tied += (before.first, before.last) == (after.first, after.last)
    assert int(Context(log, 0).tied.sum()) == tied
