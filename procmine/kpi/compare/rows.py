"""The rows of a comparison for the cases of one key: their number, their cycle times, and every ratio."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from procmine.kernels import Floats
from procmine.kpi.bootstrap import LEAST, resampled
from procmine.kpi.compare.curves import Curves
from procmine.kpi.compare.durations import NAMES
from procmine.kpi.compare.part import Draws, Part
from procmine.kpi.compare.ratio import Ratio, divided
from procmine.kpi.compare.row import Row, judged

CLOSED = "closed_share"


def rows_of(parts: tuple[Part, Part], draws: Draws) -> list[Row]:
    """Return the rows of every measure, of the cases of one key on both sides."""
    curves = Curves.of(parts)
    found = [_drawn(part, curves, draws) for part in parts]
    counted = [float(len(part.cases)) for part in parts]
    whole = (len(parts[0].cases), len(parts[1].cases))
    rows = [Row("cases", "cases", (counted[0], counted[1]), whole, "cases that had begun")]
    rows += curves.rows(found)
    unlike = ""
    for place, pair in enumerate(zip(parts[0].ratios, parts[1].ratios, strict=True)):
        some = [each[:, len(NAMES) + place] for each in found]
        row = _ratio_row(parts, pair, some)
        if row.measure == CLOSED:
            unlike = _closed_unlike(row, some)
        rows.append(_withheld(row, pair[0].only or pair[1].only, unlike))
    return rows


def _closed_unlike(row: Row, found: list[Floats]) -> str:
    """Say that more cases are closed on one side, where that is no chance, however few are open."""
    if min(row.n) < LEAST or not judged(row, found).different:
        return ""
    a, b = row.values
    return f"the closed shares differ ({a:.2f} and {b:.2f}): of one side more of the slow cases are left out"


def _withheld(row: Row, only: str, unlike: str) -> Row:
    """Return a row without a verdict, where it counts cases that were not chosen alike on both sides."""
    if not only or not unlike or row.different is None:
        return row
    told = f"not judged: only {only} cases count, and {unlike}"
    return replace(row, different=None, method=f"{row.method}; {told}")


def _drawn(part: Part, curves: Curves, draws: Draws) -> Floats:
    """Return every figure of every resample: cycle times first, then the ratios."""
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

    if not len(part.cases):
        return np.full((draws.count, len(NAMES) + len(part.ratios)), np.nan)
    sums = [each[part.cases] for ratio in part.ratios for each in (ratio.over, ratio.under)]
    matrix = csr_array(np.column_stack(sums)) if sums else None
    chunks = []
    for drawn in resampled(len(part.cases), draws.count, draws.of_side(part.side)):
        times = curves.figures(part, drawn)
        totals = np.zeros((len(drawn), 0)) if matrix is None else drawn @ matrix
        chunks.append(np.hstack([times, divided(totals[:, ::2], totals[:, 1::2])]))
    return np.vstack(chunks)


def _ratio_row(parts: tuple[Part, Part], pair: tuple[Ratio, Ratio], found: list[Floats]) -> Row:
    inside = [ratio.counted[part.cases] for ratio, part in zip(pair, parts, strict=True)]
    sums = [
        (ratio.over[part.cases].sum(), ratio.under[part.cases].sum())
        for ratio, part in zip(pair, parts, strict=True)
    ]
    values = [float(divided(np.array(over), np.array(under))) for over, under in sums]
    first = pair[0] if pair[0].reason or not pair[1].reason else pair[1]
    row = Row(
        first.measure,
        first.measured_in,
        (values[0], values[1]),
        (int(inside[0].sum()), int(inside[1].sum())),
        first.method,
        first.activity,
        first.term,
        cases=_behind(parts, pair, values),
    )
    few = "" if first.reason else _too_few(row, parts, pair)
    return replace(row, method=f"{row.method}; {few}") if few else judged(row, found)


def _too_few(row: Row, parts: tuple[Part, Part], pair: tuple[Ratio, Ratio]) -> str:
    """Say why there is no interval, where too few cases stand behind a figure or a share."""
    if min(row.n) < LEAST:
        return f"no interval: fewer than {LEAST} cases on one side"
    if row.measured_in != "share":
        return ""
    yes = sum(int((r.over[p.cases] > 0).sum()) for r, p in zip(pair, parts, strict=True))
    if min(yes, sum(row.n) - yes) < LEAST:
        return f"no interval: fewer than {LEAST} cases that count, or that do not"
    return ""


def _behind(
    parts: tuple[Part, Part], pair: tuple[Ratio, Ratio], values: list[float]
) -> tuple[str, ...]:
    """Return the cases of the higher side that lift it most above the other.

    With over_i and under_i of a case of the higher side and R of the other, the sum of
    over_i − R under_i, over all under_i, is the difference.
    """
    if not np.isfinite(values[0] - values[1]) or values[0] == values[1]:
        return ()
    high = int(values[1] > values[0])
    part, ratio = parts[high], pair[high]
    over, under = ratio.over[part.cases], ratio.under[part.cases]
    return part.most(over - values[1 - high] * under)
