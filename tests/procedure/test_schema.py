"""The JSON Schema of the procedure file: as generated, true to what may be written, and told key by key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import procmine
from docs.procedure_pages import PARTS
from procmine.procedure import Procedure, rules, schema
from procmine.procedure.keys import KEYS
from procmine.procedure.reading.yaml_text import located
from tests.procedure.written import SMALL, WHOLE, changed

FILE = Path(procmine.__file__).parent / "procedure" / "data" / "procedure.schema.json"
SAMPLES = sorted((Path(__file__).parents[2] / "sample_logs").glob("*.procedure.yaml"))
PAGE = (Path(__file__).parents[2] / "docs" / "procedure.md").read_text("utf-8")
ON_THE_PAGE = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = (
    {"small": SMALL, "whole": WHOLE}
    | {path.name: path.read_text("utf-8") for path in SAMPLES}
    | {f"page, example {number}": text for number, text in enumerate(ON_THE_PAGE, 1)}
)


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: as_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def complaints(text: str) -> list[str]:
    values = as_json(located(text, source="procedure.yaml").values)
    found = jsonschema.Draft202012Validator(schema.schema()).iter_errors(values)
    return [f"{list(error.path)}: {error.message}" for error in found]


def keys(node: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        for part in node:
            yield from keys(part, at)
    elif isinstance(node, dict):
        for name, part in node.get("properties", {}).items():
            yield f"{at}.{name}", part
        for name, part in node.items():
            yield from keys(part, f"{at}.{name}")


def test_the_file_is_the_one_that_the_models_make() -> None:
    assert FILE.read_text("utf-8") == schema.text(), (
        f"python -m procmine.procedure.schema > {FILE.relative_to(Path.cwd())} renews it"
    )


def test_it_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema.schema())


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_procmine_reads_fits_the_schema(name: str) -> None:
    assert Procedure.parse(EXAMPLES[name]).procedure
    assert complaints(EXAMPLES[name]) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("unit: day", "unit: dya"),
        ("length:", "lenght:"),
        ("country: RO", "contry: RO"),
        ("country: RO", "country: Romania"),
        ("n: 10", "n: ten"),
        ("n: 10", "n: 0"),
        ("n: 10, ", ""),
        ("length:", "valid_to: 5, length:"),
        ("length:", "pauses: [{from: a, untill: b}], length:"),
        ("length:", "counting: ro-fre-days, length:"),
        ("length:", "versions: [{lenght: 1}], length:"),
        ("id: internal, start: registered, length: {n: 10, unit: day}", "term: ro.petitoin"),
        ("[Răspuns]", "[{activity: Răspuns, outcome: answerd}]"),
        ("[Răspuns]", "[Răspuns]\nflow: [{optinal: [Răspuns]}]"),
        ("registered: Înregistrare", "registered: {activty: Înregistrare}"),
        ("procedure: petition\n", ""),
    ],
)
def test_a_mistake_is_marked_by_an_editor(old: str, new: str) -> None:
    assert complaints(changed(old, new))


def test_every_key_has_a_title_and_says_what_it_means() -> None:
    found = list(keys(schema.schema()))
    assert len(found) > 150
    assert [
        name for name, part in found if not (part.get("title") and part.get("description"))
    ] == []


def test_the_page_tells_the_keys_of_every_part() -> None:
    assert set(PARTS) == set(KEYS)


def test_editors_are_given_the_ids_of_the_shipped_rules() -> None:
    use = schema.schema()["$defs"]["RuleUse"]["properties"]["term"]
    assert use["anyOf"][0]["enum"] == list(rules.ids())


def test_nothing_in_it_speaks_in_the_markup_of_docstrings() -> None:
    assert "``" not in schema.text()
    assert ":class:" not in schema.text()


@pytest.mark.parametrize(
    ("place", "some"),
    [
        ((), ["procedure", "terms"]),
        (("terms", 3), ["term", "id", "length"]),
        (("terms", 3, "versions", 0), ["length", "valid_to"]),
        (("terms", 3, "versions", 0, "pauses", 1), ["from", "until"]),
        (("events", "registered", "period"), ["days", "attribute"]),
        (("terms", 0, "if", "people", "Compare"), ["above", "at_most"]),
    ],
)
def test_the_keys_of_a_place_are_known(place: tuple[str | int, ...], some: list[str]) -> None:
    assert set(some) <= set(schema.keys_at(place))
