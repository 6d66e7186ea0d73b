"""The invented reports of citizens to an Italian city, as changes of status, 2025."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from exports.draws import Draws
from exports.offices import ONE_DAY, Office

TZ = "Europe/Rome"
FIRST_DAY, CUT_OFF = date(2025, 1, 7), datetime(2025, 11, 14, 20, 0)
CLOCK_CHANGES = (date(2025, 3, 30), date(2025, 10, 26))  # nothing is noted at 2 in those nights
PER_DAY = 3.1
NEW, ASSIGNED, WORKING, WAITING = "Nuova", "Assegnata", "In lavorazione", "In attesa del cittadino"
SOLVED, CLOSED, REOPENED, ANNULLED = "Risolta", "Chiusa", "Riaperta", "Annullata"
TEAMS = {
    "Strade e viabilità": 0.4,
    "Verde pubblico": 0.25,
    "Illuminazione": 0.2,
    "Igiene urbana": 0.15,
}
SLOW_TEAM = "Verde pubblico"
DESK = "Sportello"


@dataclass(frozen=True)
class Change:
    """One change of status; ``old`` is what the system noted as the status before."""

    old: str | None
    new: str
    at: datetime
    team: str


@dataclass
class Ticket:
    """A report and its changes of status, in the order in which they were made."""

    registered: datetime
    key: str = ""
    changes: list[Change] = field(default_factory=list)
    cut: bool = False  # whether it went on after the cut-off

    @property
    def status(self) -> str | None:
        """The status at the end."""
        return self.changes[-1].new if self.changes else None

    def done(self, status: str) -> int:
        """Return how often a status was entered."""
        return sum(change.new == status for change in self.changes)

    @property
    def breaks(self) -> int:
        """How often the status before is not the one that was entered last."""
        pairs = zip(self.changes, self.changes[1:], strict=False)
        return sum(later.old != earlier.new for earlier, later in pairs)


class Desk:
    """The desk and the teams, report by report."""

    def __init__(self, seed: int) -> None:
        self.draws = Draws(seed)
        self.office = Office("IT", time(8), time(18), time(16))

    def tickets(self) -> list[Ticket]:
        """Return the reports in the order of their arrival."""
        tickets = [self._ticket(moment) for moment in sorted(self._arrivals())]
        for number, ticket in enumerate(tickets, 1):
            ticket.key = f"SEG-2025-{number:05d}"
        self._annul(next(t for t in tickets[300:] if t.done(WORKING) == 1 and not t.done(REOPENED)))
        long = [t for t in tickets if len(t.changes) >= 5 and t.status == CLOSED and not t.breaks]
        for ticket in self.draws.some([t for t in long if not t.done(REOPENED)], 3):
            del ticket.changes[2]  # a change that the system lost
        return tickets

    def _arrivals(self) -> list[datetime]:
        """Two in three come by the app, at any hour of any day; the others at the desk."""
        days = [FIRST_DAY + n * ONE_DAY for n in range((CUT_OFF.date() - FIRST_DAY).days)]
        moments = [
            self._arrival(day) for day in days for _ in range(self.draws.whole(PER_DAY, 0.6))
        ]
        clean = [m for m in moments if m.hour != 2 or m.date() not in CLOCK_CHANGES]
        return [moment for moment in clean if moment < CUT_OFF]

    def _arrival(self, day: date) -> datetime:
        if self.draws.chance(0.66):
            second = self.draws.between(0, 86_399)
        else:
            day, second = self.office.day_from(day), self.draws.between(29_000, 60_000)
        return datetime.combine(day, time()) + timedelta(seconds=second)

    def _ticket(self, moment: datetime) -> Ticket:
        ticket = Ticket(moment)
        team = self.draws.weighted(TEAMS)
        self._change(ticket, NEW, moment, DESK)
        if self.draws.chance(0.2):  # a rule assigns at once, in the same second
            self._change(ticket, ASSIGNED, moment, team)
        else:
            self._later(ticket, ASSIGNED, 170, DESK if self.draws.chance(0.2) else team)
        slow = 2.6 if team == SLOW_TEAM else 1.0
        self._work(ticket, team, slow)
        if self.draws.chance(0.08) and ticket.status == CLOSED:
            days = timedelta(days=self.draws.between(1, 12), seconds=self.draws.between(0, 3000))
            day = self.office.day_from((ticket.changes[-1].at + days).date())
            again = datetime.combine(day, time(9)) + timedelta(
                seconds=self.draws.between(0, 20_000)
            )
            self._change(ticket, REOPENED, again, DESK)
            self._work(ticket, team, slow)
        return ticket

    def _work(self, ticket: Ticket, team: str, slow: float) -> None:
        self._later(ticket, WORKING, 900 * slow, team)
        if self.draws.chance(0.17):
            self._later(ticket, WAITING, 200, team)
            self._later(ticket, WORKING, 2400, team)
        self._later(ticket, SOLVED, 1300 * slow, team)
        if self.draws.chance(0.55) and not ticket.cut:  # the system closes on Fridays at 19:00
            day = ticket.changes[-1].at.date()
            friday = day + timedelta(days=(4 - day.weekday()) % 7)
            self._change(ticket, CLOSED, datetime.combine(friday, time(19)), DESK)
        else:
            self._later(ticket, CLOSED, 500, team)

    def _later(self, ticket: Ticket, status: str, minutes: float, team: str) -> None:
        """Change the status after so many minutes of office time (median)."""
        last = ticket.changes[-1].at
        moment = self.office.after(last.replace(second=0), 1 + self.draws.around(minutes, 0.8))
        moment += timedelta(
            seconds=self.draws.between(0, 59), milliseconds=self.draws.between(0, 999)
        )
        self._change(ticket, status, moment, team)

    def _change(self, ticket: Ticket, status: str, moment: datetime, team: str) -> None:
        ticket.cut = ticket.cut or moment > CUT_OFF
        if not ticket.cut:
            ticket.changes.append(Change(ticket.status, status, moment, team))

    def _annul(self, ticket: Ticket) -> None:
        """Let the desk annul a report while it is worked at."""
        place = next(n for n, change in enumerate(ticket.changes) if change.new == WORKING)
        del ticket.changes[place + 1 :]
        ticket.cut = False
        self._later(ticket, ANNULLED, 60, DESK)
