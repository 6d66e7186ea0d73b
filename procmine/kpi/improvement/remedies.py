"""Remedies: what could be mended, and which of them fit a log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from numbers import Real
from typing import Any, TypeAlias

from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kpi.improvement.best_quartile import FEWEST, MOST, groups_of
from procmine.kpi.improvement.without_rework import REWORK, Avoidable
from procmine.kpi.waiting.split import CAUSES, Split

NEEDS = {
    "target": "days",
    "best_quartile": "by",
    "without_cause": "cause",
    "without_rework": "rework",
    "together": "together",
}
"""What each kind of remedy takes, besides an activity."""
KINDS = tuple(NEEDS)
TEXTS = ("activity", "by", "cause", "rework", "name")
WITHOUT_CAUSE = {
    "external": "no waits for the applicant or third parties",
    "batching": "no waits for batches",
    "contention": "no waits for busy resources",
    "prioritisation": "no later work taken up first",
    "unavailability": "no waits for closed hours and absences",
    "unexplained": "no unexplained waits",
}


@dataclass(frozen=True)
class Remedy:
    """Something to mend; without an activity it is about all of them.

    ``target``          no wait is longer than ``days`` (of 24 hours)
    ``best_quartile``   groups of cases (``by``: a case attribute, or ``"unit"``) wait as those do that
                        are a quarter from the best
    ``without_cause``   no wait has this ``cause``
    ``without_rework``  no step is ``rework`` of this kind (see :func:`procmine.rework`)
    ``together``        several remedies at once: a tuple of them

    ``name`` is what a remedy is called; without one it is told in words.
    """

    kind: str
    activity: str | None = None
    days: float | None = None
    by: str | None = None
    cause: str | None = None
    rework: str | None = None
    together: tuple[Remedy, ...] | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in NEEDS:
            raise ProcmineError(f"kind={self.kind!r} is no remedy\nthere are: {', '.join(KINDS)}")
        given = {name for name in NEEDS.values() if getattr(self, name) is not None}
        if given != {NEEDS[self.kind]}:
            raise ProcmineError(
                f"a remedy of the kind {self.kind!r} takes {NEEDS[self.kind]}= and, besides kind= and "
                f"activity= and name=, nothing else; given: {', '.join(sorted(given)) or 'nothing'}"
            )
        for name in TEXTS:
            if not isinstance(value := getattr(self, name), str | None):
                raise ProcmineError(f"{name}={value!r} is no text\ngive one name, in quotes")
        if self.cause is not None and self.cause not in CAUSES:
            raise LabelNotFoundError.among(self.cause, CAUSES, what="cause of waiting", where="")
        if self.rework is not None and self.rework not in REWORK:
            raise LabelNotFoundError.among(self.rework, REWORK, what="kind of rework", where="")
        if self.days is not None and not _is_target(self.days):
            raise ProcmineError(
                f"days={self.days!r}: a target is 0 days or more, as a number\nwrite days=3, without quotes"
            )
        if self.together is not None:
            _check_package(self)

    @property
    def parts(self) -> tuple[Remedy, ...]:
        """The remedies of a package, else the remedy itself."""
        return self.together if self.together is not None else (self,)

    @property
    def text(self) -> str:
        """The remedy in words, also where it has a name."""
        where = f" at {self.activity}" if self.activity is not None else ""
        if self.together is not None:
            return " + ".join(part.text for part in self.together)
        if self.days is not None:
            return f"no wait{where} over {self.days:g} day{'' if self.days == 1 else 's'}"
        if self.by is not None:
            return f"every {self.by} waits{where} as the best quartile does"
        if self.rework is not None:
            return f"{REWORK[self.rework]}{where}"
        return f"{WITHOUT_CAUSE[str(self.cause)]}{where}"


def _is_target(days: Any) -> bool:
    return isinstance(days, Real) and not isinstance(days, bool) and 0 <= float(days) < 36_525


def _check_package(package: Remedy) -> None:
    parts = package.parts
    if package.activity is not None or not parts or any(part.together for part in parts):
        raise ProcmineError(
            "remedies together are one or more remedies, each with its own activity=\n"
            'write {"together": [{"kind": "target", …}, …]}, without packages in packages'
        )


Given: TypeAlias = Remedy | Mapping[str, Any] | Sequence["Given"]


def checked(given: Iterable[Given], found: Split, rework: Avoidable) -> list[Remedy]:
    """Return remedies, also those written as dicts, once it is sure that they fit the log.

    A list or tuple among them is a package of remedies.
    """
    if isinstance(given, (Remedy, Mapping)):
        given = [given]
    if isinstance(given, str) or not isinstance(given, Iterable):
        given = [given]
    remedies = [_read(one) for one in given]
    for remedy in remedies:
        for part in remedy.parts:
            _check_fits(part, found, rework)
    return remedies


def _read(one: Given) -> Remedy:
    if isinstance(one, Remedy):
        return one
    if not isinstance(one, Mapping):
        return Remedy("together", together=_read_package(one))
    if "together" in one and one.get("kind", "together") == "together":
        one = {**one, "kind": "together", "together": _read_package(one["together"])}
    known = [field.name for field in fields(Remedy)]
    wrong = [name for name in one if name not in known]
    if wrong or "kind" not in one:
        what = f"has no field {wrong[0]!r}" if wrong else "has no kind"
        raise ProcmineError(f"a remedy {what}\nits fields are: {', '.join(known)}")
    return Remedy(**one)


def _read_package(given: Any) -> tuple[Remedy, ...]:
    if isinstance(given, (Remedy, Mapping)):
        given = [given]
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ProcmineError(
            f"{given!r} is no remedy\ngive a dict such as {{'kind': 'target', 'activity': …, 'days': 5}}"
        )
    return tuple(_read(part) for part in given)


def _check_fits(remedy: Remedy, found: Split, rework: Avoidable) -> None:
    if remedy.activity is not None:
        found.log.activity.code(remedy.activity, what="activity")
    if remedy.rework is not None:
        rework.check(remedy.rework)
    if remedy.by is not None:
        _check_groups(remedy.by, found)


def _check_groups(by: str, found: Split) -> None:
    if found.log.start is None:
        raise ProcmineError(
            "best_quartile compares waits, and with one timestamp the work is in them\n"
            "take a target or a cause to remove, or have the starts estimated: starts='estimate'"
        )
    groups = len(groups_of(found, by)[1])
    if not FEWEST <= groups <= MOST:
        raise ProcmineError(
            f"by={by!r} has {groups:,} values; a best quartile needs {FEWEST} to {MOST}"
        )
