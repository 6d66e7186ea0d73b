"""Exports that mislead: what looks like a key, a clock time, a status or one word, and is not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import procmine as pm
from procmine.errors import BindingError, TimestampError
from tests.ingest.conftest import Export

R = {"case": "c", "activity": "a", "tz": "Europe/Bucharest"}
QUIET = pytest.mark.filterwarnings("ignore::procmine.DataQualityWarning")


def frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_applicants_and_their_numbers_are_never_proposed_as_case_or_activity(
    export: Export,
) -> None:
    rows = "".join(
        f"Popescu {i % 8};{1850101221100 + i % 8};R{i % 3};2025-03-{i % 28 + 1:02}\n"
        for i in range(60)
    )
    proposed = pm.inspect(export("Solicitant;CNP;Rezultat;Data\n" + rows))
    assert not {"Solicitant", "CNP"} & set(proposed.columns().values())


def test_a_key_that_names_persons_is_said_to_show_them() -> None:
    people = frame(
        Petent=["Ana Pop", "Ion Pop"], an=["2025", "2025"], a=["x", "y"], t=["2025-03-02"] * 2
    )
    log = pm.read(people, case=["Petent", "an"], activity="a", timestamp="t", tz="CET")
    assert any("case= shows 'Petent' everywhere" in note for note in log.import_report.notes)


def test_amounts_are_no_clock_times_of_a_date(export: Export) -> None:
    rows = "".join(
        f"{i // 3};A{i % 3};{i % 28 + 1:02}.03.2025;{i % 3 * 5 + 5}.00\n" for i in range(60)
    )
    proposed = pm.inspect(export("Nr. dosar;Activitate;Data;Taxa\n" + rows))
    assert proposed.timestamp == "Data"


def test_a_clock_time_with_a_point_counts_under_the_name_of_one(export: Export) -> None:
    rows = "".join(
        f"{i // 3};A{i % 3};{i % 28 + 1:02}.03.2025;{i % 9 + 8:02}.30\n" for i in range(60)
    )
    proposed = pm.inspect(export("Nr. dosar;Activitate;Data;Ora\n" + rows))
    assert proposed.timestamp == ("Data", "Ora")


@QUIET
def test_a_status_and_a_milestone_that_first_occur_far_below_count(export: Export) -> None:
    rows = "".join(
        f"{i};2025-03-{i % 28 + 1:02};2025-04-{i % 28 + 1:02};{'clasat' if i > 5500 else 'soluționat'};"
        f"{'2025-05-01' if i > 5600 else ''}\n"
        for i in range(6000)
    )
    head = "Nr. dosar;Data înregistrării;Data soluționării;Stadiu;Data expedierii\n"
    log = pm.read(export(head + rows), tz="Europe/Bucharest")
    assert "Data expedierii" in log.activity.names()
    assert (pm.cases(log)["state"] == "closed").all()


def test_a_date_that_is_a_moment_already_takes_no_clock_time() -> None:
    days = pd.to_datetime(["2025-03-01", "2025-07-01"]).tz_localize("Europe/Bucharest")
    table = frame(c=["1", "2"], a=["x", "y"], d=days, h=["10:00", "11:00"])
    with pytest.raises(TimestampError, match="carry a zone or a UTC offset"):
        pm.read(table, timestamp=["d", "h"], **R)


def test_a_date_with_a_clock_time_of_its_own_keeps_it() -> None:
    table = frame(c=["1", "2"], a=["x", "y"], d=["2025-03-01 10:00"] * 2, h=["10:00", "11:00"])
    with pytest.warns(pm.DataQualityWarning, match="another clock time of its own"):
        log = pm.read(table, timestamp=["d", "h"], **R)
    assert pm.steps(log)["end"].dt.hour.tolist() == [10]
    assert log.import_report.rejected["row"].tolist() == [2]


def test_milestones_that_carry_their_zone_keep_it() -> None:
    days = pd.to_datetime(["2025-03-01", "2025-07-01"]).tz_localize("Europe/Bucharest")
    log = pm.read(frame(c=["1", "2"], A=days, B=days), case="c", milestones=["A", "B"])
    assert (log.tz, log.tz_assumed) == ("Europe/Bucharest", False)


@pytest.mark.parametrize(("values", "wanted"), [(list("✗✓-+"), "✗"), (["-1", "1", "1", "1"], "-1")])
def test_signs_and_numbers_are_annulled_only_as_they_are_written(
    values: list[str], wanted: str
) -> None:
    table = frame(c=list("1234"), a=["x"] * 4, t=["2025-03-02 10:00"] * 4, v=values)
    log = pm.read(table, timestamp="t", annulled={"column": "v", "values": [wanted]}, **R)
    assert log.n_cases == 3


def test_a_closing_status_counts_with_and_without_its_accents() -> None:
    status = ["Soluționat", "SOLUTIONAT", "deschis"]
    table = frame(c=list("123"), a=["x"] * 3, t=["2025-03-02 10:00"] * 3, s=status)
    log = pm.read(table, timestamp="t", closed={"column": "s", "values": ["soluționat"]}, **R)
    assert pm.cases(log)["state"].tolist() == ["closed", "closed", "open"]


def test_a_case_that_went_on_after_it_was_annulled_loses_that_entry_only() -> None:
    changes = [
        ("1", "", "Nou"),
        ("1", "Nou", "Anulat"),
        ("1", "Anulat", "Rezolvat"),
        ("2", "", "Nou"),
        ("2", "Nou", "Anulat"),
    ]
    table = pd.DataFrame(changes, columns=["c", "old", "new"])
    table["t"] = [f"2025-03-0{day} 10:00" for day in (1, 2, 3, 1, 2)]
    log = pm.read(
        table, case="c", activity="new", previous="old", timestamp="t", tz="CET",
        annulled={"column": "new", "values": ["anulat"]},
    )  # fmt: skip
    assert pm.steps(log)["activity"].tolist() == ["Nou", "Rezolvat"]
    assert log.import_report.rejected["row"].tolist() == [2, 4, 5]


def test_a_part_of_the_key_may_also_say_what_closes_a_case() -> None:
    table = frame(y=["1"], n=["2"], a=["x"], t=["2025-03-02 10:00"])
    closed = {"column": "n", "values": ["2"]}
    log = pm.read(table, case=["y", "n"], activity="a", timestamp="t", tz="CET", closed=closed)
    assert pm.cases(log)["state"].tolist() == ["closed"]


def test_words_and_codes_that_are_not_one_are_not_taken_together() -> None:
    labels = [*["SCIA"] * 99, "scia", "Buße", "Busse", "A.1", "a.1"]
    table = frame(c=[str(i) for i in range(104)], a=labels, t=["2025-03-02 10:00"] * 104)
    assert pm.read(table, timestamp="t", **R).activity.names() == [
        "SCIA",
        "Buße",
        "Busse",
        "A.1",
        "a.1",
    ]


def test_a_number_is_not_carried_down_into_another_year() -> None:
    table = frame(
        y=["2025", "2025", "2026", None],
        n=["1", None, None, "7"],
        a=["x"] * 4,
        t=["2025-03-02 10:00"] * 4,
    )
    with pytest.warns(pm.DataQualityWarning, match="no case"):
        log = pm.read(table, case=["y", "n"], activity="a", timestamp="t", tz="CET", fill_down=True)
    assert log.case_labels.to_pylist() == ["2025/1", "2026/7"]
    assert log.n_steps == 3


def test_a_column_that_has_the_name_of_one_that_is_made_is_refused_where_it_is_bound() -> None:
    table = frame(c=["1"], A=["2025-03-01"], milestone=["Nord"])
    with pytest.raises(BindingError, match="unit= names the column 'milestone'"):
        pm.read(table, case="c", milestones=["A"], unit="milestone", tz="CET")


def test_a_binding_that_hides_persons_hides_them_in_a_saved_log(tmp_path: Path) -> None:
    table = frame(c=["1", "1"], a=["x", "y"], t=["2025-03-02 10:00"] * 2, who=["Ana", "Ion"])
    path = tmp_path / "log.parquet"
    pm.read(table, timestamp="t", resource="who", resources="name", **R).to_parquet(path)
    assert "resource" not in pm.steps(pm.read(path, binding=pm.Binding(resources="anonymous")))


def test_a_note_in_the_place_of_a_date_is_not_shown_whole() -> None:
    note = "sunat d-na Popescu Ana, CNP 2850101221144"
    table = frame(c=["1", "2"], a=["x", "y"], t=["2025-03-02 10:00", note])
    with pytest.warns(pm.DataQualityWarning):
        log = pm.read(table, timestamp="t", **R)
    assert log.import_report.rejected["value"].tolist() == ["sunat …"]
