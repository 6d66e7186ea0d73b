"""The common look is there while something is drawn, and leaves nothing behind but what others changed."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import nbformat
import pytest
from nbclient import NotebookClient

from procmine.plot.style import style

TWO_PICTURES = (
    "import pandas as pd\nfrom procmine.plot import plot_cycle_times as plot\n"
    "cases = pd.DataFrame({'cycle_time': pd.to_timedelta([3, 4], unit='D')})",
    "plot(cases);",
    "plot(cases);",
)


@pytest.fixture(autouse=True)
def _settings_come_back() -> Iterator[None]:
    with mpl.rc_context():
        yield


def test_settings_of_the_user_come_back_even_after_a_fault() -> None:
    mpl.rcParams["font.size"] = 13.0
    with style():
        assert mpl.rcParams["font.size"] == 9
    assert mpl.rcParams["font.size"] == 13.0
    with pytest.raises(ZeroDivisionError), style():
        raise ZeroDivisionError
    assert mpl.rcParams["font.size"] == 13.0


def test_what_a_notebook_sets_at_its_first_figure_stays() -> None:
    mpl.rcParams["interactive"] = False
    with style():
        mpl.rcParams["interactive"] = True
    assert mpl.rcParams["interactive"]


def test_a_notebook_shows_every_picture_and_not_only_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in TWO_PICTURES]
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    shown = [
        ["image/png" in out.get("data", {}) for out in cell.outputs] for cell in notebook.cells
    ]
    assert shown == [[], [True], [True]]
