"""What mending would buy: a bar per remedy with its interval, and what may be nothing looks so."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

import procmine as pm
from procmine.errors import ProcmineError
from procmine.plot.opportunities import MOST, plot_opportunities
from tests.plot.looking import cut_off, key, overlapping, said, words
from tests.plot.waiting_tables import GREEK, LONG, opportunities_of

THREE = {"no rework": (1.0, 0.2, 1.6), "no batching": (4.0, 3.0, 5.0), "earlier": (0.5, -0.4, 1.1)}


def of_median(table: pd.DataFrame, **options: Any) -> Axes:
    """The gains of the median, which have intervals."""
    return plot_opportunities(table, measure="median", **options)


def bars(ax: Axes) -> list[Rectangle]:
    """The bars from the top."""
    found = [bar for group in ax.containers for bar in group]
    return sorted(found, key=lambda bar: bar.get_y())


def test_the_largest_gain_stands_on_top_with_its_interval_behind_it():
    ax = of_median(opportunities_of(THREE))
    assert [bar.get_width() for bar in bars(ax)] == pytest.approx([4.0, 1.0, 0.5])
    assert words(ax) == [
        *("  4 d (3 d to 5 d)", "no batching", "  1 d (4.8 h to 1.6 d)", "no rework"),
        *("  12 h (-9.6 h to 1.1 d)", "earlier"),
    ]


def test_the_lines_are_the_intervals_of_the_table():
    ax = of_median(opportunities_of(THREE))
    spans = [
        sorted(path.vertices[:, 0]) for c in ax.collections if isinstance(c, LineCollection)
        for path in c.get_paths() if np.ptp(path.vertices[:, 0]) > 0
    ]  # fmt: skip
    assert np.array(spans) == pytest.approx(np.array([[3.0, 5.0], [0.2, 1.6], [-0.4, 1.1]]))


def test_a_gain_whose_interval_reaches_0_is_hatched_and_the_key_says_why():
    ax = of_median(opportunities_of(THREE))
    assert [bool(bar.get_hatch()) for bar in bars(ax)] == [False, False, True]
    assert "may be nothing: the interval reaches 0" in key(ax)
    sure = of_median(opportunities_of({"no batching": (4.0, 3.0, 5.0)}))
    assert "may be nothing: the interval reaches 0" not in key(sure)


def test_it_says_the_largest_gain_and_that_gains_do_not_add_up():
    text = said(of_median(opportunities_of(THREE))).replace("\n", " ")
    assert text.startswith("the largest gain, at most 4 d of the median cycle time: no batching")
    assert "gains of several remedies do not add up" in text
    assert "days by which the median cycle time would be shorter" in text


def test_where_nothing_is_gained_it_says_so():
    ax = of_median(opportunities_of({"nothing": (0.0, 0.0, 0.0)}))
    assert ax.get_title(loc="left") == "no remedy shortens the median cycle time"


def test_a_gain_without_an_interval_is_drawn_without_one():
    table = opportunities_of({"no batching": (4.0, np.nan, np.nan)})
    ax = of_median(table)
    assert words(ax)[0] == "  4 d"
    assert key(ax) == ["gain, at most"]


def test_a_gain_that_is_not_known_is_counted_and_no_zero():
    ax = of_median(opportunities_of({**THREE, "unknown": (np.nan,) * 3}))
    assert len(bars(ax)) == 3
    assert "1 remedy without a known gain" in said(ax).replace("\n", " ")
    only = of_median(opportunities_of({"unknown": (np.nan,) * 3}))
    assert "no remedy has a known gain" in said(only)


def test_of_many_remedies_the_largest_are_drawn():
    ax = of_median(opportunities_of({f"remedy {i}": (i, i - 1, i + 1) for i in range(1, 16)}))
    assert len(bars(ax)) == MOST
    assert "3 smaller gains not drawn" in said(ax).replace("\n", " ")


def test_long_names_in_two_alphabets_do_not_overlap_nor_are_they_cut_off():
    table = opportunities_of({LONG: (4.0, 3.0, 5.0), GREEK: (0.2, -2.0, 4.9), "Sign": (1, 0.5, 2)})
    _, small = plt.subplots(figsize=(5.5, 4.2), layout="constrained")
    for ax in (of_median(table), of_median(table, ax=small)):
        ax.figure.draw_without_rendering()
        assert overlapping(ax) == []
        assert cut_off(ax) == []


def test_all_cases_together_are_drawn_as_the_table_is_sorted_without_intervals():
    table = opportunities_of(THREE).assign(saved_days=[1.5, 300.0, np.nan])
    ax = plot_opportunities(table)
    assert [bar.get_width() for bar in bars(ax)] == pytest.approx([300, 1.5])
    assert words(ax)[:2] == ["  300 d", "no batching"]
    assert key(ax) == ["gain, at most"]
    text = said(ax).replace("\n", " ")
    assert text.startswith("the largest gain, at most 300 d of all cases together: no batching")
    assert "days saved, all cases together; gains of several remedies do not add up" in text
    assert "1 remedy without a known gain" in text


def test_a_remedy_for_the_long_cases_is_seen_in_what_most_keep_to():
    table = opportunities_of({"some": (3.0, 2.0, 4.0), "letters": (0.1, 0.0, 0.2)})
    for end in ("", "_low", "_high"):
        table[f"p90_gain{end}"] = table[f"median_gain{end}"].to_numpy()[::-1]
    ax = plot_opportunities(table, measure="p90")
    text = said(ax).replace("\n", " ")
    assert "at most 3 d of the time that 90 % of the cases keep to: letters" in text
    assert "days by which the time would be shorter that 90 % of the cases keep to" in text
    with pytest.raises(ProcmineError, match="'mean': plot_opportunities draws saved_days, median"):
        plot_opportunities(table, measure="mean")
    with pytest.raises(ProcmineError, match="no column 'p90_gain'"):
        plot_opportunities(table[["remedy"]], measure="p90")


def test_it_draws_the_table_of_the_library_in_every_measure():
    from conftest import sample_log

    given = [{"kind": "target", "days": days} for days in (1, 9)]
    table = pm.opportunities(sample_log(), given, resamples=100)
    for measure in ("saved_days", "median", "p90"):
        assert words(plot_opportunities(table, measure=measure))[1] == "no wait over 1 day"


def test_another_table_is_refused():
    with pytest.raises(ProcmineError, match=r"no column 'remedy'.*\n.*\n.*pm.opportunities\(log\)"):
        of_median(opportunities_of(THREE).drop(columns="remedy"))
