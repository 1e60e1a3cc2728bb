"""The page of a notice: its state, its services, and that it is not translated."""

from dataclasses import replace

import pytest

from constat.page import ShownNotice
from constat.render import notices
from tests.support.pages import incident, maintenance, shown, update
from tests.support.scenes import PAST, SCENES, scene
from tests.support.sites import elements, plain, site, site_of

BROKEN = incident("2026-11-24-relay", update("2026-11-24 04:00", "identified", "Un disque."))
PLANNED = maintenance("2026-12-01-api", "2026-12-01 21:00", "2026-12-02 00:00")


@pytest.mark.parametrize(
    ("item", "css"),
    [
        (shown(BROKEN), "outage"),
        (shown(BROKEN._replace(impact="minor")), "degraded"),
        (shown(BROKEN._replace(impact="none")), "nodata"),
        (shown(BROKEN, "past"), "up"),
        (shown(PLANNED, "upcoming"), "maint"),
        (shown(PLANNED, "past"), "up"),
    ],
)
def test_its_state_has_the_icon_of_what_it_means(item: ShownNotice, css: str) -> None:
    assert notices.state_css(item) == css


def test_its_services_lead_to_their_pages() -> None:
    found = elements(site("outage-explained")["en/incidents/2026-11-23-relais-smtp/index.html"])
    links = {one.text: one.attributes["href"] for one in found if one.name == "a"}
    assert links["SMTP relay"] == "../../../en/services/smtp/"


def test_a_service_that_is_not_shown_any_more_is_only_named() -> None:
    world = SCENES["outage-explained"]
    notice = world.notices[-1]._replace(services=("smtp", "telex"))
    html = site_of(replace(world, notices=(notice,)))["en/incidents/2026-11-23-relais-smtp/index.html"]
    assert not [one for one in elements(html) if "telex" in one.attributes.get("href", "")]
    assert "SMTP relay, telex" in plain("".join(one.text for one in elements(html) if one.name == "dl"))


def test_a_notice_that_is_not_translated_says_so() -> None:
    french = PAST._replace(texts={"fr": PAST.texts["fr"]})
    pages = site_of(scene(notices=(french,)))
    path = f"incidents/{PAST.stem}/index.html"
    said = "Not translated: this notice is in French."
    assert said in plain(pages[f"en/{path}"].decode())
    assert "Non traduit" not in plain(pages[path].decode())
