"""Files of rules: what they say by id, each version of a rule or a pause with what it extends below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procmine.errors import ProcedureError

SCHEMA = "procmine.rules/1"
_LENGTHS = ("length", "due_attribute", "phases")
"""A term has one of these: a new one takes the place of the one that a rule had."""

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Shipped:
    """Everything that the files of rules say, by id and as written; pauses and rules by version."""

    counting: Mapping[str, Plain]
    pauses: Mapping[str, tuple[Plain, ...]]
    rules: Mapping[str, tuple[Plain, ...]]


def read_rules(paths: Iterable[Path]) -> Shipped:
    """Read files of rules; a rule may extend one of any file."""
    counting: dict[str, Plain] = {}
    pauses: dict[str, tuple[Plain, ...]] = {}
    rules: dict[str, Plain] = {}
    for path in paths:
        content = _yaml(path)
        _add(counting, content.get("counting") or {}, path)
        _add(
            pauses, {one["id"]: tuple(by_version(one)) for one in content.get("pauses") or ()}, path
        )
        _add(rules, {one["id"]: one for one in content.get("rules") or ()}, path)
    return Shipped(counting, pauses, {name: tuple(_extended(name, rules)) for name in rules})


def merged(base: Plain, over: Plain) -> dict[str, Any]:
    """Lay keys over others: a new length takes the place of another, options are set one by one."""
    given = [name for name in _LENGTHS if over.get(name)]
    kept = {name: value for name, value in base.items() if not given or name not in _LENGTHS}
    result = {**kept, **over}
    both = (base.get("options"), over.get("options"))
    if all(isinstance(options, Mapping) for options in both):
        result["options"] = {**both[0], **both[1]}  # type: ignore[dict-item]
    return result


def by_version(given: Plain, parents: Sequence[Plain] = ({},)) -> list[dict[str, Any]]:
    """Return a mapping for each version: what it extends, under what is common, under the version's own."""
    common = {name: value for name, value in given.items() if name not in ("extends", "versions")}
    versions = given.get("versions") or [{}]
    if not isinstance(versions, Sequence) or not all(isinstance(one, Mapping) for one in versions):
        raise ValueError("versions is a list; write [{valid_to: ...}, {valid_from: ...}]")
    if len(versions) > 1 and len(parents) > 1:
        raise ValueError("give versions either here or in what it extends, not in both")
    return [merged(merged(parent, common), version) for parent in parents for version in versions]


def _extended(
    rule_id: str, rules: Mapping[str, Plain], children: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Return the versions of a rule with those that it extends below them."""
    if rule_id in children:
        raise ProcedureError(f"rule {rule_id!r} extends itself, by way of {', '.join(children)}")
    if rule_id not in rules:
        raise ProcedureError(f"{children[-1]!r} extends {rule_id!r}, which is no rule")
    given = rules[rule_id]
    parent = given.get("extends")
    parents = _extended(parent, rules, (*children, rule_id)) if parent else [{}]
    return by_version(given, parents)


def _add(known: dict[str, Any], found: Mapping[str, Any], path: Path) -> None:
    twice = sorted(known.keys() & found.keys())
    if twice:
        raise ProcedureError(f"{path.name}: {', '.join(twice)} stands in another file as well")
    known.update(found)


def _yaml(path: Path) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    if not isinstance(content, Mapping) or content.get("schema") != SCHEMA:
        raise ProcedureError(f"{path.name} is no file of rules\nit begins with schema: {SCHEMA}")
    return content
