"""What a source probably is: a binding proposed from names and contents, with the reasons, and what else was seen."""

from procmine.ingest.proposal.columns import propose_binding
from procmine.ingest.proposal.looks import Looks
from procmine.ingest.proposal.seen import seen

__all__ = ["Looks", "propose_binding", "seen"]
