"""The race of terms: due dates of permits with suspensions and extensions.

No process mining tool counts terms. Beside procmine runs what a careful analyst would write in polars for this one
rule: eight weeks, six more if they were granted in time, the days for completing the file taken out up to the period
given, and the last day rolled over weekends and holidays. It knows nothing of other rules, phases, restarts or owners.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

import procmine as pm
from benchmarks.race import Contender

TERMS = "terms"
_STEPS = ("receive", "register", "ask", "answer", "check", "extend", "decide", "send")
_ZONE, _PERIOD = "Europe/Amsterdam", 28
_PROCEDURE = f"""
procedure: permit
country: NL
activities:
  - {{name: receive, then: office}}
  - {{name: ask, then: applicant}}
  - {{name: answer, then: office}}
  - extend
  - send
closing: [{{activity: send, outcome: approved}}]
events:
  received: receive
  invited_to_complete: {{activity: ask, period: {{days: {_PERIOD}}}}}
  completed: answer
  extension_published: extend
terms:
  - {{term: nl.ow, options: {{pause_end_day_runs: true}}}}
"""


def contenders(cases: int, peers: Sequence[str]) -> list[Contender]:
    """The contenders, all with the same cases of eight steps each."""
    log = permits(cases)
    procedure = pm.Procedure.parse(_PROCEDURE)
    calendar = pm.Calendar("NL", tz=_ZONE)
    found = [Contender("procmine", partial(_counted, log, procedure, calendar), _due)]
    if "polars" in peers:
        steps = pm.steps(log)[["case_id", "activity", "end"]]
        found.append(
            Contender("polars, this rule alone", partial(_in_polars, _frame(steps), calendar), _due)
        )
    return found


def permits(cases: int, seed: int = 1) -> pm.EventLog:
    """A log of permits applied for in two years, eight steps each, a good three days from one to the next."""
    rng = np.random.default_rng(seed)
    first = np.datetime64("2024-01-01", "m") + rng.integers(0, 730 * 1_440, cases)
    gaps = rng.exponential(8 * 1_440, (cases, len(_STEPS))).astype(np.int64)
    gaps[:, 0] = 0
    times = (first[:, None] + np.cumsum(gaps, axis=1)).astype("datetime64[us]")
    codes = np.tile(np.arange(len(_STEPS)), cases)
    frame = pd.DataFrame(
        {
            "case": np.repeat(np.arange(cases).astype(str), len(_STEPS)),
            "activity": pd.Categorical.from_codes(codes, categories=list(_STEPS)),
            "time": times.ravel(),
        }
    )
    return pm.read(frame, case="case", activity="activity", timestamp="time", tz=_ZONE)


def _counted(log: pm.EventLog, procedure: pm.Procedure, calendar: pm.Calendar) -> pd.DataFrame:
    return pm.terms(log, procedure, calendar=calendar)


def _due(table: Any) -> pd.DataFrame:
    """Return what is compared: the due date of every case, its paused days, and whether it was late."""
    ours = isinstance(table, pd.DataFrame)
    table = table.assign(late=table["state"] == "late") if ours else table.to_pandas()
    days = table["due"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return pd.DataFrame(
        {
            "case": table["case_id"].to_numpy(dtype=object),
            "due": days,
            "paused_days": table["paused_days"].to_numpy(dtype=np.int64),
            "late": table["late"].to_numpy(dtype=np.int64),
        }
    )


def _frame(steps: pd.DataFrame) -> Any:
    import polars as pl

    return pl.DataFrame(
        {
            "case_id": steps["case_id"].to_numpy(dtype=object),
            "activity": steps["activity"].astype("object").to_numpy(),
            "day": steps["end"].dt.tz_localize(None).to_numpy(),
        }
    ).with_columns(pl.col("activity").cast(pl.Categorical), pl.col("day").cast(pl.Date))


def _in_polars(frame: Any, calendar: pm.Calendar) -> Any:
    import polars as pl

    days = frame.group_by("case_id", maintain_order=True).agg(
        *(pl.col("day").filter(pl.col("activity") == name).first().alias(name) for name in _STEPS)
    )
    rolled = _rolled(frame["day"].min(), frame["day"].max() + timedelta(days=200), calendar)

    def due(nominal: Any) -> Any:
        return nominal.replace_strict(rolled["day"], rolled["due"])

    end = pl.min_horizontal("answer", pl.col("ask") + timedelta(days=_PERIOD))
    lost = pl.max_horizontal((end - pl.col("ask")).dt.total_days() - 1, pl.lit(0))
    first = pl.col("receive") + timedelta(weeks=8)
    days = days.with_columns(in_time=pl.col("ask") <= due(first), first=first)
    days = days.with_columns(paused_days=pl.when("in_time").then(lost).otherwise(0))
    held = pl.when("in_time").then(pl.max_horizontal("first", "ask")).otherwise("first")
    days = days.with_columns(nominal=held + pl.duration(days="paused_days"))
    granted = pl.col("extend") <= due(pl.col("nominal"))
    longer = pl.when(granted).then(pl.col("nominal") + timedelta(weeks=6)).otherwise("nominal")
    days = days.with_columns(due=due(longer))
    return days.select("case_id", "due", "paused_days", late=pl.col("send") > pl.col("due"))


def _rolled(first: Any, last: Any, calendar: pm.Calendar) -> Any:
    import polars as pl

    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.DataQualityWarning)
        rolled = np.asarray(calendar.roll(days)).astype("datetime64[D]")
    return pl.DataFrame({"day": days, "due": rolled})
