"""Persons in a log: anonymous codes by default, pseudonyms under the user's key, names only when asked for."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import BindingError, SourceError
from procmine.ingest.binding import Binding
from procmine.ingest.findings import Finding
from procmine.ingest.kinds import is_text
from procmine.ingest.names import Names, folded, usual
from procmine.ingest.personal import kind_of
from procmine.ingest.report import ImportReport
from procmine.log import Coded, EventLog

KEY_VARIABLE = "PROCMINE_PSEUDONYM_KEY"
_LEAST_KEY_BYTES = 16
NAMELESS = "nameless"
_NAMELESS = re.compile(r"column \d+$")  # as readers call a column without a name
_WORDS = {
    "naming persons": ("person_words",),
    "personal ids": ("id_words", "birth"),
    "free text": ("text_words",),
}
"""The roles whose words a column's name may hold among others, by what such a column shows of persons."""
_STRICTER = ("name", "pseudonym", "anonymous", "drop")
"""What ``resources=`` may ask, from the most that is shown to the least."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def protected(resource: Coded, mode: str, key_file: str | Path | None = None) -> Coded | None:
    """Return the resources as ``resources=`` asks: ``anonymous``, ``pseudonym``, ``name`` or
    ``drop`` (None).

    Anonymous codes are numbered in a random order that is thrown away, so that neither name nor
    order leads back. The key of pseudonyms is in ``key_file``, or else in the environment; it is
    read and forgotten.
    """
    if mode == "drop":
        return None
    if mode == "name":
        return resource
    if mode == "pseudonym":
        names = _pseudonyms(resource.names(), _key(key_file))
        return Coded(resource.codes, pa.array(names, pa.string()))
    number = np.random.default_rng().permutation(len(resource.labels)).astype(np.int32)
    codes = np.where(
        resource.codes >= 0, np.append(number, np.int32(-1))[resource.codes], np.int32(-1)
    )
    names = [f"person {i + 1}" for i in range(len(resource.labels))]
    return Coded(codes.astype(np.int32), pa.array(names, pa.string()))


def person_columns(
    columns: Iterable[str], binding: Binding, names: Names | None = None
) -> list[str]:
    """Return the columns that may name persons and may not be shown: the bound one, and those named like one.

    Columns of the binding's ``keep`` may be shown, but for the one that is bound to ``resource=``.
    """
    if binding.resources == "name":
        return []
    return [
        name
        for name in columns
        if name == binding.resource or (name not in binding.keep and shows_persons(name, names))
    ]


def personal_contents(table: pa.Table, binding: Binding) -> dict[str, str]:
    """Return the columns that show persons by what they hold, and what that looks like; ``keep`` is not asked."""
    if binding.resources == "name":
        return {}
    asked = [name for name in table.column_names if name not in binding.keep]
    kinds = {name: kind_of(table[name], name=name) for name in asked}
    return {name: kind for name, kind in kinds.items() if kind is not None}


def nameless_texts(table: pa.Table, binding: Binding) -> dict[str, str]:
    """Return the columns of text without a name in the source: nothing tells that they are not of persons."""
    if binding.resources == "name":
        return {}
    return {
        name: NAMELESS
        for name in table.column_names
        if _NAMELESS.match(name) and name not in binding.keep and is_text(table[name])
    }


@dataclass(frozen=True)
class LeftOut:
    """The columns that may not be shown: by their names, and by what they hold with what that looks like."""

    by_name: tuple[str, ...]
    by_contents: Mapping[str, str]

    @property
    def columns(self) -> frozenset[str]:
        """All of them."""
        return frozenset({*self.by_name, *self.by_contents})


def left_out(table: pa.Table, binding: Binding, names: Names | None = None) -> LeftOut:
    """Return the columns of a table that may show persons: by name, else by contents, or as texts without a name."""
    by_name = tuple(person_columns(table.column_names, binding, names))
    rest = table.drop_columns(list(by_name))
    contents = {**personal_contents(rest, binding), **nameless_texts(rest, binding)}
    return LeftOut(by_name, contents)


def shows_persons(column: str, names: Names | None = None) -> str | None:
    """Tell by its name what a column shows of persons: it names them, holds their ids, or is free text.

    A name of clerks counts also at the end, where heads of two rows put it; others as a whole word.

    >>> shows_persons("Nume solicitant"), shows_persons("E-mail"), shows_persons("Tip lucrare")
    ('naming persons', 'personal ids', None)
    """
    name = column.removeprefix("case:")
    return _shows(folded(name), names) or _shows(folded(_HUMP.sub(" ", name)), names)


def _shows(plain: str, names: Names | None) -> str | None:
    clerks = usual("resource", names)
    if plain in clerks or plain in usual("persons", names):
        return "naming persons"
    for kind, roles in _WORDS.items():
        words = tuple(word for role in roles for word in usual(role, names))
        if _any_of(words).search(plain):
            return kind
    under_a_wider_head = plain.endswith(tuple(f" {name}" for name in clerks))
    return "naming persons" if under_a_wider_head else None


@lru_cache(maxsize=32)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


def notes_on_left_out(
    by_name: Iterable[str], by_contents: Mapping[str, str], names: Names | None = None
) -> list[str]:
    """Return a note for each reason for which columns are left out, with how to keep them.

    >>> notes_on_left_out(["CNP"], {"Cod client": "IBAN"})
    ["left out as personal ids: 'CNP'; keep it with keep=['CNP']",
     "left out as it looks like IBAN: 'Cod client'; keep it with keep=['Cod client']"]
    """
    reasons: dict[str, list[str]] = {f"as {kind}": [] for kind in _WORDS}
    for name in by_name:
        reasons[f"as {shows_persons(name, names) or 'naming persons'}"].append(name)
    for name, kind in by_contents.items():
        why = "as it has no name" if kind == NAMELESS else f"as it looks like {kind}"
        reasons.setdefault(why, []).append(name)
    return [_note(why, columns) for why, columns in reasons.items() if columns]


def _note(why: str, columns: list[str]) -> str:
    shown = ", ".join(map(repr, columns))
    other = "bind one with resource=, or " if why == "as naming persons" else ""
    which = "it" if len(columns) == 1 else "them"
    return f"left out {why}: {shown}; {other}keep {which} with keep=[{shown}]"


def findings_on_left_out(table: pa.Table, by_contents: Mapping[str, str]) -> list[Finding]:
    """Return a finding for each column that is left out for what it holds, with the number of its cells."""
    return [
        Finding("personal", name, len(column) - column.null_count, (), note)
        for name, kind in by_contents.items()
        for column in [table[name]]
        for note in notes_on_left_out([], {name: kind})
    ]


def shows_less(mode: str, now: str) -> bool:
    """Tell whether one way of ``resources=`` shows less of persons than another."""
    return mode in _STRICTER and _STRICTER.index(mode) > _STRICTER.index(now)


def hide_persons(log: EventLog, mode: str, key_file: str | Path | None = None) -> EventLog:
    """Return a log, such as one that was saved with names, with its persons as ``resources=mode`` asks.

    What would show names beside the resource goes as well: columns that show persons, filters by
    them, and the values of rejected rows. Raises BindingError where the log shows less than ``mode`` would.
    """
    now = log.binding.resources
    if mode == now:
        return log
    if not shows_less(mode, now):
        raise BindingError(
            f"the log has its persons as {now!r}, and resources={mode!r} cannot be had from that\n"
            "read the export that it came from again"
        )
    binding = replace(log.binding, resources=mode)
    steps = _without_persons(log.step_attributes, log.resource, binding)
    cases = _without_persons(log.case_attributes, log.resource, binding)
    gone = {*log.step_attributes.column_names, *log.case_attributes.column_names}
    gone -= {*steps.column_names, *cases.column_names}
    return replace(
        log,
        resource=None if log.resource is None else protected(log.resource, mode, key_file),
        resources_hidden=mode == "anonymous",
        binding=binding,
        import_report=_without_values(log.import_report) if now == "name" else log.import_report,
        step_attributes=steps,
        case_attributes=cases,
        history=tuple(_without_filter(words, gone) for words in log.history),
    )


def _without_persons(table: pa.Table, resource: Coded | None, binding: Binding) -> pa.Table:
    out = set(left_out(table, binding).columns)
    if resource is not None:
        rest = [name for name in table.column_names if name not in binding.keep]
        out |= {name for name in rest if holds_persons(table[name], resource)}
    return table.drop_columns([name for name in table.column_names if name in out])


def _without_values(report: ImportReport) -> ImportReport:
    shown = report.rejected["value"]
    return replace(report, rejected=report.rejected.assign(value=shown.where(shown == "", "…")))


def _without_filter(words: str, gone: set[str]) -> str:
    """Return what was filtered, without the values where a column that is gone was asked."""
    asked = sorted(name for name in gone if f"{name} is " in words)
    return f"filtered by {', '.join(asked)}" if asked else words


def holds_persons(column: pa.ChunkedArray, resource: Coded) -> bool:
    """Tell whether at least half of a column's values are names of the resource column.

    Numbers must also be at least half of the resources: a few small numbers mean something else.
    """
    if pa.types.is_dictionary(column.type):
        values = column.unify_dictionaries().chunk(0).dictionary if len(column) else resource.labels
        hits = int(pc.sum(pc.is_in(values, value_set=resource.labels)).as_py() or 0)
        return hits > 0 and hits * 2 >= len(values)
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return False
    numbers = [float(name) for name in resource.names() if re.fullmatch(r"-?\d+(\.\d+)?", name)]
    values = pc.unique(column).drop_null().to_numpy() if numbers else np.zeros(0)
    hits = int(np.isin(values, numbers).sum())
    return hits > 0 and hits * 2 >= max(len(values), len(resource.labels))


def _pseudonyms(names: list[str], key: bytes) -> list[str]:
    return [hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:16] for name in names]


def _key(key_file: str | Path | None) -> bytes:
    """Return the key of a file, or of the environment: the variable holds it, or the path of a file that does."""
    value = os.environ.get(KEY_VARIABLE, "")
    if key_file is not None:
        key = _key_in(Path(key_file))
    elif value and len(value) < 4096 and Path(value).is_file():
        key = _key_in(Path(value))
    else:
        key = value.encode()
    if len(key) < _LEAST_KEY_BYTES:
        where = f"in {key_file}" if key_file is not None else "in the environment"
        raise BindingError(
            f'resources="pseudonym" needs a secret key of at least {_LEAST_KEY_BYTES} bytes {where}\n'
            f"set {KEY_VARIABLE} to the key or to the path of a file that holds it, or give key_file=; "
            "keep it apart from the data"
        )
    return key


def _key_in(file: Path) -> bytes:
    if not file.is_file():
        raise SourceError(
            f"there is no key file {file}\nname one that holds the key, with key_file="
        )
    return file.read_bytes().strip()
