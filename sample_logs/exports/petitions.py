"""The invented petitions of a Romanian city hall, 2023 to 2025, as its register tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from exports.draws import Draws
from exports.offices import ONE_DAY, Office

TZ = "Europe/Bucharest"
YEARS = (2023, 2024, 2025)
CUT_OFF = date(2025, 12, 19)  # the day on which the register was mailed
PER_DAY = 1.6
AT_WORK, SOLVED, FILED = "în lucru", "soluționat", "clasat"
REDIRECTED, JOINED, EXTENDED, ANNULLED = "redirecționat", "conexat", "prelungit", "anulat"
CLOSED = (SOLVED, FILED, REDIRECTED, JOINED)
TERM_DAYS, EXTENSION_DAYS, REDIRECT_DAYS = 30, 15, 5  # OG 27/2002, art. 8, 9 and 6^1
UNITS = {
    "Urbanism": 0.3,
    "Asistență socială": 0.2,
    "Administrație publică": 0.2,
    "Poliția locală": 0.2,
    "Taxe și impozite": 0.1,
}
SLOW_UNIT = "Urbanism"

FIRST_NAMES = """
    Ilinca Petrică Sanda Vasilică Mărioara Toader Domnica Gheorghiță Safta Pamfil Zenovia
    Anton Ruxandra Iacob Paraschiva Neculai Varvara Sofron
"""
SURNAMES = """
    Frunzănescu Brumărel Ogoranu Stejărescu Țarcă Vântu-Alb Morărița Șoimaru Călinoiu
    Zăpodeanu Pietrăreanu Izvoranu Răchițan Grindeanu-Pop Spătărel Ulmărescu Cetățeanu
    Bradoveanu
"""
SUBJECTS = (
    "solicită asfaltarea străzii {street}",
    "reclamă zgomotul de pe strada {street}, nr. {number}",
    "cere copie după autorizația din {street} nr. {number}",
    "sesizează câini fără stăpân; strada {street}",
    "nemulțumit de răspunsul primit, revine cu detalii: {street}, bl. {number}, sc. A",
    "solicită mutarea stâlpului de pe {street}",
    "contestă amenda; anexează 3 file",
)
STREETS = """
    Teilor Morii Fântânii Gării Viilor Plopilor Izvorului Salcâmilor
"""


@dataclass
class Petition:
    """One entry of the register."""

    number: int
    registered: date
    petitioner: str = ""
    subject: str = ""
    unit: str = ""
    term: date | None = None
    state: str = AT_WORK
    assigned: date | None = None
    solved: date | None = None
    sent: date | None = None
    answer: str = ""
    joined_to: int | None = None
    backdated: bool = False

    @property
    def year(self) -> int:
        """The year of the sheet."""
        return self.registered.year

    @property
    def annulled(self) -> bool:
        """Whether the entry was struck out."""
        return self.state == ANNULLED

    @property
    def milestones(self) -> list[date | None]:
        """The dates on which something was done, in the order of the columns."""
        return [self.registered, self.assigned, self.solved, self.sent]


class Registry:
    """The registry and the units behind it, petition by petition."""

    def __init__(self, seed: int) -> None:
        self.draws = Draws(seed)
        self.office = Office("RO", time(8), time(16, 30), time(14))

    def year(self, year: int) -> list[Petition]:
        """Return the entries of a year in the order of their numbers, which begin at 1."""
        days = self._days(year)
        skipped = self._skipped(len(days))
        entries, number = [], 0
        for place, day in enumerate(days):
            number += 1 + (skipped.get(place, 0))
            entries.append(self._petition(number, day, entries))
        self._annul(entries)
        self._backdate(entries)
        return entries

    def _days(self, year: int) -> list[date]:
        """Return the day of every entry; none comes in after the register was mailed."""
        last = min(date(year, 12, 31), CUT_OFF)
        days = [date(year, 1, 1) + n * ONE_DAY for n in range((last - date(year, 1, 1)).days + 1)]
        return [
            day
            for day in days
            if self.office.works(day)
            for _ in range(self.draws.whole(PER_DAY, 0.6))
        ]

    def _skipped(self, entries: int) -> dict[int, int]:
        """Return the gaps: before which entry how many numbers were never used."""
        places = self.draws.some(range(20, entries - 20), 4)
        return {place: self.draws.between(1, 3) for place in places}

    def _petition(self, number: int, day: date, earlier: list[Petition]) -> Petition:
        draws = self.draws
        subject = draws.one_of(SUBJECTS).format(
            street=draws.one_of(STREETS.split()), number=number % 90
        )
        petitioner = f"{draws.one_of(SURNAMES.split())} {draws.one_of(FIRST_NAMES.split())}"
        entry = Petition(number, day, petitioner, subject, draws.weighted(UNITS))
        entry.term = day + timedelta(days=TERM_DAYS)
        entry.assigned = self._by(self.office.after_days(day, draws.whole(0.8, 0.8)))
        if entry.assigned is not None:
            self._decide(entry, earlier)
        return entry

    def _decide(self, entry: Petition, earlier: list[Petition]) -> None:
        way = self.draws.weighted({SOLVED: 0.8, REDIRECTED: 0.07, JOINED: 0.05, FILED: 0.08})
        if way == SOLVED:
            self._answer(entry)
        elif way == REDIRECTED:
            entry.answer = "transmisă autorității competente"
            self._close(entry, way, self.draws.between(1, REDIRECT_DAYS - 2), sent=True)
        elif way == FILED:
            entry.petitioner = "anonim" if self.draws.chance(0.6) else entry.petitioner
            entry.answer = "art. 7" if entry.petitioner == "anonim" else "art. 10 alin. (2)"
            self._close(entry, way, self.draws.whole(3, 0.5, 1), sent=False)
        elif earlier:
            entry.joined_to = self._first_of(earlier, entry).number
            entry.answer = f"conexată la nr. {entry.joined_to}"
            self._close(entry, way, self.draws.whole(2, 0.5, 1), sent=False)

    def _first_of(self, earlier: list[Petition], entry: Petition) -> Petition:
        """Return the petition that this one is joined to: same petitioner, some entries before."""
        first = earlier[-min(len(earlier), self.draws.between(1, 12))]
        entry.petitioner, entry.unit = first.petitioner, first.unit
        return first

    def _answer(self, entry: Petition) -> None:
        """Answer within 30 days mostly; where the term is extended, within 15 more, mostly."""
        slow = 1.7 if entry.unit == SLOW_UNIT else 1.0
        work = self.draws.whole(11 * slow, 0.5, 1)
        if work > 20 and entry.term is not None and self.draws.chance(0.7):
            entry.term += timedelta(days=EXTENSION_DAYS)
            entry.state = EXTENDED
        entry.answer = self.draws.one_of(("favorabil", "nefavorabil", "informare", "favorabil"))
        self._close(entry, SOLVED, work, sent=True)

    def _close(self, entry: Petition, state: str, working_days: int, *, sent: bool) -> None:
        """Note the decision, unless the register was mailed before; answers leave on Fridays."""
        assert entry.assigned is not None
        entry.solved = self._by(self.office.after_days(entry.assigned, working_days))
        if entry.solved is None:
            entry.answer, entry.joined_to = "", None
            return
        entry.state = state
        if sent:
            promptly = self.draws.chance(0.25) or state == REDIRECTED
            day = entry.solved if promptly else self.office.friday_from(entry.solved)
            entry.sent = self._by(day)

    def _by(self, day: date) -> date | None:
        return day if day <= CUT_OFF else None

    def _annul(self, entries: list[Petition]) -> None:
        """Strike out three entries that nothing is joined to."""
        referred = {entry.joined_to for entry in entries}
        free = [entry for entry in entries[15:-15] if entry.number not in referred]
        for entry in self.draws.some(free, 3):
            entry.state, entry.answer, entry.joined_to = ANNULLED, "înregistrată din eroare", None
            entry.assigned = entry.solved = entry.sent = entry.term = None

    def _backdate(self, entries: list[Petition]) -> None:
        """Register four entries under a date some days before that of the number before theirs."""
        plain = [entry for entry in entries[40:] if not entry.annulled]
        for entry in self.draws.some(plain, 4):
            assert entry.term is not None
            before = entry.registered
            entry.registered = self.office.day_from(before - timedelta(days=12))
            entry.term -= before - entry.registered
            entry.backdated = True
