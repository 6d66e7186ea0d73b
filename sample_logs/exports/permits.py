"""The invented environmental permits of a Dutch municipality, with steps that stand still and go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from exports.draws import Draws
from exports.figures import instant
from exports.offices import ONE_DAY, Office

TZ = "Europe/Amsterdam"
FIRST_DAY, CUT_OFF = date(2024, 2, 1), datetime(2025, 11, 14, 17, 0)
PER_DAY = 0.62
RECEIVE, ADMIT, ASSESS = "Ontvangst aanvraag", "Ontvankelijkheidstoets", "Inhoudelijke beoordeling"
ADVICE, DRAFT, DECIDE = "Advies inwinnen", "Opstellen besluit", "Ondertekening besluit"
PUBLISH, DROP, RETRACT = (
    "Bekendmaking besluit",
    "Buiten behandeling stellen",
    "Intrekking verwerken",
)
CLOSING = (PUBLISH, DROP, RETRACT)
UNITS = {
    RECEIVE: "Klant Contact Centrum", ADMIT: "Team Vergunningen", ASSESS: "Team Vergunningen",
    ADVICE: "Omgevingsdienst", DRAFT: "Team Vergunningen", DECIDE: "Bestuurssecretariaat",
    PUBLISH: "Klant Contact Centrum", DROP: "Team Vergunningen", RETRACT: "Klant Contact Centrum",
}  # fmt: skip
STAFF = {
    "Klant Contact Centrum": ("Fenna Wiekelaar", "Joris Zandveen"),
    "Team Vergunningen": ("Hidde Korenmolen", "Sietske Vaartdijk", "Ruben Elzenbos", "Maaike Grasduin"),
    "Omgevingsdienst": ("Tijmen Sluiskade", "Aukje Heideveld"),
    "Bestuurssecretariaat": ("Wessel Lindehof",),
}  # fmt: skip
MINUTES = {
    RECEIVE: 15,
    ADMIT: 150,
    ASSESS: 900,
    ADVICE: 600,
    DRAFT: 240,
    DECIDE: 20,
    PUBLISH: 25,
    DROP: 60,
    RETRACT: 20,
}
KINDS = {
    "Bouwactiviteit": 0.55,
    "Kappen": 0.25,
    "Uitweg": 0.12,
    "Milieubelastende activiteit": 0.08,
}


@dataclass(frozen=True)
class Event:
    """One event of a step: a lifecycle transition at a local time."""

    at: datetime
    transition: str


@dataclass
class Step:
    """One activity instance."""

    activity: str
    instance: str
    staff: str
    events: list[Event] = field(default_factory=list)

    @property
    def started(self) -> datetime:
        """When the step began."""
        return self.events[0].at

    @property
    def ended(self) -> datetime | None:
        """When the step was completed or broken off, if it was."""
        last = self.events[-1]
        return last.at if last.transition in ("complete", "withdraw", "ate_abort") else None

    @property
    def suspended_seconds(self) -> int:
        """How long the step stood still and went on again; without resume until its end."""
        total, since = 0, None
        for event in self.events:
            at = instant(event.at, TZ)
            if event.transition == "suspend":
                since = at
            elif since is not None:
                total += round((at - since).total_seconds())
                since = None
        return total


@dataclass
class Case:
    """An application."""

    key: str
    kind: str
    steps: list[Step] = field(default_factory=list)
    held: tuple[datetime, datetime] | None = None  # for the paper: from when until when

    @property
    def closed(self) -> bool:
        """Whether the decision was made public, or the application dropped or withdrawn."""
        return any(step.activity in CLOSING and step.ended for step in self.steps)


class Municipality:
    """The municipality and its advisers, application by application."""

    def __init__(self, seed: int) -> None:
        self.draws = Draws(seed)
        self.office = Office("NL", time(8, 30), time(17), time(16))
        self.steps = 0

    def cases(self) -> list[Case]:
        """Return the applications in the order of their arrival; two of them are withdrawn."""
        days = [FIRST_DAY + n * ONE_DAY for n in range((CUT_OFF.date() - FIRST_DAY).days)]
        arrivals = [
            datetime.combine(day, time(9)) + timedelta(minutes=self.draws.between(0, 400))
            for day in days
            if self.office.works(day)
            for _ in range(self.draws.whole(PER_DAY, 0.6))
        ]
        withdrawn = self.draws.some(range(40, len(arrivals) - 80), 2)
        how = dict(zip(withdrawn, ("withdraw", "ate_abort"), strict=True))
        cases = []
        for number, arrival in enumerate(sorted(arrivals)):
            case = Case(f"OV-{arrival.year}-{number + 1:04d}", self.draws.weighted(KINDS))
            self._process(case, arrival, how.get(number))
            _cut(case)
            cases.append(case)
        return cases

    def _process(self, case: Case, arrival: datetime, broken_off: str | None) -> None:
        at = self._do(case, RECEIVE, arrival)
        at = self._do(case, ADMIT, self._wait(at, 500))
        if broken_off is None and self.draws.chance(0.05):
            self._do(case, DROP, self._wait(at, 3000))
            return
        halts = self._halts() if broken_off is None else [20]
        at = self._do(case, ASSESS, begun := self._wait(at, 900), halts=halts)
        if broken_off:
            at = self._break_off(case, broken_off)
            self._do(case, RETRACT, self._wait(at, 200))
            return
        if case.kind in ("Bouwactiviteit", "Milieubelastende activiteit"):
            at = max(at, self._advise(case, begun))
        at = self._do(case, DRAFT, self._wait(at, 500))
        at = self._do(case, DECIDE, self._wait(at, 600))
        if self.draws.chance(0.5):  # the paper comes out on Fridays
            friday = datetime.combine(self.office.friday_from(at.date()), time(14))
            case.held = (at, friday) if friday > at else None
            at = max(at, friday)
        self._do(case, PUBLISH, self._wait(at, 60))

    def _halts(self) -> list[int]:
        """Return for how many calendar days the assessment stands still, each time that it does."""
        times = self.draws.weighted({0: 0.62, 1: 0.28, 2: 0.1})
        return [self.draws.whole(16, 0.5, 1) for _ in range(times)]

    def _advise(self, case: Case, begun: datetime) -> datetime:
        """Ask for advice beside the assessment, of two advisers for the larger half."""
        first = self._wait(begun, 300)
        ends = [self._do(case, ADVICE, first, slowly=3.0)]
        if self.draws.chance(0.5):
            ends.append(self._do(case, ADVICE, self._wait(first, 60), halts=self._halts()[:1]))
        return max(ends)

    def _do(
        self,
        case: Case,
        activity: str,
        at: datetime,
        *,
        halts: list[int] | None = None,
        slowly: float = 1.0,
    ) -> datetime:
        """Do a step from the time on, with its halts, and return when it ends."""
        self.steps += 1
        staff = self.draws.one_of(STAFF[UNITS[activity]])
        step = Step(activity, f"{self.steps:06d}", staff, [Event(at, "start")])
        parts = 1 + len(halts or [])
        for days in halts or []:
            at = self._work(at, MINUTES[activity] * slowly / parts)
            step.events.append(Event(at, "suspend"))
            day = self.office.day_from(at.date() + timedelta(days=days))
            at = datetime.combine(day, time(9)) + timedelta(minutes=self.draws.between(0, 420))
            step.events.append(Event(at, "resume"))
        at = self._work(at, MINUTES[activity] * slowly / parts)
        step.events.append(Event(at, "complete"))
        case.steps.append(step)
        return at

    def _work(self, at: datetime, minutes: float) -> datetime:
        """Return the end of the work, some seconds into a minute."""
        end = self.office.after(at.replace(second=0), 1 + self.draws.around(minutes, 0.5))
        return end + timedelta(seconds=self.draws.between(0, 59))

    def _wait(self, at: datetime, minutes: float) -> datetime:
        return self._work(at, minutes)

    def _break_off(self, case: Case, transition: str) -> datetime:
        """End the step otherwise: withdrawn while it stands still, or aborted where it was to end."""
        step = case.steps[-1]
        done = step.events.pop()
        if transition == "withdraw":
            done = step.events.pop()  # the applicant answers the request with a withdrawal
        step.events.append(Event(done.at, transition))
        return done.at


def _cut(case: Case) -> None:
    """Take away what had not happened by the day of the export."""
    for step in case.steps:
        step.events = [event for event in step.events if event.at <= CUT_OFF]
    case.steps = [step for step in case.steps if step.events]
