"""Procedure: what a file says, its terms with all their versions, and how it is compared with a log."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest

import procmine as pm
from procmine.errors import DataQualityWarning, LabelNotFoundError
from procmine.procedure import EventSource, Procedure
from procmine.procedure.elements import Period
from procmine.procedure.flow import FlowPart
from tests.procedure.written import SMALL, WHOLE, changed

TERM = "{id: internal, start: registered, length: {n: 10, unit: day}}"


def whole() -> Procedure:
    return Procedure.parse(WHOLE)


def log(*activities: str, **attributes: Any) -> pm.EventLog:
    """A case with these activities, a day apart."""
    times = pd.date_range("2025-03-03 10:00", periods=len(activities), freq="D")
    frame = pd.DataFrame({"case": "1", "activity": activities, "time": times, **attributes})
    return pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Bucharest")


def test_the_fields_of_a_file_are_those_of_the_procedure() -> None:
    procedure = whole()
    first = procedure.activities[0]
    assert procedure.name == {"ro": "Autorizație de construire", "en": "Building permit"}
    assert (first.name, first.aliases, first.then) == (
        "Înregistrare cerere",
        ("Inregistrare",),
        "office",
    )
    assert first.target is not None
    assert (first.target.n, first.target.unit) == (1, "working_day")
    assert procedure.activities[5].aliases == ("Eliberare",)
    assert [closing.outcome for closing in procedure.closing] == ["approved", "other"]
    assert procedure.attributes["population"].value == 120_000
    assert procedure.attributes["constraint"].attribute == "Monument"


def test_an_event_is_activities_or_a_date_and_may_give_days() -> None:
    events = whole().events
    assert events["registered"].activities == ("Înregistrare cerere",)
    assert events["file_complete"].activities == ("Depunere completări", "Înregistrare cerere")
    assert events["application_received"].attribute == "Data primirii"
    assert events["invited_to_complete"].period == Period(days=14)
    assert events["completed"].period == Period(attribute="termen_zile")
    assert EventSource(activities=("a",)) == EventSource.model_validate("a")


def test_the_flow_is_parts_in_a_row_with_their_marks() -> None:
    first, asked, opinions, end = whole().flow
    assert first == FlowPart(activity="Înregistrare cerere")
    assert (asked.kind, asked.optional, asked.repeatable) == ("sequence", True, True)
    assert [part.kind for part in opinions.parts] == ["activity", "sequence"]
    assert opinions.parts[1].parts[1].repeatable
    assert (end.kind, list(end.activities())) == (
        "choice",
        ["Eliberare autorizație", "Respingere cerere"],
    )


def test_texts_are_given_in_the_language_asked_for_or_in_english_or_in_any() -> None:
    procedure = whole()
    assert procedure.text(procedure.name, "ro") == "Autorizație de construire"
    assert procedure.text(procedure.name, "it") == "Building permit"
    assert procedure.text({"el": "Άδεια"}, "it") == "Άδεια"
    assert procedure.text("Legea 50/1991", "it") == "Legea 50/1991"


def test_a_procedure_never_changes_and_can_be_sent_to_another_process() -> None:
    procedure = whole()
    with pytest.raises(ValueError, match="frozen"):
        procedure.country = "IT"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(procedure)) == procedure


def test_the_version_is_of_the_content_with_the_rules_and_not_of_the_layout() -> None:
    version = Procedure.parse(SMALL).version
    assert Procedure.parse(f"# a comment\n{SMALL}", source="other.yaml").version == version
    assert Procedure.parse(changed("n: 10", "n: 11")).version != version
    assert len(version) == 8


def test_events_that_nobody_explains_are_told_with_their_terms() -> None:
    procedure = Procedure.parse(changed(TERM, "{term: it.default, pauses: [it.susp_2_7]}"))
    assert procedure.unmapped() == {
        event: ["it.default"]
        for event in (
            "application_received",
            "information_received",
            "information_requested",
            "opened_ex_officio",
        )
    }


def test_the_fallback_of_a_start_is_no_event_that_must_be_explained() -> None:
    text = changed("registered: Înregistrare", "filed: Înregistrare")
    procedure = Procedure.parse(text.replace("start: registered", "start: filed"))
    assert procedure.unmapped() == {}


def test_attributes_that_nobody_explains_are_told_with_their_terms() -> None:
    procedure = Procedure.parse(changed(TERM, "{term: it.pdc.lombardy}"))
    assert procedure.unmapped_attributes() == {"population": ["it.pdc.lombardy"]}


def test_codes_are_those_of_the_spellings_of_the_log() -> None:
    found = log("inregistrare", "RĂSPUNS", "Altceva")
    labels = found.activity.names()
    procedure = Procedure.parse(SMALL)
    codes = procedure.codes(found, ["Înregistrare", "Răspuns", "Nimic"])
    assert {labels[code] for code in codes} == {"inregistrare", "RĂSPUNS"}
    assert codes.dtype == np.int32
    assert list(codes) == sorted(codes)


def test_codes_follow_aliases_from_any_spelling() -> None:
    text = changed("[Înregistrare, Răspuns]", "[{name: Înregistrare, aliases: [Intrare]}, Răspuns]")
    procedure = Procedure.parse(text)
    found = log("Intrare", "Răspuns")
    place = found.activity.names().index("Intrare")
    assert list(procedure.codes(found, ["Înregistrare"])) == [place]
    assert list(procedure.codes(found, ["Intrare"])) == [place]


def test_an_event_may_spell_an_activity_in_another_way_and_keeps_its_aliases() -> None:
    text = changed("[Înregistrare, Răspuns]", "[{name: Înregistrare, aliases: [Intrare]}, Răspuns]")
    text = text.replace("registered: Înregistrare", "registered: INREGISTRARE")
    found = log("Intrare", "Răspuns")
    procedure = Procedure.parse(text)
    procedure.check(found)
    (code,) = procedure.codes(found, procedure.events["registered"].activities)
    assert found.activity.names()[code] == "Intrare"


def test_two_labels_that_fold_to_one_name_are_not_guessed_between() -> None:
    text = changed("[Înregistrare, Răspuns]", "[inregistrare, Răspuns]")
    procedure = Procedure.parse(
        text.replace("registered: Înregistrare", "registered: inregistrare")
    )
    assert list(procedure.codes(log("Înregistrare", "Inregistrăre"), ["inregistrare"])) == []


def test_a_log_that_has_everything_is_not_warned_of() -> None:
    Procedure.parse(SMALL).check(log("Înregistrare", "Răspuns", "Altceva"))


def test_an_event_of_which_the_log_has_nothing_is_refused_with_the_nearest() -> None:
    with pytest.raises(LabelNotFoundError) as caught:
        Procedure.parse(SMALL).check(log("Înregistrat", "Răspuns"))
    assert str(caught.value) == (
        "event registered of the procedure: no activity 'Înregistrare' in the log\n"
        "there are: Răspuns, Înregistrat\n"
        "did you mean 'Înregistrat'?\n"
        "write the label as the log has it, or add it to the aliases of the activity"
    )


def test_a_closing_of_which_the_log_has_nothing_is_refused() -> None:
    with pytest.raises(LabelNotFoundError, match="closing of the procedure: no activity 'Răspuns'"):
        Procedure.parse(SMALL).check(log("Înregistrare", "Altceva"))


def test_what_else_is_missing_is_one_warning_with_the_nearest() -> None:
    text = changed("[Răspuns]", "[Răspuns, Clasare, Demisie]")
    text = text.replace("[Înregistrare, Răspuns]", "[Înregistrare, Răspuns, Clasare, Demisie]")
    with pytest.warns(DataQualityWarning) as caught:
        Procedure.parse(text).check(log("Înregistrare", "Răspuns", "Clasat"))
    assert [str(one.message) for one in caught] == [
        "2 activities of procedure petition are not in the log: "
        "'Clasare' (did you mean 'Clasat'?), 'Demisie'; "
        "add the labels of the log as aliases, or take them out"
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "registered: Înregistrare",
            "registered: {attribute: Data}",
            "event registered .*\n.*Dată",
        ),
        (
            "registered: Înregistrare",
            "registered: {activity: Înregistrare, period: {attribute: zil}}",
            "event registered",
        ),
        ("country: RO", "attributes: {kind: {attribute: Tip}}", "attribute kind"),
        ("length: {n: 10, unit: day}", "due_attribute: Termen", "term internal"),
    ],
)
def test_an_attribute_that_the_log_has_not_is_refused(old: str, new: str, message: str) -> None:
    procedure = Procedure.parse(changed(old, new))
    with pytest.raises(LabelNotFoundError, match=message):
        procedure.check(log("Înregistrare", "Răspuns", Dată="2025-01-01", zile=[3, 4]))
