"""The index in a real browser: on a phone and on a desk, in light and dark, in two languages."""

from itertools import pairwise
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.support.browser import visit
from tests.support.page_scenes import SCENES

PHONE = {"width": 390, "height": 700}
DESK = {"width": 1000, "height": 900}
SAID = {"outage-explained": True, "reported": True, "several-down": False, "blind": False, "overrun": False}
"""Scenes, and whether a notice with updates is open in them."""

WHOLE = [
    f"{language}{page}"
    for language in ("", "en/")
    for page in (
        "services/smtp/",
        "sla/",
        "sla/2026-11/",
        "support/",
        "subscribe/",
        "how/",
        "deliverability/",
        "history/2026-11/",
        "incidents/2026-11-23-relais-smtp/",
    )
]
"""Every kind of page but the index, in both languages."""

NARROW = {"width": 320, "height": 600}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_quiet_and_asks_for_nothing_else(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    """Every kind of page in two languages: not a word in the console, one request each, nothing kept in the browser."""
    paths = [f"outage-explained/{path}" for path in ("", "en/", "404.html", *WHOLE)]
    with visit(browser, address, paths[0], color_scheme=scheme) as window:
        for path in paths[1:]:
            window.page.goto(address + path)
            assert window.page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert window.page.context.cookies() == []
        assert window.said == []
        assert [url for url in window.asked if not url.startswith("data:")] == [
            address + path for path in paths
        ]


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_wider_than_the_narrowest_phone(browser: Browser, address: str, scene: str) -> None:
    """Every kind of page, in both languages."""
    paths = ["", "en/", *(WHOLE if scene == "outage-explained" else [])]
    with visit(browser, address, f"{scene}/", viewport=NARROW) as window:
        for path in paths:
            window.page.goto(f"{address}{scene}/{path}")
            width = window.page.evaluate("document.documentElement.scrollWidth")
            assert width <= NARROW["width"], f"{path} is {width} wide"


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("name", SAID)
def test_what_matters_stands_on_the_first_screen_of_a_phone(
    browser: Browser, address: str, name: str, language: str
) -> None:
    """Banner, contact and the first sentence of the newest update, at 390 x 700, without scrolling."""
    with visit(browser, address, f"{name}/{language}", viewport=PHONE) as window:
        parts = [".banner", ".contact", *([".open .timeline li:first-child div p"] if SAID[name] else [])]
        for part in parts:
            box = window.page.locator(part).first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= PHONE["height"], f"{part} ends below the screen"


def test_a_page_without_a_script_keeps_no_time_that_grows_untrue(browser: Browser, address: str) -> None:
    """How long ago is said only where a script keeps it true; the time itself, and the day of the page, always stand there."""
    with visit(browser, address, "all-well/en/", java_script_enabled=False) as window:
        said = " ".join(window.page.locator(".checked").inner_text().split())
        assert said == "Last checked (10:39, Zurich time)."
        assert "Page generated on 23 November 2026, 10:40." in window.page.locator("footer").inner_text()


def test_on_paper_the_days_with_problems_are_listed(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/en/", viewport=DESK) as window:
        found = window.page.locator("#app .problems li").first
        assert not found.is_visible()
        window.page.emulate_media(media="print")
        assert found.is_visible()
        assert found.evaluate("e => e.checkVisibility({contentVisibilityAuto: true})")


def test_a_bar_is_six_pixels_wide_and_two_apart_on_a_plain_screen(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/", viewport=DESK) as window:
        boxes = [bar.bounding_box() for bar in window.page.query_selector_all("#website .days i")]
        lefts = [box["x"] for box in boxes if box]
        assert {box["width"] for box in boxes if box} == {6}
        assert {right - left for left, right in pairwise(lefts)} == {8}


def test_the_height_of_a_bar_repeats_its_colour(browser: Browser, address: str) -> None:
    with visit(browser, address, "maintenance/", viewport=DESK) as window:
        heights = {
            css: window.page.locator(f".days i.{css}").first.bounding_box()
            for css in ("up", "degraded", "outage", "nodata")
        }
        assert {css: box["height"] for css, box in heights.items() if box} == {
            "up": 24,
            "degraded": 29,
            "outage": 34,
            "nodata": 3,
        }


def test_on_a_phone_a_row_of_thirty_begins_with_its_date(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/en/", viewport=PHONE) as window:
        rows = window.page.query_selector_all("#website .days b")
        bars = [bar.bounding_box() for bar in window.page.query_selector_all("#website .days i")]
        assert [row.inner_text() for row in rows] == ["26 Aug", "25 Sep", "25 Oct"]
        tops = [round(box["y"]) for box in bars if box]
        assert [tops.count(top) for top in sorted(set(tops))] == [30, 30, 30]
        for row, first in zip(rows, bars[::30], strict=True):
            box = row.bounding_box()
            assert box is not None
            assert first is not None
            assert box["x"] + box["width"] <= first["x"]


def test_a_bar_reads_out_what_its_day_was_like(browser: Browser, address: str) -> None:
    """Under the bars, without JavaScript, while the pointer is on it."""
    with visit(browser, address, "all-well/en/", viewport=DESK, java_script_enabled=True) as window:
        bar = window.page.locator("#app .days i.outage")
        read = "element => { const s = getComputedStyle(element, '::after'); return [s.content, s.opacity]; }"
        assert bar.evaluate(read)[1] == "0"
        bar.hover()
        assert bar.evaluate(read) == ['"18 Nov · down 42\u00a0min"', "1"]


def test_the_days_with_problems_open_with_the_keyboard_alone(browser: Browser, address: str) -> None:
    """Skip link, name, navigation, contacts, then the lists: a stop for each link and list, none for a bar."""
    with visit(browser, address, "all-well/en/", viewport=DESK) as window:
        page = window.page
        stops = []
        for _ in range(40):
            page.keyboard.press("Tab")
            stops.append(page.evaluate("document.activeElement.innerText || document.activeElement.tagName"))
            if "problems" in stops[-1]:
                break
        assert stops[0] == "Skip to content"
        assert stops[-1] == "2 days with problems"
        assert not page.locator("#app .problems li").first.is_visible()
        page.keyboard.press("Enter")
        assert (
            page.locator("#app .problems li")
            .first.inner_text()
            .split("\n")[0]
            .startswith("Wednesday 18 November")
        )


def test_a_group_of_many_services_opens_with_the_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, address, "fifty/en/", viewport=DESK) as window:
        shut = window.page.locator(".fold:not([open])")
        closed = shut.count()
        first = window.page.locator(".fold").first
        assert not first.locator(".service").first.is_visible()
        first.locator("summary").focus()
        window.page.keyboard.press("Enter")
        assert shut.count() == closed - 1
        assert first.locator(".service").first.is_visible()


def test_the_language_switch_stays_on_the_same_page(browser: Browser, address: str) -> None:
    with visit(browser, address, "outage-explained/incidents/2026-11-23-relais-smtp/") as window:
        window.page.click("nav a[hreflang=en]")
        assert window.page.url == address + "outage-explained/en/incidents/2026-11-23-relais-smtp/"
        assert window.page.locator("h1").inner_text() == "SMTP relay unreachable"
        window.page.click("nav a[hreflang=fr]")
        assert window.page.url == address + "outage-explained/incidents/2026-11-23-relais-smtp/"


@pytest.mark.parametrize("name", ["outage-explained", "fifty"])
def test_without_javascript_everything_is_there(browser: Browser, address: str, name: str) -> None:
    with visit(browser, address, f"{name}/", java_script_enabled=False) as window:
        assert window.page.locator(".service").count() == len(SCENES[name].config.services)
        assert window.page.locator("h1").is_visible()
        assert window.page.locator(".contact a").first.is_visible()
