"""A real PostgreSQL server for the tests: its own folder, a free port, passwords asked for, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

USER = "ana_popescu"
PASSWORD = "Sésam 9@/:'\\%4F"
DATABASE = "registru"
TIME_ZONE = "Europe/Bucharest"
_PATIENCE = 60.0  # seconds until a server that does not start is given up


@dataclass(frozen=True)
class Postgres:
    """A server on this machine; ``run`` is its administrator, who may write."""

    port: int

    def url(self, *, user: str = USER, password: str = PASSWORD, database: str = DATABASE) -> str:
        from sqlalchemy import URL

        url = URL.create("postgresql+psycopg", user, password, "127.0.0.1", self.port, database)
        return url.render_as_string(hide_password=False)

    def connect(self, database: str = DATABASE) -> Any:
        import psycopg

        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD,
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def run(self, *statements: str, rows: Any = None, database: str = DATABASE) -> list[Any]:
        """Run statements, the last one for each of the rows if there are any; return what it gives."""
        with self.connect(database) as connection, connection.cursor() as cursor:
            for statement in statements[: -1 if rows is not None else None]:
                cursor.execute(statement)
            if rows is not None:
                cursor.executemany(statements[-1], rows)
            return [] if cursor.description is None else cursor.fetchall()


def programs() -> Path:
    """The folder with initdb and postgres, newest first; skips where there is none."""
    places = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(places, key=lambda path: float(path.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.skip("PostgreSQL is not installed: no initdb (Debian: apt-get install postgresql)")
    return found[0].parent if found else Path(str(on_path)).parent


def as_whom() -> dict[str, Any]:
    """Options of a process: PostgreSQL refuses to run as root, so root lends it another user."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'")


@contextmanager
def running() -> Iterator[Postgres]:
    """Start a server, and stop it and remove its folder at the end."""
    bin_folder, whom = programs(), as_whom()
    folder = Path(tempfile.mkdtemp(prefix="procmine-pg-"))
    try:
        data = _initialised(bin_folder, folder, whom)
        port = _free_port()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [bin_folder / "postgres", "-D", data, *_settings(port, folder)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder, **whom,
            )  # fmt: skip
        try:
            server = Postgres(port)
            _wait(server, process, folder / "log")
            server.run(f"CREATE DATABASE {DATABASE}", database="postgres")
            yield server
        finally:
            process.terminate()
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialised(bin_folder: Path, folder: Path, whom: dict[str, Any]) -> Path:
    password = folder / "password"
    password.write_text(PASSWORD, "utf-8")
    if whom:
        os.chown(folder, whom["user"], whom["group"])
        os.chown(password, whom["user"], whom["group"])
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "-U", USER]
    subprocess.run(
        [bin_folder / "initdb", "-D", folder / "data", *options, f"--pwfile={password}"],
        check=True, capture_output=True, cwd=folder, **whom,
    )  # fmt: skip
    return folder / "data"


def _settings(port: int, folder: Path) -> list[str]:
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "fsync": "off",
        "full_page_writes": "off",
        "timezone": TIME_ZONE,
        "max_connections": 20,
        "shared_buffers": "32MB",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    end = time.monotonic() + _PATIENCE
    while True:
        try:
            server.connect("postgres").close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(2)  # SIGINT: break connections off, then end
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
