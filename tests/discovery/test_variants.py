"""Variants against the oracle, their laws, published counts and their edges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from tests import oracle
from tests.bound import FEWER, bound, closings, micros, numbered, parts, path
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs

COLUMNS = ["variant", "cases", "share", "cumulative_share", "median_cycle_time", "steps"]
BEGIN = 1_700_000_000_000_000  # 2023: all times of these logs are in the past


def past(steps: list[Step]) -> list[Step]:
    """The steps moved to begin in 2023, so that none lies in the future."""
    by = BEGIN - min(step.first for step in steps)
    return [
        replace(
            step,
            start=None if step.start is None else step.start + by,
            end=None if step.end is None else step.end + by,
        )
        for step in steps
    ]


def escaped(activities: tuple[str, ...]) -> str:
    return " → ".join(name.replace("→", "\\→") for name in activities)


# --- worked examples ------------------------------------------------------------------------------


def test_the_log_l1_of_van_der_aalst_process_mining_2016_chapter_6():
    # L1 = [<a,b,c,d>^3, <a,c,b,d>^2, <a,e,d>]
    words = ["abcd"] * 3 + ["acbd"] * 2 + ["aed"]
    log = bound(numbered(*(path(str(i), word, range(len(word))) for i, word in enumerate(words))))
    found = pm.variants(log)
    assert found["variant"].tolist() == ["a → b → c → d", "a → c → b → d", "a → e → d"]
    assert found["cases"].tolist() == [3, 2, 1]
    assert found["share"].tolist() == [3 / 6, 2 / 6, 1 / 6]
    assert found["cumulative_share"].tolist() == [3 / 6, 5 / 6, 6 / 6]
    assert found["steps"].tolist() == [4, 4, 3]


def test_the_median_is_over_the_closed_cases_of_the_variant():
    log = bound(
        numbered(
            path("1", "AX", [BEGIN, BEGIN + 2 * DAY]),
            path("2", "AX", [BEGIN, BEGIN + 5 * DAY]),
            path("3", "AX", [BEGIN, (BEGIN + DAY, None)]),
            path("4", "A", [BEGIN]),
        ),
        closed="X",
    )
    found = pm.variants(log).set_index("variant")
    assert found["cases"].to_dict() == {"A → X": 3, "A": 1}
    assert found.loc["A → X", "median_cycle_time"] == pd.Timedelta(days=3.5)
    assert pd.isna(found.loc["A", "median_cycle_time"])


@pytest.mark.parametrize(
    ("file", "columns", "cases", "variants"),
    [
        # CoSeLoG, receipt phase of an environmental permit
        (
            "receipt.csv.gz",
            {
                "case": "case:concept:name",
                "activity": "concept:name",
                "timestamp": "time:timestamp",
            },
            1_434,
            116,
        ),
        # the help desk of an Italian software house
        (
            "helpdesk.csv",
            {"case": "CaseID", "activity": "ActivityID", "timestamp": "CompleteTimestamp"},
            3_804,
            154,
        ),
    ],
)
def test_public_logs_have_as_many_variants_as_was_counted_apart(
    logs: Path, file, columns, cases, variants
):
    log = pm.read(
        logs / file, **columns, lifecycle=None, resource=None, unit=None, tz="Europe/Amsterdam"
    )
    found = pm.variants(log)
    assert (found["cases"].sum(), len(found)) == (cases, variants)
    assert found["cumulative_share"].iloc[-1] == 1.0


# --- the oracle -----------------------------------------------------------------------------------


@given(logs(), st.data())
def test_variants_are_those_of_the_oracle(steps, data):
    steps = past(steps)
    closing = data.draw(closings(steps))
    found = pm.variants(bound(steps, closed=closing))
    cases = oracle.sort_steps(steps)
    as_of = max(oracle.case_last(case) for case in cases.values())
    times = {
        name: oracle.case_times(case, closing, as_of).cycle_time for name, case in cases.items()
    }
    expected = {escaped(path): variant for path, variant in oracle.variants(cases, times).items()}
    assert list(found.columns) == COLUMNS
    assert found["variant"].tolist() == sorted(expected, key=lambda t: (-expected[t].cases, t))
    assert found["cumulative_share"].tolist() == pytest.approx(
        [found["cases"][: i + 1].sum() / len(cases) for i in range(len(found))]
    )
    for row in found.itertuples():
        variant = expected[row.variant]
        assert (row.cases, row.steps) == (variant.cases, len(variant.activities))
        assert row.share == pytest.approx(variant.share)
        median = micros([row.median_cycle_time])[0]
        assert median == pytest.approx(variant.median_cycle_time, abs=0.501)


# --- laws -----------------------------------------------------------------------------------------


@FEWER
@given(logs())
def test_every_case_follows_one_variant(steps):
    found = pm.variants(bound(steps))
    cases = {step.case for step in steps}
    assert found["cases"].sum() == len(cases)
    assert found["share"].sum() == pytest.approx(1)
    assert (found["cases"] * found["steps"]).sum() == len(steps)
    assert found["variant"].is_unique


@FEWER
@given(logs(), st.data(), st.sampled_from((None, 7)))
def test_the_variant_summaries_of_parts_of_whole_cases_add_up_to_that_of_the_log(steps, data, bits):
    log = bound(past(steps), closed=data.draw(closings(steps)))
    owner = pd.Series(data.draw(parts(range(log.n_cases))))
    pieces = [pm.variant_summary(log.where(owner == part), bits=bits) for part in range(3)]
    whole = pm.variant_summary(log, bits=bits)
    assert sum(pieces) == pieces[2] + (pieces[0] + pieces[1]) == whole


@FEWER
@given(logs(), st.data())
def test_parts_that_were_read_apart_add_up_to_the_log(steps, data):
    steps = past(steps)
    names = sorted({step.case for step in steps})
    owner = dict(zip(names, data.draw(parts(names)), strict=True))
    pieces = [[step for step in steps if owner[step.case] == part] for part in range(3)]
    summaries = [pm.variant_summary(bound(piece)) for piece in pieces if piece]
    assert sum(summaries) == pm.variant_summary(bound(steps))


@FEWER
@given(logs(), st.data())
def test_the_variant_summary_has_the_cases_that_have_a_cycle_time(steps, data):
    log = bound(past(steps), closed=data.draw(closings(steps)))
    table = pm.cases(log)
    totals = pm.variant_summary(log).totals()
    measured = table[table["cycle_time"].notna()]
    assert totals["n"].sum() == len(measured)
    expected = measured.groupby("variant", observed=True)["cycle_time"].sum()
    assert dict(zip(totals["variant"], totals["total"], strict=True)) == expected.to_dict()


@FEWER
@given(logs(), st.randoms(use_true_random=False))
def test_where_a_declared_order_breaks_ties_the_order_of_the_rows_does_not_matter(steps, random):
    order = sorted({step.activity for step in steps})
    shuffled = past(steps)
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(
        pm.variants(bound(past(steps), order=order)),
        pm.variants(bound(numbered(shuffled), order=order)),
    )


@FEWER
@given(logs())
def test_other_names_of_cases_and_another_week_change_nothing(steps):
    steps = past(steps)
    moved = [
        replace(
            step,
            case=f"{step.case}/2026",
            start=None if step.start is None else step.start + 70 * DAY,
            end=None if step.end is None else step.end + 70 * DAY,
        )
        for step in steps
    ]
    pd.testing.assert_frame_equal(pm.variants(bound(steps)), pm.variants(bound(moved)))


# --- edges of the definition ----------------------------------------------------------------------


def test_a_case_of_one_step_is_a_variant_of_one_activity():
    found = pm.variants(bound(path("1", "A", [BEGIN])))
    assert found["variant"].tolist() == ["A"]
    assert micros(found["median_cycle_time"]) == [0]


def test_variants_that_read_alike_stay_two():
    log = bound(numbered(path("1", ["A", "B"], [0, 1]), path("2", ["A → B"], [0])))
    assert sorted(pm.variants(log)["variant"]) == ["A \\→ B", "A → B"]


def test_a_repetition_is_another_variant():
    log = bound(numbered(path("1", "AB", [0, 1]), path("2", "AAB", [0, 1, 2])))
    assert pm.variants(log)["variant"].tolist() == ["A → A → B", "A → B"]


def test_variants_of_equal_size_stand_in_alphabetical_order():
    words = ["ba", "ab", "b", "b", "c"]
    log = bound(numbered(*(path(str(i), word, range(len(word))) for i, word in enumerate(words))))
    assert pm.variants(log)["variant"].tolist() == ["b", "a → b", "b → a", "c"]


def test_overlapping_steps_are_ordered_by_their_start():
    log = bound(path("1", "BA", [(HOUR, 2 * HOUR), (0, 9 * HOUR)]))
    assert pm.variants(log)["variant"].tolist() == ["A → B"]


def test_where_no_case_is_closed_there_is_no_median_but_the_variants():
    log = bound(numbered(path("1", "A", [BEGIN]), path("2", "X", [(BEGIN, None)])), closed="X")
    found = pm.variants(log)
    assert found["cases"].tolist() == [1, 1]
    assert found["median_cycle_time"].isna().all()
    assert len(pm.variant_summary(log)) == 0


def test_an_empty_log_has_no_variants_but_the_same_columns_and_types():
    whole = bound(path("1", "A", [BEGIN]))
    full, empty = pm.variants(whole), pm.variants(whole.where([False]))
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert len(pm.variant_summary(whole.where([False]))) == 0


def test_a_case_with_steps_in_the_future_has_no_part_in_the_median_of_its_variant() -> None:
    rows = [("1", "A", "2026-01-01"), ("1", "B", "2999-01-01")]
    frame = pd.DataFrame(rows, columns=["case", "activity", "end"])
    log = pm.read(frame, case="case", activity="activity", timestamp="end", tz="CET")
    found = pm.variants(log)
    assert found["variant"].tolist() == ["A → B"]
    assert found["median_cycle_time"].isna().all()
