"""The quick way through plain XES: cut the text at its quotation marks, and let arrays do the rest.

In plain XES every attribute reads ``<type key="…" value="…"/>``, so that quotation marks come in fours,
and the text between two values is one of a few *tokens*: the end of one tag, perhaps tags of events and
traces, and the begin of the next. Each distinct token is checked in full, once. Whatever does not fit
(comments, nested attributes, other quotes) raises NotPlain; then the file is read by a full XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.xes.checks import XesFile
from procmine.ingest.xes.parts import TYPES, Kind, Part
from procmine.kernels import Ints

LOG, TRACE, EVENT, SAME = range(4)
_STEPS = {
    "<trace>": (LOG, TRACE),
    "<trace/>": (LOG, LOG),
    "<event>": (TRACE, EVENT),
    "</event>": (EVENT, TRACE),
    "</trace>": (TRACE, LOG),
}
_SPACE = "[ \t\r\n]"
_STRUCTURE = f"((?:{_SPACE}+|{'|'.join(_STEPS)})*)"
_TAG = f'(<({"|".join(TYPES)}){_SPACE}+key="([^"<&\x00-\x1f]+)"{_SPACE}+value=")'
_FIRST_TOKEN = re.compile(_STRUCTURE + _TAG)
_LATER_TOKEN = re.compile(f'"{_SPACE}*/>{_STRUCTURE}{_TAG}')
_LAST_TOKEN = re.compile(f'"{_SPACE}*/>{_STRUCTURE}()()()')
_END_OF_LOG = re.compile(rb"[ \t\r\n]*</log>[ \t\r\n]*")
_NO_CHARACTERS = "\ufffe\uffff"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REFERENCE = re.compile("&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class NotPlain(Exception):  # noqa: N818 (a signal to the caller, no fault of the file)
    """The text needs a full XML parser."""


class _Token(NamedTuple):
    """What the text between two values does: where it may stand, where it leads, what it opens."""

    entry: int
    exit: int
    traces: int
    events: int
    type: str
    key: str
    tag_length: int


def plain_parts(file: XesFile, begin: int) -> Iterator[Part]:
    """Yield a plain file's parts from its first trace on; raises NotPlain where it is not plain."""
    events = traces = 0
    for offset, text in _whole_traces(file, begin):
        part = _part(text, offset, events, traces)
        yield part
        events += len(part.trace_of_event)
        traces += part.traces


def _whole_traces(file: XesFile, begin: int) -> Iterator[tuple[int, bytes]]:
    """Yield stretches of text that end with a trace, each with its offset in the file."""
    closing = b"</trace>"
    held, offset = b"", 0
    for block in file.blocks():
        held += block
        skipped = min(max(begin - offset, 0), len(held))
        end = held.rfind(closing, skipped) + len(closing)
        if end < len(closing):
            end = skipped
        else:
            yield offset + skipped, held[skipped:end]
        held = held[end:]
        offset += end
    if not _END_OF_LOG.fullmatch(held):
        raise NotPlain


def _part(text: bytes, offset: int, events: int, traces: int) -> Part:
    """Cut a stretch of text into its attributes."""
    _check_utf8(text)
    quotes = np.flatnonzero(np.frombuffer(text, np.uint8) == ord('"'))
    if len(quotes) % 4 or not len(quotes) or len(text) > np.iinfo(np.int32).max:
        raise NotPlain
    opened, closed = quotes[2::4] + 1, quotes[3::4]
    fields = _fields(text, opened, closed)
    encoded = fields.take(_every_second(0, len(opened))).dictionary_encode()
    code = encoded.indices.to_numpy()
    tokens = [_token(token, nth) for nth, token in enumerate(encoded.dictionary.to_pylist())]
    last = _token(text[closed[-1] :].decode(), None)
    event = events - 1 + np.cumsum(_of(tokens, "events")[code])
    trace = traces - 1 + np.cumsum(_of(tokens, "traces")[code])
    on_event = _states(tokens, code, last) == EVENT
    kinds, kind = _kinds(tokens, code, on_event)
    return Part(
        kinds,
        kind,
        owner=np.where(on_event, event, trace),
        at=offset + opened - _of(tokens, "tag_length")[code],
        values=_mended(fields.take(_every_second(1, len(opened)))),
        trace_of_event=trace[_of(tokens, "events")[code] == 1],
        traces=int(trace[-1]) + 1 - traces + last.traces,
    )


def _check_utf8(text: bytes) -> None:
    if text.isascii():
        return
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise NotPlain from error
    if any(character.encode() in text for character in _NO_CHARACTERS):
        raise NotPlain


def _fields(text: bytes, opened: Ints, closed: Ints) -> pa.Array:
    """Return tokens and values by turns, without copying a byte of the text."""
    bounds = np.zeros(2 * len(opened) + 2, np.int32)
    bounds[1:-1:2], bounds[2:-1:2], bounds[-1] = opened, closed, len(text)
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(text)]
    return pa.Array.from_buffers(pa.string(), len(bounds) - 1, buffers)


def _every_second(first: int, count: int) -> pa.Array:
    return pa.array(np.arange(first, 2 * count, 2, dtype=np.int32))


def _token(text: str, place: int | None) -> _Token:
    """Check the text between two values; ``place`` is 0 before the first value, None behind the last."""
    pattern = _LAST_TOKEN if place is None else _LATER_TOKEN if place else _FIRST_TOKEN
    if not (match := pattern.fullmatch(text)):
        raise NotPlain
    structure, tag, kind, key = match.groups()
    tags = re.findall("<[^>]*>", structure)
    steps = [_STEPS[tag] for tag in tags] or [(SAME, SAME)]
    (entry, _), (_, exit_) = steps[0], steps[-1]
    events = tags.count("<event>")
    joined = all(left[1] == right[0] for left, right in pairwise(steps))
    has_owner = exit_ != LOG or place is None
    if not joined or not has_owner or events > (exit_ == EVENT):
        raise NotPlain
    traces = tags.count("<trace>") + tags.count("<trace/>")
    return _Token(entry, exit_, traces, events, kind, key, len(tag.encode()))


def _of(tokens: list[_Token], name: str) -> Ints:
    return np.array([getattr(token, name) for token in tokens], np.int64)


def _states(tokens: list[_Token], code: npt.NDArray[np.int32], last: _Token) -> Ints:
    """Return whether each attribute stands on a trace or on an event; checks that tags match."""
    moving = np.flatnonzero((_of(tokens, "entry") != SAME)[code])
    entries = np.append(_of(tokens, "entry")[code[moving]], last.entry)
    exits = _of(tokens, "exit")[code[moving]]
    before = np.insert(exits, 0, LOG)
    if not len(moving) or moving[0] or (entries != before).any():
        raise NotPlain
    return np.repeat(exits, np.diff(moving, append=len(code)))


def _kinds(
    tokens: list[_Token], code: npt.NDArray[np.int32], on_event: npt.NDArray[np.bool_]
) -> tuple[list[Kind], npt.NDArray[np.int32]]:
    """Return the kinds of attributes in the order of first appearance, and which each is of."""
    known: dict[tuple[str, str], int] = {}
    number = [known.setdefault((token.key, token.type), len(known)) for token in tokens]
    encoded = pa.array(2 * np.array(number)[code] + on_event).dictionary_encode()
    names = list(known)
    kinds = [Kind(bool(each % 2), *names[each // 2]) for each in encoded.dictionary.to_pylist()]
    return kinds, encoded.indices.to_numpy()


def _mended(values: pa.Array) -> pa.Array:
    """Resolve references and line breaks in values, where there are any."""
    size = int(np.frombuffer(values.buffers()[1], np.int32)[len(values)])
    whole = pa.Array.from_buffers(
        pa.binary(), 1, [None, pa.py_buffer(np.array([0, size], np.int32)), values.buffers()[2]]
    )
    odd = r"[&<\x00-\x1f]"
    if not pc.match_substring_regex(whole, odd)[0].as_py():
        return values
    where = pc.match_substring_regex(values, odd)
    encoded = values.filter(where).dictionary_encode()
    resolved = pa.array([_resolved(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pc.replace_with_mask(values, where, resolved.take(encoded.indices))


def _resolved(text: str) -> str:
    """Return a value as an XML parser would hand it over."""
    if "<" in text or _CONTROL.search(text) or len(_REFERENCE.findall(text)) != text.count("&"):
        raise NotPlain
    return _REFERENCE.sub(_character, re.sub("\r\n|[\t\r\n]", " ", text))


def _character(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    point = int(decimal) if decimal else int(hexadecimal, 16)
    if point not in (9, 10, 13) and not (
        0x20 <= point < 0xD800 or 0xE000 <= point < 0xFFFE or 0x10000 <= point < 0x110000
    ):
        raise NotPlain
    return chr(point)
