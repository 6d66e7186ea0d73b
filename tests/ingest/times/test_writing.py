"""Ways of writing times, as the exports of five languages have them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.errors import TimestampError
from procmine.ingest.times import from_text
from procmine.ingest.times.months import month_number, weekday_or_none
from procmine.kernels import NAT

EPOCH = datetime(1970, 1, 1)
DAY = datetime(2025, 3, 31)
MOMENT = datetime(2025, 3, 31, 14, 30)


def micros(*moments: datetime | None) -> list[int]:
    return [NAT if m is None else (m - EPOCH) // timedelta(microseconds=1) for m in moments]


def read(*texts: str | None, **options: Any) -> Any:
    column = pa.chunked_array([pa.array(texts, pa.string())])
    return from_text(column, name="data", source="x.csv", **options)


def refused(*texts: str | None, **options: Any) -> str:
    with pytest.raises(TimestampError) as error:
        read(*texts, **options)
    return str(error.value)


# --- dates with names of months -------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "31 martie 2025", "31 mar. 2025", "31 MARTIE 2025", "luni, 31 martie 2025", "lun. 31 mar 2025",
        "31 marzo 2025", "31 mar 2025", "lunedì 31 marzo 2025", "31-mar-2025", "31/MAR/2025",
        "31 Μαρτίου 2025", "31 ΜΑΡΤΙΟΥ 2025", "31 Μαρ 2025", "Δευτέρα, 31 Μαρτίου 2025", "31 Μάρτιος 2025",
        "31 maart 2025", "31 mrt 2025", "31 mrt. 2025", "maandag 31 maart 2025",
        "31 March 2025", "Mar 31 2025", "March 31, 2025", "Monday, March 31, 2025", "31-Mar-25", "31-MAR-25",
        "31. martie 2025", "31\u00a0martie\u00a02025",
    ],
)  # fmt: skip
def test_names_of_months_are_read_in_five_languages(text: str) -> None:
    assert read(text, None).micros.tolist() == micros(DAY, None)


@pytest.mark.parametrize(
    "names",
    [
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου "
        "Νοεμβρίου Δεκεμβρίου",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "January February March April May June July August September October November December",
        "ian feb mar apr mai iun iul aug sept oct nov dec",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "Ιαν Φεβ Μαρ Απρ Μαΐ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
    ],
)
@pytest.mark.parametrize("shape", [str, str.upper, str.title])
def test_a_year_of_months_is_read(names: str, shape: Any) -> None:
    texts = [f"5 {shape(name)} 2025" for name in names.split()]
    assert read(*texts).micros.tolist() == micros(*(datetime(2025, m, 5) for m in range(1, 13)))


def test_the_first_of_a_month_is_an_ordinal_in_italian() -> None:
    assert read("1º marzo 2025", "1° aprile 2025").micros.tolist() == micros(
        datetime(2025, 3, 1), datetime(2025, 4, 1)
    )


def test_a_word_that_is_no_month_and_no_weekday_makes_no_date() -> None:
    assert month_number("Popescu") == 0
    assert not weekday_or_none("dosar")
    found = read("3 mai 2025", "3 Popescu 2025", "dosar 3 mai 2025", "4 mai 2025")
    assert found.unreadable.tolist() == [False, True, True, False]


# --- clock times ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "31.03.2025 14:30", "31.03.2025 14.30", "31.03.2025 14.30.00", "31/03/2025, 14:30",
        "31/03/2025 - 14:30", "31/03/2025 14.30", "31-03-2025 14:30:00", "2025-03-31T14:30",
        "31.03.2025  14:30", "31.03.2025\u00a014:30", "31.03.2025, ora 14:30", "31/03/2025 ore 14.30",
        "31/3/2025 2:30 μ.μ.", "31/3/2025 2:30:00 PM", "31/3/2025 2:30:00\u202fPM", "31/03/2025 02:30 μμ",
        "31/3/25 14:30", "31.03.25 14:30", "31-03-25 2:30 PM",
        "31-MAR-25 02.30.00.000000000 PM", "Mar 31 2025  2:30PM", "31 martie 2025, 14:30",
        "31 Μαρτίου 2025 2:30 μ.μ.", "20250331143000",
    ],
)  # fmt: skip
def test_clock_times_are_read_as_exports_write_them(text: str) -> None:
    found = read(text)
    assert found.micros.tolist() == micros(MOMENT)
    assert not found.instants


@pytest.mark.parametrize(
    "text", ["31.03.2025 13:30 PM", "31.03.2025 0:30 AM", "31.03.2025 24:30", "31.03.2025 14.60"]
)
def test_a_clock_time_that_does_not_exist_is_unreadable(text: str) -> None:
    assert read("30.03.2025", text).unreadable.tolist() == [False, True]


def test_an_offset_of_whole_hours_is_read_as_databases_write_it() -> None:
    found = read("2025-03-31 14:30:00+02", "2025-03-31 14:30:00.25+03")
    assert found.instants
    assert found.micros.tolist() == micros(
        datetime(2025, 3, 31, 12, 30), datetime(2025, 3, 31, 11, 30, 0, 250_000)
    )
    assert [minutes for _, minutes in found.offsets] == [120, 180]


@pytest.mark.parametrize("blank", ["", "-", " "])
def test_offsets_are_seen_beside_empty_cells_of_any_kind(blank: str) -> None:
    found = read(blank, "31.03.2025 14:30 +03:00", "31.12.2025 14:30 +02:00")
    assert found.instants
    assert found.micros.tolist() == micros(
        None, datetime(2025, 3, 31, 11, 30), datetime(2025, 12, 31, 12, 30)
    )
    assert sorted(minutes for _, minutes in found.offsets) == [120, 180]


# --- years of two digits, and digits alone --------------------------------------------------------


def test_years_of_two_digits_are_those_from_1970_to_2069_and_are_marked() -> None:
    found = read("31.12.69", "31.12.70", "31.12.99", "31.12.2025", "01.02.00", "")
    assert found.micros.tolist() == micros(
        *(datetime(year, 12, 31) for year in (2069, 1970, 1999, 2025)), datetime(2000, 2, 1), None
    )
    assert found.two_digit_years.tolist() == [True, True, True, False, True, False]


def test_years_that_may_stand_in_front_are_refused() -> None:
    texts = [f"25-03-{day:02d}" for day in range(1, 29)]
    said = refused(*texts)
    assert "the years seem to come first, such as in '25-03-01'" in said
    assert "pass time_format='%y-%m-%d' if they do, or '%d-%m-%y' if the day comes first" in said
    assert read(*texts, time_format="%y-%m-%d").micros.tolist() == micros(
        *(datetime(2025, 3, day) for day in range(1, 29))
    )


def test_digits_alone_are_dates_only_where_every_cell_is_one() -> None:
    assert read("20250331", "", "-", "20250401").micros.tolist() == micros(
        DAY, None, None, datetime(2025, 4, 1)
    )
    for other in ("20251341", "30250331", "2025", "x"):
        said = refused("20250331", "20250401", other)
        assert "3 of 3 filled cells are not times" in said
        assert "time_format='%Y%m%d'" in said
    found = read("20250331", "20250401", "20251341", time_format="%Y%m%d")
    assert found.unreadable.tolist() == [False, False, True]


# --- two ways -------------------------------------------------------------------------------------


def test_two_ways_of_writing_are_shown_with_their_rows() -> None:
    texts = ["2025-03-31", "31.03.2025", "2025-04-01", "2025-04-02", "2025-04-03", "1 mai 2025"]
    rows = np.arange(2, 8, dtype=np.int32)
    said = refused(*texts, rows=rows).splitlines()
    assert said[:4] == [
        "column 'data' in x.csv writes its times in 3 ways:",
        "  4 as year-month-day (ISO 8601), such as '2025-03-31' (rows 2, 4, 5, …)",
        "  1 as day.month.year, such as '31.03.2025' (row 3)",
        "  1 as day, name of the month, year, such as '1 mai 2025' (row 7)",
    ]


# --- whole columns --------------------------------------------------------------------------------

WRITERS = {
    "d.m.yy H:M": lambda m: f"{m.day}.{m.month}.{m.year % 100:02d} {m.hour}:{m.minute:02d}",
    "dd.mm.yyyy HH.MM.SS": lambda m: f"{m:%d.%m.%Y %H.%M.%S}",
    "d/m/yyyy h:mm μ.μ.": lambda m: (
        f"{m.day}/{m.month}/{m.year} {m.hour % 12 or 12}:{m.minute:02d} {'μ.μ.' if m.hour > 11 else 'π.μ.'}"
    ),
    "dd-mm-yyyy": lambda m: f"{m:%d-%m-%Y}",
    "yyyy-mm-ddTHH:MM:SS": lambda m: f"{m:%Y-%m-%dT%H:%M:%S}",
    "yyyymmddHHMMSS": lambda m: f"{m:%Y%m%d%H%M%S}",
    "dd-MON-yy": lambda m: f"{m:%d-%b-%y}".upper(),
}  # fmt: skip
UNITS = {"dd-mm-yyyy": "D", "dd-MON-yy": "D", "d.m.yy H:M": "m", "d/m/yyyy h:mm μ.μ.": "m"}


@given(
    st.lists(
        st.datetimes(datetime(1970, 1, 2), datetime(2069, 12, 31)) | st.none(),
        min_size=1,
        max_size=12,
    )
)
@pytest.mark.parametrize("writing", WRITERS)
def test_a_column_of_one_way_of_writing_reads_back_equal(
    writing: str, moments: list[datetime | None]
) -> None:
    moments += [datetime(2025, day, day + 13) for day in range(1, 6)]  # days above 12
    expected = np.array(micros(*moments)).astype("datetime64[us]")
    expected = expected.astype(f"datetime64[{UNITS.get(writing, 's')}]").astype("datetime64[us]")
    texts = [None if m is None else WRITERS[writing](m) for m in moments]
    assert read(*texts).micros.tolist() == expected.view(np.int64).tolist()


@pytest.mark.parametrize(
    "text",
    [
        "31.03.2025.", "31.03.2025 r.", "31.03.2025r.", "31/03/2025 R.", "31-03-2025.", "2025-03-31.",
        "31.03.25.", "31 martie 2025.", "31 mar. 2025 r.", "31.03.2025\u00a0r.",
    ],
)  # fmt: skip
def test_a_full_stop_or_the_word_for_year_may_end_a_date(text: str) -> None:
    assert read(text, None).micros.tolist() == micros(DAY, None)


@pytest.mark.parametrize(
    "text", ["31.03.2025..", "31.03.2025 x.", "31.03.2025 r", "31.03.2025 .", "31.03."]
)
def test_other_ends_are_no_dates(text: str) -> None:
    assert "are not times" in refused(text)


@pytest.mark.parametrize(
    "half", ["PM", "pm", "p.m.", "p. m.", "P. M.", "p.\u00a0m.", "p.m", "μ.μ.", "μ. μ.", "Μ.Μ."]
)
def test_a_half_of_the_day_may_have_a_space_between_its_letters(half: str) -> None:
    assert read(f"31.03.2025 2:30 {half}").micros.tolist() == micros(MOMENT)
    assert read(f"31.03.2025 02.30{half}").micros.tolist() == micros(MOMENT)
