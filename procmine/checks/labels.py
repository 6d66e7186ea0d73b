"""Names that are probably the same: other capitals, accents or spaces, or a letter typed wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from procmine.checks.check import Check, Flaw, listed, percent
from procmine.checks.columns import MOST_LABELS, TextColumn
from procmine.checks.context import Context
from procmine.ingest.names import folded
from procmine.kernels import Ints

LEAST_USE = 5
"""A column of names uses each of them five times on average."""
SHORTEST = 5
"""Words of four letters (send, sent, sign) are each other's neighbours by chance."""
LONG = 9
"""From nine letters on two edits are a misspelling, below only one."""
RARER = 0.2
"""A misspelling is at most a fifth as frequent as the right name."""
_SHOWN = 3


def similar_labels(context: Context) -> list[Flaw]:
    """Count values of activities, units and text attributes whose name is probably another one misspelt.

    Alike are names that are equal once accents, capitals, spaces and punctuation are folded away,
    or whose differing words differ by one edit (two from nine letters on) one of which has at
    least five letters, where one name is at most a fifth as frequent as the other. Names never match that
    differ in a number, in a word of one or two letters (stage A and B), or by letters put in front
    (legal, illegal). The rarer names count; columns with more than 1,500 names are not looked at.
    *Distorted label* in Suriadi et al. (2017); edits as by Levenshtein (1966),
    with transpositions.
    """
    return [
        flaw for names, by_case in _columns(context) for flaw in _alike(context, names, by_case)
    ]


def _columns(context: Context) -> Iterator[tuple[TextColumn, bool]]:
    """Yield the columns of names, and whether they have a value per case rather than per step."""
    log = context.log
    yield TextColumn(context.column("activity"), log.activity.names(), log.activity.codes), False
    if log.unit is not None:
        yield TextColumn(context.column("unit"), log.unit.names(), log.unit.codes), False
    yield from ((column, False) for column in context.step_columns)
    yield from ((column, True) for column in context.case_columns)


def _alike(context: Context, names: TextColumn, by_case: bool) -> Iterator[Flaw]:
    if not 2 <= len(names.labels) <= MOST_LABELS:
        return
    plain = [folded(label) for label in names.labels]
    groups = _same_spelling(plain)
    near = _near(plain)
    if not (groups or near):
        return
    used = int(np.count_nonzero(names.counts))
    if int(names.counts.sum()) < LEAST_USE * used:
        return
    spelt = list(_rarer_spellings(groups, names.counts))
    if spelt:
        how = "the same but for capitals, accents, spaces or signs"
        yield _flaw(context, names, by_case, spelt, "medium", how)
    typed = _misspelt(near, names.counts)
    if typed:
        yield _flaw(context, names, by_case, typed, "low", "nearly the same, perhaps misspelt")


def _same_spelling(plain: Sequence[str]) -> list[list[int]]:
    """Return groups of names that fold to the same text."""
    groups: dict[str, list[int]] = {}
    for code, name in enumerate(plain):
        groups.setdefault(name, []).append(code)
    return [group for name, group in groups.items() if name and len(group) > 1]


def _rarer_spellings(groups: list[list[int]], counts: Ints) -> Iterator[tuple[int, int]]:
    """Yield pairs (rarer, most frequent) of the names of each group that occur."""
    for group in groups:
        usual, *others = sorted(group, key=lambda code: (-counts[code], code))
        yield from ((code, usual) for code in others if counts[code])


def _near(plain: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of names of which one may be the other misspelt."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    apart = cdist(plain, plain, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    alike = (apart > 0) & (apart <= 2)
    numbers = np.unique(
        [" ".join(re.findall(r"\d+", name)) for name in plain], return_inverse=True
    )[1]
    alike &= numbers[:, None] == numbers  # step 1 and step 2 are two steps
    pairs = np.argwhere(np.triu(alike, 1))
    return [(int(a), int(b)) for a, b in pairs if misspells(plain[a], plain[b])]


def _misspelt(near: list[tuple[int, int]], counts: Ints) -> list[tuple[int, int]]:
    """Return pairs (rarer, most frequent like it) of the names that occur, where one is far rarer."""
    found: dict[int, int] = {}
    for pair in near:
        rare, usual = sorted(pair, key=lambda code: (counts[code], -code))
        if not 0 < counts[rare] <= RARER * counts[usual]:
            continue
        if rare not in found or counts[usual] > counts[found[rare]]:
            found[rare] = usual
    return sorted(found.items())


def misspells(name: str, other: str) -> bool:
    """Tell whether two folded names differ only by letters that look mistyped.

    >>> misspells("site vist", "site visit"), misspells("step 1", "step 2"), misspells("legal", "illegal")
    (True, False, False)
    """
    from rapidfuzz.distance import OSA

    words, others = Counter(name.split()), Counter(other.split())
    a, b = (" ".join((x - y).elements()) for x, y in ((words, others), (others, words)))
    short, long = sorted((a, b), key=len)
    if len(long) < SHORTEST or long.endswith(short):
        return False
    if any(any(c.isdigit() for c in word) or len(word) <= 2 for word in f"{a} {b}".split()):
        return False
    return bool(OSA.distance(a, b) <= (2 if len(short) >= LONG else 1))


def _flaw(
    context: Context,
    names: TextColumn,
    by_case: bool,
    pairs: list[tuple[int, int]],
    severity: str,
    how: str,
) -> Flaw:
    rare = [code for code, _ in pairs]
    count, total = int(names.counts[rare].sum()), int(names.counts.sum())
    hit = np.flatnonzero(np.isin(names.codes, rare))[:5]
    steps = context.log.offsets[:-1][hit] if by_case else hit
    of = "cases" if by_case else "steps"
    told = "; ".join(
        f"{listed([names.labels[a]])} ({names.counts[a]:,}) and {listed([names.labels[b]])} "
        f"({names.counts[b]:,})"
        for a, b in pairs[:_SHOWN]
    )
    more = f"; and {len(pairs) - _SHOWN:,} more pairs" if len(pairs) > _SHOWN else ""
    return Flaw(
        severity,
        names.name,
        count,
        count / total,
        f"Names in '{names.name}' that are {how}: {told}{more}; {count:,} {of} ({percent(count / total)}) have the "
        "rarer name.",
        "If they mean the same, write them alike in the source before reading it.",
        steps,
    )


LABELS = Check(
    "similar_labels",
    "Activities, units and text values that are the same but for capitals, accents, spaces and signs, or that are rare "
    "and an edit or two away from a frequent one.",
    "process_map, variants, results by this column: one thing is counted as two",
    similar_labels,
)
