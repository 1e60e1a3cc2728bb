"""What every notice of a project is read against."""

from collections.abc import Collection
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.interval import Instant
from constat.model import Config


class NoticeContext(NamedTuple):
    """The services there are, the page's languages (the first is the notices' own) and zone, and what time it is.

    `pictures`: the paths of the files there are (`incidents/files/a.png`), to tell dead links; `None` does not look.
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
        """What `status.yml` says of it."""
        services = tuple(service.id for service in config.services)
        return cls(services, config.page.languages, config.page.timezone, now, pictures)
