"""What a first look at a source shows beside its binding: how it is written, and what becomes of the other columns."""

from __future__ import annotations

from dataclasses import replace

from procmine.errors import ProcmineError
from procmine.ingest.binding import Binding
from procmine.ingest.csv.separator import SEPARATORS
from procmine.ingest.kinds import is_text
from procmine.ingest.names import Names
from procmine.ingest.opened import Opened
from procmine.ingest.privacy import left_out, notes_on_left_out
from procmine.ingest.raw import RawTable
from procmine.ingest.rows import read_times
from procmine.ingest.times import ISO

_TYPED = "typed"
_SHOWN = 12


def seen(
    opened: Opened, first: RawTable, binding: Binding, names: Names | None = None
) -> tuple[str, ...]:
    """Return in words what was seen of a source and of its ``first`` rows; ``names`` are the user's."""
    return (*_written(opened), *_dates(first, binding), *_others(first, binding, names))


def _written(opened: Opened) -> list[str]:
    """Say how a text table is written, or what the reader of another source noted."""
    if opened.csv is None:
        return [] if opened.raw is None else list(opened.raw.notes)
    mark = SEPARATORS.get(opened.csv.head.separator, repr(opened.csv.head.separator))
    return [
        f"a text table in {opened.csv.encoding}, its cells separated by {mark}",
        *opened.csv.notes,
    ]


def _dates(first: RawTable, binding: Binding) -> list[str]:
    """Say in which way the dates of each bound column are written, or why they cannot be read."""
    columns = [*binding.milestones]
    for role in ("start", "end", "timestamp"):
        columns += binding.parts().get(role, ())[:1]
    # the reader of a workbook writes typed dates that stand among words as ISO 8601, and notes the others
    ways: dict[str, list[str]] = {}
    unsaid = (_TYPED,) if first.date_system is None else (_TYPED, ISO)
    faults = []
    for column in dict.fromkeys(columns):
        if first.date_system is not None and not is_text(first.table[column]):
            continue  # a workbook types its dates: only those kept as text are written in a way
        try:
            way = read_times(first, column, replace(binding, reasons={})).family
        except ProcmineError as error:
            faults.append(f"{column!r} cannot be read yet: {_fault(error, column, first.name)}")
        else:
            ways.setdefault(way, []).append(column)
    return [
        f"{', '.join(map(repr, columns))} {'is' if len(columns) == 1 else 'are'} read as {way}"
        for way, columns in ways.items()
        if way not in unsaid
    ] + faults


def _fault(error: ProcmineError, column: str, source: str) -> str:
    """Return an error about a column in one line: what is wrong with it, and what to do."""
    where = f"column {column!r} in {source}"
    lines = [line.strip() for line in str(error).splitlines()]
    what = lines[0].removeprefix(f"{where}: ")
    lines[0] = what.replace(where, "it", 1) if what.startswith(where) else what
    return "; ".join(lines).replace(":; ", ": ")


def _others(first: RawTable, binding: Binding, names: Names | None) -> list[str]:
    """Say which columns become attributes, and which are left out."""
    bound = {name for names in binding.parts().values() for name in names} | set(binding.milestones)
    rest = [name for name in first.table.column_names if name not in bound]
    out = left_out(first.table.select(rest), binding, names)
    kept = [name for name in rest if name not in out.columns]
    more = f" and {len(kept) - _SHOWN} more" if len(kept) > _SHOWN else ""
    shown = ", ".join(map(repr, kept[:_SHOWN])) + more
    return [
        *([f"kept as attributes: {shown}"] if kept else []),
        *notes_on_left_out(out.by_name, out.by_contents, names),
    ]
