"""read and inspect: from a file or frame to a log, with the binding given, saved or proposed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from procmine.errors import BindingError, ColumnNotFoundError, SourceError
from procmine.ingest.binding import Binding, Closing
from procmine.ingest.propose import propose_binding
from procmine.ingest.raw import RawTable
from procmine.log import EventLog


class _Proposed:
    """The default of a parameter that is proposed where it is not given."""

    def __repr__(self) -> str:
        return "proposed"


PROPOSED: Final = _Proposed()


def read(
    source: str | Path | pd.DataFrame,
    *,
    case: str | None = None,
    activity: str | None = None,
    timestamp: str | None = None,
    start: str | None = None,
    end: str | None = None,
    resource: str | _Proposed | None = PROPOSED,
    unit: str | _Proposed | None = PROPOSED,
    lifecycle: str | _Proposed | None = PROPOSED,
    instance: str | None = None,
    tz: str | None = None,
    order: Iterable[str] = (),
    closed: Any = None,
    resources: str | None = None,
    binding: Binding | str | Path | None = None,
    time_format: str | None = None,
    separator: str | None = None,
    on_bad_rows: str | None = None,
) -> EventLog:
    """Read an export and bind it to an :class:`EventLog`.

    source:      a CSV or TSV file (also gzip), XES or XES.gz, Parquet, or a DataFrame
    case, activity: columns with the case key (kept as text) and what was done
    timestamp:   the one time of each row; or ``start`` and ``end`` when rows have both
    lifecycle:   column with ``start``/``complete``… (IEEE 1849 transitions): rows are paired into
                 steps, first in first out, by case, activity and ``instance`` or else resource;
                 ``None`` keeps each row as a step
    resource, unit: columns with the person and the office; ``None`` binds none
    tz:          the zone of the office, such as ``"Europe/Bucharest"``; offsets in the times
                 propose one, and naive times without it are read as UTC, with a warning, and the
                 zone is marked as assumed
    order:       activities in their usual order, which decides between steps at the same time
    closed:      what closes a case: activities; ``{"column": "End date"}``; or ``{"column":
                 "Status", "values": ["closed"]}``
    resources:   persons become ``"anonymous"`` codes that are never shown (default),
                 ``"pseudonym"`` under the key in the environment variable PROCMINE_PSEUDONYM_KEY,
                 ``"name"`` as written, or ``"drop"``
    binding:     a saved :class:`Binding`; parameters given beside it take precedence
    time_format: strftime codes, where the way of writing times is not known
    on_bad_rows: ``"drop"`` (default) lists bad rows in ``log.import_report.rejected`` and warns;
    ``"raise"`` makes them an error

    Columns that are not named, ``resource`` and ``unit`` among them, are proposed from names and
    contents, and printed with the reasons, only where case, activity or the time is not given;
    where all three are, nothing is proposed. Raises SourceError, BindingError,
    ColumnNotFoundError or TimestampError, each with what to do next.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"dosar": ["1", "1"], "pas": ["A", "B"], "data": ["2026-03-02 08:00", "2026-03-03 10:00"]})
    >>> read(frame, case="dosar", activity="pas", timestamp="data", tz="Europe/Bucharest")
    <EventLog 1 cases, 2 steps, 2 activities, Europe/Bucharest>
    """
    given = _given(
        binding,
        case=case, activity=activity, timestamp=timestamp, start=start, end=end, resource=resource, unit=unit,
        lifecycle=lifecycle, instance=instance, tz=tz, order=tuple(order), closed=Closing.of(closed),
        resources=resources,
        time_format=time_format, separator=separator, on_bad_rows=on_bad_rows,
    )  # fmt: skip
    none = {
        name
        for name, value in (("resource", resource), ("unit", unit), ("lifecycle", lifecycle))
        if value is None
    }
    return _read(source, given, refused=frozenset(none))


def inspect(source: str | Path | pd.DataFrame, *, separator: str | None = None) -> Binding:
    """Return the binding that procmine proposes for a source, with the reasons; nothing is bound
    yet.

    Save it with ``binding.save("binding.yaml")``, edit it, and give it back as ``pm.read(source,
    binding="binding.yaml")``.
    """
    opened = _open(source, separator)
    proposed = _proposal(opened, Binding(separator=separator))
    return proposed if opened.log is not None else _with_zone_seen(opened, proposed)


def _given(binding: Binding | str | Path | None, **parameters: Any) -> Binding:
    base = (
        binding
        if isinstance(binding, Binding)
        else Binding.load(binding)
        if binding is not None
        else Binding()
    )
    set_by_user = {
        name: value
        for name, value in parameters.items()
        if value is not None and value != () and value is not PROPOSED
    }
    for name in ("resource", "unit", "lifecycle"):
        if parameters[name] is None:
            set_by_user[name] = None
    return replace(base, **_other_times(set_by_user), **set_by_user)


def _other_times(set_by_user: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a saved binding gives way: its one timestamp to start and end, or the other way round."""
    if "timestamp" in set_by_user:
        return {name: None for name in ("start", "end") if name not in set_by_user}
    if "start" in set_by_user or "end" in set_by_user:
        return {name: None for name in ("timestamp", "lifecycle") if name not in set_by_user}
    return {}


@dataclass(frozen=True, eq=False)
class _Opened:
    """A source that has been looked at: a sample for the proposal, and how to read the rest."""

    name: str
    columns: tuple[str, ...]
    sample: pa.Table
    raw: RawTable | None = None
    csv: Any = None
    log: EventLog | None = None

    def read(self, binding: Binding) -> RawTable:
        if self.raw is not None:
            return self.raw
        from procmine.ingest.csv import typed_times
        from procmine.ingest.privacy import person_columns

        table: RawTable = self.csv.read(
            typed_times(self.sample, binding),
            persons=frozenset(person_columns(self.columns, binding)),
        )
        return table


def _read(
    source: str | Path | pd.DataFrame, given: Binding, *, refused: frozenset[str]
) -> EventLog:
    from procmine.ingest.bind import bind

    opened = _open(source, given.separator)
    if opened.log is not None:
        _refuse_other_binding(opened, given, refused)
        return opened.log
    _refuse_unknown(opened, given)
    if given.case is not None and given.activity is not None and given.time_columns():
        return bind(opened.read(given.checked()), given)
    told = given = given.with_defaults(_proposal(opened, given).without(refused))
    try:
        log = bind(opened.read(given.checked()), given)
        told = _with_zone_of(log, given)
        return log
    finally:  # what was proposed is said as well where it cannot be bound
        print(proposal_text(opened.name, told))


def _with_zone_of(log: EventLog, given: Binding) -> Binding:
    """Return the binding with the zone that was proposed for its log, if one was."""
    if given.tz is not None or log.tz_assumed:
        return given
    reason = log.import_report.reasons["tz"].removeprefix(f"{log.tz}: ")
    return replace(given, tz=log.tz, reasons={**given.reasons, "tz": reason})


def _with_zone_seen(opened: _Opened, proposed: Binding) -> Binding:
    """Return the binding with the zone that the offsets of the times seen propose, if they settle it."""
    from procmine.ingest.rows import zone_seen

    raw, whole = opened.raw, True
    if raw is None:
        rows = np.arange(opened.sample.num_rows, dtype=np.int32)
        raw, whole = RawTable(opened.sample, rows, opened.name, ""), opened.csv.head.whole
    zone = zone_seen(raw, proposed, whole=whole)
    if zone is None:
        return proposed
    return replace(proposed, tz=zone.name, reasons={**proposed.reasons, "tz": zone.reason})


def _refuse_other_binding(opened: _Opened, given: Binding, refused: frozenset[str]) -> None:
    """A log that procmine wrote is bound already: what was given beside it must agree."""
    assert opened.log is not None
    mine, other = given.to_plain(), opened.log.binding.to_plain()
    unset = Binding().to_plain()
    wrong = [n for n, v in mine.items() if v != unset.get(n) and v != other.get(n)]
    wrong += sorted(name for name in refused if name in other)
    if wrong:
        raise BindingError(
            f"{opened.name} is a log that procmine wrote, bound already with another "
            f"{', '.join(f'{name}=' for name in wrong)}\n"
            "read it without them, or read the export that it came from again"
        )


def _refuse_unknown(opened: _Opened, given: Binding) -> None:
    for role, column in given.columns().items():
        if column not in opened.columns:
            raise ColumnNotFoundError.among(
                column, opened.columns, parameter=role, source=opened.name
            )


def proposal_text(name: str, binding: Binding) -> str:
    """Return the binding of a source in words, a line per column with the reason."""
    lines = [f"{name} is bound as", *(f"  {line}" for line in str(binding).splitlines())]
    lines.append(
        "name other columns with case=, activity=, timestamp= … or keep this with inspect --save"
    )
    return "\n".join(lines)


def _proposal(opened: _Opened, given: Binding) -> Binding:
    if opened.log is not None:
        return opened.log.binding
    proposed = propose_binding(opened.sample)
    return replace(proposed, separator=given.separator)


def _open(source: str | Path | pd.DataFrame, separator: str | None) -> _Opened:
    if isinstance(source, pd.DataFrame):
        from procmine.ingest.frame import read_frame

        return _of_raw(read_frame(source))
    if not isinstance(source, str | Path):
        raise SourceError(
            f"a {type(source).__name__} is not a source\n"
            "give the path of a file or a pandas DataFrame (other frames have to_pandas())"
        )
    path = Path(source)
    if not path.exists():
        raise SourceError(f"there is no file {path}\n{_nearby(path)}")
    if path.is_dir():
        raise SourceError(f"{path} is a folder\nname one file in it")
    if not path.stat().st_size:
        raise SourceError(f"{path.name} is empty\nexport it again; nothing was read")
    return _open_file(path, separator)


def _open_file(path: Path, separator: str | None) -> _Opened:
    kind = _kind_of(path)
    if kind == "parquet":
        return _open_parquet(path)
    if kind == "xes":
        from procmine.ingest.xes import read_xes

        return _of_raw(read_xes(path))
    if kind == "csv":
        from procmine.ingest.csv import open_csv

        file = open_csv(path, separator=separator)
        return _Opened(path.name, file.head.columns, file.head.sample, csv=file)
    raise SourceError(
        f"{path.name} is a {kind}, which cannot be read\nexport it as CSV, XES or Parquet"
    )


def _of_raw(raw: RawTable) -> _Opened:
    return _Opened(raw.name, tuple(raw.table.column_names), raw.table.slice(0, 50_000), raw=raw)


def _open_parquet(path: Path) -> _Opened:
    from procmine.ingest.frame import read_parquet_table
    from procmine.ingest.parquet import read_log

    try:
        log = read_log(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise SourceError(
            f"{path.name} cannot be read as Parquet: {error}\ncopy or export it again"
        ) from error
    if log is not None:
        return _Opened(path.name, (), pa.table({}), log=log)
    return _of_raw(read_parquet_table(path))


def _kind_of(path: Path) -> str:
    """Tell the format from the first bytes, and only then from the name."""
    with path.open("rb") as file:
        head = _unpacked(file.read(4096))
    suffixes = "".join(path.suffixes[-2:]).lower()
    if head[:4] == b"PAR1" or suffixes.endswith(".parquet"):
        return "parquet"
    if (
        path.name.lower().endswith((".xes", ".xes.gz"))
        or head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<"
    ):
        return "xes"
    if head[:4] == b"PK\x03\x04" or head[:4] == b"\xd0\xcf\x11\xe0":
        return "spreadsheet or archive"
    return "csv"


def _unpacked(head: bytes) -> bytes:
    """Return the first bytes of what a gzip file holds; damage is told when it is read."""
    if head[:2] != b"\x1f\x8b":
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 4096)
    except zlib.error:
        return b""


def _nearby(path: Path) -> str:
    from procmine.errors import did_you_mean

    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder} either; the working folder is {Path.cwd()}"
    names = sorted(item.name for item in folder.iterdir() if item.is_file())[:200]
    return f"look in {folder.resolve()}{did_you_mean(path.name, names)}"
