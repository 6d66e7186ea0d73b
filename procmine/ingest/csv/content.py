"""The content of a text table: unpacked, and in UTF-8 whatever it was written in."""

from __future__ import annotations

import gzip
import mmap
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from procmine.errors import SourceError
from procmine.ingest.encodings import Encoding, encoding_of, named_encoding, to_utf8
from procmine.ingest.encodings.decide import UTF8
from procmine.ingest.packed import is_packed, unpacked_blocks

HEAD_BYTES = 1 << 20
_MARK = b"\xef\xbb\xbf"
_NAMED_UTF8 = named_encoding("utf-8")


@dataclass(frozen=True, eq=False)
class Content:
    """The bytes of a text table in UTF-8; those of a plain file stay on the disk."""

    path: Path
    data: bytes | None
    """What a packed file holds, or a file of another encoding in UTF-8; else None."""
    encoding: Encoding
    whole: bool
    """The head is all there is."""
    quoted: bool
    """A quotation mark occurs."""

    @property
    def head(self) -> str:
        """The first text, without a byte order mark and without a letter cut by its end."""
        if self.data is not None:
            first = self.data[:HEAD_BYTES]
        else:
            with self.path.open("rb") as file:
                first = file.read(HEAD_BYTES)
        return first.removeprefix(_MARK).decode(errors="ignore")

    def count(self, part: bytes) -> int:
        """Return how often the content holds some bytes."""
        with self._looked_at() as content:
            found, place = 0, content.find(part)
            while place >= 0:
                found, place = found + 1, content.find(part, place + len(part))
            return found

    def ends_with(self, text: str) -> bool:
        """Tell whether the content ends with a text, apart from blanks."""
        with self._looked_at() as content:
            return content[-4096:].rstrip().endswith(text.encode())

    @contextmanager
    def _looked_at(self) -> Iterator[bytes | mmap.mmap]:
        if self.data is not None:
            yield self.data
        else:
            with _mapped(self.path) as content:
                yield content


def content_of(path: Path, encoding: str | None) -> Content:
    """Return the content of a text table; raises SourceError where it is empty, packed wrongly, binary or in an
    encoding of which a byte is no letter.
    """
    named = None if encoding is None else named_encoding(encoding)
    data = _unpacked(path)
    if data is not None:
        return _in_memory(data, named, path)
    with _mapped(path) as written:
        if named in (None, _NAMED_UTF8) and _is_utf8(written):
            whole, quoted = len(written) < HEAD_BYTES, written.find(b'"') >= 0
            return _checked(Content(path, None, UTF8, whole, quoted))
        return _in_memory(written, named, path)


def _in_memory(written: bytes | mmap.mmap, named: Encoding | None, path: Path) -> Content:
    found, data = _in_utf8(written, named, path)
    return _checked(Content(path, data, found, len(data) < HEAD_BYTES, b'"' in data))


def _in_utf8(
    written: bytes | mmap.mmap, named: Encoding | None, path: Path
) -> tuple[Encoding, bytes]:
    found = encoding_of(written, path.name) if named is None else named
    if isinstance(written, bytes) and found is UTF8:
        return found, written
    return found, to_utf8(written, found.name, path.name)


def _checked(content: Content) -> Content:
    if not content.head.strip():
        raise SourceError(f"{content.path.name} is empty\nexport it again; nothing was read")
    return content


def _unpacked(path: Path) -> bytes | None:
    if not is_packed(path):
        return None
    try:
        return b"".join(unpacked_blocks(path, HEAD_BYTES))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(
            f"{path.name} is a damaged or cut-off gzip file: {error}\ncopy or export it again"
        ) from error


def _is_utf8(content: mmap.mmap) -> bool:
    """Tell whether a whole file is UTF-8; Arrow sees it several times as fast as it could be decoded.

    Zero bytes say that it is UTF-16 or no text.
    """
    if b"\x00" in content[:4096]:
        return False
    ends = pa.py_buffer(np.array([0, len(content)], dtype=np.int64))
    text = pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(content))
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    finally:
        del text  # else the file stays mapped
    return True


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        yield content
    finally:
        content.close()
