"""Whatever stands in a procedure file, it is read or refused in words: never another error."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from procmine.errors import ProcedureError
from procmine.procedure import Procedure
from procmine.procedure.reading.yaml_text import located
from tests.procedure.written import WHOLE

VALUES = located(WHOLE, source="whole").values
LINE = re.compile(r"procedure\.yaml(, line \d+(, [^:]+)?: .+| has \d+ mistakes)")
PLAIN = (None, True, 0, -1, 10**20, 2.5, "", "x", "2025-01-01", date(2025, 1, 1))
HELD: tuple[Any, ...] = (
    *([], {}, ["x"], [[]], [None], {"x": 1}, {1: 2}, {"n": 1}, {"id": "x"}, [{"id": "x"}]),
    *({"versions": []}, {"versions": [1]}, {"extends": 5}, {"term": None}, {"from": 1}),
    {"pauses": {"x": 1}},
)
JUNK = st.sampled_from((*PLAIN, *HELD))
KEYS = st.sampled_from([None, "x", "versions", "extends", "term", "id"])
FINGERS = st.sampled_from(list("{}[]:,-#&*!|>'\"%@`\t\n \x00é"))


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(part, (*at, key))


PATHS = list(paths(VALUES))


def put(values: Any, path: tuple[Any, ...], junk: Any, key: str | None) -> Any:
    """The values with junk in one place, or under one more key there."""
    result = copy.deepcopy(values)
    if not path:
        return junk if key is None else {**result, key: junk}
    holder = result
    for step in path[:-1]:
        holder = holder[step]
    if key is not None and isinstance(holder[path[-1]], dict):
        holder[path[-1]][key] = junk
    else:
        holder[path[-1]] = junk
    return result


def refusal(text: str) -> str:
    """What a procedure is refused with; nothing where it is read."""
    try:
        Procedure.parse(text)
    except ProcedureError as error:
        return str(error)
    return ""


@given(st.sampled_from(PATHS), JUNK, KEYS)
def test_junk_in_any_place_is_read_or_refused_with_its_line(
    path: tuple[Any, ...], junk: Any, key: str | None
) -> None:
    text = yaml.safe_dump(put(VALUES, path, junk, key), allow_unicode=True, sort_keys=False)
    first, *_ = refusal(text).splitlines() or [""]
    assert not first or LINE.match(first) or "is empty" in first


@given(st.text(max_size=200))
def test_any_text_is_refused(text: str) -> None:
    assert refusal(text).startswith("procedure.yaml")


@given(st.integers(0, len(WHOLE) - 1), FINGERS)
def test_any_slip_of_the_finger_is_read_or_refused(place: int, character: str) -> None:
    told = refusal(WHOLE[:place] + character + WHOLE[place + 1 :])
    assert not told or told.startswith("procedure.yaml")
