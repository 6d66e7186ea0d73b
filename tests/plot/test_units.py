"""Times and counts in words."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.plot.units import (
    human_count,
    human_seconds,
    human_share,
    human_time,
    round_times,
    seconds_of,
)

SIZES = {"s": 1, "min": 60, "h": 3600, "d": 86400}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0"),
        (0.3, "<1 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (3599, "1 h"),
        (9.96 * 60, "10 min"),
        (23.4 * 3600, "23 h"),
        (23.9 * 3600, "1 d"),
        (36 * 3600, "1.5 d"),
        (1204 * 86400, "1,204 d"),
    ],
)
def test_a_time_is_written_in_the_largest_unit_it_fills(seconds: float, text: str) -> None:
    assert human_seconds(seconds) == text


@given(st.floats(1, 1e9))
def test_the_text_is_within_a_tenth_of_the_time(seconds: float) -> None:
    number, unit = human_seconds(seconds).replace(",", "").split()
    assert float(number) * SIZES[unit] == pytest.approx(seconds, rel=0.06)


@pytest.mark.parametrize("missing", [None, pd.NaT, np.timedelta64("NaT")])
def test_a_missing_time_is_a_dash_and_not_0(missing: object) -> None:
    assert human_time(missing) == "–"


def test_every_kind_of_duration_is_read() -> None:
    kinds = [timedelta(hours=3), pd.Timedelta("3h"), np.timedelta64(3, "h")]
    assert {human_time(kind) for kind in kinds} == {"3 h"}


def test_a_negative_time_keeps_its_sign() -> None:
    assert human_time(pd.Timedelta("-90min")) == "-1.5 h"


@given(st.floats(0, 1))
def test_only_nothing_is_0_per_cent_and_only_all_is_100(share: float) -> None:
    assert (human_share(share) == "0 %") == (share == 0)
    assert (human_share(share) == "100 %") == (share > 1 - 1e-11)
    assert human_share(0.6 + 0.3 + 0.1) == "100 %"  # 0.9999999999999999


def test_counts_have_commas() -> None:
    assert human_count(150370) == "150,370"


@given(st.floats(1, 1e8), st.floats(1, 1e8))
def test_ticks_are_round_few_and_inside(a: float, b: float) -> None:
    low, high = sorted((a, b))
    ticks = round_times(low, high)
    assert 1 <= len(ticks) <= 6
    assert ticks == sorted(set(ticks))
    assert low <= ticks[0]
    assert ticks[-1] <= high


def test_missing_durations_are_nan_in_seconds() -> None:
    values = seconds_of(pd.Series(pd.to_timedelta(["1min", None])))
    assert values[0] == 60
    assert np.isnan(values[1])
