"""Tell from what a column holds that it shows persons: their numbers, addresses to reach them, or free text.

Numbers are known by their check digits. A check digit lets one random number in ten or eleven
pass, and so do running numbers of a register; a column is therefore taken only when far more of its
numbers pass than chance would let through. Names of persons cannot be told from other names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.findings import Finding
from procmine.ingest.names import folded
from procmine.kernels import Ints

_ROWS = 20_000
_VALUES = 2_000
_CHANCE = 1e-6
_LEAST_SHARE, _LEAST_VALUES = 0.05, 3
_TEXT_LENGTH, _TEXT_WORDS = 40, 5
_NEAR = 200_000


@dataclass(frozen=True)
class _Number:
    """A number of persons that has a check digit: how it looks at a glance, how it is written,
    and how it is checked.

    ``likely`` is the share of numbers of that length that pass by chance; None where so few look
    like one that three which pass are enough.
    """

    kind: str
    look: str
    pattern: str
    module: str
    likely: float | None = None
    named: str = ""


_BEFORE, _AFTER = r"(?<!\d)(?<!\d[.,])", r"(?![.,]?\d)"
_FISCAL = r"[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPRST][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]"
_IBAN = r"(?i:[A-Z]{2}\d{2}[A-Z0-9]{11,30})|[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?"
_NUMBERS = (
    _Number("CNP", r"\d{13}", rf"{_BEFORE}[1-9]\d{{12}}{_AFTER}", "ro.cnp"),
    _Number(
        "codice fiscale", r"(?i)[A-Z]{6}[0-9L-V]{2}[A-T]", rf"(?i)\b{_FISCAL}\b", "it.codicefiscale"
    ),
    _Number("IBAN", r"(?i)[A-Z]{2}\d{2} ?[A-Z0-9]{4}", rf"\b(?:{_IBAN})\b", "iban"),
    _Number("ΑΜΚΑ", r"\d{11}", rf"{_BEFORE}\d{{11}}{_AFTER}", "gr.amka", 1 / 10, "αμκα|amka"),
    _Number(
        "BSN", r"\d{8}", rf"{_BEFORE}\d{{8,9}}{_AFTER}", "nl.bsn", 1 / 11, "bsn|burgerservice|sofi"
    ),
    _Number("ΑΦΜ", r"\d{8}", rf"{_BEFORE}\d{{8,9}}{_AFTER}", "gr.vat", 1 / 10, "αφμ|afm"),
)
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PHONE = re.compile(
    r"(?:\+|00)(?:3\d|4[013-9]|35\d|37\d|38\d|42\d)\d{7,11}"  # with the number of its country
    r"|0(?:7\d{8}|[23][1-7]\d{7}|6\d{8})"  # Romania; Dutch mobiles
    r"|(?P<bare>69\d{8}|3[2-9]\d{7,8})"  # mobiles of Greece and Italy look like any number
)
_PHONE_MARKS = re.compile(r"^\s*(?:tel|mob|τηλ|κιν)\w*[.:]?|[\s().\-/]", re.IGNORECASE)
_PHONE_LOOK = r"^(?:\pL+[.:]? *)?(?:[\s().\-/+]*\d){9,14}\s*$"
_NO_PHONE = re.compile(r"\d+[.,]\d+|\d{1,2}[./-]\d{1,2}[./-]\d{4}.*")


def kind_of(column: pa.ChunkedArray, *, name: str = "") -> str | None:
    """Tell what a column shows of persons: ``"CNP"``, ``"codice fiscale"``, ``"IBAN"``, ``"ΑΜΚΑ"``,
    ``"BSN"``, ``"ΑΦΜ"``, ``"e-mail"``, ``"phone"`` or ``"free text"``; or None.

    At most 2,000 different values are looked at, drawn evenly. Numbers and e-mails may stand in
    longer texts; they count from 3 values (all, where there are fewer) and 5 % of the values on.

    * CNP, codice fiscale, IBAN: also 8 of 10 of those that look like one must pass their check.
    * ΑΜΚΑ, BSN, ΑΦΜ: 9 of 10 must pass, which chance may give once in a million columns (6 numbers
      or more); once in a hundred where the column's ``name`` says the same (2 or more).
    * phone: half of the values and 3, where they are written as such (+40…, 0722 123 456); digits
      alone 3 of 4 and 5; mobiles of Greece and Italy, which look like any number, 9 of 10 and 20.
      Running numbers are none.
    * free text: half of the values have 40 characters and 5 words or more, and they do not return
      as labels do: 20 values that are half as many as the cells, or 100 that are 5 % of them.

    >>> kind_of(pa.chunked_array([["ana@example.org", "ion@example.org"]]))
    'e-mail'
    """
    values, cells = _distinct(column)
    for number in _NUMBERS:
        if _holds(number, values, name):
            return number.kind
    if len(values) and _enough(len(_matching(_EMAIL, values)), len(values)):
        return "e-mail"
    if _are_phones(values, len(column)):
        return "phone"
    return "free text" if _are_texts(values, cells) else None


def key_finding(role: str, name: str, column: pa.ChunkedArray) -> Finding | None:
    """Return what is to be said of a case key or activity that shows persons; without it there is no log, so it stays.

    >>> print(key_finding("case", "Client", pa.chunked_array([["ana@example.org"]])).text)
    case='Client' looks like e-mail, and is shown everywhere: bind another column or replace its values by codes
    """
    kind = kind_of(column, name=name)
    if kind is None:
        return None
    text = (
        f"{role}={name!r} looks like {kind}, and is shown everywhere: "
        "bind another column or replace its values by codes"
    )
    return Finding("personal", name, len(column) - column.null_count, (), text)


def _distinct(column: pa.ChunkedArray) -> tuple[pa.Array, int]:
    """Return up to 2,000 different values as texts, and the number of cells that hold them."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (_is_text(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return pa.array([], pa.string()), 0
    if pa.types.is_string_view(column.type):  # rows of it cannot be taken
        column = column.cast(pa.string())
    if len(column) > _ROWS:
        column = column.take(pa.array(_drawn(len(column), _ROWS)))
    if _is_text(kind):
        column = column.cast(pa.string())
    elif pa.types.is_dictionary(column.type):
        column = column.cast(kind)
    cells = len(column) - column.null_count
    values = pc.unique(column).drop_null()
    values = values if _is_text(kind) else _whole_numbers(values)
    share = cells / max(len(values), 1)
    if len(values) > _VALUES:
        values = values.take(pa.array(_drawn(len(values), _VALUES)))
    texts = pc.utf8_trim_whitespace(values)
    texts = texts.filter(pc.not_equal(texts, ""))
    return texts, round(share * len(texts))


def _matching(look: str, values: pa.Array) -> pa.Array:
    """Return the values that hold what looks so; Arrow looks at all of them at once."""
    return values.filter(pc.match_substring_regex(values, look))


def _drawn(length: int, wanted: int) -> Ints:
    """Return a random place of each of so many equal stretches: equal steps could suit the numbers."""
    edges = np.linspace(0, length, wanted + 1)
    inside = np.random.default_rng(0).random(wanted)
    return np.minimum(edges[:-1] + inside * np.diff(edges), length - 1).astype(np.int64)


def _is_text(kind: pa.DataType) -> bool:
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_text(kind) for is_text in texts)


def _whole_numbers(values: pa.Array) -> pa.Array:
    """Write numbers as texts without a decimal point; others than whole positive ones are nobody's."""
    numbers = values.to_numpy(zero_copy_only=False)
    whole = numbers[(numbers > 0) & (numbers < 2**53) & (numbers == np.floor(numbers))]
    return pa.array(whole.astype(np.int64)).cast(pa.string())


def _holds(number: _Number, values: pa.Array, name: str) -> bool:
    """Tell whether so many of a column's numbers pass their check that it is no chance."""
    alike = _matching(number.look, values).to_pylist()
    found = [match.group() for value in alike for match in re.finditer(number.pattern, value)]
    if not found:
        return False
    check = _check(number.module)
    passed = sum(map(check, found))
    if not passed or passed < len(found) * (0.8 if number.likely is None else 0.9):
        return False
    if number.likely is None:
        return _enough(passed, len(values))
    named = bool(number.named) and re.search(rf"\b(?:{number.named})", folded(name)) is not None
    rare = _chance(passed / len(found), len(found), number.likely) <= (1e-2 if named else _CHANCE)
    return rare and passed >= len(values) * _LEAST_SHARE


@cache
def _check(module: str) -> Callable[[str], bool]:
    stdnum = import_module(f"stdnum.{module}")

    def passes(number: str) -> bool:
        digits = number.zfill(9) if len(number) == 8 else number
        return bool(stdnum.is_valid(digits)) and len(set(digits)) > 1

    return passes


def _chance(share: float, of: int, likely: float) -> float:
    """Return a bound (Chernoff's) of the probability that such a share of as many random numbers pass."""
    distance = share * math.log(share / likely)
    if share < 1:
        distance += (1 - share) * math.log((1 - share) / (1 - likely))
    return math.exp(-of * distance)


def _enough(hits: int, of: int) -> bool:
    return hits >= min(_LEAST_VALUES, of) and hits >= of * _LEAST_SHARE


def _are_phones(values: pa.Array, rows: int) -> bool:
    found = [
        match
        for value in _matching(_PHONE_LOOK, values).to_pylist()
        if not _NO_PHONE.fullmatch(value)
        and (match := _PHONE.fullmatch(_PHONE_MARKS.sub("", value)))
    ]
    numbers = [match.group() for match in found]
    bare = sum(match["bare"] is not None for match in found)
    plain = pc.sum(pc.match_substring_regex(values, r"^0?[1-9]\d+$")).as_py() or 0
    if bare * 2 > len(found):
        least, share = 20, 0.9
    elif plain * 2 > len(found):
        least, share = 5, 0.75
    else:
        least, share = _LEAST_VALUES, 0.5
    often = len(found) >= least and len(found) >= share * len(values)
    return often and not _is_sequence(numbers, rows)


def _is_sequence(numbers: list[str], rows: int) -> bool:
    """Tell whether numbers run on: they lie closer together than telephones do, even those of one town."""
    plain = [int(number) for number in numbers if not number.startswith("+")]
    if len(plain) < _LEAST_VALUES:
        return False
    low, high = np.quantile(np.array(plain, dtype=np.float64), [0.1, 0.9])
    return bool(high - low <= max(5 * rows, _NEAR))


def _are_texts(values: pa.Array, cells: int) -> bool:
    long = _matching(rf"^(?s:.{{{_TEXT_LENGTH},}})$", values)
    long = _matching(rf"^(?:\S+\s+){{{_TEXT_WORDS - 1}}}\S", long)
    often = (len(values) >= 20 and len(values) * 2 >= cells) or (
        len(values) >= 100 and len(values) >= _LEAST_SHARE * cells
    )
    return often and len(long) * 2 >= len(values)
