"""Propose a binding: which column is probably what, from its name and from what it holds, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from procmine.ingest.binding import Binding
from procmine.ingest.kinds import is_text
from procmine.ingest.names import Names
from procmine.ingest.personal import kind_of
from procmine.ingest.privacy import shows_persons
from procmine.ingest.proposal.looks import TIMES, Looks, is_lifecycle
from procmine.ingest.proposal.shape import (
    annulled_entries,
    joined_case,
    milestones,
    split_time,
    status_history,
)

_IN_ORDER = (*TIMES, "case", "activity", "lifecycle", "instance", "resource", "unit")


def propose_binding(
    sample: pa.Table,
    *,
    names: Names | str | Path | None = None,
    sheet: str | None = None,
    given: Binding | None = None,
) -> Binding:
    """Return the binding that names and contents suggest, its ``reasons`` filled; roles that
    nothing suggests stay open.

    ``sample`` holds the first rows, or all. Names count first, contents confirm them: times must
    read as times, a lifecycle must hold the standard transitions, a case key must be text or
    numbers that return. Where each row is a case with several dates, they are milestones; where
    a status before and after is named, it is a status history. ``sheet`` names the column with the
    sheet of a workbook, ``given`` is what the user has bound already.
    """
    given = given or Binding()
    has_times = bool(given.time_columns() or given.milestones)
    looks = Looks.at(sample, Names.of(names), None if has_times else given.time_format)
    found = Columns(looks).found(given)
    bound: dict[str, Any] = {role: name for role, (name, _) in found.items()}
    reasons = {role: why for role, (_, why) in found.items()}
    for shape in (status_history, milestones, joined_case, split_time, annulled_entries):
        more, why = shape(looks, bound, given, sheet)
        bound, reasons = {**bound, **more}, {**reasons, **why}
    bound = {role: value for role, value in bound.items() if value is not None}
    return Binding.of_plain(bound, where="the proposal").because(
        {role: why for role, why in reasons.items() if role in bound}
    )


@dataclass(frozen=True, eq=False)
class Columns:
    """The search for the column of each role of a log."""

    looks: Looks

    def found(self, given: Binding) -> dict[str, tuple[str, str]]:
        """Return the column of each role, with the reason; what the user has bound is spoken for."""
        found: dict[str, tuple[str, str]] = {}
        taken = {name for _, name in given.named()} & set(self.looks.columns)
        for role in _IN_ORDER:
            if role == "timestamp" and "start" in found and "end" in found:
                continue
            spoken_for = taken | {name for name, _ in found.values()}
            choice = self.by_name(role, spoken_for) or self.by_contents(role, spoken_for)
            if choice is not None:
                found[role] = choice
        found = _one_kind_of_time(found)
        if "lifecycle" not in found:
            found.pop("instance", None)
        return found

    def by_name(self, role: str, taken: set[str]) -> tuple[str, str] | None:
        """Return the column whose name is usual for the role, if what it holds agrees."""
        for name in self.looks.named(role):
            if name not in taken and self._fits(role, name):
                return name, f"the name is usual for {role}{self.looks.seen(role, name)}"
        return None

    def by_contents(self, role: str, taken: set[str]) -> tuple[str, str] | None:
        """Return the column whose contents single it out for the role, if there is one."""
        chooser: dict[str, Callable[[set[str]], str | None]] = {
            "timestamp": self._only_time,
            "case": self._key_that_returns,
            "activity": self._few_labels,
        }
        if role not in chooser:
            return None
        choice = chooser[role](taken | self._usual_for_others(role))
        return None if choice is None else (choice, f"what it holds{self.looks.seen(role, choice)}")

    def _fits(self, role: str, name: str) -> bool:
        looks = self.looks
        if role in TIMES:
            return looks.is_time(name)
        if role == "lifecycle":
            return is_lifecycle(looks.columns[name])
        return looks.times[name] < 0.5 and looks.distinct.get(name, 0) > 0

    def _usual_for_others(self, role: str) -> set[str]:
        """Return the columns that the names of other roles claim."""
        others = {
            usual for other in _IN_ORDER if other != role for usual in self.looks.usual(other)
        }
        return {name for name, plain in self.looks.names.items() if plain in others}

    def _only_time(self, taken: set[str]) -> str | None:
        times = [
            name for name in self.looks.times if self.looks.is_time(name) and name not in taken
        ]
        return times[0] if len(times) == 1 else None

    def _key_that_returns(self, taken: set[str]) -> str | None:
        """The column with the most different values that still come back, twice a row on average or more."""
        distinct, rows = self.looks.distinct, self.looks.rows
        keys = [name for name in self._labels(taken) if 1 < distinct[name] <= rows / 1.5]
        return max(keys, key=lambda name: distinct[name], default=None)

    def _few_labels(self, taken: set[str]) -> str | None:
        """The text column with the most different values, of those with few."""
        distinct = self.looks.distinct
        most = max(self.looks.rows**0.5 * 2, 10)
        few = [
            name
            for name in self._labels(taken)
            if 1 < distinct[name] <= most and is_text(self.looks.columns[name])
        ]
        return max(few, key=lambda name: distinct[name], default=None)

    def _labels(self, taken: set[str]) -> list[str]:
        looks = self.looks
        return [
            name
            for name in looks.distinct
            if name not in taken and looks.times[name] < 0.5 and not self._shows_persons(name)
        ]

    def _shows_persons(self, name: str) -> bool:
        """Tell whether a column shows persons, by its name or its contents: every table shows case and activity."""
        by_name = shows_persons(name, self.looks.extra) is not None
        return by_name or kind_of(self.looks.columns[name], name=name) is not None


def _one_kind_of_time(found: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Keep start and end together, or else one timestamp: an only time column is that, whatever its name."""
    if "start" in found and "timestamp" in found and "lifecycle" not in found:
        found.setdefault("end", found["timestamp"])
    if "start" in found and "end" in found:
        drop = {"timestamp", "lifecycle", "instance"}
    else:
        drop = {"start", "end"}
        only = next((role for role in ("timestamp", "end", "start") if role in found), None)
        if only is not None:
            found["timestamp"] = found[only]
    return {role: choice for role, choice in found.items() if role not in drop}
