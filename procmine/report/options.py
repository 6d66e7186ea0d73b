"""Say with the options of the command line what an error or a note says with parameters of Python."""

from __future__ import annotations

import re

_OPTION_NAMES = (
    "case|activity|timestamp|start|end|resource|unit|lifecycle|tz|order|closed|separator|time_format|"
    "as_of|by|period|binding"
)
# Fields of a saved binding that have no option, or that an option says only in part.
_FIELD_NAMES = r"resources|on_bad_rows|instance|closed(?=={|= in )"
# What stands in quotes is of the data and stays as it is.
_QUOTED = r"""(?<!\w)'(?:[^'\\\n]|\\.)*'|(?<!\w)"(?:[^"\\\n]|\\.)*\""""
_REJECTED = r"(?P<list>[Ll])ist them with log\.import_report\.rejected"
_CALL = r'pm\.read\(\.\.\., (?P<setting>\w+)="(?P<value>\w+)"\)'
_FIELD = rf"(?<![\w-])(?P<field>{_FIELD_NAMES})=(?P<filled>(?=[\w'\"{{]))?"
_OPTION = rf"(?<![\w-])(?P<option>{_OPTION_NAMES})=(?P<none>None\b)?(?P<given>(?=[\w'\"]))?"
_PART = re.compile("|".join((_QUOTED, _REJECTED, _CALL, _FIELD, _OPTION)))


def as_options(text: str) -> str:
    """Write parameters as options, those without one as fields of a saved binding, and the rest as it is.

    >>> as_options("pass time_format='%m/%d/%Y', or name another column with timestamp=")
    "pass --time-format '%m/%d/%Y', or name another column with --timestamp"
    >>> as_options("no column 'end=' for lifecycle=; keep them with resources='name'")
    "no column 'end=' for --lifecycle; keep them with resources: 'name'"
    """
    return _PART.sub(_written, text)


def _written(part: re.Match[str]) -> str:
    """Return one part of a text as the command line says it."""
    found = part.groupdict()
    if found["option"]:
        value = " ''" if found["none"] else " " if found["given"] is not None else ""
        return f"--{found['option'].replace('_', '-')}{value}"
    if found["field"]:
        return f"{found['field']}:{' ' if found['filled'] is not None else ''}"
    if found["setting"]:
        return f"{found['setting']}: {found['value']} in the binding"
    if found["list"]:
        find = "Find" if found["list"] == "L" else "find"
        return f"{find} them in tables/rejected_rows.csv of the report"
    return part[0]
