"""Costs: the file and its mistakes, what work and delay cost, and what is said where that is not known."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

import conftest
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kpi.costs.costs import Costs
from procmine.kpi.handovers.handovers import handovers
from procmine.kpi.rework.not_asked import steps_not_asked_for
from procmine.kpi.rework.rework import rework
from procmine.procedure import Procedure
from tests.bound import bound, numbered, texts
from tests.kpi import oracle_rework
from tests.kpi.oracle_rework import Rules
from tests.oracle import DAY, HOUR, Step, sort_steps
from tests.strategies import logs

MONDAY = 20_458 * DAY  # 2026-01-05
COSTS = Costs(
    currency="EUR",
    hour=20,
    hour_by_unit={"Urbanism": 30, "Țară": 50.5},
    step_of_activity={"A": 5, "ședință": 100},
    day_of_delay=12,
)


@pytest.fixture(scope="module")
def sample(root: Path) -> Costs:
    return Costs.read(root / "sample_logs" / "costs.yaml")


def cost_of(step: Step, costs: Costs) -> float | None:
    """The definition of docs/rework.md in plain words: hours × rate + cost of the step, None where neither is known."""
    rate = costs.hour_by_unit.get(step.unit, costs.hour)
    fixed = costs.step_of_activity.get(step.activity)
    spent = oracle_rework.processing(step)
    if spent is None or rate is None:
        return fixed
    return spent / HOUR * rate + (fixed or 0)


# --- cost of rework, of delay, of what nobody asked for -------------------------------------------


def test_a_worked_example_of_hours_rates_and_cost_of_the_step():
    steps = [
        Step("1", "A", MONDAY, MONDAY + 2 * HOUR, None, "Urbanism", 0),
        Step("1", "A", MONDAY + DAY, MONDAY + DAY + 3 * HOUR, None, "Urbanism", 1),
    ]
    found = rework(bound(steps), costs=COSTS).query("kind == 'rework'").iloc[0]
    assert found["cost"] == 3 * 30 + 5
    assert found["delay_cost"] == pytest.approx(12 * (1 + 1 / 24))
    assert "cost in EUR" in found["basis"]


@given(logs())
def test_the_cost_of_rework_is_the_sum_over_its_steps(drawn: list[Step]):
    """With names that are not written nearly alike, as one for the other would be taken."""
    apart = {"ă": "Visit", "NA": "Decision"}
    steps = [replace(step, activity=apart.get(step.activity, step.activity)) for step in drawn]
    steps.append(replace(steps[0], case="another", activity="A", row=len(steps)))
    found = rework(bound(steps), costs=COSTS, by="activity")
    found = found[found["kind"] == "rework"]
    named = dict(zip(texts(found["activity"]), found["cost"], strict=True))
    sums: dict[str, list[float]] = {step.activity: [] for step in steps}
    repeated = set()
    for case in sort_steps(steps).values():
        for place in oracle_rework.rework_of_case(case, Rules())["rework", None]:
            repeated.add(case[place].activity)
            cost = cost_of(case[place], COSTS)
            if cost is not None:
                sums[case[place].activity].append(cost)
    for activity, costs in sums.items():
        if activity in repeated and not costs:
            assert np.isnan(named[activity])
        else:
            assert named[activity] == pytest.approx(sum(costs))


def test_where_the_processing_time_is_not_known_only_the_cost_of_the_step_counts_and_the_basis_says_so():
    steps = [
        Step("1", "A", MONDAY, MONDAY + HOUR),
        Step("1", "A", None, MONDAY + DAY),
        Step("1", "B", None, MONDAY + DAY),
        Step("1", "B", None, MONDAY + 2 * DAY),
    ]
    found = rework(bound(numbered(steps)), costs=COSTS, by="activity").query("kind == 'rework'")
    a, b = (row for _, row in found.iterrows())
    assert a["cost"] == 5
    assert "cost of the hours known of 0 of 1 steps" in a["basis"]
    assert np.isnan(b["cost"])


def test_without_a_rate_and_without_a_day_the_costs_are_missing_and_not_zero():
    costs = Costs(currency="EUR")
    steps = [Step("1", "A", MONDAY + n * DAY, MONDAY + n * DAY + HOUR) for n in range(2)]
    log = bound(numbered(steps))
    found = rework(log, costs=costs).query("kind == 'rework'").iloc[0]
    assert np.isnan(found["cost"])
    assert np.isnan(found["delay_cost"])


def test_no_step_of_a_kind_costs_nothing():
    log = bound(numbered([Step("1", "A", MONDAY, MONDAY + HOUR)]))
    found = rework(log, costs=COSTS).query("kind == 'rework'").iloc[0]
    assert (found["cost"], found["delay_cost"]) == (0, 0)


def test_a_table_without_costs_has_no_column_of_them(sample: Costs):
    log = conftest.sample_log()
    more = {"cost", "delay_cost"}
    assert set(rework(log, costs=sample).columns) - set(rework(log).columns) == more
    assert set(handovers(log, costs=sample).columns) - set(handovers(log).columns) == {"cost"}


def test_the_wait_of_handovers_costs_the_day_of_delay():
    steps = [
        Step("1", "A", MONDAY, MONDAY + HOUR, None, "R"),
        Step("1", "B", MONDAY + HOUR + DAY, MONDAY + 2 * DAY, None, "U"),
    ]
    found = handovers(bound(numbered(steps)), costs=COSTS)
    assert found["cost"].tolist() == [12.0]


def test_steps_that_nobody_asked_for_have_their_cost():
    steps = [
        Step("1", "B", MONDAY, MONDAY + HOUR, None, "Urbanism"),
        Step("1", "A", MONDAY + DAY, MONDAY + DAY + HOUR, None, "Urbanism"),
    ]
    procedure = Procedure(procedure="p", flow=["B"])
    found = steps_not_asked_for(bound(numbered(steps)), procedure, costs=COSTS)
    assert found[["activity", "cost"]].to_numpy().tolist() == [["A", 35.0]]


def test_spellings_that_differ_by_capitals_or_spaces_are_one_and_misspelt_ones_are_told(
    sample: Costs,
):
    sample.check(conftest.sample_log())
    Costs(currency="RON", hour_by_unit={"URBANISM": 1, "Poliția locală": 2}).check(
        conftest.sample_log()
    )
    wrong = Costs(currency="RON", hour_by_unit={"Urbanisn": 1})
    with pytest.raises(LabelNotFoundError, match="did you mean 'Urbanism'"):
        rework(conftest.sample_log(), costs=wrong)
    wrong = Costs(currency="RON", step_of_activity={"Verificare teren": 1})
    with pytest.raises(LabelNotFoundError, match="step_of_activity: of the costs"):
        rework(conftest.sample_log(), costs=wrong)


# --- the file -------------------------------------------------------------------------------------


def test_the_sample_says_that_its_figures_are_invented(root: Path, sample: Costs):
    assert sample.note == "invented figures"
    assert sample.hour_by_unit["Comisie"] == 310
    assert "All figures are invented" in (root / "sample_logs" / "costs.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("currency: EURO", "line 1, currency: 'EURO' is no code of three capital letters"),
        ("currency: EUR\nhuor: 3", "line 2, huor: there is no key 'huor' here; .* mean 'hour'"),
        ("currency: EUR\nhour: '12'", "line 2, hour: '12' is not a number; take the quotes away"),
        ("currency: EUR\nhour: true", "line 2, hour: true is not a number"),
        ("currency: EUR\nday_of_delay: -1", "line 2, day_of_delay: -1 is less than 0"),
        (
            "currency: EUR\nhour_by_unit:\n  A: 1\n  B: x",
            r"line 4, hour_by_unit\.B: 'x' is not a number",
        ),
        ("currency: EUR\nhour_by_unit: [1]", "line 2, hour_by_unit: .*such as {Registry: 28.50}"),
        ("currency: EUR\nstep_of_activity:", "line 2, step_of_activity: nothing is written here"),
        ("hour: 3", "the key 'currency' is missing"),
        ("", "is empty"),
        ("- a", "no keys with values"),
        ("currency: EUR\ncurrency: RON", "stands in line 1 already"),
        ("currency: [", "this is not YAML"),
    ],
)
def test_a_mistake_of_the_file_is_told_with_its_line_and_its_key(text: str, told: str):
    with pytest.raises(ProcmineError, match=told) as error:
        Costs.parse(text)
    assert str(error.value).startswith("costs.yaml")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    with pytest.raises(ProcmineError) as error:
        Costs.parse("hour: x\ncurrency: euro\nday_of_delay: y")
    lines = str(error.value).splitlines()
    assert lines[0] == "costs.yaml has 3 mistakes"
    assert [re.findall(r"line (\d)", line) for line in lines[1:]] == [["1"], ["2"], ["3"]]


def test_costs_given_in_python_have_the_same_errors_without_lines():
    with pytest.raises(ProcmineError, match=r"^pm\.Costs\(\.\.\.\): hour: 'x' is not a number"):
        Costs(currency="EUR", hour="x")


def test_a_file_that_is_not_there_or_not_in_utf_8_is_told(tmp_path: Path):
    (tmp_path / "other.yaml").write_bytes("currency: EUR\nnote: ș".encode("utf-16"))
    with pytest.raises(ProcmineError, match=r"in that folder are: other\.yaml"):
        Costs.read(tmp_path / "costs.yaml")
    with pytest.raises(ProcmineError, match="not in UTF-8"):
        Costs.read(tmp_path / "other.yaml")
    with pytest.raises(ProcmineError, match="no path"):
        Costs.read(3)


def test_every_key_of_the_file_stands_on_the_page(root: Path):
    page = (root / "docs" / "rework.md").read_text("utf-8")
    section = page.split("## Costs: `pm.Costs`\n")[1]
    keys = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert keys == list(Costs.model_fields)
