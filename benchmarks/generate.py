"""A seeded log of any size: the cases of an invented office, with a heavy tail of variants, its rows shuffled.

Every step has a start and an end in whole seconds UTC, and the steps of a case neither overlap nor
touch, so that libraries that order ties or measure overlaps in different ways still agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.settings import CLOSING

Ints = npt.NDArray[np.int64]

ACTIVITIES = tuple(
    f"{verb} {thing}"
    for verb in ("Register", "Check", "Request", "Receive", "Assess", "Draft", "Sign", "Send")
    for thing in ("application", "plans", "fee", "opinion", "decision")
)
UNITS = tuple(
    f"Unit {name}"
    for name in (
        "Registry", "Urbanism", "Legal", "Treasury", "Environment", "Heritage",
        "Roads", "Water", "Energy", "Fire safety", "Archive", "Mayor",
    )
)  # fmt: skip
RESOURCES = tuple(f"clerk {number:03d}" for number in range(200))
_FIRST_START = 1_640_995_200  # 2022-01-01, in seconds
_SPAN = 3 * 365 * 86_400
_CASES_PER_VARIANT = 7
_OPEN_SHARE = 0.08
_PER_UNIT = -(-len(RESOURCES) // len(UNITS))


@dataclass(frozen=True, eq=False)
class Steps:
    """The columns of a log in generated order: codes of labels, and times in seconds since 1970."""

    case: Ints
    activity: Ints
    resource: Ints
    unit: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.case)

    def table(self) -> pa.Table:
        """Return the rows as a table of text and instants."""
        return pa.table(
            {
                "case_id": pa.array(case_ids(int(self.case.max()) + 1)).take(pa.array(self.case)),
                "activity": pa.array(ACTIVITIES).take(pa.array(self.activity)),
                "resource": pa.array(RESOURCES).take(pa.array(self.resource)),
                "unit": pa.array(UNITS).take(pa.array(self.unit)),
                "start": _instants(self.start),
                "end": _instants(self.end),
            }
        )

    def shuffled(self, rng: np.random.Generator) -> Steps:
        """Return the same rows in random order."""
        order = rng.permutation(len(self))
        return Steps(
            *(
                column[order]
                for column in (
                    self.case,
                    self.activity,
                    self.resource,
                    self.unit,
                    self.start,
                    self.end,
                )
            )
        )


def generate(events: int, seed: int) -> Steps:
    """Return about ``events`` steps of whole cases, in the order of cases and time."""
    rng = np.random.default_rng(seed)
    variants = _variants(max(events // (11 * _CASES_PER_VARIANT), 5), rng)
    case, activity = _cases(variants, events, rng)
    unit = _units(case, activity, rng)
    in_unit = rng.geometric(0.15, len(case)) - 1  # a few do most of the work
    resource = (unit * _PER_UNIT + np.minimum(in_unit, _PER_UNIT - 1)) % len(RESOURCES)
    start, end = _times(case, rng)
    return Steps(case, activity, resource, unit, start, end)


def case_ids(cases: int) -> list[str]:
    """Return the case keys as text."""
    return [f"BP/{case:07d}" for case in range(cases)]


def _instants(seconds: Ints) -> pa.Array:
    return pa.array(seconds * 1_000_000).cast(pa.timestamp("us", tz="UTC"))


def _variants(count: int, rng: np.random.Generator) -> list[Ints]:
    """Return sequences of activities: some usual paths, then ever odder deviations from them."""
    closing = np.array([ACTIVITIES.index(label) for label in CLOSING])
    open_codes = np.setdiff1d(np.arange(len(ACTIVITIES)), closing)
    usual = [np.sort(rng.choice(open_codes, rng.integers(4, 16), replace=False)) for _ in range(40)]
    made = []
    for number in range(count):
        path = usual[number % len(usual)]
        for _ in range(min(number // len(usual), rng.geometric(0.4))):
            path = _deviated(path, open_codes, rng)
        last = [] if rng.random() < _OPEN_SHARE else [closing[int(rng.random() < 0.2)]]
        made.append(np.concatenate([path, last]).astype(np.int64))
    return made


def _deviated(path: Ints, codes: Ints, rng: np.random.Generator) -> Ints:
    """Return a path with a stretch of it done again, or with one activity more."""
    at = int(rng.integers(0, len(path)))
    if rng.random() < 0.5:
        until = min(at + int(rng.integers(1, 4)), len(path))
        return np.insert(path, until, path[at:until])
    return np.insert(path, at, rng.choice(codes))


def _cases(variants: list[Ints], events: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw cases until there are enough events: the n-th variant comes up 1/n times as often."""
    lengths = np.array([len(variant) for variant in variants])
    weights = 1 / np.arange(1, len(variants) + 1)
    weights /= weights.sum()
    wanted = int(events / float(weights @ lengths) * 1.1) + 10
    chosen = rng.choice(len(variants), wanted, p=weights)
    cases = min(int(np.searchsorted(np.cumsum(lengths[chosen]), events)) + 1, wanted)
    chosen = chosen[:cases]
    begins = np.concatenate([[0], np.cumsum(lengths)])
    sizes = lengths[chosen]
    inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(np.arange(cases), sizes), np.concatenate(variants)[
        np.repeat(begins[chosen], sizes) + inside
    ]


def _units(case: Ints, activity: Ints, rng: np.random.Generator) -> Ints:
    """Most activities belong to a unit; now and then another one does them."""
    usual = (activity * 7) % len(UNITS)
    return np.where(rng.random(len(case)) < 0.9, usual, (usual + case) % len(UNITS))


def _times(case: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return starts and ends: log-normal waiting and work, one step after the other."""
    waiting = np.clip(rng.lognormal(10.5, 1.6, len(case)), 60, 60 * 86_400).astype(np.int64)
    work = np.clip(rng.lognormal(7.0, 1.2, len(case)), 30, 3 * 86_400).astype(np.int64)
    elapsed = np.cumsum(waiting + work)
    first = np.flatnonzero(np.diff(case, prepend=-1))
    before = np.concatenate([[0], elapsed])[first]
    opened = _FIRST_START + rng.integers(0, _SPAN, len(first))
    end = opened[case] + elapsed - before[case]
    return end - work, end
