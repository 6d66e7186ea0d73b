"""The page in a browser: it sorts by a click and by a key, nothing goes wrong, and without scripts all is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Clicks as a reader would, and writes what came of it, and every error, into an element of the page.
CLICKS = """
const told = { errors: [], shown: {} };
addEventListener("error", (event) => told.errors.push(event.message));
const first = (table) => table.tBodies[0].rows[0].cells;
addEventListener("load", () => {
  const edges = document.getElementById("table-edges");
  const press = (i) => edges.tHead.rows[0].cells[i].querySelector("button").click();
  const sorted = (i) => edges.tHead.rows[0].cells[i].getAttribute("aria-sort");
  const values = (i) => [...edges.tBodies[0].rows].map((r) => r.cells[i].dataset.key ?? r.cells[i].textContent);
  told.before = values(2);
  press(7); told.total_down = values(7).map(Number); told.sort_down = sorted(7);
  press(7); told.total_up = values(7).map(Number); told.sort_up = sorted(7);
  press(0); told.from_up = values(0); told.sort_of_the_other = sorted(7);
  const variants = document.getElementById("table-variants");
  const median = () => [...variants.tBodies[0].rows].map((r) => r.cells[5].dataset.key);
  variants.tHead.rows[0].cells[5].querySelector("button").click(); told.median_down = median();
  variants.tHead.rows[0].cells[5].querySelector("button").click(); told.median_up = median();
  told.rows = variants.tBodies[0].rows.length;
  const button = edges.tHead.querySelector("button");
  button.focus(); told.focused = document.activeElement === button;
  told.wide = document.documentElement.scrollWidth > innerWidth;
  const out = document.createElement("pre");
  out.id = "told"; out.textContent = JSON.stringify(told); document.body.append(out);
});
"""


def dumped(page: Path, profile: Path, *, width: int = 1280) -> str:
    """Return the page as the browser sees it once it is loaded; skip where there is no browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed")
    command = [browser, "--headless", "--disable-gpu", "--dump-dom", f"--user-data-dir={profile}"]
    command += [f"--window-size={width},900", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    done = subprocess.run(
        [*command, page.as_uri()], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def told(sample_report: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a reader who clicks around finds."""
    tmp_path = tmp_path_factory.mktemp("browser")
    html = (sample_report / "report.html").read_text("utf-8")
    open_to_scripts = re.sub(r"script-src 'sha256-[^']*'", "script-src 'unsafe-inline'", html)
    assert open_to_scripts != html
    page = tmp_path / "clicked.html"
    page.write_text(open_to_scripts.replace("<head>", f"<head><script>{CLICKS}</script>"))
    found = re.search(r'<pre id="told">(.*?)</pre>', dumped(page, tmp_path / "profile", width=500))
    assert found
    content: dict[str, object] = json.loads(unescape(found[1]))
    return content


def test_tables_sort_by_number_and_by_text_and_nothing_goes_wrong(told: dict[str, object]) -> None:
    assert told["errors"] == []
    assert told["total_down"] == sorted(told["total_down"], reverse=True)  # type: ignore[call-overload]
    assert told["total_up"] == sorted(told["total_up"])  # type: ignore[call-overload]
    assert told["total_up"] != told["total_down"]
    assert told["from_up"][0] == "Calcul taxă"  # type: ignore[index]
    assert (told["sort_down"], told["sort_up"]) == ("descending", "ascending")
    assert told["sort_of_the_other"] is None


def test_what_is_not_known_stays_last_both_ways(told: dict[str, object]) -> None:
    for way in ("median_down", "median_up"):
        keys = told[way]
        assert isinstance(keys, list)
        unknown = keys.count("")
        assert 0 < unknown < len(keys) == told["rows"] == 50
        assert keys[-unknown:] == [""] * unknown


def test_headings_take_the_focus_of_the_keyboard(told: dict[str, object]) -> None:
    assert told["focused"] is True


def test_the_page_is_not_wider_than_its_window(told: dict[str, object]) -> None:
    assert told["wide"] is False


def test_the_page_lets_its_own_script_run_and_no_other(sample_report: Path, tmp_path: Path) -> None:
    html = (sample_report / "report.html").read_text("utf-8")
    page = tmp_path / "page.html"
    page.write_text(html.replace("</body>", "<script>document.title = 'taken'</script></body>"))
    dom = dumped(page, tmp_path / "profile")
    assert '<button type="button">Activity</button>' in dom
    assert "<title>taken</title>" not in dom
