"""The pages in docs/ keep their word: commands print what they show, tables are those of the code, links lead on."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
import yaml

import procmine as pm
from docs import tables, transcript
from procmine.ingest.names import Names

ROOT = Path(__file__).resolve().parent.parent
PAGES = tuple(sorted((ROOT / "docs").glob("*.md")))
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]*)(#[^)\s]+)?\)")
PROSE = (
    "blockages",
    "bpic15",
    "calendars",
    "improvement",
    "measures",
    "rework",
    "terms",
    "waiting",
)
"""Pages that take nothing from the code."""
BLOCKS = [
    pytest.param(block, id=f"{path.stem}: {transcript.commands(block)[0]}")
    for path in PAGES
    for block in transcript.blocks(path.read_text("utf-8"))
]

pages = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in PAGES])


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports").resolve()
    transcript.prepare(folder)
    return folder


def fenced(path: Path, language: str) -> list[str]:
    found = FENCED.findall(path.read_text("utf-8"))
    return [text for name, text in found if name == language]


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub makes them."""
    text = FENCED.sub("", path.read_text("utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {"#" + re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_command_prints_what_the_page_shows(block: str, exports: Path) -> None:
    assert transcript.run_again(block, exports) == block, "python docs/transcript.py renews it"


def test_each_of_the_five_exports_is_inspected_and_reported_with_nothing_but_the_file() -> None:
    ran = set(transcript.commands("\n".join(block.values[0] for block in BLOCKS)))
    for truth in (ROOT / "sample_logs").glob("*.truth.json"):
        (sample,) = (
            path.name
            for path in truth.parent.iterdir()
            if path.suffix not in (".json", ".yaml")
            and path.name.split(".")[0] == truth.name.split(".")[0]
        )
        assert f"procmine inspect {sample}" in ran
        assert f"procmine report {sample} --out {truth.name.split('.')[0]}" in ran


@pages
def test_what_a_page_takes_from_the_code_is_in_step(path: Path) -> None:
    page = path.read_text("utf-8")
    assert tables.MARKED.search(page) or path.stem in PROSE
    assert tables.renewed(page) == page, "python docs/transcript.py renews it"


def test_every_check_stands_on_the_page_with_its_definition() -> None:
    from procmine.checks import checks

    page = (ROOT / "docs" / "quality.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| .* \|$", page, re.MULTILINE)
    told = {name: text for name, text in rows if name in checks()}
    assert told == checks()


@pages
def test_the_examples_of_a_page_run(path: Path, workplace: Path) -> None:
    for number, text in enumerate(fenced(path, "python")):
        exec(compile(text, f"{path.name}, example {number + 1}", "exec"), {"__name__": "page"})
    sessions = "".join(fenced(path, "pycon"))
    examples = doctest.DocTestParser().get_doctest(sessions, {}, path.name, str(path), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(examples).failed == 0


def test_the_yaml_of_the_pages_is_a_binding_and_a_file_of_names(tmp_path: Path) -> None:
    names, binding = fenced(ROOT / "docs" / "exports.md", "yaml")
    for text in (names, binding):
        (tmp_path / "example.yaml").write_text(text, encoding="utf-8")
        read = (Names.load if text is names else pm.Binding.load)(tmp_path / "example.yaml")
        assert read
    assert set(yaml.safe_load(names)) == set(
        Names.of_plain(yaml.safe_load(names), where="").by_role
    )


@pytest.mark.parametrize(
    "path", [*PAGES, ROOT / "README.md"], ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_the_links_of_a_page_lead_somewhere(path: Path) -> None:
    text = FENCED.sub("", path.read_text("utf-8"))
    for target, anchor in LINK.findall(text):
        if "://" in target:
            continue
        linked = (path.parent / target).resolve() if target else path
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), f"{target}{anchor}"
