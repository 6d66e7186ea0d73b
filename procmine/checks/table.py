"""quality(log): the checks run on a log, and what they found as one table, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from procmine.checks.check import SEVERITIES, Check, Flaw
from procmine.checks.context import Context
from procmine.checks.registry import CHECKS, SECOND_CORE
from procmine.checks.rejected import REJECTED
from procmine.log import EventLog
from procmine.observe import as_of_instant

MOST_ROWS = 5
"""Findings of one check that get a row each; a table that nobody reads to its end helps nobody."""
EXAMPLES = 5
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_DTYPES = {
    "check": "str",
    "severity": "str",
    "column": "str",
    "count": "int64",
    "share": "float64",
    "finding": "str",
    "example_rows": "object",
    "affects": "str",
    "advice": "str",
}


def quality(log: EventLog, *, as_of: Any = None) -> pd.DataFrame:
    """Return what is doubtful in a log, one row per finding, worst first.

    Columns: ``check`` (its id; ``procmine.checks.checks()`` lists them with their definitions), ``severity``
    (``high``: figures are wrong; ``medium``: some are doubtful; ``low``: good to know), ``column``
    of the source, or label, concerned, ``count`` and ``share`` (of what the finding says),
    ``finding``, ``example_rows`` (up to 5 rows of the source, as ``"2024!115"`` where it has
    sheets), ``affects`` (measures) and ``advice``. A check that finds much the same in more than 5
    columns tells the rest in one row.

    ``as_of`` bounds what is not in the future, as in :func:`procmine.cases`; a bare date means the
    end of that local day. Nothing is changed in the log. Persons are counted, never named.

    >>> quality(log).columns.tolist()[:5]
    ['check', 'severity', 'column', 'count', 'share']
    """
    if not log.n_steps:
        return _table(log, [(REJECTED, REJECTED.find(Context(log, 0)))])
    context = Context(log, as_of_instant(log, as_of))
    return _table(log, _run(context))


def _run(context: Context) -> list[tuple[Check, list[Flaw]]]:
    """Run the checks, some of them on a second core."""
    with ThreadPoolExecutor(1) as second_core:
        later = [(check, second_core.submit(check.find, context)) for check in SECOND_CORE]
        found = [(check, check.find(context)) for check in CHECKS if check not in SECOND_CORE]
        return found + [(check, flaws.result()) for check, flaws in later]


def _table(log: EventLog, found: Iterable[tuple[Check, list[Flaw]]]) -> pd.DataFrame:
    pairs = [(check, flaw) for check, flaws in found for flaw in _folded(flaws)]
    pairs.sort(key=lambda pair: _rank(*pair))
    columns = {
        "check": [check.name for check, _ in pairs],
        "severity": [flaw.severity for _, flaw in pairs],
        "column": [flaw.column for _, flaw in pairs],
        "count": [flaw.count for _, flaw in pairs],
        "share": [flaw.share for _, flaw in pairs],
        "finding": [flaw.finding for _, flaw in pairs],
        "example_rows": [_rows(log, flaw) for _, flaw in pairs],
        "affects": [flaw.affects or check.affects for check, flaw in pairs],
        "advice": [flaw.advice for _, flaw in pairs],
    }
    return pd.DataFrame(columns).astype(_DTYPES)


def _rank(check: Check, flaw: Flaw) -> tuple[int, float, str, str]:
    return (
        SEVERITIES.index(flaw.severity),
        -(flaw.share if flaw.weight is None else flaw.weight),
        check.name,
        flaw.column or "~",  # the row that tells the rest comes last
    )


def _folded(flaws: Sequence[Flaw]) -> list[Flaw]:
    """Keep the worst findings of a check, and tell the others in one row where they are several."""
    ordered = sorted(flaws, key=lambda f: (SEVERITIES.index(f.severity), -f.count, f.column))
    if len(ordered) <= MOST_ROWS + 1:
        return ordered
    shown, rest = ordered[:MOST_ROWS], ordered[MOST_ROWS:]
    names = ", ".join(f"'{flaw.column}'" for flaw in rest[:8])
    more = f" and {len(rest) - 8} more" if len(rest) > 8 else ""
    told = Flaw(
        rest[0].severity,
        "",
        len(rest),
        len(rest) / len(ordered),
        f"The same was found, less often, in {len(rest)} others: {names}{more}.",
        shown[-1].advice,
        weight=rest[0].share,
    )
    return [*shown, told]


def _rows(log: EventLog, flaw: Flaw) -> tuple[int | str, ...]:
    if flaw.rows is not None:
        return flaw.rows[:EXAMPLES]
    steps = np.asarray(flaw.steps[: 4 * EXAMPLES], dtype=np.int64)  # a row may hold several steps
    rows = log.row[steps].tolist()
    sheet = log.case_attributes if "sheet" in log.case_attributes.column_names else None
    if sheet is not None and log.import_report.source.lower().endswith(_WORKBOOKS):
        names = sheet["sheet"].take(pa.array(log.case_codes[steps])).to_pylist()
        rows = [f"{name}!{row}" for name, row in zip(names, rows, strict=True)]
    return tuple(dict.fromkeys(rows))[:EXAMPLES]
