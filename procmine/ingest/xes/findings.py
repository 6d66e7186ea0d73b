"""What a reader of XES found odd, with the place in the file where it first was."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from procmine.ingest.raw import rejections
from procmine.ingest.xes.checks import XesFile


@dataclass(frozen=True)
class Findings:
    """Notes and rejected events; places are offsets in the file (None: no single place) until written."""

    notes: list[tuple[str, int | None]] = field(default_factory=list)
    rejected: dict[int, tuple[str, str, str | None, int | None]] = field(default_factory=dict)
    """By event, counted from 0: column, reason, value and place."""

    def note(self, text: str, at: int | None = None) -> None:
        """Say something about the whole file."""
        self.notes.append((text, at))

    def reject(
        self, event: int, column: str, reason: str, value: str | None, at: int | None
    ) -> None:
        """Leave an event out; the first reason counts."""
        self.rejected.setdefault(event, (column, reason, value, at))

    def written(self, file: XesFile) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Return the table of rejected events and the notes, with lines and columns of the file."""
        events = sorted(self.rejected)
        places = [self.rejected[event][3] for event in events] + [at for _, at in self.notes]
        known = [at for at in places if at is not None]
        found = iter(file.places(np.array(known, np.int64)) if known else [])
        said = ["" if at is None else f" ({next(found)})" for at in places]
        records = [
            (
                event + 1,
                self.rejected[event][0],
                self.rejected[event][1] + place,
                self.rejected[event][2],
            )
            for event, place in zip(events, said[: len(events)], strict=True)
        ]
        notes = zip(self.notes, said[len(events) :], strict=True)
        return rejections(records), tuple(text + place for (text, _), place in notes)
