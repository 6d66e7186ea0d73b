"""The page: one file that needs no other, complete, honest, and harmless."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import procmine as pm
from procmine.report import write_report
from tests.report.conftest import EVIL, read_small
from tests.report.html import Page

TABLES = {
    *("nodes", "edges", "variants", "cases", "kpis", "kpis_by", "quality", "rejected_rows"),
    *("waiting_causes", "bottlenecks", "rework", "rework_by_activity", "handovers", "blockages"),
}
SECTIONS = [
    *("glance", "map", "variants", "times", "flow", "waiting"),
    *("dots", "words", "quality", "import"),
]


def page_of(log: pm.EventLog, folder: Path, **options: str) -> Page:
    return Page.read(write_report(log, folder / "report", **options).read_text("utf-8"))


@pytest.fixture(scope="session")
def sample_page(sample_report: Path) -> Page:
    return Page.read((sample_report / "report.html").read_text("utf-8"))


def test_the_page_is_closed_html_in_english_and_fits_a_phone(sample_page: Page) -> None:
    assert sample_page.all("html") == [{"lang": "en"}]
    assert sample_page.elements[0][0] == "html"
    assert "width=device-width, initial-scale=1" in sample_page.values("content")


def test_every_id_is_there_once_and_every_mention_of_one_leads_somewhere(sample_page: Page) -> None:
    ids = sample_page.values("id")
    assert len(ids) == len(set(ids))
    links = [*sample_page.values("href"), *sample_page.values("xlink:href")]
    inside = [link[1:] for link in links if link.startswith("#")]
    urls = [url for _, attrs in sample_page.elements for value in attrs.values()
            for url in re.findall(r"url\(#([^)]*)\)", value)]  # fmt: skip
    assert len(inside) > 10
    assert set(inside) | set(urls) <= set(ids)


def test_the_sections_are_there_in_their_order(sample_page: Page) -> None:
    ids = [attrs["id"] for attrs in sample_page.all("section")]
    assert ids == [*SECTIONS[:6], "compared", *SECTIONS[6:]]
    assert [link[1:] for link in sample_page.values("href")][: len(ids)] == ids


def test_nothing_is_fetched_from_anywhere(sample_report: Path) -> None:
    html = (sample_report / "report.html").read_text("utf-8")
    text = re.sub(r"data:image/png;base64,[\w+/=\s]*", "", html)
    addresses = set(re.findall(r"(?:https?:)?//[\w.-]+[^\"'\s<)]*", text))
    assert {url for url in addresses if not url.startswith("http://www.w3.org/")} == set()
    page = Page.read(html)
    for attribute in ("src", "srcset", "action", "data", "poster"):
        assert page.values(attribute) == []
    assert [tag for tag, _ in page.elements if tag in ("link", "iframe", "object", "embed")] == []
    links = [*page.values("href"), *page.values("xlink:href")]
    odd = [x for x in links if not x.startswith(("#", "tables/", "data:image/png;base64,"))]
    assert odd == []
    assert not re.search(r"@import|url\((?!#)", page.raw["style"])


def test_the_page_forbids_itself_to_fetch_and_to_run_other_scripts(sample_page: Page) -> None:
    (policy,) = [v for v in sample_page.values("content") if v.startswith("default-src")]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline';")
    assert "script-src 'sha256-" in policy
    assert len(sample_page.all("script")) == 1


def test_every_table_stands_beside_the_page_and_is_linked(
    sample_report: Path, sample_page: Page
) -> None:
    names = {f"tables/{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")}
    assert {link for link in sample_page.values("href") if not link.startswith("#")} == names
    assert {path.name for path in (sample_report / "tables").iterdir()} == {
        Path(name).name for name in names
    }


def test_every_table_of_the_page_has_a_caption_and_headings(sample_page: Page) -> None:
    tables = [attrs["id"] for attrs in sample_page.all("table")]
    wanted = [
        *("nodes", "edges", "variants", "times", "trend", "waiting-causes", "bottlenecks"),
        *("rework", "handovers", "blockages", "never", "compared", "quality", "binding"),
    ]
    assert tables == [f"table-{name}" for name in wanted]
    assert len(sample_page.all("caption")) == len(tables)
    assert all("scope" in attrs for attrs in sample_page.all("th"))


def test_every_picture_says_what_it_means_and_its_n(sample_report: Path) -> None:
    html = (sample_report / "report.html").read_text("utf-8")
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", html, re.DOTALL)
    assert len(captions) == len(re.findall(r"<svg\b", html)) == 10
    assert all(re.search(r"n = [\d,]+ (closed )?(case|step)s?", text) for text in captions)
    assert all(
        'role="img"' in svg and 'aria-label="' in svg for svg in re.findall(r"<svg[^>]*>", html)
    )


def test_the_figures_at_a_glance_are_those_of_the_tables(sample_page: Page) -> None:
    text = sample_page.text
    assert "2,068 cases with 18,224 steps of 12 activities, from 3 January 2024 to" in text
    assert "1,952 cases were closed and 116 open as of 2025-12-31" in text
    assert "Half of the 1,952 closed cases took 32.0 days or less" in text


def test_the_end_of_the_page_says_where_it_comes_from(sample_page: Page) -> None:
    from conftest import sample_log

    text = sample_page.text
    assert sample_log().sha256 in text
    assert "18,224 rows read = 18,224 used + 0 rejected" in text
    assert "Nr. dosar" in text
    assert "Europe/Bucharest" in text
    assert re.search(r"Made with procmine \d+\.\d+", text)


def test_no_person_is_named_anywhere(sample_report: Path) -> None:
    import csv

    from conftest import SAMPLE

    with SAMPLE.open(encoding="utf-8") as file:
        clerks = {row["Funcționar"] for row in csv.DictReader(file)}
    assert len(clerks) == 41
    for path in sample_report.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not [name for name in clerks if name.encode() in content], path.name
        assert b"person 1" not in content, path.name


def test_an_activity_that_is_a_script_is_text_everywhere(tmp_path: Path) -> None:
    log = read_small(closed=[EVIL])
    html = write_report(log, tmp_path / "report", by="kind").read_text("utf-8")
    assert EVIL not in html
    assert "<b>fence" not in html
    page = Page.read(html)
    assert len(page.all("script")) == 1
    assert "alert" not in page.raw["script"]
    assert page.all("b") == [{}] * len(page.all("b"))
    assert EVIL in page.text
    assert [name for _, attrs in page.elements for name in attrs if name.startswith("on")] == []


def test_a_source_whose_name_is_html_is_text(tmp_path: Path) -> None:
    file = tmp_path / "<img src=x onerror=alert(1)>.csv"
    file.write_text(
        'case,activity,time\n1,"a"" onload=""x",2026-01-05 08:00\n1,b,2026-01-05 09:00\n'
    )
    log = pm.read(file, case="case", activity="activity", timestamp="time", tz="CET")
    page = page_of(log, tmp_path)
    assert page.all("img") == []
    assert "<img src=x onerror=alert(1)>.csv" in page.text


def test_where_closing_is_unknown_the_page_says_so_and_how_to_give_it(tmp_path: Path) -> None:
    text = page_of(read_small(closed=None), tmp_path).text
    assert "Nothing says what closes a case." in text
    assert "Close (2 cases): --closed Close" in text
    assert "--closed '<script>alert(1)</script>'" in text
    assert "closing is unknown" in text


def test_where_closing_is_known_the_page_does_not_warn_of_it(sample_page: Page) -> None:
    assert "Nothing says what closes a case" not in sample_page.text
    assert "The time zone is assumed" not in sample_page.text


def test_an_assumed_zone_is_warned_of_at_the_top(tmp_path: Path) -> None:
    page = page_of(read_small(tz=None), tmp_path)
    assert page.text.index("The time zone is assumed.") < page.text.index("At a glance", 200)
    assert "--tz Europe/Bucharest" in page.text


def test_names_that_were_kept_are_told_at_the_top_and_still_not_shown(tmp_path: Path) -> None:
    write = write_report(read_small(resources="name"), tmp_path / "report")
    page = Page.read(write.read_text("utf-8"))
    assert "The log keeps names of persons." in page.text
    for path in (tmp_path / "report").rglob("*.*"):
        assert b"Ana Pop" not in (path.read_bytes() if path.is_file() else b"")


def test_without_persons_it_is_said_that_other_columns_may_still_name_some(tmp_path: Path) -> None:
    text = page_of(read_small(resource=None), tmp_path).text
    assert "The log holds no persons who did the steps" in text
    assert "Columns kept as attributes of the cases may still name persons" in text


def test_rejected_rows_are_shown_with_their_reason_and_value(tmp_path: Path) -> None:
    text = page_of(read_small(), tmp_path).text
    assert "8 rows read = 7 used + 1 rejected" in text
    assert "time cannot be read" in text
    assert "when?" in text


def test_a_filtered_log_says_that_it_is_a_part(tmp_path: Path) -> None:
    text = page_of(read_small().filter(activity="Close"), tmp_path).text
    assert "This is a part of the log. It was filtered: activity is 'Close'." in text


def test_a_log_of_one_step_makes_a_report(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"case": ["1"], "activity": ["A"], "time": ["2026-01-05"]})
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="CET")
    text = page_of(log, tmp_path).text
    assert "The log holds 1 case with 1 step of 1 activity" in text
    assert "without a time of day" in text


def test_where_no_case_is_closed_yet_no_cycle_time_is_told(tmp_path: Path) -> None:
    text = page_of(read_small(), tmp_path, as_of="2026-01-06").text
    assert "No case has a cycle time yet, because none is closed." in text
    assert "0 cases were closed and 1 open as of 2026-01-06" in text


def test_a_fault_while_the_page_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from procmine.report import write

    def break_off(*_: object, **__: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(write, "page", break_off)
    with pytest.raises(ZeroDivisionError):
        write_report(read_small(), tmp_path / "reports" / "report")
    assert list(tmp_path.iterdir()) == []


def test_no_figure_stays_open(tmp_path: Path) -> None:
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    write_report(read_small(), tmp_path / "report")
    assert plt.get_fignums() == before
