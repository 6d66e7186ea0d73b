"""Spreadsheets: the sheets of a workbook become one table, and what is left out is told."""

from procmine.ingest.sheets.read import read_workbook

__all__ = ["read_workbook"]
