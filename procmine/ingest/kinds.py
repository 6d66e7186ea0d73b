"""What kind of values a column holds, whatever way Arrow keeps them."""

from __future__ import annotations

import pyarrow as pa


def is_text(column: pa.ChunkedArray) -> bool:
    """Tell whether a column holds text, coded or not."""
    return is_text_type(column.type)


def is_text_type(kind: pa.DataType) -> bool:
    """Tell whether a type is of text, coded or not."""
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))
