"""The cumulative flow adds up what the KPI table says."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from procmine.errors import ProcmineError
from procmine.plot.flow import plot_flow
from tests.plot.looking import cut_off, key, overlapping, said
from tests.plot.tables import kpis_of


def line(ax: Axes, name: str) -> np.ndarray:
    found = next(drawn for drawn in ax.lines if str(drawn.get_label()).startswith(name))
    return np.asarray(found.get_ydata())


def test_started_and_completed_add_up_and_the_open_cases_lie_between() -> None:
    ax = plot_flow(kpis_of([3, 2, 4], [0, 1, 5]))
    assert list(line(ax, "started")) == [0, 3, 5, 9]
    assert "9 cases started, 6 completed, 3 open after 2026-W04" in said(ax)
    assert key(ax) == ["started", "open", "completed"]
    completed = next(drawn for drawn in ax.lines if str(drawn.get_label()).startswith("_"))
    assert list(completed.get_ydata()) == [0, 0, 1, 6]


def test_points_stand_at_the_ends_of_their_periods() -> None:
    ax = plot_flow(kpis_of([3, 2], [1, 1]))
    ends = pd.DatetimeIndex(["2026-01-05", "2026-01-12", "2026-01-19"])
    assert list(date2num(ax.lines[-1].get_xdata())) == list(date2num(ends))
    assert "end of the week (local date)" in said(ax)


def test_keys_are_summed() -> None:
    table = pd.concat([kpis_of([3, 2], [1, 1], unit="A"), kpis_of([1, 0], [0, 1], unit="B")])
    assert list(line(plot_flow(table), "started")) == [0, 4, 6]
    assert "6 cases started, 3 completed, 3 open" in said(plot_flow(table))


def test_what_is_missing_for_one_key_is_missing_for_all() -> None:
    unknown = kpis_of([1, 1], [1, 1], unit="B")
    unknown.loc[unknown["kpi"] != "started", "value"] = np.nan
    ax = plot_flow(pd.concat([kpis_of([3, 2], [1, 1], unit="A"), unknown]))
    assert "7 cases started; how many were completed or are open is not known" in said(ax)
    assert key(ax) == ["started"]


def test_cases_open_before_the_first_period_are_under_the_line_and_named() -> None:
    table = kpis_of([3, 2], [1, 1])
    table.loc[table["kpi"] == "open", "value"] += 10
    ax = plot_flow(table)
    assert list(line(ax, "started")) == [10, 13, 15]
    assert "started, and 10 open before" in key(ax)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=9))
def test_the_bands_together_reach_the_line_of_the_started_cases(
    weeks: list[tuple[int, int]],
) -> None:
    table = kpis_of([a for a, _ in weeks], [b for _, b in weeks])
    ax = plot_flow(table)
    upper = next(band for band in ax.collections if band.get_label() == "open").get_paths()[0]
    assert upper.vertices[:, 1].max() == pytest.approx(
        max(line(ax, "started").max(), np.cumsum([b for _, b in weeks]).max())
    )
    plt.close(ax.figure)


@pytest.mark.parametrize(
    ("period", "word"),
    [
        ("2026-01-05", "day"),
        ("2026-W02", "week"),
        ("2026-01", "month"),
        ("2026-Q1", "quarter"),
        ("2026", "year"),
    ],
)
def test_the_axis_names_the_period(period: str, word: str) -> None:
    ax = plot_flow(kpis_of([1], [0]).assign(period=period))
    ax.figure.canvas.draw()
    assert f"end of the {word}" in said(ax)
    assert not overlapping(ax)
    assert not cut_off(ax)


def test_it_draws_on_the_axes_given() -> None:
    _, ax = plt.subplots()
    assert plot_flow(kpis_of([1, 2], [0, 1]), ax=ax) is ax


def test_a_table_without_the_counts_says_so() -> None:
    table = kpis_of([1], [0])
    assert "no started cases" in said(plot_flow(table[table["kpi"] == "open"]))
    assert "no started cases" in said(plot_flow(table.iloc[:0]))


def test_another_table_or_period_is_refused() -> None:
    with pytest.raises(ProcmineError, match=r"pm.kpis\(log\)"):
        plot_flow(pd.DataFrame({"period": ["2026"]}))
    with pytest.raises(ProcmineError, match="cannot read the period 'soon'"):
        plot_flow(kpis_of([1], [0]).assign(period="soon"))
