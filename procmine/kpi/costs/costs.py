"""Costs: what an hour of work, a step and a day of delay cost an office, as a file says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, ValidationError

from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.ingest.spelling import matching
from procmine.kernels import DAY, NAT, Bools, Floats, Ints
from procmine.log import Coded, EventLog
from procmine.observe import processing_time
from procmine.procedure.problems import nearest
from procmine.procedure.whole_file import WholeFile

_HOUR = DAY / 24
Money = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
"""An amount as one writes it: neither a text of digits nor true is one."""


@dataclass(frozen=True, eq=False)
class StepCosts:
    """What the work of some steps cost, NaN where that is not known, and where only the cost of the step itself is."""

    cost: Floats
    hours_unknown: Bools


class Costs(WholeFile):
    """What work and delay cost: by the hour and unit, by the step of an activity, by the day of a case.

    ``currency``          three letters
    ``hour``              an hour of work, in every unit that ``hour_by_unit`` does not name
    ``hour_by_unit``      an hour of work in a unit
    ``step_of_activity``  each step of an activity, beside the work
    ``day_of_delay``      a day by which a case takes longer
    ``note``              where the figures come from

    Names are those of the log; capitals, spaces and missing accents do not matter. Give the file to
    :func:`procmine.rework` and the like as ``costs=``.

    >>> Costs(currency="RON", hour=60, hour_by_unit={"Comisie": 240}).hour_by_unit
    {'Comisie': 240.0}
    """

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    hour: Money | None = None
    hour_by_unit: dict[str, Money] = Field(default={})
    step_of_activity: dict[str, Money] = Field(default={})
    day_of_delay: Money | None = None
    note: str = ""

    @classmethod
    def _refusal(cls, error: ValidationError, given: Mapping[str, Any]) -> ProcmineError:
        from procmine.kpi.costs.file import refusal

        return refusal(error, given)

    @classmethod
    def read(cls, path: str | Path) -> Costs:
        """Read costs from a YAML file; the error lists every mistake with its line."""
        from procmine.kpi.costs.file import read

        return read(path)

    @classmethod
    def parse(cls, text: str, *, source: str = "costs.yaml") -> Costs:
        """Read costs from YAML text; ``source`` names it in the errors."""
        from procmine.kpi.costs.file import parse

        return parse(text, source=source)

    def check(self, log: EventLog) -> None:
        """Raise LabelNotFoundError where a unit or an activity is nearly one of the log: it is misspelt.

        Others that the log does not have are no mistake: a file may serve all procedures of an office.
        """
        units = [] if log.unit is None else log.unit.names()
        _refuse_near(self.hour_by_unit, units, "hour_by_unit", "unit")
        _refuse_near(self.step_of_activity, log.activity.names(), "step_of_activity", "activity")

    def of_work(self, log: EventLog, rows: Ints) -> StepCosts:
        """Return what the work of some steps cost: hours × rate of the unit + cost of a step of the activity."""
        hours = np.where(
            (spent := processing_time(log)[rows]) != NAT, spent / _HOUR, np.nan
        ) * self._rates(log, rows)
        fixed = _priced(self.step_of_activity, log.activity, np.nan)[log.activity.codes[rows]]
        unknown = np.isnan(hours)
        cost = np.where(unknown, fixed, hours + np.nan_to_num(fixed))
        return StepCosts(cost, unknown)

    def of_delay(self, time: Ints) -> Floats:
        """Return what times of delay cost; NaN where they or the cost of a day are not known."""
        if self.day_of_delay is None:
            return np.full(len(time), np.nan)
        return np.where(time != NAT, time / DAY, np.nan) * self.day_of_delay

    def _rates(self, log: EventLog, rows: Ints) -> Floats:
        """Return what an hour costs in the unit of some steps, NaN where nobody says it."""
        usual = np.nan if self.hour is None else self.hour
        if log.unit is None:
            return np.full(len(rows), usual)
        return _priced(self.hour_by_unit, log.unit, usual)[log.unit.codes[rows]]


def _priced(prices: dict[str, float], labels: Coded, usual: float) -> Floats:
    """Return the price of each label, and in the last place that of a missing one."""
    names = labels.names()
    found = np.full(len(names) + 1, usual)
    for wanted, price in prices.items():
        label = matching(wanted, names)
        if label is not None:
            found[names.index(label)] = price
    return found


def _refuse_near(wanted: Iterable[str], names: list[str], key: str, what: str) -> None:
    for name in wanted:
        if matching(name, names) is None and nearest(name, names):
            told = LabelNotFoundError.among(name, sorted(names), what=what)
            raise LabelNotFoundError(f"{key}: of the costs: {told}\nwrite it as the log has it")
