"""The report of one log: a page for reading, and its tables as files."""

from procmine.report.write import write_report

__all__ = ["write_report"]
