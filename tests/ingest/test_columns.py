"""Columns become codes and typed attributes, and nothing in them changes but the way they are kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.ingest.columns import attributes, by_appearance, coded, typed
from procmine.log import Coded

TEXTS = st.lists(
    st.sampled_from(["a", " a", "a ", "b", "", "  ", "NA", "007", "7", "ș", "\ta\n"]) | st.none(),
    max_size=12,
)


def chunked(values: list[Any], *cuts: int, kind: Any = None) -> pa.ChunkedArray:
    """A column in chunks that begin at the given places."""
    kind = kind or pa.string()
    edges = [0, *sorted(cuts), len(values)]
    parts = [pa.array(values[a:b], kind) for a, b in pairwise(edges)]
    return pa.chunked_array(parts, type=kind)


def values(column: Coded) -> list[str | None]:
    names = [*column.names(), None]
    return [names[code] for code in column.codes.tolist()]


def trimmed(text: str | None) -> str | None:
    return (text or "").strip() or None


# --- codes ----------------------------------------------------------------------------------------


@given(TEXTS, st.integers(0, 12), st.booleans())
def test_a_label_is_its_trimmed_text_and_blanks_are_missing(
    texts: list[str | None], cut: int, dictionary: bool
) -> None:
    column = chunked(texts, min(cut, len(texts)))
    found = coded(column.dictionary_encode() if dictionary else column)
    assert values(found) == [trimmed(text) for text in texts]
    assert found.codes.dtype == np.int32
    names = found.names()
    assert len(set(names)) == len(names)


@given(TEXTS.filter(lambda texts: all(map(trimmed, texts))))
def test_codes_by_appearance_number_the_labels_in_the_order_of_the_rows(texts: list[str]) -> None:
    shuffled = Coded(
        np.array([sorted(set(texts)).index(text) for text in texts], dtype=np.int32),
        pa.array([*sorted(set(texts)), "nobody"], pa.string()),
    )
    found = by_appearance(shuffled)
    assert values(found) == list(texts)
    assert found.names() == list(dict.fromkeys(texts))


def test_chunks_with_other_dictionaries_are_one_column() -> None:
    one, two = (pa.array(part).dictionary_encode() for part in (["a", "b"], ["b", "c", None]))
    assert values(coded(pa.chunked_array([one, two]))) == ["a", "b", "b", "c", None]


@pytest.mark.parametrize(
    ("array", "texts"),
    [
        (pa.array([7, 7, None]), ["7", "7", None]),
        (pa.array([7.0, 8.0, None]), ["7", "8", None]),  # whole numbers that pandas made floats
        (pa.array([7.5, 8.0]), ["7.5", "8"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([Decimal("7.50")]), ["7.50"]),
        (pa.array(["a"], pa.large_string()), ["a"]),
        (pa.array(["a"], pa.string_view()), ["a"]),
        (pa.array([b"a"]), ["a"]),
        (pa.array([7, 8]).dictionary_encode(), ["7", "8"]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_keys_of_any_type_become_text(array: pa.Array, texts: list[str | None]) -> None:
    assert values(coded(pa.chunked_array([array]))) == texts


def test_a_column_without_rows_has_no_labels() -> None:
    found = coded(pa.chunked_array([], type=pa.string()))
    assert (len(found.codes), len(found.labels)) == (0, 0)


# --- types ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "-20", None, ""], pa.int64()),
        (["1.5", "2", " 3 "], pa.float64()),
        (["0", "0.25"], pa.float64()),
        (["007", "1"], None),
        (["1,5", "2,25"], pa.float64()),
        (["1,500", "2,250"], None),  # thousands, or decimals
        (["1e3"], None),
        (["1.", "2"], None),
        (["+1"], None),
        (["1 000"], None),
        (["123456789012345678"], pa.int64()),
        (["12345678901234567890"], None),  # does not fit in 64 bits, nor exactly in a float
        (["1234567890123456.5"], None),
        (["NaN"], None),
        (["inf"], None),
        (["-"], None),
        (["", None], None),
    ],
)
def test_only_plain_numbers_become_numbers(
    texts: list[str | None], kind: pa.DataType | None
) -> None:
    found = typed(chunked(texts))
    assert found.type == (kind or pa.dictionary(pa.int32(), pa.string()))
    as_text = [trimmed(text) for text in texts]
    number = {None: str, pa.int64(): int, pa.float64(): decimal}[kind]
    assert found.to_pylist() == [None if text is None else number(text) for text in as_text]


def decimal(text: str) -> float:
    return float(text.replace(",", "."))


@pytest.mark.parametrize(
    "array",
    [
        pa.array([1, None]),
        pa.array([1.5, None]),
        pa.array([True, None]),
        pa.array([datetime(2026, 3, 2), None]),
        pa.array([datetime(2026, 3, 2), None], pa.timestamp("ns", "UTC")),
        pa.array([Decimal("1.50"), None]),
        pa.array([[1], None]),
        pa.array([{"a": 1}, None]),
        pa.nulls(2),
    ],
)
def test_what_is_typed_already_stays_as_it_is(array: pa.Array) -> None:
    found = typed(pa.chunked_array([array.slice(0, 1), array.slice(1)]))
    assert found.type == array.type
    assert found.to_pylist() == array.to_pylist()


# --- attributes -----------------------------------------------------------------------------------

CELLS = st.sampled_from(["x", "y", "1", "2.5", "", None])


@given(data=st.data(), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_every_value_is_found_again_once_per_case_or_once_per_step(
    data: st.DataObject, sizes: list[int]
) -> None:
    rows = sum(sizes)
    offsets = np.cumsum([0, *sizes])
    table = {name: data.draw(st.lists(CELLS, min_size=rows, max_size=rows)) for name in "pqr"}
    order = np.array(data.draw(st.permutations(range(rows))))
    steps, cases = attributes(pa.table({n: chunked(c) for n, c in table.items()}), order, offsets)
    case_of = np.repeat(np.arange(len(sizes)), sizes)
    assert sorted([*steps.column_names, *cases.column_names]) == ["p", "q", "r"]
    for name, cells in table.items():
        wanted = typed(chunked(cells)).take(pa.array(order)).to_pylist()
        constant = all(
            wanted[row] == wanted[row - 1]
            for row in range(1, rows)
            if case_of[row] == case_of[row - 1]
        )
        assert (name in cases.column_names) is constant
        kept = cases[name].take(pa.array(case_of)) if constant else steps[name]
        assert kept.to_pylist() == wanted


def names_of(**columns: list[Any]) -> tuple[list[str], list[str]]:
    """Step and case attributes of two cases of two rows each."""
    table = pa.table({name: pa.array(cells) for name, cells in columns.items()})
    steps, cases = attributes(table, np.arange(4), np.array([0, 2, 4]))
    return steps.column_names, cases.column_names


def test_what_is_constant_in_every_case_belongs_to_the_case() -> None:
    assert names_of(kind=["a", "a", "b", "b"], note=["a", "b", "b", "b"]) == (["note"], ["kind"])


def test_a_missing_value_is_another_than_a_value_and_the_same_as_a_missing_one() -> None:
    steps, cases = names_of(p=["a", None, "b", "b"], q=[None, None, "b", "b"], r=[None] * 4)
    assert (steps, cases) == (["p"], ["q", "r"])


def test_the_prefix_of_xes_goes_where_no_name_is_in_its_way() -> None:
    same, other = ["a", "a", "b", "b"], ["a", "b", "a", "b"]
    assert names_of(**{"case:kind": same}) == ([], ["kind"])
    assert names_of(**{"case:kind": same, "kind": other}) == (["kind"], ["case:kind"])
    assert names_of(**{"kind": same, "case:kind": same}) == ([], ["kind", "case:kind"])
    assert names_of(**{"case:kind": other}) == (["case:kind"], [])


def test_lists_are_never_compared() -> None:
    assert names_of(tags=[[1], [1], [2], [2]]) == (["tags"], [])


@pytest.mark.parametrize("odd", [float("inf"), float("-inf"), 2.0**63, 1e300])
def test_numbers_that_are_no_whole_64_bits_are_keys_as_they_are(odd: float) -> None:
    assert coded(pa.chunked_array([[1.5, odd]])).names()[0] == "1.5"
    assert coded(pa.chunked_array([[1.0, odd, None]])).codes.tolist() == [0, 1, -1]
    assert coded(pa.chunked_array([[1.0, -(2.0**62), None]])).names() == ["1", str(-(2**62))]
