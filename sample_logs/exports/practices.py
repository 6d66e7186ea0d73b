"""The invented practices of an Italian one-stop shop for businesses (SUAP), 2024 and 2025."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from exports.draws import Draws
from exports.offices import ONE_DAY, Office
from exports.tax_codes import Person, tax_code

TZ = "Europe/Rome"
FIRST_DAY, CUT_OFF = date(2024, 1, 1), date(2025, 11, 28)
PER_DAY = 1.7
NOTICE_OF_CONFERENCE = timedelta(days=14)
NOTICE, PERMIT, SINGLE = "SCIA", "Permesso di costruire", "Autorizzazione unica"
KINDS = {NOTICE: 0.62, PERMIT: 0.23, SINGLE: 0.15}
OPEN, WAITING = "In istruttoria", "Sospesa per integrazioni"
GRANTED, REFUSED, EFFECTIVE = "Rilasciata", "Diniego", "Conclusa – SCIA efficace"
SILENT, FILED, ANNULLED = "Silenzio assenso", "Archiviata", "Annullata"
CLOSED = (GRANTED, REFUSED, EFFECTIVE, SILENT, FILED)
OFFICES = {
    NOTICE: "SUAP – Attività produttive",
    PERMIT: "Edilizia privata",
    SINGLE: "Ambiente e qualità urbana",
}
FEES = {NOTICE: (30, 180), PERMIT: (250, 4200), SINGLE: (120, 1900)}
OFFICIALS = {
    NOTICE: ("Dott.ssa Fiorenza Quercetti", "Geom. Ubaldo Pratolungo", "Sig. Nicolò Brighenzi"),
    PERMIT: ("Arch. Isotta Valdombra", "Ing. Ermete Cavalzani"),
    SINGLE: ("Dott. Libero Montefosco", "Ing. Niccolò Sant'Elpi"),
}
FIRST_NAMES = """
    Ardenia Bortolo Clorinda Desiderio Ermanna Fulgenzio Gisella Ippolito Leonilda
    Manfredo Noemi Osvaldo
"""
SURNAMES = """
    Acquadolce Bellosguardi Campolieto Dal_Fosso Fontechiari Granaiolo Lungavalle
    Montecavi Olmirosa Pianfiorito Roccaspina Selvabruna
"""
SUBJECTS = {
    NOTICE: (
        "Apertura attività di somministrazione",
        "Subingresso in esercizio di vicinato",
        "Avvio attività di acconciatore",
    ),
    PERMIT: (
        "Ampliamento di fabbricato già esistente",
        "Nuova costruzione: due unità",
        "Ristrutturazione, più cambio d'uso",
    ),
    SINGLE: (
        "Emissioni in atmosfera; verniciatura",
        "Scarico acque reflue",
        "Deposito di oli (capacità 12,5 m³)",
    ),
}
REMARKS = (
    "perché l'esercizio è già attivo",
    'così come indicato nell\'allegato "A"',
    "la società è in liquidità ridotta; importo € 1.500,00",
)


@dataclass
class Practice:
    """One practice: a row of the export."""

    number: str
    kind: str
    presented: date
    official: str
    code: str
    subject: str
    cents: int
    state: str = OPEN
    begun: date | None = None
    asked: date | None = None
    completed: date | None = None
    conference: date | None = None
    decided: date | None = None
    wrong_year: bool = False
    ready: date | None = None  # when it could have been decided; it may be held until the Friday

    @property
    def milestones(self) -> list[date | None]:
        """The dates on which something was done, in the order of the columns."""
        return [
            self.presented,
            self.begun,
            self.asked,
            self.completed,
            self.conference,
            self.decided,
        ]

    @property
    def annulled(self) -> bool:
        """Whether the practice was struck out."""
        return self.state == ANNULLED

    @property
    def suspended_days(self) -> int | None:
        """Calendar days between the request and the completion, once it was completed."""
        return None if not (self.asked and self.completed) else (self.completed - self.asked).days


class Shop:
    """The one-stop shop, practice by practice."""

    def __init__(self, seed: int) -> None:
        self.draws = Draws(seed)
        self.office = Office("IT", time(8, 30), time(17), time(13))
        self.number, self.numbered = 0, FIRST_DAY.year

    def practices(self) -> list[Practice]:
        """Return the practices in the order of their protocol numbers."""
        days = [FIRST_DAY + n * ONE_DAY for n in range((CUT_OFF - FIRST_DAY).days + 1)]
        found = [
            self._practice(day)
            for day in days
            if self.office.works(day)
            for _ in range(self.draws.whole(PER_DAY, 0.6))
        ]
        for practice in self.draws.some(found[30:-60], 4):
            practice.state = ANNULLED
            practice.begun = practice.asked = practice.completed = None
            practice.conference = practice.decided = None
        decided = [p for p in found if p.decided and p.presented.month > 2]
        for practice in self.draws.some(decided, 2):
            self._mistype(practice)
        return found

    def _mistype(self, practice: Practice) -> None:
        """Write the decision with the year before: it comes to stand before the application."""
        assert practice.decided is not None
        practice.decided = practice.decided.replace(year=practice.presented.year - 1, day=3)
        practice.wrong_year = True

    def _next_number(self, day: date) -> str:
        """Return a protocol number: the practices share the protocol with all that comes in."""
        if day.year != self.numbered:
            self.number, self.numbered = 0, day.year
        self.number += self.draws.between(3, 55)
        return f"{day.year}{self.number:07d}"

    def _practice(self, day: date) -> Practice:
        draws = self.draws
        kind = draws.weighted(KINDS)
        low, high = FEES[kind]
        practice = Practice(
            self._next_number(day), kind, day, draws.one_of(OFFICIALS[kind]),
            self._code(), self._subject(kind), draws.between(low * 100, high * 100),
        )  # fmt: skip
        self._process(practice)
        return practice

    def _code(self) -> str:
        born = date(1950, 1, 1) + timedelta(days=self.draws.between(0, 18_000))
        name, surname = self.draws.one_of(FIRST_NAMES.split()), self.draws.one_of(SURNAMES.split())
        return tax_code(Person(surname.replace("_", ""), name, born, female=name.endswith("a")))

    def _subject(self, kind: str) -> str:
        text = (
            f"{self.draws.one_of(SUBJECTS[kind])} - via della Quercia, {self.draws.between(1, 99)}"
        )
        if self.draws.chance(0.3):
            text += f"\nNota: {self.draws.one_of(REMARKS)}"
        return text

    def _process(self, practice: Practice) -> None:
        """Begin, ask for completions where needed, confer, decide; nothing after the cut-off."""
        day = self.office.after_days(practice.presented, self.draws.whole(4, 0.6, 1))
        practice.begun = day
        if self.draws.chance({NOTICE: 0.22, PERMIT: 0.45, SINGLE: 0.4}[practice.kind]):
            practice.asked = day = self.office.after_days(day, self.draws.whole(6, 0.5, 1))
            answered = self.draws.chance(0.88)
            waited = self.draws.whole(24, 0.5, 2)
            practice.completed = self.office.day_from(day + timedelta(days=waited))
            day = practice.completed if answered else self.office.day_from(day + timedelta(days=90))
            practice.completed = practice.completed if answered else None
        complete = practice.asked is None or practice.completed is not None
        if practice.kind == SINGLE and complete:
            practice.conference = day = self._confer(day)
        self._decide(practice, day)
        self._cut(practice)

    def _confer(self, day: date) -> date:
        """Return the day of the conference: always a Wednesday, two weeks on or more."""
        day += NOTICE_OF_CONFERENCE
        day += timedelta(days=(2 - day.weekday()) % 7)
        return day if self.office.works(day) else day + timedelta(days=7)

    def _decide(self, practice: Practice, day: date) -> None:
        if practice.asked and practice.completed is None:
            practice.state, practice.decided = FILED, day
        elif practice.kind == PERMIT and self.draws.chance(0.12):
            practice.state = SILENT  # nobody decided; the permit stands 90 days after it was asked
        else:
            working_days = {NOTICE: 14, PERMIT: 38, SINGLE: 12}[practice.kind]
            practice.ready = ready = self.office.after_days(
                day, self.draws.whole(working_days, 0.5, 1)
            )
            practice.decided = self.office.friday_from(ready) if self.draws.chance(0.5) else ready
            refused = self.draws.chance(0.07)
            granted = EFFECTIVE if practice.kind == NOTICE else GRANTED
            practice.state = REFUSED if refused else granted

    def _cut(self, practice: Practice) -> None:
        """Take back what had not happened by the day of the export."""
        silent_on = practice.presented + timedelta(days=90 + (practice.suspended_days or 0))
        if practice.state == SILENT and silent_on > CUT_OFF:
            practice.state = OPEN
        for name in ("begun", "asked", "completed", "conference", "decided"):
            day = getattr(practice, name)
            if day is not None and day > CUT_OFF:
                setattr(practice, name, None)
        if practice.decided is None and practice.state != SILENT:
            practice.state = WAITING if practice.asked and not practice.completed else OPEN
