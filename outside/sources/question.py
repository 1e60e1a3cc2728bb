"""What a source is asked, and what it answers: the contract of every kind of source."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from constat.errors import OutsideError
from constat.interval import Instant, Interval
from constat.model import Outcome, Source

Names = tuple[str, str, str]
"""Service, check and vantage."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a source is reached: `headers` sign in, with the secrets filled in; `trust` is `None` for the public authorities."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    trust: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """All looks of a source that began in a window."""

    source: Source
    access: Access
    window: Interval


Look = tuple[Instant, Outcome, int]
"""One look: the second at which it began, its outcome, and how many milliseconds it took. There may be millions."""


class Series(NamedTuple):
    """The looks of one series, in the order of time.

    `names` has an empty text for each name that it lacks; `title` names it for people; `odd`: a value that says neither
    that a look succeeded nor that it failed, empty if there is none.
    """

    names: Names
    title: str
    looks: tuple[Look, ...]
    odd: str = ""


class TooMuchError(OutsideError):
    """The answer is larger than we read, or than the source sends: asking for a shorter window may help."""


class TooSlowError(OutsideError):
    """The answer was not complete in time: next time, a shorter window may help."""
