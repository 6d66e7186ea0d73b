"""Compare the table of terms with the rows of the oracle, and show a case on which they differ."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd

from procmine.errors import DataQualityWarning
from procmine.procedure.terms import terms
from tests.procedure.random_terms import World

KEYS = ("case_id", "term", "phase")
ABOUT_THE_CALENDAR = {"equated days of the year not known"}
"""Remarks that are about the calendar and not about the case."""


def table(world: World) -> pd.DataFrame:
    """The table of procmine; what it warns of is no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        return terms(
            world.log(), world.procedure(), as_of=world.as_of, calendar=world.kalendar.calendar
        )


def plain(found: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain values, None where missing."""
    return [
        {name: _value(name, value) for name, value in row.items()}
        for row in found.astype(object).to_dict("records")
    ]


def _value(name: Any, value: Any) -> Any:
    if name == "remarks":
        return set() if pd.isna(value) else set(str(value).split("; ")) - ABOUT_THE_CALENDAR
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def keyed(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows by case, term and phase, of which each is there once."""
    found = {tuple(row[name] for name in KEYS): row for row in rows}
    assert len(found) == len(rows)
    return found


def differences(world: World) -> list[tuple[tuple[Any, ...], list[tuple[str, Any, Any]]]]:
    """For each row that differs: its key, and each column with what the oracle and procmine say."""
    ours, theirs = keyed(world.answers()), keyed(plain(table(world)))
    found = []
    for key in {**ours, **theirs}:
        one, other = ours.get(key), theirs.get(key)
        if one is None or other is None:
            found.append((key, [("row", one is not None, other is not None)]))
        elif parts := _apart(one, other):
            found.append((key, parts))
    return found


def _apart(ours: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    names = [name for name in ours if name != "start_fallback" or ours["started"] is not None]
    pairs = [(name, ours[name], theirs.get(name, "no column")) for name in names]
    return [
        (name, one, other)
        for name, one, other in pairs
        if (one != other if name != "reason" else (one is None) != (other is None))
    ]


def shown(world: World, key: tuple[Any, ...], parts: list[tuple[str, Any, Any]]) -> str:
    """A case on which oracle and procmine differ, as small tables."""
    lines = [f"{world.place}, as of {world.as_of}: {key}"]
    lines += [f"  {name:<16} oracle {one!s:<28} procmine {other}" for name, one, other in parts]
    lines += [
        f"  {step.moment:%a %Y-%m-%d %H:%M} {step.activity} {step.attributes['Days given'] or ''}"
        for case in world.cases()
        if case.id == key[0]
        for step in case.steps
    ]
    lines.append(f"  {world.attributes[key[0]]}")
    lines += [
        f"  {one.model_dump(exclude_defaults=True, by_alias=True)}" for one in world.uses[key[1]]
    ]
    lines += [f"  {name}: {world.written[name]}" for name in ("attributes", "closing")]
    lines += [f"  {name}: {one}" for name, one in world.written["events"].items()]
    return "\n".join(lines)
