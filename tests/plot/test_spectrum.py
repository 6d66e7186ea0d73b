"""The performance spectrum: a line per passage, its colour its quarter, and all of them counted below."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.dates import date2num

from procmine.errors import ProcmineError
from procmine.kpi.segment import segment
from procmine.plot.spectrum import MOST, QUARTERS, plot_performance_spectrum
from procmine.report.picture import picture
from tests.plot.looking import cut_off, key, overlapping, said, words
from tests.plot.waiting_tables import GREEK, LONG, passages_of


def lines(ax: Axes) -> np.ndarray:
    """The ends of the lines: from x and height to x and height."""
    found = next(c for c in ax.collections if isinstance(c, LineCollection))
    return np.array([path.vertices for path in found.get_paths()])


def counted_below(ax: Axes) -> float:
    """How many passages the bars below stand for, all together."""
    text = ax.get_xlabel().replace("\n", " ")
    most = float(text.partition("at most ")[2].partition(";")[0].replace(",", ""))
    columns = np.array([[bar.get_height() for bar in bars] for bars in ax.containers])
    return float(columns.sum() / columns.sum(axis=0).max() * most)


def test_a_line_runs_from_the_end_of_the_first_step_to_the_start_of_the_second():
    table = passages_of([3.0])
    ends = lines(plot_performance_spectrum(table))
    begun = date2num(table["from"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
    assert ends[0, 0] == pytest.approx([begun[0], 1.0])
    assert ends[0, 1] == pytest.approx([begun[0] + 3.0, 0.0])


def test_the_slower_the_darker_and_the_slow_ones_lie_on_top():
    ax = plot_performance_spectrum(passages_of([4, 1, 3, 2]))
    found = next(c for c in ax.collections if isinstance(c, LineCollection))
    levels = [float(colour[:3] @ (0.299, 0.587, 0.114)) for colour in found.get_colors()]
    assert levels == sorted(levels, reverse=True)
    assert len(set(levels)) == len(QUARTERS)
    assert all(a - b > 0.12 for a, b in pairwise(levels))  # told apart in grey


def test_the_key_says_how_long_each_quarter_took_and_the_title_what_is_usual():
    ax = plot_performance_spectrum(passages_of([1, 2, 3, 4, 20]))
    assert key(ax)[0] == "fastest quarter: 1 d to 2 d"
    assert key(ax)[-1] == "slowest quarter: 20 d"
    title = ax.get_title(loc="left").replace("\n", " ")
    assert title == "Check → Sign: 5 times, half of them within 3 d, nine in ten within 14 d"


def test_equal_durations_are_one_quarter():
    assert key(plot_performance_spectrum(passages_of([2, 2, 2]))) == ["fastest quarter: 2 d"]


@given(st.lists(st.floats(0, 400), min_size=1, max_size=60))
def test_the_bars_count_every_passage(times):
    ax = plot_performance_spectrum(passages_of(times))
    assert counted_below(ax) == pytest.approx(len(times))
    assert len(lines(ax)) == len(times)
    plt.close(ax.figure)


def test_of_very_many_passages_the_lines_are_thinned_alike_in_each_quarter_and_the_bars_are_not():
    n = 100_000
    table = passages_of(np.linspace(0.1, 40, n))
    ax = plot_performance_spectrum(table)
    assert MOST * 0.8 < len(lines(ax)) <= MOST + len(QUARTERS)
    found = next(c for c in ax.collections if isinstance(c, LineCollection))
    _, sizes = np.unique(np.array(found.get_colors()), axis=0, return_counts=True)
    assert sizes.max() - sizes.min() <= 1
    assert counted_below(ax) == pytest.approx(n)
    assert f"lines: {len(lines(ax)):,} of 100,000, evenly chosen" in said(ax).replace("\n", " ")


def test_many_lines_are_an_image_inside_the_page():
    table = passages_of(np.linspace(0.1, 40, 3000))
    one = picture("spectrum", lambda: plot_performance_spectrum(table), "what it means")
    assert "<image" in one.svg
    assert len(one.svg) < 1_500_000


def test_both_steps_are_named_at_their_lines():
    ax = plot_performance_spectrum(passages_of([1, 2, 3]))
    assert words(ax) == ["Check has ended", "Sign begins"]


def test_long_names_in_two_alphabets_do_not_overlap_nor_are_they_cut_off():
    table = passages_of(np.linspace(0.1, 40, 90), source=LONG, target=GREEK)
    _, small = plt.subplots(figsize=(5.5, 4.2), layout="constrained")
    for ax in (plot_performance_spectrum(table), plot_performance_spectrum(table, ax=small)):
        ax.figure.draw_without_rendering()
        assert overlapping(ax) == []
        assert cut_off(ax) == []


def test_without_a_passage_it_says_so():
    assert "no case goes directly from one to the other" in (
        said(plot_performance_spectrum(passages_of([])))
    )


def test_several_pairs_are_refused():
    table = pd.concat([passages_of([1]), passages_of([2], source="Other")], ignore_index=True)
    with pytest.raises(ProcmineError, match=r"one pair .* the table has 2\n.*pm.segment"):
        plot_performance_spectrum(table)


def test_it_draws_the_table_of_the_library():
    from conftest import sample_log

    table = segment(sample_log(), "Examinare tehnică", "Decizie comisie")
    ax = plot_performance_spectrum(table)
    assert len(lines(ax)) == len(table)
    assert said(ax).startswith("Examinare tehnică → Decizie comisie: 1,773 times")
