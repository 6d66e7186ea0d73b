"""Reading a procedure file: YAML with lines, and every mistake in plain sentences."""

from procmine.procedure.reading.file import parse, read, refusal

__all__ = ["parse", "read", "refusal"]
