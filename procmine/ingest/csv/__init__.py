"""CSV and TSV files: every row is read, or told."""

from procmine.ingest.csv.read import CsvFile, open_csv
from procmine.ingest.csv.times import typed_times

__all__ = ["CsvFile", "open_csv", "typed_times"]
