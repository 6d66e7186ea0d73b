"""Timeliness in a comparison: of the cases that were concluded with a known due date, those in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.kernels import Ints
from procmine.kpi.begun import moment_of
from procmine.kpi.compare.ratio import Ratio
from procmine.kpi.compare.side import Side, per_case
from procmine.kpi.term_rows import APPROVED, LATE, ON_TIME, REFUSED, WINDOW

if TYPE_CHECKING:
    from procmine.procedure import Procedure

CONCLUDED = (ON_TIME, LATE, APPROVED, REFUSED)


def timeliness(side: Side, procedure: Procedure, calendar: Calendar | None) -> list[Ratio]:
    """Return the timeliness of every term of a procedure."""
    from procmine.procedure.terms import terms

    if not procedure.uses:
        return []
    table = terms(side.log, procedure, as_of=moment_of(side.seen.as_of), calendar=calendar)
    table = table[(table["kind"] != WINDOW) & table["state"].isin(CONCLUDED)]
    case = _places(side, table["case_id"])
    return [
        _of_term(side, name, table[table["term"] == name], case[(table["term"] == name).to_numpy()])
        for name in (use.id for use in procedure.uses)
    ]


def _of_term(side: Side, name: str, rows: pd.DataFrame, case: Ints) -> Ratio:
    n = side.log.n_cases
    in_time = (rows["state"] == ON_TIME).to_numpy().astype(np.float64)
    return Ratio(
        "timeliness",
        "share",
        per_case(case, in_time, n),
        per_case(case, None, n),
        "on time / concluded with a known due date; what silence decided is not on time",
        term=name,
        only="concluded",
    )


def _places(side: Side, case_ids: pd.Series) -> Ints:
    labels = pd.Index(side.log.case_labels.to_pandas(), dtype="str")
    return np.asarray(labels.get_indexer(pd.Index(case_ids)), dtype=np.int64)
