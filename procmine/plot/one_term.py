"""The rows of one term among those of several: the one asked for, or the one with most cases."""

from __future__ import annotations

import pandas as pd

from procmine.errors import LabelNotFoundError


def term_names(terms: pd.DataFrame) -> pd.Series:
    """Return the name of the term of every row, "term / phase" where it has phases.

    >>> term_names(pd.DataFrame({"term": ["permit"] * 2, "phase": [None, "inquiry"]})).tolist()
    ['permit', 'permit / inquiry']
    """
    names, phases = terms["term"].astype("str"), terms["phase"].astype("str")
    return names.where(terms["phase"].isna(), names + " / " + phases)


def one_term(terms: pd.DataFrame, term: str | None) -> tuple[str, pd.DataFrame]:
    """Return the name and the rows of the term asked for, or of the one with most rows."""
    names = term_names(terms)
    if term is None:
        term = most_frequent(names)
    elif term not in set(names):
        raise LabelNotFoundError.among(term, sorted(set(names)), what="term")
    return term, terms[names == term]


def most_frequent(names: pd.Series) -> str:
    """Return the name that most rows have; of equals the first in the alphabet."""
    counts = names.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return str(counts.index[0])
