"""The shipped rules of each country: read once, completed with what they extend, and found by their id."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from procmine.errors import ProcedureError
from procmine.procedure.problems import nearest
from procmine.procedure.rules.files import Plain, Shipped, read_rules
from procmine.procedure.term import Counting, Options, Pause, Term

_FOLDER = Path(__file__).parent.parent / "data" / "rules"
_KINDS = {"rules": "rule", "pauses": "pause", "counting": "way of counting"}


def ids() -> tuple[str, ...]:
    """Return the ids of the shipped rules, in order."""
    return tuple(sorted(shipped().rules))


@cache
def rule(rule_id: str) -> tuple[Term, ...]:
    """Return every version of a shipped rule, complete; ProcedureError names the nearest id."""
    return tuple(_term(version) for version in part("rules", rule_id))


@cache
def counting(counting_id: str) -> Counting:
    """Return a shipped way of counting; ProcedureError names the nearest id."""
    found = part("counting", counting_id)
    return Counting.model_validate({**found, "id": counting_id})


@cache
def pause(pause_id: str) -> tuple[Pause, ...]:
    """Return every version of a shipped pause; ProcedureError names the nearest id."""
    versions = part("pauses", pause_id)
    return tuple(Pause.model_validate({**version, "id": pause_id}) for version in versions)


def part(kind: str, wanted: str) -> Any:
    """Return what the files say of a rule, a pause or a way of counting, as it is written.

    Pauses and rules have a mapping per version; rules name their counting and pauses by id.
    """
    what, known = _KINDS[kind], getattr(shipped(), kind)
    if isinstance(wanted, str) and wanted in known:
        return known[wanted]
    near = nearest(str(wanted), list(known))
    listed = "" if near else f"; there are: {', '.join(sorted(known))}"
    raise ProcedureError(f"there is no {what} {wanted!r}{near}{listed}")


def resolved(term: Term) -> Term:
    """Return the term with its options put into its counting and pauses, and with the name of its version."""
    version = f"{term.id}@{term.valid_from}" if term.valid_from else term.id
    return term.model_copy(
        update={
            "version": term.version or version,
            "counting": _counted(term.counting, term.options),
            "pauses": tuple(_paused(pause, term.options) for pause in term.pauses),
        }
    )


def _counted(counting: Counting, options: Options) -> Counting:
    changed: dict[str, Any] = {}
    if options.roll_saturday is not None:
        others = tuple(kind for kind in counting.roll_on if kind != "sat")
        changed["roll_on"] = ("sat", *others) if options.roll_saturday else others
    if options.free_days is not None:
        changed["last_day_counts"] = not options.free_days
    if options.free_days:
        changed["first_day_counts"] = False
    return counting.model_copy(update=changed)


def _paused(pause: Pause, options: Options) -> Pause:
    runs = options.pause_end_day_runs
    if runs is None:
        return pause
    return pause.model_copy(update={"end_day_counts_as_running": runs})


def _term(version: Plain) -> Term:
    """Make a term of a shipped rule as it is written."""
    parts = {
        "counting": counting(version["counting"]),
        "pauses": tuple(one for name in version.get("pauses", ()) for one in pause(name)),
    }
    return resolved(Term.model_validate({**version, **parts}))


@lru_cache(maxsize=1)
def shipped() -> Shipped:
    """Read the files of rules that come with procmine."""
    return read_rules(sorted(_FOLDER.glob("*.yaml")))
