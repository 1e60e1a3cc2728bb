"""The pages together: languages, folded groups, the archive by month, headers for hosts."""

import re

import pytest

from constat.model import Status
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import (
    Element,
    build_scene_page,
    find_dead_links,
    normalise_text,
    parse_elements,
    render_named_scene,
)
from tests.support.source_tree import ROOT

PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right|top|bottom)|(?<![\w-])(?:left|right|top|bottom)\s*:"
    r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius"
)


def find_links(html: bytes, **attributes: str) -> list[Element]:
    """The `<link>` elements with some attributes."""
    return [
        element
        for element in parse_elements(html)
        if element.name == "link"
        and all(element.attributes.get(name) == value for name, value in attributes.items())
    ]


def strip_file_name(path: str) -> str:
    """The path of a page's folder, given the path of its file."""
    return path.removesuffix("index.html")


def test_every_page_links_to_itself_in_every_language() -> None:
    """It states its language and its URL, and its alternates exist."""
    pages = {
        path: html
        for path, html in render_named_scene("outage-explained").items()
        if path.endswith("index.html")
    }
    for path, html in pages.items():
        language = "en" if path.startswith("en/") else "fr"
        [root] = [element for element in parse_elements(html) if element.name == "html"]
        assert root.attributes["lang"] == language
        home = "https://status.maxony.example/"
        [own] = [element.attributes["href"] for element in find_links(html, rel="canonical")]
        assert own == home + strip_file_name(path)
        same = strip_file_name(path.removeprefix("en/"))
        alternates = {
            element.attributes["hreflang"]: element.attributes["href"]
            for element in find_links(html)
            if "hreflang" in element.attributes
        }
        assert alternates == {"fr": home + same, "en": f"{home}en/{same}"}
        assert {same + "index.html", f"en/{same}index.html"} <= pages.keys()


@pytest.mark.parametrize("scene", ["outage-explained", "fifty"])
def test_the_site_has_no_dead_links(scene: str) -> None:
    """Except to feeds, calendars, badges and JSON files, which other modules write."""
    others = re.compile(r"\.(rss|atom|json|ics|svg|csv)$|widget\.js$")
    assert [link for link in find_dead_links(render_named_scene(scene)) if not others.search(link)] == []


def test_the_404_page_leads_home_from_any_path() -> None:
    """The host shows this page at unknown paths, so its links start at the root; search engines must not index it."""
    html = render_named_scene("all-well")["404.html"]
    all_elements = parse_elements(html)
    hrefs = [element.attributes["href"] for element in all_elements if element.name == "a"]
    inside = [href for href in hrefs if href and not re.match(r"https:|tel:|mailto:|#", href)]
    assert inside
    assert all(href.startswith("/") for href in inside)
    assert [
        element.attributes["content"]
        for element in all_elements
        if element.attributes.get("name") == "robots"
    ] == ["noindex"]
    assert find_links(html, rel="canonical") == []


def test_many_services_are_folded_into_groups_that_show_their_worst_state() -> None:
    """Fifty services in eight groups: what is wrong stands first, and only that is open."""
    all_elements = parse_elements(render_named_scene("fifty")["en/index.html"])
    folds = [element for element in all_elements if "fold" in element.classes]
    assert len(folds) == 8
    closed = [element for element in folds if "open" not in element.attributes]
    assert len(closed) == 7
    states = [
        normalise_text(element.text)
        for element in all_elements
        if "state" in element.classes and element.parents[-1].name == "summary"
    ]
    assert states == ["1 of 6 down", *["All working"] * 7]
    page = build_scene_page(SCENES["fifty"])
    assert [group.status for group in page.groups][1] is Status.OUTAGE


def test_few_services_do_not_fold() -> None:
    assert not [
        element
        for element in parse_elements(render_named_scene("all-well")["index.html"])
        if "fold" in element.classes
    ]


def test_the_months_of_the_archive_are_linked_in_order() -> None:
    """Each links to the month before and the month after; its days are sorted newest first."""
    pages = render_named_scene("all-well")
    months = sorted(path for path in pages if re.fullmatch(r"en/history/\d{4}-\d\d/index.html", path))
    names = [path.split("/")[2] for path in months]
    assert names[-1] == "2026-11"
    for index, path in enumerate(months):
        all_elements = [
            element
            for element in parse_elements(pages[path])
            if element.name == "a" and element.inside("beside")
        ]
        links = {
            element.attributes["rel"]: element.attributes["href"].split("/")[-2] for element in all_elements
        }
        expected = {
            "prev": names[index - 1] if index else None,
            "next": names[index + 1] if index + 1 < len(names) else None,
        }
        assert links == {rel: name for rel, name in expected.items() if name}
    days = [
        element.attributes["datetime"]
        for element in parse_elements(pages[months[-1]])
        if element.inside("pastday")
    ]
    assert days == sorted(days, reverse=True)
    assert "2026-11-18" in days


def test_the_headers_file_protects_pages_and_opens_the_api() -> None:
    """Pages cannot be framed; files for programs can be fetched from any origin."""
    header_file = render_named_scene("all-well")["_headers"].decode()
    everywhere, *_ = re.split(r"\n(?=/)", header_file)
    assert everywhere.startswith("/*\n")
    for header in (
        "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY",
        "Referrer-Policy: no-referrer",
    ):
        assert header in everywhere
    assert "Access-Control-Allow-Origin" not in everywhere
    assert "/api/*\n  Access-Control-Allow-Origin: *" in header_file


def test_the_stylesheet_uses_no_physical_directions() -> None:
    """So that every page is mirrored in a language that is written from right to left."""
    style = (ROOT / "templates" / "status.css").read_text(encoding="utf-8")
    assert PHYSICAL.findall(style) == []
    assert PHYSICAL.findall("a{margin-left:0}b{left:1px}i{text-align:right}") != []
