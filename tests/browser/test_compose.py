"""A notice written in the browser: from a red page to the merged file, on a phone."""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from time import monotonic
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from constat.interval import format_instant, parse_instant
from constat.model import Repository
from tests.support.browser import Visit, serve_folder, visit
from tests.support.command_line import generate_here
from tests.support.page_scenes import NOW as SCENE
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import parse_elements, render_scene
from tests.support.repository_host import serve_repository_host
from tests.support.required_programs import needs_npm

PHONE = {"width": 390, "height": 844}
BEGAN = parse_instant("2026-11-23T01:56Z")
NOW = BEGAN + 120
HOSTILE = '</script><img src=x onerror=alert(1)> & "Ko"'
"""A name that would end the script or become markup, were it not escaped."""

STATUS = """
page:
  id: own
  name: Own
  url: "https://status.example.org/"
  languages: [fr, en]
  timezone: Europe/Zurich
  repository: {{url: "{repository}", host: github}}
monitor: {{vantage: here, confirm: {{attempts: 1, delay: 0s}}}}
sla: {{target: 99}}
services:
  - id: api
    name: {{fr: "API : envois", en: API}}
    interval: 5m
    checks:
      - {{name: port, kind: tcp, host: 127.0.0.1, port: 9, timeout: 1s}}
"""
"""A project whose only service is down: nobody listens at port 9."""


@dataclass
class Thumb:
    """Counts the taps of a maintainer."""

    taps: int = 0

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.tap()

    def tap_into_new_tab(self, page: Page, target: Locator) -> Page:
        with page.context.expect_page() as opened:
            self.tap(target)
        opened.value.wait_for_load_state()
        return opened.value


def _run(root: Path, *words: str, at: int = NOW) -> None:
    done = generate_here(*words, "--root", str(root), "--now", format_instant(at))
    assert done.returncode == 0, done.stdout + done.stderr


def test_outage_becomes_merged_notice_in_two_languages(browser: Browser, tmp_path: Path) -> None:
    """Two taps for the first language, two more for each other one, within thirty seconds; then an update that resolves it."""
    with serve_repository_host(tmp_path) as repository, _phone(browser, tmp_path, repository) as window:
        thumb, began = Thumb(), monotonic()
        thumb.tap(window.page.locator(".offer--now"))
        previewed = [_read_preview(window.page, code) for code in ("fr", "en")]
        for language in ("Français", "English"):
            go = window.page.locator("#go")
            expect(go).to_have_text(re.compile(language))
            host = thumb.tap_into_new_tab(window.page, go)
            thumb.tap(host.get_by_role("button", name="Commit"))
            expect(host.locator("h1")).to_have_text("Merged")
            host.close()
        assert (thumb.taps, monotonic() - began < 30) == (5, True)
        expect(window.page.locator("#go")).to_have_text("Open again at GitHub: Français")
        assert window.said == []
        stem = "2026-11-23-service-indisponible"
        _run(tmp_path, "validate")
        _run(tmp_path, "build")
        window.page.goto(f"{window.address}en/incidents/{stem}/")
        expect(window.page.locator("h1")).to_have_text("Service unavailable")
        assert "API: no response." in window.page.locator("main").inner_text()
        assert previewed == [_read_published(window, tmp_path, folder, stem) for folder in ("", "en/")]
        _resolve(window, tmp_path / "incidents", stem)
        _run(tmp_path, "validate", at=NOW + 600)
        _run(tmp_path, "build", at=NOW + 600)
        window.page.goto(f"{window.address}incidents/{stem}/")
        expect(window.page.locator(".lead")).to_have_text("Résolu")


def _read_preview(page: Page, language: str) -> tuple[str, str]:
    """When, and what; then the line of feeds and mails."""
    form = page.locator(f"[data-language={language}]")
    return form.locator(".facts").inner_text(), form.locator(".subject").inner_text()


def _read_published(window: Visit, root: Path, folder: str, stem: str) -> tuple[str, str]:
    """The same of the page and of the feed."""
    window.page.goto(f"{window.address}{folder}incidents/{stem}/")
    facts = " · ".join(window.page.locator("dd").all_inner_texts()[:2])
    [entry] = json.loads((root / f"site/{folder}feed.json").read_text(encoding="utf-8"))["items"]
    return facts, entry["title"]


def _resolve(window: Visit, folder: Path, stem: str) -> None:
    """Add what the form copies for each language at the end of its file, as one would paste it."""
    page, thumb = window.page, Thumb()
    expect(page.locator("#maintain")).to_be_hidden()
    page.goto(f"{page.url}#maintain")
    page.context.clock.set_fixed_time(NOW + 540)
    thumb.tap(page.locator("#maintain").get_by_role("link", name="Working again"))
    page.wait_for_url("**/compose/#*")
    expect(page.locator("#advice")).to_have_text("Paste it at the end of the file.")
    expect(page.locator("#next, #impact")).to_have_count(2)
    expect(page.locator("#next:visible, #impact:visible")).to_have_count(0)
    for language in ("", ".en"):
        host = thumb.tap_into_new_tab(page, page.locator("#go"))
        assert urlsplit(host.url).path == f"/maxony/status/edit/main/incidents/{stem}{language}.md"
        host.close()
        file = folder / f"{stem}{language}.md"
        copied = page.evaluate("navigator.clipboard.readText()")
        file.write_text(f"{file.read_text(encoding='utf-8').rstrip()}\n\n{copied}", encoding="utf-8")
    assert thumb.taps == 3


@contextmanager
def _phone(browser: Browser, root: Path, repository: str) -> Iterator[Visit]:
    """The page of a project that is down, on a phone."""
    (root / "status.yml").write_text(STATUS.format(repository=repository), encoding="utf-8")
    _run(root, "check", at=BEGAN)
    _run(root, "build")
    how: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    permissions = ["clipboard-read", "clipboard-write"]
    with (
        serve_folder(root / "site") as where,
        visit(browser, where, "en/compose/", at=NOW, permissions=permissions, **how) as window,
    ):
        yield window


@dataclass
class Pages:
    """The sites of some scenes, served."""

    address: str
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)


def _kept_at(scene: str, url: str = "https://github.com/maxony/status") -> dict[str, bytes]:
    """The site of a scene whose project says where it is kept, with a service that has a hostile name."""
    world = SCENES[scene]
    page = world.config.page._replace(repository=Repository("github", url))
    services = tuple(
        each._replace(name={"": HOSTILE}) if each.id == "sms" else each for each in world.config.services
    )
    return render_scene(replace(world, config=world.config._replace(page=page, services=services)))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    root = tmp_path_factory.mktemp("kept")
    made = {scene: _kept_at(scene) for scene in ("outage-explained", "several-down")}
    for scene, files in made.items():
        for path, data in files.items():
            (root / scene / path).parent.mkdir(parents=True, exist_ok=True)
            (root / scene / path).write_bytes(data)
    with serve_folder(root) as where:
        yield Pages(where, made)


def test_script_is_small_and_absent_from_customer_pages(pages: Pages) -> None:
    """At most 12 KB on /compose/, compressed; the other pages have the script that they had, and one line of style."""
    site = pages.files["outage-explained"]
    plain = render_scene(SCENES["outage-explained"])
    script = _script(site["en/compose/index.html"])
    assert len(gzip.compress(script.encode())) <= 12 << 10
    for path in plain.keys() & site.keys():
        assert _script(site[path]) == _script(plain[path]), path
    assert site.keys() - plain.keys() == {"compose/index.html", "en/compose/index.html"}
    assert b"compose" not in site["sitemap.xml"]
    assert all(b"compose/" not in html for path, html in plain.items() if path.endswith(".html"))


def _script(html: bytes) -> str:
    found = [each for each in parse_elements(html) if each.name == "script"]
    return "".join(each.text for each in found if "type" not in each.attributes)


def test_content_security_policy_is_as_strict_as_on_other_pages(pages: Pages) -> None:
    site = pages.files["outage-explained"]
    index, page = (_policy(site[path]) for path in ("en/index.html", "en/compose/index.html"))
    assert [re.sub(r"sha256-[^']+", "hash", policy) for policy in (index, page)] == [
        re.sub(r"sha256-[^']+", "hash", index)
    ] * 2


def _policy(html: bytes) -> str:
    [meta] = [
        one for one in parse_elements(html) if one.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    return meta.attributes["content"]


COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
FRAGMENTS = ("#service=sms&since=2026-11-23T09:12:00Z", "#kind=maintenance&title.fr=%3Cb%3E")
"""A form without a mistake, and one with some."""


@pytest.mark.parametrize(("scheme", "rules"), [("light", EVERYTHING), ("dark", COLOURS)])
def test_axe_finds_nothing_with_and_without_problems(
    browser: Browser, pages: Pages, scheme: Literal["light", "dark"], rules: dict[str, object]
) -> None:
    axe = (needs_npm("axe-core") / "axe.min.js").read_text(encoding="utf-8")
    how: dict[str, Any] = {"color_scheme": scheme, "viewport": PHONE, "bypass_csp": True}
    with visit(browser, pages.address, "several-down/en/compose/", **how) as window:
        window.page.evaluate(axe)
        for fragment in FRAGMENTS:
            window.page.evaluate("hash => { location.hash = hash }", fragment)
            expect(window.page.locator("#form")).to_be_visible()
            options = {"resultTypes": ["violations"], **rules}
            violations = window.page.evaluate("options => axe.run(document, options)", options)["violations"]
            assert [f"{one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"]] == []


@pytest.mark.parametrize("width", [320, 390, 1000])
def test_form_fits_the_screen_width(browser: Browser, pages: Pages, width: int) -> None:
    how: dict[str, Any] = {"viewport": {"width": width, "height": 800}}
    with visit(browser, pages.address, f"several-down/compose/{FRAGMENTS[0]}", **how) as window:
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width
        window.page.fill("#text-fr", "Donaudampfschifffahrtsgesellschaft" * 20)
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width


def test_old_suggestions_show_their_age(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.address, "several-down/en/compose/", at=SCENE + 1920) as window:
        expect(window.page.locator("#stale span")).to_have_text(
            "This page is 32\u00a0min old; things may have changed."
        )


def test_page_without_javascript_explains_what_to_do(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.address, "several-down/en/compose/", java_script_enabled=False) as window:
        expect(window.page.get_by_text("constat new incident")).to_be_visible()
        expect(window.page.locator("#form")).to_be_hidden()


def test_hostile_text_is_never_rendered_as_markup(browser: Browser, pages: Pages) -> None:
    """Hostile service names, titles, texts and fragments are shown as text, mistakes are reported in place, and nothing runs."""
    with visit(browser, pages.address, "several-down/en/compose/") as window:
        page = window.page
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        page.evaluate(
            "hash => { location.hash = hash }", "#service=sms&service=__proto__&wording=constructor&state=x"
        )
        page.fill("#title-fr", "<img src=x onerror=alert(1)>")
        page.fill(
            "#text-fr",
            '[a](javascript:alert(1)) **<b>** <script>alert(1)</script> [ok](https://a.example/?"=1)',
        )
        article = page.locator("[data-language=fr] article")
        expect(article.locator("h3")).to_have_text("<img src=x onerror=alert(1)>")
        expect(article.locator(".facts")).to_contain_text(HOSTILE)
        assert article.locator("img, script, b, a[href^=javascript]").count() == 0
        said = page.locator("#problems .error").all_inner_texts()
        assert said == [
            "Français: There is markup in the title: write plain words.",
            "Français: The link javascript:alert(1 leads nowhere, or is not allowed.",
        ]
        assert page.locator("#go").get_attribute("href") is None
        assert window.said == []


def test_text_too_long_for_an_address_is_copied_or_downloaded(browser: Browser, pages: Pages) -> None:
    """The page at the host opens with the name alone; the text is on the clipboard, and in a file."""
    permissions = ["clipboard-read", "clipboard-write"]
    with visit(browser, pages.address, "several-down/en/compose/", permissions=permissions) as window:
        page = window.page
        page.locator(".offer--now").first.click()
        page.fill("#text-fr", "é" * 2000)
        row = page.locator("#files li").first
        expect(row).to_contain_text(
            "Too long for an address: copy or download it; the page at GitHub opens empty."
        )
        query = parse_qs(urlsplit(str(row.locator("a").get_attribute("href"))).query)
        assert list(query) == ["filename"]
        row.get_by_role("button", name="Copy: Français", exact=True).click()
        expect(row.get_by_role("button", name="Copied: Français", exact=True)).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "é" * 2000 in copied
        with page.expect_download() as download:
            row.get_by_role("button", name="Download").click()
        assert download.value.suggested_filename == query["filename"][0].removeprefix("incidents/")
        assert download.value.path().read_text(encoding="utf-8") == copied


def test_reload_and_language_switch_keep_the_draft(browser: Browser, pages: Pages) -> None:
    """The draft is kept in the fragment: nothing is stored or sent to a server."""
    with visit(browser, pages.address, "several-down/en/compose/") as window:
        page = window.page
        page.locator(".offer--now").first.click()
        page.fill("#title-en", 'Mail & "co": 100 % + #1')
        page.locator("#next").select_option("3600")
        page.wait_for_url(re.compile("next=3600.*co%22"))
        before = page.locator("#go").get_attribute("href")
        page.reload()
        expect(page.locator("#title-en")).to_have_value('Mail & "co": 100 % + #1')
        assert page.locator("#go").get_attribute("href") == before
        page.locator("nav a[hreflang=fr]").first.click()
        expect(page.locator("#title-en")).to_have_value('Mail & "co": 100 % + #1')
        expect(page.locator("#next")).to_have_value("3600")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert [url for url in window.asked if "#" not in url and not url.endswith("compose/")] == []


def test_ambiguous_time_asks_for_offset_and_nonexistent_time_is_refused(
    browser: Browser, pages: Pages
) -> None:
    """When the clocks change in Zurich, whatever the clock of the phone."""
    how: dict[str, Any] = {"timezone_id": "America/New_York"}
    with visit(browser, pages.address, "several-down/en/compose/#kind=maintenance", **how) as window:
        page = window.page
        page.fill("#starts", "2027-10-31T02:30")
        page.fill("#ends", "2027-10-31T04:00")
        page.locator("#starts-offset").select_option("+01:00")
        page.fill("#title-fr", "a")
        assert (
            "starts: 2027-10-31T02:30+01:00"
            in parse_qs(urlsplit(str(page.locator("#go").get_attribute("href"))).query)["value"][0]
        )
        expect(page.locator("#starts-words")).to_have_text(
            "Sunday 31 October 2027, 02:30 UTC+1 (Zurich time)"
        )
        page.fill("#starts", "2027-03-28T02:30")
        expect(page.locator("#problems .error")).to_have_text(
            "A time is not complete, or does not exist because the clocks change."
        )
        expect(page.locator("#starts-offset")).to_be_hidden()


def test_finished_outage_is_drafted_as_resolved_at_its_end(browser: Browser, pages: Pages) -> None:
    """As `new incident --from-outage` does; the fragment is what a message of the monitor links to."""
    fragment = "#service=smtp&since=2026-11-23T08:10:00Z&until=2026-11-23T08:52:00Z"
    with visit(browser, pages.address, f"several-down/en/compose/{fragment}") as window:
        query = parse_qs(urlsplit(str(window.page.locator("#go").get_attribute("href"))).query)
        assert query["value"][0].splitlines()[1:] == [
            "title: Service indisponible",
            "kind: incident",
            "services: [smtp]",
            "impact: major",
            "starts: 2026-11-23T09:10+01:00",
            "---",
            "",
            "## 2026-11-23T09:52+01:00 resolved",
            "",
            "L'incident est résolu. Nous vous prions de nous excuser pour la gêne occasionnée.",
        ]


def test_resolved_incident_offers_only_review_and_maintenance_starts_with_a_text(
    browser: Browser, pages: Pages
) -> None:
    """The review has a template to fill in; until then the page of the host cannot be opened."""
    with visit(
        browser, pages.address, "outage-explained/en/incidents/2026-11-18-app-erreurs/#maintain"
    ) as window:
        page = window.page
        page.locator("#maintain a").click()
        expect(page.locator("#state option")).to_have_text(["What happened, and what we are doing about it"])
        expect(page.locator("#wording option:checked")).to_have_text("What you noticed")
        expect(page.locator("#text-en")).to_have_value(re.compile("### Why"))
        expect(page.locator("#problems .error").first).to_have_text(
            "Français: A place is still to be filled in."
        )
        page.evaluate("hash => { location.hash = hash }", "#notice=2026-12-01-relais-smtp")
        expect(page.locator("#text-en")).to_have_value("The maintenance has begun.")
        page.locator("#state").select_option("rescheduled")
        expect(page.locator("#advice")).to_contain_text("write the new starts and ends at its top")


def test_simultaneous_outages_make_one_notice(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.address, "several-down/en/compose/") as window:
        page = window.page
        offers = page.locator(".offer--now").all_inner_texts()
        assert offers[-1] == "All of them in one notice"
        assert len(offers) == 4
        page.keyboard.press("Tab")
        page.locator(".offer--now").last.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#about")).to_be_focused()
        assert page.locator("[name=service]:checked").count() == 3
        expect(page.locator("[data-language=en] .subject")).to_have_text(
            "[Looking for the cause] Applications, API, SMTP relay: Service unavailable"
        )
        page.locator("#title-fr").fill("")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/compose/#handover")


def test_ctrl_enter_opens_the_host_page_and_reload_keeps_remaining_steps(
    browser: Browser, pages: Pages
) -> None:
    """From the suggestion by keyboard alone, without tabbing through forty fields; a reload on a phone keeps the remaining steps."""
    with visit(browser, pages.address, "several-down/en/compose/") as window:
        page = window.page
        page.context.route("https://github.com/**", lambda route: route.fulfill(body="a new file"))
        page.locator(".offer--now").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        with page.context.expect_page() as opened:
            page.keyboard.press("Control+Enter")
        opened.value.wait_for_url("https://github.com/maxony/status/new/main?filename=incidents/*")
        opened.value.close()
        page.reload()
        go = page.locator("#go")
        expect(go).to_have_text("Open at GitHub: English")
        colour = str(go.evaluate("go => getComputedStyle(go).backgroundColor"))
        go.hover()  # a tap leaves it so on a phone
        expect(go).to_have_css("background-color", colour)
        page.context.unroute_all()


def test_keyboard_reaches_every_field_in_order(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages.address, "several-down/en/compose/#kind=incident&title.fr=a") as window:
        page = window.page
        there = page.evaluate(_REACHABLE)
        reached = []
        for _ in range(len(there) + PARTS_OF_A_TIME):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate("() => document.activeElement.id || document.activeElement.value || ''")
            )
        expected = [stop for stop, _ in groupby(there)]
        assert [stop for stop, _ in groupby(reached)][: len(expected)] == expected


PARTS_OF_A_TIME = 6
"""Day, month, year, hour, minute and the calendar are stops of their own within one field."""
_REACHABLE = """() => [...document.querySelectorAll('#form :is(input, select, textarea, a[href], button)')]
    .filter((stop) => stop.checkVisibility()).map((stop) => stop.id || stop.value || "")"""
