"""Open an XES file and refuse what is cut off, damaged, unsafe or not XES, before a word of it is believed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

import numpy as np

from procmine.errors import SourceError
from procmine.ingest.packed import unpacked_blocks
from procmine.kernels import Ints

COPY_AGAIN = "nothing was read; copy it again from its source, or export it again"
EXPORT_AGAIN = "nothing was read; export it again as XES"
BLOCK = 1 << 24
_LONGEST_TAG = 3 << 24
"""What is not ended is parsed again with every block; no tag of a log comes near."""
_CUT_OFF = {"no element found", "unclosed token", "unclosed CDATA section", "partial character"}


@dataclass(frozen=True)
class XesFile:
    """A file that exists and is not empty; ``packed`` says whether its content is gzip, whatever its name."""

    path: Path
    packed: bool

    def blocks(self, size: int = BLOCK) -> Iterator[bytes]:
        """Yield the text of the file, unpacked; a gzip stream is read to its end and its checksum compared."""
        read = 0
        try:
            for block in self._blocks(size):
                read += len(block)
                yield block
        except EOFError as error:
            raise self.refusal(
                f"is cut off: its gzip stream breaks off after {read:,} bytes of text", COPY_AGAIN
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise self.refusal(
                f"is damaged: its gzip stream is wrong ({error})", COPY_AGAIN
            ) from error

    def _blocks(self, size: int) -> Iterator[bytes]:
        if self.packed:
            yield from unpacked_blocks(self.path, size)
            return
        with self.path.open("rb") as stream:
            while block := stream.read(size):
                yield block

    def check_packing(self) -> None:
        """Raise SourceError where the file is a gzip stream that is cut off or damaged."""
        for _ in self.blocks() if self.packed else ():
            pass

    def places(self, offsets: Ints) -> list[str]:
        """Say in which line and column the bytes at these offsets stand; reads the file once more."""
        order = np.argsort(offsets, kind="stable")
        wanted = offsets[order]
        found: list[str] = []
        base, lines, line_start = 0, 0, 0
        for block in self.blocks():
            breaks = base + np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n"))
            here = wanted[len(found) : np.searchsorted(wanted, base + len(block))]
            before = np.searchsorted(breaks, here)
            starts = np.concatenate([[line_start], breaks + 1])[before]
            found += [
                f"line {lines + nth + 1}, column {at - start + 1}"
                for nth, at, start in zip(before, here, starts, strict=True)
            ]
            if len(found) == len(wanted):
                break
            lines += len(breaks)
            line_start = int(breaks[-1]) + 1 if len(breaks) else line_start
            base += len(block)
        return [found[place] for place in np.argsort(order, kind="stable")]

    def refusal(self, what: str, remedy: str) -> SourceError:
        """Return the error that names this file, says what is the matter and what to do."""
        return SourceError(f"{self.path.name} {what}\n{remedy}")


def open_xes(path: Path) -> XesFile:
    """Look at the first bytes of a file; raises SourceError where there is none or nothing in it."""
    try:
        with path.open("rb") as stream:
            start = stream.read(2)
    except OSError as error:
        raise SourceError(
            f"{path.name} cannot be opened: {error.strerror}\nlook for it with its folder: {path}"
        ) from error
    file = XesFile(path, packed=start == b"\x1f\x8b")
    if not start:
        raise file.refusal("is empty (0 bytes)", COPY_AGAIN)
    return file


class XmlParser:
    """expat under guard: UTF-8 only, no document type, so that no entity is ever declared, fetched or expanded."""

    def __init__(self, file: XesFile) -> None:
        self.file = file
        self.expat = expat.ParserCreate("utf-8")
        self.expat.XmlDeclHandler = self._declared
        self.expat.StartDoctypeDeclHandler = self._refuse_doctype
        self.fed = 0

    def feed(self, block: bytes, *, last: bool = False) -> None:
        """Parse on; raises SourceError with the place where the text is not well-formed."""
        try:
            self.expat.Parse(block, last)
        except expat.ExpatError as error:
            raise self._malformed(expat.ErrorString(error.code) or str(error)) from error
        self.fed += len(block)
        if self.fed - self.expat.CurrentByteIndex > _LONGEST_TAG and not last:
            raise self.file.refusal(
                f"has a tag or a comment of more than {_LONGEST_TAG >> 20} MB at {self.place()}; "
                "it is refused for safety",
                "take it out, or export the file again as XES",
            )

    def place(self) -> str:
        """Say where the parser stands."""
        return f"line {self.expat.CurrentLineNumber}, column {self.expat.CurrentColumnNumber + 1}"

    def check_root(self, name: str) -> None:
        """Raise SourceError unless the outermost element is a log."""
        if name.rpartition(":")[2] != "log":
            raise self.file.refusal(
                f"is not XES: its outermost element is <{name}>, not <log>", EXPORT_AGAIN
            )

    def refuse_misplaced(self, name: str, parent: str) -> NoReturn:
        """Raise SourceError for a trace or event that stands where none may."""
        raise self.file.refusal(
            f"has a <{name}> inside a <{parent}> at {self.place()}", EXPORT_AGAIN
        )

    def refuse_other_encodings(self, block: bytes) -> None:
        """Raise SourceError where the first bytes are those of UTF-16 or UTF-32."""
        if block[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in block[:4]:
            self._refuse_encoding("UTF-16 or UTF-32")

    def _malformed(self, reason: str) -> SourceError:
        place = f"line {self.expat.ErrorLineNumber}, column {self.expat.ErrorColumnNumber + 1}"
        if reason in _CUT_OFF:
            return self.file.refusal(
                f"is cut off: it ends at {place}, before its closing </log> ({reason})", COPY_AGAIN
            )
        return self.file.refusal(
            f"is not well-formed XML in UTF-8 at {place}: {reason}", EXPORT_AGAIN
        )

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if (encoding or "utf-8").lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
            self._refuse_encoding(str(encoding))

    def _refuse_encoding(self, encoding: str) -> NoReturn:
        raise self.file.refusal(
            f"is written in {encoding}, and only UTF-8 is read", "save it as UTF-8 first"
        )

    def _refuse_doctype(self, name: str, *_: object) -> NoReturn:
        raise self.file.refusal(
            f"declares a document type (<!DOCTYPE {name}, {self.place()}), which XES never needs and which can "
            "make a reader fetch other files or fill the memory; it was refused and nothing was fetched",
            "if you trust its source, remove the <!DOCTYPE …> and <!ENTITY …> lines and read it again",
        )


class _Reached(Exception):  # noqa: N818 (a signal, no fault of the file)
    """The head ends at this offset."""


def head_length(file: XesFile) -> int | None:
    """Return the offset of the first trace or event, once all before it was found well-formed and harmless.

    None where the log has neither. What globals declare is not kept: a default says what a missing value could be
    taken for, not that somebody recorded it.
    """
    parser = XmlParser(file)
    around: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        if not around:
            parser.check_root(name)
        elif name.rpartition(":")[2] in ("trace", "event"):
            if len(around) > 1:
                parser.refuse_misplaced(name, around[-1])
            raise _Reached(parser.expat.CurrentByteIndex)
        around.append(name)

    parser.expat.StartElementHandler = start
    parser.expat.EndElementHandler = lambda _: around.pop()
    first = True
    for block in file.blocks(1 << 20):
        if first:
            parser.refuse_other_encodings(block)
        first = False
        if (found := _reached_in(parser, block)) is not None:
            return found
    if first:
        raise file.refusal("is empty: it unpacks to 0 bytes", COPY_AGAIN)
    return _reached_in(parser, b"", last=True)


def _reached_in(parser: XmlParser, block: bytes, *, last: bool = False) -> int | None:
    """Parse on, and return where the first trace or event begins if it is reached."""
    try:
        parser.feed(block, last=last)
    except _Reached as reached:
        return int(reached.args[0])
    return None
