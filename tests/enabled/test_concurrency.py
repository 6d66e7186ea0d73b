"""Which activities are concurrent: the measures of the heuristics miner, by hand and by plain loops."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from procmine.enabled import common_concurrency, concurrency
from tests.bound import bound, path
from tests.oracle import HOUR, Step


def log_of(*traces: str) -> list[Step]:
    """One case for each word, one step for each letter, an hour apart."""
    return [
        Step(
            f"c{number}", letter, place * HOUR, place * HOUR + HOUR // 2, row=1000 * number + place
        )
        for number, trace in enumerate(traces)
        for place, letter in enumerate(trace)
    ]


def concurrent(*traces: str) -> set[str]:
    log = bound(log_of(*traces))
    names, found = log.activity.names(), concurrency(log)
    assert (np.diff(found.pairs) > 0).all()
    return {
        names[code // found.activities] + names[code % found.activities] for code in found.pairs
    }


def by_loops(traces: tuple[str, ...]) -> set[str]:
    follows: dict[str, int] = {}
    loops: dict[str, int] = {}
    for trace in traces:
        for pair in pairwise(trace):
            follows["".join(pair)] = follows.get("".join(pair), 0) + 1
        for i in range(len(trace) - 2):
            if trace[i] == trace[i + 2] != trace[i + 1]:
                loops[trace[i : i + 2]] = loops.get(trace[i : i + 2], 0) + 1
    found = set()
    for pair, there in follows.items():
        back, looped = follows.get(pair[::-1], 0), loops.get(pair, 0) + loops.get(pair[::-1], 0)
        rule = abs(there - back) / (there + back + 1)
        if pair[0] != pair[1] and back and rule < 0.9 and looped / (looped + 1) < 0.9:
            found.add(pair)
    return found


def test_two_activities_in_either_order_are_concurrent() -> None:
    assert concurrent("ABCD", "ACBD") == {"BC", "CB"}


def test_an_order_that_prevails_is_a_rule_as_weijters_and_others_measure_it() -> None:
    assert concurrent(*["AB"] * 40, "BA") == set()  # (40 - 1) / 42 = 0.93
    assert concurrent(*["AB"] * 20, "BA") == {"AB", "BA"}  # (20 - 1) / 22 = 0.86


def test_a_loop_of_length_two_is_no_concurrency() -> None:
    assert concurrent(*["ABAB"] * 5) == set()  # 10 loops: 10 / 11 = 0.91
    assert concurrent(*["ABAB"] * 4) == {"AB", "BA"}  # 8 loops: 8 / 9 = 0.89


def test_an_activity_is_not_concurrent_with_itself() -> None:
    assert concurrent("AAA", "ABA") == {"AB", "BA"}


def test_steps_of_different_cases_do_not_follow_each_other() -> None:
    assert concurrent("AB", "A", "B") == set()


def test_a_log_with_one_step_has_no_concurrency() -> None:
    assert concurrent("A") == set()


@given(st.lists(st.text("ABC", min_size=1, max_size=8), min_size=1, max_size=8).map(tuple))
def test_concurrency_equals_the_plain_loops(traces: tuple[str, ...]) -> None:
    assert concurrent(*traces) == by_loops(traces)


@given(*[st.lists(st.text("ABC", min_size=1, max_size=6), min_size=1, max_size=6).map(tuple)] * 2)
def test_logs_have_together_the_concurrency_of_all_their_cases_each_in_its_own_codes(
    some: tuple[str, ...], others: tuple[str, ...]
) -> None:
    both = by_loops((*some, *others))
    logs = bound(log_of(*some)), bound(log_of(*others))
    for log, found in zip(logs, common_concurrency(logs), strict=True):
        names = log.activity.names()
        assert found.activities == len(names)
        assert (np.diff(found.pairs) > 0).all()
        told = {names[code // len(names)] + names[code % len(names)] for code in found.pairs}
        assert told == {pair for pair in both if set(pair) <= set(names)}


def test_asking_for_pairs_tells_which_are_concurrent() -> None:
    log = bound(
        path("1", "ABC", [HOUR, 2 * HOUR, 3 * HOUR]) + path("2", "BAC", [HOUR, 2 * HOUR, 3 * HOUR])
    )
    found, code = concurrency(log), {name: i for i, name in enumerate(log.activity.names())}
    asked = [np.array([code[a] for a in letters], dtype=np.int32) for letters in ("AAB", "BCA")]
    assert found.holds(*asked).tolist() == [True, False, True]
