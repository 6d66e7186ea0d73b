"""What is unclear in a rule: warned of once, with the option or the key that settles it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence

from procmine.errors import DataQualityWarning
from procmine.procedure.term import Counting, Options, Pause, Term

_DOUBTS = ("unclear", "unverified")
_warned: set[str] = set()


def warn_once(term: Term) -> None:
    """Warn, once per process, rule and doubt, of what is unclear in a rule, and say what settles it.

    An option that is set silences it, and so does a ``status`` of one's own in the procedure.
    """
    doubts = list(dict.fromkeys(_doubts(term)))
    text = "\n".join([f"rule {term.id}", *doubts])
    if doubts and text not in _warned:
        warnings.warn(text, DataQualityWarning, stacklevel=3)
        _warned.add(text)


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
