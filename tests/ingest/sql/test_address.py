"""Addresses of databases: told from paths, completed from the environment, shown without what is secret."""

from __future__ import annotations

import pytest

from procmine.errors import SourceError
from procmine.ingest.sql import is_url, read_query
from procmine.ingest.sql.address import Address


@pytest.mark.parametrize(
    "source",
    [
        "postgresql://h/d",
        "postgresql+psycopg://ana:x@h:5432/d?sslmode=require",
        "sqlite:///file.db",
        "sqlite:////folder/file.db",
        "mssql+pyodbc:///?odbc_connect=x",
        "${REGISTRY_URL}",
        "postgresql://${USER}:${PASSWORD}@h/d",
    ],
)
def test_an_address_is_told_from_a_path(source: str) -> None:
    assert is_url(source)


@pytest.mark.parametrize(
    "source",
    [
        "C:\\exports\\registru.csv",
        "C:/exports/registru.csv",
        "C://exports/registru.csv",
        "/srv/registru.csv",
        "registru.csv",
        "\\\\server\\share\\registru.csv",
        "registru 2026: partea 1.csv",
        "folder//registru.csv",
        "${HOME}/registru.csv",
        "",
    ],
)
def test_a_path_is_no_address(source: str) -> None:
    assert not is_url(source)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql+psycopg://ana:x@db.example:5433/registru?sslmode=require", "postgresql: registru at db.example"),
        ("postgresql:///registru", "postgresql: registru"),
        ("postgresql://db.example", "postgresql: the default database at db.example"),
        ("sqlite:////srv/date/registru.db", "sqlite: registru.db"),
        ("sqlite://", "sqlite: memory"),
        ("mssql+pyodbc:///?odbc_connect=PWD%3Dx", "mssql: the default database"),
    ],
)  # fmt: skip
def test_a_database_is_named_by_kind_name_and_host(url: str, name: str) -> None:
    assert Address.of(url).name == name
    assert repr(Address.of(url)) == f"<Address {name}>"


def test_variables_stand_for_any_part(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "U": "ana/b",
        "P": "p@ss:w?rd%41",
        "H": "db.example:5433",
        "D": "reg",
    }.items():
        monkeypatch.setenv(name, value)
    url = Address.of("postgresql://${U}:${P}@${H}/${D}?password=${P}").url
    assert (url.username, url.password) == ("ana/b", "p@ss:w?rd%41")
    assert (url.host, url.port, url.database) == ("db.example", 5433, "reg")
    assert url.query["password"] == "p@ss:w?rd%41"


def test_one_variable_may_hold_the_whole_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_URL", "postgresql://ana:p%40ss@db.example/registru")
    address = Address.of("${REGISTRY_URL}")
    assert address.url.password == "p@ss"
    assert address.name == "postgresql: registru at db.example"


def test_a_variable_that_is_not_set_is_named_and_nothing_else() -> None:
    with pytest.raises(SourceError) as caught:
        read_query("postgresql://ana:s3cret@h/${NOT_SET_HERE}", "SELECT 1")
    assert "${NOT_SET_HERE}, which is not in the environment" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "ana" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:top@s3cret@h/registru",
        "postgresql://ana:top@s3cret/x@h/registru",
        "postgresql://ana:s3cret/registru",
        "postgresql://:s3cret:5432/registru",
        "no-such-kind://s3cret",
    ],
)
def test_an_address_that_cannot_be_read_shows_none_of_it(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        Address.of(url)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://ana:s3cret@h/d", "did you mean 'postgresql'?"),
        ("https://ana:s3cret@h/registru.csv", "download the file and give its path"),
        ("postgresql+nodriver://ana:s3cret@h/d", "SQLAlchemy knows no database"),
    ],
)
def test_a_database_that_is_not_known_is_told(url: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_query(url, "SELECT 1")
    assert said in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_driver_that_is_not_installed_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys

    for name in [name for name in sys.modules if name.split(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SourceError) as caught:
        read_query("postgresql+psycopg://ana:s3cret@h/d", "SELECT 1")
    assert 'pip install "procmine[postgres]"' in str(caught.value)
    assert caught.value.__context__ is None


def test_the_words_of_a_driver_are_scrubbed_in_every_form() -> None:
    password = "p@ss/w'rd\\é 1"
    address = Address.of(
        "postgresql://ana:p%40ss%2fw'rd%5C%C3%A9%201@h/d?sslpassword=k3y&sslmode=require"
    )
    assert address.url.password == password
    words = [
        f"FATAL: {password!r}, {password}, p%40ss%2Fw%27rd%5C%C3%A9%201, p%40ss%2fw'rd%5C%C3%A9%201",
        "p%40ss%2Fw%27rd%5C%C3%A9+1 and k3y for user ana",
        password.replace("'", "''"),
        ascii(password),
    ]
    for said in map(address.scrubbed, words):
        assert not any(part in said for part in ("p@ss", "p%40ss", "w'rd", "k3y", "ana"))
    assert address.scrubbed("sslmode require, banana") == "sslmode require, banana"
