"""Handovers and their matrix, against docs/rework.md."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import conftest
import procmine as pm
from procmine.errors import ColumnNotFoundError, LabelNotFoundError, ProcmineError
from procmine.kpi.costs.costs import Costs
from procmine.kpi.handovers.handovers import handovers
from procmine.kpi.handovers.matrix import handover_matrix
from procmine.kpi.waiting.causes import waiting_causes
from procmine.procedure import Procedure
from tests import oracle
from tests.bound import bound, micros, numbered, texts
from tests.kpi import oracle_rework, oracle_waiting
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs

MONDAY = 20_458 * DAY  # 2026-01-05


def stages(units: str, case: str = "1", people: str | None = None) -> list[Step]:
    """A step of an hour each day, of one unit (and person) of a letter each; a blank is not known."""
    who = people or " " * len(units)
    return [
        Step(case, f"step {n}", MONDAY + n * DAY, MONDAY + n * DAY + HOUR, p.strip() or None, u.strip() or None)
        for n, (u, p) in enumerate(zip(units, who, strict=True))
    ]  # fmt: skip


def pairs(table: pd.DataFrame) -> dict[tuple[str | None, str | None], int]:
    keys = zip(texts(table["source_unit"]), texts(table["unit"]), strict=True)
    return dict(zip(keys, table["handovers"].tolist(), strict=True))


def test_a_worked_example_of_handovers_between_units():
    log = bound(numbered(stages("RRUUR", "1"), stages("RU", "2")))
    table = handovers(log)
    assert pairs(table) == {("R", "U"): 2, ("U", "R"): 1}
    first = table.iloc[0]
    assert (first["cases"], first["n"], first["share"]) == (2, 2, 1.0)
    assert first["waiting_time"] == 2 * pd.Timedelta("23h")
    assert first["median_wait"] == first["p90_wait"] == pd.Timedelta("23h")
    # five of the seven steps waited for the one before, each 23 hours
    assert first["waiting_share"] == pytest.approx(2 / 5)
    assert not table["same"].any()


def test_changes_of_persons_are_counted_by_units_and_no_person_is_shown():
    log = bound(numbered(stages("RRUU", people="abbc")), resources="anonymous")
    table = handovers(log, between="resource")
    assert pairs(table) == {("R", "R"): 1, ("U", "U"): 1}
    assert table["same"].all()
    assert not set("abc") & set(table.astype(str).to_numpy().ravel())


def test_persons_without_units_are_one_row_without_names():
    log = bound(numbered(stages("    ", people="abbc")))
    table = handovers(log, between="resource")
    assert pairs(table) == {(None, None): 2}
    assert not table["same"].any()


def test_steps_without_a_unit_neither_hand_over_nor_receive_and_are_told():
    table = handovers(bound(numbered(stages("R UR"))))
    assert pairs(table) == {("U", "R"): 1}
    assert "2 pairs of steps without a known unit not counted" in table["basis"][0]


def test_a_step_attribute_may_be_what_changes():
    frame = pd.DataFrame(
        {"case": ["1"] * 4, "activity": list("ABCD"), "floor": ["1", "2", "2", None]}
        | {"time": pd.to_datetime(["2026-01-05", "2026-01-06", "2026-01-09", "2026-01-10"])}
    )
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Rome")
    table = handovers(log, between="floor")
    assert table[["source_floor", "floor", "handovers"]].to_numpy().tolist() == [["1", "2", 1]]
    assert table["basis"][0].startswith("sojourn")
    assert handover_matrix(table).loc["1", "2"] == 1


def expected_pairs(steps: list[Step], between: str, order: str) -> dict[Any, Any]:
    enabled = oracle_waiting.enabled_steps(oracle_waiting.log_of(steps), order=order)
    one_timestamp = all(step.start is None for step in steps)
    result = {}
    for pair, received in oracle_rework.handovers(oracle.sort_steps(steps), between).items():
        waits = []
        for _, step in received:
            until, at = step.end if one_timestamp else step.start, enabled[step.row].at
            if until is not None and at is not None:
                waits.append(until - at)
        result[pair] = (
            len(received),
            len({case for case, _ in received}),
            sum(waits) if waits else None,
            *(None if not waits else round(oracle.quantile(waits, p)) for p in (0.5, 0.9)),
        )
    return result


@given(logs(), st.sampled_from(["unit", "resource"]), st.sampled_from(["sequence", "concurrency"]))
def test_handovers_are_those_of_the_oracle(steps: list[Step], between: str, order: str):
    log = bound(steps)
    if not any(getattr(step, between) for step in steps):
        with pytest.raises(ProcmineError, match=f"no {between}s"):
            handovers(log, between=between, order=order)
        return
    table = handovers(log, between=between, order=order)
    found = {
        (source, unit): tuple(figures)
        for source, unit, *figures in zip(
            texts(table["source_unit"]),
            texts(table["unit"]),
            table["handovers"],
            table["cases"],
            *(micros(table[name]) for name in ("waiting_time", "median_wait", "p90_wait")),
            strict=True,
        )
    }
    assert found == expected_pairs(steps, between, order)


@given(logs())
def test_handovers_and_steps_that_stay_and_those_not_known_are_all_transitions(steps: list[Step]):
    if not any(step.unit for step in steps):
        return
    table = handovers(bound(steps))
    stay = unknown = 0
    for case in oracle.sort_steps(steps).values():
        for source, target in pairwise(case):
            unknown += source.unit is None or target.unit is None
            stay += source.unit == target.unit and source.unit is not None
    assert table["handovers"].sum() + stay + unknown == len(steps) - len({s.case for s in steps})


def test_keys_split_the_handovers_and_nothing_is_lost():
    log = conftest.sample_log()
    whole = pairs(handovers(log))
    table = handovers(log, by=["Oficiu", "source", "activity"])
    split = table.groupby(["source_unit", "unit"], observed=True)["handovers"].sum()
    assert split.to_dict() == whole
    assert list(table.columns[:5]) == ["Oficiu", "source", "activity", "source_unit", "unit"]
    assert table["waiting_share"].max() <= 1


def test_the_planted_edges_between_units_are_found_again(root: Path):
    import json

    truth = json.loads((root / "sample_logs" / "truth.json").read_text("utf-8"))
    edges = {(edge["source"], edge["target"]): edge for edge in truth["edges"]}
    table = handovers(conftest.sample_log(), by=["source", "activity"], order="sequence")
    for _, one in table.iterrows():
        edge = edges[one["source"], one["activity"]]
        assert (one["handovers"], one["cases"]) == (edge["count"], edge["cases"])
        days = one["median_wait"] / pd.Timedelta("1D")
        assert days == pytest.approx(edge["median_days"], abs=1e-6)


# --- the matrix -----------------------------------------------------------------------------------


def test_the_matrix_has_a_true_zero_where_there_was_no_handover_and_no_sums():
    table = handovers(bound(numbered(stages("RUM"))))
    square = handover_matrix(table)
    assert square.index.tolist() == square.columns.tolist() == ["M", "R", "U"]
    assert square.to_numpy().tolist() == [[0, 0, 0], [0, 0, 1], [1, 0, 0]]
    assert square.dtypes.eq("int64").all()
    times = handover_matrix(table, "waiting_time")
    assert times.loc["M", "R"] == pd.Timedelta(0)
    assert times.loc["R", "U"] == pd.Timedelta("23h")
    assert pd.isna(handover_matrix(table, "median_wait").loc["M", "R"])


def test_what_is_not_known_of_a_handover_is_missing_in_the_matrix_and_not_zero():
    steps = [
        Step("1", "A", MONDAY, MONDAY + HOUR, None, "R"),
        Step("1", "B", None, MONDAY + DAY, None, "U"),
    ]
    table = handovers(bound(numbered(steps)))
    assert pd.isna(handover_matrix(table, "waiting_time").loc["R", "U"])
    assert pd.isna(table["waiting_share"][0])


def test_a_table_of_several_keys_is_no_square():
    table = handovers(conftest.sample_log(), by="Oficiu")
    with pytest.raises(ProcmineError, match="choose one first"):
        handover_matrix(table)


def test_a_matrix_of_persons_without_units_is_refused():
    table = handovers(bound(numbered(stages("  ", people="ab"))), between="resource")
    with pytest.raises(ProcmineError, match="not known"):
        handover_matrix(table)


def test_another_table_or_column_is_refused_with_what_to_give():
    log = conftest.sample_log()
    with pytest.raises(ProcmineError, match="not a table of handovers"):
        handover_matrix(pm.cases(log))
    with pytest.raises(ColumnNotFoundError, match="did you mean 'waiting_time'"):
        handover_matrix(handovers(log), "waiting_times")


# --- edges ----------------------------------------------------------------------------------------


def test_a_log_in_one_unit_has_no_handovers():
    table = handovers(bound(numbered(stages("RRR"))))
    assert table.empty
    assert handover_matrix(table).empty


def test_a_case_of_one_step_hands_nothing_over():
    assert handovers(bound(numbered(stages("R")))).empty


def test_overlapping_steps_of_two_units_are_a_handover_whose_wait_is_never_negative():
    steps = [
        Step("1", "A", MONDAY, MONDAY + DAY, None, "R"),
        Step("1", "B", MONDAY + HOUR, MONDAY + 2 * DAY, None, "U"),
    ]
    table = handovers(bound(numbered(steps)))
    assert pairs(table) == {("R", "U"): 1}
    assert table["waiting_time"][0] >= pd.Timedelta(0)


ASKING = """
procedure: asking
activities:
  - {name: step 1, then: applicant}
  - {name: step 2, then: office}
  - {name: step 4, then: third_party}
"""


def test_the_wait_that_is_of_the_applicant_or_a_third_party_is_external_time():
    # steps 2 and 5 are handed over while another has the file; step 3 waits for the office
    table = handovers(bound(numbered(stages("RURURU"))), Procedure.parse(ASKING))
    there = table.set_index(["source_unit", "unit"])
    waits = there[["waiting_time", "external_time"]] / pd.Timedelta("23h")
    assert waits.loc[("R", "U")].tolist() == [3, 1]  # steps 1, 3 and 5
    assert waits.loc[("U", "R")].tolist() == [2, 1]  # steps 2 and 4
    assert "external by then: of procedure asking" in table["basis"][0]


@pytest.mark.parametrize("text", [None, "procedure: silent"])
def test_external_time_is_not_known_where_no_procedure_says_whose_turn_it_is(text: str | None):
    procedure = None if text is None else Procedure.parse(text)
    table = handovers(bound(numbered(stages("RU"))), procedure)
    assert table["external_time"].isna().all()
    assert "external time not known" in table["basis"][0]
    assert table["waiting_time"].notna().all()


def test_external_time_is_that_of_the_waiting_causes_at_the_same_steps(root: Path):
    procedure = Procedure.read(root / "sample_logs" / "building_permits_ro.procedure.yaml")
    log = conftest.sample_log()
    table = handovers(log, procedure)
    causes = waiting_causes(log, procedure).set_index("row")["external"]
    steps = pm.steps(log)
    same_case = steps["case_id"].eq(steps["case_id"].shift())
    received = steps[
        same_case & steps["unit"].astype("str").ne(steps["unit"].astype("str").shift())
    ]
    theirs = causes.reindex(received["row"]).sum()
    assert table["external_time"].sum() == theirs > pd.Timedelta("9000D")
    slowest = table.set_index(["source_unit", "unit"]).loc[("Urbanism", "Registratură")]
    assert slowest["external_time"] == slowest["waiting_time"]


@pytest.mark.parametrize(("between", "instead"), [("unit", "resource"), ("resource", "unit")])
def test_without_units_or_resources_the_error_says_what_to_give(between: str, instead: str):
    log = bound(numbered(stages("  ")))
    with pytest.raises(ProcmineError, match=f"between='{instead}'"):
        handovers(log, between=between)


def test_an_attribute_that_is_none_is_told_with_those_that_are():
    with pytest.raises(LabelNotFoundError, match="did you mean 'unit'"):
        handovers(conftest.sample_log(), between="units")


def test_figures_by_persons_are_refused():
    with pytest.raises(ProcmineError, match="no figures on persons"):
        handovers(conftest.sample_log(), by="resource")


def test_every_column_stands_on_the_page_in_its_order(root: Path):
    page = (root / "docs" / "rework.md").read_text("utf-8")
    section = page.split("## Handovers: `pm.handovers`\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    told = [name for line in rows for name in re.findall(r"`(\w+)`", line.split("|")[1])]
    costs = Costs.read(root / "sample_logs" / "costs.yaml")
    assert told == list(handovers(conftest.sample_log(), costs=costs).columns)
