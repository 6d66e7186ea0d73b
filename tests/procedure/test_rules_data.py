"""The shipped rules are whole: every one has its law, its source and its status, and says what settles what is open."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from procmine.procedure import rules
from procmine.procedure.named import attributes_of, events_of
from procmine.procedure.procedure import Procedure
from procmine.procedure.term import Counting, Options, Pause, Term

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = sorted((ROOT / "procmine" / "procedure" / "data" / "rules").glob("*.yaml"))
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")

COUNTING = {
    "eu-1182-71", "ro-free-days", "ro-working-days", "it-common", "gr-civil", "nl-atw",
}  # fmt: skip
RULES = {
    "ro.petition", "ro.petition.energy", "ro.petition.forward", "ro.foi", "ro.foi.refusal",
    "ro.building_permit", "ro.building_permit.urgent", "ro.building_permit.formal_check",
    "ro.urbanism_cert", "ro.tacit_default",
    "it.default", "it.regulated_90", "it.regulated_180", "it.pdc", "it.pdc.lombardy", "it.scia",
    "it.scia.building",
    "gr.default", "gr.forward",
    "nl.wabo", "nl.ow", "nl.extended",
}  # fmt: skip
PAUSES = {
    "it.susp_2_7", "it.10bis", "it.pdc.interrupt", "it.pdc.minor_changes", "nl.awb_4_15",
    "ro.refile", "gr.completion",
}  # fmt: skip
LANGUAGES = {"RO": "ro", "IT": "it", "GR": "el", "NL": "nl"}

STATUS = re.compile(r"(verified|verified-secondary)(: .+)?$|(unclear|unverified): .+")
DOUBT = re.compile(r"\b(unclear|unverified)\b")
SNAKE = re.compile(r"[a-z]+(_[a-z]+)*$")

WAYS = [rules.counting(name) for name in sorted(COUNTING)]
TERMS = [term for name in sorted(RULES) for term in rules.rule(name)]
STOPS = [pause for name in sorted(PAUSES) for pause in rules.pause(name)]
Data = Counting | Pause | Term


def _name(part: Data) -> str:
    first = getattr(part, "valid_from", None)
    return f"{part.id}@{first}" if first else part.id


each = pytest.mark.parametrize("part", [*WAYS, *STOPS, *TERMS], ids=_name)
each_term = pytest.mark.parametrize("term", TERMS, ids=_name)


def test_every_rule_that_was_gathered_ships_and_no_other() -> None:
    assert set(rules.ids()) == RULES
    assert set(rules.shipped().counting) == COUNTING
    assert set(rules.shipped().pauses) == PAUSES


@each
def test_it_names_its_law_its_source_and_its_status(part: Data) -> None:
    assert part.base
    assert part.source
    assert STATUS.match(part.status), part.status


@each
def test_what_is_open_names_the_option_that_settles_it_or_says_that_there_is_none(
    part: Data,
) -> None:
    if part.option.startswith("none: "):
        assert not any(name in part.option for name in Options.model_fields)
    elif part.option:
        assert set(part.option.split(", ")) <= set(Options.model_fields)
    assert part.option or not DOUBT.search(part.status)


@each_term
def test_a_rule_is_named_in_english_and_in_the_language_of_its_country(term: Term) -> None:
    assert isinstance(term.name, dict)
    assert set(term.name) == {"en", LANGUAGES[str(term.country)]}
    assert all(term.name.values())
    assert term.id.startswith(f"{str(term.country).lower()}.")


@each_term
def test_events_and_attributes_are_words_of_the_law_and_not_of_a_log(term: Term) -> None:
    for name in (*events_of(term), *attributes_of(term), *term.start.fallback):
        assert SNAKE.match(name), name


@each_term
def test_a_pause_of_a_phase_belongs_to_a_phase_of_its_rule(term: Term) -> None:
    phases = {phase.id for phase in term.phases}
    assert {pause.phase for pause in term.pauses if pause.phase} <= phases


@pytest.mark.parametrize("name", sorted(RULES | PAUSES))
def test_validities_are_in_order_and_never_overlap(name: str) -> None:
    versions = rules.rule(name) if name in RULES else rules.pause(name)
    spans = [(one.valid_from or date.min, one.valid_to or date.max) for one in versions]
    assert all(date(1990, 1, 1) <= first or first == date.min for first, _ in spans)
    assert all(first <= last for first, last in spans)
    assert all(max(a[0], b[0]) > min(a[1], b[1]) for a, b in combinations(spans, 2))


def test_a_rule_whose_first_day_has_no_source_says_so() -> None:
    told = {term.id for term in (*TERMS, *STOPS) if "valid_from unverified" in term.status}
    assert told == {"ro.building_permit.urgent", "ro.urbanism_cert", "it.10bis"}


def test_what_was_unclear_where_the_rules_were_gathered_still_says_so() -> None:
    open_points = {part.id: part.option for part in (*WAYS, *STOPS) if DOUBT.search(part.status)}
    assert open_points == {
        "ro-working-days": "free_days, bridge",
        "it-common": "roll_saturday",
        "gr-civil": "roll_saturday",
        "nl.awb_4_15": "pause_end_day_runs",
        "it.10bis": "none: write valid_from anew where another day is known",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_opens_with_what_it_is_that_it_is_no_legal_advice_and_how_to_override(
    path: Path,
) -> None:
    head = path.read_text("utf-8").split("\nschema:")[0]
    assert all(line.startswith("#") for line in head.splitlines())
    assert "No legal advice" in head
    assert "#     terms:" in head
    assert all(f"\n#     {word}" in head or word in head for word in ("status", "option"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_example_at_the_head_of_a_file_works(path: Path) -> None:
    head = path.read_text("utf-8").split("\nschema:")[0]
    lines = [line[6:] for line in head.splitlines() if line.startswith("#     ")]
    code = path.stem.upper()
    country = {"EU": "NL"}.get(code, code)
    procedure = Procedure.parse("\n".join(["procedure: example", f"country: {country}", *lines]))
    assert len(procedure.uses) >= 1


# --- the page -------------------------------------------------------------------------------------


def _told(head: str) -> set[str]:
    """Return the names in the first column of a table of the page."""
    rows = PAGE.split(f"| {head} |")[1].split("\n\n")[0]
    return set(re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE))


def test_the_page_tells_every_event_and_every_attribute_that_a_rule_names() -> None:
    events = {name for term in TERMS for name in (*events_of(term), *term.start.fallback)}
    events |= {name for pause in STOPS for name in (*pause.from_, *pause.until)}
    assert _told("event") == events
    assert _told("attribute") == {name for term in TERMS for name in attributes_of(term)}
    assert _told("option") == set(Options.model_fields)


def test_the_page_has_a_row_for_every_version_of_a_rule_and_a_pause() -> None:
    for part in (*TERMS, *STOPS, *WAYS):
        versions = sum(one.id == part.id for one in (*TERMS, *STOPS, *WAYS))
        assert len(re.findall(rf"^\| `{re.escape(part.id)}` \|", PAGE, re.MULTILINE)) == versions


def test_the_example_of_the_page_is_a_procedure() -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert [*yaml.safe_load(example)] == ["terms"]
    procedure = Procedure.parse(f"procedure: example\ncountry: RO\n{example}")
    assert [use.id for use in procedure.uses] == ["ro.petition", "decision", "licence", "own"]
    licence = procedure.uses[2].versions[0]
    assert licence.length is not None
    assert licence.length.n == 75
    assert "sat" not in licence.counting.roll_on
