"""Unusual beginnings and ends, overlapping steps, shared accounts: planted, and against loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given

from procmine.checks import quality
from procmine.checks.shifts import Shifts
from tests.bound import bound
from tests.checks.back import steps_of
from tests.checks.office import log_of, only, rows, table_of, where
from tests.oracle import Step
from tests.strategies import logs


def test_cases_without_the_usual_beginning_are_counted() -> None:
    frame = rows()
    found = only(frame.drop(index=where(frame, "Register")[[50, 60]]), "unusual_starts")
    assert (found.count, found.share) == (2, 2 / 240)
    assert "'Check documents'" in found.finding
    assert "usual is 'Register request'" in found.finding


def test_closed_cases_without_the_usual_end_are_counted() -> None:
    frame = rows()
    cut = frame.drop(index=where(frame, "Issue")[[50, 60]])
    found = only(cut, "unusual_ends")
    assert "'Check documents'" in found.finding
    assert found.count == 2


def test_open_cases_at_the_end_of_the_log_have_no_end_yet() -> None:
    frame = rows()
    cut = frame.drop(index=where(frame, "Issue")[-2:])
    assert table_of(cut, "unusual_ends").empty
    assert table_of(
        frame.drop(index=where(frame, "Issue")[[5, -1]]), "unusual_ends", closed=["Issue decision"]
    ).empty


def test_where_any_activity_may_begin_a_case_none_is_unusual() -> None:
    frame = rows()
    frame["activity"] = [f"activity {place % 11}" for place in range(len(frame))]
    assert table_of(frame, "unusual_starts").empty


def overlapping_by_loop(steps: list[Step]) -> int:
    lasting = [
        s
        for s in steps
        if s.resource and s.start is not None and s.end is not None and s.end > s.start
    ]
    return sum(
        any(
            a is not b and a.resource == b.resource and a.start < b.end and b.start < a.end
            for b in lasting
        )
        for a in lasting
    )


@given(logs())
def test_overlapping_steps_as_counted_by_a_loop(steps: list[Step]) -> None:
    log = bound(steps)
    steps = steps_of(log)
    shifts = Shifts.of(log)
    assert (0 if shifts is None else int(shifts.overlapping.sum())) == overlapping_by_loop(steps)


def test_overlapping_steps_to_the_microsecond_are_found_too() -> None:
    rng = np.random.default_rng(5)
    starts = rng.integers(0, 10**9, 300)
    steps = [
        Step(f"c{n}", "A", int(s), int(s + rng.integers(1, 10**7)), f"p{n % 7}", "U", n)
        for n, s in enumerate(starts)
    ]
    shifts = Shifts.of(bound(steps))
    assert shifts is not None
    assert int(shifts.overlapping.sum()) == overlapping_by_loop(steps) > 0


def test_overlapping_steps_of_centuries_to_the_microsecond_are_found_too() -> None:
    rng = np.random.default_rng(6)
    starts = rng.integers(0, 10**9, 200) + rng.choice([0, 2 * 10**17], 200)
    steps = [
        Step(f"c{n}", "A", int(s), int(s + rng.integers(1, 10**9)), f"p{n % 70}", "U", n)
        for n, s in enumerate(starts)
    ]
    log = bound(steps)
    shifts = Shifts.of(log)
    assert shifts is not None
    assert int(shifts.overlapping.sum()) == overlapping_by_loop(steps) > 0
    assert not quality(log).empty


def test_steps_of_one_person_at_the_same_time_are_counted() -> None:
    frame = rows()
    issue = where(frame, "Issue")[:20]
    frame.loc[issue[10:], ["start", "end"]] = frame.loc[issue[:10], ["start", "end"]].to_numpy()
    found = only(frame, "overlapping_steps")
    assert (found.column, found.count, found.share) == ("resource", 20, 20 / 720)
    assert found.example_rows == tuple(issue[:5] + 1), "the first ones, whoever they are of"


def test_back_to_back_steps_do_not_overlap() -> None:
    frame = rows()
    issue = where(frame, "Issue")
    frame.loc[issue[1:31], "start"] = frame.loc[issue[:30], "end"].to_numpy()
    assert table_of(frame, "overlapping_steps").empty


def with_accounts(frame: pd.DataFrame) -> pd.DataFrame:
    """The same office with twelve clerks who share the work evenly."""
    names = [f"clerk {number}" for number in range(12)]
    return frame.assign(resource=[names[place % 12] for place in range(len(frame))])


def test_an_account_that_works_round_the_clock_is_counted() -> None:
    frame = with_accounts(rows())
    nightly = pd.DataFrame(
        {
            "case": [f"RU/{n % 240 + 1}/2024" for n in range(336)],
            "activity": "Send notice",
            "start": [
                pd.Timestamp("2024-03-04 00:20:11") + pd.Timedelta(hours=n) for n in range(336)
            ],
            "end": [
                pd.Timestamp("2024-03-04 00:21:11") + pd.Timedelta(hours=n) for n in range(336)
            ],
            "resource": "mailer",
            "unit": "Registry",
        }
    )
    found = only(pd.concat([frame, nightly]), "shared_accounts")
    assert found.count == 1
    assert "Of 13 accounts, 1 looks shared" in found.finding
    assert "round the clock: 1" in found.finding
    assert found.share == 336 / (720 + 336)
    assert "mailer" not in quality(log_of(pd.concat([frame, nightly]), resources="name")).to_csv()


def test_an_account_in_three_units_at_the_same_time_is_counted() -> None:
    frame = with_accounts(rows())
    units = ["Registry", "Urbanism", "Treasury"]
    busy = pd.concat([frame.iloc[where(frame, "Check")[:50]]] * 3)
    busy = busy.assign(
        activity=[f"Book {n // 50}" for n in range(150)],
        unit=[units[n // 50] for n in range(150)],
        resource="desk",
    )
    found = only(pd.concat([frame, busy]), "shared_accounts")
    assert found.count == 1
    assert "in several units at the same time: 1" in found.finding


def test_an_account_with_twenty_times_the_usual_work_in_three_units_is_counted() -> None:
    frame = rows()
    many = [f"clerk {number}" for number in range(60)]
    frame["resource"] = [many[place % 60] for place in range(len(frame))]
    chosen = frame.index >= 240
    frame.loc[chosen, "resource"] = "office"
    frame.loc[chosen, "unit"] = [["Registry", "Urbanism", "Treasury"][n % 3] for n in range(480)]
    found = only(frame, "shared_accounts")
    assert found.count == 1
    assert "far more steps than others" in found.finding
    assert found.share == 480 / 720


def test_persons_who_do_their_work_are_not_shared_accounts() -> None:
    assert table_of(with_accounts(rows()), "shared_accounts").empty
    assert table_of(rows(), "shared_accounts").empty
