"""The cards that a notebook shows for a log and its import report."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from procmine import kernels
from procmine.log import EventLog

if TYPE_CHECKING:
    from procmine.ingest.binding import Binding
    from procmine.ingest.report import ImportReport

_STYLE = (
    "border:1px solid #bbb;border-radius:6px;padding:8px 14px;display:inline-block;"
    "font-family:sans-serif;font-size:13px;line-height:1.5;max-width:60em"
)


def log_card(log: EventLog) -> str:
    """Return the HTML card of a log: its sizes, period, zone, precision, rejected rows and filters."""
    facts = log_facts(log)
    left = "style='text-align:left;padding-right:1.5em'"
    rows = "".join(
        f"<tr><th {left}>{escape(name)}</th><td {left}>{escape(value)}</td></tr>"
        for name, value in facts.items()
    )
    source = escape(log.import_report.source)
    return f"<div style='{_STYLE}'><b>Event log</b> {source}<table>{rows}</table></div>"


def log_facts(log: EventLog) -> dict[str, str]:
    """Return what a first look at a log should say, in words."""
    report = log.import_report
    _, examples = kernels.variant_codes(log.activity.codes, log.offsets)
    facts = {
        "cases": f"{log.n_cases:,}",
        "steps": f"{log.n_steps:,}",
        "activities": f"{len(log.activity.labels):,}",
        "variants": f"{len(examples):,}",
        "period": period_text(log),
        "time zone": f"{log.tz} (assumed: say tz= when reading)" if log.tz_assumed else log.tz,
        "precision": f"times to the {log.precision}",
        "steps have": "start and end"
        if log.start is not None
        else "one timestamp (processing time is not computable)",
        "closing": _closing(log),
        "rejected": f"{report.rows_rejected:,} of {report.rows_read:,} {report.counted}",
    }
    if log.history:
        facts["filters"] = "; ".join(log.history)
    return facts


def period_text(log: EventLog) -> str:
    """Return the first and the last day of a log in words."""
    if not log.n_steps:
        return "no steps"
    first, last = (
        pd.Timestamp(int(t), unit="us", tz="UTC").tz_convert(log.tz)
        for t in (log.first.min(), log.last.max())
    )
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


def binding_card(binding: Binding) -> str:
    """Return the HTML card of a binding: what each column means and why."""
    left = "style='text-align:left;padding-right:1.5em'"
    rows = "".join(
        f"<tr><th {left}>{escape(role)}</th><td {left}>{escape(column)}</td>"
        f"<td {left}>{escape(binding.reason(role))}</td></tr>"
        for role, column in binding.shown().items()
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in binding.notes)
    head = f"<tr><th {left}>role</th><th {left}>column</th><th {left}>why</th></tr>"
    return f"<div style='{_STYLE}'><b>Binding</b><table>{head}{rows}</table><ul>{notes}</ul></div>"


def import_card(report: ImportReport) -> str:
    """Return the HTML card of an import report."""
    head = (
        f"{report.rows_read:,} {report.counted} read = "
        f"{report.rows_bound:,} bound + {report.rows_rejected:,} rejected"
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    table = report.by_reason().to_html(index=False, border=0) if report.rows_rejected else ""
    return (
        f"<div style='{_STYLE}'><b>Import report</b> {escape(report.source)}<br>{head}{table}<ul>{notes}</ul>"
        f"<small>SHA-256 {escape(report.sha256)}</small></div>"
    )


def _closing(log: EventLog) -> str:
    if log.closed_at is None:
        return "unknown (say closed= when reading): open and completed cases are not told apart"
    closed = int((log.closed_at != kernels.NAT).sum())
    return f"{closed:,} closed, {log.n_cases - closed:,} open"
