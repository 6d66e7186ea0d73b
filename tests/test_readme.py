"""The README keeps its word: its Python runs, and its make commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
MAKE_COMMAND = re.compile(r"^ *(?:\$ )?make ([a-z]+)", re.MULTILINE)


@pytest.fixture
def readme(root: Path) -> str:
    return (root / "README.md").read_text("utf-8")


def test_the_python_of_the_readme_runs_from_top_to_bottom(readme: str, workplace: Path) -> None:
    blocks = list(PYTHON_BLOCK.finditer(readme))
    assert blocks, "README.md shows no Python"
    namespace: dict[str, object] = {"__name__": "readme"}
    for block in blocks:
        lines_above = readme.count("\n", 0, block.start(1))
        exec(compile("\n" * lines_above + block[1], "README.md", "exec"), namespace)


def test_every_make_command_of_the_readme_is_a_target(readme: str, root: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
    commands = MAKE_COMMAND.findall(readme)
    assert {"demo", "test"} <= set(commands) <= set(targets)
