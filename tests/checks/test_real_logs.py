"""What quality() says of public logs whose oddities are known."""

from __future__ import annotations

import contextlib
import io
import warnings
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import procmine as pm
from procmine.checks import quality


@cache
def table_of(path: Path) -> pd.DataFrame:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return quality(pm.read(path))


def count_of(table: pd.DataFrame, check: str) -> int:
    return int(table.loc[table["check"] == check, "count"].iloc[0])


def test_road_fines_are_dates_of_which_12018_tie(logs: Path) -> None:
    table = table_of(logs / "road_fines.xes.gz")
    assert count_of(table, "date_only") == 561_470
    assert count_of(table, "tied_steps") == 12_018
    assert count_of(table, "missing_values") == 410_545  # the resource is on 27 % of the events
    assert "off_hours" not in set(table["check"])


def test_the_activities_of_a_dutch_municipality_change_over_the_years(logs: Path) -> None:
    table = table_of(logs / "BPIC15_1.xes.gz")
    renamed = table[table["check"] == "activity_lifespans"]
    assert len(renamed) == 6
    assert 0.43 < float(table.loc[table["check"] == "date_only", "share"].iloc[0]) < 0.49


def test_payments_of_travel_declarations_are_booked_in_batches_and_approval_changed_in_2018(
    logs: Path,
) -> None:
    table = table_of(logs / "BPIC20_DomesticDeclarations.xes.gz")
    batch = table[table["check"] == "batch_stamps"].iloc[0]
    assert "'Payment Handled'" in batch["finding"]
    assert table["finding"].str.contains("Renamed.*PRE_APPROVER.*BUDGET OWNER").any()


@pytest.mark.parametrize(
    "name",
    [
        "receipt.xes.gz",
        "SEPSIS.xes.gz",
        "helpdesk.csv",
        "interval/Production.csv.gz",
        "BPIC15_1.xes.gz",
    ],
)
def test_what_is_found_fits_on_a_page(logs: Path, name: str) -> None:
    table = table_of(logs / name)
    assert 0 < len(table) < 25
    assert table["finding"].str.len().max() < 500
