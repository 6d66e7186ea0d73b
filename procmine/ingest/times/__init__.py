"""Times of a column become instants: one way of writing for a whole column, one zone for the office."""

from procmine.ingest.times.families import ISO, looks_like_times
from procmine.ingest.times.found import ReadTimes
from procmine.ingest.times.offsets import EU_ZONES, check_zone, propose_zone
from procmine.ingest.times.precision import precision_of
from procmine.ingest.times.text import from_text
from procmine.ingest.times.typed import from_arrow

__all__ = [
    "EU_ZONES",
    "ISO",
    "ReadTimes",
    "check_zone",
    "from_arrow",
    "from_text",
    "looks_like_times",
    "precision_of",
    "propose_zone",
]
