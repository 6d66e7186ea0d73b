"""Make the invented building-permit register and five other exports, and write down what was planted in them.

`python sample_logs/generate.py` rewrites `building_permits_ro.csv` with `truth.json`, and the
exports each with its `.truth.json`, byte for byte the same each time; another folder may be named
as the one argument. It needs numpy, openpyxl and pyarrow.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from dossiers import TASKS, Case, Offices
from exports import history_it, permits_nl, petitions_ro, protocol_gr, suap_it
from exports.files import json_bytes
from planted import planted
from waits import waiting

SEED = 50_1991
CSV_NAME, TRUTH_NAME = "building_permits_ro.csv", "truth.json"
COLUMNS = {
    "case": "Nr. dosar",
    "activity": "Activitate",
    "start": "Data început",
    "end": "Data sfârșit",
    "resource": "Funcționar",
    "unit": "Compartiment",
}
CASE_ATTRIBUTES = ["Oficiu", "Tip lucrare", "Suprafața (mp)"]
EXPORTS = (petitions_ro, suap_it, protocol_gr, permits_nl, history_it)


def csv_text(cases: Iterable[Case]) -> str:
    """Return the export: a row per step, in the order in which the steps began."""
    rows = [
        [
            *(case.key, step.activity, _minute(step.start), _minute(step.end), step.resource),
            *(TASKS[step.activity].unit, case.office, case.works, str(case.area)),
        ]
        for case in cases
        for step in case.steps
    ]
    rows.sort(key=lambda row: (row[2], row[0], row[3]))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS.values(), *CASE_ATTRIBUTES])
    writer.writerows(rows)
    return text.getvalue()


def _minute(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="minutes")


def write(folder: Path) -> None:
    """Write the register and its truth into `folder`."""
    cases = Offices(SEED).run()
    export = csv_text(cases).encode("utf-8")
    source = {
        "file": CSV_NAME,
        "sha256": hashlib.sha256(export).hexdigest(),
        "seed": SEED,
        "binding": COLUMNS,
        "case_attributes": CASE_ATTRIBUTES,
    }
    story = planted(cases) | {"waiting": waiting(cases)}
    truth = json.dumps(source | story, ensure_ascii=False, indent=1) + "\n"
    (folder / CSV_NAME).write_bytes(export)
    (folder / TRUTH_NAME).write_bytes(truth.encode("utf-8"))


def write_exports(folder: Path) -> None:
    """Write the five other exports and their truths into `folder`."""
    for export in EXPORTS:
        content, truth = export.made()
        source = {
            "file": export.NAME,
            "sha256": hashlib.sha256(content).hexdigest(),
            "seed": export.SEED,
        }
        stem = export.NAME.partition(".")[0]
        (folder / export.NAME).write_bytes(content)
        (folder / f"{stem}.truth.json").write_bytes(json_bytes(source | truth))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent
    write(target)
    write_exports(target)
