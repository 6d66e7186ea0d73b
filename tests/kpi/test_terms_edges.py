"""Measures of terms where there is little to measure, or two things say what closes a case."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest

import procmine as pm
from procmine.errors import ProcmineError
from procmine.kpi.grid_size import FIGURES, FIGURES_OF_TERM
from procmine.procedure import Procedure
from tests.bound import ZONE
from tests.kpi.ten_days import ALL, SEEN, TEN_DAYS, log_of, procedure, quietly

CASES = {
    **SEEN,
    "a1": [("Came", "2026-01-05"), ("Granted", "2026-01-13")],
    "b1": [("Came", "2026-01-12")],
}


def no_terms() -> Procedure:
    return Procedure.parse(TEN_DAYS[: TEN_DAYS.index("terms:")])


def flow_of(table: pd.DataFrame) -> pd.DataFrame:
    """The rows about no term."""
    return table[table["term"].isna()].reset_index(drop=True)


# --- an empty log ---------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", [None, "2026-03-01"])
@pytest.mark.parametrize("measure", [pm.kpis, pm.at_risk, pm.terms])
def test_of_a_log_without_cases_every_table_is_empty_and_has_its_columns(measure, as_of):
    log = log_of(CASES)
    empty = log.filter(period=("2030-01-01", "2031-01-01"))
    assert empty.n_cases == 0
    found = quietly(measure, empty, procedure(), as_of=as_of)
    assert len(found) == 0
    assert list(found.columns) == list(quietly(measure, log, procedure()).columns)


def test_of_a_log_without_cases_the_tables_by_key_are_empty_too():
    empty = log_of(CASES).filter(period=("2030-01-01", "2031-01-01"))
    for measure in (pm.kpis, pm.at_risk):
        found = quietly(measure, empty, procedure(), by="office")
        assert len(found) == 0
        assert "office" in found.columns


# --- a procedure without terms --------------------------------------------------------------------


@pytest.mark.parametrize("measure", [pm.terms, pm.at_risk])
def test_a_procedure_without_terms_has_nothing_to_count_and_says_how_to_write_some(measure):
    with pytest.raises(ProcmineError, match=r"'ten_days' has no terms\nwrite terms:"):
        measure(log_of(CASES), no_terms())


def test_a_procedure_without_terms_gives_kpis_its_closing():
    log = log_of(CASES)
    found = pm.kpis(log, no_terms(), period="M")
    assert found["term"].isna().all()
    pd.testing.assert_frame_equal(found, flow_of(quietly(pm.kpis, log, procedure(), period="M")))


def test_a_procedure_without_terms_is_still_held_against_the_log():
    text = TEN_DAYS[: TEN_DAYS.index("terms:")].replace("Granted", "Permitted")
    text = text.replace("  - {activity: Dropped, outcome: withdrawn}\n", "")
    with pytest.raises(ProcmineError, match="Permitted"):
        pm.kpis(log_of(CASES), Procedure.parse(text))


# --- what closes a case ---------------------------------------------------------------------------


def test_the_closing_of_the_procedure_goes_before_that_of_the_log():
    known = log_of(CASES)
    unsaid = replace(known, closed_at=None, closing=None)
    otherwise = replace(known, closed_at=known.first[known.offsets[:-1]], closing=None)
    assert (pm.cases(otherwise)["state"] == "closed").all()
    tables = [quietly(pm.kpis, log, procedure(), period="M") for log in (known, unsaid, otherwise)]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], table)
    last = tables[2][tables[2]["period"] == "2026-01"].set_index("kpi")["value"]
    assert (last["completed"], last["open"], last["concluded"]) == (1, 1, 1)
    basis = flow_of(tables[2])["basis"]
    assert basis.str.contains("closed by the closing activities of the procedure").all()


def test_where_the_procedure_names_no_closing_the_log_says_what_closes_a_case():
    known = log_of(CASES)
    text = TEN_DAYS.replace("SILENCE", "none")
    silent = text[: text.index("closing:")] + text[text.index("events:") :]
    found = quietly(pm.kpis, known, Procedure.parse(silent), period="M")
    pd.testing.assert_frame_equal(flow_of(found).drop(columns="term"), pm.kpis(known, period="M"))


def test_a_case_that_closed_closes_in_the_terms_and_in_the_flow_alike():
    # a closing step of which only the start is known closes the case on that day
    rows = [
        *[("z", name, "2025-12-01 09:00", "2025-12-01 10:00") for name in ALL],
        ("a", "Came", "2026-01-05 09:00", "2026-01-05 10:00"),
        ("a", "Granted", "2026-01-12 09:00", None),
        ("b", "Came", "2026-01-05 09:00", "2026-01-05 10:00"),
        ("b", "Granted", "2026-01-14 09:00", "2026-01-20 10:00"),
    ]
    frame = pd.DataFrame(rows, columns=["case", "activity", "begun", "done"])
    frame[["begun", "done"]] = frame[["begun", "done"]].apply(pd.to_datetime)
    log = pm.read(frame, case="case", activity="activity", start="begun", end="done", tz=ZONE)
    for as_of, completed in (("2026-01-11", 0), ("2026-01-13", 1), ("2026-01-31", 2)):
        found = quietly(pm.kpis, log, procedure(), period="M", as_of=as_of)
        january = found[found["period"] == "2026-01"].set_index("kpi")["value"]
        assert january["completed"] == january["concluded"] == completed
        assert january["open"] == 2 - completed


def test_a_case_that_was_reopened_was_open_in_between_only_as_of_then():
    steps = [("Came", "2026-01-05"), ("Granted", "2026-01-13"), ("Granted", "2026-01-25")]
    log = log_of({**SEEN, "a1": steps})
    for as_of, week in (("2026-01-16", "2026-W03"), ("2026-01-31", "2026-W04")):
        found = quietly(pm.kpis, log, procedure(), as_of=as_of)
        completed = found[(found["kpi"] == "completed") & (found["value"] > 0)]
        assert completed["period"].tolist() == ["2025-W49", week]


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", [pm.kpis, pm.at_risk])
def test_a_key_that_is_named_twice_is_refused(measure):
    with pytest.raises(ProcmineError, match=r"by= names 'office' 2 times\nname it once"):
        measure(log_of(CASES), procedure(), by=["office", "office"])
    with pytest.raises(ProcmineError, match="'office' 2 times"):
        pm.kpis(log_of(CASES), by=["office", "office"])


# --- size -----------------------------------------------------------------------------------------


def test_a_date_that_is_wrong_by_decades_is_told_in_place_of_millions_of_rows():
    cases = {f"c{n}": [("Came", f"2026-01-{n % 28 + 1:02}")] for n in range(200)}
    log = log_of({**cases, "wrong": [("Came", "1925-03-02")]})
    frame = log.to_frame()
    assert len(pm.kpis(log)) < 200_000
    one_each = replace(log, case_attributes=numbered(log))
    assert len(pm.kpis(one_each, period="Y", by="plot")) < 500_000
    with pytest.raises(ProcmineError) as told:
        pm.kpis(one_each, by="plot")
    assert "× 201 values of by=" in str(told.value)
    assert "the first case, 'wrong', began on 1925-03-02; is that date right?" in str(told.value)
    pd.testing.assert_frame_equal(frame, log.to_frame())


def numbered(log: pm.EventLog) -> pa.Table:
    return pa.table({"plot": [f"plot {n}" for n in range(log.n_cases)]})


@pytest.mark.parametrize("rules", [None, procedure()], ids=["flow", "terms"])
def test_the_figures_of_a_cell_are_as_many_as_is_said(rules):
    log = log_of(CASES)
    cells = pm.kpis(log, rules, period="M").groupby("period").size()
    said = FIGURES if rules is None else FIGURES + FIGURES_OF_TERM
    assert set(cells) == {said}
