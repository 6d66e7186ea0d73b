"""The address of a database: completed from the environment, and named without what is secret in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from procmine.errors import SourceError

if TYPE_CHECKING:
    from sqlalchemy import URL

_URL = re.compile(r"[A-Za-z]\w+(\+\w+)?://")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_FORM = "write it as postgresql+psycopg://user:${PASSWORD}@host/database or sqlite:///file.db"
_HARMLESS = {"sslmode", "connect_timeout", "application_name", "charset", "driver", "host", "port"}


def is_url(source: str) -> bool:
    r"""Tell whether a source is the address of a database, or one variable that holds it, not a path.

    >>> is_url("sqlite:///registru.db"), is_url("${REGISTRY_URL}"), is_url(r"C:\exports\registru.csv")
    (True, True, False)
    """
    return bool(_URL.match(source) or _VARIABLE.fullmatch(source))


@dataclass(frozen=True, eq=False, repr=False)
class Address:
    """Where a database is and who asks; only ``name`` is ever shown."""

    url: URL
    hidden: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, written: str) -> Address:
        """Parse an address; ``${NAME}`` stands for a variable of the environment."""
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError

        completed = _completed(written)
        try:
            url = make_url(completed)
        except (ArgumentError, ValueError):  # their words may quote a part of the password
            raise SourceError(f"the URL of the database cannot be read\n{_FORM}") from None
        if url.host and "@" in url.host + (url.database or ""):
            raise SourceError(
                "the URL of the database has more than one @\n"
                "write an @ in the user or the password as %40, a / as %2F and a : as %3A"
            )
        return cls(url, tuple(_hidden(url, {written, completed, *_as_written(completed)})))

    @property
    def name(self) -> str:
        """The kind of the database, its name and its host: no user, no password, no options.

        >>> Address.of("postgresql+psycopg://ana:secret@db.example/registru?sslmode=require").name
        'postgresql: registru at db.example'
        """
        kind = self.url.get_backend_name()
        database = self.url.database or ("memory" if kind == "sqlite" else "the default database")
        if kind == "sqlite":
            database = Path(database).name
        return f"{kind}: {database}" + (f" at {self.url.host}" if self.url.host else "")

    def __repr__(self) -> str:
        return f"<Address {self.name}>"

    def scrubbed(self, text: str) -> str:
        """Return the words of a driver without the user, the password and the other secrets of the address."""
        for pattern in self.hidden:
            text = pattern.sub("…", text)
        return text


def _completed(written: str) -> str:
    """Put the values of variables in place: encoded before the @ and after the ?, where they are one part."""

    def value_of(found: re.Match[str]) -> str:
        value = os.environ.get(found[1])
        if value is None:
            raise SourceError(
                f"the URL of the database names ${{{found[1]}}}, which is not in the environment\n"
                f"set {found[1]} before procmine starts"
            )
        whole = found[0] == written
        inside = not whole and (found.end() <= user_ends or found.start() >= options_begin)
        return quote(value, safe="") if inside else value

    user_ends = written.rfind("@")
    options_begin = written.find("?", user_ends + 1) % (len(written) + 1)
    return _VARIABLE.sub(value_of, written)


def _as_written(url: str) -> Iterator[str]:
    """Yield the password and the options as the address encodes them."""
    rest = url.partition("://")[2]
    if "@" in rest:
        yield rest.partition("@")[0].partition(":")[2]
    for option in rest.rpartition("@")[2].partition("?")[2].split("&"):
        name, _, value = option.partition("=")
        if name not in _HARMLESS:
            yield value


def _hidden(url: URL, written: set[str]) -> Iterator[re.Pattern[str]]:
    """Yield what no message may show, in every form that a driver may write it in, the longest first."""
    options = [
        text
        for name, value in url.query.items()
        if name not in _HARMLESS
        for text in (value if isinstance(value, tuple) else (value,))
    ]
    anywhere = {*written, url.password or "", os.environ.get("PGPASSWORD", ""), *options} - {""}
    forms = {form for text in anywhere for form in _forms(text)}
    for form in sorted(forms, key=len, reverse=True):
        yield re.compile(re.escape(form), re.IGNORECASE)
    for user in sorted({url.username or "", os.environ.get("PGUSER", "")} - {""}):
        for form in sorted(_forms(user), key=len, reverse=True):
            yield re.compile(rf"(?<!\w){re.escape(form)}(?!\w)")


def _forms(text: str) -> set[str]:
    escaped = text.replace("\\", "\\\\")
    return {
        text,
        quote(text),
        quote(text, safe=""),
        quote_plus(text),
        repr(text)[1:-1],
        escaped.replace("'", "\\'"),
        text.replace("'", "''"),
        ascii(text)[1:-1],
    }
