"""The share of cases in time says what it is of, how sure it is, and of how many."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.plot.on_time import FEW, MANY, plot_on_time
from tests.plot.looking import cut_off, key, overlapping, said, words
from tests.plot.term_tables import shares_of

YEAR = [(8, 10, 2), (30, 40, 10), (45, 50, 0), (3, 4, 1)]
LONG = "Compartimentul autorizări și urbanism al Primăriei Municipiului Șesul Înalt, serviciul 3"


def line(ax: Axes, dashed: bool = False) -> np.ndarray:
    """The values of the line drawn through the shares."""
    found = [
        each
        for each in ax.lines
        if len(each.get_xdata()) and each.is_dashed() == dashed and each.get_marker() == "None"
    ]
    return np.asarray(
        next(f.get_ydata() for f in found if len(f.get_ydata()) != 2 or dashed), float
    )


def whiskers(ax: Axes) -> np.ndarray:
    found = next(c for c in ax.collections if isinstance(c, LineCollection))
    return np.array([path.vertices[:, 1] for path in found.get_paths()])


def markers(ax: Axes, *, hollow: bool) -> int:
    """How many points are drawn full, or hollow."""
    points = [each for each in ax.lines if each.get_marker() == "o"]
    white = [each for each in points if (each.get_markerfacecolor() == "#ffffff") == hollow]
    return sum(len(each.get_xdata()) for each in white)


def test_the_line_counts_what_is_open_and_overdue_and_the_dashes_do_not() -> None:
    ax = plot_on_time(shares_of(YEAR))
    assert line(ax).tolist() == pytest.approx([8 / 12, 30 / 50, 45 / 50, 3 / 5])
    assert line(ax, dashed=True).tolist() == pytest.approx([0.8, 0.75, 0.9, 0.75])
    assert "of those that ended and those open and overdue" in key(ax)


def test_it_says_in_words_how_many_were_in_time() -> None:
    title = plot_on_time(shares_of(YEAR)).get_title(loc="left").replace("\n", " ")
    assert title.startswith("permit: 83 % of 104 cases that ended were in time; 60 % of 5 cases")
    assert "in 2026-04 with those overdue" in title


def test_the_whiskers_are_those_of_the_table() -> None:
    table = shares_of(YEAR)
    rows = table[table["kpi"] == "on_time_share"]
    assert whiskers(plot_on_time(table)) == pytest.approx(rows[["low", "high"]].to_numpy())


def test_a_share_of_few_cases_is_hollow() -> None:
    ax = plot_on_time(shares_of([(9, 10, 0), (8, 9, 0), (1, 1, 0)]))
    assert (markers(ax, hollow=False), markers(ax, hollow=True)) == (1, 2)
    assert f"fewer than {FEW} cases" in key(ax)


def test_few_periods_have_their_n_as_numbers_and_many_as_bars() -> None:
    assert words(plot_on_time(shares_of(YEAR))) == ["12", "50", "50", "5"]
    assert words(plot_on_time(shares_of(YEAR * 6))) == ["n up to 50"]


def test_a_month_without_a_case_has_no_point() -> None:
    ax = plot_on_time(shares_of([(8, 10, 0), (0, 0, 0), (9, 10, 0)]))
    assert np.isnan(line(ax)).tolist() == [False, True, False]
    assert words(ax) == ["10", "0", "10"]


def test_hundreds_of_months_have_a_band_and_names_that_can_be_read() -> None:
    ax = plot_on_time(shares_of([(45, 50, 2)] * 300))
    assert any(isinstance(each, PolyCollection) for each in ax.collections)
    assert len(ax.get_xticks()) <= 9
    ax.figure.draw_without_rendering()
    assert overlapping(ax) == []
    assert MANY < 300


def test_one_month_is_a_point_with_its_name() -> None:
    ax = plot_on_time(shares_of([(9, 13, 0)]))
    assert [text.get_text() for text in ax.get_xticklabels()] == ["2026-01"]
    assert "69 % of 13" in said(ax)


def test_units_have_a_strip_each_the_largest_on_top() -> None:
    table = pd.concat(
        [shares_of([(5, 6, 0)] * 3, unit="Taxe"), shares_of([(30, 40, 2)] * 3, unit=LONG)]
    )
    ax = plot_on_time(table)
    names = [text for text in words(ax) if not text.isdigit()]
    assert names[0].startswith("Compartimentul autorizări")
    assert names[1] == "Taxe"
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["0 %", "50 %", "100 %"] * 2
    ax.figure.draw_without_rendering()
    assert overlapping(ax) == []
    assert cut_off(ax) == []


def test_of_many_groups_the_largest_are_drawn_and_the_others_counted() -> None:
    table = pd.concat([shares_of([(5, 10 + i, 0)] * 3, unit=f"unit {i}") for i in range(11)])
    ax = plot_on_time(table)
    assert "3 smaller groups not drawn" in said(ax).replace("\n", " ")
    assert "unit 10" in words(ax)
    assert "unit 2" not in words(ax)


def test_of_several_terms_the_first_is_drawn_unless_another_is_named() -> None:
    table = pd.concat([shares_of([(5, 6, 0)], term="check"), shares_of([(30, 40, 2)])])
    assert "check: 83 %" in said(plot_on_time(table))
    assert "permit: 75 %" in said(plot_on_time(table, term="permit"))
    with pytest.raises(LabelNotFoundError, match="'chek'"):
        plot_on_time(table, term="chek")


def test_a_table_with_two_keys_is_refused() -> None:
    with pytest.raises(ProcmineError, match=r"draws one key and the table has unit, kind\n.*by="):
        plot_on_time(shares_of(YEAR, unit="Taxe", kind="house"))


def test_a_table_without_terms_is_refused_and_says_how_to_make_the_right_one() -> None:
    with pytest.raises(ProcmineError, match=r"no column 'term'.*\n.*\n.*pm.kpis\(log, procedure\)"):
        plot_on_time(shares_of(YEAR).drop(columns="term"))


@pytest.mark.parametrize("months", [[], [(0, 0, 0)]])
def test_without_a_decided_case_it_says_so(months: list[tuple[int, int, int]]) -> None:
    table = shares_of(months) if months else shares_of(YEAR).iloc[:0]
    assert "nothing to draw: no case with a known due date" in said(plot_on_time(table))


def test_it_draws_on_the_axes_given_and_leaves_the_table_alone() -> None:
    table = shares_of(YEAR)
    before = table.copy()
    _, ax = plt.subplots()
    assert plot_on_time(table, ax=ax) is ax
    pd.testing.assert_frame_equal(table, before)
