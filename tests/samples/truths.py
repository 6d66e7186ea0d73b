"""The five invented exports: their truths, and their logs read with the bindings of the truths, each once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import procmine as pm

FOLDER = Path(__file__).resolve().parent.parent.parent / "sample_logs"
STEMS = ("petitions_ro", "suap_it", "protocol_gr", "permits_nl", "history")

Truth = dict[str, Any]


@cache
def truth_for(stem: str) -> Truth:
    return json.loads((FOLDER / f"{stem}.truth.json").read_text(encoding="utf-8"))


@cache
def log_of(stem: str, **changes: Any) -> pm.EventLog:
    truth = truth_for(stem)
    return pm.read(FOLDER / truth["file"], tz=truth["tz"], **{**truth["binding"], **changes})


@cache
def cases_of(stem: str) -> pd.DataFrame:
    """The cases by their key: of the petitions the year and the number."""
    cases = pm.cases(log_of(stem), as_of=truth_for(stem)["as_of"])
    return cases.set_index(cases["case_id"].astype("str"))


@cache
def steps_of(stem: str) -> pd.DataFrame:
    steps = pm.steps(log_of(stem))
    return steps.astype({"case_id": "str", "activity": "str", "unit": "str"})
