"""The JSON Schema of a procedure file, with which editors complete keys and mark mistakes while one writes.

``python -m procmine.procedure.schema > procedure.schema.json`` writes it beside a procedure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from procmine.procedure.keys import KEYS
from procmine.procedure.problems import Place

Node = dict[str, Any]
_TEXT: Node = {"type": "string"}
_TEXTS: Node = {"type": "array", "items": _TEXT}
_OR_NAME = ("Activity", "Closing", "EventSource", "FlowPart", "Start")
"""Parts for which a name alone may stand."""
_OR_LIST = {"EventSource": _TEXT, "Start": _TEXT, "FlowPart": {"$ref": "#/$defs/FlowPart"}}
"""Parts for which a list may stand, and of what."""
_LIKE = {"RuleUse": "Term", "OwnTerm": "Term", "TermVersion": "Term", "PauseVersion": "Pause"}


@lru_cache(maxsize=1)
def schema() -> Node:
    """Return the JSON Schema of a procedure file as one writes it."""
    from procmine.procedure.procedure import Procedure

    made = Procedure.model_json_schema(by_alias=True)
    made = json.loads(re.sub(r"(#/\$defs/\w+?)_?\"", r'\1"', json.dumps(made)))
    parts = {name.rstrip("_"): part for name, part in made.pop("$defs").items()}
    parts["Procedure"] = made
    _as_written(parts)
    for name, part in parts.items():
        _described(name, part)
    whole = parts.pop("Procedure") | {"title": "A procedure of procmine"}
    forms = {name: _forms_of(name, part) for name, part in sorted(parts.items())}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**head, **whole, "$defs": forms}


def text() -> str:
    """Return the schema as the file that procmine ships."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _as_written(parts: dict[str, Node]) -> None:
    """Put in what one may write in the place of what the models hold."""
    marks = {"anyOf": [{"type": "boolean"}, _TEXT, _list_of("FlowPart")]}
    parts["FlowPart"]["properties"] = {mark: dict(marks) for mark in KEYS["FlowPart"]}
    parts["FlowPart"] |= {"description": "A part of the flow that is marked.", "minProperties": 1}
    term, pause = parts.pop("Term"), parts["Pause"]
    del parts["TermUse"]
    term["properties"]["counting"] = _id_or("counting", "Counting")
    several = {"type": "array", "items": _id_or("pauses", "Pause")}
    term["properties"]["pauses"] = {"anyOf": [_ids_of("pauses"), several]}
    parts["Counting"]["properties"]["extends"] = _ids_of("counting")
    parts["PauseVersion"] = _part(pause, {}, "What a pause is while a version is valid.")
    pause["properties"] |= {"extends": _ids_of("pauses"), "versions": _list_of("PauseVersion")}
    del pause["required"]  # its versions or what it extends may hold them
    _uses(parts, term)


def _uses(parts: dict[str, Node], term: Node) -> None:
    """Tell the two ways apart in which a term may be written."""
    rule = _ids_of("rules")
    named = {"term": {"anyOf": [rule, {"type": "array", "items": rule, "minItems": 1}]}}
    own = {"extends": rule, "versions": _list_of("TermVersion")}
    parts["RuleUse"] = _part(term, named, "A shipped rule, and what changes in it.", "term")
    parts["OwnTerm"] = _part(term, own, "A term of the office's own.", "id")
    parts["TermVersion"] = _part(term, {}, "What a term is while a version is valid.")
    uses = [{"$ref": "#/$defs/RuleUse"}, {"$ref": "#/$defs/OwnTerm"}]
    parts["Procedure"]["properties"]["terms"] = {"type": "array", "items": {"anyOf": uses}}


def _part(like: Node, more: Node, description: str, *required: str) -> Node:
    """Return a part with the keys of another and some more."""
    keys = {**more, **like["properties"]}
    return {
        "type": "object",
        "description": description,
        "properties": {key: dict(value) for key, value in keys.items()},
        "required": list(required),
        "additionalProperties": False,
    }


def _id_or(kind: str, part: str) -> Node:
    return {"anyOf": [_ids_of(kind), {"$ref": f"#/$defs/{part}"}]}


def _ids_of(kind: str) -> Node:
    from procmine.procedure import rules

    return {"type": "string", "enum": sorted(getattr(rules.shipped(), kind))}


def _list_of(part: str) -> Node:
    return {"type": "array", "items": {"$ref": f"#/$defs/{part}"}}


def _described(name: str, part: Node) -> None:
    """Give every key its meaning; the title of a part is its name."""
    known = KEYS[_LIKE.get(name, name)]
    told = re.sub(r":class:`procmine\.(\w+)`|``", r"\1", part["description"])
    part |= {"title": name, "description": told}
    part["properties"] = {
        key: _may_be(value) | {"title": key, "description": known[key]}
        for key, value in part["properties"].items()
    }


def _may_be(value: Node) -> Node:
    """Say what may stand there: no defaults but plain ones, and a text where a list of texts may."""
    kept = {key: part for key, part in value.items() if key != "default" or _plain(part)}
    if kept.get("items") == _TEXT:
        kept["anyOf"] = [{"type": kept.pop("type"), "items": kept.pop("items")}]
    if _TEXTS in kept.get("anyOf", ()) and _TEXT not in kept["anyOf"]:
        kept["anyOf"] = [_TEXT, *kept["anyOf"]]
    return kept


def _plain(value: Any) -> bool:
    return isinstance(value, bool | int) or (isinstance(value, str) and value != "")


def _forms_of(name: str, part: Node) -> Node:
    """Return a part in every form in which it may be written."""
    forms = [_TEXT] if name in _OR_NAME else []
    if name in _OR_LIST:
        forms.append({"type": "array", "items": _OR_LIST[name]})
    return {"anyOf": [*forms, part]} if forms else part


def keys_at(place: Place) -> list[str]:
    """Return the keys that may stand at a place of a procedure file."""
    nodes = [schema()]
    for step in place:
        nodes = [below for node in nodes for below in _below(node, step)] or nodes
    return list(dict.fromkeys(key for node in nodes for key in _keys(node)))


def _forms(node: Node) -> list[Node]:
    """Return a node, or what it refers to, in each of its forms."""
    if "$ref" in node:
        return _forms(schema()["$defs"][node["$ref"].rpartition("/")[2]])
    return [form for part in node.get("anyOf", ()) for form in _forms(part)] or [node]


def _below(node: Node, step: str | int) -> Iterable[Node]:
    for form in _forms(node):
        known, other = form.get("properties", {}), form.get("additionalProperties")
        if isinstance(step, int) and isinstance(form.get("items"), dict):
            yield form["items"]
        elif step in known:
            yield known[step]
        elif isinstance(step, str) and isinstance(other, dict):
            yield other


def _keys(node: Node) -> list[str]:
    return [key for form in _forms(node) for key in form.get("properties", {})]


if __name__ == "__main__":
    print(text(), end="")
