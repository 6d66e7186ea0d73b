"""The public logs give the published counts and the figures that other tools found in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import procmine as pm
from procmine.kernels import NAT

DAY = 86_400_000_000
Load = Callable[..., pm.EventLog]

# Cases, events, activities and variants, an event per row; then median, mean and 90th percentile of
# the days from the first to the last event.
COUNTS = {
    "road_fines.xes.gz": (150_370, 561_470, 11, 231, (198.04, 341.68, 787.00)),
    "receipt.xes.gz": (1_434, 8_577, 27, 116, (0.03, 5.41, 14.10)),
    "receipt.csv.gz": (1_434, 8_577, 27, 116, (0.03, 5.41, 14.10)),
    "BPIC15_1.xes.gz": (1_199, 52_217, 398, 1_170, (61.37, 95.72, 196.50)),
    "BPIC15_2.xes.gz": (832, 44_354, 410, 828, (108.48, 160.11, 330.37)),
    "BPIC15_1f.xes.gz": (902, 21_656, 70, 295, (60.70, 93.31, 187.70)),
    "BPIC15_2f.xes.gz": (681, 24_678, 82, 420, (104.40, 152.84, 324.37)),
    "BPIC20_DomesticDeclarations.xes.gz": (10_500, 56_437, 17, 99, (7.33, 11.53, 20.12)),
    "BPIC12.xes.gz": (13_087, 262_200, 24, 4_366, (0.81, 8.62, 30.46)),
    "BPIC13_closed_problems.xes.gz": (1_487, 6_660, 4, 183, (82.02, 178.88, 527.58)),
    "SEPSIS.xes.gz": (1_050, 15_214, 16, 846, (5.34, 28.47, 92.73)),
    "helpdesk.csv": (3_804, 13_710, 9, 154, None),
}
INTERVALS = {
    "interval/Production.csv.gz": (225, 4_953, 26, 48),
    "interval/AcademicCredentials.csv.gz": (954, 4_928, 16, 559),
}


@pytest.fixture(scope="session")
def load(logs: Path) -> Load:
    """Read a public log once; the columns are those that procmine proposes."""

    @cache
    def read(name: str, **options: Any) -> pm.EventLog:
        return pm.read(logs / name, **options)

    return read


def an_event_per_row(load: Load, name: str) -> pm.EventLog:
    return (
        load(name, lifecycle=None, tz="UTC")
        if name == "helpdesk.csv"
        else load(name, lifecycle=None)
    )


def days(log: pm.EventLog) -> np.ndarray:
    last = np.maximum.reduceat(log.last, log.offsets[:-1])
    return (last - log.first[log.offsets[:-1]]) / DAY


@pytest.mark.parametrize("name", COUNTS)
def test_cases_events_activities_and_variants_are_the_published_ones(load: Load, name: str) -> None:
    log = an_event_per_row(load, name)
    found = (log.n_cases, log.n_steps, len(log.activity.labels), len(pm.variants(log)))
    assert found == COUNTS[name][:4]
    assert log.import_report.rows_read == log.import_report.rows_bound == log.n_steps


@pytest.mark.parametrize("name", [name for name in COUNTS if COUNTS[name][4] is not None])
def test_days_from_first_to_last_event_are_the_published_ones(load: Load, name: str) -> None:
    length = days(an_event_per_row(load, name))
    found = (np.median(length), length.mean(), np.quantile(length, 0.9))
    # the table gives two decimals, and that of road_fines one for the 90th percentile
    assert found == pytest.approx(COUNTS[name][4], abs=0.0051)


def test_the_cycle_times_of_cases_are_those_days(load: Load) -> None:
    log = an_event_per_row(load, "receipt.xes.gz")
    cycle_time = pm.cases(log)["cycle_time"].dt.total_seconds() / 86_400
    assert cycle_time.to_numpy() == pytest.approx(days(log))


@pytest.mark.parametrize("name", INTERVALS)
def test_rows_with_start_and_end_are_steps(load: Load, name: str) -> None:
    log = load(name, tz="UTC", resources="name")
    assert log.resource is not None
    assert log.start is not None
    found = (log.n_cases, log.n_steps, len(log.activity.labels), len(log.resource.labels))
    assert found == INTERVALS[name]
    assert (log.start != NAT).all()


def test_the_work_items_of_bpic12_have_start_and_end(load: Load) -> None:
    log = load("BPIC12_W_intervals.csv.gz", tz="UTC")
    assert (log.n_cases, log.n_steps, len(log.activity.labels)) == (8_616, 59_302, 6)


def test_xes_and_csv_of_the_receipt_log_bind_to_the_same_log(load: Load) -> None:
    xes, csv = (an_event_per_row(load, f"receipt.{kind}.gz") for kind in ("xes", "csv"))

    def steps(log: pm.EventLog) -> set[tuple[str, str, int]]:
        cases = log.case_labels.take(log.case_codes).to_pylist()
        activities = log.activity.labels.take(log.activity.codes).to_pylist()
        return set(zip(cases, activities, log.end.tolist(), strict=True))

    assert steps(xes) == steps(csv)
    assert xes.tz == csv.tz == "CET"


def test_bpic12_pairs_by_activity(load: Load) -> None:
    log = load("BPIC12.xes.gz")
    assert log.start is not None
    started, ended = log.start != NAT, log.end != NAT
    found = [int(which.sum()) for which in (started & ended, ~started, ~ended)]
    assert found == [71_373, 93_133, 3]
    report = log.import_report
    assert "71,373 pairs, 93,133 ends alone" in report.notes[0]
    assert "3 starts alone" in report.notes[0]
    # every row that is in no step is listed: all are of the transition SCHEDULE
    assert set(report.rejected["value"]) == {"SCHEDULE"}
    assert report.rows_bound == 2 * 71_373 + 93_133 + 3
    assert report.rows_read == report.rows_bound + report.rows_rejected == 262_200


def test_status_names_are_not_taken_for_a_lifecycle(load: Load) -> None:
    log = load("BPIC13_closed_problems.xes.gz")
    assert log.n_steps == 6_660
    assert log.start is None


def test_patients_throughput_and_processing_of_bupar(load: Load) -> None:
    log = load("interval/patients.csv", tz="UTC")
    assert (log.n_cases, log.n_steps, len(log.activity.labels)) == (500, 2_721, 7)
    assert log.import_report.rows_read == 2 * log.n_steps == 5_442
    cases = pm.cases(log)
    throughput = cases["cycle_time"].dt.total_seconds().to_numpy() / 86_400
    processing = cases["processing_time"].dt.total_seconds().to_numpy() / 86_400
    figures = [throughput.mean(), *np.quantile(throughput, [0, 0.25, 0.5, 0.75, 1])]
    assert figures == pytest.approx([6.6763, 1.4961, 4.3139, 6.0855, 8.5867, 23.1068], abs=5e-5)
    assert processing.mean() == pytest.approx(1.1562, abs=5e-5)
    # idle time, which bupaR gives as 5.5201: here no two steps of a case overlap
    assert not pm.transitions(log)["overlap"].any()
    assert (throughput - processing).mean() == pytest.approx(5.5201, abs=5e-5)


@pytest.mark.parametrize("kind", ["xes", "csv"])
def test_receipt_has_an_end_date_on_1329_of_1434_cases(load: Load, kind: str) -> None:
    log = an_event_per_row(load, f"receipt.{kind}.gz")
    prefix = "case:" if "case:enddate" in log.case_attributes.column_names else ""
    ended, due = log.case_attributes[f"{prefix}enddate"], log.case_attributes[f"{prefix}deadline"]
    assert (len(ended), len(ended) - ended.null_count) == (1_434, 1_329)
    assert due.null_count == 0


@pytest.mark.parametrize("kind", ["xes", "csv"])
def test_the_end_column_of_receipt_closes_1329_cases(logs: Path, kind: str) -> None:
    log = pm.read(logs / f"receipt.{kind}.gz", closed={"column": "case:enddate"})
    assert log.closed_at is not None
    assert int((log.closed_at != NAT).sum()) == 1_329
    states = pm.cases(log)["state"].value_counts()
    assert (states["closed"], states["open"]) == (1_329, 105)


def test_receipt_dates_pass_their_limits_as_often_as_published(load: Load) -> None:
    log = an_event_per_row(load, "receipt.xes.gz")
    dates = pm.cases(log)[["enddate", "deadline", "enddate_planned"]]
    local = dates.apply(lambda column: column.dt.tz_convert("Europe/Amsterdam").dt.normalize())
    for table, expected in ((dates, [377, 389]), (local, [309, 322])):
        late = [(table["enddate"] > table[due]).sum() for due in ("deadline", "enddate_planned")]
        assert late == expected
    # the last event is not the end of a case
    assert (pm.cases(log)["ended"] > dates["deadline"]).sum() == 92


def test_road_fines_are_dates_with_12018_ties(load: Load) -> None:
    log = an_event_per_row(load, "road_fines.xes.gz")
    assert (log.precision, log.tz) == ("day", "CET")
    assert log.import_report.notes[-1].startswith(
        "steps with the same time as the one before them: 12,018;"
    )
    assert log.resource is not None
    assert (log.resource.codes >= 0).mean() == pytest.approx(0.27, abs=0.005)


@pytest.mark.parametrize("name", ["BPIC15_1.xes.gz", "BPIC15_2.xes.gz"])
def test_dutch_offsets_propose_central_european_time(load: Load, name: str) -> None:
    assert an_event_per_row(load, name).tz == "CET"
    tied = {"BPIC15_1.xes.gz": "23,556", "BPIC15_2.xes.gz": "23,161"}[name]
    last = an_event_per_row(load, name).import_report.notes[-1]
    assert last.startswith(f"steps with the same time as the one before them: {tied};")


def test_the_filtered_permits_carry_the_offset_of_another_continent(load: Load) -> None:
    log = an_event_per_row(load, "BPIC15_1f.xes.gz")
    assert log.tz == "UTC+10:00"
    assert "every time seen" in log.import_report.reasons["tz"]


def test_columns_of_the_public_logs_that_name_persons_are_left_out(load: Load) -> None:
    permits = an_event_per_row(load, "BPIC15_1.xes.gz")
    columns = {*permits.step_attributes.column_names, *permits.case_attributes.column_names}
    assert not columns & {"monitoringResource", "Responsible_actor", "case:Responsible_actor"}
    assert any("'monitoringResource'" in note for note in permits.import_report.notes)
