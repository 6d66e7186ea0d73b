"""The causes of waiting: a bar as long as the wait, made of its causes, and what is unknown said."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes

import procmine as pm
from procmine.errors import ProcmineError
from procmine.kpi.waiting.causes import waiting_causes
from procmine.plot.keys import keys_of
from procmine.plot.waiting_causes import MOST, OWN, plot_waiting_causes
from tests.plot.looking import cut_off, key, overlapping, said, words
from tests.plot.waiting_tables import GREEK, LONG, causes_of

TWO = {"Check": (1, 2, 3, 0, 4, 0), "Sign": (0, 0, 0, 0, 0, 50)}


def lengths(ax: Axes) -> np.ndarray:
    """The length of every bar, in the units of the axis."""
    return np.sum([[bar.get_width() for bar in bars] for bars in ax.containers], axis=0)


def names(ax: Axes) -> list[str]:
    """The names above the bars, from the top."""
    return words(ax)[1::2]


def test_a_bar_is_as_long_as_the_wait_and_the_longest_stands_on_top():
    ax = plot_waiting_causes(causes_of(TWO))
    assert names(ax) == ["Sign", "Check"]
    assert lengths(ax).tolist() == pytest.approx([50, 10])
    assert words(ax)[::2] == [" 50 d", " 10 d"]


def test_it_says_the_causes_that_make_most_of_the_wait():
    title = plot_waiting_causes(causes_of(TWO)).get_title(loc="left")
    assert title == "60 d of waiting: 83 % unexplained, 6.7 % unavailability, 5.0 % contention"


def test_the_key_names_the_causes_that_occur_in_the_order_of_their_precedence():
    ax = plot_waiting_causes(causes_of(TWO))
    heads = [name.split(" (")[0] for name in key(ax)]
    assert heads == ["external", "batching", "contention", "unavailability", "unexplained"]


@given(st.lists(st.tuples(*[st.floats(0.0, 90.0)] * 6), min_size=1, max_size=9))
def test_the_bars_together_are_the_whole_wait(waits):
    table = causes_of({f"step {i}": times for i, times in enumerate(waits)})
    ax = plot_waiting_causes(table)
    total = sum(map(sum, waits))
    if total > 1e-6 and ax.containers:
        size = {"days": 1.0, "hours": 24.0, "minutes": 1440.0}.get(
            ax.get_xlabel().split()[0], 86400.0
        )
        assert lengths(ax).sum() / size == pytest.approx(total, abs=1e-6 * len(waits))
    plt.close(ax.figure)


def test_what_is_not_computable_is_named_and_is_no_zero():
    ax = plot_waiting_causes(causes_of({"Check": (0, 5, None, None, 1, 4)}))
    assert "Not computable, so among the unexplained: contention, prioritisation" in (
        said(ax).replace("\n", " ")
    )
    assert not any(name.startswith("contention") for name in key(ax))


def test_what_is_not_computable_for_some_rows_is_counted():
    table = causes_of({"Check": (0, 5, None, 0, 1, 4), "Sign": (0, 1, 1, 1, 1, 1)})
    text = said(plot_waiting_causes(table)).replace("\n", " ")
    assert "contention (in 1 of 2 rows)" in text
    assert "prioritisation (in" not in text


def test_with_one_timestamp_it_says_that_the_work_is_in_the_bars():
    ax = plot_waiting_causes(causes_of(TWO, basis="sojourn"))
    text = said(ax).replace("\n", " ")
    assert "60 d from enabled to end" in text
    assert "the work included, as steps have one time only" in text
    assert "of waiting" not in text


def test_estimated_starts_are_said():
    basis = "waiting; the starts of 4 of 20 steps are estimated"
    text = said(plot_waiting_causes(causes_of(TWO, basis=basis))).replace("\n", " ")
    assert "the starts of 4 of 20 steps are estimated" in text


def test_a_pair_of_steps_is_joined_by_an_arrow_and_the_first_step_begins_the_case():
    table = causes_of(TWO).assign(source=[None] * 6 + ["Check"] * 6)
    ax = plot_waiting_causes(table[["source", *table.columns[:-1]]])
    assert names(ax) == ["Check → Sign", "(begin) → Check"]


def test_a_key_that_all_rows_share_stands_in_the_title_and_not_at_each_bar():
    table = causes_of(TWO, key="Office").assign(activity="Examine")
    ax = plot_waiting_causes(table)
    assert names(ax) == ["Sign", "Check"]
    assert ax.get_title(loc="left").startswith("Examine: 60 d of waiting: 83 % unexplained")
    one = plot_waiting_causes(table[table["Office"] == "Sign"])
    assert names(one) == ["Sign · Examine"]
    pair = causes_of(TWO).assign(source="Begin")
    ax = plot_waiting_causes(pair[["source", *pair.columns[:-1]]])
    assert names(ax) == ["Begin → Sign", "Begin → Check"]


def test_a_part_too_thin_to_be_seen_is_not_in_the_key():
    ax = plot_waiting_causes(causes_of({"Check": (500, 0.1, 3, 0, 0, 600)}))
    assert [name.split(" (")[0] for name in key(ax)] == ["external", "contention", "unexplained"]


def test_of_many_rows_those_with_most_waiting_are_drawn():
    table = causes_of({f"step {i:02}": (0, 0, 0, 0, 0, i) for i in range(20)})
    ax = plot_waiting_causes(table)
    assert names(ax) == [f"step {i:02}" for i in range(19, 19 - MOST, -1)]
    assert "7 rows with less waiting not drawn" in said(ax).replace("\n", " ")


def test_long_names_in_two_alphabets_do_not_overlap_nor_are_they_cut_off():
    table = causes_of({LONG: (1, 2, 3, 4, 5, 6), GREEK: (0, 9, 9, 0, 0, 1), **TWO})
    _, small = plt.subplots(figsize=(5.5, 4.0), layout="constrained")
    for ax in (plot_waiting_causes(table), plot_waiting_causes(table, ax=small)):
        ax.figure.draw_without_rendering()
        assert overlapping(ax) == []
        assert cut_off(ax) == []


def test_small_axes_have_fewer_rows():
    table = causes_of({f"step {i:02}": (0, 0, 0, 0, 0, i + 1) for i in range(12)})
    _, small = plt.subplots(figsize=(5.5, 3.0))
    ax = plot_waiting_causes(table, ax=small)
    assert ax is small
    assert len(names(ax)) < 12
    assert f"{12 - len(names(ax))} rows with less waiting not drawn" in said(ax).replace("\n", " ")


def test_where_nobody_waited_it_says_so():
    assert "no step waited" in said(plot_waiting_causes(causes_of({"A": (0, 0, 0, 0, 0, 0)})))
    empty = causes_of(TWO).iloc[:0]
    assert "no wait is known" in said(plot_waiting_causes(empty))


def test_single_steps_are_refused_with_the_table_to_give():
    with pytest.raises(ProcmineError, match=r'single steps\ngive it the .*by="activity"'):
        plot_waiting_causes(causes_of(TWO).assign(row=1))
    with pytest.raises(ProcmineError, match=r"no column 'cause', 'time'"):
        plot_waiting_causes(pd.DataFrame({"basis": ["waiting"]}))


def test_it_draws_the_table_of_the_library():
    from conftest import sample_log

    office = pm.Calendar("RO", hours={"mon-thu": "08:00-16:30", "fri": "08:00-14:00"})
    table = waiting_causes(sample_log(), by="activity", calendar=office)
    assert keys_of(table, OWN) == ["activity"]
    ax = plot_waiting_causes(table)
    longest = table.groupby("activity", observed=True)["waiting_time"].first().max()
    assert lengths(ax)[0] == pytest.approx(longest / pd.Timedelta("1D"))
    assert "Înregistrare cerere" not in names(ax)  # the first step never waits
