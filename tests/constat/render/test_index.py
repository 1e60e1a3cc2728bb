"""The index: its words in both languages, and that figures, bars and lists tell one story."""

import gzip
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from constat.model import Outcome, Status
from tests.support.page_scenes import DOWN_NOW, HOUR, MINUTE, SCENES, Seen, scene
from tests.support.rendered_site import Element, elements, page_of, plain, site, site_of

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
    """The headline and all that follows it."""
    found = elements(html)
    [section] = [element for element in found if "banner" in element.classes]
    [title] = [element for element in found if element.name == "h1"]
    return plain(title.text), plain(section.text.replace(title.text, "", 1))


@pytest.mark.parametrize("name", BANNERS)
def test_the_banner_says_what_is_wrong_in_both_languages(name: str) -> None:
    pages = site(name)
    french, french_more, english, english_more = BANNERS[name]
    title, more = _banner(pages["index.html"])
    assert title == french
    assert french_more in more
    title, more = _banner(pages["en/index.html"])
    assert title == english
    assert english_more in more


def test_what_began_at_another_time_is_said_apart() -> None:
    world = scene(
        {"api": DOWN_NOW, "smtp": DOWN_NOW, "website": Seen(spans=((15 * MINUTE, HOUR, Outcome.DOWN),))}
    )
    _, more = _banner(site_of(world)["en/index.html"])
    assert more.startswith(
        "API and SMTP relay since 10:12, Website since 10:25 The other 2 services are working."
    )


@pytest.mark.parametrize(("name", "said"), [("blind", False), ("partly-checked", True)])
def test_when_we_last_looked_is_said_once(name: str, said: bool) -> None:
    """Where nothing is known, the sentence on it names the time already."""
    _, more = _banner(site(name)["en/index.html"])
    assert ("Last checked" in more) is said


def test_times_of_a_maintenance_under_way_have_length_and_zone() -> None:
    found = elements(site("maintenance")["en/index.html"])
    facts = [plain(one.text) for one in found if "facts" in one.classes and one.inside("open")]
    assert facts == ["Monday 23 November, 10:00 to 13:00 (3 h, Zurich time) · SMTP relay"]


def test_a_day_does_not_repeat_its_heading() -> None:
    found = elements(site("all-well")["en/index.html"])
    facts = [plain(one.text) for one in found if "facts" in one.classes]
    assert "Resolved · 10:40 to 11:22 (42 min) · Applications" in facts


def _bars(found: list[Element], service: str) -> list[Element]:
    return [one for one in found if one.name == "i" and one.inside("days") and _owner(one) == service]


def _owner(element: Element) -> str:
    return next((one.attributes["id"] for one in element.parents if "service" in one.classes), "")


@pytest.mark.parametrize("name", ["all-well", "outage-explained", "maintenance", "overrun", "several-down"])
def test_figures_bars_and_lists_agree(name: str) -> None:
    """90 bars; a bar is amber or red exactly on the listed days; what the days add up to is what the figure says."""
    world = SCENES[name]
    page, found = page_of(world), elements(site(name)["en/index.html"])
    for service in page.services:
        bars = _bars(found, service.id)
        assert len(bars) == len(service.days) == 90
        wrong = [bar for bar in reversed(bars) if bar.classes & {"outage", "degraded"}]
        inside = [one for one in found if one.inside("problems") and _owner(one) == service.id]
        dates = [one.attributes["datetime"] for one in inside if one.name == "time"]
        assert dates == [day.date.isoformat() for day in service.problem_days]
        listed = [one.text for one in inside if one.name == "span"]
        assert listed == [bar.attributes["data-tip"].partition(" · ")[2] for bar in wrong]
        added = sum((day.seconds for day in service.days[1:]), service.days[0].seconds)
        assert added == service.figures.seconds


def test_the_legend_explains_every_mark() -> None:
    found = [one for name in SCENES for one in elements(site(name)["index.html"])]
    used = {
        css for one in found if one.inside("days") for css in one.classes if not re.fullmatch(r"r\d+", css)
    }
    explained = {css for one in found if one.inside("legend") for css in one.classes}
    assert used <= explained
    assert used >= {"up", "degraded", "outage", "maint", "nodata", "partial"}


def test_a_fraction_of_a_percent_is_rounded_down_and_the_whole_is_the_whole() -> None:
    """48 s down in 90 days are 99.99 %; not one second is 100 %."""
    found = elements(site("all-well")["en/index.html"])
    said = [plain(one.text) for one in found if "service__figure" in one.classes]
    assert said == [
        "100 % over 90 days, 100 % of it checked",
        "99.96 % over 90 days, 100 % of it checked",
        "99.57 % over 90 days, 99.34 % of it checked",
        "between 98.46 % and 100 % over 90 days, 98.46 % of it checked",
        "100 % over 13 days, 100 % of it checked",
    ]


@pytest.mark.parametrize("name", SCENES)
def test_a_contact_stands_there_in_every_state(name: str) -> None:
    found = elements(site(name)["index.html"])
    links = [one.attributes["href"] for one in found if one.name == "a" and one.inside("contact")]
    assert links == ["tel:+41000000000", "https://www.maxony.example/chat", "mailto:support@maxony.example"]


@pytest.mark.parametrize("name", SCENES)
def test_the_title_and_its_icon_carry_the_state(name: str) -> None:
    marks = {
        Status.OPERATIONAL: "✓",
        Status.MAINTENANCE: "⏸",
        Status.DEGRADED: "▲",
        Status.OUTAGE: "✕",
        Status.NO_DATA: "?",
    }
    found = elements(site(name)["index.html"])
    [title] = [one for one in found if one.name == "title"]
    [icon] = [one.attributes["href"] for one in found if one.attributes.get("rel") == "icon"]
    assert title.text.startswith(marks[page_of(SCENES[name]).banner.status] + " ")
    assert icon.startswith("data:image/svg+xml,")


def _hash(inline: str) -> str:
    return f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"


def test_every_page_obeys_the_policy_it_states() -> None:
    """The hashes of the style and the script that are there; no other, nothing from elsewhere."""
    for path, html in site("outage-explained").items():
        if path.endswith(".html"):
            found = elements(html)
            [style] = [one for one in found if one.name == "style"]
            [policy] = [one.attributes["content"] for one in found if one.attributes.get("http-equiv")]
            [script] = [one for one in found if one.name == "script"]
            assert f"style-src {_hash(style.text)};" in policy
            assert f"script-src {_hash(script.text)};" in policy
            assert not [one for one in found if "style" in one.attributes or "onclick" in one.attributes]
            loaded = [one.attributes["src"] for one in found if "src" in one.attributes]
            assert not [source for source in loaded if source.startswith(("http", "//"))]


def test_the_same_page_gives_the_same_bytes() -> None:
    assert site_of(SCENES["outage-explained"]) == site("outage-explained")


def test_the_index_is_light() -> None:
    """12 KB for five services and 60 KB for fifty, compressed, with everything that they need."""
    five = len(gzip.compress(site("outage-explained")["index.html"], mtime=0))
    fifty = len(gzip.compress(site("fifty")["index.html"], mtime=0))
    assert five <= 12 * 1024
    assert fifty <= 60 * 1024
