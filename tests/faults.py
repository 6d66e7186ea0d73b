"""Faults put into files, and a reader in another process, which may hang or die without harm to the tests."""

from __future__ import annotations

import contextlib
import gzip
import io
import multiprocessing
import os
import traceback
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

PATIENCE = 60.0
"""Seconds after which a reader is taken to hang; a read takes far under one, but the machine may be busy."""


# --- faults ---------------------------------------------------------------------------------------

TOKENS = (
    b"\x00", b"\x00" * 64, b"\xff", b"\xf0\x9f", b"\xc8", b"\xef\xbb\xbf", b'"', b'"""', b"'", b",", b";", b"\t",
    b"\n", b"\r", b"\r\n\r\n", b"<", b">", b"&", b"</", b"/>", b"]]>", b"<!DOCTYPE a>", b"-1", b"0", b"1e309",
    b"99999999999999999999", b"2147483648", b"9999-12-31", b"0000-00-00", b"31.02.2026", b"24:00", b"NaN", b"=1+1",
    b"-", b"%", b"\x1a", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00", b"\xe2\x80\xae", b"\xcc\x81",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One change of bytes: what is done, where (0 to 1 of the whole), over how many bytes, with which."""

    kind: str
    place: float
    length: int
    token: bytes

    def on(self, data: bytes) -> bytes:
        """Return the bytes with the fault."""
        at = int(self.place * len(data))
        upto = at + self.length
        part = data[at:upto]
        if self.kind == "cut":
            return data[:at]
        if self.kind == "behead":
            return data[at:]
        if self.kind == "lose":
            return data[:at] + data[upto:]
        if self.kind == "repeat":
            return data[:upto] + part * 3 + data[upto:]
        if self.kind == "swap":
            behind = data[upto : upto + self.length]
            return data[:at] + behind + part + data[upto + len(behind) :]
        if self.kind == "flip":
            return (
                data[:at] + bytes(byte ^ 1 << self.length % 8 for byte in part[:1]) + data[at + 1 :]
            )
        if self.kind == "write":
            return data[:at] + self.token + data[at + len(self.token) :]
        return data[:at] + self.token + data[at:]


KINDS = ("flip", "write", "insert", "lose", "repeat", "swap", "cut", "behead")
faults = st.builds(
    Fault,
    st.sampled_from(KINDS),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from([1, 2, 3, 8, 40, 300, 5_000]),
    st.one_of(st.sampled_from(TOKENS), st.binary(min_size=1, max_size=4)),
)


def in_part(packed: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a zip file with one of its parts changed; its checksums are right."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return out.getvalue()


def parts_of(packed: bytes) -> list[str]:
    """Return the names of the parts of a zip file."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return sorted(archive.namelist())


def in_gzip(packed: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a gzip file whose content is changed; its checksum is right."""
    return gzip.compress(change(gzip.decompress(packed)), 1)


def gzip_bomb(megabytes: int, line: bytes) -> bytes:
    """Return a small gzip file that unpacks to many megabytes of one line."""
    block = (line * (1 + (1 << 20) // len(line)))[: 1 << 20]
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


# --- a reader in another process ------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """How a read ended: ``log``, ``refused`` (a ProcmineError), ``wrong`` (anything else), ``died`` or ``hung``."""

    end: str
    text: str = ""
    peak: int = 0
    """The most memory that the process has held, in bytes."""


class Reader:
    """A process that reads one file after the other, and is replaced when it hangs or dies."""

    def __init__(self, memory: int | None = None) -> None:
        self.memory = memory
        self.process: Any = None
        self.pipe: Any = None

    def read(self, path: Path, options: dict[str, Any], *, query: str | None = None) -> Outcome:
        """Read a file with a binding, and look at it without; return how it ended."""
        if self.process is None or not self.process.is_alive():
            self._start()
        self.pipe.send((str(path), options, query))
        if not self.pipe.poll(PATIENCE):
            self.close()
            return Outcome("hung", f"longer than {PATIENCE:.0f} s")
        try:
            outcome: Outcome = self.pipe.recv()
        except EOFError:
            self.process.join(5)
            code = self.process.exitcode
            self.close()
            return Outcome("died", f"the reading process ended with {code}")
        return outcome

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()
        self.process = self.pipe = None

    def _start(self) -> None:
        self.close()
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, self.memory), daemon=True)
        self.process.start()
        other.close()


def _serve(pipe: Connection, memory: int | None) -> None:
    import procmine  # what importing takes is no part of reading

    assert procmine
    if memory is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        os.dup2(nowhere.fileno(), 2)  # what a reader prints in panic
        while True:
            try:
                path, options, query = pipe.recv()
            except EOFError:
                return
            pipe.send(_outcome(path, options, query))


def _outcome(path: str, options: dict[str, Any], query: str | None) -> Outcome:
    import procmine as pm

    ends = []
    for reading in (
        lambda: _told(pm.read(path, query=query, **options)),
        lambda: str(pm.inspect(path, query=query)),
    ):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                warnings.simplefilter("ignore", pm.DataQualityWarning)
                reading()
        except pm.ProcmineError as error:
            wrong, _, advice = str(error).partition("\n")
            if not (wrong.strip() and advice.strip()):
                return Outcome("wrong", f"says nothing of what to do: {error}", _peak())
            ends.append(Outcome("refused", str(error), _peak()))
        except BaseException:  # noqa: BLE001 - also panics of other languages, which are no Exception
            return Outcome("wrong", traceback.format_exc(), _peak())
        else:
            ends.append(Outcome("log", "", _peak()))
    return ends[0]


def _peak() -> int:
    """The most memory that this process has held; what its parent held is no part of it."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(lines[0].split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _told(log: Any) -> None:
    """Raise where a log or its report does not add up."""
    import numpy as np

    import procmine as pm

    report = log.import_report
    assert report.rows_read == report.rows_bound + report.rows_rejected
    assert 0 <= report.rows_bound <= report.rows_read
    assert report.rows_rejected == len(report.rejected)
    assert report.rejected["reason"].str.len().gt(0).all()
    assert log.n_steps
    assert log.n_steps <= max(report.rows_bound, 1) or log.binding.lifecycle is not None
    assert log.offsets[0] == 0
    assert log.offsets[-1] == log.n_steps
    assert (np.diff(log.offsets) > 0).all()
    for coded in (log.activity, log.resource, log.unit):
        if coded is not None:
            assert coded.labels.null_count == 0
            assert coded.codes.min() >= (0 if coded is log.activity else -1)
            assert coded.codes.max() < len(coded.labels)
    missing = np.iinfo(np.int64).min
    assert (log.first != missing).all()
    assert (log.last >= log.first).all()
    assert log.case_labels.null_count == 0
    assert len(set(log.case_labels.to_pylist())) == log.n_cases
    assert len(pm.steps(log)) == log.n_steps
    assert len(pm.cases(log)) == log.n_cases
    repr(report)
    report._repr_html_()
