"""What the figures were measured on and with; nothing that names the machine or its folders."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.settings import cores

PACKAGES = ("procmine", "numpy", "pandas", "pyarrow", "pm4py", "r4pm", "polars", "duckdb", "lxml")


def facts() -> dict[str, str]:
    """Return cores, memory, processor, system, Python and the versions of what was compared."""
    return {
        "cores": str(cores()),
        "memory": _memory(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "from its checkout" if name == "procmine" else ""


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []


def _memory() -> str:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            return f"{int(line.split()[1]) / 1024**2:.0f} GiB"
    return "unknown"


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


if __name__ == "__main__":
    print(json.dumps(facts()))
