"""Reading a procedure file: every mistake in one message, each with its line, its key and what to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from procmine.errors import ProcedureError
from procmine.procedure.problems import Place, ProblemsError
from procmine.procedure.procedure import Procedure
from procmine.procedure.reading.wording import Found, sentences
from procmine.procedure.reading.yaml_text import Located, located

MOST = 20
"""So many mistakes are listed; the others are counted."""


def read(path: Path) -> Procedure:
    """Read a procedure from a YAML file; the paths that it names are relative to its folder."""
    if not path.is_file():
        others = sorted(other.name for other in path.parent.glob("*.y*ml"))[:10]
        there = f"; in that folder are: {', '.join(others)}" if others else ""
        raise ProcedureError(
            f"there is no procedure file {path}\ngive the path of a YAML file{there}"
        )
    return parse(_decoded(path), source=path.name, folder=path.parent)


def parse(text: str, *, source: str, folder: Path | None = None) -> Procedure:
    """Read a procedure from YAML text; ProcedureError lists every mistake with its line."""
    found = located(text.removeprefix("\ufeff"), source=source)
    if found.values is None:
        raise ProcedureError(
            f"{source} is empty\nbegin with a line such as 'procedure: building_permit'"
        )
    if not isinstance(found.values, Mapping):
        kind = "a list" if isinstance(found.values, list) else "a text"
        raise ProcedureError(
            f"{source}, line 1: there is {kind}, where keys with values should be\n"
            "begin with a line such as 'procedure: building_permit'"
        )
    try:
        return Procedure.model_validate(found.values, context={"folder": folder})
    except ValidationError as error:
        raise ProcedureError(_message(error, found, source)) from error


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProcedureError(
            f"{path.name}, line {line}: the file is not in UTF-8\nsave it as UTF-8 text"
        ) from error


def _message(error: ValidationError, found: Located, source: str) -> str:
    """Write every mistake on a line of its own, in the order of the file."""
    said = dict.fromkeys(_lines(error, found))
    lines = [text for _, text in sorted(said, key=lambda item: item[0])]
    lines = [f"{source}, {line}" for line in lines]
    if len(lines) == 1:
        return lines[0]
    more = [f"and {len(lines) - MOST:,} more"] if len(lines) > MOST else []
    return "\n".join([f"{source} has {len(lines):,} mistakes", *lines[:MOST], *more])


def _lines(error: ValidationError, found: Located) -> Iterator[tuple[int, str]]:
    flat = [Found(found.reached(place), place, what) for place, what in _flat(error)]
    for at, sentence in sentences(flat):
        path, line = found.place(at)
        said = sentence.replace("\n", "; ")
        yield line, f"line {line}{f', {path}' if path else ''}: {said}"


def _flat(error: ValidationError) -> Iterator[tuple[Place, str | Mapping[str, Any]]]:
    """Return every problem with its whole place, those that validators gathered one by one."""
    for one in error.errors():
        gathered = one.get("ctx", {}).get("error")
        if isinstance(gathered, ProblemsError):
            yield from (((*one["loc"], *place), what) for place, what in gathered.found)
        else:
            yield one["loc"], one
