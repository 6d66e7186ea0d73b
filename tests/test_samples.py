"""procmine must find in the sample log what its generator planted, figure by figure."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import procmine as pm

DAY = pd.Timedelta(days=1)
ROUNDED = 1e-6  # the truth is written with six decimals of a day
KPI_OF = {
    "median": "cycle_time_median",
    "p80": "cycle_time_p80",
    "p90": "cycle_time_p90",
    "mean": "cycle_time_mean",
}

Truth = dict[str, Any]


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "sample_logs"


@pytest.fixture(scope="module")
def truth(folder: Path) -> Truth:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def log(folder: Path, truth: Truth) -> pm.EventLog:
    return pm.read(
        folder / truth["file"], **truth["binding"], tz=truth["tz"], closed=truth["closed"]
    )


@pytest.fixture(scope="module")
def cases(log: pm.EventLog, truth: Truth) -> pd.DataFrame:
    return pm.cases(log, as_of=truth["as_of"])


@pytest.fixture(scope="module")
def steps(log: pm.EventLog) -> pd.DataFrame:
    return pm.steps(log)


@pytest.fixture(scope="module")
def moves(log: pm.EventLog, cases: pd.DataFrame) -> pd.DataFrame:
    """The transitions, with the office of their case and their time in days."""
    table = pm.transitions(log).merge(cases[["case_id", "Oficiu"]], on="case_id")
    return table.assign(days=table["time"] / DAY)


def near(figure: float) -> Any:
    return pytest.approx(figure, abs=ROUNDED)


def quantiles(times: pd.Series) -> dict[str, float]:
    days = times.dropna() / DAY
    shares = {"median": 0.5, "p80": 0.8, "p90": 0.9}
    return {**{name: days.quantile(q) for name, q in shares.items()}, "mean": days.mean()}


def nodes(log: pm.EventLog) -> pd.DataFrame:
    return pm.process_map(log).nodes.astype({"activity": "str"}).set_index("activity")


def edges(log: pm.EventLog) -> pd.DataFrame:
    table = pm.process_map(log).edges.astype({"source": "str", "target": "str"})
    return table.set_index(["source", "target"])


def kpi_values(log: pm.EventLog, truth: Truth, **options: Any) -> pd.DataFrame:
    """The KPI table laid out with a column per KPI."""
    table = pm.kpis(log, as_of=truth["as_of"], **options)
    keys = ["period", *options.get("by", [])]
    return table.pivot(index=keys, columns="kpi", values="value")


def test_the_generator_writes_the_same_bytes_again(
    folder: Path, truth: Truth, tmp_path: Path
) -> None:
    subprocess.run([sys.executable, folder / "generate.py", tmp_path], check=True)
    for name in (truth["file"], "truth.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_export_is_the_one_that_the_truth_was_written_for(
    folder: Path, truth: Truth, log: pm.EventLog
) -> None:
    content = (folder / truth["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == truth["sha256"]
    assert log.sha256 == truth["sha256"]


def test_the_export_is_plain_utf_8_and_small(folder: Path, truth: Truth) -> None:
    content = (folder / truth["file"]).read_bytes()
    header = [*truth["binding"].values(), *truth["case_attributes"]]
    assert content.decode("utf-8").startswith(",".join(header) + "\n")
    assert b"\r" not in content
    assert len(content) < 2_500_000


def test_the_rows_stand_in_the_order_in_which_the_steps_began(
    folder: Path, truth: Truth, steps: pd.DataFrame
) -> None:
    written = pd.read_csv(folder / truth["file"])[truth["binding"]["start"]]
    assert written.is_monotonic_increasing
    assert steps.sort_values("row")["start"].is_monotonic_increasing


def test_every_row_is_imported(log: pm.EventLog, truth: Truth) -> None:
    report = log.import_report
    assert report.rows_read == truth["rows"]
    assert report.rows_bound == truth["rows"]
    assert report.rows_rejected == truth["rejected_rows"] == 0
    assert len(report.rejected) == 0


def test_cases_steps_zone_and_precision_are_as_planted(log: pm.EventLog, truth: Truth) -> None:
    assert log.n_cases == truth["cases"]
    assert log.n_steps == truth["rows"]
    assert log.tz == truth["tz"]
    assert not log.tz_assumed
    assert log.precision == "minute"


def test_the_attributes_of_a_case_are_known_as_such(log: pm.EventLog, truth: Truth) -> None:
    assert set(truth["case_attributes"]) <= set(log.case_attributes.column_names)
    assert not set(truth["case_attributes"]) & set(log.step_attributes.column_names)


def test_all_clerks_are_counted_and_none_is_shown(
    log: pm.EventLog, steps: pd.DataFrame, truth: Truth
) -> None:
    assert log.resource is not None
    assert len(log.resource.labels) == truth["resources"]
    assert "resource" not in steps.columns


def test_the_units_did_as_many_steps_as_planted(steps: pd.DataFrame, truth: Truth) -> None:
    assert steps["unit"].astype("str").value_counts().to_dict() == truth["units"]


def test_open_and_closed_cases_are_as_planted(cases: pd.DataFrame, truth: Truth) -> None:
    states = cases["state"].astype("str").value_counts().to_dict()
    assert states == {"open": truth["open_cases"], "closed": truth["closed_cases"]}


def test_cases_close_with_the_planted_activities(cases: pd.DataFrame, truth: Truth) -> None:
    last = cases.loc[cases["state"] == "closed", "last_activity"].astype("str")
    assert last.value_counts().to_dict() == truth["closing"]
    assert not cases["after_closing"].any()


def test_the_nodes_of_the_map_count_what_was_planted(log: pm.EventLog, truth: Truth) -> None:
    columns = ["steps", "cases", "starts", "ends"]
    assert nodes(log)[columns].to_dict("index") == truth["activities"]


def test_the_edges_of_the_map_count_what_was_planted(log: pm.EventLog, truth: Truth) -> None:
    found = edges(log)
    planted = {(edge["source"], edge["target"]): edge for edge in truth["edges"]}
    assert set(found.index) == set(planted)
    for pair, edge in planted.items():
        row = found.loc[pair]
        assert (row["count"], row["cases"]) == (edge["count"], edge["cases"]), pair
        assert row["median_time"] / DAY == near(edge["median_days"]), pair
        assert row["p90_time"] / DAY == near(edge["p90_days"]), pair


def test_no_step_overlaps_the_next_one(log: pm.EventLog, moves: pd.DataFrame, truth: Truth) -> None:
    assert moves["overlap"].sum() == truth["overlaps"]
    assert edges(log)["overlaps"].sum() == truth["overlaps"]
    assert len(moves) == truth["rows"] - truth["cases"]


def test_the_variants_are_as_planted(log: pm.EventLog, truth: Truth) -> None:
    variants, planted = pm.variants(log), truth["variants"]
    assert len(variants) == planted["count"]
    assert (variants["cases"] == 1).sum() == planted["seen_once"]
    first, most_frequent = variants.iloc[0], planted["most_frequent"]
    assert first["variant"] == " → ".join(most_frequent["activities"])
    assert first["steps"] == len(most_frequent["activities"])
    assert first["cases"] == most_frequent["cases"]
    assert first["share"] == pytest.approx(most_frequent["share"])


def test_cycle_times_are_as_planted(cases: pd.DataFrame, truth: Truth) -> None:
    assert quantiles(cases["cycle_time"]) == near(truth["cycle_time_days"])
    assert cases["cycle_time"].notna().sum() == truth["closed_cases"]


def test_the_offices_differ_as_planted(cases: pd.DataFrame, truth: Truth) -> None:
    groups = dict(list(cases.groupby(cases["Oficiu"].astype("str"))))
    assert set(groups) == set(truth["offices"])
    for office, planted in truth["offices"].items():
        own = groups[office]
        assert len(own) == planted["cases"], office
        assert (own["state"] == "open").sum() == planted["open"], office
        assert (own["state"] == "closed").sum() == planted["closed"], office
        assert quantiles(own["cycle_time"]) == near(planted["cycle_time_days"]), office


def test_the_kpis_of_each_office_and_year_are_as_planted(log: pm.EventLog, truth: Truth) -> None:
    found = kpi_values(log, truth, by=["Oficiu"], period="Y")
    for office, planted in truth["offices"].items():
        for year, figures in planted["years"].items():
            row = found.loc[(year, office)]
            assert row["started"] == figures["started"], (office, year)
            assert row["completed"] == figures["completed"], (office, year)
            for name, value in figures["cycle_time_days"].items():
                assert row[KPI_OF[name]] == near(value), (office, year, name)


def test_open_cases_are_as_old_as_planted(cases: pd.DataFrame, truth: Truth) -> None:
    ages = cases.loc[cases["state"] == "open", "age"] / DAY
    assert ages.median() == near(truth["open_age_days"]["median"])
    assert ages.max() == near(truth["open_age_days"]["longest"])


def test_the_months_are_as_planted(log: pm.EventLog, truth: Truth) -> None:
    found = kpi_values(log, truth, period="M")[["started", "completed", "open"]]
    assert found.astype(int).to_dict("index") == truth["months"]
    assert found["open"].iloc[-1] == truth["open_cases"]


def test_the_weeks_add_up_to_all_cases(log: pm.EventLog, truth: Truth) -> None:
    found = kpi_values(log, truth, period="W")
    assert found["started"].sum() == truth["cases"]
    assert found["completed"].sum() == truth["closed_cases"]


def test_dossiers_were_returned_as_planted(
    log: pm.EventLog, cases: pd.DataFrame, steps: pd.DataFrame, truth: Truth
) -> None:
    planted, found = truth["returns"], nodes(log)
    request, completion = planted["request"], planted["completion"]
    assert found.loc[request, "cases"] == planted["cases"]
    assert found.loc[request, "case_share"] == pytest.approx(planted["share"])
    assert found.loc[request, "steps"] == planted["requests"]
    assert found.loc[completion, "steps"] == planted["completions"]
    times = steps.loc[steps["activity"] == request, "case_id"].value_counts()
    assert (times > 1).sum() == planted["cases_returned_twice_or_more"]
    waiting = cases[(cases["state"] == "open") & (cases["last_activity"] == request)]
    assert len(waiting) == planted["open_and_unanswered"]
    median = edges(log).loc[(request, completion), "median_time"]
    assert median / DAY == near(planted["median_days_to_complete"])


def test_the_committee_decides_on_thursdays_only(
    steps: pd.DataFrame, moves: pd.DataFrame, truth: Truth
) -> None:
    planted = truth["committee"]
    sessions = steps[steps["activity"] == planted["activity"]]
    days = sessions["start"].dt.day_name()
    assert len(sessions) == planted["decisions"]
    assert (days == planted["weekday"]).sum() == planted["decisions_on_weekday"] == len(sessions)
    dates = set(sessions["start"].dt.strftime("%Y-%m-%d"))
    assert len(dates) == planted["session_days"]
    assert dates.isdisjoint(planted["thursdays_without_session"])
    before = moves.loc[moves["target"] == planted["activity"], "days"]
    assert before.median() == near(planted["median_waiting_days"])
    assert (sessions["case_id"].value_counts() > 1).sum() == planted["cases_put_off"]


def test_one_office_is_slow_at_one_step(
    steps: pd.DataFrame, moves: pd.DataFrame, cases: pd.DataFrame, truth: Truth
) -> None:
    planted = truth["slow"]
    before = moves[moves["target"] == planted["activity"]]
    waiting = before.groupby(before["Oficiu"].astype("str"))["days"].median()
    assert waiting.to_dict() == near(planted["median_waiting_days"])
    own = steps[steps["activity"] == planted["activity"]].merge(cases[["case_id", "Oficiu"]])
    days = own["processing_time"] / DAY
    processing = days.groupby(own["Oficiu"].astype("str")).median()
    assert processing.to_dict() == near(planted["median_processing_days"])
    assert waiting.idxmax() == planted["office"]
    assert waiting.max() > 3 * waiting.drop(planted["office"]).max()


def test_only_the_planted_step_is_slow_there(moves: pd.DataFrame, truth: Truth) -> None:
    slow = truth["slow"]
    keys = [moves["target"].astype("str"), moves["Oficiu"].astype("str")]
    grouped = moves.groupby(keys)["days"]
    waiting = grouped.median()[grouped.size() >= 100].unstack()
    longer = waiting[slow["office"]] / waiting.drop(columns=slow["office"]).max(axis=1)
    assert longer.idxmax() == slow["activity"]
    assert longer.drop(slow["activity"]).max() < 1.25


def test_checks_and_examinations_are_repeated_as_planted(steps: pd.DataFrame, truth: Truth) -> None:
    for activity, planted in truth["rework"].items():
        times = steps.loc[steps["activity"] == activity, "case_id"].value_counts()
        assert (times > 1).sum() == planted["cases"], activity
        assert (times - 1).sum() == planted["steps_beyond_first"], activity


def test_only_large_works_are_visited(
    cases: pd.DataFrame, steps: pd.DataFrame, truth: Truth
) -> None:
    planted = truth["site_visits"]
    visits = steps.loc[steps["activity"] == planted["activity"], "case_id"]
    areas = cases.set_index("case_id").loc[visits, "Suprafața (mp)"]
    assert visits.is_unique
    assert len(visits) == planted["cases"]
    assert areas.min() == planted["smallest_area"] > planted["only_above_area"]


def test_nobody_works_on_weekends_on_holidays_or_at_night(
    steps: pd.DataFrame, truth: Truth
) -> None:
    for times in (steps["start"], steps["end"]):
        assert not times.dt.strftime("%Y-%m-%d").isin(set(truth["holidays"])).any()
        friday = times.dt.day_name() == "Friday"
        minute = times.dt.hour * 60 + times.dt.minute
        assert not times.dt.day_name().isin({"Saturday", "Sunday"}).any()
        assert minute.ge(8 * 60).all()
        assert minute[friday].le(14 * 60).all()
        assert minute[~friday].le(16 * 60 + 30).all()


def test_nothing_in_the_log_is_later_than_its_cut_off(steps: pd.DataFrame, truth: Truth) -> None:
    cut_off = pd.Timestamp(truth["as_of"]).tz_localize(truth["tz"])
    assert steps["end"].max() < cut_off
    assert cut_off - steps["end"].max() < 3 * DAY


def test_the_readme_of_the_samples_tells_the_same_figures(folder: Path, truth: Truth) -> None:
    text = " ".join((folder / "README.md").read_text(encoding="utf-8").split())
    returns, committee, slow = truth["returns"], truth["committee"], truth["slow"]
    others = [name for name in truth["offices"] if name != slow["office"]]
    waits, offices = slow["median_waiting_days"], truth["offices"]
    cycle = {name: office["cycle_time_days"]["median"] for name, office in offices.items()}
    for sentence in (
        f"{truth['cases']:,} cases, {truth['rows']:,} rows",
        f"{returns['cases']} cases ({returns['share']:.1%}) were returned".replace("%", " %"),
        f"{returns['cases_returned_twice_or_more']} of them twice or more",
        f"median {returns['median_days_to_complete']:.1f} calendar days",
        f"{returns['open_and_unanswered']} cases stand at that point",
        f"{committee['decisions']:,} decisions fall on a Thursday, on {committee['session_days']}",
        f"{waits[slow['office']]:.1f} days (median) against"
        f" {waits[others[0]]:.1f} and {waits[others[1]]:.1f}",
        f"{cycle[slow['office']]:.1f} days (median) against"
        f" {cycle[others[0]]:.1f} and {cycle[others[1]]:.1f}",
        f"{truth['open_cases']} cases are open",
        f"{truth['resources']} of them",
    ):
        assert sentence in text, sentence
