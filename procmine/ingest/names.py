"""Usual names of columns and words of cells, by role, in five languages: shipped as data, added to by the user."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from procmine.errors import BindingError, SourceError, did_you_mean

NAMES_VARIABLE = "PROCMINE_NAMES"
LANGUAGES = ("tools", "ro", "it", "el", "nl", "en")
"""The languages of the shipped names; ``tools`` are names that tools write in any of them."""
_SHIPPED = Path(__file__).with_name("data") / "names.yaml"


def folded(name: str) -> str:
    """Fold a column name for matching: no accents, small letters, words with one space between.

    >>> folded("Nr. Înregistrare")
    'nr inregistrare'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = plain.casefold().replace("ς", "σ").replace("@@startevent_", "startevent ")
    return " ".join(re.findall(r"\w+", plain.replace("_", " ")))


@dataclass(frozen=True)
class Names:
    """Usual names by role, folded, the likeliest first."""

    by_role: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, path: str | Path) -> Names:
        """Read a user's names: a YAML of roles, each with its names, by language or as one list.

        Raises SourceError where there is no such file, and BindingError with the role that is not
        one, or the entry that is not a text.
        """
        return cls.of_plain(_yaml(Path(path)), where=str(path))

    @classmethod
    def of_plain(cls, content: Any, *, where: str) -> Names:
        """Make names of plain values, as YAML and JSON hold them."""
        if not isinstance(content, Mapping):
            raise BindingError(
                f"{where} holds no names\nit is a list of lines such as 'case: [Nr. unic, Cod dosar]'"
            )
        for role in content:
            _check_role(str(role), where=where)
        return cls({role: _ranked(role, given, where) for role, given in content.items()})

    @classmethod
    def of(cls, given: Names | Mapping[str, Any] | str | Path | None) -> Names | None:
        """Read ``names=``: a file, the same as a dict, names already loaded, or nothing."""
        if given is None or isinstance(given, Names):
            return given
        return (
            cls.of_plain(given, where="names=") if isinstance(given, Mapping) else cls.load(given)
        )


def roles() -> tuple[str, ...]:
    """Return the roles that have usual names."""
    return tuple(_shipped().by_role)


def usual(role: str, extra: Names | None = None) -> tuple[str, ...]:
    """Return the usual names for a role, folded, each once, the likeliest first.

    ``extra`` are the user's, which come before the shipped ones; without it those of the file that
    the environment variable PROCMINE_NAMES names are taken, if it is set.

    >>> usual("year")[:5]
    ('gjahr', 'an', 'anno', 'ετοσ', 'jaar')
    """
    _check_role(role, where="usual names")
    added = extra if extra is not None else _of_environment(os.environ.get(NAMES_VARIABLE, ""))
    shipped, mine = _shipped().by_role[role], () if added is None else added.by_role.get(role, ())
    return tuple(dict.fromkeys((*mine, *shipped))) if mine else shipped


@cache
def _shipped() -> Names:
    content = _yaml(_SHIPPED)
    return Names({role: _ranked(role, given, _SHIPPED.name) for role, given in content.items()})


@cache
def _of_environment(path: str) -> Names | None:
    return Names.load(path) if path else None


def _check_role(role: str, *, where: str) -> None:
    known = roles()
    if role not in known:
        raise BindingError(
            f"{where}: there is no role {role!r}\nroles are: {', '.join(known)}{did_you_mean(role, known)}"
        )


def _ranked(role: str, given: Any, where: str) -> tuple[str, ...]:
    """Return the names of a role: the likeliest of each language, then the second of each, and so on."""
    by_language = list(given.values()) if isinstance(given, Mapping) else [given]
    lists = [
        _texts(role, [names] if isinstance(names, str) else names, where) for names in by_language
    ]
    ranks = zip_longest(*lists)
    return tuple(dict.fromkeys(name for rank in ranks for name in rank if name is not None))


def _texts(role: str, names: Any, where: str) -> list[str]:
    if not isinstance(names, Iterable) or isinstance(names, Mapping):
        raise BindingError(
            f"{where}: {role} is {names!r}, not a list of texts\nwrite it as [Nr. unic, Cod dosar]"
        )
    for name in names:
        if not isinstance(name, str) or not folded(name):
            raise BindingError(
                f"{where}: {role} holds {name!r}, which is not a text with letters or digits\nwrite it in quotes"
            )
    return [folded(name) for name in names]


def _yaml(path: Path) -> Any:
    """Read a YAML file, by the parser in C where PyYAML has it."""
    import yaml

    if not path.is_file():
        raise SourceError(
            f"there is no file of names {path}\nname another with names= or {NAMES_VARIABLE}"
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not in UTF-8\nsave it as UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark is not None else ""
        raise BindingError(
            f"{path} is not YAML{place}\nput texts with colons in quotes, and close every bracket and quote"
        ) from error
