"""The JSON Schema of a procedure file, with which editors complete keys and mark mistakes while one writes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from procmine.procedure.problems import Place


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a procedure file."""
    from procmine.procedure.procedure import Procedure

    return Procedure.model_json_schema(mode="validation", by_alias=True)


def keys_at(place: Place) -> list[str]:
    """Return the keys that may stand at a place of a procedure file."""
    nodes = [schema()]
    for step in place:
        nodes = [below for node in nodes for below in _below(node, step)] or nodes
    return list(dict.fromkeys(key for node in nodes for key in _keys(node)))


def _forms(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a node, or what it refers to, in each of its forms."""
    if "$ref" in node:
        return _forms(schema()["$defs"][node["$ref"].rpartition("/")[2]])
    return [form for part in node.get("anyOf", ()) for form in _forms(part)] or [node]


def _below(node: dict[str, Any], step: str | int) -> list[dict[str, Any]]:
    found = []
    for form in _forms(node):
        known = form.get("properties", {})
        other = form.get("additionalProperties")
        if isinstance(step, int) and isinstance(form.get("items"), dict):
            found.append(form["items"])
        elif step in known:
            found.append(known[step])
        elif isinstance(step, str) and isinstance(other, dict):
            found.append(other)
    return found


def _keys(node: dict[str, Any]) -> list[str]:
    return [key for form in _forms(node) for key in form.get("properties", {})]
