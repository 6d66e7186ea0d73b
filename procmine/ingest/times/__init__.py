"""Times of a column become instants: one way of writing for a whole column, one zone for the office."""

from procmine.ingest.times.clock import clock_micros
from procmine.ingest.times.families import ISO
from procmine.ingest.times.found import ReadTimes
from procmine.ingest.times.likeness import looks_like_times
from procmine.ingest.times.offsets import EU_ZONES, check_zone, propose_zone
from procmine.ingest.times.order import DateOrder, date_order
from procmine.ingest.times.precision import precision_of
from procmine.ingest.times.serials import from_serials
from procmine.ingest.times.text import from_text
from procmine.ingest.times.typed import from_arrow

__all__ = [
    "EU_ZONES",
    "ISO",
    "DateOrder",
    "ReadTimes",
    "check_zone",
    "clock_micros",
    "date_order",
    "from_arrow",
    "from_serials",
    "from_text",
    "looks_like_times",
    "precision_of",
    "propose_zone",
]
