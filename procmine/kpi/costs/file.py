"""Reading a file of costs: every mistake in one message, each with its line, its key and what to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from procmine.errors import ProcmineError
from procmine.kpi.costs.costs import Costs
from procmine.procedure.problems import nearest
from procmine.procedure.reading.given import node_of
from procmine.procedure.reading.wording import Found, sentences
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
    if not path.is_file():
        others = sorted(other.name for other in path.parent.glob("*.y*ml"))[:10]
        there = f"; in that folder are: {', '.join(others)}" if others else ""
        raise ProcmineError(
            f"there is no file of costs {path}\ngive the path of a YAML file{there}"
        )
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ProcmineError(
            f"cannot read {path}: {error.strerror}\ngive the path of a file that you may read"
        ) from error
    except UnicodeDecodeError as error:
        raise ProcmineError(
            f"{path.name}: the file is not in UTF-8\nsave it as UTF-8 text"
        ) from error
    return parse(text, source=path.name)


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
        raise ProcmineError(_message(error, found, source)) from error


def refusal(error: ValidationError, values: Mapping[str, Any]) -> ProcmineError:
    """Return the error of costs that were given in Python, with the key of every mistake."""
    found = Located(values, node_of(values), in_lines=False)
    return ProcmineError(_message(error, found, "pm.Costs(...)"))


def _message(error: ValidationError, found: Located, source: str) -> str:
    lines = [text for _, text in sorted(dict.fromkeys(_lines(error, found)))]
    between = ", " if found.in_lines else ": "
    if len(lines) == 1:
        return f"{source}{between}{lines[0]}"
    listed = "\n".join(f"{source}{between}{line}" for line in lines)
    return f"{source} has {len(lines):,} mistakes\n{listed}"


def _lines(error: ValidationError, found: Located) -> Iterator[tuple[int, str]]:
    flat = [_problem(one, found) for one in error.errors()]
    for at, sentence in sentences(flat):
        path, line = found.place(at)
        where = ", ".join(filter(None, (f"line {line}" if found.in_lines else "", path)))
        yield line, f"{where}: {sentence}" if where else sentence


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
