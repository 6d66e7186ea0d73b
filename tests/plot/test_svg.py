"""Figures as SVG: the same bytes every time, complete in themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib.pyplot as plt

from procmine.plot.process_map import plot_process_map
from procmine.plot.svg import figure_svg
from procmine.plot.variants import plot_variants
from tests.plot.tables import map_of, variants_of

SCRIPT = """
from procmine.plot import figure_svg, plot_process_map
from tests.plot.tables import map_of
print(figure_svg(plot_process_map(map_of([*["abcd"] * 3, "abdcbad"])).figure))
"""


def test_the_same_figure_gives_the_same_text() -> None:
    figure = plot_variants(variants_of(["abc", "ab"])).figure
    assert figure_svg(figure) == figure_svg(figure)


def test_every_process_gives_the_same_text(root: Path) -> None:
    drawn = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root), "MPLBACKEND": "Agg"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(drawn) == 1
    assert drawn.pop().startswith("<svg")


def test_it_is_one_element_that_needs_nothing_from_outside() -> None:
    text = figure_svg(plot_process_map(map_of(["abc", "abbc"])).figure)
    tree = ElementTree.fromstring(text)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert "font-family" not in text
    links = [v for e in tree.iter() for k, v in e.attrib.items() if k.endswith("href")]
    assert all(link.startswith(("#", "data:")) for link in links)


def test_it_names_no_date_and_no_version() -> None:
    text = figure_svg(plt.figure())
    assert "dc:date" not in text
    assert "Matplotlib v" not in text
