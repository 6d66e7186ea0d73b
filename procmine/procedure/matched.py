"""A procedure beside a log: which labels and attributes of the log its names stand for, and which are missing."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from procmine.errors import DataQualityWarning, LabelNotFoundError
from procmine.ingest.spelling import matching
from procmine.kernels import Codes
from procmine.log import EventLog
from procmine.procedure.named import attributes_of, events_of, starts_of
from procmine.procedure.problems import nearest

if TYPE_CHECKING:
    from procmine.procedure.procedure import Procedure


def codes(procedure: Procedure, log: EventLog, names: Iterable[str]) -> Codes:
    """Return the codes of the labels of the log that the activities have, sorted, each once."""
    labels = tuple(log.activity.names())
    spellings = (spelling for name in names for spelling in procedure.spellings(name))
    found = {code for one in spellings if (code := _code(one, labels)) is not None}
    return np.array(sorted(found), dtype=np.int32)


@lru_cache(maxsize=4_096)
def _code(spelling: str, labels: tuple[str, ...]) -> int | None:
    """Return the code of the label that is meant; asked often of the same log, and folding takes time."""
    label = matching(spelling, labels)
    return None if label is None else labels.index(label)


def check(procedure: Procedure, log: EventLog) -> None:
    """Refuse what leaves an event, the closing or a term without anything in the log, and warn of the rest.

    A filtered log may have lost activities that the export has: it is only asked for its attributes.
    """
    _check_attributes(procedure, log)
    if not log.history:
        for what, names, must in _needed(procedure):
            if not len(codes(procedure, log, names)) and (must or _is_near(names, log)):
                _refuse_activities(what, names, log)
    told = [*_missing(procedure, log), *_unused(procedure), *_unexplained(procedure, log)]
    if told:
        warnings.warn("\n".join(told), DataQualityWarning, stacklevel=3)


def check_same_work(procedure: Procedure, log: EventLog) -> None:
    """Refuse a procedure of which a log has no activity at all: it is that of another log."""
    named = _named(procedure)
    if named and log.n_cases and not len(codes(procedure, log, named)):
        labels = sorted(log.activity.names())
        told = LabelNotFoundError.among(named[0], labels, what="activity")
        raise LabelNotFoundError(
            f"all {len(named):,} activities of the procedure {procedure.procedure} are missing: {told}\n"
            "give the procedure of this log, or add the labels of the log to the aliases of its activities"
        )


def check_closing(procedure: Procedure, log: EventLog) -> None:
    """Refuse a procedure whose closing the log lacks: every case would count as open.

    A filtered log may have lost the closing, and one that says itself what closes a case does without.
    """
    names = [part.activity for part in procedure.closing]
    if not names or not log.n_cases or log.history or log.closed_at is not None:
        return
    if not len(codes(procedure, log, names)):
        _refuse_activities("closing", names, log)


def _named(procedure: Procedure) -> list[str]:
    """Return the activities that the procedure names, each once."""
    named = [activity.name for activity in procedure.activities]
    named += [name for _, names, _ in _needed(procedure) for name in names]
    named += [name for part in procedure.flow for name in part.activities()]
    return list(dict.fromkeys(named))


def _needed(procedure: Procedure) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Return what events and the closing stand for, and whether the log must have one of it.

    What starts a term or closes a case must be there; a pause or an extension may not have happened yet.
    """
    for events in dict.fromkeys(starts_of(procedure)):
        sources = [procedure.events[event] for event in events if event in procedure.events]
        names = tuple(name for source in sources for name in source.activities)
        if names and all(source.activities for source in sources):
            yield f"event {' or '.join(events)}", names, True
    for event, source in procedure.events.items():
        if source.activities:
            yield f"event {event}", source.activities, False
        if source.period is not None and source.period.activity:
            yield f"the period of event {event}", source.period.activity, False
    if procedure.closing:
        yield "closing", tuple(one.activity for one in procedure.closing), True


def _is_near(names: Sequence[str], log: EventLog) -> bool:
    labels = log.activity.names()
    return any(nearest(name, labels) for name in names)


def _refuse_activities(what: str, names: Sequence[str], log: EventLog) -> None:
    labels = sorted(log.activity.names())
    told = LabelNotFoundError.among(names[0], labels, what="activity")
    others = f" (nor {', '.join(map(repr, names[1:20]))})" if len(names) > 1 else ""
    raise LabelNotFoundError(
        f"{what} of the procedure{others}: {told}\n"
        f"write the label as the log has it, or add it to the aliases of the activity{_is_value(names[0], log)}"
    )


def _is_value(name: str, log: EventLog) -> str:
    """Return the end of a message, where a name is no activity but a value of a column, such as a status."""
    for column in log.case_attributes.column_names:
        kind = log.case_attributes[column].type
        if pa.types.is_dictionary(kind):
            values = log.case_attributes[column].unique().drop_null().to_pylist()
            if matching(name, [str(value) for value in values]):
                return (
                    f"\n{name!r} is a value of {column!r}: how cases went out by a column stands under "
                    f"outcomes: {{attribute: {column}, values: {{{name}: …}}}}"
                )
    return ""


def _missing(procedure: Procedure, log: EventLog) -> list[str]:
    """Return a sentence on the activities that the log lacks, or none; a filtered log may have lost them."""
    missing = [name for name in _named(procedure) if not len(codes(procedure, log, [name]))]
    if not missing or log.history:
        return []
    labels = log.activity.names()
    shown = ", ".join(f"{name!r}{_near(name, labels)}" for name in missing[:20])
    more = f" and {len(missing) - 20:,} more" if len(missing) > 20 else ""
    return [
        f"{len(missing):,} activities of procedure {procedure.procedure} are not in the log: {shown}{more}; "
        "add the labels of the log as aliases, or take them out"
    ]


def _unused(procedure: Procedure) -> Iterator[str]:
    """Return a sentence for each event or attribute that no term asks for, while one asks for nearly the same."""
    for key, given, wanted in (
        ("events", procedure.events, procedure.unmapped()),
        ("attributes", procedure.attributes, procedure.unmapped_attributes()),
    ):
        for name in sorted(set(given) - _asked(procedure)):
            near = nearest(name, tuple(wanted))
            if near:
                yield f"{key}: of procedure {procedure.procedure}: no term asks for {name!r}{near}"


def _asked(procedure: Procedure) -> set[str]:
    versions = [version for use in procedure.uses for version in use.versions]
    events = {name for term in versions for name in (*events_of(term), *term.start.fallback)}
    return events | {name for term in versions for name in attributes_of(term)}


def _unexplained(procedure: Procedure, log: EventLog) -> Iterator[str]:
    """Return a sentence for what terms depend on and nobody explains: it counts as never, or as not met."""
    for name, terms in procedure.unmapped_attributes().items():
        if name not in log.case_attributes.column_names:
            yield (
                f"{', '.join(terms)}: depends on {name!r}, which counts as not met; write attributes: "
                f"{{{name}: {{attribute: …}}}}, or {{value: false}} if it never is"
            )
    for use in procedure.uses:
        for name in dict.fromkeys(n for version in use.versions for n in version.only_if_event):
            if name not in procedure.events:
                yield f"{use.id}: holds only for cases with {name!r}, which events: does not explain: none has it"
        for version in use.versions[-1:]:
            start = version.start.any_of or version.start.all_of
            yield from _stands_in(procedure, log, use.id, "starts", start)
            yield from _stands_in(procedure, log, use.id, "ends", version.ends_on)


def _stands_in(
    procedure: Procedure, log: EventLog, term: str, what: str, events: Sequence[str]
) -> Iterator[str]:
    """Return a sentence where none of the events that start or end a term is explained, so another stands in."""
    if not events or any(event in procedure.events for event in events):
        return
    instead = (
        "an earlier event or the first step" if what == "starts" else "the closing of the case"
    )
    if matching(events[0], log.activity.names()):
        hint = f"it is an activity: write events: {{a_word: {events[0]}}}, and the word here"
    else:
        hint = "say what it is in the log" + nearest(events[0], tuple(procedure.events))
    named = " or ".join(map(repr, events))
    yield f"{term}: {what} with {named}, which events: does not explain, so {instead} counts; {hint}"


def _near(name: str, labels: Sequence[str]) -> str:
    """Return the nearest label in brackets, or nothing."""
    near = nearest(name, labels).removeprefix("; ")
    return f" ({near})" if near else ""


def _check_attributes(procedure: Procedure, log: EventLog) -> None:
    cases, steps = log.case_attributes.column_names, log.step_attributes.column_names
    for event, source in procedure.events.items():
        _check_attribute(source.attribute, cases, f"event {event}", "case attribute")
        _check_attribute(source.date, [*steps, *cases], f"event {event}", "attribute")
        if source.period is not None:
            _check_attribute(
                source.period.attribute, [*steps, *cases], f"event {event}", "attribute"
            )
    if procedure.outcomes is not None:
        _check_attribute(procedure.outcomes.attribute, cases, "outcomes", "case attribute")
    for name, given in procedure.attributes.items():
        _check_attribute(given.attribute, cases, f"attribute {name}", "case attribute")
    for use in procedure.uses:
        for term in use.versions:
            _check_attribute(term.due_attribute, cases, f"term {use.id}", "case attribute")


def _check_attribute(name: str | None, names: Sequence[str], where: str, what: str) -> None:
    if name is not None and name not in names:
        raise LabelNotFoundError(
            f"{where} of the procedure: {LabelNotFoundError.among(name, names, what=what)}"
        )
