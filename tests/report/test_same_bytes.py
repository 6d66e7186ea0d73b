"""The same log gives the same bytes, whatever the process, its hashes and its random codes of persons."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = """
import sys
import procmine as pm
from procmine.report import write_report
source, out, lifecycle, procedure = sys.argv[1:]
log = pm.read(source, case="case", activity="activity", timestamp="time", resource="who",
              lifecycle=lifecycle or None, unit="unit", tz="Europe/Bucharest")
write_report(log, out, by="unit", period="W", procedure=pm.Procedure.read(procedure))
"""

PROCEDURE = """
procedure: permit
country: RO
closing: [{activity: activity 2, outcome: approved}]
events: {registered: activity 0}
terms:
  - {id: decision, start: registered, length: {n: 3}, counting: eu-1182-71}
  - {id: check, start: registered, length: {n: 1, unit: working_day}, counting: eu-1182-71}
"""


def export(path: Path, cases: int) -> None:
    """Write a log with lifecycle rows, persons, ties, and more steps than dots are drawn as shapes."""
    lines = ["case,activity,time,who,unit,kind,transition"]
    for case in range(cases):
        for step in range(3 + case % 5):
            for transition, minute in (("start", step), ("complete", step + case % 2)):
                time = f"2026-{1 + case % 9:02}-{1 + case % 27:02} 08:{minute:02}"
                who = f"person-{(case * 7 + step) % 11}"
                lines.append(
                    f"{case},activity {step % 4},{time},{who},unit {case % 3},k{case % 4},{transition}"
                )
    path.write_text("\n".join(lines) + "\n")


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("lifecycle", ["transition", ""])
def test_two_processes_write_the_same_bytes(tmp_path: Path, lifecycle: str) -> None:
    export(tmp_path / "export.csv", cases=450)
    (tmp_path / "procedure.yaml").write_text(PROCEDURE)
    for seed in ("1", "2"):
        command = [sys.executable, "-W", "error", "-c", SCRIPT]
        command += [str(tmp_path / "export.csv"), str(tmp_path / seed), lifecycle]
        command += [str(tmp_path / "procedure.yaml")]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        environment["MPLBACKEND"] = "Agg"
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    one, other = digests(tmp_path / "1"), digests(tmp_path / "2")
    assert len(one) == 38
    assert one == other
