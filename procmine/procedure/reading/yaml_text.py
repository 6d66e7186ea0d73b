"""YAML as people write it: values with the line of each, and faults of the file in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from procmine.errors import ProcedureError
from procmine.procedure.problems import Place
from procmine.procedure.reading.ways import nearest_way, written

_BOOL = "tag:yaml.org,2002:bool"
_INT = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"
_DATE = "tag:yaml.org,2002:timestamp"
_YES_OR_NO = ("yes", "no", "on", "off")
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(\.[0-9]{3})+")
"""What is a number of thousands in most of Europe, and a fraction (or a text) in YAML."""
_ADVICE = (
    ("\\t", "there is a tab; indent with spaces only"),
    ("mapping values are not allowed", "a text with a colon must stand in quotes"),
    ("could not find expected ':'", "a line has no colon after its key; write 'key: value'"),
    ("expected <block end>", "a line is not indented as its neighbours are; align it with them"),
    ("expected ',' or ']'", "a list in brackets is not closed; add ']' or a comma"),
    ("expected ',' or '}'", "keys in braces are not closed; add '}' or a comma"),
    ("unexpected end of stream", "a quote or a bracket is not closed"),
    ("undefined alias", "a text that begins with * must stand in quotes"),
    (
        "cannot start any token",
        "a text that begins with a mark such as @ or % must stand in quotes",
    ),
    ("could not determine a constructor", "a text that begins with ! must stand in quotes"),
    ("expected the node content", "a value is missing there; write it, or take out the comma"),
    ("but found another document", "there are two documents; take out the line '---'"),
)
_CURLY = re.compile(r"(?:^|[-:,\[{])\s*([„“”«»‘’‚‹›])")
"""A text that begins with a quote of a text processor, where YAML knows only the straight ones."""


@dataclass(frozen=True)
class Located:
    """The values of a YAML text, and its nodes, which know their lines."""

    values: Any
    root: yaml.Node | None
    in_lines: bool = True
    """Whether the values stand in the lines of a text."""

    def place(self, wanted: Place) -> tuple[str, int]:
        """Return the path and the line that lead nearest to a place, as ``terms[1].length`` and 12."""
        if self.root is None:
            return "", 1
        way = nearest_way(self.root, wanted)
        return written(way.path), way.line + 1

    def reached(self, wanted: Place) -> Place:
        """Return the part of a place that stands in the text."""
        return () if self.root is None else nearest_way(self.root, wanted).path


def located(text: str, *, source: str) -> Located:
    """Read YAML text; ProcedureError says what is wrong with it, with the line."""
    try:
        loader = _loader()(text)
        root = loader.get_single_node()
        if root is None:
            return Located(None, None)
        _plain_only(root, source)
        return Located(loader.construct_document(root), root)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ProcedureError(
            f"{source}, line {line}: there is a character that no text has "
            f"(U+{ord(text[error.position]):04X})\ndelete it"
        ) from error
    except yaml.MarkedYAMLError as error:
        raise ProcedureError(_in_words(error, text, source)) from error
    except RecursionError as error:
        raise ProcedureError(f"{source}: brackets stand in brackets too deeply") from error


@lru_cache(maxsize=1)
def _loader() -> Any:
    """Return a loader that reads only ``true`` and ``false`` as such: ``NO`` is Norway, and 10:30 no number.

    It is the one in Python: the one in C ends the process where brackets nest too deeply.
    """
    base = yaml.SafeLoader
    kept = {
        first: [(tag, form) for tag, form in forms if tag not in (_BOOL, _INT, _FLOAT)]
        for first, forms in base.yaml_implicit_resolvers.items()
    }
    loader: Any = type("Loader", (base,), {"yaml_implicit_resolvers": kept})
    for tag, form, first in (
        (_BOOL, r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
        (_INT, r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
        (_FLOAT, r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
    ):
        loader.add_implicit_resolver(tag, re.compile(form), list(first))
    for tag in (_BOOL, _INT, _FLOAT, _DATE):
        loader.add_constructor(tag, _or_text(base.yaml_constructors[tag]))
    return loader


def _or_text(read: Any) -> Any:
    """Return a reader of values that leaves what is none, such as 2025-02-30, a text: its field tells of it."""

    def value(loader: Any, node: yaml.ScalarNode) -> Any:
        try:
            return read(loader, node)
        except (ValueError, KeyError, AttributeError, IndexError):
            return loader.construct_scalar(node)

    return value


def _plain_only(node: yaml.Node, source: str) -> None:
    """Refuse keys that stand twice, and what copies another part."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            raise ProcedureError(
                f"{source}, line {node.start_mark.line + 1}: a part is used again by its anchor (& and *)\n"
                "write it out in each place"
            )
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            _each_key_once(node, source)
            waiting += [part for pair in node.value for part in pair]
            _one_meaning((value for _, value in node.value), source)
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
            _one_meaning(node.value, source)


def _one_meaning(values: Iterable[yaml.Node], source: str) -> None:
    """Refuse what older YAML reads as true or false and newer YAML as text (NO is a country), and 120.000."""
    for value in values:
        if not isinstance(value, yaml.ScalarNode) or value.style is not None:
            continue
        said, told = (
            value.value,
            f"{source}, line {value.start_mark.line + 1}: {value.value} may mean",
        )
        if said.lower() in _YES_OR_NO and said != "NO":
            raise ProcedureError(
                f"{told} true or false, or be a text\n"
                f'write true or false, or the text in quotes: "{said}"'
            )
        if _THOUSANDS.fullmatch(said):
            whole = said.replace(".", "")
            raise ProcedureError(
                f"{told} {whole}, or a fraction\n"
                f'write {whole} if it is thousands, {said}0 if it is a fraction, "{said}" if it is a text'
            )


def _each_key_once(node: yaml.MappingNode, source: str) -> None:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ProcedureError(
                f"{source}, line {line}: a list or a mapping stands as a key\nput texts with brackets in quotes"
            )
        if key.value in lines:
            raise ProcedureError(
                f"{source}, line {line}: the key {key.value!r} stands in line {lines[key.value]} already\n"
                "keep one of the two"
            )
        lines[key.value] = line


def _in_words(error: yaml.MarkedYAMLError, text: str, source: str) -> str:
    mark = error.problem_mark or error.context_mark
    told = f"{error.context or ''} {error.problem or ''}"
    advice = next((words for sign, words in _ADVICE if sign in told), None)
    line = f", line {mark.line + 1}" if mark is not None else ""
    fallback = "put texts with marks in quotes, and close every bracket and quote"
    said = _of_quotes(error, text) or advice or fallback
    return f"{source}{line}: this is not YAML: {told.strip()}\n{said}"


def _of_quotes(error: yaml.MarkedYAMLError, text: str) -> str:
    """Return what to write in place of typographic quotes, where they stand in the lines of the fault."""
    lines = text.splitlines()
    numbers = {mark.line for mark in (error.context_mark, error.problem_mark) if mark is not None}
    for number in sorted(numbers & set(range(len(lines))), reverse=True):
        found = _CURLY.search(lines[number])
        if found and "\t" not in lines[number]:
            return f'{found[1]} is no quote in YAML; put the text in straight quotes, "…"'
    return ""
