"""The naive oracle of waiting against examples worked by hand and the hand-made logs with known answers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.bound import numbered, path
from tests.kpi.oracle_waiting import (
    CAUSES,
    Batch,
    Enabled,
    Log,
    Waited,
    WeeklyHours,
    at_work_by,
    batches,
    concurrent,
    enabled_steps,
    log_of,
    shared,
    split,
)
from tests.kpi.waiting_examples import (
    COLUMNS,
    MARCUS,
    SESSIONS,
    USUAL,
    Handoff,
    at,
    both_orders,
    committee,
    committee_besides,
    duration_of,
    during,
    expected_handoffs,
    handoff_steps,
    instant_of,
    looping,
    one_other_way,
    rows_of,
    weekly,
)
from tests.oracle import DAY, HOUR, MINUTE, SECOND, Step

Waits = dict[int, Waited]


def enabled_at(log: Log, **options: Any) -> list[tuple[int | None, int | None]]:
    found = enabled_steps(log, **options)
    return [(found[row].at, found[row].by) for row in sorted(found)]


# --- enabled --------------------------------------------------------------------------------------


def test_in_sequence_a_step_is_enabled_by_the_latest_end_before_its_start():
    steps = numbered(
        path(
            "1",
            "ABCD",
            [
                during("09:00", "10:00"),
                during("09:00", "11:00"),  # A has not ended: enabled as the case begins
                during("10:30", "10:45"),  # B has not ended: enabled by A
                during("12:00", "13:00"),  # B ended last
            ],
        )
    )
    expected = [(at("09:00"), None), (at("09:00"), None), (at("10:00"), 0), (at("11:00"), 1)]
    assert enabled_at(log_of(steps), order="sequence") == expected


def test_of_equal_ends_the_last_in_the_order_of_the_log_is_the_enabler():
    steps = numbered(
        path(
            "1",
            "ABC",
            [during("09:00", "10:00"), during("09:30", "10:00"), during("10:00", "11:00")],
        )
    )
    assert enabled_at(log_of(steps), order="sequence")[2] == (at("10:00"), 1)


def test_a_step_without_an_end_enables_nothing():
    steps = numbered(
        path("1", "ABC", [during("09:00", "10:00"), (at("10:00"), None), during("12:00", "13:00")])
    )
    assert enabled_at(log_of(steps), order="sequence")[2] == (at("10:00"), 0)


def test_concurrent_activities_do_not_enable_each_other():
    log = log_of(both_orders())
    are = concurrent(log.cases)
    assert are("B", "C")
    assert are("C", "B")
    assert not are("A", "B")
    assert enabled_at(log)[2] == (at("10:00"), 0)
    assert enabled_at(log, order="sequence")[2] == (at("11:00"), 1)


def test_orders_that_differ_28_to_1_are_a_rule_and_27_to_1_are_not_yet():
    def many(often: int) -> bool:
        return concurrent(log_of(one_other_way(often)).cases)("B", "C")

    assert many(1)
    assert many(27)  # 26 / 29 < 0.9
    assert not many(28)  # 27 / 30 is not less than 0.9


def test_nine_loops_make_two_activities_a_loop_and_seven_do_not():
    def are(often: int) -> bool:
        return concurrent(log_of(looping(often)).cases)("A", "B")

    assert are(4)  # 4 + 3 = 7 loops: 7 / 8 < 0.9
    assert not are(5)  # 5 + 4 = 9 loops: 9 / 10 is not less than 0.9


def test_an_activity_is_never_concurrent_with_itself():
    steps = numbered(path("1", "AA", [during("09:00", "10:00"), during("11:00", "12:00")]))
    assert enabled_at(log_of(steps))[1] == (at("10:00"), 0)


def test_a_step_that_depends_on_nothing_is_enabled_when_its_case_begins():
    first = [during("09:00", "10:00"), during("11:00", "12:00")]
    log = log_of(numbered(path("1", "BC", first), path("2", "CB", first)))
    assert enabled_at(log)[1] == (at("09:00"), None)
    assert enabled_at(log, arrival={"1": at("08:00")})[:2] == [(at("08:00"), None)] * 2
    assert enabled_at(log, arrival={"1": at("09:30")})[1] == (at("09:00"), None)  # after the first


def test_a_first_step_without_a_start_is_enabled_at_an_unknown_time():
    log = log_of(numbered(path("1", "AB", [at("10:00"), at("12:00")])))
    assert enabled_at(log) == [(None, None), (at("10:00"), 0)]
    assert enabled_at(log, arrival={"1": at("09:00")})[0] == (at("09:00"), None)
    assert [waited.wait for waited in split(log).values()] == [None, 2 * HOUR]


def test_a_recorded_time_holds_where_it_is_not_after_the_start_and_the_enabler_stays():
    steps = numbered(path("1", "AB", [during("09:00", "10:00"), during("11:00", "12:00")]))
    log = log_of(steps)
    assert enabled_at(log, recorded={1: at("10:30")})[1] == (at("10:30"), 0)
    assert enabled_at(log, recorded={1: at("11:30")})[1] == (at("10:00"), 0)


# --- estimated starts -----------------------------------------------------------------------------


def test_a_start_is_estimated_as_the_later_of_enabled_and_the_end_of_the_same_clerk_before():
    steps = numbered(
        path("1", "AB", [at("10:00"), at("12:00")], resource="ana"),
        path("2", "AB", [at("10:30"), at("11:00")], resource="ana"),
    )
    waits = split(log_of(steps), starts="estimate", order="sequence")
    starts = {row: waited.step.start for row, waited in waits.items()}
    assert starts[1] == at("11:00")  # ana ended at 11 in case 2, later than enabled at 10
    assert starts[3] == at("10:30")  # enabled at 10:30, when ana ended
    assert waits[1].wait == HOUR
    assert [waits[row].basis for row in range(4)] == [
        "sojourn",
        "estimated",
        "sojourn",
        "estimated",
    ]


def test_a_first_step_of_nobody_known_keeps_no_start():
    steps = numbered(path("1", "AB", [at("10:00"), at("12:00")]))
    waits = split(log_of(steps), starts="estimate", order="sequence")
    assert waits[0].step.start is None
    assert waits[0].wait is None
    assert waits[1].step.start == at("10:00")


def test_a_first_step_keeps_no_start_unless_its_arrival_is_known():
    steps = numbered(
        path("1", "A", [at("10:00")], resource="ana"), path("2", "A", [at("11:00")], resource="ana")
    )
    waits = split(log_of(steps), starts="estimate")
    assert [waited.step.start for waited in waits.values()] == [None, None]
    came = split(log_of(steps), starts="estimate", arrival={"2": at("09:30")})
    assert (came[1].step.start, came[1].wait) == (at("10:00"), HOUR // 2)


# --- batches --------------------------------------------------------------------------------------


def kinds(log: Log, recorded: dict[int, int] | None = None, **options: Any) -> list[Batch]:
    return batches(log, enabled_steps(log, order="sequence", recorded=recorded), **options)


def of_ana(*times: tuple[int, int], enabled: list[int]) -> tuple[Log, dict[int, int]]:
    """Steps B of ana, a case each, with the times at which they were enabled."""
    cases = [path(str(i), "B", [pair], resource="ana") for i, pair in enumerate(times)]
    return log_of(numbered(*cases)), dict(enumerate(enabled))


def test_steps_one_after_the_other_that_were_ready_before_the_first_began_are_a_sequential_batch():
    log, ready = of_ana(
        during("10:00", "10:30"),
        during("10:30", "11:00"),
        during("11:00", "11:30"),
        enabled=[at("08:00"), at("10:00"), at("10:01")],  # the third came too late
    )
    assert kinds(log, ready) == [Batch("sequential", (0, 1), at("10:00"))]
    assert kinds(log, ready, batch_size=3) == []


def test_a_pause_longer_than_the_gap_ends_the_run():
    log, ready = of_ana(
        during("10:00", "10:30"), during("10:40", "11:00"), enabled=[at("08:00"), at("09:00")]
    )
    assert kinds(log, ready) == []
    assert kinds(log, ready, batch_gap=9 * MINUTE) == []
    assert kinds(log, ready, batch_gap=10 * MINUTE) == [Batch("sequential", (0, 1), at("09:00"))]


def test_steps_that_overlap_are_a_concurrent_batch():
    log, ready = of_ana(
        during("10:00", "12:00"),
        during("10:30", "11:00"),
        during("12:00", "12:30"),  # within the run, since the first went on until 12
        enabled=[at("08:00"), at("09:00"), at("08:00")],
    )
    assert kinds(log, ready) == [Batch("concurrent", (0, 1, 2), None)]  # may be chance
    log, ready = of_ana(
        during("10:00", "10:30"), during("10:00", "11:00"), enabled=[at("08:00"), at("09:00")]
    )
    assert kinds(log, ready) == [Batch("concurrent", (0, 1), at("09:00"))]


def test_a_queue_of_simultaneous_arrivals_is_no_batch():
    log, ready = of_ana(
        during("10:00", "10:30"), during("10:30", "11:00"), enabled=[at("09:00"), at("09:00")]
    )
    assert kinds(log, ready) == []


def test_the_same_start_and_end_are_a_parallel_batch_even_when_all_were_ready_at_once():
    log, ready = of_ana(
        during("10:00", "10:30"), during("10:00", "10:30"), enabled=[at("09:00"), at("09:00")]
    )
    assert kinds(log, ready) == [Batch("parallel", (0, 1), at("09:00"))]


def test_steps_of_two_clerks_are_no_batch():
    steps = numbered(
        path("1", "B", [during("10:00", "10:30")], resource="ana"),
        path("2", "B", [during("10:00", "10:30")], resource="dan"),
        path("3", "B", [during("10:00", "10:30")]),
    )
    assert kinds(log_of(steps)) == []


def test_a_committee_that_meets_every_monday_at_ten_is_scheduled_by_time_of_week():
    log = log_of(committee("10:00"))
    found = kinds(log)
    # A too: 20 steps, 5 days, all on Thursdays at ten
    assert [batch.kind for batch in found] == ["time_of_week"] * 10
    assert [b.complete for b in found if b.rows[0] == 1] == [at("10:00")]
    assert kinds(log_of(committee("10:00", weeks=4, per_day=9))) == []  # four days only
    assert kinds(log_of(committee("10:00", per_day=3))) == []  # 15 steps only


def kinds_of_sessions(steps: list[Step]) -> set[str | None]:
    """The kinds of batches of what is taken up on Mondays at ten."""
    kind_of = {row: batch.kind for batch in kinds(log_of(steps)) for row in batch.rows}
    return {kind_of.get(step.row) for step in steps if step.start in SESSIONS}


def test_a_time_of_the_week_has_half_of_the_steps_of_its_weekday():
    assert kinds_of_sessions(committee_besides(20)) == {"time_of_week"}
    assert kinds_of_sessions(committee_besides(21)) == {"weekday"}


def test_a_time_of_the_week_has_a_tenth_of_all_steps():
    assert kinds_of_sessions(committee_besides(180, day=1)) == {"time_of_week"}
    assert kinds_of_sessions(committee_besides(181, day=1)) == {None}


def test_midnight_is_no_time_of_the_week_but_has_a_weekday():
    found = kinds(log_of(committee("00:00")))
    assert {batch.kind for batch in found if 1 in batch.rows} == {"weekday"}


def test_a_weekday_is_scheduled_where_it_has_half_of_the_steps_and_twice_the_usual_share():
    def found(others_on_monday: int) -> list[str]:
        return [batch.kind for batch in kinds(log_of(weekly(others_on_monday)))]

    assert found(0) == ["weekday"] * 20
    assert found(10) == ["weekday"] * 20  # 1 >= 2 * 10 / 20
    assert found(11) == []


def test_who_was_ready_before_a_session_waited_for_it_alone():
    log = log_of(committee("10:00", resource="board"))
    waits = split(log, order="sequence")
    # from Thursday 11:00 until Monday 10:00
    assert waits[1].wait == waits[1].parts["batching"] == 4 * DAY - HOUR
    assert waits[1].batch.kind == "time_of_week"


def test_a_file_that_was_not_ready_for_the_session_before_waits_for_its_own_only_since_then():
    steps = committee("10:00", resource="board")
    ready = at("11:00", 10)  # on Thursday of the second week
    late = replace(steps[-2], start=ready - HOUR, end=ready)
    waits = split(log_of([*steps[:-2], late, steps[-1]]), order="sequence")
    assert steps[-1].start == at("10:00", 28)
    assert waits[39].batch.since == at("10:00", 21)
    # before: an hour of the session of day 14, with files that were ready at the same time, and an
    # hour of day 17 with files that came on that day
    assert parts(waits, 39)[1:4] == (7 * DAY, HOUR, HOUR)


def test_in_logs_with_one_timestamp_five_ends_at_one_instant_are_stamped():
    cases = [path(str(i), "AB", [at("10:00") + i * MINUTE, at("16:00")]) for i in range(5)]
    log = log_of(numbered(*cases))
    assert kinds(log) == [Batch("instant", (1, 3, 5, 7, 9), at("10:04"))]
    assert kinds(log, batch_size=6) == []
    assert kinds(log_of(numbered(*cases[:4]))) == []
    assert kinds(Log(log.cases, True, precision="day")) == []
    assert kinds(replace(log, tz="Etc/GMT-8")) == []  # there it was midnight
    waits = split(log, order="sequence")
    assert waits[1].basis == "sojourn"
    assert waits[1].wait == 6 * HOUR
    assert waits[1].parts["batching"] == 4 * MINUTE
    assert waits[1].parts["contention"] is None


# --- the split ------------------------------------------------------------------------------------


def busy(*others: tuple[tuple[int, int], int]) -> Waits:
    """File 0 waits for ana from 9 to 12, who does others (their time, and when they were enabled)."""
    cases = [path("0", "W", [during("12:00", "13:00")], resource="ana")]
    cases += [
        path(str(i), [f"X{i}"], [time], resource="ana") for i, (time, _) in enumerate(others, 1)
    ]
    ready = {0: at("09:00")} | {i: when for i, (_, when) in enumerate(others, 1)}
    return split(log_of(numbered(*cases)), recorded=ready, order="sequence")


def parts(waits: Waits, row: int = 0) -> tuple[int | None, ...]:
    return tuple(waits[row].parts[cause] for cause in CAUSES)


def test_steps_enabled_no_later_are_contention_and_later_ones_prioritisation():
    found = busy((during("09:00", "10:00"), at("09:00")), (during("10:00", "11:30"), at("09:01")))
    assert parts(found) == (None, 0, HOUR, 90 * MINUTE, None, 30 * MINUTE)


def test_two_steps_at_once_share_the_instants():
    found = busy((during("08:00", "11:00"), at("08:00")), (during("10:00", "12:30"), at("09:30")))
    # 9 to 10 contention; 10 to 11 half and half; 11 to 12 prioritisation
    assert parts(found) == (None, 0, 90 * MINUTE, 90 * MINUTE, None, 0)


def test_three_steps_at_once_share_by_thirds_and_what_remains_goes_to_the_larger():
    second = (at("10:00"), at("10:00") + SECOND)
    found = busy((second, at("08:00")), (second, at("09:00")), (second, at("09:00") + 1))
    assert parts(found)[2:4] == (666_667, 333_333)
    assert shared(Fraction(1, 2), Fraction(1, 2)) == (1, 0)
    assert shared(Fraction(4, 3), Fraction(5, 3)) == (1, 2)


def test_a_step_without_an_end_occupies_nobody():
    cases = [path("0", "W", [during("12:00", "13:00")], resource="ana")]
    cases += [path("1", "X", [(at("09:00"), None)], resource="ana")]
    found = split(log_of(numbered(*cases)), recorded={0: at("09:00")}, order="sequence")
    assert parts(found) == (None, 0, 0, 0, None, 3 * HOUR)


def test_a_busy_step_of_unknown_enabling_counts_as_enabled_when_it_began():
    steps = numbered(
        path("0", "W", [during("12:00", "13:00")], resource="ana"),
        path("1", "X", [at("08:30")]),
        path("1", "Y", [during("09:00", "10:00")], resource="ana"),
        path("2", "YX", [during("20:00", "20:30"), during("21:00", "22:00")]),
    )  # X and Y are concurrent, so that Y depends on nothing, and X has no start
    found = split(log_of(steps), recorded={0: at("09:00")})
    assert found[2].enabled == Enabled(None)
    assert parts(found) == (None, 0, HOUR, 0, None, 2 * HOUR)
    assert parts(split(log_of(steps), recorded={0: at("08:59")}))[2:4] == (0, HOUR)


def test_outside_of_its_hours_a_resource_is_not_at_work_unless_it_works():
    hours = WeeklyHours({0: [("08:00", "09:30"), ("11:00", "16:00")]})
    cases = [path("0", "W", [during("12:00", "13:00")], resource="ana")]
    cases += [path("1", "X", [during("10:00", "10:15")], resource="ana")]
    ready = {0: at("09:00"), 1: at("09:30")}
    log = log_of(numbered(*cases))
    found = split(log, recorded=ready, order="sequence", at_work=at_work_by({"*": hours}))
    # 9:30 to 11 away, but for a quarter in which ana did what came later
    assert parts(found) == (None, 0, 0, 15 * MINUTE, 75 * MINUTE, 90 * MINUTE)
    assert parts(split(log, recorded=ready, at_work=at_work_by({"dan": hours})))[4] is None


def test_the_hours_of_a_resource_are_its_own_or_those_of_the_unit_in_which_it_has_most_steps():
    steps = [
        Step("1", "A", at("09:00"), at("10:00"), "ana", unit, row) for row, unit in enumerate("UUV")
    ]
    steps += [Step("1", "A", at("09:00"), at("10:00"), None, "V", 3)]
    u, v, own = (WeeklyHours({0: [("08:00", closes)]}) for closes in ("12:00", "13:00", "14:00"))

    def closing(hours: dict[str, WeeklyHours], row: int) -> int | None:
        found = at_work_by(hours, steps)(steps[row], at("09:00"), at("10:00"))
        return None if found is None else found[0][1]

    assert closing({"U": u, "V": v}, 2) == at("12:00")
    assert closing({"U": u, "V": v, "ana": own}, 2) == at("14:00")
    assert closing({"U": u, "V": v}, 3) == at("13:00")
    assert closing({"V": v}, 0) is None
    assert closing({"V": v, "*": own}, 0) == at("14:00")


def test_what_comes_after_a_question_to_the_applicant_waits_outside():
    steps = numbered(
        path(
            "1",
            "AQB",
            [during("08:00", "09:00"), during("09:00", "10:00"), during("12:00", "13:00")],
        )
    )
    log = log_of(steps)
    assert parts(split(log, then={"Q": "applicant"}), 2) == (2 * HOUR, None, None, None, None, 0)
    assert parts(split(log, then={"Q": "office"}), 2) == (0, None, None, None, None, 2 * HOUR)
    assert parts(split(log, then={"A": "third_party"}), 2)[0] == 2 * HOUR


def test_batching_is_what_remains_until_the_last_file_of_the_batch_is_ready():
    log, ready = of_ana(
        during("10:00", "10:30"), during("10:30", "11:00"), enabled=[at("08:00"), at("09:00")]
    )
    found = split(log, recorded=ready, order="sequence")
    assert parts(found, 0) == (None, HOUR, 0, 0, None, HOUR)
    assert parts(found, 1) == (None, 0, 30 * MINUTE, 0, None, HOUR)
    assert found[0].batch == found[1].batch == Batch("sequential", (0, 1), at("09:00"))


# --- known answers --------------------------------------------------------------------------------


def handoffs(waits: Waits) -> dict[Handoff, dict[str, int]]:
    """The waits of all steps with an enabler, summed over equal hand-offs."""
    found: dict[Handoff, dict[str, int]] = {}
    for waited in waits.values():
        if waited.enabled.by is None:
            continue
        source, target = waits[waited.enabled.by].step, waited.step
        key = (source.activity, source.resource, target.activity, target.resource)
        sums = found.setdefault(key, dict.fromkeys(["wait", *COLUMNS.values()], 0))
        for name in sums:
            sums[name] += waited.wait if name == "wait" else waited.parts[name]
        assert waited.parts["external"] is None
    return found


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_hand_made_logs_of_hand_offs_are_split_to_the_second_as_told(logs: Path, number: int):
    folder = logs / "waiting"
    steps = handoff_steps(folder / f"handoff_manual_log_{number}.csv")
    at_work = at_work_by({"Marcus": MARCUS, "*": USUAL})
    for order in ("sequence", "concurrency"):
        found = handoffs(split(log_of(steps), at_work=at_work, order=order))
        assert found == expected_handoffs(folder / f"handoff_manual_log_{number}_expected.csv")


@pytest.mark.parametrize(
    ("name", "contention", "prioritisation"),
    [
        ("resource_contention", 150, 0),  # 9:00 to 11:30, enabled at the same time
        ("prioritization", 0, 90),  # 10:00 to 11:30, enabled at ten
        ("prioritization_and_contention", 60, 90),
        ("non_processing_intervals", 60, 90),
    ],
)
def test_the_waits_of_the_four_small_logs_are_those_of_their_recorded_times(
    logs: Path, name: str, contention: int, prioritisation: int
):
    rows = rows_of(logs / "waiting" / f"{name}.csv")
    steps = [
        Step(
            r["case:concept:name"],
            r["concept:name"],
            instant_of(r["start_timestamp"]),
            instant_of(r["time:timestamp"]),
            r["org:resource"],
            row=row,
        )
        for row, r in enumerate(rows)
    ]
    recorded = {row: instant_of(r["enabled_timestamp"]) for row, r in enumerate(rows)}
    waits = split(log_of(steps), recorded=recorded)
    assert [waits[row].wait for row in range(len(rows))] == [
        duration_of(r["wt_total"]) for r in rows
    ]
    last = waits[len(rows) - 1]
    assert last.parts["contention"] == contention * MINUTE
    assert last.parts["prioritisation"] == prioritisation * MINUTE
    assert last.parts["unexplained"] == (180 - contention - prioritisation) * MINUTE
