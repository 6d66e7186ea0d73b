"""The races of one size, in one process.

``python -m benchmarks.races FOLDER EVENTS ROUNDS PEERS [RACES]``: peers and races separated by
commas; every race where none is named.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from benchmarks import calendars, exports, parts, passes, terms, waiting, with_procmine
from benchmarks.agree import facts
from benchmarks.files import Files
from benchmarks.race import Contender, race

IMPORT_KINDS = ("csv", "parquet", "xes")
READERS = {
    ("procmine", "csv"): ["read_csv"],
    ("pm4py", "csv"): ["read_csv"],
    ("polars", "csv"): ["read_csv", "read_csv_as_text"],
    ("duckdb", "csv"): ["read_csv", "read_csv_as_text"],
    ("procmine", "parquet"): ["read_parquet"],
    ("pm4py", "parquet"): ["read_parquet"],
    ("polars", "parquet"): ["read_parquet", "read_parquet_as_text"],
    ("duckdb", "parquet"): ["read_parquet", "read_parquet_as_text"],
    ("procmine", "xes"): ["read_xes"],
    ("pm4py", "xes"): ["read_xes", "read_xes_rust"],
    ("r4pm", "xes"): ["read_xes"],
}
"""Which functions of benchmarks.with_NAME read which kind of file."""
NAMES = {
    ("read_csv_as_text"): ", as text",
    ("read_parquet_as_text"): ", as text",
    ("read_xes_rust"): ", with r4pm",
}
LACKS = {
    ("pm4py", "process_map"): ("cases", "p90"),
    ("pm4py", "variants"): ("share", "median", "steps"),
}
TASKS = {"process_map": "edges", "variants": "variant_table", "weekly": "week_table"}
"""The tasks on a loaded log, and the functions that make their results comparable."""
OWN, QUALITY = "own_parquet", "quality"
EXPORTS = ("import_cp1250", "import_xlsx")
ON_A_LOG = (*TASKS, OWN, QUALITY, waiting.CAUSES, *passes.RACES)
"""The races on the generated log, loaded once for each contender."""


def module(peer: str) -> ModuleType:
    """Return the module of a contender."""
    return import_module(f"benchmarks.with_{peer}")


def run(files: Files, rounds: int, peers: list[str], only: list[str]) -> dict[str, Any]:
    """Run the named races of a size, or all, and return the times."""
    results: dict[str, Any] = {}
    for kind in IMPORT_KINDS:
        name = f"import_{kind}"
        if files.path(kind).exists() and (not only or name in only):
            results[name] = race(name, _imports(files, kind, peers), rounds)
    for name in EXPORTS:
        if files.path("xlsx").exists() and (not only or name in only):
            results[name] = race(name, getattr(exports, name)(files), rounds)
    for name in calendars.RACES:
        if not only or name in only:
            results[name] = race(name, calendars.contenders(name, files.events, peers), rounds)
    if not only or terms.TERMS in only:
        results[terms.TERMS] = race(terms.TERMS, terms.contenders(files.events, peers), rounds)
    for name in waiting.PUBLIC:
        if (not only or name in only) and waiting.takes_part(name, files.events):
            results[name] = race(name, waiting.contenders(name), rounds)
    wanted = [name for name in ON_A_LOG if not only or name in only]
    logs = _logs(files, peers) if wanted else {}
    for name in wanted:
        results[name] = race(name, _contenders(name, files, logs), rounds)
    return results


def _contenders(name: str, files: Files, logs: dict[str, Any]) -> list[Contender]:
    if name == OWN:
        return _own(files, logs)
    if name == waiting.CAUSES:
        return waiting.causes(logs["procmine"])
    if name in passes.RACES:
        return passes.contenders(name, logs)
    return exports.quality(logs["procmine"]) if name == QUALITY else _tasks(logs, name, TASKS[name])


def _logs(files: Files, peers: list[str]) -> dict[str, Any]:
    return {peer: module(peer).read_csv(files.path("csv")) for peer in peers if peer != "r4pm"}


def _imports(files: Files, kind: str, peers: list[str]) -> list[Contender]:
    path = files.path(kind)
    contenders = []
    for peer in peers:
        for reader in READERS.get((peer, kind), []):
            code = module(peer)
            slow = (peer, reader) == ("pm4py", "read_xes") and files.events >= 100_000
            contenders.append(
                Contender(
                    peer + NAMES.get(reader, ""),
                    partial(getattr(code, reader), path),
                    partial(_facts, code.rows),
                    rounds=1 if slow else None,
                )
            )
    if kind == "csv":
        contenders.append(Contender("its parts", partial(parts.csv_parts, path)))
    return contenders


def _facts(rows: Callable[[Any], pd.DataFrame], log: Any) -> pd.DataFrame:
    return facts(rows(log))


def _tasks(logs: dict[str, Any], task: str, comparable: str) -> list[Contender]:
    contenders = []
    for peer, log in logs.items():
        code = module(peer)
        lacks = LACKS.get((peer, task), ())
        contenders.append(
            Contender(peer, partial(getattr(code, task), log), getattr(code, comparable), lacks)
        )
        if (peer, task) == ("pm4py", "process_map"):
            alone = partial(code.performance, log)
            lacks = ("count", *lacks)
            contenders.append(
                Contender("pm4py, performance DFG alone", alone, code.performance_edges, lacks)
            )
    return contenders


def _own(files: Files, logs: dict[str, Any]) -> list[Contender]:
    path = files.path("own")
    logs["procmine"].to_parquet(path)
    return [
        Contender(
            "procmine",
            partial(with_procmine.read_own, path),
            partial(_facts, with_procmine.rows),
        ),
        Contender("pyarrow", partial(parts.parquet_columns, path)),
        Contender("pyarrow, case ids too", partial(parts.parquet_dictionaries, path)),
    ]


if __name__ == "__main__":
    folder, events, rounds, peers, *races = sys.argv[1:]
    only = races[0].split(",") if races else []
    found = run(Files(Path(folder), int(events)), int(rounds), peers.split(","), only)
    print(json.dumps(found))
