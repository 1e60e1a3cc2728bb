"""Badges: the present status of a service, and its availability over the shown days.

`/badge/<service>.svg` and `/badge/uptime/<service>.svg`, and beside each a `.json` for shields.io's endpoint
(https://shields.io/badges/endpoint-badge). The colour adds nothing to the words.
"""

from collections.abc import Iterable
from typing import NamedTuple
from unicodedata import east_asian_width

from constat.api.json_bytes import encode_json
from constat.availability import PAGE_DECIMALS
from constat.i18n import Language
from constat.model import Status, Verdict
from constat.page import ShownService
from constat.render.day_bars import count_days
from constat.render.labels import standing_label
from constat.render.shares import format_availability
from constat.text.published import as_html_text, as_plain_text

COLOURS = {
    Status.OPERATIONAL: "#0e6b5b",
    Status.MAINTENANCE: "#2249ad",
    Status.DEGRADED: "#7a5300",
    Status.OUTAGE: "#94131f",
    Status.NO_DATA: "#5b6370",
}
"""The darker tone of each status, for a contrast of 4.5:1 with white text."""

STATUS_BY_VERDICT: dict[Verdict | None, Status] = {
    "met": Status.OPERATIONAL,
    "likely_met": Status.OPERATIONAL,
    "missed": Status.OUTAGE,
    "likely_missed": Status.OUTAGE,
}
"""The status whose colour a verdict has; verdicts that are not here are grey."""

LABEL_COLOUR = "#1c2024"
CACHE_S = 300
HEIGHT = 20
PADDING = 6
NARROW, ORDINARY, WIDE = 4, 7, 12
"""The approximate width of a letter at 11 px, in pixels; `textLength` makes the text fit whatever the font."""
_NARROW_LETTERS = frozenset(" .,:;!|'()[]ijltfr\u00a0\u202f")


class Badge(NamedTuple):
    """The text on the left, the text on the right, and the background colour of the latter."""

    label: str
    message: str
    colour: str


def build_files(services: Iterable[ShownService], language: Language) -> dict[str, bytes]:
    """The badges of some services, as SVG and as JSON, by path in the site."""
    written: dict[str, bytes] = {}
    for service in services:
        for folder, badge in (
            ("badge/", build_status_badge(service, language)),
            ("badge/uptime/", build_uptime_badge(service, language)),
        ):
            written[f"{folder}{service.id}.svg"] = draw_badge(badge)
            written[f"{folder}{service.id}.json"] = build_endpoint(badge)
    return written


def build_status_badge(service: ShownService, language: Language) -> Badge:
    """The present status of a service."""
    words = str(standing_label(service.standing, language))
    return Badge(language.name(service.name), words, COLOURS[service.standing.status])


def build_uptime_badge(service: ShownService, language: Language) -> Badge:
    """The availability that the promise is held to, over the shown days, or its bounds (rule 12)."""
    figures = service.figures
    period = language.say_many("1 day", "%(n)s days", count_days(service))
    label = f"{language.name(service.name)} · {period}"
    if figures.counted.availability is None:
        return Badge(label, str(language.say("Not measured")), COLOURS[Status.NO_DATA])
    availability = format_availability(figures, figures.counted, language, PAGE_DECIMALS)
    status = STATUS_BY_VERDICT.get(figures.verdict, Status.NO_DATA)
    return Badge(label, availability, COLOURS[status])


def build_endpoint(badge: Badge) -> bytes:
    """The JSON from which shields.io draws a badge."""
    return encode_json(
        {
            "schemaVersion": 1,
            "label": as_plain_text(badge.label),
            "message": as_plain_text(badge.message),
            "color": badge.colour,
            "labelColor": LABEL_COLOUR,
            "cacheSeconds": CACHE_S,
        }
    )


def draw_badge(badge: Badge) -> bytes:
    """A badge as a self-contained SVG; screen readers read its title."""
    left, right = (measure_text(text) + 2 * PADDING for text in (badge.label, badge.message))
    title = as_html_text(f"{badge.label}: {badge.message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{HEIGHT}" role="img"'
        f' aria-label="{title}"><title>{title}</title>'
        f'<rect width="{left + right}" height="{HEIGHT}" rx="3" fill="{LABEL_COLOUR}"/>'
        f'<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v{HEIGHT - 6}a3 3 0 0 1-3 3h-{right - 3}z"'
        f' fill="{badge.colour}"/>'
        '<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">'
        f"{_draw_text(badge.label, PADDING)}{_draw_text(badge.message, left + PADDING)}</g></svg>\n"
    ).encode()


def _draw_text(text: str, x: int) -> str:
    return f'<text x="{x}" y="14" textLength="{measure_text(text)}">{as_html_text(text)}</text>'


def measure_text(text: str) -> int:
    """The approximate width of a text in pixels."""
    return sum(_measure_letter(letter) for letter in text)


def _measure_letter(letter: str) -> int:
    if letter in _NARROW_LETTERS:
        return NARROW
    return WIDE if east_asian_width(letter) in "WF" or letter in "mwMW@%" else ORDINARY
