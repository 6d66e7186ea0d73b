"""Reading a calendar from a YAML file; errors name the file, the line and the field."""

from __future__ import annotations

from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procmine.calendars.own_days import own_days
from procmine.errors import CalendarError, did_you_mean

if TYPE_CHECKING:
    from procmine.calendars.calendar import Calendar

_EMPTY = ("", "~", "null")


def read_fields(make: type[Calendar], given: str | Path) -> Calendar:
    """Make a calendar of what a YAML file says."""
    if not isinstance(given, str | Path):
        raise CalendarError(
            f"{given!r} is no path of a calendar file\n"
            "give a path such as 'calendar.yaml', or the fields to pm.Calendar(...)"
        )
    path = Path(given)
    fields, lines = _parsed(path)
    allowed = list(signature(make).parameters)
    for name in fields:
        if name not in allowed:
            raise CalendarError(
                f"{path}, line {lines[name]}: a calendar has no field {name!r}\n"
                f"the fields are {', '.join(allowed)}{did_you_mean(name, allowed)}",
                name,
            )
    try:
        if "days" in fields:
            fields["days"] = own_days(fields["days"], path.parent)
        if "years" in fields:
            fields["years"] = _years(fields["years"])
        return make(**fields)
    except CalendarError as problem:
        line = lines.get(problem.field or "")
        at = f", line {line}" if line else ""
        raise type(problem)(f"{path}{at}: {problem}", problem.field) from None


def _parsed(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the fields that are filled in, every value as text (so NO is Norway), and the line of each."""
    import yaml

    try:
        text = path.read_text("utf-8-sig")
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        fields = yaml.load(text, Loader=yaml.BaseLoader)  # makes text, lists and dicts only
    except (OSError, UnicodeDecodeError) as problem:
        raise CalendarError(
            f"cannot read {path}: {problem}\ngive the path of a YAML file"
        ) from None
    except yaml.YAMLError as problem:
        raise CalendarError(f"{path} is no YAML: {problem}\nmend the line named") from None
    except RecursionError:
        raise CalendarError(f"{path} has brackets in brackets\nclose every bracket") from None
    if not isinstance(node, yaml.MappingNode) or not isinstance(fields, dict):
        raise CalendarError(f"{path} holds no fields\nwrite lines such as country: RO")
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if key.value in lines:
            raise CalendarError(
                f"{path}, line {line}: the field {key.value!r} stands in line {lines[key.value]} already\n"
                "keep one of the two"
            )
        lines[key.value] = line
    return {name: value for name, value in fields.items() if value not in _EMPTY}, lines


def _years(value: Any) -> Any:
    """Return years as numbers where they are; what is none is refused with the other fields."""
    given = value if isinstance(value, list) else [value]
    return [
        int(year) if isinstance(year, str) and year.strip().isdigit() else year for year in given
    ]
