"""The ages of open cases: each case in its band, by what its clock does."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes

from procmine.errors import ProcmineError
from procmine.plot.ageing import plot_ageing
from tests.plot.looking import cut_off, overlapping, said, words
from tests.plot.term_tables import terms_of

ROWS = [("running", 0), ("running", 30), ("paused", 31), ("overdue", 60), ("overdue", 61),
        ("overdue", 90), ("overdue", 91), ("overdue", 180), ("paused", 181), ("on_time", 12),
        ("late", 70), ("unknown", 0)]  # fmt: skip


def widths(ax: Axes) -> list[list[float]]:
    """The lengths of the bars: running, paused and overdue, from the youngest to the oldest."""
    return [[bar.get_width() for bar in bars] for bars in ax.containers]


def test_each_open_case_is_in_the_band_of_its_age_and_closed_ones_in_none() -> None:
    ax = plot_ageing(terms_of(ROWS))
    assert widths(ax) == [[2, 0, 0, 0, 0], [0, 1, 0, 0, 1], [0, 1, 2, 2, 0]]
    assert words(ax)[:5] == [" 2", " 2", " 2", " 2", " 1"]
    ages = [text.get_text() for text in ax.get_yticklabels()]
    assert ages == ["0–30 d", "31–60 d", "61–90 d", "91–180 d", "over 180 d"]


def test_it_says_how_many_are_open_and_how_many_of_them_overdue() -> None:
    title = plot_ageing(terms_of(ROWS)).get_title(loc="left")
    assert title == "9 open cases, 5 of them overdue (56 %)"


def test_groups_are_terms_or_units_the_largest_first() -> None:
    table = pd.concat(
        [terms_of(ROWS[:2], term="check", unit="Registry"), terms_of(ROWS, unit="Urbanism")]
    )
    assert words(plot_ageing(table))[-2:] == ["permit", "check"]
    assert words(plot_ageing(table, by="unit"))[-2:] == ["Urbanism", "Registry"]
    with pytest.raises(ProcmineError, match="by='office' is not known; choose from term, unit"):
        plot_ageing(table, by="office")


def test_a_case_with_two_terms_is_one_open_case() -> None:
    table = pd.concat([terms_of(ROWS[:1]), terms_of(ROWS[:1], phase="inquiry")])
    assert said(plot_ageing(table)).startswith("1 open case, 0 of them overdue (0 %)")


def test_of_many_groups_the_largest_are_drawn() -> None:
    table = pd.concat([terms_of(ROWS[: 1 + i], term=f"term {i}") for i in range(10)])
    ax = plot_ageing(table)
    assert "2 smaller groups not drawn" in said(ax)
    assert words(ax)[-8:] == [f"term {i}" for i in (8, 9, *range(7, 1, -1))]


def test_what_silence_decided_is_only_counted() -> None:
    table = terms_of([("running", 3), ("deemed_approved", 90)])
    table["closed"] = pd.NaT
    ax = plot_ageing(table)
    assert sum(map(sum, widths(ax))) == 1
    assert "1 that silence has decided, without a decision, not drawn" in said(ax).replace(
        "\n", " "
    )


def test_what_has_ended_after_silence_is_no_open_case_that_is_not_drawn() -> None:
    ax = plot_ageing(terms_of([("running", 3), ("deemed_approved", 90), ("deemed_approved", 91)]))
    assert "not drawn" not in said(ax)


def test_open_cases_whose_time_to_check_has_passed_are_not_called_decided() -> None:
    table = terms_of([("running", 3), ("deemed_approved", 90)], kind="control_window")
    table["closed"] = pd.NaT
    text = said(plot_ageing(table)).replace("\n", " ")
    assert "1 whose time to check has passed, not drawn" in text
    assert "silence" not in text


@pytest.mark.parametrize("rows", [[], [("on_time", 3)]])
def test_without_an_open_case_it_says_so(rows: list[tuple[str, int]]) -> None:
    assert "nothing to draw: no case is open with a known due date" in said(
        plot_ageing(terms_of(rows))
    )


def test_no_words_overlap_though_names_are_long() -> None:
    names = [f"term {i} with a name that goes on and on until it does not fit here" for i in "ab"]
    table = pd.concat([terms_of(ROWS * 400, term=name) for name in names])
    ax = plot_ageing(table)
    ax.figure.draw_without_rendering()
    assert overlapping(ax) == []
    assert cut_off(ax) == []


def test_it_draws_on_the_axes_given() -> None:
    _, ax = plt.subplots()
    assert plot_ageing(terms_of(ROWS), ax=ax) is ax
