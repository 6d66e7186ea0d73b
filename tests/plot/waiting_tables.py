"""Small tables about waiting by the contract of the library, for tests of what draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

TZ = "Europe/Bucharest"
MONDAY = pd.Timestamp("2026-01-05")
CAUSES = ("external", "batching", "contention", "prioritisation", "unavailability", "unexplained")
LONG = (
    "Verificarea documentației tehnice și a avizelor depuse de solicitant la registratura generală"
)
GREEK = "Έλεγχος πληρότητας δικαιολογητικών και διαβίβαση στην αρμόδια υπηρεσία"


def days(values: Sequence[float | None]) -> pd.Series:
    """Days as durations, missing where they are None."""
    plain = np.array([np.nan if v is None else v for v in values], dtype=float)
    return pd.Series(pd.to_timedelta(plain, unit="D").astype("timedelta64[us]"))


def causes_of(
    waits: Mapping[str, Sequence[float | None]], basis: str = "waiting", key: str = "activity"
) -> pd.DataFrame:
    """The long table of the causes; for each key the days of the six causes, None if not computable."""
    rows = []
    for name, times in waits.items():
        total = sum(t or 0.0 for t in times)
        for cause, time in zip(CAUSES, times, strict=True):
            share = np.nan if time is None or not total else time / total
            rows.append({key: name, "cause": cause, "time": time, "share": share, "steps": 5,
                         "cases": 4, "efficiency": 0.1, "efficiency_without": 0.2, "basis": basis})  # fmt: skip
    table = pd.DataFrame(rows)
    table["time"] = days(table["time"].tolist()).to_numpy()
    return table


def queues_of(
    means: Mapping[str, Sequence[float | None]],
    *,
    worked: float | None = 2.0,
    key: str = "activity",
    basis: str = "waiting",
) -> pd.DataFrame:
    """The table of queues by week; for each key the mean length of its queue."""
    parts = []
    for name, values in means.items():
        number = np.array([np.nan if v is None else v for v in values], dtype=float)
        week = pd.date_range(MONDAY, periods=len(number), freq="7D")
        own = {"period": [f"{day:%G-W%V}" for day in week], "period_start": week, key: name}
        counts = {
            "arrivals": 5,
            "departures": 5,
            "waiting": np.round(number),
            "mean_waiting": number,
        }
        busy = {"in_progress": worked, "mean_in_progress": worked, "basis": basis}
        parts.append(pd.DataFrame({**own, **counts, **busy}))
    return pd.concat(parts, ignore_index=True).astype({"mean_in_progress": float})


def blockages_of(
    points: Mapping[str, Sequence[float]],
    *,
    usual: tuple[float | None, float | None] = (4.0, 12.0),
    never: float = 300.0,
    owner: str | None = "office",
) -> pd.DataFrame:
    """The table of open cases: for each point the days that its cases stand there."""
    rows = []
    for activity, standing in points.items():
        for number, time in enumerate(standing):
            blocked = usual[1] is not None and time > usual[1]
            rows.append({"case_id": f"{activity[:3]}-{number}", "activity": activity, "owner": owner,
                         "standing": time, "usual_median": usual[0], "usual_p90": usual[1],
                         "chance": 0.05 if blocked else 0.5, "n": 40, "blocked": blocked,
                         "never": time > never})  # fmt: skip
    columns = ["case_id", "activity", "owner", "standing", "usual_median", "usual_p90", "chance",
               "n", "blocked", "never"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    for name in ("standing", "usual_median", "usual_p90"):
        table[name] = days(table[name].tolist()).to_numpy()
    table["since"] = (MONDAY + pd.Timedelta(900, "D")).tz_localize(TZ) - table["standing"]
    return table.astype({"blocked": bool, "never": bool})


REWORK = ("return", "ping_pong", "reopened", "completion_request", "rework", "first_time_right")


def rework_of(
    activities: Mapping[str, tuple[int, int, int]],
    *,
    n: int = 200,
    known: Sequence[str] = REWORK,
    key: str = "activity",
) -> pd.DataFrame:
    """The table of rework: for each key its self-loops, repetitions by the same and by another person."""
    rows = []
    for name, (loops, same, other) in activities.items():
        total = loops + same + other
        figures: list[tuple[str, str | None, float | None]] = [
            ("self_loop", "same", loops), ("repetition", "same", same), ("repetition", "other", other),
        ]  # fmt: skip
        steps = {"rework": total, "return": same, "ping_pong": other, "reopened": 0}
        figures += [(kind, None, steps.get(kind, 0) if kind in known else None) for kind in REWORK]
        for kind, resource, number in figures:
            cases = None if number is None else min(number, n)
            share = None if cases is None else cases / n
            rows.append({key: name, "kind": kind, "resource": resource, "steps": number, "cases": cases,
                         "share": share, "n": n, "basis": "", "extra_days": 2.0 * (number or 0)})  # fmt: skip
    table = pd.DataFrame(rows)
    return table.astype({"steps": "Int64", "cases": "Int64", "share": float})


def handovers_of(
    ways: Mapping[tuple[str, str], tuple[int, float | None]], between: str = "unit"
) -> pd.DataFrame:
    """The table of handovers: how often, and the days of the median wait."""
    rows = [
        {f"source_{between}": a, between: b, "handovers": n, "cases": n, "share": n / 500, "n": 500,
         "same": a == b, "median_wait": wait, "p90_wait": wait, "waiting_time": wait, "basis": "waiting"}
        for (a, b), (n, wait) in ways.items()
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(rows[0]) if rows else HANDOVERS)
    for name in ("median_wait", "p90_wait", "waiting_time"):
        table[name] = days(table[name].tolist()).to_numpy()
    return table


HANDOVERS = (
    *("source_unit", "unit", "handovers", "cases", "share", "n", "same"),
    *("median_wait", "p90_wait", "waiting_time", "basis"),
)


def opportunities_of(
    remedies: Mapping[str, tuple[float, float, float]], *, kind: str = "target"
) -> pd.DataFrame:
    """The table of opportunities: for each remedy the gain of the median in days, with its interval."""
    rows = [
        {"remedy": name, "kind": kind, "activity": name[:9], "cases": 40, "saved_days": 30.0 * gain,
         "median_before": 31.0, "median_after": 31.0 - gain, "median_gain": gain,
         "median_gain_low": low, "median_gain_high": high, "basis": "at most: others stay as they are"}
        for name, (gain, low, high) in remedies.items()
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    for name in table.columns:
        if str(name).startswith("median_"):
            table[name] = days(table[name].tolist()).to_numpy()
    return table


def passages_of(
    times: Sequence[float], *, source: str = "Check", target: str = "Sign"
) -> pd.DataFrame:
    """The table of a segment: passages that begin five hours apart and take some days each."""
    classes = ("fastest quarter", "second quarter", "third quarter", "slowest quarter")
    plain = np.asarray(times, dtype=float)
    begun = MONDAY + pd.to_timedelta(5 * np.arange(len(plain)), unit="h")
    limits = np.quantile(plain, [0.25, 0.5, 0.75]) if len(plain) else np.zeros(3)
    number = np.searchsorted(limits, plain, side="left")
    table = pd.DataFrame({"case_id": [f"case {i}" for i in range(len(plain))]})
    table["source"], table["target"] = source, target
    table["from"] = pd.DatetimeIndex(begun).tz_localize("UTC").tz_convert(TZ)
    table["duration"] = days(plain.tolist()).to_numpy()
    table["until"] = table["from"] + table["duration"]
    table["duration_class"] = pd.Categorical.from_codes(number, classes, ordered=True)
    return table
