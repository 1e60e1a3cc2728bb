"""What holds for the pages together: languages beside one another, folds, months in a row, what hosts are told."""

import re

import pytest

from constat.model import Status
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import Element, dead_links, elements, page_of, plain, site
from tests.support.source_tree import ROOT

PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right|top|bottom)|(?<![\w-])(?:left|right|top|bottom)\s*:"
    r"|text-align\s*:\s*(?:left|right)|float\s*:|border-(?:top|bottom)-(?:left|right)-radius"
)


def links(html: bytes, **wanted: str) -> list[Element]:
    """The `<link>` elements with some attributes."""
    return [
        one
        for one in elements(html)
        if one.name == "link" and all(one.attributes.get(name) == value for name, value in wanted.items())
    ]


def folder(path: str) -> str:
    """The address of a page below the site, from its file."""
    return path.removesuffix("index.html")


def test_every_page_says_where_it_is_in_every_language() -> None:
    """Its language, its own address, and the same page in each language, which is there."""
    pages = {path: html for path, html in site("outage-explained").items() if path.endswith("index.html")}
    for path, html in pages.items():
        language = "en" if path.startswith("en/") else "fr"
        [root] = [one for one in elements(html) if one.name == "html"]
        assert root.attributes["lang"] == language
        home = "https://status.maxony.example/"
        [own] = [one.attributes["href"] for one in links(html, rel="canonical")]
        assert own == home + folder(path)
        same = folder(path.removeprefix("en/"))
        told = {
            one.attributes["hreflang"]: one.attributes["href"]
            for one in links(html)
            if "hreflang" in one.attributes
        }
        assert told == {"fr": home + same, "en": f"{home}en/{same}"}
        assert {same + "index.html", f"en/{same}index.html"} <= pages.keys()


@pytest.mark.parametrize("scene", ["outage-explained", "fifty"])
def test_no_link_of_the_site_leads_nowhere(scene: str) -> None:
    """But those to feeds, calendars, badges and interfaces, which other modules write."""
    others = re.compile(r"\.(rss|atom|json|ics|svg|csv)$|widget\.js$")
    assert [found for found in dead_links(site(scene)) if not others.search(found)] == []


def test_a_lost_reader_finds_home_from_any_address() -> None:
    """The host shows this page at addresses that we do not know: its links start at the root, and nobody indexes it."""
    html = site("all-well")["404.html"]
    found = elements(html)
    addresses = [one.attributes["href"] for one in found if one.name == "a"]
    inside = [href for href in addresses if href and not re.match(r"https:|tel:|mailto:|#", href)]
    assert inside
    assert all(href.startswith("/") for href in inside)
    assert [one.attributes["content"] for one in found if one.attributes.get("name") == "robots"] == [
        "noindex"
    ]
    assert links(html, rel="canonical") == []


def test_many_services_fold_with_the_worst_state_on_the_fold() -> None:
    """Fifty in eight groups: open where something is wrong, closed elsewhere."""
    found = elements(site("fifty")["en/index.html"])
    folds = [one for one in found if "fold" in one.classes]
    assert len(folds) == 8
    shut = [one for one in folds if "open" not in one.attributes]
    assert len(shut) == 7
    states = [
        plain(one.text) for one in found if "state" in one.classes and one.parents[-1].name == "summary"
    ]
    assert states == ["Working", "Down", *["Working"] * 6]
    page = page_of(SCENES["fifty"])
    assert [group.status for group in page.groups][1] is Status.OUTAGE


def test_few_services_do_not_fold() -> None:
    assert not [one for one in elements(site("all-well")["index.html"]) if "fold" in one.classes]


def test_the_months_stand_in_a_row() -> None:
    """Each leads to the one before and the one after; what happened stands on its day, the newest first."""
    pages = site("all-well")
    months = sorted(path for path in pages if re.fullmatch(r"en/history/\d{4}-\d\d/index.html", path))
    names = [path.split("/")[2] for path in months]
    assert names[-1] == "2026-11"
    for place, path in enumerate(months):
        found = [one for one in elements(pages[path]) if one.name == "a" and one.inside("beside")]
        beside = {one.attributes["rel"]: one.attributes["href"].split("/")[-2] for one in found}
        wanted = {
            "prev": names[place - 1] if place else None,
            "next": names[place + 1] if place + 1 < len(names) else None,
        }
        assert beside == {rel: name for rel, name in wanted.items() if name}
    days = [one.attributes["datetime"] for one in elements(pages[months[-1]]) if one.inside("pastday")]
    assert days == sorted(days, reverse=True)
    assert "2026-11-18" in days


def test_hosts_that_read_headers_are_told_what_pages_may_do() -> None:
    """Nobody frames the page; what programs read may be read from anywhere."""
    told = site("all-well")["_headers"].decode()
    everywhere, *_ = re.split(r"\n(?=/)", told)
    assert everywhere.startswith("/*\n")
    for header in (
        "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY",
        "Referrer-Policy: no-referrer",
    ):
        assert header in everywhere
    assert "Access-Control-Allow-Origin" not in everywhere
    assert "/api/*\n  Access-Control-Allow-Origin: *" in told


def test_the_stylesheet_knows_no_left_and_right() -> None:
    """A language that is written from right to left mirrors every page."""
    style = (ROOT / "templates" / "status.css").read_text(encoding="utf-8")
    assert PHYSICAL.findall(style) == []
    assert PHYSICAL.findall("a{margin-left:0}b{left:1px}i{text-align:right}") != []
