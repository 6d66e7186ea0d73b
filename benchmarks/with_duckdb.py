"""duckdb by hand: a sorted table with enums and a number for each case, in memory, then SQL.

As with polars, codes make its queries two to four times faster than text does, and reading into
plain text is measured beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.settings import ARROW, CLOSING, ZONE, cores

if TYPE_CHECKING:
    import pandas as pd

_TYPES = (
    "{'case_id': 'VARCHAR', 'activity': 'VARCHAR', 'resource': 'VARCHAR', 'unit': 'VARCHAR',"
    " 'start': 'TIMESTAMPTZ', 'end': 'TIMESTAMPTZ'}"
)
_CLOSING = ", ".join(f"'{label}'" for label in CLOSING)
_CASES = f"""
    SELECT case_no, min(start) AS started, max("end") FILTER (activity IN ({_CLOSING})) AS closed
"""
_CYCLE_TIME = "epoch_us(closed) - epoch_us(started)"


def read_csv(path: Path) -> duckdb.DuckDBPyConnection:
    return _coded(_csv(path))


def read_parquet(path: Path) -> duckdb.DuckDBPyConnection:
    return _coded(f"read_parquet('{path}')")


def read_csv_as_text(path: Path) -> duckdb.DuckDBPyConnection:
    return _as_text(_csv(path))


def read_parquet_as_text(path: Path) -> duckdb.DuckDBPyConnection:
    return _as_text(f"read_parquet('{path}')")


def _csv(path: Path) -> str:
    return f"read_csv('{path}', header = true, columns = {_TYPES})"


def _connected() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": cores()})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _as_text(source: str) -> duckdb.DuckDBPyConnection:
    connection = _connected()
    connection.execute(
        f'CREATE TABLE log AS SELECT case_id AS case_no, * FROM {source} ORDER BY case_id, start, "end"'
    )
    return connection


def _coded(source: str) -> duckdb.DuckDBPyConnection:
    connection = _connected()
    connection.execute(f"CREATE TEMP TABLE source AS SELECT * FROM {source}")
    for name in ("activity", "resource", "unit"):
        connection.execute(f"CREATE TYPE {name}_label AS ENUM (SELECT DISTINCT {name} FROM source)")
    connection.execute(
        "CREATE TABLE cases AS SELECT case_id, row_number() OVER ()::INTEGER AS case_no"
        " FROM (SELECT DISTINCT case_id FROM source)"
    )
    connection.execute(
        "CREATE TABLE log AS SELECT case_no, activity::activity_label AS activity,"
        ' resource::resource_label AS resource, unit::unit_label AS unit, start, "end"'
        ' FROM source JOIN cases USING (case_id) ORDER BY case_no, start, "end"'
    )
    connection.execute("DROP TABLE source")
    return connection


def rows(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return connection.sql(
        "SELECT case_no AS case, activity::VARCHAR AS activity, resource::VARCHAR AS resource,"
        ' unit::VARCHAR AS unit, epoch_us(start) AS start, epoch_us("end") AS "end" FROM log'
    ).df()


def process_map(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The table beside itself, one row further, is the fastest way to what follows on a sorted table."""
    return _result(
        connection,
        """
        SELECT source, target, count(*) AS count, count(DISTINCT case_no) AS cases,
            quantile_cont(time, 0.5) AS median, avg(time) AS mean, quantile_cont(time, 0.9) AS p90, sum(time) AS total
        FROM (
            SELECT this.case_no, this.activity AS source, next.activity AS target,
                greatest(epoch_us(next.start) - epoch_us(this."end"), 0) AS time
            FROM log AS this POSITIONAL JOIN (SELECT * FROM log OFFSET 1) AS next
            WHERE this.case_no = next.case_no
        )
        GROUP BY source, target ORDER BY count DESC, source::VARCHAR, target::VARCHAR
        """,
    )


def variants(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    return _result(
        connection,
        f"""
        WITH cases AS ({_CASES}, list(activity ORDER BY start, "end") AS path FROM log GROUP BY case_no)
        SELECT array_to_string(path::VARCHAR[], '{ARROW}') AS variant, count(*) AS cases,
            count(*) / sum(count(*)) OVER () AS share, quantile_cont({_CYCLE_TIME}, 0.5) AS median, len(path) AS steps
        FROM cases GROUP BY path ORDER BY cases DESC, variant
        """,
    )


def weekly(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    return _result(
        connection,
        f"""
        WITH cases AS ({_CASES} FROM log GROUP BY case_no),
        begun AS (SELECT {_week("started")} AS week, count(*) AS started FROM cases GROUP BY week),
        done AS (
            SELECT {_week("closed")} AS week, count(*) AS completed, quantile_cont({_CYCLE_TIME}, 0.5) AS median,
                quantile_cont({_CYCLE_TIME}, 0.8) AS p80, quantile_cont({_CYCLE_TIME}, 0.9) AS p90,
                avg({_CYCLE_TIME}) AS mean
            FROM cases WHERE closed IS NOT NULL GROUP BY week
        )
        SELECT week, coalesce(started, 0) AS started, coalesce(completed, 0) AS completed, median, p80, p90, mean
        FROM begun FULL JOIN done USING (week) ORDER BY week
        """,
    )


def _week(name: str) -> str:
    return f"date_trunc('week', {name} AT TIME ZONE '{ZONE}')"


def _result(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    return connection.sql(query).fetchnumpy()


def edges(result: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: _plain(values) for name, values in result.items()})


variant_table = edges
week_table = edges


def _plain(values: Any) -> Any:
    """Return a column that pandas compares: missing figures as NaN, enums as text."""
    if values.dtype.name == "category":
        return values.astype("str")
    if getattr(values, "mask", None) is not None and values.dtype.kind == "f":
        return values.filled(float("nan"))
    return values
