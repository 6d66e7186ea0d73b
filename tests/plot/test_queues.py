"""The queues over time: as long as the table says, the longest on top, and what is not known said."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.patches import StepPatch

from procmine.errors import ProcmineError
from procmine.kpi.queues.queues import queues
from procmine.plot.queues import AHEAD, MOST, STEP, plot_queues
from tests.plot.looking import cut_off, key, overlapping, said, words
from tests.plot.waiting_tables import GREEK, LONG, queues_of


def heights(ax: Axes) -> list[np.ndarray]:
    """The lengths of the queues as drawn, by strip from the top."""
    found = []
    ticks = ax.get_yticklabels()
    for patch in ax.patches:
        if isinstance(patch, StepPatch):
            drawn, foot = patch.get_data().values, float(np.min(patch.get_data().baseline))
            top = ticks[2 * round(-foot / STEP) + 1].get_text()
            found.append((drawn - foot) * float(top.replace(",", "")))
    return found


def test_the_strips_show_the_mean_queue_of_each_period_the_longest_on_top():
    ax = plot_queues(queues_of({"Sign": [1, 2, 1], "Check": [4, 8, 6]}))
    assert np.array(heights(ax)) == pytest.approx(np.array([[4, 8, 6], [1, 2, 1]]))
    assert words(ax) == ["Check: 6 on average, 6 at the end", "Sign: 1.3 on average, 1 at the end"]
    assert said(ax).startswith(
        "the longest queue is that for Check: 6 cases on average, 6 at the end"
    )


@given(st.lists(st.floats(0, 3000), min_size=1, max_size=30))
def test_no_queue_is_higher_than_the_scale_nor_much_smaller_than_it(lengths):
    ax = plot_queues(queues_of({"Check": lengths}, worked=None))
    top = float(ax.get_yticklabels()[-1].get_text().replace(",", ""))
    assert top >= round(max(lengths), 1) - 0.06
    assert top <= max(2.0 * max(lengths), 0.1)
    plt.close(ax.figure)


def test_what_is_worked_at_is_a_dashed_line_where_it_is_known():
    ax = plot_queues(queues_of({"Check": [4, 8, 6]}, worked=3.0))
    dashed = [line for line in ax.lines if line.is_dashed()]
    assert len(dashed) == 1
    assert dashed[0].get_ydata().tolist() == pytest.approx([3 / 8] * 4)
    assert "worked at (mean of the period)" in key(ax)
    without = plot_queues(queues_of({"Check": [4, 8, 6]}, worked=None))
    assert not [line for line in without.lines if line.is_dashed()]
    assert key(without) == ["waiting (mean of the period)"]


def test_with_one_timestamp_it_says_that_the_work_is_in_the_queue():
    basis = "sojourn (90 steps); order concurrency"
    ax = plot_queues(queues_of({"Check": [4, 8, 6]}, worked=None, basis=basis))
    assert key(ax) == ["waiting or worked at (mean of the period)"]
    assert "one time only" in said(ax)


def test_open_cases_whose_next_step_is_not_known_have_the_last_strip_and_a_scale_of_their_own():
    table = queues_of({"Check": [4, 8, 6], "later": [1, 40, 90]})
    table["activity"] = table["activity"].replace({"later": None})
    ax = plot_queues(table)
    assert words(ax) == ["Check: 6 on average", f"{AHEAD}: 44 on average, 90 at the end"]
    text = said(ax).replace("\n", " ")
    assert ax.get_title(loc="left") == "the longest queue is that for Check: 6 cases on average"
    assert "the other queues end too low" in text
    assert [h.max() for h in heights(ax)] == pytest.approx([8, 90])


def test_open_cases_of_several_offices_keep_to_their_office():
    parts = [queues_of({"Check": [4, 8], "later": [1, n]}).assign(office=name)
             for name, n in (("North", 30), ("South", 9))]  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    table["activity"] = table["activity"].replace({"later": None})
    ax = plot_queues(table)
    assert [text.split(":")[0] for text in words(ax)] == [
        *("Check · North", "Check · South", f"{AHEAD} · North", f"{AHEAD} · South"),
    ]
    assert "all strips but the last 2 have the same scale" in said(ax).replace("\n", " ")


def test_where_a_queue_ended_far_from_its_last_period_both_are_said():
    table = queues_of({"Check": [4, 8, 6], "Sign": [1, 1, 1]})
    table.loc[table["period_start"] == table["period_start"].max(), "waiting"] = [12, 1]
    ax = plot_queues(table)
    assert words(ax) == [
        *(
            "Check: 6 on average, 6 in the last period and 12 at the end",
            "Sign: 1 on average, 1 at the end",
        ),
    ]
    assert "6 in the last period and 12 at the end" in ax.get_title(loc="left")


def test_of_many_queues_the_longest_are_drawn_and_the_others_counted():
    ax = plot_queues(queues_of({f"step {i:02}": [i, i] for i in range(1, 12)}))
    assert len(words(ax)) == MOST
    assert words(ax)[0].startswith("step 11")
    assert "3 shorter queues not drawn" in said(ax).replace("\n", " ")


def test_a_period_without_a_known_length_is_a_gap_and_no_zero_in_the_mean():
    ax = plot_queues(queues_of({"Check": [4, None, 8]}))
    assert words(ax)[0].startswith("Check: 6 on average")


def test_long_names_in_two_alphabets_do_not_overlap_nor_are_they_cut_off():
    table = queues_of({LONG: [40, 41] * 20, GREEK: [30, 20] * 20, "Sign": [0.1, 0.2] * 20})
    _, small = plt.subplots(figsize=(5.5, 4.2), layout="constrained")
    for ax in (plot_queues(table), plot_queues(table, ax=small)):
        ax.figure.draw_without_rendering()
        assert overlapping(ax) == []
        assert cut_off(ax) == []


def test_without_a_known_queue_it_says_so():
    assert "no queue has a known length" in said(plot_queues(queues_of({"Check": [None]})))


def test_another_table_is_refused():
    with pytest.raises(ProcmineError, match=r"no column 'waiting'.*\n.*\n.*pm.queues\(log\)"):
        plot_queues(queues_of({"Check": [1]}).drop(columns="waiting"))


def test_it_draws_the_table_of_the_library_and_leaves_it_alone():
    from conftest import sample_log

    table = queues(sample_log(), by="unit", period="M")
    before = table.copy()
    ax = plot_queues(table)
    pd.testing.assert_frame_equal(table, before)
    longest = table.groupby("unit")["mean_waiting"].max().max()
    assert max(h.max() for h in heights(ax)[:-1]) == pytest.approx(longest)
