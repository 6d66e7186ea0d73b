"""What a procedure file explains of its log: activities, closings, the events of the law, and attributes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AliasChoices, Field, model_validator

from procmine.procedure.term import Length, Names, Part, Positive, Scalar

Owner = Literal["office", "applicant", "third_party"]
Outcome = Literal["approved", "refused", "answered", "returned", "withdrawn", "other"]


class Activity(Part):
    """An activity of the procedure: its other spellings, the unit, a target, and whose time runs after it."""

    name: str
    aliases: Names = ()
    unit: str | None = None
    target: Length | None = None
    then: Owner | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class Closing_(Part):  # noqa: N801 (pm.Closing is the closing of a binding)
    """An activity that closes a case, and how it went out."""

    activity: str
    outcome: Outcome = "other"

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"activity": value} if isinstance(value, str) else value


class OutcomeSource(Part):
    """A column of the log that says how a closed case went out, and what its values mean."""

    attribute: str
    values: dict[str, Outcome]


class Period(Part):
    """How many days an event gives: a number, or the attribute that holds it, of this step or of another one."""

    days: Positive | None = None
    attribute: str | None = None
    activity: Names = ()
    """The activity whose last step so far holds the attribute; without it the step of the event does."""

    @model_validator(mode="after")
    def _one(self) -> Period:
        if (self.days is None) == (self.attribute is None):
            raise ValueError("give either days: a number, or attribute: the column with the days")
        if self.activity and self.attribute is None:
            raise ValueError("activity says where the attribute stands: name the attribute, too")
        return self


class EventSource(Part):
    """What an event of the law is in the log: activities, or a date attribute of the case."""

    activities: Names = Field(
        default=(),
        validation_alias=AliasChoices("activity", "activities"),
        serialization_alias="activity",
    )
    attribute: str | None = None
    date: str | None = None
    """The step attribute that holds the day, where it is not the day of the step."""
    period: Period | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_names(cls, value: Any) -> Any:
        return {"activity": value} if isinstance(value, str | list | tuple) else value

    @model_validator(mode="after")
    def _one(self) -> EventSource:
        if bool(self.activities) == (self.attribute is not None):
            raise ValueError("name either the activity (or a list of them) or the attribute")
        if self.date is not None and not self.activities:
            raise ValueError("date is an attribute of steps: name the activity, too")
        return self


class AttributeSource(Part):
    """What an attribute of a condition is in the log: a case attribute, or one value for all cases."""

    attribute: str | None = None
    value: Scalar | None = None

    @model_validator(mode="after")
    def _one(self) -> AttributeSource:
        if (self.attribute is None) == (self.value is None):
            raise ValueError(
                "give either attribute: the case attribute, or value: one for all cases"
            )
        return self
