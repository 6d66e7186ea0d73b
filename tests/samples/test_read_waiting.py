"""pm.waiting_causes finds in the samples why cases waited, where a cause was planted, within 5 %."""

from __future__ import annotations

import json
import warnings
from functools import cache
from typing import Any

import pandas as pd
import pytest

import procmine as pm
from tests.samples.truths import FOLDER, Truth, log_of, truth_for

DAY = pd.Timedelta(days=1)
CAUSES = ["external", "batching", "contention", "prioritisation", "unavailability", "unexplained"]
PERMITS_RO = "building_permits_ro"
COUNTRY = {"petitions_ro": "RO", "suap_it": "IT", "protocol_gr": "GR", "permits_nl": "NL"}
TICKETS = """
procedure: tickets
country: IT
activities:
  - {name: Nuova, then: office}
  - {name: Assegnata, then: office}
  - {name: In lavorazione, then: office}
  - {name: In attesa del cittadino, then: applicant}
  - {name: Risolta, then: office}
  - {name: Riaperta, then: office}
  - {name: Chiusa, then: office}
  - {name: Annullata, then: office}
"""


@cache
def truth_of(stem: str) -> Truth:
    name = "truth.json" if stem == PERMITS_RO else f"{stem}.truth.json"
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))["waiting"]


@cache
def log(stem: str) -> pm.EventLog:
    if stem != PERMITS_RO:
        return log_of(stem)
    truth = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
    path = FOLDER / truth["file"]
    return pm.read(path, **truth["binding"], tz=truth["tz"], closed=truth["closed"])


@cache
def procedure(stem: str) -> pm.Procedure:
    if stem == "history":
        return pm.Procedure.parse(TICKETS)
    return pm.Procedure.read(FOLDER / f"{stem}.procedure.yaml")


@cache
def waits(stem: str) -> pd.DataFrame:
    """The waits by the procedure and the office hours of the sample, in days."""
    own = procedure(stem)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.DataQualityWarning)  # one timestamp, nobody's calendar
        found = pm.waiting_causes(log(stem), procedure=own, calendar=calendar(stem))
    times = ["waiting_time", *CAUSES]
    text = dict.fromkeys(("source", "activity", "unit", "batch_kind"), "str")
    return found.assign(**{name: found[name] / DAY for name in times}).astype(text)


def calendar(stem: str) -> pm.Calendar:
    hours = {"mon-thu": "08:00-16:30", "fri": "08:00-14:00"}
    country = COUNTRY.get(stem, "RO" if stem == PERMITS_RO else "IT")
    return pm.Calendar(country, tz=log(stem).tz, hours=hours)


def passage(stem: str, planted: Truth, **options: Any) -> pd.DataFrame:
    """The waits before the activity, of those that came from the source where one is planted."""
    table = waits(stem, **options)
    own = table["activity"] == planted["activity"]
    return table[own & (table["source"] == planted.get("source", table["source"]))]


def figures(planted: Truth) -> Any:
    names = ("waits", "days", "median_days")
    return pytest.approx({name: planted[name] for name in names}, abs=1e-5)


def counted(days: pd.Series) -> dict[str, float]:
    return {"waits": len(days), "days": days.sum(), "median_days": days.median()}


@pytest.mark.parametrize("stem", [PERMITS_RO, *COUNTRY, "history"])
def test_the_causes_of_every_wait_sum_to_it(stem: str) -> None:
    found = waits(stem)
    assert len(found) > 900
    assert found[CAUSES].sum(axis=1).to_numpy() == pytest.approx(found["waiting_time"].to_numpy())


def test_the_waits_of_the_permits_are_those_of_the_truth_by_passage() -> None:
    found, planted = waits(PERMITS_RO), truth_of(PERMITS_RO)
    assert counted(found["waiting_time"]) == figures(planted)
    for one in planted["passages"]:
        own = passage(PERMITS_RO, one)["waiting_time"]
        assert counted(own) == figures(one), (one["source"], one["activity"])


def test_the_wait_for_the_committee_is_batching_by_the_weekday() -> None:
    planted = truth_of(PERMITS_RO)["committee"]
    own = passage(PERMITS_RO, planted)
    assert counted(own["waiting_time"]) == figures(planted["to_the_own_decision"])
    session = planted["to_the_first_decision_of_the_session"]["days"]
    assert own["batching"].sum() == pytest.approx(session, rel=0.05)
    assert set(own["batch_kind"]) == {"weekday"}
    assert (own["main_cause"] == "batching").mean() > 0.95


def test_nobody_but_the_committee_waits_for_a_batch() -> None:
    """Clerks have several files open at once: that steps overlap is chance, and no batch."""
    found, committee = waits(PERMITS_RO), truth_of(PERMITS_RO)["committee"]["activity"]
    others = found[found["activity"] != committee]
    assert others["batching"].sum() < 0.001 * others["waiting_time"].sum()


def test_the_wait_for_completions_and_for_who_fetches_the_permit_is_the_applicant_s() -> None:
    planted, found = truth_of(PERMITS_RO), waits(PERMITS_RO)
    parts = [planted["applicant"], planted["collection"]]
    for part in parts:
        assert counted(passage(PERMITS_RO, part)["external"]) == figures(part)
    assert found["external"].sum() == pytest.approx(sum(part["days"] for part in parts))


def test_the_slow_office_waits_as_long_as_planted_before_its_step() -> None:
    planted = truth_of(PERMITS_RO)["slow"]
    own = passage(PERMITS_RO, planted)
    cases = pm.cases(log(PERMITS_RO))[["case_id", "Oficiu"]].astype("str")
    offices = own.astype({"case_id": "str"}).merge(cases)
    for office, figures_of in planted["offices"].items():
        days = offices.loc[offices["Oficiu"] == office, "waiting_time"]
        assert counted(days) == figures(figures_of), office


def test_the_wait_of_the_slow_office_has_no_cause_that_was_not_planted() -> None:
    """Nobody's applicant and no batch: what is left are the desk, its hours, and no cause."""
    planted = truth_of(PERMITS_RO)["slow"]
    own = passage(PERMITS_RO, planted)
    assert own["external"].sum() == 0
    assert own["batching"].sum() < 0.01 * own["waiting_time"].sum()


def test_the_table_by_office_adds_up_to_the_waits_of_the_truth() -> None:
    planted = truth_of(PERMITS_RO)["slow"]
    found = pm.waiting_causes(
        log(PERMITS_RO),
        by=["activity", "Oficiu"],
        procedure=procedure(PERMITS_RO),
        calendar=calendar(PERMITS_RO),
    )
    own = found[found["activity"] == planted["activity"]]
    days = (own.groupby(own["Oficiu"].astype("str"))["time"].sum() / DAY).to_dict()
    assert days == pytest.approx({name: o["days"] for name, o in planted["offices"].items()})
    shares = own.groupby(own["Oficiu"].astype("str"))["share"].sum()
    assert shares.to_numpy() == pytest.approx(1.0)


def test_closing_on_fridays_at_19_is_batching_by_the_time_of_week() -> None:
    planted = truth_of("history")["closing_on_friday_at_19"]
    own = passage("history", planted)
    friday = own[own["batch_kind"] == "time_of_week"]
    assert counted(friday["batching"]) == figures(planted)
    assert own["batching"].sum() == pytest.approx(planted["days"])
    assert set(friday["until"].dt.strftime("%A %H:%M:%S")) == {"Friday 19:00:00"}


def test_the_wait_for_the_citizen_is_external_where_a_procedure_says_so() -> None:
    planted = truth_of("history")["citizen"]
    assert counted(passage("history", planted)["external"]) == figures(planted)
    elsewhere = waits("history")["external"].sum() - planted["days"]
    assert elsewhere == pytest.approx(0, abs=1e-4)


def test_the_batch_of_friday_at_13_is_found() -> None:
    planted = truth_of("protocol_gr")["batch_of_friday_at_13"]
    own = passage("protocol_gr", planted)
    batched = own[own["batching"] > 0]
    assert own["batching"].sum() == pytest.approx(planted["days"], rel=0.05)
    assert len(batched) == pytest.approx(planted["waits"], rel=0.05)


def test_the_wait_for_missing_papers_is_the_applicant_s() -> None:
    planted = truth_of("protocol_gr")["applicant"]
    assert counted(passage("protocol_gr", planted)["external"]) == figures(planted)
    assert waits("protocol_gr")["external"].sum() == pytest.approx(planted["days"], rel=0.05)


def test_answers_that_leave_on_fridays_are_batching_by_the_weekday() -> None:
    planted = truth_of("petitions_ro")["answers_on_friday"]
    own = passage("petitions_ro", planted)
    assert counted(own.loc[own["batching"] > 0, "batching"]) == figures(planted)
    assert waits("petitions_ro")["batching"].sum() == pytest.approx(planted["days"])


def test_the_paper_of_friday_is_batching_by_the_weekday() -> None:
    planted = truth_of("permits_nl")
    own = passage("permits_nl", planted["paper_of_friday_at_14"])
    assert counted(own["waiting_time"]) == figures(planted["publication_of_all"])
    paper = planted["paper_of_friday_at_14"]["to_the_paper"]
    assert own["batching"].sum() == pytest.approx(paper["days"], rel=0.05)
    assert set(own.loc[own["batching"] > 0, "batch_kind"]) == {"weekday"}


def test_the_wait_for_integrations_is_the_applicant_s_until_they_come_or_it_is_filed() -> None:
    planted = truth_of("suap_it")["applicant"]
    came, filed = planted["completed"], planted["filed_without_answer"]
    milestones = truth_for("suap_it")["binding"]["milestones"]
    own = waits("suap_it")
    asked = own[own["source"] == planted["source"]]
    external = {name: asked.loc[asked["activity"] == name, "external"] for name in milestones}
    assert counted(external[milestones[3]]) == figures(came)
    assert counted(external[milestones[5]]) == figures(filed)
    assert own["external"].sum() == pytest.approx(came["days"] + filed["days"])


def test_conferences_on_wednesdays_are_sessions_but_their_notice_is_not_told_apart() -> None:
    """With one timestamp the 14 days of notice and the wait for the Wednesday look alike.

    What counts as batching lies between the wait for the Wednesday and the whole wait: it begins,
    at the soonest, with the conference before.
    """
    planted = truth_of("suap_it")["conferences"]
    own = passage("suap_it", planted)
    whole, beyond = planted["from_the_complete_practice"], planted["from_the_end_of_the_notice"]
    assert counted(own["waiting_time"]) == figures(whole)
    assert set(own["batch_kind"]) == {"weekday"}
    assert beyond["days"] < own["batching"].sum() < whole["days"]
