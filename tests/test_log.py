"""EventLog: what it holds, that nothing changes it, and what it says of itself."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import LabelNotFoundError
from procmine.kernels import NAT
from procmine.log import Coded
from tests import oracle
from tests.bound import COLUMNS, FEWER, ZONE, bound, instant, numbered, parts, path
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs, to_frame

NINE = 1_767_250_800_000_000  # 2026-01-01 09:00 in Bucharest


def two_cases() -> list[Step]:
    return numbered(
        path("C 2", "AX", [(NINE, NINE + HOUR), (NINE + DAY, NINE + 2 * DAY)], unit="Registry"),
        path("C 1", "BA", [(NINE + DAY, None), NINE], resource="ana"),
    )


# --- what it holds --------------------------------------------------------------------------------


def test_a_worked_example_of_the_columns_by_hand():
    log = bound(two_cases(), closed="X")
    assert log.case_labels.to_pylist() == ["C 2", "C 1"]  # as they appear
    assert log.offsets.tolist() == [0, 2, 4]
    assert log.case_codes.tolist() == [0, 0, 1, 1]
    names = log.activity.names()
    assert [names[code] for code in log.activity.codes] == ["A", "X", "A", "B"]
    assert log.row.tolist() == [1, 2, 4, 3]
    assert log.start.tolist() == [NINE, NINE + DAY, NAT, NINE + DAY]
    assert log.end.tolist() == [NINE + HOUR, NINE + 2 * DAY, NINE, NAT]
    assert log.first.tolist() == [NINE, NINE + DAY, NINE, NINE + DAY]
    assert log.last.tolist() == [NINE + HOUR, NINE + 2 * DAY, NINE, NINE + DAY]
    assert log.closed_at.tolist() == [NINE + 2 * DAY, NAT]
    assert log.unit.codes.tolist() == [0, 0, -1, -1]
    assert log.resource.codes.tolist() == [-1, -1, 0, 0]
    assert (log.n_cases, log.n_steps, len(log)) == (2, 4, 4)
    assert (log.tz, log.tz_assumed, log.history) == (ZONE, False, ())


def test_the_types_are_those_that_are_promised():
    log = bound(two_cases(), closed="X")
    for name in ("offsets", "start", "end", "closed_at", "first", "last"):
        assert getattr(log, name).dtype == np.int64, name
    for codes in (log.activity.codes, log.unit.codes, log.row, log.case_codes):
        assert codes.dtype == np.int32
    for labels in (log.case_labels, log.activity.labels, log.unit.labels):
        assert labels.type == pa.string()


@given(logs(), st.booleans())
def test_steps_are_sorted_and_every_case_is_whole(steps, declare):
    order = sorted({step.activity for step in steps}) if declare else ()
    log = bound(steps, order=order)
    cases = log.case_labels.to_pylist()
    assert cases == list(dict.fromkeys(step.case for step in steps))
    found = [log.row[a:b].tolist() for a, b in zip(log.offsets, log.offsets[1:], strict=False)]
    whole = oracle.sort_steps(steps, order)
    assert found == [[step.row + 1 for step in whole[name]] for name in cases]


@FEWER
@given(logs())
def test_each_label_is_there_once_and_is_used(steps):
    log = bound(steps)
    for coded in (log.activity, log.resource, log.unit):
        used = set(coded.codes.tolist()) - {-1}
        assert used == set(range(len(coded.labels)))
        assert len(set(coded.names())) == len(coded.labels)


def test_case_keys_that_look_like_numbers_stay_text():
    log = bound(numbered(*(path(case, "A", [NINE]) for case in ("1", "01", "001", "NA"))))
    assert log.case_labels.to_pylist() == ["1", "01", "001", "NA"]


@pytest.mark.parametrize(
    ("times", "precision"),
    [
        ([NINE - 9 * HOUR, NINE + 3 * DAY - 9 * HOUR], "day"),
        ([NINE, NINE + 60_000_000], "minute"),
        ([NINE, NINE + 1_000_000], "second"),
        ([NINE, NINE + 1_000], "millisecond"),
        ([NINE, NINE + 1], "microsecond"),
    ],
)
def test_the_precision_is_that_of_the_times_as_written(times, precision):
    assert bound(path("1", "AB", times)).precision == precision


# --- nothing changes it ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["end", "tz", "history", "closed_at", "made_up"])
def test_a_log_is_frozen(name):
    log = bound(two_cases())
    with pytest.raises(FrozenInstanceError):
        setattr(log, name, None)
    with pytest.raises(FrozenInstanceError):
        del log.end


def test_labels_and_codes_are_frozen():
    with pytest.raises(FrozenInstanceError):
        bound(two_cases()).activity.codes = None


@FEWER
@given(logs())
def test_the_frame_that_is_read_stays_as_it_was(steps):
    frame = to_frame(steps)
    before = frame.copy(deep=True)
    log = pm.read(frame, **COLUMNS, tz=ZONE, closed=[steps[0].activity], resources="name")
    pm.cases(log)
    pm.process_map(log)
    pm.kpis(log, by=["unit"])
    log.filter(activity=steps[0].activity, trim=True)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("table_of", [pm.steps, pm.cases, pm.EventLog.to_frame])
def test_a_table_can_be_written_into_and_the_log_stays_as_it_was(table_of):
    frame = to_frame(two_cases()).assign(amount=[1, 2, 3, 4], office=["a", "a", "b", "b"])
    log = pm.read(frame, **COLUMNS, tz=ZONE, closed="X", resources="name")
    table, before = table_of(log), table_of(log).copy(deep=True)
    for place in range(table.shape[1]):
        table.iloc[0, place] = table.iloc[-1, place]
    assert not table.equals(before)
    pd.testing.assert_frame_equal(table_of(log), before)


@FEWER
@given(logs(), st.data())
def test_parts_leave_the_whole_as_it_was_and_share_all_that_holds_for_it(steps, data):
    log = bound(steps)
    kept = {item.name: getattr(log, item.name) for item in fields(log)}
    owner = pd.Series(data.draw(parts(range(log.n_cases))))
    pieces = [log.where(owner == part) for part in range(3)]
    assert all(getattr(log, name) is value for name, value in kept.items())
    assert sum(piece.n_cases for piece in pieces) == log.n_cases
    assert sum(piece.n_steps for piece in pieces) == log.n_steps
    for piece in pieces:
        assert (piece.tz, piece.sha256, piece.binding) == (log.tz, log.sha256, log.binding)
        assert piece.import_report is log.import_report


@FEWER
@given(logs(), st.data())
def test_kept_steps_are_those_of_the_mask_and_cases_without_one_go(steps, data):
    log = bound(steps, closed=[steps[0].activity])
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(steps), max_size=len(steps))))
    found = log.keep_steps(mask, because="drawn")
    assert found.row.tolist() == log.row[mask].tolist()
    labels = np.array(log.case_labels.to_pylist())[log.case_codes]
    assert found.case_labels.to_pylist() == list(dict.fromkeys(labels[mask].tolist()))
    assert (
        np.array(found.case_labels.to_pylist())[found.case_codes].tolist() == labels[mask].tolist()
    )
    assert found.history == ("drawn",)
    assert set(found.activity.codes.tolist()) == set(range(len(found.activity.labels)))
    closed = dict(zip(log.case_labels.to_pylist(), log.closed_at.tolist(), strict=True))
    assert found.closed_at.tolist() == [closed[name] for name in found.case_labels.to_pylist()]


# --- labels ---------------------------------------------------------------------------------------


def coded(*labels: str | None) -> Coded:
    array = pa.array(labels, pa.string()).dictionary_encode()
    codes = array.indices.fill_null(-1).to_numpy().astype(np.int32)
    return Coded(codes, array.dictionary)


LABELS = st.lists(st.sampled_from(("a", "b", "ă", "NA", None)), max_size=8)


@FEWER
@given(LABELS, st.data())
def test_compact_labels_are_those_in_use_and_read_the_same(labels, data):
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(labels), max_size=len(labels))))
    kept = coded(*labels).take(mask.astype(bool))
    expected = [label for label, keep in zip(labels, mask, strict=True) if keep]
    compact = kept.compact()
    for column in (kept, compact):
        names = [*column.names(), None]
        assert [names[code] for code in column.codes] == expected
    assert set(compact.names()) == set(expected) - {None}
    assert compact.codes.dtype == np.int32


def test_a_code_is_found_by_its_label_and_the_nearest_one_is_named():
    column = coded("Registration", "Check", "Registration")
    assert column.code("Check", what="activity") == 1
    with pytest.raises(LabelNotFoundError, match="did you mean 'Registration'"):
        column.code("registratoin", what="activity")


def test_a_column_as_pandas_shows_it_has_its_missing_values():
    shown = pd.Series(coded("a", None, "b", "a").to_categorical())
    assert shown.isna().tolist() == [False, True, False, False]
    assert shown.cat.categories.tolist() == ["a", "b"]


# --- what it says of itself -----------------------------------------------------------------------


def test_a_log_says_its_size_and_its_zone():
    assert repr(bound(two_cases())) == f"<EventLog 2 cases, 4 steps, 3 activities, {ZONE}>"


def test_an_assumed_zone_is_marked():
    frame = pd.DataFrame({"c": ["1"], "a": ["A"], "t": [pd.Timestamp("2026-01-01 09:00")]})
    with pytest.warns(pm.DataQualityWarning, match="read as UTC"):
        log = pm.read(frame, case="c", activity="a", timestamp="t")
    assert log.tz_assumed
    assert "(assumed)" in repr(log)
    assert "assumed" in pm.kpis(log)["basis"].iloc[0]


@pytest.mark.parametrize("closed", [None, "X"])
def test_the_card_of_a_notebook_names_what_a_first_look_needs(closed):
    card = bound(two_cases(), closed=closed).filter(activity="A")._repr_html_()
    for words in ("2026-01-01 to 2026-01-03", ZONE, "activity is &#x27;A&#x27;", "0 of 4 rows"):
        assert words in card
    assert ("1 closed, 1 open" if closed else "unknown") in card


def test_the_card_of_an_empty_log_can_be_shown():
    assert "no steps" in bound(two_cases()).where([False, False])._repr_html_()


def test_labels_are_shown_as_text_and_never_as_markup():
    log = bound(path("1", ["<b>A</b>"], [NINE])).filter(activity="<b>A</b>")
    assert "<b>A</b>" not in log._repr_html_()


def test_the_memory_of_a_log_is_that_of_its_columns():
    log = bound(two_cases(), closed="X")
    assert log.nbytes > 8 * (len(log.offsets) + 2 * log.n_steps)
    assert bound(two_cases()).nbytes < log.nbytes


def test_local_times_are_those_of_the_office_and_missing_ones_stay_missing():
    found = bound(two_cases()).local(np.array([NINE, NAT]))
    assert found[0] == pd.Timestamp("2026-01-01 09:00", tz=ZONE) == instant(NINE)
    assert pd.isna(found[1])


@pytest.mark.parametrize("measure", [pm.steps, pm.cases, pm.transitions, pm.variants, pm.kpis])
def test_every_table_has_the_default_index(measure: Any):
    table = measure(bound(two_cases(), closed="X"))
    assert isinstance(table.index, pd.RangeIndex)
    assert table.index.tolist() == list(range(len(table)))
