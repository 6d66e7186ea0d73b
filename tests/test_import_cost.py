"""Importing procmine is cheap: what only some functions need is loaded by those functions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LATE = (
    "duckdb",
    "fast_sugiyama",
    "jinja2",
    "matplotlib",
    "pm4py",
    "polars",
    "pydantic",
    "r4pm",
    "rich",
    "scipy",
    "typer",
    "yaml",
)
LIST_MODULES = "import json, sys; import procmine; print(json.dumps(list(sys.modules)))"


@pytest.fixture(scope="module")
def loaded(root: Path) -> set[str]:
    """The top-level names in sys.modules after `import procmine` in a fresh interpreter."""
    command = [sys.executable, "-W", "error", "-c", LIST_MODULES]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return {name.split(".")[0] for name in json.loads(run.stdout)}


def test_importing_procmine_loads_numpy_pandas_and_pyarrow(loaded: set[str]) -> None:
    assert {"procmine", "numpy", "pandas", "pyarrow"} <= loaded


@pytest.mark.parametrize("name", LATE)
def test_importing_procmine_does_not_load(name: str, loaded: set[str]) -> None:
    assert name not in loaded
