"""compare(a, b): every measure of two logs, or of two parts of one, with the interval of its difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import Ints
from procmine.kpi.compare.curves import LOGRANK
from procmine.kpi.compare.durations import NAMES
from procmine.kpi.compare.part import Draws, Part
from procmine.kpi.compare.ratio import Ratio
from procmine.kpi.compare.ratios import Common, ratios
from procmine.kpi.compare.row import Row, adjusted, as_columns
from procmine.kpi.compare.rows import CLOSED, rows_of
from procmine.kpi.compare.side import Side, sides
from procmine.kpi.compare.timeliness import timeliness
from procmine.kpi.keys import checked_keys, keys_of_cases
from procmine.log import EventLog

if TYPE_CHECKING:
    from procmine.procedure import Procedure

MEASURES = (
    *("cases", *NAMES, LOGRANK, CLOSED, "office_time", "processing_time", "waiting_time"),
    *("step_wait", "steps", "rework_share", "handovers", "first_time_right", "timeliness"),
)
OWN = ("measure", "activity", "term", "measured_in", "difference", "low", "high", "p", "p_holm")
ENDING = ("method", "different", "cases")


def compare(
    a: EventLog,
    b: EventLog,
    *,
    names: tuple[str, str] = ("a", "b"),
    procedure: Procedure | None = None,
    calendar: Calendar | None = None,
    by: str | Sequence[str] = (),
    measures: str | Sequence[str] | None = None,
    as_of: Any = None,
    order: str = "concurrency",
    starts: str | None = None,
    seed: int = 0,
    resamples: int = 1000,
) -> pd.DataFrame:
    """Set two logs, or two parts of one, side by side: each measure, its difference, and how sure that is.

    ``a`` and ``b`` are two logs, or one that was divided: ``log.filter(period=…)``, ``log.where(…)``.
    ``names`` are the names of the two columns of values (and of ``n_…``).

    ``cases``          cases that had begun
    ``cycle_time_median, cycle_time_p80, cycle_time_mean``
                       days; Kaplan and Meier's estimate: open cases count as lasting longer than their
                       age. The mean is that up to the longest time that cases were followed on the
                       side where some last even longer (the shorter of both)
    ``cycle_time_logrank``
                       the log-rank test of the whole curves: how many ended over how many would have,
                       were both alike; ``p`` is that of the test
    ``closed_share``   closed / begun
    ``office_time``    with ``calendar``: office hours within the cycle time
    ``processing_time, waiting_time``
                       days per case, where they are known of all its steps
    ``step_wait``      mean wait of a step, of every ``activity``
    ``steps, handovers``
                       per case; a handover is a passage to another unit
    ``rework_share``   cases in which an activity came again
    ``first_time_right``
                       with a procedure: cases without a completion request, as in :func:`procmine.rework`
    ``timeliness``     with a procedure, for every ``term``: on time / concluded

    From processing_time on, over the complete cases only (the closed ones; all, where closing is
    unknown); step_wait over all steps. Where the closed shares differ, these are not judged: of the
    side with more open cases more of the slow ones are left out. Both logs together say which
    activities are concurrent. What cannot be computed is missing, and ``method`` says why.

    ``difference`` is the second less the first; ``low`` and ``high`` are its 95 % percentile interval
    over ``resamples`` bootstrap samples of whole cases (Efron 1979), drawn anew on each side, the
    same for the same ``seed``. Of 20 measures that do not differ one will seem to: ``p_holm`` is ``p``
    adjusted for all rows of the table (Holm 1979). ``different`` is True only where ``p_holm`` is below
    0.05 and the interval leaves out 0; it is missing where nothing is judged: with fewer than 10
    cases on one side, or fewer than 10 that a share counts, or over closed cases of unlike shares.
    ``cases`` are up to 10 cases of the higher side that lift it most above the other.

    ``by`` names case attributes or ``unit``: each key is compared with itself. Nothing is ranked.

    Columns: ``measure, activity, term`` (with a procedure), ``by…, a, b, measured_in, difference, low,
    high, p, p_holm, n_a, n_b, method, different, cases``; what else is to be known of the two is in
    ``attrs["notes"]``.

    >>> old = log.filter(period=(None, "2025-01-01"), period_mode="started")
    >>> new = log.filter(period=("2025-01-01", None), period_mode="started")
    >>> found = compare(old, new, names=("old", "new"), measures=["cycle_time_median"])
    >>> found[["measure", "old", "new", "different"]].round(2)
                 measure    old    new  different
    0  cycle_time_median  32.93  33.03      False
    """
    _checked(a, b, names, resamples)
    wanted = _wanted(measures)
    both = sides((a, b), names, procedure, as_of, order=order, starts=starts)
    common = Common.of(*both, calendar, procedure)
    keyed = _keys(both, checked_keys(by, (*OWN, *ENDING, *_valued(names)), "comparison"))
    found = [_ratios(side, common, wanted) for side in both]
    draws = Draws.of(both, resamples, seed)
    rows: list[Row] = []
    keys: list[int] = []
    for key in range(len(keyed[0])):
        parts = [
            Part(side, each, np.flatnonzero(codes == key))
            for side, each, codes in zip(both, found, keyed[1], strict=True)
        ]
        some = [row for row in rows_of((parts[0], parts[1]), draws) if row.measure in wanted]
        rows += some
        keys += [key] * len(some)
    return _table(
        rows, keyed[0].iloc[keys].reset_index(drop=True), names, procedure, both, common.estimated
    )


def _checked(a: EventLog, b: EventLog, names: Sequence[str], resamples: int) -> None:
    if len(names) != 2 or names[0] == names[1] or set(_valued(names)) & {*OWN, *ENDING}:
        raise ProcmineError(
            f"names={names!r}: give two different names that are no columns of the comparison, such as "
            "('2024', '2025')"
        )
    if resamples < 100:
        raise ProcmineError(
            f"resamples={resamples!r} is too few for an interval of 95 %\ngive 100 or more; 1000 is usual"
        )
    for name, log in zip(names, (a, b), strict=True):
        if not log.n_cases:
            raise ProcmineError(
                f"{name!r} has no case to compare\nsee what its filters left: {log.history or 'none'}"
            )


def _wanted(measures: str | Sequence[str] | None) -> list[str]:
    if measures is None:
        return list(MEASURES)
    names = [measures] if isinstance(measures, str) else list(measures)
    for name in names:
        if name not in MEASURES:
            raise LabelNotFoundError.among(name, MEASURES, what="measure of compare()", where="")
    return names


def _valued(names: Sequence[str]) -> list[str]:
    return [*names, *(f"n_{name}" for name in names)]


def _ratios(side: Side, common: Common, wanted: list[str]) -> list[Ratio]:
    found = ratios(side, common)
    if common.procedure is not None and "timeliness" in wanted:
        found += timeliness(side, common.procedure, common.calendar)
    return [ratio for ratio in found if ratio.measure in (CLOSED, *wanted)]


def _keys(both: tuple[Side, Side], by: list[str]) -> tuple[pd.DataFrame, list[Ints]]:
    """Return the keys of both sides, sorted, and the key of every case, -1 of those that had not begun."""
    found = [keys_of_cases(side.log, by, side.seen, side.here) for side in both]
    if not by:
        return pd.DataFrame(index=range(1)), [codes for _, codes in found]
    keys = pd.concat([each for each, _ in found], ignore_index=True)
    number = keys.groupby(by, dropna=False, observed=True, sort=True).ngroup().to_numpy()
    first = len(found[0][0])
    codes = [
        np.append(part, -1)[own]
        for part, (_, own) in zip(np.split(number, [first]), found, strict=True)
    ]
    table = keys.assign(_place=number).drop_duplicates("_place").sort_values("_place")
    return table[by].reset_index(drop=True), codes


def _table(
    rows: list[Row],
    keys: pd.DataFrame,
    names: Sequence[str],
    procedure: Procedure | None,
    both: tuple[Side, Side],
    estimated: str,
) -> pd.DataFrame:
    notes = _notes(both)
    rows = adjusted(rows)
    rows = [replace(row, method="; ".join([row.method, *notes])) for row in rows]
    table = pd.DataFrame(as_columns(rows))
    for name in ("measure", "activity", "term", "measured_in", "method"):
        table[name] = table[name].astype("str")
    table["different"] = table["different"].astype("boolean")
    table.insert(list(table.columns).index("p") + 1, "p_holm", [row.p_holm for row in rows])
    place = list(table.columns).index("a")
    for offset, name in enumerate(keys.columns):
        table.insert(place + offset, name, keys[name].to_numpy())
    if procedure is None:
        table = table.drop(columns="term")
    told = dict(zip(("a", "b", "n_a", "n_b"), _valued(names), strict=True))
    table = table.rename(columns=told)
    table.attrs = {
        "names": tuple(names),
        "notes": [*notes, *filter(None, [estimated])],
        "as_of": tuple(s.as_of for s in both),
    }
    return table


def _notes(both: tuple[Side, Side]) -> list[str]:
    """Return what is to be known of the two: cases that stand on both sides, and different zones."""
    a, b = both
    notes = []
    shared = len(
        pd.Index(a.log.case_labels.to_pandas()).intersection(b.log.case_labels.to_pandas())
    )
    if shared:
        notes.append(f"{shared:,} case ids are on both sides")
    if a.log.tz != b.log.tz:
        notes.append(f"{a.name} is of the zone {a.log.tz}, {b.name} of {b.log.tz}")
    return notes
