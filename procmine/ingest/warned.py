"""What a user is warned of when a log is bound: an assumed zone, keys that restart, doubtful closings, lost rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from procmine.errors import DataQualityWarning
from procmine.ingest.closing import DOUBTFUL
from procmine.ingest.pairing import KEEPS_ROWS
from procmine.ingest.raw import EXPECTED
from procmine.ingest.report import ImportReport, reason_text
from procmine.ingest.rows import Zone
from procmine.log import EventLog

_MANY_TWICE = 0.02
"""Of the rows of a row per case; a few entries made twice are no sign of numbers that restart."""
_HOURS = "times are read as UTC, so local days may be wrong by hours"
_DAYS_ONLY = "the dates stay as they are, but terms of law refuse a zone that is only assumed"
_NO_CASE = " If the case above holds for them, as in merged cells, pass fill_down=True."


def warn(log: EventLog, zone: Zone) -> None:
    """Give each warning once, where the user called ``read``."""
    for text in _warnings(log, zone):
        warnings.warn(f"{log.import_report.source}: {text}", DataQualityWarning, stacklevel=5)


def _warnings(log: EventLog, zone: Zone) -> Iterator[str]:
    report = log.import_report
    if zone.assumed:
        yield _of_zone(zone, days_only=log.precision == "day")
    twice = sum(found.count for found in report.findings if found.kind == "case_twice")
    if twice > _MANY_TWICE * report.rows_read:
        yield (
            f"{twice:,} rows have a case key that stands in another row as well; they count as one case. "
            "If numbers restart, add the year, the registry or the sheet: case=['sheet', 'Nr.']."
        )
    yield from (note for note in report.notes if note.startswith(DOUBTFUL))
    yield from _of_rejected(report)


def _of_zone(zone: Zone, *, days_only: bool) -> str:
    risk = _DAYS_ONLY if days_only else _HOURS
    return (
        f"{zone.reason}; {risk}. Pass the zone of the office, such as "
        "tz='Europe/Bucharest', 'Europe/Rome' or 'Europe/Athens'."
    )


def _of_rejected(report: ImportReport) -> Iterator[str]:
    """Speak of the rows that are lost, not of those that are set aside as they should be."""
    reasons = report.by_reason()
    kept = reasons["reason"].str.endswith(KEEPS_ROWS) | reasons["reason"].isin(EXPECTED)
    lost = reasons[~kept]
    if lost.empty:
        return
    most = lost.iloc[0]
    yield (
        f"{int(lost['rows'].sum()):,} of {report.rows_read:,} {report.counted} rejected, "
        f"most often: {reason_text(most['reason'], most['column'])} (first in row {most['first_row']}). "
        f"List them with log.import_report.rejected.{_NO_CASE if most['reason'] == 'no case' else ''}"
    )
