"""Notes on the data of a log in sentences with counts, beside the findings of the checks of quality."""

from __future__ import annotations

import numpy as np

from procmine.plot.units import counted
from procmine.report.facts import Facts
from procmine.report.options import as_options
from procmine.report.readable import count, share


def quality_notes(facts: Facts) -> list[str]:
    """Return what a reader should know of the data beside the findings of the checks, worst first."""
    notes = [*_left_out(facts), *_cases(facts), *facts.log.import_report.notes]
    # of the future the report says what lies after as_of, the same on whatever day it runs
    return [
        _sentence(as_options(note)) for note in notes if not note.startswith("steps in the future")
    ]


def _sentence(note: str) -> str:
    """Write a note of the import as a sentence.

    >>> _sentence("steps in the future: 3")
    'Steps in the future: 3.'
    """
    note = note[:1].upper() + note[1:]
    return note if note.endswith((".", "!", "?")) else f"{note}."


def _left_out(facts: Facts) -> list[str]:
    if not facts.left_out:
        return []
    return [f"Steps left out because they begin after the report's date: {count(facts.left_out)}."]


def _cases(facts: Facts) -> list[str]:
    notes = []
    single = int((np.diff(facts.log.offsets) == 1).sum())
    if single:
        part = share(single / facts.log.n_cases)
        notes.append(f"Cases with a single step: {count(single)} ({part}).")
    overlaps = int(facts.process_map.edges["overlaps"].sum())
    if overlaps:
        notes.append(
            f"Steps that begin before the previous step of the case ends: {count(overlaps)}; "
            "the time between the two counts as 0."
        )
    later = facts.cases["after_closing"]
    if later.any():
        notes.append(
            f"Cases with steps after closing: {count((later > 0).sum())} ({counted(later.sum(), 'step')}); "
            "their cycle time ends at the closing."
        )
    return notes
