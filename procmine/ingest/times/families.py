"""The ways in which registries write a time as text, and how each is rewritten as ISO 8601."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_CLOCK = r"(?:[T ](\d{1,2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?) ?(Z|[+-]\d{2}:?\d{2})?)?"
FAMILIES = {
    "year-month-day (ISO 8601)": (rf"^(\d{{4}})-(\d{{2}})-(\d{{2}}){_CLOCK}$", (1, 2, 3)),
    "year/month/day": (rf"^(\d{{4}})/(\d{{1,2}})/(\d{{1,2}}){_CLOCK}$", (1, 2, 3)),
    "day.month.year": (rf"^(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}){_CLOCK}$", (3, 2, 1)),
    "day/month/year": (rf"^(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_CLOCK}$", (3, 2, 1)),
    "day-month-year": (rf"^(\d{{1,2}})-(\d{{1,2}})-(\d{{4}}){_CLOCK}$", (3, 2, 1)),
}
ISO = "year-month-day (ISO 8601)"


def fitting(texts: pa.Array | pa.ChunkedArray, family: str) -> int:
    """Count the cells that a way of writing fits."""
    return int(pc.sum(pc.match_substring_regex(texts, FAMILIES[family][0])).as_py() or 0)


def example(texts: pa.Array, family: str) -> str:
    """Return the first cell that a way of writing fits."""
    return str(
        texts[pc.index(pc.match_substring_regex(texts, FAMILIES[family][0]), True).as_py()].as_py()
    )


def as_iso(texts: pa.Array, family: str) -> pa.Array:
    """Rewrite the texts of a family as ISO 8601; texts that do not fit stay as they are."""
    pattern, (year, month, day) = FAMILIES[family]
    if family != ISO:
        texts = pc.replace_substring_regex(texts, pattern, rf"\{year}-\{month}-\{day} \4\5")
        texts = pc.replace_substring_regex(texts, r"^(\d{4})-(\d)-", r"\1-0\2-")
        texts = pc.utf8_rtrim_whitespace(
            pc.replace_substring_regex(texts, r"^(\d{4}-\d{2})-(\d)( |$)", r"\1-0\2\3")
        )
    texts = pc.replace_substring_regex(texts, r"^(\S{10})[T ](\d)(:|$)", r"\1 0\2\3")
    return pc.replace_substring(texts, ",", ".")


def looks_like_times(texts: pa.Array | pa.ChunkedArray) -> float:
    """Return the share of non-empty cells that some known way of writing fits (0.0 where all are empty)."""
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(texts.cast(pa.string()), ""))
    filled = trimmed.filter(pc.not_equal(trimmed, ""))
    fits = sum(fitting(filled, family) for family in FAMILIES)
    return fits / len(filled) if len(filled) else 0.0
