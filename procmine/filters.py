"""Filters: which cases of a log meet conditions on activities, times, attributes and order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import NAT, Bools
from procmine.log import EventLog
from procmine.observe import (
    attribute_series,
    cases,
    microseconds,
    observed_cases,
    period_bound,
    steps,
    variant_text,
)

PERIOD_MODES = ("intersecting", "contained", "started", "completed")


@dataclass(frozen=True)
class Conditions:
    """What the cases of a filtered log must meet; see :meth:`procmine.EventLog.filter`."""

    activity: Any = None
    variant: Any = None
    period: tuple[Any, Any] | None = None
    period_mode: str = "intersecting"
    cycle_time: tuple[Any, Any] | None = None
    attribute: Mapping[str, Any] | None = None
    follower: tuple[str, str] | None = None
    within: Any = None
    endpoints: tuple[Any, Any] | None = None


@dataclass(frozen=True, eq=False)
class _Met:
    """One condition: the cases that meet it, the steps that do (None where it is about whole cases), and its words."""

    cases: Bools
    words: str
    steps: Bools | None = None


def filtered(log: EventLog, conditions: Conditions, *, trim: bool, exclude: bool) -> EventLog:
    """Return the log of the cases that meet all conditions (or, with ``exclude``, of the others)."""
    met = _met(log, conditions)
    if not met:
        raise ProcmineError(
            "filter() was given no condition\nname one, such as activity='Registration'"
        )
    words = " and ".join(item.words for item in met)
    chosen = np.logical_and.reduce([item.cases for item in met])
    if trim:
        return _trimmed(log, met, chosen, words, exclude=exclude)
    return log.keep_cases(
        ~chosen if exclude else chosen, because=f"not ({words})" if exclude else words
    )


def where(log: EventLog, condition: Any, *, trim: bool) -> EventLog:
    """Return the log of the cases (or, with ``trim``, of the steps) for which a mask or callable holds."""
    size, what = (log.n_steps, "steps") if trim else (log.n_cases, "cases")
    words = f"where a mask over {what} holds"
    if isinstance(condition, str):
        raise ProcmineError(
            f"where() takes a mask or a function, not the text {condition!r}\n"
            "write log.where(lambda cases: cases['cycle_time'] > '40 days')"
        )
    if callable(condition):
        words = f"where {getattr(condition, '__name__', 'a condition')} holds over {what}"
        condition = condition(steps(log) if trim else cases(log))
    chosen = _mask(condition, log, size, what)
    return (
        log.keep_steps(chosen, because=f"{words}, trimmed")
        if trim
        else log.keep_cases(chosen, because=words)
    )


def _mask(condition: Any, log: EventLog, size: int, what: str) -> Bools:
    """Read a mask; a Series is put in the order of the log by its index."""
    values = pd.Series(condition)
    if len(values) != size:
        other = (
            " (a mask over steps cuts cases apart: say so with trim=True)"
            if len(values) == log.n_steps
            else ""
        )
        raise ProcmineError(
            f"the mask has {len(values):,} values and the log {size:,} {what}{other}"
        )
    rows = pd.RangeIndex(size)
    if not rows.isin(values.index).all():
        raise ProcmineError(
            f"the mask has an index that does not number the {what} from 0\n"
            f"keep the index of {what}(log), or give the values alone with .to_numpy()"
        )
    mask = values.reindex(rows).fillna(False)
    if not pd.api.types.is_bool_dtype(mask) and not all(
        isinstance(value, (bool, np.bool_)) for value in mask
    ):
        raise ProcmineError(
            "the condition must give True or False for each row\ncompare columns, as in cases['steps'] > 5"
        )
    return mask.to_numpy(dtype=np.bool_)


def _refuse_alone(asked: Conditions) -> None:
    """Refuse what only refines another condition that was not given, and a single value where two are due."""
    for name, example in (
        ("period", "('2026-01-01', None)"),
        ("cycle_time", "(None, '30 days')"),
        ("follower", "('A', 'B')"),
        ("endpoints", "('A', None)"),
    ):
        value = getattr(asked, name)
        if value is not None and (isinstance(value, str) or len(value) != 2):
            raise ProcmineError(f"{name}={value!r} is not a pair\ngive two, as in {name}={example}")
    if asked.within is not None and asked.follower is None:
        raise ProcmineError(
            "within= needs follower=\nname two activities, as in follower=('A', 'B')"
        )
    if asked.period_mode != PERIOD_MODES[0] and asked.period is None:
        raise ProcmineError(
            "period_mode= needs period=\ngive its bounds, as in period=('2026-01-01', None)"
        )


def _met(log: EventLog, asked: Conditions) -> list[_Met]:
    _refuse_alone(asked)
    met: list[_Met] = []
    if asked.activity is not None:
        met.append(_activity(log, _list(asked.activity)))
    if asked.variant is not None:
        met.append(_variant(log, _list(asked.variant)))
    if asked.period is not None:
        met.append(_period(log, asked.period, asked.period_mode))
    if asked.cycle_time is not None:
        met.append(_cycle_time(log, asked.cycle_time))
    for name, value in (asked.attribute or {}).items():
        met.append(_attribute(log, name, value))
    if asked.follower is not None:
        met.append(_follower(log, asked.follower, asked.within))
    if asked.endpoints is not None:
        met.append(_endpoints(log, asked.endpoints))
    return met


def _trimmed(
    log: EventLog, met: list[_Met], chosen: Bools, words: str, *, exclude: bool
) -> EventLog:
    masks = [item.steps for item in met if item.steps is not None]
    if not masks:
        raise ProcmineError(
            f"trim=True has no steps to cut: {words}\nuse it with activity=, period= or a step attribute"
        )
    keep = np.logical_and.reduce(masks)
    if exclude:
        return log.keep_steps(~keep, because=f"steps cut: {words}")
    keep &= np.repeat(chosen, np.diff(log.offsets))
    return log.keep_steps(keep, because=f"steps kept only: {words}")


def _any_step(log: EventLog, mask: Bools) -> Bools:
    if not log.n_cases:
        return mask[:0]
    return np.asarray(np.logical_or.reduceat(mask, log.offsets[:-1]), dtype=np.bool_)


def _codes(log: EventLog, labels: list[str]) -> list[int]:
    return [log.activity.code(label, what="activity") for label in labels]


def _activity(log: EventLog, labels: list[str]) -> _Met:
    mask = np.isin(log.activity.codes, _codes(log, labels))
    return _Met(_any_step(log, mask), f"activity is {_or(labels)}", mask)


def _variant(log: EventLog, wanted: list[str]) -> _Met:
    codes, examples = kernels.variant_codes(log.activity.codes, log.offsets)
    texts = variant_text(log, examples).to_pylist()
    for text in wanted:
        if text not in texts:
            raise LabelNotFoundError.among(text, texts, what="variant")
    return _Met(np.isin(codes, [texts.index(text) for text in wanted]), f"variant is {_or(wanted)}")


def _period(log: EventLog, period: tuple[Any, Any], mode: str) -> _Met:
    if mode not in PERIOD_MODES:
        raise ProcmineError(
            f"period_mode={mode!r} is not one of {', '.join(map(repr, PERIOD_MODES))}"
        )
    low, high = (period_bound(log, bound) for bound in period)
    low = NAT + 1 if low is None else low
    high = np.iinfo(np.int64).max if high is None else high
    begins = log.offsets[:-1]
    first = log.first[begins]
    last = np.maximum.reduceat(log.last, begins) if log.n_cases else first
    chosen = {
        "intersecting": (first < high) & (last >= low),
        "contained": (first >= low) & (last < high),
        "started": (first >= low) & (first < high),
        "completed": _within(log.closed_at if log.closed_at is not None else last, low, high),
    }[mode]
    words = f"{mode} {period[0] or 'the beginning'} to {period[1] or 'the end'}"
    return _Met(chosen, words, (log.first < high) & (log.last >= low))


def _within(times: kernels.Ints, low: int, high: int) -> Bools:
    return np.asarray((times != NAT) & (times >= low) & (times < high), dtype=np.bool_)


def _cycle_time(log: EventLog, bounds: tuple[Any, Any]) -> _Met:
    cycle = observed_cases(log).cycle_time
    least, most = (None if bound is None else _duration(bound) for bound in bounds)
    chosen = cycle != NAT
    if least is not None:
        chosen &= cycle >= least
    if most is not None:
        chosen &= cycle <= most
    return _Met(chosen, f"cycle time from {bounds[0] or 0} to {bounds[1] or 'any'}")


def _duration(value: Any) -> int:
    if isinstance(value, (int, float)):
        raise ProcmineError(f"{value!r} is a number without a unit\nwrite it as '{value} days'")
    try:
        return microseconds(pd.Timedelta(value))
    except (ValueError, TypeError) as error:
        raise ProcmineError(
            f"{value!r} is not a duration\nwrite it as '30 days' or as a timedelta"
        ) from error


def _attribute(log: EventLog, name: str, value: Any) -> _Met:
    wanted = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
    if not wanted:
        raise ProcmineError(f"attribute={{{name!r}: []}} names no value\ngive one or several")
    words = f"{name} is {_or(wanted)}"
    if name in log.case_attributes.column_names:
        series = attribute_series(log.case_attributes[name], log.tz)
        return _Met(_isin(series, wanted, name), words)
    if log.unit is not None and name in ("unit", log.binding.unit):
        series = pd.Series(log.unit.to_categorical())
    elif name in log.step_attributes.column_names:
        series = attribute_series(log.step_attributes[name], log.tz)
    else:
        known = [*log.case_attributes.column_names, *log.step_attributes.column_names]
        raise LabelNotFoundError.among(
            name, [*known, *(["unit"] if log.unit is not None else [])], what="attribute"
        )
    mask = _isin(series, wanted, name)
    return _Met(_any_step(log, mask), words, mask)


def _isin(series: pd.Series, wanted: list[Any], name: str) -> Bools:
    mask = series.isin(wanted).to_numpy()
    if not mask.any():  # numbers given as text, or text as numbers
        mask = (
            series.astype("str").isin(list(map(str, wanted))).to_numpy() & series.notna().to_numpy()
        )
    if not mask.any() and len(series):
        known = sorted(map(str, series.dropna().unique()))
        raise LabelNotFoundError.among(str(wanted[0]), known, what=f"value of {name}")
    return np.asarray(mask, dtype=np.bool_)


def _follower(log: EventLog, pair: tuple[str, str], within: Any) -> _Met:
    """Some step B after a step A: the closest is the last A before it, by end; that one decides about ``within``."""
    before, after = _codes(log, list(pair))
    is_a, is_b = log.activity.codes == before, log.activity.codes == after
    ends = _latest_before(log, np.where(is_a, log.last, NAT))
    mask = is_b & (ends != NAT)
    words = f"{pair[0]!r} is followed by {pair[1]!r}"
    if within is not None:
        mask &= (log.first - np.where(ends == NAT, log.first, ends)) <= _duration(within)
        words += f" within {within}"
    return _Met(_any_step(log, mask), words)


def _latest_before(log: EventLog, times: kernels.Ints) -> kernels.Ints:
    """Return the greatest of the earlier rows' times in the same case, NAT where there is none."""
    rank = np.unique(times, return_inverse=True)[1].astype(np.int64)
    size = int(rank.max(initial=0)) + 1
    shift = log.case_codes.astype(np.int64) * size
    best = np.maximum.accumulate(rank + shift) - shift
    previous = np.concatenate([[-1], best[:-1]])
    previous[log.offsets[:-1]] = -1
    values = np.append(np.unique(times), NAT)
    return np.asarray(values[previous], dtype=np.int64)


def _endpoints(log: EventLog, ends: tuple[Any, Any]) -> _Met:
    chosen = np.ones(log.n_cases, dtype=np.bool_)
    words = []
    for labels, rows, what in (
        (ends[0], log.offsets[:-1], "begins"),
        (ends[1], log.offsets[1:] - 1, "ends"),
    ):
        if labels is not None:
            chosen &= np.isin(log.activity.codes[rows], _codes(log, _list(labels)))
            words.append(f"{what} with {_or(_list(labels))}")
    return _Met(chosen, " and ".join(words) or "any endpoints")


def _list(value: str | Iterable[str]) -> list[str]:
    if not isinstance(value, Iterable):
        raise ProcmineError(f"{value!r} is not a text or a list of texts\nwrite labels in quotes")
    return [value] if isinstance(value, str) else [str(item) for item in value]


def _or(values: list[Any]) -> str:
    return " or ".join(map(repr, values))
