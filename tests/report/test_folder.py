"""The folder of a report: whole or not there, and nothing of anybody else's is touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from procmine.report import folder
from procmine.report.folder import MANIFEST, ReportError, replaced


def write(out: Path, text: str = "new", name: str = "report.html") -> None:
    with replaced(out) as draft:
        (draft / name).write_text(text)


def contents(path: Path) -> dict[str, str]:
    return {
        item.relative_to(path).as_posix(): item.read_text()
        for item in path.rglob("*")
        if item.is_file()
    }


class BreakError(Exception):
    """What goes wrong in the middle."""


def break_off(out: Path) -> None:
    def half() -> None:
        with replaced(out) as draft:
            (draft / "report.html").write_text("half")
            raise BreakError

    with pytest.raises(BreakError):
        half()


def test_the_folder_appears_when_all_is_written(tmp_path: Path) -> None:
    out = tmp_path / "report"
    with replaced(out) as draft:
        (draft / "report.html").write_text("new")
        assert not out.exists()
        assert draft.parent == tmp_path
    assert sorted(contents(tmp_path)) == [f"report/{MANIFEST}", "report/report.html"]


def test_the_folder_may_be_read_as_the_user_lets_new_folders_be_read(tmp_path: Path) -> None:
    write(tmp_path / "report")
    (tmp_path / "plain").mkdir()
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("report", "plain")]
    assert modes[0] == modes[1]


def test_a_fault_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    break_off(tmp_path / "deep" / "report")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_in_the_middle_leaves_the_earlier_report_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "report", "old")
    before = contents(tmp_path)
    break_off(tmp_path / "report")
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("in_one_step", [True, False])
def test_an_earlier_report_is_replaced_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool
) -> None:
    if not in_one_step:
        monkeypatch.setattr(folder, "_exchange", lambda one, other: False)
    write(tmp_path / "report", "old", name="of_old.html")
    write(tmp_path / "report", "new")
    assert sorted(contents(tmp_path)) == [f"report/{MANIFEST}", "report/report.html"]
    assert contents(tmp_path)["report/report.html"] == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("fault", [OSError, AttributeError, TypeError])
def test_where_folders_cannot_be_exchanged_the_earlier_report_is_still_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise fault("no such library here")

    write(tmp_path / "report", "old")
    monkeypatch.setattr(folder.ctypes, "CDLL", refuse)
    write(tmp_path / "report", "new")
    assert contents(tmp_path)["report/report.html"] == "new"


def test_where_two_moves_fail_halfway_the_earlier_report_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "report", "old")
    before = contents(tmp_path)
    monkeypatch.setattr(folder, "_exchange", lambda one, other: False)
    rename = Path.rename

    def refuse_the_draft(path: Path, target: Path) -> Path:
        if path.name.startswith(".") and not path.name.endswith("-earlier"):
            raise OSError("no")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_the_draft)
    with pytest.raises(OSError, match="no"):
        write(tmp_path / "report")
    assert contents(tmp_path) == before


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    write(tmp_path / "report")
    assert contents(tmp_path / "report")["report.html"] == "new"


def test_a_folder_with_anything_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(ReportError, match="is not empty and no report of procmine\nname another"):
        write(tmp_path)
    assert contents(tmp_path) == {"letter.txt": "mine"}


def test_a_report_with_a_file_of_the_user_in_it_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "report", "old")
    (tmp_path / "report" / "notes.txt").write_text("mine")
    with pytest.raises(ReportError, match=r"holds 1 files that no report .* first notes\.txt"):
        write(tmp_path / "report")
    assert contents(tmp_path / "report")["report.html"] == "old"


def test_a_list_of_files_that_cannot_be_read_is_no_licence_to_remove_them(tmp_path: Path) -> None:
    write(tmp_path / "report", "old")
    (tmp_path / "report" / MANIFEST).write_text("{")
    with pytest.raises(ReportError, match="cannot be read"):
        write(tmp_path / "report")


def test_a_file_in_the_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("mine")
    with pytest.raises(ReportError, match=r"is a file\nname a folder"):
        write(tmp_path / "report")


def test_the_folder_one_stands_in_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for out in (Path(), Path("..")):
        with pytest.raises(ReportError, match="is where you are"):
            write(out)


def test_a_link_stays_a_link_to_the_new_report(tmp_path: Path) -> None:
    write(tmp_path / "real", "old")
    (tmp_path / "link").symlink_to("real")
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "real")["report.html"] == "new"


def test_folders_above_are_made(tmp_path: Path) -> None:
    write(tmp_path / "reports" / "2026" / "march")
    assert (tmp_path / "reports" / "2026" / "march" / "report.html").is_file()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_place_that_may_not_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(PermissionError):
        write(tmp_path / "report")
