"""Handovers: how often work passes from one unit to another, and how long it waits there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.enabled import CountedLog, counted_log
from procmine.kernels import NAT, Floats, Ints
from procmine.kpi.costs.given import check_costs
from procmine.kpi.given_log import check_has_cases
from procmine.kpi.handovers.changes import Changes, changes
from procmine.kpi.handovers.labels import Hands, hands
from procmine.kpi.rework.keys import StepKeys, dense, own_labels, step_keys
from procmine.kpi.sums import sums
from procmine.log import Coded, EventLog
from procmine.observe import durations, observed_cases

if TYPE_CHECKING:
    from procmine.kpi.costs.costs import Costs
    from procmine.procedure import Procedure

FIGURES = (
    *("handovers", "cases", "share", "n", "same", "waiting_time", "waiting_share"),
    *("external_time", "median_wait", "p90_wait", "cost", "basis"),
)


def handovers(
    log: EventLog,
    procedure: Procedure | None = None,
    *,
    between: str = "unit",
    by: str | Sequence[str] = (),
    order: str = "concurrency",
    costs: Costs | None = None,
) -> pd.DataFrame:
    """Count how often work passed from one unit to another, and how long it waited there.

    A handover is two consecutive steps of a case in different units; with ``between="resource"``
    by different persons, who are counted by their units (``same``: within one) and never shown;
    with the name of a step attribute, with different values of that. Two steps of which one has no
    unit are none. The wait is that of the receiving step (start − enabled; with one timestamp its
    sojourn), ``order`` as for :func:`procmine.steps`. ``by`` takes ``source, activity`` (of the
    two steps) and attributes of the case.

    Columns: ``key…, source_unit, unit, handovers, cases, share`` (of the ``n`` cases of the key),
    ``n, same, waiting_time, waiting_share`` (of the waits of all steps of the key),
    ``external_time`` (the part of waiting_time in which the applicant or a third party had the file,
    as :func:`procmine.waiting_causes` has it: only with a ``procedure`` that says it with
    ``then:``), ``median_wait, p90_wait``, with ``costs`` also ``cost`` (of the delay), ``basis``; most handovers first.
    Definitions are in docs/rework.md.

    >>> handovers(log)[["source_unit", "unit", "handovers", "cases"]].head(1)
        source_unit      unit  handovers  cases
    0  Registratură  Urbanism       2724   2064
    """
    check_has_cases(log)
    check_costs(costs, log)
    who = hands(log, between)
    found = changes(who.compared, log.offsets)
    names = (f"source_{who.name}", who.name)
    keys = step_keys(
        log,
        by,
        observed_cases(log),
        own=_own_keys(log, by),
        taken=(*names, *FIGURES),
        table="table of handovers",
    )
    waits = _waits(log, order, procedure)
    pairs = _pairs(log, keys, found.rows, who.shown)
    n = keys.cases_of(log)[pairs.key]
    columns: dict[str, Any] = {
        names[0]: _texts(who, pairs.source),
        names[1]: _texts(who, pairs.target),
        "handovers": pairs.count,
        "cases": pairs.cases,
        "share": pairs.cases / n,
        "n": n,
        "same": (pairs.source == pairs.target) & (pairs.source >= 0),
        **_waiting(keys, pairs, waits, found.rows, costs),
        "basis": _basis(waits, found, between, costs),
    }
    shown = keys.table.take(pairs.key).reset_index(drop=True)
    table = pd.concat([shown, pd.DataFrame(columns).astype({"basis": "str"})], axis=1)
    return table.sort_values(
        [*shown.columns, "handovers", *names],
        ascending=[True] * shown.shape[1] + [False, True, True],
        ignore_index=True,
    )


@dataclass(frozen=True, eq=False)
class _Pairs:
    """The pairs of hands that occur by key, and the pair of every handover."""

    key: Ints
    source: Ints
    target: Ints
    count: Ints
    cases: Ints
    of_handover: Ints


def _pairs(log: EventLog, keys: StepKeys, rows: Ints, shown: Coded | None) -> _Pairs:
    labels = np.full(log.n_steps, -1) if shown is None else shown.codes
    size = 1 if shown is None else len(shown.labels) + 1
    code = (keys.of_step[rows] * size + labels[rows - 1] + 1) * size + labels[rows] + 1
    used, pair = dense(code, len(keys) * size * size)
    count, cases = kernels.rows_and_cases(log.case_codes[rows], pair, len(used))
    left, target = np.divmod(used, size)
    key, source = np.divmod(left, size)
    return _Pairs(key, source - 1, target - 1, count, cases, pair)


def _own_keys(log: EventLog, by: str | Sequence[str]) -> dict[str, Coded]:
    """Return the activities of the receiving step and of the one before."""
    own = own_labels(log, {"activity": log.activity})
    if "source" not in by:
        return own
    before = np.full(log.n_steps, -1, dtype=np.int32)
    targets = kernels.directly_follows(log.offsets) + 1
    before[targets] = log.activity.codes[targets - 1]
    return own | {"source": Coded(before, log.activity.labels)}


@dataclass(frozen=True, eq=False)
class _Waits:
    """The wait of every step, NAT where it is not known, the part of it that is external, and what both are."""

    time: Ints
    external: Ints
    what: tuple[str, ...]


def _waits(log: EventLog, order: str, procedure: Procedure | None) -> _Waits:
    counted = counted_log(log, order=order)
    what = "sojourn: end" if counted.log.start is None else "waiting: start"
    external, told = _external(counted, counted.wait, procedure)
    return _Waits(counted.wait, external, (f"{what} − enabled", told))


def _external(counted: CountedLog, time: Ints, procedure: Procedure | None) -> tuple[Ints, str]:
    """Return the wait of every step that the applicant or a third party had the file, and who says so."""
    unknown = np.full(len(time), NAT)
    if procedure is None:
        return unknown, "external time not known: give a procedure"
    from procmine.kpi.waiting.turn import waits_for_others
    from procmine.procedure.arguments import check_procedure

    check_procedure(procedure, log=counted.log)
    said = f"then: of procedure {procedure.procedure}"
    if not any(activity.then for activity in procedure.activities):
        return unknown, f"external time not known: no {said}"
    others = waits_for_others(counted, procedure)
    return np.where((time == NAT) | others, time, 0), f"external by {said}"


def _waiting(
    keys: StepKeys, pairs: _Pairs, waits: _Waits, rows: Ints, costs: Costs | None
) -> dict[str, Any]:
    """Return the waits of each pair: their sum, what share that is of the waits of the key, and quantiles."""
    known = waits.time[rows] != NAT
    pair, mine = pairs.of_handover[known], waits.time[rows[known]]
    offsets = kernels.offsets_of(pair, len(pairs.key))
    values = kernels.sorted_in_groups(pair, mine, len(pairs.key))
    some = np.diff(offsets) > 0
    total = np.full(len(pairs.key), NAT)
    total[some] = kernels.checked_sum(values, offsets[:-1][some])
    theirs = waits.external[rows[known]]
    external = np.where(total == NAT, NAT, sums(pair, np.maximum(theirs, 0), len(total)))
    external[pair[theirs == NAT]] = NAT
    waited = np.flatnonzero(waits.time != NAT)
    whole = keys.sum(waited, waits.time[waited])[pairs.key]
    share = np.full(len(total), np.nan)
    np.divide(total, whole, out=share, where=some & (whole > 0))
    median, p90 = kernels.grouped_quantiles(values, offsets, [0.5, 0.9]).T
    columns = {
        "waiting_time": durations(total),
        "waiting_share": share,
        "external_time": durations(external),
        "median_wait": _rounded(median),
        "p90_wait": _rounded(p90),
    }
    return columns if costs is None else columns | {"cost": costs.of_delay(total)}


def _rounded(times: Floats) -> Any:
    known = ~np.isnan(times)
    return durations(np.where(known, np.rint(np.where(known, times, 0)).astype(np.int64), NAT))


def _texts(who: Hands, codes: Ints) -> pd.Series:
    names = [] if who.shown is None else who.shown.names()
    return pd.Series(np.array([*names, None], dtype=object)[codes], dtype="str")


def _basis(waits: _Waits, found: Changes, between: str, costs: Costs | None) -> str:
    said = list(waits.what)
    if found.not_known:
        said.append(f"{found.not_known:,} pairs of steps without a known {between} not counted")
    if costs is not None:
        said.append(f"cost in {costs.currency}")
    return "; ".join(said)
