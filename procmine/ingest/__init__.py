"""From an export to an EventLog."""

from procmine.ingest.binding import Binding
from procmine.ingest.marks import Closing
from procmine.ingest.read import inspect, read
from procmine.ingest.report import ImportReport

__all__ = ["Binding", "Closing", "ImportReport", "inspect", "read"]
