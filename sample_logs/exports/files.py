"""Files that come out byte for byte the same each time: workbooks, gzip, JSON."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

# openpyxl writes other bytes where lxml is installed; it asks this when it is first imported
os.environ["OPENPYXL_LXML"] = "False"

if TYPE_CHECKING:
    from openpyxl import Workbook

WRITTEN = b"2026-01-05T09:00:00Z"  # what the workbooks say of when they were made
ENTRY_TIME = (1980, 1, 1, 0, 0, 0)


def workbook_bytes(book: Workbook) -> bytes:
    """Return a workbook as a file without a trace of when it was written."""
    saved = io.BytesIO()
    book.save(saved)
    fixed = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, ENTRY_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, _undated(name, old.read(name)))
    return fixed.getvalue()


def _undated(name: str, content: bytes) -> bytes:
    if name != "docProps/core.xml":
        return content
    return re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", WRITTEN, content)


def gzip_bytes(content: bytes) -> bytes:
    """Return the content as a gzip file without name and time."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Return a truth as JSON."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
