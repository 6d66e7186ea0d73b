"""Races of waiting: its causes on the generated log, and on public logs beside a scan of the whole log per event.

Tools that split waits look, for every event, through the whole log for what its resource did meanwhile. The scan here
is that way of working in numpy, without overhead of its own: a few comparisons of whole columns for every event, then
the shares of the few steps that it found. It counts what the resource was busy with (contention and
prioritisation), where procmine's table has all causes; what is compared are the steps in no batch.
"""

from __future__ import annotations

import math
import sys
import warnings
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import procmine as pm
from benchmarks.race import Contender

CAUSES = "waiting_causes"
PUBLIC = {
    "waiting_production": {
        "file": "interval/Production.csv.gz", "case": "case:concept:name", "activity": "Activity",
        "start": "start_timestamp", "end": "time:timestamp", "resource": "Resource",
    },
    "waiting_bpic12": {
        "file": "BPIC12_W_intervals.csv.gz", "case": "case_id", "activity": "activity",
        "start": "start_time", "end": "end_time", "resource": "resource",
    },
}  # fmt: skip
"""Logs with start and end that are not part of the repository."""
SCAN = "a scan of the whole log per event"
_LOGS = Path(__file__).resolve().parent.parent.parent / "shared" / "logs"
_SMALL, _USUAL = 100_000, 1_000_000
_NO_BATCHES = 1_000_000_000
_HOURS = {"mon-sun": "00:00-24:00"}
_NAT = np.iinfo(np.int64).min


def takes_part(name: str, events: int) -> bool:
    """Tell whether a race on a public log is run beside a generated one of that size; say where a log is absent."""
    path = _LOGS / PUBLIC[name]["file"]
    if not path.exists():
        print(f"{name}: {path.name} is not in ../shared/logs and left out", file=sys.stderr)
    slow = name == "waiting_bpic12"
    return path.exists() and events <= _USUAL and (events >= _SMALL or not slow)


def causes(log: pm.EventLog) -> list[Contender]:
    """The causes of every wait of the log, with calendars that are given and with those found in it."""
    calendar = pm.Calendar("RO", tz=log.tz)
    given = partial(_causes, log, by=["source", "activity"], calendar=calendar)
    found = partial(_causes, log, by=["source", "activity"])
    rounds = 1 if log.n_steps > 2 * _USUAL else None
    return [
        Contender("procmine", given, rounds=rounds),
        Contender("procmine, calendars found in the log", found, rounds=rounds),
    ]


def contenders(name: str) -> list[Contender]:
    """The contenders of a race on a public log."""
    log = _public(name)
    calendar = pm.Calendar(tz=log.tz, hours=_HOURS)
    options: dict[str, Any] = {"order": "sequence", "calendar": calendar, "batch_size": _NO_BATCHES}
    rows = _alone(_causes(log, **options))
    times = _columns(log)
    table = partial(_of_rows, rows)
    return [
        Contender("procmine", partial(_causes, log, **options), table),
        Contender(SCAN, partial(scanned, *times), table, rounds=1),
    ]


def _causes(log: pm.EventLog, **options: Any) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.DataQualityWarning)  # some steps have no resource
        return pm.waiting_causes(log, **options)


@cache
def _public(name: str) -> pm.EventLog:
    given = dict(PUBLIC[name])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.DataQualityWarning)
        return pm.read(_LOGS / given.pop("file"), tz="UTC", **given)


def _columns(log: pm.EventLog) -> list[np.ndarray]:
    """Return what the scan looks through: row, case, resource (-1: none), start and end of every step, in order."""
    assert log.start is not None
    assert log.resource is not None
    return [log.row, log.case_codes, log.resource.codes, log.start, log.end]


def _alone(table: pd.DataFrame) -> np.ndarray:
    """Return the rows whose wait is for no batch."""
    return table.loc[table["batch"].isna(), "row"].to_numpy()


def _of_rows(rows: np.ndarray, table: pd.DataFrame) -> pd.DataFrame:
    """Return what is compared: wait, contention and prioritisation of steps, -1 where not computable."""
    own = table[table["row"].isin(rows)]
    times = {
        name: np.where(own[name].isna(), -1, own[name].to_numpy().view(np.int64))
        for name in ("waiting_time", "contention", "prioritisation")
    }
    return pd.DataFrame({"interval": own["row"].astype("str").to_numpy(), **times})


def scanned(
    row: np.ndarray, case: np.ndarray, resource: np.ndarray, start: np.ndarray, end: np.ndarray
) -> pd.DataFrame:
    """Return wait, contention and prioritisation of every step that waited, by scans of the whole log."""
    enabled = np.array([_enabled(at, case, start, end) for at in range(len(row))])
    waited = np.flatnonzero(start > enabled)
    shares = [_shares(at, resource, start, end, enabled) for at in waited]
    contention, prioritisation = np.array(shares, dtype=np.int64).reshape(-1, 2).T
    found = {"waiting_time": (start - enabled)[waited]}
    found |= {"contention": contention, "prioritisation": prioritisation}
    times = {name: each.view("timedelta64[us]") for name, each in found.items()}
    return pd.DataFrame({"row": row[waited], **times})


def _enabled(at: int, case: np.ndarray, start: np.ndarray, end: np.ndarray) -> int:
    """Return when a step could begin: the latest end of a step before it in its case, else the begin of the case."""
    before = (case == case[at]) & (end <= start[at])
    before[at:] = False
    ends = end[before]
    if len(ends):
        return int(ends.max())
    return int(start[np.argmax(case == case[at])])


def _shares(
    at: int, resource: np.ndarray, start: np.ndarray, end: np.ndarray, enabled: np.ndarray
) -> tuple[int, int]:
    """Return how long the resource was busy with what was enabled earlier, and later, until the step began."""
    if resource[at] < 0:
        return _NAT, _NAT
    since, until = enabled[at], start[at]
    meanwhile = (resource == resource[at]) & (start < until) & (end > since) & (end > start)
    begins, ends = np.maximum(start[meanwhile], since), np.minimum(end[meanwhile], until)
    earlier = enabled[meanwhile] <= since
    bounds = np.unique(np.concatenate([begins, ends]))
    busy = (begins <= bounds[:-1, None]) & (ends >= bounds[1:, None])
    length, at_once = np.diff(bounds), busy.sum(axis=1)
    used = at_once > 0
    length, at_once, ahead = length[used], at_once[used], (busy & earlier).sum(axis=1)[used]
    return _rounded(length, at_once, ahead)


def _rounded(length: np.ndarray, at_once: np.ndarray, ahead: np.ndarray) -> tuple[int, int]:
    """Return both parts in whole microseconds, rounded down; what remains goes to the larger."""
    common = math.lcm(*map(int, np.unique(at_once)))
    each = [int(n) * (common // int(k)) for n, k in zip(length, at_once, strict=True)]
    first = sum(part * int(n) for part, n in zip(each, ahead, strict=True))
    whole = int(length.sum())
    second = whole * common - first
    parts = [first // common, second // common]
    parts[0 if first >= second else 1] += whole - sum(parts)
    return parts[0], parts[1]
