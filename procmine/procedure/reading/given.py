"""Values given in Python as the nodes of a YAML text: an error leads through both in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

_START = yaml.Mark("", 0, 0, 0, None, 0)


def node_of(value: Any) -> yaml.Node:
    """Return the node of a value; what is neither a mapping nor a list has nothing below it."""
    marks: dict[str, Any] = {"tag": "", "start_mark": _START, "end_mark": _START}
    if isinstance(value, Mapping):
        pairs = [(node_of(str(key)), node_of(part)) for key, part in value.items()]
        return yaml.MappingNode(value=pairs, **marks)
    if isinstance(value, list | tuple):
        return yaml.SequenceNode(value=[node_of(part) for part in value], **marks)
    return yaml.ScalarNode(value=value if isinstance(value, str) else "", **marks)
