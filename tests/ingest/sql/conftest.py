"""The databases that the tests of queries ask: SQLite files, and one PostgreSQL server where it is installed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import Postgres, running

Sqlite = Callable[..., str]


@pytest.fixture
def sqlite(tmp_path: Path) -> Sqlite:
    """Write an SQLite file with one table and return its URL."""

    def write(create: str, rows: Iterable[Any] = (), name: str = "registru.db") -> str:
        path = tmp_path / name
        connection = sqlite3.connect(path)
        connection.execute(create)
        table = create.split()[2]
        for row in rows:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        connection.commit()
        connection.close()
        return f"sqlite:///{path}"

    return write


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that starts for the first test that asks, and is gone after the last."""
    pytest.importorskip(
        "psycopg", reason="psycopg is not installed: pip install 'procmine[postgres]'"
    )
    with running() as server:
        yield server
