"""What is in history.parquet is what its truth says, read with pyarrow alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Truth = dict[str, Any]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def truth(truth_of: Callable[[str], Truth]) -> Truth:
    return truth_of("history")


@pytest.fixture(scope="module")
def table(folder: Path, truth: Truth) -> pa.Table:
    return pq.read_table(folder / truth["file"])


@pytest.fixture(scope="module")
def rows(table: pa.Table) -> list[Row]:
    return table.to_pylist()


@pytest.fixture(scope="module")
def tickets(rows: list[Row]) -> dict[str, list[Row]]:
    """The changes of each ticket, in the order of the file."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["ticket"], []).append(row)
    return found


def statuses(changes: list[Row]) -> list[str]:
    return [change["new_status"] for change in changes]


def figures(planted: Truth) -> Truth:
    return {name: planted[name] for name in ("waits", "days", "median_days")}


def days(earlier: Row, later: Row) -> float:
    return (later["changed_at"] - earlier["changed_at"]).total_seconds() / 86_400


def test_the_columns_are_text_and_times_in_utc(table: pa.Table, truth: Truth) -> None:
    assert table.column_names == truth["columns"]
    assert table.schema.field("ticket").type == pa.string()
    assert table.schema.field("changed_at").type == pa.timestamp("ms", "UTC")
    assert truth["times_are_in"] == "UTC"
    for name in ("old_status", "new_status", "team"):
        assert pa.types.is_dictionary(table.schema.field(name).type)


def test_the_changes_stand_in_the_order_of_their_times(rows: list[Row], truth: Truth) -> None:
    times = [row["changed_at"] for row in rows]
    assert times == sorted(times)
    as_of = datetime.fromisoformat(truth["as_of"]).replace(tzinfo=ZoneInfo(truth["tz"]))
    assert times[-1] <= as_of


def test_the_tickets_and_changes_are_those_of_the_truth(
    rows: list[Row], tickets: dict[str, list[Row]], truth: Truth
) -> None:
    last = Counter(statuses(changes)[-1] for changes in tickets.values())
    moves = Counter(f"{r['old_status']} → {r['new_status']}" for r in rows if r["old_status"])
    assert (len(tickets), len(rows)) == (truth["cases"], truth["events"])
    assert Counter(row["new_status"] for row in rows) == truth["activities"]
    assert Counter(row["team"] for row in rows) == truth["units"]
    assert moves == truth["moves"]
    assert sum(row["old_status"] is None for row in rows) == truth["without_old_status"]
    assert all(changes[0]["old_status"] is None for changes in tickets.values())
    assert last == truth["status_at_the_end"]
    assert last["Chiusa"] == truth["closed_cases"]
    assert len(tickets) - last["Chiusa"] - last["Annullata"] == truth["open_cases"]


def test_one_ticket_is_annulled(tickets: dict[str, list[Row]], truth: Truth) -> None:
    found = {
        key: statuses(changes)
        for key, changes in tickets.items()
        if statuses(changes)[-1] == "Annullata"
    }
    assert found == truth["annulled"]
    assert len(found) == 1


def test_reopened_tickets_are_those_of_the_truth(
    tickets: dict[str, list[Row]], truth: Truth
) -> None:
    reopened = [changes for changes in tickets.values() if "Riaperta" in statuses(changes)]
    standing = [changes for changes in reopened if statuses(changes)[-1] != "Chiusa"]
    assert len(reopened) == truth["reopened_cases"]
    assert len(standing) == truth["reopened_and_open"] > 0


def test_three_chains_are_broken_where_the_truth_says(
    tickets: dict[str, list[Row]], truth: Truth
) -> None:
    found = {
        key: {
            "entered": a["new_status"],
            "left": b["old_status"],
            "at": b["changed_at"].isoformat(timespec="milliseconds"),
        }
        for key, changes in tickets.items()
        for a, b in pairwise(changes)
        if a["new_status"] != b["old_status"]
    }
    assert found == truth["breaks"]
    assert len(found) == 3


def test_times_that_matter_are_those_of_the_truth(
    rows: list[Row], tickets: dict[str, list[Row]], truth: Truth
) -> None:
    zone = ZoneInfo(truth["tz"])
    local = [(row, row["changed_at"].astimezone(zone)) for row in rows]
    batch = [
        at
        for row, at in local
        if row["new_status"] == "Chiusa" and at.weekday() == 4 and f"{at:%H:%M:%S}" == "19:00:00"
    ]
    new = [(row["changed_at"], at) for row, at in local if row["new_status"] == "Nuova"]
    ties = sum(
        a["changed_at"] == b["changed_at"]
        for changes in tickets.values()
        for a, b in pairwise(changes)
    )
    assert len(batch) == truth["closed_on_friday_at_19"] > truth["activities"]["Chiusa"] / 2
    assert sum(a.date() != b.date() for a, b in new) == truth["new_on_another_day_in_utc"] > 0
    assert Counter(f"{at:%Y-%m}" for _, at in new) == truth["started_per_local_month"]
    assert ties == truth["ties"]


def test_the_days_to_the_closing_are_those_of_the_truth(
    tickets: dict[str, list[Row]], truth: Truth, spread: Callable[[Iterable[float]], Any]
) -> None:
    closed = [c for c in tickets.values() if statuses(c)[-1] == "Chiusa"]
    once = [c for c in tickets.values() if "Chiusa" in statuses(c)]
    assert truth["days_elapsed"] == spread(days(c[0], c[-1]) for c in closed)
    first = (days(c[0], c[statuses(c).index("Chiusa")]) for c in once)
    assert truth["days_elapsed_to_first_closing"] == spread(first)
    last = (days(c[0], [x for x in c if x["new_status"] == "Chiusa"][-1]) for c in once)
    assert truth["days_elapsed_to_last_closing"] == spread(last)


def test_the_waits_for_the_friday_and_for_the_citizen_are_those_of_the_truth(
    tickets: dict[str, list[Row]], truth: Truth, waits: Callable[[Iterable[float]], Any]
) -> None:
    zone, planted = ZoneInfo(truth["tz"]), truth["waiting"]
    pairs = [pair for changes in tickets.values() for pair in pairwise(changes)]

    def of(name: str, *, at: str = "") -> list[float]:
        ends = planted[name]["source"], planted[name]["activity"]
        return [
            days(a, b)
            for a, b in pairs
            if (a["new_status"], b["new_status"]) == ends
            and f"{b['changed_at'].astimezone(zone):%w %H:%M:%S}".startswith(at)
        ]

    friday = of("closing_on_friday_at_19", at="5 19:00:00")
    assert figures(planted["closing_on_friday_at_19"]) == waits(friday)
    assert len(friday) == truth["closed_on_friday_at_19"]
    assert max(friday) <= 7
    assert figures(planted["citizen"]) == waits(of("citizen"))


def test_the_examples_are_in_the_history(tickets: dict[str, list[Row]], truth: Truth) -> None:
    for example in truth["examples"]:
        changes = tickets[example["case"]]
        times = [change["changed_at"].isoformat(timespec="milliseconds") for change in changes]
        assert statuses(changes) == example["statuses"]
        assert times == example["times"]
        assert (example["statuses"][-1] == "Chiusa") == example["closed"]
