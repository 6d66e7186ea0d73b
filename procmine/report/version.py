"""Which procmine this is."""

from __future__ import annotations

from pathlib import Path


def version() -> str:
    """Return the version of procmine, installed or run from its source."""
    from importlib import metadata

    try:
        return metadata.version("procmine")
    except metadata.PackageNotFoundError:
        return _of_source(Path(__file__).resolve().parents[2] / "pyproject.toml")


def _of_source(project: Path) -> str:
    import tomllib

    if not project.is_file():
        return "of unknown version"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
