"""What the script adds: the age of the page, the reader's own time, a report to copy."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import serve_folder, visit
from tests.support.page_scenes import HOUR, MINUTE, NOW, SCENES, Scene
from tests.support.rendered_site import normalise_text, parse_elements, render_named_scene, write_site

LIMIT_S = 3 * 60 + 900 + 600
"""Three intervals, a push, ten minutes of cache."""


def test_script_is_small() -> None:
    """At most 3 KB on a page, compressed."""
    for html in render_named_scene("outage-explained").values():
        found = [one.text for one in parse_elements(html) if one.name == "script"]
        assert sum(len(gzip.compress(text.encode())) for text in found) <= 3072


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("", "Cette page date de 32 min ; la situation a pu changer. La recharger"),
        ("en/", "This page is 32 min old; things may have changed. Reload it"),
    ],
)
def test_old_page_shows_a_warning(browser: Browser, address: str, language: str, words: str) -> None:
    with visit(browser, address, f"all-well/{language}", at=NOW + 32 * MINUTE) as window:
        expect(window.page.locator("#stale")).to_be_visible()
        assert normalise_text(window.page.locator("#stale").inner_text()) == words
        assert window.said == []


def test_age_of_many_hours_is_shown_in_hours(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/en/", at=NOW + 5 * HOUR) as window:
        expect(window.page.locator("#stale span")).to_have_text(
            "This page is 5\u00a0h old; things may have changed."
        )


@pytest.mark.parametrize(("seconds", "shown"), [(0, False), (LIMIT_S - 60, False), (LIMIT_S + 60, True)])
def test_warning_appears_after_the_limit_plus_cache_time(
    browser: Browser, address: str, seconds: int, shown: bool
) -> None:
    with visit(browser, address, "all-well/", at=NOW + seconds) as window:
        assert window.page.locator("#stale").is_visible() is shown


def test_fresh_page_makes_no_request(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/") as window:
        assert len(window.asked) == 1


def test_becoming_visible_bypasses_the_cache_and_shows_a_newer_page(browser: Browser, tmp_path: Path) -> None:
    """The host has a newer page: it is shown without a click."""
    write_site(SCENES["all-well"], tmp_path)
    with serve_folder(tmp_path) as where, visit(browser, where, "") as window:
        old = SCENES["outage"]
        write_site(Scene(old.config, old.register, old.evidence, old.notices, NOW + 60), tmp_path)
        with window.page.expect_navigation():
            window.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(window.page.locator("h1")).to_contain_text("en panne")


def test_page_stays_if_there_is_no_newer_one(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/") as window:
        with window.page.expect_response(lambda _: True):
            window.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        window.page.evaluate("window.stayed = true")
        assert len(window.asked) == 2
        assert window.page.evaluate("window.stayed")


def test_relative_times_are_updated_while_the_page_is_open(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/", at=NOW + 5 * MINUTE) as window:
        expect(window.page.locator(".checked")).to_contain_text("il y a 5\u00a0min")


def test_a_reader_elsewhere_sees_the_maintenance_in_their_own_time(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/en/", timezone_id="America/New_York", locale="en-US") as window:
        expect(window.page.locator("[data-from]").first).to_have_text(
            "Tue, Dec 1, 4:00\u2009\u2013\u20097:00\u202fPM your time"
        )


def test_a_reader_in_the_zone_of_the_page_sees_no_second_time(browser: Browser, address: str) -> None:
    with visit(browser, address, "all-well/en/", timezone_id="Europe/Paris") as window:
        assert window.page.locator("[data-from]").count() == 1
        assert not window.page.locator("[data-from]").first.is_visible()
        assert window.page.locator("time[title]").count() == 0


def test_a_button_copies_a_small_report(browser: Browser, address: str) -> None:
    """UTC time, state of the page, reference, address, browser, language."""
    permissions = ["clipboard-read", "clipboard-write"]
    with visit(
        browser, address, "outage-explained/en/support/", permissions=permissions, locale="en-GB"
    ) as window:
        window.page.click(".report button")
        expect(window.page.locator(".report button")).to_have_text("Copied")
        lines = window.page.evaluate("navigator.clipboard.readText()").split("\n")
        assert lines[:3] == [
            "2026-11-23T09:40:00.000Z",
            "SMTP relay: down since 10:12",
            "2026-11-23-relais-smtp",
        ]
        assert "Chrome" in lines[4]
        assert lines[5] == "en-GB"
