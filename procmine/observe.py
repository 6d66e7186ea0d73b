"""The observation tables: steps(log), cases(log), and transitions(log) between consecutive steps."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from procmine import kernels, zones
from procmine.calendars import Calendar
from procmine.calendars.given import check_calendar
from procmine.errors import ProcmineError
from procmine.kernels import NAT, Bools, Codes, Ints
from procmine.log import EventLog

VARIANT_ARROW = " → "
_ISO_DATE = re.compile(r"\s*\d{4}-\d{2}-\d{2}([T ].*)?\s*$")
_YEAR_OR_MONTH = re.compile(r"\s*\d{4}(-\d{2})?\s*")
STATES = ("open", "closed", "unknown", "not_started")


def steps(
    log: EventLog,
    *,
    calendar: Calendar | None = None,
    order: str | None = None,
    starts: str | None = None,
    arrival: str | None = None,
    enabled: str | None = None,
) -> pd.DataFrame:
    """Return one row per step, in the order of the log.

    Columns: ``case_id, activity``, ``resource`` (only where ``resources=`` was ``"name"`` or
    ``"pseudonym"``), ``unit``,
    ``start``, ``end`` (datetime64 in the zone of the office), ``processing_time`` (end − start −
    suspended time; missing where start or end is), ``suspended_time``, ``row`` of the source, then
    the step attributes. With a ``calendar``, ``office_time`` follows processing_time: the office
    hours from start to end, suspended time among them (``/ pd.Timedelta("1h")`` shows hours).

    With ``order="concurrency"`` or ``"sequence"`` follow when the step could have begun and how long
    it waited: ``enabled``, ``waiting_time`` (start − enabled; missing where the start is),
    ``sojourn_time`` (end − enabled) and ``basis``: ``waiting``, ``sojourn`` (no start is known) or
    ``estimated``. ``starts="estimate"`` estimates the starts that the log lacks: from when the step
    was enabled and its resource free (Chapela-Campa and Dumas 2023); start, processing_time and all
    that rests on them are then estimates where basis says so. ``arrival`` names a case attribute
    with the time at which the case came in, ``enabled`` a step attribute with the time at which the
    step could begin. The definition is in docs/waiting.md.

    >>> steps(log)[["activity", "processing_time"]].head(1)
                  activity processing_time
    0  Înregistrare cerere 0 days 00:11:00
    >>> steps(log, order="concurrency")[["activity", "waiting_time"]].iloc[[1]]
                      activity    waiting_time
    1  Verificare documentație 1 days 05:03:00
    """
    waits: dict[str, Any] = {}
    if (order, starts, arrival, enabled) != (None, None, None, None):
        log, waits = _with_waits(log, order or "concurrency", starts, arrival, enabled)
    columns: dict[str, Any] = {
        "case_id": case_id_column(log, log.case_codes),
        "activity": log.activity.to_categorical(),
    }
    if log.resource is not None and not log.resources_hidden:
        columns["resource"] = log.resource.to_categorical()
    if log.unit is not None:
        columns["unit"] = log.unit.to_categorical()
    columns["start"] = log.local(np.full(log.n_steps, NAT) if log.start is None else log.start)
    columns["end"] = log.local(log.end)
    columns["processing_time"] = durations(processing_time(log))
    if calendar is not None:
        begun = np.full(log.n_steps, NAT) if log.start is None else log.start
        columns["office_time"] = durations(office_time(log, calendar, begun, log.end))
    columns["suspended_time"] = durations(
        np.zeros(log.n_steps, dtype=np.int64) if log.suspended is None else log.suspended
    )
    columns.update(waits)
    columns["row"] = log.row
    return with_attributes(columns, log.step_attributes, log.tz)


def _with_waits(
    log: EventLog, order: str, starts: str | None, arrival: str | None, enabled: str | None
) -> tuple[EventLog, dict[str, Any]]:
    """Return the log, its steps in their order but with estimated starts, and the columns of their waits."""
    from procmine.enabled import columns, counted_log

    counted = counted_log(log, order=order, starts=starts, arrival=arrival, enabled=enabled)
    if counted.order is not None and counted.log.start is not None:
        log = replace(log, start=counted.as_given(counted.log.start))
    return log, columns.waiting_columns(counted)


def cases(log: EventLog, *, as_of: Any = None, calendar: Calendar | None = None) -> pd.DataFrame:
    """Return one row per case, in the order of the log, as it was known at ``as_of``.

    A case closes at the end of its last closing step (or at its end column or status date); a
    closed case has a
    ``cycle_time`` = closed_at − started, an open one an ``age`` = as_of − started. Where nothing
    says what closes a case its state is ``unknown`` and cycle_time is last − first. Steps that
    begin after ``as_of`` are left out, ends after it are not known yet; by default ``as_of`` is the
    latest time in the log that is not in the future.

    Columns: ``case_id, started, ended`` (last known time), ``closed_at, state`` (open, closed,
    unknown, not_started),
    ``cycle_time, age, steps, after_closing`` (steps that begin later than closed_at),
    ``processing_time`` (sum over its steps; missing where one is), ``variant, first_activity,
    last_activity, unit`` (of the first step that has one), then the case attributes. With a
    ``calendar``, ``office_time`` follows age: the office hours within cycle_time, or within age for
    open cases (a day of it is 24 office hours: ``/ pd.Timedelta("1h")`` shows hours).

    >>> cases(log)[["case_id", "state", "steps"]].head(1)
             case_id   state  steps
    0  AC/2024/00001  closed     14
    """
    seen = observed_cases(log, as_of)
    columns: dict[str, Any] = {
        "case_id": case_id_column(log, np.arange(log.n_cases, dtype=np.int32)),
        "started": log.local(seen.started),
        "ended": log.local(seen.ended),
        "closed_at": log.local(seen.closed_at),
        "state": pd.Categorical.from_codes(seen.state, categories=pd.Index(STATES, dtype="str")),
        "cycle_time": durations(seen.cycle_time),
        "age": durations(seen.age),
        **_case_office_time(log, seen, calendar),
        "steps": seen.steps,
        "after_closing": _after_closing(log, seen),
        "processing_time": durations(_case_processing_time(log, seen)),
        "variant": _variant_column(log, seen),
        "first_activity": _activity_at(log, seen, log.offsets[:-1]),
        "last_activity": _activity_at(log, seen, log.offsets[:-1] + seen.steps - 1),
    }
    if log.unit is not None:
        columns["unit"] = case_unit(log, seen).to_categorical()
    return with_attributes(columns, log.case_attributes, log.tz)


def transitions(log: EventLog) -> pd.DataFrame:
    """Return one row per two consecutive steps of a case: ``case_id, source, target, time,
    overlap``.

    ``time`` runs from the end of the source to the start of the target (where one of the two is
    missing, the other time of that step stands in for it); steps that overlap have the time 0 and
    ``overlap`` True. Their number is steps − cases.
    """
    sources = kernels.directly_follows(log.offsets)
    between, overlap = kernels.gaps(log.first, log.last, sources)
    return pd.DataFrame(
        {
            "case_id": case_id_column(log, log.case_codes[sources]),
            "source": log.activity.take(sources).to_categorical(),
            "target": log.activity.take(sources + 1).to_categorical(),
            "time": durations(between),
            "overlap": overlap,
        }
    )


@dataclass(frozen=True, eq=False)
class ObservedCases:
    """What was known of every case at ``as_of``: int64 microseconds, NAT where missing; one value per case."""

    as_of: int
    started: Ints
    ended: Ints
    closed_at: Ints
    cycle_time: Ints
    age: Ints
    state: npt.NDArray[np.int8]
    steps: Ints


def observed_cases(log: EventLog, as_of: Any = None) -> ObservedCases:
    """Return the times and states of all cases at ``as_of``; the arrays behind :func:`cases`."""
    moment = as_of_instant(log, as_of)
    begins, ends = log.offsets[:-1], log.last
    if log.n_steps and int(ends.max()) > moment:
        begun = log.first <= moment
        ends = np.where(ends <= moment, ends, np.where(begun, log.first, NAT))
        count = np.add.reduceat(begun.astype(np.int64), begins)
    else:
        count = np.diff(log.offsets)
    started = log.first[begins]
    here = count > 0
    ended = np.maximum.reduceat(ends, begins) if log.n_cases else ends[:0]
    closed_at = _closed_by(log, moment)
    closed = here & (closed_at != NAT)
    state = _states(here, closed, known=log.closed_at is not None)
    until = closed_at if log.closed_at is not None else ended
    measured = closed if log.closed_at is not None else here
    cycle = np.where(measured & (until >= started), until - started, NAT)
    return ObservedCases(
        as_of=moment,
        started=np.where(here, started, NAT),
        ended=np.where(here, ended, NAT),
        closed_at=np.where(here, closed_at, NAT),
        cycle_time=cycle,
        age=np.where(state == STATES.index("open"), moment - started, NAT),
        state=state,
        steps=count,
    )


def as_of_instant(log: EventLog, as_of: Any = None) -> int:
    """Return ``as_of`` in microseconds UTC; a bare date means the end of that local day.

    None means the latest time in the log that is not in the future.
    """
    if as_of is None:
        return _latest_not_in_the_future(log)
    moment = date_or_time(as_of, "as_of=")
    whole_day = moment == moment.normalize() and moment.tz is None and not _has_clock(as_of)
    local = (
        moment
        if moment.tz is not None
        else moment.tz_localize(log.tz, ambiguous=False, nonexistent="shift_forward")
    )
    if whole_day:
        following = (moment + pd.Timedelta(days=1)).tz_localize(
            log.tz, ambiguous=True, nonexistent="shift_forward"
        )
        return microseconds(following) - 1
    return microseconds(local)


def date_or_time(value: Any, what: str) -> pd.Timestamp:
    """Return a date or time given as a parameter; text must be ISO 8601: no order of day and month is guessed."""
    written = isinstance(value, str) and not _ISO_DATE.match(value)
    try:
        moment = pd.NaT if written or isinstance(value, (int, float)) else pd.Timestamp(value)
    except (ValueError, TypeError):
        moment = pd.NaT
    if not isinstance(moment, pd.Timestamp):
        raise ProcmineError(
            f"{what} {value!r} is not a date\nwrite it as 2026-03-31 (year-month-day)"
        )
    return moment


def period_bound(log: EventLog, bound: Any) -> int | None:
    """Return a bound of ``period=`` as an instant: a local day or time, ``"2026"`` or ``"2026-03"`` for its first day.

    None is no bound.
    """
    if bound is None:
        return None
    if isinstance(bound, str) and _YEAR_OR_MONTH.fullmatch(bound):
        bound = f"{bound.strip()}-01-01"[:10]
    moment = date_or_time(bound, "the bound of period=")
    if moment.tz is None:
        moment = moment.tz_localize(log.tz, ambiguous=True, nonexistent="shift_forward")
    return microseconds(moment)


def microseconds(value: pd.Timestamp | pd.Timedelta) -> int:
    """Return an instant as microseconds since 1970 in UTC, or a duration in microseconds."""
    if isinstance(value, pd.Timestamp):
        return int(
            value.tz_convert("UTC")
            .tz_localize(None)
            .to_datetime64()
            .astype("datetime64[us]")
            .view("int64")
        )
    return int(value.to_timedelta64().astype("timedelta64[us]").view("int64"))


def as_of_text(log: EventLog, moment: int) -> str:
    """Return the sentence part that every basis names: ``as of 2026-03-31 (Europe/Bucharest)``."""
    if moment == NAT:
        return f"as of no time ({log.tz})"
    local = pd.Timestamp(moment, unit="us", tz="UTC").tz_convert(log.tz)
    if log.precision == "day":
        return f"as of {local:%Y-%m-%d} ({log.tz}{', assumed' if log.tz_assumed else ''})"
    return f"as of {local:%Y-%m-%d %H:%M} ({log.tz}{', assumed' if log.tz_assumed else ''})"


def processing_time(log: EventLog) -> Ints:
    """Return end − start − suspended time of every step, NAT where it is not computable."""
    if log.start is None:
        return np.full(log.n_steps, NAT)
    known = (log.start != NAT) & (log.end != NAT)
    time = np.where(known, log.end - log.start, NAT)
    if log.suspended is not None:
        time = np.where(known, time - log.suspended, NAT)
    return time


def office_time(log: EventLog, calendar: Calendar, start: Ints, end: Ints) -> Ints:
    """Return the office hours from start to end by a calendar of the log's zone, NAT where one is missing."""
    check_clock(log, calendar)
    return calendar.working_microseconds(start, end)


def check_clock(log: EventLog, calendar: Calendar) -> None:
    """Raise ProcmineError for what is no calendar, or one of another zone than the log."""
    check_calendar(calendar)
    low, high = (int(log.first.min()), int(log.last.max())) if log.n_steps else (0, 0)
    if not zones.same_clock(calendar.tz, log.tz, low, high):
        raise ProcmineError(
            f"the calendar is of the zone {calendar.tz}, the log of {log.tz}\n"
            f"read the log with tz={calendar.tz!r}, or make the calendar with tz={log.tz!r}"
        )


def variant_text(log: EventLog, examples: Ints) -> pa.LargeStringArray:
    r"""Return the text of variants, one per example case: the activities joined by ``" → "``.

    An arrow inside the name of an activity is written ``\→``, so that two variants never share a
    text: the arrow between activities always follows a space. Other activities of the log change
    nothing, so that the texts of its parts are those of the whole.
    """
    sizes = np.diff(log.offsets)[examples]
    rows = np.repeat(log.offsets[examples] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
    rows += np.arange(len(rows))
    names = _without_arrows(log.activity.labels).take(pa.array(log.activity.codes[rows]))
    lists = pa.LargeListArray.from_arrays(np.concatenate([[0], np.cumsum(sizes)]), names)
    return pc.binary_join(lists, VARIANT_ARROW)


def case_id_column(log: EventLog, codes: Codes | Ints) -> pd.Series:
    """Return case keys, always text, for the given positions."""
    return pd.Series(log.case_labels.take(pa.array(codes)).to_pandas(), dtype="str")


def case_unit(log: EventLog, seen: ObservedCases) -> Any:
    """Return the unit of every case: that of its first step which has one, among the steps begun by ``as_of``."""
    assert log.unit is not None
    known = (log.unit.codes >= 0) & (log.first <= seen.as_of)
    rows = np.where(known, np.arange(log.n_steps), log.n_steps)
    first = np.minimum.reduceat(rows, log.offsets[:-1]) if log.n_cases else rows[:0]
    codes = np.append(log.unit.codes, np.int32(-1))[np.minimum(first, log.n_steps)]
    return type(log.unit)(codes, log.unit.labels)


def durations(microseconds: Ints) -> npt.NDArray[np.timedelta64]:
    """Return int64 microseconds as timedelta64, without a copy."""
    return microseconds.view("timedelta64[us]")


def with_attributes(columns: dict[str, Any], attributes: pa.Table, tz: str) -> pd.DataFrame:
    """Return columns, then attributes; one that has the name of a column is written ``name (attribute)``."""
    frame = pd.DataFrame(columns)
    taken = set(frame.columns)
    extra = {}
    for name, column in zip(attributes.column_names, attributes.columns, strict=True):
        shown = f"{name} (attribute)" if name in taken else name
        extra[shown] = attribute_series(column, tz)
    return pd.concat([frame, pd.DataFrame(extra, index=frame.index)], axis=1) if extra else frame


def attribute_series(column: pa.ChunkedArray, tz: str) -> pd.Series:
    """Return an attribute as pandas shows it: text as str or categories, instants in the zone of the office."""
    series: pd.Series = column.to_pandas()
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        series = series.dt.tz_convert(tz)
    return series


def _closed_by(log: EventLog, moment: int) -> Ints:
    """Return when each case had closed by a moment: a reopened case may have closed before, and again later."""
    if log.closed_at is None:
        return np.full(log.n_cases, NAT)
    closed_at = np.where(log.closed_at <= moment, log.closed_at, NAT)
    if log.closing is None or not log.n_cases or np.array_equal(closed_at, log.closed_at):
        return closed_at
    earlier = np.where(log.closing & (log.end <= moment), log.end, NAT)
    return np.maximum(closed_at, np.maximum.reduceat(earlier, log.offsets[:-1]))


def _states(here: Bools, closed: Bools, *, known: bool) -> npt.NDArray[np.int8]:
    state = np.where(closed, STATES.index("closed"), STATES.index("open" if known else "unknown"))
    return np.where(here, state, STATES.index("not_started")).astype(np.int8)


def _after_closing(log: EventLog, seen: ObservedCases) -> pd.arrays.IntegerArray:
    """Count the steps after closing: missing, never 0, where nothing says what closes a case or none has begun."""
    closed = seen.closed_at != NAT
    limit = np.repeat(
        np.where(closed, seen.closed_at, np.iinfo(np.int64).max), np.diff(log.offsets)
    )
    later = (log.first > limit) & (log.first <= seen.as_of)
    count = np.add.reduceat(later.astype(np.int64), log.offsets[:-1]) if log.n_cases else seen.steps
    unsaid = np.isin(seen.state, [STATES.index("unknown"), STATES.index("not_started")])
    return pd.arrays.IntegerArray(count, unsaid)


def _case_processing_time(log: EventLog, seen: ObservedCases) -> Ints:
    time = processing_time(log)
    time = np.where(log.last <= seen.as_of, time, NAT)
    known = time != NAT
    if not log.n_cases or not known.any():
        return np.full(log.n_cases, NAT)
    total = np.add.reduceat(np.where(known, time, 0), log.offsets[:-1])
    count = np.add.reduceat(known.astype(np.int64), log.offsets[:-1])
    return np.where((count == seen.steps) & (seen.steps > 0), total, NAT)


def _case_office_time(
    log: EventLog, seen: ObservedCases, calendar: Calendar | None
) -> dict[str, Any]:
    """Return the column of office hours: from started as long as cycle_time, or age, lasted."""
    if calendar is None:
        return {}
    lasted = np.where(seen.cycle_time != NAT, seen.cycle_time, seen.age)
    until = np.where(lasted != NAT, seen.started + lasted, NAT)
    return {"office_time": durations(office_time(log, calendar, seen.started, until))}


def _activity_at(log: EventLog, seen: ObservedCases, rows: Ints) -> pd.Categorical:
    """Return the activity of one row of every case, missing for cases that had not begun."""
    codes = np.where(seen.steps > 0, log.activity.codes[rows], np.int32(-1))
    return type(log.activity)(codes, log.activity.labels).to_categorical()


def _variant_column(log: EventLog, seen: ObservedCases) -> pd.Categorical:
    """Return the variant of every case, of the steps that were known; cases without one have none."""
    variants, examples = kernels.variant_codes(log.activity.codes, log.offsets)
    if not np.array_equal(seen.steps, np.diff(log.offsets)):
        log = log.keep_steps(log.first <= seen.as_of, because="")
        known, examples = kernels.variant_codes(log.activity.codes, log.offsets)
        variants = np.full(len(seen.steps), -1, dtype=np.int32)
        variants[seen.steps > 0] = known
    texts = pd.Index(variant_text(log, examples).to_pandas(), dtype="str")
    return pd.Categorical.from_codes(variants, categories=texts)


def _without_arrows(labels: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring(labels, "→", "\\→")


def _latest_not_in_the_future(log: EventLog) -> int:
    now = int(pd.Timestamp.now(tz="UTC").timestamp() * 1_000_000)
    times = [log.last, log.closed_at] if log.closed_at is not None else [log.last]
    latest = max(int(known.max(initial=NAT)) for known in times)
    if latest <= now:
        return latest
    return max(int(known[known <= now].max(initial=NAT)) for known in [*times, log.first])


def _has_clock(as_of: Any) -> bool:
    return isinstance(as_of, str) and ":" in as_of
