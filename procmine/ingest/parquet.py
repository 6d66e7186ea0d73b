"""A log as one Parquet file: sorted, complete with its binding and import report, and readable by any other tool."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from procmine.errors import SourceError
from procmine.ingest.binding import Binding
from procmine.ingest.columns import coded
from procmine.ingest.findings import Finding
from procmine.ingest.raw import REJECTED_COLUMNS, rejections
from procmine.ingest.report import ImportReport
from procmine.kernels import NAT, Bools, Ints, is_ordered
from procmine.log import Coded, EventLog

_KEY = b"procmine"
_VERSION = 1
_CASE, _STEP = "case:", "step:"
_CODED = ("activity", "resource", "unit")


def write_log(log: EventLog, path: Path) -> None:
    """Write a log: a row per step in log order, case attributes repeated; written beside the target, then renamed."""
    if not path.parent.is_dir():
        raise SourceError(
            f"there is no folder {path.parent} for {path.name}\nmake it first, or name another"
        )
    beside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        pq.write_table(_table(log), beside, compression="zstd", row_group_size=1 << 20)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_log(path: Path) -> EventLog | None:
    """Return the log of a Parquet file that procmine wrote, without sorting it again; None for others."""
    schema = pq.read_schema(path)
    kept = (schema.metadata or {}).get(_KEY)
    if kept is None:
        return None
    try:
        about = json.loads(kept)
        return _read_log(path, schema, about)
    except pa.ArrowException:  # the data, not what is said of it
        raise
    except (
        UnicodeDecodeError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
    ) as error:
        raise SourceError(
            f"{path.name} is a log that procmine wrote, but what it says of itself is damaged: {error}\n"
            "copy the file again, or write it again with to_parquet"
        ) from error


def _read_log(path: Path, schema: pa.Schema, about: dict[str, Any]) -> EventLog:
    if about["version"] > _VERSION:
        raise SourceError(
            f"{path.name} was written by a newer procmine\nupdate procmine to read it"
        )
    dictionaries = [name for name in _CODED if name in schema.names]
    log = _log(pq.read_table(path, read_dictionary=dictionaries), about)
    if not _in_order(log):
        raise SourceError(
            f"{path.name} was changed by another program after procmine wrote it\n"
            "write the log again with to_parquet, or bind the file anew without its metadata"
        )
    return log


def _in_order(log: EventLog) -> bool:
    """Tell whether every case is whole and its steps are in the order of time, at the cost of a look."""
    whole = len(pc.unique(log.case_labels)) == log.n_cases
    return whole and (not log.n_steps or is_ordered([log.case_codes, log.first, log.last]))


def _table(log: EventLog) -> pa.Table:
    columns: dict[str, Any] = {"case_id": log.case_labels.take(pa.array(log.case_codes))}
    for name in _CODED:
        column: Coded | None = getattr(log, name)
        if column is not None:
            columns[name] = column.to_arrow()
    if log.start is not None:
        columns["start"] = _instants(log.start)
    columns["end"] = _instants(log.end)
    if log.suspended is not None:
        columns["suspended"] = pa.array(log.suspended, pa.duration("us"))
    columns["row"] = pa.array(log.row)
    if log.closed_at is not None:
        columns["closed_at"] = _instants(np.repeat(log.closed_at, np.diff(log.offsets)))
    if log.closing is not None:
        columns["closing"] = pa.array(log.closing)
    for name in log.step_attributes.column_names:
        columns[_STEP + name] = log.step_attributes[name]
    case = pa.array(log.case_codes)
    for name in log.case_attributes.column_names:
        columns[_CASE + name] = log.case_attributes[name].take(case)
    return pa.table(columns).replace_schema_metadata(
        {_KEY: json.dumps(_about(log), ensure_ascii=False)}
    )


def _about(log: EventLog) -> dict[str, Any]:
    report = log.import_report
    return {
        "version": _VERSION,
        "sorted_by": ["case_id", "start or end", "end", "order", "row"],
        "tz": log.tz,
        "tz_assumed": log.tz_assumed,
        "precision": log.precision,
        "sha256": log.sha256,
        "resources_hidden": log.resources_hidden,
        "history": list(log.history),
        "binding": log.binding.to_plain(),
        "labels": {
            name: getattr(log, name).names() for name in _CODED if getattr(log, name) is not None
        },
        "report": {
            "source": report.source,
            "sha256": report.sha256,
            "rows_read": report.rows_read,
            "rows_bound": report.rows_bound,
            "rejected": [report.rejected[name].tolist() for name in REJECTED_COLUMNS],
            "notes": list(report.notes),
            "reasons": dict(report.reasons),
            "findings": [asdict(finding) for finding in report.findings],
            "counted": report.counted,
        }
        | ({"sheets": report.rejected["sheet"].tolist()} if "sheet" in report.rejected else {}),
    }


def _log(table: pa.Table, about: dict[str, Any]) -> EventLog:
    labels, offsets = _cases(table["case_id"])
    first = pa.array(offsets[:-1])
    names = table.column_names
    codes = {name: _coded(table[name], about["labels"][name]) for name in _CODED if name in names}
    suspended = table["suspended"].cast(pa.int64()).to_numpy() if "suspended" in names else None
    return EventLog(
        case_labels=labels,
        offsets=offsets,
        activity=codes["activity"],
        end=_micros(table["end"]),
        start=_micros(table["start"]) if "start" in names else None,
        row=table["row"].to_numpy(),
        tz=about["tz"],
        precision=about["precision"],
        binding=Binding.of_plain(about["binding"], where="the file's own binding"),
        import_report=_report(about["report"]),
        sha256=about["sha256"],
        tz_assumed=about["tz_assumed"],
        resource=codes.get("resource"),
        resources_hidden=about["resources_hidden"],
        unit=codes.get("unit"),
        suspended=suspended,
        step_attributes=pa.table(
            {n.removeprefix(_STEP): table[n] for n in names if n.startswith(_STEP)}
        ),
        case_attributes=pa.table(
            {n.removeprefix(_CASE): table[n].take(first) for n in names if n.startswith(_CASE)}
        ),
        closed_at=_micros(table["closed_at"].take(first)) if "closed_at" in names else None,
        closing=_mask(table["closing"]) if "closing" in names else None,
        history=tuple(about["history"]),
    )


def _cases(case_id: pa.ChunkedArray) -> tuple[pa.StringArray, Ints]:
    """Return the label and the offsets of every case of a sorted column."""
    text = case_id.combine_chunks()
    if len(text) == 0:
        return pa.array([], pa.string()), np.zeros(1, dtype=np.int64)
    changes = pc.not_equal(text.slice(1), text.slice(0, len(text) - 1)).to_numpy(
        zero_copy_only=False
    )
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1]).astype(np.int64)
    return text.take(pa.array(starts)), np.append(starts, len(text)).astype(np.int64)


def _coded(column: pa.ChunkedArray, labels: list[str]) -> Coded:
    """Return a column with the codes that it had when it was written."""
    wanted = pa.array(labels, pa.string())
    found = coded(column)
    if found.labels.equals(wanted):
        return found
    place = pc.index_in(found.labels, value_set=wanted).to_numpy().astype(np.int32)
    return Coded(np.append(place, np.int32(-1))[found.codes], wanted)


def _instants(times: Ints) -> pa.Array:
    return pa.array(times, mask=times == NAT).cast(pa.timestamp("us", tz="UTC"))


def _mask(column: pa.ChunkedArray) -> Bools:
    return np.asarray(column.to_numpy(), dtype=np.bool_)


def _micros(column: pa.ChunkedArray) -> Ints:
    plain = column.cast(pa.int64())
    filled = pc.fill_null(plain, NAT) if plain.null_count else plain
    return np.asarray(filled.to_numpy(), dtype=np.int64)


def _report(kept: dict[str, Any]) -> ImportReport:
    report = ImportReport(kept["source"], kept["sha256"], kept["rows_read"], kept["rows_bound"])
    rejected = rejections(list(zip(*kept["rejected"], strict=True)))
    if "sheets" in kept:
        rejected = rejected.assign(sheet=kept["sheets"])
    findings = [
        Finding(**item | {"rows": tuple(item["rows"]), "keys": tuple(item["keys"])})
        for item in kept.get("findings", [])
    ]
    return replace(
        report,
        rejected=rejected,
        findings=tuple(findings),
        counted=kept.get("counted", "rows"),
        notes=tuple(kept["notes"]),
        reasons=dict(kept["reasons"]),
    )
