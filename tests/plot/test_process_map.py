"""The picture of a process map says what the map says, and nothing overlaps."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from procmine.errors import ProcmineError
from procmine.plot.process_map import plot_process_map
from procmine.plot.simplify import simplify
from procmine.plot.slowness import SlownessScale
from tests.plot.looking import cut_off, overlapping, words
from tests.plot.tables import Map, map_of

PERMIT = [
    *[("receive", "check", "decide")] * 6,
    ("receive", "check", "check", "ask", "check", "decide"),
]


def test_it_says_the_name_steps_and_cases_of_every_activity() -> None:
    said = words(plot_process_map(map_of(PERMIT)))
    assert {"receive", "check", "ask", "decide"} <= set(said)
    assert "9 steps, 7 cases" in said
    assert said.count("7 cases") == 2


def test_it_says_how_often_each_path_is_taken_and_its_median_time() -> None:
    said = words(plot_process_map(map_of(PERMIT, hours=5)))
    assert "7\n5 h" in said  # receive to check
    assert said.count("1\n5 h") == 3  # check to check, check to ask, ask to check
    assert said.count("7") == 2  # the start and the end


def test_it_draws_on_the_axes_given() -> None:
    _, ax = plt.subplots()
    assert plot_process_map(map_of(PERMIT), ax=ax) is ax
    plt.gcf().canvas.draw()
    assert not overlapping(ax)
    assert not cut_off(ax)


def test_a_figure_of_its_own_is_as_large_as_the_map() -> None:
    small = plot_process_map(map_of(PERMIT)).figure.get_size_inches()
    large = plot_process_map(map_of([[f"step {i}" for i in range(30)]])).figure.get_size_inches()
    assert large[1] > 2 * small[1]


def test_the_caption_says_what_is_left_out() -> None:
    said = words(plot_process_map(map_of(PERMIT), activities=0.5, paths=0.0))
    assert any("of 4 activities" in text and "of 5 paths" in text for text in said)


def test_unknown_times_are_dashes_and_have_no_scale() -> None:
    said = words(plot_process_map(map_of(PERMIT, hours=None)))
    assert "7\n–" in said
    assert "median time on a path" not in said


def test_times_of_0_are_written_as_0() -> None:
    assert "7\n0" in words(plot_process_map(map_of(PERMIT, hours=0)))


@pytest.mark.parametrize(
    "traces",
    [
        pytest.param([["only"]], id="one activity, one case, no path"),
        pytest.param([["only"] * 4], id="a single loop"),
        pytest.param([["a", "b"]], id="one case"),
        pytest.param([["a"], ["b"], ["c"]], id="no paths"),
        pytest.param([["costs $5 or $7", "", "_x", "tab\tand\nline"]], id="odd names"),
        pytest.param(
            [["Aufenthaltsgenehmigungsverlängerungsantrag" * 3, "w " * 90]], id="long names"
        ),
        pytest.param([[f"{i}" for i in range(4)] * 3, ["3", "1"], ["2", "0"]], id="dense"),
    ],
)
def test_no_words_overlap_or_are_cut_off(traces: list[list[str]]) -> None:
    ax = plot_process_map(map_of(traces))
    ax.figure.canvas.draw()
    assert not overlapping(ax)
    assert not cut_off(ax)


def test_a_hundred_activities_are_drawn_when_a_fifth_is_asked_for() -> None:
    traces = [[f"activity {(i * k) % 120}" for i in range(40)] for k in range(1, 30)]
    whole = map_of(traces)
    assert len(whole.nodes) > 100
    ax = plot_process_map(whole, activities=0.2, paths=0.2)
    ax.figure.canvas.draw()
    assert not overlapping(ax)
    assert not cut_off(ax)
    drawn = [text for text in words(ax) if text.startswith("activity")]
    assert 23 <= len(drawn) < 100


def test_a_map_without_activities_says_that_there_is_nothing() -> None:
    empty = Map(map_of(["a"]).nodes.iloc[:0], map_of(["ab"]).edges.iloc[:0])
    assert "nothing to draw: 0 activities" in words(plot_process_map(empty))


def test_a_log_in_place_of_its_map_is_refused() -> None:
    with pytest.raises(ProcmineError, match=r"give it pm.process_map\(log\)"):
        plot_process_map("log")  # type: ignore[arg-type]
    broken = Map(map_of(["ab"]).nodes.drop(columns="starts"), map_of(["ab"]).edges)
    with pytest.raises(ProcmineError, match="no column 'starts'"):
        plot_process_map(broken)


def test_a_map_of_thousands_of_paths_is_refused_with_shares_that_can_be_drawn() -> None:
    names = [f"{i:02}" for i in range(40)]
    whole = map_of([[a, b] for a in names for b in names])
    with pytest.raises(ProcmineError, match="1,600 paths do not make a picture") as refused:
        plot_process_map(whole)
    said = re.search(r"activities=([\d.]+), paths=([\d.]+)\) draws (\d+)", str(refused.value))
    assert said
    part = simplify(whole, float(said[1]), float(said[2]))
    assert len(part.edges) == int(said[3]) <= 600


def test_nothing_that_is_given_is_changed() -> None:
    whole, again = map_of(PERMIT), map_of(PERMIT)
    plot_process_map(whole)
    pd.testing.assert_frame_equal(whole.nodes, again.nodes)
    pd.testing.assert_frame_equal(whole.edges, again.edges)


def test_the_settings_of_the_user_stay() -> None:
    before = dict(plt.rcParams)
    plot_process_map(map_of(PERMIT))
    assert dict(plt.rcParams) == before


def test_small_differences_in_time_have_nearly_the_same_colour() -> None:
    scale = SlownessScale.over([5.8 * 86_400, 6.5 * 86_400])
    assert scale is not None
    assert scale.high / scale.low == pytest.approx(4)
    assert scale.part(6.5 * 86_400) - scale.part(5.8 * 86_400) < 0.1
