"""Hands: what changes in a handover, and under which labels it is shown, which are never those of persons."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import Codes
from procmine.log import Coded, EventLog


@dataclass(frozen=True, eq=False)
class Hands:
    """The codes that are compared, the labels that are shown (None: nothing), and the name of these."""

    compared: Codes
    shown: Coded | None
    name: str


def hands(log: EventLog, between: str) -> Hands:
    """Return what changes in a handover ``between`` units, resources, or values of a step attribute."""
    if between == "unit":
        if log.unit is None or not (log.unit.codes >= 0).any():
            raise ProcmineError(
                "the log has no units, so that no handover is seen\n"
                "read it with pm.read(..., unit='the column of the unit'), or give between='resource'"
            )
        return Hands(log.unit.codes, log.unit, "unit")
    if between == "resource":
        if log.resource is None or not (log.resource.codes >= 0).any():
            raise ProcmineError(
                "the log has no resources\n"
                "read it with pm.read(..., resource='the column of the person'), or give between='unit'"
            )
        return Hands(log.resource.codes, log.unit, "unit")
    names = log.step_attributes.column_names
    if between not in names:
        known = ["unit", "resource", *names]
        raise LabelNotFoundError.among(between, known, what="step attribute (between=)")
    values = coded(log.step_attributes[between])
    return Hands(values.codes, values, between)


def coded(column: pa.ChunkedArray) -> Coded:
    """Return an attribute as codes and labels."""
    plain = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(plain.type):
        plain = plain.cast(plain.type.value_type)
    found = plain.cast(pa.string()).dictionary_encode()
    codes = found.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Coded(codes.astype("int32"), found.dictionary)
