"""Colours as `#rrggbb`, and the contrast between them (WCAG 2.2)."""

LIGHT_PAGE, DARK_PAGE = "#ffffff", "#161614"
"""The background of the page, in light and in dark mode."""
DARKEST = 0.04045
"""Up to this value sRGB is linear."""
READABLE = 4.5
"""The minimum contrast of text (WCAG 2.2, success criterion 1.4.3)."""


def compute_luminance(colour: str) -> float:
    """Compute the relative luminance of a colour `#rrggbb`: 0 is black, 1 is white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= DARKEST else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def compute_contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of two colours: 1 for the same colour, 21 for black on white."""
    darker, lighter = sorted((compute_luminance(one), compute_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
