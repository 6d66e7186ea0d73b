"""What the tables of improvement are given: a procedure of the same work, a log with cases, an as_of in sight."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import procmine as pm
from procmine.errors import DataQualityWarning, LabelNotFoundError, ProcmineError
from procmine.procedure import Procedure
from tests.bound import bound, instant, numbered, path
from tests.oracle import DAY, HOUR
from tests.procedure.test_sample_procedures import log_of, procedure_of

MONDAY = 20_458 * DAY + 10 * HOUR  # 2026-01-05
SMALL = Procedure.parse(
    "procedure: small\nactivities: [Came, Checked, Granted]\nclosing: [{activity: Granted}]"
)
OTHER = Procedure.parse(
    "procedure: other\nactivities: [Sown, Reaped]\nclosing: [{activity: Reaped}]"
)
WITH_PROCEDURE: dict[str, Callable[..., pd.DataFrame]] = {
    name: getattr(pm, name)
    for name in (
        *("waiting_causes", "bottlenecks", "opportunities", "rework"),
        *("queues", "blockages", "handovers"),
    )
}
OFFICE = pm.Calendar(tz="Europe/Bucharest", hours={"mon-fri": "08:00-16:00"}, years=(2024, 2060))


def small(**options: Any) -> pm.EventLog:
    """A case that was granted, one of another unit that was checked, and one that only came."""
    days = [(MONDAY + n * DAY, MONDAY + n * DAY + HOUR) for n in range(3)]
    names = ["Came", "Checked", "Granted"]
    cases = [path(str(n), names[: 3 - n], days[: 3 - n], unit="U") for n in range(3)]
    return bound(numbered(*cases), **options)


def quiet(table: Callable[..., pd.DataFrame], *args: Any, **options: Any) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        return table(*args, **options)


# --- what closes a case ---------------------------------------------------------------------------


def test_permits_that_are_granted_by_silence_stand_nowhere():
    log, procedure = log_of("suap_it"), procedure_of("suap_it")
    found = pm.blockages(log, procedure)
    cases = pm.cases(log).set_index("case_id")
    assert set(found["case_id"]) == set(cases.index[cases["state"] == "open"])
    assert len(found) == 84
    status = cases.loc[found["case_id"], "Stato pratica"].astype(str)
    assert (cases["Stato pratica"] == "Silenzio assenso").sum() == 28
    assert "Silenzio assenso" not in set(status)
    assert "procedure, or else as the log says" in found.attrs["basis"]


def test_open_cases_wait_in_the_queue_only_where_procedure_and_log_leave_them_open():
    log = small(closed="Checked")  # the log says that the second case is closed, too
    found = pm.queues(log, SMALL, by="source", period="Y")
    assert found["basis"].str.contains("1 open cases wait for a step").all()
    assert found["basis"].str.contains("procedure, or else as the log says").all()
    assert pm.blockages(log, SMALL)["case_id"].tolist() == ["2"]


def test_a_case_that_the_log_closes_later_stands_until_then():
    log = small(closed="Checked")
    found = pm.blockages(log, SMALL, as_of=instant(MONDAY + 2 * HOUR))
    assert sorted(found["case_id"]) == ["0", "1", "2"]


# --- the procedure --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WITH_PROCEDURE)
def test_a_procedure_of_which_the_log_has_no_activity_is_refused(name: str):
    words = "all 2 activities of the procedure other are missing.*no activity 'Sown' in the log"
    with pytest.raises(LabelNotFoundError, match=f"(?s){words}.*there are: .*Came.*aliases"):
        quiet(WITH_PROCEDURE[name], small(closed="Granted"), procedure=OTHER)


@pytest.mark.parametrize("name", WITH_PROCEDURE)
def test_a_filtered_log_that_has_lost_some_activities_is_taken(name: str):
    log = small(closed="Granted").filter(activity="Granted", exclude=True)
    assert not {"Granted"} & set(log.activity.names())
    quiet(WITH_PROCEDURE[name], log, procedure=SMALL)


@pytest.mark.parametrize("table", [pm.blockages, pm.queues])
def test_a_closing_that_the_log_lacks_would_leave_every_case_open(
    table: Callable[..., pd.DataFrame],
):
    ends = Procedure.parse(
        "procedure: small\nactivities: [Came, Archived]\nclosing: [{activity: Archived}]"
    )
    with pytest.raises(
        LabelNotFoundError, match="closing of the procedure: no activity 'Archived'"
    ):
        table(small(), ends)
    table(small(closed="Granted"), ends)
    table(small().filter(activity="Granted", exclude=True), ends)


# --- as_of ----------------------------------------------------------------------------------------

WITH_AS_OF: dict[str, Callable[..., pd.DataFrame]] = {
    "blockages": pm.blockages,
    "queues": pm.queues,
    "workload": lambda log, **options: pm.workload(log, OFFICE, **options),
}


@pytest.mark.parametrize("name", WITH_AS_OF)
def test_an_as_of_long_after_the_log_is_warned_of_with_both_dates(name: str):
    words = r"(?s)as_of=2052-01-01 is 9,\d\d\d days after .* 2026-01-07.*leave as_of= out"
    with pytest.warns(DataQualityWarning, match=words) as told:
        WITH_AS_OF[name](small(closed="Granted"), as_of="2052-01-01")
    assert len(told) == 1


@pytest.mark.parametrize("name", WITH_AS_OF)
def test_an_as_of_within_a_month_of_the_log_is_taken_without_a_word(name: str):
    WITH_AS_OF[name](small(closed="Granted"), as_of="2026-02-06")


@pytest.mark.parametrize("name", WITH_AS_OF)
def test_an_as_of_before_the_log_is_refused(name: str):
    words = r"(?s)no step of the log begins by 1990-01-01.*first begins on 2026-01-05"
    with pytest.raises(ProcmineError, match=words):
        WITH_AS_OF[name](small(closed="Granted"), as_of="1990-01-01")


# --- empty logs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*WITH_PROCEDURE, "workload", "found_calendars"])
def test_a_log_of_which_a_filter_left_nothing_is_refused_with_what_it_was(name: str):
    log = small(closed="Granted").filter(period=("2025-01-01", "2024-01-01"))
    with pytest.raises(
        ProcmineError, match=r"(?s)^the log has no cases\nsee what its filters left: .*2025"
    ):
        getattr(pm, name)(log)
