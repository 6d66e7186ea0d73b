"""Which encoding a content is in: from its marks, from UTF-8's own rules, and from the letters of its words."""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass
from encodings.aliases import aliases

from procmine.errors import SourceError, did_you_mean
from procmine.ingest.encodings.letters import LANGUAGES, plausibility, points_in
from procmine.ingest.encodings.mojibake import apart
from procmine.ingest.encodings.survey import Survey, survey
from procmine.ingest.encodings.transcode import Bytes, line_of, shown_around, single_byte_table

LEGACY = ("cp1252", "cp1250", "cp1253", "iso8859-7", "iso8859-16", "iso8859-2")
"""Encodings that take a byte for a letter, likeliest first."""
_USUAL_OF = {"Romanian": "cp1250", "Greek": "cp1253"}
_CLEAR = 1.0
_BLOCK = 1 << 22
_BINARY_HINT = "save the file as 'CSV UTF-8' and read it again"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Encoding:
    """An encoding as ``encoding=`` takes it, and why it is this one."""

    name: str
    reason: str = ""
    runner_up: str | None = None
    """The likeliest of the encodings that would read another text."""
    doubt: str | None = None
    """Both readings of a word, where neither is clearly better."""

    @property
    def note(self) -> str | None:
        """What is said among the notes of an import; nothing of UTF-8."""
        if self.name == "utf-8":
            return None
        return self.doubt or f"read as {self.name}: {self.reason}"


UTF8 = Encoding("utf-8")


def named_encoding(name: str) -> Encoding:
    """Return the encoding that a user names; raises SourceError where Python knows none."""
    try:
        codec = codecs.lookup(name)
        known = codec._is_text_encoding and codec.name not in ("idna", "punycode", "undefined")
    except (LookupError, ValueError):
        known = False
    if not known:
        usual = {*LEGACY, "utf-8", "utf-16", *aliases, *aliases.values()}
        raise SourceError(
            f"encoding={name!r} is not known\n"
            f"write it as encoding='cp1250', or leave it out{did_you_mean(name, sorted(usual))}"
        )
    plain = {"utf-8-sig": "utf-8"}.get(codec.name, codec.name)
    return Encoding(plain, "named with encoding=")


def encoding_of(content: Bytes, name: str) -> Encoding:
    """Return the encoding of a whole content; raises SourceError where it is binary or in two
    encodings.

    Every byte beyond ASCII is looked at, wherever it stands.
    """
    for mark, encoding in _MARKS:
        if content[:4].startswith(mark):
            return Encoding(encoding, "the byte order mark") if encoding != "utf-8" else UTF8
    if b"\x00" in content[:4096]:
        return _without_mark(content, name)
    wrong = first_beyond_utf8(content)
    if wrong is None:
        return UTF8
    found = survey(content)
    _refuse_mixture(content, wrong, found, name)
    return legacy_encoding(found)


def _without_mark(content: Bytes, name: str) -> Encoding:
    """Return UTF-16 where zero bytes stand at every other place only, as they do beside plain letters."""
    head = content[: 1 << 16]
    zeros = head[0::2].count(0), head[1::2].count(0)
    for encoding, there, here in (("utf-16-be", 0, 1), ("utf-16-le", 1, 0)):
        if zeros[there] > len(head) / 40 and zeros[here] <= zeros[there] / 50:
            return Encoding(encoding, "every other byte is zero")
    raise SourceError(
        f"{name} is not in UTF-8 (it looks like a binary file: it holds zero bytes)\n{_BINARY_HINT}"
    )


def first_beyond_utf8(content: Bytes) -> int | None:
    """Return the place of the first byte that is not UTF-8, or None."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _BLOCK):
        waiting = len(decoder.getstate()[0])
        block = content[start : start + _BLOCK]
        if not waiting and block.isascii():
            continue
        try:
            decoder.decode(block, start + _BLOCK >= len(content))
        except UnicodeDecodeError as error:
            return max(start - waiting + error.start, 0)
    return None


def _refuse_mixture(content: Bytes, wrong: int, found: Survey, name: str) -> None:
    """Refuse a content of which some words are UTF-8 and some are not: any choice would damage one of them."""
    right = [word for word in found.words if _is_utf8(word)]
    if len(right) < max(2, len(found.words) / 20):
        return
    line = line_of(content, wrong)
    raise SourceError(
        f"{name} is in UTF-8 but for byte {wrong + 1:,} (0x{content[wrong]:02X}), in line {line:,}: "
        f"{shown_around(content, wrong)!r}; parts of several files may have been joined\n"
        "mend what is not UTF-8, or read all of it in one encoding, as with encoding='cp1252'"
    )


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


def legacy_encoding(found: Survey) -> Encoding:
    """Return the likeliest of the encodings that take a byte for a letter, judged by the words of a survey."""
    readings = {name: _read(found.present, name) for name in LEGACY}
    texts = {name: [_read(word, name) for word in found.words] for name in LEGACY}
    points = {name: sum(map(plausibility, words)) for name, words in texts.items()}
    best = max(LEGACY, key=lambda name: points[name])
    language, letters = _language(texts[best])
    usual = _USUAL_OF.get(language, best)
    if letters and readings[usual] == readings[best]:
        best = usual
    reason = _reason(language, letters)
    others = [name for name in LEGACY if readings[name] != readings[best]]
    second = max(others, key=lambda name: points[name], default=None)
    if second is None:
        return Encoding(best, reason)
    doubtful = points[best] - points[second] < _CLEAR or points[best] < 0
    doubt = _doubt(texts[best], texts[second], best, second) if doubtful else None
    return Encoding(best, reason, second, doubt)


def _table(encoding: str) -> str:
    table = single_byte_table(encoding)
    assert table is not None
    return table.replace("\ufffe", "\ufffd")


def _read(word: bytes, encoding: str) -> str:
    return codecs.charmap_decode(word, "strict", _table(encoding))[0]


def _language(words: list[str]) -> tuple[str, list[str]]:
    """Return the language that the words suit best, and its letters in them, most frequent first."""
    points = {name: sum(points_in(word, name) for word in words) for name in LANGUAGES}
    own = {name: _own_letters(words, name) for name in LANGUAGES}
    language = max(LANGUAGES, key=lambda name: (points[name], own[name].total()))
    return language, [letter for letter, _ in own[language].most_common(5)]


def _own_letters(words: list[str], language: str) -> Counter[str]:
    usual = LANGUAGES[language] + LANGUAGES[language].upper()
    return Counter(letter for word in words for letter in word if letter in usual)


def _reason(language: str, letters: list[str]) -> str:
    if not letters:
        return "the likeliest by its marks"
    word = "letter" if len(letters) == 1 else "letters"
    return f"the {word} {' '.join(letters)} of {language}"


def _doubt(first: list[str], second: list[str], best: str, other: str) -> str:
    pairs = zip(first, second, strict=True)
    mine, theirs = max(
        ((a, b) for a, b in pairs if a != b), key=lambda pair: len(pair[0]), default=("", "")
    )
    mine, theirs = apart(mine, theirs)
    return (
        f"the encoding is not certain: {best} reads {mine!r}, {other} reads {theirs!r}; "
        f"read as {best}; pass encoding= if it is wrong"
    )
