"""Waiting and its causes in published logs: labelled batches, injected delays, known idle times, conservation."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import procmine as pm
from procmine.kernels import NAT
from procmine.kpi.waiting.batches import KINDS
from procmine.kpi.waiting.split import CAUSES, Split, split

WRAPPER = "Batch Activity"
SECOND, DAY = 1_000_000, 86_400_000_000
ALWAYS = pm.Calendar(tz="UTC", hours={"mon-sun": "00:00-24:00"})
LABELLED = ["Simple_parallel", "XORGatewayVar1_parallel", "Simple_seq_taskbased"]
KIND = {"PARALLEL": "parallel", "SEQUENTIAL_TASKBASED": "sequential"}
LOST = {
    "Insurance_Claims": set(),
    "Insurance_Claims_3_timers": {
        "Determine likelihood of the claim", "Initiate Payment", "Close Claim",
    },
    "Procure_to_Pay_5_timers": {
        "Analyze Purchase Requisition", "Analyze Request for Quotation", "Confirm Purchase Order",
        "Send invoice", "Pay invoice",
    },
}  # fmt: skip
INTERVALS = {
    "interval/Production.csv.gz": {
        "case": "case:concept:name", "activity": "Activity", "start": "start_timestamp",
        "end": "time:timestamp", "resource": "Resource",
    },
    "interval/AcademicCredentials.csv.gz": {
        "case": "case_id", "activity": "activity", "start": "start_time", "end": "end_time",
        "resource": "resource",
    },
    "BPIC12_W_intervals.csv.gz": {
        "case": "case_id", "activity": "activity", "start": "start_time", "end": "end_time",
        "resource": "resource",
    },
}  # fmt: skip


# Batches: the rows that a simulator ran as one are labelled.


@dataclass(frozen=True)
class Labelled:
    """A split, with the label of each of its steps: (batch, activity), None where it ran alone."""

    split: Split
    labels: list[tuple[int, str] | None]
    types: list[str]
    judged: np.ndarray  # without the wrapper rows and the last batch, which may be incomplete

    @property
    def planted(self) -> np.ndarray:
        return np.array([label is not None for label in self.labels])

    @property
    def found(self) -> np.ndarray:
        return self.split.batches.number >= 0


@cache
def labelled(path: Path) -> Labelled:
    rows = pd.read_csv(path, sep=";")
    rows.columns = [name.replace(".", " ") for name in rows.columns]
    known = rows.drop(columns=["Batch Number", "Batch Type", "Cluster Id"])  # the truth stays out
    log = pm.read(
        known, case="Process Instance", activity="Activity Name", start="Start", end="Complete",
        resource="Resources", tz="UTC",
    )  # fmt: skip
    own = rows.iloc[log.row - 1] if log.row.min() == 1 else rows.iloc[log.row]
    assert list(own["Activity Name"]) == list(log.activity.to_categorical())
    numbers = own["Batch Number"].to_numpy(dtype=float)
    wrapper = (own["Activity Name"] == WRAPPER).to_numpy()
    labels = [
        None if np.isnan(number) or is_wrapper else (int(number), activity)
        for number, activity, is_wrapper in zip(numbers, own["Activity Name"], wrapper, strict=True)
    ]
    last = np.nan_to_num(numbers, nan=-1) == np.nanmax(numbers)
    types = [str(name) for name in own["Batch Type"]]
    return Labelled(split(log, calendar=ALWAYS), labels, types, ~wrapper & ~last)


@pytest.mark.parametrize("name", LABELLED)
def test_batches_of_a_simulated_log_are_found_row_by_row(logs: Path, name: str) -> None:
    log = labelled(logs / "batching" / f"{name}.csv.gz")
    planted, found = log.planted[log.judged], log.found[log.judged]
    assert planted.sum() > 900
    assert (planted & found).sum() / found.sum() >= 0.98
    assert (planted & found).sum() / planted.sum() >= 0.98


@pytest.mark.parametrize("name", LABELLED)
def test_a_batch_that_is_found_is_one_batch_of_the_labels_and_of_its_kind(
    logs: Path, name: str
) -> None:
    log = labelled(logs / "batching" / f"{name}.csv.gz")
    of_found, of_label = defaultdict(set), defaultdict(set)
    for row in np.flatnonzero(log.judged & log.planted & log.found):
        number, label = int(log.split.batches.number[row]), log.labels[row]
        of_found[number].add(label)
        of_label[label].add(number)
        assert KINDS[log.split.batches.kind[row]] == KIND[log.types[row]]
    assert all(len(labels) == 1 for labels in of_found.values())
    assert all(len(numbers) == 1 for numbers in of_label.values())


def test_the_whole_wait_of_a_parallel_batch_that_starts_when_complete_is_batching(
    logs: Path,
) -> None:
    log = labelled(logs / "batching" / "Simple_parallel.csv.gz")
    first = log.judged & np.array(log.split.log.activity.to_categorical() == "B")
    wait, batching = log.split.wait[first], log.split.parts["batching"][first]
    np.testing.assert_array_equal(batching, wait)
    assert wait.sum() > 150 * 3_600 * SECOND


def test_steps_that_alternate_case_by_case_are_no_batch_of_one_activity(logs: Path) -> None:
    """One worker does B and C of a case, then B and C of the next: of each activity the next step
    comes minutes after the one before, while the worker does the other, and C is enabled by its B.
    """
    log = labelled(logs / "batching" / "Simple_conccasebased.csv.gz")
    assert log.planted[log.judged].sum() > 1900
    assert not (log.found & log.planted & log.judged).any()
    steps = pm.steps(log.split.log)
    assert set(steps.loc[np.flatnonzero(log.planted), "activity"]) == {"B", "C"}


# Timers: delays that a simulator injected before some activities, which no cause explains.


def calendars_of(path: Path, resources: list[str]) -> dict[str, pm.Calendar]:
    """Return the calendar of every resource, as the model of the simulation says."""
    model = json.loads(path.read_text(encoding="utf-8"))
    hours = {each["id"]: week(each["time_periods"]) for each in model["resource_calendars"]}
    of_pool = {
        pool["name"]: pm.Calendar(tz="UTC", hours=hours[pool["calendar"]], years=(2023, 2025))
        for profile in model["resource_profiles"]
        for pool in profile["resource_list"]
    }
    return {name: of_pool[name.rstrip("0123456789").rstrip("_")] for name in resources}


def week(periods: list[dict[str, str]]) -> dict[str, str]:
    short = {"MONDAY": "mon", "FRIDAY": "fri", "SUNDAY": "sun"}
    return {
        f"{short[each['from']]}-{short[each['to']]}": f"{each['beginTime'][:5]}-{each['endTime'][:5]}"
        for each in periods
    }


@cache
def unexplained(folder: Path, name: str) -> tuple[pd.Series, pd.Series]:
    """Return seconds without a cause, and seconds that were injected, by activity."""
    rows = pd.read_csv(folder / f"{name}.csv.gz")
    resources = sorted(rows["resource"].dropna().unique())
    log = pm.read(
        rows.drop(columns="extraneous_delay"), case="case_id", activity="activity", start="start_time",
        end="end_time", resource="resource", resources="name", tz="UTC",
    )  # fmt: skip
    found = split(log, calendar=calendars_of(folder / f"{name}.json", resources))
    rest = found.parts["unexplained"]
    table = pd.DataFrame(
        {
            "activity": log.activity.to_categorical().astype("str"),
            "seconds": np.where(rest == NAT, 0, rest) / SECOND,
        }
    )
    injected = rows.groupby("activity")["extraneous_delay"].sum()
    return table.groupby("activity")["seconds"].sum(), injected


@pytest.mark.parametrize("name", LOST)
def test_the_activities_that_lose_time_without_a_cause_are_those_with_injected_delays(
    logs: Path, name: str
) -> None:
    seconds, injected = unexplained(logs / "timers", name)
    assert set(injected[injected > 0].index) == LOST[name]  # the truth, which was never input
    top = seconds.sort_values(ascending=False)
    assert set(top.index[: len(LOST[name])]) == LOST[name]


@pytest.mark.parametrize("name", LOST)
def test_no_other_activity_loses_more_than_a_second_a_step_without_a_cause(
    logs: Path, name: str
) -> None:
    """So `none` is judged: what remains is at most a second a step in all, of hundreds of hours waited."""
    seconds, _ = unexplained(logs / "timers", name)
    others = seconds[~seconds.index.isin(LOST[name])]
    assert len(others) >= 4
    assert others.max() < 1.0
    assert seconds[list(LOST[name])].min() > 3_600 if LOST[name] else True


@pytest.mark.parametrize("name", LOST)
def test_no_activity_loses_more_without_a_cause_than_was_injected(logs: Path, name: str) -> None:
    seconds, injected = unexplained(logs / "timers", name)
    for activity in LOST[name]:
        assert seconds[activity] <= injected[activity] * 1.001 + 1, activity


# Idle and processing times of the `patients` log, as the documentation of bupaR gives them.


@cache
def patients(folder: Path) -> pd.DataFrame:
    log = pm.read(
        folder / "interval" / "patients.csv", case="patient", activity="handling", timestamp="time",
        lifecycle="registration_type", instance="handling_id", resource="employee", tz="UTC",
        resources="name",
    )  # fmt: skip
    return pm.steps(log)


def idle(steps: pd.DataFrame) -> pd.Timedelta:
    """Return the time between the first start and the last end in which none of the steps went on."""
    ordered = steps.sort_values(["start", "end"])
    gaps = ordered["start"].iloc[1:].to_numpy() - ordered["end"].cummax().iloc[:-1].to_numpy()
    return pd.Series(gaps).clip(lower=pd.Timedelta(0)).sum()


def test_processing_and_idle_time_of_patients_are_those_of_the_bupar_documentation(
    logs: Path,
) -> None:
    steps = patients(logs)
    by = steps.groupby("case_id")
    through = (by["end"].max() - by["start"].min()) / pd.Timedelta(days=1)
    worked = by["processing_time"].sum() / pd.Timedelta(days=1)
    idles = by[["start", "end"]].apply(idle) / pd.Timedelta(days=1)
    assert through.mean() == pytest.approx(6.6763, abs=5e-5)
    assert worked.mean() == pytest.approx(1.1562, abs=5e-5)
    assert idles.mean() == pytest.approx(5.5201, abs=5e-5)
    assert worked.mean() + idles.mean() == pytest.approx(through.mean())


def test_the_idle_time_of_every_resource_of_patients_is_that_of_the_bupar_documentation(
    logs: Path,
) -> None:
    found = patients(logs).groupby("resource")[["start", "end"]].apply(idle)
    days = {str(name): round(time / pd.Timedelta(days=1), 4) for name, time in found.items()}
    assert days == {
        "r7": 464.4199, "r1": 450.2124, "r4": 442.6260, "r5": 430.1764, "r3": 429.1064,
        "r6": 425.5362, "r2": 214.7436,
    }  # fmt: skip


# Conservation on whole logs.


@cache
def whole(path: Path, name: str, order: str, **options: Any) -> Split:
    log = pm.read(path / name, tz="UTC", **INTERVALS[name])
    return split(log, calendar=ALWAYS, order=order, **options)


@pytest.mark.parametrize("order", ["concurrency", "sequence"])
@pytest.mark.parametrize("name", INTERVALS)
def test_the_causes_of_every_step_sum_to_its_wait(logs: Path, name: str, order: str) -> None:
    found = whole(logs, name, order)
    known = found.wait != NAT
    parts = np.array([found.parts[cause] for cause in CAUSES])
    assert known.sum() > 4_000
    assert (found.wait[known] >= 0).all()
    assert (parts[:, known] >= 0)[parts[:, known] != NAT].all()
    total = np.where(parts == NAT, 0, parts).sum(axis=0)
    np.testing.assert_array_equal(total[known], found.wait[known])
    assert (parts[:, ~known] == NAT).all()


@pytest.mark.parametrize("name", INTERVALS)
def test_contention_is_missing_exactly_where_a_step_has_no_resource(logs: Path, name: str) -> None:
    found = whole(logs, name, "concurrency")
    assert found.log.resource is not None
    computable = (found.log.resource.codes >= 0) & (found.wait != NAT)
    for cause in ("contention", "prioritisation"):
        np.testing.assert_array_equal(found.parts[cause] != NAT, computable)


@pytest.mark.parametrize("name", INTERVALS)
def test_with_order_sequence_a_step_waits_no_longer_than_with_concurrency(
    logs: Path, name: str
) -> None:
    """Every earlier step is a dependency, so that nothing is enabled before what it depends on."""
    sequence, concurrency = whole(logs, name, "sequence"), whole(logs, name, "concurrency")
    both = (sequence.wait != NAT) & (concurrency.wait != NAT)
    assert (sequence.wait[both] <= concurrency.wait[both]).all()
