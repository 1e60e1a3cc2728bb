"""The picture under a shared link: a PNG of its own for each state, in the colours of the page."""

import struct
import zlib

import pytest

from constat.embed import share_picture
from constat.model import Status
from constat.posts import addresses
from constat.render.assets import TAB_ICONS
from tests.support.rendered_site import parse_elements, render_named_scene


def _decode(png: bytes) -> tuple[dict[bytes, bytes], list[bytes]]:
    """The chunks of a PNG, each with its checksum checked, and its rows of one bit a pixel."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, place = {}, 8
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        name, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", png, place + 8 + length) == (zlib.crc32(name + content),)
        chunks[name] = content
        place += 12 + length
    data = zlib.decompress(chunks[b"IDAT"])
    stride = 1 + share_picture.WIDTH // 8
    return chunks, [data[first + 1 : first + stride] for first in range(0, len(data), stride)]


@pytest.mark.parametrize("status", Status)
def test_each_state_has_a_picture_in_its_colour(status: Status) -> None:
    chunks, rows = _decode(share_picture.build_files()[addresses.share_picture_path(status)])
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (1200, 630)
    assert len(rows) == 630
    colours = {chunks[b"PLTE"][:3].hex(), chunks[b"PLTE"][3:].hex()}
    drawn_in = {"degraded": "7a5300"}.get(status.value, TAB_ICONS[status][1].removeprefix("#"))
    assert drawn_in in colours


def test_no_two_states_have_the_same_shape() -> None:
    """Shape repeats colour here too."""
    shapes = {b"".join(_decode(picture)[1]) for picture in share_picture.build_files().values()}
    assert len(shapes) == len(Status)


def test_picture_is_drawn_only_in_the_middle() -> None:
    _, rows = _decode(share_picture.draw_picture(Status.OUTAGE))
    inked = [number for number, row in enumerate(rows) if any(row)]
    assert (inked[0], inked[-1]) == (166, 462)
    assert not any(any(row[:54]) or any(row[96:]) for row in rows)


def test_shared_link_shows_the_state() -> None:
    for scene, picture in (("all-well", "operational"), ("outage", "outage"), ("blind", "no-data")):
        html = render_named_scene(scene)["en/index.html"]
        told = {
            one.attributes["property"]: one.attributes["content"]
            for one in parse_elements(html)
            if one.attributes.get("property", "").startswith("og:")
        }
        assert told["og:image"] == f"https://status.maxony.example/share/{picture}.png"
        title = next(one.text for one in parse_elements(html) if one.name == "title")
        assert told["og:title"] == title
    assert told["og:description"].startswith("No check received since 10:02")
