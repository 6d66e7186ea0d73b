"""Public logs are bound as procmine proposes, with nothing but the file, and have the published figures."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import procmine as pm
from procmine.errors import DataQualityWarning

DAY = pd.Timedelta(days=1)
BATCHING = {"start": "Start", "end": "Complete"}
DOTTED = {
    "case": "Process.Instance",
    "activity": "Activity.Name",
    "resource": "Resources",
    **BATCHING,
}
SPACED = {
    "case": "Process Instance",
    "activity": "Activity Name",
    "resource": "Resources",
    **BATCHING,
}
INTERVALS = {
    "case": "case_id",
    "activity": "activity",
    "start": "start_time",
    "end": "end_time",
    "resource": "resource",
}
XES = {"case": "case:concept:name", "activity": "concept:name", "resource": "org:resource"}


@dataclass(frozen=True)
class Published:
    """What is known of a log: its proposed binding, and counts taken without procmine."""

    file: str
    binding: dict[str, str]
    cases: int
    rows: int
    activities: int | None = None
    persons: tuple[str, ...] = ()
    """Columns that name persons, besides the resource."""

    def __str__(self) -> str:
        return self.file


LOGS = (
    Published(
        "helpdesk.csv",
        {"case": "CaseID", "activity": "ActivityID", "timestamp": "CompleteTimestamp"},
        cases=3_804, rows=13_710, activities=9,
    ),
    Published("batching/Simple_conccasebased.csv.gz", DOTTED, cases=1_000, rows=9_000),
    Published("batching/Simple_parallel.csv.gz", SPACED, cases=1_000, rows=9_000),
    Published("batching/Simple_seq_taskbased.csv.gz", SPACED, cases=1_000, rows=9_000),
    Published("batching/XORGatewayVar1_parallel.csv.gz", SPACED, cases=1_000, rows=8_000),
    Published("BPIC12_W_intervals.csv.gz", INTERVALS, cases=8_616, rows=59_302, activities=6),
    Published("interval/AcademicCredentials.csv.gz", INTERVALS, cases=954, rows=4_928, activities=16),
    Published(
        "interval/Production.csv.gz",
        {**XES, "start": "start_timestamp", "end": "time:timestamp", "tz": "EET"},
        cases=225, rows=4_953, activities=26,
        persons=("Resource", "@@startevent_org:resource", "@@startevent_Resource"),
    ),
    Published(
        "interval/patients.csv",
        {
            "case": "patient", "activity": "handling", "timestamp": "time", "resource": "employee",
            "lifecycle": "registration_type", "instance": "handling_id",
        },
        cases=500, rows=5_442, activities=7,
    ),
    Published(
        "receipt.csv.gz",
        {**XES, "timestamp": "time:timestamp", "unit": "org:group", "tz": "CET"},
        cases=1_434, rows=8_577, activities=27, persons=("case:responsible",),
    ),
)  # fmt: skip
EVERY = pytest.mark.parametrize("known", LOGS, ids=str)
DEFAULTS = ("resources", "on_bad_rows")


def path_of(logs: Path, file: str) -> Path:
    path = logs / file
    if not path.is_file():
        pytest.skip(f"the public log {file} is not in ../shared/logs, beside the project")
    return path


@cache
def read(path: Path) -> pm.EventLog:
    """Read a log as it is proposed; that no zone is known is all that may be warned of."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s).*carry no UTC offset", DataQualityWarning)
        return pm.read(path)


@cache
def table_of(path: Path) -> pd.DataFrame:
    """The rows of the file, as pandas reads them."""
    separator = ";" if path.parent.name == "batching" else ","
    return pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False)


def bound(binding: pm.Binding) -> dict[str, Any]:
    return {name: v for name, v in binding.to_plain().items() if name not in DEFAULTS}


@EVERY
def test_the_binding_is_proposed_with_a_reason_for_each_column(
    logs: Path, known: Published
) -> None:
    proposed = pm.inspect(path_of(logs, known.file))
    assert bound(proposed) == known.binding
    assert all(proposed.reason(role) not in ("", "as given") for role in known.binding)


@EVERY
def test_read_binds_what_inspect_proposes(logs: Path, known: Published) -> None:
    path = path_of(logs, known.file)
    log = read(path)
    assert bound(log.binding) == known.binding
    assert log.tz_assumed == ("tz" not in known.binding)
    assert log.tz == known.binding.get("tz", "UTC")


@EVERY
def test_no_row_is_lost_of_the_published_number(logs: Path, known: Published) -> None:
    report = read(path_of(logs, known.file)).import_report
    assert (report.rows_read, report.rows_bound, report.rows_rejected) == (
        known.rows,
        known.rows,
        0,
    )


@EVERY
def test_cases_and_activities_are_as_published_and_as_pandas_counts_them(
    logs: Path, known: Published
) -> None:
    path = path_of(logs, known.file)
    log, table = read(path), table_of(path)
    activities = set(table[known.binding["activity"]])
    assert log.n_cases == known.cases == table[known.binding["case"]].nunique()
    assert set(log.activity.labels.to_pylist()) == activities
    assert known.activities in (None, len(activities))


@EVERY
def test_every_activity_has_the_steps_that_pandas_counts(logs: Path, known: Published) -> None:
    path = path_of(logs, known.file)
    table, steps = table_of(path), pm.steps(read(path))
    if "lifecycle" in known.binding:  # rows are paired: the completions are the steps
        table = table[table[known.binding["lifecycle"]] == "complete"]
    expected = table[known.binding["activity"]].value_counts().to_dict()
    assert steps["activity"].astype("str").value_counts().to_dict() == expected


@EVERY
def test_the_persons_bound_are_counted_and_never_shown(logs: Path, known: Published) -> None:
    path = path_of(logs, known.file)
    log, table = read(path), table_of(path)
    resource = known.binding.get("resource")
    assert (log.resource is None) == (resource is None)
    if log.resource is not None and resource is not None:
        names = set(table[resource]) - {""}
        assert len(log.resource.labels) == len(names)
        assert not names & set(log.resource.labels.to_pylist())
        assert resource not in columns_shown(log)
    assert "resource" not in columns_shown(log)


@EVERY
def test_other_columns_that_name_persons_are_left_out(logs: Path, known: Published) -> None:
    log = read(path_of(logs, known.file))
    assert not set(known.persons) & columns_shown(log)
    for name in known.persons:
        assert any(f"'{name}'" in note for note in log.import_report.notes), name


def columns_shown(log: pm.EventLog) -> set[str]:
    attributes = [*log.case_attributes.column_names, *log.step_attributes.column_names]
    return {*attributes, *log.to_frame(), *pm.steps(log), *pm.cases(log)}


@pytest.mark.parametrize(("file", "variants"), [("helpdesk.csv", 154), ("receipt.csv.gz", 116)])
def test_the_variants_are_as_published(logs: Path, file: str, variants: int) -> None:
    assert len(pm.variants(read(path_of(logs, file)))) == variants


def test_the_times_of_patients_are_those_of_the_bupar_documentation(logs: Path) -> None:
    """Throughput and processing time per case in days, from the manual of edeaR."""
    cases = pm.cases(read(path_of(logs, "interval/patients.csv")))
    days = (cases["ended"] - cases["started"]) / DAY
    found = [days.mean(), days.median(), days.quantile(0.25), days.quantile(0.75)]
    assert found == pytest.approx([6.6763, 6.0855, 4.3139, 8.5867], abs=5e-5)
    assert [days.min(), days.max()] == pytest.approx([1.4961, 23.1068], abs=5e-5)
    assert (cases["processing_time"] / DAY).mean() == pytest.approx(1.1562, abs=5e-5)


def test_the_days_and_dates_of_the_receipt_phase_are_as_published(logs: Path) -> None:
    cases = pm.cases(read(path_of(logs, "receipt.csv.gz")))
    days = (cases["ended"] - cases["started"]) / DAY
    found = [days.median(), days.mean(), days.quantile(0.9)]
    assert found == pytest.approx([0.03, 5.41, 14.10], abs=5e-3)
    assert cases["deadline"].notna().sum() == 1_434
    assert cases["enddate"].notna().sum() == 1_329
    due, ended = (
        pd.to_datetime(cases[name], utc=True, format="ISO8601") for name in ("deadline", "enddate")
    )
    assert (ended > due).sum() == 377
