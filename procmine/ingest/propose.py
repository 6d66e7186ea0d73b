"""Propose a binding: which column is probably what, from its name and from what it holds, with the reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.binding import Binding
from procmine.ingest.lifecycle import TRANSITIONS
from procmine.ingest.times import looks_like_times

_USUAL: dict[str, tuple[str, ...]] = {
    "case": (
        "case concept name", "case id", "caseid", "case", "trace", "dosar", "nr dosar",
        "numar dosar", "id dosar", "nr inregistrare", "numar inregistrare", "pratica",
        "numero pratica", "id pratica", "protocollo", "numero protocollo", "fascicolo", "zaak",
        "zaaknummer", "zaak id", "dossier", "dossiernummer", "kenmerk", "υποθεση", "αρ υποθεσης",
        "αριθμος πρωτοκολλου", "αρ πρωτ", "φακελος", "process instance", "patient", "incident id",
        "ticket id", "order id",
    ),
    "activity": (
        "concept name", "activity", "activity id", "activityid", "activity name", "activitate",
        "etapa", "operatie", "operatiune", "attivita", "fase", "evento", "stap", "activiteit",
        "handeling", "δραστηριοτητα", "ενεργεια", "σταδιο", "handling", "event", "task", "step",
    ),
    "start": (
        "start timestamp", "start time", "starttime", "start", "started", "begin", "data inceput",
        "inceput", "data inizio", "inizio", "εναρξη", "ημερομηνια εναρξης", "startdatum",
        "begindatum", "aanvang",
    ),
    "end": (
        "end timestamp", "complete", "end time", "endtime", "end", "completed", "complete timestamp",
        "completetimestamp", "data sfarsit", "sfarsit", "data fine", "fine", "ληξη",
        "ημερομηνια ληξης", "einddatum", "einde",
    ),
    "timestamp": (
        "time timestamp", "timestamp", "time", "datetime", "date", "event time",
        "complete timestamp", "completetimestamp", "data", "data si ora", "data ora", "data e ora",
        "datum", "tijdstip", "datum tijd", "ημερομηνια", "ημερομηνια ωρα",
    ),
    "resource": (
        "org resource", "resource", "user", "employee", "functionar", "utilizator", "operator",
        "operatore", "utente", "addetto", "medewerker", "behandelaar", "υπαλληλος", "χρηστης",
        "χειριστης",
    ),
    "unit": (
        "org group", "unit", "department", "office unit", "compartiment", "serviciu", "directie",
        "ufficio", "settore", "unita organizzativa", "afdeling", "team", "τμημα", "διευθυνση",
        "υπηρεσια", "group",
    ),
    "lifecycle": (
        "lifecycle transition", "lifecycle", "transition", "registration type", "event type",
        "eventtype",
    ),
    "instance": (
        "concept instance", "instance", "activity instance", "handling id", "activity instance id",
    ),
}  # fmt: skip
"""Usual column names, without accents and in small letters, the likeliest first."""


def folded(name: str) -> str:
    """Fold a column name for matching: no accents, small letters, words with one space between.

    >>> folded("Nr. Înregistrare")
    'nr inregistrare'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = plain.casefold().replace("ς", "σ").replace("@@startevent_", "startevent ")
    return " ".join(re.findall(r"\w+", plain.replace("_", " ")))


NAMES = {role: tuple(map(folded, usual)) for role, usual in _USUAL.items()}
"""The same, folded as the names of columns are when they are looked up."""


def propose_binding(sample: pa.Table) -> Binding:
    """Return the binding that names and contents suggest, its ``reasons`` filled; roles that
    nothing suggests stay open.

    ``sample`` holds the first rows, or all. Names count first, contents confirm them: times must
    read as times, a lifecycle must hold the standard transitions, a case key must be text or
    numbers that return.
    """
    looks = Looks.at(sample)
    found: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for role in (
        "start",
        "end",
        "timestamp",
        "case",
        "activity",
        "lifecycle",
        "instance",
        "resource",
        "unit",
    ):
        if role == "timestamp" and "start" in found and "end" in found:
            continue
        for choose in (looks.by_name, looks.by_contents):
            choice = choose(role, set(found.values()))
            if choice is not None:
                found[role], reasons[role] = choice
                break
    found, reasons = _one_kind_of_time(found, reasons)
    if "lifecycle" not in found:
        found.pop("instance", None)
        reasons.pop("instance", None)
    return Binding.of_plain(found, where="the proposal").because(reasons)


@dataclass(frozen=True, eq=False)
class Looks:
    """What can be seen of each column of a sample: its folded name, its distinct values, whether it reads as times."""

    names: dict[str, str]
    columns: dict[str, pa.ChunkedArray]
    distinct: dict[str, int]
    times: dict[str, float]
    rows: int

    @classmethod
    def at(cls, sample: pa.Table) -> Looks:
        """Look at every column once."""
        columns = dict(zip(sample.column_names, sample.columns, strict=True))
        distinct = {
            name: _distinct(column)
            for name, column in columns.items()
            if not pa.types.is_nested(column.type)
        }
        times = {name: _time_share(column) for name, column in columns.items()}
        return cls(
            {name: folded(name) for name in columns}, columns, distinct, times, sample.num_rows
        )

    def by_name(self, role: str, taken: set[str]) -> tuple[str, str] | None:
        """Return the column whose name is usual for the role, if what it holds agrees."""
        for usual in NAMES[role]:
            for name, plain in self.names.items():
                if plain == usual and name not in taken and self._fits(role, name):
                    return name, f"the name is usual for {role}{self._seen(role, name)}"
        return None

    def by_contents(self, role: str, taken: set[str]) -> tuple[str, str] | None:
        """Return the column whose contents single it out for the role, if there is one."""
        chooser: dict[str, Callable[[set[str]], str | None]] = {
            "timestamp": self._only_time,
            "case": self._key_that_returns,
            "activity": self._few_labels,
        }
        if role not in chooser:
            return None
        choice = chooser[role](taken | self._usual_for_others(role))
        return None if choice is None else (choice, f"what it holds{self._seen(role, choice)}")

    def _fits(self, role: str, name: str) -> bool:
        if role in ("start", "end", "timestamp"):
            return self.times[name] > 0.5
        if role == "lifecycle":
            return _is_lifecycle(self.columns[name])
        return self.times[name] < 0.5 and self.distinct.get(name, 0) > 0

    def _seen(self, role: str, name: str) -> str:
        if role in ("start", "end", "timestamp"):
            return f"; {self.times[name]:.0%} of its cells read as times"
        return (
            f"; {self.distinct[name]:,} different values in {self.rows:,} rows"
            if name in self.distinct
            else ""
        )

    def _usual_for_others(self, role: str) -> set[str]:
        """Return the columns that the names of other roles claim."""
        others = {usual for other in NAMES if other != role for usual in NAMES[other]}
        return {name for name, plain in self.names.items() if plain in others}

    def _only_time(self, taken: set[str]) -> str | None:
        times = [name for name, share in self.times.items() if share > 0.5 and name not in taken]
        return times[0] if len(times) == 1 else None

    def _key_that_returns(self, taken: set[str]) -> str | None:
        """The column with the most different values that still come back, twice a row on average or more."""
        keys = [name for name in self._labels(taken) if 1 < self.distinct[name] <= self.rows / 1.5]
        return max(keys, key=lambda name: self.distinct[name], default=None)

    def _few_labels(self, taken: set[str]) -> str | None:
        """The text column with the most different values, of those with few."""
        most = max(self.rows**0.5 * 2, 10)
        few = [
            name
            for name in self._labels(taken)
            if 1 < self.distinct[name] <= most and _is_text(self.columns[name])
        ]
        return max(few, key=lambda name: self.distinct[name], default=None)

    def _labels(self, taken: set[str]) -> list[str]:
        return [name for name in self.distinct if name not in taken and self.times[name] < 0.5]


def _one_kind_of_time(
    found: dict[str, str], reasons: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Keep start and end together, or else one timestamp: an only time column is that, whatever its name."""
    if "start" in found and "timestamp" in found and "lifecycle" not in found:
        found.setdefault("end", found["timestamp"])
        reasons.setdefault("end", reasons["timestamp"])
    if "start" in found and "end" in found:
        drop = {"timestamp", "lifecycle", "instance"}
    else:
        drop = {"start", "end"}
        only = next((role for role in ("timestamp", "end", "start") if role in found), None)
        if only is not None:
            found["timestamp"], reasons["timestamp"] = found[only], reasons[only]
    return (
        {k: v for k, v in found.items() if k not in drop},
        {k: v for k, v in reasons.items() if k not in drop},
    )


def _distinct(column: pa.ChunkedArray) -> int:
    """Count the different values of a column of any flat type, missing ones not among them."""
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return len(pc.unique(column).drop_null())


def _is_text(column: pa.ChunkedArray) -> bool:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _time_share(column: pa.ChunkedArray) -> float:
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return 1.0
    if not _is_text(column):
        return 0.0
    return looks_like_times(column.slice(0, 5000))


def _is_lifecycle(column: pa.ChunkedArray) -> bool:
    """Tell whether a column holds the standard transitions, a start and a complete among them."""
    if not _is_text(column):
        return False
    names = {
        str(name).strip().casefold() for name in pc.unique(column).to_pylist() if name is not None
    }
    return {"start", "complete"} <= names and names <= set(TRANSITIONS)
