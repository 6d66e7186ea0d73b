"""Times of a column become instants: one way of writing for a whole column, one zone for the office."""

from procmine.ingest.times.clock import clock_micros
from procmine.ingest.times.codes import ORDERS
from procmine.ingest.times.families import ISO
from procmine.ingest.times.found import ReadTimes
from procmine.ingest.times.likeness import are_digits, looks_like_times, share_in_format
from procmine.ingest.times.offsets import EU_ZONES, check_zone, propose_zone
from procmine.ingest.times.order import DateOrder, date_order
from procmine.ingest.times.precision import precision_of
from procmine.ingest.times.serials import DATE_SYSTEMS, from_serials
from procmine.ingest.times.text import from_text
from procmine.ingest.times.typed import from_arrow

__all__ = [
    "DATE_SYSTEMS",
    "EU_ZONES",
    "ISO",
    "ORDERS",
    "DateOrder",
    "ReadTimes",
    "are_digits",
    "check_zone",
    "clock_micros",
    "date_order",
    "from_arrow",
    "from_serials",
    "from_text",
    "looks_like_times",
    "precision_of",
    "propose_zone",
    "share_in_format",
]
