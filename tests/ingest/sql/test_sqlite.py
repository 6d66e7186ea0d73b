"""Queries of SQLite files: what comes back, what is refused, and that the file stays as it is."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pyarrow as pa
import pytest

from procmine.errors import BindingError, ProcmineError, SourceError
from procmine.ingest.sql import query as query_module
from procmine.ingest.sql import read_query
from tests.ingest.sql.conftest import Sqlite

EVENTS = "CREATE TABLE events (dosar TEXT, pas TEXT, data TEXT, taxa REAL, nr INTEGER)"
ROWS = [
    ("0012/2026", "Înregistrare", "2026-03-02 08:00", 12.5, 1),
    ("0012/2026", "Soluționare", "2026-03-09 10:30", None, 2),
]


def test_a_query_becomes_a_table_with_the_rows_numbered(sqlite: Sqlite) -> None:
    raw = read_query(sqlite(EVENTS, ROWS), "SELECT * FROM events ORDER BY nr")
    assert raw.table.to_pylist() == [
        dict(zip(("dosar", "pas", "data", "taxa", "nr"), row, strict=True)) for row in ROWS
    ]
    assert [str(kind) for kind in raw.table.schema.types] == ["string"] * 3 + ["double", "int64"]
    assert raw.rows.tolist() == [1, 2]
    assert (raw.name, raw.notes, raw.rows_unread) == ("sqlite: registru.db", (), 0)


def test_the_checksum_is_of_the_content_and_not_of_the_file(sqlite: Sqlite) -> None:
    one, other = sqlite(EVENTS, ROWS), sqlite(EVENTS, ROWS, name="copie.db")
    changed = sqlite(EVENTS, [ROWS[0], (*ROWS[1][:4], 3)], name="alta.db")
    query = "SELECT * FROM events ORDER BY nr"
    assert read_query(one, query).sha256 == read_query(other, query).sha256
    assert read_query(one, query).sha256 != read_query(changed, query).sha256
    assert read_query(one, query).sha256 != read_query(one, query + " DESC").sha256


def test_a_column_that_changes_its_type_far_down_is_text(sqlite: Sqlite) -> None:
    late = query_module.ROWS_AT_ONCE * 2
    url = sqlite("CREATE TABLE t (nr)", [(number,) for number in range(late)] + [("12 bis",)])
    raw = read_query(url, "SELECT nr FROM t")
    assert raw.table["nr"].type == pa.string()
    assert raw.table["nr"].to_pylist() == [*map(str, range(late)), "12 bis"]
    assert raw.notes == ("column 'nr' was read as text: it holds text, whole numbers",)


def test_a_column_without_values_is_a_column_of_text(sqlite: Sqlite) -> None:
    raw = read_query(sqlite("CREATE TABLE t (a, b)", [(1, None), (2, None)]), "SELECT * FROM t")
    assert raw.table["b"].type == pa.string()
    assert raw.table["b"].null_count == 2


def test_bytes_are_left_out_and_told_wherever_they_begin(sqlite: Sqlite) -> None:
    late = query_module.ROWS_AT_ONCE + 1
    url = sqlite(
        "CREATE TABLE t (id, scan)", [(i, "x" if i < late else b"\x00") for i in range(late + 1)]
    )
    raw = read_query(url, "SELECT * FROM t")
    assert raw.table.column_names == ["id"]
    assert raw.notes == ("column 'scan' was left out: it holds bytes",)


def refusal(url: str, query: str | None) -> ProcmineError:
    with pytest.raises(ProcmineError) as caught:
        read_query(url, query)
    assert caught.value.__context__ is None
    return caught.value


@pytest.mark.parametrize(
    ("query", "kind", "said"),
    [
        ("SELECT * FROM events WHERE nr > 9", SourceError, "returned no rows"),
        ("SELECT dosar AS x, pas AS x FROM events", BindingError, "two columns with one name: 'x'"),
        ("SELECT * FROM evenimente", SourceError, "no such table: evenimente"),
        ("SELEC * FROM events", SourceError, "syntax error"),
        ("SELECT 1; SELECT 2", SourceError, "one statement"),
        ("BEGIN", SourceError, "procmine only reads"),
        ("SELECT x'00' AS scan", SourceError, "only bytes and nested values"),
        (None, BindingError, "needs query="),
        ("  \n", BindingError, "needs query="),
        ("nu_exista.sql", SourceError, "there is no file nu_exista.sql"),
    ],
)
def test_what_makes_no_table_is_refused_in_words(
    sqlite: Sqlite, query: str | None, kind: type[ProcmineError], said: str
) -> None:
    error = refusal(sqlite(EVENTS, ROWS), query)
    assert type(error) is kind
    assert said in str(error)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events",
        "DELETE FROM events RETURNING nr",
        "DROP TABLE events",
        "UPDATE events SET nr = 0",
        "INSERT INTO events (nr) VALUES (3)",
        "CREATE TABLE t (x)",
        "PRAGMA user_version = 7",
        "SELECT 1; DELETE FROM events",
        "VACUUM",
    ],
)
def test_a_statement_that_writes_leaves_the_file_as_it_was(sqlite: Sqlite, statement: str) -> None:
    url = sqlite(EVENTS, ROWS)
    path = Path(url.removeprefix("sqlite:///"))
    before = hashlib.sha256(path.read_bytes()).digest()
    refusal(url, statement)
    assert hashlib.sha256(path.read_bytes()).digest() == before


def test_a_file_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "registu.db"
    assert f"there is no file {path}" in str(refusal(f"sqlite:///{path}", "SELECT 1"))
    assert not path.exists()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "registru.db"
    path.write_text("dosar;pas;data\n" * 100)
    assert "file is not a database" in str(refusal(f"sqlite:///{path}", "SELECT * FROM events"))


def test_a_locked_database_is_told(sqlite: Sqlite) -> None:
    url = sqlite(EVENTS, ROWS)
    other = sqlite3.connect(url.removeprefix("sqlite:///"))
    try:
        other.execute("BEGIN EXCLUSIVE")
        assert "locked" in str(refusal(url + "?timeout=0", "SELECT * FROM events"))
    finally:
        other.close()


def test_a_query_may_stand_in_a_file(sqlite: Sqlite, tmp_path: Path) -> None:
    file = tmp_path / "Interogare 2026.sql"
    file.write_text('-- pașii\nSELECT pas AS "acțiune" FROM events;\n', "utf-8-sig")
    raw = read_query(sqlite(EVENTS, ROWS), str(file))
    assert raw.table["acțiune"].to_pylist() == ["Înregistrare", "Soluționare"]


def test_a_file_with_a_query_must_be_utf8(sqlite: Sqlite, tmp_path: Path) -> None:
    file = tmp_path / "q.sql"
    file.write_bytes('SELECT "acțiune" FROM events'.encode("iso8859-16"))
    assert "q.sql is not UTF-8" in str(refusal(sqlite(EVENTS, ROWS), str(file)))


def test_a_table_whose_name_ends_in_sql_is_no_file(sqlite: Sqlite) -> None:
    assert "no such table: registru.sql" in str(
        refusal(sqlite(EVENTS, ROWS), "SELECT * FROM registru.sql")
    )


def test_percent_signs_and_colons_in_a_query_are_text(sqlite: Sqlite) -> None:
    url = sqlite(EVENTS, ROWS)
    query = "SELECT pas || ' :x 10%' AS x FROM events WHERE pas LIKE 'Î%'"
    assert read_query(url, query).table["x"].to_pylist() == ["Înregistrare :x 10%"]
