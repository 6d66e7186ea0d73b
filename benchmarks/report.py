"""RESULTS.md: tables of medians, ratios and memory, the goals, and how to repeat it all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from benchmarks.goals import goals
from benchmarks.words import megabytes, ratio, ratio_text, seconds_text, table

_RACES = {
    "import_csv": (
        "CSV to a log",
        "Every contender ends with the log that it computes on below: sorted by case and time, "
        "text as codes where that helps it. *As text* leaves text as it is: faster to read, "
        "slower to compute on. *Its parts* is pyarrow decoding the file with typed columns, "
        "coding its text, one sort of packed keys, and gathering every column.",
    ),
    "import_parquet": (
        "Parquet to a log",
        "The same rows as a Parquet file that another tool wrote: text as text, rows in no order.",
    ),
    "import_xes": (
        "XES to a log",
        "A plain `pip install pm4py` brings no parser in Rust, so *pm4py* reads with lxml, as it "
        "then does by default (one round, as it takes so long); *pm4py, with r4pm* is what it "
        "does where r4pm is installed beside it. *r4pm* alone hands over a frame that is neither "
        "coded nor sorted. procmine reads XES itself.",
    ),
    "import_cp1250": (
        "CSV in another encoding to a log",
        "The same rows with units in Romanian, in cp1250 and in UTF-8; the encoding is found, not given.",
    ),
    "import_xlsx": (
        "A workbook to columns",
        "A sheet of as many rows as Excel allows, or as the log has: case, activity, start, end, unit and a number. "
        "*calamine alone* hands over rows of Python values; procmine's columns are typed, tidied and checked for "
        "formulas and errors.",
    ),
    "own_parquet": (
        "A Parquet file that procmine wrote",
        "*pyarrow* reads the same columns into a table, text as dictionaries but case ids as "
        "plain text, which is faster; *case ids too* reads those as dictionaries also.",
    ),
    "process_map": (
        "Process map with median and p90",
        "For every edge: count, cases, median, mean, p90 and total of the time between; "
        "procmine's map has its nodes as well. pm4py's user calls `discover_performance_dfg` and, "
        "for the counts, `discover_dfg`; there is no p90 and no number of cases in either.",
    ),
    "variants": (
        "Variants",
        "Text, cases, share, median cycle time and length of every variant. `pm4py.get_variants` "
        "gives the cases only.",
    ),
    "quality": (
        "The checks of quality",
        "`pm.quality(log)`, beside the process map of the same log.",
    ),
    "working_time": (
        "Office time of cases",
        "The office hours (Monday to Friday 08:00-16:00, Romanian holidays) within intervals of a month on average, "
        "one for every 10 events. pm4py's user hands its `soj_time_business_hours_diff` local times and an object that "
        "knows the holidays.",
    ),
    "working_time_years": (
        "Office time of long intervals",
        "The same, of intervals that begin and end anywhere within five years.",
    ),
    "working_time_all": (
        "Office time of as many intervals as the log has events",
        "Of a month on average. *A search in the openings* is `searchsorted` over all openings and closings.",
    ),
    "terms": (
        "Terms of as many permits as the log has events",
        "Due date, state, paused days and owners of every case by `pm.terms`: eight weeks, suspended while the file is "
        "completed, extended if in time, rolled over weekends and holidays; eight steps a case. No peer counts terms: "
        "the polars user writes this one rule by hand, due date, paused days and lateness only.",
    ),
    "waiting_causes": (
        "Causes of waiting",
        "`pm.waiting_causes` by hand-off: when every step was enabled, its batch, what its resource did meanwhile, and "
        "its hours. Office hours are given, or found in the log for every resource. No peer splits waits.",
    ),
    "waiting_production": (
        "Causes of waiting, 4,953 steps of a plant",
        "A public log with start and end. The published tools look for every event through the whole log; *a scan* is "
        "this way of working in numpy, for contention and prioritisation alone (steps in a batch are not compared).",
    ),
    "waiting_bpic12": (
        "Causes of waiting, 59,302 work items of a bank",
        "The same, on the work items of BPIC 2012; the scan runs once.",
    ),
    "rework": (
        "Rework",
        "`pm.rework`: kinds, extra time and extra days. The polars user counts repeated steps and cases with such.",
    ),
    "rework_activities": (
        "Rework by activity",
        "The same with `by=\"activity\"`; `pm4py.get_rework_cases_per_activity` gives the cases only.",
    ),
    "handovers": (
        "Handovers between units",
        "Count, cases, and total, median and p90 of the wait for every pair of units, from the end of the step before. "
        "pm4py's `discover_handover_of_work_network` gives shares of all passages.",
    ),
    "weekly": (
        "Cycle times by ISO week, in local time",
        "Cases started and completed, and median, p80, p90 and mean of the cycle time of those "
        "completed. pm4py has no such function: its user writes it in pandas on pm4py's frame. "
        "procmine's table also has the open cases.",
    ),
}  # fmt: skip
"""Title and explanation of every race, in the order of the report."""


def report(results: dict[str, Any]) -> str:
    """Return the whole report as Markdown."""
    races = results["races"]
    parts = [
        "# procmine beside its peers",
        _what(results),
        "## Goals",
        table(("what", "wanted", "measured", "met"), goals(results)),
        race_tables(races),
        *_large(results),
        "## Memory",
        _memory(results),
        "## Cost of importing the package",
        _starts(results["starts"]),
        "## Machine and versions",
        table(("what", "which"), results["machine"].items()),
        "## How it was measured",
        _how(results),
    ]
    return "\n\n".join(parts) + "\n"


def _what(results: dict[str, Any]) -> str:
    return (
        f"A generated log of {results['events']:,} events: 40 activities, 200 resources, 12 units, "
        "a heavy tail of variants, start and end of every step in whole seconds UTC, rows in no "
        "order. Written by `python -m benchmarks`; figures are medians in seconds, ratios are "
        "times of the other relative to procmine's in the same run: above 1 procmine is faster."
    )


def race_tables(races: dict[str, Any]) -> str:
    """Return the races that were run, each with its title and explanation."""
    return "\n\n".join(
        f"## {title}\n\n{text}\n\n{race_table(races[name])}"
        for name, (title, text) in _RACES.items()
        if name in races
    )


def race_table(times: Sequence[dict[str, Any]]) -> str:
    """Return a race as a table; where a result differs, it says how and gives no time or ratio."""
    first = times[0]
    rows = []
    for measured in times:
        if measured["difference"] is not None:
            said = f"differs: {measured['difference']}"
            rows.append((measured["name"], "–", "–", "–", "–", said))
            continue
        seconds = measured["seconds"]
        rows.append(
            (
                measured["name"],
                seconds_text(median(seconds)),
                f"{seconds_text(min(seconds))}–{seconds_text(max(seconds))}",
                str(len(seconds)),
                ratio_text(ratio(measured, first)),
                _agreement(measured),
            )
        )
    return table(("", "median", "least–most", "rounds", "ratio", "result"), rows)


def _agreement(measured: dict[str, Any]) -> str:
    if not measured["compared"]:
        return "not compared"
    return f"the same, without {', '.join(measured['lacks'])}" if measured["lacks"] else "the same"


def _large(results: dict[str, Any]) -> Iterable[str]:
    """The races of the large log, and how much longer they take than those of the usual one."""
    if "large_races" not in results:
        return
    events, large = results["events"], results["large"]
    yield f"## {large:,} events"
    rows = []
    for name, (title, _) in _RACES.items():
        for measured in results["large_races"].get(name, []):
            usual = next(
                each for each in results["races"][name] if each["name"] == measured["name"]
            )
            if measured["difference"] is None and usual["difference"] is None:
                first = results["large_races"][name][0]
                rows.append(
                    (
                        title,
                        measured["name"],
                        seconds_text(median(measured["seconds"])),
                        ratio_text(ratio(measured, first)),
                        ratio_text(ratio(measured, usual)),
                    )
                )
    grown = f"time × for {large / events:g} × the events"
    yield table(("task", "", "median", "ratio", grown), rows)


def _memory(results: dict[str, Any]) -> str:
    rows = [
        (
            found["kind"],
            found["peer"] + {"_as_text": ", as text", "_rust": ", with r4pm"}.get(
                found["reader"].removeprefix(f"read_{found['kind']}"), ""
            ),
            megabytes(found["peak"]),
            megabytes(found["libraries"]),
        )
        for found in results["memory"]
    ]  # fmt: skip
    log = results["log_memory"]
    kept = (
        f"A bound log of {log['steps']:,} steps with start and end, resource and unit: "
        f"{megabytes(log['nbytes'])} in its columns (`log.nbytes`), {megabytes(log['allocated'])} "
        "allocated by Python, numpy and Arrow while it is kept, and "
        f"{growth_text(log['resident'])}."
    )
    head = ("file", "", "peak while importing", "of which before the file (libraries)")
    return f"{table(head, rows)}\n\n{kept}"


def growth_text(resident: int) -> str:
    """Return by how much the process grew, or that it could not be measured."""
    return (
        f"the process grows by {megabytes(resident)}"
        if resident
        else "its resident set was not measured"
    )


def _starts(starts: dict[str, list[float]]) -> str:
    pandas = median(starts["import pandas"])
    rows = [
        (f"`{name}`", seconds_text(median(took)), f"{seconds_text(min(took))}–{seconds_text(max(took))}",
         f"{median(took) / pandas:.2f}")
        for name, took in starts.items()
    ]  # fmt: skip
    return table(("fresh process", "median", "least–most", "relative to pandas"), rows)


def _how(results: dict[str, Any]) -> str:
    from benchmarks.agree import ROUNDING

    return (
        "- `make bench` repeats it all; `make bench BENCH_ARGS=--large` adds 10 million events.\n"
        f"- One process runs all races. Contenders take turns (A B C A B C …), {results['rounds']} "
        "rounds after one that is not timed and in which their results are compared with "
        f"procmine's: {ROUNDING}. Where a result differs there is no time and no ratio.\n- "
        "Quantiles interpolate linearly everywhere. Steps of a case neither overlap nor touch, so "
        "that rules for overlaps and ties, in which libraries differ, play no part.\n- procmine "
        "makes its derived columns anew in every round.\n- Peaks of memory are `ru_maxrss` of a "
        "fresh process for every import.\n- polars and duckdb use every core; procmine uses a "
        "second one to decode files and to count cases in the process map."
    )
