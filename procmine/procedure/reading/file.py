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
from procmine.procedure.reading.texts import mistakes, text_of
from procmine.procedure.reading.wording import Found
from procmine.procedure.reading.yaml_text import Located, located


def read(given: str | Path) -> Procedure:
    """Read a procedure from a YAML file; the paths that it names are relative to its folder."""
    if not isinstance(given, str | Path):
        raise ProcedureError(
            f"{_short(given)} is no path of a procedure file\n"
            "give a path such as 'permit.procedure.yaml', or the text of the file to pm.Procedure.parse"
        )
    path = Path(given)
    return parse(
        text_of(path, "procedure file", ProcedureError), source=path.name, folder=path.parent
    )


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
        raise ProcedureError(mistakes(_problems(error, found), found, source)) from error


def refusal(error: ValidationError, values: Mapping[str, Any]) -> ProcedureError:
    """Return the error of a procedure that was given in Python, with the key of every mistake."""
    found = Located(values, node_of(values), in_lines=False)
    return ProcedureError(mistakes(_problems(error, found), found, "pm.Procedure(...)"))


def _is_path(text: str) -> bool:
    return "\n" not in text.strip() and text.strip().endswith((".yaml", ".yml"))


def _short(given: object) -> str:
    return repr(given) if len(repr(given)) <= 60 else f"{repr(given)[:57]}…"


def _problems(error: ValidationError, found: Located) -> list[Found]:
    return [Found(found.reached(place), place, what) for place, what in _flat(error)]


def _flat(error: ValidationError) -> Iterator[tuple[Place, str | Mapping[str, Any]]]:
    """Return every problem with its whole place, those that validators gathered one by one."""
    for one in error.errors():
        gathered = one.get("ctx", {}).get("error")
        if isinstance(gathered, ProblemsError):
            yield from (((*one["loc"], *place), what) for place, what in gathered.found)
        else:
            yield one["loc"], one
