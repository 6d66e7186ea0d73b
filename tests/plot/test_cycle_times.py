"""The distribution of cycle times counts every case once and says its quantiles in words."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import StepPatch

from procmine.plot.cycle_times import plot_cycle_times
from tests.plot.looking import cut_off, overlapping, said
from tests.plot.tables import cases_of


def bars(ax: plt.Axes) -> tuple[np.ndarray, np.ndarray]:
    patch = next(patch for patch in ax.patches if isinstance(patch, StepPatch))
    return patch.get_data().values, patch.get_data().edges


def test_it_says_the_median_and_the_p90() -> None:
    ax = plot_cycle_times(cases_of(range(1, 102)))  # 1 to 101 days
    assert "half of 101 cases took 51 d or less, nine in ten 91 d or less" in said(ax)
    assert [text.get_text().strip() for text in ax.texts] == ["median 51 d", "p90 91 d"]
    assert sorted(line.get_xdata()[0] for line in ax.lines) == [51, 91]
    assert "cycle time in days\nn = 101 cases" in said(ax)


def test_open_cases_are_mentioned_and_not_counted() -> None:
    ax = plot_cycle_times(cases_of([3, 4, 5, float("nan"), float("nan")]))
    assert "n = 3 cases; 2 without a cycle time (2 still open)" in said(ax)
    assert bars(ax)[0].sum() == 3


def test_the_share_beyond_a_cut_axis_is_said() -> None:
    days = [*np.linspace(10, 60, 995), 400, 500, 600, 700, 1204]
    ax = plot_cycle_times(cases_of(days))
    assert "0.5 % beyond the axis, up to 1,204 d" in said(ax).replace("\n", " ")
    assert bars(ax)[0].sum() == 995
    assert ax.get_xlim()[1] < 100


def test_minutes_and_weeks_in_one_picture_have_a_logarithmic_axis() -> None:
    ax = plot_cycle_times(cases_of([*[0.0] * 5, *[0.002] * 60, *[14.0] * 40]))
    assert ax.get_xscale() == "log"
    assert "logarithmic scale" in said(ax)
    assert "5 that took no time in the first bar" in said(ax)
    assert bars(ax)[0].sum() == 105


@pytest.mark.parametrize(
    ("longest", "unit"), [(400, "days"), (1.5, "hours"), (0.05, "minutes"), (0.0005, "seconds")]
)
def test_the_axis_has_the_unit_that_fits(longest: float, unit: str) -> None:
    ax = plot_cycle_times(cases_of(np.linspace(longest / 2, longest, 30)))
    assert f"cycle time in {unit}" in said(ax)


@given(st.lists(st.floats(0, 5000), min_size=1, max_size=60))
def test_every_case_is_in_a_bar_or_said_to_be_beyond(days: list[float]) -> None:
    table = cases_of(days)
    ax = plot_cycle_times(table)
    heights, edges = bars(ax)
    unit = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "scale": 1}
    size = unit[ax.get_xlabel().split("\n")[0].split()[-1]]
    beyond = (table["cycle_time"].dt.total_seconds() > edges[-1] * size).sum()
    assert heights.sum() + beyond == len(days)
    assert ("beyond the axis" in said(ax)) == (beyond > 0)
    assert len(heights) <= 41
    plt.close(ax.figure)


def test_the_table_may_lack_a_state() -> None:
    ax = plot_cycle_times(cases_of([1, float("nan")]).drop(columns="state"))
    assert "1 without a cycle time" in said(ax)
    assert "open" not in said(ax)


def test_it_draws_on_the_axes_given() -> None:
    _, ax = plt.subplots()
    assert plot_cycle_times(cases_of([1, 2]), ax=ax) is ax


def test_the_words_fit_narrow_axes() -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(6, 4), layout="constrained")
    days = [*np.linspace(10, 60, 995), 400, 500, 600, 700, 1204, float("nan")]
    for ax in (left, right):
        plot_cycle_times(cases_of(days), ax=ax)
    figure.canvas.draw()
    assert not cut_off(left)
    assert not cut_off(right)


@pytest.mark.parametrize("days", [[5.0], [0.0], [0.0] * 9, [0.0001, 4000], [3.0, 3.0, 3.1]])
def test_no_words_overlap_or_are_cut_off(days: list[float]) -> None:
    ax = plot_cycle_times(cases_of(days))
    ax.figure.canvas.draw()
    assert not overlapping(ax)
    assert not cut_off(ax)


def test_no_cycle_times_are_said() -> None:
    ax = plot_cycle_times(cases_of([float("nan")] * 3))
    assert "none of 3 cases has a cycle time" in said(ax)


def test_nothing_that_is_given_is_changed() -> None:
    table = cases_of([1, 2, float("nan")])
    plot_cycle_times(table)
    pd.testing.assert_frame_equal(table, cases_of([1, 2, float("nan")]))
