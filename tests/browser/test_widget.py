"""The banner in a real browser, on a page that allows nothing but what its documentation asks for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from constat.embed import widget
from constat.page import ShownNotice
from tests.support.page_objects import (
    NOW,
    make_incident,
    make_maintenance,
    make_page,
    make_update,
    present_notice,
    translate_notice,
)
from tests.support.site_server import Site, serve_files
from tests.support.source_tree import ROOT
from tests.support.two_languages import LANGUAGES, TEMPLATES

BROKEN = translate_notice(
    make_incident("2026-11-23-smtp", make_update("2026-11-23 10:12", "identified", "Nous regardons.")),
    "en",
    "Delayed mail",
    "",
)
PLANNED = make_maintenance("2026-12-01-api", "2026-12-01 21:00", "2026-12-02 00:00", services=("api",))
BOTH = (present_notice(BROKEN), present_notice(PLANNED, "upcoming"))
FRENCH = [
    "[Cause trouvée] Relais SMTP\u00a0: Envois retardés",
    "[Maintenance prévue] API\u00a0: Remplacement de deux relais",
]


@dataclass
class Host:
    """Software that embeds the banner: its page in a browser, its own site and the status page's."""

    page: Page
    own: Site
    status: Site
    said: list[str]

    @property
    def notices(self) -> Locator:
        return self.page.get_by_role("listitem")

    @property
    def headlines(self) -> list[str]:
        return self.page.locator("li strong").all_inner_texts()

    def publish(self, *notices: ShownNotice) -> None:
        self.status.files = build_sites(*notices)

    def asked(self) -> int:
        """How often the file was asked for."""
        return sum(path.startswith("widget/") for path in self.status.asked)

    def wait(self, condition: str) -> None:
        """Wait until an expression holds in the page: Playwright's own way would need `unsafe-eval`."""
        for _ in range(1000):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(5)
        raise AssertionError(condition)

    def show(self, state: str) -> None:
        """Turn to another tab, or back."""
        self.page.evaluate(
            """state => {
                Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
                document.dispatchEvent(new Event('visibilitychange'));
            }""",
            state,
        )


def build_sites(*notices: ShownNotice) -> dict[str, bytes]:
    templates = {"widget.js": (TEMPLATES / "widget.js").read_bytes()}
    return widget.build_files(make_page(notices), LANGUAGES, templates)


def read_documented_policy(status: str) -> str:
    """The content security policy that the documentation asks for, for this status page."""
    documentation = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
    line = next(line for line in documentation.splitlines() if line.startswith("default-src"))
    return line.replace("https://status.maxony.example", status.rstrip("/"))


@contextmanager
def host_banner(
    browser: Browser, *notices: ShownNotice, attributes: str = "", before: str = "", **how: Any
) -> Iterator[Host]:
    """A page with the banner, at the hour of the hand-made status page."""
    with serve_files(build_sites(*notices), {"Access-Control-Allow-Origin": "*"}) as status:
        script = f'<script src="{status.url}widget.js" defer {attributes}></script>'
        html = f'<!doctype html><html><title>Software</title>{script}<main><h1>Software</h1><p id="news"></p></main>'
        policy = read_documented_policy(status.url) + "; require-trusted-types-for 'script'"
        headers = {"Content-Security-Policy": policy}
        with serve_files({"index.html": html.encode()}, headers) as own:
            context = browser.new_context(**{"locale": "fr-CH", "timezone_id": "Europe/Zurich", **how})
            context.clock.install(time=datetime.fromtimestamp(NOW, UTC))
            context.add_init_script(before)
            window = context.new_page()
            said: list[str] = []
            window.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
            window.on("pageerror", lambda error: said.append(f"error: {error}"))
            window.goto(own.url)
            host = Host(window, own, status, said)
            window.clock.run_for(1)
            yield host
            context.close()


def test_works_under_the_documented_content_security_policy(browser: Browser) -> None:
    """The console is empty: nothing was blocked."""
    with host_banner(browser, *BOTH) as host:
        host.notices.nth(1).wait_for()
        assert host.headlines == FRENCH
        assert host.said == []
        assert host.status.asked == ["widget.js", "widget/fr.json"]


def test_style_applies(browser: Browser) -> None:
    with host_banner(browser, *BOTH) as host:
        host.notices.nth(1).wait_for()
        colour = "item => getComputedStyle(item).backgroundColor"
        assert host.notices.nth(0).evaluate(colour) == "rgb(251, 233, 234)"
        assert host.notices.nth(1).evaluate(colour) == "rgb(232, 238, 252)"


@pytest.mark.parametrize(
    ("locale", "attributes", "language"),
    [
        ("en-GB", "", "en"),
        ("fr-CH", "", "fr"),
        ("ja-JP", "", "fr"),
        ("fr-CH", 'data-lang="EN-us"', "en"),
    ],
)
def test_language_is_the_visitors_or_else_the_pages_first(
    browser: Browser, locale: str, attributes: str, language: str
) -> None:
    with host_banner(browser, *BOTH, attributes=attributes, locale=locale) as host:
        host.notices.first.wait_for()
        assert host.status.asked[1:] == [f"widget/{language}.json"]
        assert ("Delayed mail" in host.headlines[0]) == (language == "en")


def test_times_are_in_the_visitors_zone(browser: Browser) -> None:
    with host_banner(
        browser, present_notice(PLANNED, "upcoming"), timezone_id="America/New_York", locale="en-US"
    ) as host:
        host.notices.first.wait_for()
        assert "December 1, 4:00 \u2013 7:00 PM EST" in " ".join(host.notices.first.inner_text().split())


def test_a_page_without_news_shows_nothing(browser: Browser) -> None:
    with host_banner(browser) as host:
        host.wait("localStorage.length === 1")
        assert host.notices.count() == 0
        box = host.page.locator("body > div").bounding_box()
        assert box is None or box["height"] == 0


def test_keyboard_hides_a_notice_and_moves_focus_to_the_next(browser: Browser) -> None:
    with host_banner(browser, *BOTH) as host:
        host.notices.nth(1).wait_for()
        hide = host.page.get_by_role("button", name=f"Masquer: {FRENCH[0]}")
        for _ in range(2):
            host.page.keyboard.press("Tab")
        assert hide.evaluate("button => button.matches(':focus-visible')")
        host.page.keyboard.press("Enter")
        host.wait("document.querySelector('div').shadowRoot.querySelectorAll('li').length === 1")
        assert host.headlines == FRENCH[1:]
        assert host.page.get_by_role("button").evaluate("button => button.matches(':focus')")


def test_hidden_maintenance_stays_hidden_until_it_begins(browser: Browser) -> None:
    with host_banner(browser, *BOTH) as host:
        host.page.get_by_role("button").nth(1).click()
        host.page.reload()
        host.page.clock.run_for(1)
        host.notices.first.wait_for()
        assert host.headlines == FRENCH[:1]
        host.publish(present_notice(BROKEN), present_notice(PLANNED, "open", state="in_progress"))
        host.page.clock.run_for(301_000)
        host.notices.nth(1).wait_for()
        assert host.headlines[1].startswith("[Maintenance en cours]")


def test_storage_holds_only_documented_keys_and_drops_past_notices(browser: Browser) -> None:
    with host_banner(browser, *BOTH) as host:
        host.page.get_by_role("button").nth(1).click()
        assert host.page.evaluate("Object.keys(localStorage)") == [f"constat {host.status.url}"]
        stored = json.loads(host.page.evaluate("Object.values(localStorage)[0]"))
        assert sorted(stored) == ["at", "gone", "language", "said"]
        assert stored["gone"] == {"2026-12-01-api": "upcoming"}
        host.publish(present_notice(BROKEN))
        host.page.clock.run_for(301_000)
        host.wait("Object.keys(JSON.parse(Object.values(localStorage)[0]).gone).length === 0")


def test_requests_are_at_most_every_five_minutes(browser: Browser) -> None:
    """Also where the visitor goes from page to page."""
    with host_banner(browser, *BOTH) as host:
        host.notices.first.wait_for()
        host.page.clock.run_for(200_000)
        host.page.reload()
        host.page.clock.run_for(1)
        host.notices.first.wait_for()
        host.page.clock.run_for(90_000)
        assert host.asked() == 1
        with host.page.expect_response("**/widget/fr.json"):
            host.page.clock.run_for(20_000)
        host.page.clock.run_for(250_000)
        assert host.asked() == 2


def test_requests_are_made_only_while_the_page_is_visible(browser: Browser) -> None:
    with host_banner(browser, *BOTH) as host:
        host.notices.first.wait_for()
        host.show("hidden")
        host.page.clock.run_for(3_600_000)
        assert host.asked() == 1
        with host.page.expect_response("**/widget/fr.json"):
            host.show("visible")
        assert host.asked() == 2


def test_only_the_requested_services_are_shown(browser: Browser) -> None:
    with host_banner(browser, *BOTH, attributes='data-services="api, website"') as host:
        host.notices.first.wait_for()
        assert host.headlines == FRENCH[1:]


def test_banner_is_placed_in_the_requested_element(browser: Browser) -> None:
    with host_banner(browser, *BOTH, attributes='data-into="#news"') as host:
        host.notices.first.wait_for()
        assert host.page.locator("#news > div").count() == 1


def test_a_screen_reader_finds_a_named_region_and_hears_what_is_new(browser: Browser) -> None:
    with host_banner(browser, *BOTH) as host:
        host.notices.first.wait_for()
        region = host.page.get_by_role("region", name="Maxony\u00a0: état des services")
        assert region.get_attribute("lang") == "fr"
        assert region.get_by_role("list").get_attribute("aria-live") == "polite"
        names = [link.get_attribute("aria-label") for link in host.page.get_by_role("link").all()]
        assert names == [f"En savoir plus: {headline}" for headline in FRENCH]


def test_unchanged_notices_are_not_announced_again(browser: Browser) -> None:
    """Asking again leaves the list untouched."""
    with host_banner(browser, *BOTH) as host:
        host.notices.nth(1).wait_for()
        first = host.notices.first.element_handle()
        with host.page.expect_response("**/widget/fr.json"):
            host.page.clock.run_for(301_000)
        host.page.evaluate("() => new Promise(done => queueMicrotask(done))")
        assert first.evaluate("item => item.isConnected")


def test_title_is_rendered_as_text(browser: Browser) -> None:
    hostile = make_incident(
        "2026-11-23-x",
        make_update("2026-11-23 10:12", "identified", "x"),
        title="<img src=x onerror=alert(1)>",
    )
    with host_banner(browser, present_notice(hostile)) as host:
        host.notices.first.wait_for()
        assert host.headlines[0].endswith("<img src=x onerror=alert(1)>")
        assert host.page.locator("img").count() == 0


def test_works_with_storage_blocked(browser: Browser) -> None:
    blocked = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
    with host_banner(browser, *BOTH, before=blocked) as host:
        host.notices.nth(1).wait_for()
        host.page.get_by_role("button").first.click()
        assert host.headlines == FRENCH[1:]
        assert host.said == []


def test_failing_status_page_keeps_the_last_notices(browser: Browser) -> None:
    with host_banner(browser, *BOTH) as host:
        host.notices.nth(1).wait_for()
        host.status.files = {}
        with host.page.expect_response("**/widget/fr.json"):
            host.page.clock.run_for(301_000)
        assert host.headlines == FRENCH
        assert not [line for line in host.said if not line.startswith("error: Failed to load resource")]
