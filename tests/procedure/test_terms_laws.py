"""Laws of the table of terms: what must hold whatever the procedure and the cases are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bound import FEWER
from tests.procedure.comparing import keyed, plain, table
from tests.procedure.random_days import ZONES
from tests.procedure.random_terms import ALL, BEFORE, LABELS, World, world

Rows = dict[tuple[Any, ...], dict[str, Any]]


def _worlds(cases: int, *, complete: bool = False) -> st.SearchStrategy[World]:
    """Random worlds; complete ones have seen every event before their cases begin."""
    return st.builds(
        lambda seed, place: world(Random(seed), place, cases, complete=complete),
        st.integers(0, 2**32),
        st.sampled_from(sorted(ZONES)),
    )


def _rows(one: World, keep: Callable[[str], bool] = lambda _: True) -> Rows:
    return {key: row for key, row in keyed(plain(table(one))).items() if keep(str(key[0]))}


def _last_day(row: dict[str, Any], one: World) -> date:
    """The last day that counts: what silence decided, and nobody since, is over on its due date."""
    if row["closed"] is None and row["state"].startswith("deemed"):
        return max(row["due"], row["started"])
    return row["closed"] or one.now.date()


@FEWER
@given(_worlds(12))
def test_every_day_is_of_one_kind_and_of_one_owner(one: World) -> None:
    for row in plain(table(one)):
        if row["gross_days"] is None:
            continue
        gross = row["gross_days"]
        assert row["net_days"] + row["paused_days"] + row["voided_days"] == gross
        assert row["office_days"] + row["applicant_days"] + row["third_party_days"] == gross
        assert row["requested_days"] - row["paused_days"] == row["excess_days"] >= 0
        assert row["used"] <= row["net_days"]
        assert gross == max(0, (_last_day(row, one) - row["started"]).days)


@FEWER
@given(_worlds(12))
def test_the_state_follows_the_due_date_only(one: World) -> None:
    for row in plain(table(one)):
        if row["state"] in ("unknown", "withdrawn"):
            continue
        if row["due"] is None:
            assert row["state"] == "paused"
            continue
        ended, now = row["closed"] is not None, row["closed"] or one.now.date()
        late = max(0, (_last_day(row, one) - row["due"]).days)
        states = ("on_time", "late") if ended else ("running", "overdue")
        if now <= row["due"]:
            assert row["state"] == states[0]
        else:
            assert row["state"] in (states[1], "deemed_approved", "deemed_refused")
        assert row["days_late"] == late


@FEWER
@given(_worlds(8), st.randoms(use_true_random=False))
def test_the_names_of_activities_do_not_matter(one: World, draw: Random) -> None:
    others = draw.sample([f"act {n}" for n in range(len(LABELS))], len(LABELS))
    names = dict(zip(LABELS, others, strict=True))
    assert _rows(_relabelled(one, names)) == _rows(one)


def _relabelled(one: World, names: dict[str, str]) -> World:
    rows = tuple(replace(row, activity=names[row.activity]) for row in one.rows)
    written = {
        key: _renamed(part, names) if key in ("activities", "closing", "events") else part
        for key, part in one.written.items()
    }
    closing = tuple(names[name] for name in one.log_closing)
    return replace(one, rows=rows, written=written, log_closing=closing)


def _renamed(part: Any, names: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _renamed(value, names) for key, value in part.items()}
    if isinstance(part, list):
        return [_renamed(value, names) for value in part]
    return names.get(part, part) if isinstance(part, str) else part


@FEWER
@given(_worlds(10, complete=True), st.integers(0, 2**10 - 1))
def test_the_rows_of_a_case_do_not_depend_on_the_other_cases(one: World, chosen: int) -> None:
    names = {f"C{n:03}" for n in range(10) if chosen >> n & 1}
    one = replace(one, as_of=f"{one.now}")  # else it is the last moment of the log
    together = _rows(one)
    for part in (names, {f"C{n:03}" for n in range(10)} - names):
        kept = tuple(row for row in one.rows if row.case in part or row.case == ALL)
        alone = _rows(replace(one, rows=kept), part.__contains__)
        assert alone == {key: row for key, row in together.items() if key[0] in part}


@FEWER
@given(_worlds(12, complete=True), st.integers(10, 250))
def test_a_term_that_has_run_out_keeps_its_due_date(one: World, days: int) -> None:
    first = min(row.order[0] for row in one.rows).date() + BEFORE
    final = _rows(replace(one, as_of=f"{first + timedelta(days=400)}"))
    day = first + timedelta(days=days)
    for key, row in _rows(replace(one, as_of=f"{day}")).items():
        if row["closed"] is None and row["state"] in _RUN_OUT and _is_plain(one, row):
            assert final[key]["due"] == row["due"] < day


_RUN_OUT = ("overdue", "deemed_approved", "deemed_refused")


def _is_plain(one: World, row: dict[str, Any]) -> bool:
    """Whether nothing that comes later may change the due date by what the rule itself says.

    A phase may begin on a later event, and an act that replaces the length may come until a day of its own.
    """
    (term,) = [term for term in one.uses[row["term"]] if term.version == row["version"]]
    return row["phase"] is None and (term.replace_term is None or not term.replace_term.latest)


@pytest.mark.parametrize("place", ZONES)
def test_a_table_says_as_of_when_and_by_which_rules_and_calendar(place: str) -> None:
    one = world(Random(place), place, 3)
    found = table(one)
    assert found.attrs["as_of"] == one.now.date().isoformat()
    assert one.kalendar.calendar.version in found.attrs["basis"]
