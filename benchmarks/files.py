"""The generated log as CSV, Parquet and XES files, each written once."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from benchmarks.generate import ACTIVITIES, RESOURCES, UNITS, Steps, case_ids, generate
from benchmarks.workbook import write_workbook

SEED = 20_260_101
ENCODINGS = {"utf8.csv": "utf-8", "cp1250.csv": "cp1250"}
ROMANIAN = (
    "Registratură", "Urbanism", "Juridic", "Taxe și impozite", "Mediu și sănătate", "Monumente",
    "Drumuri", "Apă", "Energie", "Pompieri", "Arhivă", "Primar",
)  # fmt: skip
_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<log xes.version="1849-2016" xes.features="">
\t<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
\t<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
\t<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
"""


@dataclass(frozen=True)
class Files:
    """Where the files of one size are."""

    folder: Path
    events: int

    def path(self, kind: str) -> Path:
        """Return the file of a kind: csv, parquet, xes, or own (the Parquet file that procmine writes)."""
        name = {"own": "procmine.parquet"}.get(kind, kind)
        return self.folder / f"log-{self.events}.{name}"


def write_files(folder: Path, events: int, *, xes: bool) -> Files:
    """Write the files that are not there yet, and return where they are."""
    files = Files(folder, events)
    kinds = ["csv", "parquet", *(["xes", "utf8.csv", "cp1250.csv", "xlsx"] if xes else [])]
    missing = [kind for kind in kinds if not files.path(kind).exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        print(f"writing a log of {events:,} events as {', '.join(missing)}", file=sys.stderr)
        steps = generate(events, SEED)
        rows = steps.shuffled(np.random.default_rng(SEED + 1)).table()
        for kind in missing:
            beside = files.path(kind).with_suffix(".partial")
            _write(kind, beside, steps, rows)
            beside.replace(files.path(kind))
    return files


def _write(kind: str, path: Path, steps: Steps, rows: pa.Table) -> None:
    if kind == "csv":
        _write_csv(rows, path)
    elif kind == "parquet":
        pq.write_table(rows, path, compression="zstd")
    elif kind in ENCODINGS:
        _write_romanian(rows, path, ENCODINGS[kind])
    elif kind == "xlsx":
        write_workbook(steps, path)
    else:
        _write_xes(steps, path)


def _write_csv(rows: pa.Table, path: Path) -> None:
    """Write times as ISO 8601 in UTC, to the second."""
    for name in ("start", "end"):
        text = rows[name].cast(pa.timestamp("s", tz="UTC")).combine_chunks()
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, name, _iso(text))
    with path.open("wb") as file:
        file.write(",".join(rows.column_names).encode() + b"\n")
        pacsv.write_csv(rows, file, pacsv.WriteOptions(include_header=False, quoting_style="none"))


def _write_romanian(rows: pa.Table, path: Path, encoding: str) -> None:
    """Write the rows with units in Romanian, whose letters tell the encodings apart."""
    units = pc.index_in(rows["unit"], value_set=pa.array(UNITS))
    place = rows.schema.get_field_index("unit")
    rows = rows.set_column(place, "unit", pa.array(ROMANIAN).take(units.combine_chunks()))
    plain = path.with_suffix(".utf8")
    _write_csv(rows, plain)
    text = plain.read_bytes().decode("utf-8")
    path.write_bytes(
        text.replace("ș", "ş").encode(encoding) if encoding == "cp1250" else text.encode()
    )
    plain.unlink()


def _iso(times: pa.Array) -> pa.Array:
    return pc.strftime(times, format="%Y-%m-%dT%H:%M:%SZ")


def _write_xes(steps: Steps, path: Path) -> None:
    """Write the cases in order, their events by time, as pm4py lays out a log with start and end."""
    ids = case_ids(int(steps.case[-1]) + 1)
    begins = np.flatnonzero(np.diff(steps.case, prepend=-1)).tolist()
    ends = [*begins[1:], len(steps)]
    start, end = _xes_times(steps.start), _xes_times(steps.end)
    activity, resource, unit = (
        column.tolist() for column in (steps.activity, steps.resource, steps.unit)
    )
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        for case, (first, last) in enumerate(zip(begins, ends, strict=True)):
            file.write(
                f'\t<trace>\n\t\t<string key="concept:name" value="{ids[case]}"/>\n'
                + "".join(
                    "\t\t<event>\n"
                    f'\t\t\t<string key="concept:name" value="{ACTIVITIES[activity[row]]}"/>\n'
                    f'\t\t\t<string key="org:resource" value="{RESOURCES[resource[row]]}"/>\n'
                    f'\t\t\t<string key="org:group" value="{UNITS[unit[row]]}"/>\n'
                    f'\t\t\t<date key="start_timestamp" value="{start[row]}"/>\n'
                    f'\t\t\t<date key="time:timestamp" value="{end[row]}"/>\n'
                    "\t\t</event>\n"
                    for row in range(first, last)
                )
                + "\t</trace>\n"
            )
        file.write("</log>\n")


def _xes_times(seconds: np.ndarray) -> list[str]:
    times = pa.array(seconds).cast(pa.timestamp("s", tz="UTC"))
    return pc.strftime(times, format="%Y-%m-%dT%H:%M:%S.000+00:00").to_pylist()


if __name__ == "__main__":
    write_files(Path(sys.argv[1]), int(sys.argv[2]), xes=sys.argv[3] == "xes")
    print("null")
