"""The page of a notice: its state, its times, its services, its updates and its language."""

from dataclasses import replace

import pytest

from constat.page import NotifiedTarget, ShownNotice
from constat.render import notice_texts
from tests.support.page_objects import (
    make_incident,
    make_maintenance,
    make_update,
    parse_time,
    present_notice,
)
from tests.support.page_scenes import HOUR, NOW, PAST, SCENES, make_scene
from tests.support.rendered_site import (
    build_scene_page,
    normalise_text,
    parse_elements,
    render,
    render_named_scene,
    render_scene,
)
from tests.support.two_languages import load_language

BROKEN = make_incident("2026-11-24-relay", make_update("2026-11-24 04:00", "identified", "Un disque."))
PLANNED = make_maintenance("2026-12-01-api", "2026-12-01 21:00", "2026-12-02 00:00")


@pytest.mark.parametrize(
    ("item", "css"),
    [
        (present_notice(BROKEN), "outage"),
        (present_notice(BROKEN._replace(impact="minor")), "degraded"),
        (present_notice(BROKEN._replace(impact="none")), "nodata"),
        (present_notice(BROKEN, "past"), "up"),
        (present_notice(PLANNED, "upcoming"), "maint"),
        (present_notice(PLANNED, "past"), "up"),
    ],
)
def test_a_state_has_its_icon(item: ShownNotice, css: str) -> None:
    assert notice_texts.state_css_class(item) == css


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        ("2026-12-02 00:38", "2 Dec, 01:38 (overran by 38 min)"),
        ("2026-12-01 23:10", "2 Dec, 00:10"),
        (None, ""),
    ],
)
def test_a_maintenance_says_when_our_team_finished_it(closed: str | None, expected: str) -> None:
    """Late or early; nothing if nobody reported its end."""
    item = present_notice(PLANNED, "past", state="completed")
    item = replace(item, ends=parse_time(closed)) if closed else replace(item, as_announced=True)
    assert notice_texts.describe_end(item, load_language("en")).striptags() == expected


def test_services_are_linked_to_their_pages() -> None:
    all_elements = parse_elements(
        render_named_scene("outage-explained")["en/incidents/2026-11-23-relais-smtp/index.html"]
    )
    links = {element.text: element.attributes["href"] for element in all_elements if element.name == "a"}
    assert links["SMTP relay"] == "../../../en/services/smtp/"


def test_a_service_that_is_no_longer_shown_is_named_without_a_link() -> None:
    world = SCENES["outage-explained"]
    notice = world.notices[-1]._replace(services=("smtp", "telex"))
    html = render_scene(replace(world, notices=(notice,)))["en/incidents/2026-11-23-relais-smtp/index.html"]
    assert not [element for element in parse_elements(html) if "telex" in element.attributes.get("href", "")]
    assert "SMTP relay, telex" in normalise_text(
        "".join(element.text for element in parse_elements(html) if element.name == "dl")
    )


def test_a_notice_that_is_not_translated_says_so() -> None:
    french = PAST._replace(texts={"fr": PAST.texts["fr"]})
    pages = render_scene(make_scene(notices=(french,)))
    path = f"incidents/{PAST.stem}/index.html"
    text = "Not translated: this notice is in French."
    assert text in normalise_text(pages[f"en/{path}"].decode())
    assert "Non traduit" not in normalise_text(pages[path].decode())


def test_the_page_says_how_and_when_people_were_notified() -> None:
    """When it was announced, to whom it was sent, and a calendar event while it is upcoming."""
    page = build_scene_page(SCENES["all-well"])
    [upcoming] = page.upcoming
    targets = (
        NotifiedTarget({"fr": "Liste", "en": "Mailing list"}, NOW - HOUR, NOW - HOUR),
        NotifiedTarget({"": "Chat"}, NOW - HOUR, NOW - 60),
    )
    shown_page = replace(page, notices=(replace(upcoming, notified=targets),))
    html = render(shown_page)
    all_elements = parse_elements(html[f"en/incidents/{upcoming.notice.stem}/index.html"])
    terms = {
        normalise_text(term.text): normalise_text(definition.text)
        for term, definition in zip(
            (element for element in all_elements if element.name == "dt"),
            (element for element in all_elements if element.name == "dd"),
            strict=True,
        )
    }
    assert terms == {
        "When": "Tuesday 1 December, 22:00 to 01:00 (3 h, Zurich time)",
        "Services": "SMTP relay",
        "Reference": "2026-12-01-relais-smtp",
        "Announced": "18 Nov, 10:40",
        "Mailing list": "notified 09:40",
        "Chat": "notified 09:40, last 10:39",
    }
    calendar = [
        element.attributes["href"]
        for element in all_elements
        if element.name == "a" and element.text == "Add to my calendar"
    ]
    assert calendar == ["../../../en/incidents/2026-12-01-relais-smtp/maintenance.ics"]


def test_the_page_has_all_updates_newest_first_and_the_outages_measured_meanwhile() -> None:
    html = render_named_scene("all-well")[f"en/incidents/{PAST.stem}/index.html"]
    text = normalise_text("".join(element.text for element in parse_elements(html) if element.name == "main"))
    newest_first = [
        "18 Nov, 11:22",
        "Resolved",
        "18 Nov, 11:01",
        "Cause found",
        "18 Nov, 10:40",
        "Looking for the cause",
    ]
    story = text[text.index("As it went") :]
    positions = [story.index(words) for words in newest_first]
    assert positions == sorted(positions)
    assert "First word within a minute of the first failed check" in text
    assert "Wednesday 18 November, 10:40 to 11:22 (42 min, Zurich time)" in text
    assert "one bar a minute. Applications: down on 18 Nov at 10:40, for 42 min." in text
