"""The invented procedure and its offices: dossiers go through them until the cut-off."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from office_clock import Clock

REGISTER, CHECK = "Înregistrare cerere", "Verificare documentație"
REQUEST, COMPLETE = "Solicitare completări", "Depunere completări"
EXAMINE, VISIT, DECIDE = "Examinare tehnică", "Verificare pe teren", "Decizie comisie"
FEE, DRAFT, SIGN = "Calcul taxă", "Redactare autorizație", "Semnare autorizație"
ISSUE, REJECT = "Eliberare autorizație", "Respingere cerere"
CLOSING = [ISSUE, REJECT]

# a session of the committee: from two hours after the office opens, 24 dossiers at most
SESSION_OPENS, SLOT_MINUTES, SLOTS = 120, 10, 24
LATEST_ARRIVAL = 330  # applicants come between 8:00 and 13:30, on every day
AVERAGE_DAY = 480  # minutes of a working day: four of 8.5 hours and a Friday of 6
VISIT_ABOVE = 500  # square metres
SLOW_OFFICE, SLOW_STEP, SLOW_FACTOR = "Primăria Șesul Înalt", EXAMINE, 4.0


@dataclass(frozen=True)
class Task:
    """Who does an activity, how long it waits first and how long it takes (both medians)."""

    unit: str
    wait_days: float  # working days; calendar days where the applicant is waited for
    minutes: float
    applicant: bool = False


TASKS = {
    REGISTER: Task("Registratură", 0.0, 10),
    CHECK: Task("Urbanism", 1.5, 90),
    REQUEST: Task("Urbanism", 0.3, 25),
    COMPLETE: Task("Registratură", 21.0, 8, applicant=True),
    EXAMINE: Task("Autorizări", 3.0, 420),
    VISIT: Task("Disciplină", 3.0, 150),
    DECIDE: Task("Comisie", 0.0, SLOT_MINUTES),
    FEE: Task("Taxe", 0.8, 20),
    DRAFT: Task("Autorizări", 1.0, 120),
    SIGN: Task("Conducere", 1.5, 10),
    ISSUE: Task("Registratură", 4.0, 10, applicant=True),
    REJECT: Task("Autorizări", 1.5, 60),
}

# office -> (applications on an average working day, clerks per unit)
OFFICES = {
    "Primăria Târgu Frasin": (1.74, 3),
    "Primăria Valea Ulmului": (1.31, 2),
    SLOW_OFFICE: (1.03, 2),
}
SEASON = [0.6, 0.9, 1.2, 1.25, 1.15, 1.15, 1.05, 0.8, 1.15, 1.1, 0.95, 0.65]

# kind of works -> (share, smallest and largest area in square metres)
WORKS = {
    "Locuință": (0.46, 60, 320),
    "Extindere": (0.20, 20, 140),
    "Garaj": (0.12, 15, 70),
    "Spațiu comercial": (0.10, 90, 1500),
    "Hală": (0.07, 300, 4000),
    "Bloc": (0.05, 650, 6000),
}
SURNAMES = """
    Drăgan Mureșan Țăranu Ioniță Lupșa Crăciun Șerban Pătrașcu Vlădescu Bălan Ștefănescu Nițu
    Rădulescu Cojocaru Mărginean Tănase Săvulescu Oprișan Ciobanu Dobrotă Văcărescu Anghel
    Bănică Stoica Țurcanu Neagoe Ursache Gălățeanu Moldovan Iftimie Pârvu Sârbu Roșca Zamfir
    Chirilă Grigoraș Mocanu Apetrei Buzdugan Lăzărescu Negruț Voiculescu Cernat Hrițcu Luncan
    Toader Vâlcu Brânză Sălăgean Înțeleptu
"""


@dataclass(frozen=True)
class Step:
    """One row of the register."""

    activity: str
    start: datetime
    end: datetime
    resource: str


@dataclass
class Case:
    """A dossier and the steps that it has gone through."""

    office: str
    works: str
    area: int
    registered: int
    key: str = ""
    steps: list[Step] = field(default_factory=list)

    def done(self, activity: str) -> int:
        """Return how often an activity was done."""
        return sum(step.activity == activity for step in self.steps)

    @property
    def closed(self) -> bool:
        """Whether the permit was issued or the application refused."""
        return self.steps[-1].activity in CLOSING


class Offices:
    """The three offices at work, on one queue of dossiers taken in the order they become ready."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.clock = Clock()
        self.clerks = self._hire()
        self.agenda: Counter[tuple[str, int]] = Counter()

    def _hire(self) -> dict[tuple[str, str], list[str]]:
        """Give every unit of every office its own clerks."""
        units = sorted({task.unit for task in TASKS.values()})
        names = (f"{'ADEIMRSV'[n % 8]}. {name}" for n, name in enumerate(SURNAMES.split()))
        one_only = {"Conducere", "Comisie"}
        return {
            (office, unit): [next(names) for _ in range(1 if unit in one_only else clerks)]
            for office, (_, clerks) in OFFICES.items()
            for unit in units
        }

    def run(self) -> list[Case]:
        """Simulate until the cut-off; a step that has not ended by then is not in the register."""
        cases = self._applications()
        queue = [(case.registered, number, REGISTER) for number, case in enumerate(cases)]
        heapq.heapify(queue)
        while queue:
            ready, number, activity = heapq.heappop(queue)
            case = cases[number]
            start = self._begin(case, activity, ready)
            end = None if start is None else start + self._work(activity)
            if start is None or end is None or end > self.clock.total:
                continue
            self._note(case, activity, start, end)
            following = self._follow(case, activity)
            if following:
                heapq.heappush(queue, (end, number, following))
        return self._numbered([case for case in cases if case.steps])

    def _applications(self) -> list[Case]:
        cases = []
        for day, opening in zip(self.clock.days, self.clock.opening, strict=False):
            for office, (daily, _) in OFFICES.items():
                for _ in range(int(self.rng.poisson(daily * SEASON[day.month - 1]))):
                    cases.append(self._application(office, int(opening)))
        return cases

    def _application(self, office: str, opening: int) -> Case:
        shares = np.cumsum([share for share, _, _ in WORKS.values()])
        pick = min(int(np.searchsorted(shares, self.rng.random())), len(WORKS) - 1)
        works = list(WORKS)[pick]
        _, low, high = WORKS[works]
        area = round(low * (high / low) ** float(self.rng.random()))
        return Case(office, works, area, opening + self._hour())

    def _begin(self, case: Case, activity: str, ready: int) -> int | None:
        task = TASKS[activity]
        if activity == DECIDE:
            return self._session(case.office, ready)
        if task.applicant:
            return self._arrival(task.wait_days, ready)
        slow = (case.office, activity) == (SLOW_OFFICE, SLOW_STEP)
        median = task.wait_days * (SLOW_FACTOR if slow else 1.0)
        return ready + round(self._around(median * AVERAGE_DAY))

    def _session(self, office: str, ready: int) -> int | None:
        """Return the next free place on a Thursday; the agenda is settled before that morning."""
        for day in self.clock.thursdays:
            opening = int(self.clock.opening[day])
            if opening >= ready and self.agenda[office, day] < SLOTS:
                self.agenda[office, day] += 1
                return opening + SESSION_OPENS + (self.agenda[office, day] - 1) * SLOT_MINUTES
        return None

    def _arrival(self, median_days: float, ready: int) -> int | None:
        """Return when the applicant comes: some calendar days later, in office hours."""
        days = max(1, round(self._around(median_days)))
        asked = self.clock.local(ready, closing=True).date()
        day = self.clock.first_day_from(asked + timedelta(days))
        return None if day is None else int(self.clock.opening[day]) + self._hour()

    def _hour(self) -> int:
        return int(self.rng.integers(0, LATEST_ARRIVAL))

    def _work(self, activity: str) -> int:
        minutes = TASKS[activity].minutes
        return SLOT_MINUTES if activity == DECIDE else max(2, round(self._around(minutes)))

    def _around(self, median: float) -> float:
        return math.exp(0.6 * float(self.rng.standard_normal())) * median

    def _note(self, case: Case, activity: str, start: int, end: int) -> None:
        team = self.clerks[case.office, TASKS[activity].unit]
        clerk = team[int(self.rng.integers(0, len(team)))]
        times = self.clock.local(start), self.clock.local(end, closing=True)
        case.steps.append(Step(activity, *times, clerk))

    def _follow(self, case: Case, activity: str) -> str | None:
        """Return what comes next in a dossier, or None where it rests."""
        chance = float(self.rng.random())
        if activity == CHECK:
            return self._after_check(case, chance)
        if activity == REQUEST:
            return COMPLETE if chance < 0.95 else None  # some applicants never answer
        if activity == EXAMINE:
            return self._after_examination(case, chance)
        if activity == DECIDE:
            return self._after_decision(case, chance)
        plain = {REGISTER: CHECK, COMPLETE: CHECK, VISIT: DECIDE, FEE: DRAFT, DRAFT: SIGN}
        return {**plain, SIGN: ISSUE}.get(activity)

    def _after_check(self, case: Case, chance: float) -> str:
        incomplete = (0.28, 0.16, 0.06, 0.0)[min(case.done(REQUEST), 3)]
        if chance < incomplete:
            return REQUEST
        checked_again = case.done(CHECK) == 1 and chance > 0.95
        return CHECK if checked_again else EXAMINE

    def _after_examination(self, case: Case, chance: float) -> str:
        if chance < 0.06 and case.done(EXAMINE) == 1:
            return CHECK
        return VISIT if case.area > VISIT_ABOVE and not case.done(VISIT) else DECIDE

    def _after_decision(self, case: Case, chance: float) -> str:
        if chance < 0.05 and case.done(DECIDE) == 1:
            return EXAMINE  # the committee puts the dossier off
        return REJECT if chance > 0.93 else FEE

    def _numbered(self, cases: list[Case]) -> list[Case]:
        """Give the dossiers their numbers: one register for the three offices, from 1 each year."""
        cases.sort(key=lambda case: case.steps[0].start)
        last: Counter[int] = Counter()
        for case in cases:
            year = case.steps[0].start.year
            last[year] += 1
            case.key = f"AC/{year}/{last[year]:05d}"
        return cases
