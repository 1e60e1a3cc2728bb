"""A real browser on real pages: the installed Chromium, driven by Playwright, with a server on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, ViewportSize, sync_playwright

from constat.interval import Instant
from outside.site.local_server import open_server
from tests.support.page_scenes import NOW
from tests.support.required_programs import needs

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

DEFAULT_VIEWPORT: ViewportSize = {"width": 1280, "height": 720}
"""Playwright's own."""

_LEFT: WeakKeyDictionary[Browser, dict[str, Page]] = WeakKeyDictionary()
"""The windows of each browser that can be used again, by how they were opened."""


@contextmanager
def launch_chromium() -> Iterator[Browser]:
    """Launch a headless browser; the test is skipped if none is installed."""
    path = needs("chromium-headless-shell", "chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; yields the address."""
    with open_server(folder, 0) as listening:
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/"
        listening.shutdown()
        thread.join()


@dataclass
class Visit:
    """One page in one window, with its console messages and requests while it was open."""

    page: Page
    address: str
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def _console(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)

    def _error(self, error: Error) -> None:
        self.said.append(f"error: {error}")

    def open(self, path: str) -> None:
        """Go to a page of the served folder."""
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)
        self.page.on("request", self._request)
        self.page.goto(self.address + path)

    def close(self) -> None:
        """Stop listening to the page."""
        self.page.remove_listener("console", self._console)
        self.page.remove_listener("pageerror", self._error)
        self.page.remove_listener("request", self._request)

    @property
    def elsewhere(self) -> list[str]:
        """The requests to any host other than the server."""
        return [url for url in self.asked if not url.startswith((self.address, "data:"))]


@contextmanager
def visit(browser: Browser, address: str, path: str, *, at: Instant = NOW, **how: Any) -> Iterator[Visit]:
    """Open a window at a given time; `how` are options of a Playwright context (`viewport`, `color_scheme`, ...).

    Opening a window takes Chromium three times as long as loading a page in it. So a window is cleaned and reused by the
    next test that asks for the same options; after a failed test it is closed.
    """
    left = _LEFT.setdefault(browser, {})
    page = left.pop(repr(how), None) or browser.new_context(**how).new_page()
    page.context.clock.set_fixed_time(at)
    visiting = Visit(page, address)
    try:
        visiting.open(path)
        yield visiting
        _sweep(visiting, how.get("viewport", DEFAULT_VIEWPORT))
    except BaseException:
        page.context.close()
        raise
    left[repr(how)] = page


def _sweep(visiting: Visit, viewport: ViewportSize) -> None:
    """Clean the window for the next visit: close other windows, clear cookies and storage, reset media and size."""
    visiting.close()
    page = visiting.page
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.context.clear_cookies()
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.goto("about:blank")
    page.emulate_media(media="null")
    page.set_viewport_size(viewport)
