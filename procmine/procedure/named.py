"""What the terms of a procedure name: the events of the law and the attributes of conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from procmine.procedure.term import Start, Term

if TYPE_CHECKING:
    from procmine.procedure.procedure import Procedure


def events_of(term: Term) -> Iterator[str]:
    """Return the events that a term names, those of the fallback of its start left out."""
    for start in (term.start, *(phase.start for phase in term.phases)):
        yield from _starts(start)
    yield from (*term.ends_on, *term.only_if_event)
    for phase in term.phases:
        yield from (*phase.ends_on, *phase.double_on)
    for pause in term.pauses:
        yield from (*pause.from_, *pause.until)
    for extension in term.extend:
        yield from extension.event
    if term.replace_term is not None:
        yield from term.replace_term.event


def attributes_of(term: Term) -> Iterator[str]:
    """Return the attributes that the conditions of a term name."""
    yield from term.if_
    for variant in term.variants:
        yield from variant.if_
    for extension in term.extend:
        yield from extension.if_
    for exception in term.silence_except:
        yield from (*exception.if_, *exception.unless)


def unmapped_events(procedure: Procedure) -> dict[str, list[str]]:
    """Return the events that terms name and ``events`` does not explain, with the ids of the terms."""
    return _unmapped(procedure, events_of, procedure.events)


def unmapped_attributes(procedure: Procedure) -> dict[str, list[str]]:
    """Return the attributes that terms name and ``attributes`` does not explain, with the ids of the terms."""
    return _unmapped(procedure, attributes_of, procedure.attributes)


def starts_of(procedure: Procedure) -> Iterator[tuple[str, ...]]:
    """Return the events that start each version of each term: a log with none of them is that of another procedure."""
    for use in procedure.uses:
        for version in use.versions:
            yield version.start.any_of or version.start.all_of


def _unmapped(
    procedure: Procedure, names: Callable[[Term], Iterator[str]], known: Iterable[str]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for use in procedure.uses:
        named = {name for term in use.versions for name in names(term)}
        for name in sorted(named - set(known)):
            found.setdefault(name, []).append(use.id)
    return found


def _starts(start: Start | None) -> Iterator[str]:
    if start is not None:
        yield from (*start.any_of, *start.all_of)
