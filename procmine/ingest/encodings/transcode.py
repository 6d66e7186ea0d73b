"""Text of another encoding becomes UTF-8, fast; a byte that is not in it is told with its line."""

from __future__ import annotations

import codecs
import mmap
from functools import cache

from procmine.errors import SourceError

_BLOCK = 1 << 18  # small enough to stay in the processor's cache
_COMMA_BELOW = str.maketrans("ŞşŢţ", "ȘșȚț")
CENTRAL_EUROPEAN = frozenset({"cp1250", "iso8859-2", "cp852"})
"""Encodings that have a cedilla in place of Romanian's comma below."""
_SHOWN = 60

Bytes = bytes | mmap.mmap
"""A content in memory, or a file of which parts are read as they are needed."""


def to_utf8(content: Bytes, encoding: str, name: str) -> bytes:
    """Return the content in UTF-8 without a byte order mark; raises SourceError at a byte that the
    encoding does not have.

    Cedillas of the Central European encodings, which have no comma below, become Romanian's
    ``ș ț``.
    """
    try:
        table = single_byte_table(encoding)
        if table is not None:
            return _by_table(content, table)
        return _in_blocks(content, encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(content, encoding, name, error) from error


def _by_table(content: Bytes, table: str) -> bytes:
    parts = []
    for start in range(0, len(content), _BLOCK):
        block = content[start : start + _BLOCK]
        if not block.isascii():
            try:
                block = codecs.charmap_decode(block, "strict", table)[0].encode()
            except UnicodeDecodeError as error:
                raise _moved(error, start) from error
        parts.append(block)
    return b"".join(parts)


def _in_blocks(content: Bytes, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)()
    parts, kept = [], 0
    for start in range(0, len(content), _BLOCK):
        try:
            text = decoder.decode(content[start : start + _BLOCK], start + _BLOCK >= len(content))
        except UnicodeDecodeError as error:
            raise _moved(error, start - kept) from error
        waiting = decoder.getstate()[0]
        kept = len(waiting)
        parts.append((text.removeprefix("\ufeff") if not start else text).encode())
    return b"".join(parts)


def _moved(error: UnicodeDecodeError, by: int) -> UnicodeDecodeError:
    """Return the error with its position in the whole content."""
    start = max(error.start + by, 0)
    stop = max(error.end + by, start + 1)
    return UnicodeDecodeError(error.encoding, b"", start, stop, error.reason)


@cache
def single_byte_table(encoding: str) -> str | None:
    """Return the letters of the 256 bytes (U+FFFE where there is none), or None where an encoding
    takes more than a byte for a letter, or has another ASCII.
    """
    letters = []
    for byte in range(256):
        try:
            letter = bytes([byte]).decode(encoding)
        except UnicodeDecodeError as error:
            if "unexpected end" in error.reason or "incomplete" in error.reason:
                return None
            letter = "\ufffe"
        letters.append(letter)
    if any(len(letter) != 1 for letter in letters) or letters[:128] != list(map(chr, range(128))):
        return None
    table = "".join(letters)
    name = codecs.lookup(encoding).name
    return table.translate(_COMMA_BELOW) if name in CENTRAL_EUROPEAN else table


def _undecodable(
    content: Bytes, encoding: str, name: str, error: UnicodeDecodeError
) -> SourceError:
    byte, line = content[error.start], line_of(content, error.start)
    return SourceError(
        f"{name} is not in {encoding} throughout: byte {error.start + 1:,} (0x{byte:02X}), "
        f"in line {line:,}, is no letter of it: {shown_around(content, error.start)!r}\n"
        "mend that line, or name another encoding with encoding="
    )


def line_of(content: Bytes, place: int) -> int:
    """Return the number of the line in which a place stands."""
    return content[:place].count(b"\n") + 1


def shown_around(content: Bytes, place: int) -> bytes:
    """Return the bytes of the line around a place."""
    start = max(content.rfind(b"\n", 0, place) + 1, place - _SHOWN // 2)
    stop = content.find(b"\n", place)
    stop = len(content) if stop < 0 else stop
    return content[start : min(stop, place + _SHOWN // 2)].rstrip(b"\r")
