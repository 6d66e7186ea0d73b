"""Due dates that were worked out before: from sources, and for the traps of each country's calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from tests.procedure.comparing import differences, plain, table
from tests.procedure.random_days import usual, with_own_days
from tests.procedure.random_terms import World
from tests.procedure.told import Acts, told


@dataclass(frozen=True)
class Vector:
    """A case of one act or several, and when its term is due."""

    place: str
    rule: str
    acts: Acts
    as_of: str
    due: str
    phase: str | None = None
    change: dict[str, Any] = field(default_factory=dict)
    bridge: str | None = None

    def world(self) -> World:
        own = {date.fromisoformat(self.bridge): ("bridge", "office")} if self.bridge else {}
        kalendar = with_own_days(self.place, own) if own else usual(self.place)
        term = {"term": self.rule, "id": "term", **self.change}
        return told(self.place, [term], {"1": self.acts}, self.as_of, kalendar=kalendar)


PETITION, RECEIVED = "registered_at_competent_authority", "application_received"
GREEK = ("filed_at_competent_service", "file_complete")
INTERRUPTED = (
    (RECEIVED, "2026-02-02"),
    ("documents_requested", "2026-02-16"),
    ("documents_received", "2026-03-02"),
)
SUSPENDED = (
    (RECEIVED, "2026-01-12"),
    ("information_requested", "2026-01-22"),
    ("information_received", "2026-02-11"),
)


def _greek(day: str) -> Acts:
    return [(event, day) for event in GREEK]


VECTORS = {
    "avocatnet.ro: 15 free days from 10 September 2025 end on the 26th": Vector(
        "RO", "ro.petition", [(PETITION, "2025-09-10")], "2025-09-12", "2025-09-26",
        change={"length": {"n": 15}},
    ),
    "RO petition: day 31 is Good Friday, Easter Monday follows": Vector(
        "RO", "ro.petition", [(PETITION, "2025-03-18")], "2025-03-20", "2025-04-22",
    ),
    "RO petition counted without free days": Vector(
        "RO", "ro.petition", [(PETITION, "2025-03-18")], "2025-03-20", "2025-04-17",
        change={"options": {"free_days": False}},
    ),
    "RO information: both days of New Year": Vector(
        "RO", "ro.foi", [("registered", "2024-12-23")], "2024-12-24", "2025-01-03",
    ),
    "RO urbanism certificate: a bridge day is a working day": Vector(
        "RO", "ro.urbanism_cert", [("registered", "2025-04-14")], "2025-04-15", "2025-05-08",
        bridge="2025-05-02",
    ),
    "RO urbanism certificate: a bridge day is none with the option": Vector(
        "RO", "ro.urbanism_cert", [("registered", "2025-04-14")], "2025-04-15", "2025-05-09",
        change={"options": {"bridge": True}}, bridge="2025-05-02",
    ),
    "RO urgent permit: 6 and 7 January are holidays since 2024": Vector(
        "RO", "ro.building_permit.urgent", [("file_complete", "2024-12-30")], "2024-12-31",
        "2025-01-14",
    ),
    "IT Ferragosto on a Friday, Saturday rolls": Vector(
        "IT", "it.default", [(RECEIVED, "2025-07-16")], "2025-07-17", "2025-08-18",
    ),
    "IT Saturday does not roll with the option": Vector(
        "IT", "it.default", [(RECEIVED, "2025-07-16")], "2025-07-17", "2025-08-16",
        change={"options": {"roll_saturday": False}},
    ),
    "IT San Francesco is a holiday since 2026": Vector(
        "IT", "it.default", [(RECEIVED, "2026-09-04")], "2026-09-05", "2026-10-05",
    ),
    "IT suspended after 10 days: 20 are left": Vector(
        "IT", "it.default", SUSPENDED, "2026-02-20", "2026-03-03",
    ),
    "IT permit interrupted: the inquiry begins anew, 1 May is a Friday": Vector(
        "IT", "it.pdc", INTERRUPTED, "2026-03-10", "2026-05-04", phase="inquiry",
    ),
    "IT permit interrupted: the decision follows the inquiry": Vector(
        "IT", "it.pdc", INTERRUPTED, "2026-03-10", "2026-06-03", phase="decision",
    ),
    "GR 50 days end on the Monday after the Easter of 2026": Vector(
        "GR", "gr.default", _greek("2026-02-20"), "2026-02-21", "2026-04-14",
    ),
    "GR 50 days end after the Easter of 2026": Vector(
        "GR", "gr.default", _greek("2026-03-02"), "2026-03-03", "2026-04-21",
    ),
    "NL 5 May is a holiday of every year": Vector(
        "NL", "nl.ow", [("received", "2026-03-10")], "2026-03-11", "2026-05-06",
    ),
    "NL 15 May 2026 is an equated day": Vector(
        "NL", "nl.ow", [("received", "2026-03-20")], "2026-03-21", "2026-05-18",
    ),
    "NL Queen's day of 2013": Vector(
        "NL", "nl.wabo", [("received", "2013-03-05")], "2013-03-06", "2013-05-01",
    ),
    "a month from 31 January ends on the last of February": Vector(
        "NL", "nl.ow", [("received", "2025-01-31")], "2025-02-01", "2025-02-28",
        change={"length": {"n": 1, "unit": "month"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS.values(), ids=list(VECTORS))
def test_procmine_and_the_oracle_give_the_due_date_of_the_vector(vector: Vector) -> None:
    world = vector.world()
    assert not differences(world)
    (row,) = [row for row in plain(table(world)) if row["phase"] == vector.phase]
    assert row["due"] == date.fromisoformat(vector.due)
    (row,) = [row for row in world.answers() if row["phase"] == vector.phase]
    assert row["due"] == date.fromisoformat(vector.due)
