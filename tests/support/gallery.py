"""Pictures of the demo in every state, for comparing before and after a change of the design.

    python -m tests.support.gallery

writes `docs/gallery/`: the index in each state on a phone and on a desktop, light and dark; every other kind of page in
French and in another language; and a page that shows them all. Two pictures are kept for the README.
"""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

from constat.interval import Instant, parse_instant
from constat.moving.model import ReadRequest, SourceName
from tasks.build import build_and_publish
from tasks.importing import ImportRequest, import_source
from tasks.project import Project
from tests.support import demo_states
from tests.support.browser import launch_chromium, serve_folder, visit
from tests.support.source_tree import ROOT

FOLDER = ROOT / "docs" / "gallery"
FIXTURES = ROOT / "tests" / "support" / "moving"
MINUTE_S = 60
WINDOWS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1000, "height": 1100}}
SCHEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Shot:
    """A page of a state, and the time at which it is viewed. `whole`: down to its end, not only what fits into the window."""

    state: str
    path: str = ""
    at: Instant = demo_states.NOW
    whole: bool = True


PAGES: dict[str, tuple[str, str, str]] = {
    "service": ("outage-explained", "de", "services/smtp/"),
    "notice": ("outage-explained", "en", "incidents/2026-11-23-relay-down/"),
    "notice-past": ("all-well", "it", "incidents/2026-11-20-api/"),
    "maintenance-past": ("all-well", "es", "incidents/2026-11-14-smtp-relay/"),
    "month": ("all-well", "de", "history/2026-11/"),
    "sla": ("all-well", "en", "sla/"),
    "statement": ("all-well", "de", "sla/2026-10/"),
    "statement-now": ("all-well", "it", "sla/2026-11/"),
    "support": ("outage-explained", "es", "support/"),
    "subscribe": ("all-well", "de", "subscribe/"),
    "deliverability": ("all-well", "it", "deliverability/"),
    "how": ("all-well", "es", "how/"),
}
"""Every other kind of page: its state, its language besides French, its address below that."""

MOVED: dict[SourceName, tuple[str, Instant]] = {
    "cstate": ("packit", parse_instant("2026-03-05T09:00:00Z")),
    "upptime": ("manticore.bundle", parse_instant("2026-08-24T09:00:00Z")),
    "kuma": ("kuma-1.23.db.xz", parse_instant("2026-11-10T09:00:00Z")),
}
"""What is imported from other status pages, and the time at which the page is built, before our own first look."""

SHOTS: dict[str, Shot] = {
    **{name: Shot(name) for name in (*demo_states.STATES, demo_states.FIRST_DAY, demo_states.FIFTY)},
    "stale": Shot("all-well", at=demo_states.NOW + 32 * MINUTE_S),
    **{
        f"{name}-{language}": Shot(state, f"{'' if language == 'fr' else language + '/'}{path}")
        for name, (state, other, path) in PAGES.items()
        for language in ("fr", other)
    },
    "lost": Shot("all-well", "404.html"),
    **{f"moved-from-{source}": Shot(f"moved-from-{source}", at=at) for source, (_, at) in MOVED.items()},
    "moved-month": Shot("moved-from-kuma", "history/2026-10/", at=MOVED["kuma"][1]),
    **{f"index-{language}": Shot("outage-explained", f"{language}/") for language in ("en", "de", "es", "it")},
}  # fmt: skip

SHOWN_IN_README = {
    "phone.png": (Shot("outage-explained", "en/", whole=False), ("phone", "light")),
    "desk.png": (Shot("all-well", "en/", whole=False), ("desk", "dark")),
}
"""Pictures that are kept as `docs/NAME`."""


def write_sites(work: Path) -> None:
    """Build the site of every state, each in a folder of that name."""
    demo_states.write_base(work / "base")
    for name in demo_states.STATES:
        demo_states.write_state(name, work / "base", work / name)
    demo_states.write_first_day(work / demo_states.FIRST_DAY)
    demo_states.write_fifty_services(work / demo_states.FIFTY)
    for name in (*demo_states.STATES, demo_states.FIRST_DAY, demo_states.FIFTY):
        demo_states.publish(work / name)
    for source, (file, at) in MOVED.items():
        _write_moved_site(work / f"moved-from-{source}", source, str(FIXTURES / source / file), at)


def _write_moved_site(root: Path, source: SourceName, place: str, at: Instant) -> None:
    """Build the page of a project into which another status page was imported."""
    root.mkdir()
    import_source(ImportRequest(source, ReadRequest(place, at), root, {}))
    build_and_publish(Project(root, ROOT, at), {}, lambda _warning: None)


def take_picture(browser: Browser, address: str, shot: Shot, look: tuple[str, str], file: Path) -> None:
    """Take a picture; `look` is the window and the colour scheme."""
    how = {"viewport": WINDOWS[look[0]], "color_scheme": look[1], "timezone_id": "Europe/Zurich"}
    with visit(browser, address, f"{shot.state}/site/{shot.path}", at=shot.at, **how) as open_:
        open_.page.screenshot(path=file, full_page=shot.whole)


def _take_pictures(browser: Browser, address: str) -> Iterator[tuple[str, str]]:
    """Take all pictures; the name of each shot with the files of its pictures."""
    for name, shot in SHOTS.items():
        for look in product(WINDOWS, SCHEMES):
            file = FOLDER / f"{name}-{'-'.join(look)}.png"
            take_picture(browser, address, shot, look, file)
            yield name, file.name


def _build_page(pictures: Iterator[tuple[str, str]]) -> str:
    """All pictures side by side, shot by shot."""
    rows: dict[str, str] = {}
    for shot, name in pictures:
        rows[shot] = f'{rows.get(shot, "")}<a href="{name}"><img src="{name}" height="420" alt="{name}"></a> '
    body = "".join(f"<h2>{escape(shot)}</h2><p>{images}</p>" for shot, images in rows.items())
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><h1>Gallery</h1>{body}</html>\n'


def main() -> None:
    """Take every picture again."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with tempfile.TemporaryDirectory() as work:
        write_sites(Path(work))
        with launch_chromium() as browser, serve_folder(Path(work)) as address:
            (FOLDER / "index.html").write_text(
                _build_page(_take_pictures(browser, address)), encoding="utf-8"
            )
            for name, (shot, look) in SHOWN_IN_README.items():
                take_picture(browser, address, shot, look, FOLDER.parent / name)


if __name__ == "__main__":
    main()
