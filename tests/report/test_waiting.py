"""The section on where time goes: its figures are those of the tables, and what is not known is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import procmine as pm
from procmine.report import write_report
from procmine.report.waiting_facts import WaitingFacts, measured_waiting
from procmine.report.waiting_pictures import waiting_pictures
from procmine.report.waiting_said import by_cause, waiting_lacks, waiting_sentences
from procmine.report.waiting_tables import waiting_tables
from tests.report.conftest import EVIL, read_small
from tests.report.html import Page
from tests.samples.truths import STEMS, log_of

pytestmark = pytest.mark.filterwarnings("ignore::procmine.DataQualityWarning")
ROOT = Path(__file__).resolve().parent.parent.parent
LATER = pd.Timestamp("2026-03-02 23:00", tz="Europe/Bucharest")

# Two cases, one done twice, one open: worked 1 h a step; waits of 23 h, 47 h and 23 h.
STEPS = [
    ("1", "Register", "2026-01-05 08:00", "2026-01-05 09:00", "North"),
    ("1", "Check", "2026-01-06 08:00", "2026-01-06 09:00", "South"),
    ("1", "Check", "2026-01-08 08:00", "2026-01-08 09:00", "South"),
    ("2", "Register", "2026-01-05 08:00", "2026-01-05 09:00", "North"),
    ("2", "Check", "2026-01-06 08:00", "2026-01-06 09:00", "South"),
]
CLOSED = [*STEPS, ("1", "Close", "2026-01-08 09:00", "2026-01-08 10:00", "North")]


def log_with(rows: list[tuple[str, str, str, str, str]], **options: object) -> pm.EventLog:
    frame = pd.DataFrame(rows, columns=["case", "activity", "start", "end", "unit"])
    roles = {name: name for name in frame.columns}
    return pm.read(frame, **{**roles, "tz": "Europe/Bucharest", "closed": ["Close"], **options})


def facts_of(log: pm.EventLog, procedure: pm.Procedure | None = None) -> WaitingFacts:
    return measured_waiting(log, as_of=LATER, procedure=procedure)


def plain(texts: list[str]) -> str:
    return " ".join(texts).replace("\xa0", " ")


@pytest.fixture(scope="module")
def permits() -> WaitingFacts:
    """What is told of the sample log with its procedure."""
    from conftest import sample_log

    procedure = pm.Procedure.read(ROOT / "sample_logs" / "building_permits_ro.procedure.yaml")
    log = sample_log()
    as_of = pd.Timestamp("2025-12-31 23:59", tz="Europe/Bucharest")
    return measured_waiting(log, as_of=as_of, procedure=procedure)


def test_the_sentences_are_worked_out_by_hand() -> None:
    said = plain(waiting_sentences(facts_of(log_with(CLOSED))))
    assert said.startswith(
        "Steps waited 3.9 days in all, from when they could have begun until they began; "
        "of that time and the work together, 6.1 % was work."
    )
    assert (
        "The largest part passed before “Check” (100.0 %): half of its 3 steps waited 23.0 hours or "
        "less, nine in ten at most 1.8 days." in said
    )
    assert (
        "1 of 2 cases (50.0 %) had a step done again, 1 step in all; that added 2.0 days." in said
    )
    assert (
        "Work passed from one unit to another 3 times; most time passed after “North” handed over to "
        "“South” (49.5 % of all waiting, half of the times 23.0 hours or less)." in said
    )
    assert "Of 1 open case none stands longer than nine in ten did at the same point." in said


def test_the_shares_of_the_causes_are_those_of_all_waiting(permits: WaitingFacts) -> None:
    assert by_cause(permits).sum() == pytest.approx(1.0)
    assert permits.causes is not None
    whole = permits.causes.groupby("activity", observed=True)["waiting_time"].first().sum()
    assert permits.waited == whole


def test_the_sentences_of_the_sample_say_what_was_planted_in_it(permits: WaitingFacts) -> None:
    said = plain(waiting_sentences(permits))
    assert "The largest part passed before “Examinare tehnică”" in said
    assert "an applicant or a third party had the file (external)" in said
    assert "of 1,952 closed cases were right the first time" in said
    assert "Of 116 open cases" in said
    assert "They stand most often after “Solicitare completări”" in said


def test_the_tables_have_the_figures_of_the_library(permits: WaitingFacts) -> None:
    tables = {table.name: table for table in waiting_tables(permits)}
    names = ["waiting-causes", "bottlenecks", "rework", "handovers", "blockages", "never"]
    assert list(tables) == names
    first = [cell.text.replace("\xa0", " ") for cell in tables["bottlenecks"].rows[0]]
    assert first[0] == "Examinare tehnică"
    assert first[2:4] == ["19,568.4 d", "26.7 %"]
    shares = [float(cell.key or 0) for cell in tables["waiting-causes"].rows[0][2:]]
    assert sum(shares) == pytest.approx(1.0)


def test_open_cases_are_in_one_of_two_tables_and_no_person_is_in_any(permits: WaitingFacts) -> None:
    assert permits.blockages is not None
    tables = {table.name: table for table in waiting_tables(permits)}
    blocked, never = (tables[name].caption for name in ("blockages", "never"))
    n = [int(caption.split("(")[1].split(" ")[0]) for caption in (blocked, never)]
    flags = permits.blockages[["blocked", "never"]].fillna(False)
    assert sum(n) == flags.any(axis=1).sum()
    headings = {column.title for table in tables.values() for column in table.columns}
    assert not {"Resource", "Person", "Clerk"} & headings
    assert not any(name == "resource" for t in permits.tables().values() for name in t.columns
                   if set(t[name].dropna().astype("str")) - {"same", "other"})  # fmt: skip


def test_without_a_procedure_the_others_turn_is_not_called_nobodys() -> None:
    facts = facts_of(log_with(CLOSED))
    tables = {table.name: table for table in waiting_tables(facts)}
    assert "External" not in [column.title for column in tables["waiting-causes"].columns]
    assert "so their time is among the other causes" in plain(waiting_lacks(facts))
    assert "Returns not known: give a procedure with a flow." in waiting_lacks(facts)


def test_with_one_timestamp_it_says_that_waiting_and_work_are_one() -> None:
    frame = pd.DataFrame([(c, a, e, u) for c, a, _, e, u in CLOSED],
                         columns=["case", "activity", "timestamp", "unit"])  # fmt: skip
    roles = {name: name for name in frame.columns}
    facts = facts_of(pm.read(frame, **roles, tz="Europe/Bucharest", closed=["Close"]))
    said = plain(waiting_sentences(facts))
    assert said.startswith("Each step has one time only, so waiting and work cannot be told apart")
    assert "Steps waited" not in said
    assert "passed until the end of “Check”" in said
    assert "contention and prioritisation are not computable" in plain(waiting_lacks(facts))
    titles = [column.title for t in waiting_tables(facts) for column in t.columns]
    assert "Work" not in titles


def test_where_nothing_closes_a_case_blockages_are_not_told_and_the_reason_is() -> None:
    facts = facts_of(log_with(CLOSED, closed=None))
    assert facts.blockages is None
    assert "open case" not in plain(waiting_sentences(facts))
    assert "none is known to be open" in plain(waiting_lacks(facts))
    assert "--closed" in plain(waiting_lacks(facts))


def test_a_log_without_units_has_no_handovers_and_says_why() -> None:
    facts = facts_of(log_with(CLOSED, unit=None))
    assert facts.handovers is None
    assert "handed over" not in plain(waiting_sentences(facts))
    assert any("unit" in reason for reason in waiting_lacks(facts))
    assert "handovers" not in [table.name for table in waiting_tables(facts)]


def test_a_calendar_of_another_zone_is_told_and_the_hours_are_found_in_the_log() -> None:
    log = log_with(CLOSED)
    facts = measured_waiting(log, as_of=LATER, calendar=pm.Calendar("IT"))
    assert facts.causes is not None
    assert facts.bottlenecks is not None
    assert "the calendar is of the zone" in plain(waiting_lacks(facts)).replace("The", "the")


def test_cases_of_one_step_wait_for_nothing() -> None:
    rows = [(str(i), "Register", "2026-01-05 08:00", "2026-01-05 09:00", "North") for i in range(3)]
    facts = facts_of(log_with(rows, closed=["Register"]))
    said = plain(waiting_sentences(facts))
    assert said.startswith("Steps waited no time in all")
    assert "None of 3 cases had a step done again." in said
    assert "No work passed from one unit to another." in said
    assert [table.name for table in waiting_tables(facts)] == ["rework"]
    assert "No case is open." in said
    assert list(waiting_pictures(facts)) == []


def test_a_rising_wait_is_told_and_one_that_chance_may_have_made_is_not(
    permits: WaitingFacts,
) -> None:
    assert permits.bottlenecks is not None
    bottlenecks = permits.bottlenecks
    trend = {"trend": 0.5, "trend_low": 0.2, "trend_high": 0.8}
    rising = replace(permits, bottlenecks=bottlenecks.assign(**trend))
    assert "; the mean rises by 12.0 hours a month." in plain(waiting_sentences(rising))
    falling = replace(
        permits, bottlenecks=bottlenecks.assign(trend=-0.5, trend_low=-0.8, trend_high=-0.2)
    )
    assert "; the mean falls by 12.0 hours a month." in plain(waiting_sentences(falling))
    unsure = replace(permits, bottlenecks=bottlenecks.assign(**trend | {"trend_low": -0.1}))
    assert "a month" not in plain(waiting_sentences(unsure))
    unknown = replace(
        permits,
        bottlenecks=bottlenecks.assign(**dict.fromkeys(trend, float("nan"))),
    )
    assert "a month" not in plain(waiting_sentences(unknown))


@pytest.mark.parametrize("stem", STEMS)
def test_every_sample_has_its_section_and_pictures_with_their_n(stem: str) -> None:
    log = log_of(stem)
    as_of = pd.Timestamp(int(log.last.max()), unit="us", tz="UTC")
    facts = measured_waiting(log, as_of=as_of)
    assert len(waiting_sentences(facts)) >= 4
    assert {"waiting-causes", "bottlenecks", "rework"} <= {t.name for t in waiting_tables(facts)}
    assert facts.lacks
    assert set(facts.tables()) >= {"waiting_causes", "bottlenecks", "rework", "blockages"}


def test_what_an_export_with_one_date_a_milestone_cannot_show_is_told_as_not_known() -> None:
    export = pd.DataFrame(
        {
            "file": ["1", "2"],
            "Filed": ["2026-01-05", "2026-01-06"],
            "Decided": ["2026-01-08", "2026-01-09"],
            "office": ["North", "South"],
        }
    )
    roles = {"case": "file", "milestones": ["Filed", "Decided"], "unit": "office"}
    log = pm.read(export, **roles, tz="Europe/Rome", closed="Decided")  # type: ignore[arg-type]
    facts = facts_of(log)
    said = plain(waiting_sentences(facts))
    assert "done again" not in said
    assert "passed from one unit" not in said
    lacks = waiting_lacks(facts)
    assert sum("one date for each milestone" in reason for reason in lacks) == 1
    assert sum("one unit for all its steps" in reason for reason in lacks) == 1


FLOW = """
procedure: permit
country: RO
activities: [{name: Register, then: office}, {name: Check, then: office}, {name: Close, then: office}]
flow: [Register, {optional: [Check], repeatable: true}, Close]
closing: [{activity: Close, outcome: approved}]
"""


def test_what_the_flow_foresees_is_no_rework_on_the_page_and_stays_in_the_file() -> None:
    facts = facts_of(log_with(CLOSED), pm.Procedure.parse(FLOW))
    said = plain(waiting_sentences(facts))
    assert (
        "None of 2 cases had a step done again or a step back "
        "(without 1 step that the procedure foresees more than once)." in said
    )
    (table,) = [table for table in waiting_tables(facts) if table.name == "rework"]
    assert "without 1 step that the procedure foresees more than once" in table.caption
    steps = {row[0].text: row[1].text for row in table.rows}
    assert steps["rework: done again, or a step back"] == "0"
    kept = facts.tables()["rework"].set_index("kind")
    assert (kept.loc["rework", "steps"], kept.loc["rework", "foreseen"]) == (1, 1)


def test_repeats_that_the_flow_does_not_foresee_are_counted_beside_those_that_it_does() -> None:
    rows = [
        *CLOSED,
        ("2", "Register", "2026-01-07 08:00", "2026-01-07 09:00", "North"),
    ]
    facts = facts_of(log_with(rows), pm.Procedure.parse(FLOW))
    assert (
        "1 of 2 cases (50.0 %) had a step done again or a step back, 1 step in all; that added 2.0 days "
        "(without 1 step that the procedure foresees more than once)." in plain(waiting_sentences(facts))
    )  # fmt: skip


def test_steps_that_stood_still_have_their_time_in_the_sentence_and_it_is_no_work() -> None:
    log = log_with(CLOSED)
    stood = np.zeros(log.n_steps, dtype=np.int64)
    stood[1] = 30 * 60_000_000  # half of the hour of a step
    facts = facts_of(replace(log, suspended=stood))
    said = plain(waiting_sentences(facts))
    assert "and stood still for 30 minutes after they had begun (suspended)" in said
    whole = facts_of(log)
    assert facts.causes is not None
    assert whole.causes is not None
    assert facts.causes["efficiency"].max() < whole.causes["efficiency"].max()
    assert any("Why steps stood still" in reason for reason in waiting_lacks(facts))
    assert "stood still" not in plain(waiting_sentences(whole) + waiting_lacks(whole))


def test_the_causes_named_in_the_sentence_are_complete_or_have_a_rest() -> None:
    facts = facts_of(log_with(CLOSED))
    assert facts.causes is not None
    wait = pd.Timedelta("93h")
    names = ["batching", "contention", "prioritisation", "unavailability", "unexplained"]
    times = [wait * 0.05, wait * 0.1, wait * 0.15, wait * 0.3, wait * 0.4]
    causes = pd.DataFrame(
        {
            "activity": "Check",
            "cause": names,
            "time": times,
            "waiting_time": wait,
            "efficiency": 0.1,
        }
    )
    said = plain(waiting_sentences(replace(facts, causes=causes)))
    assert "Of this wait 40.0 % passed without a known cause (unexplained); 30.0 %" in said
    assert "and the rest, 15.0 %, has other causes (contention, batching)." in said
    assert "it is no advice to work longer" in said
    four = plain(waiting_sentences(replace(facts, causes=causes.iloc[1:])))
    assert "the rest" not in four
    assert "10.0 % while who did the step was busy" in four


def test_requests_to_complete_are_a_sentence(permits: WaitingFacts) -> None:
    assert permits.rework is not None
    asked = permits.rework.set_index("kind").loc["completion_request"]
    said = plain(waiting_sentences(permits))
    assert f"In {asked['cases']} of 2,068 cases" in said
    assert f"complete the application, {asked['steps']} times in all; until the next step" in said


def test_the_page_has_the_section_and_harmless_names(tmp_path: Path) -> None:
    page = Page.read(write_report(read_small(), tmp_path / "r").read_text("utf-8"))
    assert "waiting" in [attrs["id"] for attrs in page.all("section")]
    assert "Where time goes" in page.text
    assert EVIL in page.text
    assert len([tag for tag, _ in page.elements if tag == "script"]) == 1


def test_the_words_of_the_section_are_explained(tmp_path: Path) -> None:
    page = Page.read(write_report(log_with(CLOSED), tmp_path / "r").read_text("utf-8"))
    for word in (
        "wait",
        "enabled",
        "unexplained",
        "queue",
        "mean rises a month by",
        "batching",
        "contention",
        "unavailability",
        "hand-over",
        "probably never",
    ):
        assert page.text.count(word) >= 1
    assert "A cause of waiting: an applicant" not in page.text  # nothing says whose turn it is


def test_the_tables_of_the_section_are_files_that_sum_to_the_sentences(tmp_path: Path) -> None:
    folder = write_report(log_with(CLOSED), tmp_path / "r").parent / "tables"
    causes = pd.read_parquet(folder / "waiting_causes.parquet")
    assert causes["time"].sum() == pd.Timedelta("93h")
    assert pd.read_csv(folder / "bottlenecks.csv")["waiting_time_days"].sum() == pytest.approx(
        93 / 24
    )
