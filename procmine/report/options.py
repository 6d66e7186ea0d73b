"""Say with the options of the command line what an error or a note says with parameters of Python."""

from __future__ import annotations

import re

_OPTION_NAMES = (
    "case|activity|timestamp|start|end|milestones|resource|unit|lifecycle|tz|order|closed|annulled|"
    "separator|encoding|header|sheets|keep|fill_down|names|query|time_format|as_of|by|period|binding|procedure|calendar"
)
_RENAMED = {"milestones": "milestone", "sheets": "sheet"}
# Fields of a saved binding that have no option, or that an option says only in part.
_FIELD_NAMES = (
    r"resources|on_bad_rows|instance|previous|clock_change|"
    r"closed(?=={|= in )|annulled(?=={)|milestones(?=={)"
)
# What stands in quotes is of the data and stays as it is.
_TEXT = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""
_QUOTED = rf"(?<!\w)(?:{_TEXT})"
_REJECTED = r"(?P<list>[Ll])ist them with log\.import_report\.rejected|(?P<table>log\.import_report\.rejected)"
_SAVE = r"(?P<save>pm\.inspect\(\.\.\.\)\.save\(\.\.\.\))"
_IN_PYTHON = r"(?P<python> in pm\.read\b(?!\())"
_CALENDAR = r"(?P<calendar>pm\.terms\(\.\.\., calendar=pm\.Calendar\('\w+'\)\))"
_CALL = r"""pm\.read\(\.\.\., (?P<setting>\w+)=(?:["'](?P<value>[\w/]+)["']|\[…\])\)"""
_FIELD = rf"(?<![\w-])(?P<field>{_FIELD_NAMES})=(?P<filled>(?=[\w'\"{{]))?"
_SEVERAL = rf"[\[(](?P<several>(?:{_TEXT}|\d+)(?:, ?(?:{_TEXT}|\d+))*)[\])]"
_OPTION = (
    rf"(?<![\w-])(?P<option>{_OPTION_NAMES})="
    rf"(?:{_SEVERAL}|(?P<none>None\b)|(?P<yes>True\b)|(?P<given>(?=[\w'\"])))?"
)
_PART = re.compile(
    "|".join((_QUOTED, _REJECTED, _SAVE, _IN_PYTHON, _CALENDAR, _CALL, _FIELD, _OPTION))
)


def as_options(text: str) -> str:
    """Write parameters as options, those without one as fields of a saved binding, and the rest as it is.

    >>> as_options("pass time_format='%m/%d/%Y', or name another column with timestamp=")
    "pass --time-format '%m/%d/%Y', or name another column with --timestamp"
    >>> as_options("no column 'end=' for lifecycle=; keep them with resources='name'")
    "no column 'end=' for --lifecycle; keep them with resources: 'name'"
    >>> as_options("keep them with keep=['CNP', 'E-mail'], or pass fill_down=True")
    "keep them with --keep 'CNP' --keep 'E-mail', or pass --fill-down"
    """
    return _PART.sub(_written, text)


def _written(part: re.Match[str]) -> str:
    """Return one part of a text as the command line says it."""
    found = part.groupdict()
    if found["option"]:
        return _option(found)
    if found["field"]:
        return f"{found['field']}:{' ' if found['filled'] is not None else ''}"
    if found["calendar"]:
        return "--calendar with its file"
    if found["setting"] in _OPTION_NAMES.split("|"):
        return f"--{found['setting']} {found['value'] or ''}".rstrip()
    if found["setting"]:
        return f"{found['setting']}: {found['value']} in the binding"
    if found["list"]:
        find = "Find" if found["list"] == "L" else "find"
        return f"{find} them in tables/rejected_rows.csv of the report"
    if found["save"]:
        return "procmine inspect --save"
    if found["table"]:
        return "tables/rejected_rows.csv of the report"
    return "" if found["python"] else part[0]


def _option(found: dict[str, str | None]) -> str:
    name = str(found["option"])
    option = f"--{_RENAMED.get(name, name).replace('_', '-')}"
    if found["several"]:
        values = re.findall(rf"{_TEXT}|\d+", found["several"])
        return " ".join(f"{option} {value}" for value in values)
    if found["none"]:
        return f"{option} ''"
    return option if found["yes"] or found["given"] is None else f"{option} "
