"""The matrix of rework: a cell per activity and kind, as often as the table says, darker where more often."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from procmine.errors import ProcmineError
from procmine.kpi.rework.rework import rework
from procmine.plot.keys import keys_of
from procmine.plot.rework import MOST, OWN, plot_rework_matrix
from tests.plot.looking import cut_off, overlapping, said, words
from tests.plot.waiting_tables import GREEK, LONG, rework_of

THREE = {"Check": (10, 60, 30), "Examine": (1, 3, 5), "Sign": (0, 0, 0)}


def greys(ax: Axes) -> list[float]:
    """How light each cell is, row by row."""
    cells = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [float(np.dot(cell.get_facecolor()[:3], (0.299, 0.587, 0.114))) for cell in cells]


def cells(ax: Axes) -> list[str]:
    """The words of the picture without heads and caption."""
    start = next(i for i, text in enumerate(words(ax)) if text.startswith("days")) + 1
    return words(ax)[start:-1]


def test_a_cell_says_the_steps_of_the_same_and_another_person_together():
    ax = plot_rework_matrix(rework_of(THREE, known=["rework"]))
    assert cells(ax) == [
        *("Check", "10", "5 per 100", "90", "45 per 100", "200 d"),
        *("Examine", "1", "0.5 per 100", "8", "4 per 100", "18 d"),
    ]


def test_the_title_says_where_rework_is_most_frequent():
    title = words(plot_rework_matrix(rework_of(THREE, known=["rework"])))[0].replace("\n", " ")
    assert title == "most rework: Check, again later: 90 steps, 45 per 100 cases with it"


def test_the_caption_says_what_could_not_be_counted():
    ax = plot_rework_matrix(rework_of(THREE, known=["rework", "ping_pong"]))
    text = said(ax).replace("\n", " ")
    assert "does not tell: step back, after closing, completion asked for" in text
    assert "does not tell" not in said(plot_rework_matrix(rework_of(THREE)))


def test_a_kind_that_is_not_known_for_one_activity_is_a_dash_and_no_zero():
    table = rework_of(THREE)
    lost = (table["kind"] == "ping_pong") & (table["activity"] == "Check")
    table.loc[lost, "steps"] = None
    ax = plot_rework_matrix(table)
    assert cells(ax)[: cells(ax).index("Examine")].count("–") == 1
    assert "–: not known" in said(ax)


@given(st.lists(st.integers(0, 200), min_size=2, max_size=8))
def test_the_more_often_the_darker(loops):
    table = rework_of({f"step {i}": (n, 0, 0) for i, n in enumerate(loops)}, known=["rework"])
    ax = plot_rework_matrix(table)
    drawn = sorted((n for n in loops if n), reverse=True)
    light = greys(ax)[::2]
    assert len(light) == len(drawn)
    assert light == sorted(light)
    plt.close(ax.figure)


def test_words_on_dark_cells_are_white():
    ax = plot_rework_matrix(rework_of({"Check": (190, 0, 0)}, known=["rework"]))
    assert next(t for t in ax.texts if t.get_text() == "190").get_color() == "#ffffff"


def test_activities_without_rework_are_left_out_and_of_many_those_with_most_are_drawn():
    table = rework_of({f"step {i:02}": (i, 0, 0) for i in range(20)}, known=["rework"])
    ax = plot_rework_matrix(table)
    names = [text for text in cells(ax) if text.startswith("step")]
    assert names == [f"step {i:02}" for i in range(19, 19 - MOST, -1)]
    assert f"{19 - MOST} rows with less rework not drawn" in said(ax).replace("\n", " ")


def test_long_names_in_two_alphabets_do_not_overlap_nor_are_they_cut_off():
    table = rework_of({LONG: (1, 2000, 3), GREEK: (90, 0, 0), "Sign": (1, 1, 1)}, n=2000)
    ax = plot_rework_matrix(table)
    ax.figure.draw_without_rendering()
    assert overlapping(ax) == []
    assert cut_off(ax) == []


def test_without_rework_it_says_so():
    assert "no step is rework" in said(plot_rework_matrix(rework_of({"Sign": (0, 0, 0)})))


def test_another_table_is_refused():
    with pytest.raises(ProcmineError, match=r"no column 'kind'.*\n.*\n.*pm.rework\(log, by="):
        plot_rework_matrix(rework_of(THREE).drop(columns="kind"))


def test_it_draws_the_table_of_the_library_on_the_axes_given():
    from conftest import sample_log

    _, ax = plt.subplots()
    table = rework(sample_log(), by="activity")
    assert keys_of(table, OWN) == ["activity"]
    assert plot_rework_matrix(table, ax=ax) is ax
    assert cells(ax)[:5] == ["Verificare documentație", "87", "4.2 per 100", "778", "38 per 100"]
