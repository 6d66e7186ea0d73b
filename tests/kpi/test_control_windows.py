"""Control windows: what was notified may be done at once, and a window that passed is nobody's failure."""

from __future__ import annotations

import pandas as pd
import pytest

import procmine as pm
from procmine.procedure import Procedure
from tests.kpi.ten_days import SEEN, TEN_DAYS, log_of, quietly

MISSING = [
    "timeliness",
    "on_time_share",
    "overdue_backlog",
    "overdue_backlog_0_30",
    "overdue_backlog_over_180",
    "lateness_median",
    "lateness_mean",
]


def rules(kind: str, silence: str = "approval") -> Procedure:
    """Ten days, in time to check or in which a decision is due."""
    text = TEN_DAYS.replace("SILENCE", silence)
    return Procedure.parse(text.replace("- id: reply", f"- id: reply\n    kind: {kind}"))


def notices() -> pm.EventLog:
    """Checked in time, passed and filed later, passed, still in its window."""
    return log_of(
        {
            **SEEN,
            "a1": [("Came", "2026-01-05"), ("Granted", "2026-01-13")],
            "a2": [("Came", "2026-01-05"), ("Granted", "2026-01-25")],
            "b1": [("Came", "2026-01-05")],
            "b2": [("Came", "2026-01-20")],
        }
    )


def january(procedure: Procedure) -> pd.DataFrame:
    found = quietly(pm.kpis, notices(), procedure, period="M", as_of="2026-01-28")
    rows = found[(found["term"] == "reply") & (found["period"] == "2026-01")]
    return rows.set_index("kpi")


def test_the_table_says_of_what_kind_a_term_is():
    for kind in ("statutory", "internal", "control_window"):
        table = quietly(pm.terms, notices(), rules(kind))
        assert set(table["kind"]) == {kind}
        at = list(table.columns).index("version")
        assert table.columns[at + 1] == "kind"


def test_a_window_that_passed_approves_and_what_is_filed_later_is_not_decided_late():
    by_kind = {}
    for kind in ("statutory", "control_window"):
        table = quietly(pm.terms, notices(), rules(kind), as_of="2026-01-28")
        by_kind[kind] = table.set_index("case_id").loc["a2"]
    assert {row["state"] for row in by_kind.values()} == {"deemed_approved"}
    assert by_kind["statutory"]["decided_late"]
    assert not by_kind["control_window"]["decided_late"]


def test_a_control_window_has_no_timeliness_no_backlog_and_no_lateness():
    window, term = january(rules("control_window")), january(rules("statutory"))
    assert term.loc["timeliness", "value"] == 1 / 3  # a1 of a1, a2, b1
    assert term.loc["lateness_mean", "value"] == 10
    for kpi in MISSING:
        assert pd.isna(window.loc[kpi, "value"]), kpi
        assert window.loc[kpi, "n"] == 0
        assert "no decision is due" in window.loc[kpi, "basis"]
    assert window.loc[["timeliness", "on_time_share"], ["low", "high"]].isna().all(axis=None)
    others = ~window.index.str.startswith(("timeliness", "on_time", "overdue", "lateness"))
    pd.testing.assert_frame_equal(
        window.loc[others].drop(columns="basis"), term.loc[others].drop(columns="basis")
    )
    assert window.loc["concluded", "value"] == 3
    assert window.loc["silent_approvals", "value"] == 2


def test_a_window_in_which_silence_means_nothing_is_not_overdue_either():
    assert january(rules("statutory", "none")).loc["overdue_backlog", "value"] == 1
    assert pd.isna(january(rules("control_window", "none")).loc["overdue_backlog", "value"])


def test_where_only_one_version_is_a_window_the_cases_of_the_other_are_judged():
    text = TEN_DAYS[: TEN_DAYS.index("terms:")] + (
        "terms:\n  - {id: reply, start: registered, versions: ["
        "{valid_to: 2026-01-10, kind: KIND, LENGTH}, {valid_from: 2026-01-11, LENGTH}]}\n"
    ).replace("LENGTH", "length: {n: 10, unit: day}, counting: {roll_on: []}")
    known = {
        **SEEN,
        "a1": [("Came", "2026-01-05"), ("Granted", "2026-01-25")],
        "a2": [("Came", "2026-01-12"), ("Granted", "2026-01-14")],
        "b1": [("Came", "2026-01-05")],
    }
    values = {}
    for kind in ("statutory", "control_window"):
        procedure = Procedure.parse(text.replace("KIND", kind))
        found = quietly(pm.kpis, log_of(known), procedure, period="M", as_of="2026-01-31")
        found = found[(found["term"] == "reply") & (found["period"] == "2026-01")]
        values[kind] = found.set_index("kpi")["value"]
    assert values["statutory"][["timeliness", "on_time_share"]].tolist() == [1 / 2, 1 / 3]
    assert values["control_window"][["timeliness", "on_time_share"]].tolist() == [1, 1]
    assert [values[kind]["overdue_backlog"] for kind in values] == [1, 0]
    assert values["control_window"]["concluded"] == 2
    assert values["statutory"]["lateness_mean"] == 10
    assert pd.isna(values["control_window"]["lateness_mean"])


def test_at_risk_lists_no_control_window():
    assert quietly(pm.at_risk, notices(), rules("statutory"))["case_id"].tolist() == ["b2"]
    found = quietly(pm.at_risk, notices(), rules("control_window"))
    assert len(found) == 0
    assert {"chance", "reason"} <= set(found.columns)


@pytest.mark.parametrize("silence", ["approval", "none"])
def test_beside_a_control_window_a_term_is_counted_as_it_is_alone(silence):
    term = "{id: other, start: registered, length: {n: 10, unit: day}, counting: {roll_on: []}}"
    alone = Procedure.parse(TEN_DAYS[: TEN_DAYS.index("terms:")] + f"terms:\n  - {term}\n")
    text = TEN_DAYS.replace("SILENCE", silence).replace("reply", "reply\n    kind: control_window")
    both = Procedure.parse(f"{text}  - {term}\n")
    drop = ["basis", "term"]
    for measure in (pm.kpis, pm.at_risk):
        tables = [quietly(measure, notices(), one, as_of="2026-01-28") for one in (alone, both)]
        one, other = (
            table[table["term"] == "other"]
            .drop(columns=drop, errors="ignore")
            .reset_index(drop=True)
            for table in tables
        )
        assert len(one)
        pd.testing.assert_frame_equal(one, other)
