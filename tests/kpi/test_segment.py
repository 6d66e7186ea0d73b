"""The passages of a segment, one by one, against plain loops, their laws and their edges."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import LabelNotFoundError
from procmine.kpi.segment import CLASSES, segment
from tests import oracle
from tests.bound import ZONE, bound, micros, numbered, path
from tests.oracle import DAY, HOUR
from tests.strategies import logs

NINE = 1_767_250_800_000_000  # 2026-01-01 09:00 in Bucharest


def passages(steps: list[oracle.Step], source: str, target: str) -> list[tuple[str, int, int]]:
    """The case, the end of the source and the time of every passage, by plain loops."""
    found = []
    for case in oracle.sort_steps(steps).values():
        for before, after in pairwise(case):
            if (before.activity, after.activity) == (source, target):
                found.append((before.case, before.last, max(after.first - before.last, 0)))
    return sorted(found, key=lambda passage: passage[1])


def quarter(value: int, values: list[int]) -> str:
    """The quarter of a value by its definition: of the limits it exceeds."""
    limits = [oracle.quantile(values, p) for p in (0.25, 0.5, 0.75)]
    return CLASSES[sum(value > limit for limit in limits if limit is not None)]


def test_a_worked_example_of_the_four_quarters_of_denisov_fahland_and_van_der_aalst_2018():
    cases = [
        path(
            f"C {i}", "AB", [(NINE + i * HOUR, NINE + i * HOUR), (NINE + i * HOUR + i * DAY, None)]
        )
        for i in range(1, 6)
    ]
    found = segment(bound(numbered(*cases)), "A", "B")
    assert micros(found["duration"]) == [i * DAY for i in range(1, 6)]
    assert found["duration_class"].tolist() == [CLASSES[q] for q in (0, 0, 1, 2, 3)]
    assert found["from"].iloc[0] == pd.Timestamp("2026-01-01 10:00", tz=ZONE)
    assert found["until"].iloc[0] == pd.Timestamp("2026-01-02 10:00", tz=ZONE)
    assert list(found.columns) == [
        *("case_id", "source", "target", "from", "until", "duration", "duration_class"),
    ]


@given(logs(), st.data())
def test_the_passages_are_those_of_the_oracle(steps, data):
    names = sorted({step.activity for step in steps})
    source, target = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
    found = segment(bound(steps), source, target)
    expected = passages(steps, source, target)
    rows = zip(found["case_id"], micros(found["from"]), micros(found["duration"]), strict=True)
    assert sorted(rows) == sorted(expected)
    times = micros(found["duration"])
    assert found["duration_class"].tolist() == [quarter(time, times) for time in times]
    assert found["from"].is_monotonic_increasing


@given(logs())
def test_the_passages_of_all_pairs_are_the_transitions(steps):
    log = bound(steps)
    names = log.activity.names()
    total = sum(len(segment(log, a, b)) for a in names for b in names)
    assert total == log.n_steps - log.n_cases


def test_their_median_is_that_of_the_process_map():
    log = bound(numbered(*(path(f"C {i}", "AB", [NINE, NINE + i * DAY]) for i in range(7))))
    edge = pm.process_map(log).edges.iloc[0]
    assert segment(log, "A", "B")["duration"].median() == edge["median_time"]


def test_steps_that_overlap_take_no_time_on_the_way():
    steps = path("C", "AB", [(NINE, NINE + DAY), (NINE + HOUR, NINE + 2 * DAY)])
    found = segment(bound(numbered(steps)), "A", "B")
    assert micros(found["duration"]) == [0]
    assert found["until"].iloc[0] < found["from"].iloc[0]


def test_a_pair_that_never_follows_is_an_empty_table_of_the_same_types():
    log = bound(numbered(path("C", "AB", [NINE, NINE + DAY])))
    empty, full = segment(log, "B", "A"), segment(log, "A", "B")
    assert len(empty) == 0
    kinds = {"from": full["from"].dtype, "duration": full["duration"].dtype}
    assert {name: empty[name].dtype for name in kinds} == kinds


def test_an_activity_that_the_log_does_not_have_is_named():
    log = bound(numbered(path("C", "AB", [NINE, NINE + DAY])))
    with pytest.raises(LabelNotFoundError, match=r"no activity 'C'.*\nthere are: A, B"):
        segment(log, "A", "C")
