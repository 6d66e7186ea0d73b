"""XES files: plain ones are read in large blocks, others by a full XML parser; every oddity is said."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa

from procmine.errors import SourceError
from procmine.ingest.checksum import sha256_of
from procmine.ingest.raw import RawTable
from procmine.ingest.xes.checks import EXPORT_AGAIN, XesFile, head_length, open_xes
from procmine.ingest.xes.findings import Findings
from procmine.ingest.xes.parts import Gathered, gather
from procmine.ingest.xes.scan import NotPlain, plain_parts
from procmine.ingest.xes.stream import streamed_parts
from procmine.ingest.xes.table import TIME, columns_of
from procmine.ingest.xes.values import offset_samples, type_of


def read_xes(path: Path) -> RawTable:
    """Read a .xes or .xes.gz file: a row for every event, the attributes of its trace in ``case:…`` columns.

    What a ``<global>`` declares as default is not filled in. Events whose time cannot be read, or that
    stand outside any trace, are in ``rejected``; whatever else was odd is in ``notes``. Raises SourceError
    where the file is cut off, damaged, not XES in UTF-8, declares a document type, or holds no events.
    """
    file = open_xes(path)
    with ThreadPoolExecutor(1) as worker:
        checksum = worker.submit(sha256_of, path)
        gathered = _gathered(file)
        return _raw_table(file, gathered, checksum.result())


def _gathered(file: XesFile) -> Gathered:
    try:
        begin = head_length(file)
        if begin is not None:
            with suppress(NotPlain):
                return gather(plain_parts(file, begin), file.path.name)
        return gather(streamed_parts(file), file.path.name)
    except SourceError:
        file.check_packing()  # a damaged gzip stream explains whatever else seems wrong
        raise


def _raw_table(file: XesFile, log: Gathered, sha256: str) -> RawTable:
    events = len(log.trace_of_event)
    if not events:
        raise file.refusal(f"holds no events ({log.traces:,} traces)", EXPORT_AGAIN)
    findings = Findings()
    columns = columns_of(log, findings)
    kept = np.ones(events, bool)
    kept[list(findings.rejected)] = False
    table = pa.table(columns.of_cases | columns.of_events)
    rejected, notes = findings.written(file)
    return RawTable(
        table if kept.all() else table.filter(pa.array(kept)),
        np.flatnonzero(kept).astype(np.int32) + np.int32(1),
        file.path.name,
        sha256,
        rejected,
        notes,
        _offset_samples(log),
        rows_unread=len(rejected),
    )


def _offset_samples(log: Gathered) -> tuple[tuple[int, int], ...]:
    times = log.columns.get((True, TIME))
    if times is None or type_of(times.types) != "date":
        return ()
    return offset_samples(times.values)
