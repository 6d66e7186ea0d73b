"""Procedure: the activities, the events and the terms of one procedure of an office, as a file says them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from procmine.errors import CalendarError, ProcmineError
from procmine.procedure.calendar_fields import CalendarFields, tried
from procmine.procedure.elements import (
    Activity,
    AttributeSource,
    Closing_,
    EventSource,
    OutcomeSource,
)
from procmine.procedure.flow import FlowPart, flow_of, places
from procmine.procedure.problems import Place, ProblemsError, nearest
from procmine.procedure.term import LocalizedText
from procmine.procedure.uses import TermUse
from procmine.procedure.whole_file import WholeFile

if TYPE_CHECKING:
    from procmine.kernels import Codes
    from procmine.log import EventLog


class Procedure(WholeFile):
    """A procedure of an office: what its log should hold, what the law's words are in it, and its terms."""

    procedure: str
    name: LocalizedText = ""
    legal_basis: LocalizedText = ""
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    calendar: str | CalendarFields | None = None
    activities: tuple[Activity, ...] = ()
    flow: Annotated[tuple[FlowPart, ...], BeforeValidator(flow_of)] = ()
    closing: tuple[Closing_, ...] = ()
    outcomes: OutcomeSource | None = None
    events: dict[str, EventSource] = Field(default={})
    attributes: dict[str, AttributeSource] = Field(default={})
    uses: tuple[TermUse, ...] = Field(
        default=(),
        validation_alias=AliasChoices("terms", "uses"),
        serialization_alias="terms",
    )

    @classmethod
    def _refusal(cls, error: ValidationError, given: Mapping[str, Any]) -> ProcmineError:
        from procmine.procedure.reading import refusal

        return refusal(error, given)

    @classmethod
    def read(cls, path: str | Path) -> Procedure:
        """Read a procedure from a YAML file; ProcedureError lists every mistake with its line."""
        from procmine.procedure.reading import read

        return read(path)

    @classmethod
    def parse(cls, text: str, *, source: str = "procedure.yaml") -> Procedure:
        """Read a procedure from YAML text; ``source`` names it in the errors."""
        from procmine.procedure.reading import parse

        return parse(text, source=source)

    @field_validator("country", mode="after")
    @classmethod
    def _country_has_holidays(cls, given: str | None) -> str | None:
        from procmine.calendars.countries import checked_country

        try:
            return given and checked_country(given)
        except CalendarError as error:
            raise ValueError(str(error).removeprefix("country: ")) from error

    @field_validator("calendar", mode="after")
    @classmethod
    def _calendar_can_be_made(
        cls, given: str | CalendarFields | None, info: ValidationInfo
    ) -> str | CalendarFields | None:
        if given is None:
            return None
        folder = (info.context or {}).get("folder")
        return tried(given, folder=folder, country=info.data.get("country"))

    @field_validator("activities", mode="after")
    @classmethod
    def _each_once(cls, given: tuple[Activity, ...]) -> tuple[Activity, ...]:
        _refuse(_twice(_spellings(given)))
        return given

    @field_validator("flow", mode="wrap")
    @classmethod
    def _flow_is_known(cls, written: Any, read: Any, info: ValidationInfo) -> Any:
        parts = read(written)
        if not all(isinstance(part, FlowPart) for part in written):
            _refuse(_unknown(places(written), info))
        return parts

    @field_validator("closing", mode="after")
    @classmethod
    def _closing_is_known(
        cls, given: tuple[Closing_, ...], info: ValidationInfo
    ) -> tuple[Closing_, ...]:
        named = [((i, "activity"), one.activity) for i, one in enumerate(given)]
        _refuse([*_unknown(named, info), *_twice(named)])
        return given

    @field_validator("events", mode="after")
    @classmethod
    def _events_are_known(
        cls, given: dict[str, EventSource], info: ValidationInfo
    ) -> dict[str, EventSource]:
        named = [
            ((event, "activity", i), name)
            for event, source in given.items()
            for i, name in enumerate(source.activities)
        ]
        _refuse(_unknown(named, info))
        return given

    @field_validator("uses", mode="after")
    @classmethod
    def _uses_once(cls, given: tuple[TermUse, ...]) -> tuple[TermUse, ...]:
        named = [((i, "id"), use.id) for i, use in enumerate(given)]
        _refuse(_twice(named, advice="give one of them another id"))
        return given

    @cached_property
    def version(self) -> str:
        """A short hash of everything that the procedure says, the rules that it uses among it."""
        said = self.model_dump_json(exclude={"calendar"})
        return hashlib.sha256(said.encode("utf-8")).hexdigest()[:8]

    def text(self, value: LocalizedText, lang: str | None = None) -> str:
        """Return a text in a language; else in English, else in the first that there is."""
        if isinstance(value, str):
            return value
        return value.get(lang or "en") or value.get("en") or next(iter(value.values()), "")

    def spellings(self, name: str) -> tuple[str, ...]:
        """Return a name and its aliases, the name of the activity first; a name not listed is alone."""
        from procmine.ingest.spelling import matching

        listed = [(activity.name, *activity.aliases) for activity in self.activities]
        meant = matching(name, [one for spellings in listed for one in spellings])
        return next((spellings for spellings in listed if meant in spellings), (name,))

    def unmapped(self) -> dict[str, list[str]]:
        """Return the events that terms name and ``events`` does not explain, with the ids of the terms."""
        from procmine.procedure.named import unmapped_events

        return unmapped_events(self)

    def unmapped_attributes(self) -> dict[str, list[str]]:
        """Return the attributes of conditions that ``attributes`` does not explain, with the ids of the terms."""
        from procmine.procedure.named import unmapped_attributes

        return unmapped_attributes(self)

    def codes(self, log: EventLog, names: Iterable[str]) -> Codes:
        """Return the codes of the labels of the log that the activities have, sorted, each once."""
        from procmine.procedure.matched import codes

        return codes(self, log, names)

    def check(self, log: EventLog) -> None:
        """Compare the procedure with a log: what it names must be there.

        LabelNotFoundError where the log has nothing of what starts a term or closes a case, where
        a label is nearly one of the log, and where an attribute is missing. One DataQualityWarning
        for the other activities that it lacks, and for what the terms ask and nobody explains.
        """
        from procmine.procedure.matched import check

        check(self, log)


Named = Iterable[tuple[Place, str]]


def _spellings(activities: Iterable[Activity]) -> Iterator[tuple[Place, str]]:
    for number, activity in enumerate(activities):
        yield (number, "name"), activity.name
        yield from (((number, "aliases", i), name) for i, name in enumerate(activity.aliases))


def _twice(named: Named, *, advice: str = "keep one of them") -> list[tuple[Place, str]]:
    """Return a problem for every name that stood before."""
    seen: set[str] = set()
    problems: list[tuple[Place, str]] = []
    for place, name in named:
        if name in seen:
            problems.append((place, f"{name!r} stands here for the second time; {advice}"))
        seen.add(name)
    return problems


def _unknown(named: Named, info: ValidationInfo) -> list[tuple[Place, str]]:
    """Return a problem for every name that is no activity, where the procedure lists its activities."""
    from procmine.ingest.spelling import matching

    listed: Mapping[str, Any] = info.data
    known = [name for _, name in _spellings(listed.get("activities", ()))]
    return [
        (place, f"{name!r} is not among the activities{nearest(name, known)}")
        for place, name in named
        if known and matching(name, known) is None
    ]


def _refuse(problems: list[tuple[Place, str]]) -> None:
    if problems:
        raise ProblemsError(problems)
