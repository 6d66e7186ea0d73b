"""How long a resource was busy with earlier and with later steps, against plain fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from procmine.kpi.waiting import busy as module
from procmine.kpi.waiting.busy import Waits, Work, busy_time


@dataclass(frozen=True)
class Doing:
    who: int
    start: int
    length: int
    enabled: int

    @property
    def end(self) -> int:
        return self.start + self.length


TIMES = st.integers(0, 60)
DOING = st.lists(st.builds(Doing, st.integers(0, 2), TIMES, st.integers(1, 30), TIMES), max_size=12)
ASKED = st.lists(
    st.tuples(st.integers(0, 3), TIMES, st.integers(0, 40)).map(
        lambda q: (q[0], q[1], q[1] + q[2])
    ),
    min_size=1,
    max_size=6,
)


def shares(
    work: list[Doing], who: int, enabled: int, begin: int, end: int
) -> tuple[Fraction, Fraction]:
    """Each microsecond of the window, shared among the steps at work in it."""
    earlier = later = Fraction(0)
    for moment in range(begin, end):
        now = [one for one in work if one.who == who and one.start <= moment < one.end]
        for one in now:
            if one.enabled <= enabled:
                earlier += Fraction(1, len(now))
            else:
                later += Fraction(1, len(now))
    return earlier, later


def found(work: list[Doing], asked: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    columns = [[getattr(one, name) for one in work] for name in ("who", "start", "end", "enabled")]
    who, begin, end = (np.array(column, dtype=np.int64) for column in zip(*asked, strict=True))
    times = busy_time(
        Work(*(np.array(column, dtype=np.int64) for column in columns)),
        Waits(who, begin, begin, end),
    )
    return list(zip(times.earlier.tolist(), times.later.tolist(), strict=True))


@given(DOING, ASKED)
def test_busy_time_is_that_of_every_microsecond_and_what_remains_goes_to_the_larger(
    work: list[Doing], asked: list[tuple[int, int, int]]
) -> None:
    for (who, begin, end), (earlier, later) in zip(asked, found(work, asked), strict=True):
        first, second = shares(work, who, begin, begin, end)
        assert earlier + later == first + second
        assert (earlier, later) == (
            (first + second - int(second), int(second))
            if first >= second
            else (int(first), first + second - int(first))
        )


@given(DOING, ASKED)
def test_cutting_the_work_into_chunks_changes_nothing(
    work: list[Doing], asked: list[tuple[int, int, int]]
) -> None:
    whole = found(work, asked)
    chunk, module._CHUNK = module._CHUNK, 1
    try:
        assert found(work, asked) == whole
    finally:
        module._CHUNK = chunk


def test_of_two_steps_at_once_each_has_half_of_the_time() -> None:
    work = [Doing(0, 0, 10, 0), Doing(0, 0, 10, 99)]
    assert found(work, [(0, 0, 10)]) == [(5, 5)]


def test_hundred_steps_at_once_that_were_all_enabled_earlier_leave_nothing_to_later_ones() -> None:
    work = [Doing(0, 0, 1_000_003, 0)] * 100
    assert found(work, [(0, 7, 1_000_000)]) == [(999_993, 0)]


def test_of_centuries_nothing_is_lost() -> None:
    year = 365 * 86_400_000_000
    work = [Doing(0, 0, 100 * year, 0), Doing(0, 0, 100 * year, 50 * year)]
    assert found(work, [(0, 3, 100 * year)]) == [(50 * year - 1, 50 * year - 2)]


def test_what_a_typo_in_a_year_makes_of_a_wait_stays_within_it() -> None:
    """A calendar year of 1850 in one case: more microseconds than 64 bits can share into 2,520 parts."""
    year = 365 * 86_400_000_000
    work = [Doing(0, 51 * year, 120 * year, 51 * year)]
    assert found(work, [(0, 0, 174 * year)]) == [(0, 120 * year)]
    assert found(work, [(0, 51 * year, 174 * year)]) == [(120 * year, 0)]
