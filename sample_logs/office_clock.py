"""When the invented offices work: legal holidays, office hours, and a clock of working minutes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2025, 12, 31)
THURSDAY, FRIDAY, SATURDAY = 3, 4, 5
OPENS, DAY_MINUTES, FRIDAY_MINUTES = time(8, 0), 510, 360  # 8:00 to 16:30, on Fridays to 14:00

# Legal holidays of Codul muncii (Law 53/2003), art. 139(1); 6 and 7 January since Law 52/2023.
HOLIDAYS = {
    date(2024, 1, 1): "Anul Nou",
    date(2024, 1, 2): "Anul Nou",
    date(2024, 1, 6): "Botezul Domnului",
    date(2024, 1, 7): "Soborul Sfântului Ioan Botezătorul",
    date(2024, 1, 24): "Ziua Unirii Principatelor Române",
    date(2024, 5, 1): "Ziua Muncii",
    date(2024, 5, 3): "Vinerea Mare",
    date(2024, 5, 5): "Paștele",
    date(2024, 5, 6): "Paștele",
    date(2024, 6, 1): "Ziua Copilului",
    date(2024, 6, 23): "Rusaliile",
    date(2024, 6, 24): "Rusaliile",
    date(2024, 8, 15): "Adormirea Maicii Domnului",
    date(2024, 11, 30): "Sfântul Andrei",
    date(2024, 12, 1): "Ziua Națională",
    date(2024, 12, 25): "Crăciunul",
    date(2024, 12, 26): "Crăciunul",
    date(2025, 1, 1): "Anul Nou",
    date(2025, 1, 2): "Anul Nou",
    date(2025, 1, 6): "Botezul Domnului",
    date(2025, 1, 7): "Soborul Sfântului Ioan Botezătorul",
    date(2025, 1, 24): "Ziua Unirii Principatelor Române",
    date(2025, 4, 18): "Vinerea Mare",
    date(2025, 4, 20): "Paștele",
    date(2025, 4, 21): "Paștele",
    date(2025, 5, 1): "Ziua Muncii",
    date(2025, 6, 1): "Ziua Copilului",
    date(2025, 6, 8): "Rusaliile",
    date(2025, 6, 9): "Rusaliile",
    date(2025, 8, 15): "Adormirea Maicii Domnului",
    date(2025, 11, 30): "Sfântul Andrei",
    date(2025, 12, 1): "Ziua Națională",
    date(2025, 12, 25): "Crăciunul",
    date(2025, 12, 26): "Crăciunul",
}


class Clock:
    """Office time as one running count of working minutes, and the way back to local time."""

    def __init__(self) -> None:
        every = [FIRST_DAY + timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
        self.days = [day for day in every if day.weekday() < SATURDAY and day not in HOLIDAYS]
        lengths = [FRIDAY_MINUTES if d.weekday() == FRIDAY else DAY_MINUTES for d in self.days]
        self.opening = np.concatenate([[0], np.cumsum(lengths)])
        self.total = int(self.opening[-1])
        self.thursdays = [n for n, day in enumerate(self.days) if day.weekday() == THURSDAY]

    def local(self, minute: int, *, closing: bool = False) -> datetime:
        """Return the local time; `closing` reads a day's last minute as that day's end."""
        side = "left" if closing else "right"
        day = int(np.searchsorted(self.opening, minute, side=side)) - 1
        opens = datetime.combine(self.days[day], OPENS)
        return opens + timedelta(minutes=minute - int(self.opening[day]))

    def first_day_from(self, day: date) -> int | None:
        """Return the number of the first working day on or after `day`, if the log reaches it."""
        return next((n for n, working in enumerate(self.days) if working >= day), None)
