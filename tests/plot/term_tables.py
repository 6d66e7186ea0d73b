"""Small tables about terms by the contract of the library, for tests of what draws them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

STATES = (
    *("on_time", "late", "running", "paused", "overdue"),
    *("deemed_approved", "deemed_refused", "withdrawn", "unknown"),
)
START = pd.Timestamp("2026-01-07")
OPEN = ("running", "paused", "overdue")


def wilson(hits: int, n: int) -> tuple[float, float, float]:
    """Return a share with the ends of its 95 % interval, by the formula as Wilson printed it."""
    if not n:
        return (float("nan"),) * 3
    p, z = hits / n, 1.959963984540054
    middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return p, (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def shares_of(
    months: Sequence[tuple[int, int, int]], term: str = "permit", **keys: str
) -> pd.DataFrame:
    """Return the KPI table of months, each with the cases in time, concluded, and open overdue."""
    rows = []
    for start, (hits, n, overdue) in zip(
        pd.date_range("2026-01-01", periods=len(months), freq="MS"), months, strict=True
    ):
        for kpi, total in (("timeliness", n), ("on_time_share", n + overdue)):
            value, low, high = wilson(hits, total)
            own = {"term": term, "kpi": kpi, "value": value, "measured_in": "share"}
            rows.append({"period": f"{start:%Y-%m}", "period_start": start, **keys, **own,
                         "n": total, "low": low, "high": high, "basis": "as of then"})  # fmt: skip
    return pd.DataFrame(rows)


def terms_of(
    rows: Sequence[tuple[str, int]],
    *,
    length: int = 30,
    term: str = "permit",
    phase: str | None = None,
    unit: str = "Urbanism",
    used_in: str = "day",
    kind: str = "statutory",
) -> pd.DataFrame:
    """Return the table of terms of some states and used days; each case is due after `length` days."""
    due = START + (
        pd.offsets.BDay(length) if used_in == "working_day" else pd.Timedelta(length, "D")
    )
    table = []
    for number, (state, used) in enumerate(rows):
        known, still = state != "unknown", state in OPEN
        step = pd.offsets.BDay(used) if used_in == "working_day" else pd.Timedelta(used, "D")
        end = START + step
        table.append({
            "case_id": f"{term}-{number}", "unit": unit, "term": term, "phase": phase, "kind": kind,
            "state": state, "started": START,
            "due": due if known and state != "paused" else pd.NaT,
            "closed": pd.NaT if still or not known else end,
            "gross_days": (end - START).days if known else None,
            "used": used if known else None, "used_in": used_in if known else None,
            "days_left": max((due - end).days, 0) if still and state != "overdue" else None,
            "days_late": max((end - due).days, 0) if known else None,
        })  # fmt: skip
    frame = pd.DataFrame(table, columns=None if table else COLUMNS)
    days = ["gross_days", "used", "days_left", "days_late"]
    frame = frame.astype(dict.fromkeys(("started", "due", "closed"), "datetime64[s]"))
    frame["state"] = pd.Categorical(frame["state"], categories=STATES)
    return frame.astype(dict.fromkeys(days, "Int64"))


COLUMNS = (
    *("case_id", "unit", "term", "phase", "kind", "state", "started", "due", "closed"),
    *("gross_days", "used", "used_in", "days_left", "days_late"),
)


def timeline_of(
    events: Sequence[tuple[int, str]],
    stretches: Sequence[tuple[str, int, int]] = (),
    *,
    owners: Sequence[tuple[str, int, int]] = (),
    due: int | None = None,
    as_of: int | None = None,
    term: str = "permit",
) -> pd.DataFrame:
    """Return the timeline of a case; days are counted from the first."""
    rows: list[tuple[str | None, str, str | None, int, int]] = [
        *((None, "event", name, day, day) for day, name in events),
        *((None, "owner", name, low, high) for name, low, high in owners),
        *((term, kind, None, low, high) for kind, low, high in stretches),
        *([] if due is None else [(term, "due", None, due, due)]),
        *([] if as_of is None else [(None, "as_of", None, as_of, as_of)]),
    ]
    table = pd.DataFrame(rows, columns=["term", "kind", "label", "from", "until"])
    table["phase"] = None
    for name in ("from", "until"):
        table[name] = START + pd.to_timedelta(table[name], unit="D")
    return table.astype({"term": "str", "phase": "str", "label": "str"})
