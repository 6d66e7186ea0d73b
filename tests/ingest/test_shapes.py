"""Whatever the rows of an export are, they become one row per event, and nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import BindingError, ColumnNotFoundError
from tests.bound import FEWER

TZ = "Europe/Bucharest"

REGISTER = pd.DataFrame(
    {
        "Nr.": ["0001", "0002", "0003", "0001", "0002"],
        "An": ["2024", "2024", "2024", "2025", "2025"],
        "Primit": ["2024-01-03", "2024-01-04", "2024-02-15", "2025-01-05", "2025-01-06"],
        "Repartizat": ["2024-01-05", None, "2024-02-16", "2025-01-05", ""],
        "Soluționat": ["2024-01-13", None, "2024-02-18", "-", ""],
        "Compartiment": ["A", "B", "A", "B", "A"],
        "Stadiu": ["soluționat", "în lucru", "ANULATĂ", "în lucru", "în lucru"],
    }
)
MILESTONES = {"Primit": "Received", "Repartizat": "Assigned", "Soluționat": "Resolved"}


def register(**parameters: object) -> pm.EventLog:
    return pm.read(
        REGISTER, **{"case": ["An", "Nr."], "milestones": MILESTONES, "tz": TZ} | parameters
    )


def flat(log: pm.EventLog) -> list[tuple[str, str, str]]:
    steps = pm.steps(log)
    days = steps["end"].dt.strftime("%Y-%m-%d")
    return list(zip(steps["case_id"].astype(str), steps["activity"].astype(str), days, strict=True))


def test_each_filled_milestone_of_a_row_is_a_step() -> None:
    assert flat(register()) == [
        ("2024/0001", "Received", "2024-01-03"),
        ("2024/0001", "Assigned", "2024-01-05"),
        ("2024/0001", "Resolved", "2024-01-13"),
        ("2024/0002", "Received", "2024-01-04"),
        ("2024/0003", "Received", "2024-02-15"),
        ("2024/0003", "Assigned", "2024-02-16"),
        ("2024/0003", "Resolved", "2024-02-18"),
        ("2025/0001", "Received", "2025-01-05"),
        ("2025/0001", "Assigned", "2025-01-05"),
        ("2025/0002", "Received", "2025-01-06"),
    ]


def test_milestones_of_one_day_stand_in_the_order_in_which_they_are_named() -> None:
    turned = {name: MILESTONES[name] for name in reversed(MILESTONES)}
    on_the_day = [item for item in flat(register(milestones=turned)) if item[0] == "2025/0001"]
    assert [activity for _, activity, _ in on_the_day] == ["Assigned", "Received"]


def test_milestones_may_be_named_without_activities() -> None:
    log = register(milestones=["Primit", "Soluționat"])
    assert log.activity.names() == ["Primit", "Soluționat"]


def test_the_other_columns_of_a_row_per_case_are_case_attributes() -> None:
    cases = pm.cases(register(unit="Compartiment"))
    assert cases["Stadiu"].tolist()[:2] == ["soluționat", "în lucru"]
    assert cases["unit"].tolist() == ["A", "B", "A", "B", "A"]


def test_a_milestone_column_may_close_the_case() -> None:
    by_column = pm.cases(register(closed={"column": "Soluționat"}))
    by_activity = pm.cases(register(closed=["Resolved"]))
    assert by_column["state"].tolist() == ["closed", "open", "closed", "open", "open"]
    pd.testing.assert_frame_equal(by_column, by_activity)


def test_annulled_entries_are_left_out_and_listed_whatever_their_spelling() -> None:
    log = register(annulled={"column": "Stadiu", "values": ["anulată"]})
    report = log.import_report
    assert log.n_cases == 4
    assert report.rejected[["row", "column", "reason", "value"]].values.tolist() == [
        [3, "Stadiu", "annulled entry", "ANULATĂ"]
    ]
    assert report.rows_read == report.rows_bound + 1


def test_a_cell_that_is_no_date_is_rejected_alone() -> None:
    frame = REGISTER.assign(Repartizat=["2024-01-05", "mâine", "2024-02-16", "", ""])
    with pytest.warns(pm.DataQualityWarning, match="1 of 10 dates rejected"):
        log = pm.read(frame, case=["An", "Nr."], milestones=MILESTONES, tz=TZ)
    rejected = log.import_report.rejected
    assert rejected[["row", "column", "value"]].values.tolist() == [[2, "Repartizat", "mâine"]]
    assert log.import_report.rows_bound == log.n_steps


def test_a_row_without_any_milestone_is_listed() -> None:
    frame = REGISTER.assign(Primit=["2024-01-03", None, *["2025-01-05"] * 3])
    with pytest.warns(pm.DataQualityWarning, match="no date in any milestone"):
        log = pm.read(frame, case=["An", "Nr."], milestones=MILESTONES, tz=TZ)
    assert log.import_report.rejected["reason"].tolist() == ["no date in any milestone"]
    assert log.import_report.counted == "dates"


def test_a_case_in_two_rows_is_taken_together_and_said() -> None:
    with pytest.warns(pm.DataQualityWarning, match="add the year, the registry or the sheet"):
        log = register(case="Nr.")
    assert log.n_cases == 3
    found = next(f for f in log.import_report.findings if f.kind == "case_twice")
    assert (found.count, found.rows) == (4, (1, 2, 4, 5))


def test_a_key_of_several_columns_keeps_leading_zeros_and_needs_every_part() -> None:
    frame = REGISTER.assign(An=["2024", None, "2024", "2025", " "])
    with pytest.warns(pm.DataQualityWarning):
        log = pm.read(frame, case=["An", "Nr."], activity="Stadiu", timestamp="Primit", tz=TZ)
    assert log.case_labels.to_pylist() == ["2024/0001", "2024/0003", "2025/0001"]
    assert log.import_report.rejected["reason"].tolist() == ["no case", "no case"]


def test_keys_that_would_be_the_same_text_stay_apart_by_their_parts() -> None:
    frame = pd.DataFrame({"a": ["1", "1/2"], "b": ["2/3", "3"], "x": "A", "t": "2026-01-02 10:00"})
    with pytest.warns(pm.DataQualityWarning, match="zone|UTC"):
        log = pm.read(frame, case=["a", "b"], activity="x", timestamp="t")
    assert log.n_cases == 2


def test_an_empty_case_is_filled_from_above_only_when_asked() -> None:
    frame = pd.DataFrame(
        {"dosar": ["7", None, "", "8"], "pas": list("ABCA"), "zi": ["2026-03-02 10:00"] * 4}
    )
    named = {"case": "dosar", "activity": "pas", "timestamp": "zi", "tz": TZ}
    assert pm.read(frame, **named, fill_down=True).case_labels.to_pylist() == ["7", "8"]
    with pytest.warns(pm.DataQualityWarning, match="fill_down=True"):
        log = pm.read(frame, **named)
    assert log.import_report.rows_rejected == 2


def test_a_date_and_its_clock_time_in_two_columns_are_one_time() -> None:
    frame = pd.DataFrame(
        {
            "dosar": "7",
            "pas": ["A", "B", "C"],
            "Data": ["13.03.2026"] * 3,
            "Ora": ["08:05", "9.30", ""],
        }
    )
    log = pm.read(frame, case="dosar", activity="pas", timestamp=["Data", "Ora"], tz=TZ)
    assert pm.steps(log)["end"].dt.strftime("%H:%M").tolist() == ["08:05", "09:30", "09:30"]
    assert log.activity.names() == ["A", "B", "C"]  # the third keeps its place
    first = pm.read(frame[2:], case="dosar", activity="pas", timestamp=["Data", "Ora"], tz=TZ)
    assert pm.steps(first)["end"].dt.strftime("%H:%M").tolist() == ["00:00"]
    assert [f.kind for f in log.import_report.findings] == ["no_clock_time"]


def test_a_date_that_start_and_end_share_is_told_once() -> None:
    frame = pd.DataFrame(
        {
            "dosar": ["7", "8"],
            "pas": ["A", "A"],
            "Zi": ["13.03.2026", "31.12.9999"],
            "De la": ["08:05", "08:05"],
            "Până la": ["09:00", "09:00"],
        }
    )
    with pytest.warns(pm.DataQualityWarning, match="no time"):
        log = pm.read(
            frame, case="dosar", activity="pas", start=["Zi", "De la"], end=["Zi", "Până la"], tz=TZ
        )
    assert [f.count for f in log.import_report.findings if f.kind == "sentinel_time"] == [1]


def test_start_and_end_may_share_a_date_and_have_clock_times_of_their_own() -> None:
    frame = pd.DataFrame(
        {
            "dosar": "7",
            "pas": ["A"],
            "Zi": [dt.date(2026, 3, 13)],
            "De la": ["08:05"],
            "Până la": ["09:00"],
        }
    )
    log = pm.read(
        frame, case="dosar", activity="pas", start=["Zi", "De la"], end=["Zi", "Până la"], tz=TZ
    )
    assert pm.steps(log)["processing_time"].tolist() == [pd.Timedelta(minutes=55)]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"milestones": {"Primit": ""}}, "names no activity for column 'Primit'"),
        ({"activity": "Stadiu"}, "milestones= goes without activity="),
        ({"milestones": ["Primit", "Data"]}, "no column 'Data' for milestones="),
        ({"annulled": {"column": "Stadiu"}}, "annulled=.* is not understood"),
        ({"clock_change": "later"}, "clock_change='later' is not one of"),
        ({"header": 0}, "header=0 is not the number of a row"),
    ],
)
def test_what_cannot_be_meant_is_refused(parameters: dict[str, object], said: str) -> None:
    with pytest.raises(BindingError, match=said):
        register(**parameters)


def test_a_column_of_a_joined_key_that_is_not_there_is_named() -> None:
    with pytest.raises(ColumnNotFoundError, match="no column 'Anul' for case="):
        register(case=["Anul", "Nr."])


dates = st.one_of(st.none(), st.dates(dt.date(2019, 1, 1), dt.date(2030, 1, 1)))


@given(rows=st.lists(st.tuples(st.integers(0, 5), dates, dates, dates), min_size=1, max_size=25))
@FEWER
def test_no_date_of_a_row_per_case_is_lost_or_made_up(
    rows: list[tuple[int, dt.date | None, dt.date | None, dt.date | None]],
) -> None:
    names = ["Primit", "Repartizat", "Soluționat"]
    frame = pd.DataFrame(
        [
            [str(case), *("" if d is None else d.isoformat() for d in found)]
            for case, *found in rows
        ],
        columns=["Nr.", *names],
    )
    expected = sorted(
        (str(case), name, day.isoformat())
        for case, *found in rows
        for name, day in zip(names, found, strict=True)
        if day is not None
    )
    if not expected:
        with pytest.raises(BindingError, match="has a date in"):
            pm.read(frame, case="Nr.", milestones=names, tz=TZ)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.DataQualityWarning)
        log = pm.read(frame, case="Nr.", milestones=names, tz=TZ)
    assert sorted(flat(log)) == expected
    report = log.import_report
    empty = sum(all(d is None for d in found) for _, *found in rows)
    assert (report.rows_read, report.rows_bound) == (len(expected) + empty, len(expected))
    assert np.all(np.diff(log.offsets) > 0)
