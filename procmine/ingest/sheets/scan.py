"""What the XML of a worksheet says that its cells do not: how far it reaches, errors, and formulas without a value."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import SourceError
from procmine.ingest.sheets.package import DAMAGE, Package, damaged

_BLOCK = 1 << 22
_LONGEST_CELL = 1 << 20
_MOST_CELLS = 60_000_000
_FAR = r"""r=["'](?:[A-Z]{2}|[A-Z]?(?:\d{8}|[2-9]\d{6}))"""
"""A cell beyond column Z or row 2,000,000: all others fit into memory."""
_ADDRESS = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
_ERROR = re.compile(rb"""<c r="([A-Z]+)(\d+)"[^>]* t="e\"""")
_FORMULA = re.compile(
    rb'<c r="([A-Z]+)(\d+)"([^>]*)><f(?:\s[^>]*)?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)

Places = dict[int, list[int]]
"""Rows, counted from 1, by the position of their column."""


@dataclass(frozen=True, eq=False)
class Blanks:
    """Cells that read as empty and are not: errors, and formulas that no program has calculated."""

    errors: Places = field(default_factory=dict)
    formulas: Places = field(default_factory=dict)


def refuse_stray_cells(package: Package, place: int) -> None:
    """Raise SourceError where stray cells make a worksheet too large to open.

    A sheet is opened as a rectangle, so that one cell in its last corner would fill the memory.
    Formats other than xlsx and xlsm are not looked through.
    """
    if place < len(package.parts) and any(map(_is_far, _ahead(_blocks(package, place)))):
        _refuse_if_sparse(package, place)


def blanks_of(package: Package, place: int) -> Blanks:
    """Return the cells of a worksheet that read as empty and are not; none for formats other than xlsx and xlsm."""
    found = Blanks()
    for block in _blocks(package, place) if place < len(package.parts) else ():
        if b't="e"' in block:
            _note(found.errors, _ERROR.finditer(block))
        if b"<f" in block:
            _note(found.formulas, filter(_has_no_value, _FORMULA.finditer(block)))
    return found


def _is_far(block: bytes) -> bool:
    """Look for a far cell; Arrow's expressions are several times faster here than Python's."""
    ends = pa.py_buffer(np.array([0, len(block)]))
    text = pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(block)])
    return bool(pc.match_substring_regex(text, _FAR)[0].as_py())


def _ahead(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield blocks while the next one is unpacked on another core."""
    with ThreadPoolExecutor(1) as worker:
        following = worker.submit(next, blocks, None)
        while (block := following.result()) is not None:
            following = worker.submit(next, blocks, None)
            yield block


def _blocks(package: Package, place: int) -> Iterator[bytes]:
    """Yield the XML in blocks that end between two cells."""
    rest = b""
    try:
        with (
            zipfile.ZipFile(package.path) as archive,
            archive.open(package.parts[place]) as part,
        ):
            while block := part.read(_BLOCK):
                block = rest + block
                cut = block.rfind(b"<c ")
                cut = cut if cut > len(block) - _LONGEST_CELL and cut > 0 else len(block)
                yield block[:cut]
                rest = block[cut:]
            yield rest
    except DAMAGE as error:
        raise damaged(package.path, error) from error


def _refuse_if_sparse(package: Package, place: int) -> None:
    width = height = count = 0
    for block in _blocks(package, place):
        found = _ADDRESS.findall(block)
        count += len(found)
        width = max(
            [width, *(_position(letters) + 1 for letters in {address[0] for address in found})]
        )
        height = max([height, *(int(row) for _, row in found)])
    if width * height > max(_MOST_CELLS, 10 * count):
        raise SourceError(
            f"a sheet of {package.path.name} reaches to row {height:,} and column {width:,}, "
            f"with only {count:,} cells and rows in it\n"
            "delete the stray cells at its far end, save it, and read it again"
        )


def _note(places: Places, found: Iterable[re.Match[bytes]]) -> None:
    for match in found:
        places.setdefault(_position(match[1]), []).append(int(match[2]))


def _has_no_value(formula: re.Match[bytes]) -> bool:
    """Tell whether a formula was never calculated; one that gives an empty text was."""
    return b't="str"' not in formula[3] and b't="e"' not in formula[3]


def _position(letters: bytes) -> int:
    """Return the position of a column from 0; a row has no letters and gives -1."""
    position = 0
    for letter in letters:
        position = position * 26 + letter - 64
    return position - 1
