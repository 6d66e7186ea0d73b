"""What procmine proposes for the five exports is the binding that their truths say should come out."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import procmine as pm

FOLDER = Path(__file__).resolve().parent.parent.parent / "sample_logs"
STEMS = ("petitions_ro", "suap_it", "protocol_gr", "permits_nl", "history")
ROLES = ("case", "activity", "timestamp", "unit", "lifecycle", "instance", "previous")

Truth = dict[str, Any]


@cache
def truth_for(stem: str) -> Truth:
    return json.loads((FOLDER / f"{stem}.truth.json").read_text(encoding="utf-8"))


@cache
def proposed_for(stem: str) -> pm.Binding:
    return pm.inspect(FOLDER / truth_for(stem)["file"])


def plain(stem: str, role: str) -> Any:
    return proposed_for(stem).to_plain().get(role)


def not_yet(stem: str, reason: str) -> Any:
    return pytest.param(stem, marks=pytest.mark.xfail(strict=True, reason=reason))


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
        not_yet("suap_it", "the person in charge is left out, not proposed as resource"),
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
        not_yet("history", "entries that do not count are not looked for in a status history"),
    ],
)
def test_annulled_entries_are_proposed_as_the_truth_says(stem: str) -> None:
    assert plain(stem, "annulled") == truth_for(stem)["binding"].get("annulled")


@pytest.mark.parametrize(
    "stem",
    [
        not_yet("petitions_ro", "the milestone of the decision closes, not the status"),
        not_yet("suap_it", "the milestone of the decision closes, not the status"),
        not_yet("protocol_gr", "nothing is proposed for what closes a case"),
        not_yet("permits_nl", "nothing is proposed for what closes a case"),
        not_yet("history", "a status that comes before the closing one is proposed as well"),
    ],
)
def test_what_closes_a_case_is_proposed_as_the_truth_says(stem: str) -> None:
    truth = truth_for(stem)
    log = pm.read(FOLDER / truth["file"], tz=truth["tz"])
    states = pm.cases(log, as_of=truth["as_of"])["state"].astype("str").value_counts()
    found = pm.cases(log, as_of=truth["as_of"])["cycle_time"].dropna()
    assert states.to_dict() == {"closed": truth["closed_cases"], "open": truth["open_cases"]}
    days = truth.get("days_elapsed_all_closed", truth["days_elapsed"])
    assert found.median().total_seconds() / 86_400 == pytest.approx(days["median"], abs=1e-6)
