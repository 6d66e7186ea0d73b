"""The binding: which column of a source means what; it can be saved, edited and used again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from procmine.errors import BindingError, ColumnNotFoundError, SourceError, did_you_mean
from procmine.ingest.fields import READ
from procmine.ingest.marks import Annulled, Closing
from procmine.ingest.names import folded
from procmine.zones import CLOCK_CHANGES

RESOURCE_MODES = ("anonymous", "pseudonym", "name", "drop")
_CHOICES = (
    ("resources", RESOURCE_MODES),
    ("on_bad_rows", ("drop", "raise")),
    ("clock_change", CLOCK_CHANGES),
)
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
    "previous",
)
"""The parameters that name a column."""
JOINED = " + "
"""Stands between the names of columns that are joined."""
MILESTONE, MILESTONE_DATE = "milestone", "milestone date"
"""The columns that a row per case is turned into."""
PROPOSED_ROLES = (*ROLES, "milestones", "closed", "annulled")
"""What a proposal may fill in."""
_SAID = ("reasons", "notes")
_TIMES = ("timestamp", "start", "end")
_WITHOUT_STEPS: dict[str, Any] = dict.fromkeys(
    ("activity", *_TIMES, "lifecycle", "instance", "previous")
)


@dataclass(frozen=True)
class Binding:
    """Which column is the case, the activity, the time and so on, and how to read them.

    Made by :func:`procmine.inspect` or from the parameters of :func:`procmine.read`; ``save`` and
    ``load`` keep it as YAML.
    ``reasons`` says why a column was proposed, and ``notes`` what else was seen of the source; they
    are not part of what the binding means.
    """

    case: str | tuple[str, ...] | None = None
    activity: str | None = None
    timestamp: str | tuple[str, ...] | None = None
    start: str | tuple[str, ...] | None = None
    end: str | tuple[str, ...] | None = None
    milestones: Mapping[str, str] = field(default_factory=dict)
    resource: str | None = None
    unit: str | None = None
    lifecycle: str | None = None
    instance: str | None = None
    previous: str | None = None
    tz: str | None = None
    order: tuple[str, ...] = ()
    closed: Closing | None = None
    annulled: Annulled | None = None
    resources: str = "anonymous"
    keep: tuple[str, ...] = ()
    fill_down: bool = False
    time_format: str | None = None
    clock_change: str = "first"
    separator: str | None = None
    encoding: str | None = None
    header: tuple[int, ...] = ()
    sheets: tuple[str, ...] = ()
    on_bad_rows: str = "drop"
    reasons: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    notes: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def columns(self) -> dict[str, str]:
        """Return the bound columns by role, those of ``closed`` not among them.

        Several columns of one role are joined with `` + ``, as the column is called that is made of
        them; milestones become two columns, the milestone and its date.
        """
        columns = {role: JOINED.join(names) for role, names in self.parts().items()}
        if self.milestones:
            columns |= {"activity": MILESTONE, "timestamp": MILESTONE_DATE}
        return columns

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return the columns of the source by role: one, or several that are joined."""
        values = {role: getattr(self, role) for role in ROLES}
        return {
            role: value if isinstance(value, tuple) else (value,)
            for role, value in values.items()
            if value is not None
        }

    def named(self) -> list[tuple[str, str]]:
        """Return every column of the source that is named, with the parameter that names it."""
        pairs = [(role, name) for role, names in self.parts().items() for name in names]
        pairs += [("milestones", name) for name in self.milestones]
        marks = {"closed": self.closed, "annulled": self.annulled}
        pairs += [(role, m.column) for role, m in marks.items() if m is not None and m.column]
        return pairs + [("keep", name) for name in self.keep]

    def in_words_of(self, columns: Sequence[str], *, source: str) -> Binding:
        """Return the binding with every column as the source spells it; raises ColumnNotFoundError where it has none.

        Names fold together: accents, capitals, spaces and marks between words do not matter where
        only one column is meant.
        """
        known = set(columns)
        spelt = {name: _spelt(role, name, known, columns, source) for role, name in self.named()}
        if all(name == column for name, column in spelt.items()):
            return self
        changes: dict[str, Any] = {
            role: tuple(spelt[n] for n in names) if len(names) > 1 else spelt[names[0]]
            for role, names in self.parts().items()
        }
        for role in ("closed", "annulled"):
            mark = getattr(self, role)
            if mark is not None and mark.column is not None:
                changes[role] = replace(mark, column=spelt[mark.column])
        milestones = {spelt[name]: activity for name, activity in self.milestones.items()}
        keep = tuple(spelt[name] for name in self.keep)
        return replace(self, milestones=milestones, keep=keep, **changes)

    def time_columns(self) -> list[str]:
        """Return the columns that hold the times of the rows."""
        columns = self.columns()
        return [columns[role] for role in ("start", "end", "timestamp") if role in columns]

    def complete(self) -> bool:
        """Tell whether case, activity and time are all bound."""
        steps = self.activity is not None and bool(self.time_columns())
        return self.case is not None and (steps or bool(self.milestones))

    def checked(self) -> Binding:
        """Return the binding, or raise BindingError where it is incomplete or contradicts itself."""
        if self.case is None:
            raise BindingError("no column is bound to case=\nname it, such as case='Nr. dosar'")
        if self.milestones:
            self._check_milestones()
        else:
            self._check_steps()
        self._check_twice()
        if self.closed is not None:
            self.closed.checked()
        for name, known in _CHOICES:
            if getattr(self, name) not in known:
                raise BindingError(
                    f"{name}={getattr(self, name)!r} is not one of {', '.join(map(repr, known))}"
                )
        return self

    def _check_milestones(self) -> None:
        others = [
            r
            for r in ("activity", *_TIMES, "lifecycle", "instance", "previous")
            if getattr(self, r)
        ]
        if others:
            raise BindingError(
                f"milestones= goes without {others[0]}=: each milestone is an activity with its date\n"
                "give milestones= for a row per case, or activity= and a time for a row per step"
            )
        for role, mark in (("closed", self.closed), ("annulled", self.annulled)):
            if mark is not None and mark.values and mark.column in self.milestones:
                raise BindingError(
                    f"{role}= names values of {mark.column!r}, which is a milestone and holds dates\n"
                    "name the column of a status"
                )
        for column, activity in self.milestones.items():
            if not isinstance(activity, str) or not activity.strip():
                raise BindingError(
                    f"milestones= names no activity for column {column!r}\n"
                    f"write it as milestones={{{column!r}: 'Received'}}"
                )

    def _check_steps(self) -> None:
        if self.activity is None:
            raise BindingError(
                "no column is bound to activity=\nname it, such as activity='Activitate', "
                "or give milestones= where each row is a case with a column per date"
            )
        if not self.time_columns():
            raise BindingError("no column is bound to a time\ngive timestamp=, or start= and end=")
        if self.timestamp is not None and (self.start is not None or self.end is not None):
            raise BindingError("timestamp= goes alone\ngive either timestamp=, or start= and end=")
        if self.lifecycle is not None and self.timestamp is None:
            raise BindingError(
                "lifecycle= needs one timestamp= per row\nwith start= and end= leave lifecycle= out"
            )
        for role in _TIMES:
            if isinstance(getattr(self, role), tuple) and len(getattr(self, role)) != 2:
                raise BindingError(
                    f"{role}={list(getattr(self, role))!r} names {len(getattr(self, role))} columns\n"
                    f"name two where date and clock time are apart: {role}=['Data', 'Ora']"
                )

    def _check_twice(self) -> None:
        bound: dict[str, str] = {}
        pairs = [(role, name) for role, name in self.named() if role in (*ROLES, "milestones")]
        for role, column in pairs:
            # one date may be shared by a start and an end that have clock times of their own
            if column in bound and not {bound[column], role} <= {"start", "end"}:
                raise BindingError(
                    f"column {column!r} is bound to both {bound[column]}= and {role}=\n"
                    f"name another column for one of them{_one_time(role)}"
                )
            bound[column] = role
        made = {JOINED.join(names) for names in self.parts().values() if len(names) > 1}
        made |= {MILESTONE, MILESTONE_DATE} if self.milestones else set()
        for role, column in self.named():
            if column in made:
                raise BindingError(
                    f"{role}= names the column {column!r}, and procmine makes one of that name\n"
                    "rename the column before reading"
                )
        columns = self.columns()
        if "start" in columns and columns["start"] == columns.get("end"):
            raise BindingError(
                f"column {columns['start']!r} is bound to both start= and end=\n"
                f"name another column for one of them{_one_time('end')}"
            )

    def with_defaults(self, proposed: Binding) -> Binding:
        """Return the binding with what it leaves open taken from a proposed one."""
        mine: dict[str, Any] = {role: getattr(self, role) for role in PROPOSED_ROLES}
        if self.milestones or self.activity is not None:
            proposed = replace(
                proposed, **(_WITHOUT_STEPS if self.milestones else {"milestones": {}})
            )
        if any(mine[role] is not None for role in _TIMES):
            proposed = replace(
                proposed, timestamp=None, start=None, end=None, lifecycle=None, milestones={}
            )
        taken = {name for _, name in self.named()}
        open_roles: dict[str, Any] = {
            role: _untaken(getattr(proposed, role), taken)
            for role in PROPOSED_ROLES
            if not mine[role]
        }
        reasons = {role: why for role, why in proposed.reasons.items() if open_roles.get(role)}
        return replace(self, **open_roles, reasons=reasons)

    def without(self, roles: Iterable[str]) -> Binding:
        """Return the binding with the given roles left open."""
        left_open: dict[str, Any] = {role: None for role in roles if role in ROLES}
        return replace(self, **left_open)

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
        known = [item.name for item in fields(cls) if item.name not in _SAID]
        for name in content:
            if name not in known:
                raise BindingError(
                    f"{where}: no field {name!r} in a binding\n"
                    f"fields are: {', '.join(known)}{did_you_mean(str(name), known)}"
                )
        values = {name: value for name, value in content.items() if value is not None}
        for name, value in values.items():
            read = READ.get(name)
            if read is not None:
                values[name] = read(name, value, where)
            elif not isinstance(value, str):
                raise BindingError(f"{where}: {name} is {value!r}, not a text\nwrite it in quotes")
        return cls(**values)

    def to_plain(self) -> dict[str, Any]:
        """Return the fields that are set as plain values, as YAML and JSON hold them."""
        plain: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name in _SAID or value in (None, (), {}, False):
                continue
            if item.name == "clock_change" and value == "first":
                continue
            if isinstance(value, Closing | Annulled):
                value = {name: _listed(part) for name, part in asdict(value).items() if part}
            plain[item.name] = dict(value) if isinstance(value, Mapping) else _listed(value)
        return plain

    def shown(self) -> dict[str, str]:
        """Return what is bound in words: the role, and the columns that stand for it."""
        shown = {role: " + ".join(map(repr, names)) for role, names in self.parts().items()}
        for number, (column, activity) in enumerate(self.milestones.items(), start=1):
            shown[f"milestone {number}"] = (
                repr(column) if column == activity else f"{column!r} as {activity!r}"
            )
        for role, mark in (("closed", self.closed), ("annulled", self.annulled)):
            if mark is not None:
                shown[role] = mark.text()
        if self.tz is not None and "tz" in self.reasons:
            shown["tz"] = repr(self.tz)
        return shown

    def reason(self, role: str) -> str:
        """Return why a line of :meth:`shown` stands there."""
        return self.reasons.get("milestones" if role.startswith("milestone ") else role, "as given")

    def __str__(self) -> str:
        shown = self.shown()
        wide = max((len(role) for role in shown), default=0)
        width = max((len(text) for text in shown.values() if len(text) <= 60), default=0)
        lines = [
            f"{role:<{max(wide, 10)}} {text:<{width}}  {self.reason(role)}"
            for role, text in shown.items()
        ]
        return "\n".join([*lines, *self.notes])

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


def _spelt(role: str, name: str, known: set[str], columns: Sequence[str], source: str) -> str:
    if name in known:
        return name
    alike = [column for column in columns if folded(column) == folded(name)]
    if len(alike) == 1:
        return alike[0]
    raise ColumnNotFoundError.among(name, columns, parameter=role, source=source)


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _untaken(value: Any, taken: set[str]) -> Any:
    """Return what is proposed for a role, or nothing where its column is spoken for."""
    names = value if isinstance(value, tuple | Mapping) else (value,)
    free = isinstance(value, Closing | Annulled) or not taken.intersection(names)
    return value if free else {} if isinstance(value, Mapping) else None
