"""The tables of docs/rules.md: ways of counting, pauses and rules, as the files of rules say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from procmine.procedure import rules
from procmine.procedure.named import attributes_of, events_of
from procmine.procedure.term import Compare, Condition, Counting, Length, Pause, Term

COUNTRIES = {"RO": "Romania", "IT": "Italy", "GR": "Greece", "NL": "The Netherlands"}
UNITS = {"day": "day", "working_day": "working day", "week": "week", "month": "month"}


def counting_table() -> str:
    """Return the ways of counting: which days count, and where a term may not end."""
    ways = [rules.counting(name) for name in sorted(rules.shipped().counting)]
    head = ("counting", "law", "last day", "does not end on", "besides", "status", "option")
    return table(head, [_counting_row(way) for way in ways])


def pauses_table() -> str:
    """Return the pauses, each version in a row."""
    names = sorted(rules.shipped().pauses)
    head = ("pause", "law", "valid", "from", "until", "effect", "limits", "status", "option")
    return table(head, [_pause_row(one) for name in names for one in rules.pause(name)])


def rules_tables() -> str:
    """Return the rules of each country, each version in a row."""
    head = ("rule", "law", "valid", "length", "counting", "pauses", "silence", "status", "to map")
    terms = [term for name in rules.ids() for term in rules.rule(name)]
    parts = [
        f"### {name}\n\n{table(head, [_rule_row(term) for term in terms if term.country == code])}"
        for code, name in COUNTRIES.items()
    ]
    return "\n" + "\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    from docs.tables import cell

    lines = [_line(head), "|" + "---|" * len(head)]
    return "\n".join([*lines, *(_line([cell(text) for text in row]) for row in rows)]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _counting_row(way: Counting) -> tuple[str, ...]:
    least, limits = way.min_working_days, way.not_if_longer_than
    besides = []
    if least is not None:
        besides.append(f"{least.from_days} days or more hold {least.at_least} working days")
    if limits is not None:
        longest = ", ".join(f"{n} {unit}" for unit, n in limits if n is not None)
        besides.append(f"neither for more than {longest}")
    last = "counts" if way.last_day_counts else "does not count"
    ends = ", ".join(way.roll_on)
    return (code(way.id), str(way.base), last, ends, "; ".join(besides), way.status, way.option)


def _pause_row(pause: Pause) -> tuple[str, ...]:
    return (
        *(code(pause.id), pause.base, valid(pause), codes(pause.from_), codes(pause.until)),
        *(f"`{pause.effect}`", "; ".join(_limits(pause)), pause.status, pause.option),
    )


def _limits(pause: Pause) -> Iterator[str]:
    if pause.phase is not None:
        yield f"in the {pause.phase} only"
    if pause.times is not None:
        yield "once" if pause.times == 1 else f"{pause.times} times"
    if pause.within_days_of_start is not None:
        yield f"within {pause.within_days_of_start} days of the start"
    if pause.max_days is not None:
        yield f"{pause.max_days} days at most"
    if pause.window_days is not None:
        yield f"ends after {pause.window_days} days by itself"
    if pause.plus_days:
        yield f"goes on for {pause.plus_days} days"
    if pause.requires_period:
        yield "only with a period given, and no longer"
    if pause.end_day_counts_as_running:
        yield "the clock runs on the day of the end"


def _rule_row(term: Term) -> tuple[str, ...]:
    silence = {"approval": "approves", "refusal": "refuses", "none": "–"}[term.silence]
    for exception in term.silence_except:
        unless = f" without {condition(exception.unless)}" if exception.unless else ""
        silence += f", not with {condition(exception.if_)}{unless}"
    pauses = dict.fromkeys(pause.id for pause in term.pauses)
    return (
        *(code(term.id), str(term.base), valid(term), "; ".join(_lengths(term))),
        *(code(term.counting.id), codes(pauses), silence, term.status, "; ".join(_to_map(term))),
    )


def _lengths(term: Term) -> Iterator[str]:
    if term.length is not None:
        yield length(term.length) + (" to check" if term.kind == "control_window" else "")
    for phase in term.phases:
        doubled = f", twice that with {codes(phase.double_on)}" if phase.double_on else ""
        yield f"{phase.id} {length(phase.length)}{doubled}"
    for variant in term.variants:
        yield f"{length(variant.length)} with {condition(variant.if_)}"
    for more in term.extend:
        early = (
            f" at least {more.days_before_due} days before the end" if more.days_before_due else ""
        )
        given = codes(more.event) if more.event else condition(more.if_)
        yield f"+ {length(more.by)} with {given}{early}"
    if term.replace_term is not None:
        other = term.replace_term
        within = f" within {length(other.latest)}" if other.latest else ""
        yield f"{length(other.length)} in all with {codes(other.event)}{within}"


def _to_map(term: Term) -> Iterator[str]:
    """Return the events and attributes that a procedure should map, the start first."""
    starts = term.start.any_of or term.start.all_of
    ends = tuple(dict.fromkeys([*term.ends_on, *(e for p in term.phases for e in p.ends_on)]))
    others = sorted(set(events_of(term)) - {*starts, *ends})
    yield f"starts: {(' and ' if term.start.all_of else ' or ').join(map(code, starts))}"
    if ends:
        yield f"ends: {codes(ends)}"
    if others:
        yield f"acts: {codes(others)}"
    attributes = sorted(set(attributes_of(term)))
    if attributes:
        yield f"attributes: {codes(attributes)}"


def length(given: Length) -> str:
    """Write a length: 15 working days."""
    return f"{given.n} {UNITS[given.unit]}{'s' if given.n != 1 else ''}"


def condition(given: Condition) -> str:
    """Write a condition: the attribute, and what it must be unless that is true."""
    return " and ".join(f"{code(name)}{_wanted(value)}" for name, value in given.items())


def _wanted(value: object) -> str:
    if value is True:
        return ""
    if isinstance(value, Compare):
        limits = ((name, limit) for name, limit in value if limit is not None)
        return "".join(f" {name.replace('_', ' ')} {limit:,.0f}" for name, limit in limits)
    return f" {value}"


def valid(part: Term | Pause) -> str:
    """Write the validity of a version; nothing where it is open."""
    first = f"from {part.valid_from}" if part.valid_from else ""
    last = f"to {part.valid_to}" if part.valid_to else ""
    return " ".join(filter(None, (first, last)))


def codes(names: Iterable[str]) -> str:
    """Write names as code."""
    return ", ".join(map(code, names))


def code(name: str) -> str:
    """Write a name as code."""
    return f"`{name}`"
