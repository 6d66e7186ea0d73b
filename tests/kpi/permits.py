"""The sample register of building permits, as the tests of what stands read it."""

from __future__ import annotations

from pathlib import Path

import procmine as pm
from tests.bound import ZONE


def permits_of(root: Path) -> pm.EventLog:
    """The log of the sample, without the clerks."""
    return pm.read(
        root / "sample_logs" / "building_permits_ro.csv",
        case="Nr. dosar",
        activity="Activitate",
        start="Data început",
        end="Data sfârșit",
        unit="Compartiment",
        closed=["Eliberare autorizație", "Respingere cerere"],
        tz=ZONE,
    )
