"""Reading a procedure file: every mistake in one message, each with its line, its key and what to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from procmine.errors import ProcedureError
from procmine.procedure.problems import Place, ProblemsError
from procmine.procedure.procedure import Procedure
from procmine.procedure.reading.given import node_of
from procmine.procedure.reading.wording import Found, sentences
from procmine.procedure.reading.yaml_text import Located, located

MOST = 20
"""So many mistakes are listed; the others are counted."""


def read(given: str | Path) -> Procedure:
    """Read a procedure from a YAML file; the paths that it names are relative to its folder."""
    if not isinstance(given, str | Path):
        raise ProcedureError(
            f"{_short(given)} is no path of a procedure file\n"
            "give a path such as 'permit.procedure.yaml', or the text of the file to pm.Procedure.parse"
        )
    path = Path(given)
    if not path.is_file():
        others = sorted(other.name for other in path.parent.glob("*.y*ml"))[:10]
        there = f"; in that folder are: {', '.join(others)}" if others else ""
        raise ProcedureError(
            f"there is no procedure file {path}\ngive the path of a YAML file{there}"
        )
    return parse(_decoded(path), source=path.name, folder=path.parent)


def parse(text: str, *, source: str, folder: Path | None = None) -> Procedure:
    """Read a procedure from YAML text; ProcedureError lists every mistake with its line."""
    if not isinstance(text, str):
        raise ProcedureError(
            f"{_short(text)} is no text of a procedure\n"
            "give the text of the file, its path to pm.Procedure.read, or its keys to pm.Procedure(...)"
        )
    found = located(text.removeprefix("\ufeff"), source=source)
    if found.values is None:
        raise ProcedureError(
            f"{source} is empty\nbegin with a line such as 'procedure: building_permit'"
        )
    if not isinstance(found.values, Mapping):
        kind = "a list" if isinstance(found.values, list) else "a text"
        path = "; read a file by its path with pm.Procedure.read" if _is_path(text) else ""
        raise ProcedureError(
            f"{source}, line 1: there is {kind}, where keys with values should be\n"
            f"begin with a line such as 'procedure: building_permit'{path}"
        )
    try:
        return Procedure.model_validate(found.values, context={"folder": folder})
    except ValidationError as error:
        raise ProcedureError(_message(error, found, source)) from error


def refusal(error: ValidationError, values: Mapping[str, Any]) -> ProcedureError:
    """Return the error of a procedure that was given in Python, with the key of every mistake."""
    found = Located(values, node_of(values), in_lines=False)
    return ProcedureError(_message(error, found, "pm.Procedure(...)"))


def _is_path(text: str) -> bool:
    return "\n" not in text.strip() and text.strip().endswith((".yaml", ".yml"))


def _short(given: object) -> str:
    return repr(given) if len(repr(given)) <= 60 else f"{repr(given)[:57]}…"


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProcedureError(
            f"cannot read {path}: {error.strerror}\ngive the path of a file that you may read"
        ) from error
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
    lines = [f"{source}{', ' if found.in_lines else ': '}{line}" for line in lines]
    if len(lines) == 1:
        return lines[0]
    more = [f"and {len(lines) - MOST:,} more"] if len(lines) > MOST else []
    return "\n".join([f"{source} has {len(lines):,} mistakes", *lines[:MOST], *more])


def _lines(error: ValidationError, found: Located) -> Iterator[tuple[int, str]]:
    flat = [Found(found.reached(place), place, what) for place, what in _flat(error)]
    for at, sentence in sentences(flat):
        path, line = found.place(at)
        at_line = f"line {line}" if found.in_lines else ""
        place = ", ".join(filter(None, (at_line, path)))
        said = sentence.replace("\n", "; ")
        yield line, f"{place}: {said}" if place else said


def _flat(error: ValidationError) -> Iterator[tuple[Place, str | Mapping[str, Any]]]:
    """Return every problem with its whole place, those that validators gathered one by one."""
    for one in error.errors():
        gathered = one.get("ctx", {}).get("error")
        if isinstance(gathered, ProblemsError):
            yield from (((*one["loc"], *place), what) for place, what in gathered.found)
        else:
            yield one["loc"], one
