"""On paper: the front of a statement is one sheet of A4, as a browser prints it."""

import io
from dataclasses import replace

import pikepdf
import pytest
from playwright.sync_api import Browser

from constat.interval import DAY_S
from constat.page import StatedMonth
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import page_of, render

A4 = (595, 842)
"""In points."""


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    """A site whose only statement is that of October, as if it had been frozen."""
    page = page_of(SCENES["maintenance"])
    [month] = [month for month in page.months if month.name == "2026-10"]
    statement = month.statement._replace(frozen_at=month.statement.window.end + 3 * DAY_S)
    return render(replace(page, months=(StatedMonth("2026-10", "final", statement, "5e" * 32),)))


@pytest.mark.parametrize("folder", ["", "en/"])
def test_verdicts_credits_signatures_and_seal_stand_on_one_sheet(
    browser: Browser, site: dict[str, bytes], folder: str
) -> None:
    """Annexes follow on sheets of their own: without them, one page is left."""
    page = browser.new_page()
    page.set_content(site[f"{folder}sla/2026-10/index.html"].decode())
    for content in (".tallies", ".gauge", ".seal svg", ".signed", ".hash"):
        assert page.locator(f".sheet {content}").count() >= 1, content
    whole = page.pdf(prefer_css_page_size=True)
    page.evaluate("for (const one of document.querySelectorAll('.sheet~*')) one.remove()")
    sheet = page.pdf(prefer_css_page_size=True)
    page.close()
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert len(pdf.pages) > 1
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        [only] = pdf.pages
        assert tuple(round(float(side)) for side in only.mediabox[2:]) == A4
