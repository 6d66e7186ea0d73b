"""Day or month first: told by the column or by another one written alike, said by the user, or refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.errors import TimestampError
from procmine.ingest.times import DateOrder, date_order, from_text

EPOCH = datetime(1970, 1, 1)


def column(*texts: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(texts, pa.string())])


def read(*texts: str | None, **options: Any) -> Any:
    return from_text(column(*texts), name="data", source="x.csv", **options)


def refused(*texts: str | None, **options: Any) -> str:
    with pytest.raises(TimestampError) as error:
        read(*texts, **options)
    return str(error.value)


def days(found: Any) -> list[str]:
    return [str(day) for day in found.micros.astype("datetime64[us]").astype("datetime64[D]")]


# --- what a column tells --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("03/04/2025", "13/04/2025"), DateOrder("day", "/", 4)),
        (("03/04/2025", "04/13/2025"), DateOrder("month", "/", 4)),
        (("03/04/2025", "05/04/2025"), DateOrder("either", "/", 4)),
        (("03/03/2025", "4/4/2025", ""), DateOrder("same", "/", 4)),
        (("13/04/2025", "04/13/2025"), DateOrder("both", "/", 4)),
        (("03-04-25", "13-04-25", "x"), DateOrder("day", "-", 2)),
        (("03-04-25 10:00", "13-04-2025 11:00"), DateOrder("day", "-", 0)),
        (("03.04.2025", "05.04.2025"), DateOrder("day", ".", 0)),
        (("2025-04-03", "2025-04-13"), None),
        (("3 mai 2025", "A"), None),
        (("", None), None),
        (("1234/2025", "77"), None),
    ],
)
def test_the_order_of_a_column_is_what_its_dates_tell(
    texts: tuple[str | None, ...], order: DateOrder | None
) -> None:
    assert date_order(column(*texts)) == order
    assert date_order(column(*texts).dictionary_encode()) == order


def test_a_column_that_begins_empty_tells_its_order_too() -> None:
    texts = [*[""] * 1_500, "-", *["03/04/2025", "13/04/2025"] * 600]
    assert date_order(column(*texts)) == DateOrder("day", "/", 4)


def test_a_typed_column_tells_no_order() -> None:
    assert date_order(pa.chunked_array([pa.array([1, 2])])) is None


def test_only_a_column_written_alike_with_days_above_12_proves_anything() -> None:
    open_ = DateOrder("either", "/", 4)
    assert DateOrder("day", "/", 4).proves(open_)
    for other in (
        DateOrder("day", "-", 4),
        DateOrder("day", "/", 2),
        DateOrder("month", "/", 4),
        DateOrder("either", "/", 4),
        DateOrder("both", "/", 4),
    ):
        assert not other.proves(open_)
    assert not DateOrder("day", "/", 4).proves(DateOrder("both", "/", 4))


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "day_first", "month_first"),
    [
        (("03/04/2025",), "%d/%m/%Y", "%m/%d/%Y"),
        (("03-04-25",), "%d-%m-%y", "%m-%d-%y"),
        (("03/04/2025 14:30",), "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"),
        (("03/04/2025, 14.30.05",), "%d/%m/%Y, %H.%M.%S", "%m/%d/%Y, %H.%M.%S"),
        (("3/4/2025 2:30 PM",), "%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p"),
        (("3/4/2025 2:30 μ.μ.",), "day first", "month first"),
        (("03/04/2025", "03/04/2025 14:30"), "day first", "month first"),
        (("03/04/2025", "03/04/25"), "day first", "month first"),
    ],
)
def test_dates_that_fit_both_orders_are_refused_and_read_as_the_advice_says(
    texts: tuple[str, ...], day_first: str, month_first: str
) -> None:
    rows = np.arange(2, 2 + len(texts))
    said = refused(*texts, rows=rows)
    assert f"{texts[0]!r} is 3 April 2025 day first, or 4 March 2025 month first (row" in said
    assert f"pass time_format={day_first!r} if the day comes first, or {month_first!r}" in said
    for time_format, day in ((day_first, "2025-04-03"), (month_first, "2025-03-04")):
        found = read(*texts, time_format=time_format)
        assert set(days(found)) == {day}
        assert not found.either_order


def test_dates_equal_in_both_orders_need_no_order() -> None:
    assert days(read("03/03/2025", "04/04/2025")) == ["2025-03-03", "2025-04-04"]


def test_points_stand_for_day_first() -> None:
    assert days(read("03.04.2025", "05.04.25")) == ["2025-04-03", "2025-04-05"]


def test_one_day_above_12_settles_the_order() -> None:
    found = read("03/04/2025", "13/04/2025")
    assert days(found) == ["2025-04-03", "2025-04-13"]
    assert found.order_note("data") == []


def test_a_day_above_12_that_does_not_exist_settles_nothing() -> None:
    assert "no date tells" in refused("03/04/2025", "05/04/2025", "31/02/2025")


def test_dates_that_are_month_first_only_are_refused_with_their_rows() -> None:
    said = refused("03/31/2025", "04/05/2025", "04/21/2025", rows=np.array([2, 3, 4]))
    assert "2 times can only be read month first, such as '03/31/2025' (rows 2, 4)\n" in said
    assert "pass time_format='%m/%d/%Y' if months come first, or '%d/%m/%Y'" in said


def test_dates_of_both_orders_are_refused_with_the_rows_of_each() -> None:
    said = refused("31/03/2025", "04/05/2025", "04/21/2025", rows=np.array([2, 3, 4]))
    assert (
        "1 times can only be read month first, such as '04/21/2025' (row 4); "
        "1 only day first, such as '31/03/2025' (row 2)"
    ) in said
    assert "'%m/%d/%Y'" in said
    assert "'%d/%m/%Y'" in said


# --- what another column proves -------------------------------------------------------------------


def test_another_column_written_alike_settles_the_order_and_is_named() -> None:
    found = read("03/04/2025", "05/04/2025", proven="day", proven_by="column 'finalizare'")
    assert days(found) == ["2025-04-03", "2025-04-05"]
    (note,) = found.order_note("data")
    assert note == (
        "every date in column 'data' could also be read month first; it was read day first "
        "(day/month/year), as column 'finalizare' is written in the same way and has days above 12"
    )


def test_a_proof_does_not_help_dates_that_are_month_first_only() -> None:
    assert "only be read month first" in refused("03/31/2025", "04/05/2025", proven="day")


# --- laws -----------------------------------------------------------------------------------------

DATES = st.dates(datetime(2000, 1, 1).date(), datetime(2060, 12, 31).date())


@given(st.lists(DATES, min_size=1, max_size=8), st.sampled_from("/-"))
def test_a_column_is_read_day_first_or_refused_but_never_read_otherwise(
    dates: list[Any], mark: str
) -> None:
    texts = [f"{day:%d}{mark}{day:%m}{mark}{day:%Y}" for day in dates]
    settled = any(day.day > 12 for day in dates) or all(day.day == day.month for day in dates)
    if settled:
        assert days(read(*texts)) == [str(day) for day in dates]
    else:
        assert "or the month comes first" in refused(*texts)
    swapped = [f"{day:%m}{mark}{day:%d}{mark}{day:%Y}" for day in dates]
    assert days(read(*swapped, time_format="month first")) == [str(day) for day in dates]
