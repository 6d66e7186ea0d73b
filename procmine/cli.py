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
from threading import Timer
from types import TracebackType
from typing import Annotated, Any, NoReturn

import typer

import procmine as pm
from procmine.errors import ProcmineError, SourceError
from procmine.ingest.read import proposal_text
from procmine.report import write_report
from procmine.report.folder import refuse_others
from procmine.report.options import as_options
from procmine.report.version import version

SAMPLE = Path(pm.__file__).resolve().parent.parent / "sample_logs" / "building_permits_ro.csv"
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

File = Annotated[Path, typer.Argument(help="the export: CSV, XES or Parquet, also .gz")]
Separator = Annotated[
    str | None, typer.Option(help="the character between the cells of a CSV file")
]


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
    file: File,
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
    tz: Annotated[
        str | None, typer.Option(help="the time zone of the office, such as Europe/Bucharest")
    ] = None,
    closed: Annotated[
        list[str] | None,
        typer.Option(help="an activity that closes a case; once for each of them"),
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="compare the cases by this attribute, or by unit")
    ] = None,
    period: Annotated[str, typer.Option(help="the period of the KPIs: D, W, M, Q or Y")] = "M",
    case: Annotated[str | None, typer.Option(help="column with the case key")] = None,
    activity: Annotated[str | None, typer.Option(help="column with what was done")] = None,
    timestamp: Annotated[str | None, typer.Option(help="column with the one time of a row")] = None,
    start: Annotated[str | None, typer.Option(help="column with the start of a step")] = None,
    end: Annotated[str | None, typer.Option(help="column with the end of a step")] = None,
    resource: Annotated[
        str | None, typer.Option(help="column with the person, never shown; '' binds none")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="column with the office; '' binds none")] = None,
    lifecycle: Annotated[
        str | None,
        typer.Option(help="column with start, complete…; '' keeps each row as a step"),
    ] = None,
    order: Annotated[
        list[str] | None,
        typer.Option(help="an activity, in the usual order, which decides ties; once for each"),
    ] = None,
    separator: Separator = None,
    time_format: Annotated[
        str | None,
        typer.Option(help="how the times are written, such as '%m/%d/%Y %H:%M'"),
    ] = None,
) -> None:
    """Write the report of a log: one page for any browser, and its tables as CSV and Parquet.

    Columns that are not named are proposed from their names and contents.
    """
    columns = {
        "case": case, "activity": activity, "timestamp": timestamp, "start": start, "end": end,
        "resource": resource, "unit": unit, "lifecycle": lifecycle,
    }  # fmt: skip
    given: dict[str, Any] = {
        name: value or None for name, value in columns.items() if value is not None
    }
    others = {
        "binding": binding,
        "tz": tz,
        "closed": closed,
        "order": order,
        "separator": separator,
        "time_format": time_format,
    }
    given |= {name: value for name, value in others.items() if value}
    _report(file, out, given, as_of=as_of, by=by, period=period)


@app.command()
def inspect(
    file: File,
    save: Annotated[
        Path | None, typer.Option(help="write the proposed binding to this file, to be edited")
    ] = None,
    separator: Separator = None,
) -> None:
    """Say which column of a file procmine would take for what, and why."""
    proposed = pm.inspect(file, separator=separator)
    text = as_options(proposal_text(file.name, proposed))
    typer.echo(text.replace("name other columns with", "name other columns with procmine report"))
    missing = [role for role in ("case", "activity") if getattr(proposed, role) is None]
    missing += [] if proposed.time_columns() else ["timestamp"]
    for role in missing:
        typer.echo(f"no column looks like the {role}: name it with procmine report --{role}")
    if save is not None:
        _save(proposed, save)
        command = ["procmine", "report", str(file), "--binding", str(save), "--out", "report"]
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
    _report(SAMPLE, out, {"binding": SAMPLE_BINDING})


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[
        bool, typer.Option("--version", help="print the version and stop", is_eager=True)
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"procmine {version()}")
        raise typer.Exit


def _report(file: Path, out: Path, given: dict[str, Any], **options: Any) -> None:
    """Read the file and write its report, and say where it lies."""
    refuse_others(out.resolve())  # before anything is read
    os.environ.setdefault("MPLBACKEND", "Agg")  # pictures go to files: no window is needed
    with Progress() as say:
        say(f"reading {file.name}")
        with redirect_stdout(_OnStderr()):  # what is proposed is told there, the result on stdout
            log = pm.read(file, **given)
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


class Progress:
    """Says on stderr what is being done: on a terminal a moving bar, once it takes over a second; else a line each."""

    def __enter__(self) -> Progress:
        self._bar: Any = None
        if sys.stderr.isatty():
            self._bar, self._task = _moving_bar()
            self._start = Timer(1.0, self._bar.start)
            self._start.daemon = True
            self._start.start()
        return self

    def __call__(self, what: str) -> None:
        """Say what begins now."""
        if self._bar is None:
            print(what, file=sys.stderr, flush=True)
        else:
            self._bar.update(self._task, description=what)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._start.cancel()
            self._start.join()
            self._bar.stop()


def _moving_bar() -> tuple[Any, Any]:
    """Return a bar that is not shown yet, and its task."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    bar = Bar(*columns, console=console, transient=True, redirect_stdout=False)
    return bar, bar.add_task("", total=None)


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


if __name__ == "__main__":
    main()
