"""The shapes of exports: whatever the rows of a source are, they become one row per event."""

from procmine.ingest.shapes.shape import shaped

__all__ = ["shaped"]
