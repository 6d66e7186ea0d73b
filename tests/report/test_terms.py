"""The section on terms: what was kept, whose days it took, what needs somebody first, and by which rules."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import procmine as pm
from procmine.errors import ProcmineError
from procmine.report import write_report
from procmine.report.doubts import beside
from procmine.report.facts import measured
from procmine.report.glance import sentences
from procmine.report.term_facts import ALL, PAST_DUE, TermFacts, by_term, whose_days
from procmine.report.term_said import assumptions, term_sentences
from procmine.report.term_tables import term_tables
from tests.report.html import Page
from tests.report.term_logs import EXPORT, TEXT, facts_of, log_of, procedure_of

pytestmark = pytest.mark.filterwarnings("ignore::procmine.DataQualityWarning")
ROOT = Path(__file__).resolve().parent.parent.parent
TABLES = {"terms", "at_risk", "kpis_terms"}


@pytest.fixture(scope="module")
def terms() -> TermFacts:
    return facts_of(log_of(), procedure_of(), by="unit")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("terms") / "report"
    written = write_report(log_of(), folder, procedure=procedure_of(), by="unit")
    return Page.read(written.read_text("utf-8"))


@pytest.fixture(scope="module")
def permits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample log with its procedure."""
    from conftest import sample_log

    procedure = pm.Procedure.read(ROOT / "sample_logs" / "building_permits_ro.procedure.yaml")
    return write_report(sample_log(), tmp_path_factory.mktemp("permits") / "r", procedure=procedure)


def plain(said: list[str]) -> str:
    return " ".join(said).replace("\xa0", " ")


def test_the_first_sentence_says_what_was_in_time_what_is_overdue_and_whose_days_those_were(
    terms: TermFacts,
) -> None:
    assert plain(term_sentences(terms)[:1]) == (
        "Decision <on> a permit: 1 of 3 cases that ended was in time (33.3 %); "
        "2 ended late, half of them by 11 days or more. Of 2 open cases 1 is overdue, the longest "
        "by 18 days; for 1 the clock stands still lawfully. Of the 90 days of the 3 cases that ran "
        "past the due date 66.7 % were the office's and 33.3 % the applicants'."
    )


def test_pauses_longer_than_lawful_are_told(terms: TermFacts) -> None:
    assert (
        "Decision <on> a permit: in 1 case the office let the clock stand longer than is lawful, "
        "10 days in all, which count as run (case 3)." in plain(term_sentences(terms))
    )


def test_many_cases_with_pauses_longer_than_lawful_are_found_in_the_file() -> None:
    rows = [(f"{case}-{i}", *row) for i in range(4) for case, *row in EXPORT]
    told = plain(term_sentences(facts_of(log_of(rows), procedure_of())))
    assert "in 4 cases the office" in told
    assert "which count as run (excess_days in tables/terms.csv)." in told


def test_every_case_of_a_term_is_counted_once(terms: TermFacts) -> None:
    row = by_term(terms).iloc[0]
    assert row["cases"] == 6
    assert row["decided"] + row["open"] + row["withdrawn"] + row["unknown"] == row["cases"]
    assert row["in_time"] + row["late"] + row["silent"] == row["decided"]


def test_the_days_of_the_owners_are_all_the_days(terms: TermFacts) -> None:
    table = whose_days(terms)
    assert table["group"].tolist() == [ALL, PAST_DUE]
    assert table["days"].tolist() == [103, 90]
    assert table[["office", "applicant", "third party"]].sum(axis=1).tolist() == pytest.approx(
        [1, 1]
    )
    assert (table["excess"].tolist(), table["paused"].tolist()) == ([10, 10], [22, 20])


def test_what_was_assumed_is_told_with_counts(terms: TermFacts) -> None:
    told = plain(assumptions(terms))
    assert (
        "Decision <on> a permit: 1 case without a known due date, the start event has not happened."
        in told
    )
    assert "remark “pause beyond its lawful length”" in told
    assert (
        "does not say what “extended” is in this log, so it plays no part in Decision <on>" in told
    )
    assert "the rule is unclear: what a day is. Set in the procedure: bridge is false." in told


def test_starts_taken_from_another_event_are_told() -> None:
    text = TEXT.replace("start: registered", "start: [file_complete]")
    told = plain(assumptions(facts_of(log_of(), procedure_of(text))))
    assert (
        "Decision <on> a permit: 5 cases are counted from “registered”, because this log does not tell"
        in told
    )


def test_remarks_are_told_one_by_one_with_their_cases() -> None:
    text = TEXT.replace("country: RO", "country: NL").replace("eu-1182-71", "nl-atw")
    rows = [(case, what, day.replace("2026", "2021"), unit) for case, what, day, unit in EXPORT]
    told = plain(assumptions(facts_of(log_of(rows), procedure_of(text))))
    assert "5 cases with the remark “equated days of the year not known”" in told
    assert "2 cases with the remark “pause beyond its lawful length”" in told


def test_what_no_case_had_has_no_column_and_what_is_not_known_always_has_one(
    terms: TermFacts,
) -> None:
    (table,) = [table for table in term_tables(terms) if table.name == "terms"]
    titles = {column.title for column in table.columns}
    assert not titles & {"By silence", "Time passed", "With-drawn"}
    assert {"Late", "Overdue", "Not known"} <= titles


def test_the_longest_overdue_stands_first_among_what_needs_somebody(terms: TermFacts) -> None:
    table = next(table for table in term_tables(terms) if table.name == "at-risk")
    rows = [[cell.text for cell in row] for row in table.rows]
    assert [row[0] for row in rows] == ["4", "5"]
    assert rows[0][2:6] == ["overdue", "office", "2026-02-12", "18"]
    assert rows[1][2:5] == ["paused", "applicant", "–"]
    assert rows[0][7:] == ["is late", "–"]


def test_open_terms_and_the_cases_they_are_of_are_counted_apart() -> None:
    text = TEXT + TEXT[TEXT.index("  - id: decision") :].replace("id: decision", "id: answer")
    facts = facts_of(log_of(), procedure_of(text))
    table = next(table for table in term_tables(facts) if table.name == "at-risk")
    assert table.caption.endswith("(4 open terms of 2 cases)")
    assert facts.names == ["decision", "answer"]
    assert facts.called("answer") == "Decision <on> a permit (answer)"
    assert {row[1].text for row in table.rows} == {facts.called(name) for name in facts.names}


def test_days_that_count_in_several_terms_are_not_summed(page: Page) -> None:
    assert "n = 103 days" not in page.text
    assert "a case counts in each of its terms" in page.text


def test_pictures_call_a_term_by_its_name_and_count_what_they_draw(page: Page) -> None:
    (caption,) = [text for text in page.captions if "lawful pauses left out" in text]
    assert caption.startswith("Decision <on> a permit: how many days of the term")
    assert "past the due date: ended late, or still open." in caption
    assert "n = 5 cases drawn." in caption


def test_the_rule_is_told_with_its_law_length_counting_status_and_source(terms: TermFacts) -> None:
    table = next(table for table in term_tables(terms) if table.name == "rules")
    (row,) = [[cell.text for cell in row] for row in table.rows]
    assert row[:4] == ["Decision <on> a permit", "decision", "By-law 7", "10 days"]
    assert row[4].startswith("without the first day; moves on from Saturdays, Sundays, holidays")
    assert row[5:] == ["unclear: what a day is", "the procedure", "6"]


def test_the_section_stands_after_the_glance_and_is_linked(page: Page) -> None:
    ids = [attrs["id"] for attrs in page.all("section")]
    assert ids[:3] == ["glance", "terms", "map"]
    assert "#terms" in page.values("href")
    assert "Late by whose clock?" in page.text


def test_names_of_terms_are_text_and_not_html(page: Page) -> None:
    assert page.all("on") == []
    assert "Decision <on> a permit" in page.text


def test_the_tables_of_terms_stand_beside_the_page(page: Page) -> None:
    links = {link for link in page.values("href") if link.startswith("tables/")}
    for name in {*TABLES, "kpis_terms_by"}:
        assert {f"tables/{name}.csv", f"tables/{name}.parquet"} <= links


def test_terms_have_their_pictures_and_one_by_the_compared_attribute(page: Page) -> None:
    ids = [attrs["id"] for attrs in page.all("figure")]
    wanted = ["on-time-0", "days-against-term-0", "on-time-by", "ageing"]
    assert [name for name in ids if name.removeprefix("figure-") in wanted] == [
        f"figure-{name}" for name in wanted
    ]


def test_without_a_procedure_there_is_nothing_of_terms(tmp_path: Path) -> None:
    written = write_report(log_of(), tmp_path / "report")
    page = Page.read(written.read_text("utf-8"))
    assert "terms" not in [attrs["id"] for attrs in page.all("section")]
    assert "whose clock" not in page.text
    names = {path.stem for path in (tmp_path / "report" / "tables").iterdir()}
    assert not names & TABLES


def test_a_calendar_without_a_procedure_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    calendar = pm.Calendar("RO", tz="Europe/Bucharest")
    with pytest.raises(ProcmineError, match=r"calendar= is for counting the terms"):
        write_report(log_of(), tmp_path / "report", calendar=calendar)
    assert list(tmp_path.iterdir()) == []


def test_a_calendar_given_counts_in_place_of_that_of_the_procedure() -> None:
    rows = pd.DataFrame({"date": ["2026-01-15"], "role": "deadline", "kind": "closed"})
    calendar = pm.Calendar("RO", tz="Europe/Bucharest", days=rows)
    facts = measured(
        log_of(), as_of=None, by=None, period="M", say=lambda _: None,
        procedure=procedure_of(), calendar=calendar,
    )  # fmt: skip
    assert facts.terms is not None
    assert facts.terms.table["due"].iloc[0] == pd.Timestamp("2026-01-16")
    assert set(beside(facts)) >= {"terms"}


def test_a_procedure_whose_terms_no_case_has_says_so() -> None:
    text = TEXT.replace("    start:", "    if: {kind: none}\n    start:").replace(
        "closing:", "attributes: {kind: {value: some}}\nclosing:"
    )
    facts = facts_of(log_of(), procedure_of(text))
    assert term_sentences(facts) == ["No case of this log has one of the terms of the procedure."]
    assert term_tables(facts) == []


def test_steps_after_the_day_of_the_report_play_no_part(tmp_path: Path) -> None:
    written = write_report(
        log_of(), tmp_path / "report", procedure=procedure_of(), as_of="2026-01-18"
    )
    text = Page.read(written.read_text("utf-8")).text.replace("\xa0", " ")
    assert "1 of 1 case that ended was in time (100.0 %)" in text
    assert "Of 2 open cases 1 is overdue, the longest by 3 days" in text


def test_the_figures_of_the_sample_are_those_of_its_table(permits: Path) -> None:
    table = pd.read_parquet(permits.parent / "tables" / "terms.parquet")
    rows = table[table["term"] == "ro.building_permit"]["state"].value_counts()
    decided = rows["on_time"] + rows["late"]
    text = Page.read(permits.read_text("utf-8")).text.replace("\xa0", " ")
    assert f"{rows['on_time']:,} of {decided:,} cases that ended were in time" in text
    assert f"{rows['overdue']} are overdue" in text


def test_the_tables_of_the_sample_are_in_the_manifest(permits: Path) -> None:
    listed = json.loads((permits.parent / "procmine-report.json").read_text("utf-8"))["files"]
    assert {f"tables/{name}.csv" for name in TABLES} <= set(listed)


def test_a_control_window_is_told_as_time_to_check_and_nothing_in_it_is_late(
    tmp_path: Path,
) -> None:
    text = TEXT.replace("- id: decision", "- id: decision\n    kind: control_window")
    facts = facts_of(log_of(), procedure_of(text + "    silence: approval\n"), by="unit")
    row = by_term(facts).iloc[0]
    assert row["window"]
    assert row[["share", "late", "silent", "overdue"]].isna().all()
    assert row["decided"] == row["in_time"] + row["passed"]
    (table,) = [table for table in term_tables(facts) if table.name == "terms"]
    assert "Time passed" in [column.title for column in table.columns]
    (table,) = [table for table in term_tables(facts) if table.name == "whose-days"]
    assert [row[1].text for row in table.rows] == [ALL]
    assert whose_days(facts)["cases"].tolist() == [5, 0]
    told = plain(term_sentences(facts)[:1])
    assert told.startswith(
        "Decision <on> a permit: time to check, in which no decision is due. "
        "1 case ended within it; for 3 it passed. For 1 open case it has not passed."
    )
    assert "overdue" not in told
    assert "past the due date" not in told
    written = write_report(log_of(), tmp_path / "r", procedure=facts.procedure, by="unit")
    assert "what part of the cases ended in time" not in written.read_text("utf-8")
    assert "how many days of the term the cases used" in written.read_text("utf-8")
    (caption,) = [
        text for text in Page.read(written.read_text("utf-8")).captions if "pauses left out" in text
    ]
    assert "nothing is late when it has passed" in caption
    assert "Hatched" not in caption


def test_a_procedure_that_closes_cases_closes_them_on_the_whole_page(tmp_path: Path) -> None:
    log = log_of(closed=None)
    assert log.closed_at is None
    written = write_report(log, tmp_path / "report", procedure=procedure_of())
    text = Page.read(written.read_text("utf-8")).text.replace("\xa0", " ")
    assert "Nothing says what closes a case" not in text
    assert "3 cases were closed and 3 open as of" in text
    assert "What closes a case, as the procedure says: “Decide”." in text
    cases = pd.read_parquet(written.parent / "tables" / "cases.parquet")
    standing = pd.read_parquet(written.parent / "tables" / "blockages.parquet")
    assert (cases["state"] == "open").sum() == len(standing) == 3


def test_what_the_log_has_closed_without_the_procedure_is_closed_on_the_whole_page() -> None:
    facts = measured(
        log_of(closed="Ask"),
        as_of=None, by=None, period="M", say=lambda _: None, procedure=procedure_of(),
    )  # fmt: skip
    assert facts.waiting.blockages is not None
    assert (facts.cases["state"] == "open").sum() == len(facts.waiting.blockages) == 1
    said = " ".join(sentences(facts))
    assert "as the procedure says: “Decide”; as the log says: " in said
    same = measured(
        log_of(), as_of=None, by=None, period="M", say=lambda _: None, procedure=procedure_of()
    )
    assert "as the procedure says: “Decide”." in " ".join(sentences(same))
