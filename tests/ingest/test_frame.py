"""DataFrames: the same records make the same log whatever types pandas keeps them in, and stay as they are."""

from __future__ import annotations

import uuid
from collections.abc import Callable
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
from procmine.errors import BindingError, SourceError, TimestampError
from procmine.ingest.checksum import sha256_of_frame
from procmine.ingest.frame import read_frame
from procmine.kernels import NAT
from tests.bound import COLUMNS, ZONE
from tests.oracle import Step
from tests.strategies import logs, to_frame

TEXTS = ("case", "activity", "resource", "unit")
TIMES = ("start", "end")
Convert = Callable[[pd.DataFrame], pd.DataFrame]


def read(frame: pd.DataFrame, **options: Any) -> pm.EventLog:
    return pm.read(frame, **{**COLUMNS, "tz": ZONE, "resources": "name", **options})


def told(log: pm.EventLog) -> list[tuple[Any, ...]]:
    table = pm.steps(log)
    columns = ["case_id", "activity", "resource", "unit", "row"]
    plain = table[columns].astype(object).where(table[columns].notna(), None)
    start = [NAT] * log.n_steps if log.start is None else log.start.tolist()
    return [
        (*row, s, e)
        for row, s, e in zip(plain.itertuples(index=False), start, log.end, strict=True)
    ]


CONVERSIONS: dict[str, Convert] = {
    "object": lambda frame: frame.astype(object),
    "object with None": lambda frame: frame.astype(object).where(frame.notna(), None),
    "object with NaN": lambda frame: frame.astype(object).where(frame.notna(), np.nan),
    "categories": lambda frame: frame.astype(dict.fromkeys(TEXTS, "category")),
    "categories of times": lambda frame: frame.astype("category"),
    "nullable": lambda frame: frame.convert_dtypes(),
    "arrow": lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
    "nanoseconds": lambda frame: frame.astype(dict.fromkeys(TIMES, "datetime64[ns, UTC]")),
    "another zone": lambda frame: frame.assign(
        **{name: frame[name].dt.tz_convert("Asia/Kathmandu") for name in TIMES}
    ),
    "local times": lambda frame: frame.assign(
        **{name: frame[name].dt.tz_convert("UTC").dt.tz_localize(None) for name in TIMES}
    ),
    "text times": lambda frame: frame.assign(
        **{name: frame[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ") for name in TIMES}
    ),
    "another index": lambda frame: frame.set_axis(range(len(frame), 0, -1)),
    "an index of one label": lambda frame: frame.set_axis([7] * len(frame)),
}


@given(how=st.sampled_from(sorted(CONVERSIONS)), steps=logs())
def test_the_types_that_pandas_keeps_do_not_change_the_log(how: str, steps: list[Step]) -> None:
    frame = to_frame(steps)
    tz = "UTC" if how == "local times" else ZONE
    converted = CONVERSIONS[how](frame)
    before = converted.copy(deep=True)
    assert told(read(converted, tz=tz)) == told(read(frame, tz=tz))
    pd.testing.assert_frame_equal(converted, before)


@pytest.mark.parametrize("kind", [int, float, "Int64", "category", object])
def test_keys_that_are_numbers_become_their_text(kind: Any) -> None:
    frame = pd.DataFrame(
        {"c": [10, 7, 10], "a": [1, 2, 1], "t": pd.to_datetime(["2026-03-02"] * 3)}
    )
    frame = frame.astype({"c": kind, "a": kind})
    log = pm.read(frame, case="c", activity="a", timestamp="t", tz=ZONE)
    assert log.case_labels.to_pylist() == ["10", "7"]
    assert sorted(log.activity.names()) == ["1", "2"]


def test_a_missing_key_among_numbers_does_not_make_the_others_decimal() -> None:
    frame = pd.DataFrame({"c": [10, np.nan], "a": "A", "t": pd.to_datetime(["2026-03-02"] * 2)})
    with pytest.warns(pm.DataQualityWarning, match="no case in column 'c'"):
        log = pm.read(frame, case="c", activity="a", timestamp="t", tz=ZONE)
    assert log.case_labels.to_pylist() == ["10"]


@pytest.mark.parametrize("text", ["NA", "nan", "None", "NaN", "null", "<NA>"])
def test_text_that_looks_missing_is_text(text: str) -> None:
    frame = pd.DataFrame({"c": [text], "a": [text], "t": pd.to_datetime(["2026-03-02"])})
    log = pm.read(frame, case="c", activity="a", timestamp="t", tz=ZONE)
    assert (log.case_labels.to_pylist(), log.activity.names()) == ([text], [text])


def test_names_that_are_no_text_are_given_as_text() -> None:
    frame = pd.DataFrame({0: ["1"], 1: ["A"], 2: pd.to_datetime(["2026-03-02"])})
    log = pm.read(frame, case="0", activity="1", timestamp="2", tz=ZONE)
    assert log.n_steps == 1


def test_the_zone_of_a_typed_column_is_the_zone_of_the_office() -> None:
    frame = pd.DataFrame(
        {
            "c": ["1"],
            "a": ["A"],
            "t": pd.to_datetime(["2026-03-02 08:00"]).tz_localize("Europe/Athens"),
        }
    )
    log = pm.read(frame, case="c", activity="a", timestamp="t")
    assert (log.tz, log.tz_assumed) == ("Europe/Athens", False)
    assert log.import_report.reasons["tz"].endswith("column 't' carries the zone Europe/Athens")


@pytest.mark.parametrize("tz", ["UTC", "+00:00"])
def test_utc_in_a_typed_column_does_not_tell_the_zone_of_the_office(tz: str) -> None:
    frame = pd.DataFrame(
        {"c": ["1"], "a": ["A"], "t": pd.to_datetime(["2026-03-02 08:00"]).tz_localize(tz)}
    )
    with pytest.warns(
        pm.DataQualityWarning, match="kept in UTC, which does not tell the office's zone"
    ):
        log = pm.read(frame, case="c", activity="a", timestamp="t")
    assert log.tz_assumed


def test_rows_count_from_1_whatever_the_index_says() -> None:
    frame = pd.DataFrame(
        {"c": ["1", "2"], "a": "A", "t": pd.to_datetime(["2026-03-02"] * 2)}, index=[5, 5]
    )
    assert read_frame(frame).rows.tolist() == [1, 2]


@given(steps=logs(), data=st.data())
def test_the_checksum_is_that_of_the_content(steps: list[Step], data: st.DataObject) -> None:
    frame = to_frame(steps)
    assert sha256_of_frame(frame) == sha256_of_frame(frame.copy(deep=True))
    row = data.draw(st.integers(0, len(frame) - 1))
    column = data.draw(st.sampled_from(["case", "activity"]))
    other = frame.copy()
    other.loc[row, column] = other.loc[row, column] + "x"
    assert sha256_of_frame(other) != sha256_of_frame(frame)
    assert sha256_of_frame(frame.rename(columns={"case": "dosar"})) != sha256_of_frame(frame)


def test_the_checksum_of_cells_that_hash_to_nothing_is_that_of_their_text() -> None:
    frame = pd.DataFrame({"x": [[1], [2, 3]]})
    assert sha256_of_frame(frame) == sha256_of_frame(frame.copy(deep=True))
    assert sha256_of_frame(frame) != sha256_of_frame(pd.DataFrame({"x": [[1], [2, 4]]}))


def test_attributes_keep_their_types() -> None:
    frame = pd.DataFrame(
        {
            "c": ["1", "1"],
            "a": ["A", "B"],
            "t": pd.to_datetime(["2026-03-02", "2026-03-03"]),
            "n": [1, 2],
            "f": [1.5, np.nan],
            "b": [True, False],
            "d": pd.to_timedelta([1, 2], "h"),
            "empty": pd.Series([None, None], dtype=object),
            "tags": [["x"], ["y", "z"]],
        }
    )
    log = pm.read(frame, case="c", activity="a", timestamp="t", tz=ZONE)
    assert {n: str(log.step_attributes[n].type) for n in log.step_attributes.column_names} == {
        "n": "int64",
        "f": "double",
        "b": "bool",
        "d": "duration[us]",
        "tags": "list<item: string>",
    }
    assert log.case_attributes.column_names == ["empty"]
    table = pm.steps(log)
    assert table["n"].tolist() == [1, 2]
    assert table["d"].tolist() == frame["d"].tolist()


def test_a_log_stays_as_it_is_when_its_frame_is_changed_afterwards() -> None:
    ends = pd.to_datetime(["2026-03-02 08:00", "2026-03-03 08:00"], utc=True).as_unit("us")
    frame = pd.DataFrame({"case": ["1", "1"], "activity": ["A", "B"], "end": ends})
    log = pm.read(frame, case="case", activity="activity", timestamp="end", tz="UTC")
    before = pm.steps(log)
    frame.iloc[0, 2] = pd.Timestamp("2020-01-01", tz="UTC")
    pd.testing.assert_frame_equal(pm.steps(log), before.copy(deep=True))
    assert pm.steps(log)["end"].min() == pd.Timestamp("2026-03-02 08:00", tz="UTC")


@pytest.mark.parametrize("zone_first", [True, False])
def test_times_with_and_without_a_zone_in_one_column_are_refused(zone_first: bool) -> None:
    aware = pd.Timestamp("2026-01-12 10:00", tz="Europe/Bucharest")
    times = [aware, None, pd.Timestamp("2026-01-13 10:00"), aware]
    frame = pd.DataFrame(
        {
            "case": ["1"] * 4,
            "activity": list("ABCD"),
            "time": pd.Series(times if zone_first else times[::-1], dtype=object),
        }
    )
    row = 3 if zone_first else 2
    wanted = (
        "column 'time' in the DataFrame: 2 times have a zone and 1 have none, "
        f"first in row {row}\ngive all of them a zone"
    )
    with pytest.raises(TimestampError, match=wanted):
        pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Bucharest")


def test_times_of_two_zones_in_one_column_are_the_same_instants() -> None:
    times = [pd.Timestamp("2026-01-12 10:00", tz=zone) for zone in ("Europe/Bucharest", "UTC")]
    frame = pd.DataFrame(
        {"case": ["1"] * 2, "activity": list("AB"), "time": pd.Series(times, dtype=object)}
    )
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz=ZONE)
    assert log.end.tolist() == [time.value // 1000 for time in times]


FLOATS = [12345678901.0, 1.5, 2.0**60]


@pytest.mark.parametrize("kind", [float, "category", "Float64", "double[pyarrow]"])
def test_long_numbers_beside_a_fraction_are_written_without_an_exponent(kind: str) -> None:
    days = pd.to_datetime(["2026-03-02"] * 3)
    frame = pd.DataFrame({"c": pd.Series(FLOATS).astype(kind), "a": "A", "t": days})
    log = pm.read(frame, case="c", activity="a", timestamp="t", tz=ZONE)
    assert log.case_labels.to_pylist() == ["12345678901", "1.5", "1152921504606846976"]


NUMBERS = [uuid.UUID(int=number) for number in (1, 2, 3)]
UNUSUAL: dict[str, tuple[Any, list[str]]] = {
    "interval": (pd.interval_range(0, 3), ["(0, 1]", "(1, 2]", "(2, 3]"]),
    "interval categories": (
        pd.Categorical(pd.interval_range(0, 3)),
        ["(0, 1]", "(1, 2]", "(2, 3]"],
    ),
    "period": (
        pd.period_range("2026-01", periods=3, freq="M"),
        ["2026-01", "2026-02", "2026-03"],
    ),
    "half float": (np.array([1, 2.5, 4], dtype=np.float16), ["1", "2.5", "4"]),
    "sparse": (pd.arrays.SparseArray([1.0, 2.0, 4.0]), ["1", "2", "4"]),
    "uuid": (NUMBERS, list(map(str, NUMBERS))),
    "json": (
        pd.array(
            pa.ExtensionArray.from_storage(pa.json_(), pa.array(["{}", "[1]", "[2]"])),
            dtype=pd.ArrowDtype(pa.json_()),
        ),
        ["{}", "[1]", "[2]"],
    ),
    "bytes": ([b"x", "ș".encode(), b"y"], ["x", "ș", "y"]),
}


def three(cells: Any) -> pd.DataFrame:
    days = pd.to_datetime(["2026-03-02", "2026-03-03", "2026-03-04"])
    return pd.DataFrame({"c": "1", "a": ["A", "B", "C"], "t": days, "x": cells})


@pytest.mark.parametrize("name", sorted(UNUSUAL))
def test_unusual_types_are_read_as_their_text(name: str) -> None:
    cells, texts = UNUSUAL[name]
    bound: dict[str, Any] = {"case": "c", "timestamp": "t", "tz": ZONE}
    log = pm.read(three(cells), activity="x", **bound)
    assert log.activity.labels.take(pa.array(log.activity.codes)).to_pylist() == texts
    log = pm.read(three(cells), activity="a", **bound)
    assert [
        f"{cell:g}" if isinstance(cell, float) else cell for cell in pm.steps(log)["x"]
    ] == texts
    noted = "x: its type is unusual; its cells were read as text"
    plain = ("half float", "sparse", "json", "bytes")
    assert (noted in log.import_report.notes) == (name not in plain)


@pytest.mark.parametrize("kind", [pa.string_view(), pa.binary_view(), pa.binary(1), pa.uuid()])
def test_unusual_types_of_parquet_are_read_as_their_text(tmp_path: Path, kind: Any) -> None:
    texts = list(map(str, NUMBERS)) if kind == pa.uuid() else ["x", "y", "z"]
    cells = [number.bytes for number in NUMBERS] if kind == pa.uuid() else ["x", "y", "z"]
    table = pa.Table.from_pandas(three("")).set_column(3, "x", pa.array(cells, kind))
    pq.write_table(table, tmp_path / "export.parquet")
    log = pm.read(tmp_path / "export.parquet", case="c", activity="x", timestamp="t", tz=ZONE)
    assert log.activity.names() == texts


@pytest.mark.parametrize(
    "cells", [[[1], [2], [1]], [{"p": 1}] * 3, [b"x", b"\xff", b"y"]], ids=["lists", "records", "bytes"]
)  # fmt: skip
def test_cells_that_are_no_names_are_attributes_and_no_activity(cells: list[Any]) -> None:
    log = pm.read(three(cells), case="c", activity="a", timestamp="t", tz=ZONE)
    assert pm.steps(log)["x"].tolist()[1] == cells[1]
    for role in ("case", "activity", "resource"):
        bound = {"case": "c", "activity": "a", "timestamp": "t", "tz": ZONE, role: "x"}
        with pytest.raises(BindingError, match="holds no names"):
            pm.read(three(cells), **bound)


def test_half_a_letter_is_told_with_its_column_and_row() -> None:
    frame = three(pd.Series(["A", "B\ud800", "C"], dtype=object))
    with pytest.raises(SourceError, match="no Unicode in column 'x', row 2"):
        pm.read(frame, case="c", activity="a", timestamp="t", tz=ZONE)


@pytest.mark.parametrize("kind", [pa.string_view(), pa.binary_view()])
def test_a_type_that_pandas_cannot_compare_is_told(kind: pa.DataType) -> None:
    cells = pd.array(pa.array(["x", "y", "z"], kind), dtype=pd.ArrowDtype(kind))
    with pytest.raises(SourceError, match=f"cannot be read: {kind}"):
        pm.read(three(cells), case="c", activity="a", timestamp="t", tz=ZONE)
