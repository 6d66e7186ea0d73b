"""The table of quality(): its shape, its order, what it never shows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from procmine.checks import CHECKS, checks, quality
from procmine.checks.check import SEVERITIES
from tests.checks.office import STEPS, log_of, rows, where

COLUMNS = [
    *("check", "severity", "column", "count", "share"),
    *("finding", "example_rows", "affects", "advice"),
]


def with_faults() -> pd.DataFrame:
    frame = rows()
    frame.loc[where(frame, "Check")[:30], "resource"] = None
    frame.loc[where(frame, "Issue")[:4], "activity"] = "issue decision"
    frame.loc[where(frame, "Check")[100:130], ["start", "end"]] += pd.Timedelta(hours=12)
    return pd.concat([frame, frame.iloc[[10, 20]]])


def test_an_office_without_a_fault_gives_an_empty_table_of_the_same_columns() -> None:
    clean, faulty = quality(log_of(rows())), quality(log_of(with_faults()))
    assert clean.empty, clean.to_string()
    assert list(clean.columns) == list(faulty.columns) == COLUMNS
    assert list(clean.dtypes) == list(faulty.dtypes)


def test_a_log_without_a_step_gives_an_empty_table() -> None:
    log = log_of(rows())
    nothing = log.keep_cases(np.zeros(log.n_cases, dtype=np.bool_), because="nobody")
    assert quality(nothing).empty
    assert list(quality(nothing).dtypes) == list(quality(log).dtypes)


def test_the_worst_finding_comes_first() -> None:
    table = quality(log_of(with_faults()))
    ranks = [SEVERITIES.index(severity) for severity in table["severity"]]
    assert len(table) >= 4
    assert ranks == sorted(ranks)
    for _, group in table.groupby("severity"):
        assert group["share"].is_monotonic_decreasing, "no finding here tells of several columns"


def test_shares_and_counts_are_possible_and_every_text_is_filled() -> None:
    table = quality(log_of(with_faults()))
    assert table["share"].between(0, 1).all()
    assert (table["count"] > 0).all()
    for column in ("check", "finding", "affects", "advice"):
        assert (table[column].str.len() > 0).all()
    assert set(table["check"]) <= set(checks())


def test_the_same_log_gives_the_same_table_again() -> None:
    one, again = (quality(log_of(with_faults())) for _ in range(2))
    pd.testing.assert_frame_equal(one, again)


def test_no_person_is_named_whatever_the_log_shows() -> None:
    frame = with_faults()
    for resources in ("anonymous", "name"):
        log = log_of(frame, resources=resources)
        text = quality(log).to_csv()
        assert log.resource is not None
        for name in (*log.resource.names(), *(person for _, person, _, _ in STEPS)):
            assert name not in text


def test_example_rows_are_rows_of_the_source_five_at_most() -> None:
    frame = with_faults()
    log = log_of(frame)
    table = quality(log)
    missing = table[(table["check"] == "missing_values") & (table["column"] == "resource")]
    told = missing["example_rows"].iloc[0]
    assert len(told) == 5
    by_row = dict(zip(log.row.tolist(), (log.resource.codes < 0).tolist(), strict=True))
    assert all(by_row[row] for row in told)
    assert all(len(examples) <= 5 for examples in table["example_rows"])


def test_every_check_has_an_id_a_definition_and_a_docstring_of_its_own() -> None:
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names) == len(checks())
    assert all(name == name.lower() and name.replace("_", "").isalpha() for name in names)
    assert all(check.definition.endswith(".") and check.find.__doc__ for check in CHECKS)


def test_what_many_columns_have_in_common_is_told_in_one_row() -> None:
    frame = rows()
    for number in range(9):
        frame[f"field {number}"] = [f"{place}" for place in range(len(frame))]
        frame.loc[: 20 + number, f"field {number}"] = None
    table = quality(log_of(frame))
    missing = table[table["check"] == "missing_values"]
    assert len(missing) == 6
    (rest,) = missing[missing["column"] == ""].itertuples()
    assert rest.count == 4
    assert "'field 0'" in rest.finding
