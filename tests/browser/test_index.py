"""The index in a real browser: on a phone and on a desk, in light and dark, in two languages."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.support.browser import visit
from tests.support.page_scenes import SCENES

PHONE: ViewportSize = {"width": 390, "height": 700}
DESK: ViewportSize = {"width": 1000, "height": 900}
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
def test_page_logs_nothing_requests_nothing_else_and_stores_nothing(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    """Every kind of page in two languages: an empty console, one request each, nothing stored in the browser."""
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
def test_page_fits_the_narrowest_phone(browser: Browser, address: str, scene: str) -> None:
    """Every kind of page, in both languages."""
    paths = ["", "en/", *(WHOLE if scene == "outage-explained" else [])]
    with visit(browser, address, f"{scene}/", viewport=NARROW) as window:
        for path in paths:
            window.page.goto(f"{address}{scene}/{path}")
            width = window.page.evaluate("document.documentElement.scrollWidth")
            assert width <= NARROW["width"], f"{path} is {width} wide"


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("name", SAID)
def test_phone_first_screen_shows_banner_contact_and_newest_update(
    browser: Browser, address: str, name: str, language: str
) -> None:
    """Banner, contact and the first sentence of the newest update, at 390 x 700, without scrolling."""
    with visit(browser, address, f"{name}/{language}", viewport=PHONE) as window:
        parts = [".banner", ".contact", *([".open .timeline li:first-child div p"] if SAID[name] else [])]
        for part in parts:
            box = window.page.locator(part).first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= PHONE["height"], f"{part} ends below the screen"


def test_page_without_script_shows_no_relative_time(browser: Browser, address: str) -> None:
    """Relative times need the script that updates them; absolute times and the date of the page are always shown."""
    with visit(browser, address, "all-well/en/", java_script_enabled=False) as window:
        said = " ".join(window.page.locator(".checked").inner_text().split())
        assert said == "Last checked (10:39, Zurich time)."
        assert "Page generated on 23 November 2026, 10:40." in window.page.locator("footer").inner_text()


def test_printed_page_lists_days_with_problems(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/en/services/app/", viewport=DESK) as window:
        found = window.page.locator("#days .problems li").first
        assert not found.is_visible()
        window.page.emulate_media(media="print")
        assert found.is_visible()
        assert found.evaluate("e => e.checkVisibility({contentVisibilityAuto: true})")


@pytest.mark.parametrize(("viewport", "width"), [(DESK, 718), (PHONE, 359)])
def test_ninety_bars_fall_on_whole_pixels(
    browser: Browser, address: str, viewport: ViewportSize, width: int
) -> None:
    """718 units: 6 pixels and 2 between on a desk, 3 and 1 on a phone, all in one row."""
    with visit(browser, address, "all-well/", viewport=viewport) as window:
        strip = window.page.locator("#website .days")
        box = strip.bounding_box()
        assert box
        assert box["width"] == width
        assert strip.get_attribute("viewBox") == "0 0 718 32"


def test_readout_line_describes_the_day_under_the_pointer(browser: Browser, address: str) -> None:
    """Any day, also one without a problem; nothing moves, and what stood there comes back."""
    with visit(browser, address, "all-well/en/", viewport=DESK) as window:
        spot = window.page.locator("#app .days rect").filter(has_text="18 Nov").bounding_box()
        line, strip = window.page.locator("#app .foot"), window.page.locator("#app .days")
        before, box = line.bounding_box(), strip.bounding_box()
        assert spot
        assert box
        window.page.mouse.move(spot["x"] + 3, spot["y"] + 10)
        expect(line).to_have_attribute("data-read", "18 Nov · down 42\u00a0min")
        window.page.mouse.move(box["x"] + 1, box["y"] + 30)
        expect(line).to_have_attribute("data-read", "26 Aug · no problem")
        assert line.bounding_box() == before
        window.page.mouse.move(5, 5)
        assert line.get_attribute("data-read") is None


def test_keyboard_reaches_days_with_problems(browser: Browser, address: str) -> None:
    """Skip link, name, navigation, contacts, then the services: a stop for each link, none for a bar."""
    with visit(browser, address, "all-well/en/", viewport=DESK) as window:
        page, stops = window.page, []
        for _ in range(40):
            page.keyboard.press("Tab")
            stops.append(page.evaluate("document.activeElement.innerText || document.activeElement.tagName"))
            if stops[-1] == "2 days with problems":
                break
        assert stops[0] == "Skip to content"
        assert stops[-2:] == ["Applications", "2 days with problems"]
        page.keyboard.press("Enter")
        page.wait_for_url("**/services/app/#days")


def test_fifty_services_take_three_screens_at_most(browser: Browser, address: str) -> None:
    with visit(browser, address, "fifty/en/", viewport={"width": 1000, "height": 1000}) as window:
        assert window.page.evaluate("document.documentElement.scrollHeight") <= 3000


def test_search_finds_a_service_by_two_characters(browser: Browser, address: str) -> None:
    """Whatever its case; groups open where something is found, and are as before once the box is empty again."""
    with visit(browser, address, "fifty/en/", viewport=DESK) as window:
        page = window.page
        page.fill(".filter input", "E 4")
        assert page.locator(".service:visible .service__name").all_inner_texts() == [
            "Service 4",
            *(f"Service 4{number}" for number in range(10)),
        ]
        assert page.locator(".filter output").inner_text() == "11"
        page.fill(".filter input", "")
        assert page.locator(".fold:visible").count() == 8
        assert page.locator(".fold[open]").count() == 1


RETURN = {
    "degraded": "Our team has not posted an explanation yet.",
    "outage": "Our team has not posted an explanation yet.",
    "outage-explained": "Next update expected at 11:00.",
    "several-down": "Our team has not posted an explanation yet.",
    "all-down": "Our team has not posted an explanation yet.",
    "recovered": "back since 09:52",
    "maintenance": "until 13:00",
    "overrun": "it was due to end at 10:30",
    "blind": "No check received since 10:02",
}
"""In each state with something to wait for: where the page says when it is back, or that nobody has said it yet."""


@pytest.mark.parametrize("name", sorted(set(SCENES) - {"fifty"}))
def test_phone_first_screen_shows_contact_start_and_expected_end(
    browser: Browser, address: str, name: str
) -> None:
    """At 390 x 700: what is said of now, how to reach us, since when, and until when, as far as there is anything to say."""
    with visit(browser, address, f"{name}/en/", viewport=PHONE) as window:
        parts = [window.page.locator(".say"), window.page.locator(".contact")]
        if name in RETURN:
            parts.append(window.page.get_by_text(RETURN[name]).first)
            parts.append(window.page.locator(".say time").first)
        for part in parts:
            box = part.bounding_box()
            assert box, part
            assert box["y"] + box["height"] <= PHONE["height"], f"{part} ends below the screen"


def test_a_group_of_many_services_opens_with_the_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, address, "fifty/en/", viewport=DESK) as window:
        shut = window.page.locator(".fold:not([open])")
        closed = shut.count()
        first = window.page.locator(".fold").nth(1)
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
def test_page_without_javascript_is_complete(browser: Browser, address: str, name: str) -> None:
    with visit(browser, address, f"{name}/", java_script_enabled=False) as window:
        assert window.page.locator(".service").count() == len(SCENES[name].config.services)
        assert window.page.locator("h1").is_visible()
        assert window.page.locator(".contact a").first.is_visible()
