"""The best spelling of labels: composed letters, and the comma below of Romanian where a cedilla was written."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_CEDILLA = {"ş": "ș", "ţ": "ț", "Ş": "Ș", "Ţ": "Ț"}
_TURKISH = "[ğĞıİ]"


def best_spelling(labels: pa.StringArray) -> pa.StringArray:
    """Return labels in composed letters (NFC), with ``ș ț`` in place of the cedillas ``ş ţ``.

    Labels among which Turkish letters occur keep their ``ş``. Labels that were two may become one.

    >>> best_spelling(pa.array(["Soluţionat", "Înregistrat"])).to_pylist()
    ['Soluționat', 'Înregistrat']
    """
    spelt = pc.utf8_normalize(labels, form="NFC")
    if not _any(spelt, "[şţŞŢ]") or _any(spelt, _TURKISH):
        return spelt
    for cedilla, comma in _CEDILLA.items():
        spelt = pc.replace_substring(spelt, cedilla, comma)
    return spelt


def _any(labels: pa.StringArray, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(labels, pattern)).as_py())


def spelling_note(before: pa.StringArray, after: pa.StringArray) -> str | None:
    """Return how many labels are now spelt better, with one of them; None where none is."""
    changed = pc.fill_null(pc.not_equal(before, after), False)
    count = pc.sum(changed).as_py() or 0
    if not count:
        return None
    old, new = before.filter(changed)[0].as_py(), after.filter(changed)[0].as_py()
    return f"labels spelt with ș ț or composed letters: {count:,}, such as {old!r}, now {new!r}"
