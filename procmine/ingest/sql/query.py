"""A query of a database becomes a table: streamed, read only, with nothing secret in what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from procmine.errors import BindingError, ProcmineError, SourceError
from procmine.ingest.checksum import sha256_of_table
from procmine.ingest.raw import RawTable
from procmine.ingest.sql import refusals
from procmine.ingest.sql.address import Address
from procmine.ingest.sql.pieces import Column

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import CursorResult

ROWS_AT_ONCE = 5_000  # fewer ask a far server too often, more fall out of the processor's caches
_PATIENCE = 10  # seconds until a server that does not answer is given up
_CONNECT_TIMEOUT = {
    **dict.fromkeys(("psycopg", "psycopg2", "pymysql", "mysqldb"), "connect_timeout"),
    "pg8000": "timeout",
    "pymssql": "login_timeout",
    "pyodbc": "timeout",
}
_READ_ONLY = {
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
}


def read_query(url: str, query: str | None) -> RawTable:
    """Return the rows of a query, numbered from 1; nothing is changed in the database.

    url:   any SQLAlchemy URL; ``${NAME}`` in it stands for a variable of the environment
    query: one SELECT, or the path of a UTF-8 file that ends in ``.sql`` and holds one

    Times with a zone are kept as instants; bytes and nested values are left out, with a note.
    Raises SourceError or BindingError; neither they nor the errors behind them hold the user, the
    password or the URL. A traceback shows the line that called: write ``${NAME}`` in it.
    """
    try:
        return _read(Address.of(url), query)
    except ProcmineError as error:  # what the driver raised may hold the URL: it is not kept
        error.__cause__ = error.__context__ = None
        raise


def _read(address: Address, query: str | None) -> RawTable:
    engine = _engine(address)
    statement = _statement(query, address)
    with _connected(engine, address) as connection:
        columns = _answer(connection, statement, address)
    return _raw(columns, address)


def _statement(query: str | None, address: Address) -> str:
    if query is None or not query.strip():
        raise BindingError(
            f"{address.name} needs query=\n"
            'pm.read(url, query="SELECT case_id, activity, finished FROM events")'
        )
    statement = query.strip()
    return _text_of(statement) if statement.lower().endswith(".sql") else statement


def _text_of(statement: str) -> str:
    """Return what a .sql file holds; ``SELECT … FROM schema.sql`` is a statement, not a file."""
    path = Path(statement)
    try:
        return path.read_text("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise SourceError(f"{path.name} is not UTF-8\nsave it again as UTF-8") from None
    except OSError:
        if len(statement.split()) > 1:
            return statement
        raise SourceError(
            f"there is no file {path} for query= that can be read\nlook in {path.resolve().parent}"
        ) from None


def _engine(address: Address) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError
    from sqlalchemy.pool import NullPool

    _refuse_missing_file(address)
    try:
        options = _options(address)
        engine = create_engine(
            address.url, poolclass=NullPool, hide_parameters=True, connect_args=options
        )
    except NoSuchModuleError:
        raise refusals.unknown_backend(address) from None
    except ImportError as error:
        raise refusals.missing_driver(error, address) from None
    except (ArgumentError, TypeError, ValueError) as error:
        raise refusals.not_connected(error, address) from None
    if engine.dialect.is_async:
        raise SourceError(
            f"{address.url.drivername} is an asynchronous driver\n"
            "name another one, such as postgresql+psycopg://"
        )
    return engine


def _options(address: Address) -> dict[str, Any]:
    """Return what the driver is told beside the URL: how long to wait for a server."""
    name = _CONNECT_TIMEOUT.get(address.url.get_driver_name())
    return {} if name is None or name in address.url.query else {name: _PATIENCE}


def _refuse_missing_file(address: Address) -> None:
    """SQLite would make an empty database of a name written wrong."""
    database = address.url.database
    if address.url.get_backend_name() != "sqlite" or database in (None, "", ":memory:"):
        return
    path = Path(str(database))
    if not str(database).startswith("file:") and not path.is_file():
        raise SourceError(
            f"there is no file {path}\nlook in {path.resolve().parent}; an absolute path has four "
            "slashes: sqlite:////folder/file.db"
        )


@contextmanager
def _connected(engine: Engine, address: Address) -> Iterator[Connection]:
    """Open one connection that only reads; at the end all is undone, and it is closed."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        connection = engine.connect()
    except ImportError as error:
        raise refusals.missing_driver(error, address) from None
    except (SQLAlchemyError, TypeError, ValueError, OSError) as error:
        raise refusals.not_connected(error, address) from None
    try:
        yield connection
    finally:
        connection.close()
        engine.dispose()


def _make_read_only(connection: Connection) -> None:
    kind = connection.dialect.name
    if kind == "postgresql":
        connection.execution_options(postgresql_readonly=True)
    elif kind in _READ_ONLY:
        connection.exec_driver_sql(_READ_ONLY[kind])


def _answer(connection: Connection, statement: str, address: Address) -> list[Column]:
    """Run the query and return its columns; raises SourceError in the words of the database."""
    from sqlalchemy.exc import SQLAlchemyError

    prefixes = _prefixes_seen(connection)
    try:
        _make_read_only(connection)
        result = connection.execution_options(
            yield_per=ROWS_AT_ONCE, no_parameters=True
        ).exec_driver_sql(statement)
        with closing(result):
            if not result.returns_rows:
                raise refusals.no_table(address)
            return _columns(result)
    except SQLAlchemyError as error:
        raise refusals.not_answered(error, address, statement, sum(prefixes)) from None


def _prefixes_seen(connection: Connection) -> list[int]:
    """Return a list that gets the length of what the driver puts before the query.

    PostgreSQL counts places from there: a query that is streamed is declared as a cursor.
    """
    from sqlalchemy import event

    lengths: list[int] = []

    def note(_connection: Any, cursor: Any, *_: Any) -> None:
        name = getattr(cursor, "name", None)
        if isinstance(name, str):
            lengths.append(len(f'DECLARE "{name}" CURSOR FOR '))

    event.listen(connection, "before_cursor_execute", note)
    return lengths


def _columns(result: CursorResult[Any]) -> list[Column]:
    names = [str(name) for name in result.keys()]  # noqa: SIM118 (a result is no dictionary)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BindingError(
            f"the query returns two columns with one name: {', '.join(map(repr, twice))}\n"
            "rename one of them with AS"
        )
    columns = [Column(name) for name in names]
    rows: Sequence[Any]
    for rows in result.partitions(ROWS_AT_ONCE):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.add(values)
    return columns


def _raw(columns: Sequence[Column], address: Address) -> RawTable:
    finished = {column.name: column.finish() for column in columns}
    table = pa.table({name: column for name, column in finished.items() if column is not None})
    if not table.num_columns:
        raise SourceError(
            f"the query returned only bytes and nested values from {address.name}\n"
            "name columns of text, numbers and times in it"
        )
    if not table.num_rows:
        raise refusals.no_rows(address)
    notes = tuple(note for column in columns for note in column.notes())
    rows = np.arange(1, table.num_rows + 1, dtype=np.int32)
    return RawTable(table, rows, address.name, sha256_of_table(table), notes=notes)
