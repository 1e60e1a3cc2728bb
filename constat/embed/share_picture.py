"""The picture of a state that a chat shows under a link to the page: `/share/<status>.png`, one for each state.

It carries shape and colour alone: the name and the sentence are the link's title and description, which every chat sets
in a font of its own. So no font is needed where it is built, and the same state gives the same picture everywhere.
Written without a library: an indexed PNG (ISO/IEC 15948) of filled polygons.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, pi, sin

from constat.model import Status
from constat.posts import addresses

WIDTH, HEIGHT = 1200, 630
"""Pixels, as Open Graph's readers expect them."""
_ICON, _LEFT, _TOP = 330, 435, 150
"""Pixels: the size of the icon, and its place."""
_GRID = 16
"""Units of the icons, as in `icons.svg`."""

Point = tuple[float, float]
Polygon = tuple[Point, ...]


def _draw_circle(radius: float, *, count: int = 96) -> Polygon:
    return tuple(
        (8 + radius * cos(2 * pi * step / count), 8 + radius * sin(2 * pi * step / count))
        for step in range(count)
    )


def _draw_box(left: float, top: float, right: float, bottom: float) -> Polygon:
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _stroke(points: Sequence[Point], width: float = 1.8) -> tuple[Polygon, ...]:
    """A line through some points, as one polygon for each of its parts."""
    return tuple(_thicken(start, end, width / 2) for start, end in pairwise(points))


def _thicken(start: Point, end: Point, half: float) -> Polygon:
    (x1, y1), (x2, y2) = start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    along_x, along_y = (x2 - x1) / length * half, (y2 - y1) / length * half
    x1, y1, x2, y2 = x1 - along_x * 0.99, y1 - along_y * 0.99, x2 + along_x * 0.99, y2 + along_y * 0.99
    return (
        (x1 - along_y, y1 + along_x),
        (x2 - along_y, y2 + along_x),
        (x2 + along_y, y2 - along_x),
        (x1 + along_y, y1 - along_x),
    )


def _draw_dashes() -> tuple[Polygon, ...]:
    """A dashed ring of nine strokes."""
    turn = 2 * pi / 9
    return tuple(
        _thicken(
            (8 + 6.5 * cos(number * turn), 8 + 6.5 * sin(number * turn)),
            (8 + 6.5 * cos((number + 0.5) * turn), 8 + 6.5 * sin((number + 0.5) * turn)),
            0.9,
        )
        for number in range(9)
    )


_OCTAGON = (
    (4.9, 0.8),
    (11.1, 0.8),
    (15.2, 4.9),
    (15.2, 11.1),
    (11.1, 15.2),
    (4.9, 15.2),
    (0.8, 11.1),
    (0.8, 4.9),
)
_DRAWINGS: dict[Status, tuple[str, str, tuple[Polygon, ...], tuple[Polygon, ...]]] = {
    Status.OPERATIONAL: (
        "ffffff", "138572", (_draw_circle(7.25),), _stroke(((4.6, 8.3), (6.9, 10.6), (11.4, 5.7))),
    ),
    Status.DEGRADED: (
        "fdf0cf", "7a5300", (((8, 1), (15.4, 14.4), (0.6, 14.4)),), (*_stroke(((8, 6), (8, 10))), _draw_box(7.1, 11.4, 8.9, 13.2)),
    ),
    Status.OUTAGE: (
        "94131f", "ffffff", (_OCTAGON,), (*_stroke(((5.4, 5.4), (10.6, 10.6))), *_stroke(((10.6, 5.4), (5.4, 10.6)))),
    ),
    Status.MAINTENANCE: (
        "ffffff", "2f5bd0", (_draw_box(0.7, 0.7, 15.3, 15.3), _draw_box(5.1, 5.2, 6.9, 10.8), _draw_box(9.1, 5.2, 10.9, 10.8)), (_draw_box(2.5, 2.5, 13.5, 13.5),),
    ),
    Status.NO_DATA: ("ffffff", "8f897e", _draw_dashes(), ()),
}  # fmt: skip
"""The ground, the ink, what is drawn in ink, and what is drawn in the ground's colour over it; bars of a pause come last."""


def build_files() -> dict[str, bytes]:
    """The picture of every state, by path in the site."""
    return {addresses.share_picture_path(status): draw_picture(status) for status in Status}


def draw_picture(status: Status) -> bytes:
    """The picture of a state, as PNG."""
    ground, ink, filled, cleared = _DRAWINGS[status]
    rows = [0] * HEIGHT
    for is_ink, polygons in ((True, filled[:1]), (False, cleared), (True, filled[1:])):
        for polygon in polygons:
            _fill(rows, [_place(point) for point in polygon], is_ink=is_ink)
    return _encode(rows, bytes.fromhex(ground + ink))


def _place(point: Point) -> Point:
    return _LEFT + point[0] * _ICON / _GRID, _TOP + point[1] * _ICON / _GRID


def _fill(rows: list[int], polygon: Sequence[Point], *, is_ink: bool) -> None:
    """Fill a polygon line by line (even-odd); a row is a number whose highest bit is its leftmost pixel."""
    edges = list(pairwise([*polygon, polygon[0]]))
    for y in range(int(min(y for _, y in polygon)), int(max(y for _, y in polygon)) + 1):
        crossings = sorted(_find_crossings(edges, y + 0.5))
        for left, right in zip(crossings[::2], crossings[1::2], strict=True):
            first, end = round(left), round(right)
            pixels = ((1 << end - first) - 1) << WIDTH - end
            rows[y] = rows[y] | pixels if is_ink else rows[y] & ~pixels


def _find_crossings(edges: Iterable[tuple[Point, Point]], y: float) -> Iterable[float]:
    """Find where a horizontal line meets the edges."""
    for (x1, y1), (x2, y2) in edges:
        if (y1 <= y) != (y2 <= y):
            yield x1 + (y - y1) / (y2 - y1) * (x2 - x1)


def _encode(rows: Iterable[int], palette: bytes) -> bytes:
    """Rows of pixels as PNG: one bit for each, two colours, no filter."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 1, 3, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row.to_bytes(WIDTH // 8, "big") for row in rows), 9)
    parts = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_encode_chunk(name, content) for name, content in parts)


def _encode_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
