"""Office time: how many office hours the completed cases took."""

from __future__ import annotations

from procmine.calendars import Calendar
from procmine.kernels import NAT
from procmine.kpi.begun import Begun
from procmine.kpi.grid import Grid
from procmine.kpi.spread import spread
from procmine.kpi.table import Figure
from procmine.observe import office_time

HOUR = 3_600_000_000


def of_completed(grid: Grid, cases: Begun, calendar: Calendar) -> list[Figure]:
    """Return median, p80 and mean of the office hours within the cycle times of completed cases."""
    known = cases.cycle_time != NAT
    begun = cases.seen.started[cases.here][known]
    hours = office_time(cases.log, calendar, begun, begun + cases.cycle_time[known])
    what = "office hours from the start to closed_at of completed cases"
    if not cases.closing_known:
        what = "office hours from the first to the last step, closing unknown"
    return spread(
        "office_time",
        grid.cell(cases.last_day[known], cases.key[known]),
        hours,
        grid.cells,
        unit=HOUR,
        measured_in="hours",
        basis=f"{what}; calendar {calendar.version}; {cases.as_of}",
        which=("median", "p80", "mean"),
    )
