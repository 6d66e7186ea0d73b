"""read and inspect: any source, a binding that is given, saved or proposed, and what takes precedence."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import procmine as pm
from procmine.errors import BindingError, ColumnNotFoundError, SourceError
from procmine.ingest import Binding
from procmine.ingest.read import proposal_text
from tests.ingest.conftest import Export

REGISTER = (
    "Nr. dosar;Activitate;Data început;Data sfârșit;Funcționar;Compartiment;Termen\n"
    "007;Analiză;02.03.2026 08:00;02.03.2026 09:30;Ana;Urbanism;31.03.2026\n"
    "007;Eliberare;03.03.2026 08:00;03.03.2026 08:10;Ion;Registratură;31.03.2026\n"
    "7;Analiză;02.03.2026 10:00;;Ana;Urbanism;15.04.2026\n"
)
XES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<log>\n<trace>\n<string key="concept:name" value="7"/>\n'
    '<event><string key="concept:name" value="A"/>'
    '<date key="time:timestamp" value="2026-03-02T08:00:00+02:00"/></event>\n</trace>\n</log>\n'
)


def same(one: pm.EventLog, two: pm.EventLog) -> bool:
    frames = (pm.steps(one), pm.steps(two))
    pd.testing.assert_frame_equal(*frames)
    pd.testing.assert_frame_equal(pm.cases(one), pm.cases(two))
    return one.sha256 == two.sha256 and one.binding == two.binding


# --- sources --------------------------------------------------------------------------------------


def test_a_path_may_be_text(export: Export) -> None:
    path = export(REGISTER)
    assert same(pm.read(str(path), tz="CET"), pm.read(path, tz="CET"))


@pytest.mark.parametrize(
    "name", ["registru.csv", "registru.txt", "registru", "registru.tsv", "log.xes.csv"]
)
def test_a_text_table_may_be_called_anything(export: Export, name: str) -> None:
    assert pm.read(export(REGISTER, name), tz="CET").n_steps == 3


@pytest.mark.parametrize("name", ["log.xes", "log.xml", "log.txt", "log"])
@pytest.mark.parametrize("packed", [False, True])
def test_an_event_log_in_xml_is_known_by_its_content(
    export: Export, name: str, packed: bool
) -> None:
    content = gzip.compress(XES.encode()) if packed else XES.encode()
    path = export("", name)
    path.write_bytes(content)
    log = pm.read(path)
    assert (log.n_steps, log.case_labels.to_pylist(), log.tz) == (1, ["7"], "UTC+02:00")


def test_the_log_remembers_the_file_that_it_came_from(export: Export) -> None:
    import hashlib

    path = export(REGISTER)
    log = pm.read(path, tz="CET")
    assert log.sha256 == log.import_report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert log.import_report.source == "registru.csv"


# --- inspect, save, read --------------------------------------------------------------------------


def test_inspect_proposes_and_binds_nothing(
    export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    binding = pm.inspect(export(REGISTER))
    assert binding.columns() == {
        "case": "Nr. dosar",
        "activity": "Activitate",
        "start": "Data început",
        "end": "Data sfârșit",
        "resource": "Funcționar",
        "unit": "Compartiment",
    }
    assert set(binding.reasons) == set(binding.columns())
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("how", ["path", "text", "object", "proposed"])
def test_what_inspect_proposed_reads_the_same_log_again(
    export: Export, tmp_path: Path, how: str
) -> None:
    path = export(REGISTER)
    binding = replace(pm.inspect(path), tz="Europe/Bucharest", resources="name")
    binding.save(tmp_path / "binding.yaml")
    given: Any = {
        "path": {"binding": tmp_path / "binding.yaml"},
        "text": {"binding": str(tmp_path / "binding.yaml")},
        "object": {"binding": binding},
        "proposed": {"tz": "Europe/Bucharest", "resources": "name"},
    }[how]
    direct = pm.read(path, tz="Europe/Bucharest", resources="name", **binding.columns())
    log = pm.read(path, **given)
    assert same(log, direct)
    assert log.n_steps == 3


def test_the_binding_of_the_sample_register_reads_it_again(root: Path, tmp_path: Path) -> None:
    path = root / "sample_logs" / "building_permits_ro.csv"
    pm.inspect(path).save(tmp_path / "binding.yaml")
    options = {"tz": "Europe/Bucharest", "resources": "name"}
    assert same(
        pm.read(path, binding=tmp_path / "binding.yaml", **options), pm.read(path, **options)
    )


def test_a_separator_that_was_given_is_part_of_the_binding(export: Export, tmp_path: Path) -> None:
    path = export(REGISTER.replace(";", "~"))
    pm.inspect(path, separator="~").save(tmp_path / "binding.yaml")
    assert pm.read(path, binding=tmp_path / "binding.yaml", tz="CET").n_steps == 3


def test_a_saved_binding_is_read_in_silence(
    export: Export, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export(REGISTER)
    pm.inspect(path).save(tmp_path / "binding.yaml")
    pm.read(path, binding=tmp_path / "binding.yaml", tz="CET")
    assert capsys.readouterr().out == ""


def test_a_saved_column_that_the_next_export_lacks_is_named(export: Export) -> None:
    binding = pm.inspect(export(REGISTER))
    other = export(REGISTER.replace("Data sfârșit", "Data finalizării"), "nou.csv")
    with pytest.raises(ColumnNotFoundError, match=r"no column 'Data sfârșit' for end= in nou\.csv"):
        pm.read(other, binding=binding, tz="CET")


def test_inspect_of_a_log_that_procmine_wrote_gives_its_binding(
    export: Export, tmp_path: Path
) -> None:
    log = pm.read(export(REGISTER), tz="CET", closed="Eliberare")
    log.to_parquet(tmp_path / "log.parquet")
    assert pm.inspect(tmp_path / "log.parquet") == log.binding
    assert pm.inspect(tmp_path / "log.parquet").closed == pm.Closing(("Eliberare",))


def test_inspect_of_a_frame(export: Export) -> None:
    frame = pd.read_csv(export(REGISTER), sep=";", dtype=str)
    assert pm.inspect(frame).columns() == pm.inspect(export(REGISTER)).columns()


def test_inspect_refuses_what_read_refuses(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no file"):
        pm.inspect(tmp_path / "registru.csv")


# --- what takes precedence ------------------------------------------------------------------------


def test_a_parameter_takes_precedence_over_the_saved_binding(export: Export) -> None:
    path = export(REGISTER)
    binding = replace(pm.inspect(path), tz="CET")
    log = pm.read(path, binding=binding, activity="Termen", tz="EET", unit=None)
    assert log.activity.names() == ["31.03.2026", "15.04.2026"]
    assert (log.tz, log.unit, log.binding.unit) == ("EET", None, None)
    assert binding.activity == "Activitate"  # the binding given is left as it was


def test_one_timestamp_that_is_given_takes_the_place_of_saved_start_and_end(
    export: Export,
) -> None:
    path = export(REGISTER)
    log = pm.read(path, binding=pm.inspect(path), timestamp="Data început", tz="CET")
    assert (log.start, log.binding.time_columns()) == (None, ["Data început"])


def test_start_and_end_that_are_given_take_the_place_of_a_saved_timestamp(export: Export) -> None:
    path = export(REGISTER)
    saved = Binding(case="Nr. dosar", activity="Activitate", timestamp="Data început", tz="CET")
    log = pm.read(path, binding=saved, start="Data început", end="Data sfârșit")
    assert log.start is not None
    assert log.binding.timestamp is None


def test_an_incomplete_binding_is_completed_by_the_proposal_which_is_printed(
    export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    log = pm.read(export(REGISTER), binding=Binding(case="Compartiment", tz="CET"))
    assert log.case_labels.to_pylist() == ["Urbanism", "Registratură"]
    assert (log.binding.activity, log.binding.unit) == ("Activitate", None)
    first, case, activity, *_ = capsys.readouterr().out.splitlines()
    assert first == "registru.csv is bound as"
    assert case.endswith("as given")
    assert "the name is usual for activity" in activity


def test_contradictions_are_told_before_the_file_is_read(export: Export) -> None:
    columns = {"case": "Nr. dosar", "activity": "Activitate", "timestamp": "Data început"}
    with pytest.raises(BindingError, match=r"timestamp= goes alone"):
        pm.read(export(REGISTER), **columns, start="Data sfârșit")


def test_the_proposal_is_told_in_words(export: Export) -> None:
    text = proposal_text("registru.csv", pm.inspect(export(REGISTER)))
    first, *columns, written, _dates, kept, last = text.splitlines()
    assert first == "registru.csv is bound as"
    assert written.strip() == "a text table in utf-8, its cells separated by semicolon"
    assert kept.startswith("  kept as attributes: ")
    assert [line.split()[0] for line in columns] == [
        "case",
        "activity",
        "start",
        "end",
        "resource",
        "unit",
    ]
    assert "the name is usual for case; 2 different values in 3 rows" in columns[0]
    assert "keep this with pm.inspect(...).save(...)" in last
