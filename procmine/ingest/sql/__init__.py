"""Queries of databases: read once, in pieces, by a connection that changes nothing."""

from procmine.ingest.sql.address import is_url
from procmine.ingest.sql.query import read_query

__all__ = ["is_url", "read_query"]
