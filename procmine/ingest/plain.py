"""Tables of any type that Arrow has become tables of the types that a log is made of."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from procmine.errors import SourceError


def plain_table(table: pa.Table) -> tuple[pa.Table, tuple[str, ...]]:
    """Return a table without types that few of Arrow's functions know, and a note on what became text.

    Views and JSON are text already, half floats become floats, and bytes that are UTF-8 text;
    identifiers, periods, intervals and other extensions are written out. Bytes that are no text,
    lists, maps and records stay: they may be attributes.
    """
    columns, written = [], []
    for name, column in zip(table.column_names, table.columns, strict=True):
        plain = _plain(column)
        columns.append(plain)
        kind = column.type
        if _is_written_out(kind.value_type if pa.types.is_dictionary(kind) else kind):
            written.append(name)
    notes = [f"{name}: its type is unusual; its cells were read as text" for name in written]
    return pa.table(columns, names=table.column_names), tuple(notes)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return column if _is_known(kind.value_type) else _recoded(column.unify_dictionaries())
    if getattr(kind, "extension_name", "") == "arrow.json":
        return pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type).cast(
            pa.string()
        )
    if _is_written_out(kind):
        return _written_out(column)
    if pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_float16(kind):
        return column.cast(pa.float32()).cast(pa.float64())
    return _as_text(column) if _is_bytes(kind) else column


def _is_known(kind: pa.DataType) -> bool:
    views = pa.types.is_string_view(kind) or pa.types.is_float16(kind)
    return not (views or _is_bytes(kind) or getattr(kind, "extension_name", ""))


def _recoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a coded column with the plain labels in place of its own."""
    if not column.num_chunks:
        return pa.chunked_array([], pa.string())
    labels = _plain(pa.chunked_array([column.chunk(0).dictionary])).combine_chunks()
    labels = labels.chunk(0) if isinstance(labels, pa.ChunkedArray) else labels
    return pa.chunked_array(
        [pa.DictionaryArray.from_arrays(chunk.indices, labels) for chunk in column.chunks]
    )


def _is_bytes(kind: pa.DataType) -> bool:
    return any(
        of_kind(kind)
        for of_kind in (
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_binary_view,
            pa.types.is_fixed_size_binary,
        )
    )


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return bytes as text where all are UTF-8, else as they are."""
    plain = column.cast(pa.binary())
    try:
        return plain.cast(pa.string())
    except pa.ArrowInvalid:
        return plain


def _is_written_out(kind: pa.DataType) -> bool:
    extension = getattr(kind, "extension_name", "")
    return bool(pa.types.is_interval(kind) or (extension and extension != "arrow.json"))


def _written_out(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return what pandas or Python would show of each cell."""
    of_pandas = str(getattr(column.type, "extension_name", "")).startswith("pandas.")
    cells: list[Any] = list(column.to_pandas()) if of_pandas else column.to_pylist()
    missing = column.is_null().to_pylist()
    texts = [None if out else str(cell) for cell, out in zip(cells, missing, strict=True)]
    try:
        return pa.chunked_array([pa.array(texts, pa.string())])
    except (pa.ArrowInvalid, UnicodeEncodeError) as error:
        raise SourceError(
            f"a column of type {column.type} cannot be written as text: {error}\n"
            "turn it into text with astype(str), or drop it"
        ) from error
