"""The index: its wording in both languages, and figures, bars and lists that agree."""

import gzip
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape

import pytest

from constat.model import Density, Outcome, Status
from tests.support.many_services import make_page_of_many
from tests.support.page_scenes import DOWN_NOW, HOUR, MINUTE, SCENES, Seen, make_scene
from tests.support.rendered_site import (
    Element,
    build_scene_page,
    normalise_text,
    parse_elements,
    render_index,
    render_named_scene,
    render_scene,
)

BANNERS = {
    "all-well": (
        "Tout fonctionne.",
        "Aucun problème constaté sur nos 5 services. Dernière vérification à l'instant (10 h 39, heure de Zurich).",
        "Everything is working.",
        "No problem seen on our 5 services. Last checked just now (10:39, Zurich time).",
    ),
    "degraded": (
        "API : fonctionnement perturbé depuis 10 h 12",
        "Le service répond, mais lentement ou avec des erreurs. Les 4 autres services fonctionnent.",
        "API: not working normally since 10:12",
        "It responds, but slowly or with errors. The other 4 services are working.",
    ),
    "outage": (
        "Relais SMTP : en panne depuis 10 h 12",
        "Les 4 autres services fonctionnent. Problème détecté automatiquement. Notre équipe n'a pas encore publié d'explication.",
        "SMTP relay: down since 10:12",
        "The other 4 services are working. Detected automatically. Our team has not posted an explanation yet.",
    ),
    "outage-explained": (
        "Relais SMTP : en panne depuis 10 h 12",
        "Les 4 autres services fonctionnent. Dernière vérification",
        "SMTP relay: down since 10:12",
        "The other 4 services are working. Last checked",
    ),
    "several-down": (
        "3 services en panne",
        "Applications, API et Relais SMTP depuis 10 h 12",
        "3 services are down",
        "Applications, API, and SMTP relay since 10:12",
    ),
    "all-down": ("Tous nos services sont en panne.", "Site web, Applications, API, Relais SMTP et Passerelle SMS depuis 10 h 12", "All our services are down.", "Website"),
    "reported": (
        "Passerelle SMS : problème signalé par notre équipe depuis 10 h 05",
        "Nos contrôles automatiques ne le voient pas.",
        "SMS gateway: problem reported by our team since 10:05",
        "Our automatic checks do not see it.",
    ),
    "recovered": (
        "Relais SMTP : rétabli à 9 h 52 après 42 min.",
        "Nous restons vigilants.",
        "SMTP relay: back since 09:52 after 42 min.",
        "We are keeping an eye on it.",
    ),
    "maintenance": (
        "Maintenance en cours : Relais SMTP jusqu'à 13 h",
        "Des interruptions sont possibles.",
        "Maintenance in progress: SMTP relay until 13:00",
        "Interruptions are possible.",
    ),
    "overrun": (
        "La maintenance dure plus longtemps que prévu.",
        "Relais SMTP : la fin était annoncée à 10 h 30.",
        "Maintenance is taking longer than announced.",
        "SMTP relay: it was due to end at 10:30.",
    ),
    "partly-checked": (
        "Aucun problème constaté, mais nous ne pouvons pas vérifier : API.",
        "Dernière vérification",
        "No problem seen, but we cannot check: API.",
        "Last checked",
    ),
    "blind": (
        "Nous ne connaissons pas l'état actuel des services.",
        "Aucun contrôle reçu depuis 10 h 02 ; cela ne veut pas dire qu'ils sont en panne.",
        "We don't know the current state.",
        "No check received since 10:02; this does not mean services are down.",
    ),
    "first-day": ("Premières mesures en cours.", "", "First measurements under way.", ""),
}  # fmt: skip


def _banner(html: bytes) -> tuple[str, str]:
    """The text of the headline, and of the rest of the banner."""
    all_elements = parse_elements(html)
    [section] = [element for element in all_elements if "banner" in element.classes]
    [title] = [element for element in all_elements if element.name == "h1"]
    return normalise_text(title.text), normalise_text(section.text.replace(title.text, "", 1))


@pytest.mark.parametrize("name", BANNERS)
def test_the_banner_says_what_is_wrong_in_both_languages(name: str) -> None:
    pages = render_named_scene(name)
    french, french_more, english, english_more = BANNERS[name]
    title, more = _banner(pages["index.html"])
    assert title == french
    assert french_more in more
    title, more = _banner(pages["en/index.html"])
    assert title == english
    assert english_more in more


def test_faults_that_began_at_different_times_are_listed_apart() -> None:
    world = make_scene(
        {"api": DOWN_NOW, "smtp": DOWN_NOW, "website": Seen(spans=((15 * MINUTE, HOUR, Outcome.DOWN),))}
    )
    _, more = _banner(render_scene(world)["en/index.html"])
    assert more.startswith(
        "API and SMTP relay since 10:12, Website since 10:25 The other 2 services are working."
    )


@pytest.mark.parametrize(("name", "is_shown"), [("blind", False), ("partly-checked", True)])
def test_the_time_of_the_last_check_is_shown_once(name: str, is_shown: bool) -> None:
    """If nothing is known, the sentence that says so already has the time."""
    _, more = _banner(render_named_scene(name)["en/index.html"])
    assert ("Last checked" in more) is is_shown


def test_times_of_a_maintenance_under_way_have_length_and_zone() -> None:
    all_elements = parse_elements(render_named_scene("maintenance")["en/index.html"])
    facts = [
        normalise_text(element.text)
        for element in all_elements
        if "facts" in element.classes and element.inside("open")
    ]
    assert facts == ["Monday 23 November, 10:00 to 13:00 (3 h, Zurich time) · SMTP relay"]


def test_times_below_a_date_heading_omit_the_date() -> None:
    all_elements = parse_elements(render_named_scene("all-well")["en/index.html"])
    facts = [normalise_text(element.text) for element in all_elements if "facts" in element.classes]
    assert "Resolved · 10:40 to 11:22 (42 min) · Applications" in facts


def _row(all_elements: list[Element], service: str) -> list[Element]:
    return [
        element
        for element in all_elements
        if any(parent.attributes.get("id") == service for parent in element.parents)
    ]


def _count_strokes(drawn: list[Element], css: str) -> int:
    return sum(
        element.attributes["d"].count("M")
        for element in drawn
        if element.name == "path" and css in element.classes
    )


@pytest.mark.parametrize("name", ["all-well", "outage-explained", "maintenance", "overrun", "several-down"])
def test_figures_bars_and_lists_agree(name: str) -> None:
    """Exactly the days that the service's page lists are amber or red; the days add up to the seconds of the figure."""
    world = SCENES[name]
    page, index = build_scene_page(world), parse_elements(render_named_scene(name)["en/index.html"])
    for service in page.services:
        row = _row(index, service.id)
        reds, ambers = _count_strokes(row, "outage"), _count_strokes(row, "degraded")
        assert reds + ambers == len(service.problem_days)
        listed = [
            element
            for element in parse_elements(render_named_scene(name)[f"en/services/{service.id}/index.html"])
            if element.inside("problems")
        ]
        dates = [element.attributes["datetime"] for element in listed if element.name == "time"]
        assert dates == [day.date.isoformat() for day in service.problem_days]
        told = {element.text.partition(" · ")[2] for element in row if element.name == "title"}
        assert {element.text for element in listed if element.name == "span"} <= told
        total = sum((day.seconds for day in service.days[1:]), service.days[0].seconds)
        assert total == service.figures.seconds


def test_the_legend_explains_every_kind_of_bar() -> None:
    drawn = [
        element
        for name in SCENES
        for element in parse_elements(render_named_scene(name)["index.html"])
        if element.name == "path" and element.inside("days")
    ]
    used = {css for element in drawn if not element.inside("legend") for css in element.classes}
    explained = {css for element in drawn if element.inside("legend") for css in element.classes}
    assert used - {"month"} <= explained
    assert used >= {"up", "degraded", "outage", "maint", "part"}


def test_a_share_is_rounded_down_and_100_percent_means_no_second_down() -> None:
    """48 s of downtime in 90 days must not read as 100 %; where too little was seen, both bounds stand there."""
    all_elements = parse_elements(render_named_scene("all-well")["en/index.html"])
    assert [normalise_text(element.text) for element in all_elements if "figure" in element.classes] == [
        "100 %",
        "99.96 %",
        "99.57 %",
        "98.46\u2013100 %",
        "100 %",
    ]
    assert [normalise_text(element.text) for element in all_elements if element.inside("foot")] == [
        "no day with problems",
        "100 % of it checked",
        "2 days with problems",
        "100 % of it checked",
        "2 days with problems",
        "99.34 % of it checked",
        "no day with problems",
        "98.46 % of it checked",
        "no day with problems",
        "watched since 11 Nov; 100 % of it checked",
    ]


@pytest.mark.parametrize("name", SCENES)
def test_contacts_are_shown_in_every_state(name: str) -> None:
    all_elements = parse_elements(render_named_scene(name)["index.html"])
    links = [
        element.attributes["href"]
        for element in all_elements
        if element.name == "a" and element.inside("contact")
    ]
    assert links == ["tel:+41000000000", "https://www.maxony.example/chat", "mailto:support@maxony.example"]


@pytest.mark.parametrize("name", SCENES)
def test_the_title_and_its_icon_show_the_state(name: str) -> None:
    marks = {
        Status.OPERATIONAL: "✓",
        Status.MAINTENANCE: "⏸",
        Status.DEGRADED: "▲",
        Status.OUTAGE: "✕",
        Status.NO_DATA: "?",
    }
    all_elements = parse_elements(render_named_scene(name)["index.html"])
    title = next(element for element in all_elements if element.name == "title")
    [icon] = [
        element.attributes["href"] for element in all_elements if element.attributes.get("rel") == "icon"
    ]
    assert title.text.startswith(marks[build_scene_page(SCENES[name]).banner.status] + " ")
    assert icon.startswith("data:image/svg+xml,")


def _hash(inline: str) -> str:
    return f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"


def test_every_page_obeys_its_own_content_security_policy() -> None:
    """The policy has the hashes of the page's style and script; nothing else is inline, nothing is loaded from other hosts."""
    for path, html in render_named_scene("outage-explained").items():
        if path.endswith(".html"):
            all_elements = parse_elements(html)
            [style] = [element for element in all_elements if element.name == "style"]
            [policy] = [
                element.attributes["content"]
                for element in all_elements
                if element.attributes.get("http-equiv")
            ]
            [script] = [element for element in all_elements if element.name == "script"]
            assert f"style-src {_hash(style.text)};" in policy
            assert f"script-src {_hash(script.text)};" in policy
            assert not [
                element
                for element in all_elements
                if "style" in element.attributes or "onclick" in element.attributes
            ]
            loaded = [element.attributes["src"] for element in all_elements if "src" in element.attributes]
            assert not [source for source in loaded if source.startswith(("http", "//"))]


def test_the_same_page_gives_the_same_bytes() -> None:
    assert render_scene(SCENES["outage-explained"]) == render_named_scene("outage-explained")


def test_the_index_is_light() -> None:
    """Compressed and self-contained, at most 12 KB for five services and 40 KB for fifty."""
    five = len(gzip.compress(render_named_scene("outage-explained")["index.html"], mtime=0))
    fifty = len(gzip.compress(render_named_scene("fifty")["index.html"], mtime=0))
    assert five <= 12 * 1024
    assert fifty <= 40 * 1024


def test_the_index_of_a_thousand_services_is_light() -> None:
    """At most 100 KB compressed, though each had bad days of its own."""
    page = make_page_of_many(1000)
    html = render_index(page)
    assert html.count(b'class="line service"') == 1000
    assert len(gzip.compress(html, mtime=0)) <= 100 * 1024


@pytest.mark.parametrize(("density", "compact"), [("compact", True), ("comfortable", False), (None, False)])
def test_density_follows_the_settings(density: Density | None, compact: bool) -> None:
    world = SCENES["all-well"]
    page = build_scene_page(
        replace(world, config=world.config._replace(page=world.config.page._replace(density=density)))
    )
    html = render_index(page)
    assert (b'class="line service"' in html) is compact


def test_the_policy_allows_exactly_the_hosts_that_may_be_asked() -> None:
    world = SCENES["all-well"]
    addresses = {"api": "https://api.maxony.example:8443/ping", "app": "https://app.maxony.example/ping?a=1"}
    services = tuple(one._replace(from_here=addresses.get(one.id)) for one in world.config.services)
    page = build_scene_page(replace(world, config=world.config._replace(services=services)))
    html = render_index(page).decode()
    assert "; connect-src 'self' https://api.maxony.example:8443 https://app.maxony.example; " in unescape(
        html
    )
    assert "; connect-src 'self'; " in unescape(render_named_scene("all-well")["index.html"].decode())


def test_services_that_a_browser_cannot_check_are_named() -> None:
    """By name where they are few."""
    world = SCENES["all-well"]
    services = tuple(
        one._replace(from_here="https://api.maxony.example/ping" if one.id == "api" else None)
        for one in world.config.services
    )
    html = render_scene(replace(world, config=world.config._replace(services=services)))["en/index.html"]
    assert "Not asked: Website, Applications, SMTP relay, and SMS gateway." in normalise_text(html.decode())
