"""Open cases by where they stand and how long: each is a mark, and what is unusual looks unusual."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from procmine.errors import ProcmineError
from procmine.kpi.blockages.blockages import blockages
from procmine.plot.blockages import MOST, OFFICE, plot_blockages, round_hours
from tests.plot.looking import cut_off, key, overlapping, said, words
from tests.plot.waiting_tables import GREEK, LONG, blockages_of

DAY = 86_400.0
POINTS = {"Check": [1.0, 5, 11, 13, 90], "Ask": [2.0, 400, 500], "Sign": [1.0, 2]}


def marks(ax: Axes) -> list[np.ndarray]:
    """The marks drawn, those of each kind of each point: seconds and height."""
    found = [c for c in ax.collections if isinstance(c, PathCollection)]
    return [np.asarray(c.get_offsets()) for c in found]


def test_every_open_case_is_one_mark_at_the_time_that_it_stands():
    ax = plot_blockages(blockages_of(POINTS))
    drawn = np.sort(np.concatenate(marks(ax))[:, 0])
    assert drawn / DAY == pytest.approx(np.sort(np.concatenate(list(POINTS.values()))))


def test_points_with_most_blocked_cases_stand_on_top_and_say_how_many():
    ax = plot_blockages(blockages_of(POINTS))
    assert words(ax) == [
        "Check: 5 open, 2 longer than usual",
        "Ask: 3 open, 2 longer than usual",
        "Sign: 2 open",
    ]


def test_the_title_counts_the_blocked_and_those_that_will_never_move():
    title = plot_blockages(blockages_of(POINTS)).get_title(loc="left").replace("\n", " ")
    assert title == (
        "10 open cases: 4 of them stand longer than nine in ten did at that point, "
        "2 will probably never move again"
    )


def test_usual_blocked_and_never_have_signs_of_their_own():
    ax = plot_blockages(blockages_of(POINTS))
    assert key(ax) == [
        "stands as long as is usual",
        "longer than nine in ten did there",
        "will probably never move again",
        "usual: half moved on within",
        "nine in ten moved on within",
    ]
    shapes = {tuple(c.get_paths()[0].vertices.ravel()) for c in ax.collections
              if isinstance(c, PathCollection) and len(c.get_offsets())}  # fmt: skip
    assert len(shapes) == 3


def test_what_is_not_known_is_neither_usual_nor_blocked():
    table = blockages_of({"Check": [1.0, 500]}, usual=(None, None), never=1e9)
    ax = plot_blockages(table.astype({"blocked": "boolean", "never": "boolean"}).assign(
        blocked=pd.array([None, None], dtype="boolean")))  # fmt: skip
    text = said(ax).replace("\n", " ")
    assert "what is usual is not known" in text
    assert "for 2 cases it is not known what nine in ten did" in text
    assert key(ax) == ["not known what is usual there"]


def test_a_case_that_has_just_come_stands_at_the_beginning_of_the_axis():
    ax = plot_blockages(blockages_of({"Check": [0.0, 3.0, 30.0]}))
    low, high = ax.get_xlim()
    drawn = np.concatenate(marks(ax))[:, 0]
    assert ((drawn > low) & (drawn < high)).all()
    assert "1 case with less at its beginning" in said(ax).replace("\n", " ")


def test_no_case_is_named():
    table = blockages_of(POINTS)
    text = said(plot_blockages(table))
    assert not any(case in text for case in table["case_id"])


def test_of_many_points_those_with_most_blocked_cases_are_drawn():
    ax = plot_blockages(blockages_of({f"step {i:02}": [20.0] * (i + 1) for i in range(14)}))
    assert len(words(ax)) == MOST
    assert words(ax)[0].startswith("step 13")
    assert "4 points with fewer not drawn" in said(ax).replace("\n", " ")


def test_long_names_in_two_alphabets_do_not_overlap_nor_are_they_cut_off():
    table = blockages_of({LONG: [1.0, 90, 500] * 9, GREEK: [2.0, 40], "Sign": [0.0]})
    _, small = plt.subplots(figsize=(5.5, 4.2), layout="constrained")
    for ax in (plot_blockages(table), plot_blockages(table, ax=small)):
        ax.figure.draw_without_rendering()
        assert overlapping(ax) == []
        assert cut_off(ax) == []


def test_without_an_open_case_it_says_so():
    assert "no case is open" in said(plot_blockages(blockages_of({})))


def test_the_table_by_point_is_refused_with_the_one_to_give():
    with pytest.raises(ProcmineError, match=r"a row per point\n.*without by="):
        plot_blockages(pd.DataFrame({"activity": ["A"], "open_cases": [3]}))


def test_it_draws_the_table_of_the_library():
    from conftest import sample_log

    table = blockages(sample_log())
    ax = plot_blockages(table)
    assert len(np.concatenate(marks(ax))) == len(table) == 116
    assert words(ax)[0] == "after: Solicitare completări: 45 open, 31 longer than usual"


def test_the_table_of_a_calendar_is_drawn_in_office_hours():
    table = blockages_of(POINTS).rename(columns={name: of for of, name in OFFICE.items()})
    ax = plot_blockages(table)
    assert len(np.concatenate(marks(ax))) == 10
    assert ax.get_xlabel().startswith("office hours since the case last moved")
    shown = [text.get_text() for text in ax.get_xticklabels()]
    assert "100 h" in shown
    assert all(text.endswith(" h") for text in shown)


def test_hours_on_the_axis_are_round_and_few():
    assert [time / 3600 for time in round_hours(3600 * 0.9, 3600 * 60)] == [1, 2, 5, 10, 20, 50]
    assert 2 <= len(round_hours(60.0, 3600.0 * 50_000)) <= 8
