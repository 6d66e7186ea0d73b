"""quality(log) finds in the five exports what their truths say was planted."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

import procmine as pm
from tests.samples.truths import log_of, truth_for


@cache
def found(stem: str) -> pd.DataFrame:
    return pm.quality(log_of(stem), as_of=truth_for(stem)["as_of"])


def counts(stem: str, check: str) -> list[int]:
    """What a check counted, largest first."""
    table = found(stem)
    return sorted(table.loc[table["check"] == check, "count"].tolist(), reverse=True)


def test_dates_that_stand_for_none_are_told_by_column() -> None:
    planted = truth_for("suap_it")["sentinels"]
    table = counts("suap_it", "sentinel_dates")
    assert sum(table) == sum(planted.values())
    assert planted["31/12/9999"] in table


def test_two_decisions_of_the_wrong_year_are_unusual_starts() -> None:
    assert counts("suap_it", "unusual_starts") == [len(truth_for("suap_it")["wrong_year"])]


def test_ties_of_the_history_are_told() -> None:
    assert counts("history", "tied_steps") == [truth_for("history")["ties"]]


def test_steps_of_the_permits_without_an_end_are_told() -> None:
    assert counts("permits_nl", "missing_values") == [truth_for("permits_nl")["open_steps"]]


def test_the_batch_of_friday_evening_is_told() -> None:
    assert counts("history", "date_only") == [truth_for("history")["closed_on_friday_at_19"]]


def test_registers_of_dates_are_told_to_have_no_times_of_day() -> None:
    for stem in ("petitions_ro", "suap_it"):
        assert counts(stem, "date_only") == [truth_for(stem)["events"]], stem


def test_the_missing_numbers_of_the_petitions_are_those_of_the_truth() -> None:
    sheets = truth_for("petitions_ro")["sheets"].values()
    missing = sum(len(sheet["missing_numbers"]) for sheet in sheets)
    assert counts("petitions_ro", "number_gaps") == [missing]


def test_no_number_of_the_tickets_is_missing() -> None:
    assert counts("history", "number_gaps") == []


def test_the_changes_that_were_lost_are_told() -> None:
    lost = len(truth_for("history")["breaks"])
    table = found("history")
    assert table["column"].eq("old_status").any()
    assert lost in table.loc[table["column"] == "old_status", "count"].tolist()


@pytest.mark.parametrize("stem", ["petitions_ro", "suap_it", "protocol_gr", "history"])
def test_rows_that_are_rightly_left_out_are_not_told_as_losses(stem: str) -> None:
    table = found(stem)
    affects = table.loc[table["check"] == "rejected_rows", "affects"]
    assert not affects.str.contains("all counts: too low").any()


@pytest.mark.parametrize("planted", ["ambiguous_times", "events_without_time_of_day"])
def test_doubtful_clock_times_of_the_protocol_are_told(planted: str) -> None:
    truth, table = truth_for("protocol_gr"), found("protocol_gr")
    clock = table[table["finding"].str.contains("clock")]
    assert len(truth[planted]) in clock["count"].tolist()
