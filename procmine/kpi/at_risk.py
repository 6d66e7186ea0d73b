"""Which open cases will end late: the chance of each, from how long the others ran."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.kernels import NAT, Ints
from procmine.kpi.begun import Begun, moment_of
from procmine.kpi.chances import REASONS, Chances, chances
from procmine.kpi.keys import checked_keys, keys_of_cases
from procmine.kpi.survival import survival
from procmine.kpi.term_rows import WINDOW, whole_numbers
from procmine.log import EventLog
from procmine.observe import observed_cases

if TYPE_CHECKING:
    from procmine.procedure import Procedure

FACTS = ("term", "phase", "state", "owner", "due", "net_days", "days_left", "days_late")
COLUMNS = ("case_id", *FACTS, "chance", "low", "high", "n", "reason")
OPEN = ("running", "paused", "overdue")


def at_risk(
    log: EventLog,
    procedure: Procedure,
    *,
    as_of: Any = None,
    calendar: Calendar | None = None,
    by: str | Sequence[str] = (),
) -> pd.DataFrame:
    """Return the open cases of every term, those first that will most likely end late.

    ``chance`` is that of ending after the due date: that of running longer than net_days +
    days_left, given that a case has run longer than net_days, S(net_days + days_left) /
    S(net_days), where S is Kaplan and Meier's estimate (1958) over the net days of all cases of
    the term, ended or still open; those that silence decided are open until they end. The day of
    as_of counts as over: what is due on it and still open will be late. The chance says what is
    usual and knows nothing of the case itself, nor of pauses still to come. An overdue case has the
    chance 1; cases that silence has decided are not listed, nor are control windows, in which no
    decision is due.

    ``low`` and ``high`` are its 95 % interval (Greenwood, log-log scale), ``n`` how many cases ran
    longer than this one has. Where they are fewer than 10 the chance is missing; ``reason`` says
    why a chance or its interval is. With ``by`` (case attributes, or ``unit``) a case is compared
    with those that are alike in it.

    Columns: ``case_id, by…, term, phase, state, owner, due, net_days, days_left, days_late, chance,
    low, high, n, reason``.

    >>> from procmine.procedure import Procedure
    >>> procedure = Procedure.read("sample_logs/building_permits_ro.procedure.yaml")
    >>> found = at_risk(log, procedure).query("state == 'running'")
    >>> found[["case_id", "net_days", "days_left", "chance", "n"]].head(1).round(3)
              case_id  net_days  days_left  chance    n
    11  AC/2025/00994        28          5   0.662  874
    """
    from procmine.procedure.terms import terms

    seen = observed_cases(log, as_of)
    here = seen.started != NAT
    names = checked_keys(by, COLUMNS, "table of cases at risk")
    keys, codes = keys_of_cases(log, names, seen, here)
    table = terms(log, procedure, as_of=moment_of(seen.as_of), calendar=calendar)
    table = table[table["kind"] != WINDOW]
    of_row = Begun(log, seen, here, codes[here]).positions(table["case_id"])
    table, key = table[of_row >= 0], codes[here][of_row[of_row >= 0]]
    return _sorted(_listed(table, keys, key))


def _listed(table: pd.DataFrame, keys: pd.DataFrame, key: Ints) -> pd.DataFrame:
    """Return the open rows of a table of terms with their chances; ``key`` is that of every row."""
    open_rows = table["state"].isin(OPEN).to_numpy()
    found = _chances(table, key, open_rows)
    of = keys.iloc[key[open_rows]].reset_index(drop=True)
    listed = table.loc[open_rows, ["case_id", *FACTS]].reset_index(drop=True)
    listed = pd.concat([listed[["case_id"]], of, listed[list(FACTS)]], axis=1)
    listed["chance"], listed["low"], listed["high"] = found.chance, found.low, found.high
    listed["n"] = found.n
    listed["reason"] = pd.Categorical.from_codes(found.reason, categories=pd.Index(REASONS))
    how = f"Kaplan-Meier over the net days of all cases of the term{_alike(keys)}"
    listed.attrs = {**table.attrs, "basis": f"{how}; {table.attrs.get('basis', '')}"}
    return listed


def _alike(keys: pd.DataFrame) -> str:
    return f" with the same {', '.join(map(str, keys.columns))}" if len(keys.columns) else ""


def _chances(table: pd.DataFrame, key: Ints, open_rows: Any) -> Chances:
    """Return the chances of the open rows, from the curve of the rows of the same term, phase and key."""
    part = pd.DataFrame(
        {
            "term": table["term"].cat.codes.to_numpy(),
            "phase": table["phase"].cat.codes.to_numpy(),
            "key": key,
        }
    )
    group = part.groupby(["term", "phase", "key"]).ngroup().to_numpy().astype(np.int64)
    net, left = whole_numbers(table["net_days"]), whole_numbers(table["days_left"])
    known = net != NAT
    curve = survival(
        group[known],
        net[known],
        table["closed"].notna().to_numpy()[known],
        int(group.max(initial=-1)) + 1,
    )
    overdue = (table["state"] == "overdue").to_numpy()[open_rows]
    return chances(curve, group[open_rows], net[open_rows], left[open_rows], overdue)


def _sorted(listed: pd.DataFrame) -> pd.DataFrame:
    """Put the likeliest first, of equal ones the latest and then the one with the fewest days left."""
    order = ["chance", "days_late", "days_left", "case_id"]
    return listed.sort_values(
        order, ascending=[False, False, True, True], na_position="last", ignore_index=True
    )
