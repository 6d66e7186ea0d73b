"""What a status says of an entry: that it closes its case, or that it does not count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from procmine.errors import BindingError


@dataclass(frozen=True)
class Closing:
    """What closes a case: closing activities, a column with the end date, or a status column and its closing values."""

    activities: tuple[str, ...] = ()
    column: str | None = None
    values: tuple[str, ...] = ()

    @classmethod
    def of(cls, closed: Any) -> Closing | None:
        """Read ``closed=``: an activity or several, or ``{"column": …}`` with or without ``"values"``."""
        if closed is None or isinstance(closed, Closing):
            return closed
        if isinstance(closed, str):
            return cls(activities=(closed,))
        if isinstance(closed, Mapping):
            unknown = set(closed) - {"activities", "column", "values"}
            if unknown or not closed:
                raise BindingError(
                    f"closed={dict(closed)!r} is not understood: {sorted(unknown)}\n"
                    "give closing activities, {'column': 'End date'} or {'column': 'Status', 'values': ['closed']}"
                )
            column = closed.get("column")
            if column is not None and not isinstance(column, str):
                raise BindingError(
                    f"closed={dict(closed)!r}: column is not a text\nwrite it in quotes"
                )
            return cls(texts_of(closed.get("activities")), column, texts_of(closed.get("values")))
        return cls(activities=texts_of(closed))

    def checked(self) -> Closing:
        """Return the closing, or raise BindingError where it says nothing or two things."""
        if bool(self.activities) == (self.column is not None) or (self.values and not self.column):
            raise BindingError(
                f"closed= says {'nothing' if not self.activities else 'two things'}: {self!r}\n"
                "give closing activities, or {'column': 'End date'}, or {'column': 'Status', 'values': ['closed']}"
            )
        return self

    def text(self) -> str:
        """Return the closing in words."""
        if self.column is None:
            return ", ".join(map(repr, self.activities))
        return f"{self.column!r}" + (f" is {_or(self.values)}" if self.values else "")


@dataclass(frozen=True)
class Annulled:
    """A status column, and its values that mark entries which were annulled, or replaced by a corrected one."""

    column: str
    values: tuple[str, ...]

    @classmethod
    def of(cls, annulled: Any) -> Annulled | None:
        """Read ``annulled=``: ``{"column": "Status", "values": ["annulled"]}``."""
        if annulled is None or isinstance(annulled, Annulled):
            return annulled
        known = isinstance(annulled, Mapping) and set(annulled) == {"column", "values"}
        values = texts_of(annulled["values"]) if known else ()
        if not values or not isinstance(annulled["column"], str):
            raise BindingError(
                f"annulled={annulled!r} is not understood\n"
                "give the column and its values for entries that do not count: "
                "{'column': 'Status', 'values': ['annulled']}"
            )
        return cls(annulled["column"], values)

    def text(self) -> str:
        """Return what marks annulled entries in words."""
        return f"{self.column!r} is {_or(self.values)}"


def _or(values: Iterable[str]) -> str:
    return " or ".join(map(repr, values))


def texts_of(values: Any) -> tuple[str, ...]:
    """Return a text or several as a tuple of texts; whole numbers are written out."""
    if values is None:
        return ()
    if isinstance(values, str):
        return (values,)
    if not isinstance(values, Iterable):
        raise BindingError(f"{values!r} is not a text or a list of texts\nwrite it in quotes")
    texts = tuple(values)
    for value in texts:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise BindingError(f"{value!r} in {list(texts)!r} is not a text\nwrite it in quotes")
    return tuple(str(value) for value in texts)
