"""Reading a file of costs: every mistake in one message, each with its line, its key and what to write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from procmine.errors import ProcmineError
from procmine.kpi.costs.costs import Costs
from procmine.procedure.problems import nearest
from procmine.procedure.reading.given import node_of
from procmine.procedure.reading.texts import mistakes, text_of
from procmine.procedure.reading.wording import Found
from procmine.procedure.reading.yaml_text import Located, located

_BEGIN = "begin with a line such as 'currency: EUR'"
_SUCH_AS = {
    "hour_by_unit": ", such as {Registry: 28.50}",
    "step_of_activity": ", such as {Site visit: 40}",
}


def read(given: str | Path) -> Costs:
    """Read costs from a YAML file."""
    if not isinstance(given, str | Path):
        raise ProcmineError(
            f"this {type(given).__name__} is no path of a file of costs\ngive a path such as 'costs.yaml'"
        )
    path = Path(given)
    return parse(text_of(path, "file of costs", ProcmineError), source=path.name)


def parse(text: str, *, source: str) -> Costs:
    """Read costs from YAML text."""
    found = located(text.removeprefix("\ufeff"), source=source)
    if found.values is None:
        raise ProcmineError(f"{source} is empty\n{_BEGIN}")
    if not isinstance(found.values, Mapping):
        raise ProcmineError(
            f"{source}, line 1: there are no keys with values\n{_BEGIN}; "
            "a file is read by its path with pm.Costs.read"
        )
    try:
        return Costs.model_validate(found.values)
    except ValidationError as error:
        raise ProcmineError(mistakes(_problems(error, found), found, source)) from error


def refusal(error: ValidationError, values: Mapping[str, Any]) -> ProcmineError:
    """Return the error of costs that were given in Python, with the key of every mistake."""
    found = Located(values, node_of(values), in_lines=False)
    return ProcmineError(mistakes(_problems(error, found), found, "pm.Costs(...)"))


def _problems(error: ValidationError, found: Located) -> list[Found]:
    return [_problem(one, found) for one in error.errors()]


def _problem(one: Any, found: Located) -> Found:
    """Return a mistake with its place; those of which only costs know what to write are sentences already."""
    place, kind = tuple(one["loc"]), one["type"]
    at = found.reached(place)
    if kind == "extra_forbidden":
        keys = list(Costs.model_fields)
        told = f"there is no key {str(place[-1])!r} here; keys are {', '.join(keys)}"
        return Found(at, place, told + nearest(str(place[-1]), keys))
    if kind == "string_pattern_mismatch":
        told = f"{one['input']!r} is no code of three capital letters, such as EUR"
        return Found(at, place, told)
    if kind == "dict_type" and one["input"] is not None:
        told = f"{one['input']!r} is not keys with values{_SUCH_AS.get(str(place[-1]), '')}"
        return Found(at, place, told)
    return Found(at, place, one)
