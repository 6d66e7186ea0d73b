"""Workload: the hours of work that come to each unit, against the hours that its staff has."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine import zones
from procmine.calendars import Calendar
from procmine.calendars.given import check_calendar
from procmine.enabled import counted_log
from procmine.enabled.counted import ESTIMATED
from procmine.errors import DataQualityWarning, ProcmineError, did_you_mean
from procmine.ingest.spelling import matching
from procmine.kernels import DAY, NAT, Bools, Floats, Ints
from procmine.kpi.costs.given import check_costs
from procmine.kpi.given_log import check_as_of, check_has_cases
from procmine.kpi.periods import check_period
from procmine.kpi.queues.begun import seen_by
from procmine.kpi.queues.stock import LARGEST, Spans, spans_of, stock
from procmine.kpi.step_keys import checked_step_keys, keys_of_steps
from procmine.kpi.workload.desk_time import DONE_ALL_THE_SAME, done_all_the_same
from procmine.kpi.workload.hours import HOUR, StepHours, hours_per_step
from procmine.kpi.workload.persons import persons
from procmine.kpi.workload.queue import queue_of
from procmine.kpi.workload.staff import Staff, staff_of
from procmine.log import EventLog
from procmine.observe import as_of_instant, as_of_text

if TYPE_CHECKING:
    from procmine.kpi.costs.costs import Costs
    from procmine.procedure import Procedure

COLUMNS = (
    *("period", "period_start", "arrivals", "completions", "in_progress", "persons"),
    *(
        "hours_needed",
        "hours_available",
        "utilisation",
        "queue_hours",
        "queue_weeks",
        "cost",
        "basis",
    ),
)


def workload(
    log: EventLog,
    calendar: Calendar | None = None,
    *,
    staff: Any = None,
    by: str = "unit",
    period: str = "W",
    as_of: Any = None,
    procedure: Procedure | None = None,
    costs: Costs | None = None,
    order: str = "concurrency",
    starts: str | None = None,
) -> pd.DataFrame:
    """Return how many hours of work came to each unit in every period, and how many its staff had.

    ``calendar`` (or that of the ``procedure``) gives the office hours. ``staff`` is ``{unit: posts}``
    or a table (DataFrame or CSV file) with ``unit, posts`` and, where they change, ``from`` and
    ``until``; a row with ``activity`` and ``hours`` says what a step takes, which goes before what
    the log measures and is needed where it has no starts.

    Columns: ``period, period_start, unit`` (or what ``by`` names: an attribute of the steps or
    cases, such as a role; never persons), ``arrivals`` (steps enabled in the period), ``completions``
    (ended in it), ``in_progress`` (at its end), ``persons`` (distinct persons who
    started or ended a step in it; missing under 3), ``hours_needed`` (arrivals × mean office hours of a
    step of the unit and activity), ``hours_available`` (posts × office hours), ``utilisation``
    (needed / available: above 1 the queue grows), ``queue_hours`` (work left at the end:
    max(0, before + needed - available), at first the work present), ``queue_weeks`` (of the
    staff's hours of that period; missing where ``basis`` says that it is not real),
    ``cost`` (with ``costs``: hours needed × rate), ``basis``.

    Steps that have not begun at ``as_of`` are not in the log: the last weeks need more than they
    show. Where one person works at several steps at once the hours of each count in full.

    >>> office = Calendar("RO", hours={"mon-thu": "08:00-16:30", "fri": "08:00-14:00"})
    >>> found = workload(log, office, staff={"Urbanism": 2, "Autorizări": 7}, period="Y")
    >>> found[["unit", "hours_needed", "hours_available", "utilisation"]].head(1).round(2)
             unit  hours_needed  hours_available  utilisation
    0  Autorizări      11232.47          14101.5          0.8
    """
    check_period(period)
    (name,) = checked_step_keys(log, by, COLUMNS, "table of workload")
    check_has_cases(log)
    check_as_of(log, as_of)
    check_costs(costs, log)
    office = _office(log, calendar, procedure)
    counted = counted_log(log, order=order, starts=starts)
    log, moment = counted.log, as_of_instant(log, as_of)
    estimated = counted.basis == ESTIMATED
    rows = np.flatnonzero(seen_by(counted, moment))
    keys, key = keys_of_steps(log, [name], rows)
    arrived = np.where(counted.enabled.at == NAT, log.first, counted.enabled.at)[rows]
    spans = spans_of(keys, int(arrived.min(initial=moment)), moment, period, log.tz)
    names = [str(label) if label == label else "" for label in keys[name]]
    given = (staff_of(staff) if staff is not None else Staff((), {})).fitted(
        names, log.activity.names()
    )
    _warn_of_unknown(given, names, log.activity.names())
    hours = hours_per_step(log, office, rows, key, names=names, staff=given, as_of=moment)
    work = _Work(log, spans, rows, key, arrived, hours)
    columns = {
        "persons": persons(counted, spans, rows, key),
        **work.columns(_available(spans, given, names, office)),
    }
    refuted = done_all_the_same(columns, spans.grid.periods)
    columns["queue_weeks"][np.repeat(refuted, spans.grid.periods)] = np.nan
    rest = f"office {office.version}; {as_of_text(log, moment)}"
    if count := int(estimated[rows].sum()):
        rest = f"the starts of {count:,} of {len(rows):,} steps are estimated; {rest}"
    basis = _basis(work, given, names, refuted, rest)
    if costs is not None:
        rates = np.repeat(_rates(costs, names), spans.grid.periods)
        columns["cost"] = columns["hours_needed"] * rates
        basis = [f"cost in {costs.currency}; {text}" for text in basis]
    columns["basis"] = np.repeat(np.array(basis, dtype=object), spans.grid.periods)
    columns = {name: columns[name] for name in COLUMNS if name in columns}
    return spans.table(columns).astype({"basis": "str"})


@dataclass(frozen=True, eq=False)
class _Work:
    """The steps that had begun, the key of each, when each arrived, and the hours that steps take."""

    log: EventLog
    spans: Spans
    rows: Ints
    key: Ints
    arrived: Ints
    hours: StepHours

    def columns(self, available: Floats) -> dict[str, Any]:
        """Return the values of the cells; ``available`` are the hours of the staff in each."""
        spans, cells = self.spans, self.spans.grid.cells
        shape = (len(spans.grid.keys), spans.grid.periods)
        end = self.log.end[self.rows]
        ended = (end != NAT) & (end <= spans.edges[-1])
        into = spans.cell(self.arrived, self.key)
        out = spans.cell(end[ended], self.key[ended])
        each = self.hours.hours[self.key, self.log.activity.codes[self.rows]]
        needed: Floats = np.bincount(into, weights=each, minlength=cells).astype(np.float64)
        done = np.bincount(out, weights=each[ended], minlength=cells)
        left = (needed - done).reshape(shape).cumsum(axis=1)
        present = np.column_stack([np.zeros(shape[0]), left])[:, : shape[1]]
        queue = queue_of(needed.reshape(shape), available.reshape(shape), present).ravel()
        weeks = (spans.ends - spans.begins) / (7 * DAY)
        return {
            "arrivals": np.bincount(into, minlength=cells),
            "completions": np.bincount(out, minlength=cells),
            "in_progress": self._in_progress(end, ended),
            "hours_needed": needed,
            "hours_available": available,
            "utilisation": _share(needed, available),
            "queue_hours": queue,
            "queue_weeks": _share(queue * weeks, available),
        }

    def _in_progress(self, end: Ints, ended: Any) -> Any:
        """Return how many steps were in progress at the end of each period; missing without starts."""
        if self.log.start is None:
            return pd.array([pd.NA] * self.spans.grid.cells, dtype="Int64")
        start = self.log.start[self.rows]
        known = start != NAT
        stop = np.where(ended, end, LARGEST)[known]
        level = stock(self.spans, start[known], stop, self.key[known]).level
        return pd.array(level, dtype="Int64")

    def unknown(self) -> list[str]:
        """Return for each key the activities of which no hours are known, as a sentence part."""
        names = np.array(self.log.activity.names(), dtype=object)
        there = np.zeros(self.hours.hours.shape, dtype=np.bool_)
        there[self.key, self.log.activity.codes[self.rows]] = True
        missing = there & np.isnan(self.hours.hours)
        return [", ".join(map(repr, names[of])) for of in missing]


def _office(log: EventLog, calendar: Calendar | None, procedure: Procedure | None) -> Calendar:
    if calendar is not None:
        check_calendar(calendar)
        return calendar
    if procedure is None:
        raise ProcmineError(
            "hours of work need office hours: give calendar=pm.Calendar('RO'), or a procedure= that has one"
        )
    from procmine.procedure.arguments import check_procedure
    from procmine.procedure.own_calendar import calendar_for

    check_procedure(procedure)

    return calendar_for(procedure, log.tz)


def _available(spans: Spans, staff: Staff, names: list[str], office: Calendar) -> Floats:
    """Return posts × office hours of every cell; NaN where no staff is known for a day of the period."""
    grid = spans.grid
    if not grid.cells:
        return np.zeros(0)
    first = int(grid.starts[0].astype(np.int64))
    days = np.arange(first, grid.last_day + 2)
    edges = np.minimum(zones.resolved(days * DAY, office.tz).instants, spans.edges[-1])
    hours = office.working_microseconds(edges[:-1], edges[1:]) / HOUR
    posts = staff.per_day(names, first, len(hours))
    begins = grid.starts.astype(np.int64) - first
    return np.add.reduceat(posts * hours, begins, axis=1).ravel()


def _warn_of_unknown(staff: Staff, units: list[str], activities: list[str]) -> None:
    unknown = [(unit, units) for unit in staff.units if unit not in units]
    said = dict.fromkeys(activity for _, activity in staff.hours)
    unknown += [(name, activities) for name in said if name not in activities]
    if unknown:
        first, known = unknown[0]
        several = f"{len(unknown):,} units or activities that the log does not have, first"
        what = several if len(unknown) > 1 else "what the log does not have:"
        warnings.warn(
            f"staff names {what} {first!r}{did_you_mean(first, known)}",
            DataQualityWarning,
            stacklevel=3,
        )


def _rates(costs: Costs, names: list[str]) -> Floats:
    """Return what an hour of each unit costs, NaN where nobody says it."""
    usual = np.nan if costs.hour is None else costs.hour
    said = {matching(unit, names): rate for unit, rate in costs.hour_by_unit.items()}
    return np.array([said.get(name, usual) if name else usual for name in names])


def _basis(work: _Work, staff: Staff, names: list[str], refuted: Bools, rest: str) -> list[str]:
    """Return for each key on what its hours rest, and what is not known."""
    with_posts = {row.unit for row in staff.posts}
    said = []
    for unit, unknown, done in zip(names, work.unknown(), refuted, strict=True):
        parts = [f"processing in office hours of {work.hours.measured:,} steps"]
        if unknown:
            parts.append(f"no hours known of {unknown}: give them in staff=")
        if unit not in with_posts:
            parts.append("not among the staff given" if with_posts else "no staff given")
        if done:
            parts.append(DONE_ALL_THE_SAME)
        said.append("; ".join([*parts, rest]))
    return said


def _share(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, NaN where the whole is 0 or one of them is missing."""
    shares = np.full(len(part), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares
