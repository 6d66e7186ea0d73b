"""The text of a YAML file, and its mistakes in one message: what the files of an office share, whatever they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from procmine.errors import ProcmineError
from procmine.procedure.reading.wording import Found, sentences
from procmine.procedure.reading.yaml_text import Located

MOST = 20
"""So many mistakes are listed; the others are counted."""


def text_of(path: Path, what: str, error: type[ProcmineError]) -> str:
    """Return the text of a file in UTF-8; ``what`` says which kind of file is asked for."""
    if not path.is_file():
        others = sorted(other.name for other in path.parent.glob("*.y*ml"))[:10]
        there = f"; in that folder are: {', '.join(others)}" if others else ""
        raise error(f"there is no {what} {path}\ngive the path of a YAML file{there}")
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise error(
            f"cannot read {path}: {problem.strerror}\ngive the path of a file that you may read"
        ) from problem
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise error(
            f"{path.name}, line {line}: the file is not in UTF-8\nsave it as UTF-8 text"
        ) from problem


def mistakes(problems: Sequence[Found], found: Located, source: str) -> str:
    """Write every mistake on a line of its own, in the order of the file."""
    said = dict.fromkeys(_lines(problems, found))
    lines = [text for _, text in sorted(said, key=lambda item: item[0])]
    lines = [f"{source}{', ' if found.in_lines else ': '}{line}" for line in lines]
    if len(lines) == 1:
        return lines[0]
    more = [f"and {len(lines) - MOST:,} more"] if len(lines) > MOST else []
    return "\n".join([f"{source} has {len(lines):,} mistakes", *lines[:MOST], *more])


def _lines(problems: Sequence[Found], found: Located) -> Iterator[tuple[int, str]]:
    for at, sentence in sentences(problems):
        path, line = found.place(at)
        at_line = f"line {line}" if found.in_lines else ""
        place = ", ".join(filter(None, (at_line, path)))
        said = sentence.replace("\n", "; ")
        yield line, f"{place}: {said}" if place else said
