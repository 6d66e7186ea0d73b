"""The tables and lists of the pages in this folder that come from the code: put in anew between their marks."""

from __future__ import annotations

import re
from collections.abc import Callable

from docs import procedure_pages, rule_tables
from procmine.checks import CHECKS
from procmine.ingest.names import roles

MARKED = re.compile(r"(?<=<!-- begin )(\w+)( -->\n)(.*?)(?=<!-- end -->)", re.DOTALL)


def checks_table() -> str:
    """Return the checks: id, definition, and what a finding affects."""
    lines = ["| check | what counts | what it affects |", "|---|---|---|"]
    lines += [
        f"| `{check.name}` | {cell(check.definition)} | {cell(check.affects)} |" for check in CHECKS
    ]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Write a text so that it stays in one cell."""
    return text.replace("|", "\\|")


def roles_list() -> str:
    """Return the roles that a file of names may hold."""
    return ", ".join(f"`{role}`" for role in roles()) + ".\n"


GENERATED: dict[str, Callable[[], str]] = {
    "checks": checks_table,
    "roles": roles_list,
    "counting": rule_tables.counting_table,
    "pauses": rule_tables.pauses_table,
    "rules": rule_tables.rules_tables,
    "procedure_example": procedure_pages.example,
    "procedure_mistakes": procedure_pages.mistakes,
    "procedure_keys": procedure_pages.keys,
}


def renewed(page: str) -> str:
    """Return a page with everything between marks written anew."""
    return MARKED.sub(lambda found: f"{found[1]}{found[2]}{GENERATED[found[1]]()}", page)
