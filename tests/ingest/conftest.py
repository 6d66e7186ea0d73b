"""Exports that the tests of ingest write for themselves."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

Export = Callable[..., Path]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Write an export and return its path; text is UTF-8, and a name in .gz is packed."""

    def write(content: str | bytes, name: str = "registru.csv", *, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode(encoding)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write
