"""The oracle against examples worked out by hand, and the strategies against what they promise."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pandas as pd
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.oracle import DAY, HOUR, CaseTimes, Edge, LifecycleEvent, Node, PairedStep, Step
from tests.strategies import lifecycle_logs, lifecycle_to_frame, logs, to_frame


def path(case: str, activities: str, times: list[int | tuple[int | None, int | None]]) -> list:
    """Steps of one case; a single time is an end without a start."""
    steps = []
    for row, (activity, time) in enumerate(zip(activities, times, strict=True)):
        start, end = time if isinstance(time, tuple) else (None, time)
        steps.append(Step(case, activity, start, end, row=row))
    return steps


def instant(*parts: int) -> int:
    """UTC calendar parts as microseconds."""
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * oracle.SECOND


# --- order, transitions ---------------------------------------------------------------------------


def test_steps_are_ordered_by_first_then_last_then_declared_rank_then_row():
    steps = [
        Step("1", "late", 9, 10, row=0),
        Step("1", "undeclared", 5, 7, row=1),
        Step("1", "second", 5, 7, row=2),
        Step("1", "first", 5, 7, row=3),
        Step("1", "first", None, 5, row=4),
        Step("1", "other", 5, 7, row=5),
        Step("1", "open", 6, None, row=6),
    ]
    ordered = oracle.sort_steps(reversed(steps), ["first", "second"])["1"]
    assert [step.row for step in ordered] == [4, 3, 2, 1, 5, 6, 0]


def test_without_a_declared_order_ties_follow_the_row():
    ordered = oracle.sort_steps([Step("1", "B", None, 5, row=2), Step("1", "A", None, 5, row=7)])
    assert [step.activity for step in ordered["1"]] == ["B", "A"]


def test_case_labels_are_text_and_stay_apart():
    assert list(oracle.sort_steps([Step("1", "A", 0), Step("01", "A", 0)])) == ["01", "1"]


def test_a_step_without_any_time_is_refused():
    with pytest.raises(ValueError, match="row 3 has neither"):
        Step("1", "A", row=3)


def test_a_transition_goes_from_end_to_start_and_is_zero_where_steps_overlap():
    found = oracle.steps_to_transitions(path("1", "ABCD", [(0, 10), (4, 6), (6, None), 20]))
    assert [(t.source, t.target, t.time, t.overlap) for t in found] == [
        ("A", "B", 0, True),
        ("B", "C", 0, False),
        ("C", "D", 14, False),
    ]


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "p", "expected"),
    [
        ([], 0.5, None),
        ([7], 0.9, 7),
        ([4, 1], 0.5, 2.5),
        ([3, 1, 2], 0.5, 2),
        ([10, 0], 0.9, 9),
        ([10, 20, 30, 40, 50], 0.8, 42),
        ([1, 2], 1.0, 2),
    ],
)
def test_quantiles_are_linear_between_the_two_nearest_values(values, p, expected):
    assert oracle.quantile(values, p) == pytest.approx(expected)


# --- process map, variants ------------------------------------------------------------------------

THREE_CASES = {
    "1": path("1", "ABB", [(0, 10), (15, 20), (18, 30)]),
    "2": path("2", "AB", [(0, 10), (40, 50)]),
    "3": path("3", "B", [100]),
}


def test_the_nodes_of_three_cases():
    nodes, _ = oracle.process_map(THREE_CASES)
    assert nodes == {"A": Node(2, 2, 2 / 3, 2, 0), "B": Node(4, 3, 1.0, 1, 3)}


def test_the_edges_of_three_cases():
    _, edges = oracle.process_map(THREE_CASES)
    assert set(edges) == {("A", "B"), ("B", "B")}
    assert edges["B", "B"] == Edge(1, 1, 0, 0.0, 0.0, 0.0, 1)
    # gaps of 5 and 30: mean and median 17.5, p90 = 5 + 0.9 * 25
    assert edges["A", "B"] == Edge(2, 2, 35, 17.5, 17.5, 27.5, 0)


def test_an_edge_counts_a_case_once_however_often_it_goes_round():
    _, edges = oracle.process_map({"1": path("1", "ABAB", [1, 2, 4, 7])})
    assert (edges["A", "B"].count, edges["A", "B"].cases, edges["A", "B"].total_time) == (2, 1, 4)


@given(logs())
def test_edges_are_steps_minus_cases_and_every_case_begins_and_ends_once(log):
    cases = oracle.sort_steps(log)
    nodes, edges = oracle.process_map(cases)
    assert sum(edge.count for edge in edges.values()) == len(log) - len(cases)
    assert sum(node.starts for node in nodes.values()) == len(cases)
    assert sum(node.ends for node in nodes.values()) == len(cases)


def test_variants_come_by_cases_then_text_with_shares_that_add_up():
    cases = {
        "1": path("1", "BA", [0, 4]),
        "2": path("2", "BA", [0, 8]),
        "3": path("3", "AB", [0, 3]),
        "4": path("4", "A", [9]),
    }
    found = list(oracle.variants(cases).values())
    assert [v.text for v in found] == ["B → A", "A", "A → B"]
    assert [v.cases for v in found] == [2, 1, 1]
    assert [v.share for v in found] == [0.5, 0.25, 0.25]
    assert [v.cumulative_share for v in found] == [0.5, 0.75, 1.0]
    assert [v.median_cycle_time for v in found] == [6, 0, 3]


def test_cases_without_a_cycle_time_are_left_out_of_the_median_of_their_variant():
    cases = {name: path(name, "A", [0]) for name in "123"}
    found = oracle.variants(cases, {"1": 5, "2": None, "3": 7})
    assert found[("A",)].median_cycle_time == 6
    assert oracle.variants(cases, dict.fromkeys("123"))[("A",)].median_cycle_time is None


def test_two_variants_with_one_text_stay_two():
    cases = {"1": path("1", "AB", [0, 1]), "2": [Step("2", "A → B", 0, 1)]}
    assert [v.text for v in oracle.variants(cases).values()] == ["A → B", "A → B"]


# --- lifecycle ------------------------------------------------------------------------------------


def rows(*events: tuple, **fields: str) -> list[LifecycleEvent]:
    """Events of case 1, activity A, from (transition, time[, resource[, instance]])."""
    return [LifecycleEvent("1", "A", *event, row=row, **fields) for row, event in enumerate(events)]


def short(pairing: oracle.Pairing) -> list[tuple]:
    return [(step.start, step.end, step.suspended) for step in pairing.steps]


def test_the_first_start_gets_the_first_end():
    found = oracle.pair_lifecycle(
        rows(("start", 1), ("Start", 2), ("COMPLETE", 5), ("withdraw", 9))
    )
    assert found.key == "activity"
    assert short(found) == [(1, 5, 0), (2, 9, 0)]
    assert found.steps[0] == PairedStep("1", "A", 1, 5, 0, 0, 2, None, None)


@pytest.mark.parametrize("ending", ["complete", "withdraw", "ate_abort", "pi_abort"])
def test_each_ending_transition_ends_a_step(ending):
    assert short(oracle.pair_lifecycle(rows(("start", 1), (ending, 5)))) == [(1, 5, 0)]


def test_an_end_without_a_start_and_a_start_without_an_end_stand_alone():
    found = oracle.pair_lifecycle(rows(("complete", 1), ("start", 2)))
    assert short(found) == [(None, 1, 0), (2, None, 0)]


def test_events_at_one_moment_pair_in_the_order_of_their_rows():
    assert short(oracle.pair_lifecycle(rows(("start", 1), ("complete", 1)))) == [(1, 1, 0)]
    backwards = oracle.pair_lifecycle(rows(("complete", 1), ("start", 1)))
    assert short(backwards) == [(None, 1, 0), (1, None, 0)]


def test_pairing_does_not_depend_on_how_the_rows_are_handed_over():
    events = rows(("start", 1), ("complete", 1), ("assign", 1), ("assign", 1), ("resume", 2))
    assert oracle.pair_lifecycle(events[::-1]) == oracle.pair_lifecycle(events)
    assert short(oracle.pair_lifecycle(events[::-1])) == [(1, 1, 0)]


def test_instances_pair_apart_only_where_every_event_has_one():
    events = [("start", 1, "x", "i"), ("start", 2, "y", "j"), ("complete", 3, "y", "j")]
    found = oracle.pair_lifecycle(rows(*events))
    assert (found.key, short(found)) == ("instance", [(1, None, 0), (2, 3, 0)])
    found = oracle.pair_lifecycle(rows(*events, ("complete", 4, "x")))
    assert (found.key, short(found)) == ("resource", [(1, 4, 0), (2, 3, 0)])
    found = oracle.pair_lifecycle(rows(*events, ("complete", 4)))
    assert (found.key, short(found)) == ("activity", [(1, 3, 0), (2, 4, 0)])


def test_suspended_time_belongs_to_the_earliest_open_step_and_stops_at_its_end():
    found = oracle.pair_lifecycle(
        rows(
            ("start", 0),
            ("start", 1),
            ("suspend", 10),
            ("suspend", 11),
            ("resume", 14),
            ("resume", 15),
            ("suspend", 20),
            ("complete", 27),
            ("resume", 30),
            ("complete", 40),
        )
    )
    assert short(found) == [(0, 27, 11), (1, 40, 0)]
    assert [event.row for event in found.without_effect] == [3, 5, 8]


def test_a_step_that_never_ends_keeps_its_finished_suspensions():
    events = rows(("start", 0), ("suspend", 2), ("resume", 5), ("suspend", 7))
    assert short(oracle.pair_lifecycle(events)) == [(0, None, 3)]


def test_other_transitions_make_no_step():
    found = oracle.pair_lifecycle(rows(("schedule", 0), ("start", 1), ("assign", 2)))
    assert short(found) == [(1, None, 0)]
    assert [event.transition for event in found.left_aside] == ["schedule", "assign"]


@given(lifecycle_logs())
def test_every_lifecycle_row_is_used_or_left_aside_once(events):
    found = oracle.pair_lifecycle(events)
    used = [row for step in found.steps for row in (step.start_row, step.end_row)]
    aside = [event.row for event in found.left_aside + found.without_effect]
    pauses = [e.row for e in events if e.transition.lower() in ("suspend", "resume")]
    taken = sorted([row for row in used if row is not None] + aside)
    assert set(taken) | set(pauses) == set(range(len(events)))
    assert len(taken) == len(set(taken))


@given(lifecycle_logs())
def test_suspended_time_never_exceeds_the_step(events):
    for step in oracle.pair_lifecycle(events).steps:
        if step.start is not None and step.end is not None:
            assert 0 <= step.suspended <= step.end - step.start


# --- cases at a moment ----------------------------------------------------------------------------

CASE = path("1", "AZBZC", [(0, 10), (12, 20), (20, 25), (28, 40), (45, 60)])


def test_a_case_closes_at_its_last_closing_step():
    assert oracle.case_times(CASE, {"Z"}, 100) == CaseTimes(
        "1", "closed", 0, 60, 40, 40, None, 5, 1
    )


def test_an_earlier_as_of_knows_only_what_had_ended_by_then():
    # at 30 the second Z runs (ends at 40), so the first Z closed the case; B begins at that
    # very moment and so not after it; the second Z does; C has not begun
    assert oracle.case_times(CASE, {"Z"}, 30) == CaseTimes("1", "closed", 0, 28, 20, 20, None, 4, 1)


def test_a_case_whose_closing_step_still_runs_is_open_and_has_an_age():
    assert oracle.case_times(CASE, {"Z"}, 15) == CaseTimes("1", "open", 0, 12, None, None, 15, 2, 0)


def test_age_is_counted_from_the_first_step():
    assert oracle.case_times(path("1", "A", [(5, 9)]), {"Z"}, 12).age == 7


def test_a_closing_step_that_ends_at_as_of_closes():
    assert oracle.case_times(CASE, {"Z"}, 20).state == "closed"
    assert oracle.case_times(CASE, {"Z"}, 19).state == "open"


def test_where_closing_is_unknown_the_cycle_time_is_last_known_minus_first():
    assert oracle.case_times(CASE, None, 50) == CaseTimes(
        "1", "unknown", 0, 45, None, 45, None, 5, None
    )


def test_no_closing_activity_at_all_leaves_every_case_open():
    assert oracle.case_times(CASE, set(), 100).state == "open"


def test_a_case_that_begins_after_as_of_has_not_started():
    assert oracle.case_times(path("1", "A", [(5, 9)]), {"A"}, 4).state == "not_started"
    assert oracle.case_times(path("1", "A", [9]), {"A"}, 4).state == "not_started"
    assert oracle.case_times(path("1", "A", [(5, 9)]), {"A"}, 5).state == "open"


def test_a_closing_step_without_an_end_does_not_close():
    assert oracle.case_times(path("1", "Z", [(5, None)]), {"Z"}, 10).state == "open"


# --- periods --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "period", "start", "label"),
    [
        ((2026, 11, 21), "D", (2026, 11, 21), "2026-11-21"),
        ((2026, 11, 21), "W", (2026, 11, 16), "2026-W47"),
        ((2027, 1, 3), "W", (2026, 12, 28), "2026-W53"),
        ((2025, 12, 29), "W", (2025, 12, 29), "2026-W01"),
        ((2026, 11, 21), "M", (2026, 11, 1), "2026-11"),
        ((2026, 11, 21), "Q", (2026, 10, 1), "2026-Q4"),
        ((2026, 3, 31), "Q", (2026, 1, 1), "2026-Q1"),
        ((2026, 11, 21), "Y", (2026, 1, 1), "2026"),
    ],
)
def test_periods_begin_and_are_named_as_on_the_calendar(day, period, start, label):
    assert oracle.period_start(date(*day), period) == date(*start)
    assert oracle.period_label(date(*start), period) == label


def test_days_are_those_of_the_office():
    evening = instant(2026, 3, 28, 22, 30)
    assert oracle.local_date(evening, "UTC") == date(2026, 3, 28)
    assert oracle.local_date(evening, "Europe/Bucharest") == date(2026, 3, 29)
    # summer time begins that night: Bucharest is then three hours ahead
    assert oracle.local_date(instant(2026, 3, 29, 21, 0), "Europe/Bucharest") == date(2026, 3, 30)
    assert oracle.local_date(-1, "UTC") == date(1969, 12, 31)


def week_of_cases() -> list[list[Step]]:
    """Two cases of week 1, one of week 3 that stays open, one that begins after all; closing Z."""
    monday = instant(2026, 1, 5)
    return [
        path("1", "AZ", [monday, monday + 2 * DAY]),
        path("2", "AZ", [monday + DAY, monday + 5 * DAY]),
        path("3", "AZ", [monday + DAY, monday + 15 * DAY]),
        path("4", "A", [monday + 16 * DAY]),
        path("5", "AZ", [monday + 30 * DAY, monday + 31 * DAY]),
    ]


def test_kpis_of_three_weeks_with_an_empty_one_between():
    as_of = instant(2026, 1, 25)
    cases = [oracle.case_times(case, {"Z"}, as_of) for case in week_of_cases()]
    found = oracle.kpis(cases, "W", "UTC", as_of)
    assert [row.period for row in found] == ["2026-W02", "2026-W03", "2026-W04"]
    assert [row.started for row in found] == [3, 0, 1]
    assert [row.completed for row in found] == [2, 0, 1]
    assert [row.open for row in found] == [1, 1, 1]
    assert [row.n for row in found] == [2, 0, 1]
    assert [row.cycle_time_median for row in found] == [3, None, 14]
    assert [row.cycle_time_mean for row in found] == [3, None, 14]
    assert found[0].cycle_time_p80 == pytest.approx(3.6)
    assert found[0].cycle_time_p90 == pytest.approx(3.8)


def test_kpis_run_on_to_the_period_of_as_of():
    as_of = instant(2026, 4, 1)
    cases = [oracle.case_times(week_of_cases()[0], {"Z"}, as_of)]
    assert [row.period for row in oracle.kpis(cases, "M", "UTC", as_of)] == [
        "2026-01",
        "2026-02",
        "2026-03",
        "2026-04",
    ]
    # still March in New York
    assert len(oracle.kpis(cases, "M", "America/New_York", as_of)) == 3


def test_kpis_with_unknown_closing_have_cycle_times_by_the_last_step_only():
    as_of = instant(2026, 1, 25)
    cases = [oracle.case_times(case, None, as_of) for case in week_of_cases()]
    found = oracle.kpis(cases, "W", "UTC", as_of)
    assert [row.started for row in found] == [3, 0, 1]
    assert {(row.completed, row.open) for row in found} == {(None, None)}
    assert [row.n for row in found] == [2, 0, 2]
    assert [row.cycle_time_median for row in found] == [3, None, 7]


def test_no_case_begun_gives_no_period():
    cases = [oracle.case_times(path("1", "A", [HOUR]), {"A"}, 0)]
    assert oracle.kpis(cases, "D", "UTC", 0) == []


@given(logs(), st.sampled_from("DWMQY"), st.sampled_from(["UTC", "Europe/Bucharest"]))
def test_open_cases_at_the_end_are_those_that_are_open(log, period, tz):
    as_of = max(step.last for step in log)
    cases = [oracle.case_times(case, {"A"}, as_of) for case in oracle.sort_steps(log).values()]
    rows_found = oracle.kpis(cases, period, tz, as_of)
    assert rows_found[-1].open == sum(case.state == "open" for case in cases)
    assert sum(row.started for row in rows_found) == len(cases)


# --- summaries ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duration", "expected"),
    [(0, 0), (499, 0), (500, 1), (1499, 1), (1500, 2), (-499, 0), (-500, -1), (-1500, -2)],
)
def test_milliseconds_round_halves_away_from_zero(duration, expected):
    assert oracle.whole_milliseconds(duration) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (127, 127),
        (128, 128),
        (255, 255),
        (256, 257),  # cells of 2 from here: 256 and 257 are read at 257
        (257, 257),
        (511, 511),
        (512, 514),  # cells of 4: 512 to 515
        (515, 514),
        (1000, 1002),
        (-512, -514),
        (-3, -3),
    ],
)
def test_seven_bits_round_to_the_midpoint_of_a_cell(value, expected):
    assert oracle.rounded(value, 7) == expected


def test_a_summary_counts_values_and_keeps_the_exact_total():
    times = {"a": [1000, 1400, None, -1000], "b": [512_000, 515_000]}
    assert oracle.summary(times) == {
        ("a", 1): (2, 2),
        ("a", -1): (1, -1),
        ("b", 512): (1, 512),
        ("b", 515): (1, 515),
    }
    assert oracle.summary(times, bits=7)["b", 514] == (2, 1027)


@given(st.integers(-(2**60), 2**60))
def test_rounding_stays_within_half_a_cell_and_does_nothing_the_second_time(value):
    cell = oracle.rounded(value, 7)
    assert abs(cell - value) * 256 <= abs(value)
    assert oracle.rounded(cell, 7) == cell
    assert oracle.rounded(-value, 7) == -cell


# --- filters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "kept"),
    [
        ("intersecting", ["across", "before", "from", "in", "until"]),
        ("contained", ["from", "in"]),
        ("started", ["from", "in", "until"]),
        ("completed", ["before", "from", "in"]),
    ],
)
def test_period_filters_take_the_first_moment_and_leave_the_last(mode, kept):
    spans = {
        "across": (5, 25),
        "before": (5, 10),
        "early": (5, 9),
        "from": (10, 12),
        "in": (12, 19),
        "until": (12, 20),
        "late": (20, 22),
    }
    cases = {name: [Step(name, "A", *span)] for name, span in spans.items()}
    assert sorted(oracle.filter_period(cases, 10, 20, mode)) == kept


def test_the_span_of_a_case_is_not_that_of_its_last_step():
    cases = {"1": path("1", "AB", [(0, 50), (10, 12)])}
    assert oracle.filter_period(cases, 45, 60, "intersecting") == cases
    assert oracle.filter_period(cases, 0, 20, "completed") == {}


def test_follower_needs_a_later_step_in_the_order():
    cases = {
        "yes": path("yes", "AXB", [0, 5, 9]),
        "no": path("no", "BXA", [0, 5, 9]),
        "alone": path("alone", "A", [0]),
    }
    assert list(oracle.filter_follower(cases, "A", "B")) == ["yes"]
    assert oracle.filter_follower(cases, "A", "A") == {}


def test_follower_within_a_time_may_choose_any_pair():
    cases = {"1": path("1", "AABB", [(0, 2), (6, 8), (11, 12), (30, 31)])}
    assert oracle.filter_follower(cases, "A", "B", within=3) == cases
    assert oracle.filter_follower(cases, "A", "B", within=2) == {}


# --- strategies -----------------------------------------------------------------------------------

# Reaching is enough: the smallest example is not needed, and what is rarer than this is too rare.
QUICK = settings(phases=[Phase.generate], max_examples=2_000, database=None)


@given(logs())
def test_drawn_logs_keep_their_promises(log):
    assert [step.row for step in log] == list(range(len(log)))
    counts = [len(case) for case in oracle.sort_steps(log).values()]
    assert 1 <= len(counts) <= 8
    assert 1 <= min(counts) <= max(counts) <= 8
    assert all(step.activity and step.first <= step.last for step in log)


@given(logs(starts=["always"], ends=["always"]))
def test_drawn_logs_can_be_told_to_know_every_time(log):
    assert all(step.start is not None and step.end is not None for step in log)


@given(logs(starts=["never"]))
def test_drawn_logs_can_be_told_to_have_one_timestamp(log):
    assert all(step.start is None and step.end is not None for step in log)


def some_transition(log: list[Step], wanted) -> bool:
    cases = oracle.sort_steps(log).values()
    return any(wanted(found) for case in cases for found in oracle.steps_to_transitions(case))


def same_text(cases: oracle.Cases) -> bool:
    found = oracle.variants(cases)
    return len({variant.text for variant in found.values()}) < len(found)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda log: some_transition(log, lambda found: found.overlap),
        lambda log: some_transition(log, lambda found: found.source == found.target),
        lambda log: len({(step.case, step.first, step.last) for step in log}) < len(log),
        lambda log: {step.start is None for step in log} == {True, False},
        lambda log: any(step.end is None for step in log),
        lambda log: any(step.activity == "NA" for step in log),
        lambda log: {"1", "01"} <= {step.case for step in log},
        lambda log: same_text(oracle.sort_steps(log)),
    ],
    ids=["overlap", "self loop", "tie", "some starts", "no end", "NA", "zeros", "same text"],
)
def test_drawn_logs_reach(wanted):
    assert wanted(find(logs(), wanted, settings=QUICK, random=Random(0)))


@pytest.mark.parametrize(
    "wanted",
    [
        lambda found: found.key == "instance",
        lambda found: found.key == "resource",
        lambda found: any(step.suspended for step in found.steps),
        lambda found: any(step.start is None for step in found.steps),
        lambda found: any(step.end is None for step in found.steps),
        lambda found: bool(found.left_aside) and bool(found.without_effect),
    ],
    ids=["instance", "resource", "suspended", "no start", "no end", "aside"],
)
def test_drawn_lifecycle_logs_reach(wanted):
    def reached(events: list[LifecycleEvent]) -> bool:
        return wanted(oracle.pair_lifecycle(events))

    assert reached(find(lifecycle_logs(), reached, settings=QUICK, random=Random(0)))


@given(logs())
def test_a_frame_holds_the_steps_as_they_are(log):
    frame = to_frame(log[::-1])
    assert list(frame) == ["case", "activity", "start", "end", "resource", "unit"]
    assert {str(frame[name].dtype) for name in ("start", "end")} == {"datetime64[us, UTC]"}
    assert frame.index.equals(pd.RangeIndex(len(log)))
    assert [back(row, values) for row, values in enumerate(frame.to_dict("records"))] == log


def back(row: int, values: dict) -> Step:
    """A row of the frame as the step it was made from."""
    known = {name: value for name, value in values.items() if not pd.isna(value)}
    times = {name: known.pop(name).value // 1000 for name in ("start", "end") if name in known}
    return Step(**known, **times, row=row)


@given(lifecycle_logs())
def test_a_lifecycle_frame_has_a_row_per_event_in_the_order_of_the_source(events):
    frame = lifecycle_to_frame(events[::-1])
    assert frame["transition"].tolist() == [event.transition for event in events]
    assert [time.value // 1000 for time in frame["time"]] == [event.time for event in events]
    assert frame["instance"].isna().tolist() == [event.instance is None for event in events]
