"""The procedures beside the sample logs fit them, teach without a warning, and find again what was planted."""

from __future__ import annotations

import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import procmine as pm
from procmine.procedure.procedure import Procedure
from procmine.procedure.terms import terms

FOLDER = Path(__file__).resolve().parent.parent.parent / "sample_logs"
LOGS = {
    "building_permits_ro": "truth.json",
    "petitions_ro": "petitions_ro.truth.json",
    "suap_it": "suap_it.truth.json",
    "protocol_gr": "protocol_gr.truth.json",
    "permits_nl": "permits_nl.truth.json",
}

each = pytest.mark.parametrize("stem", LOGS)


@cache
def truth_of(stem: str) -> dict[str, Any]:
    return json.loads((FOLDER / LOGS[stem]).read_text(encoding="utf-8"))


@cache
def log_of(stem: str) -> pm.EventLog:
    truth = truth_of(stem)
    return pm.read(FOLDER / truth["file"], tz=truth["tz"], **truth["binding"])


@cache
def procedure_of(stem: str) -> Procedure:
    return Procedure.read(FOLDER / f"{stem}.procedure.yaml")


@cache
def table_of(stem: str) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.DataQualityWarning)
        return terms(log_of(stem), procedure_of(stem), as_of=truth_of(stem)["as_of"])


def states(stem: str, term: str) -> dict[str, int]:
    table = table_of(stem)
    counts = table.loc[table["term"] == term, "state"].value_counts()
    return {state: int(n) for state, n in counts.items() if n}


def test_every_procedure_beside_a_sample_log_is_tested_here() -> None:
    files = {path.name.split(".")[0] for path in FOLDER.glob("*.procedure.yaml")}
    assert files == set(LOGS)


@each
def test_it_fits_its_log_and_leaves_nothing_open_that_would_warn(stem: str) -> None:
    procedure_of(stem).check(log_of(stem))  # a warning is an error


@each
def test_it_lists_every_activity_of_the_log_and_whose_time_runs_after_it(stem: str) -> None:
    procedure = procedure_of(stem)
    known = set(log_of(stem).activity.names())
    spelt = [{activity.name, *activity.aliases} & known for activity in procedure.activities]
    assert all(len(found) == 1 for found in spelt)
    assert set().union(*spelt) == known
    assert all(activity.then for activity in procedure.activities)


@each
def test_its_flow_and_its_closings_name_listed_activities(stem: str) -> None:
    procedure = procedure_of(stem)
    listed = {activity.name for activity in procedure.activities}
    assert {name for part in procedure.flow for name in part.activities()} == listed
    assert {closing.activity for closing in procedure.closing} <= listed


@each
def test_its_comments_say_that_it_is_a_sample_and_no_legal_advice(stem: str) -> None:
    text = (FOLDER / f"{stem}.procedure.yaml").read_text("utf-8")
    assert "a sample, not legal advice" in text.split("\nprocedure:")[0]


@each
def test_the_days_of_every_row_add_up(stem: str) -> None:
    table = table_of(stem).dropna(subset=["gross_days"])
    assert len(table)
    parts = table["net_days"] + table["paused_days"] + table["voided_days"]
    owners = table["office_days"] + table["applicant_days"] + table["third_party_days"]
    assert parts.equals(table["gross_days"])
    assert owners.equals(table["gross_days"])


def test_permits_that_stand_at_a_request_for_completion_are_paused() -> None:
    found = states("building_permits_ro", "ro.building_permit")
    waiting = truth_of("building_permits_ro")["activities"]["Solicitare completări"]["ends"]
    assert found["paused"] == waiting == 45
    assert sum(found.values()) == truth_of("building_permits_ro")["cases"]


def test_the_applicant_had_the_dossiers_that_were_sent_back_or_not_fetched_yet() -> None:
    table = table_of("building_permits_ro")
    table = table[table["term"] == "ro.building_permit"].set_index("case_id")
    steps = pm.steps(log_of("building_permits_ro"))
    done = steps.groupby("case_id")["activity"].agg(set)
    returned = done.map(lambda names: "Solicitare completări" in names)
    signed = done.map(lambda names: "Semnare autorizație" in names)
    assert (
        returned.sum()
        == truth_of("building_permits_ro")["activities"]["Solicitare completări"]["cases"]
    )
    sent_today = (table["owner"] == "applicant") & (table["applicant_days"] == 0)
    had = (table["applicant_days"] > 0) | sent_today
    assert (had == returned)[~signed].all()  # those signed wait until they are fetched
    assert had[returned].all()
    assert set(table.loc[table["state"] == "paused", "owner"]) == {"applicant"}


def test_the_petitions_late_by_the_register_are_those_answered_after_its_term() -> None:
    truth = truth_of("petitions_ro")
    assert states("petitions_ro", "registry_term")["late"] == truth["answered_after_the_term"]
    redirected = sum(states("petitions_ro", "ro.petition.forward").values())
    assert redirected == truth["states"]["redirecționat"]
    answered_here = sum(states("petitions_ro", "ro.petition").values())
    assert answered_here == truth["cases"] - redirected


def test_each_kind_of_practice_has_its_own_term() -> None:
    rows = table_of("suap_it")["term"].value_counts().to_dict()
    kinds = truth_of("suap_it")["kinds"]
    assert rows == {
        "it.scia": kinds["SCIA"],
        "it.pdc": kinds["Permesso di costruire"],
        "single_authorisation": kinds["Autorizzazione unica"],
    }


def test_permits_that_silence_granted_are_deemed_approved() -> None:
    cases = pm.cases(log_of("suap_it"))
    silent = set(cases.loc[cases["Stato pratica"] == "Silenzio assenso", "case_id"])
    table = table_of("suap_it")
    found = table[table["case_id"].isin(silent)]
    assert len(found) == truth_of("suap_it")["silent_consent"]
    assert set(found["state"]) == {"deemed_approved"}
    assert not found["decided_late"].any()


def test_decisions_with_the_wrong_year_are_unknown_and_not_early() -> None:
    table = table_of("suap_it")
    unknown = table[table["state"] == "unknown"]
    assert sorted(unknown["case_id"]) == truth_of("suap_it")["wrong_year"]
    assert set(unknown["reason"]) == {"closed before it started"}


def test_papers_without_their_documents_are_paused_and_the_start_is_told_as_assumed() -> None:
    done = truth_of("protocol_gr")["activities"]
    found = states("protocol_gr", "gr.default")
    assert found["paused"] == done["Αίτημα συμπλήρωσης"] - done["Προσκόμιση εγγράφων"]
    assert table_of("protocol_gr")["start_fallback"].all()
    with pytest.warns(pm.DataQualityWarning, match="filed_at_competent_service"):
        terms(log_of("protocol_gr"), procedure_of("protocol_gr"))


def test_withdrawn_applications_are_neither_on_time_nor_late() -> None:
    truth = truth_of("permits_nl")
    assert (
        states("permits_nl", "decision")["withdrawn"] == truth["activities"]["Intrekking verwerken"]
    )
    assert set(table_of("permits_nl")["version"]) == {"nl.ow@2024-01-01"}
