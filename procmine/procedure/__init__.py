"""Procedures and their terms: the file that an office writes, the shipped rules, and how long each case has."""

from procmine.procedure.elements import Activity, AttributeSource, Closing_, EventSource
from procmine.procedure.procedure import Procedure
from procmine.procedure.term import Term
from procmine.procedure.uses import TermUse

__all__ = [
    "Activity",
    "AttributeSource",
    "Closing_",
    "EventSource",
    "Procedure",
    "Term",
    "TermUse",
]
