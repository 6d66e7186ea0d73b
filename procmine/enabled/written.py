"""Times that a log has in its attributes: when a case arrived, when a step was enabled."""

from __future__ import annotations

import warnings

import pyarrow as pa

from procmine import zones
from procmine.errors import DataQualityWarning, LabelNotFoundError
from procmine.kernels import Ints
from procmine.log import EventLog


def case_instants(log: EventLog, name: str, *, what: str) -> Ints:
    """Return a case attribute as instants, one per case; see :func:`step_instants`."""
    return _instants(log, log.case_attributes, name, f"case attribute ({what})")


def step_instants(log: EventLog, name: str, *, what: str) -> Ints:
    """Return a step attribute (or a case attribute, for all its steps) as instants, NAT where missing.

    Text is read as the times of an export are; what cannot be read is counted and missing.
    """
    if name not in log.step_attributes.column_names and name in log.case_attributes.column_names:
        return case_instants(log, name, what=what)[log.case_codes]
    return _instants(log, log.step_attributes, name, f"step attribute ({what})")


def _instants(log: EventLog, attributes: pa.Table, name: str, what: str) -> Ints:
    from procmine.ingest import times

    if name not in attributes.column_names:
        raise LabelNotFoundError.among(name, attributes.column_names, what=what)
    column = attributes[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    typed = pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)
    source = log.import_report.source
    read = (
        times.from_arrow(column)
        if typed
        else times.from_text(column.cast(pa.string()), name=name, source=source)
    )
    if read.unreadable.any():
        warnings.warn(
            f"{int(read.unreadable.sum()):,} of {len(column):,} values of {name!r} are no times and count as "
            "missing",
            DataQualityWarning,
            stacklevel=4,
        )
    return read.micros if read.instants else zones.resolved(read.micros, log.tz).instants
