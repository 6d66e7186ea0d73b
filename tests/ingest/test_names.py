"""Usual names: every role in every language, no name that means two things, and the user's own come first."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from procmine.errors import BindingError, SourceError
from procmine.ingest import names
from procmine.ingest.names import NAMES_VARIABLE, Names, folded, roles, usual

COLUMNS = (
    "case", "activity", "timestamp", "start", "end", "resource", "unit", "lifecycle", "instance",
    "registry", "year", "date", "time", "status", "status_from", "status_to", "opened", "closed",
    "due", "birth", "annulled_column", "persons",
)  # fmt: skip
VALUES = ("annulled", "corrected", "closing", "pending", "yes", "totals")
WORDS = ("milestone", "milestone_end", "person_words", "id_words", "text_words")

# Names that may mean two things, and what decides.
SHARED = {
    ("timestamp", "date"): "a date is half of a timestamp where a clock time stands beside it",
    ("timestamp", "time"): "'Time' holds whole times, or clock times beside a date",
    ("timestamp", "end"): "the complete timestamp is the only time, or stands beside a start",
    ("date", "opened"): "the day of registration, beside its clock time or alone in a row per case",
    ("end", "closed"): "the end of a step, or of the case where a row is a case",
    ("activity", "status"): "the statuses of a status history are its activities",
}
SHARED_NAMES = {
    ("timestamp", "time"): {"time"},
    ("timestamp", "end"): {"complete timestamp", "completetimestamp"},
    ("end", "closed"): {"data fine", "einddatum"},
    ("activity", "status"): {"σταδιο"},
}


@pytest.fixture(scope="module")
def shipped() -> dict[str, dict[str, list[str]]]:
    path = Path(names.__file__).with_name("data") / "names.yaml"
    content: dict[str, dict[str, list[str]]] = yaml.safe_load(path.read_text("utf-8"))
    return content


@pytest.fixture(autouse=True)
def _no_names_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAMES_VARIABLE, raising=False)


# --- what is shipped ------------------------------------------------------------------------------


def test_the_roles_are_these() -> None:
    assert sorted(roles()) == sorted((*COLUMNS, *VALUES, *WORDS))


@pytest.mark.parametrize("role", [*COLUMNS, *VALUES, *WORDS])
def test_every_role_has_names_in_every_language(
    role: str, shipped: dict[str, dict[str, list[str]]]
) -> None:
    assert {language for language, given in shipped[role].items() if given} >= {
        "ro", "it", "el", "nl", "en",
    }  # fmt: skip
    assert set(shipped[role]) <= set(names.LANGUAGES)


def test_names_are_written_as_people_write_them_and_folded_for_use(
    shipped: dict[str, dict[str, list[str]]],
) -> None:
    assert "Nr. înregistrare" in shipped["case"]["ro"]
    assert "nr inregistrare" in usual("case")
    for role in roles():
        assert [name for name in usual(role) if folded(name) != name] == []
        assert len(set(usual(role))) == len(usual(role))
        written = {folded(n) for given in shipped[role].values() for n in given}
        assert written == set(usual(role))


@pytest.mark.parametrize("of", [COLUMNS, VALUES])
def test_no_name_means_two_things_unless_something_else_decides(of: tuple[str, ...]) -> None:
    for one, other in combinations(of, 2):
        both = set(usual(one)) & set(usual(other))
        if (one, other) in SHARED:
            assert both, "the pair is no longer shared"
            assert both <= SHARED_NAMES.get((one, other), both)
        else:
            assert not both, (one, other)


def test_the_likeliest_of_every_language_come_before_the_second_of_any() -> None:
    first = usual("year")
    assert first[:6] == ("gjahr", "an", "anno", "ετοσ", "jaar", "year")
    assert first[6:9] == ("anul", "anno protocollo", "ετοσ πρωτοκολλου")


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("case", "Nr. dosar"), ("case", "Numero protocollo"), ("case", "Αρ. Πρωτ."), ("case", "ZAAKNUMMER"),
        ("case", "case:concept:name"), ("registry", "AOO"), ("year", "Έτος"), ("time", "Ora înreg."),
        ("status_from", "Stare veche"), ("status_to", "Νέα κατάσταση"), ("opened", "Data presentazione"),
        ("closed", "Afhandeldatum"), ("due", "Termen"), ("birth", "Data nașterii"), ("annulled", "ΑΚΥΡΩΜΕΝΟ"),
        ("corrected", "superseded"), ("closing", "Soluţionat"), ("totals", "TOTALE GENERALE"), ("yes", "Sì"),
    ],
)  # fmt: skip
def test_the_names_of_real_exports_are_known(role: str, name: str) -> None:
    assert folded(name) in usual(role)


@pytest.mark.parametrize("name", ["Nr. crt.", "Α/Α", "N. ord.", "Volgnummer", "Nr."])
def test_a_number_of_rows_is_no_case(name: str) -> None:
    assert (folded(name) in usual("case")) is (name == "Nr.")


def test_an_entry_that_does_not_count_closes_no_case() -> None:
    closing = set(usual("closing"))
    assert not closing & set(usual("annulled"))
    assert not closing & set(usual("pending"))
    assert "ingetrokken" in closing  # withdrawn by the applicant: the case ran, and ended


# --- the user's own -------------------------------------------------------------------------------


def test_the_users_names_come_first_and_the_shipped_stay(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(
        "case:\n  ro: [Nr. RU, Nr. dosar]\n  hu: [Ügyszám]\nyear: Anul de grație\ndue: [Limită]\n",
        "utf-8",
    )
    ours = Names.load(path)
    assert usual("case", ours)[:4] == ("nr ru", "ugyszam", "nr dosar", "case concept name")
    assert set(usual("case", ours)) == {*usual("case"), "nr ru", "ugyszam"}
    assert usual("year", ours)[0] == "anul de gratie"
    assert usual("due", ours)[0] == "limita"
    assert usual("unit", ours) == usual("unit")


def test_a_file_in_the_environment_adds_to_the_names_and_one_that_is_given_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "office.yaml"
    path.write_text("case: [Nr. RU]\n", "utf-8")
    monkeypatch.setenv(NAMES_VARIABLE, str(path))
    assert usual("case")[0] == "nr ru"
    given = Names.of({"case": ["Cod B"]})
    assert usual("case", given)[0] == "cod b"
    assert "nr ru" not in usual("case", given)
    assert usual("activity", given) == usual("activity")


def test_names_may_be_a_file_a_dict_or_names_already(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text("case: [Nr. RU]\n", "utf-8")
    ours = Names.load(path)
    assert Names.of(path) == Names.of(str(path)) == Names.of({"case": ["Nr. RU"]}) == ours
    assert Names.of(ours) is ours
    assert Names.of(None) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("cases: [Nr.]", "there is no role 'cases'\nroles are: case, .*\ndid you mean 'case'?"),
        ("case: 7", "case is 7, not a list of texts\nwrite it as"),
        ("case: [7]", "case holds 7, which is not a text"),
        ("case: {ro: {a: b}}", r"case is \{'a': 'b'\}, not a list of texts"),
        ("case: [yes]", "case holds True, which is not a text.*\nwrite it in quotes"),
        ("case: ['--']", "case holds '--', which is not a text with letters"),
        ("- case", "holds no names\nit is a list of lines such as"),
        ("", "holds no names"),
        ("case: [a", r"is not YAML \(line 2\)\nput texts with colons in quotes"),
        ("case:\n  ro:\n", "case is None, not a list of texts"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_its_name_and_the_role(
    content: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(content + "\n", "utf-8")
    with pytest.raises(BindingError, match=rf"(?s)ours\.yaml.*{message}"):
        Names.load(path)


def test_a_file_that_is_missing_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"no file of names .*ours\.yaml\nname another with names="
    ):
        Names.load(tmp_path / "ours.yaml")
    (tmp_path / "old.yaml").write_bytes("case: [Număr]".encode("cp1250"))
    with pytest.raises(SourceError, match=r"old\.yaml is not in UTF-8"):
        Names.load(tmp_path / "old.yaml")


def test_a_role_that_is_asked_for_must_be_one() -> None:
    with pytest.raises(
        BindingError, match=r"no role 'status_form'.*\n.*\ndid you mean 'status_fro"
    ):
        usual("status_form")


# --- cost -----------------------------------------------------------------------------------------


def test_names_are_read_once_and_only_when_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual("case")
    read: list[Any] = []
    monkeypatch.setattr(names, "_yaml", read.append)
    usual("activity")
    assert read == []
    code = "import sys, procmine.ingest.names; sys.exit('yaml' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
