"""The command line: what it says, where it says it, and what it leaves behind."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

import procmine as pm
from procmine import cli
from procmine.cli import commands, progress
from procmine.report.options import as_options

EXPORT = """Nr. dosar,Activitate,Data,Funcționar
1,Register,2026-01-05 08:00,Ana Pop
1,Close,2026-01-07 08:00,Ana Pop
2,Register,2026-01-06 08:00,Ion Rus
2,Close,never,Ion Rus
"""


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An export with a row that cannot be read, in the folder where one stands."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, encoding="utf-8")
    return path


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: object
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process."""

    def call(*words: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["procmine", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Done(ended.value.code, said.out, said.err)

    return call


def test_a_report_is_written_and_its_place_is_all_that_stdout_says(run: Run, export: Path) -> None:
    done = run("report", export, "--out", "report", "--tz", "Europe/Bucharest", "--closed", "Close")
    assert done.code == 0
    assert done.out == f"report: {export.parent / 'report' / 'report.html'}\n"
    assert (export.parent / "report" / "report.html").is_file()
    assert sorted(path.name for path in export.parent.iterdir()) == ["export.csv", "report"]


def test_stderr_says_what_is_done_how_it_is_bound_and_each_note_once(
    run: Run, export: Path
) -> None:
    lines = run("report", export, "--out", "report").err.splitlines()
    assert lines[0] == "reading export.csv"
    assert any("'Nr. dosar'" in line and "the name is usual for case" in line for line in lines)
    notes = [line for line in lines if line.startswith("note: ")]
    assert len(notes) == len(set(notes)) == 2
    assert "1 of 4 rows" in "".join(notes)
    assert lines[-1] == "writing the page"


def test_options_reach_the_log(run: Run, export: Path) -> None:
    words = ["--case", "Nr. dosar", "--activity", "Activitate", "--timestamp", "Data"]
    words += ["--resource", "", "--order", "Register", "--order", "Close", "--as-of", "2026-01-06"]
    words += ["--closed", "Close", "--closed", "Register", "--period", "D", "--separator", ","]
    assert run("report", export, "--out", "report", *words, "--tz", "Europe/Rome").code == 0
    page = (export.parent / "report" / "report.html").read_text(encoding="utf-8")
    for said in ("Europe/Rome", "as of 2026-01-06 23:59", "Per day", "Register, Close",
                 "The log holds no persons"):  # fmt: skip
        assert said in page, said


def test_a_saved_binding_is_used(run: Run, export: Path) -> None:
    assert run("inspect", export, "--save", "binding.yaml").code == 0
    done = run("report", export, "--binding", "binding.yaml", "--out", "report")
    assert done.code == 0
    assert "is bound as" not in done.err


def test_inspect_says_what_it_would_bind_and_why(run: Run, export: Path) -> None:
    done = run("inspect", export)
    assert done.code == 0
    assert "case       'Nr. dosar'" in done.out
    assert "the name is usual for activity" in done.out
    assert sorted(path.name for path in export.parent.iterdir()) == ["export.csv"]


def test_inspect_says_what_it_did_not_find(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("odd.csv").write_text("x,y\n1,2\n3,4\n")
    done = run("inspect", "odd.csv")
    assert "no column looks like the case: name it with procmine report --case" in done.out
    assert "the timestamp: name it with procmine report --timestamp" in done.out


def test_inspect_gives_no_command_with_a_binding_that_is_not_complete(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("odd.csv").write_text("x,y\n1,2\n3,4\n")
    done = run("inspect", "odd.csv", "--save", "odd.yaml")
    assert done.out.splitlines()[-1] == "saved: odd.yaml: complete it before use"
    assert Path("odd.yaml").is_file()


def test_the_command_that_inspect_gives_can_be_run_as_it_stands(run: Run, export: Path) -> None:
    export.rename("my export.csv")
    done = run("inspect", "my export.csv", "--save", "it's mine.yaml")
    command = done.out.splitlines()[-1].removeprefix("saved: ")
    assert run(*shlex.split(command)[1:]).code == 0
    assert Path("report/report.html").is_file()


def test_inspect_does_not_write_over_a_binding_that_was_perhaps_edited(
    run: Run, export: Path
) -> None:
    Path("binding.yaml").write_text("case: mine\n")
    done = run("inspect", export, "--save", "binding.yaml")
    assert done.code == 2
    assert "binding.yaml is there already" in done.err
    assert Path("binding.yaml").read_text() == "case: mine\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "absent.csv", "--out", "r"], "there is no file absent.csv"),
        (["report", "export.csv", "--out", "r", "--case", "Nr"], "no column 'Nr' for --case in"),
        (["report", "export.csv", "--out", "r", "--tz", "Mars"], "Mars"),
        (
            ["report", "export.csv", "--out", "r", "--closed", "Shut"],
            "no activity (--closed) 'Shut'",
        ),
        (["report", "export.csv", "--out", "r", "--as-of", "soon"], "--as-of 'soon' is not a date"),
        (["report", "export.csv", "--out", "r", "--as-of", "1999-01-01"], "give a later --as-of"),
        (["report", "export.csv", "--out", "r", "--period", "X"], "--period 'X' is not a period"),
        (["report", "export.csv", "--out", "r", "--by", "size"], "no case attribute (--by) 'size'"),
        (["report", "export.csv", "--out", "r", "--binding", "b.yaml"], "no binding file b.yaml"),
        (["report", "export.csv", "--out", "."], "is where you are"),
        (["report", "export.csv", "--out", "export.csv"], "is a file"),
        (["report", "export.csv"], "Missing option"),
        (["report", "--out", "r"], "Missing argument"),
        (["rapport"], "No such command"),
        (["inspect", "."], "is a folder"),
    ],
)
def test_what_the_user_can_mend_ends_with_2_and_words_and_leaves_nothing(
    run: Run, export: Path, words: list[str], said: str
) -> None:
    done = run(*words)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert [path.name for path in export.parent.iterdir()] == ["export.csv"]


def test_the_advice_on_times_written_month_first_can_be_followed(run: Run, export: Path) -> None:
    rows = ["case,activity,time", "1,A,03/31/2026 10:00", "1,B,04/01/2026 10:00"]
    export.write_text("\n".join(rows))
    assert (
        "pass --time-format '%m/%d/%Y %H:%M' if months" in run("report", export, "--out", "r").err
    )
    done = run("report", export, "--out", "r", "--time-format", "%m/%d/%Y %H:%M", "--tz", "CET")
    assert done.code == 0
    assert "from 31 March 2026 to 1 April" in Path("r/report.html").read_text("utf-8")


def test_proposal_notes_and_advice_name_options_and_files_not_python(
    run: Run, export: Path
) -> None:
    said = run("report", export, "--out", "r").err + run("inspect", export).out
    assert "such as --tz 'Europe/Bucharest', 'Europe/Rome'" in said
    assert "Find them in tables/rejected_rows.csv of the report." in said
    assert (export.parent / "r" / "tables" / "rejected_rows.csv").is_file()
    assert said.count("--case, --activity, --timestamp … or keep") == 2
    assert "name other columns with procmine report --case" in said
    assert re.search(r"\b[a-z_]+=|log\.|pm\.", said) is None


@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("give timestamp=, or start= and end=", "give --timestamp, or --start and --end"),
        ("lifecycle=None keeps each row", "--lifecycle '' keeps each row"),
        ("no activity (closed=) 'Shut'", "no activity (--closed) 'Shut'"),
        ("no column 'X' for closed= in f", "no column 'X' for closed: in f"),
        ("closed={'x': 1} is not understood", "closed: {'x': 1} is not understood"),
        ("another time_format=, resources=", "another --time-format, resources:"),
        ('resources="pseudonym" needs a key', 'resources: "pseudonym" needs a key'),
        (
            'with pm.read(..., on_bad_rows="drop") and list them with log.import_report.rejected',
            "with on_bad_rows: drop in the binding and find them in "
            "tables/rejected_rows.csv of the report",
        ),
        ("no column 'by=' or \"end='\" for case=", "no column 'by=' or \"end='\" for --case"),
        ("the office's by='x'", "the office's --by 'x'"),
        ("give --end=3 or lower_case=3", "give --end=3 or lower_case=3"),
    ],
)
def test_parameters_become_options_and_what_is_quoted_stays(python: str, words: str) -> None:
    assert as_options(python) == words


def test_a_folder_of_others_is_refused_before_anything_is_read(run: Run, export: Path) -> None:
    (export.parent / "full").mkdir()
    (export.parent / "full" / "letter.txt").write_text("mine")
    done = run("report", export, "--out", "full")
    assert done.code == 2
    assert "is not empty and no report of procmine" in done.err
    assert "reading" not in done.err


def test_a_place_that_cannot_be_written_is_told_without_a_traceback(run: Run, export: Path) -> None:
    done = run("report", export, "--out", "export.csv/report")
    assert done.code == 2
    assert done.err.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in done.err


def test_what_is_our_fault_keeps_its_traceback(
    run: Run, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(commands, "write_report", break_off)
    monkeypatch.setattr(sys, "argv", ["procmine", "report", str(export), "--out", "report"])
    with pytest.raises(ZeroDivisionError, match="ours"):
        cli.main()


def test_the_demo_says_where_its_report_lies(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("demo")
    assert done.code == 0
    assert done.out == f"report: {tmp_path / 'demo-report' / 'report.html'}\n"
    assert "note:" not in done.err
    page = (tmp_path / "demo-report" / "report.html").read_text(encoding="utf-8")
    assert "1,952 cases were closed and 116 open" in page
    assert "Europe/Bucharest" in page
    assert "Late by whose clock?" in page


PROCEDURE = """procedure: permit
country: RO
closing: [{activity: Close, outcome: approved}]
events: {registered: Register}
terms:
  - {id: decision, start: registered, length: {n: 1}, counting: eu-1182-71}
"""


def test_a_report_with_a_procedure_tells_what_was_late(run: Run, export: Path) -> None:
    Path("permit.yaml").write_text(PROCEDURE)
    words = ["report", export, "--out", "r", "--tz", "Europe/Bucharest", "--procedure"]
    assert run(*words, "permit.yaml").code == 0
    page = Path("r/report.html").read_text("utf-8").replace("\u00a0", " ")
    assert "decision: 1 of 1 case that ended was in time (100.0 %)" in page
    Path("closed.csv").write_text("date,role,kind\n2026-01-06,deadline,closed\n")
    Path("ro.yaml").write_text("country: RO\ntz: Europe/Bucharest\ndays: closed.csv\n")
    assert run(*words, "permit.yaml", "--calendar", "ro.yaml").code == 0
    assert "1 own day" in Path("r/report.html").read_text("utf-8")


def test_a_mistake_of_the_procedure_is_told_by_line_before_the_log_is_read(
    run: Run, export: Path
) -> None:
    Path("permit.yaml").write_text(PROCEDURE.replace("eu-1182-71", "eu-1182-17"))
    done = run("report", export, "--out", "r", "--procedure", "permit.yaml")
    assert done.code == 2
    assert "permit.yaml, line 6" in done.err
    assert "did you mean 'eu-1182-71'?" in done.err
    assert "reading" not in done.err
    assert not Path("r").exists()


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (["--procedure", "permit.yaml"], "read it again with --tz Europe/Bucharest"),
        (["--calendar", "ro.yaml"], "name the procedure with --procedure"),
        (["--procedure", "none.yaml"], "there is no procedure file none.yaml"),
        (["--tz", "CET", "--procedure", "anywhere.yaml"], "or give --calendar with its file"),
    ],
)
def test_errors_about_terms_speak_of_options(
    run: Run, export: Path, options: list[str], advice: str
) -> None:
    Path("permit.yaml").write_text(PROCEDURE)
    Path("anywhere.yaml").write_text(PROCEDURE.replace("country: RO\n", ""))
    Path("ro.yaml").write_text("country: RO\ntz: Europe/Bucharest\n")
    done = run("report", export, "--out", "r", *options)
    assert done.code == 2
    assert advice in done.err
    assert not Path("r").exists()


def test_a_report_made_again_over_the_earlier_one_is_the_same(run: Run, export: Path) -> None:
    words = ["report", export, "--out", "r", "--tz", "CET"]
    assert run(*words).code == 0
    before = (export.parent / "r" / "report.html").read_bytes()
    assert run(*words).code == 0
    assert (export.parent / "r" / "report.html").read_bytes() == before


def test_where_the_sample_is_absent_the_demo_says_where_it_would_be(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "SAMPLE", tmp_path / "no.csv")
    done = run("demo", "--out", tmp_path / "d")
    assert done.code == 2
    assert "it comes with the source of procmine" in done.err
    assert list(tmp_path.iterdir()) == []


def test_the_binding_of_the_demo_is_that_of_the_readme() -> None:
    from conftest import sample_log

    log = pm.read(cli.SAMPLE, binding=cli.SAMPLE_BINDING)
    assert log.binding == sample_log().binding


def test_the_version_is_told(run: Run) -> None:
    done = run("--version")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("procmine 0.")


def test_on_a_terminal_a_bar_says_what_is_done_and_goes_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "Timer", AtOnce)
    with cli.Progress() as say:
        say("reading [export].csv")
    assert "reading [export].csv" in capsys.readouterr().err


class AtOnce:
    """A timer that does not wait."""

    daemon = True

    def __init__(self, _: float, act: object) -> None:
        self.act = act

    def start(self) -> None:
        assert callable(self.act)
        self.act()

    def cancel(self) -> None: ...

    def join(self) -> None: ...


def test_a_bar_shown_while_the_log_is_read_gives_stdout_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    before, elsewhere = sys.stdout, StringIO()
    bar, _ = cli.moving_bar()
    assert bar.live.console.is_terminal
    with redirect_stdout(elsewhere):
        bar.start()
    assert sys.stdout is before
    bar.stop()
    assert sys.stdout is before


def test_on_a_terminal_short_work_is_done_in_silence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with cli.Progress() as say:
        say("reading")
    assert capsys.readouterr().err == ""


def test_the_command_runs_in_a_process_of_its_own(export: Path, root: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "procmine.cli", "report", str(export)]
    done = subprocess.run(
        [*command, "--out", "report", "--tz", "CET"],
        cwd=export.parent,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert b"1 of 4 rows" in done.stderr


def test_letters_that_the_terminal_cannot_show_are_escaped(export: Path, root: Path) -> None:
    for command in (["inspect", "export.csv"], ["report", "export.csv", "--out", "ș"]):
        done = subprocess.run(
            [sys.executable, "-m", "procmine.cli", *command],
            cwd=export.parent,
            env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "cp1252",
                 "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode("cp1252")
        assert b"Traceback" not in done.stderr
        said = (done.stdout + done.stderr).decode("cp1252")
        assert "Func\\u021bionar" in said
        assert ("\\u0219" in done.stdout.decode("cp1252")) == (command[0] == "report")


def test_a_command_that_is_stopped_leaves_nothing(
    run: Run, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from procmine.report import write

    def stopped(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(write, "write_tables", stopped)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert run("report", export, "--out", "deep/report").code == 128 + signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)
    assert [path.name for path in export.parent.iterdir()] == ["export.csv"]
