"""procmine reads the five invented exports as their truths say, with their binding and with nothing but the file."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import procmine as pm
from tests.samples.truths import FOLDER, STEMS, Truth, truth_for

MODES = ("given", "proposed")
DAY = pd.Timedelta(days=1)

Read = Callable[[str], pm.EventLog]


@cache
def log_of(stem: str, mode: str) -> pm.EventLog:
    """Read an export with the binding of its truth, or with the zone of the office alone."""
    truth = truth_for(stem)
    binding = truth["binding"] if mode == "given" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return pm.read(FOLDER / truth["file"], tz=truth["tz"], **binding)


@pytest.fixture(params=STEMS)
def truth(request: pytest.FixtureRequest) -> Truth:
    return truth_for(request.param)


@pytest.fixture(params=MODES)
def log(request: pytest.FixtureRequest, truth: Truth) -> pm.EventLog:
    return log_of(Path(truth["file"]).name.split(".")[0], request.param)


@pytest.fixture
def given(truth: Truth) -> pm.EventLog:
    return log_of(Path(truth["file"]).name.split(".")[0], "given")


def annulled_cases(log: pm.EventLog, truth: Truth) -> dict[str, list[str]]:
    """The cases that the truth counts although they are annulled, where the log leaves them out."""
    annulled = truth["annulled"] if truth["shape"].startswith("status history") else {}
    return annulled if log.binding.annulled is not None else {}


def activities(log: pm.EventLog, truth: Truth) -> dict[str, int]:
    """The steps per activity; one that the proposal calls otherwise under the name of its column."""
    columns = {activity: column for column, activity in log.binding.milestones.items()}
    found = pm.steps(log)["activity"].astype("str").value_counts().to_dict()
    return {columns.get(activity, activity): count for activity, count in found.items()}


def planted_activities(log: pm.EventLog, truth: Truth) -> dict[str, int]:
    planted = dict(truth.get("activities") or truth["events_of"])
    for statuses in annulled_cases(log, truth).values():
        for status in statuses:
            planted[status] -= 1
    return {activity: count for activity, count in planted.items() if count}


def names_of(log: pm.EventLog) -> set[str]:
    """Every column that a table of the log may show."""
    tables = (log.case_attributes, log.step_attributes)
    names = {name for table in tables for name in table.column_names}
    return names.union(log.to_frame(), pm.steps(log), pm.cases(log))


def test_the_log_is_of_the_file_that_the_truth_was_written_for(
    log: pm.EventLog, truth: Truth
) -> None:
    assert log.sha256 == log.import_report.sha256 == truth["sha256"]


def test_no_row_is_lost(log: pm.EventLog) -> None:
    report = log.import_report
    assert report.rows_read == report.rows_bound + report.rows_rejected
    assert report.rows_rejected == len(report.rejected)
    assert (report.rejected["reason"] != "").all()


def test_cases_and_steps_are_as_planted(log: pm.EventLog, truth: Truth) -> None:
    annulled = annulled_cases(log, truth)
    steps = truth.get("steps", truth["events"])
    assert log.n_cases == truth["cases"] - len(annulled)
    assert log.n_steps == steps - sum(map(len, annulled.values()))


def test_the_rows_bound_are_the_events_planted(log: pm.EventLog, truth: Truth) -> None:
    annulled = sum(map(len, annulled_cases(log, truth).values()))
    assert log.import_report.rows_bound == truth["events"] - annulled


def test_every_activity_has_as_many_steps_as_planted(log: pm.EventLog, truth: Truth) -> None:
    assert activities(log, truth) == planted_activities(log, truth)


def test_the_zone_is_the_office_s_and_the_times_are_as_exact_as_written(
    log: pm.EventLog, truth: Truth
) -> None:
    assert (log.tz, log.tz_assumed) == (truth["tz"], False)
    assert log.precision == truth["precision"]


def test_persons_and_free_text_are_in_no_table(log: pm.EventLog, truth: Truth) -> None:
    personal = {*truth.get("personal", {}), truth["binding"].get("resource")} - {None}
    assert not personal & names_of(log)
    assert "resource" not in names_of(log)


def test_no_value_of_a_personal_column_is_in_a_table(log: pm.EventLog, truth: Truth) -> None:
    codes = {e[key] for e in truth["examples"] for key in ("code", "subject") if key in e}
    tables = (log.to_frame(), pm.steps(log), pm.cases(log), log.import_report.rejected)
    written = {str(value) for table in tables for name in table for value in table[name].unique()}
    assert not codes & written


def test_the_column_left_out_as_personal_is_told(log: pm.EventLog, truth: Truth) -> None:
    notes = [note for note in log.import_report.notes if note.startswith("left out as")]
    for name in truth.get("personal", {}):
        assert any(f"'{name}'" in note for note in notes), name


def test_the_persons_who_worked_are_counted(given: pm.EventLog, truth: Truth) -> None:
    found = 0 if given.resource is None else len(given.resource.labels)
    assert found == truth.get("resources", 0)
    assert given.binding.resources == "anonymous"


def test_open_and_closed_cases_are_as_planted(given: pm.EventLog, truth: Truth) -> None:
    states = pm.cases(given, as_of=truth["as_of"])["state"].astype("str").value_counts()
    assert states.to_dict() == {"closed": truth["closed_cases"], "open": truth["open_cases"]}


def test_every_case_is_closed_with_nothing_after_it_or_counted_as_such(
    given: pm.EventLog, truth: Truth
) -> None:
    cases = pm.cases(given, as_of=truth["as_of"])
    closed = cases["state"] == "closed"
    assert cases.loc[closed, "closed_at"].notna().all()
    assert cases.loc[~closed, "closed_at"].isna().all()
    assert not cases.loc[closed, "after_closing"].any()


def test_a_log_written_as_parquet_is_read_again_with_every_figure(
    given: pm.EventLog, truth: Truth, tmp_path: Path
) -> None:
    given.to_parquet(tmp_path / "log.parquet")
    again = pm.read(tmp_path / "log.parquet")
    assert (again.n_cases, again.n_steps, again.tz) == (given.n_cases, given.n_steps, given.tz)
    for table in (pm.cases, pm.steps):
        pd.testing.assert_frame_equal(table(again), table(given), check_dtype=False)


def test_a_binding_that_is_saved_reads_the_same_log(
    given: pm.EventLog, truth: Truth, tmp_path: Path
) -> None:
    given.binding.save(tmp_path / "binding.yaml")
    again = pm.read(FOLDER / truth["file"], binding=tmp_path / "binding.yaml")
    pd.testing.assert_frame_equal(pm.cases(again), pm.cases(given))


def test_a_clerk_s_first_look_is_a_proposal_with_reasons(truth: Truth) -> None:
    proposed = pm.inspect(FOLDER / truth["file"])
    assert proposed.complete()
    assert all(proposed.reason(role) not in ("", "as given") for role in proposed.shown())
