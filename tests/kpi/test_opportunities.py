"""Opportunities by hand, against the oracle, with their laws and their edges."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

import procmine as pm
from conftest import sample_log
from procmine.errors import DataQualityWarning, LabelNotFoundError, ProcmineError
from procmine.kpi.bootstrap import resampled
from procmine.kpi.improvement.gains import gains
from procmine.kpi.improvement.opportunities import opportunities
from procmine.kpi.improvement.remedies import Remedy
from procmine.kpi.improvement.without_rework import Spans, _covered
from procmine.kpi.waiting.split import CAUSES
from tests.bound import FEWER, bound, closings, micros, numbered, path
from tests.kpi import oracle_improvement as oracle
from tests.kpi import oracle_waiting, ten_days
from tests.kpi.test_bottlenecks import ALWAYS, busy_clerk, in_the_past
from tests.kpi.waiting_logs import World, bound_world
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs, to_frame

MONDAY = 20_458 * DAY  # 2026-01-05, at midnight in UTC
UTC = {"tz": "UTC"}
TARGET_0 = {"kind": "target", "days": 0}


def quietly(log: pm.EventLog, remedies: Any = None, **options: Any) -> pd.DataFrame:
    """Opportunities without the warnings of the split, which has its own tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        return opportunities(log, remedies, **{"resamples": 100, **options})


def chain(case: str, *waits: int, names: str = "ABCDEFG", **fields: Any) -> list[Step]:
    """Steps of an hour, the first at once and each other one so many days after the one before."""
    steps, now = [], MONDAY
    for wait in (0, *waits):
        now += wait * DAY
        steps.append((now, now + HOUR))
        now += HOUR
    return path(case, names[: len(steps)], steps, **fields)


# --- worked examples ------------------------------------------------------------------------------


def test_a_target_shortens_the_longer_waits_and_all_that_follows():
    # B waits 2, 4, 9 days and C a day more: with 3 days at most for B two cases are 1 and 6 days shorter
    log = bound(numbered(*(chain(str(n), n, 1) for n in (2, 4, 9))), **UTC)
    table = quietly(log, {"kind": "target", "activity": "B", "days": 3})
    row = table.iloc[0]
    assert row["remedy"] == "no wait at B over 3 days"
    assert row[["kind", "activity", "cases", "saved_days"]].tolist() == ["target", "B", 2, 7]
    three = pd.Timedelta("3h")
    assert row["median_before"] == pd.Timedelta("5D") + three
    assert row["median_after"] == pd.Timedelta("4D") + three
    assert row["median_gain"] == pd.Timedelta("1D")
    assert row["p90_before"] == pd.Timedelta("9D") + three  # 5 + 0.8 * (10 - 5)
    assert row["p90_gain"] == pd.Timedelta("5D")
    # three cases are too few for an interval
    assert row[["median_gain_low", "median_gain_high", "p90_gain_low"]].isna().all()
    assert row["basis"].startswith("at most: only the waits are shorter, queues")


def test_what_does_not_wait_for_it_does_not_gain_by_it():
    # C depends on A alone (B and C come in either order), and D on whichever of them ends last
    def case(name: str, b: int, c: int) -> list[Step]:
        a = (MONDAY, MONDAY + HOUR)
        ends = {"B": MONDAY + b * DAY, "C": MONDAY + c * DAY}
        d = max(ends.values()) + DAY
        named = [("A", *a), *((k, e - HOUR, e) for k, e in ends.items()), ("D", d, d + HOUR)]
        return [Step(name, k, start, end) for k, start, end in sorted(named, key=lambda x: x[1])]

    steps = numbered(
        *(case(f"l{n}", 2, 6) for n in range(5)), *(case(f"r{n}", 6, 2) for n in range(5))
    )
    row = quietly(bound(steps, **UTC), {"kind": "target", "activity": "B", "days": 0}).iloc[0]
    # where C ends last nothing is gained; else B begins as A ends, and D waits for C, which ends 4 days
    # before B did
    assert row["cases"] == 5
    assert row["saved_days"] == pytest.approx(5 * 4)
    closed = quietly(
        bound(steps, closed="D", **UTC), {"kind": "target", "activity": "B", "days": 0}
    )
    assert closed.loc[0, "saved_days"] == pytest.approx(5 * 4)


@pytest.mark.parametrize("closed", [None, "C"])
def test_of_two_opinions_side_by_side_to_hasten_one_gains_no_more_than_the_other_lets(closed):
    # after S two opinions of an hour are asked for: B ends at 241 h, A at 242 h, C begins an hour later;
    # in five cases of forty B ends last, an hour after A. To hasten A alone saves one hour of 35 cases
    def case(name: str, first: str, last: str) -> list[Step]:
        named = [("S", 0), (first, 240), (last, 241), ("C", 243)]
        spans = [(k, MONDAY + h * HOUR, MONDAY + (h + 1) * HOUR) for k, h in named]
        return [Step(name, *span) for span in spans]

    cases = [case(f"{n}", *("AB" if n % 8 == 7 else "BA")) for n in range(40)]
    options = UTC if closed is None else {"closed": closed, **UTC}
    log = bound(numbered(*cases), **options)
    a, b = ({"kind": "target", "activity": name, "days": 0} for name in "AB")
    found = quietly(log, [a, b, [a, b]]).set_index("remedy")
    alone, other = found.loc["no wait at A over 0 days"], found.loc["no wait at B over 0 days"]
    assert alone[["cases", "saved_days"]].tolist() == [35, pytest.approx(35 / 24)]
    assert other[["cases", "saved_days"]].tolist() == [5, pytest.approx(5 / 24)]
    # both: C begins an hour after them as before, at 3 h in place of 243 h
    both = found.loc["no wait at A over 0 days + no wait at B over 0 days"]
    assert both[["cases", "saved_days"]].tolist() == [40, pytest.approx(40 * 240 / 24)]


def test_groups_slower_than_the_best_quartile_wait_as_its_median_says():
    # medians of 2, 4, 6 and 8 days: the first of four is the model, a wait of 8 days becomes one of 2
    frame = pd.concat(
        pd.DataFrame(
            {
                "case": f"{office}{n}",
                "activity": ["A", "B"],
                "start": [MONDAY, MONDAY + HOUR + wait * DAY],
                "end": [MONDAY + HOUR, MONDAY + 2 * HOUR + wait * DAY],
                "office": office,
            }
        )
        for office, median in zip("NESW", (2, 4, 6, 8), strict=True)
        for n, wait in enumerate([median - 1] * 5 + [median] * 2 + [median + 2] * 5)
    )
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name], unit="us", utc=True)
    names = {"case": "case", "activity": "activity", "start": "start", "end": "end"}
    log = pm.read(frame, **names, tz="UTC", keep=["office"])
    row = quietly(log, Remedy("best_quartile", activity="B", by="office")).iloc[0]
    assert row["remedy"] == "every office waits at B as the best quartile does"
    assert row["cases"] == 36
    # of m days all waits sum to 12 m + 5; 1 - 2/m of them is saved
    assert row["saved_days"] == pytest.approx(sum((12 * m + 5) * (1 - 2 / m) for m in (4, 6, 8)))


def test_without_a_cause_each_wait_is_shorter_by_its_part():
    table = quietly(busy_clerk(), calendar=ALWAYS)
    found = table.set_index("remedy")["saved_days"]
    busy, plain = "no waits for busy resources", "no unexplained waits"
    assert found[busy] == pytest.approx(10 / 24)
    assert found[f"{busy} at B"] == pytest.approx(10 / 24)
    assert found[plain] == pytest.approx(2 / 24)
    assert set(found.index) == {busy, plain, f"{busy} at B"}
    assert list(found) == sorted(found, reverse=True)


def test_cases_that_would_have_ended_by_their_due_date_are_in_time():
    # ten days from Monday 5 January: due on the 15th; decided on the 14th, 19th and 30th
    cases = {
        str(n): [("Came", "2026-01-05"), ("Granted", day)]
        for n, day in enumerate(["2026-01-14", "2026-01-19", "2026-01-30"])
    }
    log = ten_days.log_of(ten_days.SEEN | cases).where(lambda c: c["steps"] == 2)
    few = {"kind": "target", "activity": "Granted", "days": 10}
    none = {"kind": "target", "activity": "Granted", "days": 12}
    told = ten_days.procedure()
    table = ten_days.quietly(opportunities, log, [few, none], procedure=told, resamples=100)
    assert table["timeliness_before"].tolist() == [pytest.approx(1 / 3)] * 2
    assert table["timeliness_after"].tolist() == [1, pytest.approx(1 / 3)]
    assert "timeliness of reply, 3 concluded cases" in table.loc[0, "basis"]
    assert quietly(log, few)[["timeliness_before", "timeliness_after"]].isna().all(axis=None)


def with_a_window_before() -> pm.Procedure:
    """The ten days to reply, and before them ten days to check, in which nothing is decided."""
    head, term = ten_days.TEN_DAYS.replace("SILENCE", "none").split("terms:\n")
    window = term.replace("id: reply", "id: check\n    kind: control_window")
    return pm.Procedure.parse(f"{head}terms:\n{window}{term}")


def test_the_term_is_by_default_the_first_in_which_something_was_decided():
    cases = {str(n): [("Came", "2026-01-05"), ("Granted", "2026-01-14")] for n in range(3)}
    log = ten_days.log_of(ten_days.SEEN | cases).where(lambda c: c["steps"] == 2)
    few = {"kind": "target", "days": 3}
    told = {"procedure": with_a_window_before(), "resamples": 100}
    row = ten_days.quietly(opportunities, log, few, **told).iloc[0]
    assert row["timeliness_before"] == 1
    assert "timeliness of reply, 3 concluded cases" in row["basis"]
    asked = ten_days.quietly(opportunities, log, few, term="check", **told).iloc[0]
    assert "timeliness of check, 0 concluded cases" in asked["basis"]


def test_what_terms_warn_of_is_told_of_the_line_that_asked():
    log = ten_days.log_of(ten_days.SEEN)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        opportunities(log, TARGET_0, procedure=ten_days.procedure(), resamples=100)
    assert told
    assert {warning.filename for warning in told} == {__file__}


def test_with_one_timestamp_nobody_proposes_to_do_without_the_work():
    cases = [path(str(n), "ABC", [MONDAY, MONDAY + n * DAY, MONDAY + 30 * DAY]) for n in range(9)]
    assert quietly(bound_world(World(numbered(*cases))))["cause"].ne("unexplained").all()
    timed = quietly(bound(numbered(*(chain(str(n), n, 3) for n in range(9))), **UTC))
    assert timed["cause"].eq("unexplained").any()


def test_remedies_together_take_away_causes_first_and_cut_what_remains():
    # B waits 12 h: 10 for a busy clerk and 2 unexplained
    causes = [{"kind": "without_cause", "cause": c} for c in ("contention", "unexplained")]
    cut = {"kind": "target", "days": 1 / 24}
    for package, hours in (
        (causes[:1] * 2, 10),  # the same thing twice
        (causes, 12),
        ([causes[0], cut], 11),  # of the 2 h that remain one is left
        ([causes[1], cut], 11),  # of the 10 h that remain one is left
        ([{**cut, "days": 6 / 24}, cut], 11),
    ):
        row = quietly(busy_clerk(), [{"together": package}], calendar=ALWAYS).iloc[0]
        assert row["saved_days"] == pytest.approx(hours / 24)
        assert row["kind"] == "together"
        same = quietly(busy_clerk(), [package, tuple(package)], calendar=ALWAYS)
        assert same["saved_days"].tolist() == [row["saved_days"]] * 2
    told = "no wait over 0.25 days + no wait over 0.0416667 days"
    assert row["remedy"] == told
    named = {"name": "both at once", "together": package}
    row = quietly(busy_clerk(), named, calendar=ALWAYS).iloc[0]
    assert row["remedy"] == "both at once"
    assert row["basis"].endswith(f"; both at once: {told}")


def test_without_rework_a_case_is_shorter_by_the_days_that_its_loops_took():
    # A, B, A, B: from the first A to the end of the second 2 days and 2 hours; the second B is new
    log = bound(numbered(chain("1", 1, 1, 3, names="ABAB"), chain("2", 4)), closed="B", **UTC)
    remedy = {"kind": "without_rework", "rework": "rework"}
    wait = {"kind": "target", "days": 1}

    def counted(*given: Any) -> pd.Series:
        return quietly(log, list(given), order="sequence").iloc[0]

    alone, short, both = counted(remedy), counted(wait), counted([remedy, wait])
    assert alone["remedy"] == "no repeated steps or steps back"
    assert alone["basis"].startswith("at most: only the rework is not there, queues")
    assert alone[["cases", "saved_days"]].tolist() == [1, pytest.approx(2 + 2 / 24)]
    assert short["saved_days"] == 2 + 3  # the second B of the first case, and B of the other
    assert both["saved_days"] == pytest.approx(2 + 2 / 24 + 2 + 3)
    # of waits that lie in the loop nothing more is saved
    all_waits = counted([remedy, TARGET_0])
    assert all_waits["saved_days"] == pytest.approx(2 + 2 / 24 + 3 + 4)
    assert both["basis"].startswith("at most: only the waits are shorter and the rework is not")
    at_b = counted({**remedy, "activity": "B"})
    assert at_b[["remedy", "saved_days"]].tolist() == ["no repeated steps or steps back at B", 0]


def test_what_can_be_avoided_is_proposed_and_its_timeliness_is_not_known(root):
    told = pm.Procedure.read(root / "sample_logs" / "building_permits_ro.procedure.yaml")
    table = quietly(sample_log(), procedure=told).set_index("remedy")
    asked, again = "no completion requests", "no repeated steps or steps back"
    assert table.loc[[asked, again], "kind"].eq("without_rework").all()
    assert table.loc[[asked, again], "timeliness_after"].isna().all()
    assert "due dates would be others" in table.loc[asked, "basis"]
    others = table.drop([asked, again])
    assert others["timeliness_after"].notna().all()
    assert others["basis"].str.contains("as they were, also where they would be sooner").all()
    # the request is over when the applicant came back: the days of that wait, and the work of that step
    files = table.loc["no waits for the applicant or third parties at Depunere completări"]
    assert table.loc[asked, "cases"] == files["cases"]
    assert 0 <= table.loc[asked, "saved_days"] / files["saved_days"] - 1 < 0.001
    without = quietly(sample_log())  # nobody says what a request is
    assert without.loc[without["kind"] == "without_rework", "remedy"].tolist() == [again]


# --- against the oracle ---------------------------------------------------------------------------


@given(logs(starts=["always", "sometimes"]), st.data())
def test_every_case_ends_when_the_oracle_says(drawn, data):
    assume(any(step.start is not None for step in drawn))  # else the sojourn is cut
    steps = in_the_past(drawn)
    closing = data.draw(closings(steps))
    days = data.draw(st.sampled_from([0, 0.01, 1, 5]))
    activity = data.draw(st.none() | st.sampled_from(sorted({s.activity for s in steps})))
    log = oracle_waiting.log_of(steps)
    order = data.draw(st.sampled_from(["concurrency", "sequence"]))
    are = oracle_waiting.concurrent(log.cases) if order == "concurrency" else oracle_waiting.never
    enabled = oracle_waiting.enabled_steps(log, order=order)
    waits = {
        s.row: None if None in (s.start, enabled[s.row].at) else s.start - enabled[s.row].at
        for s in log.steps
    }
    short = dict(waits)
    for step in log.steps:
        if waits[step.row] is not None and activity in (None, step.activity):
            short[step.row] = min(waits[step.row], round(days * DAY))
    cycles = []
    for case in log.cases.values():
        both = [
            oracle.new_cycle_time(case, oracle.new_ends(case, are, some, case[0].first), closing)
            for some in (waits, short)
        ]
        if both[0] is not None and both[0] >= 0:
            cycles.append(both)
    remedy = {"kind": "target", "days": days, "activity": activity}
    row = quietly(bound(steps, closed=closing), remedy, order=order).iloc[0]
    saved = [before - after for before, after in cycles]
    assert all(each >= 0 for each in saved)
    assert row["cases"] == sum(each > 0 for each in saved)
    assert row["saved_days"] == pytest.approx(sum(saved) / DAY)
    for place, when in enumerate(("before", "after")):
        times = [each[place] for each in cycles]
        for name, p in (("median", 0.5), ("p90", 0.9)):
            expected = oracle.quantile(times, p)
            known = None if expected is None else pytest.approx(expected, abs=1)
            assert micros([row[f"{name}_{when}"]]) == [known]


def test_the_interval_of_a_gain_is_that_of_scipy():
    random = np.random.default_rng(2)
    before = np.sort(np.round(random.gamma(2, 20, 120) * DAY)).astype(np.int64)
    after = np.round(before * random.uniform(0.5, 1, 120)).astype(np.int64)
    found = gains(before, [after], count=4000, seed=1)
    assert found.before[0].tolist() == np.quantile(before, [0.5, 0.9]).tolist()
    for place, p in enumerate((0.5, 0.9)):
        other = stats.bootstrap(
            (before, after),
            lambda b, a, axis, p=p: np.quantile(b, p, axis=axis) - np.quantile(a, p, axis=axis),
            paired=True,
            n_resamples=4000,
            method="percentile",
            rng=np.random.default_rng(3),
        ).confidence_interval
        width = other.high - other.low
        assert found.low[0, place] == pytest.approx(other.low, abs=0.1 * width)
        assert found.high[0, place] == pytest.approx(other.high, abs=0.1 * width)


def test_of_closing_steps_at_one_time_the_one_with_a_known_end_ends_the_case():
    # A comes again as B ends, and nobody knows when that A was over: B closed the case, and never waited
    steps = path("1", "ABA", [MONDAY, (MONDAY, MONDAY + DAY), MONDAY + DAY])
    steps[2] = replace(steps[2], start=MONDAY + DAY, end=None)
    log = bound(numbered(steps), closed=["A", "B"], **UTC)
    assert quietly(log, TARGET_0).loc[0, "saved_days"] == 0


# --- laws -----------------------------------------------------------------------------------------


def remedies(steps: list[Step]) -> st.SearchStrategy[dict[str, Any]]:
    activity = st.none() | st.sampled_from(sorted({s.activity for s in steps}))
    target = st.fixed_dictionaries(
        {"kind": st.just("target"), "days": st.sampled_from([0, 0.5, 3]), "activity": activity}
    )
    cause = st.fixed_dictionaries(
        {"kind": st.just("without_cause"), "cause": st.sampled_from(CAUSES), "activity": activity}
    )
    return target | cause


@FEWER
@given(logs(), st.data())
def test_a_shorter_wait_never_lengthens_a_case_and_no_case_ends_before_it_begins(drawn, data):
    steps = in_the_past(drawn)
    closing = data.draw(closings(steps))
    row = quietly(bound(steps, closed=closing), data.draw(remedies(steps))).iloc[0]
    assert row["saved_days"] >= 0
    for name in ("median", "p90"):
        before, after = row[f"{name}_before"], row[f"{name}_after"]
        assert pd.isna(before) or pd.Timedelta(0) <= after <= before


REWORK = st.fixed_dictionaries(
    {
        "kind": st.just("without_rework"),
        "rework": st.sampled_from(["rework", "self_loop", "repetition", "reopened"]),
    }
)


@FEWER
@given(logs(), st.data())
def test_a_package_saves_at_least_as_much_as_each_of_its_parts(drawn, data):
    steps = in_the_past(drawn)
    last = data.draw(st.sampled_from(sorted({step.activity for step in steps})))
    parts = data.draw(st.lists(remedies(steps) | REWORK, min_size=2, max_size=4))
    table = quietly(bound(steps, closed=last), [parts]).iloc[0]
    each = [quietly(bound(steps, closed=last), [part]).iloc[0] for part in parts]
    assert max(one["saved_days"] for one in each) - 1e-9 <= table["saved_days"]
    assert max(one["cases"] for one in each) <= table["cases"]
    before, after = table["median_before"], table["median_after"]
    assert pd.isna(before) or pd.Timedelta(0) <= after <= before


def one_by_one(steps: list[Step]) -> list[Step]:
    """The same steps, none of which begins before the one before it in its case is over."""
    over: dict[str, int] = {}
    apart = []
    for step in sorted(steps, key=lambda step: step.first):
        start = max(step.start, over.get(step.case, step.start))
        over[step.case] = start + step.end - step.start
        apart.append(replace(step, start=start, end=over[step.case]))
    return numbered(apart)


@FEWER
@given(logs(starts=["always"], ends=["always"]), st.data())
def test_a_package_saves_at_most_the_sum_of_its_parts_where_one_thing_is_done_after_the_other(
    drawn, data
):
    steps = one_by_one(in_the_past(drawn))
    last = data.draw(st.sampled_from(sorted({step.activity for step in steps})))
    parts = data.draw(st.lists(remedies(steps) | REWORK, min_size=2, max_size=4))
    log = bound(steps, closed=last)
    both, *each = (quietly(log, [given], order="sequence").iloc[0] for given in (parts, *parts))
    assert both["saved_days"] <= sum(one["saved_days"] for one in each) + 1e-9
    assert both["cases"] <= sum(one["cases"] for one in each)


@FEWER
@given(st.lists(st.integers(0, 9), min_size=12, max_size=12), st.data())
def test_best_quartiles_in_packages_keep_to_their_parts_too(waits, data):
    places = [(office, number) for office in range(4) for number in range(12)]
    steps = numbered(*(chain(f"{o}{n}", (o + 1) * waits[n], waits[-n], o) for o, n in places))
    frame = to_frame(steps)
    frame["office"] = frame["case"].str[0]
    names = {name: name for name in ("case", "activity", "start", "end")}
    log = pm.read(frame, **names, tz="UTC", keep=["office"], closed="D")
    parts = [{"kind": "best_quartile", "by": "office"}, data.draw(remedies(steps))]
    *each, both = (quietly(log, [one]).loc[0, "saved_days"] for one in (*parts, parts))
    assert max(each) - 1e-9 <= both <= sum(each) + 1e-9


@FEWER
@given(
    logs(),
    st.sampled_from(["rework", "self_loop", "repetition", "reopened", "ping_pong"]),
    st.data(),
)
def test_without_rework_is_saved_what_the_table_of_rework_counts_of_the_complete_cases(
    drawn, kind, data
):
    steps = in_the_past(drawn)
    log = bound(steps, closed=data.draw(closings(steps)))
    counted = log.where(lambda cases: cases["state"] != "open")
    rows = pm.rework(counted).query("kind == @kind")
    if not rows["extra_days"].notna().any():
        with pytest.raises(ProcmineError, match="cannot be counted"):
            quietly(log, {"kind": "without_rework", "rework": kind})
        return
    row = quietly(log, {"kind": "without_rework", "rework": kind}).iloc[0]
    assert row["saved_days"] == pytest.approx(rows["extra_days"].sum())


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(1, 9)), max_size=12))
def test_times_in_which_several_kinds_lie_count_once(drawn):
    case, begin, length = (
        np.array(x, dtype=np.int64) for x in (list(zip(*drawn, strict=True)) or [()] * 3)
    )
    spans = Spans(case, begin, begin + length, begin)
    found = _covered([spans, spans], 4)
    for own in range(4):
        held = {t for c, b, n in drawn if c == own for t in range(b, b + n)}
        assert found[own] == len(held)


@FEWER
@given(logs(), st.data())
def test_what_is_not_mended_stays_as_it_was(drawn, data):
    steps = in_the_past(drawn)
    log = bound(steps, closed=data.draw(closings(steps)))
    row = quietly(log, {"kind": "target", "days": 36_500}).iloc[0]
    assert row[["cases", "saved_days"]].tolist() == [0, 0]
    gain_columns = [f"{q}_gain{end}" for q in ("median", "p90") for end in ("", "_low", "_high")]
    known = row[gain_columns].dropna()
    assert (known == pd.Timedelta(0)).all()


@FEWER
@given(logs(starts=["always"], ends=["always"]), st.data())
def test_without_any_wait_a_case_in_sequence_takes_as_long_as_its_work(drawn, data):
    # steps one after the other: what is left is the sum of their lengths
    steps = in_the_past(drawn)
    cases: dict[str, list[Step]] = {}
    for step in steps:
        cases.setdefault(step.case, []).append(step)
    apart = []
    for case in cases.values():
        now = case[0].start
        for step in case:
            length = step.end - step.start
            wait = data.draw(st.integers(0, 3)) * HOUR
            apart.append(Step(step.case, step.activity, now + wait, now + wait + length))
            now += wait + length
    row = quietly(bound(numbered(apart)), TARGET_0, order="sequence").iloc[0]
    work = [sum(s.end - s.start for s in case) for case in cases.values()]
    assert micros([row["median_after"]]) == [pytest.approx(oracle.quantile(work, 0.5), abs=1)]


@FEWER
@given(logs(starts=["always"], ends=["always"]), st.data())
def test_all_causes_removed_one_by_one_save_what_all_waits_do_where_cases_are_one_chain(
    drawn, data
):
    # the parts sum to the wait, and what is saved along one chain adds up
    last = data.draw(st.sampled_from(sorted({step.activity for step in drawn})))
    log = bound(one_by_one(in_the_past(drawn)), closed=last)
    each = [{"kind": "without_cause", "cause": cause} for cause in CAUSES]
    found = quietly(log, [*each, TARGET_0], order="sequence").set_index("remedy")["saved_days"]
    whole = found.pop("no wait over 0 days")
    assert found.sum() == pytest.approx(whole)


def test_the_seed_alone_decides_the_intervals():
    log = bound(numbered(*(chain(str(n), n % 7, n % 5) for n in range(30))), **UTC)
    remedy = {"kind": "target", "activity": "B", "days": 1}
    one, same, other = (quietly(log, remedy, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert one.loc[0, "median_gain"] == other.loc[0, "median_gain"]
    assert one.loc[0, "p90_gain_low"] <= one.loc[0, "p90_gain"] <= one.loc[0, "p90_gain_high"]


# --- edges ----------------------------------------------------------------------------------------


def test_open_cases_have_no_end_that_could_come_sooner():
    steps = numbered(chain("1", 5, 5), chain("2", 9))
    row = quietly(bound(steps, closed="C", **UTC), TARGET_0).iloc[0]
    assert row[["cases", "saved_days"]].tolist() == [1, 10]
    none = quietly(bound(steps, closed="C", **UTC).where([False, True]), TARGET_0).iloc[0]
    assert none[["cases", "saved_days"]].tolist() == [0, 0]
    assert none[["median_before", "median_after", "median_gain", "p90_gain_low"]].isna().all()


def test_in_a_log_with_one_timestamp_the_sojourn_is_cut_and_groups_are_not_compared():
    steps = numbered(
        path("1", "AB", [MONDAY, MONDAY + 5 * DAY]), path("2", "AB", [MONDAY, MONDAY + DAY])
    )
    log = bound_world(World(steps))
    row = quietly(log, {"kind": "target", "activity": "B", "days": 2}).iloc[0]
    assert row[["cases", "saved_days"]].tolist() == [1, 3]
    assert "; sojourn; " in row["basis"]
    with pytest.raises(ProcmineError, match="with one timestamp the work is in them"):
        quietly(log, {"kind": "best_quartile", "by": "unit"})


def test_a_case_begins_at_its_arrival_where_that_is_known():
    steps = numbered(chain("1", 2))
    world = World(steps, arrival={"1": MONDAY - 4 * DAY})
    row = quietly(bound_world(world), TARGET_0, arrival="arrived").iloc[0]
    assert row["saved_days"] == 6
    assert row["median_before"] == pd.Timedelta("6D") + pd.Timedelta("2h")
    assert row["median_after"] == pd.Timedelta("2h")


def test_recorded_enabled_times_never_make_a_case_begin_before_it_began():
    steps = numbered(chain("1", 2, 2))
    early = {step.row: MONDAY - 30 * DAY for step in steps}
    row = quietly(bound_world(World(steps, recorded=early)), TARGET_0, enabled="ready").iloc[0]
    assert row["median_after"] >= pd.Timedelta(0)


@pytest.mark.parametrize(
    ("remedy", "words"),
    [
        ({"kind": "magic"}, "'magic' is no remedy"),
        ({"activity": "B"}, "a remedy has no kind"),
        ({"kind": "target", "hours": 3}, "no field 'hours'"),
        ({"kind": "target"}, "takes days="),
        ({"kind": "target", "days": 3, "cause": "batching"}, "takes days="),
        ({"kind": "target", "days": -1}, "0 days or more"),
        ({"kind": "without_cause", "cause": "batch"}, "no cause of waiting 'batch'\nthere are"),
        ({"kind": "without_rework", "rework": "requests"}, "no kind of rework 'requests'\nthere"),
        ({"kind": "without_rework", "rework": "return"}, "cannot be counted: returns not known"),
        ({"together": []}, "one or more remedies"),
        ({"together": [TARGET_0], "activity": "B"}, "each with its own activity="),
        ([[TARGET_0, [TARGET_0]]], "without packages in packages"),
        ("target", "'target' is no remedy"),
        (["no batching"], "'no batching' is no remedy"),
        ({"together": "no batching"}, "'no batching' is no remedy"),
        (3, "3 is no remedy"),
        ({"kind": "target", "days": "3"}, "days='3': a target is 0 days or more, as a number"),
        ({"kind": "target", "days": True}, "as a number"),
        ({"kind": "target", "days": float("nan")}, "as a number"),
        ({"kind": "target", "days": 3, "activity": 7}, "activity=7 is no text"),
        ({"kind": "without_cause", "cause": ["batching"]}, "is no text"),
        ({"kind": "target", "days": 3, "activity": "Z"}, "no activity 'Z'"),
        ({"kind": "best_quartile", "by": "office"}, "case attribute"),
        ({"kind": "best_quartile", "by": "unit"}, "has 1 values; a best quartile needs 3 to 50"),
    ],
)
def test_a_remedy_that_fits_nothing_is_refused_with_what_would(remedy, words):
    log = bound(numbered(chain("1", 2, unit="Roads")), **UTC)
    error = (
        LabelNotFoundError
        if words.startswith(("no cause", "no kind", "no act", "case"))
        else ProcmineError
    )
    with pytest.raises(error, match=words):
        quietly(log, remedy)


def test_too_few_resamples_and_a_term_that_is_none_are_refused():
    log = bound(numbered(chain("1", 2)), **UTC)
    with pytest.raises(ProcmineError, match="too few"):
        quietly(log, TARGET_0, resamples=10)
    known = ten_days.log_of(ten_days.SEEN)
    with pytest.raises(LabelNotFoundError, match="in the procedure\nthere are: reply"):
        quietly(known, TARGET_0, procedure=ten_days.procedure(), term="answer")


def test_an_empty_log_is_refused():
    log = bound(numbered(chain("1", 2)), **UTC).where([False])
    with pytest.raises(ProcmineError, match="the log has no cases"):
        quietly(log, TARGET_0)


def test_quantiles_of_resamples_are_those_of_the_values_drawn():
    random = np.random.default_rng(5)
    before = random.integers(0, 400, 3000) * HOUR
    after = before // random.integers(1, 3, 3000)
    drawn = np.vstack(list(resampled(3000, 100, np.random.default_rng(6)))).astype(np.int64)
    expected = [
        [np.quantile(np.repeat(times, row), [0.5, 0.9]) for times in (before, after)]
        for row in drawn
    ]
    gained = np.array([first - then for first, then in expected])
    found = gains(before, [after], count=100, seed=6)
    for place in range(2):
        ends = np.sort(gained[:, place])[[2, 97]]  # the 3rd and the 98th of a hundred
        assert [found.low[0, place], found.high[0, place]] == pytest.approx(ends)
