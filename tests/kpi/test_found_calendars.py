"""Hours of work that calendars say, and those that a log shows, against definition, oracle and true calendars."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import DAY, NAT
from procmine.kpi.waiting.hours.expand import instants
from procmine.kpi.waiting.hours.found import Found, found_in, found_shifts
from procmine.kpi.waiting.hours.found_table import WEEKDAYS, found_calendars
from procmine.kpi.waiting.hours.given import shifts_of_calendars
from procmine.kpi.waiting.hours.shifts import Shifts
from procmine.kpi.waiting.hours.spans import Spans
from procmine.kpi.waiting.hours.weekly import UNLIKELY
from procmine.kpi.waiting.hours.who import Whos, unit_of_resources, who_of_steps
from tests.bound import FEWER, ZONE, bound
from tests.kpi import oracle_found
from tests.kpi.oracle_found import ALL
from tests.oracle import HOUR, MINUTE, Step

MONDAY = date(2026, 1, 5)
QUARTER = 15 * MINUTE


def at(day: date, minute: int, zone: str = ZONE) -> int:
    """A local time of a day as an instant; of one that occurs twice the first."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(
        minutes=minute
    )
    return int(local.timestamp()) * 1_000_000


def worked(
    spec: Sequence[tuple[range, int, int]],
    *,
    weeks: int = 12,
    a_day: int = 3,
    seed: int = 1,
    resource: str | None = "ana",
    unit: str | None = "Registry",
    starts: bool = True,
    off: Sequence[date] = (),
    zone: str = ZONE,
    first: date = MONDAY,
) -> list[Step]:
    """Steps of somebody who works at (weekdays, from, until) in minutes, so many a day at random."""
    chance = random.Random(seed)
    steps = []
    for number in range(weeks * 7):
        day = first + timedelta(days=number)
        if day in off:
            continue
        for weekdays, begin, end in spec:
            for _ in range(a_day if day.weekday() in weekdays else 0):
                start = chance.randrange(begin, end - 1)
                finish = min(start + chance.randrange(1, 45), end)
                begun = at(day, start, zone)
                times = begun if starts else None, max(at(day, finish, zone), begun)
                steps.append(Step(f"{resource} {len(steps)}", "A", *times, resource, unit))
    return steps


def numbered(*parts: Sequence[Step]) -> list[Step]:
    return [
        Step(f"{s.case} {row}", s.activity, s.start, s.end, s.resource, s.unit, row)
        for row, s in enumerate(step for part in parts for step in part)
    ]


OFFICE = [(range(5), 8 * 60, 12 * 60), (range(5), 13 * 60, 17 * 60)]
MORNINGS = [(range(3), 8 * 60, 12 * 60)]
NIGHTS = [(range(5), 22 * 60, 24 * 60), (range(5), 0, 6 * 60)]
SATURDAYS = [(range(1, 6), 9 * 60, 15 * 60)]
WEEKS = (OFFICE, MORNINGS, NIGHTS, SATURDAYS)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Step], str]:
    """Logs of a few persons with different weeks, some of them thin, with holidays and leave, in some zone."""
    zone = draw(st.sampled_from(["Europe/Bucharest", "UTC", "Asia/Kathmandu"]))
    first = draw(st.sampled_from([MONDAY, date(2026, 3, 9), date(2026, 9, 28)]))
    holiday = first + timedelta(days=draw(st.integers(20, 40)))
    parts = []
    for number in range(draw(st.integers(1, 4))):
        away = draw(st.integers(0, 60)), draw(st.integers(0, 25))
        leave = [first + timedelta(days=away[0] + n) for n in range(away[1])]
        parts.append(
            worked(
                draw(st.sampled_from(WEEKS)),
                weeks=draw(st.sampled_from([2, 10, 14])),
                a_day=draw(st.sampled_from([1, 3, 8])),
                seed=draw(st.integers(0, 1000)),
                resource=draw(st.sampled_from([f"r{number}", "r0", None])),
                unit=draw(st.sampled_from(["Registry", "Urbanism", None])),
                starts=draw(st.booleans()),
                off=[holiday, *leave],
                zone=zone,
                first=first,
            )
        )
    dated = [Step("d", "A", at(first, 0, zone), at(first, 1440, zone), "r0", "Registry")]
    steps = numbered(*parts, dated if draw(st.booleans()) else [])
    assume(steps)
    return steps, zone


def codes(log: pm.EventLog) -> dict[tuple[str, str], int]:
    """The code of everybody of the oracle."""
    whos = Whos.of(log)
    resources = log.resource.names() if log.resource else []
    units = log.unit.names() if log.unit else []
    names = {("resource", name): code for code, name in enumerate(resources)}
    names |= {("unit", name): whos.resources + code for code, name in enumerate(units)}
    return names | {ALL: whos.everybody}


def week(found: Found, code: int) -> dict[int, set[int]]:
    return {w: set(np.flatnonzero(found.hours[code, w]).tolist()) for w in range(7)}


def dates(days: Any) -> set[date]:
    return {date(1970, 1, 1) + timedelta(days=int(day)) for day in days}


@FEWER
@given(histories())
def test_hours_holidays_and_leave_are_those_of_the_oracle(history):
    steps, zone = history
    log = bound(steps, tz=zone)
    found, wanted = found_in(log), oracle_found.found(steps, zone)
    for who, code in codes(log).items():
        assert week(found, code) == wanted.hours[who], who
        assert dates(found.days[found.absent[code]]) == wanted.leave[who], who
    assert dates(found.days[found.holiday]) == wanted.holidays
    assert dates(found.days) == wanted.days
    assert found.enough == wanted.enough


@FEWER
@given(histories(), st.data())
def test_the_time_at_work_is_that_of_the_oracle(history, data):
    steps, zone = history
    log = bound(steps, tz=zone)
    shifts, wanted = found_shifts(log), oracle_found.found(steps, zone)
    times = [time for step in steps for time in (step.start, step.end) if time is not None]
    moments = st.integers(min(times) - 2 * DAY, max(times) + 2 * DAY)
    for who, code in codes(log).items():
        start = data.draw(moments)
        end = start + data.draw(st.integers(0, 6 * DAY))
        found = shifts.open_time(*(np.array([value]) for value in (code, start, end)))[0]
        known = wanted.open_time(who, start, end)
        assert found == (NAT if known is None else known), who


@FEWER
@given(histories(), st.integers(-3, 3))
def test_a_log_that_is_whole_weeks_later_shows_the_same_week(history, weeks):
    steps, _ = history
    later = [
        Step(
            s.case,
            s.activity,
            s.start and s.start + weeks * 7 * DAY,
            s.end and s.end + weeks * 7 * DAY,
            s.resource,
            s.unit,
            s.row,
        )
        for s in steps
    ]
    one, other = (found_in(bound(part, tz="UTC")) for part in (steps, later))
    assert np.array_equal(one.hours, other.hours)
    assert np.array_equal(one.holiday, other.holiday)
    assert np.array_equal(one.absent, other.absent)
    assert np.array_equal(one.days + 7 * weeks, other.days)


@FEWER
@given(histories(), st.data())
def test_the_time_at_work_adds_up_over_adjacent_intervals(history, data):
    steps, zone = history
    log = bound(steps, tz=zone)
    shifts = found_shifts(log)
    who = np.array(list(codes(log).values()))
    low, high = int(log.first.min()), int(log.last.max())
    cuts = sorted(data.draw(st.lists(st.integers(low, high), min_size=3, max_size=3)))
    a, b, c = (np.full(len(who), cut) for cut in cuts)
    whole, parts = shifts.open_time(who, a, c), shifts.open_time(who, a, b)
    known = whole != NAT
    assert known.all() == found_in(log).enough
    assert (whole[known] == (parts + shifts.open_time(who, b, c))[known]).all()
    assert ((whole[known] >= 0) & (whole[known] <= (c - a)[known])).all()


def hours_of(found: Found, code: int = -1) -> list[str]:
    """The hours of each weekday, as people write them."""
    return [_written(found.hours[code, w]) for w in range(7)]


def _written(quarters: Any) -> str:
    edges = np.flatnonzero(np.diff([0, *quarters.astype(int), 0])) * 15
    clock = [f"{minute // 60:02}:{minute % 60:02}" for minute in edges]
    return " ".join(f"{a}-{b}" for a, b in zip(clock[::2], clock[1::2], strict=True))


def test_a_worked_example_an_office_with_a_lunch_break():
    log = bound(numbered(worked(OFFICE, a_day=6, weeks=26)))
    assert hours_of(found_in(log)) == ["08:00-12:00 13:00-17:00"] * 5 + ["", ""]


def test_a_worked_example_of_a_break_that_chance_may_explain():
    # Definition: with 4 quarters empty and 1.5 marks expected in each, u = 6 < 7: worked in; with 2 in each u = 8
    assert oracle_found.unlikeliness(6.0, 0) < UNLIKELY <= oracle_found.unlikeliness(8.0, 0)
    assert oracle_found.unlikeliness(20.0, 8) < UNLIKELY  # 20 - 8 + 8 ln(8/20) = 4.67
    assert oracle_found.unlikeliness(20.0, 8) == pytest.approx(4.67, abs=0.005)


def test_who_has_few_marks_works_when_his_unit_does():
    few = [(range(5), 10 * 60, 11 * 60)]
    log = bound(numbered(worked(OFFICE, a_day=6), worked(few, a_day=1, weeks=1, resource="ion")))
    found, names = found_in(log), codes(log)
    assert week(found, names["resource", "ion"]) == week(found, names["unit", "Registry"])


def test_own_marks_take_away_the_hours_of_the_unit_and_add_others():
    parts = [worked(OFFICE, a_day=6, weeks=26), worked(MORNINGS, a_day=6, weeks=26, resource="ion")]
    parts.append(worked(SATURDAYS, a_day=6, weeks=26, resource="eva", seed=3))
    log = bound(numbered(*parts))
    found, names = found_in(log), codes(log)
    assert hours_of(found, names["resource", "ion"]) == ["08:00-12:00"] * 3 + [""] * 4
    assert hours_of(found, names["resource", "eva"])[0] == ""
    assert hours_of(found, names["resource", "eva"])[5] == "09:00-15:00"


def test_nights_are_worked_from_22_to_6_also_when_the_clock_changes():
    # In the night to 2026-03-29 the hour from 3 to 4 is skipped, in that to 2026-10-25 it occurs twice
    nights = [(range(7), 22 * 60, 24 * 60), (range(7), 0, 6 * 60)]
    log = bound(numbered(worked(nights, a_day=6, weeks=50)))
    shifts, who = found_shifts(log), np.zeros(3, dtype=np.int64)
    days = [date(2026, 3, 28), date(2026, 10, 24), date(2026, 6, 1)]
    begin = np.array([at(day, 22 * 60) for day in days])
    end = np.array([at(day + timedelta(days=1), 6 * 60) for day in days])
    assert (end - begin == np.array([7, 9, 8]) * HOUR).all()
    assert shifts.open_time(who, begin, end).tolist() == [7 * HOUR, 9 * HOUR, 8 * HOUR]
    assert shifts.open_time(who, begin - HOUR, end + HOUR).tolist() == [
        7 * HOUR,
        9 * HOUR,
        8 * HOUR,
    ]


@pytest.mark.parametrize(
    ("begin", "end"), [(180, 210), (225, 240), (150, 250), (0, 1440), (240, 300)]
)
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_local_hours_at_a_change_of_the_clock_are_those_of_a_calendar(day, begin, end):
    calendar = pm.Calendar(
        tz=ZONE, hours={"sun": f"{begin // 60}:{begin % 60:02}-{end // 60}:{end % 60:02}"}
    )
    midnight = (day - date(1970, 1, 1)).days * DAY
    local = np.array([midnight + begin * MINUTE]), np.array([midnight + end * MINUTE])
    _, opens, closes = instants(*local, ZONE)
    wanted = calendar.working_time(day, day + timedelta(days=1))
    assert int((closes - opens).sum()) == int(wanted / np.timedelta64(1, "us"))


def test_holidays_are_the_days_on_which_everybody_is_missed():
    off = [date(2026, 2, 11), date(2026, 3, 2), date(2026, 3, 3)]
    log = bound(numbered(worked(OFFICE, a_day=8, off=off)))
    found = found_in(log)
    assert dates(found.days[found.holiday]) == set(off)


def test_a_day_on_which_few_steps_are_expected_is_no_holiday():
    log = bound(numbered(worked(OFFICE, a_day=2, weeks=30, off=[date(2026, 2, 11)])))
    assert not found_in(log).holiday.any()


@pytest.mark.parametrize(("first", "holiday"), [(4, True), (3, False)])
def test_a_holiday_is_held_against_the_four_days_of_its_weekday_before_and_after(first, holiday):
    # the four Wednesdays before the day have 7 or 6.75 steps in the mean, those before them many
    wednesdays = [20, 20, first, 8, 8, 8, 0, 9, 9, 9, 9, 20, 20]
    steps = [
        Step(
            f"{week} {day} {n}",
            "A",
            None,
            at(MONDAY + timedelta(weeks=week, days=day), 490 + n * 20),
        )
        for week, count in enumerate(wednesdays)
        for day in range(5)
        for n in range(count if day == 2 else 5)
    ]
    found = found_in(bound(numbered(steps)))
    assert dates(found.days[found.holiday]) == ({date(2026, 2, 18)} if holiday else set())


@pytest.mark.parametrize(("away", "leave"), [(9, False), (10, True)])
def test_leave_is_held_against_the_twenty_days_of_work_before(away, leave):
    # Seen on 10 of the 20 days before, of which the first five are all missing: 0.5⁹ = 0.002, 0.5¹⁰ = 0.00098
    before = [True] * 60 + [False] * 5 + [True, False, True] * 5
    seen = [*before, *[False] * away, *[True] * 60]
    office = [day for day in (MONDAY + timedelta(days=n) for n in range(300)) if day.weekday() < 5]
    mine = [
        Step(f"{n}", "A", at(office[n], 600), at(office[n], 610), "ion", "Registry")
        for n, here in enumerate(seen)
        if here
    ]
    log = bound(numbered(worked(OFFICE, weeks=35, a_day=6), mine))
    found = found_in(log)
    absent = dates(found.days[found.absent[codes(log)["resource", "ion"]]])
    assert absent == (set(office[80 : 80 + away]) if leave else set())


def test_who_works_elsewhere_on_a_closed_day_of_the_unit_is_at_work():
    closed = [date(2026, 3, 2) + timedelta(days=n) for n in range(12)]
    help_day = closed[2]
    helping = [Step("h", "A", at(help_day, 600), at(help_day, 620), "eva", "Registry")]
    log = bound(
        numbered(worked(OFFICE), worked(OFFICE, unit="Taxe", resource="eva", off=closed), helping)
    )
    found, names = found_in(log), codes(log)
    office = {day for day in closed if day.weekday() < 5}
    assert dates(found.days[found.absent[names["unit", "Taxe"]]]) == office
    assert dates(found.days[found.absent[names["resource", "eva"]]]) == office - {help_day}


def test_leave_is_found_for_who_is_usually_seen_every_day():
    leave = [date(2026, 2, 9) + timedelta(days=n) for n in range(12)]
    log = bound(
        numbered(
            worked(OFFICE, a_day=6, weeks=26),
            worked(OFFICE, a_day=6, weeks=26, resource="ion", off=leave, seed=2),
        )
    )
    found, names = found_in(log), codes(log)
    absent = dates(found.days[found.absent[names["resource", "ion"]]])
    assert absent == {day for day in leave if day.weekday() < 5}
    assert not found.absent[names["resource", "ana"]].any()
    shifts = found_shifts(log)
    who = np.array([names["resource", "ion"], names["resource", "ana"]])
    span = np.full(2, at(leave[0], 0)), np.full(2, at(leave[-1], 1440))
    assert shifts.open_time(who, *span).tolist() == [0, 10 * 8 * HOUR]


def test_an_absence_of_more_than_40_days_of_work_is_not_called_leave():
    away = [date(2026, 3, 2) + timedelta(days=n) for n in range(70)]
    log = bound(
        numbered(worked(OFFICE, weeks=30, off=away), worked(OFFICE, weeks=30, resource="ion"))
    )
    assert not found_in(log).absent.any()


@pytest.mark.parametrize("steps", [3, 99])
def test_from_fewer_than_100_steps_nothing_is_found_and_a_note_says_so(steps):
    log = bound(numbered(worked(OFFICE, weeks=20)[:steps]))
    shifts = found_shifts(log)
    assert f"{steps} steps" in shifts.notes[0]
    assert "calendar=" in shifts.notes[0]
    who = who_of_steps(log)
    assert not shifts.known(who).any()
    assert (shifts.open_time(who, log.start, log.end) == NAT).all()
    assert not shifts.at_work(who, log.start).any()
    assert len(found_calendars(log)) == 0


def test_from_a_single_day_nothing_is_found():
    log = bound(numbered(worked([(range(1), 480, 1000)], weeks=1, a_day=300)))
    assert log.n_steps == 300
    assert "1 days" in found_shifts(log).notes[0]


def test_one_resource_for_all_without_units_works_as_everybody_does():
    log = bound(numbered(worked(OFFICE, a_day=6, unit=None)))
    found = found_in(log)
    assert len(Whos.of(log)) == 2
    assert (found.hours[0] == found.hours[1]).all()


def test_without_resources_the_hours_are_those_of_the_unit_and_without_units_of_everybody():
    steps = numbered(
        worked(OFFICE, a_day=6, resource=None), worked(OFFICE, resource=None, unit=None)
    )
    log = bound(steps)
    who = who_of_steps(log)
    assert sorted(set(who.tolist())) == [0, 1]
    assert found_shifts(log).known(who).all()


def test_one_timestamp_marks_by_the_end_alone():
    # every step ends at a quarter past, between 8:15 and 15:15
    steps = [
        Step(f"{day} {hour}", "A", None, at(MONDAY + timedelta(days=day), hour * 60 + 15))
        for day in range(60)
        for hour in range(8, 16)
    ]
    found = found_in(bound(numbered(steps)))
    assert found.marks.quarters(0, 1)[0, 0, 33] == 9
    assert found.marks.quarters(0, 1)[0, 0, 32] == 0


def test_a_log_to_the_day_has_whole_days_and_its_holidays():
    steps = [
        Step(f"{n} {k}", "A", None, at(MONDAY + timedelta(days=n), 0))
        for n in range(70)
        for k in range(9)
        if (MONDAY + timedelta(days=n)).weekday() < 5 and n != 30
    ]
    log = bound(numbered(steps))
    found = found_in(log)
    assert hours_of(found) == ["00:00-24:00"] * 5 + ["", ""]
    assert dates(found.days[found.holiday]) == {MONDAY + timedelta(days=30)}
    friday, monday = np.array([at(MONDAY, 4 * 1440)]), np.array([at(MONDAY, 7 * 1440)])
    assert found_shifts(log).open_time(np.array([0]), friday, monday).tolist() == [DAY]


def test_midnight_among_other_times_tells_no_hour():
    dated = [
        Step(f"d{n}", "A", None, at(MONDAY + timedelta(days=n), 0), "ana", "Registry")
        for n in range(80)
    ]
    log = bound(numbered(worked(OFFICE, a_day=6, weeks=26), dated))
    assert hours_of(found_in(log)) == ["08:00-12:00 13:00-17:00"] * 5 + ["", ""]


def test_a_wrong_date_far_away_leaves_the_time_between_unknown():
    slip = [
        Step("slip", "A", at(date(1926, 1, 4), 600), at(date(1926, 1, 4), 620), "ana", "Registry")
    ]
    log = bound(numbered(worked(OFFICE, a_day=6, weeks=26), slip))
    shifts = found_shifts(log)
    assert "more than a year without a step" in shifts.notes[0]
    asked = np.array([at(date(1950, 1, 2), 0), at(MONDAY, 0)])
    found = shifts.open_time(np.zeros(2, dtype=np.int64), asked, asked + 2 * DAY)
    assert found.tolist() == [NAT, 16 * HOUR]


def test_an_interval_that_leaves_the_log_or_lacks_a_time_is_not_known():
    log = bound(numbered(worked(OFFICE, a_day=6)))
    shifts, first = found_shifts(log), at(MONDAY, 600)
    start = np.array([first, first, NAT, first, first])
    end = np.array([first + HOUR, first + 400 * DAY, first, NAT, first - 1])
    assert shifts.open_time(np.zeros(5, dtype=np.int64), start, end).tolist() == [HOUR, *[NAT] * 4]


def test_times_at_work_begin_when_the_shift_opens_and_end_when_it_closes():
    shifts = shifts_of_calendars(bound(numbered(worked(OFFICE))), pm.Calendar("RO"))
    times = np.array([at(MONDAY, minute) for minute in (479, 480, 959, 960)])
    assert shifts.at_work(np.zeros(4, dtype=np.int64), times).tolist() == [False, True, True, False]


# Calendars that are given


def test_in_a_log_written_to_the_day_a_given_calendar_has_whole_days():
    export = pd.DataFrame(
        [
            ("1", "Register", "2026-04-09"),  # Thursday before the Orthodox Good Friday
            ("1", "Decide", "2026-04-15"),
        ],
        columns=["case", "activity", "timestamp"],
    )
    log = pm.read(export, case="case", activity="activity", timestamp="timestamp", tz=ZONE)
    assert log.precision == "day"
    calendar = pm.Calendar("RO", hours={"mon-thu": "08:00-16:30", "fri": "08:00-14:00"})
    shifts = shifts_of_calendars(log, calendar)
    who = who_of_steps(log)
    # 9, 14 and 15 April are worked, from midnight to midnight; 10 to 13 April are not
    days = [(9, 10, 1), (10, 14, 0), (9, 15, 2), (15, 16, 1)]
    begin, end = (np.array([at(date(2026, 4, day[side]), 0) for day in days]) for side in (0, 1))
    found = shifts.open_time(np.repeat(who[:1], len(days)), begin, end)
    assert (found / DAY).tolist() == [worked for *_, worked in days]


@pytest.mark.filterwarnings("ignore::procmine.DataQualityWarning")
def test_days_that_nobody_timed_are_not_outside_office_hours_and_count_as_working_days():
    rows = [
        (str(case), name, f"2026-01-{day:02}")
        for case in range(4)
        for name, day in (("Register", 12), ("Decide", 15))
    ]  # Monday to Thursday of one week
    export = pd.DataFrame(rows, columns=["case", "activity", "timestamp"])
    log = pm.read(export, case="case", activity="activity", timestamp="timestamp", tz=ZONE)
    calendar = pm.Calendar("RO", hours={"mon-fri": "08:00-16:00"})
    causes = pm.waiting_causes(log, by=[], calendar=calendar).set_index("cause")
    assert causes.loc["unavailability", "time"] == pd.Timedelta(0)
    (row,) = pm.bottlenecks(log, calendar=calendar).query("activity == 'Decide'").to_dict("records")
    assert row["lost_working_days"] == pytest.approx(12)


@given(st.lists(st.tuples(st.integers(0, 90 * DAY), st.integers(0, 20 * DAY)), min_size=1))
def test_given_shifts_open_as_long_as_the_calendar_works(intervals):
    log = bound(numbered(worked(OFFICE, weeks=2)))
    calendar = pm.Calendar("RO", hours={"mon-thu": "08:10-16:30", "sun": "02:00-05:00"})
    start = np.array([at(MONDAY, 0) + begin for begin, _ in intervals])
    end = start + np.array([length for _, length in intervals])
    shifts = shifts_of_calendars(log, calendar)
    found = shifts.open_time(np.zeros(len(start), dtype=np.int64), start, end)
    assert (found == calendar.working_microseconds(start, end)).all()
    assert not shifts.notes


def test_the_calendar_of_a_resource_comes_before_that_of_its_unit_and_then_the_star():
    steps = numbered(
        worked(OFFICE, weeks=1),
        worked(OFFICE, weeks=1, resource="ion"),
        worked(OFFICE, weeks=1, resource="eva", unit="Urbanism"),
    )
    log = bound(steps)
    early, late, usual = (
        pm.Calendar("RO", hours={"mon-fri": hours})
        for hours in ("06:00-07:00", "18:00-20:00", "08:00-12:00")
    )
    shifts = shifts_of_calendars(log, {"ion": early, "Registry": late, "*": usual})
    start, end = np.full(6, at(MONDAY, 0)), np.full(6, at(MONDAY, 1440))
    found = dict(zip(codes(log), shifts.open_time(np.arange(6), start, end) // HOUR, strict=True))
    assert found["resource", "ion"] == 1
    assert found["resource", "ana"] == found["unit", "Registry"] == 2
    assert found["resource", "eva"] == found["unit", "Urbanism"] == found[ALL] == 4


def test_who_has_no_calendar_is_not_known_and_the_note_counts_the_steps():
    log = bound(
        numbered(worked(OFFICE, weeks=1), worked(OFFICE, weeks=1, unit="Urbanism", resource="eva"))
    )
    shifts = shifts_of_calendars(log, {"Urbanism": pm.Calendar("RO")})
    assert shifts.notes[0].startswith("30 of 60 steps")
    known = shifts.open_time(who_of_steps(log), log.start, log.end) != NAT
    assert (known == (log.unit.codes == log.unit.code("Urbanism", what="unit"))).all()


def test_a_calendar_that_covers_a_part_leaves_the_rest_unknown_and_a_note_says_so():
    log = bound(numbered(worked(OFFICE, weeks=70)))
    shifts = shifts_of_calendars(log, pm.Calendar("RO", years=(2026, 2026)))
    last = at(date(2027, 1, 1), 0)
    start, end = np.array([last - DAY, last - DAY, last]), np.array([last, last + 1, last + DAY])
    found = shifts.open_time(np.zeros(3, dtype=np.int64), start, end)
    assert found.tolist() == [8 * HOUR, NAT, NAT]
    outside = int((log.first >= last).sum())
    assert f"{outside:,} of {log.n_steps:,} steps" in shifts.notes[0]
    assert "2026 to 2026" in shifts.notes[0]


def test_hours_without_validity_between_two_weeks_are_not_known():
    hours = [
        {"mon-fri": "08:00-16:00", "until": "2026-01-31"},
        {"mon-fri": "08:00-14:00", "from": "2026-03-01"},
    ]
    shifts = shifts_of_calendars(bound(numbered(worked(OFFICE))), pm.Calendar("RO", hours=hours))
    start = np.array([at(date(2026, 1, 30), 0), at(date(2026, 1, 30), 0), at(date(2026, 3, 2), 0)])
    end = start + np.array([DAY, 40 * DAY, DAY])
    found = shifts.open_time(np.zeros(3, dtype=np.int64), start, end)
    assert found.tolist() == [8 * HOUR, NAT, 6 * HOUR]


def test_a_calendar_of_years_that_the_log_does_not_touch_tells_nothing():
    log = bound(numbered(worked(OFFICE, weeks=1)))
    shifts = shifts_of_calendars(log, pm.Calendar("RO", years=(2020, 2021)))
    assert (shifts.open_time(who_of_steps(log), log.start, log.end) == NAT).all()
    assert "30 of 30 steps" in shifts.notes[0]


def test_a_name_that_is_neither_resource_nor_unit_is_refused_with_the_nearest():
    log = bound(numbered(worked(OFFICE, weeks=1)))
    with pytest.raises(LabelNotFoundError, match="did you mean 'Registry'"):
        shifts_of_calendars(log, {"Registri": pm.Calendar("RO")})


def test_anonymous_resources_cannot_be_named_and_the_error_says_what_to_do():
    log = bound(numbered(worked(OFFICE, weeks=1)), resources="anonymous")
    for name in ("ana", "person 1"):
        with pytest.raises(LabelNotFoundError, match="resources='name'") as caught:
            shifts_of_calendars(log, {name: pm.Calendar("RO")})
        assert "ana," not in str(caught.value)
    assert shifts_of_calendars(log, {"Registry": pm.Calendar("RO")}).known(who_of_steps(log)).all()


def test_a_calendar_of_another_zone_and_what_is_no_calendar_are_refused():
    log = bound(numbered(worked(OFFICE, weeks=1)))
    with pytest.raises(ProcmineError, match="the log of Europe/Bucharest"):
        shifts_of_calendars(log, {"*": pm.Calendar("IT")})
    for wrong in ({}, "RO", {"*": "RO"}, None):
        with pytest.raises(ProcmineError, match="give one for everybody"):
            shifts_of_calendars(log, wrong)  # type: ignore[arg-type]


def test_the_unit_of_a_resource_is_that_of_most_of_its_steps_and_of_equals_the_first_by_name():
    one = worked(OFFICE, weeks=1, unit="Urbanism")
    other = worked(OFFICE, weeks=1, unit="Registry")
    for parts, unit in (((one, other), "Registry"), ((one, other[:-1]), "Urbanism")):
        log = bound(numbered(*parts))
        assert [log.unit.names()[code] for code in unit_of_resources(log)] == [unit]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 50), st.integers(0, 9)), max_size=12),
    st.lists(st.tuples(st.integers(0, 2), st.integers(-9, 70), st.integers(-9, 70)), min_size=1),
)
def test_the_time_within_spans_is_counted_moment_by_moment(parts, asked):
    covered = {(group, at) for group, begin, length in parts for at in range(begin, begin + length)}
    units = sorted(covered)
    group, begins = np.array(units, dtype=np.int64).reshape(-1, 2).T
    spans = Spans.of(group, begins, begins + 1, 3)
    who, start, end = np.array(asked).T
    start, end = np.minimum(start, end), np.maximum(start, end)
    wanted = [
        sum((w, moment) in covered for moment in range(a, b))
        for w, a, b in zip(who, start, end, strict=True)
    ]
    assert spans.within(who, start, end).tolist() == wanted
    assert spans.inside(who, start).tolist() == [
        (w, a) in covered for w, a in zip(who, start, strict=True)
    ]


def test_an_empty_log_shows_nothing():
    log = bound(numbered(worked(OFFICE))).where(lambda cases: cases["steps"] > 9)
    assert log.n_steps == 0
    assert not found_shifts(log).known(np.array([0])).any()


# The table for people to look at


def test_the_table_tells_the_week_of_each_unit_and_of_everybody_and_of_no_person():
    taxes = worked(MORNINGS, a_day=6, weeks=26, unit="Taxe", resource="eva")
    log = bound(numbered(worked(OFFICE, a_day=6, weeks=26, off=[date(2026, 2, 11)]), taxes))
    table = found_calendars(log)
    names = "unit weekday from until source days marks steps holidays closed_days resources"
    assert list(table) == names.split()
    everybody = table[table["unit"].isna()]
    assert everybody["weekday"].drop_duplicates().tolist() == list(WEEKDAYS)
    hours = everybody[["from", "until"]].to_numpy().tolist()
    assert hours[:2] == [["08:00", "12:00"], ["13:00", "17:00"]]
    assert everybody["resources"].eq(2).all()
    assert everybody.loc[everybody["weekday"] == "Sunday", "from"].isna().all()
    shown = table[table["unit"] == "Taxe"]
    assert shown.loc[shown["from"].notna(), "until"].tolist() == ["12:00"] * 3
    assert shown["source"].tolist() == ["own"] * 5 + ["everybody"] * 2
    assert shown["days"].tolist() == [26, 26, 26, 0, 0, 0, 0]
    assert "eva" not in table.to_string()


def test_the_table_counts_holidays_and_closed_days_by_weekday():
    closed = [date(2026, 3, 2) + timedelta(days=n) for n in range(12)]
    parts = worked(OFFICE, a_day=8, off=[date(2026, 2, 11)])
    other = worked(OFFICE, unit="Taxe", resource="eva", off=[date(2026, 2, 11), *closed])
    table = found_calendars(bound(numbered(parts, other))).drop_duplicates(["unit", "weekday"])
    assert table.loc[table["unit"].isna(), "holidays"].tolist() == [0, 0, 1, 0, 0, 0, 0]
    assert table.loc[table["unit"] == "Taxe", "closed_days"].tolist() == [2] * 5 + [0] * 2
    assert table.loc[table["unit"] == "Registry", "closed_days"].tolist() == [0] * 7
    assert table.loc[table["unit"].isna(), "steps"].tolist() == [252, 252, 230, 252, 252, 0, 0]


# Against true calendars


def agreement(found: Found, true: Any, code: int) -> tuple[float, float]:
    """Which share of the hours found is right, and which share of the true ones was found."""
    hours = found.hours[code]
    return float((hours & true).sum() / max(hours.sum(), 1)), float(
        (hours & true).sum() / true.sum()
    )


def true_week(*hours: tuple[range, float, float]) -> Any:
    quarters = np.zeros((7, 96), dtype=np.bool_)
    for weekdays, begin, end in hours:
        quarters[list(weekdays), int(begin * 4) : int(end * 4)] = True
    return quarters


def timers(logs: Path, name: str) -> pm.EventLog:
    return pm.read(
        logs / "timers" / f"{name}.csv.gz",
        case="case_id",
        activity="activity",
        start="start_time",
        end="end_time",
        resource="resource",
        tz="UTC",
        resources="name",
    )


def test_the_hours_of_the_simulated_purchases_are_found_for_everybody(logs):
    # Procure_to_Pay_5_timers.json: all resources work Monday to Friday, 9:00 to 17:00
    spec = json.loads((logs / "timers" / "Procure_to_Pay_5_timers.json").read_text("utf-8"))
    (period,) = spec["resource_calendars"][0]["time_periods"]
    assert (period["beginTime"], period["endTime"]) == ("09:00:00.000", "17:00:00.000")
    log = timers(logs, "Procure_to_Pay_5_timers")
    found = found_in(log)
    true = true_week((range(5), 9, 17))
    assert [agreement(found, true, code) for code in range(22)] == [(1.0, 1.0)] * 22
    assert not found.holiday.any()
    assert not found.absent.any()


@pytest.mark.parametrize("name", ["Insurance_Claims", "Insurance_Claims_3_timers"])
def test_the_claims_of_a_single_day_show_no_week(logs, name):
    assert "on 1 days" in found_shifts(timers(logs, name)).notes[0]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_tiny_logs_made_by_hand_show_no_week(logs, number):
    log = pm.read(
        logs / "waiting" / f"handoff_manual_log_{number}.csv",
        case="case_id",
        activity="Activity",
        start="start_time",
        end="end_time",
        resource="Resource",
        tz="UTC",
    )
    assert not found_shifts(log).known(who_of_steps(log)).any()


@pytest.fixture(scope="module")
def permits(root: Path) -> pm.EventLog:
    return pm.read(
        root / "sample_logs" / "building_permits_ro.csv",
        case="Nr. dosar",
        activity="Activitate",
        start="Data început",
        end="Data sfârșit",
        resource="Funcționar",
        unit="Compartiment",
        tz="Europe/Bucharest",
        resources="name",
    )


def test_the_hours_of_the_permits_are_those_of_the_office(permits):
    # truth: Monday to Thursday 8:00 to 16:30, Friday 8:00 to 14:00. The registry is seen until 13:45 only, the
    # committee sits on Thursday mornings, and taxes are worked out from Thursday noon: less is found for those.
    found, names = found_in(permits), codes(permits)
    true = true_week((range(4), 8, 16.5), (range(4, 5), 8, 14))
    assert agreement(found, true, -1) == (1.0, 1.0)
    right = {
        name: agreement(found, true, code) for (kind, name), code in names.items() if kind == "unit"
    }
    for unit in ("Urbanism", "Autorizări", "Disciplină", "Conducere"):
        assert right[unit] == (1.0, 1.0)
    assert {unit: round(share, 2) for unit, (_, share) in right.items() if share < 1} == {
        "Registratură": 0.72,
        "Comisie": 0.06,
        "Taxe": 0.91,
    }
    people = [agreement(found, true, code) for code in range(Whos.of(permits).resources)]
    assert min(exact for exact, _ in people) == 1.0
    assert sum(share == 1.0 for _, share in people) == 24


def test_the_holidays_of_the_permits_are_those_of_the_law(permits, root):
    truth = json.loads((root / "sample_logs" / "truth.json").read_text("utf-8"))["holidays"]
    found = found_in(permits)
    working = {
        day
        for day in map(date.fromisoformat, truth)
        if day.weekday() < 5 and day in dates(found.days)
    }
    assert dates(found.days[found.holiday]) == working
    assert len(working) == 21


def test_leave_that_nobody_took_is_rarely_found_in_the_permits(permits):
    # Nobody is on leave in the sample: what is found are weeks with little work, mostly of a unit of few steps
    found = found_in(permits)
    resources = Whos.of(permits).resources
    days = int((~found.holiday & np.isin((found.days + 3) % 7, range(5))).sum())
    assert found.absent[:resources].sum() / (resources * days) < 0.012


def test_waits_that_are_called_unavailable_agree_with_the_true_calendar(permits):
    # Units whose hours are the whole office hours: of their true office time in waits less than 2 % is taken away
    calendar = pm.Calendar("RO", hours={"mon-thu": "08:00-16:30", "fri": "08:00-14:00"})
    given, found = shifts_of_calendars(permits, calendar), found_shifts(permits)
    before = np.flatnonzero(permits.case_codes[1:] == permits.case_codes[:-1])
    start, end = permits.end[before], permits.start[before + 1]
    units = [
        permits.unit.code(name, what="unit") for name in ("Urbanism", "Autorizări", "Conducere")
    ]
    chosen = (end >= start) & np.isin(permits.unit.codes[before + 1], units)
    who = who_of_steps(permits)[before + 1][chosen]
    true, shown = (shifts.open_time(who, start[chosen], end[chosen]) for shifts in (given, found))
    assert (shown <= true).all()
    assert 0.98 < shown.sum() / true.sum() < 1


def test_shifts_are_plain_arrays_that_many_may_share(permits):
    shifts = found_shifts(permits)
    assert isinstance(shifts, Shifts)
    assert len(shifts.hours) < len(shifts.schedule)
    assert pd.Series(shifts.schedule).between(0, len(shifts.hours) - 1).all()
