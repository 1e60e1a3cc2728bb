"""The seal of a statement, drawn from its SHA-256: the same bytes give the same seal, and other bytes another one.

Its rim has one stroke for each of the 64 hex digits, from the top clockwise, the longer the higher the digit; the line inside
comes from the first six. It helps the eye, and proves nothing: the hash does.
"""

from math import cos, pi, sin
from typing import NamedTuple

SIZE = 148
"""The side of the square in which a seal is drawn."""
_CENTRE = SIZE / 2
RIM, INNER = 73, 57.5
"""The radii of the two circles."""
_STROKE_FOOT, _STROKE_LEAST, _STROKE_PER_DIGIT = 60, 1.5, 0.6
_LINE_POINTS = 150
_LINE_RADIUS = 37
TURNS = 8
"""How many times the line inside is drawn, each time rotated a little further."""


class SealDrawing(NamedTuple):
    """The strokes of the rim and the line inside, as SVG paths, and the angles in degrees by which the line is repeated."""

    rim: str
    line: str
    angles: tuple[str, ...]


def draw_seal(sha256: str) -> SealDrawing:
    """Draw the seal of a hash of 64 hex digits."""
    digits = [int(digit, 16) for digit in sha256]
    petals = 5 + digits[0] % 8
    rim = "".join(_draw_stroke(place, digit) for place, digit in enumerate(digits))
    return SealDrawing(
        rim,
        _draw_line(digits[:6], petals),
        tuple(_format(360 / petals / TURNS * turn) for turn in range(1, TURNS)),
    )


def _draw_stroke(place: int, digit: int) -> str:
    turn = 2 * pi * place / 64
    ends = (_STROKE_FOOT, _STROKE_FOOT + _STROKE_LEAST + _STROKE_PER_DIGIT * digit)
    return "M{}L{}".format(*(_place(turn, radius) for radius in ends))


def _draw_line(digits: list[int], petals: int) -> str:
    """A closed line around the centre; its distance from the centre is the sum of two waves."""
    _, wide, narrow, wave, shift, lean = digits
    first, second = 4 + wide * 0.5, 2 + narrow * 0.4
    faster = petals * (2 + wave % 4)
    points = []
    for step in range(_LINE_POINTS):
        turn = 2 * pi * step / _LINE_POINTS
        swing = first * cos(petals * turn) + second * sin(faster * turn + shift * pi / 8)
        points.append(_place(turn + lean * 0.02 * sin(petals * turn), _LINE_RADIUS + swing))
    return f"M{'L'.join(points)}z"


def _place(turn: float, radius: float) -> str:
    """A point at a turn from the top, clockwise."""
    return f"{_format(_CENTRE + radius * sin(turn))} {_format(_CENTRE - radius * cos(turn))}"


def _format(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
