"""The page on the permits of the BPI Challenge 2015 keeps its word: its figures are counted anew from the logs."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import procmine as pm
from tests.procedure import bpic15
from tests.procedure.bpic15 import (
    ASSUMPTIONS,
    BLOCK,
    BLOCKS,
    MUNICIPALITIES,
    PAGE,
    answers,
    of,
    permits,
    terms,
)
from tests.procedure.bpic15_recount import applicants_days, recount


@pytest.fixture(scope="module")
def the_two_logs(logs: Path) -> None:
    for number in MUNICIPALITIES:
        if not (logs / f"BPIC15_{number}.xes.gz").exists():
            pytest.skip(f"BPIC15_{number}.xes.gz is not in ../shared/logs, beside the project")


def test_the_page_holds_every_block_once() -> None:
    assert sorted(found[0] for found in BLOCK.findall(PAGE.read_text("utf-8"))) == sorted(BLOCKS)


@pytest.mark.usefixtures("the_two_logs")
@pytest.mark.parametrize("name", list(BLOCKS))
def test_the_figures_of_the_page_are_those_of_the_logs(name: str) -> None:
    written = {block: text for block, _, text in BLOCK.findall(PAGE.read_text("utf-8"))}
    assert BLOCKS[name]() == written[name], "python tests/procedure/bpic15.py renews them"


def test_the_shares_in_the_text_are_those_of_the_tables() -> None:
    page = PAGE.read_text("utf-8")
    (short,) = re.findall(r"^\*\*In short\.\*\*.*?\n\n", page, re.MULTILINE | re.DOTALL)
    lines = {line.split(" | ")[0]: line for line in page.splitlines() if line.startswith("| ")}
    told = re.findall(r"[\d.]+%", short)
    names = ("as on this page", "no suspension at all", "no extension")
    assert told == [share for name in names for share in re.findall(r"[\d.]+%", lines[f"| {name}"])]


def test_every_case_of_the_page_ends_in_one_way_or_is_open() -> None:
    written = {block: text for block, _, text in BLOCK.findall(PAGE.read_text("utf-8"))}
    lines = [line.strip("| ").split(" | ") for line in written["results"].splitlines()]
    cases, *ways = [[int(cell) for cell in line[1:]] for line in lines[2:13]]
    assert [line[0] for line in lines[2:13:10]] == ["cases", "unknown"]
    assert cases == [sum(column) for column in zip(*ways, strict=True)]


@pytest.mark.usefixtures("the_two_logs")
@pytest.mark.parametrize("number", MUNICIPALITIES)
def test_every_decision_that_the_office_marked_as_silence_came_after_the_due_date(
    number: int,
) -> None:
    table = terms(number)
    said = answers(number, "01_HOOFD_480")
    marked = table[table["case_id"].isin(said.index[said == "True"])]
    assert len(marked) == {1: 10, 2: 8}[number]
    assert (marked["term"] == "regular").all()
    assert (marked["state"] == "deemed_approved").all()
    assert marked["decided_late"].all()


@pytest.mark.usefixtures("the_two_logs")
@pytest.mark.parametrize("assumption", list(ASSUMPTIONS))
@pytest.mark.parametrize("number", MUNICIPALITIES)
def test_no_day_is_lost_or_counted_twice(number: int, assumption: str) -> None:
    table = terms(number, assumption)
    known = table[table["state"] != "unknown"]
    whose = known["office_days"] + known["applicant_days"] + known["third_party_days"]
    clock = known["net_days"] + known["paused_days"] + known["voided_days"]
    assert len(known) > 0.99 * len(table)
    assert (whose == known["gross_days"]).all()
    assert (clock == known["gross_days"]).all()
    assert (known["excess_days"] == known["requested_days"] - known["paused_days"]).all()
    assert not table.duplicated(["case_id", "term"]).any()


@pytest.mark.usefixtures("the_two_logs")
@pytest.mark.parametrize("number", MUNICIPALITIES)
def test_every_regular_case_is_due_when_plain_loops_over_the_raw_log_say(number: int) -> None:
    table = of(number, "regular").set_index("case_id")
    table = table[table["state"] != "unknown"]
    today = pd.Timestamp(bpic15.AS_OF)
    again = recount(bpic15.steps(number), table.index, today)
    found = {
        case: (day(row["closed"]), day(row["due"]), int(row["paused_days"]), bool(row["extended"]))
        for case, row in table.iterrows()
    }
    assert len(found) > 600
    assert again == found


@pytest.mark.usefixtures("the_two_logs")
@pytest.mark.parametrize("number", MUNICIPALITIES)
def test_the_days_of_the_applicant_are_those_that_plain_loops_over_the_raw_log_find(
    number: int,
) -> None:
    table = terms(number).set_index("case_id")
    table = table[table["state"] != "unknown"]
    today, steps = pd.Timestamp(bpic15.AS_OF), bpic15.steps(number)
    upto = table["started"] + pd.to_timedelta(table["gross_days"], unit="D")
    again = {
        case: applicants_days(part, table.at[case, "started"], upto[case], today)
        for case, part in steps[steps["case_id"].isin(table.index)].groupby(
            "case_id", observed=True
        )
    }
    assert sum(again.values()) > 5000
    assert again == table["applicant_days"].to_dict()


@pytest.mark.usefixtures("the_two_logs")
@pytest.mark.parametrize("number", MUNICIPALITIES)
def test_every_date_and_period_that_the_procedure_reads_can_be_read(number: int) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        pm.terms(permits(number), pm.Procedure.read(bpic15.PROCEDURE), as_of=bpic15.AS_OF)
    messages = [str(one.message) for one in told]
    assert any("closed before it started" in text for text in messages) == (number == 1)
    assert not [text for text in messages if "count as missing" in text]


@pytest.mark.usefixtures("the_two_logs")
def test_data_that_stand_before_the_invitation_of_their_day_decide_about_no_term() -> None:
    paused = 0
    for number in MUNICIPALITIES:
        found = terms(number).set_index("case_id").loc[bpic15.on_the_same_day(number)]
        without = of(number, "regular", "no suspension at all").set_index("case_id")
        assert len(found) == {1: 3, 2: 2}[number]
        assert found["decided"].all()
        assert not without.loc[found.index, "past"].any()
        paused += int(found["paused_days"].sum())
    assert paused == 101


def day(value: pd.Timestamp) -> pd.Timestamp | None:
    return None if pd.isna(value) else value


@pytest.mark.usefixtures("the_two_logs")
@pytest.mark.parametrize("number", MUNICIPALITIES)
def test_due_dates_of_unpaused_regular_cases_are_eight_or_fourteen_weeks_rolled(
    number: int,
) -> None:
    table = of(number, "regular", "no suspension at all")
    table = table[table["due"].notna()]
    weeks = np.where(table["extended"], 14, 8) * np.timedelta64(7, "D")
    nominal = table["started"].to_numpy("datetime64[D]") + weeks
    rolled = (table["due"].to_numpy("datetime64[D]") - nominal).astype(int)
    assert len(table) > 500
    assert (rolled >= 0).all()
    assert (table["due"].dt.day_of_week < 5).all()
    weekday = pd.DatetimeIndex(nominal).day_of_week
    assert (rolled[weekday == 5] >= 2).all()
    assert (rolled[weekday == 6] >= 1).all()
    assert (rolled == 0).mean() > 0.6
