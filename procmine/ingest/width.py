"""How many columns a source may have."""

from __future__ import annotations

from procmine.errors import SourceError

MOST_COLUMNS = 4_096
"""No register has as many; a table turned on its side does, and every column is looked through for names of persons."""


def check_width(columns: int, source: str, *, what: str = "columns") -> None:
    """Raise SourceError where a source has more columns than are read."""
    if columns > MOST_COLUMNS:
        raise SourceError(
            f"{source} has {columns:,} {what}; at most {MOST_COLUMNS:,} are read\n"
            "export only those that are needed, or turn the table where its rows and columns are exchanged"
        )
