"""Queries of a real PostgreSQL server: its types, its cursors, its refusals, and nothing secret said."""

from __future__ import annotations

import datetime as dt
import traceback
import tracemalloc
from typing import Any

import pyarrow as pa
import pytest

from procmine.errors import BindingError, ProcmineError, SourceError
from procmine.ingest.sql import query as query_module
from procmine.ingest.sql import read_query
from tests.postgres import DATABASE, PASSWORD, TIME_ZONE, USER, Postgres

INSTANT = pa.timestamp("us", tz="UTC")


def refused(url: str, query: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_query(url, query)
    return caught.value


def everything_said(error: BaseException) -> str:
    """What a terminal, a log or a notebook could show of an error, its chain included."""
    parts = [str(error), repr(error), *map(repr, error.args)]
    parts += traceback.format_exception(error, chain=True)
    for other in (error.__cause__, error.__context__):
        parts += [] if other is None else [everything_said(other)]
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("'Ștefăniță'::text", pa.string(), "Ștefăniță"),
        ("'A1'::varchar(5)", pa.string(), "A1"),
        ("7::smallint", pa.int64(), 7),
        ("9007199254740993::bigint", pa.int64(), 9007199254740993),
        ("2.5::double precision", pa.float64(), 2.5),
        ("120.00::numeric(10,2)", pa.int64(), 120),
        ("12.10::numeric(10,2)", pa.float64(), 12.1),
        ("0.12345678901234567890::numeric", pa.string(), "0.1234567890123456789"),
        ("12345678901234567890::numeric", pa.string(), "12345678901234567890"),
        ("true", pa.bool_(), True),
        ("date '2026-03-02'", pa.date32(), dt.date(2026, 3, 2)),
        (
            "timestamp '2026-03-02 08:00:00.123456'",
            pa.timestamp("us"),
            dt.datetime(2026, 3, 2, 8, 0, 0, 123456),
        ),
        (
            "timestamptz '2026-03-02 08:00:00+02'",
            INSTANT,
            dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC),
        ),
        ("time '08:30'", pa.string(), "08:30:00"),
        (
            "'6f1c2c5e-0000-4000-8000-0123456789ab'::uuid",
            pa.string(),
            "6f1c2c5e-0000-4000-8000-0123456789ab",
        ),
        ("NULL::text", pa.string(), None),
    ],
)
def test_a_value_of_postgresql_keeps_its_meaning(
    postgres: Postgres, expression: str, kind: pa.DataType, value: Any
) -> None:
    table = read_query(postgres.url(), f"SELECT {expression} AS x").table
    assert table.schema.field("x").type == kind
    assert table["x"].to_pylist() == [value]


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("'\\x00ff'::bytea", "bytes"),
        ("'{\"a\": 1}'::jsonb", "nested values"),
        ("ARRAY[1, 2]", "nested values"),
    ],
)
def test_a_column_that_is_no_plain_value_is_left_out_and_told(
    postgres: Postgres, expression: str, what: str
) -> None:
    raw = read_query(postgres.url(), f"SELECT 1 AS id, {expression} AS odd")
    assert raw.table.column_names == ["id"]
    assert raw.notes == (
        f"column 'odd' was left out: it holds {what}"
        + (" (JSON, lists)" if what.startswith("nested") else ""),
    )


def test_a_query_of_such_columns_alone_is_refused(postgres: Postgres) -> None:
    assert "only bytes and nested values" in str(refused(postgres.url(), "SELECT ARRAY[1] AS a"))


def test_the_hour_that_occurs_twice_is_two_instants(postgres: Postgres) -> None:
    raw = read_query(
        postgres.url(),
        "SELECT t FROM (VALUES (timestamptz '2026-10-25 00:30+00'), ('2026-10-25 01:30+00'), "
        "('2026-03-29 00:59+00'), ('2026-03-29 01:00+00')) AS v(t)",
    )
    assert [time.isoformat() for time in raw.table["t"].to_pylist()] == [
        "2026-10-25T00:30:00+00:00",
        "2026-10-25T01:30:00+00:00",
        "2026-03-29T00:59:00+00:00",
        "2026-03-29T01:00:00+00:00",
    ]


def test_the_zone_of_the_session_is_told_and_not_taken_for_that_of_the_office(
    postgres: Postgres,
) -> None:
    raw = read_query(postgres.url(), "SELECT now() AS t")
    assert raw.offset_samples == ()
    assert raw.notes == (
        f"column 't' holds instants, which the database shows in {TIME_ZONE}; "
        "tz= names the zone of the office",
    )


def test_percent_signs_and_colons_in_a_query_are_text(postgres: Postgres) -> None:
    raw = read_query(postgres.url(), "SELECT 'a:b :c 10%%' AS x WHERE 'Arad' LIKE 'A%';")
    assert raw.table["x"].to_pylist() == ["a:b :c 10%%"]


def test_the_source_is_named_without_user_password_and_options(postgres: Postgres) -> None:
    url = postgres.url() + "?application_name=procmine-test"
    assert read_query(url, "SELECT 1 AS x").name == f"postgresql: {DATABASE} at 127.0.0.1"


def test_rows_are_fetched_from_a_cursor_of_the_server(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the first piece is at hand, the cursor asks the view of open cursors about itself."""
    sizes = []
    seen = query_module.Column.add

    def add(self: Any, values: Any) -> None:
        sizes.append(len(values))
        seen(self, values)

    monkeypatch.setattr(query_module.Column, "add", add)
    monkeypatch.setattr(query_module, "ROWS_AT_ONCE", 100)
    raw = read_query(
        postgres.url(),
        "SELECT i, (SELECT count(*) FROM pg_cursors WHERE statement LIKE 'DECLARE%') AS open "
        "FROM generate_series(1, 1050) AS i",
    )
    assert sizes[::2] == [100] * 10 + [50]
    assert raw.table["open"].to_pylist() == [1] * 1050
    assert raw.table["i"].to_pylist() == list(range(1, 1051))


@pytest.mark.soak
def test_a_long_table_takes_the_memory_of_one_piece_of_rows(postgres: Postgres) -> None:
    tracemalloc.start()  # it sees Python's rows, and not Arrow's columns
    try:
        raw = read_query(
            postgres.url(),
            "SELECT 'case ' || i / 10 AS c, 'activity ' || i % 7 AS a, "
            "timestamptz '2026-01-01 08:00+02' + i * interval '1 minute' AS t "
            "FROM generate_series(1, 200000) AS i",
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert raw.table.num_rows == 200_000
    assert peak < 60 * 3 * 8 * query_module.ROWS_AT_ONCE


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM kept",
        "DELETE FROM kept RETURNING id",
        "WITH gone AS (DELETE FROM kept RETURNING id) SELECT * FROM gone",
        "SELECT 1 AS x; DELETE FROM kept",
        "SELECT 1 AS x; COMMIT; DELETE FROM kept; COMMIT",
        "SELECT 1 AS x; ROLLBACK; SET default_transaction_read_only = off; DELETE FROM kept; COMMIT",
        "SELECT empty_kept()",
        "SELECT nextval('numbers')",
        "SELECT * INTO copied FROM kept",
        "DROP TABLE kept",
        "UPDATE kept SET id = 0",
        "CREATE TABLE made (id int)",
        "COPY kept TO STDOUT",
    ],
)
def test_a_statement_that_writes_changes_nothing(postgres: Postgres, statement: str) -> None:
    postgres.run(
        "DROP TABLE IF EXISTS kept, made, copied",
        "DROP SEQUENCE IF EXISTS numbers",
        "CREATE SEQUENCE numbers",
        "CREATE TABLE kept (id int)",
        "INSERT INTO kept VALUES (1), (2)",
        "CREATE OR REPLACE FUNCTION empty_kept() RETURNS int LANGUAGE sql VOLATILE "
        "AS 'DELETE FROM kept; SELECT 1'",
    )
    refused(postgres.url(), statement)
    assert postgres.run("SELECT id FROM kept ORDER BY id") == [(1,), (2,)]
    assert postgres.run("SELECT to_regclass('made'), to_regclass('copied')") == [(None, None)]
    assert postgres.run("SELECT is_called FROM numbers") == [(False,)]


def test_a_statement_that_writes_is_told_that_procmine_only_reads(postgres: Postgres) -> None:
    postgres.run("CREATE TABLE IF NOT EXISTS kept (id int)")
    assert "procmine only reads: give one SELECT" in str(
        refused(postgres.url(), "DELETE FROM kept")
    )


def test_the_place_of_a_mistake_is_counted_in_the_query_itself(postgres: Postgres) -> None:
    error = refused(
        postgres.url(), "SELECT 1 AS x,\n       'CNP 1800101' || nix\nFROM generate_series(1, 2)"
    )
    assert 'column "nix" does not exist' in str(error)
    assert "(line 2, column 25)" in str(error)
    assert "1800101" not in str(error)  # the query may hold what is personal


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM nix", 'relation "nix" does not exist'),
        ("SELECT * FORM nix", "syntax error"),
        ("SELECT 1 / (i - 30000) FROM generate_series(1, 40000) AS i", "division by zero"),
        ("SELECT 'infinity'::timestamp AS t", "NULLIF(column, 'infinity')"),
        ("SELECT pg_terminate_backend(pg_backend_pid())", "did not answer the query"),
        ("SELECT 1 AS x WHERE false", "returned no rows"),
    ],
)
def test_what_the_database_refuses_is_told_in_its_words(
    postgres: Postgres, query: str, said: str
) -> None:
    error = refused(postgres.url(), query)
    assert said in str(error)
    assert PASSWORD not in everything_said(error)


def test_two_columns_with_one_name_are_refused(postgres: Postgres) -> None:
    with pytest.raises(BindingError, match="two columns with one name: 'x'\nrename one of them"):
        read_query(postgres.url(), "SELECT 1 AS x, 2 AS x")


WRONG = "wr0ng/Pass@wörd'\\%"


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": WRONG},
        {"user": "no_such_user", "password": WRONG},
        {"database": "no_such_database"},
    ],
)
def test_a_refused_login_leaks_nothing(postgres: Postgres, wrong: dict[str, str]) -> None:
    url = postgres.url(**wrong)
    error = refused(url, "SELECT 1")
    said = everything_said(error)
    assert "cannot be opened" in str(error)
    password = wrong.get("password", PASSWORD)
    written = url.split("@127")[0].rpartition(":")[2]  # as it stands in the URL
    for secret in (password, written, url, wrong.get("user", USER), repr(password)[1:-1]):
        assert secret not in said


def test_a_wrong_password_is_told_from_a_server_that_is_not_there(postgres: Postgres) -> None:
    assert "password authentication failed" in str(
        refused(postgres.url(password=WRONG), "SELECT 1")
    )
    away = Postgres(1).url()
    assert "refused" in str(refused(away, "SELECT 1")).lower()


def test_the_password_may_come_from_the_environment(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_USER", USER)
    monkeypatch.setenv("REGISTRY_PASSWORD", PASSWORD)
    host = f"127.0.0.1:{postgres.port}/{DATABASE}"
    for user in ("${REGISTRY_USER}:${REGISTRY_PASSWORD}", f"{USER}:${{REGISTRY_PASSWORD}}"):
        assert read_query(f"postgresql+psycopg://{user}@{host}", "SELECT 1 AS x").table.num_rows
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert read_query(f"postgresql+psycopg://{USER}@{host}", "SELECT 1 AS x").table.num_rows
    monkeypatch.setenv("PGPASSWORD", WRONG)
    error = refused(f"postgresql+psycopg://{USER}@{host}", "SELECT 1 AS x")
    assert WRONG not in everything_said(error)


def test_a_log_of_a_database_names_its_source_and_no_credentials(postgres: Postgres) -> None:
    raw = read_query(postgres.url(), "SELECT 1 AS x")
    assert all(
        secret not in repr(raw) + repr(raw.notes) + raw.name
        for secret in (PASSWORD, USER, postgres.url())
    )


def test_connections_are_closed_whatever_happens(postgres: Postgres) -> None:
    mine = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'closing'"
    url = postgres.url() + "?application_name=closing"
    read_query(url, "SELECT 1 AS x")
    for query in ("SELECT 1 / 0", "SELECT 1 AS x, 2 AS x", "SELECT 1 WHERE false"):
        with pytest.raises(ProcmineError):
            read_query(url, query)
    assert _settles(lambda: postgres.run(mine) == [(0,)])


def _settles(is_so: Any) -> bool:
    """A server takes a moment to notice that a client has gone."""
    import time

    end = time.monotonic() + 10
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
