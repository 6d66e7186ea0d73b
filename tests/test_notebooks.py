"""Every notebook runs from top to bottom without an error, and stays short enough to be read."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
SECONDS_A_NOTEBOOK = 60
CELLS_A_NOTEBOOK = 24

notebooks = pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem) for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def errors(notebook: NotebookNode) -> list[str]:
    return [
        f"{output.ename}: {output.evalue}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]


def run(notebook: NotebookNode, folder: Path) -> None:
    """Run the notebook as if it lay in the folder, for as long as a reader would wait."""
    end = monotonic() + SECONDS_A_NOTEBOOK
    NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        timeout_func=lambda _cell: max(1.0, end - monotonic()),
    ).execute()


@notebooks
def test_a_notebook_runs_without_an_error(
    path: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel chooses the one for notebooks
    folder = workplace / "notebooks"
    folder.mkdir()
    notebook = read(path)
    run(notebook, folder)
    assert not errors(notebook)


@notebooks
def test_a_notebook_is_stored_without_an_error_and_can_be_read_in_one_go(path: Path) -> None:
    notebook = read(path)
    assert not errors(notebook)
    assert 0 < len(notebook.cells) <= CELLS_A_NOTEBOOK
