"""Mistakes in a procedure file: each is told with its line, its key and what to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procmine.errors import ProcedureError, ProcmineError
from procmine.procedure import Procedure
from procmine.procedure.reading.yaml_text import located
from tests.procedure.written import SMALL, WHOLE, changed

TERM = "{id: internal, start: registered, length: {n: 10, unit: day}}"


def told(text: str) -> str:
    with pytest.raises(ProcedureError) as caught:
        Procedure.parse(text, source="procedure.yaml")
    return str(caught.value)


def told_of(old: str, new: str) -> str:
    return told(changed(old, new))


@pytest.mark.parametrize("text", [SMALL, WHOLE], ids=["small", "whole"])
def test_a_procedure_without_mistakes_is_read(text: str) -> None:
    assert Procedure.parse(text).procedure in ("petition", "building_permit")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "unit: day",
            "unit: dya",
            "line 8, terms[0].length.unit: 'dya' is none of day, working_day, week, month; did you mean 'day'?",
        ),
        (
            "length:",
            "lenght:",
            "line 8, terms[0].lenght: there is no key 'lenght' here; did you mean 'length'?",
        ),
        (
            "country: RO",
            "contry: RO",
            "line 2, contry: there is no key 'contry' here; keys are procedure, name, legal_basis, country, calendar, "
            "activities, flow, closing, outcomes, events, attributes, terms; did you mean 'country'?",
        ),
        (
            "country: RO",
            "country: Romania",
            "line 2, country: 'Romania' is no code of two capital letters, such as RO",
        ),
        (
            "[Înregistrare, Răspuns]",
            "{Înregistrare: office}",
            "line 3, activities: {Înregistrare: …} is not a list, such as [Registration, Decision]",
        ),
        ("procedure: petition\n", "name: Petiție\n", "line 1: the key 'procedure' is missing"),
        (
            "procedure: petition",
            "procedure: 2025",
            "line 1, procedure: 2025 is no text; put it in quotes",
        ),
        (
            "procedure: petition",
            "procedure: 2025-01-01",
            "line 1, procedure: 2025-01-01 is no text; put it in quotes",
        ),
        (
            "procedure: petition",
            "procedure:",
            "line 1, procedure: nothing is written here; it should be a text",
        ),
        (
            "country: RO",
            "name: {ro: 5}",
            "line 2, name.ro: 5 is no text; put it in quotes",
        ),
        (
            "country: RO",
            "name: [a, b]",
            "line 2, name: ['a', 'b'] is not a text or keys with values, such as {ro: Petiție, en: Petition}",
        ),
        ("n: 10", "n: ten", "line 8, terms[0].length.n: 'ten' is not a whole number"),
        ("n: 10", "n: 0", "line 8, terms[0].length.n: 0 is less than 1"),
        ("n: 10, ", "", "line 8, terms[0].length: the key 'n' is missing"),
        ("{n: 10, unit: day}", "10", "line 8, terms[0].length: 10 is not keys with values, such as {n: 30, unit: day}"),
        (
            "start: registered, ",
            "",
            "line 8, terms[0]: the key 'start' is missing",
        ),
        (
            "length: {n: 10, unit: day}",
            "due_attribute: Termen, length: {n: 10}",
            "line 8, terms[0]: give a term exactly one of length, due_attribute and phases",
        ),
        (
            "start: registered",
            "start: {any_of: registered, all_of: registered}",
            "line 8, terms[0].start: name the start event: either any_of or all_of",
        ),
        ("id: internal, ", "", "line 8, terms[0]: a term has an id of its own, or names a rule: term: ro.petition"),
        (
            TERM,
            "ro.petition",
            "line 8, terms[0]: 'ro.petition' is not keys with values",
        ),
        (
            TERM,
            "{term: ro.petitoin}",
            "line 8, terms[0].term: there is no rule 'ro.petitoin'; did you mean 'ro.petition'?",
        ),
        (
            TERM,
            "{term: [nl.wabo, nl.ov]}",
            "line 8, terms[0].term[1]: there is no rule 'nl.ov'; did you mean 'nl.ow'?",
        ),
        (TERM, "{term: 5}", "line 8, terms[0].term: name a shipped rule, or several: [nl.wabo, nl.ow]"),
        (
            TERM,
            "{term: ro.petition, versions: []}",
            "line 8, terms[0].versions: a shipped rule brings its versions; write an own term",
        ),
        (
            "length:",
            "counting: ro-fre-days, length:",
            "line 8, terms[0].counting: there is no way of counting 'ro-fre-days'; did you mean 'ro-free-days'?",
        ),
        (
            "length:",
            "counting: {roll_on: [sat, son]}, length:",
            "line 8, terms[0].counting.roll_on[1]: 'son' is none of sat, sun, holiday, equated; did you mean 'sun'?",
        ),
        (
            "length:",
            "pauses: [it.susp_27], length:",
            "line 8, terms[0].pauses[0]: there is no pause 'it.susp_27'; did you mean 'it.susp_2_7'?",
        ),
        (
            "length:",
            "pauses: [it.10bis, {from: asked, untill: got}], length:",
            "line 8, terms[0].pauses[1].untill: there is no key 'untill' here; did you mean 'until'?",
        ),
        (
            "length:",
            "pauses: [{from: asked, until: got, phase: inquiry}], length:",
            "line 8, terms[0].pauses[0]: pause is of phase 'inquiry', which the term has not; it has no phases",
        ),
        (
            "length:",
            "options: {roll_saturdays: true}, length:",
            "line 8, terms[0].options.roll_saturdays: there is no key 'roll_saturdays' here; "
            "keys are roll_saturday, free_days, bridge, pause_end_day_runs; did you mean 'roll_saturday'?",
        ),
        (
            "length:",
            "if: {people: {abov: 3}}, length:",
            "line 8, terms[0].if.people.abov: there is no key 'abov' here; "
            "keys are above, at_least, below, at_most, not; did you mean 'above'?",
        ),
        (
            "length:",
            "valid_to: 31.12.2025, length:",
            "line 8, terms[0].valid_to: '31.12.2025' is not a date such as 2025-12-31",
        ),
        (
            "length:",
            "valid_from: 2025-01-01, valid_to: 2024-12-31, length:",
            "line 8, terms[0].valid_to: 2024-12-31 is before valid_from, 2025-01-01",
        ),
        (
            "length:",
            "valid_to: 2025-02-30, length:",
            "line 8, terms[0].valid_to: there is no day 2025-02-30",
        ),
        (
            "length:",
            "valid_from: 2020-13-01, length:",
            "line 8, terms[0].valid_from: there is no day 2020-13-01",
        ),
        (
            "country: RO",
            "country: RO\ncalendar: {days: [{date: 2025-02-30, role: office}]}",
            "line 3, calendar.days: row 1, column date: there is no day 2025-02-30; "
            "write it as 2026-03-31 (year-month-day)",
        ),
        ("n: 10", "n: true", "line 8, terms[0].length.n: true is not a whole number"),
        ("n: 10", "n: 10.0", "line 8, terms[0].length.n: 10.0 is not a whole number"),
        ("n: 10", "n: 010", "line 8, terms[0].length.n: '010' is not a whole number"),
        (
            "n: 10",
            "n: '30'",
            "line 8, terms[0].length.n: '30' is not a whole number; take the quotes away",
        ),
        (
            "length:",
            "pauses: [{from: a, until: b, plus_days: '3'}], length:",
            "line 8, terms[0].pauses[0].plus_days: '3' is not a whole number; take the quotes away",
        ),
        (
            "length:",
            "if: {people: {above: '100000'}}, length:",
            "line 8, terms[0].if.people.above: '100000' is not a number; take the quotes away",
        ),
        (
            "country: RO",
            "country: RO\ncalendar: {years: [2020, true]}",
            "line 3, calendar.years[1]: true is not a whole number",
        ),
        (
            "length: {n: 10, unit: day}",
            "phases: [{id: a, length: {n: 1}}, {id: b, length: {n: 1}}, {id: a, length: {n: 2}}]",
            "line 8, terms[0].phases[2].id: 'a' stands here for the second time; give one of them another id",
        ),
        (
            "country: RO",
            "outcomes: Stadiu",
            "line 2, outcomes: 'Stadiu' is not keys with values, "
            "such as {attribute: Stadiu, values: {Retras: withdrawn}}",
        ),
        (
            "registered: Înregistrare",
            "registered: {activty: Înregistrare}",
            "line 6, events.registered.activty: there is no key 'activty' here; "
            "keys are activity, attribute, date, period; did you mean 'activity'?",
        ),
        (
            "registered: Înregistrare",
            "registered: Inregistare",
            "line 6, events.registered: 'Inregistare' is not among the activities; did you mean 'Înregistrare'?",
        ),
        (
            "registered: Înregistrare",
            "registered: [Înregistrare, Raspunde]",
            "line 6, events.registered[1]: 'Raspunde' is not among the activities; did you mean 'Răspuns'?",
        ),
        (
            "registered: Înregistrare",
            "registered: {attribute: Data, activity: Înregistrare}",
            "line 6, events.registered: name either the activity (or a list of them) or the attribute",
        ),
        (
            "registered: Înregistrare",
            "registered: {activity: Înregistrare, period: 14}",
            "line 6, events.registered.period: 14 is not keys with values, such as {days: 14}",
        ),
        (
            "[Răspuns]",
            "[{activity: Raspunss, outcome: answered}]",
            "line 4, closing[0].activity: 'Raspunss' is not among the activities; did you mean 'Răspuns'?",
        ),
        (
            "[Răspuns]",
            "[{activity: Răspuns, outcome: answerd}]",
            "line 4, closing[0].outcome: 'answerd' is none of approved, refused, answered, returned, withdrawn, other; "
            "did you mean 'answered'?",
        ),
        (
            "[Răspuns]",
            "[Răspuns]\nflow: [Înregistrare, {optional: [Raspunsul]}]",
            "line 5, flow[1].optional[0]: 'Raspunsul' is not among the activities; did you mean 'Răspuns'?",
        ),
        (
            "[Răspuns]",
            "[Răspuns]\nflow: [{optinal: [Răspuns], repeatable: [Răspuns]}]",
            "line 5, flow[0].optinal: 'optinal' is no mark of a flow; "
            "marks are optional, repeatable, parallel, choice; did you mean 'optional'?",
        ),
        (
            "[Răspuns]",
            "[Răspuns]\nflow: [{optional: true}]",
            "line 5, flow[0]: one mark holds the list of activities, the others are true or false",
        ),
        (
            "[Răspuns]",
            "[Răspuns]\nflow: Răspuns",
            "line 5, flow: the flow is a list of activities, one after the other",
        ),
        (
            "[Înregistrare, Răspuns]",
            "[Înregistrare, Răspuns, {name: Răspuns, then: applicant}]",
            "line 3, activities[2].name: 'Răspuns' stands here for the second time; keep one of them",
        ),
        (
            "[Înregistrare, Răspuns]",
            "[Înregistrare, {name: Răspuns, aliases: [Înregistrare]}]",
            "line 3, activities[1].aliases[0]: 'Înregistrare' stands here for the second time; keep one of them",
        ),
        (
            "country: RO\nactivities: [Înregistrare, Răspuns]",
            "name: Petiție\nactivities: [Înregistrare, Răspuns, Răspuns]",
            "line 3, activities[2]: 'Răspuns' stands here for the second time; keep one of them",
        ),
        (
            TERM,
            f"{TERM}\n  - {TERM}",
            "line 9, terms[1].id: 'internal' stands here for the second time; give one of them another id",
        ),
        (
            "country: RO",
            "attributes: {population: {valeu: 3}}",
            "line 2, attributes.population.valeu: there is no key 'valeu' here; "
            "keys are attribute, value; did you mean 'value'?",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_line_key_and_advice(old: str, new: str, message: str) -> None:
    first = told_of(old, new).splitlines()
    assert f"procedure.yaml, {message}" in (first[0], *first[1:])


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = SMALL.replace("country: RO", "contry: RO").replace("n: 10", "n: 0")
    lines = told(text.replace("[Răspuns]", "[Raspunde]")).splitlines()
    assert lines[0] == "procedure.yaml has 3 mistakes"
    assert [line.split(",")[1] for line in lines[1:]] == [" line 2", " line 4", " line 8"]


def test_a_country_without_known_holidays_is_told() -> None:
    message = told_of("country: RO", "country: XX")
    assert message.startswith("procedure.yaml, line 2, country: 'XX' is none of the ")
    assert "write its code of two capital letters, such as 'RO'" in message


def test_what_is_wrong_with_a_term_is_told_beside_what_is_wrong_with_its_pauses() -> None:
    term = "{id: a, start: registered, lenght: {n: 1}, pauses: [5], counting: {role_on: [sun]}}"
    lines = told_of(TERM, term).splitlines()
    assert [line.split(": ")[0].split(", ")[-1] for line in lines[1:]] == [
        "terms[0].counting.role_on",
        "terms[0].pauses[0]",
        "terms[0].lenght",
    ]


def test_beyond_twenty_mistakes_are_counted() -> None:
    keys = "".join(f"key_{number}: 1\n" for number in range(25))
    lines = told(SMALL + keys).splitlines()
    assert lines[0] == "procedure.yaml has 25 mistakes"
    assert len(lines) == 22
    assert lines[-1] == "and 5 more"


def test_a_mistake_in_what_versions_share_is_told_once_and_where_it_is_written() -> None:
    versions = "versions: [{valid_to: 2019-12-31}, {valid_from: 2020-01-01}]"
    message = told_of("unit: day}", f"unit: dya}}, {versions}")
    assert message.startswith("procedure.yaml, line 8, terms[0].length.unit: 'dya' is none of")


def test_versions_that_hold_on_the_same_day_are_named() -> None:
    versions = "versions: [{valid_to: 2020-06-30}, {valid_from: 2020-01-01}]"
    assert told_of("unit: day}", f"unit: day}}, {versions}") == (
        "procedure.yaml, line 8, terms[0].versions: internal (valid to 2020-06-30) and "
        "internal@2020-01-01 (valid from 2020-01-01) hold on the same day; "
        "set valid_from and valid_to so that one of them does"
    )


def test_rules_of_one_use_that_hold_on_the_same_day_are_named() -> None:
    message = told_of(TERM, "{term: [ro.petition, ro.foi]}")
    assert "ro.petition (valid always) and ro.foi (valid always) hold on the same day" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "procedure: a\nname: b\nprocedure: c\n",
            "procedure.yaml, line 3: the key 'procedure' stands in line 1 already\nkeep one of the two",
        ),
        (
            "procedure: a\nname: Cerere: avize\n",
            "procedure.yaml, line 2: this is not YAML: mapping values are not allowed here\n"
            "a text with a colon must stand in quotes",
        ),
        (
            "procedure: a\nname: „Cerere: avize”\n",
            "procedure.yaml, line 2: this is not YAML: mapping values are not allowed here\n"
            '„ is no quote in YAML; put the text in straight quotes, "…"',
        ),
        (
            "procedure: a\nclosing: [«Fine: sì», b\nterms: []\n",
            "procedure.yaml, line 3: this is not YAML: while parsing a flow sequence expected ',' or ']', but got ':'\n"
            '« is no quote in YAML; put the text in straight quotes, "…"',
        ),
        (
            "procedure: a\nname:\n\tro: b\n",
            "procedure.yaml, line 3: this is not YAML: while scanning for the next token found character '\\t' "
            "that cannot start any token\nthere is a tab; indent with spaces only",
        ),
        (
            "procedure: a\nclosing: [b\nterms: []\n",
            "procedure.yaml, line 3: this is not YAML: while parsing a flow sequence expected ',' or ']', but got ':'\n"
            "a list in brackets is not closed; add ']' or a comma",
        ),
        (
            "procedure: a\nname: yes\n",
            "procedure.yaml, line 2: yes may mean true or false, or be a text\n"
            'write true or false, or the text in quotes: "yes"',
        ),
        (
            "procedure: &p a\nname: *p\n",
            "procedure.yaml, line 1: a part is used again by its anchor (& and *)\nwrite it out in each place",
        ),
        (
            "procedure: a\nname: b\x07\n",
            "procedure.yaml, line 2: there is a character that no text has (U+0007)\ndelete it",
        ),
        (
            "procedure: a\nattributes: {population: {value: 120.000}}\n",
            "procedure.yaml, line 2: 120.000 may mean 120000, or a fraction\n"
            'write 120000 if it is thousands, 120.0000 if it is a fraction, "120.000" if it is a text',
        ),
        ("", "procedure.yaml is empty\nbegin with a line such as 'procedure: building_permit'"),
        ("# nothing\n", "procedure.yaml is empty\nbegin with a line such as 'procedure: building_permit'"),
        (
            "- procedure: a\n",
            "procedure.yaml, line 1: there is a list, where keys with values should be\n"
            "begin with a line such as 'procedure: building_permit'",
        ),
        (
            "a procedure\n",
            "procedure.yaml, line 1: there is a text, where keys with values should be\n"
            "begin with a line such as 'procedure: building_permit'",
        ),
        (
            "? [a, b]\n: c\n",
            "procedure.yaml, line 1: a list or a mapping stands as a key\nput texts with brackets in quotes",
        ),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_a_file_that_is_no_procedure_is_told(text: str, message: str) -> None:
    assert told(text) == message


def test_brackets_in_brackets_are_refused_in_words() -> None:
    assert "too deeply" in told("[" * 100_000)


@pytest.mark.parametrize("name", ["2025-02-30", "!!int x", "!!bool x", "!!timestamp x"])
def test_what_yaml_takes_for_a_value_that_is_none_is_a_text(name: str) -> None:
    assert Procedure.parse(f"procedure: a\nname: {name}\n").name == name.split()[-1]


@pytest.mark.parametrize("number", ["1.5", "0.125", "120.0000", "1.25", "-3", '"120.000"'])
def test_numbers_that_mean_one_thing_are_read(number: str) -> None:
    text = changed("country: RO", f"attributes: {{rate: {{value: {number}}}}}")
    value = Procedure.parse(text).attributes["rate"].value
    assert value == ("120.000" if number.startswith('"') else float(number))


def test_a_number_of_more_digits_than_a_length_has_is_told_shortly() -> None:
    assert len(told_of("n: 10", f"n: {'9' * 5000}")) < 150


@pytest.mark.parametrize("given", [None, 3, b"procedure: a", {"procedure": "a"}])
def test_what_is_neither_a_text_nor_a_path_is_told(given: Any) -> None:
    with pytest.raises(ProcedureError, match="is no text of a procedure\ngive the text of the"):
        Procedure.parse(given)
    with pytest.raises(ProcedureError, match="is no path of a procedure file\ngive a path such"):
        Procedure.read(given)


def test_a_path_given_as_the_text_is_told() -> None:
    assert told("permit.procedure.yaml") == (
        "procedure.yaml, line 1: there is a text, where keys with values should be\n"
        "begin with a line such as 'procedure: building_permit'; read a file by its path with pm.Procedure.read"
    )


def test_mistakes_of_a_procedure_made_in_python_are_told_with_their_keys() -> None:
    term = {"id": "a", "start": "registered", "length": {"n": "30", "unti": "day"}}
    with pytest.raises(ProcedureError) as caught:
        Procedure(procedure="p", contry="RO", terms=[term, {"term": "ro.petitoin"}])
    first, *lines = str(caught.value).splitlines()
    assert first == "pm.Procedure(...) has 4 mistakes"
    assert sorted(line.removeprefix("pm.Procedure(...): ").partition(":")[0] for line in lines) == [
        "contry",
        "terms[0].length.n",
        "terms[0].length.unti",
        "terms[1].term",
    ]
    assert "; did you mean 'country'?" in str(caught.value)


def test_a_procedure_made_in_python_is_the_one_of_the_file() -> None:
    values = located(SMALL, source="small").values
    assert Procedure(**values) == Procedure.parse(SMALL) == Procedure.model_validate(values)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_bytes("procedure: a\nname: Autorizaţie\n".encode("iso-8859-2"))
    with pytest.raises(ProcedureError) as caught:
        Procedure.read(path)
    assert str(caught.value) == (
        "old.yaml, line 2: the file is not in UTF-8\nsave it as UTF-8 text"
    )


def test_a_file_that_is_not_there_is_told_with_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "permit.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(ProcedureError) as caught:
        Procedure.read(tmp_path / "permits.yaml")
    assert str(caught.value).endswith(
        "give the path of a YAML file; in that folder are: permit.yaml"
    )


def test_norway_is_a_country_and_leading_zeros_stay() -> None:
    text = changed("country: RO", "country: NO").replace("[Înregistrare, Răspuns]", "[010, 08:30]")
    text = text.replace("Înregistrare", "010").replace("Răspuns", "08:30")
    procedure = Procedure.parse(text)
    assert procedure.country == "NO"
    assert [activity.name for activity in procedure.activities] == ["010", "08:30"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "permit.yaml"
    path.write_text(SMALL, encoding="utf-8-sig")
    assert Procedure.read(path) == Procedure.parse(SMALL)


def test_the_calendar_is_tried_out_when_the_procedure_is_read() -> None:
    message = told_of("country: RO", 'country: RO\ncalendar: {hours: {mno: "08:00-16:00"}}')
    assert message.startswith("procedure.yaml, line 3, calendar.hours: ")
    assert "mno" in message


def test_the_days_of_the_calendar_are_found_beside_the_procedure(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("date,role\n2025-05-02,office\n", encoding="utf-8")
    path = tmp_path / "permit.yaml"
    path.write_text(changed("country: RO", "calendar: {country: RO, days: days.csv}"), "utf-8")
    calendar = Procedure.read(path).calendar
    assert calendar is not None
    assert not isinstance(calendar, str)
    assert calendar.days == str(tmp_path / "days.csv")


def test_a_calendar_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "permit.yaml"
    path.write_text(changed("country: RO", "country: RO\ncalendar: calendar.yaml"), "utf-8")
    with pytest.raises(ProcmineError, match=r"permit\.yaml, line 3, calendar: cannot read"):
        Procedure.read(path)
