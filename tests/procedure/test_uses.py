"""The terms of a procedure: own ones and shipped rules, changed, with versions and options."""

from __future__ import annotations

from datetime import date

import pytest

from procmine.procedure import Procedure, TermUse, rules
from procmine.procedure.term import Start, Term
from tests.procedure.written import changed

TERM = "{id: internal, start: registered, length: {n: 10, unit: day}}"


def use(written: str) -> TermUse:
    """The use of a term that stands in place of the one of the small procedure."""
    (found,) = Procedure.parse(changed(TERM, written)).uses
    return found


def versions(written: str) -> dict[str, Term]:
    return {term.version: term for term in use(written).versions}


def test_a_shipped_rule_is_taken_whole() -> None:
    assert use("{term: ro.petition}").versions == rules.rule("ro.petition")
    assert use("{term: ro.petition}").id == "ro.petition"


def test_keys_beside_a_rule_change_it_and_leave_the_rest() -> None:
    (term,) = use("{term: ro.petition, id: mine, length: {n: 20}, silence: refusal}").versions
    (shipped,) = rules.rule("ro.petition")
    assert term.length is not None
    assert (term.length.n, term.silence, term.id) == (20, "refusal", "ro.petition")
    assert (term.counting, term.extend, term.start) == (
        shipped.counting,
        shipped.extend,
        shipped.start,
    )


def test_a_use_may_have_an_id_of_its_own() -> None:
    assert use("{term: ro.petition, id: mine}").id == "mine"


def test_another_kind_of_length_takes_the_place_of_the_one_of_the_rule() -> None:
    (by_date,) = use("{term: ro.petition, due_attribute: Termen}").versions
    assert (by_date.length, by_date.due_attribute) == (None, "Termen")
    found = versions("{term: it.pdc, length: {n: 90}, pauses: []}")
    assert all(term.phases == () and term.length is not None for term in found.values())


def test_several_rules_in_one_use_are_versions_of_it() -> None:
    found = use("{term: [nl.wabo, nl.ow]}")
    assert found.id == "nl.wabo or nl.ow"
    assert {term.id for term in found.versions} == {"nl.wabo", "nl.ow"}
    assert found.versions == (*rules.rule("nl.wabo"), *rules.rule("nl.ow"))


def test_own_versions_share_what_stands_outside_of_them() -> None:
    found = versions(
        "{id: a, start: registered, silence: approval, "
        "versions: [{valid_to: 2019-12-31, length: {n: 30}}, {valid_from: 2020-01-01, length: {n: 15}}]}"
    )
    assert list(found) == ["a", "a@2020-01-01"]
    assert [term.length.n for term in found.values() if term.length] == [30, 15]
    assert {term.silence for term in found.values()} == {"approval"}
    assert found["a"].valid_to == date(2019, 12, 31)


def test_dates_may_be_written_as_text() -> None:
    (term,) = use('{id: a, start: registered, length: {n: 1}, valid_from: "2020-01-01"}').versions
    assert term.valid_from == date(2020, 1, 1)


def test_an_own_term_extends_a_rule_under_its_own_id() -> None:
    (term,) = use("{id: shorter, extends: ro.petition, length: {n: 20}}").versions
    (shipped,) = rules.rule("ro.petition")
    assert (term.id, term.version, term.counting) == ("shorter", "shorter", shipped.counting)


@pytest.mark.parametrize(
    ("written", "roll_on"),
    [
        ("", ("sun", "holiday")),
        ("options: {roll_saturday: true}, ", ("sat", "sun", "holiday")),
        ("options: {roll_saturday: false}, ", ("sun", "holiday")),
    ],
)
def test_the_option_roll_saturday_adds_and_takes_saturdays(
    written: str, roll_on: tuple[str, ...]
) -> None:
    counting = "counting: {roll_on: [sun, holiday]}"
    (term,) = use(f"{{id: a, start: registered, length: {{n: 1}}, {written}{counting}}}").versions
    assert term.counting.roll_on == roll_on


@pytest.mark.parametrize(("free", "first", "last"), [("true", False, False), ("false", True, True)])
def test_the_option_free_days_counts_neither_end_or_the_last(
    free: str, first: bool, last: bool
) -> None:
    counting = "counting: {first_day_counts: true, last_day_counts: true}"
    (term,) = use(
        f"{{id: a, start: registered, length: {{n: 1}}, options: {{free_days: {free}}}, {counting}}}"
    ).versions
    assert (term.counting.first_day_counts, term.counting.last_day_counts) == (first, last)


@pytest.mark.parametrize("runs", [True, False])
def test_the_option_of_the_end_of_pauses_reaches_each_pause(runs: bool) -> None:
    option = f"options: {{pause_end_day_runs: {str(runs).lower()}}}"
    pauses = "pauses: [nl.awb_4_15, {from: a, until: b}]"
    (term,) = use(f"{{id: a, start: registered, length: {{n: 1}}, {option}, {pauses}}}").versions
    assert [pause.end_day_counts_as_running for pause in term.pauses] == [runs, runs]


def test_the_option_bridge_stays_for_the_engine() -> None:
    (term,) = use("{id: a, start: registered, length: {n: 1}, options: {bridge: true}}").versions
    assert term.options.bridge is True


def test_a_pause_with_versions_is_all_of_them_under_one_id() -> None:
    (term,) = use("{id: a, start: registered, length: {n: 1}, pauses: it.10bis}").versions
    assert term.pauses == rules.pause("it.10bis")
    assert {pause.id for pause in term.pauses} == {"it.10bis"}
    assert len(term.pauses) == 2


def test_a_pause_and_a_counting_may_extend_shipped_ones() -> None:
    written = "pauses: [{extends: it.susp_2_7, max_days: 60}], counting: {extends: nl-atw, roll_on: [sun]}"
    (term,) = use(f"{{id: a, start: registered, length: {{n: 1}}, {written}}}").versions
    (shipped,) = rules.pause("it.susp_2_7")
    assert term.pauses == (shipped.model_copy(update={"max_days": 60}),)
    assert term.counting.roll_on == ("sun",)
    assert term.counting.min_working_days == rules.counting("nl-atw").min_working_days


def test_a_use_can_be_made_in_python() -> None:
    term = Term(id="a", start=Start(any_of=("registered",)), due_attribute="Termen")
    found = TermUse(id="a", versions=(term,))
    assert found.versions[0].version == "a"
