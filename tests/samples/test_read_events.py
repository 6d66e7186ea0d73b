"""protocol_gr.xlsx, permits_nl.xes.gz and history.parquet are read as their truths say in detail."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

import procmine as pm
from tests.samples.truths import FOLDER, cases_of, log_of, steps_of, truth_for

PROTOCOL, PERMITS, HISTORY = "protocol_gr", "permits_nl", "history"
DAY, SECOND = pd.Timedelta(days=1), pd.Timedelta(seconds=1)

Spread = Callable[[Iterable[float]], Any]


@cache
def instances() -> dict[int, str]:
    """The instance of every row of the permits: the events are numbered from 1, as the log does."""
    root = ElementTree.fromstring(gzip.decompress((FOLDER / "permits_nl.xes.gz").read_bytes()))
    texts = [
        {item.get("key"): item.get("value") for item in event}
        for event in root.iter()
        if event.tag.endswith("event")
    ]
    return {row: str(text["concept:instance"]) for row, text in enumerate(texts, 1)}


@cache
def permit_steps() -> pd.DataFrame:
    steps = steps_of(PERMITS)
    return steps.assign(instance=steps["row"].map(instances()))


def findings(stem: str, kind: str) -> list[tuple[int, tuple[int, ...]]]:
    found = log_of(stem).import_report.findings
    return [(finding.count, finding.rows) for finding in found if finding.kind == kind]


def units(stem: str) -> dict[str, int]:
    return steps_of(stem)["unit"].value_counts().to_dict()


@pytest.mark.parametrize("stem", [PROTOCOL, PERMITS])
def test_the_units_did_as_many_steps_as_planted(stem: str) -> None:
    assert units(stem) == truth_for(stem)["units"]


def test_the_kinds_are_an_attribute_of_the_cases() -> None:
    for stem, column in ((PROTOCOL, "Εισερχόμενο Είδος"), (PERMITS, "zaaktype")):
        found = cases_of(stem)[column].astype("str").value_counts().to_dict()
        assert found == truth_for(stem)["kinds"]


# protocol_gr.xlsx


def test_repeated_headers_and_totals_are_rejected_with_their_rows() -> None:
    truth, table = truth_for(PROTOCOL), log_of(PROTOCOL).import_report.rejected
    headers = [row for first in truth["header_rows"][1:] for row in (first, first + 1)]
    totals = {total["row"]: total["text"] for total in truth["totals"]}
    assert table.loc[table["reason"] == "repeated header", "row"].tolist() == headers
    found = table[table["reason"] == "totals row"]
    assert dict(zip(found["row"], found["value"], strict=True)) == totals
    assert len(table) == len(headers) + len(totals)


def test_blank_rows_are_counted_and_all_rows_of_the_sheet_are_accounted_for() -> None:
    truth, report = truth_for(PROTOCOL), log_of(PROTOCOL).import_report
    blank = len(truth["blank_rows"])
    assert f"empty rows left out: {blank}" in report.notes
    before = truth["binding"]["header"][-1]
    assert report.rows_read + blank + before == truth["rows_of_the_sheet"]


def test_spellings_without_accents_or_in_capitals_are_one_activity() -> None:
    truth = truth_for(PROTOCOL)
    written, meant = truth["activities_as_written"], truth["activities"]
    others = sum(count for name, count in written.items() if name not in meant)
    assert [count for count, _ in findings(PROTOCOL, "spelling")] == [others]
    assert set(steps_of(PROTOCOL)["activity"]) == set(meant)


def test_times_at_the_clock_changes_are_counted_with_their_rows() -> None:
    truth = truth_for(PROTOCOL)
    found = dict(sorted(findings(PROTOCOL, "clock_change"), reverse=True))
    odd = [len(truth["ambiguous_times"]), len(truth["non_existent_times"])]
    assert list(found) == odd
    first = {e["rows"][0]: e["times"][0] for e in truth["examples"]}
    at = [[first[row] for row in rows] for rows in found.values()]
    assert at == [truth["ambiguous_times"], truth["non_existent_times"]]


@pytest.mark.parametrize(("change", "offset"), [("first", "+0300"), ("last", "+0200")])
def test_a_time_that_occurred_twice_is_the_first_or_the_last(change: str, offset: str) -> None:
    truth = truth_for(PROTOCOL)
    steps = pm.steps(log_of(PROTOCOL, clock_change=change)).set_index("row")
    for example in truth["examples"]:
        if example["times"][0] in truth["ambiguous_times"]:
            found = steps.loc[example["rows"][0], "end"].strftime("%Y-%m-%d %H:%M%z")
            assert found == example["times"][0] + offset


def test_a_time_that_never_was_is_the_first_after_it() -> None:
    truth, steps = truth_for(PROTOCOL), steps_of(PROTOCOL).set_index("row")
    (example,) = [e for e in truth["examples"] if e["times"][0] in truth["non_existent_times"]]
    found = steps.loc[example["rows"][0], "end"]
    assert found.strftime("%Y-%m-%d %H:%M%z") == "2025-03-30 04:00+0300"


def test_dates_without_a_clock_time_are_counted_with_their_rows() -> None:
    rows = truth_for(PROTOCOL)["events_without_time_of_day"]
    assert findings(PROTOCOL, "no_clock_time") == [(len(rows), tuple(rows))]


def test_a_movement_without_a_clock_time_keeps_its_place_in_the_book() -> None:
    steps = steps_of(PROTOCOL)
    rows = steps.groupby("case_id", sort=False)["row"]
    assert rows.agg(lambda own: own.is_monotonic_increasing).all()


def protocol_days() -> pd.Series:
    """The days of the closed cases that the truth speaks of."""
    truth, cases, steps = truth_for(PROTOCOL), cases_of(PROTOCOL), steps_of(PROTOCOL)
    odd = {row for _, rows in findings(PROTOCOL, "clock_change") for row in rows}
    last = steps.groupby("case_id")["row"].max()
    untimed = last.index[last.isin(truth["events_without_time_of_day"])]
    left_out = {*untimed, *steps.loc[steps["row"].isin(odd), "case_id"]}
    closed = cases[(cases["state"] == "closed") & ~cases.index.isin(left_out)]
    return closed["cycle_time"] / DAY


def test_the_days_of_the_protocol_are_as_planted(spread: Spread) -> None:
    assert truth_for(PROTOCOL)["days_elapsed"] == spread(protocol_days())


def test_the_days_of_cases_that_do_not_begin_at_midnight_are_as_many_as_planted() -> None:
    days, planted = protocol_days(), truth_for(PROTOCOL)["days_elapsed"]
    assert len(days) == planted["n"]
    assert days.median() == pytest.approx(planted["median"], abs=1e-6)


def test_papers_leave_in_batches_and_come_back_as_planted() -> None:
    truth, steps = truth_for(PROTOCOL), steps_of(PROTOCOL)
    back = steps.loc[steps["activity"] == "Αίτημα συμπλήρωσης", "case_id"].nunique()
    assert back == truth["cases_with_requests"]
    ends = steps.loc[steps["activity"] == "Διεκπεραίωση", "end"]
    untimed = steps["row"].isin(truth["events_without_time_of_day"])
    unknown = (untimed & (steps["activity"] == "Διεκπεραίωση")).sum()
    at_13 = (ends.dt.strftime("%H:%M") == "13:00").sum()
    assert truth["sent_in_batches_at_13"] - unknown <= at_13 <= truth["sent_in_batches_at_13"] + 5


def test_the_examples_of_the_protocol_have_their_rows_and_times() -> None:
    truth, steps = truth_for(PROTOCOL), steps_of(PROTOCOL)
    for example in truth["examples"]:
        own = steps[steps["case_id"] == example["case"]]
        times = own["end"].dt.strftime("%Y-%m-%d %H:%M").tolist()
        assert own["row"].tolist() == example["rows"]
        skip = example["times"][0] in truth["non_existent_times"]
        assert times[skip:] == example["times"][skip:]
        assert (cases_of(PROTOCOL).loc[example["case"], "state"] == "closed") == example["closed"]


def test_leading_zeros_of_the_protocol_number_stay() -> None:
    assert cases_of(PROTOCOL).index.str.fullmatch(r"\d{5}/202[45]").all()


# permits_nl.xes.gz


def test_the_lifecycle_is_paired_by_instance() -> None:
    truth, steps = truth_for(PERMITS), permit_steps()
    assert steps["instance"].is_unique
    assert steps["end"].isna().sum() == truth["open_steps"]
    paired = truth["steps"] - truth["open_steps"]
    assert any(f"{paired:,} pairs" in note for note in log_of(PERMITS).import_report.notes)


def test_the_suspended_time_of_every_step_is_as_planted() -> None:
    planted, steps = truth_for(PERMITS)["suspended"], permit_steps()
    seconds = (steps["suspended_time"] / SECOND).set_axis(steps["instance"])
    assert seconds[seconds > 0].to_dict() == planted["seconds_per_step"]
    of = steps.groupby("activity")["suspended_time"].sum() / SECOND
    assert of[of > 0].to_dict() == planted["seconds_of"]
    assert (seconds > 0).sum() == planted["steps"]


def test_processing_times_without_halts_are_as_planted(spread: Spread) -> None:
    steps = permit_steps().dropna(subset=["processing_time"])
    grouped = steps.groupby("activity")["processing_time"]
    found = {activity: spread(times / DAY) for activity, times in grouped}
    assert truth_for(PERMITS)["processing_days_without_suspended"] == found


def test_the_days_of_the_permits_are_as_planted(spread: Spread) -> None:
    cycle = cases_of(PERMITS)["cycle_time"].dropna()
    assert truth_for(PERMITS)["days_elapsed"] == spread(cycle / DAY)


def test_withdrawn_and_broken_off_steps_end() -> None:
    steps = permit_steps().set_index("instance")
    for planted in truth_for(PERMITS)["broken_off"].values():
        step = steps.loc[planted["instance"]]
        assert step["case_id"] == planted["case"]
        assert pd.notna(step["end"])


def test_advice_at_once_is_paired_as_planted() -> None:
    truth, steps = truth_for(PERMITS), permit_steps()
    advice = steps[steps["activity"] == "Advies inwinnen"].sort_values(["start", "instance"])
    late = steps["start"].max() + 1_000 * DAY
    groups = [own for _, own in advice.groupby("case_id") if len(own) == 2]
    pairs = [(own["start"].tolist(), own["end"].fillna(late).tolist()) for own in groups]
    at_once = [(starts, ends) for starts, ends in pairs if ends[0] > starts[1]]
    assert len(at_once) == truth["two_advices_at_once"]
    assert sum(e[1] < e[0] for _, e in at_once) == truth["second_advice_ends_first"]


def test_the_examples_of_the_permits_are_paired_to_the_second() -> None:
    steps, cases = permit_steps(), cases_of(PERMITS)
    for example in truth_for(PERMITS)["examples"]:
        own = steps[steps["case_id"] == example["case"]].set_index("instance")
        assert set(own.index) == {step["instance"] for step in example["steps"]}
        for planted in example["steps"]:
            step = own.loc[planted["instance"]]
            assert step["activity"] == planted["activity"]
            assert step["start"] == pd.Timestamp(planted["start"])
            if planted["end"] is None:
                assert pd.isna(step["end"])
            else:
                assert step["end"] == pd.Timestamp(planted["end"])
            assert step["suspended_time"] / SECOND == planted["suspended_seconds"]
        assert (cases.loc[example["case"], "state"] == "closed") == example["closed"]


def test_the_offsets_propose_a_zone_with_the_same_instants() -> None:
    proposed = pm.read(FOLDER / truth_for(PERMITS)["file"])
    assert (proposed.tz, proposed.tz_assumed) == ("CET", False)
    ends = pm.steps(proposed)["end"].dt.tz_convert("UTC")
    pd.testing.assert_series_equal(ends, steps_of(PERMITS)["end"].dt.tz_convert("UTC"))


# history.parquet


def kept(planted: dict[str, int]) -> dict[str, int]:
    """Statuses or teams less what the annulled ticket adds to them."""
    counts = dict(planted)
    for statuses in truth_for(HISTORY)["annulled"].values():
        for status in statuses:
            counts[status] -= 1
    return {name: count for name, count in counts.items() if count}


def test_an_annulled_ticket_is_rejected_whole() -> None:
    table = log_of(HISTORY).import_report.rejected
    planted = [s for statuses in truth_for(HISTORY)["annulled"].values() for s in statuses]
    assert sorted(table["value"]) == sorted(planted)
    assert not set(truth_for(HISTORY)["annulled"]) & set(cases_of(HISTORY).index)


def test_the_statuses_at_the_end_are_as_planted() -> None:
    found = cases_of(HISTORY)["last_activity"].astype("str").value_counts().to_dict()
    planted = truth_for(HISTORY)["status_at_the_end"]
    assert found == {status: n for status, n in planted.items() if status != "Annullata"}


def test_the_moves_are_the_paths_of_the_map_but_where_a_change_was_lost() -> None:
    """A lost change parts what was entered from what was left; the path is of what was entered."""
    truth = truth_for(HISTORY)
    edges = pm.process_map(log_of(HISTORY)).edges.astype({"source": "str", "target": "str"})
    found = dict(zip(edges["source"] + " → " + edges["target"], edges["count"], strict=True))
    planted = Counter(truth["moves"])
    for statuses in truth["annulled"].values():
        planted.subtract(f"{source} → {target}" for source, target in pairwise(statuses))
    steps = steps_of(HISTORY)
    for case, lost in truth["breaks"].items():
        at = (steps["case_id"] == case) & (steps["end"] == pd.Timestamp(lost["at"]))
        (target,) = steps.loc[at, "activity"]
        planted.subtract([f"{lost['left']} → {target}"])
        planted.update([f"{lost['entered']} → {target}"])
    assert found == {move: count for move, count in planted.items() if count}


def test_the_teams_made_as_many_changes_as_planted() -> None:
    planted, found = truth_for(HISTORY)["units"], units(HISTORY)
    annulled = sum(map(len, truth_for(HISTORY)["annulled"].values()))
    less = {team: count - found[team] for team, count in planted.items()}
    assert set(found) == set(planted)
    assert sum(less.values()) == annulled
    assert all(0 <= count <= annulled for count in less.values())


def test_the_status_before_is_kept_as_an_attribute_of_the_step() -> None:
    truth, steps = truth_for(HISTORY), steps_of(HISTORY)
    assert steps["old_status"].isna().sum() == truth["without_old_status"] - len(truth["annulled"])


def test_a_reopened_ticket_is_closed_at_its_last_closing(spread: Spread) -> None:
    truth, cases, steps = truth_for(HISTORY), cases_of(HISTORY), steps_of(HISTORY)
    assert truth["days_elapsed"] == spread(cases["cycle_time"].dropna() / DAY)
    reopened = set(steps.loc[steps["activity"] == "Riaperta", "case_id"])
    assert len(reopened) == truth["reopened_cases"]
    assert (cases.loc[list(reopened), "state"] == "open").sum() == truth["reopened_and_open"]


def test_the_days_to_the_first_and_the_last_closing_are_as_planted(spread: Spread) -> None:
    truth, steps, cases = truth_for(HISTORY), steps_of(HISTORY), cases_of(HISTORY)
    closings = steps[steps["activity"] == "Chiusa"].groupby("case_id")["end"]
    for name, ends in (("first", closings.min()), ("last", closings.max())):
        days = (ends - cases.loc[ends.index, "started"]) / DAY
        assert truth[f"days_elapsed_to_{name}_closing"] == spread(days)


def test_ties_are_told_and_ordered_by_the_row() -> None:
    truth, log = truth_for(HISTORY), log_of(HISTORY)
    assert any(
        note.startswith("steps with the same time") and f": {truth['ties']};" in note
        for note in log.import_report.notes
    )
    rows = steps_of(HISTORY).groupby("case_id")["row"]
    assert rows.agg(lambda own: own.is_monotonic_increasing).all()


def test_utc_times_are_counted_by_the_office_s_date() -> None:
    truth, steps, cases = truth_for(HISTORY), steps_of(HISTORY), cases_of(HISTORY)
    closing = steps.loc[steps["activity"] == "Chiusa", "end"]
    at_19 = (closing.dt.day_name() == "Friday") & (closing.dt.strftime("%H:%M:%S") == "19:00:00")
    assert at_19.sum() == truth["closed_on_friday_at_19"]
    utc = cases["started"].dt.tz_convert("UTC").dt.strftime("%d")
    assert (cases["started"].dt.strftime("%d") != utc).sum() == truth["new_on_another_day_in_utc"]


def test_the_months_have_as_many_new_tickets_as_planted() -> None:
    truth = truth_for(HISTORY)
    table = pm.kpis(log_of(HISTORY), period="M", as_of=truth["as_of"])
    started = table[table["kpi"] == "started"].set_index("period")["value"].astype(int)
    annulled = started.sum() - sum(truth["started_per_local_month"].values())
    assert annulled == -len(truth["annulled"])
    planted = dict(truth["started_per_local_month"])
    planted["2025-03"] -= 1  # the annulled ticket came in on 24 March
    assert started.to_dict() == planted


def test_the_examples_of_the_history_are_read_to_the_millisecond() -> None:
    truth, steps = truth_for(HISTORY), steps_of(HISTORY)
    for example in truth["examples"]:
        if example["case"] in truth["annulled"]:
            continue
        own = steps[steps["case_id"] == example["case"]]
        assert own["activity"].tolist() == example["statuses"]
        assert own["end"].tolist() == [pd.Timestamp(time) for time in example["times"]]
