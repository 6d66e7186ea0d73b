"""The timeline of a case: events whose names never overlap, lanes of days, flags at the end of days."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from procmine.plot.case_timeline import plot_case_timeline
from procmine.plot.event_labels import event_labels, width_of
from tests.plot.looking import cut_off, key, overlapping, said, words
from tests.plot.term_tables import START, timeline_of

EVENTS = [(0, "Înregistrare cerere"), (3, "Solicitare completări"), (20, "Depunere completări"),
          (40, "Eliberare autorizație")]  # fmt: skip
CLOCK = [("running", 0, 3), ("paused", 3, 20), ("running", 20, 35), ("after_due", 35, 40)]
OWNERS = [("office", 0, 3), ("applicant", 3, 20), ("office", 20, 30), ("office", 30, 40)]


def drawn(**changes: Any) -> Axes:
    given = {"events": EVENTS, "stretches": CLOCK, "owners": OWNERS, "due": 35, "as_of": 40}
    return plot_case_timeline(timeline_of(**{**given, **changes}))


def spans(ax: Axes) -> list[tuple[float, float]]:
    """The stretches drawn, in days from the first."""
    first = (START - pd.Timestamp(0)).days
    boxes = [
        path.get_extents()
        for each in ax.collections
        if isinstance(each, PolyCollection)
        for path in each.get_paths()
    ]
    return [(box.x0 - first, box.x1 - first) for box in boxes]


def test_a_stretch_holds_the_days_after_its_first_up_to_its_last() -> None:
    assert spans(drawn(owners=())) == [(1, 4), (4, 21), (21, 36), (36, 41)]


def test_stretches_of_one_owner_are_one_and_days_are_said() -> None:
    ax = drawn()
    assert spans(ax)[:3] == [(1, 4), (4, 21), (21, 41)]
    assert "whose days: office 23 d, applicant 17 d" in words(ax)
    assert "permit: running 18 d, paused 17 d, after the due date 5 d; due 2026-02-11" in words(ax)


def test_the_key_names_what_occurs_and_nothing_else() -> None:
    assert key(drawn()) == [
        *("office", "applicant", "running", "paused", "after the due date"),
        *("end of the due date", "day of the table"),
    ]


def test_a_case_that_ended_long_ago_is_drawn_up_to_its_end() -> None:
    ax = drawn(as_of=900)
    assert "day of the table" not in key(ax)
    first = (START - pd.Timestamp(0)).days
    assert ax.get_xlim()[1] - first < 80


def test_while_the_clock_stands_there_is_no_due_date() -> None:
    ax = drawn(stretches=[("running", 0, 3), ("paused", 3, 40)], due=None)
    assert "permit: running 3 d, paused 37 d; no due date now" in words(ax)
    assert "end of the due date" not in key(ax)


def test_events_of_one_day_share_a_label() -> None:
    ax = drawn(events=[(0, "Register"), (0, "Check"), (9, "Close")])
    assert " Register; Check" in words(ax)


def test_of_very_many_events_of_a_day_those_that_fit_are_named_and_the_others_counted() -> None:
    ax = drawn(events=[(0, f"Activity {i}") for i in range(40)])
    label = next(text for text in words(ax) if "Activity 0" in text).replace("\n", "")
    named = label.count("Activity")
    assert label.endswith(f"and {40 - named} more")
    assert label.count("…") == 0
    long = "Verificarea documentației depuse de solicitant la registratura primăriei"
    ax = drawn(events=[(0, long), (0, long)])
    assert any(text.endswith("and 1 more") for text in words(ax))


def test_crowded_events_all_have_their_names_and_none_overlap() -> None:
    events = [(day, f"Verificarea documentației depuse {day}") for day in range(14)]
    ax = drawn(events=[*events, (40, "Eliberare autorizație la registratură")])
    ax.figure.draw_without_rendering()
    assert overlapping(ax) == []
    assert cut_off(ax) == []
    assert "15 events" in said(ax)
    assert "without room" not in said(ax)


def test_where_there_is_no_room_for_a_name_it_is_said() -> None:
    ax = drawn(events=[(day, "Verificarea documentației") for day in range(30)])
    assert "days without room for the names" in said(ax)
    assert len(spans(ax)) == 7


def test_two_terms_have_a_lane_each() -> None:
    table = pd.concat(
        [timeline_of(EVENTS, CLOCK, due=35), timeline_of([], [("running", 0, 9)], term="check")]
    )
    heads = [text for text in words(plot_case_timeline(table)) if ": running" in text]
    assert [head.split(":")[0] for head in heads] == ["permit", "check"]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.text("abcdefgh ij", min_size=1, max_size=40)),
        min_size=1,
        max_size=25,
    ),
    st.floats(0.5, 20),
)
def test_no_label_covers_another_or_its_leader(
    events: list[tuple[int, str]], points_a_day: float
) -> None:
    labels = event_labels([(float(day), name) for day, name in events], points_a_day)
    assert [label.day for label in labels] == sorted({float(day) for day, _ in events})
    for label in labels:
        end = label.day + width_of(label) / points_a_day
        for other in labels:
            if label.day < other.day <= end:
                assert other.level < label.level


def test_an_empty_timeline_says_so() -> None:
    assert "nothing to draw: the timeline is empty" in said(
        plot_case_timeline(timeline_of(EVENTS).iloc[:0])
    )


@pytest.mark.parametrize("height", [3.0, 8.0])
def test_on_axes_given_no_words_overlap(height: float) -> None:
    _, ax = plt.subplots(figsize=(9, height), layout="constrained")
    table = timeline_of(EVENTS, CLOCK, owners=OWNERS, due=35, as_of=40)
    assert plot_case_timeline(table, ax=ax) is ax
    ax.figure.draw_without_rendering()
    assert overlapping(ax) == []
