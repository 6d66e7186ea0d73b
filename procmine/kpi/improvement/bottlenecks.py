"""Bottlenecks: where most working time is lost in waiting, since when, and mainly why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.kernels import DAY, NAT, Floats, Ints
from procmine.kpi.improvement.trend import monthly_trend
from procmine.kpi.improvement.waits_within import Waits, day_of, waits_within
from procmine.kpi.improvement.working_days import working_days
from procmine.kpi.periods import period_numbers
from procmine.kpi.queues.queues import queues
from procmine.kpi.step_keys import checked_step_keys, keys_of_steps
from procmine.kpi.sums import sums
from procmine.kpi.waiting.causes import basis_text
from procmine.kpi.waiting.split import CAUSES, Calendars, Split, split, warned
from procmine.log import EventLog
from procmine.observe import as_of_text, durations

if TYPE_CHECKING:
    from procmine.procedure import Procedure

COLUMNS = (
    *(
        "lost_working_days",
        "lost_days",
        "waiting_time",
        "median_wait",
        "p90_wait",
        "steps",
        "cases",
    ),
    *("share", "main_cause", "main_cause_share", "trend", "trend_low", "trend_high", "arrivals"),
    *("departures", "queue", "queue_now", "basis"),
)
WEEK = 7 * DAY


def bottlenecks(
    log: EventLog,
    procedure: Procedure | None = None,
    *,
    by: str | Sequence[str] = "activity",
    period: tuple[Any, Any] | None = None,
    calendar: Calendars = None,
    order: str = "concurrency",
    starts: str | None = None,
    arrival: str | None = None,
    enabled: str | None = None,
    batch_size: int = 2,
    batch_gap: Any = "0s",
) -> pd.DataFrame:
    """Return where time is lost in waiting: one row per key, the most lost first.

    A step waits from when it was enabled to its start (in logs with one timestamp to its end: that
    is the sojourn, with the work in it); see docs/waiting.md. Of each wait the part that lies in
    ``period`` (from, until: local days or times, until exclusive, either may be None) is counted. Open
    cases whose next step is not known are not in it: :func:`procmine.blockages` lists them.

    ``lost_working_days``  with ``calendar``: office hours within the waits, over the mean office
                           hours of a working day; a step's own calendar where several are given
    ``lost_days``          the same time in days of 24 hours; ``waiting_time`` as a duration, and
                           ``share`` of that of all keys
    ``median_wait, p90_wait, steps, cases``
                           of the steps taken up in the period, their whole waits
    ``main_cause, main_cause_share``
                           the largest cause of these waits (see :func:`procmine.waiting_causes`), and
                           its share of them
    ``trend, trend_low, trend_high``
                           by how many days the mean wait of a step rises from month to month, with its
                           95 % interval (Theil 1950, Sen 1968), by the month in which it is taken up;
                           missing under 4 months
    ``arrivals, departures``
                           steps enabled, and taken up, per week
    ``queue``              the mean number that waited: waiting_time over the length of the period
                           (Little 1961)
    ``queue_now``          how many waited when the period ended. Where it ends with the log, the
                           steps that open cases wait for are not known: then it is missing, unless
                           ``by`` asks for nothing of them (``source, source_unit``, attributes of
                           cases) and the log, or the procedure, says which cases are open

    ``by`` names ``source`` (the activity of the step waited for), ``activity, source_unit, unit`` or
    attributes; ``("source", "activity")`` are the hand-offs. Never persons. The other parameters are
    those of ``waiting_causes``. The rows are in the order of lost_working_days where all are known,
    else of lost_days.

    >>> found = bottlenecks(log)
    >>> found[["activity", "lost_days", "share", "main_cause"]].round(2).iloc[[0, 3]]
                activity  lost_days  share  main_cause
    0  Examinare tehnică   19568.35   0.27  contention
    3    Decizie comisie    7914.06   0.11    batching
    """
    names = checked_step_keys(log, by, COLUMNS, "table of bottlenecks")
    found = warned(
        split(
            log,
            calendar=calendar,
            procedure=procedure,
            order=order,
            starts=starts,
            arrival=arrival,
            enabled=enabled,
            batch_size=batch_size,
            batch_gap=batch_gap,
        )
    )
    waits = waits_within(found, period)
    keys, key = keys_of_steps(found.log, names, waits.row, found.enabled.by[waits.row])
    table = keys.assign(**_columns(waits, key, len(keys), calendar))
    if waits.last and len(table) and _is_behind(log, names):
        how = {"order": order, "starts": starts, "arrival": arrival, "enabled": enabled}
        table["queue_now"] = _standing(log, table[names], procedure, how)
    table["basis"] = pd.Series([_basis(waits)] * len(table), dtype="str")
    return _sorted(table, names)


def _columns(waits: Waits, key: Ints, keys: int, calendar: Calendars) -> dict[str, Any]:
    """Return the figures of every key."""
    inside = sums(key, waits.inside, keys)
    weeks = (waits.until - waits.begin) / WEEK
    went, went_key = waits.row[waits.went], key[waits.went]
    steps, cases = kernels.rows_and_cases(waits.found.log.case_codes[went], went_key, keys)
    total = int(inside.sum())
    return {
        "lost_working_days": _lost_working_days(waits, key, keys, calendar),
        "lost_days": inside / DAY,
        "waiting_time": durations(inside),
        **_spread(waits.found.wait[went], went_key, keys),
        "steps": steps,
        "cases": cases,
        "share": inside / total if total else np.full(keys, np.nan),
        **_main_cause(waits.found, went, went_key, keys),
        **_trend(waits.found, went, went_key, keys),
        "arrivals": _per(np.bincount(key[waits.came], minlength=keys), weeks),
        "departures": _per(steps, weeks),
        "queue": _per(inside, float(waits.until - waits.begin)),
        "queue_now": _queue_now(waits, key, keys),
    }


def _per(count: Ints, length: float) -> Floats:
    none = np.full(len(count), np.nan)
    return count / length if length > 0 else none


def _spread(wait: Ints, key: Ints, keys: int) -> dict[str, Any]:
    """Return the median and the 90 % quantile of whole waits."""
    offsets = kernels.offsets_of(key, keys)
    ordered = kernels.sorted_in_groups(key, wait, keys)
    found = kernels.grouped_quantiles(ordered, offsets, [0.5, 0.9])
    whole = np.where(np.isnan(found), NAT, np.rint(np.nan_to_num(found))).astype(np.int64)
    return {"median_wait": durations(whole[:, 0].copy()), "p90_wait": durations(whole[:, 1].copy())}


def _lost_working_days(waits: Waits, key: Ints, keys: int, calendar: Calendars) -> Floats:
    """Return the working days lost of every key, missing where they are not known of one of its waits."""
    some = waits.inside > 0
    days = working_days(
        waits.found.log, calendar, waits.row[some], waits.low[some], waits.high[some]
    )
    if calendar is None:
        return np.full(keys, np.nan)
    return np.bincount(key[some], weights=days, minlength=keys).astype(np.float64)


def _main_cause(found: Split, row: Ints, key: Ints, keys: int) -> dict[str, Any]:
    """Return the cause with the largest part of the waits of every key, the first of equal ones."""
    parts = np.stack([found.parts[cause][row] for cause in CAUSES])
    known = np.where(parts == NAT, 0, parts)
    totals = np.stack([sums(key, part, keys) for part in known])
    whole = sums(key, found.wait[row], keys)
    largest = np.where(whole > 0, totals.argmax(axis=0), -1)
    share = np.full(keys, np.nan)
    np.divide(totals.max(axis=0), whole, out=share, where=whole > 0)
    causes = pd.Index(list(CAUSES), dtype="str")
    return {
        "main_cause": pd.Categorical.from_codes(largest, categories=causes),
        "main_cause_share": share,
    }


def _trend(found: Split, row: Ints, key: Ints, keys: int) -> dict[str, Any]:
    month = period_numbers(found.log.local(found.until[row]), "M")
    trend = monthly_trend(key, month, found.wait[row] / DAY, keys)
    return {"trend": trend.slope, "trend_low": trend.low, "trend_high": trend.high}


def _queue_now(waits: Waits, key: Ints, keys: int) -> pd.arrays.IntegerArray:
    """Return how many waited when the period ended; not known where what comes next is not."""
    at, until = waits.found.enabled.at[waits.row], waits.found.until[waits.row]
    count = np.bincount(key[(at < waits.until) & (until >= waits.until)], minlength=keys)
    return pd.arrays.IntegerArray(count.astype(np.int64), np.full(keys, waits.last))


def _is_behind(log: EventLog, names: Sequence[str]) -> bool:
    """Tell whether keys are known of a step that has not begun: those of its case and of what it waits after."""
    known = {"source", "source_unit", *log.case_attributes.column_names}
    return known.issuperset(names)


def _standing(
    log: EventLog, keys: pd.DataFrame, procedure: Procedure | None, how: dict[str, Any]
) -> Any:
    """Return how many steps wait now for every key, those of open cases that are not known yet among them."""
    names = list(keys.columns)
    table = queues(log, by=names, period="Y", procedure=procedure, **how)
    if table["basis"].str.contains("nothing says which cases are open").any():
        return pd.array([pd.NA] * len(keys), dtype="Int64")
    last = table[table["period"] == table["period"].iloc[-1]]
    if not names:
        return pd.array(last["waiting"].to_numpy(), dtype="Int64")
    found = keys.merge(last[[*names, "waiting"]], on=names, how="left")["waiting"]
    return pd.array(found.fillna(0).to_numpy(), dtype="Int64")


def _basis(waits: Waits) -> str:
    log = waits.found.log
    begin = day_of(log, waits.begin)
    end = as_of_text(log, waits.until) if waits.last else f"until {day_of(log, waits.until)}"
    unknown = int((waits.found.wait == NAT).sum())
    left = [f"{unknown:,} steps whose wait is not known are left out"] if unknown else []
    ahead = "open cases that wait for a step not known yet are not counted"
    return "; ".join([basis_text(waits.found), f"from {begin}", end, *left, ahead])


def _sorted(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Put what lost most first; equal ones stay in the order of their keys."""
    known = bool(table["lost_working_days"].notna().all()) and len(table) > 0
    lost = table["lost_working_days" if known else "lost_days"].to_numpy()
    order = np.argsort(-lost, kind="stable")
    return table.iloc[order].reset_index(drop=True)[[*names, *COLUMNS]]
