"""petitions_ro.xlsx and suap_it.csv, a row per case with dates, are read as their truths say in detail."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import pytest

import procmine as pm
from tests.samples.truths import FOLDER, cases_of, log_of, steps_of, truth_for

PETITIONS, SUAP = "petitions_ro", "suap_it"
BOTH = pytest.mark.parametrize("stem", [PETITIONS, SUAP])
DAY = pd.Timedelta(days=1)
CEDILLAS = set("şţŞŢ")

Spread = Callable[[Iterable[float]], Any]


def key_of(stem: str, example: dict[str, Any]) -> str:
    number = str(example["number"])
    return f"{example['sheet']}/{number}" if stem == PETITIONS else number


def counted(stem: str, kind: str) -> dict[str, int]:
    """What the import found of one kind, by column."""
    found: dict[str, int] = {}
    for finding in log_of(stem).import_report.findings:
        if finding.kind == kind:
            found[finding.column] = found.get(finding.column, 0) + finding.count
    return found


def dates(table: pd.DataFrame) -> dict[str, str]:
    return dict(zip(table["activity"], table["end"].dt.strftime("%Y-%m-%d"), strict=True))


def rejected(stem: str) -> pd.DataFrame:
    return log_of(stem).import_report.rejected


@BOTH
def test_every_annulled_entry_is_rejected_with_its_status(stem: str) -> None:
    table, annulled = rejected(stem), truth_for(stem)["binding"]["annulled"]
    found = table[table["column"] == annulled["column"]]
    assert set(found["value"]) == set(annulled["values"])
    assert len(found) == truth_for(stem)["states"][annulled["values"][0]]


@BOTH
def test_the_days_to_the_end_are_as_planted(stem: str, spread: Spread) -> None:
    truth, cycle = truth_for(stem), cases_of(stem)["cycle_time"].dropna()
    planted = truth.get("days_elapsed_all_closed", truth["days_elapsed"])
    assert planted == spread(cycle / DAY)


@BOTH
def test_the_calendar_days_of_cases_closed_in_order_are_as_planted(
    stem: str, spread: Spread
) -> None:
    truth, cases = truth_for(stem), cases_of(stem)
    left_out = set(truth.get("wrong_year", ()))
    closed = cases[(cases["state"] == "closed") & ~cases.index.isin(left_out)]
    if stem == SUAP:  # 28 were granted by silence and have no date of decision
        closed = closed[closed["last_activity"] == truth["binding"]["milestones"][-1]]
    local = [
        pd.to_datetime(closed[name].dt.tz_localize(None)).dt.normalize()
        for name in ("started", "ended")
    ]
    assert truth["days_calendar"] == spread((local[1] - local[0]) / DAY)


@BOTH
def test_the_units_have_as_many_cases_as_planted(stem: str) -> None:
    found = cases_of(stem)["unit"].astype("str").value_counts()
    assert found.to_dict() == truth_for(stem)["units"]


@BOTH
def test_the_states_are_as_planted_in_one_spelling(stem: str) -> None:
    truth = truth_for(stem)
    found = cases_of(stem)[truth["binding"]["closed"]["column"]].astype("str").value_counts()
    annulled = set(truth["binding"]["annulled"]["values"])
    assert found.to_dict() == {s: n for s, n in truth["states"].items() if s not in annulled}


@BOTH
def test_the_examples_have_their_dates_their_state_and_their_row(stem: str) -> None:
    steps, cases, truth = steps_of(stem), cases_of(stem), truth_for(stem)
    annulled = set(truth["binding"]["annulled"]["values"])
    for example in truth["examples"]:
        key = key_of(stem, example)
        own = steps[steps["case_id"] == key]
        if example["state"] in annulled:
            assert own.empty, key
            continue
        assert dates(own) == {a: day for a, day in example["dates"].items() if day}, key
        assert set(own["row"]) == {example["row"]}, key
        assert cases.loc[key, truth["binding"]["closed"]["column"]] == example["state"], key


@BOTH
def test_the_annulled_examples_are_listed_with_their_row(stem: str) -> None:
    truth, table = truth_for(stem), rejected(stem)
    listed = {tuple(row) for row in table[["row", "value"]].itertuples(index=False)}
    annulled = set(truth["binding"]["annulled"]["values"])
    examples = [e for e in truth["examples"] if e["state"] in annulled]
    assert examples
    assert {(e["row"], e["state"]) for e in examples} <= listed


def test_the_sheets_have_the_cases_the_totals_and_the_headers_planted() -> None:
    table, planted = rejected(PETITIONS), truth_for(PETITIONS)["sheets"]
    cases = cases_of(PETITIONS)["sheet"].astype("str").value_counts()
    for sheet, figures in planted.items():
        own = table[table["sheet"] == sheet]
        assert cases[sheet] == figures["entries"] - len(figures["annulled_numbers"])
        assert own.loc[own["reason"] == "totals row", "row"].tolist() == [figures["total"]["row"]]
        headers = [*figures["header_rows"][1:], *figures["numbering_rows"]]
        if figures["numbering_rows"]:  # the first of them is a part of the header
            headers.remove(figures["numbering_rows"][0])
        assert own.loc[own["reason"] == "repeated header", "row"].tolist() == sorted(headers)


def test_open_cases_are_those_of_the_last_sheet() -> None:
    cases, planted = cases_of(PETITIONS), truth_for(PETITIONS)["sheets"]
    found = cases.groupby(cases["sheet"].astype("str"))["state"].agg(lambda s: (s == "open").sum())
    assert found.to_dict() == {sheet: figures["open"] for sheet, figures in planted.items()}


def test_blank_rows_and_the_sheet_of_other_contents_are_told() -> None:
    blank = truth_for(PETITIONS)["sheets"]["2024"]["blank_rows_after_header"]
    assert (
        f"sheet '2024': empty rows left out: {len(blank)}" in log_of(PETITIONS).import_report.notes
    )
    proposed = pm.read(FOLDER / truth_for(PETITIONS)["file"], tz="Europe/Bucharest")
    other = truth_for(PETITIONS)["sheet_of_other_contents"]
    assert any(
        note.startswith("sheets left out") and f"'{other}'" in note
        for note in proposed.import_report.notes
    )


def test_what_is_written_for_a_date_is_counted_in_the_petitions() -> None:
    truth = truth_for(PETITIONS)
    assert counted(PETITIONS, "placeholder") == {
        "Data expedierii": truth["cells_dash"],
        "Data soluționării": truth["cells_at_work"],
    }


def test_formulas_without_a_value_are_counted() -> None:
    found = counted(PETITIONS, "formula")
    assert found == {"Zile": truth_for(PETITIONS)["formulas_without_value"]}


def test_dates_typed_as_text_are_read_as_dates() -> None:
    typed = truth_for(PETITIONS)["dates_typed_as_text"]
    steps = steps_of(PETITIONS)
    keys = [f"{typed['sheet']}/{number}" for number in typed["numbers"]]
    sent = steps[steps["case_id"].isin(keys) & (steps["activity"] == "Data expedierii")]
    assert sorted(sent["case_id"]) == sorted(keys)
    assert any(
        note.startswith(f"Data expedierii: {len(keys)} cells are text beside dates")
        for note in log_of(PETITIONS).import_report.notes
    )


def test_letters_are_shown_with_a_comma_below() -> None:
    log = log_of(PETITIONS)
    steps, cases = steps_of(PETITIONS), cases_of(PETITIONS)
    columns = [*log.case_attributes.column_names, *steps.columns, *cases.columns]
    texts = [str(v) for table in (steps, cases) for name in table for v in table[name].unique()]
    written = set("".join(columns + texts))
    assert not CEDILLAS & written
    assert set("șț") <= written


def test_cells_in_another_spelling_are_counted_once_each() -> None:
    """The units of the sheet with cedillas are the only ones in another spelling."""
    cases = cases_of(PETITIONS)
    old = cases.loc[cases["sheet"].astype("str") == "2023", "unit"].astype("str")
    cells = old.str.contains("[șțȘȚ]").sum()
    annulled = len(truth_for(PETITIONS)["sheets"]["2023"]["annulled_numbers"])
    assert cells <= counted(PETITIONS, "spelling")["Compartiment"] <= cells + annulled


def test_answers_leave_on_fridays_and_are_assigned_on_the_day_as_planted() -> None:
    truth, steps = truth_for(PETITIONS), steps_of(PETITIONS)
    first, second, _, last = truth["binding"]["milestones"]
    sent = steps.loc[steps["activity"] == last, "end"]
    assert (sent.dt.day_name() == "Friday").sum() == truth["answers_on_friday"]
    table = steps.pivot(index="case_id", columns="activity", values="end")
    assert (table[first] == table[second]).sum() == truth["assigned_on_the_day"]


def test_answers_after_the_term_and_joined_petitions_are_as_planted() -> None:
    truth, cases = truth_for(PETITIONS), cases_of(PETITIONS)
    closed = cases[cases["state"] == "closed"]
    late = closed["ended"].dt.tz_localize(None) > pd.to_datetime(closed["Termen"])
    assert late.sum() == truth["answered_after_the_term"]
    assert cases["Nr. conexat"].notna().sum() == truth["joined"]


def test_dates_that_stand_for_none_are_counted() -> None:
    truth = truth_for(SUAP)
    found = counted(SUAP, "sentinel_time")
    assert sum(found.values()) == sum(truth["sentinels"].values())
    assert found["Data provvedimento"] == truth["sentinels"]["31/12/9999"]
    assert sum(counted(SUAP, "placeholder").values()) == truth["cells_dash"]


def test_an_amount_with_points_and_comma_is_a_number() -> None:
    truth = truth_for(SUAP)
    table = log_of(SUAP).case_attributes
    assert str(table.schema.field("Importo").type) == "double"
    cases = cases_of(SUAP)
    for example in truth["examples"]:
        if example["number"] not in truth["annulled"]:
            amount = float(example["amount"].replace(".", "").replace(",", "."))
            assert cases.loc[example["number"], "Importo"] == pytest.approx(amount)
    text = (FOLDER / truth["file"]).read_bytes().decode(truth["encoding"])
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=truth["separator"])
    amounts = {row["Numero protocollo"]: row["Importo"] for row in rows}
    cents = {key: int(amount.replace(".", "").replace(",", "")) for key, amount in amounts.items()}
    assert sum(cents.values()) == int(truth["amount_total"].replace(".", "").replace(",", ""))
    left_out = sum(cents[key] for key in truth["annulled"])
    assert round(cases["Importo"].sum() * 100) == sum(cents.values()) - left_out


def test_a_case_key_of_digits_stays_text_of_eleven_digits() -> None:
    keys = cases_of(SUAP).index
    assert keys.str.fullmatch(r"\d{11}").all()


def test_the_encoding_is_told() -> None:
    assert any("cp1252" in note for note in log_of(SUAP).import_report.notes)
    assert "Attività" in "".join(cases_of(SUAP)["unit"].astype("str").unique())


def test_the_halts_for_completions_are_as_planted(spread: Spread) -> None:
    truth = truth_for(SUAP)
    table = steps_of(SUAP).pivot(index="case_id", columns="activity", values="end")
    asked, given = table["Data richiesta integrazioni"], table["Data integrazioni"]
    assert asked.notna().sum() == truth["suspended"]["asked"]
    days = (given.dt.tz_localize(None) - asked.dt.tz_localize(None)).dropna() / DAY
    assert truth["suspended"]["calendar_days"] == spread(days)


def test_kinds_conferences_and_decisions_before_the_application_are_as_planted() -> None:
    truth, cases, steps = truth_for(SUAP), cases_of(SUAP), steps_of(SUAP)
    kinds = cases["Tipo pratica"].astype("str").value_counts().to_dict()
    assert kinds == truth["kinds"]
    days = steps.loc[steps["activity"] == "Data conferenza servizi", "end"].dt.day_name()
    assert (days == "Wednesday").sum() == truth["conferences_on_wednesday"]
    early = cases.index[cases["first_activity"] == "Data provvedimento"]
    assert sorted(early) == truth["wrong_year"]


def test_cases_granted_by_silence_are_closed_without_a_decision() -> None:
    truth, cases = truth_for(SUAP), cases_of(SUAP)
    silent = cases[cases["Stato pratica"] == "Silenzio assenso"]
    assert len(silent) == truth["silent_consent"] == truth["closed_without_date"]
    assert (silent["state"] == "closed").all()
    assert not (silent["last_activity"] == "Data provvedimento").any()
