"""A printed statement as small grey pictures, compared with golden ones.

`python -m tests.support.golden_print` draws `tests/golden/statement.pgm` anew: look at it before it is committed.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser

from constat.interval import DAY_S
from constat.page import StatedMonth
from tests.support.browser import launch_chromium
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import build_scene_page, render
from tests.support.required_programs import needs

GOLDEN = Path(__file__).parents[1] / "golden" / "statement.pgm"
DOTS_PER_INCH = 16
"""So coarse that a line of text is a grey bar: what stands where is compared, and not how a machine smooths its letters."""
CELL = 12
"""Dots of a row that are compared as one, by how grey they are together: letters may be a little wider or narrower."""
NOTICED = 24
"""A cell that is lighter or darker by so much, of 255, differs."""
TOLERANCE = 0.005
"""The share of cells that may differ: those of half a line of text."""


class Picture(NamedTuple):
    """A grey picture: its size in dots, and one byte for each, row by row."""

    size: tuple[int, int]
    dots: bytes


def build_statement_site() -> dict[str, bytes]:
    """Build a site whose only statement is that of October, as if it had been frozen."""
    page = build_scene_page(SCENES["maintenance"])
    [month] = [month for month in page.months if month.name == "2026-10"]
    statement = month.statement._replace(frozen_at=month.statement.window.end + 3 * DAY_S)
    return render(replace(page, months=(StatedMonth("2026-10", "final", statement, "5e" * 32),)))


def print_statement(browser: Browser, html: str) -> bytes:
    """Print a page as a browser does, on the paper that its stylesheet names."""
    page = browser.new_page()
    page.set_content(html)
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    return printed


def rasterise(pdf: bytes, pdftoppm: str) -> list[Picture]:
    """Draw every sheet of a PDF."""
    words = [pdftoppm, "-gray", "-r", str(DOTS_PER_INCH), "-"]
    return read_pictures(subprocess.run(words, input=pdf, capture_output=True, check=True).stdout)  # noqa: S603 (ours)


def read_pictures(data: bytes) -> list[Picture]:
    """The pictures of a file in PGM, which may hold several in a row."""
    pictures = []
    while data:
        magic, width, height, most = data.split(maxsplit=4)[:4]
        assert (magic, most) == (b"P5", b"255")
        header = data.index(b"\n255\n") + 5
        count = int(width) * int(height)
        pictures.append(Picture((int(width), int(height)), data[header : header + count]))
        data = data[header + count :]
    return pictures


def compare(picture: Picture, golden: Picture) -> float:
    """The share of cells that are lighter or darker than the golden ones."""
    ours, theirs = list(_list_cells(picture)), list(_list_cells(golden))
    return sum(abs(one - other) >= NOTICED for one, other in zip(ours, theirs, strict=True)) / len(ours)


def _list_cells(picture: Picture) -> Iterator[float]:
    width, height = picture.size
    for row in range(height):
        for first in range(row * width, (row + 1) * width, CELL):
            dots = picture.dots[first : min(first + CELL, (row + 1) * width)]
            yield sum(dots) / len(dots)


def main() -> None:
    """Draw the golden pictures anew."""
    with launch_chromium() as browser:
        printed = print_statement(browser, build_statement_site()["en/sla/2026-10/index.html"].decode())
    pictures = rasterise(printed, needs("pdftoppm", "poppler-utils"))
    parts = [b"P5\n%d %d\n255\n" % picture.size + picture.dots for picture in pictures]
    GOLDEN.write_bytes(b"".join(parts))


if __name__ == "__main__":
    main()
