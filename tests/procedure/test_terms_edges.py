"""Terms at their edges, each with the answer that was worked out by hand; the oracle must say the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.procedure.comparing import differences, plain, table
from tests.procedure.random_days import Kalendar, usual, with_own_days
from tests.procedure.told import Acts, told

PLAIN = {"roll_on": ["sat", "sun", "holiday"]}
PAUSE = {"id": "pause", "from": "asked", "until": "answered"}


def _row(
    acts: Acts,
    as_of: str,
    *,
    place: str = "NL",
    length: dict[str, Any] | None = None,
    attributes: dict[str, Any] | None = None,
    kalendar: Kalendar | None = None,
    changes: dict[str, Any] | None = None,
    **term: Any,
) -> dict[str, Any]:
    """The only row of a case with one own term that starts with "received"."""
    given = {"id": "term", "start": "received", "counting": PLAIN, **term}
    if "due_attribute" not in given:
        given["length"] = length or {"n": 10, "unit": "day"}
    world = told(
        place, [given], {"1": acts}, as_of, attributes={"1": attributes or {}}, kalendar=kalendar
    )
    world.written["events"].update(changes or {})
    assert not differences(world)
    (row,) = plain(table(world))
    return row


def test_a_decision_ten_minutes_before_midnight_of_the_last_day_is_in_time() -> None:
    row = _row([("received", "2026-06-01 23:50"), ("closed", "2026-06-11 23:50")], "2026-06-20")
    assert (row["due"], row["state"], row["days_late"]) == (date(2026, 6, 11), "on_time", 0)


def test_a_decision_after_midnight_of_the_last_day_is_late() -> None:
    row = _row([("received", "2026-06-01"), ("closed", "2026-06-12 00:10")], "2026-06-20")
    assert (row["state"], row["days_late"]) == ("late", 1)


def test_what_happened_later_on_the_day_of_as_of_is_not_seen() -> None:
    acts = [("received", "2026-06-01 09:00"), ("closed", "2026-06-05 14:00")]
    assert _row(acts, "2026-06-05 13:59")["state"] == "running"
    assert _row(acts, "2026-06-05")["state"] == "on_time"


def test_a_day_of_the_case_counts_from_that_day_on() -> None:
    came = {"received": {"attribute": "Due"}}  # any date of the case will do
    acts = [("asked", "2026-06-01")]
    seen = {"Due": date(2026, 6, 3)}
    assert _row(acts, "2026-06-02", attributes=seen, changes=came)["start_event"] == "first step"
    assert _row(acts, "2026-06-03", attributes=seen, changes=came)["started"] == date(2026, 6, 3)


def test_the_due_date_of_a_case_that_ended_while_the_clock_stood_still_rolls() -> None:
    acts = [("received", "2026-06-01"), ("asked", "2026-06-04"), ("closed", "2026-06-06")]
    row = _row([*acts, ("answered", "2026-06-09")], "2026-06-20", pauses=[PAUSE])
    assert row["paused_days"] == 2
    assert row["due"] == date(2026, 6, 15)  # 11 June and 2 days are Saturday the 13th


def test_a_second_notice_counts_after_the_window_of_the_first_has_passed() -> None:
    acts = [("received", "2026-06-01"), ("asked", "2026-06-02"), ("asked", "2026-06-10")]
    row = _row(acts, "2026-06-30", pauses=[{**PAUSE, "window_days": 5}])
    assert row["paused_days"] == 10
    assert row["due"] == date(2026, 6, 22)  # 21 June is a Sunday


def test_a_notice_within_the_window_of_another_changes_nothing() -> None:
    acts = [("received", "2026-06-01"), ("asked", "2026-06-02"), ("asked", "2026-06-07")]
    row = _row(acts, "2026-06-30", pauses=[{**PAUSE, "window_days": 5}])
    assert (row["paused_days"], row["due"]) == (5, date(2026, 6, 16))


def test_the_clock_runs_again_on_the_day_of_the_answer_where_the_rule_says_so() -> None:
    acts = [("received", "2026-06-01"), ("asked", "2026-06-02"), ("answered", "2026-06-08")]
    pause = {**PAUSE, "end_day_counts_as_running": True}
    row = _row(acts, "2026-06-30", pauses=[pause])
    assert (row["paused_days"], row["due"]) == (5, date(2026, 6, 16))


def test_a_pause_that_ended_before_the_term_began_uses_none_up() -> None:
    acts = [
        *[("asked", "2026-05-28"), ("answered", "2026-06-01"), ("received", "2026-06-01")],
        *[("asked", "2026-06-03"), ("answered", "2026-06-05")],
    ]
    row = _row(acts, "2026-06-30", pauses=[{**PAUSE, "times": 1}])
    assert (row["paused_days"], row["requested_days"], row["due"]) == (2, 2, date(2026, 6, 15))


def test_a_pause_after_the_due_date_does_not_revive_the_term() -> None:
    acts = [("received", "2026-06-01"), ("asked", "2026-06-12"), ("answered", "2026-06-15")]
    row = _row(acts, "2026-06-30", pauses=[PAUSE])
    assert (row["due"], row["paused_days"], row["excess_days"]) == (date(2026, 6, 11), 0, 3)


def test_the_period_of_one_event_is_none_of_another() -> None:
    acts = [("received", "2026-06-01"), ("asked", "2026-06-02"), ("told", "2026-06-29")]
    pause = {**PAUSE, "from": ["asked", "told"], "requires_period": True}
    given = {"told": {"activity": ["told"], "period": {"days": 30}}}
    row = _row(acts, "2026-06-20", pauses=[pause], changes=given)
    assert (row["paused_days"], row["state"]) == (0, "overdue")


def test_an_extension_for_what_the_case_is_outlives_a_restart_and_one_by_an_act_does_not() -> None:
    acts = [
        *[("received", "2026-06-01"), ("longer", "2026-06-02")],
        *[("asked", "2026-06-03"), ("answered", "2026-06-05")],
    ]
    restart = {**PAUSE, "effect": "restart_full"}
    several = {"by": {"n": 4, "unit": "day"}, "if": {"several": True}}
    by_act = {"by": {"n": 20, "unit": "day"}, "event": "longer"}
    row = _row(
        acts, "2026-06-10", pauses=[restart], extend=[several, by_act], attributes={"several": True}
    )
    assert (row["due"], row["extended"], row["voided_days"]) == (date(2026, 6, 19), True, 2)


def test_an_extension_on_the_due_date_itself_is_in_time_and_a_day_later_is_not() -> None:
    longer = [{"by": {"n": 5, "unit": "day"}, "event": "longer"}]
    in_time = [("received", "2026-06-01"), ("longer", "2026-06-11")]
    assert _row(in_time, "2026-06-30", extend=longer)["due"] == date(2026, 6, 16)
    too_late = _row(
        [("received", "2026-06-01"), ("longer", "2026-06-12")], "2026-06-30", extend=longer
    )
    assert too_late["due"] == date(2026, 6, 11)
    assert too_late["remarks"] == {"extension after the due date"}


def test_a_holiday_on_a_saturday_rolls_where_saturdays_do_not() -> None:
    italian = {"roll_on": ["sun", "holiday"]}  # Ferragosto of 2026 is a Saturday
    row = _row([("received", "2026-08-05")], "2026-08-06", place="IT", counting=italian)
    assert row["due"] == date(2026, 8, 17)
    row = _row([("received", "2026-08-12")], "2026-08-13", place="IT", counting=italian)
    assert row["due"] == date(2026, 8, 22)  # an ordinary Saturday


def test_a_term_that_ends_on_a_bridge_day_rolls_with_the_option_only() -> None:
    bridge = with_own_days("RO", {date(2025, 5, 2): ("bridge", "office")})
    acts = [("received", "2025-04-22")]
    row = _row(acts, "2025-04-23", place="RO", kalendar=bridge)
    assert row["due"] == date(2025, 5, 2)
    row = _row(acts, "2025-04-23", place="RO", kalendar=bridge, options={"bridge": True})
    assert row["due"] == date(2025, 5, 5)


def test_an_equated_day_is_a_working_day_on_which_no_dutch_term_ends() -> None:
    dutch = {"roll_on": ["sat", "sun", "holiday", "equated"]}
    working = {"n": 1, "unit": "working_day"}
    row = _row([("received", "2026-05-04")], "2026-05-04", counting=dutch)
    assert row["due"] == date(2026, 5, 18)  # the 14th is Ascension Day, the 15th equated
    row = _row([("received", "2026-05-13")], "2026-05-13", length=working, counting=PLAIN)
    assert row["due"] == date(2026, 5, 15)


def test_a_term_longer_than_the_limit_ends_on_a_sunday() -> None:
    limited = {**PLAIN, "not_if_longer_than": {"days": 12}}
    acts = [("received", "2026-06-01")]
    row = _row(acts, "2026-06-02", length={"n": 13, "unit": "day"}, counting=limited)
    assert row["due"] == date(2026, 6, 14)
    row = _row(acts, "2026-06-02", length={"n": 12, "unit": "day"}, counting=limited)
    assert row["due"] == date(2026, 6, 15)


def test_a_term_of_three_days_holds_two_working_days() -> None:
    least = {**PLAIN, "min_working_days": {"from_days": 3, "at_least": 2}}
    acts = [("received", "2026-12-24")]  # Christmas, Saturday and Sunday follow
    row = _row(acts, "2026-12-24", length={"n": 3, "unit": "day"}, counting=least)
    assert row["due"] == date(2026, 12, 29)
    row = _row(acts, "2026-12-24", length={"n": 2, "unit": "day"}, counting=least)
    assert row["due"] == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("acts", "owner", "days"),
    [
        ([("to_them", "2026-06-03 09:00"), ("to_us", "2026-06-03 09:00")], "office", (9, 0)),
        ([("to_us", "2026-06-03 09:00"), ("to_them", "2026-06-03 10:00")], "applicant", (2, 7)),
        ([("to_them", "2026-06-03 09:00"), ("to_us", "2026-06-05 23:59")], "office", (7, 2)),
    ],
)
def test_a_day_is_of_him_whose_turn_it_was_when_it_began(
    acts: Acts, owner: str, days: tuple[int, int]
) -> None:
    term = {"id": "term", "start": "received", "length": {"n": 10, "unit": "day"}}
    world = told("GR", [term], {"1": [("received", "2026-06-01"), *acts]}, "2026-06-10")
    then = {"to_them": "applicant", "to_us": "office"}
    world.written["activities"] = [
        {"name": name, "then": then[name]} if name in then else name
        for name in world.written["activities"]
    ]
    assert not differences(world)
    (row,) = plain(table(world))
    assert row["owner"] == owner
    assert (row["office_days"], row["applicant_days"]) == days


def test_a_calendar_that_ends_too_early_makes_the_term_unknown() -> None:
    from procmine.calendars import Calendar

    short = Kalendar(usual("NL").days, Calendar("NL", years=(2026, 2026)))
    term = {"id": "term", "start": "received", "length": {"n": 10, "unit": "day"}}
    cases = {"1": [("received", "2026-12-28")], "2": [("received", "2026-12-01")]}
    found = plain(table(told("NL", [term], cases, "2026-12-30", kalendar=short)))
    assert [row["state"] for row in found] == ["unknown", "overdue"]
    assert "calendar" in found[0]["reason"]


ASKED = [("received", "2026-06-01"), ("asked", "2026-06-03"), ("answered", "2026-06-20")]


@pytest.mark.parametrize(
    ("remark", "acts", "term"),
    [
        ("two starts", [("received", "2026-06-01"), ("received", "2026-06-02")], {}),
        (
            "pause before the start",
            [("asked", "2026-05-30"), ("received", "2026-06-01"), ("answered", "2026-06-03")],
            {"pauses": [PAUSE]},
        ),
        (
            "pause after the due date",
            [("received", "2026-06-01"), ("asked", "2026-06-12"), ("answered", "2026-06-14")],
            {"pauses": [PAUSE]},
        ),
        ("pause without a given period", ASKED, {"pauses": [{**PAUSE, "requires_period": True}]}),
        ("pause beyond its lawful length", ASKED, {"pauses": [{**PAUSE, "max_days": 5}]}),
        (
            "pause too late or too often to count",
            ASKED,
            {"pauses": [{**PAUSE, "within_days_of_start": 1}]},
        ),
        (
            "pause too late or too often to count",
            [*ASKED, ("asked", "2026-06-21"), ("answered", "2026-06-22")],
            {"pauses": [{**PAUSE, "times": 1}]},
        ),
        (
            "longer term granted too late",
            [("received", "2026-06-01"), ("told", "2026-06-12")],
            {"replace_term": {"length": {"n": 30, "unit": "day"}, "event": "told"}},
        ),
        (
            "extension after the due date",
            [("received", "2026-06-01"), ("longer", "2026-06-12")],
            {"extend": [{"by": {"n": 5, "unit": "day"}, "event": "longer"}]},
        ),
    ],
)
def test_a_remark_says_what_is_odd_in_the_acts_of_a_case(
    remark: str, acts: Acts, term: dict[str, Any]
) -> None:
    assert _row(acts, "2026-06-30", **term)["remarks"] == {remark}


def test_a_remark_says_that_the_equated_days_of_a_year_are_not_known() -> None:
    dutch = {"roll_on": ["sat", "sun", "holiday", "equated"]}
    term = {"id": "term", "start": "received", "length": {"n": 10, "unit": "day"}}
    world = told(
        "NL", [{**term, "counting": dutch}], {"1": [("received", "2015-06-01")]}, "2015-06-02"
    )
    assert list(table(world)["remarks"]) == ["equated days of the year not known"]
