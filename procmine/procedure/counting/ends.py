"""The end of a case and of a term: the last closing step of a case, and the first event that ends a term."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from procmine.errors import DataQualityWarning, ProcmineError
from procmine.ingest.spelling import matching
from procmine.kernels import NAT, Bools, Ints
from procmine.observe import attribute_series, observed_cases
from procmine.procedure.counting.occurrences import Occurrences
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.counting.written import local_days
from procmine.procedure.elements import OutcomeSource
from procmine.procedure.problems import nearest


@dataclass(frozen=True, eq=False)
class Closings:
    """The day on which every case closed, NAT for an open one, and with which outcome (-1 where none is known)."""

    day: Ints
    outcome: Ints
    outcomes: tuple[str, ...]

    def withdrawn(self, outcome: Ints) -> Bools:
        """Return which outcomes are a withdrawal."""
        names = np.array([*self.outcomes, ""])
        return np.asarray(names[outcome] == "withdrawn", dtype=np.bool_)


def closings(seen: SeenLog) -> Closings:
    """Return how the cases closed, by the procedure or, where it does not say, by the log."""
    return _with_outcomes(seen, _by_log(seen) if not seen.procedure.closing else _by_steps(seen))


def _by_steps(seen: SeenLog) -> Closings:
    """Return the last closing steps of the cases."""
    closing = seen.procedure.closing
    n = seen.log.n_cases
    outcomes = tuple(dict.fromkeys(part.outcome for part in closing))
    of_activity = np.full(len(seen.log.activity.labels), -1, dtype=np.int64)
    for part in closing:
        of_activity[seen.procedure.codes(seen.log, (part.activity,))] = outcomes.index(part.outcome)
    rows = seen.steps_of([part.activity for part in closing])
    days = seen.days_of(rows)
    rows, days = rows[days <= seen.today], days[days <= seen.today]
    case = seen.log.case_codes[rows].astype(np.int64)
    found = Occurrences.sorted(case, days, rows, rows)
    day, outcome = np.full(n, NAT), np.full(n, -1)
    day[found.case] = found.day  # the last one stays
    outcome[found.case] = of_activity[seen.log.activity.codes[found.row]]
    return Closings(day, outcome, outcomes)


def _with_outcomes(seen: SeenLog, found: Closings) -> Closings:
    """Return the closings with the outcome that an attribute says, where it says one."""
    source = seen.procedure.outcomes
    if source is None:
        return found
    names = tuple(dict.fromkeys([*found.outcomes, *source.values.values()]))
    series = attribute_series(seen.log.case_attributes[source.attribute], seen.log.tz)
    codes, distinct = pd.factorize(series, use_na_sentinel=True)
    labels = [str(label) for label in distinct]
    meant = {matching(value, labels): outcome for value, outcome in source.values.items()}
    said = np.array([names.index(meant[x]) if x in meant else -1 for x in labels] + [-1])
    closed = found.day != NAT
    unsaid = [labels[code] for code in np.unique(codes[closed]) if code >= 0 and said[code] < 0]
    _warn_unsaid(source, unsaid)
    outcome = np.where(closed & (said[codes] >= 0), said[codes], found.outcome)
    return Closings(found.day, outcome, names)


def _warn_unsaid(source: OutcomeSource, unsaid: list[str]) -> None:
    """Warn of values of closed cases that the procedure gives no outcome."""
    if unsaid:
        shown = ", ".join(
            f"{label!r}{nearest(label, tuple(source.values))}" for label in unsaid[:10]
        )
        warnings.warn(
            f"outcomes: of the procedure does not say what these values of {source.attribute!r} mean: {shown}\n"
            "such cases keep the outcome of their closing activity",
            DataQualityWarning,
            stacklevel=2,
        )


def _by_log(seen: SeenLog) -> Closings:
    log = seen.log
    if log.closed_at is None:
        needing = [use.id for use in seen.procedure.uses if _needs_closing(use.versions)]
        if needing:
            raise ProcmineError(
                f"nothing says what closes a case, so no case could end the term {needing[0]!r}\n"
                "name the closing activities: closing: [{activity: …, outcome: approved}] in the procedure, "
                "or pm.read(..., closed=[…])"
            )
        return Closings(np.full(log.n_cases, NAT), np.full(log.n_cases, -1), ())
    closed = observed_cases(log, seen.as_of).closed_at
    return Closings(local_days(closed, log.tz), np.full(log.n_cases, -1), ())


def _needs_closing(versions: Sequence[object]) -> bool:
    return any(not getattr(version, "ends_on", ()) for version in versions)


def first_from(found: Occurrences, starts: Ints) -> Ints:
    """Return the day of the first occurrence that is not before the start of its case, NAT where there is none."""
    return found.where(found.day >= starts[found.case]).firsts(len(starts))
