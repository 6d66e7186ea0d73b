"""The waits in building_permits_ro.csv are those of its truth, counted by plain loops."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

Truth = dict[str, Any]
Waits = Callable[[Iterable[float]], Any]


@dataclass(frozen=True)
class Move:
    """A step and the one before it in its case."""

    source: str
    activity: str
    office: str
    ready: datetime
    start: datetime

    @property
    def days(self) -> float:
        return (self.start.timestamp() - self.ready.timestamp()) / 86_400


@pytest.fixture(scope="module")
def truth(folder: Path) -> Truth:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def moves(folder: Path, truth: Truth) -> list[Move]:
    zone, cases = ZoneInfo(truth["tz"]), {}
    with (folder / truth["file"]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cases.setdefault(row["Nr. dosar"], []).append(row)

    def at(row: dict[str, str], name: str) -> datetime:
        return datetime.fromisoformat(row[name]).replace(tzinfo=zone)

    return [
        Move(a["Activitate"], b["Activitate"], b["Oficiu"], at(a, "Data sfârșit"), at(b, "Data început"))
        for rows in cases.values()
        for a, b in pairwise(rows)
    ]  # fmt: skip


def figures(planted: Truth) -> Truth:
    return {name: planted[name] for name in ("waits", "days", "median_days")}


def test_the_waits_of_all_passages_are_those_of_the_truth(
    moves: list[Move], truth: Truth, waits: Waits
) -> None:
    assert figures(truth["waiting"]) == waits(move.days for move in moves)
    found: dict[tuple[str, str], list[float]] = {}
    for move in moves:
        found.setdefault((move.source, move.activity), []).append(move.days)
    planted = {(p["source"], p["activity"]): p for p in truth["waiting"]["passages"]}
    assert set(planted) == set(found)
    for passage, days in found.items():
        assert figures(planted[passage]) == waits(days), passage
    total = sum(p["days"] for p in planted.values())
    assert total == pytest.approx(truth["waiting"]["days"], abs=1e-4)


def test_the_waits_for_the_committee_are_those_of_the_truth(
    moves: list[Move], truth: Truth, waits: Waits
) -> None:
    planted = truth["waiting"]["committee"]
    decisions = [move for move in moves if move.activity == planted["activity"]]
    sessions: dict[tuple[str, date], list[Move]] = {}
    for move in decisions:
        sessions.setdefault((move.office, move.start.date()), []).append(move)
    first = [
        (min(m.start for m in session).timestamp() - move.ready.timestamp()) / 86_400
        for session in sessions.values()
        for move in session
    ]
    assert len(sessions) == planted["sessions"]
    assert planted["to_the_first_decision_of_the_session"] == waits(first)
    assert planted["to_the_own_decision"] == waits(move.days for move in decisions)
    assert {move.start.strftime("%A") for move in decisions} == {truth["committee"]["weekday"]}


@pytest.mark.parametrize("name", ["applicant", "collection"])
def test_the_waits_for_the_applicant_are_those_of_the_truth(
    moves: list[Move], truth: Truth, waits: Waits, name: str
) -> None:
    planted = truth["waiting"][name]
    own = [m for m in moves if (m.source, m.activity) == (planted["source"], planted["activity"])]
    assert figures(planted) == waits(move.days for move in own)
    assert planted["cause"] == "external"
    if name == "applicant":
        assert planted["source"] == truth["returns"]["request"]
        assert len(own) == truth["returns"]["completions"]


def test_the_waits_before_the_slow_step_are_those_of_the_truth_in_every_office(
    moves: list[Move], truth: Truth, waits: Waits
) -> None:
    planted = truth["waiting"]["slow"]
    before = [move for move in moves if move.activity == planted["activity"]]
    assert set(planted["offices"]) == {move.office for move in before}
    for office, own in planted["offices"].items():
        assert own == waits(move.days for move in before if move.office == office), office
    days = {office: own["days"] for office, own in planted["offices"].items()}
    assert max(days, key=lambda office: days[office]) == planted["office"]


def test_the_readme_of_the_samples_tells_the_same_waits(
    folder: Path, truth: Truth, truth_of: Callable[[str], Truth]
) -> None:
    text = " ".join((folder / "README.md").read_text(encoding="utf-8").split())
    own, history = truth["waiting"], truth_of("history")["waiting"]
    session = own["committee"]["to_the_first_decision_of_the_session"]
    slow = own["slow"]["offices"][own["slow"]["office"]]
    others = [o for name, o in own["slow"]["offices"].items() if name != own["slow"]["office"]]
    batch = truth_of("protocol_gr")["waiting"]["batch_of_friday_at_13"]
    paper = truth_of("permits_nl")["waiting"]["paper_of_friday_at_14"]["to_the_paper"]
    suap = truth_of("suap_it")["waiting"]
    completed = suap["applicant"]["completed"]
    for sentence in (
        f"All {own['waits']:,} waits are {own['days']:,.0f} days",
        f"{session['days']:,.0f} of them were for the committee",
        f"({own['committee']['to_the_own_decision']['days']:,.0f} until the own decision)",
        f"{own['applicant']['days']:,.0f} for completions",
        f"{own['collection']['days']:,.0f} for the applicant who comes",
        f"{slow['waits']} examinations waited {slow['days']:,.0f} days",
        f"{sum(o['waits'] for o in others):,} waited {sum(o['days'] for o in others):,.0f}",
        f"waited {truth_of('petitions_ro')['waiting']['answers_on_friday']['days']:,.0f} days",
        f"The {completed['waits']} completions took {completed['days']:,.0f} days",
        f"for which {suap['decisions_held_until_friday']['waits']} of them were held back",
        f"({batch['days']:,.0f} days, without two whose time of day is not known)",
        f"{paper['waits']} of 284 waited {paper['days']:,.0f} days",
        f"waited {history['closing_on_friday_at_19']['days']:,.0f} days",
        f"citizens were waited for {history['citizen']['days']:,.0f} days",
    ):
        assert sentence in text, sentence
