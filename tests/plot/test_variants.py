"""The variant explorer shows the steps, the shares and what is left out."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.patches import Polygon

from procmine.errors import ProcmineError
from procmine.plot.text import extent, short_codes
from procmine.plot.variants import plot_variants
from tests.plot.looking import cut_off, overlapping, words
from tests.plot.tables import variants_of

PERMIT = [*["abcd"] * 6, *["abd"] * 3, "abbcd"]


def test_a_row_has_a_block_per_step_and_its_figures() -> None:
    ax = plot_variants(variants_of(PERMIT))
    said = words(ax)
    blocks = [patch for patch in ax.patches if isinstance(patch, Polygon)]
    assert len(blocks) == 4 + 3 + 5 + 4  # the last four are the key
    assert {"6", "60 %", "90 %", "4 d", "3 d"} <= set(said)
    assert "3 of 3 variants; together 100 % of the cases" in said


def test_every_block_carries_the_code_that_the_key_spells_out() -> None:
    said = words(
        plot_variants(variants_of([["Check file", "Decide"], ["Check file", "Call back"]]))
    )
    assert said.count("CF") == 3
    assert said.count("Check file") == 1


def test_an_activity_has_one_colour_in_all_rows_and_the_key() -> None:
    ax = plot_variants(variants_of([["Ask", "Do"], ["Do", "Ask"]]))
    colours = [patch.get_facecolor() for patch in ax.patches if isinstance(patch, Polygon)]
    ask, do = colours[:2]
    assert colours == [ask, do, do, ask, ask, do]
    assert ask != do


def test_only_the_most_frequent_are_shown() -> None:
    said = words(plot_variants(variants_of([*["a"] * 5, *["b"] * 4, "c"]), most=2))
    assert "2 of 3 variants; together 90 % of the cases" in said
    assert "c" not in said


def test_a_long_variant_shows_its_beginning_and_its_end() -> None:
    ax = plot_variants(variants_of([[f"S{i:02}" for i in range(28)]]))
    said = words(ax)
    assert "+13" in said  # 12 at the beginning and 3 at the end are shown
    assert {"S00", "S11", "S25", "S27"} <= set(said)
    assert "S12" not in said


def test_a_variant_whose_names_hold_the_arrow_stays_in_one_piece() -> None:
    table = variants_of([["a → b", "c"]]).assign(steps=2)
    blocks = [patch for patch in plot_variants(table).patches if isinstance(patch, Polygon)]
    assert len(blocks) == 2  # one in the row and one in the key


def test_a_missing_cycle_time_is_a_dash() -> None:
    table = variants_of(["ab"])
    table["median_cycle_time"] = pd.Series([pd.NaT], dtype="timedelta64[us]")
    assert "–" in words(plot_variants(table))


def test_it_draws_on_the_axes_given() -> None:
    _, ax = plt.subplots(figsize=(8, 5))
    assert plot_variants(variants_of(PERMIT), ax=ax) is ax


@pytest.mark.parametrize(
    "traces",
    [
        pytest.param(["a"], id="one case, one activity"),
        pytest.param(PERMIT, id="a few"),
        pytest.param([["costs $5", "_x", "?"]], id="odd names"),
        pytest.param([["Aufenthaltsgenehmigung " * 6, "ședință", "a" * 90]], id="long names"),
        pytest.param([[f"{i} step" for i in range(n)] for n in range(1, 40)], id="many activities"),
    ],
)
def test_no_words_overlap_or_are_cut_off(traces: list[list[str]]) -> None:
    ax = plot_variants(variants_of(traces))
    ax.figure.canvas.draw()
    assert not overlapping(ax)
    assert not cut_off(ax)


def test_no_variants_are_said() -> None:
    assert words(plot_variants(variants_of(["a"]).iloc[:0])) == ["nothing to draw: 0 variants"]


def test_another_table_is_refused_with_the_call_that_makes_the_right_one() -> None:
    with pytest.raises(ProcmineError, match=r"no column 'variant'.*\n.*\n.*pm.variants\(log\)"):
        plot_variants(pd.DataFrame({"cases": [1]}))
    with pytest.raises(ProcmineError, match="was given a str"):
        plot_variants("log")  # type: ignore[arg-type]


def test_short_codes_differ() -> None:
    names = [f"{word} file" for word in ("Check", "Close", "Copy", "Call")] * 2
    codes = short_codes([*names, "Check  file", "", "_", "ab", "a"])
    assert len(set(codes.values())) == len(codes)
    assert all(codes.values())


def test_longer_text_is_measured_wider_and_more_lines_higher() -> None:
    assert extent("mm", 8)[0] == pytest.approx(2 * extent("m", 8)[0], rel=0.1)
    assert extent("m\nm", 8)[1] == 2 * extent("m", 8)[1]
