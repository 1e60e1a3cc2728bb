"""For everyone: axe-core on every kind of page, zoomed text, forced colours, paper, valid HTML."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import visit
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import write_site
from tests.support.required_programs import needs, needs_npm

PAGES = [
    "",
    "services/smtp/",
    "sla/",
    "sla/2026-11/",
    "support/",
    "subscribe/",
    "how/",
    "deliverability/",
    "history/2026-11/",
    "incidents/2026-11-23-relais-smtp/",
    "404.html",
]
Scheme = Literal["light", "dark"]

ALL: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}}
"""All standard rules."""
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""Those about colour: a dark page only gives variables other colours."""
SIZES: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}
}
"""Those that a width decides."""
WORDS: dict[str, Any] = {"rules": {"color-contrast": {"enabled": False}}}
"""Those that words decide: all but those about colour, which take most of the time."""

LOOKS: dict[str, list[tuple[int, Scheme, dict[str, Any]]]] = {
    "": [
        *((width, "light", ALL) for width in (390, 1000)),
        *((width, "light", SIZES) for width in (320, 768, 1440)),
        (1000, "dark", COLOURS),
    ],
    "en/": [(390, "light", WORDS)],
}
"""The widths and schemes of each language, and the rules that are asked there; all languages have the same templates."""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (needs_npm("axe-core") / "axe.min.js").read_text(encoding="utf-8")


def _violations(page: Page, rules: Mapping[str, Any]) -> list[str]:
    """What axe, which the page has loaded, finds in it."""
    result = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **rules})
    assert result["passes"], "axe looked at nothing"
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"][:3]]


@pytest.mark.parametrize("language", LOOKS)
def test_axe_finds_nothing_on_any_page(browser: Browser, address: str, axe: str, language: str) -> None:
    with visit(browser, address, "outage-explained/", bypass_csp=True) as window:
        for path in PAGES:
            window.page.goto(f"{address}outage-explained/{'' if path == '404.html' else language}{path}")
            window.page.evaluate(axe)
            for width, scheme, rules in LOOKS[language]:
                window.page.set_viewport_size({"width": width, "height": 800})
                window.page.emulate_media(color_scheme=scheme)
                assert _violations(window.page, rules) == [], f"{path} at {width} px, {scheme}"
            window.page.emulate_media(color_scheme="light")


def test_axe_finds_nothing_in_any_state(browser: Browser, address: str, axe: str) -> None:
    schemes: tuple[tuple[Scheme, dict[str, Any]], ...] = ("light", ALL), ("dark", COLOURS)
    with visit(browser, address, "all-well/", bypass_csp=True) as window:
        for scene in SCENES:
            window.page.goto(f"{address}{scene}/")
            window.page.evaluate(axe)
            for scheme, rules in schemes:
                window.page.emulate_media(color_scheme=scheme)
                assert _violations(window.page, rules) == [], f"{scene}, {scheme}"
        window.page.emulate_media(color_scheme="light")


LARGER = ((320, "150%"), (640, "200%"), (1280, "200%"))
"""Widths, and the size of text in them: 320 px is a window of 1280 px at a zoom of 400 %, 640 px one at 200 %."""


def test_larger_text_stays_on_the_page(browser: Browser, address: str) -> None:
    """WCAG 1.4.4 and 1.4.10: text twice as large, by zoom or by the reader's own setting, is read without scrolling sideways."""
    with visit(browser, address, "outage-explained/", viewport={"width": 320, "height": 640}) as window:
        for path in PAGES:
            window.page.goto(f"{address}outage-explained/{path}")
            for width, size in LARGER:
                window.page.set_viewport_size({"width": width, "height": 640})
                window.page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
                assert window.page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


_REACHED = """() => {
    const stop = document.activeElement;
    return [stop.outerHTML.slice(0, 160), getComputedStyle(stop).outlineStyle];
}"""
_REACHABLE = """() => [...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')]
    .filter((stop) => stop.checkVisibility()).map((stop) => stop.outerHTML.slice(0, 160))"""


@pytest.mark.parametrize("path", PAGES)
def test_keyboard_reaches_everything_in_order_and_focus_is_visible(
    browser: Browser, address: str, path: str
) -> None:
    with visit(browser, address, f"outage-explained/{path}") as window:
        there = window.page.evaluate(_REACHABLE)
        reached = []
        for _ in there:
            window.page.keyboard.press("Tab")
            reached.append(window.page.evaluate(_REACHED))
        assert [stop for stop, _ in reached] == there
        assert [stop for stop, outline in reached if outline == "none"] == []


def test_forced_colours_leave_states_distinguishable_by_shape(browser: Browser, address: str) -> None:
    """High contrast: one ink for all bars, since their shapes differ; the banner gets a border."""
    with visit(browser, address, "outage/", forced_colors="active") as window:
        ink = "e => getComputedStyle(e).stroke"
        inks = {
            css: window.page.locator(f"#smtp .days .{css}").first.evaluate(ink) for css in ("up", "outage")
        }
        assert len(set(inks.values())) == 1
        assert window.page.locator(".say").evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"


def test_statement_of_five_services_prints_as_one_sheet_and_annexes(browser: Browser, address: str) -> None:
    """On paper: the summary of five services and of support ends within the first A4 page; the annexes follow."""
    width, height = round(182 / 25.4 * 96), round(269 / 25.4 * 96)  # A4 less its margins, in CSS pixels
    with visit(
        browser, address, "all-well/en/sla/2026-11/", viewport={"width": width, "height": height}
    ) as window:
        window.page.emulate_media(media="print")
        sheet = window.page.locator(".sheet").bounding_box()
        assert sheet is not None
        assert sheet["y"] + sheet["height"] <= height
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width
        printed = window.page.pdf(prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 2 <= pages <= 4


def test_the_html_is_valid(tmp_path: Path) -> None:
    """html-validate, its standard rules, on every kind of page in two languages."""
    command = needs_npm("html-validate") / "bin" / "html-validate.mjs"
    site, rules, report = tmp_path / "site", tmp_path / "rules.json", tmp_path / "report.json"
    write_site(SCENES["outage-explained"], site)
    rules.write_text(json.dumps({"extends": ["html-validate:standard"], "root": True}))
    arguments = ["--formatter", f"json={report}", "--config", str(rules), str(site)]
    subprocess.run([needs("node", "nodejs"), str(command), *arguments], check=False)  # noqa: S603 -- our own pages
    told = {
        f"{one['ruleId']}: {one['message']} ({Path(file['filePath']).relative_to(site)}:{one['line']})"
        for file in json.loads(report.read_text())
        for one in file["messages"]
    }
    assert sorted(told) == []
