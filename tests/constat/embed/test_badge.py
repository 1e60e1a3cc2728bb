"""Badges: their words, their colours, and that no name can break them."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from constat.embed import badge
from constat.model import Availability, Figures, Standing, Status
from constat.page import ShownService
from tests.support.page_objects import NOW, SMTP, make_service
from tests.support.two_languages import LANGUAGES

SVG = "{http://www.w3.org/2000/svg}"


def build(shown_service: ShownService, language: str = "fr") -> dict[str, bytes]:
    return badge.build_files([shown_service], LANGUAGES[language])


def read_endpoint(shown_service: ShownService, path: str = "badge/smtp.json") -> dict[str, Any]:
    document: dict[str, Any] = json.loads(build(shown_service)[path])
    return document


def draw(shown_service: ShownService) -> ET.Element:
    return ET.fromstring(build(shown_service)["badge/smtp.svg"])  # noqa: S314 -- our own


def read_uptime(figures: Figures) -> dict[str, Any]:
    return read_endpoint(SMTP._replace(figures=figures), "badge/uptime/smtp.json")


def make_figures(availability: str, lower: str, upper: str, coverage: str) -> Figures:
    shares = Availability(*(Fraction(text) for text in (availability, lower, upper, coverage)))
    return SMTP.figures._replace(all=shares, min_coverage=Decimal(99))


def test_each_service_has_an_svg_and_a_json_of_each_badge() -> None:
    assert sorted(build(SMTP)) == [
        "badge/smtp.json",
        "badge/smtp.svg",
        "badge/uptime/smtp.json",
        "badge/uptime/smtp.svg",
    ]


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (Status.OPERATIONAL, "Fonctionne"),
        (Status.MAINTENANCE, "Maintenance en cours"),
        (Status.DEGRADED, "Fonctionnement perturbé"),
        (Status.OUTAGE, "En panne"),
        (Status.NO_DATA, "Pas de mesure"),
    ],
)
def test_words_match_the_page(status: Status, message: str) -> None:
    shown_service = SMTP._replace(standing=Standing(status, newest=NOW))
    assert read_endpoint(shown_service) == {
        "schemaVersion": 1,
        "label": "Relais SMTP",
        "message": message,
        "color": badge.COLOURS[status],
        "labelColor": badge.LABEL_COLOUR,
        "cacheSeconds": 300,
    }


def test_badge_has_a_complete_accessible_name() -> None:
    picture = draw(SMTP)
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == picture.findtext(f"{SVG}title") == "Relais SMTP: Fonctionne"


def test_name_cannot_inject_markup() -> None:
    shown_service = make_service("smtp", '"><script>alert(1)</script>&')
    picture = draw(shown_service)
    assert not picture.findall(f".//{SVG}script")
    assert next(text.text for text in picture.iter(f"{SVG}text")) == '"><script>alert(1)</script>&'


def test_both_texts_fit_their_halves() -> None:
    for text in draw(make_service("smtp", "Une passerelle SMS au nom très long")).iter(f"{SVG}text"):
        assert int(text.get("textLength", "0")) == badge.measure_text(text.text or "")


def test_uptime_is_rounded_down_and_names_its_period() -> None:
    document = read_uptime(make_figures("0.99999", "0.99999", "0.99999", "1"))
    assert (document["label"], document["message"]) == ("Relais SMTP · 90 jours", "99,99\u202f%")


def test_with_too_little_observed_the_bounds_are_shown() -> None:
    document = read_uptime(make_figures("0.9990", "0.9512", "0.9991", "0.95")._replace(verdict="unproven"))
    assert "95,12" in document["message"]
    assert "99,91" in document["message"]
    assert document["color"] == badge.COLOURS[Status.NO_DATA]


def test_with_nothing_observed_there_is_no_figure() -> None:
    nothing = SMTP.figures._replace(all=Availability(None, None, None, Fraction(0)), verdict="no_data")
    assert read_uptime(nothing)["message"] == "Pas de mesure"


def test_a_missed_promise_is_red() -> None:
    assert read_uptime(SMTP.figures._replace(verdict="missed"))["color"] == badge.COLOURS[Status.OUTAGE]


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [*badge.COLOURS.values(), badge.LABEL_COLOUR])
def test_white_text_has_enough_contrast(colour: str) -> None:
    assert 1.05 / (_luminance(colour) + 0.05) >= 4.5
