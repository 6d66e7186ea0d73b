"""Parquet: a log comes back as it was written, without a sort; and typed files from elsewhere are read."""

from __future__ import annotations

import tempfile
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine import kernels
from procmine.errors import BindingError, SourceError
from procmine.ingest.privacy import KEY_VARIABLE
from procmine.log import Coded
from tests.bound import COLUMNS, ZONE, closings
from tests.oracle import LifecycleEvent, Step, pair_lifecycle
from tests.strategies import lifecycle_logs, lifecycle_to_frame, logs, to_frame


def there_and_back(log: pm.EventLog) -> pm.EventLog:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        log.to_parquet(path)
        assert [item.name for item in Path(folder).iterdir()] == ["log.parquet"]
        return pm.read(path)


def assert_same(one: pm.EventLog, two: pm.EventLog) -> None:
    """Every field of two logs is equal: nothing is left out because nobody thought of it."""
    for field in fields(one):
        _assert_equal(field.name, getattr(one, field.name), getattr(two, field.name))


def _assert_equal(name: str, a: Any, b: Any) -> None:
    assert type(a) is type(b), name
    if isinstance(a, np.ndarray):
        assert a.dtype == b.dtype, name
        np.testing.assert_array_equal(a, b, err_msg=name)
    elif isinstance(a, Coded):
        np.testing.assert_array_equal(a.codes, b.codes, err_msg=name)
        assert a.names() == b.names(), name
    elif isinstance(a, pa.Table):
        assert a.schema == b.schema, name
        assert a.to_pydict() == b.to_pydict(), name
    elif isinstance(a, pa.Array):
        assert a.to_pylist() == b.to_pylist(), name
    elif isinstance(a, pm.ImportReport):
        for field in fields(a):
            _assert_equal(field.name, getattr(a, field.name), getattr(b, field.name))
    elif isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b)
    else:
        assert a == b, name


# --- what procmine wrote --------------------------------------------------------------------------

EXTRA = {
    "kind": st.sampled_from(["x", "ț", "", None, "007"]),
    "area": st.sampled_from([1.5, 2.0, None]),
    "floors": st.integers(-3, 3),
    "paid": st.booleans() | st.none(),
    "due": st.sampled_from([datetime(2026, 3, 2), datetime(2026, 7, 2, 8, 30), None]),
    "case:kind": st.sampled_from(["case", "b"]),
    "end": st.just("a step attribute with the name of a column"),
}


@given(steps=logs(), data=st.data())
def test_a_log_comes_back_whole(steps: list[Step], data: st.DataObject) -> None:
    frame = to_frame(steps).rename(columns={"end": "finish"})
    for name in data.draw(st.lists(st.sampled_from(sorted(EXTRA)), unique=True)):
        cells = data.draw(st.lists(EXTRA[name], min_size=len(frame), max_size=len(frame)))
        frame[name] = cells
    roles = {"resource": "resource", "unit": "unit", "closed": data.draw(closings(steps))}
    for role in data.draw(st.lists(st.sampled_from(sorted(roles)), unique=True)):
        roles[role] = None
    log = pm.read(
        frame, case="case", activity="activity", start="start", end="finish", tz=ZONE,
        resources=data.draw(st.sampled_from(["anonymous", "name", "drop"])), **roles,
    )  # fmt: skip
    assert_same(there_and_back(log), log)


@given(lifecycle_logs().filter(lambda events: pair_lifecycle(events).steps))
def test_a_paired_log_comes_back_with_its_suspended_time_and_rejected_rows(
    events: list[LifecycleEvent],
) -> None:
    frame = lifecycle_to_frame([*events, LifecycleEvent("z", "A", "complete", 1, row=99)])
    log = pm.read(
        frame, case="case", activity="activity", timestamp="time", lifecycle="transition", tz=ZONE
    )
    assert_same(there_and_back(log), log)


@given(steps=logs(), data=st.data())
def test_a_part_of_a_log_comes_back_with_its_history(
    steps: list[Step], data: st.DataObject
) -> None:
    log = pm.read(to_frame(steps), **COLUMNS, tz=ZONE, closed=data.draw(closings(steps)))
    mask = data.draw(st.lists(st.booleans(), min_size=log.n_steps, max_size=log.n_steps))
    part = log.where(mask, trim=True)  # perhaps of no step at all
    back = there_and_back(part)
    assert back.history == part.history != ()
    assert_same(back, part)


def small(**columns: Any) -> pd.DataFrame:
    table = {
        "c": ["2", "1", "2"],
        "a": ["B", "A", "A"],
        "t": pd.to_datetime(["2026-03-03", "2026-03-02", "2026-03-01"]),
    }
    return pd.DataFrame({**table, **columns})


def read_small(frame: pd.DataFrame, **options: Any) -> pm.EventLog:
    return pm.read(frame, **{"case": "c", "activity": "a", "timestamp": "t", "tz": ZONE, **options})


def test_attributes_of_every_type_come_back(tmp_path: Path) -> None:
    log = read_small(
        small(
            decimal=[Decimal("1.50"), None, Decimal("2.25")],
            day=[date(2026, 3, 2), None, date(2026, 3, 3)],
            spent=pd.to_timedelta([1, 2, None], "h"),
            instant=pd.to_datetime(["2026-03-02", None, "2026-03-03"]).tz_localize("Europe/Rome"),
            tags=[["x"], None, ["y", "z"]],
            parts=[{"a": 1}, None, {"a": 2}],
            nothing=[None, None, None],
            kind=pd.Categorical(["x", None, "y"]),
        )
    )
    assert_same(there_and_back(log), log)


def test_times_without_a_zone_stay_marked(tmp_path: Path) -> None:
    with pytest.warns(pm.DataQualityWarning):
        log = read_small(small(), tz=None)
    back = there_and_back(log)  # without another warning: it was given
    assert back.tz_assumed
    assert_same(back, log)


def test_rejected_rows_come_back_as_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        'c,a,t\n1,A,2026-03-02\n1,B,2026-03-02\n1,A,007\n,A,2026-03-02\n1,A\n1,"é"\n1,A,12,3\n',
        encoding="utf-8",
    )
    with pytest.warns(pm.DataQualityWarning):
        log = pm.read(path, case="c", activity="a", timestamp="t", tz=ZONE)
    back = there_and_back(log)
    assert back.import_report.rejected["value"].tolist() == ["007", "", "1,A", '1,"é"', "1,A,12,3"]
    assert_same(back, log)


def test_a_file_that_procmine_wrote_is_not_sorted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = read_small(small())
    log.to_parquet(tmp_path / "log.parquet")

    def sort(*_: Any) -> None:
        raise AssertionError("sorted again")

    monkeypatch.setattr(kernels, "lexicographic_order", sort)
    assert_same(pm.read(tmp_path / "log.parquet"), log)
    with pytest.raises(AssertionError, match="sorted again"):
        read_small(small())


def test_other_tools_read_the_file(tmp_path: Path) -> None:
    log = read_small(small(x=[1, 2, 2]), closed="B")
    log.to_parquet(tmp_path / "log.parquet")
    table = pd.read_parquet(tmp_path / "log.parquet")
    assert table["case_id"].tolist() == ["2", "2", "1"]
    assert table["activity"].tolist() == ["A", "B", "A"]
    assert table["end"].dt.tz_convert(ZONE).tolist() == log.local(log.end).tolist()
    assert table["closed_at"].isna().tolist() == [False, False, True]


def test_writing_over_a_log_leaves_the_old_one_until_the_new_one_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.parquet"
    log = read_small(small())
    log.to_parquet(path)

    def fail(_: Any, where: Path, **__: Any) -> None:
        where.write_bytes(b"PAR1 and not much more")
        raise OSError("no space left on device")

    monkeypatch.setattr(pq, "write_table", fail)
    with pytest.raises(OSError, match="no space left"):
        log.filter(activity="B").to_parquet(path)
    assert [item.name for item in tmp_path.iterdir()] == ["log.parquet"]
    assert_same(pm.read(path), log)


def test_a_log_that_is_bound_already_takes_no_other_binding(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    read_small(small()).to_parquet(path)
    assert pm.read(path, case="c", tz=ZONE).n_steps == 3  # as it is bound
    for option in ({"tz": "CET"}, {"closed": "A"}, {"activity": "c"}):
        with pytest.raises(BindingError) as caught:
            pm.read(path, **option)
        (name,) = option
        wrong, _, advice = str(caught.value).partition("\n")
        assert (
            wrong == f"log.parquet is a log that procmine wrote, bound already with another {name}="
        )
        assert advice == "read it without them, or read the export that it came from again"


def test_persons_of_a_saved_log_may_be_shown_less_and_never_more(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    frame = small(who=["Ana", "Ion", "Ana"])
    read_small(frame, resource="who", resources="name").to_parquet(path)
    assert "resource" in pm.steps(pm.read(path))
    hidden = pm.read(path, resources="anonymous")
    assert "resource" not in pm.steps(hidden)
    assert "Ana" not in hidden.resource.names()
    hidden.to_parquet(path)
    with pytest.raises(BindingError, match="resources='name' cannot be had from that"):
        pm.read(path, resources="name")


def test_a_column_that_is_bound_already_cannot_be_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    read_small(small(office=["x", "y", "x"]), unit="office").to_parquet(path)
    assert pm.read(path, resource=None, lifecycle=None).unit is not None  # neither is bound
    with pytest.raises(BindingError, match=r"bound already with another unit=\n"):
        pm.read(path, unit=None)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(SourceError) as caught:
        read_small(small()).to_parquet(missing / "log.parquet")
    assert str(caught.value) == (
        f"there is no folder {missing} for log.parquet\nmake it first, or name another"
    )


def test_a_log_that_another_program_sorted_is_refused(tmp_path: Path) -> None:
    read_small(small()).to_parquet(tmp_path / "log.parquet")
    table = pq.read_table(tmp_path / "log.parquet")
    for name, changed in {"time": table.sort_by("end"), "activity": table.take([1, 0, 2])}.items():
        pq.write_table(changed, tmp_path / f"{name}.parquet")
        with pytest.raises(
            SourceError, match=r"changed by another program.*\n.*write the log again"
        ):
            pm.read(tmp_path / f"{name}.parquet")


def test_a_file_of_a_newer_procmine_is_refused(tmp_path: Path) -> None:
    table = pa.table({"case_id": ["1"]}).replace_schema_metadata({"procmine": '{"version": 99}'})
    pq.write_table(table, tmp_path / "log.parquet")
    with pytest.raises(SourceError, match="written by a newer procmine\nupdate procmine"):
        pm.read(tmp_path / "log.parquet")


def test_pseudonyms_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "a key of more than sixteen bytes")
    log = read_small(small(r=["ana", "ion", None]), resource="r", resources="pseudonym")
    monkeypatch.delenv(KEY_VARIABLE)
    assert_same(there_and_back(log), log)


# --- typed files from elsewhere -------------------------------------------------------------------

MOMENTS = [datetime(2026, 3, 2, 8, 0, 0, 250_000), datetime(2026, 3, 3), None]
LOCAL = [f"{m:%Y-%m-%dT%H:%M:%S.%f}" for m in MOMENTS[:2]]


def read_table(tmp_path: Path, **columns: pa.Array) -> pm.EventLog:
    table = {"c": pa.array(["1", "1", "2"]), "a": pa.array(["A", "B", "A"]), "t": pa.array(MOMENTS)}
    path = tmp_path / "elsewhere.parquet"
    pq.write_table(pa.table({**table, **columns}), path)
    with pytest.warns(pm.DataQualityWarning, match="no time in column 't'"):
        return pm.read(path, case="c", activity="a", timestamp="t", tz=ZONE)


def shown(log: pm.EventLog) -> list[str]:
    return [f"{time:%Y-%m-%dT%H:%M:%S.%f}" for time in log.local(log.end)]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_local_times_of_any_unit(tmp_path: Path, unit: str) -> None:
    log = read_table(tmp_path, t=pa.array(MOMENTS, pa.timestamp(unit)))
    assert shown(log) == LOCAL


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_instants_of_any_unit_and_zone(tmp_path: Path, unit: str) -> None:
    log = read_table(tmp_path, t=pa.array(MOMENTS, pa.timestamp(unit, "America/New_York")))
    assert shown(log) == [text.replace("T08", "T10").replace("T00", "T02") for text in LOCAL]


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()])
def test_dates(tmp_path: Path, kind: pa.DataType) -> None:
    days = [m and m.date() for m in MOMENTS]
    log = read_table(tmp_path, t=pa.array(days, kind))
    assert (shown(log), log.precision) == (["2026-03-02T00:00:00.000000", LOCAL[1]], "day")


def test_times_in_a_dictionary(tmp_path: Path) -> None:
    log = read_table(tmp_path, t=pa.array([m and str(m) for m in MOMENTS]).dictionary_encode())
    assert shown(log) == LOCAL


@pytest.mark.parametrize(
    "keys",
    [
        pa.array(["7", "7", "8"]).dictionary_encode(),
        pa.array(["7", "7", "8"], pa.large_string()),
        pa.array(["7", "7", "8"], pa.string_view()),
        pa.array([7, 7, 8], pa.int64()),
        pa.array([7, 7, 8], pa.int8()),
        pa.array([7, 7, 8], pa.uint64()),
        pa.array([7.0, 7.0, 8.0]),
        pa.array([Decimal(7), Decimal(7), Decimal(8)]),
        pa.array([7, 7, 8], pa.int64()).dictionary_encode(),
    ],
)
def test_keys_of_any_type(tmp_path: Path, keys: pa.Array) -> None:
    log = read_table(tmp_path, c=keys, a=keys)
    assert log.case_labels.to_pylist() == ["7"]
    assert log.activity.names() == ["7"]
    assert log.import_report.rejected["row"].tolist() == [3]


def test_a_dictionary_with_missing_keys_and_labels_that_no_row_has(tmp_path: Path) -> None:
    keys = pa.DictionaryArray.from_arrays(
        pa.array([2, None, 2], pa.int8()), pa.array(["x", "y", "z"])
    )
    path = tmp_path / "elsewhere.parquet"
    pq.write_table(pa.table({"c": keys, "a": keys, "t": [datetime(2026, 3, 2)] * 3}), path)
    with pytest.warns(pm.DataQualityWarning, match="1 of 3 rows rejected, most often: no case"):
        log = pm.read(path, case="c", activity="a", timestamp="t", tz=ZONE)
    assert (log.case_labels.to_pylist(), log.activity.names()) == (["z"], ["z"])


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    table = pa.table([["1"], ["A"], ["B"]], names=["c", "a", "a"])
    pq.write_table(table, tmp_path / "twice.parquet")
    with pytest.raises(BindingError, match="two columns with one name: 'a'\nrename one of them"):
        pm.read(tmp_path / "twice.parquet")


def test_a_file_without_rows(tmp_path: Path) -> None:
    pq.write_table(pa.table({"c": pa.array([], pa.string())}), tmp_path / "none.parquet")
    with pytest.raises(
        SourceError, match=r"none\.parquet has no rows\nexport it again with its rows"
    ):
        pm.read(tmp_path / "none.parquet")


def test_a_parquet_file_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "export.dat"
    pq.write_table(pa.Table.from_pandas(small()), path)
    assert read_small(path).n_steps == 3  # type: ignore[arg-type]
