"""What the words of the report mean, and what it says of persons."""

from __future__ import annotations

from procmine.log import EventLog
from procmine.report.facts import Facts

_TERMS = (
    ("term", "How long the office has, by law or by a rule of its own. A case may have several terms."),
    ("due", "The last day of a term, counted as the country counts. What ends on that day is in time."),
    ("paused", "The clock of a term stands still lawfully, such as while the applicant completes the file. "
     "Pauses that the law does not allow, or not for so long, do not stop it."),
    ("voided", "Days that no longer count, because the term began anew."),
    ("overdue", "Open after the due date."),
    ("by silence", "The law takes the case for approved or refused when the due date has passed without a decision."),
    ("95 % interval", "Where the share may well lie if chance alone made it differ; wide where n is small (Wilson)."),
)  # fmt: skip
_CAUSES = (
    ("external", "A cause of waiting: an applicant or a third party has the file."),
    ("batching", "A cause of waiting: its batch is not complete, or the day on which it is done has not come."),
    ("contention", "A cause of waiting: who does the step is busy with steps that could have begun earlier."),
    ("prioritisation", "A cause of waiting: who does the step is busy with steps that could have begun later."),
    ("unavailability", "A cause of waiting: who does the step is not at work, by office hours, holidays and leave."),
    ("unexplained", "What is left of a wait when the causes that can be computed are taken off."),
    ("suspended", "A step has begun and stands still, such as until an adviser answers: no work is done."),
    ("working days lost", "The office hours within the waits, over those of a mean working day. A working day of 8 "
     "hours passes in 8 of the 24 hours of a day, so there may be more of them than days waited."),
    ("mean rises a month by", "The middle one of the slopes between the mean waits of any two months. Where its "
     "interval reaches from below to above 0 it may be chance."),
    ("queue", "How many cases wait for an activity at once, on average."),
    ("rework", "Steps done again in the same case, and steps back in the flow of the procedure, without those that the "
     "procedure foresees more than once."),
    ("completion asked for", "A step that asks the applicant to complete the file, with the days to the next step."),
    ("hand-over", "Two steps of a case, one after the other, in different units."),
    ("probably never", "An open case that has stood longer than any at that point that moved on, where at least 20 did "
     "that could have been seen to stand so long."),
)  # fmt: skip


def words(facts: Facts) -> list[tuple[str, str]]:
    """Return each word of the report with its meaning, those that this log needs."""
    return [
        ("case", "What is followed from its first step to its last, such as a dossier."),
        ("activity", "What is done, such as a task; each has its name in the log."),
        ("step", "One activity done once in a case, with its start and its end where both are known."),
        *([("unit", "The office or department that does a step.")] if facts.log.unit else []),
        ("path", "Two activities that directly follow each other in a case, and the time between them."),
        ("process map", "All activities and the paths between them."),
        ("variant", "The activities of a case in their order; cases with the same order share it."),
        *_times(facts),
        *_waiting(facts),
        *(_TERMS if facts.terms is not None else ()),
        ("median", "The value in the middle: half of the cases have this one or a smaller one."),
        ("90 % at most", "The value that nine cases in ten do not exceed (p90); so for 80 % and 95 %."),
        ("mean", "The sum divided by the number; a few very long cases raise it much."),
        ("n", "How many cases, steps or times a figure was computed from."),
        ("day", "24 hours, weekends and holidays included. Periods follow the office's local date."),
        ("–", "Not known: the log does not say it. It does not mean 0."),
    ]  # fmt: skip


def _waiting(facts: Facts) -> list[tuple[str, str]]:
    told = facts.waiting
    until = "ended, as steps have one time only: the work is in it" if told.is_sojourn else "began"
    wait = f"From when a step could have begun, as what it depends on had ended, until it {until}."
    lost = told.bottlenecks is not None and bool(
        told.bottlenecks["lost_working_days"].notna().any()
    )
    known = {
        "suspended": bool(told.suspended),
        "working days lost": lost,
        "completion asked for": told.asks,
        "external": told.says_whose_turn,
        "contention": not told.is_sojourn,
        "prioritisation": not told.is_sojourn,
        "hand-over": facts.log.unit is not None,
        "probably never": told.blockages is not None,
    }
    enabled = (
        "enabled",
        "A step is enabled when it could begin: when the steps that it depends on have ended.",
    )
    return [
        ("wait", wait),
        enabled,
        *((word, means) for word, means in _CAUSES if known.get(word, True)),
    ]


def _times(facts: Facts) -> list[tuple[str, str]]:
    between = (
        "From the end of a step to the start of the next."
        if facts.log.start is not None
        else "From one event to the next, as each step has one time only."
    )
    if not facts.closing_known:
        return [
            ("cycle time", "From the first step of a case to its last, as closing is unknown."),
            ("time on a path", between),
        ]
    return [
        ("closed, open", "A case is closed when its last closing step has ended (or at the closing date "
         "that the log gives), and open until then."),
        ("cycle time", "From the start of a case to its closing. Open cases have none yet."),
        ("age", "From the start of an open case to the date of the report."),
        ("time on a path", between),
    ]  # fmt: skip


def persons_said(log: EventLog) -> str:
    """Say what became of the persons of the log."""
    column = log.binding.resource
    if log.binding.resources == "name":
        return (
            "This log keeps the names of persons as they are written (resources: name). The report and its "
            "tables do not show the persons who did the steps, but columns kept as attributes of the cases may "
            "name some: handle the files accordingly."
        )
    if log.resource is None:
        return (
            "The log holds no persons who did the steps, or they were left out. Columns kept as attributes of the "
            "cases may still name persons: look at them before you hand the files on."
        )
    how = "pseudonyms under a key" if log.binding.resources == "pseudonym" else "random codes"
    return (
        f"Persons (column “{column}”) were turned into {how} when the log was read. No table, figure or file of "
        "this report shows them or compares them."
    )
