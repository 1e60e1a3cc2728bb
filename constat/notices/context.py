"""The context that every notice of a project is read in."""

from collections.abc import Collection
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.interval import Instant
from constat.model import Config


class NoticeContext(NamedTuple):
    """The services, the languages (the first is that of the notices) and time zone of the page, and the time.

    `pictures`: the paths of the existing files (`incidents/files/a.png`), to find dead links; `None` skips that.
    `stems`: the names of all notices, which links may lead to.
    """

    services: Collection[str]
    languages: tuple[str, ...]
    zone: ZoneInfo
    now: Instant
    pictures: Collection[str] | None = None
    stems: Collection[str] = ()

    @classmethod
    def of_config(
        cls, config: Config, now: Instant, *, pictures: Collection[str] | None = None
    ) -> "NoticeContext":
        """Take the context from `status.yml`."""
        services = tuple(service.id for service in config.services)
        return cls(services, config.page.languages, config.page.timezone, now, pictures)
