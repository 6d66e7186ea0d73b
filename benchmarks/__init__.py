"""procmine beside pm4py, polars and duckdb on one generated log: run it with ``python -m benchmarks``."""
