"""Small logs that wait, with answers that can be worked out by hand, and the hand-made logs with known ones."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bound import numbered, path
from tests.kpi.oracle_waiting import EPOCH, MICROSECOND, WeeklyHours
from tests.oracle import DAY, HOUR, MINUTE, SECOND, Step

MONDAY = (datetime(2026, 3, 2, tzinfo=UTC) - EPOCH) // MICROSECOND


def at(clock: str, day: int = 0) -> int:
    """A time of Monday, 2 March 2026, or so many days later."""
    hour, minute = clock.split(":")
    return MONDAY + day * DAY + int(hour) * HOUR + int(minute) * MINUTE


def during(begin: str, end: str) -> tuple[int, int]:
    return at(begin), at(end)


def both_orders(**times: Any) -> list[Step]:
    """A, then B and C in one order in one case and in the other order in another."""
    first = [during("09:00", "10:00"), during("10:00", "11:00"), during("12:00", "13:00")]
    return numbered(path("1", "ABC", first), path("2", "ACB", first))


def one_other_way(often: int) -> list[Step]:
    """B before C in so many cases, C before B in one."""
    times = [during("09:00", "10:00"), during("10:00", "11:00")]
    cases = [path(str(i), "BC", times) for i in range(often)]
    return numbered(*cases, path("x", "CB", times))


def looping(often: int) -> list[Step]:
    """A, B, A so often in one case, and B, A, B once less."""
    names = "AB" * often + "A"
    clocks = [(MONDAY + i * HOUR, MONDAY + (i + 1) * HOUR) for i in range(len(names))]
    return numbered(path("1", names, clocks))


SESSIONS = [at("10:00", 7 * week) for week in range(5)]


def committee(minute: str, weeks: int = 5, per_day: int = 4, **options: Any) -> list[Step]:
    """A on its day, then "Committee" on Mondays: so many files in each session, one after the other."""
    return numbered(
        *[
            path(
                f"{week}.{n}",
                ["A", "Committee"],
                [
                    (at("10:00", 7 * week - 4), at("11:00", 7 * week - 4)),
                    (at(minute, 7 * week), at(minute, 7 * week) + HOUR),
                ],
                **options,
            )
            for week in range(weeks)
            for n in range(per_day)
        ]
    )


def committee_besides(others: int, day: int = 0) -> list[Step]:
    """Twenty files on Mondays at ten, and others at other times of the same weekday, or some days later."""
    rest = [
        path(
            f"x{n}",
            ["Committee"],
            [(at("12:00", 7 * (n % 5) + day) + n * MINUTE, at("20:00", 7 * (n % 5) + day))],
        )
        for n in range(others)
    ]
    return numbered(committee("10:00"), *rest)


def weekly(others_on_monday: int) -> list[Step]:
    """Committee at another hour on each of 20 Mondays; of 20 others so many on Mondays too."""
    cases = [path(f"c{i}", ["Committee"], [at("08:00", 7 * i) + i * 7 * MINUTE]) for i in range(20)]
    for i in range(20):
        day = 0 if i < others_on_monday else 1 + i % 4
        cases.append(path(f"o{i}", ["Other"], [at("08:00", 7 * i + day) + i * 11 * MINUTE]))
    return numbered(*cases)


USUAL = WeeklyHours({day: [("10:00", "20:00")] for day in range(5)})
MARCUS = WeeklyHours({day: [("10:00", "12:00"), ("12:30", "20:00")] for day in range(5)})
COLUMNS = {
    "wt_batching": "batching",
    "wt_contention": "contention",
    "wt_prioritization": "prioritisation",
    "wt_unavailability": "unavailability",
    "wt_extraneous": "unexplained",
}


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def instant_of(text: str) -> int:
    time = datetime.fromisoformat(text)
    return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - EPOCH) // MICROSECOND


def duration_of(text: str) -> int:
    """Such as "0 days 02:30:00", or "0 days"."""
    found = re.fullmatch(r"(\d+) days(?: (\d+):(\d+):(\d+))?", text)
    assert found is not None, text
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND


Handoff = tuple[str, str, str, str]


def expected_handoffs(file: Path) -> dict[Handoff, dict[str, int]]:
    """Per hand-off (source, its resource, target, its resource): the wait, and each cause."""
    return {
        (r["source_activity"], r["source_resource"], r["target_activity"], r["target_resource"]): {
            "wait": int(float(r["wt_total_seconds"])) * SECOND,
            **{cause: duration_of(r[column]) for column, cause in COLUMNS.items()},
        }
        for r in rows_of(file)
    }


def handoff_steps(file: Path) -> list[Step]:
    return [
        Step(
            r["case_id"],
            r["Activity"],
            instant_of(r["start_time"]),
            instant_of(r["end_time"]),
            r["Resource"],
            row=row,
        )
        for row, r in enumerate(rows_of(file))
    ]
