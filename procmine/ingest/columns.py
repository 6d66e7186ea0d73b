"""Columns of a source as codes and typed attributes, and which of them belong to the case."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import BindingError
from procmine.ingest.encodings import best_spelling
from procmine.kernels import Bools, Codes, Ints
from procmine.log import Coded

_WHOLE = r"^(0|-?[1-9]\d{0,17})$"
_DECIMAL = r"^-?(0|[1-9]\d{0,14})(\.\d+)?$"
_GROUPED = "".join((r"^-?(0|[1-9]\d{0,14}|[1-9]\d{0,2}(", "%s", r"\d{3}){1,4})(", "%s", r"\d+)?$"))
_MARKS = ((r"\.", ","), ("['’]", ","), ("[ \u00a0\u202f]", ","), (",", r"\."), ("['’]", r"\."))
"""What groups thousands, and what stands before decimals."""
_FEW = 64


def coded(column: pa.ChunkedArray) -> Coded:
    """Return a column as codes in the order of first appearance; empty and blank cells are missing
    (-1).

    Whole numbers become text as they are written; nothing is guessed from how a key looks.
    """
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    else:  # Arrow gives every chunk the dictionary of the whole column
        column = _as_text(column).dictionary_encode()
    if column.num_chunks == 0:
        return Coded(np.zeros(0, dtype=np.int32), pa.array([], pa.string()))
    labels = _labels(column.chunk(0).dictionary)
    codes = np.concatenate([_indices(chunk) for chunk in column.chunks])
    return _without_blanks(codes, labels)


def _indices(chunk: pa.DictionaryArray) -> Codes:
    indices = chunk.indices
    if indices.null_count:
        indices = pc.fill_null(indices, -1)
    return np.asarray(indices.to_numpy(), dtype=np.int32)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_floating(kind) and not _all_whole(column):
        numbers = column.combine_chunks().dictionary_encode()
        numbers = numbers.combine_chunks() if isinstance(numbers, pa.ChunkedArray) else numbers
        return pa.chunked_array([_labels(numbers.dictionary).take(numbers.indices)])
    if pa.types.is_floating(kind):
        column = column.cast(pa.int64())
    return pa.chunked_array([_labels(chunk) for chunk in column.chunks], pa.string())


def _labels(values: pa.Array) -> pa.StringArray:
    """Return values as text: of numbers the whole ones without a point or an exponent."""
    if pa.types.is_floating(values.type):
        return pa.array(list(map(_number_text, values.to_numpy(zero_copy_only=False))), pa.string())
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BindingError(
            f"a column of type {values.type} holds no names: it cannot be a case, an activity, a resource or a unit\n"
            "turn it into text, or name another column"
        ) from error


def _number_text(number: np.floating[Any]) -> str:
    """Return a number as it would be written; one that is none is empty."""
    if np.isnan(number):
        return ""
    return str(int(number)) if np.isfinite(number) and number == np.floor(number) else str(number)


def _all_whole(column: pa.ChunkedArray) -> bool:
    """Tell whether every number is whole and fits in 64 bits; infinity does not."""
    fits = pc.less(pc.abs(column), 2.0**63)
    return bool(pc.all(pc.and_(fits, pc.equal(pc.floor(column), column))).as_py())


def _without_blanks(codes: Codes, labels: pa.StringArray) -> Coded:
    """Drop blank labels and trim spaces; labels that are the same then become one."""
    trimmed = pc.utf8_trim_whitespace(labels)
    if bool(pc.all(pc.equal(trimmed, labels)).as_py() in (True, None)) and not _has_blank(trimmed):
        return Coded(codes, labels)
    encoded = pc.if_else(pc.equal(trimmed, ""), None, trimmed).dictionary_encode()
    new = np.append(_indices(encoded), np.int32(-1))
    return Coded(new[codes].astype(np.int32), encoded.dictionary)


def _has_blank(labels: pa.StringArray) -> bool:
    return bool(pc.any(pc.equal(labels, "")).as_py())


def by_appearance(column: Coded) -> Coded:
    """Renumber a column without missing values by the first appearance of its labels in the rows."""
    compact = column.compact()
    reached = np.maximum.accumulate(compact.codes) if len(compact.codes) else compact.codes
    if not len(reached) or (reached[0] == 0 and bool((reached[1:] <= reached[:-1] + 1).all())):
        return compact
    first = np.empty(len(compact.labels), dtype=np.int64)
    first[compact.codes[::-1]] = np.arange(len(reached) - 1, -1, -1)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return Coded(rank[compact.codes], compact.labels.take(pa.array(order)))


def attributes(
    table: pa.Table, rows: npt.NDArray[np.int64], offsets: Ints
) -> tuple[pa.Table, pa.Table]:
    """Return step attributes and case attributes of the given rows in log order, typed.

    A column constant within every case becomes a case attribute, once per case, without XES's
    ``case:`` before its name.
    """
    steps: dict[str, pa.Array] = {}
    cases: dict[str, pa.Array] = {}
    names = set(table.column_names)
    inner = np.ones(len(rows), dtype=np.bool_)
    inner[offsets[:-1]] = False
    for name, column in zip(table.column_names, table.columns, strict=True):
        values = typed(column).take(pa.array(rows))
        if _constant(values, inner):
            short = name.removeprefix("case:")
            shown = name if short in cases or short in names else short
            cases[shown] = values.take(pa.array(offsets[:-1]))
        else:
            steps[name] = values
    return pa.table(steps), pa.table(cases)


def typed(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array: text as a dictionary, or as numbers where every cell is written
    as a plain number.

    A decimal comma and marks between thousands are understood (``12,5``, ``1.234,56``, ``1'234,5``).
    ``007``, ``1e3``, whole numbers too long to be kept exactly, and :func:`doubtful_numbers` stay
    text; an empty cell is missing.
    """
    if not (
        pa.types.is_string(column.type)
        or pa.types.is_large_string(column.type)
        or pa.types.is_dictionary(column.type)
    ):
        array = column.combine_chunks()
        return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    text = in_best_spelling(coded(column))
    numbers = _numbers(text.labels)
    return text.to_arrow() if numbers is None else numbers.take(text.to_arrow().indices)


def in_best_spelling(text: Coded) -> Coded:
    """Return labels with ``ș ț`` where old systems wrote ``ş ţ``; labels that are the same then become one."""
    spelt = best_spelling(text.labels)
    if spelt.equals(text.labels):
        return text
    encoded = spelt.dictionary_encode()
    new = np.append(_indices(encoded), np.int32(-1))
    return Coded(new[text.codes].astype(np.int32), encoded.dictionary)


def _numbers(labels: pa.StringArray) -> pa.Array | None:
    """Return labels as numbers where all are written as such, else None."""
    if not len(labels):
        return None
    if _all_match(labels, _WHOLE):
        return labels.cast(pa.int64())
    if doubtful_numbers(labels):
        return None
    if _all_match(labels, _DECIMAL):
        return labels.cast(pa.float64())
    for group, mark in _MARKS:
        if _all_match(labels, _GROUPED % (group, mark)) and _some_match(labels, rf"{mark}\d"):
            plain = pc.replace_substring_regex(labels, group, "")
            return pc.replace_substring_regex(plain, mark, ".").cast(pa.float64())
    return None


def doubtful_numbers(labels: pa.StringArray) -> bool:
    """Tell whether labels are numbers of which ``1.234`` may be a thousand and more, or one and a part.

    Every point or comma then stands before exactly three digits, and no label shows what it means.

    >>> doubtful_numbers(pa.array(["1.234", "12"])), doubtful_numbers(pa.array(["1.234", "1.2"]))
    (True, False)
    """
    either = _all_match(labels, r"^-?([1-9]\d{0,2}[.,]\d{3}|\d{1,3})$")
    return either and _some_match(labels, "[.,]")


def _all_match(labels: pa.StringArray, pattern: str) -> bool:
    """Tell whether all labels match; the first few mostly tell."""
    parts = (labels.slice(0, _FEW), labels.slice(_FEW))
    return all(
        pc.all(pc.match_substring_regex(part, pattern)).as_py() in (True, None) for part in parts
    )


def _some_match(labels: pa.StringArray, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(labels, pattern)).as_py())


def _constant(values: pa.Array, inner: Bools) -> bool:
    """Tell whether every row equals the one before it in its case, a missing value being equal to a missing one."""
    if len(values) < 2 or values.null_count == len(values):
        return True
    if pa.types.is_nested(values.type):
        return False
    plain = values.indices if isinstance(values, pa.DictionaryArray) else values
    before, after = plain.slice(0, len(plain) - 1), plain.slice(1)
    same = pc.fill_null(pc.equal(before, after), False).to_numpy(zero_copy_only=False)
    if plain.null_count:
        missing = pc.is_null(plain).to_numpy(zero_copy_only=False)
        same = same | (missing[1:] & missing[:-1])
    return bool((same | ~inner[1:]).all())
