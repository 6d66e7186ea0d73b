"""The process map against the oracle, its laws, published counts and its edges."""

from __future__ import annotations

from collections import Counter
from dataclasses import FrozenInstanceError, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from tests import oracle
from tests.bound import FEWER, ZONE, bound, instant, micros, numbered, parts, path
from tests.oracle import DAY, HOUR, MINUTE, Step
from tests.strategies import logs

NODES = ["activity", "steps", "cases", "case_share", "starts", "ends"]
EDGES = [
    *("source", "target", "count", "cases", "median_time", "mean_time", "p90_time", "total_time"),
    "overlaps",
]


def counts(log: pm.EventLog) -> dict[tuple[str, str], int]:
    edges = pm.process_map(log).edges
    return dict(
        zip(zip(edges["source"], edges["target"], strict=True), edges["count"], strict=True)
    )


def simple(*variants: tuple[int, str]) -> list[Step]:
    """A log as the books write it: how many cases, and one letter per activity."""
    words = [word for times, word in variants for _ in range(times)]
    return numbered(*(path(str(i), word, range(len(word))) for i, word in enumerate(words)))


# --- worked examples ------------------------------------------------------------------------------


def test_the_log_l1_of_van_der_aalst_process_mining_2016_chapter_6():
    # L1 = [<a,b,c,d>^3, <a,c,b,d>^2, <a,e,d>]
    log = bound(simple((3, "abcd"), (2, "acbd"), (1, "aed")))
    assert counts(log) == {
        **{("a", "b"): 3, ("a", "c"): 2, ("a", "e"): 1, ("b", "c"): 3, ("c", "b"): 2},
        **{("c", "d"): 3, ("b", "d"): 2, ("e", "d"): 1},
    }
    nodes = pm.process_map(log).nodes.set_index("activity")
    assert nodes["steps"].to_dict() == {"a": 6, "d": 6, "b": 5, "c": 5, "e": 1}
    assert nodes.loc["a", ["starts", "ends"]].tolist() == [6, 0]
    assert nodes.loc["d", ["starts", "ends"]].tolist() == [0, 6]
    assert nodes.loc["b", "case_share"] == 5 / 6


def test_the_log_l2_with_its_loop_of_van_der_aalst_process_mining_2016_chapter_6():
    # L2 = [<a,b,c,d>^3, <a,c,b,d>^4, <a,b,c,e,f,b,c,d>^2, <a,b,c,e,f,c,b,d>, <a,c,b,e,f,b,c,d>^2,
    #       <a,c,b,e,f,b,c,e,f,c,b,d>]
    loops = [(2, "abcefbcd"), (1, "abcefcbd"), (2, "acbefbcd"), (1, "acbefbcefcbd")]
    found = counts(bound(simple((3, "abcd"), (4, "acbd"), *loops)))
    assert found["e", "f"] == 7
    assert (found["f", "b"], found["f", "c"]) == (5, 2)
    assert (found["a", "b"], found["a", "c"]) == (6, 7)
    assert (found["c", "e"], found["b", "e"]) == (4, 3)
    assert ("e", "b") not in found


def test_times_run_from_the_end_of_a_step_to_the_start_of_the_next():
    log = bound(
        numbered(
            path("1", "AB", [(0, HOUR), (3 * HOUR, 4 * HOUR)]),
            path("2", "AB", [(0, HOUR), (5 * HOUR, 9 * HOUR)]),
            path("3", "AB", [(0, HOUR), (MINUTE, 2 * HOUR)]),
        )
    )
    edge = pm.process_map(log).edges.iloc[0]
    assert (edge["count"], edge["cases"], edge["overlaps"]) == (3, 3, 1)
    # the times are 0 (an overlap), 2 and 4 hours; p90 = 2 + 0.8 * 2
    assert edge["median_time"] == edge["mean_time"] == pd.Timedelta(hours=2)
    assert edge["total_time"] == pd.Timedelta(hours=6)
    assert edge["p90_time"] == pd.Timedelta(hours=3.6)
    assert pm.process_map(log).basis == "time from the end of a step to the start of the next"


def test_with_one_timestamp_the_basis_says_that_times_run_between_ends():
    frame = pd.DataFrame({"c": "1", "a": ["A", "B"], "t": [instant(0), instant(DAY)]})
    found = pm.process_map(pm.read(frame, case="c", activity="a", timestamp="t", tz=ZONE))
    assert found.basis.startswith("time between consecutive events")
    assert found.edges["total_time"].tolist() == [pd.Timedelta(days=1)]


def test_the_receipt_log_has_its_published_size_and_the_paths_that_plain_loops_find(logs: Path):
    # CoSeLoG "receipt phase": 1,434 cases, 8,577 events, 27 activities
    log = pm.read(
        logs / "receipt.csv.gz",
        case="case:concept:name",
        activity="concept:name",
        timestamp="time:timestamp",
        lifecycle=None,
        resource=None,
        unit=None,
        tz="Europe/Amsterdam",
    )
    found = pm.process_map(log)
    assert (log.n_cases, found.nodes["steps"].sum(), len(found.nodes)) == (1_434, 8_577, 27)
    table = pm.steps(log)
    labels = list(zip(table["case_id"], table["activity"], strict=True))
    pairs = pairwise(labels)
    expected = Counter((a[1], b[1]) for a, b in pairs if a[0] == b[0])
    assert counts(log) == expected
    assert found.nodes["cases"].max() == 1_434


# --- the oracle -----------------------------------------------------------------------------------


@given(logs())
def test_nodes_are_those_of_the_oracle(steps):
    found = pm.process_map(bound(steps)).nodes
    expected = oracle.map_nodes(oracle.sort_steps(steps))
    assert list(found.columns) == NODES
    assert {row.activity: oracle.Node(*row[2:7]) for row in found.itertuples()} == expected
    assert found["activity"].tolist() == sorted(
        expected, key=lambda name: (-expected[name].steps, name)
    )


@given(logs())
def test_edges_are_those_of_the_oracle(steps):
    found = pm.process_map(bound(steps)).edges
    expected = oracle.map_edges(oracle.sort_steps(steps))
    pairs = list(zip(found["source"], found["target"], strict=True))
    assert list(found.columns) == EDGES
    assert pairs == sorted(expected, key=lambda pair: (-expected[pair].count, *pair))
    for place, pair in enumerate(pairs):
        edge, row = expected[pair], found.iloc[place]
        whole = (row["count"], row["cases"], row["overlaps"])
        assert whole == (edge.count, edge.cases, edge.overlaps)
        assert micros([row["total_time"]]) == [edge.total_time]
        for name in ("median_time", "mean_time", "p90_time"):
            # whole microseconds: at most half of one is lost
            assert micros([row[name]])[0] == pytest.approx(getattr(edge, name), abs=0.501), name


# --- laws -----------------------------------------------------------------------------------------


@FEWER
@given(logs())
def test_what_flows_into_an_activity_flows_out_of_it(steps):
    found = pm.process_map(bound(steps))
    nodes, edges = found.nodes.set_index("activity"), found.edges
    cases = len({step.case for step in steps})
    incoming = edges.groupby("target")["count"].sum().reindex(nodes.index, fill_value=0)
    outgoing = edges.groupby("source")["count"].sum().reindex(nodes.index, fill_value=0)
    assert (nodes["starts"] + incoming == nodes["steps"]).all()
    assert (nodes["ends"] + outgoing == nodes["steps"]).all()
    assert edges["count"].sum() == nodes["steps"].sum() - cases == len(steps) - cases
    assert nodes["starts"].sum() == nodes["ends"].sum() == cases
    assert (edges["cases"] <= edges["count"]).all()
    assert (nodes["cases"] <= nodes["steps"]).all()


@FEWER
@given(logs(), st.data(), st.sampled_from((None, 7)))
def test_the_edge_summaries_of_parts_of_whole_cases_add_up_to_that_of_the_log(steps, data, bits):
    log = bound(steps)
    owner = pd.Series(data.draw(parts(range(log.n_cases))))
    pieces = [pm.edge_summary(log.where(owner == part), bits=bits) for part in range(3)]
    assert sum(pieces) == pieces[2] + (pieces[0] + pieces[1]) == pm.edge_summary(log, bits=bits)


@FEWER
@given(logs(), st.data())
def test_parts_that_were_read_apart_add_up_to_the_log(steps, data):
    names = sorted({step.case for step in steps})
    owner = dict(zip(names, data.draw(parts(names)), strict=True))
    pieces = [[step for step in steps if owner[step.case] == part] for part in range(3)]
    summaries = [pm.edge_summary(bound(piece)) for piece in pieces if piece]
    assert sum(summaries) == pm.edge_summary(bound(steps))


@FEWER
@given(logs())
def test_the_edge_summary_says_what_the_process_map_says(steps):
    log = bound(steps)
    edges = pm.process_map(log).edges.sort_values(["source", "target"], ignore_index=True)
    whole = pm.edge_summary(log)
    totals, quantiles = whole.totals(), whole.quantiles([0.5, 0.9])
    assert totals["n"].tolist() == edges["count"].tolist()
    # times of the strategy are whole seconds, so that nothing is lost in milliseconds
    assert micros(totals["total"]) == micros(edges["total_time"])
    for name, column in (("0.5", "median_time"), ("0.9", "p90_time")):
        assert micros(quantiles[name]) == pytest.approx(micros(edges[column]), abs=1)


@FEWER
@given(logs(), st.integers(1, 100))
def test_a_shift_by_whole_weeks_changes_nothing(steps, weeks):
    by = weeks * 7 * DAY
    moved = [
        replace(
            s,
            start=s.start if s.start is None else s.start + by,
            end=s.end if s.end is None else s.end + by,
        )
        for s in steps
    ]
    same_map(pm.process_map(bound(steps)), pm.process_map(bound(moved)))


@FEWER
@given(logs())
def test_other_labels_in_the_same_order_give_the_same_map(steps):
    called = {name: f"no. {i}" for i, name in enumerate(sorted({step.activity for step in steps}))}
    renamed = [replace(s, activity=called[s.activity], case=s.case + "!") for s in steps]
    before, after = pm.process_map(bound(steps)), pm.process_map(bound(renamed))
    nodes = before.nodes.assign(activity=before.nodes["activity"].map(called).astype("str"))
    edges = before.edges.assign(
        source=before.edges["source"].map(called).astype("str"),
        target=before.edges["target"].map(called).astype("str"),
    )
    same_map(replace(before, nodes=nodes, edges=edges), after)


@FEWER
@given(logs(), st.randoms(use_true_random=False))
def test_where_a_declared_order_breaks_ties_the_order_of_the_rows_does_not_matter(steps, random):
    order = sorted({step.activity for step in steps})
    shuffled = steps[:]
    random.shuffle(shuffled)
    same_map(
        pm.process_map(bound(steps, order=order)),
        pm.process_map(bound(numbered(shuffled), order=order)),
    )


def same_map(one: pm.ProcessMap, other: pm.ProcessMap) -> None:
    pd.testing.assert_frame_equal(one.nodes, other.nodes)
    pd.testing.assert_frame_equal(one.edges, other.edges)


# --- edges of the definition ----------------------------------------------------------------------


def test_a_case_of_one_step_has_a_node_that_begins_and_ends_it_and_no_edge():
    found = pm.process_map(bound(path("1", "A", [1])))
    assert found.nodes.to_dict("records") == [
        {
            "activity": "A",
            "steps": 1,
            "cases": 1,
            "case_share": 1.0,
            "starts": 1,
            "ends": 1,
        }
    ]
    assert len(found.edges) == 0
    assert list(found.edges.columns) == EDGES


def test_steps_at_one_time_follow_the_declared_order_or_else_the_rows():
    steps = numbered(path("1", "BA", [DAY, DAY]))
    assert counts(bound(steps)) == {("B", "A"): 1}
    assert counts(bound(steps, order=["A", "B"])) == {("A", "B"): 1}


def test_a_step_that_contains_the_next_overlaps_with_it_and_a_touching_one_does_not():
    log = bound(path("1", "ABC", [(0, DAY), (HOUR, 2 * HOUR), (2 * HOUR, DAY)]))
    assert pm.process_map(log).edges.set_index("source")["overlaps"].to_dict() == {"A": 1, "B": 0}


def test_a_running_step_stands_at_its_start_for_the_next_one():
    found = pm.process_map(bound(path("1", "AB", [(0, None), (DAY, None)]))).edges
    assert micros(found["total_time"]) == [DAY]


def test_an_empty_log_has_an_empty_map_with_the_same_columns_and_types():
    whole = bound(numbered(path("1", "AB", [0, DAY])))
    full, empty = pm.process_map(whole), pm.process_map(whole.where([False]))
    for name in ("nodes", "edges"):
        assert len(getattr(empty, name)) == 0
        assert getattr(empty, name).dtypes.to_dict() == getattr(full, name).dtypes.to_dict()
    assert len(pm.edge_summary(whole.where([False]))) == 0


def test_a_total_of_more_than_292_thousand_years_is_exact_to_the_millisecond():
    century = 36_525 * DAY
    times = [-century, 70 * century + 1_499]
    found = pm.process_map(bound(numbered(*(path(str(i), "AB", times) for i in range(50))))).edges
    exact = 50 * (71 * century + 1_499)
    assert found["total_time"].dtype == "timedelta64[ms]"
    assert found["total_time"].to_numpy().view("int64").tolist() == [exact // 1000]
    assert micros(found["mean_time"]) == [pytest.approx(71 * century + 1_499, rel=1e-12)]


@pytest.mark.parametrize("field", ["nodes", "edges", "basis"])
def test_a_map_cannot_be_changed(field: Any):
    found = pm.process_map(bound(path("1", "AB", [0, DAY])))
    with pytest.raises(FrozenInstanceError):
        setattr(found, field, None)


def test_a_map_says_how_large_it_is():
    assert repr(pm.process_map(bound(path("1", "ABA", [0, 1, 2])))).startswith(
        "<ProcessMap 2 activities, 2 paths; time from"
    )


def test_a_log_is_the_same_after_it_was_measured():
    log = bound(numbered(path("1", "ABA", [(0, DAY), (HOUR, 2 * DAY), 3 * DAY])))
    before = pm.steps(log)
    pm.process_map(log)
    pm.edge_summary(log, bits=7)
    pd.testing.assert_frame_equal(pm.steps(log), before)


def test_times_between_steps_and_times_between_events_do_not_add_up() -> None:
    steps = bound(path("1", "AB", [(0, DAY), (2 * DAY, 3 * DAY)]))
    roles = {"case": "case", "activity": "activity", "timestamp": "end"}
    frame = pd.DataFrame(
        {"case": "2", "activity": ["A", "B"], "end": pd.to_datetime(["2026-03-02", "2026-03-03"])}
    )
    events = pm.read(frame, **roles, tz="CET")
    with pytest.raises(pm.ProcmineError, match="basis differs"):
        pm.edge_summary(steps) + pm.edge_summary(events)
