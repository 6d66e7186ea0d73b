"""Exports drawn at random: what an office did, the shape and the writing in which its system hands it out.

Nothing here asks procmine what it does: the steps that a log must hold are told in plain values.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

Cell = str | datetime | int | None


# --- what the office did --------------------------------------------------------------------------


@dataclass(frozen=True)
class Language:
    """The words of an office: its zone, its columns, the words and the letters of its labels, its months."""

    zone: str
    columns: dict[str, str]
    words: tuple[str, ...]
    letters: str
    months: tuple[str, ...]
    total: str
    annulled: str


ROLES = ("case", "registry", "year", "number", "activity", "timestamp", "start", "end", "date",
         "clock", "previous", "unit", "note", "status", "opened", "closed")  # fmt: skip


def _language(
    zone: str, columns: str, words: str, letters: str, months: str, last: str
) -> Language:
    total, annulled = last.split()
    names = dict(zip(ROLES, columns.split(", "), strict=True))
    return Language(
        zone, names, tuple(words.split(", ")), letters, tuple(months.split()), total, annulled
    )


LANGUAGES = {
    "ro": _language(
        "Europe/Bucharest",
        "Nr. dosar, Registru, An, Număr, Activitate, Data și ora, Data început, Data sfârșit, Data, Ora, "
        "Stadiu anterior, Compartiment, Obiect, Stare, Data deschiderii, Data închiderii",
        "Înregistrare cerere, Verificare tehnică, Aviz urbanism, Ședință comisie, Soluționat, Emitere autorizație, "
        "Înștiințare petent, Răspuns, Clasare, Plată taxă",
        "abcdeghilmnoprstuvzăâîșț",
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
        "TOTAL anulat",
    ),
    "it": _language(
        "Europe/Rome",
        "Numero pratica, Registro, Anno, Numero, Attività, Data e ora, Data inizio, Data fine, Data, Ora, "
        "Stato precedente, Ufficio, Oggetto, Stato, Data apertura, Data chiusura",
        "Ricevimento, Verifica formale, Parere già espresso, Conformità, Perché rigettata, Rilascio, Né sospesa, "
        "Pagamento, Archiviazione, Così decisa",
        "abcdefghilmnopqrstuvzàèéìòù",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "Totale annullato",
    ),
    "el": _language(
        "Europe/Athens",
        "Αρ. πρωτ., Μητρώο, Έτος, Αριθμός, Ενέργεια, Ημερομηνία και ώρα, Ημερομηνία έναρξης, Ημερομηνία λήξης, "
        "Ημερομηνία, Ώρα, Προηγούμενη κατάσταση, Τμήμα, Θέμα, Κατάσταση, Ημερομηνία ανοίγματος, Ημερομηνία κλεισίματος",
        "Παραλαβή αίτησης, Έλεγχος δικαιολογητικών, Χρέωση, Γνωμοδότηση, Απόφαση, Έγκριση, Απόρριψη, Αποστολή, "
        "Κλείσιμο, Πληρωμή τέλους",
        "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ",
        "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
        "Δεκεμβρίου",
        "Σύνολο ακυρώθηκε",
    ),
    "nl": _language(
        "Europe/Amsterdam",
        "Zaaknummer, Register, Jaar, Nummer, Activiteit, Datum en tijd, Startdatum, Einddatum, Datum, Tijd, "
        "Vorige status, Afdeling, Onderwerp, Status, Datum geopend, Datum gesloten",
        "Ontvangst aanvraag, Toets volledigheid, Advies welstand, Besluit, Eén ronde, Ingetrokken, Financiën, "
        "Verzonden, Archief, Geïnformeerd",
        "abcdefghijklmnopqrstuvwzéëïöü",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "Totaal geannuleerd",
    ),
    "en": _language(
        "Europe/Dublin",
        "Case ID, Register, Year, Number, Activity, Timestamp, Start time, End time, Date, Time, "
        "Previous status, Department, Subject, Status, Date opened, Date closed",
        "Receive request, Check form, Ask advice, Decide, Send letter, Archive, Pay fee, Close, Hold hearing, Reject",
        "abcdefghijklmnopqrstuvwxyz",
        "January February March April May June July August September October November December",
        "Total cancelled",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing that was done, in local time; a start or an end may be unknown, not both."""

    case: tuple[str, ...]
    activity: str
    start: datetime | None
    end: datetime | None
    unit: str | None
    note: str | None


def fold(label: str) -> str:
    """The letters of a label without what is spelling only: capitals, spaces, all accents."""
    plain = unicodedata.normalize("NFKD", " ".join(label.split()).casefold().replace("ς", "σ"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def distinct(labels: st.SearchStrategy[str], most: int) -> st.SearchStrategy[list[str]]:
    """Labels that stay different however they are folded."""
    return st.lists(labels, min_size=1, max_size=most, unique_by=fold)


@st.composite
def labels_of(draw: st.DrawFn, language: Language) -> str:
    """A label of the office: words of it, or letters of its alphabet."""
    if draw(st.booleans()):
        return draw(st.sampled_from(language.words))
    word = draw(st.text(language.letters, min_size=3, max_size=9))
    return draw(st.sampled_from(["", "Aviz ", "Pas "])) + "x" + word


@st.composite
def notes_of(draw: st.DrawFn, language: Language) -> str:
    """Free text: quotes, separators and line ends between words."""
    parts = draw(
        st.lists(
            st.sampled_from(
                [*language.words, ", ", "; ", " | ", "\t", '"', "'", "\n", "\n\n", '""', " - "]
            ),
            max_size=6,
        )
    )
    return f"{language.words[0]}{''.join(parts)}{language.words[1]}"


def key_parts(parts: int) -> st.SearchStrategy[tuple[str, ...]]:
    """A case key: a number with or without leading zeros, with its registry and year where it has them."""
    number = st.one_of(
        st.integers(1, 40).map(str),
        st.integers(1, 40).map("{:05d}".format),
        st.sampled_from(["0", "007", "07", "12a", "C 2", "1-2", "12345678901234567890"]),
    )
    several = st.tuples(
        st.sampled_from(["RU", "01", "1"]), st.sampled_from(["2025", "2026"]), number
    )
    return number.map(lambda text: (text,)) if parts == 1 else several


PRECISIONS = {
    "day": timedelta(days=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}


def exists(time: datetime, zone: str) -> bool:
    """Whether the clocks of a zone ever show a local time."""
    there = instant(time, zone).astimezone(ZoneInfo(zone))
    return there.replace(tzinfo=None) == time


def instant(time: datetime, zone: str) -> datetime:
    """A local time as an instant; of a time that occurs twice the first."""
    return time.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


@st.composite
def times_of(draw: st.DrawFn, zone: str, precision: str) -> datetime:
    """A local time of 2025 or 2026, sometimes on a day when clocks change."""
    day = draw(
        st.one_of(
            st.integers(0, 729).map(lambda days: datetime(2025, 1, 1) + timedelta(days=days)),
            st.sampled_from([datetime(2025, 3, 30), datetime(2025, 10, 26), datetime(2026, 2, 3)]),
        )
    )
    if precision == "day":
        return day
    tick = PRECISIONS[precision]
    time = day + tick * draw(st.integers(0, timedelta(days=1) // tick - 1))
    return time if exists(time, zone) else time + timedelta(hours=2)


@dataclass(frozen=True)
class Office:
    """What one office did, in the order in which it was put down."""

    language: Language
    precision: str
    entries: list[Entry]
    activities: list[str]

    @property
    def zone(self) -> str:
        """The zone of its clocks."""
        return self.language.zone


@st.composite
def offices(
    draw: st.DrawFn, *, parts: Sequence[int] = (1, 3), least: int = 1, most: int = 12
) -> Office:
    """A small table of events in one language."""
    language = draw(st.sampled_from(list(LANGUAGES.values())))
    precision = draw(st.sampled_from(list(PRECISIONS)))
    count = draw(st.sampled_from(parts))
    keys = draw(st.lists(key_parts(count), min_size=1, max_size=4, unique=True))
    activities = draw(distinct(labels_of(language), 4))
    units = draw(distinct(labels_of(language), 2))
    notes = draw(st.lists(notes_of(language), min_size=1, max_size=2))
    entries = []
    for _ in range(draw(st.integers(least, most))):
        pair = sorted(draw(st.tuples(*[times_of(language.zone, precision)] * 2)))
        pair.sort(key=lambda time: instant(time, language.zone))
        entries.append(
            Entry(
                draw(st.sampled_from(keys)),
                draw(st.sampled_from(activities)),
                pair[0],
                pair[1],
                draw(st.sampled_from([*units, units[0], None])),
                draw(st.sampled_from([*notes, None])),
            )
        )
    return Office(language, precision, entries, activities)


# --- the shape in which it is handed out ----------------------------------------------------------


@dataclass(frozen=True)
class Record:
    """A step that the log must hold, its times as instants."""

    case: str
    activity: str
    start: datetime | None
    end: datetime | None
    unit: str | None
    note: str | None
    previous: str | None = None


@dataclass(frozen=True)
class Table:
    """The cells of an export before they are written, how to read them, and the steps that they mean."""

    office: Office
    columns: list[str]
    rows: list[list[Cell]]
    times: list[str]
    """The columns whose cells are times."""
    options: dict[str, Any]
    records: list[list[Record]]
    """The steps of each row."""
    rank: list[str] = field(default_factory=list)
    """The activities in the order that decides between steps at one time."""
    bad: dict[int, str] = field(default_factory=dict)
    """The rows that mean nothing, by their place, with the reason."""
    closed: dict[str, datetime | None] | None = None
    """When each case closed, where the export says it."""
    split: bool = False


BETWEEN = ("/", " | ", " ¦ ")


def joined(key: Sequence[str]) -> str:
    """The parts of a key as one text; no part that is drawn holds the mark between them."""
    return BETWEEN[0].join(key)


def _case_columns(office: Office) -> list[str]:
    names = office.language.columns
    parts = len(office.entries[0].case)
    return [names["case"]] if parts == 1 else [names[r] for r in ("registry", "year", "number")]


def _base(office: Office) -> tuple[list[str], dict[str, Any]]:
    names, keys = office.language.columns, _case_columns(office)
    options = {
        "case": keys if len(keys) > 1 else keys[0],
        "unit": names["unit"],
        "keep": [names["note"]],
        "tz": office.zone,
    }
    return keys, options


def _record(office: Office, entry: Entry, **changes: Any) -> Record:
    zone = office.zone
    times = {
        name: None if time is None else instant(time, zone)
        for name, time in (("start", entry.start), ("end", entry.end))
    }
    values = {
        "activity": entry.activity,
        "unit": entry.unit,
        "note": entry.note,
        **times,
        **changes,
    }
    return Record(joined(entry.case), **values)


def one_time(office: Office) -> Table:
    """A row per event with one time."""
    keys, options = _base(office)
    names = office.language.columns
    return Table(
        office,
        [*keys, names["activity"], names["timestamp"], names["unit"], names["note"]],
        [[*e.case, e.activity, e.end, e.unit, e.note] for e in office.entries],
        [names["timestamp"]],
        {**options, "activity": names["activity"], "timestamp": names["timestamp"]},
        [[_record(office, e, start=None)] for e in office.entries],
    )


def start_and_end(office: Office) -> Table:
    """A row per step with its start and its end; the first step still runs, the last has no known start."""
    keys, options = _base(office)
    names = office.language.columns
    entries = list(office.entries)
    entries[0] = Entry(**{**entries[0].__dict__, "end": None})
    entries.append(Entry(**{**office.entries[0].__dict__, "start": None}))
    return Table(
        office,
        [*keys, names["activity"], names["start"], names["end"], names["unit"], names["note"]],
        [[*e.case, e.activity, e.start, e.end, e.unit, e.note] for e in entries],
        [names["start"], names["end"]],
        {**options, "activity": names["activity"], "start": names["start"], "end": names["end"]},
        [[_record(office, e)] for e in entries],
    )


def split_time(office: Office) -> Table:
    """A row per event with its date and its clock time in two columns."""
    keys, options = _base(office)
    names = office.language.columns
    clock = "%H:%M:%S" if office.precision == "second" else "%H:%M"
    return Table(
        office,
        [*keys, names["date"], names["clock"], names["activity"], names["unit"], names["note"]],
        [
            [*e.case, e.end.replace(hour=0, minute=0, second=0), e.end.strftime(clock), e.activity, e.unit, e.note]
            for e in office.entries
        ],
        [names["date"]],
        {**options, "activity": names["activity"], "timestamp": [names["date"], names["clock"]]},
        [[_record(office, e, start=None)] for e in office.entries],
        split=True,
    )  # fmt: skip


def history(office: Office) -> Table:
    """A row per change of status: the one before and the one after."""
    keys, options = _base(office)
    names = office.language.columns
    status: dict[tuple[str, ...], str | None] = {}
    rows: list[list[Cell]] = []
    records = []
    for e in office.entries:
        before = status.get(e.case)
        rows.append([*e.case, before, e.activity, e.end, e.unit, e.note])
        records.append([_record(office, e, start=None, previous=before)])
        status[e.case] = e.activity
    return Table(
        office,
        [*keys, names["previous"], names["status"], names["timestamp"], names["unit"], names["note"]],
        rows,
        [names["timestamp"]],
        {**options, "previous": names["previous"], "activity": names["status"], "timestamp": names["timestamp"]},
        records,
    )  # fmt: skip


def _by_case(office: Office) -> dict[tuple[str, ...], list[Entry]]:
    cases: dict[tuple[str, ...], list[Entry]] = {}
    for entry in office.entries:
        cases.setdefault(entry.case, []).append(entry)
    return cases


def wide(office: Office) -> Table:
    """A row per case with a column per milestone, which is empty where it was not reached."""
    keys, options = _base(office)
    names = office.language.columns
    columns = {f"Data: {activity}": activity for activity in office.activities}
    rows: list[list[Cell]] = []
    records = []
    for case, entries in _by_case(office).items():
        reached = {e.activity: e.end for e in entries}
        first = entries[0]
        rows.append([*case, first.unit, *[reached.get(a) for a in columns.values()], first.note])
        records.append(
            [
                _record(office, Entry(case, a, None, reached[a], first.unit, first.note))
                for a in columns.values()
                if a in reached
            ]
        )
    return Table(
        office,
        [*keys, names["unit"], *columns, names["note"]],
        rows,
        list(columns),
        {**options, "milestones": columns},
        records,
        rank=office.activities,
    )


def opened_and_closed(office: Office) -> Table:
    """A row per case with its procedure, and the dates when it was opened and closed; some are open."""
    keys, options = _base(office)
    names = office.language.columns
    rows: list[list[Cell]] = []
    records = []
    closed: dict[str, datetime | None] = {}
    for number, (case, entries) in enumerate(_by_case(office).items()):
        first = entries[0]
        end = None if number % 3 == 1 else first.end
        rows.append([*case, first.activity, first.start, end, first.unit, first.note])
        records.append([_record(office, first, end=end and instant(end, office.zone))])
        closed[joined(case)] = records[-1][0].end
    return Table(
        office,
        [*keys, names["activity"], names["opened"], names["closed"], names["unit"], names["note"]],
        rows,
        [names["opened"], names["closed"]],
        {
            **options,
            "activity": names["activity"],
            "start": names["opened"],
            "end": names["closed"],
            "closed": {"column": names["closed"]},
        },
        records,
        closed=closed,
    )


SHAPES: tuple[Callable[[Office], Table], ...] = (
    one_time, start_and_end, split_time, history, wide, opened_and_closed,
)  # fmt: skip


# --- the writing of times -------------------------------------------------------------------------


@dataclass(frozen=True)
class Writing:
    """A way of writing times as text, and what must be said to have it read."""

    text: Callable[[datetime], str]
    time_format: str | None = None


def _clock(precision: str) -> str:
    return {"day": "", "minute": " %H:%M", "second": " %H:%M:%S"}[precision]


def _serial(epoch: datetime) -> Callable[[datetime], str]:
    def text(time: datetime) -> str:
        days = (time - epoch) / timedelta(days=1)
        return str(int(days)) if days == int(days) else repr(days)

    return text


SERIALS = {
    "excel": _serial(datetime(1899, 12, 30)),
    "excel1904": _serial(datetime(1904, 1, 1)),
}


@st.composite
def writings(draw: st.DrawFn, table: Table) -> Writing:
    """A way of writing the times of a table that can be read back."""
    precision = "day" if table.split else table.office.precision
    clock = _clock(precision)
    free = ["%Y-%m-%d" + clock, "%d.%m.%Y" + clock, "%d.%m.%y" + clock, "month", "serial"]
    if clock:
        free.append("%Y-%m-%dT" + clock.strip())
    slashes = ["%d/%m/%Y" + clock, "%d/%m/%y" + clock, "%d-%m-%Y" + clock, "bare"]
    chosen = draw(st.sampled_from([*free, *slashes]))
    if chosen == "serial" and table.split:
        chosen = free[0]
    if chosen == "month":
        return Writing(_in_words(table.office.language, clock, draw(st.booleans())))
    if chosen == "serial":
        name = draw(st.sampled_from(list(SERIALS)))
        return Writing(SERIALS[name], name)
    proven = all(_proves(column) for column in time_columns(table))
    if chosen == "bare":  # 3/2/2026
        if not proven:
            chosen = slashes[0]
        else:
            return Writing(lambda t: f"{t.day}/{t.month}/{t.year}" + t.strftime(clock))
    needs = chosen in slashes and not proven
    if needs and table.split:
        chosen, needs = free[1], False
    return Writing(lambda time: time.strftime(chosen), chosen if needs else None)


def _in_words(language: Language, clock: str, day_first_zero: bool) -> Callable[[datetime], str]:
    def text(time: datetime) -> str:
        day = f"{time.day:02d}" if day_first_zero else str(time.day)
        return f"{day} {language.months[time.month - 1]} {time.year}" + time.strftime(clock)

    return text


def time_columns(table: Table) -> list[list[datetime]]:
    """The times of each column of times, in the rows that mean something."""
    places = [table.columns.index(name) for name in table.times]
    rows = [row for place, row in enumerate(table.rows) if place not in table.bad]
    return [[row[p] for row in rows if isinstance(row[p], datetime)] for p in places]


def _proves(times: Sequence[datetime]) -> bool:
    return not times or any(time.day > 12 for time in times)


def in_text(table: Table, writing: Writing) -> list[list[str]]:
    """The rows of a table as text; nothing where a cell is empty."""
    return [
        [
            "" if cell is None else writing.text(cell) if isinstance(cell, datetime) else str(cell)
            for cell in row
        ]
        for row in table.rows
    ]
