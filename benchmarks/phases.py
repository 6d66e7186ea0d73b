"""Every phase runs in a process of its own, so that none inherits the memory or the modules of another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_QUIET = {"PM4PY_SHOW_PROGRESS_BAR": "False", "PYTHONWARNINGS": "ignore"}


def phase(module: str, *arguments: object) -> Any:
    """Run ``python -m benchmarks.MODULE`` and return the JSON that it prints last."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    return json.loads(_output(command).splitlines()[-1])


def import_seconds(statement: str) -> float:
    """Return how long an import takes in a fresh process, without the start of the interpreter."""
    code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    return float(_output([sys.executable, "-W", "ignore", "-c", code], stderr=subprocess.PIPE))


def import_times(statements: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Measure imports in turns; the first round warms the file cache and is not counted."""
    seconds: dict[str, list[float]] = {statement: [] for statement in statements}
    for number in range(rounds + 1):
        for statement, measured in seconds.items():
            took = import_seconds(statement)
            if number:
                measured.append(took)
    return seconds


def _output(command: list[str], stderr: int | None = None) -> str:
    """Return what a command prints; its errors are shown unless ``stderr`` says otherwise."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | _QUIET,
        stdout=subprocess.PIPE,
        stderr=stderr,
        check=True,
        text=True,
    )
    return done.stdout
