"""The best quartile: by how much the waits of slower groups would shrink, were they as quick as the better ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.errors import LabelNotFoundError
from procmine.kernels import Bools, Floats, Ints
from procmine.kpi.waiting.split import Split
from procmine.observe import attribute_series

FEWEST_WAITS = 10
"""A group with fewer waits is neither a model nor measured against one."""
FEWEST, MOST = 3, 50
"""How many groups there must be for a best quartile, and how many there may be."""


def scales_of_steps(found: Split, by: str, here: Bools) -> Floats:
    """Return by what the wait of each step would be multiplied: 1 where its group is no slower.

    Of the medians of g groups the model is the ⌈g / 4⌉-th from the best, activity by activity; a wait
    in a group with a greater median m is multiplied by model / m.
    """
    group, labels = groups_of(found, by)
    rows = np.flatnonzero(here & (group >= 0))
    key = found.log.activity.codes[rows].astype(np.int64) * len(labels) + group[rows]
    cells = len(found.log.activity.labels) * len(labels)
    offsets = kernels.offsets_of(key, cells)
    ordered = kernels.sorted_in_groups(key, found.wait[rows], cells)
    median = kernels.grouped_quantiles(ordered, offsets, [0.5])[:, 0]
    median[np.diff(offsets) < FEWEST_WAITS] = np.nan
    scales = np.ones(found.log.n_steps)
    scales[rows] = _scales(median.reshape(-1, len(labels))).ravel()[key]
    return scales


def _scales(medians: Floats) -> Floats:
    """Return by what the waits of each group are multiplied, a row for each activity; 1 where it is no slower."""
    count = (~np.isnan(medians)).sum(axis=1)
    ordered = np.sort(medians, axis=1)  # NaN last
    place = np.maximum(-(-count // 4) - 1, 0)
    model = ordered[np.arange(len(medians)), place][:, None]
    slower = (medians > model) & (count >= FEWEST)[:, None]
    scales = np.ones_like(medians)
    np.divide(model, medians, out=scales, where=slower)
    return scales


def groups_of(found: Split, by: str) -> tuple[Ints, Sequence[str]]:
    """Return the group of every step, -1 where it has none, and the names of the groups."""
    log = found.log
    if by == "unit" and log.unit is not None:
        return log.unit.codes.astype(np.int64), log.unit.names()
    names = log.case_attributes.column_names
    if by not in names:
        known = [*names, *(["unit"] if log.unit is not None else [])]
        raise LabelNotFoundError.among(by, known, what="case attribute (by=)")
    codes, labels = pd.factorize(attribute_series(log.case_attributes[by], log.tz))
    return codes.astype(np.int64)[log.case_codes], [str(label) for label in labels]
