"""What a database or its driver refuses, in words that hold nothing secret and say what to do next."""

from __future__ import annotations

from typing import Any

from procmine.errors import SourceError, did_you_mean
from procmine.ingest.sql.address import Address

_EXTRAS = {"psycopg": "procmine[postgres]"}
_BACKENDS = ("postgresql", "sqlite", "mysql", "mariadb", "oracle", "mssql", "duckdb")
_LONGEST = 500
READ_ONLY = "procmine only reads: give one SELECT"


def unknown_backend(address: Address) -> SourceError:
    """The first word of the address is no database that SQLAlchemy knows, or none with that driver."""
    written = address.url.drivername
    if written.startswith(("http", "ftp", "s3", "file")):
        return SourceError(
            f"{written}:// is no database\ndownload the file and give its path: pm.read(path)"
        )
    return SourceError(
        f"SQLAlchemy knows no database {written!r}\n"
        f"write postgresql+psycopg://…, sqlite:///… or another of its dialects, and install the package "
        f"that brings it{did_you_mean(address.url.get_backend_name(), _BACKENDS)}"
    )


def missing_driver(error: ImportError, address: Address) -> SourceError:
    """The module that speaks to the database is not installed, or lacks a library."""
    module = (error.name or "").partition(".")[0]
    if not isinstance(error, ModuleNotFoundError) or not module:
        module = address.url.get_driver_name()
    package = _EXTRAS.get(module, module)
    return SourceError(
        f"{address.url.drivername} needs the module {module!r}, which cannot be imported\n"
        f'install it: pip install "{package}"'
    )


def not_connected(error: Exception, address: Address) -> SourceError:
    """The database cannot be opened: host, port, name, user or password."""
    return SourceError(
        f"{address.name} cannot be opened: {_words(error, address)}\n"
        "check the host, the port, the name of the database, the user and the password; "
        "procmine shows no credentials"
    )


def not_answered(error: Exception, address: Address, query: str, prefix: int = 0) -> SourceError:
    """The database refuses the query, or breaks off; ``prefix`` is what the driver put before the query."""
    place = _place(error, query, prefix)
    said = _words(error, address)
    return SourceError(
        f"{address.name} did not answer the query{place}: {said}\n{_advice(said, query)}"
    )


def no_rows(address: Address) -> SourceError:
    """The query is fine and finds nothing."""
    return SourceError(
        f"the query returned no rows from {address.name}\n"
        "check its WHERE, the schema of the tables, and what this user may see"
    )


def no_table(address: Address) -> SourceError:
    """The statement is none that returns a table."""
    return SourceError(f"the statement returned no table from {address.name}\n{READ_ONLY}")


def _words(error: Exception, address: Address) -> str:
    """Return the driver's own words on one line, scrubbed and cut; never its parameters or the query."""
    origin: Any = getattr(error, "orig", None) or error
    told = getattr(origin, "diag", None)
    text = getattr(told, "message_primary", None) or str(origin)
    hint = getattr(told, "message_hint", None)
    clean = address.scrubbed(f"{text} ({hint})" if hint else text)
    line = " ".join(clean.split()) or type(origin).__name__
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _place(error: Exception, query: str, prefix: int) -> str:
    """Say where in the query the database stumbled, where it tells."""
    told = getattr(getattr(error, "orig", None), "diag", None)
    position = int(getattr(told, "statement_position", None) or 0) - prefix
    if not 0 < position <= len(query) + 1:
        return ""
    before = query[: position - 1]
    line, column = before.count("\n") + 1, position - 1 - (before.rfind("\n") + 1) + 1
    return f" (line {line}, column {column})"


def _advice(said: str, query: str) -> str:
    words = query.lstrip(" \t\r\n(").lower().split(maxsplit=1)
    lower = said.lower()
    if "read-only" in lower or "readonly" in lower or "read only" in lower:
        return READ_ONLY
    if words and not words[0].startswith(("select", "with", "values", "table", "--", "/*")):
        return READ_ONLY
    if "timestamp too" in lower or "date too" in lower:
        return "Python's dates go from the year 1 to 9999: write NULLIF(column, 'infinity') in the query"
    return "try the query in the database's own client, and give it here as it works there"
