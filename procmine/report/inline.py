"""A picture as part of a page: SVG without what only a file needs, its ids its own, its sense in words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_HREFS = ("href", f"{{{_XLINK}}}href")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # also in names of activities
_LEFT_OUT = (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style")
# What matplotlib says in a style sheet, which in a page would hold for all of it.
_STROKES = "stroke-linejoin: round; stroke-linecap: butt"


def inline_svg(svg: str, *, name: str, label: str) -> str:
    """Return an SVG file as an element of a page.

    Several pictures share a page, so every id begins with ``name``. Metadata, comments and style
    sheets are left out; ``label`` says what the picture shows to those who do not see it.
    """
    root = ElementTree.fromstring(_NOT_IN_XML.sub("", svg[svg.index("<svg") :]))
    for element in root.iter():
        for child in [child for child in element if child.tag in _LEFT_OUT]:
            element.remove(child)
        _rename(element, name)
    root.attrib |= {"role": "img", "aria-label": label, "style": _STROKES}
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    return ElementTree.tostring(root, encoding="unicode")


def _rename(element: ElementTree.Element, name: str) -> None:
    """Put the name of the picture before an id and before every mention of one."""
    for key, value in element.attrib.items():
        if key == "id":
            element.set(key, f"{name}-{value}")
        elif key in _HREFS and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(key, value.replace("url(#", f"url(#{name}-"))
