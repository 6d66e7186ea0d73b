"""Random terms with every feature of a term, as a user would write them in YAML."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from procmine.procedure.term import Term

STARTS = ("registered", "received", "complete")
BEGIN_PAUSE = ("asked", "notice")
END_PAUSE = ("answered", "observed")
ENDS = ("proposal", "decided", "sent")
EVENTS = (*STARTS, *BEGIN_PAUSE, *END_PAUSE, *ENDS, "longer", "search", "difficult")
CONDITIONS: tuple[dict[str, Any], ...] = (
    {"population": {"above": 2}},
    {"population": {"at_least": 1, "below": 4}},
    {"population": {"at_most": 3}},
    {"population": [1, 4]},
    {"complex": True},
    {"sort": "red"},
    {"sort": {"not": "red"}},
    {"sort": {"not": ["red", "blue"]}},
    {"population": {"not": 2, "at_most": 3}},
    {"sort": ["red", "blue"], "complex": False},
)
COUNTRY = {
    "EU": {"min_working_days": {"from_days": 2, "at_least": 2}},
    "RO": {"last_day_counts": False},
    "IT": {"roll_on": ["sun", "holiday"]},
    "GR": {},
    "NL": {
        "roll_on": ["sat", "sun", "holiday", "equated"],
        "min_working_days": {"from_days": 3, "at_least": 2},
        "not_if_longer_than": {"days": 90, "weeks": 12, "months": 3},
    },
}
"""How each country counts."""


def maybe(draw: Random, chance: float) -> bool:
    return draw.random() < chance


def some(draw: Random, among: Sequence[str], most: int = 2) -> list[str]:
    return draw.sample(list(among), draw.randint(1, most))


def length(draw: Random, *, short: bool = False) -> dict[str, Any]:
    """A length in one of the four units."""
    unit = draw.choice(("day", "day", "working_day", "week", "month"))
    most = {"day": 60, "working_day": 25, "week": 9, "month": 3}[unit]
    if short or maybe(draw, 0.3):
        most = max(1, most // draw.choice((4, 12)))
    return {"n": draw.randint(1, most), "unit": unit}


def counting(draw: Random, place: str) -> dict[str, Any]:
    """The way a country counts, or any other."""
    if maybe(draw, 0.5):
        return {"id": place, **COUNTRY[place]}
    kinds = ("sat", "sun", "holiday", "equated")
    own: dict[str, Any] = {
        "first_day_counts": maybe(draw, 0.3),
        "last_day_counts": maybe(draw, 0.6),
        "roll_on": draw.sample(kinds, draw.randint(0, 4)),
    }
    if maybe(draw, 0.5):
        least = {"from_days": draw.choice((1, 2, 3, 5, 8, 14, 28)), "at_least": draw.randint(1, 8)}
        own["min_working_days"] = least
    if maybe(draw, 0.4):
        limits = {"days": draw.randint(5, 40), "weeks": draw.randint(1, 6), "months": 1}
        own["not_if_longer_than"] = dict(draw.sample(sorted(limits.items()), 2))
    return own


def pause(draw: Random, number: int, phases: Sequence[str]) -> dict[str, Any]:
    """One way in which the clock stops or begins again."""
    own: dict[str, Any] = {
        "id": f"pause{number}",
        "effect": draw.choice(("suspend", "suspend", "restart_full", "refile")),
        "from": some(draw, BEGIN_PAUSE),
        "until": some(draw, END_PAUSE),
    }
    for name, most in (
        ("max_days", 40),
        ("window_days", 20),
        ("plus_days", 12),
        ("times", 2),
        ("within_days_of_start", 40),
    ):
        if maybe(draw, 0.25):
            own[name] = draw.randint(1, most)
    for name in ("requires_period", "end_day_counts_as_running"):
        own[name] = maybe(draw, 0.25)
    if maybe(draw, 0.25):
        own["applies_by"] = "event_date"
    if phases and maybe(draw, 0.5):
        own["phase"] = draw.choice(phases)
    if maybe(draw, 0.2):
        own[draw.choice(("valid_from", "valid_to"))] = middle(draw)
    return own


def middle(draw: Random) -> date:
    """A day among the starts of the cases."""
    return date(2025, 1, 1) + timedelta(days=draw.randint(0, 90))


def extension(draw: Random) -> dict[str, Any]:
    """A longer term, by an act, by an attribute, or by both."""
    own: dict[str, Any] = {"by": length(draw, short=True)}
    if maybe(draw, 0.7):
        own["event"] = some(draw, ("longer", "difficult"))
    if "event" not in own or maybe(draw, 0.3):
        own["if"] = draw.choice(CONDITIONS)
    if maybe(draw, 0.3):
        own["times"] = draw.randint(1, 3)
    if maybe(draw, 0.3):
        own["days_before_due"] = draw.randint(1, 10)
    return own


def start(draw: Random, *, events: Sequence[str] = STARTS) -> dict[str, Any]:
    """One or several events, and what stands in for them."""
    own: dict[str, Any] = {draw.choice(("any_of", "any_of", "all_of")): some(draw, events)}
    if maybe(draw, 0.5):
        own["fallback"] = some(draw, STARTS)
    return own


def phases(draw: Random) -> list[dict[str, Any]]:
    """Two or three parts, some with a start of their own."""
    found = []
    for number in range(draw.randint(2, 3)):
        one: dict[str, Any] = {"id": f"phase{number}", "length": length(draw)}
        if number and maybe(draw, 0.4):
            one["start"] = start(draw, events=("proposal", "complete", "observed"))
        if maybe(draw, 0.7):
            one["ends_on"] = some(draw, ENDS)
        if maybe(draw, 0.4):
            one["double_on"] = ["difficult"]
        found.append(one)
    return found


def body(draw: Random, place: str) -> dict[str, Any]:
    """What may differ between the versions of a term."""
    own: dict[str, Any] = {"counting": counting(draw, place)}
    kind = draw.choice(("length",) * 5 + ("phases", "phases", "due_attribute"))
    own[kind] = {"length": length, "phases": phases, "due_attribute": lambda _: "Due"}[kind](draw)
    ids = [one["id"] for one in own.get("phases", ())]
    own["pauses"] = [pause(draw, n, ids) for n in range(draw.choice((0, 1, 1, 2, 3)))]
    own["extend"] = [extension(draw) for _ in range(draw.choice((0, 0, 1, 2)))]
    if kind == "length" and maybe(draw, 0.35):
        own["replace_term"] = {"length": length(draw), "event": some(draw, ("search", "difficult"))}
        if maybe(draw, 0.6):
            own["replace_term"]["latest"] = length(draw, short=True)
    if kind == "length" and maybe(draw, 0.25):
        conditions = draw.sample(CONDITIONS, 2)
        own["variants"] = [{"if": one, "length": length(draw)} for one in conditions]
    own["silence"] = draw.choice(("none", "none", "approval", "refusal"))
    if own["silence"] != "none" and maybe(draw, 0.5):
        own["silence_except"] = [{"if": draw.choice(CONDITIONS)}]
        if maybe(draw, 0.5):
            own["silence_except"][0]["unless"] = draw.choice(CONDITIONS)
    if maybe(draw, 0.4):
        own["ends_on"] = some(draw, ENDS)
    return own


def term(draw: Random, place: str, term_id: str) -> dict[str, Any]:
    """A term as a user writes it, perhaps in several versions."""
    own: dict[str, Any] = {"id": term_id, "start": start(draw)}
    if maybe(draw, 0.15):
        own["if"] = draw.choice(CONDITIONS)
    if maybe(draw, 0.1):
        own["only_if_event"] = some(draw, ENDS)
    if maybe(draw, 0.3):
        names = ("roll_saturday", "free_days", "bridge", "pause_end_day_runs")
        own["options"] = {name: maybe(draw, 0.5) for name in some(draw, names, 3)}
    if maybe(draw, 0.2):
        own["kind"] = draw.choice(("internal", "control_window"))
    if maybe(draw, 0.75):
        return own | body(draw, place)
    change = middle(draw)
    gap = timedelta(days=draw.choice((0, 0, 10)))
    before = {"valid_to": change - timedelta(days=1), **body(draw, place)}
    return own | {"versions": [before, {"valid_from": change + gap, **body(draw, place)}]}


def versions(written: dict[str, Any]) -> tuple[Term, ...]:
    """The versions of a term, laid over what is common to them."""
    common = {name: value for name, value in written.items() if name != "versions"}
    return tuple(
        Term.model_validate(
            {"version": _version(written["id"], one.get("valid_from")), **common, **one}
        )
        for one in written.get("versions", [{}])
    )


def _version(term_id: str, valid_from: date | None) -> str:
    return f"{term_id}@{valid_from}" if valid_from else term_id
