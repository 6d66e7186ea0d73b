"""Bring a source into the one shape that is bound: a row per event, one column per role."""

from __future__ import annotations

from procmine.ingest.binding import Binding
from procmine.ingest.raw import RawTable
from procmine.ingest.shapes.entries import without_annulled
from procmine.ingest.shapes.joined import filled_down, with_joined_case, with_joined_times
from procmine.ingest.shapes.wide import with_milestones


def shaped(raw: RawTable, binding: Binding) -> RawTable:
    """Return the source with the columns that :meth:`Binding.columns` names.

    A case key is carried down to the rows below it (only with ``fill_down``) and joined of its
    parts, a date is joined with its clock time, annulled entries are taken out, and a row per case
    becomes a row per milestone. Whatever is left out is put down in ``rejected``.
    """
    if binding.fill_down:
        raw = filled_down(raw, binding)
    raw = with_joined_case(raw, binding)
    raw = with_joined_times(raw, binding)
    raw = without_annulled(raw, binding)
    return with_milestones(raw, binding) if binding.milestones else raw
