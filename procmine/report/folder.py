"""The folder of a report: written beside its place and moved there whole, or not at all."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from procmine.errors import ProcmineError

MANIFEST = "procmine-report.json"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


class ReportError(ProcmineError):
    """A report that cannot be written where it was asked for."""


@contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """Give a new folder to write into; at the end it stands at ``out``, an earlier report is gone.

    Where the writing fails, or is interrupted, nothing is left of it and ``out`` is as it was.
    """
    out = Path(os.path.realpath(out))
    refuse_others(out)
    made = _missing_parents(out)
    draft: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        yield draft
        write_manifest(draft)
        draft.chmod(0o777 & ~_umask())
        _put(draft, out)
    except BaseException:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
        for parent in made:
            _remove_if_empty(parent)
        raise


def refuse_others(out: Path) -> None:
    """Raise ReportError unless the place is free, an empty folder, or an earlier report and nothing else."""
    if not out.exists():
        return
    if not out.is_dir():
        raise ReportError(f"{out} is a file\nname a folder with --out; it is made if need be")
    if Path.cwd().is_relative_to(out):
        raise ReportError(f"{out} is where you are\nname a folder in it, such as --out report")
    found = sorted(_files_of(out))
    if not found and not any(out.iterdir()):
        return
    if not (out / MANIFEST).is_file():
        raise ReportError(
            f"{out} is not empty and no report of procmine\n"
            "name another folder with --out, or empty this one first"
        )
    foreign = [name for name in found if name not in _listed(out)]
    if foreign:
        raise ReportError(
            f"{out} holds {len(foreign):,} files that no report of procmine wrote, first {foreign[0]}\n"
            "move them elsewhere, or name another folder with --out"
        )


def write_manifest(folder: Path) -> None:
    """Write down the files of the report, by which a later run knows that it may replace them."""
    files = sorted([*_files_of(folder), MANIFEST])
    text = json.dumps({"made_by": "procmine report", "files": files}, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _listed(folder: Path) -> set[str]:
    """Return the files that the manifest of a report lists."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return set(content["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(
            f"{folder / MANIFEST} cannot be read, so it is not known which files are the report's\n"
            "name another folder with --out, or empty this one first"
        ) from error


def _files_of(folder: Path) -> list[str]:
    """Return everything below a folder that is not itself a folder."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return [path.relative_to(folder).as_posix() for path in found]


def _put(draft: Path, out: Path) -> None:
    """Move the draft to its place; what stood there is removed only after that."""
    if not out.exists():
        draft.rename(out)
    elif _exchange(draft, out):
        shutil.rmtree(draft, ignore_errors=True)
    else:
        _swap_in_two_moves(draft, out)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where Linux and the file system can."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):  # TypeError: Windows
        return False
    paths = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    return bool(renameat2(*paths, _RENAME_EXCHANGE) == 0)


def _swap_in_two_moves(draft: Path, out: Path) -> None:
    """Move the earlier report aside and the draft to its place; put it back where that fails."""
    aside = draft.with_name(draft.name + "-earlier")
    out.rename(aside)
    try:
        draft.rename(out)
    except BaseException:
        aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _missing_parents(out: Path) -> list[Path]:
    """Return the folders above that are to be made, the innermost first."""
    return [parent for parent in out.parents if not parent.exists()]


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
