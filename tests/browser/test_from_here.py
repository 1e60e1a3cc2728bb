"""Check from here: on request, the reader's browser contacts real servers, and the page explains the result."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import Visit, serve_folder, visit
from tests.support.certificates import Certificates
from tests.support.page_scenes import SCENES, Scene
from tests.support.rendered_site import write_site
from tests.support.scripted_server import HEAR, SILENCE, ScriptedServer

ANSWER = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
"""Even an error is an answer: the address was reached."""
PERMISSIONS = ["clipboard-read", "clipboard-write"]


def _asking(scene: str, addresses: Mapping[str, str]) -> Scene:
    """A scene whose services have addresses for the reader's browser."""
    world = SCENES[scene]
    services = tuple(one._replace(from_here=addresses.get(one.id)) for one in world.config.services)
    return replace(world, config=world.config._replace(services=services))


def _press(window: Visit) -> None:
    """Press the button; what hangs is given up after half a second."""
    window.page.eval_on_selector(".panel", "panel => { panel.dataset.wait = '0.5'; }")
    window.page.click(".ask")
    expect(window.page.locator(".ask")).to_be_enabled()


def _cells(window: Visit) -> list[str]:
    return [cell.inner_text() for cell in window.page.query_selector_all(".panel tbody td:last-child")]


def test_each_kind_of_answer_is_distinguished_as_far_as_a_browser_can(
    browser: Browser, tmp_path: Path
) -> None:
    """Nothing is asked before the button is pressed, and then only the named addresses, once each."""
    with ExitStack() as stack:
        answers = stack.enter_context(ScriptedServer(HEAR, ANSWER))
        hangs = stack.enter_context(ScriptedServer(SILENCE))
        untrusted = stack.enter_context(ScriptedServer(Certificates(tmp_path).self_signed, ANSWER))
        with ScriptedServer() as closed:
            refuses = closed.port
        addresses = {
            "website": f"http://127.0.0.1:{answers.port}/ping",
            "app": f"http://127.0.0.1:{refuses}/ping",
            "api": f"http://127.0.0.1:{hangs.port}/ping",
            "smtp": f"https://127.0.0.1:{untrusted.port}/ping",
        }
        write_site(_asking("all-well", addresses), tmp_path / "site")
        where = stack.enter_context(serve_folder(tmp_path / "site"))
        window = stack.enter_context(visit(browser, where, "en/"))
        assert len(window.asked) == 1
        assert not window.page.locator(".panel").is_visible()
        _press(window)
        expect(window.page.locator(".panel h2")).to_have_text(
            "Not reachable from here, working for our checks: Applications, API, and SMTP relay"
        )
        first, *rest = _cells(window)
        assert first.startswith("Answers in ")
        assert rest == ["Not reachable", "No answer in 10\u00a0s", "Not reachable"]
        assert sorted(window.elsewhere) == sorted(addresses.values())
        assert "Not asked: SMS gateway." in window.page.locator(".panel > .muted").inner_text()


def test_fault_seen_by_our_checks_is_not_blamed_on_the_reader(browser: Browser, tmp_path: Path) -> None:
    """Whether or not the address can be reached: an answer does not prove that the service works."""
    with ScriptedServer(HEAR, ANSWER) as server:
        write_site(_asking("outage", {"smtp": f"http://127.0.0.1:{server.port}/"}), tmp_path)
        with serve_folder(tmp_path) as where, visit(browser, where, "") as window:
            _press(window)
            expect(window.page.locator(".panel h2")).to_have_text(
                "Ce n\u2019est pas que chez vous\u00a0: Relais SMTP"
            )


def test_report_lists_requests_and_answers(browser: Browser, tmp_path: Path) -> None:
    with ScriptedServer(HEAR, ANSWER) as server:
        address = f"http://127.0.0.1:{server.port}/"
        write_site(_asking("all-well", {"api": address}), tmp_path)
        with serve_folder(tmp_path) as where, visit(browser, where, "en/", permissions=PERMISSIONS) as window:
            _press(window)
            expect(window.page.locator(".panel h2")).to_have_text("From here, everything answers.")
            window.page.click(".panel .report button")
            expect(window.page.locator(".panel .report button")).to_have_text("Copied")
            lines = window.page.evaluate("navigator.clipboard.readText()").split("\n")
            assert lines[:3] == [
                "2026-11-23T09:40:00.000Z",
                "Everything is working.",
                "From here, everything answers.",
            ]
            assert lines[3].startswith("API | Working | Answers in ")
            assert lines[3].endswith(f" | {address}")


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_page_without_addresses_or_script_offers_no_check(
    browser: Browser, tmp_path: Path, java_script_enabled: bool
) -> None:
    addresses = {} if java_script_enabled else {"api": "https://api.maxony.example/ping"}
    write_site(_asking("all-well", addresses), tmp_path)
    with (
        serve_folder(tmp_path) as where,
        visit(browser, where, "", java_script_enabled=java_script_enabled) as window,
    ):
        assert window.page.locator(".ask").count() == len(addresses)
        assert window.page.locator(".ask:visible").count() == 0
