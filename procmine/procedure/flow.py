"""The flow of a procedure: what follows what, may be left out, comes again, or runs side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from procmine.procedure.problems import Place, ProblemsError, nearest
from procmine.procedure.term import Part

Kind = Literal["activity", "sequence", "parallel", "choice"]
_KEYS = ("optional", "repeatable", "parallel", "choice")


class FlowPart(Part):
    """An activity, or parts in a row (sequence), in any order (parallel), or of which one is taken (choice)."""

    kind: Kind = "activity"
    activity: str = ""
    parts: tuple[FlowPart, ...] = ()
    optional: bool = False
    repeatable: bool = False

    def activities(self) -> Iterator[str]:
        """Return every activity of the part, in the order in which they are written."""
        if self.kind == "activity":
            yield self.activity
        for part in self.parts:
            yield from part.activities()


def flow_of(written: Any) -> tuple[FlowPart, ...]:
    """Return the parts of a flow as it is written; every part that is none is a problem with its place."""
    problems: list[tuple[Place, str]] = []
    if isinstance(written, tuple) and all(isinstance(part, FlowPart) for part in written):
        return written
    if not isinstance(written, list | tuple):
        raise ValueError("the flow is a list of activities, one after the other")
    parts = tuple(_part(part, (place,), problems) for place, part in enumerate(written))
    if problems:
        raise ProblemsError(problems)
    return parts


def places(written: Any, at: Place = ()) -> Iterator[tuple[Place, str]]:
    """Return every text of a flow as it is written, with its place."""
    if isinstance(written, str):
        yield at, written
    elif isinstance(written, list | tuple):
        for number, part in enumerate(written):
            yield from places(part, (*at, number))
    elif isinstance(written, Mapping):
        for key, part in written.items():
            yield from places(part, (*at, key))


def _part(written: Any, at: Place, problems: list[tuple[Place, str]]) -> FlowPart:
    if isinstance(written, str):
        return FlowPart(activity=written)
    if isinstance(written, list | tuple):
        parts = tuple(_part(part, (*at, i), problems) for i, part in enumerate(written))
        return FlowPart(kind="sequence", parts=parts)
    if isinstance(written, Mapping):
        return _marked(written, at, problems)
    problems.append((at, f"{written!r} is no part of a flow; write the name of an activity"))
    return FlowPart()


def _marked(written: Mapping[Any, Any], at: Place, problems: list[tuple[Place, str]]) -> FlowPart:
    """Read a part with marks: the one that has a list says which parts, the others are true or false."""
    for key in written:
        if key not in _KEYS:
            said = f"{key!r} is no mark of a flow; marks are {', '.join(_KEYS)}{nearest(str(key), _KEYS)}"
            problems.append(((*at, key), said))
    lists = [key for key in _KEYS if isinstance(written.get(key), list | tuple | str)]
    if len(lists) != 1:
        problems.append((at, "one mark holds the list of activities, the others are true or false"))
        return FlowPart()
    (key,) = lists
    held = [written[key]] if isinstance(written[key], str) else written[key]
    for other in set(written) & set(_KEYS) - {key}:
        if not isinstance(written[other], bool):
            problems.append(((*at, other), f"{written[other]!r} is neither true nor false"))
    parts = tuple(_part(part, (*at, key, i), problems) for i, part in enumerate(held))
    return FlowPart(
        kind="sequence" if key in ("optional", "repeatable") else key,  # type: ignore[arg-type]
        parts=parts,
        optional=key == "optional" or written.get("optional") is True,
        repeatable=key == "repeatable" or written.get("repeatable") is True,
    )
