"""What is in protocol_gr.xlsx is what its truth says, read with openpyxl alone."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

openpyxl = pytest.importorskip("openpyxl", reason="reads the workbook")

Truth = dict[str, Any]
Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def truth(truth_of: Callable[[str], Truth]) -> Truth:
    return truth_of("protocol_gr")


@pytest.fixture(scope="module")
def sheet(folder: Path, truth: Truth) -> Any:
    return openpyxl.load_workbook(folder / truth["file"])[truth["sheet"]]


@pytest.fixture(scope="module")
def rows(sheet: Any) -> dict[int, Row]:
    return dict(enumerate(sheet.iter_rows(values_only=True), 1))


@pytest.fixture(scope="module")
def events(rows: dict[int, Row]) -> dict[int, Row]:
    """The rows that hold a movement, by their number in Excel."""
    return {place: row for place, row in rows.items() if isinstance(row[1], datetime)}


@pytest.fixture(scope="module")
def cases(events: dict[int, Row]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, row in events.items():
        found.setdefault(row[0], []).append(place)
    return found


def at(row: Row) -> datetime:
    return datetime.combine(row[1].date(), row[2] or time())


def folded(text: str) -> str:
    """Fold accents, capitals and the final sigma."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("ς", "σ")


def test_the_header_has_two_rows_with_merged_groups(
    sheet: Any, rows: dict[int, Row], truth: Truth
) -> None:
    first = truth["binding"]["header"][0]
    groups = [group for group, names in truth["groups"].items() for _ in names]
    above = [cell for cell in rows[first] if cell is not None]
    below = [name for names in truth["groups"].values() for name in names]
    assert above == [*truth["groups"], truth["columns"][-1]]
    assert list(rows[first + 1]) == [*below, None]
    merged = {str(span) for span in sheet.merged_cells.ranges}
    assert {f"A{first}:D{first}", f"E{first}:G{first}", f"H{first}:H{first + 1}"} <= merged
    joined = {f"{group} {name}" for group, names in truth["groups"].items() for name in names}
    bound = (truth["binding"][role] for role in ("case", "activity", "resource", "unit"))
    assert {*bound, *truth["binding"]["timestamp"]} <= joined
    assert len(groups) + 1 == len(truth["columns"]) == len(set(truth["columns"]))


def test_what_stands_between_the_movements_is_what_the_truth_says(
    rows: dict[int, Row], events: dict[int, Row], truth: Truth
) -> None:
    first = truth["binding"]["header"][0]
    headers = [place for place, row in rows.items() if row == rows[first]]
    blank = [place for place, row in rows.items() if set(row) == {None} and place > first]
    totals = [place for place, row in rows.items() if str(row[0]).startswith("Σύνολο")]
    assert len(rows) == truth["rows_of_the_sheet"]
    assert headers == truth["header_rows"]
    assert all(rows[place + 1] == rows[first + 1] for place in headers)
    assert blank == truth["blank_rows"]
    found = [{"row": place, "text": rows[place][0], "count": rows[place][4]} for place in totals]
    assert found == truth["totals"]
    assert len(events) + 2 * len(headers) + len(blank) + len(totals) + 3 == len(rows)
    per_year = Counter(row[1].year for row in events.values())
    assert [total["count"] for total in truth["totals"]] == [per_year[2024], per_year[2025]]


def test_the_cases_and_events_are_those_of_the_truth(
    events: dict[int, Row], cases: dict[str, list[int]], truth: Truth
) -> None:
    closing = {folded(name) for name in truth["binding"]["closed"]}
    closed = [key for key, places in cases.items() if folded(events[places[-1]][4]) in closing]
    assert (len(cases), len(events)) == (truth["cases"], truth["events"])
    assert len(closed) == truth["closed_cases"]
    assert len(cases) - len(closed) == truth["open_cases"]
    assert Counter(row[5] for row in events.values()) == truth["units"]
    assert len({row[6] for row in events.values()}) == truth["resources"]
    assert Counter(events[places[0]][3] for places in cases.values()) == truth["kinds"]
    assert all(len({events[place][3] for place in places}) == 1 for places in cases.values())
    assert all(key[:5].isdigit() and key[5:] in ("/2024", "/2025") for key in cases)


def test_the_actions_are_written_in_several_ways_that_fold_to_one(
    events: dict[int, Row], truth: Truth
) -> None:
    written = Counter(row[4] for row in events.values())
    meant: Counter[str] = Counter()
    for name, count in written.items():
        meant[folded(name)] += count
    assert written == truth["activities_as_written"]
    assert meant == {folded(name): count for name, count in truth["activities"].items()}
    assert len(written) > 2 * len(truth["activities"])
    closing = {folded(name) for name in truth["binding"]["closed"]}
    assert (
        sorted(name for name in written if folded(name) in closing) == truth["closing_as_written"]
    )


def test_dates_and_times_of_day_stand_in_two_columns(events: dict[int, Row], truth: Truth) -> None:
    untimed = [place for place, row in events.items() if row[2] is None]
    assert untimed == truth["events_without_time_of_day"]
    assert all(row[1].time() == time() for row in events.values())
    assert all(row[2] is None or isinstance(row[2], time) for row in events.values())
    timed = [at(row) for row in events.values() if row[2] is not None]
    assert timed == sorted(timed)


def test_the_times_of_clock_changes_are_those_of_the_truth(
    events: dict[int, Row], truth: Truth
) -> None:
    zone, utc = ZoneInfo(truth["tz"]), ZoneInfo("UTC")
    ambiguous, absent = [], []
    for row in events.values():
        first, second = (at(row).replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            exists = first.astimezone(utc).astimezone(zone).replace(tzinfo=None) == at(row)
            (ambiguous if exists else absent).append(f"{at(row):%Y-%m-%d %H:%M}")
    assert ambiguous == truth["ambiguous_times"]
    assert absent == truth["non_existent_times"]


def test_the_days_to_the_end_are_those_of_the_truth(
    events: dict[int, Row],
    cases: dict[str, list[int]],
    truth: Truth,
    spread: Callable[[Iterable[float]], Any],
) -> None:
    zone, closing = ZoneInfo(truth["tz"]), {folded(name) for name in truth["binding"]["closed"]}
    odd = {*truth["ambiguous_times"], *truth["non_existent_times"]}
    days = []
    for places in cases.values():
        first, last = events[places[0]], events[places[-1]]
        known = last[2] is not None and f"{at(first):%Y-%m-%d %H:%M}" not in odd
        if known and folded(last[4]) in closing:
            times = [at(row).replace(tzinfo=zone).timestamp() for row in (first, last)]
            days.append((times[1] - times[0]) / 86_400)
    assert truth["days_elapsed"] == spread(days)


def test_the_story_is_that_of_the_truth(
    events: dict[int, Row], cases: dict[str, list[int]], truth: Truth
) -> None:
    batch = [row for row in events.values() if row[7] == "ομαδική αποστολή"]
    assert len(batch) == truth["sent_in_batches_at_13"]
    assert {row[2] for row in batch} - {None} == {time(13)}
    request = folded("Αίτημα συμπλήρωσης")
    back = [p for p in cases.values() if any(folded(events[n][4]) == request for n in p)]
    assert len(back) == truth["cases_with_requests"]
    pairs = [(events[a], events[b]) for places in cases.values() for a, b in pairwise(places)]
    ties = [a for a, b in pairs if a[2] and b[2] and at(a) == at(b)]
    assert len(ties) == truth["ties"]
    assert all(at(b) - at(a) > timedelta() for a, b in pairs if a[2] and b[2])


def test_the_waits_for_the_batch_and_for_the_applicant_are_those_of_the_truth(
    events: dict[int, Row],
    cases: dict[str, list[int]],
    truth: Truth,
    waits: Callable[[Iterable[float]], Any],
) -> None:
    zone = ZoneInfo(truth["tz"])
    pairs = [(events[a], events[b]) for places in cases.values() for a, b in pairwise(places)]
    for name, remark in (("batch_of_friday_at_13", "ομαδική αποστολή"), ("applicant", None)):
        planted = truth["waiting"][name]
        ends = [folded(planted[end]) for end in ("source", "activity")]
        own = [(a, b) for a, b in pairs if [folded(a[4]), folded(b[4])] == ends and b[7] == remark]
        timed = [pair for pair in own if None not in (pair[0][2], pair[1][2])]
        found = [
            (at(b).replace(tzinfo=zone).timestamp() - at(a).replace(tzinfo=zone).timestamp())
            / 86_400
            for a, b in timed
        ]
        assert len(own) - len(timed) == planted["without_time_of_day"]
        assert {key: planted[key] for key in ("waits", "days", "median_days")} == waits(found)
    assert len(own) == truth["activities"]["Προσκόμιση εγγράφων"]


def test_the_examples_stand_on_their_rows(
    events: dict[int, Row], cases: dict[str, list[int]], truth: Truth
) -> None:
    for example in truth["examples"]:
        assert cases[example["case"]] == example["rows"]
        assert [events[place][4] for place in example["rows"]] == example["actions"]
        times = [f"{at(events[place]):%Y-%m-%d %H:%M}" for place in example["rows"]]
        assert times == example["times"]
