"""Bring services, notices and what was measured over from another status page."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final, cast

from constat.moving.model import Moved, ReadRequest, SourceName

READERS: Final[Mapping[SourceName, str]] = {}
"""The module of each source: `read(request) -> Moved` brings it into the common shape. Loaded when it is used."""


def read_source(source: SourceName, request: ReadRequest) -> Moved:
    """Read all that a source holds.

    Raises:
        UsageError: the place is not one of such a source.
        OutsideError: it cannot be read.

    """
    return cast("Moved", import_module(READERS[source]).read(request))
