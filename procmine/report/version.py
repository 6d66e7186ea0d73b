"""Which procmine this is."""

from __future__ import annotations


def version() -> str:
    """Return the installed version, or say that the code runs without being installed."""
    from importlib import metadata

    try:
        return metadata.version("procmine")
    except metadata.PackageNotFoundError:
        return "not installed (run from its source)"
