"""What the tests of the invented exports share: the files, their truths, and figures by numpy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Truth = dict[str, Any]


@pytest.fixture(scope="session")
def folder(root: Path) -> Path:
    return root / "sample_logs"


@pytest.fixture(scope="session")
def truth_of(folder: Path) -> Callable[[str], Truth]:
    """Return the truth of an export by its name without endings."""

    def read(stem: str) -> Truth:
        return json.loads((folder / f"{stem}.truth.json").read_text(encoding="utf-8"))

    return read


@pytest.fixture(scope="session")
def spread() -> Callable[[Iterable[float]], Any]:
    """Return how a truth tells the spread of some values, worked out by numpy."""

    def of(values: Iterable[float]) -> Any:
        known = np.array(list(values), dtype=float)
        shares = {"median": 0.5, "p80": 0.8, "p90": 0.9}
        found = {name: float(np.quantile(known, share)) for name, share in shares.items()}
        return pytest.approx({"n": len(known), **found, "mean": float(known.mean())}, abs=1e-6)

    return of


@pytest.fixture(scope="session")
def waits() -> Callable[[Iterable[float]], Any]:
    """Return how a truth tells some waits, worked out by numpy: those longer than 0."""

    def of(days: Iterable[float]) -> Any:
        longer = np.array([wait for wait in days if wait > 0], dtype=float)
        found = {"days": float(longer.sum()), "median_days": float(np.median(longer))}
        return pytest.approx({"waits": len(longer), **found}, abs=1e-6)

    return of
