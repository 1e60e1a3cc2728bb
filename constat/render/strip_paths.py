"""Strips of equal bars as a few SVG paths: a run of equal bars is one dashed stroke.

A bar stands at the foot of a strip 32 units high: 12 units where all was measured, 5 where in part, 2 where nothing. Red
is drawn above it in four heights, amber is one taller bar, maintenance is hollow.
"""

from constat.render.strips import BASE_LINES, HEIGHT, choose_red

_MINUTE_LINES = {"up": "26", "degraded": "23.5", "outage": "20", "nodata": "31"}
"""The height of the middle of the stroke of a minute, by the CSS class of its status: amber is 17 units high, red 24."""


def place_in_percent(x: float, whole: float, *, is_mirrored: bool) -> str:
    """A place as a percentage of the whole, from the left; mirrored where the language is read from the right."""
    percent = 100 * (whole - x if is_mirrored else x) / whole
    return f"{percent:.2f}".rstrip("0").rstrip(".")


class Paths:
    """The paths of one strip, by CSS class, in the order in which they were first needed."""

    def __init__(self, pitch: int, bar: int) -> None:
        self._pitch = pitch
        self._bar = bar
        self._paths: dict[str, str] = {}
        self._last: tuple[str, int] | None = None

    def add_base(self, index: int, css: str) -> None:
        """A low bar: `up`, `part` or `none`."""
        self._extend_run(index, css, BASE_LINES[css])

    def add_minute(self, index: int, css: str) -> None:
        """A minute by the CSS class of its status."""
        if css == "maint":
            self.add_hollow(index)
        else:
            self._extend_run(index, css, _MINUTE_LINES[css])

    def add_red(self, index: int, down_s: int) -> None:
        """The red above a bar, by the seconds of downtime."""
        self._draw("outage", f"M{self._find_middle(index)} 19v-{choose_red(down_s)}")

    def add_amber(self, index: int) -> None:
        """A taller bar for what did not work normally."""
        self._draw("degraded", f"M{self._find_middle(index)} {HEIGHT}v-17")

    def add_hollow(self, index: int) -> None:
        """A hollow bar for announced maintenance."""
        width = self._bar - 2
        self._draw("maint", f"M{index * self._pitch + 1} 17.8h{width}v13.4h-{width}z")

    def list_paths(self) -> tuple[tuple[str, str], ...]:
        """Every path with its CSS class."""
        return tuple(self._paths.items())

    def _find_middle(self, index: int) -> str:
        return f"{index * self._pitch + self._bar / 2:g}"

    def _draw(self, css: str, part: str) -> None:
        self._paths[css] = self._paths.get(css, "") + part
        self._last = None

    def _extend_run(self, index: int, css: str, line: str) -> None:
        """Lengthen the stroke of the neighbour before, if it is like this one."""
        end = f"H{index * self._pitch + self._bar}"
        if self._last == (css, index - 1):
            self._paths[css] = self._paths[css].rpartition("H")[0] + end
        else:
            self._paths[css] = f"{self._paths.get(css, '')}M{index * self._pitch} {line}{end}"
        self._last = (css, index)
