"""The index of the derived files: all that a build needs of the days before its window, without opening their files.

It is a pure function of the derived files, so it can be deleted and made again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from constat.history.digest import CheckId
from constat.history.on_time import SourceMark
from constat.interval import Instant
from constat.text.canonical import encode_canonical

SCHEMA = 2


class IndexedDay(NamedTuple):
    """A derived file: the day files that it was made from, and the instant up to which its samples speak."""

    sources: Mapping[str, SourceMark]
    reach: Instant


@dataclass(frozen=True, slots=True)
class Index:
    """The derived files of one time zone, and the first sample of each check in any of them."""

    zone: str
    days: Mapping[date, IndexedDay] = field(default_factory=dict)
    firsts: Mapping[CheckId, Instant] = field(default_factory=dict)


def encode_index(index: Index) -> bytes:
    """The bytes of `derived/index.json`."""
    content = {
        "schema": SCHEMA,
        "zone": index.zone,
        "firsts": [[*check, at] for check, at in sorted(index.firsts.items())],
        "days": {
            day.isoformat(): [indexed.reach, {path: [*mark] for path, mark in indexed.sources.items()}]
            for day, indexed in sorted(index.days.items())
        },
    }
    return encode_canonical(content).encode() + b"\n"


def decode_index(data: bytes, zone: str) -> Index:
    """Read `derived/index.json`.

    Raises:
        ValueError: it is not an index of ours, or is of another schema or time zone.

    """
    try:
        content = json.loads(data)
        if (content["schema"], content["zone"]) != (SCHEMA, zone):
            raise ValueError("it is of another schema or time zone")
        days = {
            date.fromisoformat(day): IndexedDay(
                {path: SourceMark(*mark) for path, mark in sources.items()}, reach
            )
            for day, (reach, sources) in content["days"].items()
        }
        return Index(zone, days, {(service, check): at for service, check, at in content["firsts"]})
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is not an index: {error!r}") from error
