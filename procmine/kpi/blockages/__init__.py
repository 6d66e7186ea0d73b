"""Open cases that stand longer than is usual where they are."""
