"""Memory of one import, in a fresh process: ``python -m benchmarks.memory peak|log PEER READER FILE``.

The peak is the process's largest resident set (``ru_maxrss``), libraries included. The parent must
be small, because Linux lets a child begin with the peak of its parent.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import tracemalloc
from importlib import import_module
from pathlib import Path
from typing import Any

_KIB = 1024 if sys.platform != "darwin" else 1


def peak(peer: str, reader: str, path: Path) -> dict[str, int]:
    """Return the peak of a process that imports a library and then a file, and that of the library alone."""
    code = import_module(f"benchmarks.with_{peer}")
    before = _peak()
    log = getattr(code, reader)(path)
    return {"libraries": before, "peak": _peak(), "kept": int(log is not None)}


def log_memory(path: Path) -> dict[str, int]:
    """Return what a bound log of procmine takes: as it says, as allocated, and as the process grows.

    The file is read twice: first to load what reading needs, and then with everything traced.
    ``allocated`` counts the memory of Python and numpy (tracemalloc) and of Arrow (its pool).
    """
    import pyarrow as pa

    from benchmarks.with_procmine import read_csv

    read_csv(path)
    resident = _settled()
    log = read_csv(path)
    grown = _settled() - resident
    says = log.nbytes
    del log
    _settled()
    tracemalloc.start()
    arrow = pa.total_allocated_bytes()
    log = read_csv(path)
    gc.collect()
    allocated = tracemalloc.get_traced_memory()[0] + pa.total_allocated_bytes() - arrow
    return {"steps": len(log), "nbytes": says, "allocated": allocated, "resident": grown}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB


def _settled() -> int:
    """Return the resident set after unused memory went back to the system, 0 where it cannot be known."""
    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()
    _trim()
    try:
        import psutil
    except ModuleNotFoundError:
        return 0
    return int(psutil.Process().memory_info().rss)


def _trim() -> None:
    """Let the C library give its free memory back, where it can."""
    import ctypes

    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError):
        return


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    found: Any = (
        peak(arguments[0], arguments[1], Path(arguments[2]))
        if what == "peak"
        else log_memory(Path(arguments[2]))
    )
    print(json.dumps(found))
