"""The binding: which column of a source means what; it can be saved, edited and used again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from procmine.errors import BindingError, SourceError, did_you_mean

RESOURCE_MODES = ("anonymous", "pseudonym", "name", "drop")
_HINTS = (
    ("tz", "# tz: Europe/Bucharest                        the zone of the office"),
    (
        "closed",
        "# closed: [Permit issued, Refused]            the activities that close a case; or",
    ),
    ("closed", "# closed: {column: Status, values: [closed]}  a status and its closing values; or"),
    ("closed", "# closed: {column: End date}                  the date on which the case closed"),
)
"""Lines that a saved binding offers for what no column can say."""
ROLES = (
    "case",
    "activity",
    "timestamp",
    "start",
    "end",
    "resource",
    "unit",
    "lifecycle",
    "instance",
)
"""The parameters that name a column."""


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
            return cls(_texts(closed.get("activities")), column, _texts(closed.get("values")))
        return cls(activities=_texts(closed))

    def checked(self) -> Closing:
        """Return the closing, or raise BindingError where it says nothing or two things."""
        if bool(self.activities) == (self.column is not None) or (self.values and not self.column):
            raise BindingError(
                f"closed= says {'nothing' if not self.activities else 'two things'}: {self!r}\n"
                "give closing activities, or {'column': 'End date'}, or {'column': 'Status', 'values': ['closed']}"
            )
        return self


@dataclass(frozen=True)
class Binding:
    """Which column is the case, the activity, the time and so on, and how to read them.

    Made by :func:`procmine.inspect` or from the parameters of :func:`procmine.read`; ``save`` and
    ``load`` keep it as YAML.
    ``reasons`` says why a column was proposed; it is not part of what the binding means.
    """

    case: str | None = None
    activity: str | None = None
    timestamp: str | None = None
    start: str | None = None
    end: str | None = None
    resource: str | None = None
    unit: str | None = None
    lifecycle: str | None = None
    instance: str | None = None
    tz: str | None = None
    order: tuple[str, ...] = ()
    closed: Closing | None = None
    resources: str = "anonymous"
    time_format: str | None = None
    separator: str | None = None
    on_bad_rows: str = "drop"
    reasons: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def columns(self) -> dict[str, str]:
        """Return the bound columns by role, those of ``closed`` not among them."""
        return {role: str(getattr(self, role)) for role in ROLES if getattr(self, role) is not None}

    def time_columns(self) -> list[str]:
        """Return the columns that hold the times of the rows."""
        return [column for column in (self.start, self.end, self.timestamp) if column is not None]

    def checked(self) -> Binding:
        """Return the binding, or raise BindingError where it is incomplete or contradicts itself."""
        for role, example in (("case", "Nr. dosar"), ("activity", "Activitate")):
            if getattr(self, role) is None:
                raise BindingError(
                    f"no column is bound to {role}=\nname it, such as {role}={example!r}"
                )
        if not self.time_columns():
            raise BindingError("no column is bound to a time\ngive timestamp=, or start= and end=")
        if self.timestamp is not None and (self.start is not None or self.end is not None):
            raise BindingError("timestamp= goes alone\ngive either timestamp=, or start= and end=")
        if self.lifecycle is not None and self.timestamp is None:
            raise BindingError(
                "lifecycle= needs one timestamp= per row\nwith start= and end= leave lifecycle= out"
            )
        bound: dict[str, str] = {}
        for role, column in self.columns().items():
            if column in bound:
                raise BindingError(
                    f"column {column!r} is bound to both {bound[column]}= and {role}=\n"
                    f"name another column for one of them{_one_time(role)}"
                )
            bound[column] = role
        if self.closed is not None:
            self.closed.checked()
        for name, known in (("resources", RESOURCE_MODES), ("on_bad_rows", ("drop", "raise"))):
            if getattr(self, name) not in known:
                raise BindingError(
                    f"{name}={getattr(self, name)!r} is not one of {', '.join(map(repr, known))}"
                )
        return self

    def with_defaults(self, proposed: Binding) -> Binding:
        """Return the binding with what it leaves open taken from a proposed one."""
        mine = {role: getattr(self, role) for role in ROLES}
        if any(mine[role] is not None for role in ("timestamp", "start", "end")):
            proposed = replace(proposed, timestamp=None, start=None, end=None, lifecycle=None)
        taken = set(mine.values())
        open_roles: dict[str, Any] = {
            role: column if (column := getattr(proposed, role)) not in taken else None
            for role in ROLES
            if mine[role] is None
        }
        reasons = {role: why for role, why in proposed.reasons.items() if open_roles.get(role)}
        return replace(self, **open_roles, reasons=reasons)

    def without(self, roles: Iterable[str]) -> Binding:
        """Return the binding with the given roles left open."""
        kept = {name: value for name, value in self.columns().items() if name not in set(roles)}
        open_roles: dict[str, Any] = {role: kept.get(role) for role in ROLES}
        return replace(self, **open_roles)

    def because(self, reasons: Mapping[str, str]) -> Binding:
        """Return the same binding with the reasons of its columns."""
        return replace(self, reasons=reasons)

    def save(self, path: str | Path) -> None:
        """Write the binding as YAML, each proposed column with its reason as a comment."""
        lines = ["# Which column means what. Edit it, then give it back as binding= or --binding."]
        for name, value in self.to_plain().items():
            text = _yaml_line({name: value})
            why = " ".join(self.reasons.get(name, "").split())
            shown = f"  # {why}" if why.isprintable() and why and "\n" not in text else ""
            lines.append(text + shown)
        lines += [hint for name, hint in _HINTS if getattr(self, name) is None]
        Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Binding:
        """Read a binding that was saved; raises BindingError with the misspelt field."""
        import yaml

        file = Path(path)
        if not file.exists():
            raise SourceError(
                f"there is no binding file {file}\nmake one with: procmine inspect FILE --save {file.name}"
            )
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise SourceError(f"{file} is not in UTF-8\nsave it as UTF-8 text") from error
        except yaml.YAMLError as error:
            raise BindingError(
                f"{file} is not YAML{_line_of(error)}\n"
                "put texts with colons or marks in quotes, and close every bracket and quote"
            ) from error
        if not isinstance(content, dict):
            raise BindingError(
                f"{file} holds no binding\nit is a list of lines such as 'case: Nr. dosar'"
            )
        return cls.of_plain(content, where=str(file))

    @classmethod
    def of_plain(cls, content: Mapping[str, Any], *, where: str) -> Binding:
        """Make a binding of plain values, as YAML and JSON hold them."""
        known = [item.name for item in fields(cls) if item.name != "reasons"]
        for name in content:
            if name not in known:
                raise BindingError(
                    f"{where}: no field {name!r} in a binding\n"
                    f"fields are: {', '.join(known)}{did_you_mean(str(name), known)}"
                )
        values = {name: value for name, value in content.items() if value is not None}
        values["order"] = _texts(values.get("order"))
        values["closed"] = Closing.of(values.get("closed"))
        for name, value in values.items():
            if name not in ("order", "closed") and not isinstance(value, str):
                raise BindingError(f"{where}: {name} is {value!r}, not a text\nwrite it in quotes")
        return cls(**values)

    def to_plain(self) -> dict[str, Any]:
        """Return the fields that are set as plain values, as YAML and JSON hold them."""
        plain: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name == "reasons" or value is None or value == ():
                continue
            plain[item.name] = list(value) if isinstance(value, tuple) else value
        if self.closed is not None:
            closed = {name: value for name, value in asdict(self.closed).items() if value}
            plain["closed"] = {
                name: list(v) if isinstance(v, tuple) else v for name, v in closed.items()
            }
        return plain

    def __str__(self) -> str:
        shown = self.columns()
        if self.tz is not None and "tz" in self.reasons:
            shown["tz"] = self.tz
        width = max((len(repr(value)) for value in shown.values()), default=0)
        return "\n".join(
            f"{role:<10} {value!r:<{width}}  {self.reasons.get(role, 'as given')}"
            for role, value in shown.items()
        )

    def _repr_html_(self) -> str:
        from procmine import card

        return card.binding_card(self)


def _yaml_line(item: dict[str, Any]) -> str:
    """Write one field; letters stay legible unless YAML would not read them back (as a next-line mark)."""
    import yaml

    for legible in (True, False):
        text = yaml.safe_dump(item, allow_unicode=legible, sort_keys=False, width=1000).rstrip()
        if yaml.safe_load(text) == item:
            break
    return str(text)


def _one_time(role: str) -> str:
    return "; a single time per row is timestamp=" if role == "end" else ""


def _line_of(error: Exception) -> str:
    """Say in which line a YAML error was found."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    return f": {problem}" + (f" (line {mark.line + 1})" if mark is not None else "")


def _texts(values: Any) -> tuple[str, ...]:
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
