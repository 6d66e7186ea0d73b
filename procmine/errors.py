"""The errors and the warning that procmine raises: each says what, where, how many, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ProcmineError(Exception):
    """Something that the user can mend; the message says how."""


class SourceError(ProcmineError):
    """A file that is missing, empty, cut off, of another format, or refused for safety."""


class BindingError(ProcmineError):
    """The columns of a source do not make a log, or the binding contradicts itself."""


class ColumnNotFoundError(BindingError):
    """A column named in the binding is not in the source."""

    @classmethod
    def among(
        cls, column: str, columns: Iterable[str], *, parameter: str, source: str
    ) -> ColumnNotFoundError:
        """Say which columns there are, and which one was probably meant."""
        names = [str(name) for name in columns]
        return cls(
            f"no column {column!r} for {parameter}= in {source}\n"
            f"columns are: {_listed(names, 40)}{did_you_mean(column, names)}"
        )


class TimestampError(ProcmineError):
    """Times that cannot be read, are written in several ways, or run backwards."""


class LabelNotFoundError(ProcmineError):
    """An activity, attribute or other label that the log does not hold."""

    @classmethod
    def among(
        cls, label: str, labels: Iterable[str], *, what: str, where: str = " in the log"
    ) -> LabelNotFoundError:
        """Say which labels there are, and which one was probably meant."""
        names = [str(name) for name in labels]
        if not names:
            return cls(f"no {what} {label!r}{where}\nthe log has none at all")
        return cls(
            f"no {what} {label!r}{where}\nthere are: {_listed(names, 20)}{did_you_mean(label, names)}"
        )


class SummaryError(ProcmineError):
    """A sum of summaries that would mean nothing, or that does not fit in 64 bits."""


class CalendarError(ProcmineError):
    """A calendar that contradicts itself or cannot be read; ``field`` names the field, where it is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class CalendarCoverageError(CalendarError):
    """A day for which a calendar knows no holidays or no office hours."""


class ProcedureError(ProcmineError):
    """A procedure file, or a rule that it names, that cannot be used as it is written."""


class DataQualityWarning(UserWarning):
    """Odd but usable data; the text gives the count and where to look."""


def _listed(names: list[str], most: int) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def did_you_mean(wanted: str, names: Iterable[str]) -> str:
    """Return the closing line of a message: the nearest name, or nothing.

    >>> did_you_mean("Data inreg", ["Data înregistrare", "Stadiu"]).strip()
    "did you mean 'Data înregistrare'?"
    """
    by_folded = {name.casefold(): name for name in names}
    near = get_close_matches(wanted.casefold(), list(by_folded), n=1, cutoff=0.5)
    return f"\ndid you mean {by_folded[near[0]]!r}?" if near else ""
