"""TermUse: a term of a procedure with all its versions, written anew or taken from the shipped rules and changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from pydantic import ValidationError, field_validator, model_validator

from procmine.errors import ProcedureError
from procmine.procedure import rules
from procmine.procedure.problems import Place, ProblemsError
from procmine.procedure.rules.files import Plain, by_version
from procmine.procedure.term import Counting, Part, Pause, Term

OR = " or "
"""Stands between the ids of the rules that one use names, of which the validity chooses one."""


class TermUse(Part):
    """A term as a procedure uses it: its id there, and every version with counting and pauses complete."""

    id: str
    versions: tuple[Term, ...]

    @model_validator(mode="before")
    @classmethod
    def _from_written(cls, value: Any) -> Any:
        return expanded(value) if isinstance(value, Mapping) else value

    @field_validator("versions", mode="after")
    @classmethod
    def _one_version_a_day(cls, given: tuple[Term, ...]) -> tuple[Term, ...]:
        versions = tuple(map(rules.resolved, given))
        problems = [((i, *at), what) for i, one in enumerate(given) for at, what in _wrong(one)]
        if problems:
            raise ProblemsError(problems)
        for one, other in combinations(versions, 2):
            if _overlap(one, other):
                raise ValueError(
                    f"{one.version} (valid {_validity(one)}) and {other.version} (valid {_validity(other)}) "
                    "hold on the same day; set valid_from and valid_to so that one of them does"
                )
        return versions


def expanded(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the id and the complete versions of a term as it is written in a procedure."""
    made = given.get("versions")
    if isinstance(made, list | tuple) and made and all(isinstance(one, Term) for one in made):
        return dict(given)
    if "term" in given:
        return _of_rules(given)
    if not isinstance(given.get("id"), str):
        raise ProblemsError(
            [((), "a term has an id of its own, or names a rule: term: ro.petition")]
        )
    return {"id": given["id"], "versions": _versions(given, given.get("extends"), "extends")}


def _of_rules(given: Mapping[str, Any]) -> dict[str, Any]:
    """Take the versions of one or several shipped rules, and lay the other keys over them."""
    named = given["term"]
    names = [named] if isinstance(named, str) else named
    if not isinstance(names, Sequence) or not names or not all(isinstance(n, str) for n in names):
        raise ProblemsError([(("term",), "name a shipped rule, or several: [nl.wabo, nl.ow]")])
    if "versions" in given:
        raise ProblemsError(
            [(("versions",), "a shipped rule brings its versions; write an own term")]
        )
    own = {name: value for name, value in given.items() if name not in ("term", "id")}
    versions = _versions(own, named, "term")
    return {"id": given.get("id", OR.join(names)), "versions": versions}


def _versions(given: Mapping[str, Any], parents: Any, key: str) -> list[dict[str, Any]]:
    problems: list[Any] = []
    several = key == "term" and not isinstance(parents, str)
    names = [] if parents is None else parents if several else [parents]
    below: list[Mapping[str, Any]] = []
    for number, name in enumerate(names):
        try:
            below += rules.part("rules", name)
        except ProcedureError as error:
            place: Place = (key, number) if several else (key,)
            problems.append((place, str(error)))
    if problems:
        raise ProblemsError(problems)
    try:
        versions = by_version(given, below or ({},))
    except ValueError as error:
        raise ProblemsError([(("versions",), str(error))]) from error
    complete = [_complete(version, problems) for version in versions]
    if problems:
        raise ProblemsError([*problems, *_others(complete)])
    return [_settled(version, given) for version in complete] if below else complete


def _others(versions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Place, Any]]:
    """Return what else is wrong with terms of which the counting or the pauses are."""
    for number, version in enumerate(versions):
        rest = {key: part for key, part in version.items() if key not in ("counting", "pauses")}
        try:
            Term.model_validate(rest)
        except ValidationError as error:
            yield from ((("versions", number, *one["loc"]), one) for one in error.errors())


def _settled(version: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Take back what a rule says of doubts that the procedure settles by a key of its own.

    A ``status`` speaks for the counting and the pauses as well.
    """
    said = set(re.findall(r"\w+", str(version.get("option", "")).partition("none:")[2]))
    if "status" not in given:
        return {**version, "status": ""} if said & given.keys() else version
    checked = [*version.get("pauses", ()), version.get("counting")]
    *pauses, counting = [
        part.model_copy(update={"status": ""}) if isinstance(part, Part) else part
        for part in checked
    ]
    parts = {"pauses": pauses, "counting": counting}
    return {**version, **{name: part for name, part in parts.items() if name in version}}


def _complete(version: Mapping[str, Any], problems: list[Any]) -> dict[str, Any]:
    """Put the shipped ways of counting and pauses in the place of their ids."""
    result = dict(version)
    if isinstance(version.get("counting"), str | Mapping):
        (result["counting"],) = _found(_counting, version["counting"], ("counting",), problems)
    given = version.get("pauses")
    if isinstance(given, str | list | tuple):
        names = [given] if isinstance(given, str) else given
        result["pauses"] = [
            part
            for number, one in enumerate(names)
            for part in _found(_pauses, one, ("pauses", number), problems)
        ]
    return result


def _found(
    read: Callable[[Any], Sequence[Any]], given: Any, place: Place, problems: list[Any]
) -> Sequence[Any]:
    """Read a part; what is wrong with it joins the problems, and what was given stays."""
    try:
        return read(given)
    except ValidationError as error:
        problems.extend(((*place, *one["loc"]), one) for one in error.errors())
    except (ProcedureError, ValueError) as error:
        problems.append((place, str(error)))
    return [given]


def _counting(given: Any) -> Sequence[Counting]:
    """Return a way of counting: a shipped one by its id, or one written out."""
    if isinstance(given, str):
        return [rules.counting(given)]
    own = {name: value for name, value in given.items() if name != "extends"}
    return [Counting.model_validate({**dict(_below("counting", given)), **own})]


def _pauses(given: Any) -> Sequence[Pause]:
    """Return the versions of a pause: a shipped one by its id, or one written out."""
    if isinstance(given, str):
        return rules.pause(given)
    if not isinstance(given, Mapping):
        return [Pause.model_validate(given)]
    below: Sequence[Plain] = _below("pauses", given) or ({},)
    return [Pause.model_validate(version) for version in by_version(given, below)]


def _below(kind: str, given: Mapping[str, Any]) -> Any:
    """Return what a part extends, as it is written, or nothing."""
    name = given.get("extends")
    return () if name is None else rules.part(kind, name)


def _wrong(term: Term) -> Iterator[tuple[Place, str]]:
    """Return what contradicts itself in a term: validity, phases of one id, and phases that it has not."""
    if _backwards(term):
        yield ("valid_to",), f"{term.valid_to} is before valid_from, {term.valid_from}"
    phases = [phase.id for phase in term.phases]
    for number, name in enumerate(phases):
        if name in phases[:number]:
            said = f"{name!r} stands here for the second time; give one of them another id"
            yield ("phases", number, "id"), said
    for number, pause in enumerate(term.pauses):
        if _backwards(pause):
            yield (
                ("pauses", number),
                f"valid_to {pause.valid_to} is before valid_from {pause.valid_from}",
            )
        if pause.phase is not None and pause.phase not in phases:
            known = f"; phases are {', '.join(phases)}" if phases else "; it has no phases"
            yield (
                ("pauses", number),
                f"{pause.id} is of phase {pause.phase!r}, which the term has not{known}",
            )


def _backwards(part: Term | Pause) -> bool:
    return (part.valid_from or date.min) > (part.valid_to or date.max)


def _overlap(one: Term, other: Term) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_to or date.max, other.valid_to or date.max)


def _validity(term: Term) -> str:
    first = f"from {term.valid_from}" if term.valid_from else ""
    last = f"to {term.valid_to}" if term.valid_to else ""
    return " ".join(filter(None, (first, last))) or "always"
