"""The network of handovers: a box per unit, an arrow per way, and what share of all is drawn."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import FancyBboxPatch, PathPatch

from procmine.errors import ProcmineError
from procmine.kpi.handovers.handovers import handovers
from procmine.plot.handovers import MOST_ARROWS, MOST_UNITS, plot_handovers
from tests.plot.looking import cut_off, overlapping, said, words
from tests.plot.waiting_tables import GREEK, LONG, handovers_of

WAYS = {("Registry", "Urbanism"): (400, 2.0), ("Urbanism", "Legal"): (100, 20.0),
        ("Legal", "Urbanism"): (25, 0.5)}  # fmt: skip


def test_an_arrow_says_how_often_and_how_long_the_work_then_waited():
    ax = plot_handovers(handovers_of(WAYS))
    assert {"400\n2 d", "100\n20 d", "25\n12 h"} <= set(words(ax))


def test_a_box_says_how_often_work_came_and_went():
    ax = plot_handovers(handovers_of(WAYS))
    assert {"gave 400", "got 425, gave 100", "got 100, gave 25"} <= set(words(ax))
    assert {"Registry", "Urbanism", "Legal"} <= set(words(ax))


def test_the_more_often_the_wider_and_the_longer_the_wait_the_darker():
    ax = plot_handovers(handovers_of(WAYS))
    arrows = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    widths = [arrow.get_linewidth() for arrow in arrows]
    assert widths == sorted(widths)  # the frequent over the rare
    light = [0.3 * r + 0.59 * g + 0.11 * b for r, g, b, _ in (a.get_edgecolor() for a in arrows)]
    assert light[1] < light[2] < light[0]


def test_a_wait_that_is_not_known_is_dotted_and_a_dash():
    ax = plot_handovers(handovers_of({("A", "B"): (4, None), ("B", "C"): (3, 1.0)}))
    arrows = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    assert [
        arrow.get_linestyle() == "solid" or arrow.get_linestyle() == "-" for arrow in arrows
    ] == [
        True,
        False,
    ]
    assert "4\n–" in words(ax)


def test_handovers_inside_a_unit_are_not_drawn():
    ax = plot_handovers(handovers_of({("A", "A"): (99, 1.0), ("A", "B"): (3, 1.0)}))
    assert sum(isinstance(patch, PathPatch) for patch in ax.patches) == 1
    assert "3 handovers" in said(ax)


def test_of_many_ways_the_most_frequent_are_drawn_and_their_share_is_said():
    units = [f"unit {i}" for i in range(20)]
    ways = {(a, b): (1 + 10 * i + j, 1.0) for i, a in enumerate(units)
            for j, b in enumerate(units) if a != b}  # fmt: skip
    ax = plot_handovers(handovers_of(ways))
    boxes = sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches)
    arrows = sum(isinstance(patch, PathPatch) for patch in ax.patches)
    assert boxes <= MOST_UNITS
    assert arrows == MOST_ARROWS
    assert f"shows the {MOST_ARROWS} most frequent of 380 ways" in said(ax).replace("\n", " ")


def test_values_of_another_column_are_boxes_too():
    ax = plot_handovers(handovers_of({("North", "South"): (4, 1.0)}, between="office"))
    assert {"North", "South"} <= set(words(ax))


def test_a_sojourn_is_said():
    table = handovers_of(WAYS).assign(basis="sojourn: end − enabled, as there are no starts")
    assert "until the end of the step" in said(plot_handovers(table)).replace("\n", " ")


@pytest.mark.parametrize("basis", ["waiting", "sojourn"])
def test_long_names_in_two_alphabets_do_not_overlap_nor_are_they_cut_off(basis: str):
    ways = {(LONG, GREEK): (1400, 2.0), (GREEK, LONG): (5, 80.0), (GREEK, "Taxe"): (40, None),
            ("Taxe", LONG): (7, 0.01)}  # fmt: skip
    ax = plot_handovers(handovers_of(ways).assign(basis=basis))
    ax.figure.draw_without_rendering()
    assert overlapping(ax) == []
    assert cut_off(ax) == []


def test_without_a_handover_it_says_so():
    assert "no work was handed over" in said(plot_handovers(handovers_of({})))
    assert "no work was handed over" in said(plot_handovers(handovers_of({("A", "A"): (4, 1.0)})))


def test_a_table_with_a_key_is_refused():
    table = handovers_of(WAYS)
    table.insert(0, "kind", "house")
    with pytest.raises(ProcmineError, match=r"one column to another .* has kind, source_unit"):
        plot_handovers(table)


def test_it_draws_the_table_of_the_library_on_the_axes_given():
    from conftest import sample_log

    table = handovers(sample_log())
    _, ax = plt.subplots()
    assert plot_handovers(table, ax=ax) is ax
    assert f"{table['handovers'].sum():,} handovers" in said(ax).replace("\n", " ")
    assert "1,800\n22 h" in words(ax)
