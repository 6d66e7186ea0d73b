"""Labels that are one in several spellings: they fold together, and the best spelling is shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from procmine.ingest.encodings import best_spelling
from procmine.ingest.names import folded
from procmine.kernels import Bools, Ints
from procmine.log import Coded

_COMMA, _CEDILLA, _ACUTE = "\u0326", "\u0327", "\u0301"


def folded_label(label: str) -> str:
    """Fold what differs by spelling only: capitals, spaces, Romanian cedilla or comma, Greek tonos and final sigma.

    Other accents stay: ``a`` and ``ă`` may be two words; so do capitals in labels with a digit.

    >>> folded_label("ΑΙΤΗΣΗ  ΠΟΛΙΤΗ") == folded_label("Αίτηση πολίτη"), folded_label("soluţionat")
    (True, 'soluționat')
    """
    one = " ".join(label.split())
    if not any(map(str.isdigit, one)):  # a.1 and A.1 may be two codes
        one = one.lower()
    plain = unicodedata.normalize("NFD", one.replace("ς", "σ"))
    kept: list[str] = []
    base = ""
    for letter in plain:
        if not unicodedata.combining(letter):
            base = letter
        elif letter == _ACUTE and "α" <= base <= "ω":
            continue
        elif letter == _CEDILLA and base in "st":
            letter = _COMMA
        kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept))


def one_spelling(column: Coded) -> tuple[Coded, Bools]:
    """Return a column whose labels that fold together are one, in their best spelling, and the rows that changed.

    The best spelling has the most accents, is not all in capitals where another in at least one row
    of ten is not, and is then the most frequent, and then the first.
    """
    spelt = best_spelling(column.labels)
    groups: dict[str, list[int]] = {}
    for place, label in enumerate(spelt.to_pylist()):
        groups.setdefault(folded_label(label), []).append(place)
    if len(groups) == len(spelt) and spelt.equals(column.labels):
        return column, np.zeros(len(column.codes), dtype=np.bool_)
    names = spelt.to_pylist()
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(names))
    best: dict[int, int] = {}
    for places in groups.values():
        best |= dict.fromkeys(places, _best(places, names, counts))
    kept = sorted(set(best.values()))
    code = {place: number for number, place in enumerate(kept)}
    new = np.array([code[best[place]] for place in range(len(names))] + [-1], dtype=np.int32)
    labels = pa.array([names[place] for place in kept], pa.string())
    was = column.labels.to_pylist()
    changed = np.array([names[best[p]] != was[p] for p in range(len(names))] + [False])
    return Coded(new[column.codes], labels), changed[column.codes]


def matching(wanted: str, labels: Sequence[str]) -> str | None:
    """Return the label that is meant: the same, or else the only one that folds to the same.

    Where none does, accents do not matter either, as keyboards may lack them.

    >>> matching("SOLUTIONAT", ["soluționat", "clasat"])
    'soluționat'
    """
    if wanted in labels:
        return wanted
    for fold in (folded_label, folded):
        same = [label for label in labels if fold(label) == fold(wanted)]
        if same:
            return same[0] if len(same) == 1 else None
    return None


def _best(places: list[int], names: list[str], counts: Ints) -> int:
    """Return the place of the best spelling of one label."""
    enough = sum(int(counts[place]) for place in places) / 10

    def rank(place: int) -> tuple[int, bool, int, int]:
        name, count = names[place], int(counts[place])
        return (_accents(name), not name.isupper() and count >= enough, count, -place)

    return max(places, key=rank)


def _accents(label: str) -> int:
    return sum(bool(unicodedata.combining(c)) for c in unicodedata.normalize("NFD", label))
