"""The maps of two public logs, as large as a reader would draw them, can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

import procmine as pm
from procmine.plot import plot_process_map
from tests.plot.looking import cut_off, overlapping, words

XES = {"case": "case:concept:name", "activity": "concept:name", "timestamp": "time:timestamp"}


@pytest.mark.parametrize(
    ("file", "tz", "shares", "sign"),
    [
        ("receipt.csv.gz", "Europe/Amsterdam", {"activities": 0.5, "paths": 0.3}, "1,177\n31 s"),
        ("road_fines.xes.gz", "Europe/Rome", {}, "103,392\n88 d"),
    ],
)
def test_no_words_of_the_map_overlap(
    logs: Path, file: str, tz: str, shares: dict[str, float], sign: str
) -> None:
    ax = plot_process_map(pm.process_map(pm.read(logs / file, tz=tz, **XES)), **shares)
    ax.figure.canvas.draw()
    assert sign in words(ax)
    assert not overlapping(ax)
    assert not cut_off(ax)
