"""Workload: by hand, against plain loops and by its laws; and what a staff file may say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import conftest
import procmine as pm
from procmine.errors import DataQualityWarning, LabelNotFoundError, ProcmineError
from procmine.kpi.workload.queue import queue_of
from procmine.kpi.workload.staff import Posts, staff_of
from procmine.kpi.workload.workload import workload
from procmine.procedure import Procedure
from tests.bound import FEWER, ZONE, bound, instant, last_known, numbered, path
from tests.kpi import oracle_stocks, oracle_waiting
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs

MONDAY = (
    20_458 * DAY - 2 * HOUR
)  # 2026-01-05, at midnight in Bucharest; the 6th and 7th are holidays there
OFFICE = pm.Calendar(tz=ZONE, hours={"mon-fri": "08:00-16:00"}, years=(2024, 2028))
ALWAYS = pm.Calendar(tz=ZONE, hours={"mon-sun": "00:00-24:00"}, years=(2024, 2028))
PERIODS = st.sampled_from("DWMQY")


def at(day: int, hour: float) -> int:
    return MONDAY + day * DAY + round(hour * HOUR)


def checks(count: int, *, day: int = 0, hours: float = 2) -> list[list[Step]]:
    """So many cases that are checked at ten on a day after the Monday."""
    begin, end = at(day, 10), at(day, 10 + hours)
    return [path(f"{day} {n}", ["Checked"], [(begin, end)], unit="Urbanism") for n in range(count)]


def weeks(*cases: list[Step], staff: Any = None, until: int = 20, **options: Any) -> pd.DataFrame:
    """The workload of Urbanism, up to the end of a day after the Monday."""
    found = workload(
        bound(numbered(*cases)), OFFICE, staff=staff, as_of=instant(at(until + 1, 0) - 1), **options
    )
    return found[found["unit"] == "Urbanism"].reset_index(drop=True)


# --- worked examples ------------------------------------------------------------------------------


def test_a_worked_example_of_the_utilisation_law_needed_over_available():
    # ρ = λ E[S] / c: 10 a week × 2 hours / (1 post × 40 hours)
    found = weeks(*checks(10), *checks(5, day=7, hours=2), staff={"Urbanism": 1}, until=13)
    assert found["arrivals"].tolist() == [10, 5]
    assert found["hours_needed"].tolist() == [20, 10]
    assert found["hours_available"].tolist() == pytest.approx([40, 40])
    assert found["utilisation"].tolist() == pytest.approx([0.5, 0.25])
    assert found["queue_hours"].tolist() == [0, 0]


def test_a_worked_example_of_lindley_1952_what_is_too_much_waits():
    # 30 checks of 2 hours come to 40 hours of staff: 20 are left, half a week of it
    found = weeks(*checks(30), *checks(5, day=7), staff={"Urbanism": 1})
    assert found["queue_hours"].tolist() == pytest.approx([20, 0, 0])
    assert found["queue_weeks"].tolist() == pytest.approx([0.5, 0, 0])
    assert found["utilisation"].iloc[0] == pytest.approx(1.5)


def test_hours_are_those_of_the_office_nights_and_weekends_left_out():
    over_the_weekend = path("1", ["Checked"], [(at(4, 15), at(7, 9))], unit="Urbanism")
    assert weeks(over_the_weekend, staff={"Urbanism": 1})["hours_needed"].iloc[0] == 2


def test_a_week_with_holidays_has_fewer_hours():
    office = pm.Calendar("RO", hours={"mon-fri": "08:00-16:00"})
    found = workload(bound(checks(1, day=1)[0]), office, staff={"Urbanism": 2}, as_of="2026-01-11")
    assert found["hours_available"].tolist() == [2 * 3 * 8]


def test_the_week_of_as_of_counts_until_then():
    found = workload(bound(checks(1)[0]), OFFICE, staff={"Urbanism": 1}, as_of=instant(at(1, 12)))
    assert found["hours_available"].tolist() == pytest.approx([8 + 4])
    assert found["queue_weeks"].tolist() == [0]


def test_the_mean_is_that_of_the_unit_and_of_all_units_where_the_unit_has_none():
    slow = path("1", ["Checked"], [(at(0, 8), at(0, 12))], unit="Slow")
    begun = [Step("2", "Checked", start=at(0, 8), unit="Urbanism")]
    found = workload(bound(numbered(slow, *checks(1), begun)), OFFICE, as_of="2026-01-05")
    assert found.set_index("unit")["hours_needed"].to_dict() == {"Slow": 4, "Urbanism": 4}
    other = [Step("2", "Checked", start=at(0, 8), unit="Third")]
    found = workload(bound(numbered(slow, *checks(1), other)), OFFICE, as_of="2026-01-05")
    assert found.set_index("unit")["hours_needed"]["Third"] == 3


def test_a_step_that_was_suspended_for_half_of_its_time_took_half_of_its_hours():
    frame = pd.DataFrame(
        {
            "case": "1",
            "activity": "Checked",
            "transition": ["start", "suspend", "resume", "complete"],
            "time": pd.to_datetime([f"2026-01-05 {hour}:00" for hour in (10, 11, 13, 14)]),
            "unit": "Urbanism",
        }
    )
    log = pm.read(
        frame,
        case="case",
        activity="activity",
        timestamp="time",
        lifecycle="transition",
        unit="unit",
        tz=ZONE,
    )
    assert workload(log, OFFICE)["hours_needed"].tolist() == [2]


def test_arrivals_completions_and_what_is_in_progress():
    steps = [
        *path("1", ["Registered"], [(at(0, 9), at(0, 9))], unit="Registry"),
        *path("1", ["Checked"], [(at(5, 9), at(8, 9))], unit="Urbanism"),
    ]
    found = weeks(steps)
    assert found["arrivals"].tolist() == [1, 0, 0]
    assert found["completions"].tolist() == [0, 1, 0]
    assert found["in_progress"].tolist() == [1, 0, 0]


# --- what is not known ----------------------------------------------------------------------------


def test_without_staff_the_hours_needed_are_told_alone():
    found = weeks(*checks(3))
    assert found["hours_needed"].iloc[0] == 6
    missing = ["hours_available", "utilisation", "queue_hours", "queue_weeks"]
    assert found[missing].isna().all(axis=None)
    assert found["basis"].str.contains("no staff given").all()
    assert found["basis"].str.contains("office Europe/Bucharest").all()


def test_a_unit_that_the_staff_does_not_name_has_no_hours():
    steps = [*checks(1), path("2", ["Filed"], [(at(0, 9), at(0, 10))], unit="Registry")]
    found = workload(bound(numbered(*steps)), OFFICE, staff={"Urbanism": 1}, as_of="2026-01-11")
    of = found.set_index("unit")
    assert of["hours_available"].isna().to_dict() == {"Registry": True, "Urbanism": False}
    assert "not among the staff given" in of.loc["Registry", "basis"]


def test_without_starts_hours_are_missing_unless_the_staff_file_says_them():
    log = bound(path("1", ["Filed", "Checked"], [at(0, 9), at(0, 12)], unit="Urbanism"), start=None)
    found = workload(log, OFFICE, staff={"Urbanism": 1})
    assert found["hours_needed"].isna().all()
    assert found["in_progress"].isna().all()
    assert "no hours known of 'Filed', 'Checked'" in found["basis"].iloc[0]
    said = [
        {"unit": "Urbanism", "posts": 1},
        {"activity": "filed", "hours": 0.5},
        {"activity": "Checked", "hours": 9},
        {"unit": "urbanism", "activity": "Checked", "hours": 2},
    ]
    found = workload(log, OFFICE, staff=said)
    assert found["hours_needed"].tolist() == [2.5]
    assert found["completions"].tolist() == [2]


def test_with_estimated_starts_hours_are_estimated():
    times = [at(0, 9), at(0, 12)]
    steps = path("1", ["Filed", "Checked"], times, unit="Urbanism", resource="ana")
    log = bound(steps, start=None)
    found = workload(log, OFFICE, starts="estimate", staff={"Urbanism": 1})
    assert found["hours_needed"].isna().all()  # of the first step nothing is known
    checked = workload(log, OFFICE, starts="estimate", staff=[{"activity": "Filed", "hours": 1}])
    assert checked["hours_needed"].tolist() == [4]


def test_the_basis_names_estimated_starts():
    steps = path("1", ["Filed", "Checked"], [at(0, 9), at(0, 12)], unit="U", resource="ana")
    found = workload(bound(steps, start=None), OFFICE, starts="estimate")
    assert found["basis"].str.contains("the starts of 1 of 2 steps are estimated").all()
    assert not workload(bound(checks(1)[0]), OFFICE)["basis"].str.contains("estimated").any()


def test_a_step_whose_start_is_estimated_from_an_end_after_as_of_is_not_known_yet():
    steps = path("1", ["Filed", "Checked"], [at(0, 9), at(3, 12)], unit="U", resource="ana")
    log, as_of = bound(steps, start=None), instant(at(1, 0))
    found = workload(log, OFFICE, starts="estimate", by="activity", as_of=as_of)
    assert found["activity"].tolist() == ["Filed"]
    queue = pm.queues(log, starts="estimate", as_of=as_of)
    assert "Checked" not in set(queue["activity"])


def test_a_queue_that_the_log_refutes_is_not_told_in_weeks():
    # 60 checks of two hours in a week with 40 hours of staff, and all are completed by its end
    found = weeks(*checks(60), staff={"Urbanism": 1}, until=6)
    assert found["utilisation"].tolist() == pytest.approx([3])
    assert found["completions"].tolist() == found["arrivals"].tolist() == [60]
    assert found["queue_weeks"].isna().all()
    assert found["basis"].str.contains("desk time with other work in parallel").all()


def test_a_queue_of_steps_that_are_not_completed_is_real():
    waiting = [[Step(f"open {n}", "Checked", start=at(0, 9), unit="Urbanism")] for n in range(30)]
    found = weeks(*checks(30), *waiting, staff={"Urbanism": 1}, until=6)
    assert found["queue_weeks"].tolist() == pytest.approx([2])
    assert not found["basis"].str.contains("desk time").any()


def test_without_posts_there_is_no_utilisation_and_all_work_waits():
    found = weeks(*checks(3), staff={"Urbanism": 0})
    assert found["hours_available"].tolist() == [0, 0, 0]
    assert found["utilisation"].isna().all()
    assert found["queue_hours"].tolist() == [6, 6, 6]
    assert found["queue_weeks"].isna().all()


def test_posts_change_from_a_day_on_and_weeks_not_covered_are_missing():
    staff = pd.DataFrame(
        {
            "unit": "Urbanism",
            "posts": [1, 3],
            "from": ["2026-01-05", "2026-01-14"],
            "until": ["2026-01-13", "2026-01-18"],
        }
    )
    found = weeks(*checks(3), staff=staff)
    assert found["hours_available"].tolist() == pytest.approx(
        [40, 16 + 3 * 24, np.nan], nan_ok=True
    )
    assert found["queue_hours"].isna().tolist() == [False, False, True]


def test_posts_that_overlap_add_up():
    staff = [
        {"unit": "Urbanism", "posts": 2},
        {"unit": "Urbanism", "posts": 0.5, "from": "2026-01-12", "until": "2026-01-18"},
    ]
    found = weeks(*checks(3), staff=staff)
    assert found["hours_available"].tolist() == pytest.approx([80, 100, 80])


def test_the_queue_begins_with_the_work_present_when_the_staff_is_first_known():
    long = [path(f"{n}", ["Checked"], [(at(0, 8), at(8, 16))], unit="Urbanism") for n in range(2)]
    staff = [{"unit": "Urbanism", "posts": 1, "from": "2026-01-12"}]
    found = weeks(*long, staff=staff)
    assert found["hours_needed"].iloc[0] == 2 * 56
    assert found["queue_hours"].tolist() == pytest.approx([np.nan, 72, 32], nan_ok=True)


def test_no_office_hours_no_workload():
    with pytest.raises(ProcmineError, match=r"give calendar=pm\.Calendar"):
        workload(bound(checks(1)[0]))
    with pytest.raises(ProcmineError, match="the calendar is of the zone"):
        workload(bound(checks(1)[0]), pm.Calendar("IT"))


def test_the_office_hours_may_be_those_of_the_procedure():
    procedure = Procedure.parse("procedure: small\ncountry: RO")
    found = workload(bound(checks(1)[0]), procedure=procedure)
    assert found["hours_needed"].tolist() == [2]
    assert "office RO" in found["basis"].iloc[0]


def test_persons_are_no_key_and_a_role_is():
    frame = pd.DataFrame(
        {
            "case": ["1", "1", "2"],
            "activity": ["A", "B", "A"],
            "start": pd.to_datetime(["2026-01-05 09:00", "2026-01-05 10:00", "2026-01-05 11:00"]),
            "end": pd.to_datetime(["2026-01-05 10:00", "2026-01-05 12:00", "2026-01-05 12:00"]),
            "clerk": ["ana", "ion", "ion"],
            "role": ["Inspector", "Head", "Inspector"],
        }
    )
    log = pm.read(
        frame,
        case="case",
        activity="activity",
        start="start",
        end="end",
        resource="clerk",
        tz=ZONE,
        keep=["role"],
    )
    found = workload(log, OFFICE, by="role", staff={"inspector": 2, "Head": 1}).set_index("role")
    assert found["hours_needed"].to_dict() == {"Head": 2, "Inspector": 2}
    assert found["hours_available"].notna().all()
    for person in ("resource", "clerk"):
        with pytest.raises(ProcmineError, match="would rank persons"):
            workload(log, OFFICE, by=person)
    with pytest.raises(LabelNotFoundError, match="'unit'"):
        workload(log, OFFICE)


def test_a_worked_example_of_persons_three_and_more_are_counted_fewer_are_not_told():
    def check(day: int, who: str) -> list[Step]:
        return path(
            f"{day} {who}", ["Checked"], [(at(day, 9), at(day, 10))], unit="Urbanism", resource=who
        )

    weekly = [*[(0, "a"), (1, "b"), (2, "c"), (3, "a")], *[(7, "a"), (8, "b")]]
    found = weeks(*(check(day, who) for day, who in weekly), until=13)
    assert found["persons"].tolist()[0] == 3
    assert pd.isna(found["persons"].tolist()[1])  # two persons
    alone = weeks(*checks(5), until=6)
    assert alone["persons"].isna().all()  # nobody is known


WORK = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 1), st.integers(0, 20), st.integers(0, 9), st.booleans()
    ),
    min_size=1,
    max_size=40,
)


@given(WORK)
def test_the_persons_are_those_that_plain_loops_find(work: list[tuple[int, int, int, int, bool]]):
    steps = [
        Step(str(row), "Checked", at(day, 9), at(day + length, 9), f"p{who}" if known else None, f"u{unit}", row)
        for row, (who, unit, day, length, known) in enumerate(work)
    ]  # fmt: skip
    found = workload(bound(steps), OFFICE, as_of=instant(at(30, 0)))
    seen: dict[tuple[int, str], set[str]] = {}
    for step in steps:
        for time in (step.start, step.end):
            if step.resource is not None:
                seen.setdefault(((time - MONDAY) // (7 * DAY), step.unit), set()).add(step.resource)
    weeks_since = (found["period_start"] - pd.Timestamp("2026-01-05")) // pd.Timedelta("7D")
    expected = [len(seen.get(key, ())) for key in zip(weeks_since, found["unit"], strict=True)]
    assert found["persons"].fillna(-1).tolist() == [n if n >= 3 else -1 for n in expected]


def test_an_estimated_start_shows_nobody_at_work():
    steps = [Step(str(n), "Checked", None, at(7, 9 + n), f"p{n}", "Urbanism", n) for n in range(3)]
    more = [Step("x", "Came", at(0, 9), at(0, 10), "p9", "Urbanism", 3)]
    more += [Step(str(n), "Came", at(1, 9), at(1, 10), "p9", "Urbanism", 4 + n) for n in range(3)]
    found = weeks(steps, more, until=13, starts="estimate")
    assert found["persons"].fillna(-1).tolist() == [-1, 3]


def test_costs_price_the_hours_needed():
    from procmine.kpi.costs.costs import Costs

    steps = [*checks(1), path("2", ["Filed"], [(at(0, 9), at(0, 10))], unit="Registry")]
    costs = Costs(currency="RON", hour=50, hour_by_unit={"urbanism": 80})
    found = workload(bound(numbered(*steps)), OFFICE, costs=costs).set_index("unit")
    assert found["cost"].to_dict() == {"Registry": 50, "Urbanism": 160}
    assert found["basis"].str.startswith("cost in RON").all()
    unpriced = Costs(currency="RON", hour_by_unit={"Urbanism": 80})
    found = workload(bound(numbered(*steps)), OFFICE, costs=unpriced).set_index("unit")
    assert found["cost"].isna().to_dict() == {"Registry": True, "Urbanism": False}


# --- staff files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";"])
def test_staff_is_read_from_a_csv_file(tmp_path: Path, separator: str) -> None:
    lines = [
        "unit,posts,from,until,activity,hours",
        'Urbanism,"2.5",2026-01-05,,,',
        ",,,,Checked,1.5",
        ",,,,,",
    ]
    text = "\n".join(lines).replace('"', "").replace(",", separator)
    (tmp_path / "staff.csv").write_text(text, encoding="utf-8-sig")
    staff = staff_of(tmp_path / "staff.csv")
    assert staff.posts == (Posts("Urbanism", 2.5, 20_458),)
    assert staff.hours == {("", "Checked"): 1.5}


@pytest.mark.parametrize(
    ("staff", "said"),
    [
        ({}, "staff has no rows"),
        (7, "staff=7 is no staff"),
        ([7], "staff, row 1: 7 is no row"),
        ({"Urbanism": -1}, "'Urbanism' says -1 for posts"),
        ({"Urbanism": "many"}, "says 'many' for posts"),
        ([{"unit": "Urbanism"}], "row 1 has no posts"),
        ([{"posts": 1}], "row 1 names no unit"),
        ([{"unit": "U", "post": 1}], "(?s)'post' that means nothing.*did you mean 'posts'"),
        ([{"unit": "U", "posts": 1, "from": "5.1.2026"}], "write it as 2026-03-31"),
        (
            [{"unit": "U", "posts": 1, "from": "2026-02-01", "until": "2026-01-01"}],
            "until 2026-01-01 is before from 2026-02-01",
        ),
        ([{"activity": "Checked"}], "row 1 has no hours"),
        ("nowhere.csv", r"cannot read nowhere\.csv"),
    ],
)
def test_staff_that_cannot_be_used_is_refused_in_words(staff: Any, said: str) -> None:
    with pytest.raises(ProcmineError, match=said):
        staff_of(staff)


def test_units_and_activities_that_the_log_does_not_have_are_told_once():
    log = bound(checks(1)[0])
    with pytest.warns(DataQualityWarning, match="(?s)2 units or .*did you mean 'Urbanism'"):
        workload(
            log, OFFICE, staff=[{"unit": "Urbanims", "posts": 1}, {"activity": "B", "hours": 1}]
        )
    with pytest.warns(DataQualityWarning, match="names what the log does not have: 'Urbanims'"):
        workload(log, OFFICE, staff={"Urbanims": 1})


# --- against the oracle, and laws -----------------------------------------------------------------


@given(logs(), PERIODS)
def test_the_workload_is_that_of_the_oracle(steps, period):
    as_of = last_known(steps)
    found = workload(bound(steps), ALWAYS, by="activity", period=period, as_of=instant(as_of))
    log = oracle_waiting.log_of(steps)
    enabled = oracle_waiting.enabled_steps(log)
    come = {step.row: enabled[step.row].at for step in steps}
    come = {step.row: step.first if come[step.row] is None else come[step.row] for step in steps}
    bounds = oracle_stocks.edges(min(come.values()), as_of, period, ZONE)
    for activity in {step.activity for step in steps}:
        of, mine = (
            found[found["activity"] == activity],
            [s for s in steps if s.activity == activity],
        )
        arrived = oracle_stocks.stocks([(come[s.row], None) for s in mine], bounds)
        assert of["arrivals"].tolist() == [period.came for period in arrived]
        ended = oracle_stocks.stocks([(s.end, None) for s in mine if s.end is not None], bounds)
        assert of["completions"].tolist() == [period.came for period in ended]
        each = oracle_stocks.mean_hours(mine)
        needed = [p.came * each if each is not None else (np.nan if p.came else 0) for p in arrived]
        assert of["hours_needed"].tolist() == pytest.approx(needed, nan_ok=True)


HOURS = st.one_of(st.none(), st.integers(0, 60))


@given(st.lists(st.tuples(HOURS, HOURS, st.integers(0, 60)), min_size=1, max_size=12))
def test_the_queue_is_that_of_the_oracle(weeks):
    needed, available, present = zip(*weeks, strict=True)
    told = oracle_stocks.lindley(needed, available, present)
    arrays = [np.array([side], dtype=np.float64) for side in (needed, available, present)]
    wanted = [np.nan if hours is None else hours for hours in told]
    assert queue_of(*arrays)[0].tolist() == pytest.approx(wanted, nan_ok=True)


@FEWER
@given(logs(starts=["always"], ends=["always"]), PERIODS)
def test_the_hours_needed_add_up_to_the_hours_worked(steps: Sequence[Step], period: str) -> None:
    found = workload(
        bound(steps), ALWAYS, by="activity", period=period, as_of=instant(last_known(steps))
    )
    worked = sum(step.end - step.start for step in steps) / HOUR
    assert found["hours_needed"].sum() == pytest.approx(worked)
    assert found["arrivals"].sum() == found["completions"].sum() == len(steps)


@FEWER
@given(logs(), st.integers(1, 9))
def test_twice_the_posts_halve_the_utilisation(steps, posts):
    options = {"by": "activity", "as_of": instant(last_known(steps) + 30 * DAY), "period": "M"}
    names = sorted({step.activity for step in steps})
    one, two = (
        workload(bound(steps), OFFICE, staff=dict.fromkeys(names, times * posts), **options)
        for times in (1, 2)
    )
    assert (two["utilisation"] * 2).tolist() == pytest.approx(
        one["utilisation"].tolist(), nan_ok=True
    )
    less = two["queue_hours"] <= one["queue_hours"] + 1e-9
    assert (less | one["queue_hours"].isna()).all()


def test_the_permits_show_the_technical_examination_as_the_busiest_unit():
    log = conftest.sample_log()
    office = pm.Calendar("RO", hours={"mon-thu": "08:00-16:30", "fri": "08:00-14:00"})
    found = workload(log, office, staff={"Autorizări": 7, "Urbanism": 2}, period="Y")
    needed = found.groupby("unit")["hours_needed"].sum()
    assert needed.idxmax() == "Autorizări"
    assert needed.sum() / needed.max() < 1.5
