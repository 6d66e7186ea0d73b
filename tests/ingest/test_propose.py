"""The proposed binding: names of several languages first, contents confirm them, and the reasons are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import procmine as pm
from procmine.errors import BindingError, LabelNotFoundError, TimestampError
from procmine.ingest import Binding
from procmine.ingest.names import folded
from procmine.ingest.proposal import propose_binding

TIMES = [f"2026-03-{day:02} 08:00" for day in range(1, 13)]
LATER = [f"2026-03-{day:02} 09:00" for day in range(1, 13)]
KEYS = [f"AC {row // 3}" for row in range(12)]
STEPS = ["Înregistrare", "Analiză", "Eliberare"] * 4
NUMBERS = [1.5, 2.5, 3.5] * 4


def proposed(**columns: Any) -> dict[str, str]:
    return propose_binding(pa.table(columns)).columns()


@pytest.mark.parametrize(
    ("case", "activity", "start", "end", "resource", "unit"),
    [
        ("Nr. dosar", "Activitate", "Data început", "Data sfârșit", "Funcționar", "Compartiment"),
        ("Numero pratica", "Attività", "Data inizio", "Data fine", "Addetto", "Ufficio"),
        ("Zaaknummer", "Activiteit", "Startdatum", "Einddatum", "Medewerker", "Afdeling"),
        ("Αρ. Πρωτ.", "Ενέργεια", "Έναρξη", "Λήξη", "Υπάλληλος", "Τμήμα"),
        ("case:concept:name", "concept:name", "start_timestamp", "time:timestamp", "org:resource", "org:group"),
        ("CASE_ID", "ACTIVITY", "START_TIME", "END_TIME", "RESOURCE", "DEPARTMENT"),
    ],
)  # fmt: skip
def test_usual_names_of_several_languages_are_known(
    case: str, activity: str, start: str, end: str, resource: str, unit: str
) -> None:
    found = proposed(
        **{unit: STEPS, resource: STEPS, end: LATER, start: TIMES, activity: STEPS, case: KEYS}
    )
    assert found == {
        "case": case,
        "activity": activity,
        "start": start,
        "end": end,
        "resource": resource,
        "unit": unit,
    }


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Nr. Înregistrare", "nr inregistrare"),
        ("Dată  ședință", "data sedinta"),
        ("Data şedinţă", "data sedinta"),  # with cedilla, as old systems write it
        ("Αριθμός Πρωτοκόλλου", "αριθμοσ πρωτοκολλου"),
        ("Attività", "attivita"),
        ("case:concept:name", "case concept name"),
        ("CASE_ID", "case id"),
    ],
)
def test_names_are_compared_without_accents_marks_and_capitals(name: str, plain: str) -> None:
    assert folded(name) == plain


def test_contents_decide_where_names_do_not() -> None:
    found = propose_binding(pa.table({"x": KEYS, "y": STEPS, "z": TIMES, "n": NUMBERS}))
    assert found.columns() == {"case": "x", "activity": "y", "timestamp": "z"}
    assert found.reasons == {
        "case": "what it holds; 4 different values in 12 rows",
        "activity": "what it holds; 3 different values in 12 rows",
        "timestamp": "what it holds; 100% of its cells read as times",
    }


def test_the_reason_of_a_usual_name_gives_what_was_seen() -> None:
    reasons = propose_binding(pa.table({"dosar": KEYS, "pas": STEPS, "data": TIMES})).reasons
    assert reasons["case"] == "the name is usual for case; 4 different values in 12 rows"
    assert reasons["timestamp"].startswith("the name is usual for timestamp; 100%")


def test_a_name_counts_only_where_the_contents_agree() -> None:
    assert proposed(timestamp=STEPS, case=KEYS, activity=STEPS, sosit=TIMES) == {
        "case": "case",
        "activity": "activity",
        "timestamp": "sosit",
    }
    assert "case" not in proposed(case=TIMES, activity=STEPS, data=LATER)


def test_two_time_columns_without_usual_names_are_not_chosen_between() -> None:
    assert proposed(x=KEYS, y=STEPS, intrat=TIMES, iesit=LATER) == {"case": "x", "activity": "y"}


def test_a_start_and_one_other_time_are_start_and_end() -> None:
    found = proposed(case=KEYS, activity=STEPS, start=TIMES, date=LATER)
    assert (found["start"], found["end"]) == ("start", "date")


def test_an_end_alone_is_the_timestamp() -> None:
    assert proposed(case=KEYS, activity=STEPS, end=TIMES)["timestamp"] == "end"


def test_a_column_with_the_standard_transitions_is_the_lifecycle() -> None:
    found = proposed(
        case=KEYS, activity=STEPS, start=TIMES, time=LATER,
        lifecycle=["START", "complete", "Schedule"] * 4, instance=KEYS,
    )  # fmt: skip
    assert found["lifecycle"] == "lifecycle"
    assert found["instance"] == "instance"
    assert found["timestamp"] == "time"
    assert not {"start", "end"} & set(found)


@pytest.mark.parametrize(
    "names", [["nou", "închis", "x"], ["start", "start", "start"], ["complete"] * 3]
)
def test_a_column_with_other_names_is_no_lifecycle(names: list[str]) -> None:
    found = proposed(case=KEYS, activity=STEPS, time=TIMES, lifecycle=names * 4, instance=KEYS)
    assert not {"lifecycle", "instance"} & set(found)


def test_a_key_that_never_returns_is_no_case_unless_it_is_called_one() -> None:
    rows = [str(row) for row in range(12)]
    assert proposed(id=rows, k=KEYS, y=STEPS, z=TIMES)["case"] == "k"
    assert proposed(dosar=rows, k=KEYS, y=STEPS, z=TIMES)["case"] == "dosar"


def test_a_column_that_another_role_claims_by_name_is_not_taken_for_its_contents() -> None:
    # the case key is called by no usual name and is empty; clerks must not become the cases
    found = proposed(referinta=pa.nulls(12), activitate=STEPS, functionar=KEYS, data=TIMES)
    assert "case" not in found
    assert found["resource"] == "functionar"


@pytest.mark.parametrize(
    "columns",
    [
        {
            "case": pa.array(KEYS).dictionary_encode(),
            "activity": pa.array(STEPS).dictionary_encode(),
        },
        {"case": pa.array(KEYS, pa.large_string()), "activity": pa.array(STEPS, pa.string_view())},
        {"case": pa.array([row // 3 for row in range(12)]), "activity": STEPS},
        {"case": KEYS, "activity": STEPS, "x": pa.nulls(12), "y": [[1]] * 12, "z": [{"a": 1}] * 12},
    ],
)
def test_columns_of_any_type_can_be_looked_at(columns: dict[str, Any]) -> None:
    found = proposed(**columns, time=pd.to_datetime(TIMES).to_numpy())
    assert (found["case"], found["activity"], found["timestamp"]) == ("case", "activity", "time")


# --- read and inspect -----------------------------------------------------------------------------


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"dosar": KEYS, "pas": STEPS, "data": TIMES, **columns})


def test_what_was_proposed_is_printed_with_the_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    log = pm.read(frame(), tz="CET", activity="pas")
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "DataFrame is bound as"
    assert printed[1].split("  ")[1].strip() == "case"
    assert "the name is usual for case; 4 different values in 12 rows" in printed[1]
    assert printed[2].endswith("as given")
    assert "activity=" in printed[-1]
    assert log.import_report.reasons["case"].startswith("the name is usual")


def test_nothing_is_proposed_or_printed_where_case_activity_and_time_are_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = pm.read(frame(functionar=STEPS), case="dosar", activity="pas", timestamp="data", tz="CET")
    assert capsys.readouterr().out == ""
    assert log.resource is None


OFFSETS = [f"2026-0{month}-02 08:00+0{offset}:00" for month, offset in ((1, 1), (7, 2))] * 6
EET_OFFSETS = [text.replace("+02", "+03").replace("+01", "+02") for text in OFFSETS]
SUMMER = ["2026-07-02 08:00+02:00"] * 12


def test_a_zone_that_offsets_propose_is_printed_with_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = pm.read(frame().assign(data=EET_OFFSETS))
    *_, zone, _ = capsys.readouterr().out.splitlines()
    assert (log.tz, log.tz_assumed) == ("EET", False)
    reason = "the offsets +02:00, +03:00 follow the clock changes of the EU as EET does"
    assert " ".join(zone.split()) == f"tz 'EET' {reason}"


def test_a_zone_that_was_given_or_assumed_is_not_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pm.read(frame().assign(data=OFFSETS), tz="CET")
    with pytest.warns(pm.DataQualityWarning):
        pm.read(frame())
    assert "tz " not in capsys.readouterr().out


def test_a_proposal_that_cannot_be_bound_is_printed_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(LabelNotFoundError):
        pm.read(frame(), tz="CET", closed="lipsă")
    assert capsys.readouterr().out.startswith("DataFrame is bound as\n  case")


def test_inspect_proposes_the_zone_and_a_saved_binding_keeps_it(tmp_path: Path) -> None:
    proposed = pm.inspect(frame().assign(data=OFFSETS))
    assert proposed.tz == "CET"
    assert "follow the clock changes of the EU as CET does" in proposed.reasons["tz"]
    lines = [line.split()[:2] for line in str(proposed).splitlines()]
    assert ["tz", "'CET'"] in lines
    assert "'data' is read as year-month-day (ISO 8601)" in proposed.notes
    proposed.save(tmp_path / "binding.yaml")
    written = (tmp_path / "binding.yaml").read_text(encoding="utf-8")
    assert "tz: CET  # the offsets +01:00, +02:00 follow" in written
    assert Binding.load(tmp_path / "binding.yaml").tz == "CET"


@pytest.mark.parametrize(
    "times", [TIMES, [*OFFSETS[:11], "2026-03-02"], [*SUMMER[:11], OFFSETS[0][:-5] + "05:30"]]
)
def test_inspect_leaves_the_zone_open_where_the_times_do_not_tell_it(times: list[str]) -> None:
    proposed = pm.inspect(frame().assign(data=times))
    assert proposed.timestamp == "data"
    assert (proposed.tz, "tz" in proposed.reasons) == (None, False)


def test_a_single_offset_is_a_zone_only_where_the_whole_file_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    for rows, zone in ((12, "UTC+02:00"), (4_999, "UTC+02:00"), (5_000, None), (6_000, None)):
        table = pd.DataFrame({"dosar": KEYS, "pas": STEPS, "data": SUMMER})
        pd.concat([table] * 500).iloc[:rows].to_csv(path, index=False)
        assert pm.inspect(path).tz == zone, rows


def test_both_offsets_among_the_first_rows_settle_the_zone_of_a_longer_file(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    table = pd.DataFrame({"dosar": KEYS, "pas": STEPS, "data": OFFSETS})
    pd.concat([table] * 500).to_csv(path, index=False)
    assert pm.inspect(path).tz == "CET"
    late = [*SUMMER * 500, OFFSETS[0]]  # winter comes after the rows that inspect looks at
    pd.DataFrame({"dosar": "1", "pas": "A", "data": late}).to_csv(path, index=False)
    assert pm.inspect(path).tz is None
    assert pm.read(path, activity="pas").tz == "CET"


def test_none_refuses_a_proposed_column() -> None:
    table = frame(functionar=STEPS, compartiment=STEPS)
    assert pm.read(table, activity="pas", tz="CET").unit is not None
    log = pm.read(table, activity="pas", tz="CET", resource=None, unit=None)
    assert (log.resource, log.unit) == (None, None)


def test_a_case_that_nothing_suggests_is_asked_for() -> None:
    table = pd.DataFrame({"activity": STEPS, "data": TIMES})
    with pytest.raises(BindingError, match=r"no column is bound to case=\nname it, such as case="):
        pm.read(table, tz="CET")


@pytest.mark.parametrize("pattern", ["%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y-%m-%d"])
def test_a_date_and_its_clock_time_are_the_time_whatever_marks_the_date_has(pattern: str) -> None:
    dates = [f"{day:%d.%m.%Y}" for day in pd.date_range("2026-03-10", periods=12)]
    written = pd.to_datetime(pd.Series(dates), dayfirst=True).dt.strftime(pattern)
    found = propose_binding(
        pa.table({"Nr. dosar": KEYS, "Activitate": STEPS, "Data": written, "Ora": ["08:30"] * 12})
    )
    assert found.parts()["timestamp"] == ("Data", "Ora")


def test_a_date_that_has_its_clock_time_already_takes_none_of_another_column() -> None:
    for time in ("10.03.2026 08:30", "10/03/2026, 08.30", "2026-03-10T08:30", "13.03.26 ora 8:30"):
        columns = {"Nr. dosar": KEYS, "Activitate": STEPS, "Data": [time] * 12}
        found = propose_binding(pa.table({**columns, "Ora": ["08:30"] * 12}))
        assert found.timestamp == "Data", time


DAYS = pd.Series(pd.date_range("2025-03-01", periods=12))


def bound_with(time_format: str | None, **columns: Any) -> Binding:
    table = pa.table({"Nr. dosar": KEYS, "Activitate": STEPS, **columns})
    return propose_binding(table, given=Binding(time_format=time_format))


@pytest.mark.parametrize(
    ("time_format", "cells"),
    [
        ("%m.%Y.%d", DAYS.dt.strftime("%m.%Y.%d")),
        ("%d/%m/%y", DAYS.dt.strftime("%d/%m/%y")),
        ("%d%m%Y", DAYS.dt.strftime("%d%m%Y")),
        ("excel", [str(45_000 + i) for i in range(12)]),
        ("excel", [f"{45_000 + i},25" for i in range(12)]),
        ("excel1904", [45_000 + i for i in range(12)]),
        ("excel", [45_000.5 + i for i in range(12)]),
    ],
)
@pytest.mark.parametrize("name", ["Data", "Când"])
def test_cells_in_the_given_format_are_times(name: str, time_format: str, cells: Any) -> None:
    assert bound_with(time_format, **{name: cells}).timestamp == name


def test_numbers_under_other_names_are_no_day_numbers_beside_dates() -> None:
    serials = [str(45_000 + i) for i in range(12)]
    keys = [str(40_000 + row // 3) for row in range(12)]
    table = pa.table({"Cod": keys, "Activitate": STEPS, "Data": serials})
    found = propose_binding(table, given=Binding(time_format="excel")).columns()
    assert found == {"case": "Cod", "activity": "Activitate", "timestamp": "Data"}
    table = pa.table({"Nr. dosar": keys, "Activitate": STEPS, "Când": serials})
    found = propose_binding(table, given=Binding(time_format="excel")).columns()
    assert found == {"case": "Nr. dosar", "activity": "Activitate", "timestamp": "Când"}


def test_of_two_columns_of_dates_the_one_in_the_given_format_is_the_time() -> None:
    written = {pattern: DAYS.dt.strftime(pattern) for pattern in ("%m.%Y.%d", "%Y-%m-%d")}
    found = bound_with("%m.%Y.%d", Unu=written["%Y-%m-%d"], Doi=written["%m.%Y.%d"])
    assert found.timestamp == "Doi"


def test_dates_that_do_not_fit_the_given_format_are_bound_and_told_when_they_are_read() -> None:
    frame = pd.DataFrame({"Nr. dosar": KEYS, "Activitate": STEPS, "Data": TIMES})
    with pytest.raises(TimestampError, match="'Data' in DataFrame: 12 of 12 filled cells do not"):
        pm.read(frame, time_format="%d.%m.%Y")


@pytest.mark.parametrize("cell", ["01.01.25", "01/31/25", "05-06-25 10:00", "20250101"])
def test_short_dates_need_less_proof_under_the_name_of_a_time(cell: str) -> None:
    for name in ("Data", "Data operațiunii", "Timestamp", "Data verificării"):
        assert bound_with(None, **{name: [cell] * 12}).timestamp == name
    assert bound_with(None, Pozitia=[cell] * 12).timestamp is None
    assert bound_with(None, Data=[*[cell] * 11, "12/AC"]).timestamp is None


def test_a_start_of_one_day_stays_beside_its_end() -> None:
    dates = {"Data început": ["01.01.25"] * 12, "Data sfârșit": ["30.03.25"] * 12}
    found = bound_with(None, **dates)
    assert (found.start, found.end, found.timestamp) == (*dates, None)
