"""Colours as the web writes them, and how well one is read on another (WCAG 2.2)."""

LIGHT_PAGE, DARK_PAGE = "#ffffff", "#14171c"
"""The page itself, in light and in dark."""
DARKEST = 0.04045
"""Up to here sRGB is a straight line."""
READABLE = 4.5
"""The least contrast of text (WCAG 2.2, success criterion 1.4.3)."""


def luminance(colour: str) -> float:
    """The relative luminance of a colour `#rrggbb`: 0 is black, 1 is white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= DARKEST else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How well one colour is read on another: 1 is not at all, 21 is black on white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
