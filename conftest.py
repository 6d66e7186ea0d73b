"""What every test and doctest runs under: tables 80 columns wide, plots drawn off screen."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _same_display_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print tables alike in every terminal; pandas would fit them to its width."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    monkeypatch.setenv("MPLBACKEND", "Agg")
