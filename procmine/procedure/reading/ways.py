"""Ways through the nodes of a YAML text: where the thing stands that an error is about."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from procmine.procedure.problems import Place


@dataclass(frozen=True)
class Way:
    """How far a way to a place leads: by which of its keys, and to which line."""

    steps: tuple[tuple[int, str | int], ...]
    line: int

    @property
    def path(self) -> Place:
        """The keys and positions that the way takes."""
        return tuple(key for _, key in self.steps)

    def rank(self, last_name: int) -> tuple[bool, int]:
        """Prefer the way that takes the last name, and then the longer."""
        return any(number == last_name for number, _ in self.steps), len(self.steps)


def nearest_way(root: yaml.Node, wanted: Place) -> Way:
    """Walk to the deepest node on the way to a place.

    Names that are not in the text are passed over, and so are versions where what they share is meant.
    """
    last_name = max((i for i, key in enumerate(wanted) if isinstance(key, str)), default=0)

    def walk(node: yaml.Node, at: int, line: int) -> Way:
        if at == len(wanted):
            return Way((), line)
        child = _child(node, wanted[at])
        if child is None:
            return walk(node, at + 1, line)
        below = walk(child[0], at + 1, child[1])
        into = Way(((at, wanted[at]), *below.steps), below.line)
        if wanted[at] != "versions":
            return into
        return max(into, walk(node, at + 1, line), key=lambda way: way.rank(last_name))

    return walk(root, 0, root.start_mark.line)


def _child(node: yaml.Node, head: str | int) -> tuple[yaml.Node, int] | None:
    """Return the node under a key or a position, and the line in which it is written."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(head):
                return value, key.start_mark.line
    elif isinstance(node, yaml.SequenceNode) and isinstance(head, int) and head < len(node.value):
        return node.value[head], node.value[head].start_mark.line
    return None


def written(path: Place) -> str:
    """Write a path as ``terms[1].length.unit``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
