"""What the tests share: the profiles of hypothesis, the folders, and the public logs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT.parent / "shared" / "logs"

# No deadline and no check of speed: a test must not fail because the machine is busy.
settings.register_profile(
    "default", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", settings.get_profile("default"), max_examples=2_000)
settings.load_profile("default")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def logs() -> Path:
    """The folder of the public logs, which are not part of the repository."""
    if not LOGS.is_dir():
        pytest.skip("the public logs are not in ../shared/logs, beside the project")
    return LOGS


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that sees the sample logs as the project's root does, and that a test may litter."""
    (tmp_path / "sample_logs").symlink_to(ROOT / "sample_logs")
    monkeypatch.chdir(tmp_path)
    return tmp_path
