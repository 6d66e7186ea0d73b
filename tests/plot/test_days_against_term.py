"""The days against the term count every case once, tell late from in time by the due date, and draw the usual limit."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes

from procmine.errors import LabelNotFoundError
from procmine.plot.days_against_term import plot_days_against_term, usual_limit
from tests.plot.looking import cut_off, key, overlapping, said, words
from tests.plot.term_tables import terms_of

ROWS = [("on_time", 10), ("on_time", 29), ("late", 34), ("running", 5), ("overdue", 40)]


def heights(ax: Axes) -> list[float]:
    return [bar.get_height() for bars in ax.containers for bar in bars]


def hatched(ax: Axes) -> float:
    return sum(bar.get_height() for bars in ax.containers for bar in bars if bar.get_hatch())


def limit_drawn(ax: Axes) -> list[float]:
    return [float(line.get_xdata()[0]) for line in ax.lines]


def test_it_says_how_many_were_in_time_and_how_many_open_ones_are_overdue() -> None:
    title = plot_days_against_term(terms_of(ROWS)).get_title(loc="left")
    assert title.replace("\n", " ") == (
        "permit: 2 of 3 cases that ended were in time (67 %); 1 of 2 open ones overdue"
    )


def test_the_line_stands_after_the_days_of_the_term_and_late_is_hatched() -> None:
    ax = plot_days_against_term(terms_of(ROWS))
    assert limit_drawn(ax) == [30.5]
    assert words(ax) == [" usually due after 30 "]
    assert sum(heights(ax)) == 5
    assert hatched(ax) == 2


def test_what_is_late_follows_the_due_date_and_not_the_days() -> None:
    # the last rolled over a holiday: 33 days used, and still in time
    ax = plot_days_against_term(terms_of([("on_time", 10), ("late", 31), ("on_time", 33)]))
    assert hatched(ax) == 1


def test_a_bar_ends_where_the_term_ends() -> None:
    ax = plot_days_against_term(terms_of([*ROWS, ("late", 300)] * 40, length=31))
    edges = {round(bar.get_x() + bar.get_width(), 6) for bars in ax.containers for bar in bars}
    assert 31.5 in edges
    assert limit_drawn(ax) == [31.5]


def test_an_axis_of_many_times_the_term_is_cut_and_says_so() -> None:
    rows = [("on_time", 20)] * 90 + [("deemed_approved", 40)] * 8 + [("deemed_approved", 900)] * 2
    ax = plot_days_against_term(terms_of(rows))
    assert ax.get_xlim()[1] < 160
    assert "2.0 % beyond the axis, up to 900" in said(ax).replace("\n", " ")


def test_working_days_are_named_and_counted_in_their_own_unit() -> None:
    rows = [("on_time", used) for used in (1, 2, 3, 4)] + [("late", 7)]
    table = terms_of(rows, length=5, used_in="working_day")
    assert usual_limit(table) == 5
    assert said(plot_days_against_term(table)).count("working days used, pauses left out") == 1


def test_where_every_case_has_a_date_of_its_own_there_is_no_line() -> None:
    table = pd.concat([terms_of([("on_time", 3)], length=n) for n in (10, 20, 35, 50)])
    ax = plot_days_against_term(table)
    assert limit_drawn(ax) == []
    assert "no line, as the due date falls after another number" in said(ax).replace("\n", " ")


def test_what_silence_decided_is_marked_and_not_in_time() -> None:
    ax = plot_days_against_term(terms_of([("on_time", 10), ("deemed_approved", 60)]))
    text = "1 of 2 cases that ended, or that silence decided, was in time (50 %)"
    assert text in said(ax).replace("\n", " ")
    assert key(ax) == ["ended in time: 1", "decided by silence: 1"]
    assert hatched(ax) == 1


def test_a_control_window_has_nothing_in_time_or_late_or_decided() -> None:
    rows = [("on_time", 10), ("on_time", 12), ("deemed_approved", 60), ("running", 3)]
    ax = plot_days_against_term(terms_of(rows, kind="control_window"))
    assert ax.get_title(loc="left").replace("\n", " ") == (
        "permit: 2 cases ended within the time to check; for 1 it passed; for 1 it runs"
    )
    assert key(ax) == [
        "ended within the time to check: 2",
        "running: 1",
        "time to check passed: 1",
    ]
    assert hatched(ax) == 0
    assert words(ax) == [" usually over after 30 "]
    assert sum(heights(ax)) == 4


def test_withdrawn_and_unknown_cases_are_counted_and_not_drawn() -> None:
    ax = plot_days_against_term(terms_of([*ROWS, ("withdrawn", 9), ("unknown", 0)]))
    assert sum(heights(ax)) == 5
    notes = said(ax).replace("\n", " ")
    assert "n = 5 cases; 1 withdrawn not drawn; 1 without a known due date not drawn" in notes


def test_a_phase_is_a_term_of_its_own() -> None:
    table = pd.concat(
        [terms_of(ROWS, phase="inquiry"), terms_of(ROWS[:2], phase="decision", length=12)]
    )
    assert said(plot_days_against_term(table)).startswith("permit / inquiry: 2 of 3")
    ax = plot_days_against_term(table, term="permit / decision")
    assert sum(heights(ax)) == 2
    assert limit_drawn(ax) == [12.5]


def test_a_term_that_is_not_there_is_refused() -> None:
    with pytest.raises(LabelNotFoundError, match="permit"):
        plot_days_against_term(terms_of(ROWS), term="permt")


@pytest.mark.parametrize(
    ("rows", "why"),
    [([], "the table of terms is empty"), ([("unknown", 0)], "no case of permit with days")],
)
def test_without_days_it_says_so(rows: list[tuple[str, int]], why: str) -> None:
    assert f"nothing to draw: {why}" in said(plot_days_against_term(terms_of(rows)))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["on_time", "late", "running", "paused", "overdue", "deemed_refused"]),
            st.integers(0, 900),
        ),
        min_size=1,
        max_size=40,
    ),
    st.integers(1, 200),
)
def test_every_case_is_in_a_bar_or_said_to_be_beyond(
    rows: list[tuple[str, int]], length: int
) -> None:
    ax = plot_days_against_term(terms_of(rows, length=length))
    last = ax.get_xlim()[1]
    assert sum(heights(ax)) + sum(used > last for _, used in rows) == len(rows)
    assert len(ax.containers[0]) <= 42
    plt.close(ax.figure)


def test_no_words_overlap_though_names_are_long() -> None:
    term = "ro.building_permit.formal_check.of.the.office.of.urban.planning.and.of.works"
    rows = [*ROWS, ("paused", 3), ("deemed_refused", 50), ("withdrawn", 3), ("unknown", 0)]
    ax = plot_days_against_term(terms_of(rows, term=term))
    ax.figure.draw_without_rendering()
    assert overlapping(ax) == []
    assert cut_off(ax) == []


def test_it_draws_on_the_axes_given() -> None:
    _, ax = plt.subplots()
    assert plot_days_against_term(terms_of(ROWS), ax=ax) is ax
