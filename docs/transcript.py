"""The commands of the pages in this folder, run again: ``python docs/transcript.py`` puts in what they print today.

Tables that come from the code (``docs/tables.py``) are written anew as well. tests/test_docs.py compares both.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
SAMPLES = ROOT / "sample_logs"
SHOWN = "/home/ana/exports"
"""What the pages call the folder in which the commands run."""
CONSOLE = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)


def prepare(folder: Path) -> None:
    """Put the samples and the bad inputs where the commands of the pages expect them."""
    from docs.bad_inputs import write_bad_inputs

    for sample in SAMPLES.iterdir():
        if sample.is_file():
            (folder / sample.name).symlink_to(sample)
    write_bad_inputs(folder)


def blocks(page: str) -> list[str]:
    """Return what stands in each console block of a page."""
    return CONSOLE.findall(page)


def commands(block: str) -> list[str]:
    """Return the commands of a block: the lines that begin with ``$``."""
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def run_again(block: str, folder: Path) -> str:
    """Return a block with what its commands print now."""
    return "".join(f"$ {command}\n{printed(command, folder)}" for command in commands(block))


def printed(command: str, folder: Path) -> str:
    """Run a procmine command in a folder and return what it prints, errors among it."""
    program, *words = shlex.split(command)
    if program != "procmine":
        raise ValueError(f"only procmine is run, not {program!r}")
    ran = subprocess.run(
        [sys.executable, "-m", "procmine.cli", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return ran.stdout.replace(str(folder), SHOWN)


def renewed(page: str, folder: Path) -> str:
    """Return a page with every console block run again."""
    return CONSOLE.sub(lambda found: run_again(found[1], folder), page)


def main() -> None:
    """Renew every page of this folder."""
    from docs import tables

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        prepare(folder)
        for path in sorted(DOCS.glob("*.md")):
            page = tables.renewed(path.read_text("utf-8"))
            path.write_text(renewed(page, folder), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
