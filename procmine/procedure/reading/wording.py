"""The errors of pydantic in plain sentences: what stands there, what may stand there, what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from procmine.procedure.problems import Place, nearest

_KINDS = {
    "string": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "date": "a date such as 2025-12-31",
    "tuple": "a list",
    "list": "a list",
    "dict": "keys with values",
    "mapping": "keys with values",
    "model": "keys with values",
}
_NO_TEXT = (bool, int, float, date)
"""What YAML makes of texts without quotes."""
_FEW = 12
"""So many keys are listed even where it is plain which one was meant."""
_DIGITS = re.compile(r"0|-?[1-9][0-9]{0,8}")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LENGTH = "{n: 30, unit: day}"
_EXAMPLES = {
    "name": "{ro: Petiție, en: Petition}",
    "calendar": "{country: RO}",
    "activities": "[Registration, Decision]",
    "flow": "[Registration, Decision]",
    "closing": "[{activity: Decision, outcome: approved}]",
    "events": "{registered: Registration}",
    "period": "{days: 14}",
    "attributes": "{population: {value: 120000}}",
    "outcomes": "{attribute: Stadiu, values: {Retras: withdrawn}}",
    "values": "{Retras: withdrawn}",
    "terms": "[{term: ro.petition}]",
    "counting": "ro-free-days",
    "start": "registered",
    "length": _LENGTH,
    "target": _LENGTH,
    "by": _LENGTH,
    "latest": _LENGTH,
    "variants": "[{if: {population: {above: 100000}}, length: {n: 105, unit: day}}]",
    "phases": "[{id: inquiry, length: {n: 60, unit: day}}]",
    "pauses": "[it.susp_2_7]",
    "extend": "[{by: {n: 15, unit: day}, event: extension_approved}]",
    "replace_term": "{length: {n: 30, unit: day}, event: long_search_notified}",
    "silence_except": "[{if: {constraint: true}}]",
    "options": "{roll_saturday: true}",
    "if": "{population: {above: 100000}}",
    "hours": '{mon-fri: "08:00-16:00"}',
    "roll_on": "[sat, sun, holiday]",
    "until": "[information_received]",
    "from": "[information_requested]",
}
"""How the values of keys may be written that are neither a text nor a number."""
_LIMITS = {
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "greater_than": "is not above {gt}",
    "less_than": "is not below {lt}",
}


@dataclass(frozen=True)
class Found:
    """A problem: the place as far as the file has it, as pydantic names it, and what is wrong."""

    at: Place
    place: Place
    what: str | Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The type of pydantic's error, or nothing."""
        return "" if isinstance(self.what, str) else str(self.what["type"])

    @property
    def in_branch(self) -> bool:
        """Whether this is what one of several allowed forms says of a value."""
        return self.at != self.place and self.kind.rpartition("_")[0] in (*_KINDS, "is_instance")


def sentences(found: Iterable[Found]) -> Iterator[tuple[Place, str]]:
    """Return a sentence for each value that is wrong, with its place in the file."""
    groups: dict[Place, list[Found]] = {}
    for one in found:
        groups.setdefault(one.at, []).append(one)
    for at, group in groups.items():
        deeper = any(other[: len(at)] == at and len(other) > len(at) for other in groups)
        kept = [one for one in group if not (one.in_branch and deeper)]
        forms = [one for one in kept if one.kind.rpartition("_")[0] in _KINDS]
        if len(forms) > 1:
            yield at, _none_of(forms)
            kept = [one for one in kept if one not in forms]
        for one in kept:
            yield at, _sentence(one)


def _sentence(found: Found) -> str:
    """Say what is wrong with one value."""
    what = found.what
    if isinstance(what, str):
        return what
    kind, given, more = found.kind, what["input"], what.get("ctx", {})
    key = str(found.place[-1]) if found.place else ""
    if kind == "missing":
        return f"the key {key!r} is missing"
    if kind == "extra_forbidden":
        return _unknown_key(found.place, key)
    if kind == "value_error":
        return str(more["error"])
    if given is None:
        return f"nothing is written here; it should be {_kind(kind)}{_such_as(found, kind)}"
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(more["expected"]))
        return f"{given!r} is none of {', '.join(allowed)}{nearest(str(given), allowed)}"
    if kind in _LIMITS:
        return f"{given!r} {_LIMITS[kind].format(**more)}"
    if kind == "string_pattern_mismatch":
        return f"{given!r} is no code of two capital letters, such as RO"
    if kind == "string_type" and isinstance(given, _NO_TEXT):
        return f"{_yaml(given)} is no text; put it in quotes"
    if kind.startswith("date") and isinstance(given, str) and _ISO.fullmatch(given):
        return f"there is no day {given}"
    if kind in ("int_type", "float_type") and isinstance(given, str) and _DIGITS.fullmatch(given):
        return f"{given!r} is not {_kind(kind)}; take the quotes away"
    return f"{_yaml(given)} is not {_kind(kind)}{_such_as(found, kind)}"


def _such_as(found: Found, *kinds: str) -> str:
    """Return an example, where the value is neither a text nor a number."""
    key = found.at[-1] if found.at else ""
    held = {"tuple", "list", "dict", "mapping", "model"}
    if key not in _EXAMPLES or not held.intersection(kind.partition("_")[0] for kind in kinds):
        return ""
    return f", such as {_EXAMPLES[str(key)]}"


def _none_of(forms: Iterable[Found]) -> str:
    """Say which forms a value may have, where it has none of them."""
    listed = list(forms)
    first = listed[0].what
    assert not isinstance(first, str)
    numeric = isinstance(first["input"], _NO_TEXT)
    if numeric and any(found.kind == "string_type" for found in listed):
        return f"{_yaml(first['input'])} is no text; put it in quotes"
    kinds = [found.kind for found in listed]
    names = " or ".join(dict.fromkeys(map(_kind, kinds))) + _such_as(listed[0], *kinds)
    if first["input"] is None:
        return f"nothing is written here; it should be {names}"
    return f"{_yaml(first['input'])} is not {names}"


def _unknown_key(place: Place, key: str) -> str:
    from procmine.procedure.schema import keys_at

    known = keys_at(place[:-1])
    near = nearest(key, known)
    listed = "" if near and len(known) > _FEW else f"; keys are {', '.join(known)}"
    return f"there is no key {key!r} here{listed}{near}"


def _kind(kind: str) -> str:
    return _KINDS.get(kind.partition("_")[0], "what may stand here")


def _yaml(given: Any) -> str:
    """Write a value as YAML does, short."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, date):
        return str(given)
    text = f"{{{', '.join(map(str, given))}: …}}" if isinstance(given, Mapping) else repr(given)
    return text if len(text) <= 60 else f"{text[:57]}…"
