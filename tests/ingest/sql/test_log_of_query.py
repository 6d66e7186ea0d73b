"""pm.read of a query: the same log as from a frame, and nothing of the login in what the log says of itself."""

from __future__ import annotations

import pytest

import procmine as pm
from procmine.errors import SourceError
from tests.ingest.sql.conftest import Sqlite
from tests.ingest.sql.test_postgres import everything_said
from tests.postgres import PASSWORD, TIME_ZONE, USER, Postgres

QUERY = "SELECT * FROM steps ORDER BY nr"
COLUMNS = {"case": "dosar", "activity": "pas", "timestamp": "data", "tz": TIME_ZONE}


@pytest.fixture
def database(postgres: Postgres) -> Postgres:
    """Steps every half hour over the night on which clocks are put back."""
    postgres.run(
        "DROP TABLE IF EXISTS steps",
        "CREATE TABLE steps AS SELECT i AS nr, '00' || i / 4 AS dosar, 'pas ' || i % 4 AS pas, "
        "timestamptz '2026-10-24 20:00+00' + i * interval '30 minutes' AS data "
        "FROM generate_series(0, 39) AS i",
    )
    return postgres


def test_a_query_gives_the_log_of_its_rows(database: Postgres) -> None:
    log = pm.read(database.url(), query=QUERY, **COLUMNS)
    assert (log.n_cases, log.n_steps, log.tz) == (10, 40, TIME_ZONE)
    assert {int(gap) for gap in log.end[1:] - log.end[:-1]} == {1_800_000_000}
    assert log.row.tolist() == list(range(1, 41))
    assert log.case_labels.to_pylist() == [f"00{case}" for case in range(10)]


def test_a_log_says_nothing_of_the_login(database: Postgres) -> None:
    log = pm.read(database.url(), query=QUERY, **COLUMNS)
    report = log.import_report
    said = f"{log!r} {log._repr_html_()} {report!r} {report.notes} {log.history} {log.binding.to_plain()}"
    assert report.source == "postgresql: registru at 127.0.0.1"
    assert not [secret for secret in (USER, PASSWORD, database.url()) if secret in said]


def test_a_login_that_is_refused_through_read_leaks_nothing(database: Postgres) -> None:
    url = database.url(password="s3cret/Parola")
    with pytest.raises(SourceError) as caught:
        pm.read(url, query=QUERY, **COLUMNS)
    said = everything_said(caught.value)
    assert not [secret for secret in ("s3cret", "s3cret%2FParola", url, USER) if secret in said]


def test_local_times_of_sqlite_are_read_in_the_zone_of_the_office(sqlite: Sqlite) -> None:
    url = sqlite(
        "CREATE TABLE steps (dosar TEXT, pas TEXT, data TEXT)",
        [("1", "A", "2026-10-25 02:30"), ("1", "B", "2026-10-25 04:30")],
    )
    log = pm.read(url, query="SELECT * FROM steps", **COLUMNS)
    assert int(log.end[1] - log.end[0]) == 3 * 3_600_000_000
