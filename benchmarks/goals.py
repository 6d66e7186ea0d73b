"""What procmine promises of its speed and memory, beside what was measured."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.waiting import SCAN
from benchmarks.words import megabytes, ratio, ratio_text, seconds_text

_AT_LEAST = {
    ("process_map", "pm4py, performance DFG alone"): ("process map: time of pm4py's performance DFG alone", 30.0),
    ("process_map", "polars"): ("process map: time of polars", 1.0),
    ("variants", "pm4py"): ("variants: time of pm4py", 15.0),
    ("variants", "polars"): ("variants: time of polars", 1.0),
    ("weekly", "polars"): ("weekly cycle times: time of polars", 1.0),
    ("working_time", "pm4py"): ("office time of cases: time of pm4py", 200.0),
    ("working_time_years", "pm4py"): ("office time of long intervals: time of pm4py", 200.0),
    ("waiting_production", SCAN): ("causes of waiting, 4,953 steps: time of a scan per event", 1.0),
    ("waiting_bpic12", SCAN): ("causes of waiting, 59,302 steps: time of a scan per event", 10.0),
    ("import_xes", "pm4py"): ("XES import: time of pm4py as it installs itself", 1.0),
}  # fmt: skip
_AT_MOST = {
    ("import_csv", "its parts"): ("CSV import: times the sum of its parts", 1.5),
    ("import_xes", "r4pm"): ("XES import: times r4pm alone", 1.5),
    ("import_cp1250", "procmine, UTF-8"): ("CSV in cp1250: times the same file in UTF-8", 1.5),
    ("import_xlsx", "calamine alone"): ("XLSX to columns: times calamine alone", 1.3),
    ("quality", "procmine, process map"): ("checks of quality: times the process map", 3.0),
    ("own_parquet", "pyarrow"): ("procmine's Parquet: times pyarrow reading the columns", 2.0),
}
_A_MILLION = {
    "working_time_all": ("office time of a million intervals", 0.2),
    "terms": ("terms of a million cases", 3.0),
    "waiting_causes": ("causes of a million waits", 20.0),
    "rework": ("rework of a million events", 0.3),
    "handovers": ("handovers of a million events", 0.3),
}
_IMPORT_COST = 1.2
_BYTES_A_STEP = 60
_GROWTH_PER_EVENT = 2.0


def goals(results: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return a row per goal: what, wanted, measured, met."""
    rows = [
        _row(what, f"≥ {least:g} ×", value, value is not None and value >= least)
        for key, (what, least) in _AT_LEAST.items()
        if (value := _relative(results["races"], *key)) is not ...
    ]
    rows += [
        _row(what, f"≤ {most:g} ×", 1 / value if value else None, bool(value) and 1 / value <= most)
        for key, (what, most) in _AT_MOST.items()
        if (value := _relative(results["races"], *key)) is not ...
    ]
    rows += _a_million(results)
    rows.append(_import_cost(results["starts"]))
    rows.append(_log_memory(results["log_memory"]))
    return rows + _growth(results)


def _relative(races: dict[str, Any], race: str, name: str) -> Any:
    """Return the ratio of a contender to procmine, None where results differ, ... where it took no part."""
    for measured in races.get(race, []):
        if measured["name"] == name:
            return ratio(measured, races[race][0])
    return ...


def _row(what: str, wanted: str, value: float | None, met: bool) -> tuple[str, str, str, str]:
    if value is None:
        return what, wanted, "results differ", "no"
    return what, wanted, f"{ratio_text(value)} ×", "yes" if met else "no"


def _a_million(results: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return how long a million of something takes, where it was measured."""
    rows = []
    for race, (what, most) in _A_MILLION.items():
        if race in results["races"]:
            seconds = median(results["races"][race][0]["seconds"]) * 1_000_000 / results["events"]
            met = "yes" if seconds <= most else "no"
            rows.append((what, f"≤ {most:g} s", f"{seconds_text(seconds)} s", met))
    return rows


def _import_cost(starts: dict[str, list[float]]) -> tuple[str, str, str, str]:
    value = median(starts["import procmine"]) / median(starts["import pandas"])
    return _row(
        "`import procmine`: times `import pandas`", f"≤ {_IMPORT_COST:g} ×", value, value <= _IMPORT_COST
    )  # fmt: skip


def _log_memory(found: dict[str, int]) -> tuple[str, str, str, str]:
    wanted, has = _BYTES_A_STEP * found["steps"], max(found["nbytes"], found["allocated"])
    return (
        "memory of a bound log with resource and unit",
        f"≤ {megabytes(wanted)}",
        megabytes(has),
        "yes" if has <= wanted else "no",
    )


def _growth(results: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Time grows with the events: one event of a large log costs little more than one of a smaller log."""
    if "large_races" not in results:
        return []
    factor = results["large"] / results["events"]
    wanted = f"≤ {_GROWTH_PER_EVENT:g} ×"
    rows = []
    for name, times in results["large_races"].items():
        grown = ratio(times[0], results["races"][name][0])
        value = None if grown is None else grown / factor
        what = f"{name.replace('_', ' ')}: time per event with {factor:g} × the events"
        rows.append(_row(what, wanted, value, value is not None and value <= _GROWTH_PER_EVENT))
    return rows
