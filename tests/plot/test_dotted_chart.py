"""The dotted chart has a dot per step, and a row per case in the order asked for."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.dates import num2date

from procmine.errors import ProcmineError
from procmine.plot.dotted_chart import CROWDED, plot_dotted_chart
from tests.plot.looking import cut_off, key, overlapping, said
from tests.plot.tables import TZ, steps_of

PERMIT = [list("abc"), list("abbbc"), list("ac")]


def dots(ax: Axes) -> np.ndarray:
    return np.concatenate([np.asarray(drawn.get_offsets()) for drawn in ax.collections])


def rows(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def test_every_step_is_a_dot_at_its_local_time() -> None:
    table = steps_of(PERMIT)
    ax = plot_dotted_chart(table)
    drawn = sorted((int(y), round(num2date(x).timestamp())) for x, y in dots(ax))
    rows_of = table["case_id"].astype(str).str.removeprefix("case ").astype(int)
    assert drawn == sorted(
        (row, int(end.timestamp())) for row, end in zip(rows_of, table["end"], strict=True)
    )
    assert f"end of the step (local time, {TZ})" in said(ax)
    assert "3 cases, 10 steps" in said(ax)
    assert key(ax) == ["b", "a", "c"]  # 4, 3 and 3 steps


def test_times_at_the_axis_are_those_of_the_office() -> None:
    table = steps_of([["a", "b", "c", "d", "e", "f", "g"]])  # from 08:00 on, UTC+2
    ax = plot_dotted_chart(table)
    ax.figure.canvas.draw()
    assert "08:00" in [label.get_text() for label in ax.get_xticklabels()]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("started", ["case 0", "case 1", "case 2"]),
        ("ended", ["case 0", "case 1", "case 2"]),
        ("duration", ["case 2", "case 0", "case 1"]),
        ("case_id", ["case 0", "case 1", "case 2"]),
    ],
)
def test_cases_stand_in_the_order_asked_for(sort: str, order: list[str]) -> None:
    ax = plot_dotted_chart(steps_of(PERMIT), sort=sort)
    assert rows(ax) == order
    assert ax.get_ylim() == (2.5, -0.5)  # the first at the top


def test_relative_time_runs_from_the_first_dot_of_each_case() -> None:
    ax = plot_dotted_chart(steps_of(PERMIT), relative=True)
    assert sorted(x for x, _ in dots(ax)) == [0, 0, 0, 1, 1, 1, 2, 2, 3, 4]
    assert "hours since the first dot of the case" in said(ax)


def test_a_step_without_an_end_stands_at_its_start_and_one_without_times_is_counted() -> None:
    table = steps_of([["a", "b", "c"]])
    table.loc[1, "start"], table.loc[1, "end"] = table.loc[1, "end"], pd.NaT
    table.loc[2, "end"] = pd.NaT
    ax = plot_dotted_chart(table)
    assert len(dots(ax)) == 2
    assert "1 case, 2 steps; 1 step without a time not drawn" in said(ax)


def test_the_frequent_kinds_have_colours_and_shapes_of_their_own() -> None:
    traces = [[f"kind {i:02}" for i in range(14 - k)] for k in range(13)]
    ax = plot_dotted_chart(steps_of(traces))
    assert key(ax) == [*[f"kind {i:02}" for i in range(9)], "5 others"]
    colours = {tuple(drawn.get_facecolor()[0]) for drawn in ax.collections}
    shapes = {drawn.get_paths()[0].vertices.tobytes() for drawn in ax.collections}
    assert len(colours) == len(shapes) == 10


def test_any_column_colours_the_dots() -> None:
    table = steps_of(PERMIT).assign(unit=[*["Registry"] * 8, None, "_archive"])
    assert key(plot_dotted_chart(table, by="unit")) == ["Registry", "_archive", "not known"]


def test_many_cases_are_small_squares_of_every_colour_in_an_image() -> None:
    traces = [["a", "b"]] * (CROWDED + 1)
    ax = plot_dotted_chart(steps_of(traces))
    (drawn,) = ax.collections
    assert drawn.get_rasterized()
    assert len(drawn.get_offsets()) == 2 * (CROWDED + 1)
    colours = drawn.get_facecolor()
    assert len(np.unique(colours, axis=0)) == 2
    assert (
        0.4 < (colours[:3000] == colours[0]).all(axis=1).mean() < 0.6
    )  # mixed, not one over the other


def test_two_pictures_of_one_table_are_the_same() -> None:
    traces = [["a", "b"]] * (CROWDED + 1)
    one, two = (plot_dotted_chart(steps_of(traces)) for _ in range(2))
    assert np.array_equal(dots(one), dots(two))


def test_it_draws_on_the_axes_given() -> None:
    _, ax = plt.subplots()
    assert plot_dotted_chart(steps_of(PERMIT), ax=ax) is ax


@pytest.mark.parametrize(
    "traces",
    [
        pytest.param([["a"]], id="one step"),
        pytest.param(PERMIT, id="a few"),
        pytest.param([["costs $5", "_x", "Aufenthaltsgenehmigung" * 4]] * 25, id="odd names"),
        pytest.param([[f"step {i}" for i in range(30)]] * 60, id="many kinds"),
    ],
)
def test_no_words_overlap_or_are_cut_off(traces: list[list[str]]) -> None:
    ax = plot_dotted_chart(steps_of(traces))
    ax.figure.canvas.draw()
    assert not overlapping(ax)
    assert not cut_off(ax)


def test_times_without_a_zone_are_drawn_as_they_are() -> None:
    table = steps_of(PERMIT)
    for column in ("start", "end"):
        table[column] = table[column].dt.tz_localize(None)
    assert "local time" not in said(plot_dotted_chart(table))


def test_no_steps_are_said() -> None:
    assert "nothing to draw: 0 steps with a time" in said(
        plot_dotted_chart(steps_of(PERMIT).iloc[:0])
    )


def test_an_order_that_is_not_known_is_refused() -> None:
    with pytest.raises(ProcmineError, match="sort='age' is not known; choose from started, ended"):
        plot_dotted_chart(steps_of(PERMIT), sort="age")


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(ProcmineError, match="no column 'clerk'"):
        plot_dotted_chart(steps_of(PERMIT), by="clerk")
