"""One race: contenders do the same task in turns, and only those with the same result get a time."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from benchmarks.agree import difference


@dataclass(frozen=True)
class Contender:
    """One way of doing the task: what is timed, and its result as a table that can be compared."""

    name: str
    run: Callable[[], Any]
    table: Callable[[Any], pd.DataFrame] | None = None
    """None where the result is no rival's (a part of a task, measured to know what it costs)."""
    lacks: Sequence[str] = ()
    rounds: int | None = None
    """Fewer rounds than usual, for what takes a minute."""


@dataclass(frozen=True)
class Time:
    """What was measured of a contender; ``difference`` says in words why its result does not count."""

    name: str
    seconds: list[float]
    difference: str | None
    compared: bool
    lacks: list[str] = field(default_factory=list)


def race(title: str, contenders: Sequence[Contender], rounds: int) -> list[dict[str, Any]]:
    """Run every contender once to compare results, then all of them in turns, ``rounds`` times.

    The first contender's result is the reference. A contender of one round is timed while its
    result is made.
    """
    print(f"{title}: ", end="", file=sys.stderr, flush=True)
    reference: pd.DataFrame | None = None
    times: list[Time] = []
    for contender in contenders:
        seconds, result = _timed(contender.run)
        table = None if contender.table is None else contender.table(result)
        reference = table if reference is None else reference
        unlike = None
        if table is not None and reference is not None:
            unlike = difference(reference, table, contender.lacks)
        kept = [seconds] if contender.rounds == 1 else []
        times.append(Time(contender.name, kept, unlike, table is not None, list(contender.lacks)))
        del result, table
        print(".", end="", file=sys.stderr, flush=True)
    for number in range(rounds):
        for contender, measured in zip(contenders, times, strict=True):
            if contender.rounds is None or len(measured.seconds) < contender.rounds:
                measured.seconds.append(_timed(contender.run)[0])
        print(f" {number + 1}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return [asdict(each) for each in times]


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    begin = time.perf_counter()
    result = run()
    return time.perf_counter() - begin, result
