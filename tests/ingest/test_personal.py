"""Columns that show persons are known by what they hold; numbers of registers are not taken for persons."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.gr import vat
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.ro import cnp

from procmine.ingest.personal import key_finding, kind_of

SEEDS = st.integers(0, 2**32)


def column(values: list[Any]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values)])


def day(rng: random.Random) -> datetime.date:
    return datetime.date(1930, 1, 1) + datetime.timedelta(days=rng.randrange(25_000))


def digits(rng: random.Random, length: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(length))


def a_cnp(rng: random.Random) -> str:
    body = f"{rng.choice('12')}{day(rng):%y%m%d}{rng.randrange(1, 41):02}{rng.randrange(1, 999):03}"
    return body + cnp.calc_check_digit(body)


def a_codice_fiscale(rng: random.Random) -> str:
    letters = "".join(rng.choice("BCDFGLMNPRSTV") for _ in range(6))
    born = day(rng)
    month = "ABCDEHLMPRST"[born.month - 1]
    body = f"{letters}{born:%y}{month}{born.day + rng.choice((0, 40)):02}F{rng.randrange(100, 999)}"
    return body + codicefiscale.calc_check_digit(body)


def an_iban(rng: random.Random) -> str:
    plain = f"RO00INGB{digits(rng, 16)}"
    return f"RO{iban.calc_check_digits(plain)}{plain[4:]}"


def an_amka(rng: random.Random) -> str:
    body = f"{day(rng):%d%m%y}{digits(rng, 4)}"
    return body + luhn.calc_check_digit(body)


def a_bsn(rng: random.Random) -> str:
    while True:
        number = f"{rng.randrange(10_000_000, 999_999_999):09}"
        if bsn.is_valid(number):
            return number


def an_afm(rng: random.Random) -> str:
    body = f"{rng.randrange(1_000_000, 99_999_999):08}"
    return body + str(vat.calc_check_digit(body))


def an_email(rng: random.Random) -> str:
    return f"ana{rng.randrange(10**6)}@example.org"


def a_phone(rng: random.Random) -> str:
    number = digits(rng, 8)
    return rng.choice(
        [
            f"07{number}",
            f"+40 7{number[:2]} {number[2:5]} {number[5:]}",
            f"0030 69{number}",
            f"06-{number}",
        ]
    )


PERSONAL: dict[str, Callable[[random.Random], str]] = {
    "CNP": a_cnp,
    "codice fiscale": a_codice_fiscale,
    "IBAN": an_iban,
    "ΑΜΚΑ": an_amka,
    "BSN": a_bsn,
    "ΑΦΜ": an_afm,
    "e-mail": an_email,
    "phone": a_phone,
}


# --- what is taken --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PERSONAL)
@settings(max_examples=15)
@given(seed=SEEDS, size=st.integers(8, 60))
def test_a_column_of_valid_numbers_is_taken(kind: str, seed: int, size: int) -> None:
    rng = random.Random(seed)
    values = list({PERSONAL[kind](rng) for _ in range(size)})
    assert kind_of(column(values)) == kind
    assert kind_of(column(values * 3 + [None]).dictionary_encode()) == kind


@pytest.mark.parametrize("kind", [kind for kind in PERSONAL if kind != "phone"])
def test_numbers_inside_longer_texts_are_taken(kind: str) -> None:
    rng = random.Random(kind)
    values = [f"Popescu Ion, nr. {PERSONAL[kind](rng)}; {n} file" for n in range(30)]
    assert kind_of(column(values)) == kind


@pytest.mark.parametrize("kind", ["CNP", "codice fiscale", "IBAN", "e-mail", "BSN"])
def test_a_column_is_taken_where_some_of_its_values_are_personal(kind: str) -> None:
    rng = random.Random(kind)
    some = [PERSONAL[kind](rng) for _ in range(20)]
    assert kind_of(column(some + [f"SC Exemplu {n} SRL" for n in range(180)])) == kind
    few = some[:2] + [f"SC Exemplu {n} SRL" for n in range(180)]
    assert kind_of(column(few)) is None


@pytest.mark.parametrize("kind", ["CNP", "BSN", "ΑΦΜ", "ΑΜΚΑ"])
def test_numbers_are_taken_whether_read_as_text_or_as_numbers(kind: str) -> None:
    rng = random.Random(kind)
    numbers = [int(PERSONAL[kind](rng)) for _ in range(30)]
    long_enough = [
        number for number in numbers if len(str(number)) >= (11 if kind == "ΑΜΚΑ" else 8)
    ]
    assert kind_of(column(long_enough)) == kind
    assert kind_of(column([*map(float, long_enough), None])) == kind


def test_one_person_alone_is_taken() -> None:
    assert kind_of(column(["1630615123457"] * 4)) == "CNP"
    assert kind_of(column(["RCCMNL83S18D969H", None])) == "codice fiscale"
    assert kind_of(column(["rccmnl83s18d969h"])) == "codice fiscale"
    assert kind_of(column(["RO49 AAAA 1B31 0075 9384 0000"])) == "IBAN"


def test_a_few_weak_numbers_count_where_the_name_says_the_same() -> None:
    three = [a_bsn(random.Random(n)) for n in range(3)]
    assert kind_of(column(three)) is None
    assert kind_of(column(three), name="BSN-nummer") == "BSN"
    assert kind_of(column(three), name="Zaaknummer") is None
    tax = [an_afm(random.Random(n)) for n in range(3)]
    assert kind_of(column(tax), name="Α.Φ.Μ. αιτούντος") is None  # letters with dots are not a word
    assert kind_of(column(tax), name="ΑΦΜ αιτούντος") == "ΑΦΜ"


def test_two_typing_errors_in_forty_do_not_hide_a_column() -> None:
    rng = random.Random(7)
    for kind in ("CNP", "BSN", "ΑΦΜ", "ΑΜΚΑ"):
        values = [PERSONAL[kind](rng) for _ in range(40)]
        wrong = [value[:-1] + str((int(value[-1]) + 1) % 10) for value in values[:2]]
        assert kind_of(column(wrong + values[2:])) == kind


# --- what is not taken ----------------------------------------------------------------------------


@pytest.mark.parametrize("length", range(5, 16))
@settings(max_examples=40)
@given(seed=SEEDS, size=st.integers(3, 400))
def test_random_numbers_are_nobodys(length: int, seed: int, size: int) -> None:
    """Ten-digit numbers too, of which one in thirty looks like a Romanian telephone."""
    rng = random.Random(seed)
    values = [digits(rng, length) for _ in range(size)]
    assert kind_of(column(values)) is None


@pytest.mark.parametrize(
    "number",
    [
        lambda n: f"{100_000_000 + n}",  # 9 digits, as BSN and ΑΦΜ
        lambda n: f"{n:09}",
        lambda n: f"2025{n:05}",
        lambda n: f"2025{n:07}",  # Italian protocol, 11 digits
        lambda n: f"2012{n:07}",  # as the 20th of December
        lambda n: f"2025{n:09}",  # 13 digits
        lambda n: f"1{day(random.Random(n)):%y%m%d}{40_0000 + n:06}",  # born, and of Bucharest
        lambda n: f"2260302{400_000 + n}",
        lambda n: f"07{n:08}",  # as Romanian mobiles
        lambda n: f"{6_900_000_000 + n}",  # as Greek ones
        lambda n: f"00{400_000_000_000 + n}",
        lambda n: f"RU/{n}/2025",
        lambda n: f"{n}/03.04.2025",
        lambda n: f"Z-2025-{100_000_000 + n}",
        lambda n: f"RO{n:02}ADM{n:020}",
    ],
)
@pytest.mark.parametrize(
    ("size", "step"), [(25, 1), (25, 110), (700, 1), (700, 11), (700, 10), (30_000, 3)]
)
def test_running_numbers_of_a_register_are_nobodys(
    number: Callable[[int], str], size: int, step: int
) -> None:
    values = [number(n) for n in range(1, min(size * step, 99_999), step)]
    assert kind_of(column(values)) is None


@pytest.mark.parametrize(
    "values",
    [
        ["Înregistrare", "Analiză", "Eliberare"],
        [0.71234567891, 0.7512345678, 3.9123456789],
        ["0.712345678", "0.712345679", "0.799999999", "0.723456781"],
        ["07.12.2025", "08.12.2025", "09.12.2025"],
        [20260302, 20260303, 20260304] * 9,
        [True, False],
        [None, None],
        [],
        ["", " "],
        ["000000000", "111111111", "222222222"],
        [datetime.date(2026, 3, 2)],
        [["1630615123457"]],
        [-163061512, 5],
        ["@", "a@b", "nr. @ 12"],
        ["45,5", "12,75"],
    ],
)
def test_other_columns_are_nobodys(values: list[Any]) -> None:
    empty = pa.array(values, pa.string()) if not any(values) else pa.array(values)
    assert kind_of(pa.chunked_array([empty])) is None


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["+40 722 123 456", "0744 987 654", "tel. 0765-111-222", "-"], "phone"),
        (["+40 722 123 456", "0744 987 654", "lipsă", "-", "?"], None),
        (["0722123456", "0744987654", "0265111222", "0733999888"], None),
        (["0722123456", "0744987654", "0265111222", "0733999888", "0799000111"], "phone"),
        (["+39 347 1234567", "+30 2310 123456", "0031612345678"], "phone"),
    ],
)
def test_telephones_that_are_written_as_such_need_fewer_values(
    values: list[str], kind: str | None
) -> None:
    assert kind_of(column(values)) == kind


@pytest.mark.parametrize("start", ["69", "347"])
def test_mobiles_without_a_prefix_need_many_values_and_no_order(start: str) -> None:
    rng = random.Random(start)
    many = [start + digits(rng, 10 - len(start)) for _ in range(30)]
    assert kind_of(column(many)) == "phone"
    assert kind_of(column(many[:15])) is None
    assert kind_of(column(sorted(f"{start}{n:0{10 - len(start)}}" for n in range(30)))) is None


# --- free text ------------------------------------------------------------------------------------

TEXT = (
    "Doamna {n} solicită eliberarea unui certificat pentru imobilul din strada {n}, având în vedere"
)


def test_texts_that_do_not_return_are_free_text() -> None:
    assert kind_of(column([TEXT.format(n=n) for n in range(25)])) == "free text"
    # one text for each case, and eight steps in each
    assert kind_of(column([TEXT.format(n=n // 8) for n in range(2000)])) == "free text"
    # half of them short
    mixed = [TEXT.format(n=n) if n % 2 else f"scurt {n}" for n in range(50)]
    assert kind_of(column(mixed)) == "free text"


def test_long_labels_that_return_are_no_free_text() -> None:
    labels = [TEXT.format(n=n) for n in range(60)]
    assert kind_of(column(labels * 20)) is None
    many = [TEXT.format(n=n) for n in range(400)]
    assert kind_of(column(many * 100)) is None
    assert kind_of(column(many * 100).dictionary_encode()) is None


def test_short_texts_or_few_are_no_free_text() -> None:
    assert kind_of(column([f"Strada Unirii numărul {n}" for n in range(900)])) is None
    assert kind_of(column([TEXT.format(n=n) for n in range(15)])) is None
    assert kind_of(column([f"{'x' * 60} {n}" for n in range(900)])) is None


def test_an_id_in_free_text_is_told_first() -> None:
    rng = random.Random(3)
    values = [TEXT.format(n=n) + f" CNP {a_cnp(rng)}" for n in range(50)]
    assert kind_of(column(values)) == "CNP"


# --- large columns --------------------------------------------------------------------------------


def test_a_large_column_is_judged_by_a_part_of_it() -> None:
    rng = random.Random(1)
    values = [a_cnp(rng) for _ in range(3000)]
    large = column(values).take(pa.array(np.arange(150_000) % 3000))
    assert kind_of(large) == kind_of(large.dictionary_encode()) == "CNP"
    assert kind_of(large.cast(pa.large_string())) == "CNP"
    assert kind_of(large.cast(pa.string_view())) == "CNP"
    assert kind_of(large.cast(pa.int64())) == "CNP"
    assert kind_of(column(np.arange(100_000_000, 100_150_000).tolist())) is None


def test_the_same_column_is_always_judged_alike() -> None:
    rng = random.Random(5)
    values = column([a_bsn(rng) if n % 9 else digits(rng, 9) for n in range(5000)])
    assert len({kind_of(values) for _ in range(3)}) == 1


# --- case keys and activities ---------------------------------------------------------------------


def test_a_case_key_that_is_a_personal_number_is_said_and_stays() -> None:
    rng = random.Random(2)
    finding = key_finding("case", "Cod client", column([a_cnp(rng) for _ in range(9)] * 3 + [None]))
    assert finding is not None
    assert (finding.kind, finding.column, finding.count) == ("personal", "Cod client", 27)
    assert finding.text == (
        "case='Cod client' looks like CNP, and is shown everywhere: "
        "bind another column or replace its values by codes"
    )
    assert key_finding("case", "Nr. dosar", column([f"{n}/2025" for n in range(90)])) is None
    assert key_finding("activity", "Etapa", column(["Înregistrare", "Analiză"] * 40)) is None
