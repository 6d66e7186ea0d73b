"""The shipped rules as the library finds them: by id, with what they extend, and with what is unclear."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procmine.errors import DataQualityWarning, ProcedureError
from procmine.procedure import Procedure, rules
from procmine.procedure.rules import doubts
from procmine.procedure.rules.files import Shipped, read_rules
from procmine.procedure.term import Pause, Term
from tests.procedure.written import changed

TERM = "{id: internal, start: registered, length: {n: 10, unit: day}}"


RULES = """\
schema: procmine.rules/1
counting:
  plain: {roll_on: [sun]}
pauses:
  - {id: x.pause, from: asked, until: got, versions: [{valid_to: 2020-12-31}, {valid_from: 2021-01-01, max_days: 5}]}
rules:
  - {id: x.base, start: registered, counting: plain, length: {n: 30}, pauses: [x.pause], silence: approval}
  - {id: x.child, extends: x.base, length: {n: 90}}
  - id: x.grandchild
    extends: x.child
    silence: none
    versions: [{valid_to: 2020-12-31}, {valid_from: 2021-01-01, phases: [{id: a, length: {n: 1}}]}]
"""


def shipped(tmp_path: Path, *texts: str) -> Shipped:
    paths = [tmp_path / f"{number}.yaml" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return read_rules(paths)


def test_a_rule_holds_what_it_extends_over_files(tmp_path: Path) -> None:
    other = "schema: procmine.rules/1\nrules: [{id: y, extends: x.child, name: Y}]\n"
    (found,) = shipped(tmp_path, RULES, other).rules["y"]
    assert (found["length"], found["silence"], found["id"]) == ({"n": 90}, "approval", "y")
    assert "extends" not in found


def test_a_version_with_phases_has_no_length_of_what_it_extends(tmp_path: Path) -> None:
    first, second = shipped(tmp_path, RULES).rules["x.grandchild"]
    assert first["length"] == {"n": 90}
    assert "length" not in second
    assert second["silence"] == "none"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rules: []\n", "is no file of rules"),
        (
            "schema: procmine.rules/1\nrules: [{id: a, extends: b}, {id: b, extends: a}]\n",
            "extends itself",
        ),
        (
            "schema: procmine.rules/1\nrules: [{id: a, extends: b}]\n",
            "'a' extends 'b', which is no rule",
        ),
        (
            "schema: procmine.rules/1\nrules: [{id: x.base}]\n",
            "x.base stands in another file as well",
        ),
    ],
)
def test_a_broken_file_of_rules_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProcedureError, match=message):
        shipped(tmp_path, RULES, text)


def test_an_unknown_rule_is_told_with_the_nearest() -> None:
    with pytest.raises(
        ProcedureError, match=r"no rule 'ro\.petitions'; did you mean 'ro\.petition'"
    ):
        rules.rule("ro.petitions")


def unclear(**fields: Any) -> Term:
    base = {"id": "x", "start": "registered", "length": {"n": 1}, "status": "unclear: Saturdays"}
    return rules.resolved(Term.model_validate({**base, "option": "roll_saturday", **fields}))


@pytest.fixture
def nothing_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubts, "_warned", set())


@pytest.mark.usefixtures("nothing_warned")
def test_what_is_unclear_is_warned_of_once_with_the_option_that_settles_it() -> None:
    with pytest.warns(DataQualityWarning) as caught:
        rules.warn_once(unclear())
    assert [str(one.message) for one in caught] == [
        "rule x\nunclear: Saturdays; set options: {roll_saturday: true or false} for this term"
    ]
    rules.warn_once(unclear())


@pytest.mark.usefixtures("nothing_warned")
def test_a_warning_that_was_turned_into_an_error_comes_again() -> None:
    for _ in range(2):
        with pytest.raises(DataQualityWarning):
            rules.warn_once(unclear())


@pytest.mark.usefixtures("nothing_warned")
@pytest.mark.parametrize(
    "fields", [{"options": {"roll_saturday": False}}, {"status": "verified"}, {"status": "checked"}]
)
def test_what_is_settled_is_not_warned_of(fields: dict[str, Any]) -> None:
    rules.warn_once(unclear(**fields))


@pytest.mark.usefixtures("nothing_warned")
def test_another_doubt_of_a_term_of_the_same_id_is_warned_of_as_well() -> None:
    with pytest.warns(DataQualityWarning, match="Saturdays"):
        rules.warn_once(unclear())
    with pytest.warns(DataQualityWarning, match="holidays"):
        rules.warn_once(unclear(status="unclear: holidays"))


@pytest.mark.usefixtures("nothing_warned")
def test_what_is_unclear_in_the_counting_and_the_pauses_is_warned_of_too() -> None:
    pause = Pause.model_validate(
        {
            "id": "p",
            "from": "a",
            "until": "b",
            "status": "unverified: x",
            "option": "none: write times anew",
        }
    )
    counting = {"id": "c", "status": "unclear: y", "option": "free_days, bridge"}
    with pytest.warns(DataQualityWarning) as caught:
        rules.warn_once(unclear(status="verified", counting=counting, pauses=(pause,)))
    assert str(caught[0].message).splitlines() == [
        "rule x",
        "c unclear: y; set options: {free_days: true or false, bridge: true or false} for this term",
        "p unverified: x; write times anew in one of your own, or set status: checked for this term once it is",
    ]


@pytest.mark.usefixtures("nothing_warned")
@pytest.mark.parametrize(
    "written",
    [
        "{term: ro.building_permit, status: checked}",
        "{term: ro.building_permit, silence: approval}",
        "{term: ro.urbanism_cert, status: checked}",
        "{term: it.default, status: checked by the legal office}",
    ],
)
def test_a_key_that_settles_the_doubt_of_a_rule_silences_it(written: str) -> None:
    (use,) = Procedure.parse(changed(TERM, written)).uses
    for term in use.versions:
        rules.warn_once(term)
