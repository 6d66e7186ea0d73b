"""read and inspect: from a file, database or frame to a log, with the binding given, saved or proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from procmine.errors import BindingError, ProcmineError
from procmine.ingest.binding import Binding
from procmine.ingest.fields import SEVERAL
from procmine.ingest.marks import Annulled, Closing
from procmine.ingest.names import Names
from procmine.ingest.opened import Opened, open_source
from procmine.ingest.raw import RawTable
from procmine.kernels import Codes
from procmine.log import EventLog

Columns = str | Iterable[str] | None


class _Proposed:
    """The default of a parameter that is proposed where it is not given."""

    def __repr__(self) -> str:
        return "proposed"


PROPOSED: Final = _Proposed()
_SPREAD = 200_000
"""So many rows of a large source are looked at for its proposal, once it is read."""


def read(
    source: str | Path | pd.DataFrame,
    *,
    query: str | None = None,
    case: Columns = None,
    activity: str | None = None,
    timestamp: Columns = None,
    start: Columns = None,
    end: Columns = None,
    milestones: Mapping[str, str] | Iterable[str] | None = None,
    resource: str | _Proposed | None = PROPOSED,
    unit: str | _Proposed | None = PROPOSED,
    lifecycle: str | _Proposed | None = PROPOSED,
    instance: str | None = None,
    previous: str | None = None,
    tz: str | None = None,
    order: Iterable[str] = (),
    closed: Any = None,
    annulled: Any = None,
    resources: str | None = None,
    key_file: str | Path | None = None,
    keep: Iterable[str] = (),
    fill_down: bool | None = None,
    binding: Binding | str | Path | None = None,
    names: str | Path | None = None,
    time_format: str | None = None,
    clock_change: str | None = None,
    separator: str | None = None,
    encoding: str | None = None,
    header: int | Iterable[int] | None = None,
    sheets: str | Iterable[str] | None = None,
    on_bad_rows: str | None = None,
) -> EventLog:
    """Read an export and bind it to an :class:`EventLog`.

    source:      a CSV or TSV file (also gzip), a workbook (xlsx, xls, ods), XES or XES.gz, Parquet, a
                 DataFrame, or with ``query=`` the SQLAlchemy URL of a database, such as
                 ``"postgresql+psycopg://${DB_USER}:${DB_PASSWORD}@server/registry"`` (``${…}`` is taken
                 from the environment)
    case:        column with the case key, kept as text; several are joined (``["registru", "an", "numar"]``)
    activity:    column with what was done
    timestamp:   the one time of each row; or ``start`` and ``end`` when rows have both. Two columns are
                 a date and its clock time (``["Data", "Ora"]``)
    milestones:  for a row per case, its date columns and what each is called: ``{"Data emiterii":
                 "Permit issued"}``; instead of activity and time
    lifecycle:   column with ``start``/``complete``… (IEEE 1849 transitions): rows are paired into
                 steps, first in first out, by case, activity and ``instance`` or else resource;
                 ``None`` keeps each row as a step
    resource, unit: columns with the person and the office; ``None`` binds none
    previous:    in a status history, the column with the status before; ``activity`` is the one after
    tz:          the zone of the office, such as ``"Europe/Bucharest"``; offsets in the times
                 propose one, and naive times without it are read as UTC, with a warning, and the
                 zone is marked as assumed
    order:       activities in their usual order, which decides between steps at the same time
    closed:      what closes a case: activities; ``{"column": "End date"}``; or ``{"column":
                 "Status", "values": ["closed"]}``
    annulled:    entries that do not count: ``{"column": "Status", "values": ["anulat"]}``
    resources:   persons become ``"anonymous"`` codes that are never shown (default),
                 ``"pseudonym"`` under the key of ``key_file`` or of the environment variable
                 PROCMINE_PSEUDONYM_KEY, ``"name"`` as written, or ``"drop"``
    keep:        columns to keep although they look like personal ids, persons or free text
    fill_down:   ``True`` fills an empty case cell from the row above, as merged cells are meant
    binding:     a saved :class:`Binding`; parameters given beside it take precedence
    names:       a YAML file with the usual column names of your office, added to the shipped ones
    time_format: strftime codes, where the way of writing times is not known; ``"day first"`` or
                 ``"month first"`` where dates fit two orders; ``"excel"`` or ``"excel1904"`` where
                 they are the day numbers of a spreadsheet
    clock_change: of a local time that occurs twice the ``"first"`` (default) or the ``"last"`` is
                 taken; ``"reject"`` rejects it, and times that never were
    separator, encoding: of a CSV file, where what is found is wrong
    header:      the row with the column names (from 1), or the two rows that hold them
    sheets:      the sheets of a workbook; all with the same columns are bound together by default
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
        case=case, activity=activity, timestamp=timestamp, start=start, end=end, milestones=milestones,
        resource=resource, unit=unit, lifecycle=lifecycle, instance=instance, previous=previous,
        tz=tz, order=order, closed=closed, annulled=annulled, resources=resources, keep=keep,
        fill_down=fill_down, time_format=time_format, clock_change=clock_change, separator=separator,
        encoding=encoding, header=header, sheets=sheets, on_bad_rows=on_bad_rows,
    )  # fmt: skip
    none = {
        name
        for name, value in (("resource", resource), ("unit", unit), ("lifecycle", lifecycle))
        if value is None
    }
    from procmine.ingest.privacy import hide_persons, shows_less

    opened = open_source(source, given, query=query)
    if opened.log is not None:
        asked = resources if binding is None else resources or given.resources
        log = _saved(opened.log, opened.name, given, frozenset(none), asked=asked)
        if resources is None and asked is not None and not shows_less(asked, log.binding.resources):
            asked = None  # a binding that allows more does not bring back what is hidden
        return hide_persons(log, asked or log.binding.resources, key_file)
    return _bound(opened, given, refused=frozenset(none), names=names, key_file=key_file)


def inspect(
    source: str | Path | pd.DataFrame,
    *,
    query: str | None = None,
    names: str | Path | None = None,
    separator: str | None = None,
    encoding: str | None = None,
    header: int | Iterable[int] | None = None,
    sheets: str | Iterable[str] | None = None,
) -> Binding:
    """Return the binding that procmine proposes for a source, with the reasons; nothing is bound
    yet.

    The parameters are those of :func:`read`. Save the binding with
    ``binding.save("binding.yaml")``, edit it, and give it back as ``pm.read(source,
    binding="binding.yaml")``.
    """
    how = _given(None, separator=separator, encoding=encoding, header=header, sheets=sheets)
    opened = open_source(source, how, query=query)
    proposed = _proposal(opened, how, names)
    return (
        proposed
        if opened.log is not None
        else _with_what_is_seen(opened, proposed, Names.of(names))
    )


def _given(binding: Binding | str | Path | None, **parameters: Any) -> Binding:
    base = (
        binding
        if isinstance(binding, Binding)
        else Binding.load(binding)
        if binding is not None
        else Binding()
    )
    set_by_user = {
        name: _plain(value) for name, value in parameters.items() if value is not PROPOSED
    }
    named = {name: value for name, value in set_by_user.items() if value not in (None, (), [], {})}
    read = Binding.of_plain(named, where="the parameters")
    changes = {name: getattr(read, name) for name in named}
    for name in ("resource", "unit", "lifecycle"):
        if name in set_by_user and set_by_user[name] is None:
            changes[name] = None
    return replace(base, **_other_shape(changes), **changes)


def _plain(value: Any) -> Any:
    """Return a parameter as plain values: an iterable that is no text as a list."""
    kept = (str, int, Mapping, Closing, Annulled, type(None))
    return value if isinstance(value, kept) or not isinstance(value, Iterable) else list(value)


def _other_shape(set_by_user: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a saved binding gives way: one timestamp to start and end, milestones to steps, and back."""
    gone: dict[str, Any] = {}
    if "timestamp" in set_by_user:
        gone |= dict.fromkeys(("start", "end"))
    if "start" in set_by_user or "end" in set_by_user:
        gone |= dict.fromkeys(("timestamp", "lifecycle"))
    if "milestones" in set_by_user:
        gone |= dict.fromkeys(("activity", *SEVERAL[1:], "lifecycle", "instance", "previous"))
    elif "activity" in set_by_user:
        gone["milestones"] = {}
    return {name: value for name, value in gone.items() if name not in set_by_user}


def _bound(
    opened: Opened,
    given: Binding,
    *,
    refused: frozenset[str],
    names: str | Path | None,
    key_file: str | Path | None,
) -> EventLog:
    from procmine.ingest.bind import bind

    given = given.in_words_of(opened.columns, source=opened.name)
    extra = Names.of(names)
    if given.complete():
        raw = opened.read(given.checked(), extra)
        return bind(raw, given, key_file=key_file, names=extra)
    wanted, given = given, given.with_defaults(_proposal(opened, given, names).without(refused))
    told = given
    try:
        raw = opened.read(given.checked(), extra)
        if not opened.whole:
            told = given = _with_later_rows(raw, wanted, given, refused, names)
        log = bind(raw, given, key_file=key_file, names=extra)
        told = _with_zone_of(log, given)
        return log
    finally:  # what was proposed is said as well where it cannot be bound
        print(proposal_text(opened.name, told))


def _with_later_rows(
    raw: RawTable,
    wanted: Binding,
    given: Binding,
    refused: frozenset[str],
    names: str | Path | None,
) -> Binding:
    """Return the binding as all rows propose it: the first ones may lack a milestone or a status.

    Of a large source rows spread over all of it are looked at. What the first rows settled stays,
    as the times may have been decoded for it; only milestones, closing and annulled values are added.
    """
    from procmine.ingest.proposal import propose_binding

    table = raw.table
    if table.num_rows > _SPREAD:
        table = table.take(pa.array(np.linspace(0, table.num_rows - 1, _SPREAD).astype(np.int64)))
    again = wanted.with_defaults(
        propose_binding(table, names=names, sheet=raw.sheet, given=wanted).without(refused)
    )
    if bool(again.milestones) != bool(given.milestones):
        return given
    later: dict[str, Any] = {
        role: getattr(again, role)
        for role in ("milestones", "closed", "annulled")
        if not getattr(wanted, role) and getattr(again, role)
    }
    return replace(given, **later, reasons={**again.reasons, **given.reasons})


def _with_zone_of(log: EventLog, given: Binding) -> Binding:
    """Return the binding with the zone that was proposed for its log, if one was."""
    if given.tz is not None or log.tz_assumed:
        return given
    reason = log.import_report.reasons["tz"].removeprefix(f"{log.tz}: ")
    return replace(given, tz=log.tz, reasons={**given.reasons, "tz": reason})


def _with_what_is_seen(opened: Opened, proposed: Binding, names: Names | None) -> Binding:
    """Return the binding with notes on the source, and with the zone that the offsets of its times propose."""
    from procmine.ingest.proposal.seen import seen

    raw = opened.raw
    if raw is None:
        raw = RawTable(opened.sample, _rows_of_sample(opened), opened.name, "")
    notes = seen(opened, raw, proposed, names)
    return _with_zone_seen(opened, raw, replace(proposed, notes=notes))


def _rows_of_sample(opened: Opened) -> Codes:
    """Return the rows of a text table that its sample shows: of a short one exactly, else counted from the first."""
    if opened.whole:
        try:
            rows: Codes = opened.csv.read({}).rows
        except ProcmineError:  # it is told when the source is read
            rows = np.array([], dtype=np.int32)
        if len(rows) == opened.sample.num_rows:
            return rows
    return np.arange(opened.sample.num_rows, dtype=np.int32) + np.int32(opened.csv.head.first)


def _with_zone_seen(opened: Opened, raw: RawTable, proposed: Binding) -> Binding:
    """Return the binding with the zone that the offsets of the times seen propose, if they settle it."""
    from procmine.ingest.rows import zone_seen
    from procmine.ingest.shapes import shaped

    try:
        zone = zone_seen(shaped(raw, proposed), proposed, whole=opened.whole)
    except ProcmineError:  # it is told when the source is read
        return proposed
    if zone is None:
        return proposed
    return replace(proposed, tz=zone.name, reasons={**proposed.reasons, "tz": zone.reason})


def _saved(
    log: EventLog, name: str, given: Binding, refused: frozenset[str], *, asked: str | None
) -> EventLog:
    """Return a log that procmine wrote, which is bound already: what was given beside it must agree."""
    if asked is not None:
        given = replace(given, resources=log.binding.resources)
    mine, other = given.to_plain(), log.binding.to_plain()
    unset = Binding().to_plain()
    wrong = [n for n, v in mine.items() if v != unset.get(n) and v != other.get(n)]
    wrong += sorted(name for name in refused if name in other)
    if wrong:
        raise BindingError(
            f"{name} is a log that procmine wrote, bound already with another "
            f"{', '.join(f'{name}=' for name in wrong)}\n"
            "read it without them, or read the export that it came from again"
        )
    return log


def proposal_text(name: str, binding: Binding) -> str:
    """Return the binding of a source in words, a line per column with the reason."""
    lines = [f"{name} is bound as", *(f"  {line}" for line in str(binding).splitlines())]
    lines.append(
        "name other columns with case=, activity=, timestamp= … or keep this with pm.inspect(...).save(...)"
    )
    return "\n".join(lines)


def _proposal(opened: Opened, given: Binding, names: str | Path | None) -> Binding:
    if opened.log is not None:
        return opened.log.binding
    from procmine.ingest.proposal import propose_binding

    proposed = propose_binding(opened.sample, names=names, sheet=opened.sheet, given=given)
    how = ("separator", "encoding", "header", "sheets")
    kept: dict[str, Any] = {name: getattr(given, name) for name in how}
    return replace(proposed, **kept)
