"""The command line reads the five exports with nothing but the file, and its page has the figures of the truth."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from procmine import cli

FOLDER = Path(__file__).resolve().parent.parent.parent / "sample_logs"
STEMS = ("petitions_ro", "suap_it", "protocol_gr", "permits_nl", "history")
STATED = {"petitions_ro", "suap_it", "history"}
"""Those for which the closing of a case is proposed."""

Truth = dict[str, Any]


@dataclass(frozen=True)
class Reported:
    """A report, and what the command said."""

    truth: Truth
    out: str
    err: str
    folder: Path

    @property
    def page(self) -> str:
        return (self.folder / "report.html").read_text(encoding="utf-8")

    @property
    def text(self) -> str:
        """The words of the page, without tags, scripts and pictures."""
        plain = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", self.page)
        return " ".join(html.unescape(re.sub(r"(?s)<[^>]+>", " ", plain)).split())

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / "tables" / f"{name}.csv", dtype=str)


@pytest.fixture(scope="module", params=STEMS)
def reported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """Report one export in a folder of its own, as a clerk would who has only the file."""
    truth = json.loads((FOLDER / f"{request.param}.truth.json").read_text(encoding="utf-8"))
    place = tmp_path_factory.mktemp(request.param)
    shutil.copy(FOLDER / truth["file"], place)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        out, err = run(patch, "report", truth["file"], "--out", "report")
    return Reported(truth, out, err, place / "report")


def run(patch: pytest.MonkeyPatch, *words: str) -> tuple[str, str]:
    """Run a command line in this process; what it says on both streams."""
    out, err = io.StringIO(), io.StringIO()
    patch.setattr(sys, "argv", ["procmine", *words])
    patch.setattr(sys, "stdout", out)
    patch.setattr(sys, "stderr", err)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0, err.getvalue()
    return out.getvalue(), err.getvalue()


def figure(page: str, name: str) -> str:
    """One of the figures at the top of the page."""
    (found,) = re.findall(rf"<dt>{re.escape(name)}</dt><dd><b>([^<]*)</b>", page)
    return str(found)


def names_of_persons(truth: Truth) -> set[str]:
    """Every value of the columns with persons, read without procmine."""
    columns = {*truth.get("personal", {}), truth["binding"].get("resource")} - {None}
    path = FOLDER / truth["file"]
    if path.suffix == ".csv":
        text = path.read_bytes().decode(truth["encoding"])
        rows: Any = csv.DictReader(io.StringIO(text, newline=""), delimiter=truth["separator"])
        found = {row[name] for row in rows for name in columns}
    elif path.suffix == ".xlsx":
        found = in_workbook(path, truth, columns)
    elif path.suffix == ".gz":
        root = ElementTree.fromstring(gzip.decompress(path.read_bytes()))
        found = {item.get("value") for item in root.iter() if item.get("key") in columns}
    else:
        found = set()
    shown = {name for name in columns if isinstance(name, str)} | {"anonim"}
    return {value for value in found if isinstance(value, str) and len(value) > 3} - shown


def in_workbook(path: Path, truth: Truth, columns: set[Any]) -> set[Any]:
    openpyxl = pytest.importorskip("openpyxl", reason="reads the workbook")
    places = [
        place
        for place, name in enumerate(truth["columns"])
        if any(column.endswith(name) for column in columns)
    ]
    sheets = openpyxl.load_workbook(path, read_only=True)
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    wide = len(truth["columns"])
    return {row[place] for row in rows if len(row) == wide for place in places} - set(
        truth["columns"]
    )


def annulled_tickets(truth: dict[str, Any]) -> dict[str, list[str]]:
    """The statuses of tickets that do not count, which the truth of the history has among its cases."""
    found = truth.get("annulled")
    return found if isinstance(found, dict) else {}


def test_the_page_says_the_cases_and_steps_of_the_truth(reported: Reported) -> None:
    truth = reported.truth
    less = annulled_tickets(truth)
    cases = truth["cases"] - len(less)
    steps = truth.get("steps", truth["events"]) - sum(map(len, less.values()))
    assert figure(reported.page, "cases") == f"{cases:,}"
    assert f"The log holds {cases:,} cases with {steps:,} steps of" in reported.text
    assert len(reported.table("cases")) == cases


def test_the_command_says_only_where_the_page_is(reported: Reported) -> None:
    assert reported.out == f"report: {reported.folder / 'report.html'}\n"
    assert f"{reported.truth['file']} is bound as" in reported.err


def test_what_closes_a_case_is_said_to_be_unknown_where_it_is(reported: Reported) -> None:
    stem = reported.truth["file"].split(".")[0]
    assert ("Nothing says what closes a case." in reported.text) == (stem not in STATED)
    if stem not in STATED:
        closing = reported.truth["binding"]["closed"]
        assert any(f"--closed '{activity}'" in reported.text for activity in closing)


def test_a_zone_that_was_assumed_is_said_at_the_top(reported: Reported) -> None:
    has_offsets = "offsets" in reported.truth
    assert ("The time zone is assumed." in reported.text) == (not has_offsets)


def test_every_row_that_is_not_used_is_in_the_table_beside_the_page(reported: Reported) -> None:
    table = reported.table("rejected_rows")
    said = re.search(r"([\d,]+) \w+ read = ([\d,]+) used(?: \+ ([\d,]+) rejected)?", reported.text)
    assert said is not None
    read, used, rejected = (int((number or "0").replace(",", "")) for number in said.groups())
    less = sum(map(len, annulled_tickets(reported.truth).values()))
    assert (used, rejected) == (reported.truth["events"] - less, len(table))
    assert read == used + rejected


def test_no_person_is_in_any_file_of_the_report(reported: Reported) -> None:
    persons = names_of_persons(reported.truth)
    assert bool(persons) == (reported.truth["file"] != "history.parquet")
    texts = [
        path.read_text(encoding="utf-8")
        for path in reported.folder.rglob("*")
        if path.suffix in {".html", ".csv", ".json"}
    ]
    for table in (reported.folder / "tables").glob("*.parquet"):
        frame = pd.read_parquet(table)
        texts += [" ".join(map(str, frame[name].unique())) for name in frame]
    words = "\n".join(html.unescape(text) for text in texts)
    assert [person for person in persons if person in words] == []


@pytest.mark.parametrize("stem", STEMS)
def test_inspect_says_what_it_would_bind(
    stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = json.loads((FOLDER / f"{stem}.truth.json").read_text(encoding="utf-8"))
    shutil.copy(FOLDER / truth["file"], tmp_path)
    monkeypatch.chdir(tmp_path)
    out, _ = run(monkeypatch, "inspect", truth["file"])
    assert out.startswith(f"{truth['file']} is bound as\n")
    case = truth["binding"]["case"]
    for column in [case] if isinstance(case, str) else case:
        assert f"'{column}'" in out
    assert [path.name for path in tmp_path.iterdir()] == [truth["file"]]
