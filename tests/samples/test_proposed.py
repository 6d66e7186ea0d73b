"""What procmine proposes for the five exports is the binding that their truths say should come out."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import procmine as pm
from tests.samples.truths import FOLDER, STEMS, truth_for

ROLES = ("case", "activity", "timestamp", "unit", "lifecycle", "instance", "previous")


@cache
def proposed_for(stem: str) -> pm.Binding:
    return pm.inspect(FOLDER / truth_for(stem)["file"])


def plain(stem: str, role: str) -> Any:
    return proposed_for(stem).to_plain().get(role)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stem", STEMS)
def test_each_role_is_proposed_as_the_truth_says(stem: str, role: str) -> None:
    assert plain(stem, role) == truth_for(stem)["binding"].get(role)


@pytest.mark.parametrize("stem", ["petitions_ro", "suap_it"])
def test_the_milestones_are_proposed_in_the_order_of_the_columns(stem: str) -> None:
    assert list(proposed_for(stem).milestones) == truth_for(stem)["binding"]["milestones"]


def test_a_term_is_no_milestone() -> None:
    truth = truth_for("petitions_ro")
    assert not set(truth["not_milestones"]) & set(proposed_for("petitions_ro").milestones)


@pytest.mark.parametrize(
    "stem",
    [
        "petitions_ro",
        "protocol_gr",
        "permits_nl",
        "history",
    ],
)
def test_the_person_is_proposed_as_the_truth_says(stem: str) -> None:
    assert plain(stem, "resource") == truth_for(stem)["binding"].get("resource")


@pytest.mark.parametrize(
    "stem",
    [
        "petitions_ro",
        "suap_it",
        "protocol_gr",
        "permits_nl",
        "history",
    ],
)
def test_annulled_entries_are_proposed_as_the_truth_says(stem: str) -> None:
    assert plain(stem, "annulled") == truth_for(stem)["binding"].get("annulled")


def test_the_person_in_charge_of_a_practice_did_not_do_each_step_and_is_left_out() -> None:
    """The truth binds it; a row per case has one person for all milestones, whoever reached them."""
    assert plain("suap_it", "resource") is None
    assert any("'Responsabile del procedimento'" in note for note in proposed_for("suap_it").notes)


def test_a_ticket_counts_as_closed_when_it_is_resolved_or_closed() -> None:
    """The truth counts the closed ones only; which status is final, the words alone do not tell."""
    assert plain("history", "closed") == {"activities": ["Risolta", "Chiusa"]}


@pytest.mark.parametrize("stem", ["protocol_gr", "permits_nl"])
def test_where_neither_status_nor_date_says_so_nothing_closes_a_case(stem: str) -> None:
    assert plain(stem, "closed") is None


@pytest.mark.parametrize("stem", ["petitions_ro", "suap_it"])
def test_what_closes_a_case_is_proposed_as_the_truth_says(stem: str) -> None:
    truth = truth_for(stem)
    log = pm.read(FOLDER / truth["file"], tz=truth["tz"])
    states = pm.cases(log, as_of=truth["as_of"])["state"].astype("str").value_counts()
    found = pm.cases(log, as_of=truth["as_of"])["cycle_time"].dropna()
    assert states.to_dict() == {"closed": truth["closed_cases"], "open": truth["open_cases"]}
    days = truth.get("days_elapsed_all_closed", truth["days_elapsed"])
    assert found.median().total_seconds() / 86_400 == pytest.approx(days["median"], abs=1e-6)
