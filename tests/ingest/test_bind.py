"""Binding records to a log: every row is part of a step or told with its reason, in one order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import BindingError, LabelNotFoundError, TimestampError
from procmine.ingest.raw import rejections
from procmine.kernels import NAT
from tests.bound import COLUMNS, ZONE, bound
from tests.oracle import HOUR, Step, sort_steps
from tests.strategies import logs, to_frame

Plain = tuple[str, str, int, int, int]


def plain(log: pm.EventLog) -> list[Plain]:
    """The steps of a log: case, activity, start, end, source row."""
    cases, activities = log.case_labels.to_pylist(), log.activity.names()
    start = np.full(log.n_steps, NAT) if log.start is None else log.start
    return [
        (cases[c], activities[a], int(s), int(e), int(row))
        for c, a, s, e, row in zip(
            log.case_codes, log.activity.codes, start, log.end, log.row, strict=True
        )
    ]


def as_plain(step: Step) -> Plain:
    start, end = (NAT if time is None else time for time in (step.start, step.end))
    return (step.case, step.activity, start, end, step.row + 1)


def log_of(*rows: tuple[Any, ...], **options: Any) -> pm.EventLog:
    """Rows of case, activity, start, end."""
    frame = pd.DataFrame(rows, columns=["c", "a", "s", "e"])
    return pm.read(
        frame, **{"case": "c", "activity": "a", "start": "s", "end": "e", "tz": ZONE, **options}
    )


# --- the order of the log -------------------------------------------------------------------------


@given(steps=logs(), declare=st.booleans())
def test_steps_stand_by_case_time_declared_order_and_row(steps: list[Step], declare: bool) -> None:
    names = sorted({step.activity for step in steps}, reverse=True)
    order = tuple(names[:2]) if declare else ()
    log = bound(steps, order=order)
    appearance = list(dict.fromkeys(step.case for step in sorted(steps, key=lambda s: s.row)))
    assert log.case_labels.to_pylist() == appearance
    sorted_cases = sort_steps(steps, order)
    wanted = [as_plain(step) for case in appearance for step in sorted_cases[case]]
    assert plain(log) == wanted
    assert np.diff(log.offsets).tolist() == [len(sorted_cases[case]) for case in appearance]


def test_an_undeclared_activity_comes_after_the_declared_ones() -> None:
    rows = [("1", name, "2026-03-02", "2026-03-02") for name in "XBAC"]
    log = log_of(*rows, order=["A", "B"])
    assert [activity for _, activity, *_ in plain(log)] == ["A", "B", "X", "C"]
    assert "the declared activity order, then the source row" in log.import_report.notes[-1]


def test_ties_are_counted_and_say_what_decided() -> None:
    log = log_of(
        *[("1", name, "2026-03-02", "2026-03-02") for name in "XBA"],
        ("2", "A", "2026-03-02", "2026-03-02"),
    )
    assert [activity for _, activity, *_ in plain(log)] == ["X", "B", "A", "A"]
    assert log.import_report.notes == (
        "steps with the same time as the one before them: 2; ordered by the source row (order= can declare one)",
    )


def test_a_declared_activity_that_does_not_occur_is_refused() -> None:
    with pytest.raises(
        LabelNotFoundError, match=r"no activity \(order=\) 'Analize'.*\n.*\ndid you mean 'Analiză'"
    ):
        log_of(("1", "Analiză", "2026-03-02", "2026-03-02"), order=["Analize"])


# --- every row is accounted for -------------------------------------------------------------------

FAULTS = ("case", "activity", "time", "backwards")


@pytest.mark.filterwarnings("ignore::procmine.DataQualityWarning")
@given(steps=logs(ends=("always",), starts=("always",)), data=st.data())
def test_damaged_rows_are_told_and_the_rest_is_as_if_they_had_never_been(
    steps: list[Step], data: st.DataObject
) -> None:
    frame = to_frame(steps)
    faults = data.draw(
        st.lists(st.none() | st.sampled_from(FAULTS), min_size=len(frame), max_size=len(frame))
    )
    assume(None in faults)
    for row, fault in enumerate(faults):
        if fault == "time":
            frame.loc[row, ["start", "end"]] = pd.NaT
        elif fault == "backwards":
            frame.loc[row, "end"] = frame.loc[row, "start"] - pd.Timedelta("1us")
        elif fault is not None:
            frame.loc[row, fault] = data.draw(st.sampled_from([None, "", "  "]))
    log = pm.read(frame, **COLUMNS, tz=ZONE, resources="name")
    report = log.import_report
    wanted = [row for row, fault in enumerate(faults, 1) if fault is not None]
    assert report.rejected["row"].tolist() == wanted
    assert report.rows_read == report.rows_bound + report.rows_rejected == len(frame)
    said = {
        "case": "no case",
        "activity": "no activity",
        "time": "no time",
        "backwards": "end before start (start)",
    }
    assert report.rejected["reason"].tolist() == [said[fault] for fault in faults if fault]
    good = [
        step
        for step, fault in zip(sorted(steps, key=lambda s: s.row), faults, strict=True)
        if fault is None
    ]
    assert Counter(plain(log)) == Counter(map(as_plain, good))
    # neither codes nor labels remember the rows that are out
    assert set(log.case_labels.to_pylist()) == {step.case for step in good}
    assert set(log.activity.names()) == {step.activity for step in good}


def test_a_row_is_told_with_its_first_fault_only() -> None:
    with pytest.warns(pm.DataQualityWarning):
        log = log_of(
            ("1", "A", "2026-03-02", "2026-03-02"),
            (None, None, "2026-03-03", "2026-03-02"),
            (None, "A", None, None),
        )
    assert log.import_report.rejected["reason"].tolist() == ["no case", "no case"]


def test_a_start_or_an_end_may_be_missing_but_not_both() -> None:
    with pytest.warns(
        pm.DataQualityWarning, match="1 of 4 rows rejected, most often: no time in column 'e'"
    ):
        log = log_of(
            ("1", "A", "2026-03-02", "2026-03-02"), ("1", "B", None, "2026-03-03"),
            ("1", "C", "2026-03-04", None), ("1", "D", None, None),
        )  # fmt: skip
    assert [(activity, s == NAT, e == NAT) for _, activity, s, e, _ in plain(log)] == [
        ("A", False, False),
        ("B", True, False),
        ("C", False, True),
    ]


def test_only_a_start_makes_steps_that_still_run() -> None:
    frame = pd.DataFrame({"c": ["1"], "a": ["A"], "s": ["2026-03-02"]})
    log = pm.read(frame, case="c", activity="a", start="s", tz=ZONE)
    assert log.start is not None
    assert (log.start != NAT).all()
    assert (log.end == NAT).all()


def test_only_an_end_is_one_timestamp() -> None:
    frame = pd.DataFrame({"c": ["1"], "a": ["A"], "e": ["2026-03-02"]})
    one = pm.read(frame, case="c", activity="a", end="e", tz=ZONE)
    two = pm.read(frame, case="c", activity="a", timestamp="e", tz=ZONE)
    assert one.start is None
    assert plain(one) == plain(two)


def test_an_end_at_the_start_is_no_fault() -> None:
    assert log_of(("1", "A", "2026-03-02 08:00", "2026-03-02 08:00")).n_steps == 1


def test_start_and_end_are_compared_as_instants() -> None:
    # 03:30 to 03:10 on the night when clocks are put back is 40 minutes, if the offsets say so
    row = ("1", "A", "2026-10-25 03:30+03:00", "2026-10-25 03:10+02:00")
    log = log_of(row)
    assert log.start is not None
    assert (log.end - log.start).tolist() == [40 * 60 * 1_000_000]
    with pytest.warns(pm.DataQualityWarning, match="end before start"):
        log_of(
            ("1", "B", "2026-10-25 02:00", "2026-10-25 02:00"),
            tuple(str(cell)[:16] for cell in row),
        )


def test_one_column_of_instants_and_one_of_local_times_meet_in_the_office() -> None:
    log = log_of(("1", "A", "2026-03-02 08:00+00:00", "2026-03-02 11:00"))
    assert log.start is not None
    assert (log.end - log.start).tolist() == [HOUR]  # 10:00 and 11:00 in Bucharest


def test_wanting_bad_rows_as_errors_reads_a_good_file() -> None:
    assert log_of(("1", "A", "2026-03-02", "2026-03-02"), on_bad_rows="raise").n_steps == 1


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ((None, "A", "2026-03-02", "2026-03-02"), BindingError),
        (("1", "", "2026-03-02", "2026-03-02"), BindingError),
        (("1", "A", None, None), BindingError),
        (("1", "A", "2026-03-03", "2026-03-02"), TimestampError),
    ],
)
def test_each_fault_is_an_error_where_that_is_wanted(
    row: tuple[Any, ...], kind: type[Exception]
) -> None:
    good = ("1", "A", "2026-03-02", "2026-03-02")
    with pytest.raises(kind, match=r"(row 2)|(first row 2)"):
        log_of(good, row, on_bad_rows="raise")


def test_steps_in_the_future_are_noted() -> None:
    log = log_of(("1", "A", "2026-03-02", "2999-03-02"), ("1", "B", "2026-03-02", "2026-03-03"))
    assert any(note == "steps in the future: 1" for note in log.import_report.notes)


def test_the_binding_of_a_log_is_the_one_that_reads_it_again() -> None:
    frame = pd.DataFrame({"case": ["1"], "activity": ["A"], "time": ["2026-03-02 08:00+02:00"]})
    log = pm.read(frame)
    assert log.binding.tz == "UTC+02:00"
    again = pm.read(frame, binding=log.binding)
    assert plain(again) == plain(log)
    assert again.binding == log.binding


# --- the import report ----------------------------------------------------------------------------


@pytest.fixture
def report() -> pm.ImportReport:
    faults = [
        (5, "data", "no time", ""),
        (2, "dosar", "no case", ""),
        (9, "data", "no time", "<b>x</b>"),
        (7, "", "too short", "1,A"),
    ]
    return pm.ImportReport(
        "registru <1>.csv", "ab12", 10, 6, rejections(faults), ("a note & more",)
    )


def test_reasons_are_counted_with_the_first_row_and_an_example(report: pm.ImportReport) -> None:
    assert report.by_reason().to_dict("list") == {
        "column": ["data", "", "dosar"],
        "reason": ["no time", "too short", "no case"],
        "rows": [2, 1, 1],
        "first_row": [5, 7, 2],
        "example": ["", "1,A", ""],
    }


def test_the_report_reads_as_text(report: pm.ImportReport) -> None:
    assert repr(report).splitlines() == [
        "registru <1>.csv: 10 rows read = 6 bound + 4 rejected",
        "  2 rejected: no time in column 'data', first in row 5",
        "  1 rejected: too short, first in row 7",
        "  1 rejected: no case in column 'dosar', first in row 2",
        "  a note & more",
    ]


def test_the_card_of_the_report_shows_no_markup_of_the_source(report: pm.ImportReport) -> None:
    html = report._repr_html_()
    assert "registru &lt;1&gt;.csv" in html
    assert "a note &amp; more" in html
    assert "ab12" in html
    assert "<1>" not in html
    first = replace(report, rejected=rejections([(9, "data", "no time", "<b>x</b>")]))
    assert "&lt;b&gt;x&lt;/b&gt;" in first._repr_html_()


def test_a_report_without_rejected_rows_is_brief() -> None:
    report = pm.ImportReport("x.csv", "ab12", 10, 10)
    assert repr(report) == "x.csv: 10 rows read = 10 bound + 0 rejected"
    assert report.by_reason().empty
    assert list(report.rejected.columns) == ["row", "column", "reason", "value"]
    assert report.rejected.dtypes.astype(str).tolist() == ["int64", "str", "str", "str"]
