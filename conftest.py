"""What every test and doctest runs under: tables 80 columns wide, and the sample log as `log`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import procmine as pm

SAMPLE = Path(__file__).resolve().parent / "sample_logs" / "building_permits_ro.csv"


@pytest.fixture(autouse=True)
def _same_display_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print tables alike in every terminal (pandas fits them to its width); draw off screen."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    monkeypatch.setenv("MPLBACKEND", "Agg")


@pytest.fixture(autouse=True)
def _doctests_know_the_sample_log(
    request: pytest.FixtureRequest, doctest_namespace: dict[str, object]
) -> None:
    """Give the examples in docstrings that speak of a `log` the sample log."""
    if isinstance(request.node, pytest.DoctestItem):
        examples = request.node.dtest.examples
        if any(re.search(r"\blog\b", example.source) for example in examples):
            doctest_namespace["log"] = sample_log()


@cache
def sample_log() -> pm.EventLog:
    """Read the sample log as README.md does."""
    import procmine as pm

    return pm.read(
        SAMPLE,
        case="Nr. dosar",
        activity="Activitate",
        start="Data început",
        end="Data sfârșit",
        resource="Funcționar",
        unit="Compartiment",
        closed=["Eliberare autorizație", "Respingere cerere"],
        tz="Europe/Bucharest",
    )
