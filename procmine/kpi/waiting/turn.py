"""Whose turn it was: which steps waited for an applicant or a third party, as the procedure says."""

from __future__ import annotations

import numpy as np

from procmine import kernels
from procmine.enabled import CountedLog
from procmine.kernels import NAT, Bools
from procmine.procedure import Procedure
from procmine.procedure.counting.owners import OFFICE, owner_of_activities


def waits_for_others(counted: CountedLog, procedure: Procedure) -> Bools | None:
    """Tell which steps were enabled while the last step with ``then:`` had said that it is not the office's turn.

    Of steps that end at the same instant office goes before third party before applicant. None where the procedure
    says it of no activity of the log.
    """
    log, at = counted.log, counted.enabled.at
    owner = owner_of_activities(procedure, log)[log.activity.codes]
    if not (owner >= 0).any():
        return None
    claims = np.flatnonzero((owner >= 0) & (log.end != NAT))
    asked = np.flatnonzero(at != NAT)
    case = np.concatenate([log.case_codes[claims], log.case_codes[asked]])
    time = np.concatenate([log.end[claims], at[asked]])
    said = np.concatenate([owner[claims].astype(np.int64), np.full(len(asked), OFFICE + 1)])
    order = kernels.lexicographic_order([case, time, said])
    if order is not None:
        case, said = case[order], said[order]
    is_claim = said <= OFFICE
    last = np.maximum.accumulate(np.where(is_claim, np.arange(len(said)), -1))
    others = (last >= 0) & (case[last] == case) & (said[last] != OFFICE)
    result = np.zeros(log.n_steps, dtype=np.bool_)
    places = np.arange(len(said)) if order is None else order
    mine = ~is_claim
    result[asked[places[mine] - len(claims)]] = others[mine]
    return result
