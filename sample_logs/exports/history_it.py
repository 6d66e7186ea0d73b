"""history.parquet: the changes of status of a ticket system, with the time of each in UTC."""

from __future__ import annotations

import io
from datetime import datetime
from itertools import pairwise
from typing import Any

from exports.figures import UTC, counted, instant, spread, waits
from exports.tickets import (
    ANNULLED,
    CLOSED,
    CUT_OFF,
    NEW,
    REOPENED,
    SOLVED,
    TZ,
    WAITING,
    WORKING,
    Change,
    Desk,
    Ticket,
)

NAME, SEED = "history.parquet", 241_1990
COLUMNS = ("ticket", "old_status", "new_status", "changed_at", "team")


def made() -> tuple[bytes, dict[str, Any]]:
    """Return the table and its truth."""
    tickets = Desk(SEED).tickets()
    rows = _rows(tickets)
    return _parquet(rows), _truth(tickets, rows)


def _rows(tickets: list[Ticket]) -> list[tuple[Ticket, Change]]:
    """Return the changes in the order in which they were made."""
    rows = [(ticket, change) for ticket in tickets for change in ticket.changes]
    return sorted(rows, key=lambda row: instant(row[1].at, TZ))


def _parquet(rows: list[tuple[Ticket, Change]]) -> bytes:
    """Write the table uncompressed, as the bytes of compressed pages depend on the compressor."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    text, label = pa.string(), pa.dictionary(pa.int32(), pa.string())
    columns = [
        pa.array([ticket.key for ticket, _ in rows], text),
        pa.array([change.old for _, change in rows], text).cast(label),
        pa.array([change.new for _, change in rows], text).cast(label),
        pa.array([instant(change.at, TZ) for _, change in rows], pa.timestamp("ms", "UTC")),
        pa.array([change.team for _, change in rows], text).cast(label),
    ]
    file = io.BytesIO()
    table = pa.Table.from_arrays(columns, names=list(COLUMNS))
    pq.write_table(table, file, compression="none")
    return file.getvalue()


def _truth(tickets: list[Ticket], rows: list[tuple[Ticket, Change]]) -> dict[str, Any]:
    closed = [ticket for ticket in tickets if ticket.status == CLOSED]
    annulled = [ticket for ticket in tickets if ticket.status == ANNULLED]
    return {
        "tz": TZ,
        "times_are_in": "UTC",
        "precision": "millisecond",
        "as_of": CUT_OFF.isoformat(sep=" ", timespec="minutes"),
        "shape": "status history: a row per change of status",
        "binding": {
            "case": "ticket",
            "activity": "new_status",
            "timestamp": "changed_at",
            "unit": "team",
            "previous": "old_status",
            "closed": {"column": "new_status", "values": [CLOSED]},
            "annulled": {"column": "new_status", "values": [ANNULLED]},
        },
        "columns": list(COLUMNS),
        "cases": len(tickets),
        "events": len(rows),
        "activities": counted(change.new for _, change in rows),
        "moves": counted(f"{change.old} → {change.new}" for _, change in rows if change.old),
        "without_old_status": sum(change.old is None for _, change in rows),
        "units": counted(change.team for _, change in rows),
        "status_at_the_end": counted(ticket.status for ticket in tickets),
        "closed_cases": len(closed),
        "open_cases": len(tickets) - len(closed) - len(annulled),
        "annulled": {t.key: [change.new for change in t.changes] for t in annulled},
        "reopened_cases": sum(ticket.done(REOPENED) > 0 for ticket in tickets),
        "reopened_and_open": sum(t.done(REOPENED) > 0 and t.status != CLOSED for t in tickets),
        "breaks": {t.key: _break(t) for t in tickets if t.breaks},
        "ties": sum(
            a.at == b.at for t in tickets for a, b in zip(t.changes, t.changes[1:], strict=False)
        ),
        "closed_on_friday_at_19": sum(_on_friday(change) for _, change in rows),
        "waiting": _waiting(tickets),
        "new_on_another_day_in_utc": sum(
            change.new == NEW and _utc(change.at).date() != change.at.date() for _, change in rows
        ),
        "started_per_local_month": counted(f"{ticket.registered:%Y-%m}" for ticket in tickets),
        "days_elapsed": spread(_days(t.changes[0].at, t.changes[-1].at) for t in closed),
        "days_elapsed_to_first_closing": spread(
            _days(t.changes[0].at, next(c.at for c in t.changes if c.new == CLOSED))
            for t in tickets
            if t.done(CLOSED)
        ),
        "days_elapsed_to_last_closing": spread(
            _days(t.changes[0].at, [c.at for c in t.changes if c.new == CLOSED][-1])
            for t in tickets
            if t.done(CLOSED)
        ),
        "days_are_of": {
            "days_elapsed": "tickets whose last status is Chiusa, from their first change",
            "days_elapsed_to_first_closing": "tickets that were ever Chiusa, until the first time",
            "days_elapsed_to_last_closing": "tickets that were ever Chiusa, until the last time",
        },
        "examples": _examples(tickets),
    }


def _on_friday(change: Change) -> bool:
    """Tell whether the system closed the ticket, on a Friday at 19:00."""
    return change.new == CLOSED and f"{change.at:%w %H:%M:%S}" == "5 19:00:00"


def _waiting(tickets: list[Ticket]) -> dict[str, Any]:
    """Return how long what was solved waited for the Friday, and how long the citizen was waited for."""
    pairs = [pair for ticket in tickets for pair in pairwise(ticket.changes)]
    friday = [(a, b) for a, b in pairs if _on_friday(b)]
    citizen = [(a, b) for a, b in pairs if (a.new, b.new) == (WAITING, WORKING)]
    return {
        "counted": "from the change before to the change, where longer than 0",
        "closing_on_friday_at_19": {"cause": "batching", "source": SOLVED, "activity": CLOSED}
        | waits(_days(a.at, b.at) for a, b in friday),
        "citizen": {"cause": "external", "source": WAITING, "activity": WORKING}
        | waits(_days(a.at, b.at) for a, b in citizen),
    }


def _utc(moment: datetime) -> datetime:
    return instant(moment, TZ).astimezone(UTC)


def _days(earlier: datetime, later: datetime) -> float:
    return (_utc(later) - _utc(earlier)).total_seconds() / 86_400


def _break(ticket: Ticket) -> dict[str, str | None]:
    """Return the status that was entered last and the one that the next change says it left."""
    pairs = zip(ticket.changes, ticket.changes[1:], strict=False)
    earlier, later = next((a, b) for a, b in pairs if b.old != a.new)
    return {"entered": earlier.new, "left": later.old, "at": _stamp(later.at)}


def _stamp(moment: datetime) -> str:
    return _utc(moment).isoformat(timespec="milliseconds")


def _examples(tickets: list[Ticket]) -> list[dict[str, Any]]:
    """Return the first ticket, one reopened, one with a tie, the annulled one and one with a break."""
    chosen = [
        tickets[0],
        next(t for t in tickets if t.done(REOPENED) and t.status == CLOSED),
        next(t for t in tickets if t.changes[0].at == t.changes[1].at),
        next(t for t in tickets if t.status == ANNULLED),
        next(t for t in tickets if t.breaks),
    ]
    return [
        {"case": t.key, "statuses": [c.new for c in t.changes]}
        | {"times": [_stamp(c.at) for c in t.changes], "closed": t.status == CLOSED}
        for t in chosen
    ]
