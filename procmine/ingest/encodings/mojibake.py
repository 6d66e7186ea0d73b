"""Words of a UTF-8 text that were once read in a wrong encoding and saved again."""

from __future__ import annotations

import re
from itertools import takewhile

from procmine.ingest.encodings.letters import plausibility

_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]*+[^\x00-\x7f](?:[A-Za-z]|[^\x00-\x7f])*")
_C1 = {chr(byte): bytes([byte]) for byte in range(0x80, 0xA0)}
_MOST = 2000


def mojibake_note(text: str) -> str | None:
    """Return a note where words of a text look damaged by an earlier reading, with one of them
    mended; nothing is changed.

    >>> note = mojibake_note("SoluÈ›ionat; ÃŽnregistrat")
    >>> note.partition(";")[0]
    "words that look like UTF-8 read as cp1252 and saved again: 2, such as 'uÈ›i' for 'uți'"
    """
    if text.isascii():
        return None
    words = list(dict.fromkeys(found.group() for found in _WORD.finditer(text)))[:_MOST]
    for encoding, few in (("utf-8", 1), ("cp1253", 2), ("cp1250", 2)):
        damaged = [(word, mended) for word in words if (mended := _mended(word, encoding))]
        if len(damaged) >= min(few, len(words)) and damaged:
            return _note(damaged, "UTF-8" if encoding == "utf-8" else encoding)
    return None


def _note(damaged: list[tuple[str, str]], encoding: str) -> str:
    word, mended = apart(*damaged[0])
    return (
        f"words that look like {encoding} read as cp1252 and saved again: {len(damaged):,}, "
        f"such as {word!r} for {mended!r}; nothing was changed: "
        "export the file again, in UTF-8 throughout"
    )


def apart(one: str, other: str) -> tuple[str, str]:
    """Return where two readings of a word differ, with a letter on either side: a word may be a name.

    >>> apart("SoluÈ›ionat", "Soluționat")
    ('uÈ›i', 'uți')
    """
    before = _alike(one, other)
    after = _alike(one[before:][::-1], other[before:][::-1])
    begin = max(before - 1, 0)
    return tuple(word[begin : len(word) - max(after - 1, 0)] for word in (one, other))  # type: ignore[return-value]


def _alike(one: str, other: str) -> int:
    """Return how many letters two texts begin with in common."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _mended(word: str, encoding: str) -> str | None:
    """Return the word as it would be without the wrong reading, where that is clearly better."""
    written = _as_cp1252(word)
    if written is None:
        return None
    try:
        mended = written.decode(encoding)
    except UnicodeDecodeError:
        return None
    points = plausibility(mended)
    return mended if points > 0 and points > plausibility(word) + 1.0 else None


def _as_cp1252(word: str) -> bytes | None:
    try:
        return b"".join(_C1.get(letter) or letter.encode("cp1252") for letter in word)
    except UnicodeEncodeError:
        return None
