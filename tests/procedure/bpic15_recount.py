"""Terms of the regular cases of BPIC15 again: plain loops over the raw steps, with nothing of procmine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import holidays
import pandas as pd

DAY = pd.Timedelta(days=1)
INVITED, GIVEN, CAME = "08_AWB45_020_2", "08_AWB45_010", "08_AWB45_040"
RECEIVED, SENT = "01_HOOFD_010", "01_HOOFD_510_2"
EXTENDED = ("06_VD_060_2", "06_VD_060_3", "06_VD_070")
OTHER_ENDS = ("08_AWB45_090_2", "05_EIND_020", "02_DRZ_020_2", "14_VRIJ_020_2", "14_VRIJ_060_2")
HOLIDAYS = holidays.country_holidays("NL", years=range(2010, 2017))

Event = tuple[pd.Timestamp, str]
Pause = tuple[pd.Timestamp, pd.Timestamp | None]
Given = Callable[[pd.Timestamp], pd.Timedelta | None]
"""The period that an invitation of a day gave: the last one entered by then, else the first one later."""
Row = tuple[pd.Timestamp | None, pd.Timestamp | None, int, bool]
"""The end, the due date (None while the clock stands), the days paused, and whether extended."""


def recount(steps: pd.DataFrame, cases: Iterable[str], today: pd.Timestamp) -> dict[str, Row]:
    """Return the row of each of the cases."""
    wanted = set(cases)
    steps = steps[steps["case_id"].isin(wanted)]
    return {str(case): row(part, today) for case, part in steps.groupby("case_id", observed=True)}


def row(steps: pd.DataFrame, today: pd.Timestamp) -> Row:
    entered = steps[(steps["activity"] == GIVEN) & (steps["day"] <= today)]
    written = list(zip(entered["day"], entered["question"], strict=True))

    def given(asked: pd.Timestamp) -> pd.Timedelta | None:
        before = [answer for day, answer in written if day <= asked]
        after = [answer for day, answer in written if day > asked]
        answers = before[-1:] + after[:1]
        return int(answers[0]) * DAY if answers else None

    events = [event for event in sorted(dated(steps), key=lambda one: one[0]) if event[0] <= today]
    start = min(day for day, activity in events if activity == RECEIVED)
    end = ended(events, start)
    return end, *due(events, start, given, end, today)


def dated(steps: pd.DataFrame) -> list[Event]:
    """Return the steps with their days; the day of data that came in is in the answer."""
    found: list[Event] = []
    for day, activity, answer in zip(
        steps["day"], steps["activity"], steps["question"], strict=True
    ):
        came = activity == CAME
        found.append((pd.to_datetime(answer.split()[0], dayfirst=True) if came else day, activity))
    return found


def ended(events: list[Event], start: pd.Timestamp) -> pd.Timestamp | None:
    sent = [day for day, activity in events if activity == SENT and day >= start]
    ends = [day for day, activity in events if activity in (SENT, *OTHER_ENDS)]
    return sent[0] if sent else ends[-1] if ends else None


def applicants_days(
    steps: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, today: pd.Timestamp
) -> int:
    """Return the days after the start up to the end before which an invitation was the last word.

    Of steps at one instant the office's has the last word.
    """
    steps = steps[steps["activity"].isin([RECEIVED, INVITED, CAME])]
    said = sorted(
        (day, instant, activity != INVITED)
        for (day, activity), instant in zip(dated(steps), steps["end"], strict=True)
        if day <= today
    )
    days, day = 0, start + DAY
    while day <= end:
        before = [office for since, _, office in said if since < day]
        days += before[-1:] == [False]
        day += DAY
    return days


def due(
    events: list[Event],
    start: pd.Timestamp,
    given: Given,
    end: pd.Timestamp | None,
    today: pd.Timestamp,
) -> tuple[pd.Timestamp | None, int, bool]:
    """Return the due date, the days paused and whether the term was extended."""
    last, upto = start + 56 * DAY, today if end is None else end
    paused, extended, settled, stands = 0, False, start, False
    for day, act in acts(events):
        if not start <= day <= upto or day > rolled(last):
            continue
        if act is None:
            last, extended = last if extended else last + 42 * DAY, True
        elif (period := given(day)) is not None:
            until = min(time for time in (act[1], day + period) if time is not None)
            stands |= end is None and day <= upto < until - DAY
            upon, after = min(until - DAY, upto), max(day, settled)
            if upon > after:
                last = max(last, after) + (upon - after)
                paused, settled = paused + (upon - after).days, upon
    return None if stands else rolled(last), paused, extended


def acts(events: list[Event]) -> list[tuple[pd.Timestamp, Pause | None]]:
    """Return extensions (None) and pauses by day, extensions first."""
    found: list[tuple[pd.Timestamp, Pause | None]] = [
        (day, None) for day, activity in events if activity in EXTENDED
    ]
    found += [(pause[0], pause) for pause in pauses(events)]
    return sorted(found, key=lambda act: (act[0], act[1] is not None))


def pauses(events: list[Event]) -> Iterator[Pause]:
    begun = None
    for day, activity in events:
        if activity == INVITED and begun is None:
            begun = day
        elif activity == CAME and begun is not None:
            yield begun, day
            begun = None
    if begun is not None:
        yield begun, None


def rolled(day: pd.Timestamp) -> pd.Timestamp:
    """Return the first day from this one on that is no weekend and no holiday; 5 May is one in every year."""
    while day.day_of_week > 4 or day.date() in HOLIDAYS or (day.month, day.day) == (5, 5):
        day += DAY
    return day
