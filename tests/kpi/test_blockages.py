"""Blockages: by hand, against plain loops, by their laws, and against what the simulation knows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from math import exp, log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import conftest
import procmine as pm
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kpi.blockages.blockages import IN_OFFICE, blockages
from procmine.kpi.blockages.stays import stays
from procmine.kpi.blockages.usual import REASONS
from procmine.observe import observed_cases
from procmine.procedure import Procedure
from tests import oracle
from tests.bound import FEWER, ZONE, bound, closings, instant, micros, numbered, path, seen_moments
from tests.kpi import oracle_stocks
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs

pytestmark = pytest.mark.filterwarnings("ignore:(?s)as_of=.*after the last time of the log")
"""What stands long is looked at long after the last step of the small logs here."""

MONDAY = 20_458 * DAY  # 2026-01-05, at midnight in UTC: 02:00 in Bucharest
NOON = MONDAY + 10 * HOUR
MORNINGS = pm.Calendar(tz="UTC", hours={"mon-fri": "08:00-12:00"}, years=(2015, 2040))
FEW, NO_INTERVAL, FEW_LONGER, NOT_FOLLOWED, NO_CALENDAR = REASONS
PROCEDURE = """
procedure: small
country: RO
activities:
  - {name: Came, then: office}
  - {name: Asked, then: applicant}
  - {name: Answered, then: office}
  - Granted
closing: [{activity: Granted}]
"""


def asked(name: str, after: int | None, began: int = 0) -> list[Step]:
    """A case that was asked for papers on a day and answered some days later, or not yet."""
    begin = NOON + began * DAY
    if after is None:
        return path(name, ["Asked"], [begin])
    times = [begin, begin + after * DAY, begin + after * DAY + HOUR]
    return path(name, ["Asked", "Answered", "Granted"], times)


def office(*cases: list[Step], as_of: int = 200, **options: Any) -> pd.DataFrame:
    """The table of a log of these cases as of so many days after the Monday."""
    log = bound(numbered(*cases), closed="Granted")
    return blockages(log, as_of=instant(NOON + as_of * DAY), **options)


def usual() -> list[list[Step]]:
    """Twenty that answered: ten after 5 days, six after 12 and four after 20."""
    days = [*[5] * 10, *[12] * 6, *[20] * 4]
    return [asked(f"u{number:02}", after) for number, after in enumerate(days)]


def row(table: pd.DataFrame, case: str) -> dict[str, Any]:
    (found,) = table[table["case_id"] == case].to_dict("records")
    return found


# --- worked examples ------------------------------------------------------------------------------


def test_a_worked_example_after_kaplan_and_meier_1958():
    # 10 of 21 end after 5 days, 6 of 11 after 12; at 15 the open one is followed no longer: S(15) = 5/21
    found = row(office(*usual(), asked("open", None, began=185)), "open")
    assert (found["activity"], found["place"]) == ("Asked", "after")
    assert found["since"] == instant(NOON + 185 * DAY)
    assert found["standing"] == pd.Timedelta("15D")
    assert found["n"] == 21
    assert found["chance"] == pytest.approx(5 / 21)
    assert found["usual_median"] == pd.Timedelta("12D")
    assert found["usual_p90"] == pd.Timedelta("20D")
    assert not found["blocked"]
    assert not found["never"]


def test_a_worked_example_of_the_interval_of_greenwood():
    found = row(office(*usual(), asked("open", None, began=185)), "open")
    spread = 10 / (21 * 11) + 6 / (11 * 5)
    width = 1.959963984540054 * sqrt(spread) / -log(5 / 21)
    assert found["low"] == pytest.approx((5 / 21) ** exp(width))
    assert found["high"] == pytest.approx((5 / 21) ** exp(-width))


def test_who_stands_longer_than_nine_of_ten_is_blocked():
    found = row(office(*usual(), asked("open", None, began=170)), "open")
    assert found["chance"] == pytest.approx(1 / 21)
    assert found["blocked"]
    exactly = row(office(*usual(), asked("open", None, began=180)), "open")
    assert exactly["standing"] == exactly["usual_p90"]
    assert not exactly["blocked"]


def test_a_worked_example_of_the_chance_to_stand_still_in_30_days():
    # 20 of 31 stood longer than 4 days, of whom 5 (open since day 100) still stand after 34
    cases = [*usual(), *(asked(f"o{n}", None, began=100) for n in range(10))]
    found = row(office(*cases, asked("open", None, began=196)), "open")
    assert found["n"] == 31
    assert found["still"] == pytest.approx(1 / 3)  # 20 of 30 that were followed have gone on


def test_who_stands_longer_than_all_20_that_moved_on_will_probably_never_move():
    assert row(office(*usual(), asked("open", None, began=170)), "open")["never"]
    assert not row(office(*usual()[1:], asked("open", None, began=170)), "open")["never"]
    assert not row(office(*usual(), asked("open", None, began=180)), "open")["never"]


def test_where_more_than_a_tenth_never_move_those_are_blocked_though_no_time_is_usual_for_nine_of_ten():
    open_ones = [asked(f"open {n}", None, began=150) for n in range(5)]
    found = row(office(*usual(), *open_ones), "open 0")
    assert pd.isna(found["usual_p90"])
    assert found["never"]
    assert found["blocked"]


def test_those_that_came_too_late_to_take_as_long_do_not_count_for_never():
    # a nineteenth that took five days came on day 190: by day 200 it could not have taken 20
    late = [*usual()[1:], asked("late", 5, began=190)]
    assert not row(office(*late, asked("open", None, began=170)), "open")["never"]
    early = [*usual()[1:], asked("early", 5, began=180)]
    assert row(office(*early, asked("open", None, began=170)), "open")["never"]


def committee(*, calendar: pm.Calendar | None) -> pd.DataFrame:
    """Files that came on Tuesdays and were decided on Thursdays; 25 December 2025 was a Thursday."""
    tuesday = (
        20_410 * DAY + 8 * HOUR
    )  # 2025-11-17 is a Monday; the Tuesday after it, 10:00 in Bucharest
    decided = [
        path(f"{week} {n}", ["Came", "Granted"], [tuesday + week * 7 * DAY, tuesday + (week * 7 + 2) * DAY])
        for week in range(5)
        for n in range(5)
    ]  # fmt: skip
    waiting = path("open", ["Came"], [tuesday + 5 * 7 * DAY])  # 2025-12-23
    log = bound(numbered(*decided, waiting), closed="Granted")
    return blockages(log, as_of=instant(tuesday + (5 * 7 + 8) * DAY), calendar=calendar)


def test_with_the_hours_of_the_committee_christmas_blocks_nothing():
    thursdays = pm.Calendar("RO", hours={"thu": "09:00-13:00"})
    found = row(committee(calendar=None), "open")
    assert (found["standing"], found["usual_p90"]) == (pd.Timedelta("8D"), pd.Timedelta("2D"))
    assert found["blocked"]
    found = row(committee(calendar=thursdays), "open")
    assert found["office_standing"] == pd.Timedelta(0)  # the 25th was a holiday
    assert found["usual_office_median"] == found["usual_office_p90"] == pd.Timedelta("1h")
    assert not found["blocked"]
    assert found["chance"] == 1


def test_no_column_of_elapsed_time_stands_beside_office_hours_and_the_basis_says_which():
    table = committee(calendar=pm.Calendar("RO"))
    assert not {"standing", "usual_median", "usual_p90"} & set(table)
    assert "office time by RO" in table.attrs["basis"]
    assert "elapsed time" in committee(calendar=None).attrs["basis"]
    log = bound(numbered(*usual(), asked("open", None)), closed="Granted")
    points = blockages(log, by="activity", calendar=pm.Calendar("RO"))
    assert "median_office_standing" in points
    assert "median_standing" not in points


def test_where_the_calendar_ends_nothing_is_said_of_the_next_30_days():
    days = pm.Calendar(tz=ZONE, hours={"mon-sun": "00:00-24:00"}, years=(2025, 2026))
    cases = [*usual(), *(asked(f"o{n}", None, began=200) for n in range(30))]
    inside = row(office(*cases, as_of=210, calendar=days), "o1")
    late = row(office(*cases, as_of=345, calendar=days), "o1")
    assert pd.isna(late["still"])
    assert NO_CALENDAR not in (inside["reason"],)
    assert late["reason"] in (NO_CALENDAR, FEW_LONGER)


def test_a_calendar_of_another_zone_and_what_is_no_calendar_are_refused():
    with pytest.raises(ProcmineError, match="the calendar is of the zone Europe/Rome"):
        office(*usual(), calendar=pm.Calendar("IT"))
    with pytest.raises(ProcmineError, match=r"give pm.Calendar\('RO'\)"):
        office(*usual(), calendar="RO")


# --- where a case stands --------------------------------------------------------------------------


def test_a_step_that_has_not_ended_is_where_the_case_stands():
    begun = [Step("open", "Checked", start=NOON + DAY)]
    found = row(office(*usual(), begun), "open")
    assert (found["activity"], found["place"]) == ("Checked", "in")
    assert found["standing"] == pd.Timedelta("199D")


def test_work_and_wait_are_two_points():
    times = [(NOON, NOON + DAY), (NOON + 3 * DAY, NOON + 3 * DAY + HOUR)]
    done = [path(f"{n}", ["Checked", "Granted"], times) for n in range(10)]
    waits = path("open", ["Checked"], [(NOON, NOON + DAY)])
    found = row(office(*done, waits), "open")
    assert (found["place"], found["n"]) == ("after", 11)
    assert found["usual_median"] == pd.Timedelta("2D")


def test_what_follows_does_not_matter():
    some = [path(f"{n}", ["Asked", f"Next {n}"], [NOON, NOON + DAY]) for n in range(10)]
    closed = [path(f"c{n}", ["Granted"], [NOON]) for n in range(1)]
    found = row(office(*some, *closed, asked("open", None)), "open")
    assert (found["n"], found["usual_median"]) == (11, pd.Timedelta("1D"))


def test_where_nobody_waits_the_time_is_0_and_counts():
    done = [path(f"{n}", ["Asked", "Granted"], [NOON, NOON]) for n in range(10)]
    found = row(office(*done, asked("open", None)), "open")
    assert (found["n"], found["usual_median"]) == (11, pd.Timedelta(0))


def test_a_closed_case_stands_nowhere_nor_does_one_before_it_was_reopened():
    reopened = ["Granted", "Asked", "Granted"]
    cases = [path(f"{n}", reopened, [NOON, NOON + DAY, NOON + 2 * DAY]) for n in range(12)]
    log = bound(numbered(*cases, asked("open", None)), closed="Granted")
    seen = observed_cases(log, instant(NOON + 9 * DAY))
    found = stays(log, seen)
    assert set(log.activity.take(found.row).to_categorical()) == {"Asked"}
    assert len(found.row) == 13
    assert len(blockages(log)) == 1


def test_where_a_column_tells_when_a_case_closed_its_last_step_lasts_until_then():
    frame = pd.DataFrame(
        {
            "case": [f"{n}" for n in range(12)],
            "activity": "Sent",
            "time": pd.Timestamp("2026-01-05 10:00"),
            "closed": [*[pd.Timestamp("2026-01-08 10:00")] * 11, pd.NaT],
        }
    )
    log = pm.read(
        frame,
        case="case",
        activity="activity",
        timestamp="time",
        closed={"column": "closed"},
        tz=ZONE,
    )
    (found,) = blockages(log, as_of="2026-02-01").to_dict("records")
    assert (found["n"], found["usual_median"]) == (12, pd.Timedelta("3D"))


def test_all_is_as_it_was_known_then():
    cases = [*usual(), asked("later", 60)]
    assert row(office(*cases, as_of=30), "later")["standing"] == pd.Timedelta("30D")
    assert len(office(*cases, as_of=100)) == 0


def test_a_procedure_says_what_closes_a_case_and_who_has_it():
    log = bound(numbered(*usual(), asked("open", None), path("came", ["Came"], [NOON])))
    procedure = Procedure.parse(PROCEDURE)
    found = blockages(log, as_of=instant(NOON + 90 * DAY), procedure=procedure)
    assert row(found, "open")["owner"] == "applicant"
    assert row(found, "came")["owner"] == "office"
    assert "closing activities of the procedure" in found.attrs["basis"]


def test_a_procedure_that_names_no_owner_leaves_it_missing():
    silent = Procedure.parse("procedure: small\nclosing: [{activity: Granted}]")
    log = bound(numbered(*usual(), asked("open", None)))
    assert blockages(log, procedure=silent)["owner"].isna().all()
    assert office(asked("open", None), *usual())["owner"].isna().all()


def test_alike_compares_a_case_with_those_of_its_office_only():
    slow = [asked(f"s{n}", 100) for n in range(12)]
    log = bound(numbered(*usual(), *slow, asked("sopen", None)), closed="Granted")
    frame = log.to_frame().assign(kind=lambda table: table["case_id"].str[0])
    again = pm.read(
        frame, case="case_id", activity="activity", timestamp="end", tz=ZONE, closed="Granted"
    )
    found = blockages(again, as_of=instant(NOON + 50 * DAY), alike="kind")
    assert found.loc[found["case_id"] == "sopen", ["n", "chance"]].to_numpy().tolist() == [[13, 1]]
    assert "with the same kind" in found.attrs["basis"]


# --- what is not known ----------------------------------------------------------------------------


def test_of_fewer_than_ten_stays_nothing_is_said():
    cases = [asked(f"{n}", 5) for n in range(8)]
    found = row(office(*cases, asked("open", None)), "open")
    assert (found["n"], found["reason"]) == (9, FEW)
    assert all(pd.isna(found[name]) for name in ["chance", "usual_median", "blocked", "never"])
    tenth = row(office(*cases, asked("more", 5), asked("open", None)), "open")
    assert tenth["chance"] == pytest.approx(1 / 10)


def test_the_reason_says_what_is_missing():
    assert row(office(*usual(), asked("open", None, began=199)), "open")["reason"] == NO_INTERVAL
    assert row(office(*usual(), asked("open", None, began=185)), "open")["reason"] == FEW_LONGER
    open_ones = [asked(f"o{n}", None, began=180) for n in range(10)]
    found = office(*usual(), *open_ones, asked("open", None, began=187))
    assert row(found, "open")["reason"] == NOT_FOLLOWED
    long_ago = [asked(f"o{n}", None, began=100) for n in range(10)]
    found = office(*usual(), *long_ago, asked("open", None, began=187))
    assert pd.isna(row(found, "open")["reason"])


def test_where_closing_is_unknown_it_is_refused_and_the_way_out_is_named():
    with pytest.raises(ProcmineError, match=r"(?s)what closes a case.*closed=\[.*procedure="):
        blockages(bound(asked("open", None)))


def test_a_log_of_closed_cases_has_an_empty_table_of_the_same_columns():
    empty = office(*usual())
    assert len(empty) == 0
    assert list(empty) == list(office(*usual(), asked("open", None)))
    assert len(office(*usual(), by="activity")) == 0


def test_persons_and_what_the_log_does_not_have_are_refused_as_keys():
    log = bound(
        path("open", ["Asked"], [NOON], resource="ana") + asked("done", 4), closed="Granted"
    )
    with pytest.raises(ProcmineError, match="would rank persons"):
        blockages(log, by="resource")
    with pytest.raises(LabelNotFoundError, match="activity"):
        blockages(log, by="activty")
    with pytest.raises(ProcmineError, match="own column 'owner'"):
        blockages(log, by="owner")


def test_without_units_there_is_no_column_of_them():
    frame = pd.DataFrame(
        {"case": ["1", "2"], "activity": ["Asked", "Granted"], "time": "2026-01-05"}
    )
    log = pm.read(
        frame, case="case", activity="activity", timestamp="time", tz=ZONE, closed="Granted"
    )
    assert "unit" not in blockages(log)
    with pytest.raises(LabelNotFoundError, match="there are: activity"):
        blockages(log, by="unit")


# --- points ---------------------------------------------------------------------------------------


def test_where_more_stand_than_in_nine_of_ten_weeks_cases_pile_up():
    # one comes every Monday and is answered after 16 days: two stand at the end of most weeks
    steady = [asked(f"s{n:02}", 16, began=7 * n) for n in range(26)]
    few = [asked(f"open {n}", None, began=198) for n in range(2)]
    (calm,) = office(*steady, *few, by="activity").to_dict("records")
    assert (calm["usual_level"], calm["high_level"], calm["open_cases"]) == (2, 2, 2)
    assert not calm["piling_up"]
    (full,) = office(*steady, *few, asked("third", None, began=199), by="activity").to_dict(
        "records"
    )
    assert full["piling_up"]


def test_of_fewer_than_ten_past_weeks_no_level_is_usual():
    (found,) = office(*usual(), asked("open", None), as_of=65, by="activity").to_dict("records")
    assert np.isnan([found["usual_level"], found["high_level"]]).all()
    assert pd.isna(found["piling_up"])
    (later,) = office(*usual(), asked("open", None), as_of=70, by="activity").to_dict("records")
    assert later["usual_level"] == 1


def test_the_owner_of_a_point_is_named_where_all_cases_have_the_same():
    log = bound(numbered(*usual(), asked("open", None), path("came", ["Came"], [NOON])))
    procedure = Procedure.parse(PROCEDURE)
    found = blockages(log, procedure=procedure, by="activity").set_index("activity")
    assert found["owner"].to_dict() == {"Asked": "applicant", "Came": "office"}
    (whole,) = blockages(log, procedure=procedure, by=[]).to_dict("records")
    assert (whole["open_cases"], whole["owner"]) == (2, None) or pd.isna(whole["owner"])


def test_days_at_a_point_are_of_the_zone_of_the_office():
    # on Sunday at 23:30 in UTC it is Monday in Bucharest: that week has ended
    sunday = MONDAY + 7 * DAY - HOUR // 2
    log = bound(numbered(*usual(), path("open", ["Asked"], [sunday])), closed="Granted")
    seen = observed_cases(log, instant(NOON + 200 * DAY))
    assert oracle.local_date(sunday, ZONE).weekday() == 0
    assert len(stays(log, seen).row) == 41


# --- against the oracle, and laws -----------------------------------------------------------------


def three_times(steps: Sequence[Step]) -> list[Step]:
    """Each case thrice, so that points have stays enough."""
    again = [replace(step, case=f"{step.case} {n}") for n in range(3) for step in steps]
    return numbered(again)


def wanted(steps: Sequence[Step], closing: list[str], as_of: int) -> list[oracle_stocks.Stay]:
    cases = oracle.sort_steps(steps).values()
    return [stay for case in cases for stay in oracle_stocks.stays(case, closing, as_of)]


@given(logs(), st.data())
def test_the_stays_are_those_of_the_oracle(steps, data):
    closing, as_of = data.draw(closings(steps).filter(bool)), data.draw(seen_moments(steps))
    log = bound(steps, closed=closing)
    found = stays(log, observed_cases(log, instant(as_of)))
    names = log.activity.names()
    table = sorted(
        (
            str(log.case_labels[log.case_codes[at]]),
            names[log.activity.codes[at]],
            after,
            begin,
            stop,
        )
        for at, after, begin, stop in zip(
            found.row, found.ended.tolist(), found.begin.tolist(), found.stop.tolist(), strict=True
        )
    )
    told = [
        (s.case, s.activity, s.after, s.begin, as_of if s.stop is None else s.stop)
        for s in wanted(steps, closing, as_of)
    ]
    assert table == sorted(told)


@pytest.mark.parametrize("lasts", [oracle_stocks.elapsed, oracle_stocks.mornings])
@given(steps=logs().map(three_times), data=st.data())
def test_the_table_is_that_of_the_oracle(lasts, steps, data):
    closing, as_of = data.draw(closings(steps).filter(bool)), data.draw(seen_moments(steps))
    calendar = MORNINGS if lasts == oracle_stocks.mornings else None
    found = blockages(
        bound(steps, closed=closing, tz="UTC"), as_of=instant(as_of), calendar=calendar
    )
    found = found.rename(columns={office: name for name, office in IN_OFFICE.items()})
    found = found.set_index("case_id")
    everywhere = wanted(steps, closing, as_of)
    standing = [stay for stay in everywhere if stay.stop is None]
    assert sorted(found.index) == sorted(stay.case for stay in standing)
    for stay in standing:
        row, told = found.loc[stay.case], oracle_stocks.compared(stay, everywhere, as_of, lasts)
        assert (row["activity"], row["place"] == "after") == stay.point
        assert micros([row["standing"]]) == [stay.time(as_of, lasts)]
        if told is None:
            assert row["reason"] == FEW
            assert pd.isna(row["blocked"])
            continue
        assert micros([row["usual_median"], row["usual_p90"]]) == [told.median, told.p90]
        assert (row["n"], row["blocked"], row["never"]) == (told.n, told.blocked, told.never)
        assert row["chance"] == pytest.approx(float(told.chance))
        still = np.nan if told.still is None else float(told.still)
        assert row["still"] == pytest.approx(still, nan_ok=True)


@FEWER
@given(logs(), st.data())
def test_the_stays_of_a_case_add_up_to_its_age(steps, data):
    closing, as_of = data.draw(closings(steps).filter(bool)), data.draw(seen_moments(steps))
    log = bound(steps, closed=closing)
    seen = observed_cases(log, instant(as_of))
    found = stays(log, seen)
    total = np.bincount(
        log.case_codes[found.row], weights=found.stop - found.begin, minlength=log.n_cases
    )
    still_open = seen.age >= 0
    assert total[still_open].tolist() == seen.age[still_open].tolist()
    assert bool((~found.moved).sum() == still_open.sum())


@FEWER
@given(logs().map(three_times), st.data())
def test_the_points_count_the_rows_and_the_levels_are_those_of_the_oracle(steps, data):
    closing, as_of = data.draw(closings(steps).filter(bool)), data.draw(seen_moments(steps))
    as_of += data.draw(st.sampled_from([0, 80 * DAY]))
    log = bound(steps, closed=closing)
    rows = blockages(log, as_of=instant(as_of))
    points = blockages(log, as_of=instant(as_of), by="activity").set_index("activity")
    assert (
        points["open_cases"].to_dict() == rows.groupby("activity", observed=True).size().to_dict()
    )
    assert points["blocked"].sum() == rows["blocked"].sum()
    assert points["never"].sum() == rows["never"].sum()
    everywhere = wanted(steps, closing, as_of)
    ends = oracle_stocks.week_ends(everywhere, as_of, ZONE) if len(points) else []
    for activity, found in points.iterrows():
        here = [stay for stay in everywhere if stay.activity == activity]
        levels = [oracle_stocks.standing_at(here, end) for end in ends]
        if len(levels) < 10:
            assert pd.isna(found["piling_up"])
            continue
        high = oracle.quantile(levels, 0.9)
        assert found["usual_level"] == pytest.approx(oracle.quantile(levels, 0.5))
        assert found["high_level"] == pytest.approx(high)


# --- the sample log -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def permits() -> pm.EventLog:
    return conftest.sample_log()


@pytest.fixture(scope="module")
def never_answered(root: Path) -> set[str]:
    """The cases whose applicant never answers, as the simulation behind the sample knows them."""
    sys.path.insert(0, str(root / "sample_logs"))
    try:
        from dossiers import REQUEST, Case, Offices
        from generate import SEED
    finally:
        sys.path.remove(str(root / "sample_logs"))
    resting: list[Case] = []

    class Known(Offices):
        def _follow(self, case: Case, activity: str) -> str | None:
            following = super()._follow(case, activity)
            if activity == REQUEST and following is None:
                resting.append(case)
            return following

    Known(SEED).run()
    return {case.key for case in resting}


def test_45_cases_stand_after_the_request_for_completion_the_oldest_for_714_days(permits):
    found = blockages(permits, as_of="2025-12-31")
    assert len(found) == 116
    asked_for = found[found["activity"] == "Solicitare completări"]
    assert len(asked_for) == 45
    assert asked_for["standing"].max() // pd.Timedelta("1D") == 714


@pytest.mark.parametrize(
    ("hours", "blocked"),
    [
        (None, 14),
        ({"mon-thu": "08:00-16:30", "fri": "08:00-14:00"}, 8),
        ({"thu": "10:00-13:00"}, 0),
    ],
)
def test_what_waits_for_the_committee_over_christmas_is_blocked_only_by_other_hours_than_its_own(
    permits, hours, blocked
):
    calendar = None if hours is None else pm.Calendar("RO", hours=hours)
    found = blockages(permits, as_of="2025-12-31 15:05", calendar=calendar)
    waiting = found[(found["activity"] == "Examinare tehnică") & (found["place"] == "after")]
    assert len(waiting) == 24
    assert waiting["blocked"].sum() == blocked


def test_of_31_cases_that_are_never_answered_25_are_found_and_no_other(permits, never_answered):
    # the six others have not yet stood longer than the slowest applicant took
    found = blockages(permits, as_of="2025-12-31").set_index("case_id")
    marked = set(found.index[found["never"].fillna(False)])
    assert len(never_answered) == 31
    assert len(marked) == 25
    assert marked <= never_answered
    missed = found.loc[sorted(never_answered - marked), "standing"]
    assert (missed < pd.Timedelta("140D")).all()


@pytest.mark.parametrize(
    ("as_of", "marked", "right", "there"),
    [("2024-06-30", 5, 4, 6), ("2024-12-31", 12, 12, 18), ("2025-06-30", 21, 21, 25)],
)
def test_earlier_on_fewer_are_found_and_one_of_five_was_wrong(
    permits, never_answered, as_of, marked, right, there
):
    found = blockages(permits, as_of=as_of)
    of = found.loc[found["never"].fillna(False), "case_id"]
    assert (len(of), len(set(of) & never_answered)) == (marked, right)
    asked_for = found.loc[found["activity"] == "Solicitare completări", "case_id"]
    assert len(set(asked_for) & never_answered) == there
