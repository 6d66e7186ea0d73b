"""Similar names, renamed activities, broken dependencies, registry numbers: planted, and against loops."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.checks import quality
from procmine.checks.labels import misspells
from procmine.checks.sequences import DENSE, LEAST, Sequences
from procmine.log import Coded
from tests.checks.office import log_of, only, rows, table_of, where


@pytest.mark.parametrize(
    "other", ["CHECK DOCUMENTS", "check  documents", "Chéck documents.", "check_documents"]
)
def test_names_that_differ_in_capitals_accents_spaces_or_signs_are_alike(other: str) -> None:
    frame = rows()
    frame.loc[where(frame, "Check")[:9], "activity"] = "to be relabelled"
    log = log_of(frame)
    names = [other if name == "to be relabelled" else name for name in log.activity.names()]
    table = quality(replace(log, activity=Coded(log.activity.codes, pa.array(names))))
    (found,) = table[table["check"] == "similar_labels"].itertuples()
    assert (found.severity, found.column, found.count) == ("medium", "activity", 9)
    assert found.share == 9 / 720


@pytest.mark.parametrize(
    "other", ["Chek documents", "Check docuemnts", "Check document", "Check dokumnets"]
)
def test_a_rare_name_that_is_an_edit_or_two_away_is_probably_misspelt(other: str) -> None:
    frame = rows()
    frame.loc[where(frame, "Check")[:9], "activity"] = other
    found = only(frame, "similar_labels")
    assert (found.severity, found.count) == ("low", 9)
    assert f"'{other}' (9) and 'Check documents' (231)" in found.finding


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Step 1", "Step 2"),
        ("T02 Check confirmation", "T04 Check confirmation"),
        ("Stage A", "Stage B"),
        ("Approved", "Unapproved"),
        ("Legal check", "Illegal check"),
        ("Send", "Sent"),
        ("01_HOOFD_010", "01_HOOFD_011"),
        ("A_ACCEPTED", "O_ACCEPTED"),
        ("Sign decision", "Send decision"),
    ],
)
def test_names_that_differ_in_a_number_a_letter_or_a_negation_are_not_alike(
    one: str, other: str
) -> None:
    frame = rows()
    frame.loc[where(frame, "Check"), "activity"] = one
    frame.loc[where(frame, "Issue")[:9], "activity"] = other
    assert table_of(frame, "similar_labels").empty


def test_a_misspelling_does_not_depend_on_which_name_comes_first() -> None:
    pairs = [
        ("site vist", "site visit"),
        ("step 1", "step 2"),
        ("legal", "illegal"),
        ("abcde", "abcdf"),
    ]
    assert [misspells(a, b) for a, b in pairs] == [misspells(b, a) for a, b in pairs]


def test_two_frequent_names_an_edit_apart_are_two_names() -> None:
    frame = rows()
    frame.loc[where(frame, "Check")[:120], "activity"] = "Check document"
    assert table_of(frame, "similar_labels").empty


def test_similar_units_and_attributes_are_found_in_their_columns() -> None:
    frame = rows()
    frame.loc[where(frame, "Check")[:5], "unit"] = "Urbanizm"
    frame["kind"] = np.where(frame.index % 3 == 0, "building", "demolition")
    frame.loc[frame.index[:12:6], "kind"] = "bulding"
    table = table_of(frame, "similar_labels")
    assert dict(zip(table["column"], table["count"], strict=True)) == {"unit": 5, "kind": 2}


def test_a_column_about_persons_is_not_looked_at() -> None:
    frame = rows()
    frame["solicitant"] = np.where(frame.index % 3 == 0, "Popescu Ion", "Ionescu Maria")
    frame.loc[:6, "solicitant"] = "popescu ion"
    log_text = table_of(frame, "similar_labels", resources="name").to_csv()
    assert "popescu" not in log_text.lower()


def test_an_activity_renamed_on_a_date_is_one_finding() -> None:
    frame = rows()
    late = (frame["activity"] == "Check documents") & (frame["start"] >= "2024-07-01")
    frame.loc[late, "activity"] = "Verify papers"
    found = only(frame, "activity_lifespans")
    last = frame.loc[frame["activity"] == "Check documents", "end"].max()
    first = frame.loc[frame["activity"] == "Verify papers", "end"].min()
    assert f"'Check documents' is seen until {last:%Y-%m-%d}" in found.finding
    assert f"'Verify papers' from {first:%Y-%m-%d}" in found.finding
    assert (found.severity, found.count, found.share) == ("medium", 240, 240 / 720)


def test_an_activity_given_up_as_another_one_comes_elsewhere_is_not_renamed() -> None:
    frame = rows()
    late = (frame["activity"] == "Register request") & (frame["start"] >= "2024-07-01")
    after = frame["start"] >= "2024-07-01"
    more = frame[after & (frame["activity"] == "Issue decision")].assign(activity="Send survey")
    more[["start", "end"]] += pd.Timedelta(hours=1)
    table = table_of(pd.concat([frame[~late], more]), "activity_lifespans")
    assert sorted(table["column"]) == ["Register request", "Send survey"]
    assert not table["finding"].str.contains("Renamed").any()


def test_an_activity_that_is_given_up_is_told_with_its_last_day() -> None:
    frame = rows()
    late = (frame["activity"] == "Check documents") & (frame["start"] >= "2024-07-01")
    found = only(frame[~late], "activity_lifespans")
    assert (found.column, found.count) == (
        "Check documents",
        int((~late & (frame["activity"] == "Check documents")).sum()),
    )
    assert "never seen after 2024-06-28" in found.finding


def test_a_slow_activity_has_not_begun_when_the_log_has() -> None:
    frame = rows()
    slow = where(frame, "Issue")
    frame.loc[slow, ["start", "end"]] += pd.Timedelta(days=90)
    assert table_of(frame, "activity_lifespans").empty


def test_rows_that_break_a_rule_of_99_percent_are_counted() -> None:
    frame = rows()
    codes = {"Register request": "A1", "Check documents": "B2", "Issue decision": "C3"}
    frame["code"] = frame["activity"].map(codes)
    frame.loc[where(frame, "Check")[[3, 33]], "code"] = "A1"
    found = table_of(frame, "broken_dependencies")
    assert {(row.column, row.count, row.share) for row in found.itertuples()} >= {
        ("code", 2, 2 / 720)
    }
    assert len(found) == 1, "the unit tells the same"
    assert "'Check documents'" in found["finding"].iloc[0]


def test_a_rule_without_an_exception_or_with_many_is_not_told() -> None:
    frame = rows()
    frame["code"] = frame["activity"].str[0]
    assert table_of(frame, "broken_dependencies").empty
    frame.loc[where(frame, "Check")[:24], "code"] = "Z"
    assert table_of(frame, "broken_dependencies").empty


def test_cases_whose_kind_changes_are_counted_where_it_hardly_ever_does() -> None:
    frame = rows()
    kinds = np.array(["building", "demolition", "extension"])
    frame["kind"] = kinds[(frame.index // 3) % 3]
    frame.loc[[4, 40], "kind"] = "sign"
    found = only(frame, "changing_case_attributes")
    assert (found.column, found.count, found.share) == ("kind", 2, 2 / 240)


def test_an_attribute_that_often_changes_belongs_to_the_step() -> None:
    frame = rows()
    frame["room"] = [f"room {place % 5}" for place in range(len(frame))]
    assert table_of(frame, "changing_case_attributes").empty


@pytest.mark.parametrize(
    "written",
    [
        "RU/{n}/2024",
        "{n}/2024",
        "2024/{n}",
        "2024-{n:06d}",
        "{n}/03.04.2024",
        "PV-2024-{n:05d}",
        "{n} din 03.04.2024",
    ],
)
def test_missing_registry_numbers_are_counted_in_every_usual_format(written: str) -> None:
    frame = rows()
    number = frame["case"].str.extract(r"/(\d+)/")[0].astype(int)
    frame["case"] = [written.format(n=n) for n in number]
    left_out = number.isin([7, 50, 51, 52, 199])
    found = only(frame[~left_out], "number_gaps")
    assert (found.count, found.share) == (5, 5 / 240)
    assert "7 in" in found.finding
    assert "50 to 52 in" in found.finding
    assert table_of(frame, "number_gaps").empty


def test_numbers_of_which_most_are_missing_are_no_sequence() -> None:
    frame = rows()
    number = frame["case"].str.extract(r"/(\d+)/")[0].astype(int)
    assert table_of(frame[number % 3 == 0], "number_gaps").empty


def test_a_number_written_in_two_ways_is_given_twice() -> None:
    frame = rows()
    frame.loc[frame["case"] == "RU/100/2024", "case"] = "RU/0099/2024"
    found = only(frame, "number_duplicates")
    assert (found.count, found.share) == (1, 1 / 240)
    assert "'RU/0099/2024'" in found.finding


def test_labels_without_a_year_have_no_sequence() -> None:
    labels = pa.array([f"BP/{number:07d}" for number in range(100)])
    assert Sequences.of(labels) is None


LABELS = st.tuples(
    st.sampled_from(["", "RU/", "PV "]), st.integers(1, 60), st.sampled_from([2023, 2024])
)


@given(st.lists(LABELS, min_size=1, max_size=150, unique=True))
def test_gaps_as_counted_by_a_loop(drawn: list[tuple[str, int, int]]) -> None:
    labels = [f"{prefix}{number}/{year}" for prefix, number, year in drawn]
    found = Sequences.of(pa.array(labels))
    assert found is not None
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for label in labels:
        match = re.fullmatch(r"(.*?)(\d+)/(\d+)", label)
        assert match is not None
        groups[match[1], match[3]].add(int(match[2]))
    dense = {
        key: numbers
        for key, numbers in groups.items()
        if len(numbers) >= LEAST and len(numbers) >= DENSE * (max(numbers) - min(numbers) + 1)
    }
    kept = found.dense()[found.group] & found.new()
    assert sorted({found.names[g] for g in found.group[kept]}) == sorted(a + b for a, b in dense)
    assert int(kept.sum()) == sum(map(len, dense.values()))
    missing = sum(max(numbers) - min(numbers) + 1 - len(numbers) for numbers in dense.values())
    frame = pd.DataFrame(
        {"case": labels, "activity": "A", "end": pd.Timestamp("2024-05-06 10:00:01")}
    )
    table = table_of(frame, "number_gaps", start=None, resource=None, unit=None)
    assert table["count"].tolist() == ([missing] if missing else [])


def test_a_log_with_a_fault_in_a_label_is_bound_as_it_is() -> None:
    assert log_of(rows()).n_cases == 240
