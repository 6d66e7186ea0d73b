"""What a report is made of: the log as it was known, and the tables about it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import procmine as pm
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.observe import as_of_instant
from procmine.report.doubts import beside, doubts
from procmine.report.facts import Facts, known_at, measured
from procmine.report.glance import sentences, slowest_path
from procmine.report.quality import quality_notes
from procmine.report.readable import NOT_KNOWN
from procmine.report.sections import html_tables
from tests.report.conftest import read_small


def facts_of(log: pm.EventLog, **options: object) -> Facts:
    given = {"as_of": None, "by": None, "period": "M", **options}
    return measured(log, say=lambda _: None, **given)  # type: ignore[arg-type]


def plain(said: list[str]) -> str:
    """The sentences, with common spaces between numbers and their units."""
    return " ".join(said).replace("\xa0", " ")


def test_a_log_known_to_its_end_is_whole(small: pm.EventLog) -> None:
    known = known_at(small, as_of_instant(small))
    assert (known.n_steps, known.n_cases) == (small.n_steps, small.n_cases)
    assert known.history == ()


def test_at_an_earlier_day_later_steps_ends_and_closings_are_not_known(small: pm.EventLog) -> None:
    facts = facts_of(small, as_of="2026-01-06")
    assert facts.cases["case_id"].tolist() == ["1"]
    assert facts.cases["state"].tolist() == ["open"]
    assert facts.cases["steps"].tolist() == [2]
    assert facts.process_map.nodes["steps"].sum() == 2
    assert facts.left_out == small.n_steps - 2
    assert pd.isna(pm.steps(facts.log)["end"].iloc[1])


@pytest.mark.parametrize("as_of", ["2026-01-06", "2026-01-12", "2026-02-05", "2026-12-31"])
def test_cases_are_those_of_the_whole_log_at_that_day(small: pm.EventLog, as_of: str) -> None:
    whole = pm.cases(small, as_of=as_of)
    whole = whole[whole["state"] != "not_started"].reset_index(drop=True)
    columns = ["case_id", "started", "closed_at", "state", "cycle_time", "age", "steps", "ended"]
    pd.testing.assert_frame_equal(
        facts_of(small, as_of=as_of).cases[columns], whole[columns], check_categorical=False
    )


def test_a_case_that_was_reopened_later_is_closed_until_then() -> None:
    days = ["2026-01-01", "2026-01-05", "2026-01-08", "2026-01-20"]
    steps = {"case": ["1"] * 4, "activity": ["Start", "Close", "Reopen", "Close"]}
    log = pm.read(
        pd.DataFrame({**steps, "timestamp": days}),
        **{name: name for name in ("case", "activity", "timestamp")},
        closed=["Close"],
        tz="CET",
    )
    for as_of in [*days, "2026-01-06", "2026-01-10", "2026-12-31"]:
        seen, whole = facts_of(log, as_of=as_of).cases, pm.cases(log, as_of=as_of)
        columns = ["state", "closed_at", "cycle_time", "age", "after_closing"]
        pd.testing.assert_frame_equal(seen[columns], whole[columns])
    then = facts_of(log, as_of="2026-01-06").cases.loc[0]
    assert (then["state"], then["cycle_time"]) == ("closed", pd.Timedelta(days=4))


def test_a_day_before_the_first_step_is_refused(small: pm.EventLog) -> None:
    with pytest.raises(
        ProcmineError,
        match=r"begins by 2025-12-31 23:59.*\nthe first begins on 2026-01-05; give a later as_of=",
    ):
        facts_of(small, as_of="2025-12-31")


def test_comparing_by_an_attribute_adds_up_to_the_cases(small: pm.EventLog) -> None:
    facts = facts_of(small, by="kind")
    assert facts.compared is not None
    row = facts.compared.set_index("key").loc["house"]
    assert row[["cases", "closed", "open", "n"]].tolist() == [2, 1, 1, 1]
    assert row["median"] == pd.Timedelta("7 days 01:30:00")
    assert facts.compared["cases"].sum() == small.n_cases
    assert facts.kpis_by is not None
    assert set(facts.tables()) >= {"kpis", "kpis_by"}


def test_comparing_by_unit_works_like_an_attribute(small: pm.EventLog) -> None:
    compared = facts_of(small, by="unit").compared
    assert compared is not None
    assert dict(zip(compared["key"], compared["cases"], strict=True)) == {"North": 2, "South": 1}


def test_by_unit_is_the_office_in_every_table_though_an_attribute_has_that_name() -> None:
    rows = [("1", "A", "2026-01-05", "North", "m"), ("2", "A", "2026-01-05", "South", "m")]
    frame = pd.DataFrame(rows, columns=["case", "activity", "timestamp", "office", "unit"])
    roles = {name: name for name in ("case", "activity", "timestamp")}
    facts = facts_of(pm.read(frame, **roles, unit="office", tz="CET"), by="unit")
    assert facts.compared is not None
    assert facts.kpis_by is not None
    assert facts.compared["key"].tolist() == ["North", "South"]
    assert set(facts.kpis_by["unit"]) == {"North", "South"}
    facts = facts_of(pm.read(frame, **roles, unit=None, tz="CET"), by="unit")
    assert facts.compared is not None
    assert facts.compared["key"].tolist() == ["m"]


def test_comparing_by_what_is_not_there_names_what_is(small: pm.EventLog) -> None:
    with pytest.raises(LabelNotFoundError, match="there are: unit, kind"):
        facts_of(small, by="resource")


def test_comparing_by_what_is_different_in_every_case_is_refused() -> None:
    rows = [(str(i), "A", "2026-01-05 08:00", f"value {i}") for i in range(101)]
    frame = pd.DataFrame(rows * 2, columns=["case", "activity", "timestamp", "parcel"])
    log = pm.read(frame, case="case", activity="activity", timestamp="timestamp", tz="CET")
    with pytest.raises(ProcmineError, match="'parcel' has 101 different values, too many"):
        facts_of(log, by="parcel")


def test_the_glance_says_in_sentences_what_the_small_log_holds(small: pm.EventLog) -> None:
    first, states, times, variant, slowest = sentences(facts_of(small))
    assert first.startswith("The log holds 3 cases with 7 steps of 3 activities, from 5 January")
    assert states == (
        "2 cases were closed and 1 open as of 2026-02-10 09:30 (Europe/Bucharest). "
        "What closes a case: 'Close'."
    )
    assert times.startswith("Half of the 2 closed cases took 20.1 days or less from start to clos")
    assert "is followed by 1 case (33.3 %)" in plain([variant])
    assert slowest.startswith("Most time in all passes between “Register” and “Close”: 33.0 days")


def test_where_nothing_closes_a_case_the_glance_speaks_of_first_and_last_steps() -> None:
    said = " ".join(sentences(facts_of(read_small(closed=None))))
    assert "open and completed cases cannot be told apart" in said
    assert "From its first to its last step half of the 3 cases took" in said


def test_a_log_without_time_between_steps_has_no_slowest_path() -> None:
    edges = pd.DataFrame({"source": ["A"], "target": ["B"], "total_time": pd.to_timedelta([0])})
    assert slowest_path(edges) is None
    assert slowest_path(edges.head(0)) is None


def test_data_quality_is_told_with_counts(small: pm.EventLog) -> None:
    table = doubts(facts_of(small))
    found = plain([row[0].text for row in table.rows])
    assert "1 row of 8 of the source (12 %) could not be used" in found
    assert "have no end time" in found
    later = " ".join(quality_notes(facts_of(small, as_of="2026-01-06")))
    assert "Steps left out because they begin after the report's date: 5." in later


def test_repeated_steps_spellings_and_late_steps_are_found() -> None:
    rows = [
        ("1", "Close", "2026-01-05 08:00"),
        ("1", "Close", "2026-01-05 08:00"),
        ("1", "close ", "2026-01-06 08:00"),
        ("2", "Close", "2026-01-05 08:00"),
    ]
    frame = pd.DataFrame(rows, columns=["case", "activity", "timestamp"])
    log = pm.read(
        frame, case="case", activity="activity", timestamp="timestamp", closed=["Close"], tz="CET"
    )
    facts = facts_of(log)
    assert facts.quality["check"].tolist()[:1] == ["exact_duplicates"]
    assert log.activity.names() == ["Close"]
    notes = plain(quality_notes(facts))
    assert "cells in another spelling" in notes
    assert "Cases with a single step: 1 (50.0 %)" in notes


def test_what_is_wrong_stands_beside_the_figures_that_it_changes(small: pm.EventLog) -> None:
    facts = facts_of(small)
    rows = {"severity": "high", "finding": "Twice.", "affects": "variants: too many"}
    told = beside(replace(facts, quality=facts.quality.head(1).assign(**rows)))
    assert {section for section, findings in told.items() if findings} == {"variants"}
    assert told["variants"] == ["Twice."]
    low = facts.quality.head(1).assign(**(rows | {"severity": "low"}))
    assert not any(beside(replace(facts, quality=low)).values())


def test_a_note_on_the_future_would_change_with_the_day_and_is_left_out() -> None:
    rows = [("1", "A", "2026-01-05 08:00"), ("1", "B", "2999-01-05 08:00")]
    frame = pd.DataFrame(rows, columns=["case", "activity", "timestamp"])
    log = pm.read(frame, case="case", activity="activity", timestamp="timestamp", tz="CET")
    assert any("steps in the future" in note for note in log.import_report.notes)
    assert not any("future" in note for note in quality_notes(facts_of(log, as_of="2026-02-01")))


def test_figures_that_are_not_known_are_dashes_and_never_zero() -> None:
    table = html_tables(facts_of(read_small(closed=None)))["trend"]
    titles = [column.title for column in table.columns]
    row = dict(zip(titles, table.rows[0], strict=True))
    assert row["Completed"].text == row["Open at its end"].text == NOT_KNOWN
    assert row["Completed"].key == ""
    assert row["Started"].text == "2"


def test_long_tables_say_how_much_they_leave_out() -> None:
    rows = [(str(i), f"A{i:03}", "2026-01-05 08:00") for i in range(130)]
    frame = pd.DataFrame(rows, columns=["case", "activity", "timestamp"])
    log = pm.read(frame, case="case", activity="activity", timestamp="timestamp", tz="CET")
    tables = html_tables(facts_of(log))
    assert len(tables["nodes"].rows) == 100
    assert tables["nodes"].more.startswith("The first 100 of 130 activities")
    assert tables["variants"].more.startswith("The first 50 of 130 variants")


def test_of_many_periods_the_last_are_shown() -> None:
    rows = [("1", "A", "2020-01-05 08:00"), ("2", "A", "2026-01-05 08:00")]
    frame = pd.DataFrame(rows, columns=["case", "activity", "timestamp"])
    log = pm.read(frame, case="case", activity="activity", timestamp="timestamp", tz="CET")
    table = html_tables(facts_of(log))["trend"]
    assert table.more.startswith("The last 60 of 73 periods")
    assert table.rows[-1][0].text == "2026-01"
