"""Encodings: what an office wrote is what is read, or the note says both readings."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import SourceError
from procmine.ingest.csv import open_csv
from procmine.ingest.encodings import (
    best_spelling,
    encoding_of,
    mojibake_note,
    named_encoding,
    spelling_note,
    to_utf8,
)
from procmine.ingest.encodings.decide import LEGACY
from tests.ingest.conftest import Export

COMMA_BELOW = str.maketrans("ŞşŢţ", "ȘșȚț")
CEDILLA = str.maketrans("ȘșȚț", "ŞşŢţ")

SENTENCES = {
    "Romanian": (
        "Cererea a fost înregistrată la registratura generală și repartizată compartimentului.",
        "Soluționat în termen; răspunsul a fost expediat prin poștă către petiționară.",
        "ȘEDINȚA COMISIEI DE URBANISM – ÎNȘTIINȚARE",
    ),
    "Italian": (
        "L’attività è stata sospesa perché la società non ha più l’agibilità.",
        "Verrà data comunicazione all’interessato; è già stato avviato il procedimento.",
        "CITTÀ DI FORLÌ – UNITÀ OPERATIVA",
    ),
    "Greek": (
        "Η αίτηση πρωτοκολλήθηκε και διαβιβάστηκε στο αρμόδιο τμήμα.",
        "Άδεια οικοδομής: έλεγχος φακέλου, Όροι δόμησης, Έκδοση άδειας",
        "ΑΙΤΗΣΗ – ΥΠΟΓΡΑΦΗ ΑΠΟΦΑΣΗΣ",
    ),
    "Dutch": (
        "De coördinatie van de financiële controle is beëindigd.",
        "Beëdigde vertaling ontvangen; één exemplaar aan de cliënt, geïnd op café Zoë.",
        "BEËINDIGD – GEÏNTEGREERDE COÖRDINATIE",
    ),
    "English": (
        "The applicant’s résumé was received – fee of £20 paid.",
        "Handled “in person” at the naïve user’s desk.",
    ),
}
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
    "cp1250", "cp1252", "cp1253", "iso8859-2", "iso8859-7", "iso8859-16",
)  # fmt: skip
WORDS = {
    "Romanian": "înregistrată și repartizată soluționat ședință țară către fără după expediată "
    "România București Iași Brăila ÎNȘTIINȚARE Ștampilă Țepeș urbanism cerere aviz și în să îl "
    "învățământ mâine așa câți părți",
    "Italian": "attività è perché società più verrà già così può città Forlì università "
    "unità agibilità ATTIVITÀ CITTÀ pratica protocollo ufficio É È né c’è",
    "Greek": "αίτηση άδεια έλεγχος ήδη ίδρυμα όροι ύδρευση ώρα προϋπολογισμός Άδεια Έκδοση Ήπειρος "
    "Ίδρυμα Όροι Ύδρα Ώρα ΑΙΤΗΣΗ ΑΠΟΦΑΣΗ και η ο του της στο με για φάκελος δήμος Μαΐου ή",
    "Dutch": "coördinatie financiële beëindigd één cliënt geïnd België ruïne überhaupt "
    "café crème enquête reünie patiënt ideeën aanvraag besluit dossier GEÏND",
}


def can_hold(text: str, encoding: str) -> str | None:
    """Return the text as an encoding can hold it, with cedillas where there is no comma below."""
    for spelt in (text, text.translate(CEDILLA)):
        try:
            spelt.encode(encoding)
        except UnicodeEncodeError:
            continue
        return spelt
    return None


def read_back(content: bytes) -> str:
    return to_utf8(content, encoding_of(content, "x.csv").name, "x.csv").decode()


# --- real sentences -------------------------------------------------------------------------------

WRITTEN = [
    (sentence, encoding)
    for sentences in SENTENCES.values()
    for sentence in sentences
    for encoding in ENCODINGS
    if can_hold(sentence, encoding) is not None
]


@pytest.mark.parametrize(("sentence", "encoding"), WRITTEN)
def test_a_sentence_is_read_back_from_every_encoding_that_can_hold_it(
    sentence: str, encoding: str
) -> None:
    spelt = can_hold(sentence, encoding)
    assert spelt is not None
    content = spelt.encode(encoding)
    assert read_back(content).removeprefix("\ufeff") == sentence
    assert encoding_of(content, "x.csv").doubt is None


@pytest.mark.parametrize(
    ("label", "encoding", "named"),
    [
        ("Soluţionat", "cp1250", "cp1250"),
        ("să", "cp1250", "cp1250"),
        ("Şedinţă", "iso8859-2", "cp1250"),  # the same text in both
        ("Attività", "cp1252", "cp1252"),
        ("è", "cp1252", "cp1252"),
        ("Αίτηση", "cp1253", "cp1253"),
        ("Αίτηση", "iso8859-7", "cp1253"),  # the same text in both
        ("Άδεια", "cp1253", "cp1253"),
        ("Άδεια", "iso8859-7", "iso8859-7"),
        ("Financiën", "cp1252", "cp1252"),
        ("coördinatie", "cp1252", "cp1252"),
        ("„Cerere”", "iso8859-16", "iso8859-16"),
    ],
)
def test_one_label_is_enough(label: str, encoding: str, named: str) -> None:
    found = encoding_of(label.encode(encoding), "x.csv")
    assert found.name == named
    assert found.doubt is None
    assert read_back(label.encode(encoding)) == label.translate(COMMA_BELOW)


def test_the_reason_names_the_letters_and_the_language() -> None:
    found = encoding_of("Soluţionată; înştiinţare".encode("cp1250"), "x.csv")
    assert found.note is not None
    assert found.note.startswith("read as cp1250: the letters ")
    assert set("țăș") <= set(found.note)
    assert found.note.endswith(" of Romanian")
    assert found.runner_up == "cp1252"
    assert "Greek" in str(encoding_of("Αίτηση".encode("cp1253"), "x.csv").note)


def test_plain_letters_and_utf8_need_no_note() -> None:
    assert encoding_of(b"dosar;pas", "x.csv").note is None
    assert encoding_of("ședință".encode(), "x.csv").note is None
    assert encoding_of("ședință".encode("utf-8-sig"), "x.csv").note is None


def test_what_could_be_two_words_is_said_with_both_readings() -> None:
    found = encoding_of("K: Κ1".encode("cp1253"), "x.csv")
    assert found.doubt == found.note
    assert found.doubt == (
        "the encoding is not certain: cp1253 reads 'Κ1', cp1252 reads 'Ê1'; "
        "read as cp1253; pass encoding= if it is wrong"
    )


# --- the law: right text back, or a note ----------------------------------------------------------


@given(data=st.data(), language=st.sampled_from(sorted(WORDS)), encoding=st.sampled_from(ENCODINGS))
def test_any_sentence_is_read_back_or_its_doubt_is_said(
    data: st.DataObject, language: str, encoding: str
) -> None:
    words = data.draw(st.lists(st.sampled_from(WORDS[language].split()), min_size=1, max_size=12))
    mark = data.draw(st.sampled_from([" ", "; ", ", ", "\n", " - ", "/"]))
    spelt = can_hold(mark.join(words), encoding)
    if spelt is None:
        event("the encoding has not all letters")
        return
    content = spelt.encode(encoding)
    if b"\x00" in content and not encoding.startswith("utf-16"):
        raise AssertionError("no text of a byte a letter holds zero bytes")
    try:
        found = encoding_of(content, "x.csv")
    except SourceError:
        # without a mark only plain letters show UTF-16: a lone Greek word has none
        assert encoding in ("utf-16-le", "utf-16-be")
        assert language == "Greek"
        event("UTF-16 without a mark and without plain letters")
        return
    if encoding.startswith("utf-16-") and b"\x00" not in content:
        event("UTF-16 without a mark and without plain letters")
        return
    text = to_utf8(content, found.name, "x.csv").decode()
    event("doubtful" if found.doubt else "certain")
    assert found.doubt or text == mark.join(words).translate(COMMA_BELOW)


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("encoding", ENCODINGS[5:])
def test_hardly_any_random_sentence_is_doubtful(language: str, encoding: str) -> None:
    rng, doubtful, tried = random.Random(11), 0, 0
    for _ in range(200):
        spelt = can_hold(" ".join(rng.choices(WORDS[language].split(), k=6)), encoding)
        if spelt is None:
            continue
        tried += 1
        doubtful += encoding_of(spelt.encode(encoding), "x.csv").doubt is not None
    assert doubtful <= tried * 0.02


# --- UTF-8 and damage -----------------------------------------------------------------------------


def test_valid_utf8_with_a_letter_is_utf8_whatever_it_would_be_elsewhere() -> None:
    assert encoding_of("Ã©È›".encode(), "x.csv").name == "utf-8"


def test_utf8_with_a_few_other_bytes_is_refused_with_their_line() -> None:
    content = "înregistrată\nsoluționată\nșters\n".encode() + "ţară\n".encode("cp1250")
    with pytest.raises(
        SourceError, match=r"is in UTF-8 but for byte .* \(0xFE\), in line 4"
    ) as error:
        encoding_of(content, "registru.csv")
    assert "encoding='cp1252'" in str(error.value)


def test_a_byte_that_the_named_encoding_does_not_have_is_told_with_its_line() -> None:
    content = "dosar;pas\n1;Soluționat\n".encode("iso8859-16") + b"2;\x81\n"
    with pytest.raises(SourceError, match=r"byte 26 \(0x81\), in line 3") as error:
        to_utf8(content, "cp1250", "registru.csv")
    assert "encoding=" in str(error.value).splitlines()[-1]


@pytest.mark.parametrize("before", [0, (1 << 18) - 1, 1 << 18, 700_001])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1253", "gb18030"])
def test_the_place_of_a_bad_byte_is_right_in_any_block(before: int, encoding: str) -> None:
    content = "α".encode(encoding) * (before // len("α".encode(encoding)))
    content += b"a" * (before - len(content)) + b"\xff\n"
    with pytest.raises(SourceError, match=rf"byte {before + 1:,} \(0xFF\), in line 1,"):
        to_utf8(content, encoding, "x.csv")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "gb18030", "cp1253"])
def test_letters_at_the_edges_of_blocks_stay_whole(encoding: str) -> None:
    text = "a" + "αβγ; " * 120_000
    assert to_utf8(text.encode(encoding), encoding, "x.csv").decode() == text


def test_half_a_letter_at_the_end_of_utf16_is_told() -> None:
    with pytest.raises(SourceError, match="in line 2"):
        to_utf8("ab\ncd".encode("utf-16-le") + b"x", "utf-16-le", "x.csv")


# --- whole files ----------------------------------------------------------------------------------

HEADER = "dosar;pas;data;stadiu\n"
ROWS = "1;Înregistrată;2026-03-02 08:00;în lucru\n1;Soluţionată;2026-03-03 10:00;„gata”\n"
COLUMNS = {"case": "dosar", "activity": "pas", "timestamp": "data", "tz": "Europe/Bucharest"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1250"])
@pytest.mark.parametrize("name", ["registru.csv", "registru.csv.gz"])
def test_a_file_is_read_in_any_encoding_packed_or_not(
    export: Export, encoding: str, name: str
) -> None:
    file = open_csv(export(HEADER + ROWS, name, encoding=encoding))
    raw = file.read({})
    comma = str.maketrans("ţ", "ț") if encoding == "cp1250" else {}
    assert raw.table["pas"].to_pylist() == ["Înregistrată", "Soluţionată".translate(comma)]
    assert raw.table["stadiu"].to_pylist() == ["în lucru", "„gata”"]
    assert bool(raw.notes) == (file.encoding != "utf-8")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1250", "iso8859-16"])
def test_line_ends_in_quotes_are_kept_in_any_encoding(export: Export, encoding: str) -> None:
    text = HEADER + '1;"Ștampilă;\nîn două"\n2;x\n'.replace("\n2", ";2026;da\n2")
    spelt = can_hold(text, encoding)
    assert spelt is not None
    raw = open_csv(export(spelt.encode(encoding))).read({})
    assert raw.table["pas"].to_pylist() == ["Ștampilă;\nîn două"]
    assert raw.rejected[["row", "value"]].to_numpy().tolist() == [[3, "2;x"]]


def test_a_file_of_another_encoding_is_bound_as_the_same_in_utf8(export: Export) -> None:
    plain = pm.read(export((HEADER + ROWS).translate(COMMA_BELOW), "a.csv"), **COLUMNS)
    legacy = pm.read(export(HEADER + ROWS, "b.csv", encoding="cp1250"), **COLUMNS)
    assert legacy.activity.names() == plain.activity.names()
    assert legacy.end.tolist() == plain.end.tolist()
    assert any("read as cp1250" in note for note in legacy.import_report.notes)


@pytest.mark.parametrize("name", ["registru.csv", "registru.csv.gz"])
def test_an_encoding_that_shows_far_below_decides_for_the_whole_file(
    export: Export, name: str
) -> None:
    plain = "1;A;2026-03-02 08:00;nou\n" * 60_000
    file = open_csv(export(HEADER + plain + ROWS, name, encoding="cp1250"))
    assert file.encoding == "cp1250"
    assert file.read({}).table["pas"][-1].as_py() == "Soluționată"


def test_rows_of_another_length_with_letters_far_below_are_told(export: Export) -> None:
    plain = "1;A;2026-03-02 08:00;nou\n" * 60_000
    raw = open_csv(export(HEADER + plain + "2;ţară\n", encoding="cp1250")).read({})
    assert raw.rejected[["row", "value"]].to_numpy().tolist() == [[60_002, "2;țară"]]


def test_a_rare_byte_far_below_decides_between_two_encodings_of_greek(export: Export) -> None:
    plain = "1;αίτηση;2026-03-02;όροι\n" * 60_000
    for encoding in ("cp1253", "iso8859-7"):
        file = open_csv(export(HEADER + plain + "2;Άδεια;2026-03-02;α\n", encoding=encoding))
        assert file.encoding == encoding
        assert file.read({}).table["pas"][-1].as_py() == "Άδεια"


# --- encoding= ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "codec"), [("cp852", "cp852"), ("ISO-8859-7", "iso8859-7"), ("Latin1", "iso8859-1")]
)
def test_any_encoding_can_be_named(export: Export, name: str, codec: str) -> None:
    text = "dosar;pas\n1;déjà\n" if codec == "iso8859-1" else "dosar;pas\n1;a\n"
    file = open_csv(export(text, encoding=codec), encoding=name)
    assert file.encoding == codec
    assert file.read({}).table["pas"].to_pylist() == [text.split(";")[-1].strip()]


def test_the_encoding_that_is_named_counts(export: Export) -> None:
    path = export("dosar;pas\n1;São\n", encoding="cp1252")
    assert open_csv(path, encoding="cp1252").read({}).table["pas"].to_pylist() == ["São"]
    assert open_csv(path, encoding="cp1250").read({}).table["pas"].to_pylist() == ["Săo"]


def test_utf8_that_is_named_and_wrong_is_refused(export: Export) -> None:
    with pytest.raises(SourceError, match=r"not in utf-8 throughout: byte 17 \(0xFE\), in line 2"):
        open_csv(export("dosar;pas\n1;Solu\xfeionat\n", encoding="latin-1"), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "meant"), [("cp12520", "cp1252"), ("utf8x", "utf"), ("rot13", None), ("hex", None)]
)
def test_an_unknown_encoding_is_refused_with_the_nearest(name: str, meant: str | None) -> None:
    with pytest.raises(SourceError, match=f"encoding='{name}' is not known") as error:
        named_encoding(name)
    assert meant is None or f"did you mean '{meant}" in str(error.value)


def test_a_binary_file_is_refused(export: Export) -> None:
    with pytest.raises(SourceError, match="binary file"):
        open_csv(export(bytes(range(256)) * 20))


# --- spelling -------------------------------------------------------------------------------------


def test_cedillas_become_the_comma_below_and_letters_are_composed() -> None:
    before = pa.array(["Soluţionat", "ŞEDINŢĂ", "s\u0326i", "a\u0306", "nou", None])
    after = best_spelling(before)
    assert after.to_pylist() == ["Soluționat", "ȘEDINȚĂ", "și", "ă", "nou", None]
    note = spelling_note(before, after)
    assert note is not None
    assert ": 4, such as 'Soluţionat', now 'Soluționat'" in note
    assert spelling_note(after, after) is None


def test_turkish_labels_keep_their_cedillas() -> None:
    labels = pa.array(["Başvuru", "Sağlık işleri"])
    assert best_spelling(labels).to_pylist() == labels.to_pylist()


# --- damage that was saved ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("Romanian", "utf-8"), ("Italian", "utf-8"), ("Dutch", "utf-8"), ("Greek", "utf-8"),
     ("Romanian", "cp1250"), ("Greek", "cp1253")],
)  # fmt: skip
def test_words_once_read_as_cp1252_are_noted_with_one_mended(language: str, encoding: str) -> None:
    words = [w for w in WORDS[language].split() if len(w) > 5 and not w.isascii()]
    spelt = " ".join(words) if encoding == "utf-8" else " ".join(words).translate(CEDILLA)
    damaged = "".join(
        bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)
        for byte in spelt.encode(encoding)
    )
    note = mojibake_note(damaged)
    assert note is not None
    assert "read as cp1252 and saved again" in note
    mended = note.partition(" for '")[2].partition("'")[0]
    assert mended
    assert any(mended in word for word in spelt.split())


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_words_that_are_not_damaged_are_left_alone(language: str) -> None:
    assert mojibake_note(" ".join(SENTENCES[language]) + " São Paulo, Ångström, Žižek") is None


def test_damage_is_noted_and_nothing_is_changed(export: Export) -> None:
    raw = open_csv(export("dosar;pas\n1;SoluÈ›ionatÄƒ\n")).read({})
    assert raw.table["pas"].to_pylist() == ["SoluÈ›ionatÄƒ"]
    assert len(raw.notes) == 1
    assert (
        "'uÈ›ionatÄƒ' for 'uționată'" in raw.notes[0]
    )  # from the first damaged letter to the last


def test_every_encoding_that_is_tried_is_known_to_python() -> None:
    assert [named_encoding(name).name for name in LEGACY] == list(LEGACY)
