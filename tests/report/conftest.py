"""What the tests of the report share: a small log with a bit of everything, and the sample's report."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import procmine as pm
from procmine.report import write_report

EVIL = "<script>alert(1)</script>"
EXPORT = [
    ("1", "Register", "2026-01-05 08:00", "2026-01-05 09:00", "Ana Pop", "North", "house"),
    ("1", EVIL, "2026-01-06 08:00", "2026-01-07 09:00", "Ion Rus", "North", "house"),
    ("1", "Close", "2026-01-12 09:00", "2026-01-12 09:30", "Ana Pop", "North", "house"),
    ("2", "Register", "2026-01-08 08:00", "2026-01-08 09:00", "Ana Pop", "South", "fence"),
    ("2", "Close", "2026-02-10 09:00", "2026-02-10 09:30", "Ion Rus", "South", "fence"),
    ("=3", "Register", "2026-02-02 08:00", "2026-02-02 09:00", "Ana Pop", "North", "house"),
    ("=3", EVIL, "2026-02-03 08:00", "", "Ion Rus", "North", "house"),
    ("4", "Register", "when?", "2026-02-02 09:00", "Ana Pop", "North", "<b>fence</b>"),
]
COLUMNS = ["case", "activity", "start", "end", "resource", "unit", "kind"]


def read_small(**options: object) -> pm.EventLog:
    """Read a log of three cases, two closed; a row cannot be read, and two names are not harmless."""
    given = {
        **{name: name for name in COLUMNS[:-1]},
        "tz": "Europe/Bucharest",
        "closed": ["Close"],
        **options,
    }
    with pytest.warns(pm.DataQualityWarning):
        return pm.read(pd.DataFrame(EXPORT, columns=COLUMNS), **given)  # type: ignore[arg-type]


@pytest.fixture
def small() -> pm.EventLog:
    """The small log, bound as it should be."""
    return read_small()


@pytest.fixture(scope="session")
def sample_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample log's report, compared by office."""
    from conftest import sample_log

    return write_report(sample_log(), tmp_path_factory.mktemp("out") / "r", by="Oficiu").parent
