"""The shipped rules of each country: read once, completed with what they extend, and found by their id."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from procmine.errors import DataQualityWarning, ProcedureError
from procmine.procedure.problems import nearest
from procmine.procedure.term import Counting, Options, Pause, Term

SCHEMA = "procmine.rules/1"
_FOLDER = Path(__file__).parent / "data" / "rules"
_LENGTHS = ("length", "due_attribute", "phases")
"""A term has one of these: a new one takes the place of the one that a rule had."""
_KINDS = {"rules": "rule", "pauses": "pause", "counting": "way of counting"}
_DOUBTS = ("unclear", "unverified")
_warned: set[str] = set()

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Shipped:
    """Everything that the files of rules say, by id and as written; pauses and rules by version."""

    counting: Mapping[str, Plain]
    pauses: Mapping[str, tuple[Plain, ...]]
    rules: Mapping[str, tuple[Plain, ...]]


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
    if wanted in known:
        return known[wanted]
    near = nearest(str(wanted), list(known))
    listed = "" if near else f"; there are: {', '.join(sorted(known))}"
    raise ProcedureError(f"there is no {what} {wanted!r}{near}{listed}")


def merged(base: Plain, over: Plain) -> dict[str, Any]:
    """Lay keys over others: a new length takes the place of another, options are set one by one."""
    given = [name for name in _LENGTHS if over.get(name)]
    kept = {name: value for name, value in base.items() if not given or name not in _LENGTHS}
    result = {**kept, **over}
    both = (base.get("options"), over.get("options"))
    if all(isinstance(options, Mapping) for options in both):
        result["options"] = {**both[0], **both[1]}  # type: ignore[dict-item]
    return result


def by_version(given: Plain, parents: Sequence[Plain] = ({},)) -> list[dict[str, Any]]:
    """Return a mapping for each version: what it extends, under what is common, under the version's own."""
    common = {name: value for name, value in given.items() if name not in ("extends", "versions")}
    versions = given.get("versions") or [{}]
    if len(versions) > 1 and len(parents) > 1:
        raise ValueError("give versions either here or in what it extends, not in both")
    return [merged(merged(parent, common), version) for parent in parents for version in versions]


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


def warn_once(term: Term) -> None:
    """Warn, once per process and rule, of what is unclear in a rule, and say what settles it.

    An option that is set silences it, and so does a ``status`` of one's own in the procedure.
    """
    doubts = list(dict.fromkeys(_doubts(term)))
    if doubts and term.id not in _warned:
        text = "\n".join([f"rule {term.id}", *doubts])
        warnings.warn(text, DataQualityWarning, stacklevel=3)
        _warned.add(term.id)


def _doubts(term: Term) -> Iterator[str]:
    parts: tuple[Term | Counting | Pause, ...] = (term, term.counting, *term.pauses)
    for part in parts:
        names = switches(part.option)
        settled = names and all(getattr(term.options, name) is not None for name in names)
        if not settled and any(word in part.status for word in _DOUBTS):
            named = "" if part is term else f"{part.id} "
            own = "" if part is term else " in one of your own"
            yield f"{named}{part.status}; {_advice(part.option, names, own)}"


def switches(option: str) -> list[str]:
    """Return the options that settle what is unclear, as ``option`` of a rule names them."""
    return [name for name in option.replace(",", " ").split() if name in Options.model_fields]


def _advice(option: str, names: Sequence[str], own: str) -> str:
    if names:
        return f"set options: {{{', '.join(f'{name}: true or false' for name in names)}}} for this term"
    what = option.removeprefix("none:").strip()
    return f"{f'{what}{own}, or ' if what else ''}set status: checked for this term once it is"


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


def read_rules(paths: Iterable[Path]) -> Shipped:
    """Read files of rules; a rule may extend one of any file."""
    counting: dict[str, Plain] = {}
    pauses: dict[str, tuple[Plain, ...]] = {}
    rules: dict[str, Plain] = {}
    for path in paths:
        content = _yaml(path)
        _add(counting, content.get("counting") or {}, path)
        _add(
            pauses, {one["id"]: tuple(by_version(one)) for one in content.get("pauses") or ()}, path
        )
        _add(rules, {one["id"]: one for one in content.get("rules") or ()}, path)
    return Shipped(counting, pauses, {name: tuple(_extended(name, rules)) for name in rules})


def _extended(
    rule_id: str, rules: Mapping[str, Plain], children: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Return the versions of a rule with those that it extends below them."""
    if rule_id in children:
        raise ProcedureError(f"rule {rule_id!r} extends itself, by way of {', '.join(children)}")
    if rule_id not in rules:
        raise ProcedureError(f"{children[-1]!r} extends {rule_id!r}, which is no rule")
    given = rules[rule_id]
    parent = given.get("extends")
    parents = _extended(parent, rules, (*children, rule_id)) if parent else [{}]
    return by_version(given, parents)


def _add(known: dict[str, Any], found: Mapping[str, Any], path: Path) -> None:
    twice = sorted(known.keys() & found.keys())
    if twice:
        raise ProcedureError(f"{path.name}: {', '.join(twice)} stands in another file as well")
    known.update(found)


def _yaml(path: Path) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    if not isinstance(content, Mapping) or content.get("schema") != SCHEMA:
        raise ProcedureError(f"{path.name} is no file of rules\nit begins with schema: {SCHEMA}")
    return content
