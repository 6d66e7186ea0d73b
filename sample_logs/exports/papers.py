"""The invented incoming papers of a Greek municipality, movement by movement, 2024 and 2025."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from exports.draws import Draws
from exports.offices import ONE_DAY, Office

TZ = "Europe/Athens"
FIRST_DAY, CUT_OFF = date(2024, 1, 2), datetime(2025, 12, 12, 14, 0)
PER_DAY = 0.95
APPLY, CHARGE, CHECK = "Αίτηση", "Χρέωση σε υπάλληλο", "Έλεγχος δικαιολογητικών"
MISSING, SUPPLY, OPINION = "Αίτημα συμπλήρωσης", "Προσκόμιση εγγράφων", "Γνωμοδότηση"
SIGNED, SENT, REFUSED = "Υπογραφή απόφασης", "Διεκπεραίωση", "Απόρριψη αιτήματος"
CLOSING = (SENT, REFUSED)
REGISTRY, CITIZENS, TECHNICAL, MAYOR = (
    "Πρωτόκολλο",
    "Τμήμα Δημοτολογίου",
    "Τεχνική Υπηρεσία",
    "Γραφείο Δημάρχου",
)
CLERKS = {
    REGISTRY: ("Ασημίνα Κρυσταλλίδη", "Φώτης Πετροβούνης"),
    CITIZENS: ("Θεανώ Αμπελιώτη", "Λάμπρος Ξυλοκάστρης", "Ευανθία Ρεματιανού"),
    TECHNICAL: ("Στρατής Ανεμογιάννης", "Μυρσίνη Θαλασσινού"),
    MAYOR: ("Ίων Καστανάκης",),
}
KINDS = {
    "Βεβαίωση μόνιμης κατοικίας": CITIZENS,
    "Άδεια κατάληψης πεζοδρομίου": TECHNICAL,
    "Μεταδημότευση": CITIZENS,
}
# a portal takes papers at any hour; these came in while the clocks were put back or forward
AMBIGUOUS = (
    datetime(2024, 10, 27, 3, 12),
    datetime(2024, 10, 27, 3, 30),
    datetime(2025, 10, 26, 3, 30),
    datetime(2025, 10, 26, 3, 47),
)
NON_EXISTENT = (datetime(2025, 3, 30, 3, 30),)
PORTAL_REMARK = "μέσω πύλης"


@dataclass
class Movement:
    """One row of the book."""

    paper: Paper
    at: datetime
    action: str
    unit: str
    clerk: str
    remark: str = ""
    timed: bool = True  # whether the time of day was written down


@dataclass
class Paper:
    """An incoming paper and its movements."""

    registered: datetime
    kind: str
    number: str = ""
    movements: list[Movement] = field(default_factory=list)
    cut: bool = False  # whether it went on after the cut-off

    @property
    def closed(self) -> bool:
        """Whether the paper was sent on or refused."""
        return self.movements[-1].action in CLOSING

    def done(self, action: str) -> int:
        """Return how often something was done."""
        return sum(movement.action == action for movement in self.movements)


class Municipality:
    """The registry and the departments, paper by paper."""

    def __init__(self, seed: int) -> None:
        self.draws = Draws(seed)
        self.office = Office("GR", time(7, 30), time(15), time(15))

    def papers(self) -> list[Paper]:
        """Return the papers in the order of their numbers, which begin at 1 every year."""
        papers = [self._paper(moment) for moment in sorted(self._arrivals())]
        last: dict[int, int] = {}
        for paper in papers:
            year = paper.registered.year
            last[year] = last.get(year, 0) + self.draws.between(1, 9)  # other mail is between them
            paper.number = f"{last[year]:05d}/{year}"
        every = [m for paper in papers for m in paper.movements[1:]]
        for movement in self.draws.some(every, 5):
            movement.timed = False
        return papers

    def _arrivals(self) -> list[datetime]:
        days = [FIRST_DAY + n * ONE_DAY for n in range((CUT_OFF.date() - FIRST_DAY).days)]
        counter = [
            datetime.combine(day, time(8)) + timedelta(minutes=self.draws.between(0, 330))
            for day in days
            if self.office.works(day)
            for _ in range(self.draws.whole(PER_DAY, 0.7))
        ]
        return [*counter, *AMBIGUOUS, *NON_EXISTENT]

    def _paper(self, moment: datetime) -> Paper:
        paper = Paper(moment, self.draws.one_of(list(KINDS)))
        online = not self.office.works(moment.date())
        self._note(paper, APPLY, REGISTRY, moment, PORTAL_REMARK if online else "")
        self._after(paper, CHARGE, KINDS[paper.kind], 90)
        while True:
            self._after(paper, CHECK, KINDS[paper.kind], 700)
            chance = 0.27 if paper.done(MISSING) < 2 else 0.0
            if not self.draws.chance(chance):
                break
            self._after(paper, MISSING, KINDS[paper.kind], 60)
            self._supply(paper)
            if paper.cut or paper.movements[-1].action == MISSING:
                return paper
        self._finish(paper)
        return paper

    def _supply(self, paper: Paper) -> None:
        """The applicant brings what was missing some days later; one in ten never does."""
        if self.draws.chance(0.1):
            return
        asked = paper.movements[-1].at.date()
        day = self.office.day_from(asked + timedelta(days=self.draws.whole(12, 0.5, 1)))
        moment = datetime.combine(day, time(8)) + timedelta(minutes=self.draws.between(0, 330))
        self._note(paper, SUPPLY, REGISTRY, moment)

    def _finish(self, paper: Paper) -> None:
        unit = KINDS[paper.kind]
        if unit == TECHNICAL:
            self._after(paper, OPINION, TECHNICAL, 1800)
        if self.draws.chance(0.06):
            self._after(paper, REFUSED, unit, 300)
            return
        self._after(paper, SIGNED, MAYOR, 420)
        if paper.movements[-1].action == SIGNED:
            self._send(paper)

    def _send(self, paper: Paper) -> None:
        """Send it the same day, or with the batch of Friday at 13:00."""
        signed = paper.movements[-1].at
        friday = datetime.combine(self.office.friday_from(signed.date()), time(13))
        if self.draws.chance(0.4) and friday > signed:
            self._note(paper, SENT, REGISTRY, friday, "ομαδική αποστολή")
        else:
            self._after(paper, SENT, REGISTRY, 50)

    def _after(self, paper: Paper, action: str, unit: str, minutes: float) -> None:
        """Note what is done after so many minutes of office time (median)."""
        moment = self.office.after(paper.movements[-1].at, 1 + self.draws.around(minutes, 0.7))
        self._note(paper, action, unit, moment)

    def _note(
        self, paper: Paper, action: str, unit: str, moment: datetime, remark: str = ""
    ) -> None:
        """Write a row, unless it lies after the cut-off or after one that does."""
        paper.cut = paper.cut or moment > CUT_OFF
        if not paper.cut:
            clerk = self.draws.one_of(CLERKS[unit])
            paper.movements.append(Movement(paper, moment, action, unit, clerk, remark))
