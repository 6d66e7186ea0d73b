"""Remedies: what could be mended, and how much shorter each wait would be then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import DAY, NAT, Bools, Floats, Ints
from procmine.kpi.sums import sums
from procmine.kpi.waiting.split import CAUSES, Split
from procmine.observe import attribute_series

KINDS = ("target", "best_quartile", "without_cause")
FEWEST_WAITS = 10
"""A group with fewer waits is neither a model nor measured against one."""
GROUPS = (3, 50)
"""How many groups there must be for a best quartile, and how many there may be."""
MENDABLE = tuple(cause for cause in CAUSES if cause != "unavailability")
PROPOSED = 5
"""How many activities remedies are proposed for."""


@dataclass(frozen=True)
class Remedy:
    """Something to mend; without an activity it is about all of them.

    ``target``         no wait is longer than ``days`` (of 24 hours)
    ``best_quartile``  groups of cases (``of``: a case attribute, or ``"unit"``) wait as those do that
                       are a quarter from the best
    ``without_cause``  no wait has this ``cause``
    """

    kind: str
    activity: str | None = None
    days: float | None = None
    of: str | None = None
    cause: str | None = None

    def __post_init__(self) -> None:
        needs = {"target": "days", "best_quartile": "of", "without_cause": "cause"}
        if self.kind not in needs:
            raise ProcmineError(f"kind={self.kind!r} is no remedy\nthere are: {', '.join(KINDS)}")
        given = {name for name in needs.values() if getattr(self, name) is not None}
        if given != {needs[self.kind]}:
            raise ProcmineError(
                f"a remedy of the kind {self.kind!r} takes {needs[self.kind]}= and, besides kind= and "
                f"activity=, nothing else; given: {', '.join(sorted(given)) or 'nothing'}"
            )
        if self.cause is not None and self.cause not in CAUSES:
            raise LabelNotFoundError.among(self.cause, CAUSES, what="cause of waiting")
        if self.days is not None and not 0 <= self.days < 36_525:
            raise ProcmineError(f"days={self.days!r}: a target is 0 days or more")

    @property
    def text(self) -> str:
        """The remedy in words."""
        where = f" at {self.activity}" if self.activity is not None else ""
        if self.kind == "target":
            return f"no wait{where} over {self.days:g} days"
        if self.kind == "best_quartile":
            return f"every {self.of} waits{where} as the best quartile does"
        return f"no {self.cause}{where}"


def checked(given: Iterable[Remedy | Mapping[str, Any]], found: Split) -> list[Remedy]:
    """Return remedies, also those written as dicts, once it is sure that they fit the log."""
    if isinstance(given, (Remedy, Mapping)):
        given = [given]
    known = [field.name for field in fields(Remedy)]
    remedies = []
    for one in given:
        if isinstance(one, Mapping):
            wrong = [name for name in one if name not in known]
            if wrong or "kind" not in one:
                what = f"has no field {wrong[0]!r}" if wrong else "has no kind"
                raise ProcmineError(f"a remedy {what}\nits fields are: {', '.join(known)}")
            one = Remedy(**one)
        _check_fits(one, found)
        remedies.append(one)
    return remedies


def _check_fits(remedy: Remedy, found: Split) -> None:
    if remedy.activity is not None:
        found.log.activity.code(remedy.activity, what="activity")
    if remedy.kind == "best_quartile":
        if found.log.start is None:
            raise ProcmineError(
                "best_quartile compares waits, and with one timestamp the work is in them\n"
                "take a target or a cause to remove, or have the starts estimated: starts='estimate'"
            )
        groups = len(_groups(found, str(remedy.of))[1])
        if not GROUPS[0] <= groups <= GROUPS[1]:
            raise ProcmineError(
                f"of={remedy.of!r} has {groups:,} values; a best quartile needs {GROUPS[0]} to {GROUPS[1]}"
            )


def proposed(found: Split, of: str | None) -> list[Remedy]:
    """Return remedies for a first look: without each cause that there is, everywhere and, for the activities
    with most waiting, without their main cause; with ``of`` also the best quartile of these.

    Unavailability is not proposed: nights and weekends stay.
    """
    parts = {cause: np.where(part == NAT, 0, part) for cause, part in found.parts.items()}
    remedies = [Remedy("without_cause", cause=cause) for cause in MENDABLE if parts[cause].any()]
    codes, labels = found.log.activity.codes, found.log.activity.names()
    waited = sums(codes.astype(np.int64), np.where(found.wait == NAT, 0, found.wait), len(labels))
    for code in np.argsort(-waited, kind="stable")[:PROPOSED]:
        if waited[code] > 0:
            here = codes == code
            main = max(MENDABLE, key=lambda cause, here=here: int(parts[cause][here].sum()))  # type: ignore[misc]
            if parts[main][here].any():
                remedies.append(Remedy("without_cause", labels[code], cause=main))
            if of is not None:
                remedies.append(Remedy("best_quartile", labels[code], of=of))
    return checked(remedies, found)


def gain(remedy: Remedy, found: Split) -> Ints:
    """Return how much shorter the wait of every step would be, 0 where its wait is not known."""
    wait = np.where(found.wait == NAT, 0, found.wait)
    here = found.wait != NAT
    if remedy.activity is not None:
        here &= found.log.activity.codes == found.log.activity.code(
            remedy.activity, what="activity"
        )
    if remedy.cause is not None:
        part = found.parts[remedy.cause]
        return np.where(here & (part != NAT), part, 0)
    if remedy.days is not None:
        return np.where(here, np.maximum(wait - round(remedy.days * DAY), 0), 0)
    return wait - _as_best_quartile(found, str(remedy.of), wait, here)


def _as_best_quartile(found: Split, of: str, wait: Ints, here: Bools) -> Ints:
    """Return the waits with those of the slower groups scaled down to the median of the best quartile.

    Of the medians of g groups the model is the ⌈g / 4⌉-th from the best, activity by activity; a wait
    in a group with a greater median m becomes wait × model / m.
    """
    group, labels = _groups(found, of)
    rows = np.flatnonzero(here & (group >= 0))
    key = found.log.activity.codes[rows].astype(np.int64) * len(labels) + group[rows]
    cells = len(found.log.activity.labels) * len(labels)
    offsets = kernels.offsets_of(key, cells)
    ordered = kernels.sorted_in_groups(key, wait[rows], cells)
    median = kernels.grouped_quantiles(ordered, offsets, [0.5])[:, 0]
    median[np.diff(offsets) < FEWEST_WAITS] = np.nan
    scale = _scales(median.reshape(-1, len(labels))).ravel()[key]
    new = wait.copy()
    new[rows] = np.where(scale < 1, np.floor(wait[rows] * scale), wait[rows]).astype(np.int64)
    return new


def _scales(medians: Floats) -> Floats:
    """Return by what the waits of each group are multiplied, a row for each activity; 1 where it is no slower."""
    count = (~np.isnan(medians)).sum(axis=1)
    ordered = np.sort(medians, axis=1)  # NaN last
    place = np.maximum(-(-count // 4) - 1, 0)
    model = ordered[np.arange(len(medians)), place][:, None]
    slower = (medians > model) & (count >= GROUPS[0])[:, None]
    scales = np.ones_like(medians)
    np.divide(model, medians, out=scales, where=slower)
    return scales


def _groups(found: Split, of: str) -> tuple[Ints, Sequence[str]]:
    """Return the group of every step, -1 where it has none, and the names of the groups."""
    log = found.log
    if of == "unit" and log.unit is not None:
        return log.unit.codes.astype(np.int64), log.unit.names()
    names = log.case_attributes.column_names
    if of not in names:
        known = [*names, *(["unit"] if log.unit is not None else [])]
        raise LabelNotFoundError.among(of, known, what="case attribute (of=)")
    codes, labels = pd.factorize(attribute_series(log.case_attributes[of], log.tz))
    return codes.astype(np.int64)[log.case_codes], [str(label) for label in labels]
