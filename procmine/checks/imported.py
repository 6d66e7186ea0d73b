"""What the import found odd and read all the same, told again beside what it affects."""

from __future__ import annotations

from dataclasses import replace

from procmine.checks.check import Check, Flaw, graded
from procmine.checks.context import Context
from procmine.ingest.findings import Finding

_MANY = 0.05
_SAID = {"formula": "formulas without a stored value, taken as missing"}
_KINDS = {
    "clock_change": (
        "times between steps: up to an hour wrong",
        "Say with clock_change= which of two times is meant, or ask for times with their UTC offset.",
    ),
    "no_clock_time": (
        "process_map, variants: the order of these steps is that of the source; times between them",
        "Ask for the clock times, or bind the date alone.",
    ),
    "two_digit_year": (
        "all times",
        "Make sure that the years are of the right century, or ask for four digits.",
    ),
    "serial_time": (
        "all times",
        "Make sure that these numbers are dates, or format the column as dates.",
    ),
    "formula": (
        "the measures that need the column",
        "Open the file in Excel or LibreOffice, save it, and read it again.",
    ),
    "filled_down": (
        "all counts: by the case of the row above",
        "Make sure that the cells were merged.",
    ),
    "case_twice": (
        "started, cycle_time: rows with the same key count as one case",
        "Add the year, the registry or the sheet to case= if the numbers restart.",
    ),
}


def import_findings(context: Context) -> list[Flaw]:
    """Tell of times, formulas and keys that the import had to interpret; its notes have all of it."""
    report = context.log.import_report
    rows = max(report.rows_read, 1)
    return [
        Flaw(
            _severity(finding.kind, finding.count / rows),
            finding.column,
            finding.count,
            min(finding.count / rows, 1.0),
            f"{finding.text[:1].upper()}{finding.text[1:]}.",
            _KINDS[finding.kind][1],
            affects=_KINDS[finding.kind][0],
            rows=finding.rows,
        )
        for finding in _folded(report.findings)
    ]


def _severity(kind: str, share: float) -> str:
    """Keys that come back make wrong cases; a formula is a matter of its column alone."""
    if kind == "case_twice":
        return graded(share, high=_MANY, medium=0.0)
    return "low" if kind == "formula" else graded(share, medium=_MANY)


def _folded(findings: tuple[Finding, ...]) -> list[Finding]:
    """Return the findings that are told, those of one kind and column (of several sheets) as one."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.kind in _KINDS:
            key = (
                finding.text if finding.kind == "clock_change" else ""
            )  # twice and never are two things
            groups.setdefault((finding.kind, finding.column + key), []).append(finding)
    return [_as_one(group) for group in groups.values()]


def _as_one(group: list[Finding]) -> Finding:
    if len(group) == 1:
        return group[0]
    count = sum(finding.count for finding in group)
    what = _SAID.get(group[0].kind, group[0].kind.replace("_", " "))
    text = f"{group[0].column}: {what} in {len(group)} sheets: {count:,}"
    return replace(group[0], count=count, text=text)


IMPORTED = Check(
    "import_findings",
    "Times, formulas and keys that the import had to interpret: at clock changes, without a clock time, with two "
    "digits of the year, as numbers, without a stored value, filled down, or in two rows.",
    "the measures that need the column",
    import_findings,
)
