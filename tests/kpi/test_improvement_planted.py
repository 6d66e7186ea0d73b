"""What was planted in the permit register is found: the slow office, the committee's day, the unanswered requests."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import procmine as pm
from conftest import sample_log
from procmine.errors import DataQualityWarning
from procmine.kpi.compare import compare
from procmine.kpi.improvement.bottlenecks import bottlenecks
from procmine.kpi.improvement.opportunities import opportunities


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        yield


@pytest.fixture(scope="module")
def truth(root: Path) -> dict[str, Any]:
    return json.loads((root / "sample_logs" / "truth.json").read_text("utf-8"))


def test_the_slow_office_differs_from_the_others_in_the_wait_that_was_made_longer(truth) -> None:
    slow = truth["slow"]
    log = sample_log()
    there = log.filter(attribute={"Oficiu": slow["office"]})
    others = log.filter(attribute={"Oficiu": slow["office"]}, exclude=True)
    table = compare(others, there, measures=["step_wait", "processing_time"])
    found = table[table["p_holm"] < 0.001]
    assert found["activity"].tolist() == [slow["activity"]]
    row = found.iloc[0]
    offices = truth["waiting"]["slow"]["offices"]
    here = offices.pop(slow["office"])
    waits = sum(office["waits"] for office in offices.values())
    assert row["a"] == pytest.approx(sum(o["days"] for o in offices.values()) / waits)
    assert row["b"] == pytest.approx(here["days"] / here["waits"])
    labels = set(pm.cases(there)["case_id"])
    assert set(row["cases"]) <= labels


def test_two_years_alike_do_not_differ_once_there_are_many_measures() -> None:
    log = sample_log()
    parts = [
        log.filter(period=period, period_mode="started")
        for period in ((None, "2025-01-01"), ("2025-01-01", None))
    ]
    table = compare(*parts).set_index("measure")
    # the later cases had less time to close: that is no finding, and the cycle times know it
    assert table[table["different"].fillna(False)].index.tolist() == ["closed_share"]
    alone = table[table["method"].str.contains("it would be alone")]
    assert len(alone) > 0
    assert not alone["different"].any()
    assert ((alone["low"] > 0) | (alone["high"] < 0)).all()


def test_the_committee_loses_what_was_counted_when_the_register_was_made(truth) -> None:
    committee = truth["waiting"]["committee"]
    row = bottlenecks(sample_log()).set_index("activity").loc[committee["activity"]]
    planted = committee["to_the_own_decision"]
    assert row["lost_days"] == pytest.approx(planted["days"])
    assert row["steps"] == planted["waits"]
    assert row["main_cause"] == committee["cause"]
    assert row["main_cause_share"] > 0.95


def test_requests_that_were_never_answered_wait_still(truth) -> None:
    behind = bottlenecks(sample_log(), by="source").set_index("source")["queue_now"]
    assert behind[truth["returns"]["request"]] == truth["returns"]["open_and_unanswered"]


def test_the_best_quartile_mends_the_slow_office_and_nothing_else(truth) -> None:
    slow = truth["slow"]
    log = sample_log()
    remedy = {"kind": "best_quartile", "activity": slow["activity"], "by": "Oficiu"}
    saved = opportunities(log, remedy, resamples=100).loc[0, "saved_days"]
    there = log.filter(attribute={"Oficiu": slow["office"]})
    # its median wait becomes that of the best office
    model = min(slow["median_waiting_days"].values())
    scale = 1 - model / slow["median_waiting_days"][slow["office"]]
    closed = there.where(lambda cases: cases["state"] == "closed")
    steps = pm.steps(closed, order="concurrency")
    waits = steps.loc[steps["activity"] == slow["activity"], "waiting_time"].sum()
    days = waits.total_seconds() / 86_400
    assert saved == pytest.approx(days * scale, rel=0.02)
