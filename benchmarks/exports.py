"""Races of what exports bring: another encoding, a workbook, and the checks of quality."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import procmine as pm
from benchmarks import with_procmine
from benchmarks.agree import facts
from benchmarks.files import Files
from benchmarks.race import Contender
from procmine.ingest.sheets import read_workbook


def import_cp1250(files: Files) -> list[Contender]:
    """The same rows in cp1250 and in UTF-8, each to a log."""
    return [
        Contender(name, partial(with_procmine.read_csv, files.path(kind)), _facts)
        for name, kind in (("procmine, cp1250", "cp1250.csv"), ("procmine, UTF-8", "utf8.csv"))
    ]


def import_xlsx(files: Files) -> list[Contender]:
    """A workbook to typed columns, beside calamine alone, which hands over rows of Python values."""
    path = files.path("xlsx")
    return [
        Contender("procmine", partial(read_workbook, path)),
        Contender("calamine alone", partial(_calamine, path)),
    ]


def quality(log: pm.EventLog) -> list[Contender]:
    """All checks of quality, beside the process map of the same log."""
    return [
        Contender("procmine, quality", partial(pm.quality, log)),
        Contender("procmine, process map", partial(pm.process_map, log)),
    ]


def _facts(log: pm.EventLog) -> Any:
    return facts(with_procmine.rows(log))


def _calamine(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
