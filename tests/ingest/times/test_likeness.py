"""What looks like a column of times, and what only resembles it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from procmine.ingest.times import looks_like_times

DATES = [date(2025, 1, 20) + timedelta(days=7 * i) for i in range(30)]


@pytest.mark.parametrize(
    "pattern",
    ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y 10:30", "%d-%m-%y", "%d.%m.%y", "%d %B %Y", "%Y%m%d", "%Y%m%d101500"],
)  # fmt: skip
def test_dates_look_like_times(pattern: str) -> None:
    texts = [day.strftime(pattern) for day in DATES]
    assert looks_like_times(pa.array([*texts, "", None, "-", "00.00.0000"])) == 1.0


@pytest.mark.parametrize(
    "texts",
    [
        [str(year) for year in range(1990, 2030)],
        [str(number) for number in range(1, 400)],
        [f"{number:08d}" for number in range(20250001, 20250400)],
        [str(number) for number in range(20250101, 20250132)],
        [str(number) for number in range(20251001, 20251200)],
        ["20250331", "20250401"],
        [f"{number}/2025" for number in range(1, 40)],
        ["12/2025", "11/2025", "10/2025"],
        [f"{number}/03.04.2025" for number in range(1234, 1300)],
        [f"RU/{number}/2025" for number in range(40)],
        ["1.2.13", "3.1.12", "10.4.11", "2.2.10"],
        ["03.04.05", "x", "13.04.05"],
        ["13.04.25", "13.04.90", "14.04.55"],
        ["0721 123 456", "0721-123-456", "021/312 45 67", "+40 21 312 45 67", "06-12345678"],
        ["2310 123456", "210-1234567", "12-34-56", "06 12 34 56 78"],
        ["1.234,56", "12,50", "1234.56", "0,5", "100"],
        ["1250131123456", "2960229012345"],
        ["14:30", "08:15"],
        ["45000", "45001", "45002,5"],
        ["2 Popescu 2025", "str. 3 mai nr. 25"],
        ["192.168.12.25", "10.0.0.1"],
        ["", "-", None, "00.00.0000"],
        [],
    ],
)
def test_numbers_of_other_kinds_do_not(texts: list[str | None]) -> None:
    assert looks_like_times(pa.array(texts, pa.string())) == 0.0


def test_random_numbers_of_eight_digits_do_not() -> None:
    rng = np.random.default_rng(7)
    for size in (4, 8, 40):
        numbers = rng.integers(10**7, 10**8, (200, size)).astype(str)
        assert not any(looks_like_times(pa.array(row)) for row in numbers)


def test_the_share_counts_rows_and_leaves_placeholders_out() -> None:
    assert (
        looks_like_times(
            pa.array(["31.03.2025", "31.03.2025", "31.03.2025", "în lucru", "-", None])
        )
        == 0.75
    )
