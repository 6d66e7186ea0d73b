"""The command line: procmine inspect, report and demo, thin over the public functions."""

from __future__ import annotations

import os
import shlex
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import TextIOBase, TextIOWrapper
from pathlib import Path
from signal import SIGTERM, signal
from typing import Annotated, Any, NoReturn

import typer

import procmine as pm
from procmine.cli.options import (
    Activity,
    Annulled,
    CalendarFile,
    Case,
    Closed,
    Encoding,
    End,
    FillDown,
    Header,
    Keep,
    Lifecycle,
    Milestone,
    Names,
    Order,
    ProcedureFile,
    Query,
    Resource,
    Separator,
    Sheet,
    Source,
    Start,
    TimeFormat,
    Timestamp,
    Unit,
    Zone,
    annulling,
    closing,
    given,
    milestones,
)
from procmine.cli.progress import Progress
from procmine.errors import ProcmineError, SourceError
from procmine.ingest.opened import shown_name
from procmine.ingest.read import proposal_text
from procmine.report import write_report
from procmine.report.folder import refuse_others
from procmine.report.options import as_options
from procmine.report.version import version

SAMPLE = Path(pm.__file__).resolve().parent.parent / "sample_logs" / "building_permits_ro.csv"
SAMPLE_PROCEDURE = SAMPLE.with_suffix(".procedure.yaml")
SAMPLE_BINDING = pm.Binding(
    case="Nr. dosar",
    activity="Activitate",
    start="Data început",
    end="Data sfârșit",
    resource="Funcționar",
    unit="Compartiment",
    closed=pm.Closing(activities=("Eliberare autorizație", "Respingere cerere")),
    tz="Europe/Bucharest",
)

app = typer.Typer(
    help="Process mining for public administrations: how cases really flow, and how long they take.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; what the user can mend ends with exit code 2 and says how."""
    _write_any_letter()
    signal(SIGTERM, _stop)
    try:
        with notes_on_stderr():
            app()
    except ProcmineError as error:
        fail(as_options(str(error)))
    except OSError as error:
        if error.filename is None:
            raise
        fail(f"{error.filename}: {error.strerror}")


@app.command()
def report(
    source: Source,
    out: Annotated[
        Path, typer.Option(help="the folder for the report; an earlier one is replaced")
    ],
    binding: Annotated[
        Path | None, typer.Option(help="a binding saved by procmine inspect --save")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="report what was known at the end of this day, such as 2026-03-31; "
            "the latest time in the log if not given"
        ),
    ] = None,
    tz: Zone = None,
    closed: Closed = None,
    annulled: Annulled = None,
    by: Annotated[
        str | None, typer.Option(help="compare the cases by this attribute, or by unit")
    ] = None,
    period: Annotated[str, typer.Option(help="the period of the KPIs: D, W, M, Q or Y")] = "M",
    procedure: ProcedureFile = None,
    calendar: CalendarFile = None,
    case: Case = None,
    activity: Activity = None,
    timestamp: Timestamp = None,
    start: Start = None,
    end: End = None,
    milestone: Milestone = None,
    resource: Resource = None,
    unit: Unit = None,
    lifecycle: Lifecycle = None,
    order: Order = None,
    query: Query = None,
    names: Names = None,
    separator: Separator = None,
    encoding: Encoding = None,
    header: Header = None,
    sheet: Sheet = None,
    time_format: TimeFormat = None,
    keep: Keep = None,
    fill_down: FillDown = False,
) -> None:
    """Write the report of a log: one page for any browser, and its tables as CSV and Parquet.

    Columns that are not named are proposed from their names and contents.
    """
    parameters = given(
        query=query, binding=binding, names=names, case=case, activity=activity, timestamp=timestamp,
        start=start, end=end, milestones=milestones(milestone), resource=resource, unit=unit,
        lifecycle=lifecycle, order=order, tz=tz, closed=closing(closed), annulled=annulling(annulled),
        separator=separator, encoding=encoding,
        header=header, sheets=sheet, time_format=time_format, keep=keep, fill_down=fill_down or None,
    )  # fmt: skip
    law = None if procedure is None else pm.Procedure.read(procedure)
    days = None if calendar is None else pm.Calendar.read(calendar)
    _report(
        source, out, parameters, as_of=as_of, by=by, period=period, procedure=law, calendar=days
    )


@app.command()
def inspect(
    source: Source,
    save: Annotated[
        Path | None, typer.Option(help="write the proposed binding to this file, to be edited")
    ] = None,
    query: Query = None,
    names: Names = None,
    separator: Separator = None,
    encoding: Encoding = None,
    header: Header = None,
    sheet: Sheet = None,
) -> None:
    """Say which column of a source procmine would take for what, and why."""
    parameters = given(
        query=query,
        names=names,
        separator=separator,
        encoding=encoding,
        header=header,
        sheets=sheet,
    )
    proposed = pm.inspect(source, **parameters)
    text = as_options(proposal_text(shown_name(source), proposed))
    typer.echo(text.replace("name other columns with", "name other columns with procmine report"))
    missing = ["case"] if proposed.case is None else []
    if not proposed.milestones:
        missing += ["activity"] if proposed.activity is None else []
        missing += [] if proposed.time_columns() else ["timestamp"]
    for role in missing:
        typer.echo(f"no column looks like the {role}: name it with procmine report --{role}")
    if save is not None:
        _save(proposed, save)
        read = [source] if Path(source).exists() else ["URL", "--query", query or ""]
        command = ["procmine", "report", *read, "--binding", str(save), "--out", "report"]
        known = shlex.join(command) if not missing else f"{save}: complete it before use"
        typer.echo(f"saved: {known}")


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="the folder for the report")] = Path("demo-report"),
) -> None:
    """Write the report of the sample log: an invented register of building permits."""
    if not SAMPLE.is_file():
        raise SourceError(
            f"the sample log is not at {SAMPLE}\n"
            "it comes with the source of procmine and not with the installed package: "
            "run the demo from a checkout, with make demo"
        )
    _report(SAMPLE, out, {"binding": SAMPLE_BINDING}, procedure=pm.Procedure.read(SAMPLE_PROCEDURE))


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[
        bool, typer.Option("--version", help="print the version and stop", is_eager=True)
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"procmine {version()}")
        raise typer.Exit


def _report(source: str | Path, out: Path, parameters: dict[str, Any], **options: Any) -> None:
    """Read the source and write its report, and say where it lies."""
    refuse_others(out.resolve())  # before anything is read
    os.environ.setdefault("MPLBACKEND", "Agg")  # pictures go to files: no window is needed
    with Progress() as say:
        say(f"reading {shown_name(source)}")
        with redirect_stdout(_OnStderr()):  # what is proposed is told there, the result on stdout
            log = pm.read(source, **parameters)
        page = write_report(log, out, say=say, **options)
    typer.echo(f"report: {page}")


def _save(binding: pm.Binding, path: Path) -> None:
    """Write a binding, but never over one that was perhaps edited."""
    if path.exists():
        raise ProcmineError(f"{path} is there already\nname another file with --save, or remove it")
    binding.save(path)


@contextmanager
def notes_on_stderr() -> Iterator[None]:
    """Show each DataQualityWarning once, as a plain line that begins with ``note:``."""
    told: set[str] = set()

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        if str(message) not in told:
            told.add(str(message))
            print(f"note: {as_options(str(message))}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.simplefilter("always", pm.DataQualityWarning)
        warnings.showwarning = show
        yield


class _OnStderr(TextIOBase):
    """Writes on stderr, in the words of the command line, what is printed."""

    def write(self, text: str, /) -> int:
        return sys.stderr.write(as_options(text))


def _write_any_letter() -> None:
    """Let letters that the terminal's encoding lacks be written as escapes, not end in an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stop(number: int, _: object) -> NoReturn:
    """End by a signal as by an error: what was begun is cleared away."""
    raise SystemExit(128 + number)


def fail(text: str) -> NoReturn:
    """End with exit code 2 and the text of an error on stderr."""
    print(f"error: {text}", file=sys.stderr)
    raise SystemExit(2)
