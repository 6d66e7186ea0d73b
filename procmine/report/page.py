"""The page of a report: what was measured and drawn, set into the templates."""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from procmine.card import period_text
from procmine.kpi.periods import PERIODS
from procmine.plot.units import counted
from procmine.report.doubts import beside
from procmine.report.facts import Facts
from procmine.report.glance import key_figures, sentences
from procmine.report.options import as_options
from procmine.report.picture import Picture
from procmine.report.quality import quality_notes
from procmine.report.readable import count
from procmine.report.sections import html_tables
from procmine.report.term_said import assumptions, term_sentences
from procmine.report.waiting_said import waiting_lacks, waiting_sentences
from procmine.report.words import persons_said, words

_LEAST_ENDS = 0.02
"""An activity that fewer cases end with is hardly one that closes them."""
TEMPLATES = Path(__file__).parent / "templates"


def page(facts: Facts, pictures: Mapping[str, Picture], *, version: str) -> str:
    """Return the page as HTML: one file that needs no other, and no network."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": count, "counted": counted, "shell": shlex.quote}
    script = (TEMPLATES / "sort.js").read_text(encoding="utf-8")
    html = environment.get_template("report.html").render(
        **_content(facts),
        pictures=pictures,
        version=version,
        style=(TEMPLATES / "style.css").read_text(encoding="utf-8"),
        script=script,
        script_hash=_hash(script),
    )
    return str(html)


def _content(facts: Facts) -> dict[str, Any]:
    """Return what the templates speak of."""
    log = facts.log
    return {
        "facts": facts,
        "log": log,
        "report": log.import_report,
        "source": log.import_report.source,
        "span": period_text(log),
        "figures": key_figures(facts),
        "sentences": sentences(facts),
        "tables": html_tables(facts),
        "period_name": PERIODS[facts.period],
        "last_activities": _last_activities(facts),
        "words": words(facts),
        "persons": persons_said(log),
        "quality": quality_notes(facts),
        "beside": beside(facts),
        "waiting_sentences": waiting_sentences(facts.waiting),
        "waiting_lacks": waiting_lacks(facts.waiting),
        **_about_terms(facts),
        "zone_reason": _zone_reason(facts),
        "files": {name: len(table) for name, table in facts.tables().items()},
    }


def _about_terms(facts: Facts) -> dict[str, list[str]]:
    if facts.terms is None:
        return {}
    return {
        "term_sentences": term_sentences(facts.terms),
        "term_assumptions": assumptions(facts.terms),
    }


def _zone_reason(facts: Facts) -> str:
    """Say why the zone of the times is not known."""
    reason = facts.log.import_report.reasons.get("tz", "").partition(": ")[2]
    reason = reason or "the times carry no UTC offset and tz= was not given"
    return as_options(reason[:1].upper() + reason[1:])


def _last_activities(facts: Facts) -> list[tuple[str, int]]:
    """Return the activities that most cases end with, among which the closing ones may be."""
    ends = facts.process_map.nodes.sort_values(["ends", "activity"], ascending=[False, True])
    top = ends[ends["ends"] >= max(facts.log.n_cases * _LEAST_ENDS, 1)].head(5)
    return [(str(a), int(n)) for a, n in zip(top["activity"], top["ends"], strict=True)]


def _hash(script: str) -> str:
    """Return the hash by which the page lets this script run, and no other."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
