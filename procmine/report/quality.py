"""What is odd in a log, in sentences with counts: notes on the quality of its data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from procmine.kernels import NAT
from procmine.log import EventLog
from procmine.plot.units import counted
from procmine.report.facts import Facts
from procmine.report.readable import count, share


def quality_notes(facts: Facts) -> list[str]:
    """Return what a reader should know of the data before trusting the figures, worst first."""
    notes = [
        *_rejected(facts.log),
        *_left_out(facts),
        *_times(facts.log),
        *_repeated(facts.log),
        *_cases(facts),
        *_spellings(facts.log),
        *facts.log.import_report.notes,
    ]
    # of the future the report says what lies after as_of, the same on whatever day it runs
    return [_sentence(note) for note in notes if not note.startswith("steps in the future")]


def _sentence(note: str) -> str:
    """Write a note of the import as a sentence.

    >>> _sentence("steps in the future: 3")
    'Steps in the future: 3.'
    """
    note = note[:1].upper() + note[1:]
    return note if note.endswith((".", "!", "?")) else f"{note}."


def _rejected(log: EventLog) -> list[str]:
    report = log.import_report
    if not report.rows_rejected:
        return []
    part = share(report.rows_rejected / report.rows_read)
    return [
        f"Rows that could not be used: {count(report.rows_rejected)} of {count(report.rows_read)} ({part}); "
        "the import report below says why."
    ]


def _left_out(facts: Facts) -> list[str]:
    if not facts.left_out:
        return []
    return [f"Steps left out because they begin after the report's date: {count(facts.left_out)}."]


def _times(log: EventLog) -> list[str]:
    notes = []
    if log.start is None:
        notes.append(
            "Each step has one time only. How long a step took and how long it waited before cannot be "
            "told apart: times between steps hold both."
        )
    else:
        unknown = int((log.start == NAT).sum())
        running = int((log.end == NAT).sum())
        notes += [f"Steps without a start time: {count(unknown)}."] if unknown else []
        notes += [f"Steps without an end time so far: {count(running)}."] if running else []
    if log.precision == "day":
        notes.append(
            "Times are dates without a time of day: steps of one day stand in the order of the source, "
            "and durations are whole days."
        )
    return notes


def _repeated(log: EventLog) -> list[str]:
    """Count steps that are the same as another one of their case."""
    columns = {"case": log.case_codes, "activity": log.activity.codes, "end": log.end}
    if log.start is not None:
        columns["start"] = log.start
    repeated = int(pd.DataFrame(columns).duplicated().sum())
    if not repeated:
        return []
    return [
        f"Steps that repeat another one of their case, with the same activity and times: {count(repeated)}. "
        "They may have been exported twice; they are counted."
    ]


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


def _spellings(log: EventLog) -> list[str]:
    """Find activities that differ in spacing or capital letters only."""
    names: dict[str, list[str]] = {}
    for name in log.activity.names():
        names.setdefault(" ".join(name.split()).casefold(), []).append(name)
    alike = [sorted(group) for _, group in sorted(names.items()) if len(group) > 1]
    return [
        f"Activities that differ only in spaces or capital letters: {', '.join(map(repr, group))}. "
        "They are counted as different."
        for group in alike
    ]
