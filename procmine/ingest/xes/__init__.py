"""XES event logs: every event and every attribute is read, or told."""

from procmine.ingest.xes.read import read_xes

__all__ = ["read_xes"]
