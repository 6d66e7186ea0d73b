"""Two logs, or two parts of one, set side by side: each measure with its difference and how sure that is."""

from procmine.kpi.compare.compare import compare

__all__ = ["compare"]
