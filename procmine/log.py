"""EventLog: one procedure's steps, bound once at the door: columnar, coded, sorted by case and time, and trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from procmine import kernels
from procmine.errors import LabelNotFoundError
from procmine.kernels import NAT, Bools, Codes, Ints

if TYPE_CHECKING:
    from procmine.ingest.binding import Binding
    from procmine.ingest.report import ImportReport

PRECISIONS = ("day", "minute", "second", "millisecond", "microsecond")


@dataclass(frozen=True, eq=False)
class Coded:
    """A text column as int32 codes (-1 is missing) and the labels that they stand for, each label once."""

    codes: Codes
    labels: pa.StringArray

    def take(self, rows: npt.NDArray[Any]) -> Coded:
        """Return the column at the given rows (positions or mask), with the same labels."""
        return Coded(self.codes[rows], self.labels)

    def names(self) -> list[str]:
        """Return the labels as Python text, in the order of their codes."""
        return [str(label) for label in self.labels.to_pylist()]

    def code(self, label: str, *, what: str) -> int:
        """Return the code of a label, or raise LabelNotFoundError with the nearest one."""
        names = self.names()
        if label not in names:
            raise LabelNotFoundError.among(label, sorted(names), what=what)
        return names.index(label)

    def to_arrow(self) -> pa.DictionaryArray:
        """Return the column as Arrow keeps it, missing where the code is -1."""
        return pa.DictionaryArray.from_arrays(
            pa.array(self.codes, mask=self.codes < 0), self.labels
        )

    def to_categorical(self) -> pd.Categorical:
        """Return the column as pandas shows it."""
        return pd.Categorical.from_codes(self.codes, categories=pd.Index(self.names(), dtype="str"))

    def compact(self) -> Coded:
        """Return the same column without the labels that no row has, in the same order."""
        used = np.zeros(len(self.labels) + 1, dtype=np.bool_)
        used[self.codes] = True  # -1 marks the place beyond the last label
        used = used[:-1]
        if used.all():
            return self
        new = np.cumsum(used, dtype=np.int32) - np.int32(1)
        codes = np.where(self.codes >= 0, new[self.codes], np.int32(-1)).astype(np.int32)
        return Coded(codes, self.labels.filter(pa.array(used)))


@dataclass(frozen=True, eq=False, repr=False)
class EventLog:
    """The steps of the cases of a procedure, one row per step (activity instance).

    Rows are sorted by (case, start or end, end, declared activity order, source row) and every case
    is whole. Times are int64 microseconds since 1970 in UTC, ``NAT`` where missing; ``start`` is
    None where the export has one timestamp per event. ``closed_at`` has one time per case, ``NAT``
    for an open case, and ``closing`` marks the steps that close one; both are None where nothing
    says what closes a case (``closing`` also where a column of the export holds the end).
    Make one with
    :func:`procmine.read`; filters return new logs and leave this one as it is.
    """

    case_labels: pa.StringArray
    offsets: Ints
    activity: Coded
    end: Ints
    start: Ints | None
    row: Codes
    tz: str
    precision: str
    binding: Binding
    import_report: ImportReport
    sha256: str
    tz_assumed: bool = False
    resource: Coded | None = None
    resources_hidden: bool = True
    unit: Coded | None = None
    suspended: Ints | None = None
    step_attributes: pa.Table = field(default_factory=lambda: pa.table({}))
    case_attributes: pa.Table = field(default_factory=lambda: pa.table({}))
    closed_at: Ints | None = None
    closing: Bools | None = None
    history: tuple[str, ...] = ()

    @property
    def n_cases(self) -> int:
        """The number of cases."""
        return len(self.offsets) - 1

    @property
    def n_steps(self) -> int:
        """The number of steps."""
        return len(self.end)

    def __len__(self) -> int:
        return self.n_steps

    @cached_property
    def case_codes(self) -> Codes:
        """The case of every step, as a position in ``case_labels``."""
        return kernels.case_codes(self.offsets)

    @cached_property
    def first(self) -> Ints:
        """When each step is first known: its start, or its end where the start is missing."""
        return self.end if self.start is None else or_else(self.start, self.end)

    @cached_property
    def last(self) -> Ints:
        """When each step is last known: its end, or its start while it is still running."""
        return self.end if self.start is None else or_else(self.end, self.start)

    @property
    def nbytes(self) -> int:
        """The memory of the columns in bytes (derived columns are made when they are first asked for)."""
        arrays: list[Any] = [
            self.offsets,
            self.end,
            self.start,
            self.row,
            self.suspended,
            self.closed_at,
            self.closing,
        ]
        for coded in (self.activity, self.resource, self.unit):
            arrays += [coded.codes, coded.labels] if coded else []
        arrays += [self.case_labels, self.step_attributes, self.case_attributes]
        return sum(int(array.nbytes) for array in arrays if array is not None)

    def local(self, times: Ints) -> pd.DatetimeIndex:
        """Return instants as times in the zone of the office."""
        utc = pd.DatetimeIndex(times.view("datetime64[us]")).tz_localize("UTC")
        return utc.tz_convert(self.tz)

    def keep_cases(self, cases: Bools, *, because: str) -> EventLog:
        """Return the log of the chosen cases, whole; ``because`` joins the history."""
        steps = np.repeat(cases, np.diff(self.offsets))
        sizes = np.diff(self.offsets)[cases]
        return self._sliced(steps, cases, sizes, because)

    def keep_steps(self, steps: Bools, *, because: str) -> EventLog:
        """Return the log of the chosen steps: this trims cases; cases left without a step go."""
        sizes = np.bincount(self.case_codes[steps], minlength=self.n_cases)
        return self._sliced(steps, sizes > 0, sizes[sizes > 0], because)

    def _sliced(
        self, steps: Bools, cases: Bools, sizes: npt.NDArray[Any], because: str
    ) -> EventLog:
        step_mask, case_mask = pa.array(steps), pa.array(cases)
        return replace(
            self,
            case_labels=self.case_labels.filter(case_mask),
            offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            activity=self.activity.take(steps).compact(),
            end=self.end[steps],
            start=None if self.start is None else self.start[steps],
            row=self.row[steps],
            resource=self.resource and self.resource.take(steps).compact(),
            unit=self.unit and self.unit.take(steps).compact(),
            suspended=None if self.suspended is None else self.suspended[steps],
            step_attributes=_filtered(self.step_attributes, step_mask),
            case_attributes=_filtered(self.case_attributes, case_mask),
            closed_at=None if self.closed_at is None else self.closed_at[cases],
            closing=None if self.closing is None else self.closing[steps],
            history=(*self.history, because),
        )

    def filter(
        self,
        *,
        activity: str | Iterable[str] | None = None,
        variant: str | Iterable[str] | None = None,
        period: tuple[Any, Any] | None = None,
        period_mode: str = "intersecting",
        cycle_time: tuple[Any, Any] | None = None,
        attribute: Mapping[str, Any] | None = None,
        follower: tuple[str, str] | None = None,
        within: Any = None,
        endpoints: tuple[str | Iterable[str] | None, str | Iterable[str] | None] | None = None,
        trim: bool = False,
        exclude: bool = False,
    ) -> EventLog:
        """Return the log of the cases that meet every condition given; cases stay whole unless
        ``trim=True``.

        activity:    cases with a step of one of these activities
        variant:     cases that follow one of these variants (``"A → B → C"``, as
                     :func:`procmine.variants` writes them)
        period:      ``(from, until)``, local days, times, months or years (``"2026-03"``), until
                     exclusive and either may be None; ``period_mode`` is ``intersecting`` (some part
                     of the case lies in it), ``contained``, ``started`` or ``completed`` (the closing
                     time where the log knows it, else the last step)
        cycle_time:  ``(least, most)``, both inclusive, as ``timedelta`` or text such as ``"30
                     days"``; either may be None; open cases have no cycle time and do not meet it
        attribute:   ``{name: value or values}`` of case or step attributes or ``unit``; a step
                     attribute is met when some step has it
        follower:    ``(A, B)``: some step B comes after a step A, by at most ``within`` from the
                     end of A to the start of B
        endpoints:   ``(first activities, last activities)``, either may be None
        trim:        with ``activity``, ``period`` or a step ``attribute``: also cut the steps that
                     do not meet it
        exclude:     keep the other cases

        >>> log.filter(activity="Respingere cerere").history
        ("activity is 'Respingere cerere'",)
        """
        from procmine import filters

        return filters.filtered(
            self,
            filters.Conditions(
                activity,
                variant,
                period,
                period_mode,
                cycle_time,
                attribute,
                follower,
                within,
                endpoints,
            ),
            trim=trim,
            exclude=exclude,
        )

    def where(
        self,
        condition: Sequence[bool] | npt.NDArray[Any] | pd.Series | Callable[[pd.DataFrame], Any],
        *,
        trim: bool = False,
    ) -> EventLog:
        """Return the log of the cases for which the condition holds.

        A mask has one value per case in the order of :func:`procmine.cases`; a callable gets that
        table and returns one. With ``trim=True`` mask and table are those of
        :func:`procmine.steps`, and the other steps are cut.
        """
        from procmine import filters

        return filters.where(self, condition, trim=trim)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per step with every column, case attributes repeated; anonymous resources are left out."""
        from procmine import exchange

        return exchange.to_frame(self)

    def to_pm4py(self) -> pd.DataFrame:
        """Return the frame that pm4py works on (``case:concept:name``, ``concept:name``, ``time:timestamp``, …)."""
        from procmine import exchange

        return exchange.to_pm4py(self)

    def to_parquet(self, path: str | Path) -> None:
        """Write the log to a Parquet file from which :func:`procmine.read` restores it, sorted and
        complete.

        Anonymous resources are kept as numbers without their names, and stay hidden when the file
        is read.
        """
        from procmine.ingest import parquet

        parquet.write_log(self, Path(path))

    def __repr__(self) -> str:
        return (
            f"<EventLog {self.n_cases:,} cases, {self.n_steps:,} steps, {len(self.activity.labels):,} activities, "
            f"{self.tz}{' (assumed)' if self.tz_assumed else ''}>"
        )

    def _repr_html_(self) -> str:
        from procmine import card

        return card.log_card(self)


def _filtered(table: pa.Table, mask: pa.BooleanArray) -> pa.Table:
    return table.filter(mask) if table.num_columns else table


def or_else(times: Ints, others: Ints) -> Ints:
    """Return times, and where one is missing the other."""
    if not len(times) or int(times.min()) != NAT:
        return times
    return np.where(times == NAT, others, times)
