"""Persons: hidden unless asked for, wherever a log is shown or written, and codes lead to nobody."""

from __future__ import annotations

import base64
import hashlib
import hmac
import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import BindingError, SourceError
from procmine.ingest.binding import Binding
from procmine.ingest.names import Names
from procmine.ingest.privacy import (
    KEY_VARIABLE,
    findings_on_left_out,
    hide_persons,
    holds_persons,
    notes_on_left_out,
    person_columns,
    personal_contents,
    protected,
    shows_persons,
)
from procmine.kernels import NAT
from procmine.log import Coded
from tests.ingest.conftest import Export

CLERKS = [f"Zorinela Ghiță-{letter}" for letter in "ABCDEFGHIJ"]
APPLICANT = "Petronius Vulturescu"
COLUMNS: dict[str, Any] = {
    "case": "dosar",
    "activity": "pas",
    "timestamp": "data",
    "resource": "Operator ghișeu",
    "unit": "Compartiment",
    "tz": "Europe/Bucharest",
    "closed": "Eliberare",
}
HEADER = "dosar,pas,data,Compartiment,Suprafața,Operator ghișeu,Responsabil,Petent,vizat de\n"


def rows() -> str:
    """Steps of eleven cases; names stand in the bound column, in two named like persons, and in a free one."""
    lines = []
    for number in range(33):
        clerk, chief = CLERKS[number % 10], CLERKS[number % 3]
        pas = ("Înregistrare", "Analiză", "Eliberare")[number % 3]
        day = f"2026-03-{number % 28 + 1:02}"
        lines.append(
            f"AC {number // 3},{pas},{day},Urbanism,{number},{clerk},{chief},{APPLICANT},{chief}\n"
        )
    return "".join(lines)


DAMAGED = (
    f",Analiză,2026-03-02,Urbanism,1,{CLERKS[0]},{CLERKS[1]},{APPLICANT},{CLERKS[2]}\n"
    f"AC 1,Analiză,azi,Urbanism,1,{CLERKS[0]},{CLERKS[1]},{APPLICANT},{CLERKS[2]}\n"
    f"AC 1,Analiză,2026-03-02,Urbanism,1,{CLERKS[0]},{CLERKS[1]},{APPLICANT},{CLERKS[2]},rest\n"
    f"AC 1,Analiză,2026-03-02,1,{CLERKS[0]},{CLERKS[1]},{APPLICANT},{CLERKS[2]}\n"
    f'AC 1,"Analiză, parțial",2026-03-02,1,{CLERKS[0]},{CLERKS[1]},{APPLICANT}\n'
    f"{CLERKS[0]},{APPLICANT}\n"
)


@pytest.fixture
def register(export: Export) -> Path:
    return export(HEADER + rows() + DAMAGED)


def read(register: Path, **options: Any) -> pm.EventLog:
    with pytest.warns(pm.DataQualityWarning, match="6 of 39 rows rejected"):
        return pm.read(register, **{**COLUMNS, **options})


def names_in(text: str) -> set[str]:
    return {name for name in (*CLERKS, APPLICANT, "Zorinela", "Vulturescu") if name in text}


# --- nothing shows a name -------------------------------------------------------------------------


@pytest.mark.parametrize("resources", ["anonymous", "drop"])
def test_no_table_shows_a_name(register: Path, resources: str) -> None:
    log = read(register, resources=resources)
    shared = pm.process_map(log)
    tables = {
        "steps": pm.steps(log),
        "cases": pm.cases(log),
        "transitions": pm.transitions(log),
        "nodes": shared.nodes,
        "edges": shared.edges,
        "variants": pm.variants(log),
        "kpis": pm.kpis(log, by=["unit"], period="M"),
        "frame": log.to_frame(),
        "pm4py": log.to_pm4py(),
        "rejected": log.import_report.rejected,
        "reasons": log.import_report.by_reason(),
    }
    for name, table in tables.items():
        for text in (table.to_csv(), table.to_html(), repr(table.to_dict())):
            assert not names_in(text), name
        assert not [column for column in table.columns if "ghișeu" in str(column)], name
    assert "resource" not in tables["steps"].columns
    assert "org:resource" not in tables["pm4py"].columns


@pytest.mark.parametrize("resources", ["anonymous", "drop"])
def test_no_card_text_or_report_shows_a_name(
    register: Path, resources: str, tmp_path: Path
) -> None:
    from procmine.report import write_report

    log = read(register, resources=resources)
    report = log.import_report
    shown = [repr(log), repr(report), repr(log.binding), repr(report.reasons), *report.notes]
    shown += [item._repr_html_() for item in (log, report) if hasattr(item, "_repr_html_")]
    assert not names_in("\n".join(shown))
    write_report(log, tmp_path / "report")
    written = [path for path in (tmp_path / "report").rglob("*") if path.is_file()]
    assert len(written) > 3
    for path in written:
        text = path.read_bytes().decode("utf-8", errors="replace")
        if path.suffix == ".parquet":
            text = pq.read_table(path).to_pandas().to_csv()
        assert not names_in(text), path.name


@pytest.mark.parametrize("resources", ["anonymous", "drop"])
def test_no_file_of_the_log_holds_a_name(register: Path, resources: str, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    read(register, resources=resources).to_parquet(path)
    table = pq.read_table(path)
    values = [str(column.to_pylist()) for column in table.columns]
    kept = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert not names_in("\n".join([*table.column_names, *values, *kept.values()]))
    # as the bytes stand in the file, unpacked
    pq.write_table(table, path, compression="none", use_dictionary=False)
    assert not names_in(path.read_bytes().decode("utf-8", errors="replace"))


@pytest.mark.parametrize("resources", ["anonymous", "drop"])
def test_a_log_in_memory_holds_no_name(register: Path, resources: str) -> None:
    """A notebook that is saved with its objects, or a log sent to another process, gives nobody away."""
    data = pickle.dumps(read(register, resources=resources))
    assert not [name for name in (*CLERKS, APPLICANT) if name.encode() in data]


def test_what_is_hidden_stays_hidden_after_a_filter_and_a_file(
    register: Path, tmp_path: Path
) -> None:
    part = read(register).filter(activity="Analiză")
    part.to_parquet(tmp_path / "log.parquet")
    back = pm.read(tmp_path / "log.parquet")
    for log in (part, back):
        assert log.resources_hidden
        assert "resource" not in pm.steps(log).columns


# --- codes lead to nobody -------------------------------------------------------------------------

LABELS = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=8, unique=True)


@given(labels=LABELS, data=st.data())
def test_anonymous_codes_tell_persons_apart_and_nothing_else(
    labels: list[str], data: st.DataObject
) -> None:
    places = st.integers(-1, len(labels) - 1)
    codes = np.array(data.draw(st.lists(places, max_size=12)), dtype=np.int32)
    hidden = protected(Coded(codes, pa.array(labels, pa.string())), "anonymous")
    assert hidden is not None
    assert hidden.codes.dtype == np.int32
    assert hidden.names() == [f"person {number + 1}" for number in range(len(labels))]
    for i, j in zip(*np.triu_indices(len(codes)), strict=True):
        assert (hidden.codes[i] == hidden.codes[j]) == (codes[i] == codes[j])
    assert ((hidden.codes == -1) == (codes == -1)).all()


def test_the_number_of_a_person_is_drawn_anew_each_time() -> None:
    """Neither the alphabet nor the order of appearance nor another reading tells who has which number."""
    persons = Coded(np.arange(10, dtype=np.int32), pa.array(CLERKS))
    drawn = [protected(persons, "anonymous") for _ in range(200)]
    numbers = np.array([hidden.codes for hidden in drawn if hidden is not None])
    assert (np.sort(numbers, axis=1) == np.arange(10)).all()
    # each of ten numbers comes about 20 times in 200; none of 100 counts below 1 or above 60
    counts = np.array([np.bincount(column, minlength=10) for column in numbers.T])
    assert counts.min() >= 1
    assert counts.max() <= 60


def test_hidden_persons_can_still_be_counted_with(register: Path) -> None:
    hidden, named = read(register), read(register, resources="name")
    assert hidden.resource is not None
    assert named.resource is not None
    pairs = set(zip(hidden.resource.codes.tolist(), named.resource.codes.tolist(), strict=True))
    assert len(pairs) == len(named.resource.labels) == 10


# --- pseudonyms -----------------------------------------------------------------------------------

KEY = "0123456789abcdef-secret"


def shown(log: pm.EventLog) -> list[str]:
    return pm.steps(log)["resource"].astype(str).tolist()


def test_pseudonyms_need_a_key(register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in (None, "", "short", "15 bytes of key"):
        monkeypatch.delenv(KEY_VARIABLE, raising=False)
        if key is not None:
            monkeypatch.setenv(KEY_VARIABLE, key)
        with pytest.raises(
            BindingError, match=f"at least 16 bytes.*\nset {KEY_VARIABLE} to the key"
        ):
            pm.read(register, **COLUMNS, resources="pseudonym")


def test_pseudonyms_are_stable_under_one_key_and_others_under_another(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    one, again = (shown(read(register, resources="pseudonym")) for _ in range(2))
    monkeypatch.setenv(KEY_VARIABLE, KEY + "!")
    other = shown(read(register, resources="pseudonym"))
    assert one == again
    assert len(set(one)) == len(set(other)) == 10
    assert not set(one) & set(other)


def test_a_pseudonym_is_the_keyed_hash_of_the_name(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    hashes = {
        hmac.new(KEY.encode(), name.encode(), hashlib.sha256).hexdigest()[:16] for name in CLERKS
    }
    assert set(shown(read(register, resources="pseudonym"))) == hashes


def test_the_key_may_be_in_a_file(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    direct = shown(read(register, resources="pseudonym"))
    (tmp_path / "key").write_text(KEY + "\n", encoding="utf-8")
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "key"))
    assert shown(read(register, resources="pseudonym")) == direct


def test_pseudonyms_show_no_name_and_no_key(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    log = read(register, resources="pseudonym")
    log.to_parquet(tmp_path / "log.parquet")
    table = pq.read_table(tmp_path / "log.parquet")
    text = f"{table.to_pydict()}{table.schema.metadata}{log.to_frame().to_csv()}"
    text += log.import_report.rejected.to_csv() + repr(log.import_report)
    assert not names_in(text)
    data = pickle.dumps(log)
    assert not [name for name in (*CLERKS, APPLICANT, KEY) if name.encode() in data]


def test_spaces_around_a_name_make_no_other_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    frame = pd.DataFrame(
        {"c": "1", "a": "A", "t": pd.to_datetime(["2026-03-02"] * 3), "r": ["ana", " ana", "ana "]}
    )
    log = pm.read(
        frame, case="c", activity="a", timestamp="t", resource="r", tz="UTC", resources="pseudonym"
    )
    assert len(set(shown(log))) == 1


# --- drop, name -----------------------------------------------------------------------------------


def test_dropped_persons_leave_the_unit(register: Path) -> None:
    log = read(register, resources="drop")
    assert log.resource is None
    assert set(pm.steps(log)["unit"]) == {"Urbanism"}


def test_names_are_kept_as_written_where_they_are_wanted(register: Path) -> None:
    log = read(register, resources="name")
    assert set(shown(log)) == set(CLERKS)
    assert {"Responsabil", "Petent", "vizat de"} <= set(log.to_frame().columns)
    assert APPLICANT in log.import_report.rejected["value"].iloc[-1]


# --- columns that nobody bound --------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Funcționar", "Utilizator", "Operator", "Solicitant", "Petent", "Nume și prenume", "Responsabil",
        "Addetto", "Utente", "Richiedente", "Responsabile", "Nome e cognome",
        "Medewerker", "Behandelaar", "Aanvrager", "Verantwoordelijke",
        "Υπάλληλος", "Χρήστης", "Χειριστής", "Αιτών", "Υπεύθυνος", "Ονοματεπώνυμο",
        "org:resource", "case:responsible", "Resource", "user", "EMPLOYEE", "Applicant",
        "Nume solicitant", "Adresant/Petent", "case:Naam aanvrager", "Întocmit de", "Întocmit", "Titular autorizație",
        "applicant_name", "Nome del richiedente", "Όνομα αιτών",
        "Διεκπεραίωση Χειριστής", "Soluționare Funcționar", "monitoringResource", "applicantName", "assignedTo",
        "Mittente", "Destinatar", "Παραλήπτης", "Naam indiener", "sender_name", "Emitent/Petent",
    ],
)  # fmt: skip
def test_a_column_named_like_persons_is_left_out_with_a_note(name: str) -> None:
    frame = pd.DataFrame(
        {
            "c": ["1", "1"],
            "a": ["A", "B"],
            "t": pd.to_datetime(["2026-03-02"] * 2),
            name: ["x", "y"],
        }
    )
    log = pm.read(frame, case="c", activity="a", timestamp="t", tz="UTC")
    assert log.to_frame().columns.tolist() == pm.steps(log).columns.tolist()
    assert not {*log.step_attributes.column_names, *log.case_attributes.column_names}
    assert log.import_report.notes[0].startswith(
        f"left out as naming persons: {name!r}; bind one with resource=, or keep "
    )


def attributes_and_notes(*names: str, **options: Any) -> tuple[list[str], tuple[str, ...]]:
    table = {"c": ["1", "1"], "a": ["A", "B"], "t": pd.to_datetime(["2026-03-02", "2026-03-03"])}
    frame = pd.DataFrame({**table, **{name: ["x", "y"] for name in names}})
    log = pm.read(frame, case="c", activity="a", timestamp="t", tz="UTC", **options)
    return log.step_attributes.column_names, log.import_report.notes


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("personal ids", ["CNP", "Codice fiscale", "BSN", "ΑΦΜ", "E-mail", "email_address", "Telefon mobil"]),
        ("personal ids", ["Numero di telefono", "Adresa imobilului", "Indirizzo", "IBAN", "case:E mail"]),
        ("free text", ["Observații", "Note", "Opmerkingen behandelaar", "Παρατηρήσεις"]),
        ("free text", ["Oggetto della pratica", "Obiect", "Conținut pe scurt", "Notes", "Θέμα", "Onderwerp"]),
        ("personal ids", ["Data nașterii", "data_di_nascita", "Ημ/νία γέννησης", "Geboortedatum", "date of birth"]),
    ],
)  # fmt: skip
def test_columns_of_personal_ids_and_free_text_are_left_out_with_a_note(
    kind: str, names: list[str]
) -> None:
    shown = ", ".join(map(repr, names))
    kept, (note,) = attributes_and_notes(*names)
    assert kept == []
    assert note.startswith(f"left out as {kind}: {shown}; keep ")
    assert attributes_and_notes(*names, resources="name") == (names, ())


def test_every_reason_has_its_own_note() -> None:
    kept, notes = attributes_and_notes(
        "Petent", "CNP", "Tip", "Obiect", "Solicitant (nume)", "Adresa"
    )
    assert kept == ["Tip"]
    assert [note.partition(";")[0] for note in notes] == [
        "left out as naming persons: 'Petent', 'Solicitant (nume)'",
        "left out as personal ids: 'CNP', 'Adresa'",
        "left out as free text: 'Obiect'",
    ]


def test_only_whole_words_count() -> None:
    names = ["denoted", "Notenbank", "lifecycle", "Tip lucrare", "Subiect", "Nume stradă", "titularizare", "telefonic",
             "Mailing", "Obiectiv", "contract", "Suprafața (mp)", "Tarief", "bsnr"]  # fmt: skip
    assert attributes_and_notes(*names) == (names, ())


def test_a_column_that_holds_the_names_of_the_resource_is_left_out(register: Path) -> None:
    log = read(register)
    assert "vizat de" not in log.to_frame().columns
    assert any("'vizat de'" in note for note in log.import_report.notes)
    assert "Suprafața" in log.to_frame().columns


def test_so_is_a_column_that_names_one_person_for_the_whole_case() -> None:
    table = {"c": ["1", "1", "2"], "a": "A", "t": pd.to_datetime(["2026-03-02"] * 3)}
    frame = pd.DataFrame({**table, "r": ["ana", "ion", "ana"], "semnat": ["ion", "ion", "ana"]})
    options: dict[str, Any] = {"case": "c", "activity": "a", "timestamp": "t", "tz": "UTC"}
    assert pm.read(frame, **options, resource="r").case_attributes.column_names == []
    # where no column of persons is bound, nothing says that these are persons
    assert "semnat" in pm.read(frame, **options).case_attributes.column_names


@pytest.mark.parametrize(
    ("values", "persons", "held"),
    [
        (["ana", "ion"], ["ana", "ion", "dan"], True),
        (["ana", "x"], ["ana", "ion", "dan"], True),  # half of them
        (["ana", "x", "y"], ["ana", "ion"], False),
        (["x"], ["ana"], False),
        ([None, None], ["ana"], False),
        ([1, 2, 3], ["1", "2", "3"], True),
        ([1, 2], [str(n) for n in range(50)], False),  # floors, not clerks
        ([10861.0, 112.0], ["10861.0", "112.0"], True),
        ([1, 2], ["ana"], False),
        ([True, False], ["true", "false"], False),
    ],
)
def test_a_column_holds_persons_when_half_its_values_are_theirs(
    values: list[Any], persons: list[str], held: bool
) -> None:
    column = pa.array(values, pa.string() if values[0] is None else None)
    if pa.types.is_string(column.type):
        column = column.dictionary_encode()
    resource = Coded(np.arange(len(persons), dtype=np.int32), pa.array(persons))
    assert holds_persons(pa.chunked_array([column]), resource) is held


# --- by contents, and what is to be kept ------------------------------------------------------------

CNPS = ["1630615123457", "1630615123465", "1630615123473"]


@dataclass(frozen=True)
class Keeping(Binding):
    """A binding that names columns to keep."""

    keep: tuple[str, ...] = ()


def contents(**options: Any) -> tuple[pa.Table, dict[str, str]]:
    table = pa.table(
        {
            "Cod client": [*CNPS, None],
            "contact": ["a@b.eu", "c@d.eu", "e@f.eu", ""],
            "Tip": list("ABCD"),
        }
    )
    return table, personal_contents(table, Keeping(**options))


def test_columns_that_hold_ids_are_found_whatever_their_name() -> None:
    table, found = contents()
    assert found == {"Cod client": "CNP", "contact": "e-mail"}
    assert notes_on_left_out([], found) == [
        "left out as it looks like CNP: 'Cod client'; keep it with keep=['Cod client']",
        "left out as it looks like e-mail: 'contact'; keep it with keep=['contact']",
    ]
    findings = findings_on_left_out(table, found)
    assert [(f.kind, f.column, f.count) for f in findings] == [
        ("personal", "Cod client", 3),
        ("personal", "contact", 4),
    ]
    assert [f.text for f in findings] == notes_on_left_out([], found)


def test_a_column_that_is_to_be_kept_is_not_asked() -> None:
    assert contents(keep=("contact",))[1] == {"Cod client": "CNP"}
    assert contents(resources="name")[1] == {}
    keeping = Keeping(resource="Operator", keep=("Petent", "Operator"))
    assert person_columns(["Petent", "CNP", "Operator", "Tip"], keeping) == ["CNP", "Operator"]
    assert person_columns(["Petent", "CNP", "Tip"], Binding()) == ["Petent", "CNP"]


def test_notes_say_why_and_how_each_column_is_kept() -> None:
    assert notes_on_left_out(["Petent", "CNP", "Titular", "Obiect"], {}) == [
        "left out as naming persons: 'Petent', 'Titular'; "
        "bind one with resource=, or keep them with keep=['Petent', 'Titular']",
        "left out as personal ids: 'CNP'; keep it with keep=['CNP']",
        "left out as free text: 'Obiect'; keep it with keep=['Obiect']",
    ]
    assert notes_on_left_out([], {}) == []
    assert notes_on_left_out(["vizat de"], {})[0].startswith("left out as naming persons: 'vizat")


def test_an_office_adds_its_own_words_for_persons() -> None:
    ours = Names.of({"person_words": ["cetățean"], "id_words": {"hu": ["adószám"]}})
    assert shows_persons("Nume cetățean") is None
    assert shows_persons("Nume cetățean", ours) == "naming persons"
    assert shows_persons("ADÓSZÁM", ours) == "personal ids"
    assert shows_persons("Petent", ours) == "naming persons"
    assert person_columns(["Cetățean", "Tip"], Binding(), ours) == ["Cetățean"]


# --- keys and logs that were saved with names -------------------------------------------------------


def test_the_key_may_be_in_a_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    persons = Coded(np.arange(10, dtype=np.int32), pa.array(CLERKS))
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    direct = protected(persons, "pseudonym")
    monkeypatch.setenv(KEY_VARIABLE, "another key of 16 bytes and more")
    (tmp_path / "key").write_text(KEY + "\n", encoding="utf-8")
    from_file = protected(persons, "pseudonym", tmp_path / "key")
    assert direct is not None
    assert from_file is not None
    assert direct.names() == from_file.names()
    assert direct.names() != protected(persons, "pseudonym").names()  # type: ignore[union-attr]
    with pytest.raises(SourceError, match=r"no key file .*nokey\nname one that holds the key"):
        protected(persons, "pseudonym", tmp_path / "nokey")
    (tmp_path / "short").write_text("short", encoding="utf-8")
    with pytest.raises(
        BindingError, match=r"at least 16 bytes in .*short\nset .* or give key_file="
    ):
        protected(persons, "pseudonym", str(tmp_path / "short"))


def test_neither_the_key_nor_its_file_is_written_with_the_log(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "hush-hush.key"
    secret.write_text(KEY, encoding="utf-8")
    monkeypatch.setenv(KEY_VARIABLE, str(secret))
    log = read(register, resources="pseudonym")
    path = tmp_path / "log.parquet"
    log.to_parquet(path)
    log.binding.save(tmp_path / "binding.yaml")
    table = pq.read_table(path)
    pq.write_table(table, tmp_path / "plain.parquet", compression="none", use_dictionary=False)
    written = [path, tmp_path / "plain.parquet", tmp_path / "binding.yaml"]
    data = b"".join(file.read_bytes() for file in written) + pickle.dumps(log)
    data += f"{log!r}{log.import_report!r}{log.binding!r}{table.schema.metadata}".encode()
    for hidden in (KEY, "hush-hush", base64.b64encode(KEY.encode()).decode(), KEY.encode().hex()):
        assert hidden.encode() not in data
    # the same look finds what is there
    assert shown(log)[0].encode() in data


@pytest.mark.parametrize("mode", ["anonymous", "pseudonym", "drop"])
def test_a_log_with_names_can_be_had_without_them(
    register: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    hidden, fresh = (
        hide_persons(read(register, resources="name"), mode),
        read(register, resources=mode),
    )
    assert not [name for name in (*CLERKS, APPLICANT) if name.encode() in pickle.dumps(hidden)]
    assert hidden.binding == fresh.binding
    assert hidden.resources_hidden == fresh.resources_hidden
    assert hidden.step_attributes.to_pydict() == fresh.step_attributes.to_pydict()
    assert hidden.case_attributes.to_pydict() == fresh.case_attributes.to_pydict()
    if mode == "pseudonym":
        assert shown(hidden) == shown(fresh)
    pd.testing.assert_frame_equal(pm.steps(hidden), pm.steps(fresh))


def test_a_filter_by_a_person_is_told_without_the_person_when_names_go(register: Path) -> None:
    named = read(register, resources="name")
    part = named.filter(attribute={"vizat de": CLERKS[0]}).filter(activity="Analiză")
    assert CLERKS[0] in part.history[0]
    hidden = hide_persons(part, "anonymous")
    assert hidden.history == ("filtered by vizat de", "activity is 'Analiză'")


def test_what_a_log_does_not_show_cannot_be_had_from_it(register: Path) -> None:
    anonymous = read(register)
    assert hide_persons(anonymous, "anonymous") is anonymous
    assert hide_persons(anonymous, "drop").resource is None
    for mode in ("name", "pseudonym", "names"):
        with pytest.raises(
            BindingError, match=f"has its persons as 'anonymous', and resources='{mode}'"
        ):
            hide_persons(anonymous, mode)


def test_columns_that_are_to_be_kept_stay_when_names_go(register: Path) -> None:
    named = read(register, resources="name")
    columns = {
        name: getattr(named.binding, name) for name in ("case", "activity", "timestamp", "resource")
    }
    keeping = Keeping(**columns, resources="name", keep=("Petent",))
    hidden = hide_persons(replace(named, binding=keeping), "anonymous")
    kept = {*hidden.step_attributes.column_names, *hidden.case_attributes.column_names}
    assert "Petent" in kept
    assert not kept & {"Responsabil", "vizat de"}


# --- rows that could not be read ------------------------------------------------------------------


def test_a_row_of_another_length_shows_only_the_cells_before_the_persons(register: Path) -> None:
    rejected = read(register).import_report.rejected
    assert rejected["value"].tolist() == [
        "",
        "azi",
        "AC 1,Analiză,2026-03-02,Urbanism,1,…",
        "AC 1,Analiză,2026-03-02,1,…",  # a cell is missing: one less is shown
        "AC 1,Analiză, parțial,2026-03-02,…",
        "…",
    ]


def test_a_register_without_persons_shows_such_rows_whole(export: Export) -> None:
    path = export("dosar,pas,data\n1,A,2026-03-02\n1,B\n")
    with pytest.warns(pm.DataQualityWarning):
        log = pm.read(path, case="dosar", activity="pas", timestamp="data", tz="UTC")
    assert log.import_report.rejected["value"].tolist() == ["1,B"]
    assert (log.end != NAT).all()
