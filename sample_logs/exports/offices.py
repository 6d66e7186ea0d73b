"""When the invented offices of four countries work: legal holidays and office hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

FRIDAY, SATURDAY = 4, 5
ONE_DAY = timedelta(days=1)

# (month, day) of the fixed holidays, and days after Easter Sunday of the moving ones
FIXED = {
    "RO": [(1, 1), (1, 2), (1, 24), (5, 1), (6, 1), (8, 15), (11, 30), (12, 1), (12, 25), (12, 26)],
    "IT": [(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)],
    "GR": [(1, 1), (1, 6), (3, 25), (5, 1), (8, 15), (10, 28), (12, 25), (12, 26)],
    "NL": [(1, 1), (4, 27), (12, 25), (12, 26)],
}
RO_SINCE_2024 = [(1, 6), (1, 7)]
# the days that governments move or add from year to year are worked here
AFTER_EASTER = {
    "RO": [-2, 0, 1, 49, 50],
    "IT": [0, 1],
    "GR": [-48, -2, 0, 1, 50],
    "NL": [-2, 0, 1, 39, 49, 50],
}


def easter(year: int, *, orthodox: bool) -> date:
    """Return Easter Sunday by the rules of Meeus; the Julian date of 1900 to 2099 is 13 days on."""
    a = year % 19
    if orthodox:
        d = (19 * a + 15) % 30
        e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
        month, day = divmod(d + e + 114, 31)
        return date(year, month, day + 1) + timedelta(days=13)
    b, c = divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


def holidays_of(country: str, year: int) -> set[date]:
    """Return the legal holidays of a country in a year."""
    fixed = FIXED[country] + (RO_SINCE_2024 if country == "RO" and year >= 2024 else [])
    sunday = easter(year, orthodox=country in ("RO", "GR"))
    moving = {sunday + timedelta(days=after) for after in AFTER_EASTER[country]}
    return {date(year, month, day) for month, day in fixed} | moving


class Office:
    """Office hours of one country, as local times."""

    def __init__(self, country: str, opens: time, closes: time, friday: time) -> None:
        self.hours = opens, closes, friday
        years = range(2022, 2028)
        self.closed_on = set().union(*(holidays_of(country, year) for year in years))

    def works(self, day: date) -> bool:
        """Tell whether the office is open on a day."""
        return day.weekday() < SATURDAY and day not in self.closed_on

    def day_from(self, day: date) -> date:
        """Return the first working day on or after a day."""
        while not self.works(day):
            day += ONE_DAY
        return day

    def after_days(self, day: date, working_days: int) -> date:
        """Return the day that many working days later."""
        for _ in range(working_days):
            day = self.day_from(day + ONE_DAY)
        return day

    def friday_from(self, day: date) -> date:
        """Return the Friday of the week, or the last working day before it when it is a holiday."""
        friday = day + timedelta(days=(FRIDAY - day.weekday()) % 7)
        while not self.works(friday):
            friday -= ONE_DAY
        return max(friday, day)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """Return when the office opens and closes on a working day."""
        opens, closes, friday = self.hours
        until = friday if day.weekday() == FRIDAY else closes
        return datetime.combine(day, opens), datetime.combine(day, until)

    def after(self, moment: datetime, minutes: float) -> datetime:
        """Return the moment after that many minutes of office time, to the minute."""
        day = self.day_from(moment.date())
        opens, closes = self.span(day)
        moment = max(moment, opens) if day == moment.date() else opens
        left = timedelta(minutes=round(minutes))
        while moment + left > closes:
            left -= max(closes - moment, timedelta())
            day = self.after_days(day, 1)
            moment, closes = self.span(day)
        return moment + left
