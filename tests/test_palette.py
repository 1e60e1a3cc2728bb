"""The colours: everybody can tell bars from the page and from each other, and can read text."""

import math
import re
from itertools import combinations

import pytest

from tests.support.source_tree import ROOT

CSS = (ROOT / "templates" / "status.css").read_text(encoding="utf-8")
STATES = ("up", "degraded", "outage", "maint", "nodata")
Colour = tuple[float, float, float]

SIGHTS: dict[str, tuple[Colour, Colour, Colour]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
"""Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB."""


def _variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", block))


LIGHT, DARK = (_variables(block) for block in re.findall(r":root\{(.*?)\}", CSS, re.DOTALL)[:2])
SCHEMES = {"light": LIGHT, "dark": {**LIGHT, **DARK}}


def linear(code: str) -> Colour:
    """A colour of the stylesheet as linear RGB."""
    digits = code[1:] if len(code) == 7 else "".join(digit * 2 for digit in code[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: the ratio of the luminances of two colours."""
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05 for r, g, b in (linear(one), linear(other)))
    return lights[1] / lights[0]


def seen(code: str, sight: str) -> Colour:
    """A colour as seen by an eye with a given colour vision, still linear."""
    rgb = linear(code)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True)))) for row in SIGHTS[sight]
    )
    return red, green, blue


def lab(rgb: Colour) -> Colour:
    """CIE L*a*b* of linear sRGB, D65."""
    r, g, b = rgb
    xyz = (
        (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
        0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: Colour, other: Colour) -> float:
    """CIEDE2000 (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    dl, dc, dh = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2)
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = 1 - 0.17 * _cos(hm - 30) + 0.24 * _cos(2 * hm) + 0.32 * _cos(3 * hm + 6) - 0.20 * _cos(4 * hm - 63)
    sl = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    twist = 30 * math.exp(-(((hm - 275) / 25) ** 2))
    rt = -2 * math.sqrt(cm**7 / (cm**7 + 25**7)) * math.sin(math.radians(2 * twist))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh))


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_colour_distance_matches_the_published_pairs(one: Colour, other: Colour, expected: float) -> None:
    assert distance(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("state", STATES)
def test_bar_contrasts_with_the_page(scheme: str, state: str) -> None:
    """3:1 against the page."""
    colours = SCHEMES[scheme]
    assert contrast(colours[state], colours["bg"]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", ["text", "muted", "link", *(f"{state}-text" for state in STATES)])
def test_text_contrasts_with_the_page(scheme: str, ink: str) -> None:
    """4.5:1 on the page."""
    colours = SCHEMES[scheme]
    assert contrast(colours[ink], colours["bg"]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("ink", ["text", "muted"])
def test_text_contrasts_in_every_banner(scheme: str, state: str, ink: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[ink], colours[f"{state}-tint"]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_states_are_distinguishable_for_every_kind_of_sight(scheme: str, sight: str) -> None:
    """At least 22 apart (CIEDE2000)."""
    colours = SCHEMES[scheme]
    for one, other in combinations(("up", "degraded", "outage"), 2):
        apart = distance(lab(seen(colours[one], sight)), lab(seen(colours[other], sight)))
        assert apart >= 22, f"{one} and {other}: {apart:.1f}"


def test_the_dark_scheme_gives_variables_other_colours_and_nothing_else() -> None:
    """So what does not depend on colours is the same in both schemes, as tests/browser/test_access.py takes for granted."""
    (dark,) = re.findall(r"@media \(prefers-color-scheme:dark\)\{:root\{(.*?)\}\}", CSS, re.DOTALL)
    assert CSS.count("prefers-color-scheme") == 1
    written = {name.strip(): value for name, _, value in (one.partition(":") for one in dark.split(";"))}
    assert {name.removeprefix("--"): value for name, value in written.items()} == DARK
