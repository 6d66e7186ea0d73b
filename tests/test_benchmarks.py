"""The benchmarks run, compare results before they compare times, and say nothing of the machine's folders."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.agree import difference
from benchmarks.files import Files, write_files
from benchmarks.generate import ACTIVITIES, RESOURCES, UNITS, generate
from benchmarks.parts import packed_order
from benchmarks.race import Contender, race
from benchmarks.report import race_table
from benchmarks.settings import CLOSING
from benchmarks.waiting import scanned

EVENTS = 1500
FIGURES = pd.DataFrame({"variant": ["A", "B"], "cases": [3, 1], "median": [5.0, np.nan]})


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return write_files(tmp_path_factory.mktemp("benchmarks"), EVENTS, xes=True)


def test_the_whole_harness_runs_on_a_small_log(root: Path, files: Files, tmp_path: Path) -> None:
    target = tmp_path / "RESULTS.md"
    command = [sys.executable, "-m", "benchmarks", "--peers", "polars", "--rounds", "1"]
    command += ["--events", str(EVENTS), "--large", "3000", "--import-rounds", "1"]
    command += ["--data", str(files.folder), "--results", str(target)]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    text = target.read_text("utf-8")
    assert "| polars | " in text
    assert "differs:" not in text
    assert str(root) not in text
    assert str(files.folder) not in text


@pytest.mark.parametrize("peer", ["pm4py", "polars", "duckdb", "r4pm"])
def test_a_peer_finds_the_same_as_procmine(peer: str, files: Files) -> None:
    if find_spec(peer) is None:
        pytest.skip(f"{peer} is not installed; `make bench` installs it")
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.races"]
    command += [str(files.folder), str(EVENTS), "1", f"procmine,{peer}"]
    root = Path(__file__).resolve().parent.parent
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert f'"name": "{peer}' in run.stdout
    assert run.stdout.count('"difference"') == run.stdout.count('"difference": null')


def test_a_generated_log_is_the_same_for_the_same_seed() -> None:
    first, again, other = generate(500, 7), generate(500, 7), generate(500, 8)
    assert first.table().equals(again.table())
    assert not first.table().equals(other.table())


def test_a_generated_log_holds_every_label_and_cases_of_every_kind() -> None:
    log = generate(60_000, 7)
    assert 60_000 <= len(log) < 60_100
    for codes, labels in ((log.activity, ACTIVITIES), (log.resource, RESOURCES), (log.unit, UNITS)):
        assert sorted(np.unique(codes)) == list(range(len(labels)))
    closing = np.isin(log.activity, [ACTIVITIES.index(label) for label in CLOSING])
    closed_cases = len(np.unique(log.case[closing]))
    assert 0.8 < closed_cases / (log.case.max() + 1) < 1


def test_the_steps_of_a_generated_case_neither_overlap_nor_touch() -> None:
    log = generate(5000, 7)
    same_case = log.case[1:] == log.case[:-1]
    assert (log.end > log.start).all()
    assert (log.start[1:] > log.end[:-1])[same_case].all()


def test_the_scan_per_event_finds_what_the_resource_was_busy_with() -> None:
    """Steps of three cases: the third waits 5 µs while its clerk does two others at once for 2 of them."""
    case, clerk = np.array([0, 1, 2, 2]), np.array([0, 0, 1, 0])
    start, end = np.array([10, 13, 5, 15]), np.array([15, 15, 10, 20])
    found = scanned(np.arange(1, 5), case, clerk, start, end)
    assert found["row"].tolist() == [4]
    assert found["waiting_time"].tolist() == [pd.Timedelta(5, "us")]
    # from 10 to 13 the step enabled at 10, as early as this one; from 13 to 15 it and one enabled at 13
    assert found["contention"].tolist() == [pd.Timedelta(4, "us")]
    assert found["prioritisation"].tolist() == [pd.Timedelta(1, "us")]


def test_the_parts_of_a_scan_are_whole_and_what_remains_goes_to_the_larger() -> None:
    case, clerk = np.array([0, 1, 2, 2]), np.array([0, 0, 1, 0])
    start, end = np.array([10, 10, 5, 13]), np.array([13, 13, 10, 20])
    start[1] = 11  # one of the two is enabled later
    found = scanned(np.arange(1, 5), case, clerk, start, end)
    assert found["contention"].tolist() == [pd.Timedelta(2, "us")]
    assert found["prioritisation"].tolist() == [pd.Timedelta(1, "us")]


def test_tables_that_differ_in_order_only_agree() -> None:
    assert difference(FIGURES, FIGURES.iloc[::-1]) is None


def test_a_count_that_is_off_by_one_is_a_difference() -> None:
    other = FIGURES.assign(cases=[3, 2])
    assert difference(FIGURES, other) == "cases of 'B' is 2 in place of 1"


def test_a_time_may_differ_by_a_microsecond_and_no_more() -> None:
    assert difference(FIGURES, FIGURES.assign(median=[6.0, np.nan])) is None
    assert "median of 'A'" in str(difference(FIGURES, FIGURES.assign(median=[7.0, np.nan])))


def test_a_missing_time_is_no_zero() -> None:
    assert "median of 'B'" in str(difference(FIGURES, FIGURES.fillna(0.0)))


def test_a_column_may_be_lacking_only_where_it_is_said() -> None:
    other = FIGURES.drop(columns="median")
    assert difference(FIGURES, other) == "it lacks median"
    assert difference(FIGURES, other, lacks=["median"]) is None


def test_other_keys_and_other_numbers_of_rows_are_differences() -> None:
    assert difference(FIGURES, FIGURES.head(1)) == "1 rows in place of 2"
    assert difference(FIGURES, FIGURES.assign(variant=["A", "C"])) == "other variant values"


def test_a_contender_with_another_result_gets_no_time_and_no_ratio() -> None:
    other = FIGURES.assign(cases=[4, 1])
    contenders = [
        Contender("first", FIGURES.copy, pd.DataFrame.copy),
        Contender("second", other.copy, pd.DataFrame.copy),
        Contender("part", partial(len, FIGURES)),
    ]
    lines = race_table(race("test", contenders, rounds=2)).splitlines()
    assert lines[3] == "| second | – | – | – | – | differs: cases of 'A' is 4 in place of 3 |"
    assert lines[2].endswith("| 2 | 1.00 | the same |")
    assert lines[4].endswith("| not compared |")


@pytest.mark.parametrize("cases", [3, 1 << 40])
def test_the_packed_sort_orders_by_case_and_start(cases: int) -> None:
    rng = np.random.default_rng(3)
    case = rng.integers(0, cases, 2000)
    start = rng.permutation(2000) * 1_000_000
    np.testing.assert_array_equal(packed_order(case, start), np.lexsort([start, case]))
