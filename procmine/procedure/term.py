"""Term: how long an office has, from which event, counted how, and what stops, renews or lengthens it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Unit = Literal["day", "working_day", "week", "month"]
DayKind = Literal["sat", "sun", "holiday", "equated"]
Silence = Literal["approval", "refusal", "none"]
Effect = Literal["suspend", "restart_full", "refile"]
Whole = Annotated[int, Field(strict=True)]
"""A number as one writes it: neither true nor a text of digits is one."""
Positive = Annotated[Whole, Field(ge=1, le=100_000)]
Number = Annotated[float, Field(strict=True)]
LocalizedText = str | dict[str, str]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""One name or a list of names."""


class Part(BaseModel):
    """What every part of a procedure file shares: it never changes, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Length(Part):
    """A number of days, working days, weeks or months."""

    n: Positive
    unit: Unit = "day"


class Minimum(Part):
    """A term of ``from_days`` days or more holds at least so many working days."""

    from_days: Positive
    at_least: Positive


class Limits(Part):
    """Longer terms are neither rolled nor given the minimum of working days."""

    days: Positive | None = None
    weeks: Positive | None = None
    months: Positive | None = None


class Counting(Part):
    """How a country counts: which days count, and where a term may not end."""

    id: str = "own"
    first_day_counts: bool = False
    last_day_counts: bool = True
    roll_on: tuple[DayKind, ...] = ("sat", "sun", "holiday")
    min_working_days: Minimum | None = None
    not_if_longer_than: Limits | None = None
    base: str = ""
    status: str = ""
    option: str = ""
    source: str = ""


Scalar = bool | int | float | str


class Compare(Part):
    """A condition on a number, or what a value must not be."""

    above: Number | None = None
    at_least: Number | None = None
    below: Number | None = None
    at_most: Number | None = None
    not_: Scalar | tuple[Scalar, ...] | None = Field(default=None, alias="not")


Condition = dict[str, Scalar | tuple[Scalar, ...] | Compare]
"""Attributes and what each must be: a value, one of several values, or a comparison; all must hold."""


class Start(Part):
    """The event from which a term runs: the earliest of ``any_of``, or the latest of ``all_of``."""

    any_of: Names = ()
    all_of: Names = ()
    fallback: Names = ("registered",)
    """Taken where the log never has the event; every such row is flagged."""

    @model_validator(mode="before")
    @classmethod
    def _from_names(cls, value: Any) -> Any:
        return {"any_of": value} if isinstance(value, str | list | tuple) else value

    @model_validator(mode="after")
    def _one_of_both(self) -> Start:
        if bool(self.any_of) == bool(self.all_of):
            raise ValueError("name the start event: either any_of or all_of")
        return self


class Pause(Part):
    """What stops the clock (``suspend``) or renews it (``restart_full``, ``refile``), and how far that is lawful."""

    id: str = "pause"
    effect: Effect = "suspend"
    from_: Names = Field(alias="from")
    until: Names
    max_days: Positive | None = None
    """A longer pause counts for so many days only."""
    window_days: Positive | None = None
    """The pause ends so many days after it began if no ``until`` event came by then."""
    plus_days: Whole = Field(default=0, ge=0)
    """The pause goes on for so many days after the ``until`` event."""
    times: Positive | None = None
    """Only the first so many pauses count."""
    within_days_of_start: Positive | None = None
    """A pause that begins later than so many days after the start does not count."""
    requires_period: bool = False
    """A pause counts only if a period was given, and at most until that has run out."""
    end_day_counts_as_running: bool = False
    phase: str | None = None
    applies_by: Literal["start_date", "event_date"] = "start_date"
    """Which day must lie in the validity: the start of the term, or the day the pause began."""
    valid_from: date | None = None
    valid_to: date | None = None
    base: str = ""
    status: str = ""
    option: str = ""
    source: str = ""


class Extension(Part):
    """A longer term, once an act in time (or an attribute of the case) grants it."""

    by: Length
    event: Names = ()
    """The act; without one the extension holds for every case that meets ``if``."""
    if_: Condition = Field(default={}, alias="if")
    times: Positive = 1
    days_before_due: Whole = Field(default=0, ge=0)
    """The act must come so many days before the due date, or earlier; 0: by the due date itself."""


class Replacement(Part):
    """Another total length, counted from the same start, if an act came in time."""

    length: Length
    event: Names
    latest: Length | None = None
    """The act must come within this time of the start; without it, by the due date."""


class Variant(Part):
    """Another length for the cases that meet a condition; the first that fits is taken."""

    if_: Condition = Field(alias="if")
    length: Length


class Except(Part):
    """Cases in which silence means nothing: those that meet ``if`` and not ``unless``."""

    if_: Condition = Field(alias="if")
    unless: Condition = {}


class Phase(Part):
    """A part of the procedure with a length of its own; it begins when the part before ends."""

    id: str
    start: Start | None = None
    length: Length
    ends_on: Names = ()
    double_on: Names = ()
    """An act that doubles the length, such as a declaration of complexity, if it came in time."""


class Options(Part):
    """Switches for what the law leaves open; None keeps what the rule says."""

    roll_saturday: bool | None = None
    """Whether a term that ends on a Saturday rolls."""
    free_days: bool | None = None
    """Whether neither the first nor the last day counts."""
    bridge: bool | None = None
    """Whether days on which only the office is closed are no working days for this term either."""
    pause_end_day_runs: bool | None = None
    """Whether the clock runs again on the very day on which a pause ends."""


class Term(Part):
    """One version of a term: what a rule says for the cases that start while it is valid."""

    id: str
    version: str = ""
    """Names the version in tables: the rule and the first day of its validity."""
    kind: Literal["statutory", "internal", "control_window"] = "statutory"
    name: LocalizedText = ""
    country: str | None = None
    base: LocalizedText = ""
    counting: Counting = Counting()
    start: Start
    length: Length | None = None
    due_attribute: str | None = None
    """A date of the case that is the due date, in place of a length."""
    variants: tuple[Variant, ...] = ()
    phases: tuple[Phase, ...] = ()
    ends_on: Names = ()
    """The events that end the term; without them it ends when the case closes."""
    pauses: tuple[Pause, ...] = ()
    extend: tuple[Extension, ...] = ()
    replace_term: Replacement | None = None
    silence: Silence = "none"
    silence_except: tuple[Except, ...] = ()
    options: Options = Options()
    if_: Condition = Field(default={}, alias="if")
    """Only cases that meet it have this term."""
    only_if_event: Names = ()
    """Only cases in which one of these events occurred have this term."""
    valid_from: date | None = None
    valid_to: date | None = None
    status: str = ""
    option: str = ""
    """The option that settles what is unclear."""
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _one_length(self) -> Term:
        given = [self.length is not None, self.due_attribute is not None, bool(self.phases)]
        if sum(given) != 1:
            raise ValueError("give a term exactly one of length, due_attribute and phases")
        if self.phases and self.phases[0].start is not None:
            raise ValueError("the first phase begins with the term: name its start there")
        return self
