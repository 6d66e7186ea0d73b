"""The benchmarks: ``python -m benchmarks`` measures, prints the tables and writes them to RESULTS.md.

This process only starts others and stays small: what it starts begins with its peak of memory.
"""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.phases import import_times, phase
from benchmarks.report import race_tables, report

HERE = Path(__file__).resolve().parent
PEERS = ("pm4py", "polars", "duckdb", "r4pm")
EVENTS, LARGE = 1_000_000, 10_000_000
MEMORY = {
    "csv": ["procmine read_csv", "pm4py read_csv", "polars read_csv", "polars read_csv_as_text",
            "duckdb read_csv", "duckdb read_csv_as_text"],
    "parquet": ["procmine read_parquet", "pm4py read_parquet", "polars read_parquet", "duckdb read_parquet"],
    "xes": ["procmine read_xes", "pm4py read_xes", "pm4py read_xes_rust", "r4pm read_xes"],
}  # fmt: skip
"""Whose imports are measured in a process of their own."""


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the tables, and write them where they belong."""
    options = _options(arguments)
    if options.only:
        print(race_tables(_races(options, _peers(options))))
        return
    results = measured(options)
    text = report(results)
    print(text)
    target = options.results or (HERE / "RESULTS.md" if options.events == EVENTS else None)
    if target is not None:
        target.write_text(text, "utf-8")
        print(f"written to {target.name}", file=sys.stderr)


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Return everything that was measured, as plain values."""
    peers = _peers(options)
    results: dict[str, Any] = {
        "events": options.events,
        "rounds": options.rounds,
        "peers": peers,
        "machine": phase("machine"),
        "starts": _starts(peers, options.import_rounds),
    }
    results["races"] = _races(options, peers)
    results["memory"] = _memory(options, peers)
    results["log_memory"] = phase(
        "memory", "log", "procmine", "read_csv", _file(options, options.events, "csv")
    )
    if options.large:
        phase("files", options.data, options.large, "no-xes")
        results["large"] = options.large
        results["large_races"] = phase(
            "races", options.data, options.large, min(options.rounds, 3), ",".join(peers)
        )
    return results


def _peers(options: argparse.Namespace) -> list[str]:
    return ["procmine", *(name for name in options.peers.split(",") if _installed(name))]


def _races(options: argparse.Namespace, peers: list[str]) -> dict[str, Any]:
    """Write the files that are not there yet, and run the races of the usual size."""
    phase("files", options.data, options.events, "xes")
    chosen = [options.only] if options.only else []
    size = (options.data, options.events, options.rounds)
    found: dict[str, Any] = phase("races", *size, ",".join(peers), *chosen)
    return found


def _starts(peers: list[str], rounds: int) -> dict[str, list[float]]:
    statements = ["import pandas", *(f"import {peer}" for peer in peers if peer != "r4pm")]
    return import_times(statements, rounds)


def _memory(options: argparse.Namespace, peers: list[str]) -> list[dict[str, Any]]:
    """Return the peaks of imports, each in a fresh process."""
    found = []
    for kind, readers in MEMORY.items():
        for peer, reader in (text.split() for text in readers):
            if peer in peers:
                print(f"memory of {peer} {reader}", file=sys.stderr)
                file = _file(options, options.events, kind)
                found.append(
                    {"peer": peer, "reader": reader, "kind": kind}
                    | phase("memory", "peak", peer, reader, file)
                )
    return found


def _file(options: argparse.Namespace, events: int, kind: str) -> Path:
    return Path(options.data) / f"log-{events}.{kind}"


def _installed(name: str) -> bool:
    """Tell whether a peer is there; it is looked for, not loaded."""
    if name and find_spec(name) is None:
        print(f"{name} is not installed and left out; `make bench` installs it", file=sys.stderr)
        return False
    return bool(name)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="how many events (1,000,000)")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds of each race (5)")
    parser.add_argument(
        "--import-rounds", type=int, default=11, help="rounds of fresh imports (11)"
    )
    parser.add_argument("--large", type=int, nargs="?", const=LARGE, help="also 10,000,000 events")
    parser.add_argument("--only", help="only these races, such as process_map,variants; no report")
    parser.add_argument("--peers", default=",".join(PEERS), help="who takes part beside procmine")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where the logs are kept")
    parser.add_argument("--results", type=Path, help="the file to write (RESULTS.md)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
