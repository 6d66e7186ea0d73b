"""Checks at the door of a plot: whether it was given the table that it draws."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from procmine.errors import ProcmineError


def expect(table: object, columns: Collection[str], *, plot: str, maker: str) -> pd.DataFrame:
    """Return the table if it has the columns, or say which call makes the right one.

    >>> expect(pd.DataFrame({"n": [1]}), ["cases"], plot="plot_variants", maker="pm.variants(log)")
    Traceback (most recent call last):
    procmine.errors.ProcmineError: plot_variants found no column 'cases'
    columns are: n
    give it the table of pm.variants(log)
    """
    if not isinstance(table, pd.DataFrame):
        raise ProcmineError(
            f"{plot} draws a table and was given a {type(table).__name__}\n"
            f"give it the table of {maker}"
        )
    missing = [repr(name) for name in columns if name not in table.columns]
    if missing:
        raise ProcmineError(
            f"{plot} found no column {', '.join(missing)}\n"
            f"columns are: {', '.join(map(str, table.columns))}\ngive it the table of {maker}"
        )
    return table


def choice(value: str, options: Collection[str], *, parameter: str) -> str:
    """Return the value if it is one of the options, or name them."""
    if value not in options:
        raise ProcmineError(f"{parameter}={value!r} is not known; choose from {', '.join(options)}")
    return value
