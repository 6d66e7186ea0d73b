"""The thorough way through XES: a full XML parser, tag by tag, for what the quick way does not know."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from procmine.ingest.xes.checks import XesFile, XmlParser
from procmine.ingest.xes.parts import NO_TRACE, TYPES, Kind, Part

NESTED = "attributes inside other attributes"
LISTS = "lists and containers"
UNKNOWN = "tags that XES does not know"
NAMELESS = "attributes without a key"


def streamed_parts(file: XesFile) -> Iterator[Part]:
    """Yield the parts of a file, a part for every block read; raises SourceError where it is malformed."""
    reader = _Reader(file)
    for block in file.blocks():
        reader.parser.feed(block)
        yield reader.take_part()
    reader.parser.feed(b"", last=True)
    yield reader.take_part()  # expat from 2.6 on holds back the last tags until it is told the end


class _Reader:
    """Collects attributes while expat calls."""

    def __init__(self, file: XesFile) -> None:
        self.parser = XmlParser(file)
        self.parser.expat.StartElementHandler = self._start
        self.parser.expat.EndElementHandler = self._end
        self.open: list[str] = []
        """The names of the elements that are open, outermost first."""
        self.events = self.traces = 0
        self._begin_part()

    def _begin_part(self) -> None:
        self.kinds: dict[Kind, int] = {}
        self.kind = array("i")
        self.owner, self.at, self.trace_of_event = array("q"), array("q"), array("q")
        self.values: list[str | None] = []
        self.traces_before = self.traces
        self.left_aside: Counter[str] = Counter()

    def take_part(self) -> Part:
        """Return what was collected since the last call."""
        part = Part(
            list(self.kinds),
            np.array(self.kind, np.int32),
            np.array(self.owner, np.int64),
            np.array(self.at, np.int64),
            pa.array(self.values, pa.string()),
            np.array(self.trace_of_event, np.int64),
            self.traces - self.traces_before,
            self.left_aside,
        )
        self._begin_part()
        return part

    def _start(self, name: str, tag: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        parent = self.open[-1] if self.open else ""
        self.open.append(name)
        if parent == "event" or (parent == "trace" and name != "event"):
            self._attribute(name, tag, parent == "event")
        elif name == "event" and parent in ("trace", "log"):
            self.events += 1
            self.trace_of_event.append(self.traces - 1 if parent == "trace" else NO_TRACE)
        elif name == "trace" and parent == "log":
            self.traces += 1
        elif not parent:
            self.parser.check_root(name)
        elif name in ("trace", "event"):
            self.parser.refuse_misplaced(name, parent)
        elif len(self.open) > 3 and self.open[1] in ("trace", "event") and name != "values":
            self.left_aside[NESTED] += 1

    def _end(self, _: str) -> None:
        self.open.pop()

    def _attribute(self, name: str, tag: dict[str, str], on_event: bool) -> None:
        if name in ("trace", "event"):
            self.parser.refuse_misplaced(name, "event" if on_event else "trace")
        elif name in ("list", "container"):
            self.left_aside[LISTS] += 1
        elif name not in TYPES:
            self.left_aside[UNKNOWN] += 1
        elif not (key := tag.get("key")):
            self.left_aside[NAMELESS] += 1
        else:
            kind = Kind(on_event, key, name)
            self.kind.append(self.kinds.setdefault(kind, len(self.kinds)))
            self.owner.append((self.events if on_event else self.traces) - 1)
            self.at.append(self.parser.expat.CurrentByteIndex)
            self.values.append(tag.get("value"))
