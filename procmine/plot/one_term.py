"""The rows of one term among those of several: the one asked for, or the first."""

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


def names_in_order(terms: pd.DataFrame) -> list[str]:
    """Return every name of `term_names` once, in the order of the procedure, or else of the rows."""
    columns = ["term", "phase"]
    keys = terms[columns].drop_duplicates()
    if all(isinstance(terms[name].dtype, pd.CategoricalDtype) for name in columns):
        keys = keys.sort_values(columns)
    return term_names(keys).tolist()


def one_term(terms: pd.DataFrame, term: str | None) -> tuple[str, pd.DataFrame]:
    """Return the name and the rows of the term asked for, or of the first."""
    known = names_in_order(terms)
    if term is not None and term not in known:
        raise LabelNotFoundError.among(term, known, what="term")
    name = known[0] if term is None else term
    return name, terms[term_names(terms) == name]
