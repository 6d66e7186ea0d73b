"""Workbooks that the tests of spreadsheets write for themselves."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

Workbook = Callable[..., Path]


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    """Write an xlsx with one or several sheets of rows, and return its path."""

    def write(
        rows: list[list[Any]] | dict[str, list[list[Any]]],
        name: str = "registru.xlsx",
        *,
        merge: tuple[str, ...] = (),
        hidden: tuple[str, ...] = (),
        formats: dict[str, str] | None = None,
        epoch: Any = None,
    ) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        if epoch is not None:
            book.epoch = epoch
        for title, cells in (rows if isinstance(rows, dict) else {"Registru": rows}).items():
            sheet = book.create_sheet(title)
            for row in cells:
                sheet.append(row)
            sheet.sheet_state = "hidden" if title in hidden else "visible"
        for place, code in (formats or {}).items():
            book.worksheets[0][place].number_format = code
        for area in merge:
            book.worksheets[0].merge_cells(area)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def rewritten() -> Callable[..., Path]:
    """Change the text of one part of a zip in place."""

    def rewrite(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        assert part in parts
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, change(content) if name == part else content)
        return path

    return rewrite
