"""The page in every state, as pictures: what to look at before and after a change of the look.

    python -m tests.support.gallery

writes `docs/gallery/`: each state on a phone and on a desk, light and dark, and a page that shows them all. Two of them are kept for the README.
"""

import shutil
import tempfile
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from constat.interval import Instant
from tests.support.browser import chromium, served, visit
from tests.support.scenes import MINUTE, NOW, SCENES
from tests.support.sites import lay
from tests.support.source import ROOT

FOLDER = ROOT / "docs" / "gallery"
STATES: dict[str, tuple[str, str, Instant]] = {
    **{scene: (scene, "", NOW) for scene in SCENES},
    "stale": ("all-well", "", NOW + 32 * MINUTE),
    "english-well": ("all-well", "en/", NOW),
    "english": ("outage-explained", "en/", NOW),
    "service": ("outage-explained", "services/smtp/", NOW),
    "notice": ("outage-explained", "incidents/2026-11-23-relais-smtp/", NOW),
    "promise": ("maintenance", "sla/", NOW),
    "statement": ("maintenance", "sla/2026-11/", NOW),
    "support": ("outage-explained", "support/", NOW),
    "subscribe": ("all-well", "subscribe/", NOW),
}
"""The name of a picture: the scene, the page of it, and when it is looked at."""

SHOWN_IN_README = {
    "phone.png": "english-phone-light.png",
    "desk.png": "english-well-desk-dark.png",
}
"""Pictures that are kept as `docs/NAME`."""

WINDOWS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1000, "height": 1100}}


def _picture(browser: Browser, address: str, state: str, window: str, scheme: str) -> str:
    scene, path, at = STATES[state]
    size = WINDOWS[window]
    with visit(
        browser,
        address,
        f"{scene}/{path}",
        at=at,
        viewport=size,
        color_scheme=scheme,
        timezone_id="Europe/Zurich",
    ) as open_:
        name = f"{state}-{window}-{scheme}.png"
        open_.page.screenshot(path=FOLDER / name)
    return name


def _page(pictures: dict[str, list[str]]) -> str:
    """All pictures side by side, state by state."""
    rows = "".join(
        f"<h2>{escape(state)}</h2><p>"
        + "".join(f'<img src="{name}" height="420" alt="{name}"> ' for name in names)
        + "</p>"
        for state, names in pictures.items()
    )
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><h1>Gallery</h1>{rows}</html>\n'


def main() -> None:
    """Make every picture anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as work, chromium() as browser:
        for scene, world in SCENES.items():
            lay(world, Path(work) / scene)
        with served(Path(work)) as address:
            pictures = {
                state: [
                    _picture(browser, address, state, window, scheme)
                    for window in WINDOWS
                    for scheme in ("light", "dark")
                ]
                for state in STATES
            }
    for name, picture in SHOWN_IN_README.items():
        shutil.copyfile(FOLDER / picture, FOLDER.parent / name)
    (FOLDER / "index.html").write_text(_page(pictures), encoding="utf-8")


if __name__ == "__main__":
    main()
