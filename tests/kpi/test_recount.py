"""The recount of ends: what it takes for a dependency is what enabled the step, and longer logs go in pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.errors import ProcmineError
from procmine.kernels import NAT
from procmine.kpi.improvement import recount
from procmine.kpi.improvement.opportunities import opportunities
from procmine.kpi.improvement.recount import Recount
from procmine.kpi.waiting.split import Split, split
from tests.bound import FEWER, bound, numbered
from tests.kpi.waiting_logs import World, bound_world
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs

MONDAY = 20_458 * DAY


def recounted(steps: list[Step], order: str, starts: str | None) -> tuple[Split, Recount]:
    """A log and its dependencies; in logs whose starts cannot be estimated they stay unknown."""
    log = bound(steps)
    try:
        found = split(log, order=order, starts=starts)
    except ProcmineError:
        found = split(log, order=order)
    room = np.full(log.n_steps, 10**18)
    return found, Recount.of(found, log, order, room)


@given(
    logs(),
    st.sampled_from(["concurrency", "sequence"]),
    st.sampled_from([None, "estimate"]),
)
def test_the_latest_end_of_all_dependencies_is_that_of_the_enabler(drawn, order, starts):
    found, cases = recounted(drawn, order, starts)
    saved = np.full(found.log.n_steps, -1)
    cases._go_through(np.arange(found.log.n_cases), np.zeros(len(saved), np.int64), saved)
    assert not saved.any()  # were another end the latest, there would be a difference
    assert ((cases.before == NAT) == (found.enabled.by < 0)).all()


@FEWER
@given(logs(), st.data())
def test_many_cases_are_counted_as_few_are(drawn, data):
    _, cases = recounted(drawn, "concurrency", None)
    hours = st.lists(st.integers(0, 9), min_size=len(drawn), max_size=len(drawn))
    gain = np.array(data.draw(hours)) * HOUR
    whole = cases.saved(gain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recount, "CELLS", 1)
        assert cases.saved(gain).tolist() == whole.tolist()
    assert (whole >= gain).all()


@pytest.mark.filterwarnings("ignore::procmine.errors.DataQualityWarning")
def test_a_recorded_enabled_time_keeps_its_distance_from_the_latest_end():
    # B is over after 10 h, C was put on the desk 2 h later and begins 3 h after that
    hours = {"A": (0, 1), "B": (5, 10), "C": (15, 16)}
    steps = numbered(
        [Step("1", k, MONDAY + a * HOUR, MONDAY + b * HOUR) for k, (a, b) in hours.items()]
    )
    log = bound_world(World(steps, recorded={2: MONDAY + 12 * HOUR}))
    for activity, saved in (("B", 4), ("C", 3), (None, 7)):
        remedy = {"kind": "target", "days": 0, "activity": activity}
        row = opportunities(log, remedy, enabled="ready", resamples=100).iloc[0]
        assert row["saved_days"] == pytest.approx(saved / 24)
