"""What is said where a column is no column of times."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import TimestampError
from procmine.kernels import Bools


def refuse_mostly_unreadable(
    texts: pa.Array, bad: Bools, name: str, source: str, time_format: str | None = None
) -> None:
    """Show what is not a time, and what would be."""
    examples = ", ".join(
        repr(text) for text in texts.filter(pa.array(bad)).unique()[:3].to_pylist()
    )
    filled = int(pc.sum(pc.not_equal(texts, "")).as_py())
    fault = "are not times" if time_format is None else f"do not fit time_format={time_format!r}"
    raise TimestampError(
        f"column {name!r} in {source}: {int(bad.sum()):,} of {filled:,} filled cells {fault}, such as {examples}\n"
        "known without time_format= are 2026-03-31, 31.03.2026, 31/03/2026 and 31-03-2026, with or without "
        "a clock time; say another way, such as time_format='%d %m %Y', or name another column"
    )
