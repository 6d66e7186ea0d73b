"""A status history tells each change twice: where it came from and where it went."""

from __future__ import annotations

import pandas as pd

import procmine as pm

CHANGES = [
    ("1", "new", "open", "2026-01-05 08:00"),
    ("1", "open", "waiting", "2026-01-06 08:00"),
    ("1", "Waiting", "closed", "2026-01-07 08:00"),
    ("2", "new", "open", "2026-01-05 08:00"),
    ("2", "waiting", "closed", "2026-01-09 08:00"),
    ("3", "new", "open", "2026-01-05 08:00"),
    ("3", "closed", "open", "2026-01-05 08:00"),
    ("4", None, "open", "2026-01-05 08:00"),
    ("4", None, "closed", "2026-01-08 08:00"),
]


def history(changes: list[tuple[str, str | None, str, str]]) -> pm.EventLog:
    frame = pd.DataFrame(changes, columns=["ticket", "from", "to", "at"])
    return pm.read(frame, case="ticket", activity="to", previous="from", timestamp="at", tz="CET")


def test_a_change_that_does_not_begin_where_the_last_one_ended_is_found() -> None:
    found = pm.quality(history(CHANGES)).set_index("check").loc["broken_chains"]
    assert (found["count"], found["example_rows"]) == (1, (5,))
    assert (
        found["share"] == 1 / 3
    )  # pairs at one time, and changes that tell no status before, are not judged


def test_a_whole_history_has_no_broken_chain() -> None:
    assert "broken_chains" not in set(pm.quality(history(CHANGES[:3]))["check"])
