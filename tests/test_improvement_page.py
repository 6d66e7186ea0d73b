"""docs/improvement.md names every column and every measure that its tables have, and no other."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pandas as pd
import pytest

import procmine as pm
from conftest import sample_log
from procmine.errors import DataQualityWarning
from procmine.kpi.compare.compare import MEASURES, compare
from procmine.kpi.improvement.opportunities import opportunities
from procmine.kpi.improvement.remedies import KINDS
from tests.test_measures_page import told


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "improvement.md").read_text("utf-8")


@pytest.fixture(scope="module")
def both(root: Path) -> pd.DataFrame:
    log = sample_log()
    procedure = pm.Procedure.read(root / "sample_logs" / "building_permits_ro.procedure.yaml")
    parts = [
        log.filter(period=period, period_mode="started")
        for period in ((None, "2025-01-01"), ("2025-01-01", None))
    ]
    return compare(*parts, procedure=procedure, calendar=pm.Calendar("RO"), resamples=100)


def test_every_measure_of_a_comparison_stands_on_the_page(page: str, both: pd.DataFrame) -> None:
    named = told(page, "The measures of `pm.compare`", "measure")
    assert named == list(MEASURES) == list(both["measure"].unique())


def test_the_page_says_in_what_each_measure_is(page: str, both: pd.DataFrame) -> None:
    units = both.drop_duplicates("measure").set_index("measure")["measured_in"]
    section = page.partition("### The measures of")[2].partition("\n### ")[0]
    cells = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    said = {
        name: unit.strip() for _, names, unit, *_ in cells for name in re.findall(r"`(\w+)`", names)
    }
    assert said == units.to_dict()


def test_every_column_of_a_comparison_stands_on_the_page(page: str, both: pd.DataFrame) -> None:
    assert told(page, "The columns of `pm.compare`", "column") == list(both.columns)


def test_every_column_of_the_bottlenecks_stands_on_the_page(page: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        table = pm.bottlenecks(sample_log())
    assert told(page, "The columns of `pm.bottlenecks`", "column") == list(table.columns)


def test_every_column_of_the_opportunities_and_every_kind_of_remedy_stands_on_the_page(
    page: str,
) -> None:
    table = opportunities(sample_log(), {"kind": "target", "days": 9}, resamples=100)
    assert told(page, "The columns of `pm.opportunities`", "column") == list(table.columns)
    assert sorted(told(page, "Remedies", "kind")) == sorted(KINDS)
