"""Which remedies to look at first: the causes of waiting that there are, the activities with most of it, the rework."""

from __future__ import annotations

import numpy as np

from procmine.kernels import NAT
from procmine.kpi.improvement.remedies import Remedy
from procmine.kpi.improvement.without_rework import Avoidable
from procmine.kpi.sums import sums
from procmine.kpi.waiting.split import CAUSES, Split

MENDABLE = tuple(cause for cause in CAUSES if cause != "unavailability")
AVOIDABLE = ("completion_request", "rework")
PROPOSED = 5
"""How many activities remedies are proposed for."""


def proposed(found: Split, by: str | None, rework: Avoidable) -> list[Remedy]:
    """Return remedies for a first look: without each cause that there is, everywhere and, for the activities
    with most waiting, without their main cause; with ``by`` also the best quartile of these; without
    completion requests and rework, where there are such.

    Unavailability is not proposed: nights and weekends stay. In logs with one timestamp nothing is that
    would take away what is unexplained: the work itself is in it.
    """
    mendable = [
        cause for cause in MENDABLE if found.log.start is not None or cause != "unexplained"
    ]
    parts = {cause: np.where(part == NAT, 0, part) for cause, part in found.parts.items()}
    remedies = [Remedy("without_cause", cause=cause) for cause in mendable if parts[cause].any()]
    remedies += [Remedy("without_rework", rework=kind) for kind in AVOIDABLE if rework.occurs(kind)]
    codes, labels = found.log.activity.codes, found.log.activity.names()
    waited = sums(codes.astype(np.int64), np.where(found.wait == NAT, 0, found.wait), len(labels))
    for code in np.argsort(-waited, kind="stable")[:PROPOSED]:
        if waited[code] > 0:
            here = codes == code
            main = max(mendable, key=lambda cause, here=here: int(parts[cause][here].sum()))  # type: ignore[misc]
            if parts[main][here].any():
                remedies.append(Remedy("without_cause", labels[code], cause=main))
            if by is not None:
                remedies.append(Remedy("best_quartile", labels[code], by=by))
    return remedies
