"""A source that has been looked at: what it is, its first rows for the proposal, and how to read the rest."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import BindingError, SourceError, did_you_mean
from procmine.ingest.binding import Binding
from procmine.ingest.names import Names
from procmine.ingest.raw import RawTable
from procmine.log import EventLog

_SAMPLE = 50_000


@dataclass(frozen=True, eq=False)
class Opened:
    """A source that has been looked at: a sample for the proposal, and how to read the rest."""

    name: str
    columns: tuple[str, ...]
    sample: pa.Table
    raw: RawTable | None = None
    csv: Any = None
    log: EventLog | None = None

    @property
    def whole(self) -> bool:
        """Tell whether the sample holds every row."""
        if self.raw is not None:
            return bool(self.sample.num_rows == self.raw.table.num_rows)
        return False if self.csv is None else bool(self.csv.head.whole)

    @property
    def sheet(self) -> str | None:
        """The column that holds the sheet of each row, where there are several."""
        return None if self.raw is None else self.raw.sheet

    def read(self, binding: Binding, names: Names | None = None) -> RawTable:
        """Return all records of the source; times that the binding names may be decoded at once."""
        if self.raw is not None:
            return self.raw
        from procmine.ingest.csv import typed_times
        from procmine.ingest.privacy import left_out

        table: RawTable = self.csv.read(
            typed_times(self.sample, binding),
            persons=lambda: left_out(self.sample, binding, names).columns,
        )
        return table


def open_source(
    source: str | Path | pd.DataFrame, options: Binding, *, query: str | None = None
) -> Opened:
    """Look at a source; ``options`` says how, where the user did (separator, encoding, header, sheets)."""
    if isinstance(source, pd.DataFrame):
        from procmine.ingest.frame import read_frame

        return _of_raw(read_frame(source))
    if not isinstance(source, str | Path):
        raise SourceError(
            f"a {type(source).__name__} is not a source\n"
            "give the path of a file, the URL of a database with query=, or a pandas DataFrame "
            "(other frames have to_pandas())"
        )
    if isinstance(source, str):
        from procmine.ingest.sql import is_url, read_query

        if is_url(source):
            return _of_raw(read_query(source, _query_for(query)))
    path = Path(source)
    if not path.exists():
        raise SourceError(f"there is no file {path}\n{_nearby(path)}")
    if path.is_dir():
        raise SourceError(f"{path} is a folder\nname one file in it")
    if not path.stat().st_size:
        raise SourceError(f"{path.name} is empty\nexport it again; nothing was read")
    return _open_file(path, options, query)


def shown_name(source: str | Path) -> str:
    """Return the name of a source as it may be shown: a file's, or a database's without its credentials."""
    from procmine.ingest.sql import is_url
    from procmine.ingest.sql.address import Address

    is_database = isinstance(source, str) and is_url(source)
    return Address.of(str(source)).name if is_database else Path(source).name


def _query_for(query: str | None, *, file: str = "a database") -> str:
    if query is None:
        raise BindingError(
            f"{file} needs a query\n"
            "say which rows to read, such as query='select case_id, activity, done_at from steps'"
        )
    return query


def _open_file(path: Path, options: Binding, query: str | None) -> Opened:
    kind = _kind_of(path)
    if kind == "database":
        from sqlalchemy import URL

        from procmine.ingest.sql import read_query

        url = URL.create("sqlite", database=str(path.resolve())).render_as_string()
        return _of_raw(read_query(url, _query_for(query, file=f"{path.name} is a database and")))
    if query is not None:
        raise BindingError(
            f"query= needs the URL of a database, and {path.name} is a file\n"
            "leave query= out, or give a URL such as postgresql+psycopg://user@host/database"
        )
    if kind == "parquet":
        return _open_parquet(path)
    if kind == "xes":
        from procmine.ingest.xes import read_xes

        return _of_raw(read_xes(path))
    if kind == "workbook":
        from procmine.ingest.sheets import read_workbook

        _refuse_text_options(path, options)
        with_sheet = any(name == "sheet" for _, name in options.named())
        raw = read_workbook(
            path, sheets=options.sheets, header=options.header, with_sheet=with_sheet
        )
        return _of_raw(raw)
    from procmine.ingest.csv import open_csv

    file = open_csv(
        path, separator=options.separator, encoding=options.encoding, header=options.header
    )
    return Opened(path.name, file.head.columns, file.head.sample, csv=file)


def _refuse_text_options(path: Path, options: Binding) -> None:
    """Refuse what only a text table has: the user means another file, or expects what does not happen."""
    for name in ("encoding", "separator"):
        if getattr(options, name) is not None:
            raise BindingError(
                f"{name}={getattr(options, name)!r} is for text tables, and {path.name} is a workbook\n"
                f"leave {name}= out: a workbook says itself how its letters and cells are written"
            )


def _of_raw(raw: RawTable) -> Opened:
    raw = _in_best_spelling(raw)
    return Opened(raw.name, tuple(raw.table.column_names), _spread(raw), raw=raw)


def _in_best_spelling(raw: RawTable) -> RawTable:
    """Return the table with ``ș ț`` in the names of its columns, where old systems wrote ``ş ţ``."""
    from procmine.ingest.encodings import best_spelling

    names = raw.table.column_names
    spelt = best_spelling(pa.array(names, pa.string())).to_pylist()
    if spelt == names or len(set(spelt)) < len(spelt):
        return raw
    now = dict(zip(names, spelt, strict=True))
    sheet = None if raw.sheet is None else now[raw.sheet]
    rejected = raw.rejected.assign(column=raw.rejected["column"].replace(now))
    return replace(raw, table=raw.table.rename_columns(spelt), sheet=sheet, rejected=rejected)


def _spread(raw: RawTable) -> pa.Table:
    """Return the rows to be looked at: all of them, or the first; of a workbook the first of every sheet."""
    if raw.table.num_rows <= _SAMPLE or raw.sheet is None:
        return raw.table.slice(0, _SAMPLE)
    names = raw.table[raw.sheet].unique()
    each = [raw.table.filter(pc.equal(raw.table[raw.sheet], name)) for name in names]
    return pa.concat_tables([part.slice(0, _SAMPLE // len(names)) for part in each])


def _open_parquet(path: Path) -> Opened:
    from procmine.ingest.frame import read_parquet_table
    from procmine.ingest.parquet import read_log

    try:
        log = read_log(path)
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        raise SourceError(
            f"{path.name} cannot be read as Parquet: {error}\ncopy or export it again"
        ) from error
    if log is not None:
        return Opened(path.name, (), pa.table({}), log=log)
    return _of_raw(read_parquet_table(path))


def _kind_of(path: Path) -> str:
    """Tell the format from the first bytes, and only then from the name."""
    with path.open("rb") as file:
        first = file.read(4096)
    head = _unpacked(first)
    suffixes = "".join(path.suffixes[-2:]).lower()
    if head[:4] == b"PAR1" or suffixes.endswith(".parquet"):
        return "parquet"
    if first[:4] == b"PK\x03\x04" or first[:4] == b"\xd0\xcf\x11\xe0" or _is_sheet(path):
        return "workbook"
    if first[:16] == b"SQLite format 3\x00":
        return "database"
    if (
        path.name.lower().endswith((".xes", ".xes.gz"))
        or head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<"
    ):
        return "xes"
    return "csv"


def _is_sheet(path: Path) -> bool:
    return path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def _unpacked(head: bytes) -> bytes:
    """Return the first bytes of what a gzip file holds; damage is told when it is read."""
    if head[:2] != b"\x1f\x8b":
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 4096)
    except zlib.error:
        return b""


def _nearby(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder} either; the working folder is {Path.cwd()}"
    names = sorted(item.name for item in folder.iterdir() if item.is_file())[:200]
    return f"look in {folder.resolve()}{did_you_mean(path.name, names)}"
