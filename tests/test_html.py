"""The HTML is valid according to the Nu checker, which also checks ARIA and the stylesheet in every page."""

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.support.page_scenes import SCENES
from tests.support.rendered_site import render_named_scene
from tests.support.required_programs import needs, needs_npm

UNKNOWN_CSS = {
    "CSS: “container-type”: Property “container-type” doesn't exist.": "CSS Containment Level 3: a strip breaks into rows by the width of its own column",
    "CSS: Unrecognized at-rule “@container”": "the same",
    "CSS: “vector-effect”: Property “vector-effect” doesn't exist.": "SVG 2 makes it a property: lines of a stretched chart keep their width",
}
"""Complaints of the checker about CSS that browsers support and it does not yet, and what we use that CSS for."""

BROKEN = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Broken</title><style>p{colour:red}</style>
<p id="twice">One<p id="twice">Two<ul><p>Three</ul>"""
"""A broken page among the others, so that a checker that checks nothing fails the test too."""

MISTAKES = {
    "CSS: “colour”: Property “colour” doesn't exist.",
    "Duplicate ID “twice”.",
    "The first occurrence of ID “twice” was here.",
    "Element “p” not allowed as child of element “ul” in this context. (Suppressing further errors from this subtree.)",
}


SHORT_LIVED = ("-Xss2m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""A Java that optimizes little checks a hundred pages in half the time. The checker needs a stack of 512 KB."""


def _told(*folders: Path) -> dict[str, set[str]]:
    """The complaints of the checker about the HTML below some folders, by file; all files in one process."""
    jar = needs_npm("vnu-jar") / "build" / "dist" / "vnu.jar"
    options = ["--skip-non-html", "--stdout", "--format", "json"]
    ended = subprocess.run(  # noqa: S603 (our own pages)
        [needs("java", "default-jre-headless"), *SHORT_LIVED, "-jar", str(jar), *options, *map(str, folders)],
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, set[str]] = {}
    for one in json.loads(ended.stdout)["messages"]:
        if one["message"] not in UNKNOWN_CSS:
            found.setdefault(one["url"].removeprefix("file:"), set()).add(one["message"])
    return found


_STYLE = re.compile("(?<=<style>).+?(?=</style>)", re.DOTALL)


def _lay(pages: Iterable[tuple[str, str]], folder: Path) -> None:
    """Write pages to a folder, by number, each stylesheet only where it comes first: checking it takes half of the time."""
    known: set[str] = set()
    for number, (name, text) in enumerate(pages):
        sheets = set(_STYLE.findall(text))
        (folder / f"{number}-{name}.html").write_text(
            _STYLE.sub("", text) if sheets <= known else text, "utf-8"
        )
        known |= sheets


def test_every_page_is_valid(demo_project: Path, tmp_path: Path) -> None:
    """The demo's site, so every kind of page in five languages, and the index in every state: only the broken one is reported."""
    demo = sorted((demo_project / "site").rglob("*.html"))
    pages = [(path.parent.name, path.read_text(encoding="utf-8")) for path in demo]
    assert len(pages) >= 100
    _lay([*pages, *((scene, render_named_scene(scene)["index.html"].decode()) for scene in SCENES)], tmp_path)
    broken = tmp_path / "broken.html"
    broken.write_text(BROKEN, encoding="utf-8")
    assert _told(tmp_path) == {str(broken): MISTAKES}
