"""The shipped rules give the due dates that were worked out by hand and by a script of its own, day by day."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
import yaml

import procmine as pm
from procmine.procedure import rules
from procmine.procedure.procedure import Procedure
from procmine.procedure.terms import terms

ZONES = {"ro": "Europe/Bucharest", "it": "Europe/Rome", "gr": "Europe/Athens", "nl": "Europe/Amsterdam"}  # fmt: skip

Acts = tuple[tuple[str, str], ...]


def _row(
    rule: str, acts: Acts, over: str = "", attributes: str = "{}", as_of: str = ""
) -> pd.DataFrame:
    """Return the rows of one case: acts are events with their days, an activity each."""
    days = [*(("1", *act) for act in acts), ("other", *acts[0]), ("other", "closed", acts[0][1])]
    frame = pd.DataFrame(days, columns=["case", "activity", "day"])
    frame["day"] = pd.to_datetime(frame["day"])
    log = pm.read(
        frame, case="case", activity="activity", timestamp="day", tz=ZONES[rule[:2]], closed=["closed"]
    )  # fmt: skip
    procedure = Procedure.model_validate(
        {
            "procedure": "one",
            "country": rule[:2].upper(),
            "events": {name: name for name, _ in acts},
            "attributes": yaml.safe_load(attributes),
            "terms": [{"term": rule, **yaml.safe_load(f"{{{over}}}")}],
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.DataQualityWarning)
        table = terms(log, procedure, as_of=as_of or str(frame["day"].max().date()))
    return table[table["case_id"] == "1"]


def _due(rule: str, acts: Acts, over: str = "", attributes: str = "{}", as_of: str = "") -> str:
    return str(_row(rule, acts, over, attributes, as_of)["due"].iloc[-1].date())


@pytest.mark.parametrize(
    ("rule", "start", "due", "over"),
    [
        ("ro.petition", "2025-09-10", "2025-09-26", "length: {n: 15}"),  # the worked example of the source
        ("ro.petition", "2025-03-18", "2025-04-22", ""),
        ("ro.foi", "2024-12-23", "2025-01-03", ""),
        ("ro.urbanism_cert", "2025-04-14", "2025-05-08", ""),
        ("ro.building_permit.urgent", "2024-12-30", "2025-01-14", ""),
        ("it.default", "2025-07-16", "2025-08-18", ""),
        ("it.default", "2025-07-16", "2025-08-16", "options: {roll_saturday: false}"),
        ("it.default", "2026-09-04", "2026-10-05", ""),
        ("gr.default", "2026-02-20", "2026-04-14", "start: filed_at_competent_service"),
        ("gr.default", "2026-03-02", "2026-04-21", "start: filed_at_competent_service"),
        ("nl.ow", "2026-03-10", "2026-05-06", ""),
        ("nl.ow", "2026-03-20", "2026-05-18", ""),
        ("nl.wabo", "2013-03-05", "2013-05-01", ""),
        ("nl.extended", "2025-08-31", "2026-02-28", ""),  # a Saturday: over three months nothing rolls
    ],
)  # fmt: skip
def test_a_term_of_a_shipped_rule_ends_on_the_day_worked_out(
    rule: str, start: str, due: str, over: str
) -> None:
    first = rules.rule(rule)[0].start
    event = "filed_at_competent_service" if first.all_of else first.any_of[0]
    assert _due(rule, ((event, start),), over) == due


APPLIED = ("application_received", "2026-01-12")


def test_the_suspension_of_article_2_7_leaves_the_rest_of_the_30_days() -> None:
    acts = (
        APPLIED,
        ("information_requested", "2026-01-22"),
        ("information_received", "2026-02-11"),
    )
    assert _due("it.default", acts) == "2026-03-03"


def test_a_suspension_of_article_2_7_counts_for_30_days_at_most_and_once() -> None:
    acts = (
        APPLIED,
        ("information_requested", "2026-01-22"),
        ("information_received", "2026-04-01"),
    )
    row = _row("it.default", acts).iloc[0]
    assert row["paused_days"] == 30
    assert row["requested_days"] == 69
    assert row["excess_days"] == 39


def test_documents_asked_for_in_time_begin_the_60_days_of_the_inquiry_anew() -> None:
    acts = (APPLIED, ("documents_requested", "2026-02-05"), ("documents_received", "2026-03-02"))
    rows = _row("it.pdc", acts).set_index("phase")
    assert str(rows.loc["inquiry", "due"].date()) == "2026-05-04"
    assert str(rows.loc["decision", "due"].date()) == "2026-06-03"
    late = (APPLIED, ("documents_requested", "2026-02-12"), ("documents_received", "2026-03-02"))
    assert str(_row("it.pdc", late).set_index("phase").loc["inquiry", "due"].date()) == "2026-03-13"


@pytest.mark.parametrize(
    ("start", "notice", "answer", "due"),
    [
        ("2020-07-16", "2020-07-27", "2020-08-03", "2020-09-02"),  # the former text: 30 days anew from the answer
        ("2020-07-17", "2020-07-27", "2020-08-03", "2020-09-02"),  # 17 days more: 7 until the answer, and 10
        ("2020-07-16", "2020-07-27", "2020-08-20", "2020-09-07"),  # too late: 30 days anew from the tenth, a Saturday
        ("2020-07-17", "2020-07-27", "2020-08-20", "2020-08-26"),  # too late: 10 days more
    ],
)  # fmt: skip
def test_the_notice_before_a_refusal_renews_the_term_until_2020_and_stops_it_since(
    start: str, notice: str, answer: str, due: str
) -> None:
    acts = (("application_received", start), ("notice_of_refusal_received", notice),
            ("observations_received", answer))  # fmt: skip
    assert _due("it.default", acts, as_of="2020-08-31") == due


def test_30_days_take_the_place_of_10_if_the_applicant_was_told_within_the_10() -> None:
    asked = ("registered", "2025-03-03")
    told, too_late = ("long_search_notified", "2025-03-14"), ("long_search_notified", "2025-03-17")
    assert _due("ro.foi", (asked,)) == "2025-03-14"
    assert _due("ro.foi", (asked, told)) == "2025-04-03"
    assert _due("ro.foi", (asked, too_late)) == "2025-03-14"


def test_an_extension_is_granted_until_the_due_date_and_once() -> None:
    start, more = ("registered_at_competent_authority", "2025-05-05"), "extension_approved"
    assert _due("ro.petition", (start,)) == "2025-06-05"
    assert _due("ro.petition", (start, (more, "2025-06-05"))) == "2025-06-20"
    assert _due("ro.petition", (start, (more, "2025-06-04"), (more, "2025-06-18"))) == "2025-06-20"
    assert _due("ro.petition", (start, (more, "2025-06-06"))) == "2025-06-05"


def test_an_irregularity_lengthens_the_term_if_it_is_notified_10_days_before_its_end() -> None:
    start, told = ("file_submitted", "2025-03-04"), "irregularity_notified"
    assert _due("ro.tacit_default", (start,)) == "2025-04-04"
    assert _due("ro.tacit_default", (start, (told, "2025-03-25"))) == "2025-04-14"
    assert _due("ro.tacit_default", (start, (told, "2025-03-26"))) == "2025-04-04"


@pytest.mark.parametrize(
    ("rule", "start", "state"),
    [
        ("ro.tacit_default", "2025-03-04", "deemed_approved"),
        ("ro.foi", "2025-03-04", "deemed_refused"),
        ("ro.petition", "2025-03-04", "overdue"),
        ("it.default", "2025-03-04", "deemed_approved"),
        ("it.scia", "2025-03-04", "deemed_approved"),
        ("nl.wabo", "2023-10-02", "deemed_approved"),
        ("nl.wabo", "2023-11-20", "overdue"),  # permits by silence ended with the year
        ("nl.ow", "2024-03-04", "overdue"),
    ],
)
def test_silence_says_what_the_rule_says(rule: str, start: str, state: str) -> None:
    event = rules.rule(rule)[0].start.any_of[0]
    assert _row(rule, ((event, start),), as_of="2025-12-31")["state"].tolist() == [state]


@pytest.mark.parametrize(
    ("start", "clearance", "state"),
    [
        ("2025-12-17", True, "overdue"),
        ("2025-12-18", True, "deemed_approved"),
        ("2025-12-18", False, "overdue"),
    ],
)
def test_silence_approves_under_a_constraint_since_2025_where_the_clearance_was_held(
    start: str, clearance: bool, state: str
) -> None:
    acts = (("application_received", start), ("proposal", "2026-01-07"))
    given = f"{{constraint: {{value: true}}, constraint_clearance_held: {{value: {clearance}}}}}"
    rows = _row("it.pdc", acts, attributes=given, as_of="2026-10-31").set_index("phase")
    assert rows.loc["decision", "state"] == state


def test_a_commune_of_more_than_100_000_inhabitants_has_105_days_in_lombardy() -> None:
    for people, due in ((100_000, "2026-03-13"), (100_001, "2026-04-27")):
        given = f"{{population: {{value: {people}}}}}"
        assert _due("it.pdc.lombardy", (APPLIED,), attributes=given) == due
