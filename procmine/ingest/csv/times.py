"""Which time columns of a text table can be decoded while it is read, judged by its first rows."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.binding import Binding

_ISO_LOCAL = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$"
_ISO_OFFSET = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})$"


def typed_times(sample: pa.Table, binding: Binding) -> dict[str, pa.DataType]:
    """Return the types of the bound time columns that are written in ISO 8601 throughout the
    sample.

    Times with an offset are decoded only where tz= is given: else their offsets are still needed to
    propose a zone.
    """
    if binding.time_format is not None:
        return {}
    types = {}
    for column in binding.time_columns():
        if column in sample.column_names:
            kind = _decodable(sample[column], zone_given=binding.tz is not None)
            if kind is not None:
                types[column] = kind
    return types


def _decodable(texts: pa.ChunkedArray, *, zone_given: bool) -> pa.DataType | None:
    filled = texts.filter(pc.not_equal(texts, ""))
    if len(filled) and pc.all(pc.match_substring_regex(filled, _ISO_LOCAL)).as_py():
        return pa.timestamp("us")
    if zone_given and len(filled) and pc.all(pc.match_substring_regex(filled, _ISO_OFFSET)).as_py():
        return pa.timestamp("us", tz="UTC")
    return None
