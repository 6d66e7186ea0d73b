"""docs/measures.md names every column and every figure that the tables of the permits have, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import procmine as pm
from procmine.procedure.counting.rows import STATES

Log = tuple[pm.EventLog, pm.Procedure]


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "measures.md").read_text("utf-8")


@pytest.fixture(scope="module")
def permits(root: Path) -> Log:
    log = pm.read(
        root / "sample_logs" / "building_permits_ro.csv",
        case="Nr. dosar",
        activity="Activitate",
        start="Data început",
        end="Data sfârșit",
        unit="Compartiment",
        closed=["Eliberare autorizație", "Respingere cerere"],
        tz="Europe/Bucharest",
    )
    return log, pm.Procedure.read(root / "sample_logs" / "building_permits_ro.procedure.yaml")


def told(page: str, heading: str, head: str) -> list[str]:
    """Return the names in the first cells of the tables under a heading whose first column is called ``head``."""
    parts = re.split(r"^#{2,3} (.*)$", page, flags=re.MULTILINE)
    section = parts[parts.index(heading) + 1]
    tables = [table for table in section.split("\n\n") if table.startswith(f"| {head} |")]
    rows = [row for table in tables for row in table.splitlines()[2:]]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]


def test_every_column_of_the_terms_stands_on_the_page_in_its_order(page: str, permits: Log) -> None:
    table = pm.terms(*permits)
    assert told(page, "The table of terms: `pm.terms`", "column") == list(table.columns)


def test_every_state_of_a_term_stands_on_the_page(page: str) -> None:
    assert sorted(told(page, "The table of terms: `pm.terms`", "state")) == sorted(STATES)


def test_every_column_of_the_cases_at_risk_stands_on_the_page(page: str, permits: Log) -> None:
    table = pm.at_risk(*permits)
    assert told(page, "What may end late: `pm.at_risk`", "column") == list(table.columns)


def test_every_column_of_the_kpi_table_stands_on_the_page(page: str, permits: Log) -> None:
    table = pm.kpis(*permits, period="Y")
    assert told(page, "The KPI table: `pm.kpis`", "column") == list(table.columns)


def test_every_kpi_stands_on_the_page(page: str, permits: Log) -> None:
    found = pm.kpis(*permits, period="Y", calendar=pm.Calendar("RO"))
    of_term = found["term"].notna()
    without = told(page, "Without a procedure", "kpi")
    assert without == list(found.loc[~of_term, "kpi"].unique())
    assert sorted(told(page, "With a procedure", "kpi")) == sorted(
        found.loc[of_term, "kpi"].unique()
    )


def test_the_page_says_of_every_kpi_its_unit_and_whether_it_has_an_interval(
    page: str, permits: Log
) -> None:
    found = pm.kpis(*permits, period="Y", calendar=pm.Calendar("RO"))
    figures = page[page.index("## The KPI table") :]
    for kpi, rows in found.groupby("kpi"):
        (row,) = re.findall(rf"^\|[^|\n]*`{kpi}`[^|\n]*\|.*$", figures, re.MULTILINE)
        _, _, _, unit, _, interval, *_ = (cell.strip() for cell in row.split("|"))
        assert unit.split()[0] == rows["measured_in"].iloc[0], kpi
        assert (interval != "–") == bool(rows["low"].notna().any()), kpi
