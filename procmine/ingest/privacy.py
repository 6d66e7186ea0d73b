"""Persons in a log: anonymous codes by default, pseudonyms under the user's key, names only when asked for."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import BindingError
from procmine.ingest.binding import Binding
from procmine.ingest.propose import NAMES, folded
from procmine.log import Coded

KEY_VARIABLE = "PROCMINE_PSEUDONYM_KEY"
_LEAST_KEY_BYTES = 16
PERSONS = frozenset(NAMES["resource"]) | frozenset(
    map(folded, (
        "responsible", "responsible actor", "case responsible actor", "monitoring resource", "assignee", "owner",
        "startevent resource", "startevent org resource", "responsabil", "responsabile", "verantwoordelijke",
        "υπευθυνος", "applicant", "solicitant", "petent", "emitent petent", "titular", "richiedente", "istante",
        "aanvrager", "αιτων", "nume", "nume si prenume", "nome e cognome", "naam", "ονοματεπωνυμο",
    ))
)  # fmt: skip
"""Usual names, folded, of columns that name clerks or applicants."""
_WORDS = {
    "naming persons": (
        "solicitant", "petent", "titular", "richiedente", "istante", "aanvrager", "αιτων", "applicant",
        "intocmit de", "intocmit",
    ),
    "personal ids": (
        "cnp", "codice fiscale", "bsn", "αφμ", "email", "e mail", "telefon", "telefono", "adresa",
        "indirizzo", "iban",
    ),
    "free text": (
        "observatii", "note", "opmerkingen", "παρατηρησεις", "oggetto", "obiect", "continut",
    ),
}  # fmt: skip
"""Words that a column's name may hold among others, by what such a column shows of persons."""
_SHOWS = {
    kind: re.compile(rf"\b(?:{'|'.join(map(folded, words))})\b") for kind, words in _WORDS.items()
}


def protected(resource: Coded, mode: str) -> Coded | None:
    """Return the resources as ``resources=`` asks: ``anonymous``, ``pseudonym``, ``name`` or
    ``drop`` (None).

    Anonymous codes are numbered in a random order that is thrown away, so that neither name nor
    order leads back.
    """
    if mode == "drop":
        return None
    if mode == "name":
        return resource
    if mode == "pseudonym":
        return Coded(resource.codes, pa.array(_pseudonyms(resource.names()), pa.string()))
    number = np.random.default_rng().permutation(len(resource.labels)).astype(np.int32)
    codes = np.where(
        resource.codes >= 0, np.append(number, np.int32(-1))[resource.codes], np.int32(-1)
    )
    names = [f"person {i + 1}" for i in range(len(resource.labels))]
    return Coded(codes.astype(np.int32), pa.array(names, pa.string()))


def person_columns(columns: Iterable[str], binding: Binding) -> list[str]:
    """Return the columns that may name persons and may not be shown: the bound one, and those named like one."""
    if binding.resources == "name":
        return []
    return [name for name in columns if name == binding.resource or shows_persons(name)]


def shows_persons(column: str) -> str | None:
    """Tell by its name what a column shows of persons: it names them, holds their ids, or is free text.

    >>> shows_persons("Nume solicitant"), shows_persons("E-mail"), shows_persons("Tip lucrare")
    ('naming persons', 'personal ids', None)
    """
    plain = folded(column.removeprefix("case:"))
    if plain in PERSONS:
        return "naming persons"
    return next((kind for kind, words in _SHOWS.items() if words.search(plain)), None)


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


def _pseudonyms(names: list[str]) -> list[str]:
    key = _key()
    return [hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:16] for name in names]


def _key() -> bytes:
    """Return the key from the environment: the variable holds it, or the path of a file that does."""
    value = os.environ.get(KEY_VARIABLE, "")
    file = Path(value) if value else None
    key = (
        file.read_bytes().strip()
        if file is not None and len(value) < 4096 and file.is_file()
        else value.encode()
    )
    if len(key) < _LEAST_KEY_BYTES:
        raise BindingError(
            f'resources="pseudonym" needs a secret key of at least {_LEAST_KEY_BYTES} bytes in the environment\n'
            f"set {KEY_VARIABLE} to the key or to the path of a file that holds it; keep it apart from the data"
        )
    return key
